// ECMAScript modules: every form of import, re-exports, defaults, cycles.

import make, { first, second as other, third as default3 } from "./lib/index.js";
import * as lib from "./lib/index.js";
import { nested, viaStar, outsideStar, twice, star2 } from "./lib/barrel";
import Anonymous from "./lib/anonymous.js";
import arrow from "./lib/arrow.js";
import object from "./lib/object.js";
import "./lib/effects.js";
import { gone } from "./lib/missing.js";
import { helper } from "./tools";
import data from "./data.json";
import View from "./view.vue";

function named() {  //= lib/index.js::first, lib/index.js::second, lib/index.js::make
  first();  //> lib/index.js::first [import]
  other();  //> lib/index.js::second [import]
  make();  //> lib/index.js::make [import]
}

function everything(flag) {
  lib.first();  //> lib/index.js::first [module]
  lib.default();  //> lib/index.js::make [module]
  lib.inner.deep();  //> lib/deep.js::deep [module]
  lib.unheard();  //> !?.unheard
  nested();  //> lib/deep.js::deep
  viaStar();  //> lib/index.js::first
  outsideStar();  //> !elsewhere.outsideStar
  twice();  //> ?
  new Anonymous();  //> lib/anonymous.js::default
  arrow();  //> lib/arrow.js::default
  object.run();  //> lib/object.js::run
  gone();  //> ?
  helper();  //> tools/index.mjs::helper
  data.go();  //> ?
  View.go();  //> ?
  default3();  //> lib/index.js::third
  star2();  //> lib/second.js::star2
}

async function dynamic(name) {
  const loaded = await import("./lib/index.js");  //> builtin
  loaded.first();  //> lib/index.js::first
  const { second } = await import("./lib/index.js");  //> builtin
  second();  //> lib/index.js::second
  (await import("./lib/" + name)).first();  //> ? ; builtin
  import("./lib/index.js").then((m) => m.first());  //> builtin ; builtin ; lib/index.js::first
}

function go() {}

export { named as renamed };
