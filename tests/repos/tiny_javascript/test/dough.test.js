"use strict";

// Tests are no targets, and what they say is looked up like everything else.
const test = require("node:test");
const assert = require("node:assert");
const { Dough, Sourdough } = require("../lib");

/** Kneads a lump a few times and sees whether it says so. */
function kneaded(turns) {
  const dough = new Dough(1);
  dough.knead(turns);
  return dough;
}

test("turns are counted", () => {
  assert.equal(kneaded(3).turns, 3);
  assert.ok(new Sourdough(1, 2).rested());
});
