import bakery, { Dough as Lump } from "../lib/index.js";
import * as labels from "#labels";
import { grams } from "../lib/units.js";
import { readFile } from "node:fs/promises";

export { initials } from "#labels";

const SHELVES = 3;

/**
 * Opens the door, lays out what the night left over and writes the board for the passers-by.
 */
export default async function openShop(path) {
  const board = await readFile(path, "utf8");
  const shelves = new Shelves();
  shelves.fill(new Lump(grams(2)));
  return labels.label(board, shelves.count());
}

export class Shelves {
  #loaves = [];

  fill(loaf) {
    this.#push(loaf);
    return this;
  }

  #push(loaf) {
    this.#loaves.push(loaf);
  }

  /** Counts loaves, not crumbs: whatever fell behind the boards belongs to the mice. */
  count() {
    const full = this.#loaves.length;
    const fallen = Math.floor(full / SHELVES);
    return full - fallen;
  }

  get first() {
    return this.#loaves[0] ?? bakery.bake(new Lump(1));
  }
}

export const closeShop = (shelves) => {
  const sign = labels.shout`closed`;
  shelves.fill(sign);
  return labels.default(sign);
};
