// Members that are set under computed names, classes without a name, getters of objects.

class Store {
  open() {}
  close() {}
  fill(key, value) {
    this[key] = value;
    this[Symbol.for(key)] = () => value;  //> builtin
    this.open();  //> computed.js::Store.open [self]
    this.unheard();  //> !?.unheard
    this.later();  //> ?
  }
  set(key) {
    this.later = key;
  }
}

class Mixed {
  #own() {}
  open() {}
  constructor(members) {
    Object.assign(this, members);  //> builtin
    this.#own();  //> computed.js::Mixed.#own [self]
    this.open();  //> ?
  }
}

const table = {
  open() {},
  [Symbol.iterator]() {},
  get first() {
    return this.open();  //> computed.js::table.open [attribute]
  },
  set first(value) {
    this.open(value);  //> computed.js::table.open
  },
};
table[Symbol.toStringTag] = () => "table";

const registry = {
  open() {},
};

function register(name, action) {
  registry[name] = action;
  registry.open();  //> ?
  table.open();  //> computed.js::table.open
}

class Lamp {
  light() {}
  dim() {}
  both() {
    this.light();  //> ?
    this.dim();  //> computed.js::Lamp.dim [self]
  }
}

function lamps(Base) {
  use(
    new (class extends Lamp {  //> ?
      light() {}
    })(),
  );
  return class extends Base {
    both() {}
  };
}

function use(lamp) {
  lamp.both();  //> ?
}

// The base is whatever this module has, so that its names may be those of Lamp's own.
const { Shade } = require("./unheard");  //> builtin

class Dimmed extends Shade {
  fold() {}
}

class Shade2 {
  fold() {}
  twice() {
    this.fold();  //> computed.js::Shade2.fold [self]
  }
}

// `target` is what somebody else's build tool makes global.
target.build = function () {
  target.clean();  //> ?
  target.test();  //> !target.test
};
target.clean = function () {};

class Chosen {
  constructor() {
    this.kind = new.target.kind;
  }
  make() {
    new this.kind();  //> ?
  }
}
