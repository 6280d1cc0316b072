"use strict";

var util = require("util");
var units = require("./units");

module.exports = Oven;

function Oven(chambers) {
  if (!(this instanceof Oven)) return new Oven(chambers);
  this.chambers = chambers;
  this.heat = 20;
}

/**
 * Burns beech logs until the stones glow, and tells for how long that will be.
 *
 * @param {number} degrees
 */
Oven.prototype.fire = function (degrees) {
  var minutes = (degrees - this.heat) * 1.5;
  this.heat = degrees;
  return units.hours(minutes);
};

Oven.prototype.rake = function () {
  this.heat -= cooling(this.chambers);
  return this.fire(this.heat);
};

Oven.prototype.room = function () {
  return this.chambers * 8;
};

function SteamOven(chambers) {
  Oven.call(this, chambers);
  this.water = 0;
}

util.inherits(SteamOven, Oven);

/** Wets the stones with a ladle, so that crusts shine and guests ask for the secret. */
SteamOven.prototype.steam = function steam(ladles) {
  this.water += ladles;
  var lost = cooling(ladles);
  this.heat -= lost;
  return units.ounces(ladles) + this.room();
};

Oven.Steam = SteamOven;

function cooling(chambers) {
  return 5 + chambers;
}
