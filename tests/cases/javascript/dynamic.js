// What cannot be known before it runs, and what belongs to the language.

import external from "external";
import { named, helper as renamed } from "other/deep";
import * as space from "space";
import fs, { readFile } from "node:fs";

function own() {}

function outside(element) {
  external();  //> !external
  external.create().run();  //> !external.create ; !?.run
  named();  //> !other/deep.named
  renamed();  //> !other/deep.helper
  space.go();  //> !space.go
  readFile("x");  //> !fs.readFile
  fs.readFileSync("x");  //> !fs.readFileSync
  new external.Thing().own();  //> !external.Thing ; !external.Thing.own
  describe("x", () => own());  //> !describe ; dynamic.js::own
}

function language(list, map) {
  console.log("x");  //> builtin
  Math.max(1, 2).toFixed();  //> builtin ; builtin
  Object.keys(list).forEach((k) => k);  //> builtin ; builtin
  "a,b".split(",").map(String);  //> builtin ; builtin
  [1, 2].reverse();  //> builtin
  `x${own()}`.trim();  //> builtin ; dynamic.js::own
  new Map().get("x");  //> builtin ; builtin
  new Date().getTime();  //> builtin ; builtin
  setTimeout(own, 1);  //> builtin
  Array.prototype.slice.call(list);  //> builtin
  /x/.test("x");  //> !RegExp.test
  parseInt("1").own();  //> builtin ; builtin
  globalThis.setTimeout(own);  //> builtin
  new Error("x");  //> builtin
  Promise.resolve(list).then(own);  //> builtin ; !?.then
  require(list);  //> builtin
  import("./missing.js");  //> builtin
}

function computed(name, thing) {
  thing[name]();  //> ?
  thing.own();  //> ?
  eval("own()");  //> builtin
  own[name]();  //> ?
  arguments[0]();  //> ?
  new Proxy(thing, {}).own();  //> builtin ; ?
  window.own();  //> ?
  (thing || own)();  //> ?
  thing?.own?.();  //> ?
  import.meta.own();  //> builtin
}

function jsx() {
  return <Panel onClick={() => own()} title={own()} />;  //> dynamic.js::own ; dynamic.js::own
}

@decorated(own())  //> dynamic.js::decorated ; dynamic.js::own
class Marked {
  @decorated(1) method() {}  //> dynamic.js::decorated
  @plain other() {}
}

function decorated() {}

function plain() {}

function decorates() {
  new Marked().method();  //> dynamic.js::Marked ; dynamic.js::Marked.method
}
