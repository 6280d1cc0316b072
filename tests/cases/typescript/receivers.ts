// Receivers of declared types: parameters, variables, fields, results, casts.

class Engine {
  start(): void {}
  stop() {}
}

class Car {
  engine: Engine;
  spare?: Engine;
  readonly wheels: Wheel[] = [];
  byName = new Map<string, Wheel>();
  #hidden = new Engine();  //> receivers.ts::Engine

  constructor(private key: Key, public engineOf: () => Engine, plain: Key) {
    this.engine = new Engine();  //> receivers.ts::Engine
    this.key.turn();  //> receivers.ts::Key.turn
    plain.turn();  //> receivers.ts::Key.turn
  }

  drive(other: Car, maybe: Engine | null, several: Engine | Key) {
    this.engine.start();  //> receivers.ts::Engine.start [attribute]
    this.spare?.start();  //> receivers.ts::Engine.start
    this.spare!.stop();  //> receivers.ts::Engine.stop
    this.#hidden.start();  //> receivers.ts::Engine.start
    other.engine.stop();  //> receivers.ts::Engine.stop
    other.drive(this, null, this.engine);  //> receivers.ts::Car.drive [annotation]
    maybe?.start();  //> receivers.ts::Engine.start
    several.start();  //> ?
    this.engineOf().start();  //> ? ; receivers.ts::Engine.start
    this.wheels[0].spin();  //> receivers.ts::Wheel.spin
    this.wheels.push(new Wheel());  //> builtin ; receivers.ts::Wheel
    this.wheels.find((w) => w.spin())?.spin();  //> builtin ; receivers.ts::Wheel.spin ; receivers.ts::Wheel.spin
    this.byName.get("x")!.spin();  //> builtin ; receivers.ts::Wheel.spin
  }
}

class Wheel {
  spin(): this {
    return this;
  }
}

class Key {
  turn() {
    return new Engine();  //> receivers.ts::Engine
  }

  async later(): Promise<Engine> {
    return this.turn();  //> receivers.ts::Key.turn [self]
  }
}

function results(key: Key) {  //= receivers.ts::Key.turn, receivers.ts::Engine.start
  key.turn().start();  //> receivers.ts::Key.turn ; receivers.ts::Engine.start [return]
}

async function more(key: Key, any: any, unknown: unknown, list: Wheel[], [first]: [Wheel, Key], { engine, key: own }: Parts) {
  (await key.later()).start();  //> receivers.ts::Engine.start ; receivers.ts::Key.later
  const engine2 = await key.later();  //> receivers.ts::Key.later
  engine2.stop();  //> receivers.ts::Engine.stop
  any.start();  //> ?
  unknown.start();  //> ?
  (any as Engine).start();  //> receivers.ts::Engine.start
  (<Engine>any).stop();  //> receivers.ts::Engine.stop
  (any satisfies Engine).start();  //> ?
  for (const wheel of list) wheel.spin().spin();  //> receivers.ts::Wheel.spin ; receivers.ts::Wheel.spin
  first.spin();  //> receivers.ts::Wheel.spin
  engine.start();  //> receivers.ts::Engine.start
  own.turn();  //> receivers.ts::Key.turn
  let declared: Engine;
  declared.start();  //> receivers.ts::Engine.start
  const [, second] = pair();  //> receivers.ts::pair
  second.turn();  //> receivers.ts::Key.turn
  list.forEach((w, i) => w.spin());  //> builtin ; receivers.ts::Wheel.spin
  list.map(function (w) { return w.spin(); });  //> builtin ; receivers.ts::Wheel.spin
  new Set<Wheel>().forEach((w) => w.spin());  //> builtin ; builtin ; receivers.ts::Wheel.spin
}

interface Parts {
  engine: Engine;
  key: Key;
}

function pair(): [Engine, Key] {
  return [new Engine(), new Key()];  //> receivers.ts::Engine ; receivers.ts::Key
}

function containers(map: Map<string, Engine>, record: Record<string, Key>, readonly: readonly Wheel[], set: Set<Key>) {
  for (const [name, value] of map) value.start();  //> receivers.ts::Engine.start
  for (const value of map.values()) value.stop();  //> builtin ; receivers.ts::Engine.stop
  record["x"].turn();  //> receivers.ts::Key.turn
  record[name].turn();  //> receivers.ts::Key.turn
  readonly.slice(1)[0].spin();  //> builtin ; receivers.ts::Wheel.spin
  for (const key of set) key.turn();  //> receivers.ts::Key.turn
  map.forEach((value) => value.start());  //> builtin ; receivers.ts::Engine.start
  readonly.filter((w) => w.spin())[0].spin();  //> builtin ; receivers.ts::Wheel.spin ; receivers.ts::Wheel.spin
}

function narrowing(thing: Engine | Key) {
  if (thing instanceof Engine) {
    thing.start();  //> ?
  }
}

function parameterTypes(make: typeof Engine, callback: (key: Key) => Engine, instance: InstanceType<typeof Key>) {
  new make().start();  //> receivers.ts::Engine ; receivers.ts::Engine.start
  callback(new Key()).stop();  //> ? ; receivers.ts::Engine.stop ; receivers.ts::Key
  instance.turn();  //> receivers.ts::Key.turn
}

function primitives(text: string, n: number, list: string[], date: Date, element: HTMLElement) {
  text.trim().start();  //> builtin ; builtin
  n.toFixed();  //> builtin
  list.join(",");  //> builtin
  date.getTime();  //> !Date.getTime
  element.click();  //> !HTMLElement.click
}

class Lid {
  seal() {
    return 1;
  }

  size() {
    return 2;
  }
}

const isLid = (value: unknown): value is Lid => value instanceof Lid;
const isSealed = (value: unknown): value is Uint8Array & { seal(): number } => true;

// What a guard says that something of the language is too, has members that the language's own has not.
function guarded(bytes: Uint8Array, map: Map<string, number>, list: string[]) {  //= open
  if (isSealed(bytes)) bytes.seal();  //> receivers.ts::isSealed ; ?
  if (isLid(map)) map.seal();  //> receivers.ts::isLid ; ?
  if (isLid(list)) list.seal();  //> receivers.ts::isLid ; ?
  bytes.subarray(1);  //> !Uint8Array.subarray
  map.get("a");  //> builtin
  map.unheardOf();  //> builtin
}
