// Constructors before classes: members of prototypes, statics, inheritance by hand.

const util = require("util");

function Animal(name) {
  this.name = name;
  this.reset();  //> prototypes.js::Animal.reset [self]
}

Animal.prototype.reset = function () {
  this.speak();  //> ?
  return this;
};

Animal.prototype.speak = function speak() {
  return format(this.name);  //> prototypes.js::format
};

Animal.prototype.eat = (food) => format(food);  //> prototypes.js::format

Animal.create = function (name) {
  return new Animal(name);  //> prototypes.js::Animal [lexical]
};

Animal.load = () => Animal.create("x");  //> prototypes.js::Animal.create

function format(text) {
  return text.trim();  //> !?.trim
}

function Dog() {
  Animal.call(this);  //> prototypes.js::Animal
  if (!(this instanceof Dog)) return new Dog();  //> prototypes.js::Dog
}

util.inherits(Dog, Animal);  //> !util.inherits

Dog.prototype.speak = function () {
  this.reset();  //> prototypes.js::Animal.reset
  return Animal.prototype.speak.call(this);  //> prototypes.js::Animal.speak
};

function Cat() {}

Cat.prototype = Object.create(Animal.prototype);  //> builtin
Cat.prototype.purr = function () {
  this.reset();  //> prototypes.js::Animal.reset
};

function Fish() {}

Fish.prototype = {
  swim() {
    this.dive();  //> prototypes.js::Fish.dive
  },
  dive: function () {},
};

function Open() {}

Open.prototype.run = function () {};
Object.assign(Open.prototype, mixinOf());  //> builtin ; prototypes.js::mixinOf

function mixinOf() {}

function uses() {  //= prototypes.js::Dog, prototypes.js::Dog.speak, prototypes.js::Animal.reset
  const dog = new Dog();  //> prototypes.js::Dog
  dog.speak();  //> prototypes.js::Dog.speak
  dog.reset();  //> prototypes.js::Animal.reset
}

function others(any) {
  new Cat().purr();  //> prototypes.js::Cat ; prototypes.js::Cat.purr
  new Cat().reset().reset();  //> prototypes.js::Cat ; prototypes.js::Animal.reset ; prototypes.js::Animal.reset
  new Fish().swim();  //> prototypes.js::Fish ; prototypes.js::Fish.swim
  new Open().run();  //> prototypes.js::Open ; ?
  Animal.create("a").speak();  //> prototypes.js::Animal.create ; prototypes.js::Animal.speak
  any.speak();  //> ?
  Animal();  //> prototypes.js::Animal
  Animal.prototype.reset();  //> prototypes.js::Animal.reset
}

var proto = Fish.prototype;

proto.leap = function () {
  return this.swim();  //> prototypes.js::Fish.swim
};

class Patched {
  method() {}

  kept() {
    this.method();  //> ?
    this.kept();  //> prototypes.js::Patched.kept
  }
}

Patched.prototype.method = format;

String.prototype.shout = function () {
  return format(this);  //> prototypes.js::format
};

function usesPatchedString() {
  "a".shout();  //> ?
  "a".trim();  //> builtin
}

function notAClass() {
  this.speak();  //> ?
}

// What `this.constructor` is depends on the object.
function Kind() {}

Kind.prototype.copy = function () {
  return new this.constructor();  //> ?
};

function Special() {}

Special.prototype = Object.create(Kind.prototype);  //> builtin
Special.prototype.constructor = Special;
Special.prototype.copied = function () {
  return new this.constructor();  //> prototypes.js::Special [self]
};
