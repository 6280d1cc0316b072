// Functions: declarations are there before they are written, expressions and arrows where they are bound.

early();  //> functions.js::early [lexical]

function early() {
  return later();  //> functions.js::later
}

const later = () => 1;

const named = function inner(n) {
  return n ? inner(n - 1) : 0;  //> functions.js::named
};

var old = function () {
  return named(2);  //> functions.js::named
};

async function waits() {
  await old();  //> functions.js::old
}

function* produces() {
  yield* waits();  //> functions.js::waits
}

function usesAll() {  //= functions.js::waits, functions.js::produces
  waits();  //> functions.js::waits
  for (const x of produces()) x;  //> functions.js::produces
  usesAll();  //> functions.js::usesAll
}

(function () {
  early();  //> functions.js::early
})();

(() => later())();  //> builtin ; functions.js::later

(function loop(n) {  //> builtin
  if (n) loop(n - 1);  //> builtin
})(3);

function outer() {  //= functions.js::early
  function helper() {
    return early();  //> functions.js::early
  }
  const second = () => helper();  //> functions.js::outer.helper
  return second();  //> functions.js::outer.second
}

function inherits() {
  return helper();  //> ?
}

function defaults(x = early(), y = () => later()) {  //> functions.js::early ; functions.js::later
  return y();  //> ?
}

function passes(callback) {  //= open
  callback();  //> ?
}

function passed(items) {
  items.map(early);  //> !?.map
}

function tagged() {
  return later`a ${early()} b`;  //> functions.js::later ; functions.js::early
}

function immediately() {
  return (0, early)() + (early)();  //> functions.js::early ; functions.js::early
}

function optional() {
  return early?.();  //> functions.js::early
}

function called(x) {
  early.call(x);  //> functions.js::early
  early.apply(x, []);  //> functions.js::early
  early.bind(x);  //> builtin
  early.bind(x)();  //> builtin ; functions.js::early
  const bound = early.bind(x, 1);  //> builtin
  bound();  //> functions.js::early
  x.call();  //> ?
}

function values(flag) {
  const either = flag ? early : later;
  either();  //> ?
  const same = flag ? early : early;
  same();  //> functions.js::early
  const fallback = flag || early;
  fallback();  //> ?
  const local = flag ? () => 1 : () => 2;
  local();  //> builtin
  const guarded = flag && early;
  guarded();  //> functions.js::early [alias]
  new Function("return 1")();  //> builtin ; ?
}

let assignedLater;
assignedLater = early;

function usesAssigned() {
  assignedLater();  //> functions.js::early
}

let twice = early;
if (later()) twice = later;  //> functions.js::later

function usesTwice() {
  twice();  //> ?
}

function shadows(early) {
  early();  //> ?
  {
    const later = () => 2;
    later();  //> functions.js::shadows.later
  }
  later();  //> functions.js::later
}

function hoisted(flag) {
  if (flag) {
    var inBlock = early;
    let onlyHere = early;
    onlyHere();  //> functions.js::early
  }
  inBlock();  //> functions.js::early
}

function loops(list) {
  for (let early of list) {
    early();  //> ?
  }
  for (const [later] of list) later();  //> ?
  try {
    early();  //> functions.js::early
  } catch (later) {
    later();  //> ?
  }
  switch (list) {
    case 1:
      const early = later;
      early();  //> functions.js::later
  }
}
