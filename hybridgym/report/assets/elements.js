"use strict";
// All that is shown is made here, of names in this code and of texts: no text ever becomes markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function drawn(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function byId(id) {
  return document.getElementById(id);
}

const wholes = new Intl.NumberFormat("en", { maximumFractionDigits: 4 });
const shares = new Intl.NumberFormat("en", { minimumFractionDigits: 3, maximumFractionDigits: 3 });

function number(value) {
  return wholes.format(value);
}

function counted(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** A name of a column or a number as words that can be broken over lines. */
function words(name) {
  return name.replaceAll("_", " ");
}

/** A name of code, which may be broken after each underscore. */
function breakable(name) {
  return name.split(/(?<=_)/).flatMap((part, n) => (n ? [element("wbr"), part] : [part]));
}

/** A table whose columns but the named ones hold numbers. */
function tableOf(caption, columns, rows, texts = [0]) {
  const side = (place) => ({ class: texts.includes(place) ? null : "number" });
  return element(
    "table",
    { class: columns.length > 4 ? "figures many" : "figures" },
    element("caption", {}, caption),
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        columns.map((name, n) => element("th", { scope: "col", ...side(n) }, name)),
      ),
    ),
    element(
      "tbody",
      {},
      rows.map((row) =>
        element(
          "tr",
          {},
          row.map((cell, n) => element(n ? "td" : "th", { scope: n ? null : "row", ...side(n) }, cell)),
        ),
      ),
    ),
  );
}

function scrolling(label, ...children) {
  return element("div", { class: "scroll", role: "group", "aria-label": label, tabindex: "0" }, ...children);
}

/** Runs of `highlighting.py`: look, text, look, text, … */
function runsOf(runs) {
  const made = [];
  for (let n = 0; n < runs.length; n += 2) {
    made.push(runs[n] ? element("span", { class: `code-${runs[n]}` }, runs[n + 1]) : runs[n + 1]);
  }
  return made;
}

/** Code beside the numbers of its lines. */
function codeBlock(label, content, numbers = null) {
  const gutter = numbers ? element("pre", { class: "gutter", "aria-hidden": "true" }, numbers.join("\n")) : null;
  return element(
    "div",
    { class: "code", role: "group", "aria-label": label, tabindex: "0" },
    gutter,
    element("pre", {}, element("code", {}, content)),
  );
}

function leftOut(count, what = "line") {
  return count ? element("p", { class: "note" }, `${counted(count, `more ${what}`)} not shown`) : null;
}
