// What is declared and not made: interfaces, abstract members, overloads, generics, overriding.

interface Shape {
  area(): number;
  parent: Square;
  self(): Square;
}

abstract class Base {
  abstract name(): string;
  abstract parent(): Square;

  describe() {
    this.name();  //> ?
    this.own();  //> abstraction.ts::Base.own
    this.overridden();  //> ?
    this.parent().area();  //> ? ; abstraction.ts::Square.area
  }

  own() {}

  overridden() {}
}

class Square extends Base implements Shape {
  parent = this;

  name() {
    return "square";
  }

  area() {
    return this.name().length;  //> ?
  }

  overridden() {}

  self() {
    return this;
  }
}

function uses(shape: Shape, base: Base, square: Square) {  //= open
  shape.area();  //> ?
  shape.parent.area();  //> abstraction.ts::Square.area
  shape.self().area();  //> ? ; abstraction.ts::Square.area
  base.name();  //> ?
  base.own();  //> abstraction.ts::Base.own
  base.overridden();  //> ?
  square.name();  //> ?
  square.overridden();  //> abstraction.ts::Square.overridden
  new Square().describe();  //> abstraction.ts::Square ; abstraction.ts::Base.describe
}

class Loud extends Square {
  name() {
    return super.name();  //> abstraction.ts::Square.name [super]
  }
}

function overload(a: string): Square;
function overload(a: number): Square;
function overload(a: any): any {
  return new Square();  //> abstraction.ts::Square
}

class Overloads {
  go(a: string): void;
  go(a: number): void;
  go(a: any) {
    overload(a);  //> abstraction.ts::overload
  }

  static from(): Overloads {
    return new this();  //> abstraction.ts::Overloads
  }
}

function usesOverloads(o: Overloads) {
  o.go(1);  //> abstraction.ts::Overloads.go
  Overloads.from().go(2);  //> abstraction.ts::Overloads.from ; abstraction.ts::Overloads.go
  overload(1).area();  //> abstraction.ts::overload ; ?
}

class Box<T extends Base, U> {
  constructor(private value: T, private other: U, readonly list: T[]) {}

  open(): T {
    this.value.own();  //> abstraction.ts::Base.own
    this.value.overridden();  //> ?
    this.other.own();  //> ?
    this.list[0].own();  //> abstraction.ts::Base.own
    return this.value;
  }

  static of<T extends Base>(value: T): Box<T, string> {
    return new Box(value, "", []);  //> abstraction.ts::Box
  }
}

function generics<T, S extends Square>(box: Box<Square, Base>, t: T, s: S, make: new () => Square) {
  box.open();  //> abstraction.ts::Box.open
  t.own();  //> ?
  s.area();  //> abstraction.ts::Square.area
  new make().area();  //> ? ; ?
  Box.of(s).open();  //> abstraction.ts::Box.of ; abstraction.ts::Box.open
}

type Alias = Square;
type Maybe = Square | undefined;
type Either = Square | Overloads;
type Handler = (shape: Shape) => void;
type Loop = Loop[];

function aliases(a: Alias, b: Maybe, c: Either, d: Handler, e: Loop, f: Readonly<Square>) {
  a.area();  //> abstraction.ts::Square.area
  b?.area();  //> abstraction.ts::Square.area
  c.area();  //> ?
  d(a);  //> ?
  e[0].area();  //> ?
  f.area();  //> abstraction.ts::Square.area
}

enum Color {
  Red,
  Blue = "b",
}

function enums(color: Color) {
  color.toString();  //> builtin
  Color.Red.area();  //> ?
}

declare function declared(): Square;
declare const constant: Square;

function usesDeclared() {
  declared();  //> ?
  constant.area();  //> abstraction.ts::Square.area
}

const typed: Handler = (shape) => {
  shape.area();  //> ?
};

function usesTyped() {
  typed(new Square());  //> abstraction.ts::typed ; abstraction.ts::Square
}

class Merged {
  own() {
    this.own();  //> abstraction.ts::Merged.own
    this.added();  //> ?
  }
}

interface Merged {
  added(): void;
}

function added() {}

abstract class Assigned {
  handler: () => void = () => {};
  method() {
    this.handler();  //> abstraction.ts::Assigned.handler
    this.method();  //> ?
  }
}

function replaces(a: Assigned, f: () => void) {
  a.method = f;
}
