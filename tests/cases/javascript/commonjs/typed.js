const Service = require("./lib/service");  //> builtin

/**
 * @param {import('./lib/service')} service
 * @param {import ("./lib/service.js")} spaced
 * @param {import("./lib/unheard").Thing} unheard
 * @param {Service} named
 */
exports.serve = function (service, spaced, unheard, named) {
  service.start();  //> lib/service.js::Service.start [annotation]
  spaced.start();  //> lib/service.js::Service.start
  unheard.start();  //> ?
  named.start();  //> lib/service.js::Service.start
};

class Base {
  grow() {}
  shrink() {}
}

function extended(base, members) {
  Object.assign(base, { grow() {} });  //> builtin
  Object.assign(Base.prototype, { shrink: () => 1, ...members });  //> builtin
  new Base().grow();  //> typed.js::Base ; ?
}

class Fixed {
  grow() {}
  shrink() {}
  constructor(size) {
    Object.assign(this, { size, shrink: size });  //> builtin
    this.grow();  //> ?
    this.shrink();  //> ?
  }
}
