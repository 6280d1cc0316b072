export default {
  run() {
    return this.go();  //> lib/object.js::go
  },
  go() {},
};
