// Types that comments write.

/** @typedef {Map<string, Shelf>} Shelves */

class Shelf {
  /** @param {Shelf[]} [others] */
  constructor(others) {
    /** @type {Shelf[]} */
    this.others = others || [];
    this.label = null;
  }

  push() {}

  /** @type {Label} */
  label = null;

  neighbours() {
    this.others[0].push();  //> jsdoc.js::Shelf.push [annotation]
    for (const other of this.others) {
      other.push();  //> jsdoc.js::Shelf.push
    }
    this.label.print();  //> jsdoc.js::Label.print
  }
}

class Label {
  print() {}
}

class Node {
  print() {}
}

function Table() {
  this.legs = 4;
}
Table.prototype.push = function () {};

/**
 * Every way to say that a parameter is a shelf.
 *
 * @param {Shelf} plain
 * @param {?Shelf} nullable
 * @param {Shelf=} optional
 * @param {Shelf} [bracketed] may be left out
 * @param {Shelf|undefined} either
 * @param {...Shelf} rest
 */
function parameters(plain, nullable, optional, bracketed, either, ...rest) {
  plain.push();  //> jsdoc.js::Shelf.push [annotation]
  nullable.push();  //> jsdoc.js::Shelf.push
  optional.push();  //> jsdoc.js::Shelf.push
  bracketed?.push();  //> jsdoc.js::Shelf.push
  either.push();  //> jsdoc.js::Shelf.push
  rest[0].push();  //> jsdoc.js::Shelf.push
}

/**
 * @param {Object} options
 * @param {Shelf} options.shelf
 * @param {*} anything
 * @param {Shelf|Table} several
 * @param {Function} callback
 * @param {Unheard} unheard
 * @param {Shelf} misnamed
 */
function unknowns(options, anything, several, callback, unheard, last, { shelf }) {
  options.shelf.push();  //> ?
  anything.push();  //> ?
  several.push();  //> ?
  callback();  //> ?
  unheard.push();  //> ?
  last.push();  //> ?
  shelf.push();  //> ?
}

/**
 * @param {Array.<Shelf>} list
 * @param {Map<string, Shelf>} map
 * @param {Shelves} aliased
 * @param {Promise<Shelf>} promised
 * @param {Table} table
 * @param {string} text
 */
async function containers(list, map, aliased, promised, table, text) {
  list.forEach((shelf) => shelf.push());  //> builtin ; jsdoc.js::Shelf.push
  map.get("x").push();  //> builtin ; jsdoc.js::Shelf.push
  aliased.get("x").push();  //> builtin ; jsdoc.js::Shelf.push
  (await promised).push();  //> jsdoc.js::Shelf.push
  table.push();  //> jsdoc.js::Table.push
  text.trim();  //> builtin
}

/** @returns {Shelf} */
function made() {
  return require("./unheard").shelf;  //> builtin
}

// A line comment is no documentation: @param {Shelf} shelf
function undocumented(shelf) {
  shelf.push();  //> ?
}

function results() {
  made().push();  //> jsdoc.js::made ; jsdoc.js::Shelf.push [return]
  /** @type {Shelf} */
  const named = unheard();  //> !unheard
  named.push();  //> jsdoc.js::Shelf.push [annotation]
  const cast = /** @type {Shelf} */ (unheard());  //> !unheard
  cast.push();  //> jsdoc.js::Shelf.push
  /** @type {Node} */
  const ours = unheard();  //> !unheard
  ours.print();  //> jsdoc.js::Node.print
}
