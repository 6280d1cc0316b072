const core = require("./core");

core.patched = () => 2;
core.Service.prototype.receive = function () {
  return core.kept();  //> core.js::kept
};

module.exports = function (anything, callback) {
  anything.close = callback;
  core.patched();  //> ?
};
