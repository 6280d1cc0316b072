"""What documents a definition in Go, and which edits beside it are refused."""

import pytest

from sameness_rows import Different, Documentation, Same, assert_different, assert_same

HEAD = "package p\n\n"
PLAIN = HEAD + "func F(x int) int {\n\treturn x\n}\n"
METHOD = HEAD + "type Server struct {\n\tport int\n}\n\nfunc (s *Server) Run() {}\n"
GROUP = HEAD + "type (\n\tA struct{}\n\n\tB int\n)\n"
NOTED = HEAD + "// detached\n\nfunc F() { // behind\n\t// above\n\tx := 1 // end\n\t_ = x\n}\n\n// below\n"


def above(documentation: str, definition: str = "func F(") -> str:
    return (PLAIN if definition == "func F(" else METHOD).replace(definition, f"{documentation}\n{definition}")


SAME: Same = {
    # every way to write documentation
    "line": (PLAIN, above("// F does it."), [("F", None, "F does it.")]),
    "lines": (PLAIN, above("// F does it.\n//\n// More of it."), [("F", None, "F does it.\n\nMore of it.")]),
    "without a blank": (PLAIN, above("//F does it."), [("F", None, "F does it.")]),
    "block": (PLAIN, above("/* F does it. */"), [("F", None, "F does it.")]),
    "block of lines": (PLAIN, above("/*\nF does it.\n\nMore.\n*/"), [("F", None, "F does it.\n\nMore.")]),
    "decorated block": (PLAIN, above("/**\n * F does it.\n */"), [("F", None, "F does it.")]),
    "block and line": (PLAIN, above("/* F does it. */\n// More."), [("F", None, "F does it.\nMore.")]),
    "indented code": (PLAIN, above("// F does it:\n//\n//\tF(1)"), [("F", None, "F does it:\n\n\tF(1)")]),
    "code inside": (PLAIN, above("/*\nfunc G() {}\n*/"), [("F", None, "func G() {}")]),
    "empty": (PLAIN, above("//"), [("F", None, "")]),
    "other scripts": (PLAIN, above("// F größer 大小 ⚠️"), [("F", None, "F größer 大小 ⚠️")]),
    "quotes inside": (PLAIN, above("// F \"q\" `r` 's'"), [("F", None, "F \"q\" `r` 's'")]),
    "opening inside": (PLAIN, above("/* a /* b */"), [("F", None, "a /* b")]),
    "line comment in a block": (PLAIN, above("/* a // b */"), [("F", None, "a // b")]),
    "Deprecated paragraph": (
        PLAIN,
        above("// F does it.\n//\n// Deprecated: Use G."),
        [("F", None, "F does it.\n\nDeprecated: Use G.")],
    ),
    # what was there before
    "nothing": (PLAIN, PLAIN, []),
    "changed": (above("// Old."), above("// New."), [("F", "Old.", "New.")]),
    "removed": (above("// Old."), PLAIN, [("F", "Old.", None)]),
    "only written differently": (above("// Doc."), above("/* Doc. */"), []),
    "one line more": (above("// Old."), above("// Old.\n// More."), [("F", "Old.", "Old.\nMore.")]),
    # directives
    "above a directive": (
        HEAD + "//go:noinline\nfunc F() {}\n",
        HEAD + "// F does.\n//\n//go:noinline\nfunc F() {}\n",
        [("F", None, "F does.")],
    ),
    "below a directive": (
        HEAD + "//go:noinline\nfunc F() {}\n",
        HEAD + "//go:noinline\n// F does.\nfunc F() {}\n",
        [("F", None, "F does.")],
    ),
    "around a directive": (
        HEAD + "//export F\nfunc F() {}\n",
        HEAD + "// F does.\n//export F\n// More.\nfunc F() {}\n",
        [("F", None, "F does.\nMore.")],
    ),
    "above nolint": (
        HEAD + "//nolint:gocyclo\nfunc F() {}\n",
        HEAD + "// F does.\n//nolint:gocyclo\nfunc F() {}\n",
        [("F", None, "F does.")],
    ),
    "below a build constraint": (
        "//go:build linux\n\npackage p\n",
        "//go:build linux\n\n// Package p is.\npackage p\n",
        [("", None, "Package p is.")],
    ),
    # places
    "package": ("package p\n", "// Package p is.\npackage p\n", [("", None, "Package p is.")]),
    "package below a license": (
        "// License.\n\npackage p\n",
        "// License.\n\n/*\nPackage p is.\n*/\npackage p\n",
        [("", None, "Package p is.")],
    ),
    "method": (METHOD, above("// Run runs.", "func (s *S"), [("Server.Run", None, "Run runs.")]),
    "struct": (METHOD, above("// Server serves.", "type Server"), [("Server", None, "Server serves.")]),
    "type and method": (
        METHOD,
        METHOD.replace("type", "// A is.\ntype").replace("func", "// B is.\nfunc"),
        [("Server", None, "A is."), ("Server.Run", None, "B is.")],
    ),
    "generic receiver": (
        HEAD + "func (l *List[T]) Len() int { return 0 }\n",
        HEAD + "// Len counts.\nfunc (l *List[T]) Len() int { return 0 }\n",
        [("List.Len", None, "Len counts.")],
    ),
    "type in a group": (GROUP, GROUP.replace("\tB", "\t// B is.\n\tB"), [("B", None, "B is.")]),
    "first of a group": (GROUP, GROUP.replace("\tA", "\t// A is.\n\tA"), [("A", None, "A is.")]),
    "interface": (
        HEAD + "type I interface {\n\tM()\n}\n",
        HEAD + "// I is.\ntype I interface {\n\tM()\n}\n",
        [("I", None, "I is.")],
    ),
    "alias": (HEAD + "type A = int\n", HEAD + "// A is.\ntype A = int\n", [("A", None, "A is.")]),
    "type in a function": (
        HEAD + "func F() {\n\ttype T struct{}\n\t_ = T{}\n}\n",
        HEAD + "func F() {\n\t// T is.\n\ttype T struct{}\n\t_ = T{}\n}\n",
        [("F.T", None, "T is.")],
    ),
    "type in a case": (
        HEAD + "func F() {\n\tswitch {\n\tcase true:\n\t\ttype T int\n\t}\n}\n",
        HEAD + "func F() {\n\tswitch {\n\tcase true:\n\t\t// T is.\n\t\ttype T int\n\t}\n}\n",
        [("F.T", None, "T is.")],
    ),
    "below a detached comment": (NOTED, NOTED.replace("func", "// F does.\nfunc"), [("F", None, "F does.")]),
    "second of one name": (
        HEAD + "func init() {}\nfunc init() {}\n",
        HEAD + "func init() {}\n\n// It does.\nfunc init() {}\n",
        [("init", None, "It does.")],
    ),
    "behind a line with a comment": (
        HEAD + "var x = 1 // one\nfunc F() {}\n",
        HEAD + "var x = 1 // one\n\n// F does.\nfunc F() {}\n",
        [("F", None, "F does.")],
    ),
    "a declaration opened up": (
        HEAD + "var x int; func F() {}\n",
        HEAD + "var x int;\n// F does.\nfunc F() {}\n",
        [("F", None, "F does.")],
    ),
    # layout
    "blank lines": (PLAIN, PLAIN.replace("\nfunc", "\n\n\nfunc"), []),
    "blanks": (PLAIN, PLAIN.replace("\treturn x", "    return  x "), []),
    "line end at the end": (PLAIN.rstrip("\n"), PLAIN, []),
    "CRLF": (PLAIN.replace("\n", "\r\n"), above("// F does.").replace("\n", "\r\n"), [("F", None, "F does.")]),
    "LF into CRLF": (
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r\n").replace("func", "// D.\nfunc"),
        [("F", None, "D.")],
    ),
    "byte order mark": ("\ufeff" + PLAIN, "\ufeff" + above("// D."), [("F", None, "D.")]),
}


@pytest.mark.parametrize(("before", "after", "documentation"), SAME.values(), ids=SAME.keys())
def test_same_code(before: str, after: str, documentation: Documentation) -> None:
    assert_same("go", before, after, documentation)


STRUCT = HEAD + "type T struct {\n\ta int\n\tb int\n}\n"
CGO = 'package p\n\n/*\nint one(void);\n*/\nimport "C"\n\nfunc F() {}\n'

DIFFERENT: Different = {
    # code
    "token changed": (PLAIN, PLAIN.replace("return x", "return y"), "code changed"),
    "statement added": (PLAIN, PLAIN.replace("return x", "x++; return x"), "code changed"),
    "declaration added": (PLAIN, PLAIN + "var y = 1\n", "code added"),
    "declaration removed": (METHOD, METHOD.replace("func (s *Server) Run() {}\n", ""), "code removed"),
    "code behind the comment": (PLAIN, above("/* F does. */ var y = 1;"), "code changed"),
    "comment that ends early": (PLAIN, above("/* F does. */ func G() {} /* */"), "comment added"),
    "string": (HEAD + 'var s = "a"\n', HEAD + 'var s = "b"\n', "code changed"),
    "blank in a raw string": (HEAD + "var s = `a\n b`\n", HEAD + "var s = `a\n  b`\n", "code changed"),
    "comment in a raw string": (HEAD + "var s = `a\nb`\n", HEAD + "var s = `a\n// c\nb`\n", "code changed"),
    "semicolon added": (HEAD + "func F() {\n\tG()\n}\n", HEAD + "func F() {\n\tG();\n}\n", "code added"),
    "parentheses": (PLAIN, PLAIN.replace("return x", "return (x)"), "code changed"),
    "receiver": (METHOD, METHOD.replace("s *Server", "s Server"), "code changed"),
    "methods swapped": (
        HEAD + "func (t T) A() {}\nfunc (t T) B() {}\n",
        HEAD + "func (t T) B() {}\nfunc (t T) A() {}\n",
        "code changed",
    ),
    "tag of a field": (
        HEAD + 'type T struct {\n\ta int `x:"1"`\n}\n',
        HEAD + 'type T struct {\n\ta int `x:"2"`\n}\n',
        "code changed",
    ),
    "emptied": (PLAIN, "", "code removed"),
    # line breaks: Go's parser makes semicolons of them
    "break behind return": (PLAIN, PLAIN.replace("return x", "return\n\tx"), "code removed"),
    "break in an argument list": (HEAD + "var x = f(1, 2)\n", HEAD + "var x = f(1, 2\n)\n", "line break added"),
    "break before an operator": (HEAD + "var x = 1 + 2\n", HEAD + "var x = 1\n+ 2\n", "code changed"),
    "break in a literal": (HEAD + "var x = []int{1}\n", HEAD + "var x = []int{1\n}\n", "line break added"),
    "break behind a brace": (HEAD + "func F() {}\n", HEAD + "func F()\n{}\n", "code removed"),
    "lines joined": (HEAD + "var x = f(\n\t1)\n", HEAD + "var x = f(1)\n", "line break removed"),
    # comments
    "not adjacent": (PLAIN, above("// F does it.\n"), "comment added"),
    "on the same line": (PLAIN, PLAIN.replace("func F", "/* F does. */ func F"), "comment added"),
    "behind the definition": (PLAIN, PLAIN.replace("{\n", "{ // F does.\n"), "comment added"),
    "in the body": (PLAIN, PLAIN.replace("\treturn", "\t// F does.\n\treturn"), "comment added"),
    "on a field": (STRUCT, STRUCT.replace("\tb int", "\t// b is.\n\tb int"), "comment added"),
    "behind a field": (STRUCT, STRUCT.replace("b int", "b int // b is."), "comment added"),
    "on a method of an interface": (
        HEAD + "type I interface {\n\tM()\n}\n",
        HEAD + "type I interface {\n\t// M does.\n\tM()\n}\n",
        "comment added",
    ),
    "on a variable": (HEAD + "var x = 1\n", HEAD + "// x is.\nvar x = 1\n", "comment added"),
    "on a group": (GROUP, GROUP.replace("type (", "// These are.\ntype ("), "comment added"),
    "between two definitions": (METHOD, METHOD.replace("\nfunc", "// D.\n\nfunc"), "comment added"),
    "comment removed": (NOTED, NOTED.replace("\t// above\n", ""), "comment removed"),
    "comment changed": (NOTED, NOTED.replace("end", "other"), "comment changed"),
    "comment up a line": (NOTED, NOTED.replace("\tx := 1 // end", "\t// end\n\tx := 1"), "comment added"),
    "comment at the end": (NOTED, NOTED + "// more\n", "comment added"),
    "detached comment attached": (NOTED, NOTED.replace("detached\n\n", "detached\n"), "comment removed"),
    "documentation detached": (above("// D."), above("// D.\n"), "comment added"),
    "documentation moved to another": (
        METHOD.replace("type", "// D.\ntype").replace("func", "// E.\nfunc"),
        METHOD.replace("type", "// D.\n// E.\ntype").replace("func", "// E.\n\nfunc"),
        "comment added",
    ),
    # directives
    "directive as documentation": (PLAIN, above("//go:noinline"), "comment added"),
    "directive among documentation": (PLAIN, above("// F does.\n//go:nosplit"), "comment added"),
    "export": (PLAIN, above("//export F"), "comment added"),
    "line directive": (PLAIN, above("//line other.go:1"), "comment added"),
    "line directive in a block": (PLAIN, above("/*line other.go:1*/"), "comment added"),
    "nolint": (PLAIN, above("// nolint"), "comment added"),
    "linter's directive": (PLAIN, above("//lint:ignore U1000 x"), "comment added"),
    "go:generate in a block": (PLAIN, above("/*\n//go:generate rm -rf x\n*/"), "documentation"),
    "says that it is generated": (PLAIN, above("// Code generated by me. DO NOT EDIT."), "documentation"),
    "nosec": (PLAIN, above("// F does. #nosec"), "documentation"),
    "directive removed": (HEAD + "//go:noinline\nfunc F() {}\n", HEAD + "// D.\nfunc F() {}\n", "comment removed"),
    "directive changed": (
        HEAD + "//go:embed a\nvar x string\n",
        HEAD + "//go:embed b\nvar x string\n",
        "comment changed",
    ),
    "export detached": (HEAD + "//export F\nfunc F() {}\n", HEAD + "//export F\n\nfunc F() {}\n", "comment moved"),
    "below nolint": (
        HEAD + "//nolint:all\nfunc F() {}\n",
        HEAD + "//nolint:all\n// D.\nfunc F() {}\n",
        "comment moved: no documentation may stand below",
    ),
    "C code detached": (CGO, CGO.replace("*/\nimport", "*/\n\nimport"), "comment moved: a blank line"),
    "C code changed": (CGO, CGO.replace("one", "two"), "comment changed"),
    "build constraint added": (PLAIN, "//go:build ignore\n\n" + PLAIN, "comment added"),
    "old build constraint added": (PLAIN, "// +build ignore\n" + PLAIN, "comment added"),
    "build constraint attached": (
        "// +build linux\n\npackage p\n",
        "// +build linux\npackage p\n",
        "comment moved: a blank line",
    ),
    "above a build constraint": (
        "//go:build linux\npackage p\n",
        "// Package p is.\n//go:build linux\npackage p\n",
        "comment moved: no documentation may stand above",
    ),
    # head and hidden characters
    "byte order mark added": (PLAIN, "\ufeff" + PLAIN, "encoding"),
    "not UTF-8": (PLAIN.encode(), above("// D.").encode().replace(b"D.", b"\xff"), "encoding"),
    "bare CR": (PLAIN, above("// a\rfunc G() {}"), "hidden"),
    "NUL": (PLAIN, above("// a\x00"), "hidden"),
    "line separator": (PLAIN, above("// a\u2028b"), "hidden"),
    "right to left": (PLAIN, above("// a\u202eb"), "hidden"),
    "zero width": (PLAIN, above("// a\u200bb"), "hidden"),
    # what does not parse
    "unterminated": (PLAIN, above("/* F does."), "syntax"),
    "syntax error": (PLAIN, PLAIN + "func (\n", "syntax"),
    "start state does not parse": (PLAIN + "func (\n", above("// D.") + "func (\n", "syntax"),
}


@pytest.mark.parametrize(("before", "after", "rule"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_other_code(before: str | bytes, after: str | bytes, rule: str) -> None:
    assert_different("go", before, after, rule)
