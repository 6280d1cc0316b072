const Machine = require("./machine");  //> builtin

const made = Machine.make();  //> ?
const bound = Machine.bind(null);  //> builtin

const Engine = require("./engine");  //> builtin

// An entry point of another host puts its own in the place of the global.
Engine.Runner.soon = function (callback) {
  return callback;
};
