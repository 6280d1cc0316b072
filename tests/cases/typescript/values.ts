// Functions that only a written type tells, and members that only a type has.

export function hydrate(): void {}
export class Painter {
  paint(): void {}
}
export class Sprayer extends Painter {}
export class Roller {
  roll(): void {}
}

export interface Hooks {
  started?(): void;
  ended: () => void;
}

type Tools = { sharpen(): void; polish: () => void };

export function given(
  create: typeof hydrate,
  Kind: typeof Painter,
  Only: typeof Roller,
  hooks: Hooks,
  tools: Tools,
  other: { unheard2(): void },
) {
  create();  //> ?
  create.call(null);  //> ?
  new Kind();  //> ?
  new Only();  //> values.ts::Roller
  new Only().roll();  //> values.ts::Roller ; values.ts::Roller.roll
  hooks.started?.();  //> ?
  hooks.ended();  //> ?
  tools.sharpen();  //> ?
  tools.polish();  //> ?
  other.unheard2();  //> ?
}

const same: typeof hydrate = hydrate;

export function called(made: ReturnType<typeof paintbox>, hooks?: { isOpen?: (x: string) => boolean }) {
  same();  //> values.ts::hydrate
  made.paint();  //> values.ts::Painter.paint
  return !hooks.isOpen!("a") && !same!();  //> ? ; values.ts::hydrate
}

export function paintbox(): Painter {
  return new Painter();  //> values.ts::Painter
}

export class Brush {
  hair?: Brush;
  wash?(): Brush;
  dry(): boolean {
    return false;
  }

  all(other: Painter, list: Painter[]) {
    if (!this.hair!.dry()) return;  //> values.ts::Brush.dry
    const one = list || this.hair!.dry();  //> values.ts::Brush.dry
    const two = list && same!();  //> values.ts::hydrate
    const three = other || this.hair!;
    three.dry();  //> ?
    one.dry();  //> ?
    return !list[0]!.paint() || !this.hair!.hair!.dry();  //> values.ts::Painter.paint ; values.ts::Brush.dry
  }
}
