/** @license MIT, the loom authors */
'use strict'
/* eslint no-console: "off" */

const { Shuttle } = require('./shuttle')
const colours = require('./colours')

const BANNER = `
/** not documentation */
function weave() {}
${colours.plain('x')}
`

function weave(threads, width = 8) {
  // each row by itself
  const rows = []
  for (const thread of threads) rows.push(thread.repeat(width)) // wide
  return rows
}

async function* rows(cloth) {
  for (const row of cloth) yield row
}

// eslint-disable-next-line no-unused-vars
function unravel(cloth) {
  return cloth.join('').split('')
}

/* istanbul ignore next */
function knot(a, b) {
  return a + b
}

const mend = (cloth, hole) =>
  cloth.filter((row) => row !== hole)

const fold = function (cloth) { return cloth.concat(cloth) }, unfold = (cloth) => cloth.slice(cloth.length / 2)

/** Makes a whole cloth. */
function produce(pattern) {
  const shuttle = new Shuttle(pattern.length)
  const cloth = weave(pattern)
  shuttle.pass(cloth)
  const tinted = cloth.map((row) => colours.tint(row))
  return mend(tinted, null)
}

function tangle(cloth) {
  return knot(unravel(cloth), cloth)
}

function first() { return 1 } function second() { return 2 }

function Frame(size) {
  this.size = size
}

Frame.prototype.tighten = function (by) {
  this.size -= by
  return this
}

Frame.of = (size) => new Frame(size)

module.exports = { weave, rows, unravel, knot, mend, fold, unfold, produce, tangle, Frame, first, second, BANNER }
