// CommonJS: what modules export, and how it is required.

const utils = require("./lib/utils");
const { parse, format: shown } = require("./lib/utils");
const create = require("./lib/create");
const Service = require("./lib/service.js");
const deep = require("./lib/deep");
const only = require("./lib/utils").parse;
const object = require("./lib/object");
const path = require("path");
const { EventEmitter } = require("events");
const mixed = require("./lib/mixed");
const esm = require("./lib/esm.mjs");

function uses() {  //= lib/utils.js::parse, lib/utils.js::format
  utils.parse();  //> lib/utils.js::parse [module]
  parse();  //> lib/utils.js::parse
  shown();  //> lib/utils.js::format
}

function others(name) {
  only();  //> lib/utils.js::parse
  utils.internal();  //> ?
  create();  //> lib/create.js::createThing [import]
  create.helper();  //> lib/create.js::helper
  new Service().start();  //> lib/service.js::Service ; lib/service.js::Service.start
  deep.go();  //> lib/deep/index.js::go
  object.run();  //> lib/object.js::run
  object.stop();  //> lib/object.js::stop
  path.join("a");  //> !path.join
  new EventEmitter();  //> !events.EventEmitter
  require("./lib/utils").parse();  //> builtin ; lib/utils.js::parse
  require(name).parse();  //> builtin ; ?
  mixed.one();  //> lib/mixed.js::one
  mixed.two();  //> !extra.two
  esm.three();  //> lib/esm.mjs::three
  esm.default();  //> lib/esm.mjs::main
  const late = require("./lib/utils");  //> builtin
  late.format();  //> lib/utils.js::format
}

class Server extends EventEmitter {
  listen() {
    this.emit("x");  //> !events.EventEmitter.emit
  }
}

exports.uses = uses;
module.exports.others = others;
exports.inline = function () {
  return exports.uses();  //> main.js::uses
};
exports.again = () => module.exports.inline();  //> main.js::inline
