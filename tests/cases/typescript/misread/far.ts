// A class that the file which cannot be read does not name is not inherited from there.
export class Far {
  run() {
    this.replaced();  //> far.ts::Far.replaced [self]
  }

  replaced() {}
}
