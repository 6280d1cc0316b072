"use strict";

const Oven = require("./oven");
const dough = require("./dough");
const { total: sum, ...rest } = require("./prices");

/**
 * Carries one lump after the other to the stones before anybody in the village is awake.
 *
 * @param {dough.Dough} lump
 * @param {Oven} [oven]
 */
function bake(lump, oven = new Oven(2)) {
  const hours = oven.fire(240);
  const loaves = lump.portions(0.75);
  return { hours, loaves, worth: sum(loaves) };
}

// What is called is whatever the caller had in mind.
function bakeWith(lump, before, after) {
  before(lump);
  const done = bake(lump);
  after(done);
  return done;
}

async function wholeNight(weights) {
  const lumps = weights.map((weight) => new dough.Sourdough(weight, 3));
  for (const lump of lumps) {
    lump.knead(4);
    bake(lump);
  }
  return rest.discounted(lumps.length);
}

function leftovers(kind) {
  const handler = { bread: crumbs, cake: rest.discounted }[kind];
  return handler(kind);
}

const crumbs = (kind) => {
  const oven = Oven(1);
  return [oven, kind, bake(dough.Dough.fromFlour(1))];
};

module.exports = { bake, bakeWith, wholeNight, leftovers };
