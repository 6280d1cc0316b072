const uses = require("../main").uses;

module.exports = class Service {
  start() {
    uses();  //> main.js::uses
    return this.stop();  //> lib/service.js::Service.stop
  }

  stop() {}
};
