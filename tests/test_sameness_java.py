"""What documents a definition in Java, and which edits beside it are refused."""

import pytest

from hybridgym.languages.java import Java
from hybridgym.sameness import compare
from sameness_rows import Different, Documentation, Same, assert_different, assert_same

PLAIN = "class A {\n    int f(int x) {\n        return x;\n    }\n}\n"
NOTED = "/* top */\nclass A { // behind\n    // above\n    void f() {} // end\n\n    // below\n}\n// last\n"
ANNOTATED = "class A {\n    @Override\n    @Test(a = 1)\n    public void f() {}\n}\n"
SIGNATURE = "    int f("


def above(documentation: str) -> str:
    return PLAIN.replace(SIGNATURE, f"    {documentation}\n{SIGNATURE}")


SAME: Same = {
    # every way to write documentation
    "one line": (PLAIN, above("/** Does it. */"), [("A.f", None, "Does it.")]),
    "several lines": (
        PLAIN,
        above("/**\n     * Does it.\n     *\n     * More.\n     */"),
        [("A.f", None, "Does it.\n\nMore.")],
    ),
    "without stars": (PLAIN, above("/**\n    Does it.\n      More.\n    */"), [("A.f", None, "Does it.\n  More.")]),
    "text on the first line": (PLAIN, above("/** Does it.\n     * More. */"), [("A.f", None, "Does it.\nMore.")]),
    "many stars at the end": (PLAIN, above("/** Does it. **/"), [("A.f", None, "Does it.")]),
    "on the line of the definition": (
        PLAIN,
        PLAIN.replace("int f", "/** Does it. */ int f"),
        [("A.f", None, "Does it.")],
    ),
    "tags": (
        PLAIN,
        above("/** Does it. @param x one\n @return two */"),
        [("A.f", None, "Does it. @param x one\n@return two")],
    ),
    "markup": (
        PLAIN,
        above("/** <p>{@code f} &amp; {@link A#f} */"),
        [("A.f", None, "<p>{@code f} &amp; {@link A#f}")],
    ),
    "line comment inside": (PLAIN, above("/** a // b */"), [("A.f", None, "a // b")]),
    "opening inside": (PLAIN, above("/** a /* b */"), [("A.f", None, "a /* b")]),
    "code inside": (PLAIN, above("/** } class B { */"), [("A.f", None, "} class B {")]),
    "quotes inside": (PLAIN, above("/** \"a' */"), [("A.f", None, "\"a'")]),
    "other scripts": (PLAIN, above("/** größer 大小 ⚠️ */"), [("A.f", None, "größer 大小 ⚠️")]),
    "nothing in it": (PLAIN, above("/** */"), [("A.f", None, "")]),
    "blank lines below": (PLAIN, above("/** Does it. */\n\n"), [("A.f", None, "Does it.")]),
    "blank lines around": (PLAIN, above("\n\n    /** Does it. */\n"), [("A.f", None, "Does it.")]),
    # what was there before
    "nothing": (PLAIN, PLAIN, []),
    "changed": (above("/** Old. */"), above("/** New. */"), [("A.f", "Old.", "New.")]),
    "removed": (above("/** Old. */"), PLAIN, [("A.f", "Old.", None)]),
    "only laid out differently": (above("/** Doc. */"), above("/**\n     * Doc.\n     */"), []),
    "one that tools obey stays": (
        above("/** @deprecated Old. */"),
        above("/** @deprecated New. */"),
        [("A.f", "@deprecated Old.", "@deprecated New.")],
    ),
    # places
    "annotated": (ANNOTATED, ANNOTATED.replace("    @O", "    /** D. */\n    @O"), [("A.f", None, "D.")]),
    "above a comment": (NOTED, NOTED.replace("    // above", "    /** D. */\n    // above"), [("A.f", None, "D.")]),
    "below a comment": (NOTED, NOTED.replace("    void", "    /** D. */\n    void"), [("A.f", None, "D.")]),
    "class": (PLAIN, "/** D. */\n" + PLAIN, [("A", None, "D.")]),
    "class below package and imports": (
        "package a;\n\nimport b.C;\n\nclass A {}\n",
        "package a;\n\nimport b.C;\n\n/** D. */\nclass A {}\n",
        [("A", None, "D.")],
    ),
    "class and method": (
        "class A { void f() {} }\n",
        "/** D. */\nclass A {\n/** E. */\nvoid f() {} }\n",
        [("A", None, "D."), ("A.f", None, "E.")],
    ),
    "constructor": ("class A { A() {} }\n", "class A { /** D. */ A() {} }\n", [("A.A", None, "D.")]),
    "compact constructor": (
        "record A(int x) { A {} }\n",
        "record A(int x) { /** D. */ A {} }\n",
        [("A.A", None, "D.")],
    ),
    "record": ("record A(int x) {}\n", "/** D. */\nrecord A(int x) {}\n", [("A", None, "D.")]),
    "enum": (
        "enum A { B; void f() {} }\n",
        "/** D. */ enum A { B;\n/** E. */ void f() {} }\n",
        [("A", None, "D."), ("A.f", None, "E.")],
    ),
    "interface": (
        "interface A {\n  int f();\n}\n",
        "/** D. */\ninterface A {\n  /** E. */\n  int f();\n}\n",
        [("A", None, "D."), ("A.f", None, "E.")],
    ),
    "annotation": ("@interface A {}\n", "/** D. */\n@interface A {}\n", [("A", None, "D.")]),
    "generic method": (
        "class A { <T> T f(T t) { return t; } }\n",
        "class A { /** D. */ <T> T f(T t) { return t; } }\n",
        [("A.f", None, "D.")],
    ),
    "inner class": (
        "class A {\n  class B {\n    void f() {}\n  }\n}\n",
        "class A {\n  class B {\n    /** D. */\n    void f() {}\n  }\n}\n",
        [("A.B.f", None, "D.")],
    ),
    "local class": (
        "class A { void f() { class B {} } }\n",
        "class A { void f() { /** D. */ class B {} } }\n",
        [("A.f.B", None, "D.")],
    ),
    "second of one name": (
        "class A {\n  void f() {}\n  void f(int x) {}\n}\n",
        "class A {\n  void f() {}\n  /** D. */\n  void f(int x) {}\n}\n",
        [("A.f", None, "D.")],
    ),
    # layout
    "opened up": (
        "interface A { int f(); }\n",
        "interface A {\n    /** D. */\n    int f();\n}\n",
        [("A.f", None, "D.")],
    ),
    "indentation": (PLAIN, PLAIN.replace("        return", "  return"), []),
    "line breaks": (PLAIN, PLAIN.replace("return x", "return\n x"), []),
    "line end at the end": (PLAIN.rstrip("\n"), PLAIN, []),
    "CRLF": (PLAIN.replace("\n", "\r\n"), above("/**\n * D.\n */").replace("\n", "\r\n"), [("A.f", None, "D.")]),
    "byte order mark": ("\ufeff" + PLAIN, "\ufeff" + above("/** D. */"), [("A.f", None, "D.")]),
    "text block": (
        'class A { String s = """\n  a\n  """; void f() {} }\n',
        'class A { String s = """\n  a\n  """; /** D. */ void f() {} }\n',
        [("A.f", None, "D.")],
    ),
}


@pytest.mark.parametrize(("before", "after", "documentation"), SAME.values(), ids=SAME.keys())
def test_same_code(before: str, after: str, documentation: Documentation) -> None:
    assert_same("java", before, after, documentation)


FIELD = "class A {\n    int x;\n\n    int f() { return x; }\n}\n"

DIFFERENT: Different = {
    # code
    "token changed": (PLAIN, PLAIN.replace("return x", "return y"), "code changed"),
    "statement added": (PLAIN, PLAIN.replace("return x;", "x++; return x;"), "code changed"),
    "member added": (PLAIN, PLAIN.replace("class A {", "class A { int y;"), "code changed"),
    "member removed": (FIELD, FIELD.replace("    int x;\n", ""), "code changed"),
    "code behind the comment": (PLAIN, above("/** D. */ int y;"), "code changed"),
    "comment that ends early": (PLAIN, above("/** D. */ void g() {} /** */"), "code changed"),
    "comment that ends in its text": (PLAIN, above("/** a */ void g() {} // */"), "code changed"),
    "modifier added": (PLAIN, PLAIN.replace("int f", "public int f"), "code changed"),
    "annotation added": (PLAIN, above("@Deprecated"), "code changed"),
    "annotation removed": (ANNOTATED, ANNOTATED.replace("    @Override\n", ""), "code changed"),
    "annotations swapped": (
        ANNOTATED,
        ANNOTATED.replace("    @Override\n    @Test(a = 1)", "    @Test(a = 1)\n    @Override"),
        "code changed",
    ),
    "string": ('class A { String s = "a"; }\n', 'class A { String s = "b"; }\n', "code changed"),
    "blank in a text block": (
        'class A { String s = """\n  a\n  """; }\n',
        'class A { String s = """\n   a\n  """; }\n',
        "code changed",
    ),
    "comment in a text block": (
        'class A { String s = """\n  a\n  """; }\n',
        'class A { String s = """\n  /** a */\n  """; }\n',
        "code changed",
    ),
    "semicolon added": (PLAIN, PLAIN.replace("return x;", "return x;;"), "code changed"),
    "generic argument": ("class A { List<B> l; }\n", "class A { List<C> l; }\n", "code changed"),
    "shift made of closings": ("class A { int x = 1 >> 2; }\n", "class A { int x = 1 > > 2; }\n", "syntax"),
    "methods swapped": (
        "class A { void f() {} void g() {} }\n",
        "class A { void g() {} void f() {} }\n",
        "code changed",
    ),
    "emptied": (PLAIN, "", "code removed"),
    # comments
    "line comment": (PLAIN, above("// Does it."), "comment added"),
    "plain block": (PLAIN, above("/* Does it. */"), "comment added"),
    "three stars": (PLAIN, above("/*** Does it. */"), "comment added"),
    "empty block": (PLAIN, above("/**/"), "comment added"),
    "behind annotations": (ANNOTATED, ANNOTATED.replace("    public", "    /** D. */\n    public"), "comment added"),
    "between modifiers": (ANNOTATED, ANNOTATED.replace("public void", "public /** D. */ void"), "comment added"),
    "in the parameters": (PLAIN, PLAIN.replace("int x", "/** D. */ int x"), "comment added"),
    "in the body": (PLAIN, PLAIN.replace("        return", "        /** D. */\n        return"), "comment added"),
    "behind the definition": (PLAIN, PLAIN.replace("    }\n", "    } /** D. */\n"), "comment added"),
    "at the end of the line above": (FIELD, FIELD.replace("int x;\n", "int x; /** D. */\n"), "comment added"),
    "on a field": (FIELD, FIELD.replace("    int x", "    /** D. */\n    int x"), "comment added"),
    "on the package": ("package a;\n", "/** D. */\npackage a;\n", "comment added"),
    "on an import": ("import a.B;\nclass A {}\n", "/** D. */\nimport a.B;\nclass A {}\n", "comment added"),
    "on a constant": ("enum A { B }\n", "enum A { /** D. */ B }\n", "comment added"),
    "on an initializer": ("class A { static { } }\n", "class A { /** D. */ static { } }\n", "comment added"),
    "above other documentation": (above("/** D. */"), above("/** E. */\n    /** D. */"), "comment added"),
    "below other documentation": (above("/** D. */"), above("/** D. */\n    /** E. */"), "comment added"),
    "in an annotation": (ANNOTATED, ANNOTATED.replace("(a", "(/** D. */ a"), "comment added"),
    "comment removed": (NOTED, NOTED.replace("    // above\n", ""), "comment removed"),
    "comment changed": (NOTED, NOTED.replace("end", "other"), "comment changed"),
    "comment made documentation": (NOTED, NOTED.replace("/* top", "/** top"), "comment removed"),
    "documentation made a comment": (above("/** D. */"), above("/* D. */"), "comment added"),
    "comment down a line": (NOTED, NOTED.replace("{} // end\n", "{}\n    // end\n"), "comment moved"),
    "documentation moved to another": (
        "class A {\n  /** D. */ int f() {}\n  int g() {}\n}\n".replace("int", "void"),
        "class A {\n  void f() {}\n  /** D. */ void g() { int x; }\n}\n",
        "code changed",
    ),
    # what tools and the compiler obey
    "deprecated": (PLAIN, above("/** D.\n     * @deprecated now */"), "documentation"),
    "unicode escape that ends the comment": (PLAIN, above(r"/** D. \u002a/ void g() {} /* */"), "documentation"),
    "unicode escape of a line end": (PLAIN, above(r"/** D. \u000a */"), "documentation"),
    "what the compiler takes for an escape": (PLAIN, above(r"/** In C:\users. */"), "documentation"),
    "formatter off": (PLAIN, above("/** D. @formatter:off */"), "documentation"),
    "checkstyle off": (PLAIN, above("/** D. CHECKSTYLE:OFF */"), "documentation"),
    "NOSONAR": (PLAIN, above("/** D. NOSONAR */"), "documentation"),
    "noinspection": (PLAIN, above("/** @noinspection unused, too */"), "documentation"),
    "directive changed": ("class A { // CHECKSTYLE:OFF\n}\n", "class A { // CHECKSTYLE:ON\n}\n", "comment changed"),
    # head and hidden characters
    "byte order mark added": (PLAIN, "\ufeff" + PLAIN, "encoding"),
    "not UTF-8": (PLAIN.encode(), above("/** D. */").encode().replace(b"D.", b"\xff"), "encoding"),
    "bare CR": (PLAIN, above("/** a\rb */"), "hidden"),
    "form feed": (PLAIN, above("/** a\x0cb */"), "hidden"),
    "right to left": (PLAIN, above("/** a\u202eb */"), "hidden"),
    "zero width": (PLAIN, above("/** a\u200bb */"), "hidden"),
    # what does not parse
    "unterminated": (PLAIN, above("/** Does it."), "syntax"),
    "syntax error": (PLAIN, PLAIN + "class {\n", "syntax"),
    "start state does not parse": (PLAIN + "class {\n", above("/** D. */") + "class {\n", "syntax"),
}


@pytest.mark.parametrize(("before", "after", "rule"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_other_code(before: str | bytes, after: str | bytes, rule: str) -> None:
    assert_different("java", before, after, rule)


def test_overloads_are_numbered() -> None:
    before = "class A {\n  void f() {}\n  void f(int x) {}\n  void g() {}\n}\n"
    after = before.replace("  void f(int", "  /** D. */\n  void f(int")
    result = compare(Java, before.encode(), after.encode())
    assert [(c.qualname, c.ordinal, c.row) for c in result.documentation] == [("A.f", 2, 3)]
