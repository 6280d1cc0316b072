export default class {
  run() {
    this.run();  //> lib/anonymous.js::default.run
  }
}
