// Classes: methods, fields, statics, accessors, private names, inheritance, super, this.

const helper = () => 1;

class Base {
  constructor() {
    this.setup();  //> ?
    this.ready = helper;
  }

  setup() {
    return this.only();  //> classes.js::Base.only [self]
  }

  only() {
    return this.ready();  //> classes.js::helper
  }

  static create() {
    return new this();  //> ?
  }

  static make() {
    return Base.create();  //> classes.js::Base.create [class]
  }

  get size() {
    return helper();  //> classes.js::helper
  }

  set size(value) {
    this.store(value);  //> classes.js::Base.store
  }

  store() {}

  get picker() {
    return helper;
  }

  usesAccessors() {
    this.size;
    this.picker();  //> classes.js::helper
  }
}

class Derived extends Base {
  #secret() {
    return helper();  //> classes.js::helper
  }

  field = helper();  //> classes.js::helper

  handle = () => this.#secret();  //> classes.js::Derived.#secret [self]

  static shared = new Derived();  //> classes.js::Derived

  static {
    this.initialize();  //> classes.js::Derived.initialize
  }

  static initialize() {}

  constructor() {
    super();  //> classes.js::Base.constructor [super]
    this.handle();  //> classes.js::Derived.handle
  }

  setup() {
    super.setup();  //> classes.js::Base.setup [super]
    super.missing();  //> !?.missing
    return [1].map(() => this.only());  //> builtin ; classes.js::Base.only
  }

  inner() {
    function plain() {
      return this.only();  //> ?
    }
    return plain.call(this);  //> classes.js::Derived.inner.plain
  }

  static initializeAll() {
    super.make();  //> classes.js::Base.make [super]
    this.shared.inner();  //> classes.js::Derived.inner
  }
}

function uses() {  //= classes.js::Derived, classes.js::Derived.setup, classes.js::Base.only, classes.js::Base.make
  const made = new Derived();  //> classes.js::Derived [lexical]
  made.setup();  //> classes.js::Derived.setup [constructor]
  made.only();  //> classes.js::Base.only
  Derived.make();  //> classes.js::Base.make [class]
}

function others(thing) {
  new Base().setup();  //> classes.js::Base ; classes.js::Base.setup
  thing.setup();  //> ?
  thing.unheardOf();  //> !?.unheardOf
  new Base().toString();  //> classes.js::Base ; builtin
  new Base().nothing();  //> classes.js::Base ; !?.nothing
  Base.only();  //> ?
  Base();  //> ?
  Derived.shared.only();  //> classes.js::Base.only
  new Derived().constructor;  //> classes.js::Derived
  new thing();  //> ?
  new thing.Kind();  //> !?.Kind
}

const Expression = class Inner {
  again() {
    return new Inner();  //> classes.js::Expression
  }
};

function usesExpression() {
  new Expression().again().again();  //> classes.js::Expression ; classes.js::Expression.again ; classes.js::Expression.again
}

class External extends EventEmitter {
  constructor() {
    super();  //> !EventEmitter
    this.emit("x");  //> !EventEmitter.emit
    this.own();  //> classes.js::External.own
  }

  own() {
    super.on("y");  //> !EventEmitter.on
  }
}

class Unknown extends mixin(Base) {  //> !mixin
  run() {
    this.setup();  //> ?
    this.run();  //> classes.js::Unknown.run
  }
}

class NoConstructor extends Derived {}

class Below extends NoConstructor {
  constructor() {
    super();  //> classes.js::Derived.constructor
    this.only();  //> classes.js::Base.only
  }
}

class Chained {
  first() {
    return this;
  }

  second() {
    return this.first();  //> classes.js::Chained.first
  }
}

function chains() {
  new Chained().first().second().first();  //> classes.js::Chained ; classes.js::Chained.first ; classes.js::Chained.second ; classes.js::Chained.first
}

class Replaced {
  constructor(options) {
    this.run = this.run.bind(this);  //> builtin
    if (options) this.stop = options.stop;
    this.late = null;
  }

  run() {}

  stop() {}

  use() {
    this.run();  //> classes.js::Replaced.run
    this.stop();  //> ?
    this.late();  //> ?
  }
}
