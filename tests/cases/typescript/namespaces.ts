// Namespaces and what shares a name with a type.

namespace Tools {
  export function run() {
    return hidden();  //> namespaces.ts::Tools.hidden
  }

  function hidden() {
    return helper();  //> namespaces.ts::helper
  }

  export class Hammer {
    hit() {
      this.hit();  //> namespaces.ts::Tools.Hammer.hit
    }
  }

  export const quick = () => run();  //> namespaces.ts::Tools.run
}

function helper() {}

import Alias = Tools.Hammer;

function uses(hammer: Tools.Hammer, alias: Alias) {
  Tools.run();  //> namespaces.ts::Tools.run
  Tools.quick();  //> namespaces.ts::Tools.quick
  Tools.hidden();  //> ?
  new Tools.Hammer().hit();  //> namespaces.ts::Tools.Hammer ; namespaces.ts::Tools.Hammer.hit
  hammer.hit();  //> namespaces.ts::Tools.Hammer.hit
  alias.hit();  //> namespaces.ts::Tools.Hammer.hit
  new Alias();  //> namespaces.ts::Tools.Hammer
}

interface Thing {
  go(): void;
}

const Thing = () => helper();  //> namespaces.ts::helper

function both(thing: Thing) {
  Thing();  //> namespaces.ts::Thing#2
  thing.go();  //> ?
}

@sealed
@logged("x")  //> namespaces.ts::logged
class Decorated {
  @logged("y") go() {}  //> namespaces.ts::logged

  constructor(@logged("z") private helper: Tools.Hammer) {  //> namespaces.ts::logged
    this.helper.hit();  //> namespaces.ts::Tools.Hammer.hit
  }
}

function sealed(target: unknown) {}

function logged(name: string) {
  return sealed;
}
