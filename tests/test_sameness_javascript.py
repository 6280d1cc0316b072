"""What documents a definition in JavaScript and TypeScript, and which edits beside it are refused."""

import pytest

from sameness_rows import Different, Documentation, Same, assert_different, assert_same

PLAIN = "function f(x) {\n  return x\n}\n"
CLASS = "class A extends B {\n  size = 1\n\n  f() {\n    return 1\n  }\n}\n"
NOTED = "/* top */\nfunction f(x) { // behind\n  // above\n  let y = x // end\n  return y\n}\n// below\n"


def above(documentation: str) -> str:
    return f"{documentation}\n{PLAIN}"


def in_class(documentation: str) -> str:
    return CLASS.replace("  f()", f"  {documentation}\n  f()")


def documented(definition: str) -> tuple[str, str]:
    return f"x()\n{definition}\n", f"x()\n/** D. */\n{definition}\n"


SAME: Same = {
    # every way to write documentation
    "one line": (PLAIN, above("/** Does it. */"), [("f", None, "Does it.")]),
    "several lines": (PLAIN, above("/**\n * Does it.\n *\n * More.\n */"), [("f", None, "Does it.\n\nMore.")]),
    "without stars": (PLAIN, above("/**\n  Does it.\n    More.\n*/"), [("f", None, "Does it.\n  More.")]),
    "on the line of the definition": (PLAIN, "/** Does it. */ " + PLAIN, [("f", None, "Does it.")]),
    "types": (
        PLAIN,
        above("/** Does it. @param {string} x one\n * @type {A} */"),
        [("f", None, "Does it. @param {string} x one\n@type {A}")],
    ),
    "deprecated": (PLAIN, above("/** @deprecated Use g. */"), [("f", None, "@deprecated Use g.")]),
    "link": (PLAIN, above("/** {@link Foo} `code` */"), [("f", None, "{@link Foo} `code`")]),
    "line comment inside": (PLAIN, above("/** a // b */"), [("f", None, "a // b")]),
    "opening inside": (PLAIN, above("/** a /* b <!-- c */"), [("f", None, "a /* b <!-- c")]),
    "code inside": (PLAIN, above("/** } function g() { */"), [("f", None, "} function g() {")]),
    "template inside": (PLAIN, above("/** `${x}` */"), [("f", None, "`${x}`")]),
    "other scripts": (PLAIN, above("/** größer 大小 ⚠️ */"), [("f", None, "größer 大小 ⚠️")]),
    "nothing in it": (PLAIN, above("/** */"), [("f", None, "")]),
    "blank lines below": (PLAIN, above("/** Does it. */\n\n"), [("f", None, "Does it.")]),
    # what was there before
    "nothing": (PLAIN, PLAIN, []),
    "changed": (above("/** Old. */"), above("/** New. */"), [("f", "Old.", "New.")]),
    "removed": (above("/** Old. */"), PLAIN, [("f", "Old.", None)]),
    "only laid out differently": (above("/** Doc. */"), above("/**\n * Doc.\n */"), []),
    "what tools obey stays": (
        above("/** @internal Old. */"),
        above("/** @internal New. */"),
        [("f", "@internal Old.", "@internal New.")],
    ),
    # places
    "coroutine": (*documented("async function f() {}"), [("f", None, "D.")]),
    "generator": (*documented("function* f() {}"), [("f", None, "D.")]),
    "exported": (*documented("export function f() {}"), [("f", None, "D.")]),
    "exported by default": (*documented("export default function f() {}"), [("f", None, "D.")]),
    "default without a name": (*documented("export default function () {}"), [("default", None, "D.")]),
    "default arrow": (*documented("export default () => 1"), [("default", None, "D.")]),
    "class": (*documented("class A {}"), [("A", None, "D.")]),
    "exported class": (*documented("export class A extends B {}"), [("A", None, "D.")]),
    "decorated class": (*documented("@d\nexport class A {}"), [("A", None, "D.")]),
    "arrow": (*documented("const f = (x) => x"), [("f", None, "D.")]),
    "exported arrow": (*documented("export const f = async (x) => x;"), [("f", None, "D.")]),
    "function expression": (*documented("var f = function g() {}"), [("f", None, "D.")]),
    "class expression": (*documented("let A = class {}"), [("A", None, "D.")]),
    "method": (CLASS, in_class("/** D. */"), [("A.f", None, "D.")]),
    "below a field without a semicolon": (
        "class A {\n  x\n  *g() {}\n}\n".replace("*g", "g"),
        "class A {\n  x\n  /** D. */\n  g() {}\n}\n",
        [("A.g", None, "D.")],
    ),
    "field that is a function": (
        "class A {\n  f = () => 1\n}\n",
        "class A {\n  /** D. */\n  f = () => 1\n}\n",
        [("A.f", None, "D.")],
    ),
    "static, async, private": (
        "class A {\n  static async #f() {}\n}\n",
        "class A {\n  /** D. */\n  static async #f() {}\n}\n",
        [("A.#f", None, "D.")],
    ),
    "getter": ("class A {\n  get f() {}\n}\n", "class A {\n  /** D. */\n  get f() {}\n}\n", [("A.f", None, "D.")]),
    "decorated method": (
        "class A {\n  @d\n  f() {}\n}\n",
        "class A {\n  /** D. */\n  @d\n  f() {}\n}\n",
        [("A.f", None, "D.")],
    ),
    "prototype": (*documented("A.prototype.f = function () {}"), [("A.f", None, "D.")]),
    "property": (*documented("A.f = function () {}"), [("A.f", None, "D.")]),
    "export of CommonJS": (*documented("exports.f = () => 1"), [("f", None, "D.")]),
    "module of CommonJS": (*documented("module.exports = function f() {}"), [("f", None, "D.")]),
    "object's method": (
        "const a = {\n  f() {},\n  g: function () {},\n}\n",
        "const a = {\n  /** D. */\n  f() {},\n\n  /** E. */\n  g: function () {},\n}\n",
        [("a.f", None, "D."), ("a.g", None, "E.")],
    ),
    "nested": (
        "function f() {\n  function g() {}\n}\n",
        "function f() {\n  /** D. */\n  function g() {}\n}\n",
        [("f.g", None, "D.")],
    ),
    "in a branch": (
        "if (a) {\n  function f() {}\n}\n",
        "if (a) {\n  /** D. */\n  function f() {}\n}\n",
        [("f", None, "D.")],
    ),
    "in a case": (
        "switch (a) {\n  case 1:\n    function f() {}\n}\n",
        "switch (a) {\n  case 1:\n    /** D. */\n    function f() {}\n}\n",
        [("f", None, "D.")],
    ),
    "below the file's comment": (
        "/** @license MIT */\nfunction f() {}\n",
        "/** @license MIT */\n\n/** D. */\nfunction f() {}\n",
        [("f", None, "D.")],
    ),
    "below a type's comment": (
        "/** @typedef {number} N */\nfunction f() {}\n",
        "/** @typedef {number} N */\n/** D. */\nfunction f() {}\n",
        [("f", None, "D.")],
    ),
    "below a directive of the language": (
        "'use strict'\n" + PLAIN,
        "'use strict'\n/** D. */\n" + PLAIN,
        [("f", None, "D.")],
    ),
    "below the interpreter": (
        "#!/usr/bin/env node\n" + PLAIN,
        "#!/usr/bin/env node\n/** D. */\n" + PLAIN,
        [("f", None, "D.")],
    ),
    "above a comment": (NOTED, NOTED.replace("function", "/** D. */\nfunction"), [("f", None, "D.")]),
    "above a comment for the next line": (
        "// eslint-disable-next-line\n" + PLAIN,
        "/** D. */\n// eslint-disable-next-line\n" + PLAIN,
        [("f", None, "D.")],
    ),
    "above a comment for the coverage": (
        "/* istanbul ignore next */\n" + PLAIN,
        "/* istanbul ignore next */\n/** D. */\n" + PLAIN,
        [("f", None, "D.")],
    ),
    "second of one name": (PLAIN + PLAIN, PLAIN + "/** D. */\n" + PLAIN, [("f", None, "D.")]),
    # layout
    "opened up": (
        "class A { f() { return 1 } }\n",
        "class A {\n  /** D. */\n  f() { return 1 }\n}\n",
        [("A.f", None, "D.")],
    ),
    "behind a brace": (
        "function a() {} function f() {}\n",
        "function a() {}\n/** D. */\nfunction f() {}\n",
        [("f", None, "D.")],
    ),
    "indentation": (PLAIN, PLAIN.replace("  return", "\treturn"), []),
    "blanks": (PLAIN, PLAIN.replace("f(x)", "f ( x )"), []),
    "blank lines": (NOTED, NOTED.replace("  return", "\n\n  return"), []),
    "line end at the end": (PLAIN.rstrip("\n"), PLAIN, []),
    "CRLF": (PLAIN.replace("\n", "\r\n"), above("/**\n * D.\n */").replace("\n", "\r\n"), [("f", None, "D.")]),
    "byte order mark": ("\ufeff" + PLAIN, "\ufeff" + above("/** D. */"), [("f", None, "D.")]),
    "markup around": (
        "const a = <b>x {y} </b>\n" + PLAIN,
        "const a = <b>x {y} </b>\n" + above("/** D. */"),
        [("f", None, "D.")],
    ),
}


@pytest.mark.parametrize(("before", "after", "documentation"), SAME.values(), ids=SAME.keys())
def test_same_code(before: str, after: str, documentation: Documentation) -> None:
    assert_same("javascript", before, after, documentation)


DIFFERENT: Different = {
    # code
    "token changed": (PLAIN, PLAIN.replace("return x", "return y"), "code changed"),
    "statement added": (PLAIN, PLAIN + "f()\n", "code added"),
    "statement removed": ("a()\nb()\n", "a()\n", "code removed"),
    "code behind the comment": (PLAIN, above("/** D. */ g();"), "code changed"),
    "comment that ends early": (PLAIN, above("/** D. */ g() /** */"), "code changed"),
    "comment that ends in its text": (PLAIN, above("/** a */ g() // */"), "code changed"),
    "directive added": (PLAIN, "'use strict'\n" + PLAIN, "code changed"),
    "string": ("x = 'a'\n", "x = 'b'\n", "code changed"),
    "quotes": ("x = 'a'\n", 'x = "a"\n', "code changed"),
    "blank in a template": ("x = `a\n b`\n", "x = `a\n  b`\n", "code changed"),
    "comment in a template": ("x = `a\nb`\n", "x = `a\n/** c */\nb`\n", "code changed"),
    "expression in a template": ("x = `${a}`\n", "x = `${b}`\n", "code changed"),
    "regular expression": ("x = /a b/\n", "x = /a  b/\n", "code changed"),
    "blank in markup": ("x = <b>a {y}</b>\n", "x = <b>a  {y}</b>\n", "code changed"),
    "comment in markup": ("x = <b>\na</b>\n", "x = <b>\n/** c */\na</b>\n", "code changed"),
    "semicolon added": ("a()\n(b)()\n", "a();\n(b)()\n", "code changed"),
    "parentheses": (PLAIN, PLAIN.replace("return x", "return (x)"), "code changed"),
    "comma": ("x = [a]\n", "x = [a,]\n", "code changed"),
    "emptied": (PLAIN, "", "code removed"),
    # line breaks: JavaScript's parser makes semicolons of them
    "break behind return": (PLAIN, PLAIN.replace("return x", "return\n  x"), "code removed"),
    "break behind return, documented": (
        "return function f() {}\n",
        "return /** D.\n */ function f() {}\n",
        "",
    ),
    "break behind throw, documented": (
        "throw A.f = function () {}\n",
        "throw\n/** D. */\nA.f = function () {}\n",
        "line break added",
    ),
    "break behind else, documented": (
        "if (a) {} else function f() {}\n",
        "if (a) {} else\n/** D. */\nfunction f() {}\n",
        "line break added",
    ),
    "break behind throw": ("throw x\n", "throw\nx\n", "line break added"),
    "break before an increment": ("x\n++y\n", "x ++\ny\n", "code changed"),
    "break behind async": ("async function f() {}\n", "async\nfunction f() {}\n", "code changed"),
    "break in an expression": ("x = a + b\n", "x = a +\nb\n", "line break added"),
    "break in an argument list": ("f(a, b)\n", "f(a,\nb)\n", "line break added"),
    "lines joined": ("f(a,\nb)\n", "f(a, b)\n", "line break removed"),
    "statements joined": ("a()\nb()\n", "a() b()\n", "syntax"),
    "break that a comment made": ("return /* a\n*/ b\n", "return /* a */ b\n", ""),
    # comments
    "line comment": (PLAIN, above("// Does it."), "comment added"),
    "three slashes": (PLAIN, above("/// Does it."), "comment added"),
    "plain block": (PLAIN, above("/* Does it. */"), "comment added"),
    "three stars": (PLAIN, above("/*** Does it. */"), "comment added"),
    "empty block": (PLAIN, above("/**/"), "comment added"),
    "old comment of markup": (PLAIN, "<!-- Does it.\n" + PLAIN, "comment added"),
    "behind export": ("export function f() {}\n", "export /** D. */ function f() {}\n", "comment added"),
    "behind async": ("async function f() {}\n", "async /** D. */ function f() {}\n", "comment added"),
    "behind const": ("const f = () => 1\n", "const /** D. */ f = () => 1\n", "comment added"),
    "before the arrow": ("const f = () => 1\n", "const f = /** D. */ () => 1\n", "comment added"),
    "before the function": ("A.f = function () {}\n", "A.f = /** D. */ function () {}\n", "comment added"),
    "behind a decorator": ("@d\nclass A {}\n", "@d\n/** D. */\nclass A {}\n", "comment added"),
    "in the body": (PLAIN, PLAIN.replace("  return", "  /** D. */\n  return"), "comment added"),
    "in the parameters": (PLAIN, PLAIN.replace("(x)", "(/** D. */ x)"), "comment added"),
    "at the end of the line above": (CLASS, CLASS.replace("size = 1\n", "size = 1 /** D. */\n"), "comment added"),
    "on a variable": ("const x = 1\n", "/** D. */\nconst x = 1\n", "comment added"),
    "on two functions": (
        "const f = () => 1, g = () => 2\n",
        "/** D. */\nconst f = () => 1, g = () => 2\n",
        "comment added",
    ),
    "on a field": (CLASS, CLASS.replace("  size", "  /** D. */\n  size"), "comment added"),
    "on a call": ("f(() => 1)\n", "/** D. */\nf(() => 1)\n", "comment added"),
    "on an argument": ("f(function g() {})\n", "f(/** D. */ function g() {})\n", "comment added"),
    "on a method without a plain name": (
        "class A {\n  [f]() {}\n}\n",
        "class A {\n  /** D. */\n  [f]() {}\n}\n",
        "comment added",
    ),
    "above other documentation": (above("/** D. */"), above("/** E. */\n/** D. */"), "comment added"),
    "below other documentation": (above("/** D. */"), above("/** D. */\n/** E. */"), "comment added"),
    "comment removed": (NOTED, NOTED.replace("  // above\n", ""), "comment removed"),
    "comment changed": (NOTED, NOTED.replace("end", "other"), "comment changed"),
    "comment made documentation": (NOTED, NOTED.replace("/* top", "/** top"), "comment removed"),
    "documentation made a comment": (above("/** D. */"), above("/* D. */"), "comment added"),
    "comment down a line": (NOTED, NOTED.replace("// behind\n", "\n// behind\n"), "comment moved"),
    "comments joined": ("/* a */\n/* b */\nf()\n", "/* a */ /* b */\nf()\n", "comment moved"),
    "code joined to a comment": ("/* a */\nf()\n", "/* a */ f()\n", "comment moved"),
    # what tools obey
    "above @flow": (
        "/* @flow */\n" + PLAIN,
        "/** D. */\n/* @flow */\n" + PLAIN,
        "comment moved: no documentation may stand above",
    ),
    "above @ts-check": ("// @ts-check\n" + PLAIN, "/** D. */\n// @ts-check\n" + PLAIN, "comment moved"),
    "below eslint-disable-next-line": (
        "// eslint-disable-next-line no-eval\n" + PLAIN,
        "// eslint-disable-next-line no-eval\n/** D. */\n" + PLAIN,
        "comment moved: no documentation may stand below",
    ),
    "below @ts-ignore": ("// @ts-ignore\n" + PLAIN, "// @ts-ignore\n/** D. */\n" + PLAIN, "comment moved"),
    "above a type's comment": (
        "/** @typedef {number} N */\nfunction f() {}\n",
        "/** D. */\n/** @typedef {number} N */\nfunction f() {}\n",
        "comment added",
    ),
    "line broken below @ts-ignore": (
        "// @ts-ignore\nx = { f() {} }.g()\n",
        "// @ts-ignore\nx = { f() {}\n}.g()\n",
        "line break added",
    ),
    "line opened up below eslint-disable-next-line": (
        "// eslint-disable-next-line\nclass A { f() {} }\n",
        "// eslint-disable-next-line\nclass A {\n/** D. */\nf() {} }\n",
        "line break added",
    ),
    "blank line below @ts-expect-error": (
        "// @ts-expect-error\nf()\n",
        "// @ts-expect-error\n\nf()\n",
        "comment moved: a blank line",
    ),
    "@ts-ignore": (PLAIN, above("/** D. @ts-ignore */"), "documentation"),
    "@ts-nocheck": (PLAIN, above("/**\n * D.\n * @ts-nocheck\n */"), "comment added"),
    "@jsx": (PLAIN, above("/** @jsx h */"), "comment added"),
    "@internal": (PLAIN, above("/** D. @internal */"), "documentation"),
    "pure": (PLAIN, above("/** D. @__PURE__ */"), "documentation"),
    "no side effects": (PLAIN, above("/** D. #__NO_SIDE_EFFECTS__ */"), "documentation"),
    "eslint": (PLAIN, above("/** eslint-disable no-eval */"), "documentation"),
    "coverage": (PLAIN, above("/** istanbul ignore next */"), "documentation"),
    "source map": (PLAIN, above("/** D.\n//# sourceMappingURL=a.map\n*/"), "documentation"),
    "typedef": (PLAIN, above("/** D. @typedef {number} N */"), "comment added"),
    "file": (PLAIN, above("/** @file D. */"), "comment added"),
    "license": (PLAIN, above("/** D. @license MIT */"), "comment added"),
    "linter switched off": (PLAIN, "/* eslint-disable */\n" + PLAIN, "comment added"),
    "global": ("/* global a */\n" + PLAIN, "/* global b */\n" + PLAIN, "comment changed"),
    # head and hidden characters
    "interpreter added": (PLAIN, "#!/usr/bin/env node\n" + PLAIN, "first line"),
    "interpreter displaced": (
        "#!/usr/bin/env node\n" + PLAIN,
        "/** D. */\n#!/usr/bin/env node\n" + PLAIN,
        "first line",
    ),
    "byte order mark added": (PLAIN, "\ufeff" + PLAIN, "encoding"),
    "not UTF-8": (PLAIN.encode(), above("/** D. */").encode().replace(b"D.", b"\xff"), "encoding"),
    "bare CR": (PLAIN, above("/** a\rb */"), "hidden"),
    "line separator": (PLAIN, above("/** a\u2028b */"), "hidden"),
    "right to left": (PLAIN, above("/** a\u202eb */"), "hidden"),
    # what does not parse
    "unterminated": (PLAIN, above("/** Does it."), "syntax"),
    "syntax error": (PLAIN, PLAIN + "class {\n", "syntax"),
    "start state does not parse": (PLAIN + "class {\n", above("/** D. */") + "class {\n", "syntax"),
}


@pytest.mark.parametrize(("before", "after", "rule"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_other_code(before: str | bytes, after: str | bytes, rule: str) -> None:
    assert_different("javascript", before, after, rule)


# The tables of JavaScript hold for TypeScript too; where JSX is off, `<b>` is a cast.
@pytest.mark.parametrize("language", ["typescript", "tsx"])
@pytest.mark.parametrize(("before", "after", "documentation"), SAME.values(), ids=SAME.keys())
def test_same_code_in_typescript(language: str, before: str, after: str, documentation: Documentation) -> None:
    if language == "tsx" or "<b>" not in before:
        assert_same(language, before, after, documentation)


@pytest.mark.parametrize("language", ["typescript", "tsx"])
@pytest.mark.parametrize(("before", "after", "rule"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_other_code_in_typescript(language: str, before: str | bytes, after: str | bytes, rule: str) -> None:
    if language == "tsx" or "<b>" not in str(before):
        assert_different(language, before, after, rule)
