"use strict";

const { grams } = require("./units");

class Dough {
  /** @param {number} weight */
  constructor(weight) {
    this.weight = weight;
    this.turns = 0;
  }

  /**
   * Folds the lump over itself so many times, which makes it tougher and the apprentice tired.
   *
   * @param {number} turns
   * @returns {this}
   */
  knead(turns) {
    const before = this.turns;
    this.turns = before + turns;
    return this.rested() ? this : this;
  }

  rested() {
    return this.turns < 12;
  }

  /** Splits everything into lumps of equal heaviness and forgets the crumbs. */
  portions(size) {
    const lump = grams(size);
    const count = Math.floor(grams(this.weight) / lump);
    return Array.from({ length: count }, () => new Dough(size));
  }

  static fromFlour(flour) {
    const water = hydration(flour);
    return new Dough(flour + water);
  }
}

class Sourdough extends Dough {
  constructor(weight, age) {
    super(weight);
    this.age = age;
  }

  rested() {
    return super.rested() && this.age > grams(1) / 1000;
  }

  /**
   * Feeds the starter with rye and pours half of it away, as every grandmother does on Thursdays.
   */
  feed(rye) {
    this.age += 1;
    this.weight = (this.weight + rye) / 2;
    return hydration(rye);
  }
}

function hydration(flour) {
  return flour * 0.65;
}

exports.Dough = Dough;
exports.Sourdough = Sourdough;
