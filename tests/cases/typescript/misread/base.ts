// A file that the grammar cannot read may define whatever its text holds.

export class Base {
  run() {
    this.replaced();  //> ?
    this.kept();  //> base.ts::Base.kept [self]
  }

  replaced() {}

  kept() {}
}

class Near extends Base {
  replaced() {}

  uses(other: Base, unknown: any) {
    new Base().replaced();  //> base.ts::Base ; base.ts::Base.replaced [constructor]
    other.kept();  //> base.ts::Base.kept [annotation]
    unknown.lost();  //> ?
    unknown.set_elsewhere();  //> ?
    unknown.unheardOf();  //> !?.unheardOf
  }
}
