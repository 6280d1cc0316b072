"""What documents a definition in TypeScript and JavaScript does not have."""

import pytest

from sameness_rows import Different, Documentation, Same, assert_different, assert_same
from test_sameness_javascript import documented

OVERLOADS = "function f(x: string): void;\nfunction f(x: number): void;\nfunction f(x: any) {}\n"
ABSTRACT = (
    "abstract class A<T> {\n  constructor(private x: T) {}\n\n"
    "  abstract f(): void\n\n  g(): T {\n    return this.x\n  }\n}\n"
)
INTERFACE = "interface A {\n  x: number\n  f(): void\n}\n"

SAME: Same = {
    "interface": (*documented("interface A { x: number }"), [("A", None, "D.")]),
    "exported interface": (*documented("export interface A<T> extends B {}"), [("A", None, "D.")]),
    "default interface": (*documented("export default interface A {}"), [("A", None, "D.")]),
    "abstract class": (*documented("abstract class A {}"), [("A", None, "D.")]),
    "exported abstract class": (*documented("export abstract class A {}"), [("A", None, "D.")]),
    "decorated, exported, abstract": (*documented("@d()\nexport abstract class A {}"), [("A", None, "D.")]),
    "enum": (*documented("enum A { B, C = 2 }"), [("A", None, "D.")]),
    "const enum": (*documented("export const enum A { B }"), [("A", None, "D.")]),
    "declared class": (*documented("declare class A { f(): void }"), [("A", None, "D.")]),
    "generic arrow": (*documented("export const f = <T,>(x: T): T => x"), [("f", None, "D.")]),
    "typed variable": (*documented("const f: (x: number) => void = (x) => {}"), [("f", None, "D.")]),
    "object as const": (
        "const a = {\n  f() {},\n} as const\n",
        "const a = {\n  /** D. */\n  f() {},\n} as const\n",
        [("a.f", None, "D.")],
    ),
    "object that satisfies": (
        "const a = { f: () => 1 } satisfies A\n",
        "const a = { /** D. */ f: () => 1 } satisfies A\n",
        [("a.f", None, "D.")],
    ),
    "implementation of overloads": (
        OVERLOADS,
        OVERLOADS.replace("function f(x: any", "/** D. */\nfunction f(x: any"),
        [("f", None, "D.")],
    ),
    "constructor": (ABSTRACT, ABSTRACT.replace("  constr", "  /** D. */\n  constr"), [("A.constructor", None, "D.")]),
    "below an abstract method": (ABSTRACT, ABSTRACT.replace("  g()", "  /** D. */\n  g()"), [("A.g", None, "D.")]),
    "modifiers": (
        "class A {\n  public static override async f() {}\n}\n",
        "class A {\n  /** D. */\n  public static override async f() {}\n}\n",
        [("A.f", None, "D.")],
    ),
    "several decorators": (
        "class A {\n  @a\n  // why\n  @b() f() {}\n}\n",
        "class A {\n  /** D. */\n  @a\n  // why\n  @b() f() {}\n}\n",
        [("A.f", None, "D.")],
    ),
    "field that is a function": (
        "class A {\n  private readonly f = (): void => {}\n}\n",
        "class A {\n  /** D. */\n  private readonly f = (): void => {}\n}\n",
        [("A.f", None, "D.")],
    ),
    "namespace": (
        "export namespace N {\n  export function f() {}\n}\n",
        "export namespace N {\n  /** D. */\n  export function f() {}\n}\n",
        [("N.f", None, "D.")],
    ),
    "nested namespace": (
        "namespace N.M {\n  class A {\n    f() {}\n  }\n}\n",
        "namespace N.M {\n  class A {\n    /** D. */\n    f() {}\n  }\n}\n",
        [("N.M.A.f", None, "D.")],
    ),
    "two of one name in namespaces": (
        "namespace N { export function f() {} }\nnamespace M { export function f() {} }\n",
        "namespace N { export function f() {} }\nnamespace M { /** D. */ export function f() {} }\n",
        [("M.f", None, "D.")],
    ),
    "below a reference": (
        '/// <reference types="a" />\nclass A {}\n',
        '/// <reference types="a" />\n/** D. */\nclass A {}\n',
        [("A", None, "D.")],
    ),
}


@pytest.mark.parametrize("language", ["typescript", "tsx"])
@pytest.mark.parametrize(("before", "after", "documentation"), SAME.values(), ids=SAME.keys())
def test_same_code(language: str, before: str, after: str, documentation: Documentation) -> None:
    assert_same(language, before, after, documentation)


DIFFERENT: Different = {
    "type changed": ("let x: string\n", "let x: number\n", "code changed"),
    "type argument": ("f<A>(x)\n", "f<B>(x)\n", "code changed"),
    "modifier added": (ABSTRACT, ABSTRACT.replace("  g()", "  private g()"), "code changed"),
    "optional": ("function f(x: A) {}\n", "function f(x?: A) {}\n", "code"),
    "not null": ("f(x)\n", "f(x!)\n", "code changed"),
    "cast": ("f(x as A)\n", "f(x as B)\n", "code changed"),
    "decorators swapped": ("class A { @a @b f() {} }\n", "class A { @b @a f() {} }\n", "code changed"),
    "interface's member": (INTERFACE, INTERFACE.replace("x: number", "x: string"), "code changed"),
    "on an overload": (OVERLOADS, "/** D. */\n" + OVERLOADS, "comment added"),
    "on an abstract method": (ABSTRACT, ABSTRACT.replace("  abstract f", "  /** D. */\n  abstract f"), "comment added"),
    "on an interface's method": (INTERFACE, INTERFACE.replace("  f()", "  /** D. */\n  f()"), "comment added"),
    "on an interface's property": (INTERFACE, INTERFACE.replace("  x", "  /** D. */\n  x"), "comment added"),
    "on a type": ("type A = number\n", "/** D. */\ntype A = number\n", "comment added"),
    "on a namespace": ("namespace N {}\n", "/** D. */\nnamespace N {}\n", "comment added"),
    "on a declared function": (
        "declare function f(): void\n",
        "/** D. */\ndeclare function f(): void\n",
        "comment added",
    ),
    "on a constant": ("enum A { B }\n", "enum A { /** D. */ B }\n", "comment added"),
    "between decorators": ("class A { @a @b f() {} }\n", "class A { @a /** D. */ @b f() {} }\n", "comment added"),
    "behind decorators": (
        "class A {\n  @a\n  f() {}\n}\n",
        "class A {\n  @a\n  /** D. */\n  f() {}\n}\n",
        "comment added",
    ),
    "behind a modifier": ("class A { public f() {} }\n", "class A { public /** D. */ f() {} }\n", "comment added"),
    "on a parameter": ("function f(x: A) {}\n", "function f(/** D. */ x: A) {}\n", "comment added"),
    "break behind a type's name": ("type A = B\n", "type\nA = B\n", ""),
    "break behind abstract": ("abstract class A {}\n", "abstract\nclass A {}\n", ""),
    "break behind declare": ("declare class A {}\n", "declare\nclass A {}\n", ""),
    "reference added": ("class A {}\n", '/// <reference types="a" />\nclass A {}\n', "comment added"),
    "@ts-expect-error removed": ("// @ts-expect-error\nf()\n", "f()\n", "comment removed"),
    "@ts-expect-error as documentation": ("class A {}\n", "/** @ts-expect-error */\nclass A {}\n", "documentation"),
}


@pytest.mark.parametrize("language", ["typescript", "tsx"])
@pytest.mark.parametrize(("before", "after", "rule"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_other_code(language: str, before: str, after: str, rule: str) -> None:
    assert_different(language, before, after, rule)
