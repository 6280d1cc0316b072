"use strict";

const { Dough, Sourdough } = require("./dough");
const oven = require("./oven");

module.exports = {
  Dough,
  Sourdough,
  Oven: oven,
  bake: require("./night").bake,
  prices: require("./prices"),
};
