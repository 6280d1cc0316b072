exports = module.exports = createThing;

function createThing() {
  return exports.helper();  //> lib/create.js::helper
}

exports.helper = function () {};
