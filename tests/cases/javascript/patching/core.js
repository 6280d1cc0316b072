// What other files put in place of a member.

exports.patched = function () {};
exports.kept = function () {};
exports.tested = function () {};

class Service {
  send() {
    this.receive();  //> ?
    this.kept();  //> core.js::Service.kept
    this.close();  //> ?
  }

  receive() {}

  kept() {}

  close() {}
}

exports.Service = Service;

function uses() {
  exports.patched();  //> ?
  exports.kept();  //> core.js::kept
  exports.tested();  //> core.js::tested
}
