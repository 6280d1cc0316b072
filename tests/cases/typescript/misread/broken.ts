import { Base } from "./base";

export class Broken extends Base {
  )) @@@ `${

  protected async replaced(name: string): Promise<void> {
  }

  lost(name: string): void {
  }
}

Broken.set_elsewhere = Broken;

stray.kept();  //> ?
