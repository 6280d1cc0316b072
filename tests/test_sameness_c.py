"""What documents a definition in C, and which edits beside it are refused."""

import pytest

from hybridgym.languages.c import C
from hybridgym.sameness import compare
from sameness_rows import Different, Documentation, Same, assert_different, assert_same

PLAIN = "#include <stdio.h>\n\nint f(int x)\n{\n    return x;\n}\n"
NOTED = "/* top */\nint f(void) /* behind */\n{\n    // above\n    return 1; // end\n}\n\n/* below */\nint x;\n"
GUARDED = "#ifndef A_H\n#define A_H\n\nint declared(int x);\n\nstatic inline int f(void) { return 1; }\n\n#endif\n"
CHOSEN = "#ifdef X\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif\n"
MACRO = "#define TWICE(x) \\\n    ((x) + (x))\n\nint f(void) { return TWICE(2); }\n"


def above(documentation: str) -> str:
    return PLAIN.replace("int f(", f"{documentation}\nint f(")


SAME: Same = {
    # every way to write documentation
    "one line": (PLAIN, above("/** Does it. */"), [("f", None, "Does it.")]),
    "several lines": (PLAIN, above("/**\n * Does it.\n *\n * More.\n */"), [("f", None, "Does it.\n\nMore.")]),
    "without stars": (PLAIN, above("/**\nDoes it.\n  More.\n*/"), [("f", None, "Does it.\n  More.")]),
    "exclamation mark": (PLAIN, above("/*! Does it. */"), [("f", None, "Does it.")]),
    "line of slashes": (PLAIN, above("/// Does it."), [("f", None, "Does it.")]),
    "lines of slashes": (PLAIN, above("/// Does it.\n///\n/// More."), [("f", None, "Does it.\n\nMore.")]),
    "lines with exclamation marks": (PLAIN, above("//! Does it.\n//! More."), [("f", None, "Does it.\nMore.")]),
    "many stars at the end": (PLAIN, above("/** Does it. **/"), [("f", None, "Does it.")]),
    "on the line of the definition": (PLAIN, PLAIN.replace("int f", "/** D. */ int f"), [("f", None, "D.")]),
    "tags": (
        PLAIN,
        above("/** Does it. @param x one\n * \\return two */"),
        [("f", None, "Does it. @param x one\n\\return two")],
    ),
    "opening inside": (PLAIN, above("/** a /* b */"), [("f", None, "a /* b")]),
    "code inside": (PLAIN, above("/** } int g(void) { */"), [("f", None, "} int g(void) {")]),
    "directive inside": (PLAIN, above("/**\n#define f g\n*/"), [("f", None, "#define f g")]),
    "quotes inside": (PLAIN, above("/** \"a' */"), [("f", None, "\"a'")]),
    "other scripts": (PLAIN, above("/** größer 大小 ⚠️ */"), [("f", None, "größer 大小 ⚠️")]),
    "blank lines below": (PLAIN, above("/** Does it. */\n\n"), [("f", None, "Does it.")]),
    # what was there before
    "nothing": (PLAIN, PLAIN, []),
    "changed": (above("/** Old. */"), above("/** New. */"), [("f", "Old.", "New.")]),
    "removed": (above("/** Old. */"), PLAIN, [("f", "Old.", None)]),
    "only written differently": (above("/** Doc. */"), above("/// Doc."), []),
    # places
    "above a comment": (NOTED, NOTED.replace("int f", "/** D. */\nint f"), [("f", None, "D.")]),
    "static": (
        "static int f(void) { return 1; }\n",
        "/** D. */\nstatic int f(void) { return 1; }\n",
        [("f", None, "D.")],
    ),
    "attribute": (
        "__attribute__((noinline)) int f(void) { return 1; }\n",
        "/** D. */\n__attribute__((noinline)) int f(void) { return 1; }\n",
        [("f", None, "D.")],
    ),
    "pointer": ("int *f(void) { return 0; }\n", "/** D. */\nint *f(void) { return 0; }\n", [("f", None, "D.")]),
    "old style": (
        "int f(a)\nint a;\n{\n    return a;\n}\n",
        "/** D. */\nint f(a)\nint a;\n{\n    return a;\n}\n",
        [("f", None, "D.")],
    ),
    "in a header": (GUARDED, GUARDED.replace("static", "/** D. */\nstatic"), [("f", None, "D.")]),
    "one of two": (CHOSEN, CHOSEN.replace("#else\n", "#else\n/** D. */\n"), [("f", None, "D.")]),
    "struct": ("struct a {\n    int b;\n};\n", "/** D. */\nstruct a {\n    int b;\n};\n", [("a", None, "D.")]),
    "union and enum": (
        "union a { int b; };\nenum c { D };\n",
        "/** A. */\nunion a { int b; };\n/** C. */\nenum c { D };\n",
        [("a", None, "A."), ("c", None, "C.")],
    ),
    "typedef": ("typedef struct { int b; } a;\n", "/** D. */\ntypedef struct { int b; } a;\n", [("a", None, "D.")]),
    "below a macro": (MACRO, MACRO.replace("int f", "/** D. */\nint f"), [("f", None, "D.")]),
    # layout
    "indentation": (PLAIN, PLAIN.replace("    return", "  return"), []),
    "blank lines": (PLAIN, PLAIN.replace("\n\nint", "\n\n\nint"), []),
    "line end at the end": (PLAIN.rstrip("\n"), PLAIN, []),
    "CRLF": (PLAIN.replace("\n", "\r\n"), above("/**\n * D.\n */").replace("\n", "\r\n"), [("f", None, "D.")]),
    "byte order mark": ("\ufeff" + PLAIN, "\ufeff" + above("/** D. */"), [("f", None, "D.")]),
}


@pytest.mark.parametrize(("before", "after", "documentation"), SAME.values(), ids=SAME.keys())
def test_same_code(before: str, after: str, documentation: Documentation) -> None:
    assert_same("c", before, after, documentation)


DIFFERENT: Different = {
    # code
    "token changed": (PLAIN, PLAIN.replace("return x", "return y"), "code changed"),
    "statement added": (PLAIN, PLAIN.replace("return x;", "x++; return x;"), "code changed"),
    "code behind the comment": (PLAIN, above("/** D. */ int y;"), "code changed"),
    "comment that ends early": (PLAIN, above("/** D. */ int y; /** */"), "code changed"),
    "comment that ends in its text": (PLAIN, above("/** a */ int y; // */"), "code changed"),
    "static added": (PLAIN, PLAIN.replace("int f", "static int f"), "code changed"),
    "include added": (PLAIN, "#include <math.h>\n" + PLAIN, "code changed"),
    "include removed": (PLAIN, PLAIN.replace("#include <stdio.h>\n", ""), "code changed"),
    "include of another": (PLAIN, PLAIN.replace("stdio", "stdlib"), "code changed"),
    "condition changed": (CHOSEN, CHOSEN.replace("ifdef X", "ifdef Y"), "code changed"),
    "condition turned": (CHOSEN, CHOSEN.replace("ifdef X", "ifndef X"), "code changed"),
    "macro changed": (MACRO, MACRO.replace("+", "*"), "code changed"),
    "macro ended early": (MACRO, MACRO.replace("\\\n    ", "\n    "), "code changed"),
    "line of a macro joined": (
        "#define A\nint f(void) { return 1; }\n",
        "#define A int f(void) { return 1; }\n",
        "code added",
    ),
    "directive broken": ("#define A 1\n", "#define A\n1\n", "syntax"),
    "string": ('char *s = "a";\n', 'char *s = "b";\n', "code changed"),
    "blank in a string": ('char *s = "a b";\n', 'char *s = "a  b";\n', "code changed"),
    "functions swapped": (
        "void f(void) {}\nvoid g(void) {}\n",
        "void g(void) {}\nvoid f(void) {}\n",
        "code changed",
    ),
    "emptied": (PLAIN, "", "code removed"),
    # comments
    "line comment": (PLAIN, above("// Does it."), "comment added"),
    "plain block": (PLAIN, above("/* Does it. */"), "comment added"),
    "three stars": (PLAIN, above("/*** Does it. */"), "comment added"),
    "four slashes": (PLAIN, above("//// Does it."), "comment added"),
    "empty block": (PLAIN, above("/**/"), "comment added"),
    "about what stands before": (PLAIN, above("/**< D. */"), "comment added"),
    "about the file": (PLAIN, "/** @file\n * D. */\n" + PLAIN, "comment added"),
    "about something that it names": (PLAIN, above("/** @def X\n * D. */"), "comment added"),
    "on a declaration": (GUARDED, GUARDED.replace("int declared", "/** D. */\nint declared"), "comment added"),
    "on a variable": ("int x;\n", "/** D. */\nint x;\n", "comment added"),
    "on a type along with a variable": (
        "struct { int a; } x;\n",
        "/** D. */\nstruct { int a; } x;\n",
        "comment added",
    ),
    "on a macro": (MACRO, "/** D. */\n" + MACRO, "comment added"),
    "in a macro": (MACRO, MACRO.replace("((x)", "/** D. */ ((x)"), "comment added"),
    "above the condition": (CHOSEN, "/** D. */\n" + CHOSEN, "comment added"),
    "on a member": ("struct a {\n    int b;\n};\n", "struct a {\n    /** D. */\n    int b;\n};\n", "comment added"),
    "in the parameters": (PLAIN, PLAIN.replace("int x", "/** D. */ int x"), "comment added"),
    "in the body": (PLAIN, PLAIN.replace("    return", "    /** D. */\n    return"), "comment added"),
    "behind the type": (PLAIN, PLAIN.replace("int f", "int /** D. */ f"), "comment added"),
    "behind the definition": (PLAIN, PLAIN.replace("\n}\n", "\n} /** D. */\n"), "comment added"),
    "above other documentation": (above("/** D. */"), above("/** E. */\n/** D. */"), "comment added"),
    "below other documentation": (above("/** D. */"), above("/** D. */\n/** E. */"), "comment added"),
    "comment removed": (NOTED, NOTED.replace("    // above\n", ""), "comment removed"),
    "comment changed": (NOTED, NOTED.replace("end", "other"), "comment changed"),
    "comment made documentation": (NOTED, NOTED.replace("/* top", "/** top"), "comment removed"),
    "documentation made a comment": (above("/** D. */"), above("/* D. */"), "comment added"),
    "comment down a line": (NOTED, NOTED.replace("return 1; // end", "return 1;\n    // end"), "comment moved"),
    # what tools and the compiler obey
    "line that goes on": (PLAIN, above("/// Does it. \\"), "code changed"),
    "line that goes on by a trigraph": (PLAIN, above("/// Does it. ??/"), "documentation"),
    "line that goes on in a block": (PLAIN, above("/** Does it. *\\\n/ int y; /* */"), "documentation"),
    "NOLINT": (PLAIN, above("/** D. NOLINT */"), "documentation"),
    "formatter off": (PLAIN, above("/** clang-format off */"), "documentation"),
    "indentation off": (PLAIN, above("/** *INDENT-OFF* */"), "documentation"),
    "cppcheck": (PLAIN, above("/** cppcheck-suppress all */"), "documentation"),
    # head and hidden characters
    "byte order mark added": (PLAIN, "\ufeff" + PLAIN, "encoding"),
    "not UTF-8": (PLAIN.encode(), above("/** D. */").encode().replace(b"D.", b"\xff"), "encoding"),
    "bare CR": (PLAIN, above("/** a\rb */"), "hidden"),
    "right to left": (PLAIN, above("/** a\u202eb */"), "hidden"),
    "zero width": (PLAIN, above("/** a\u200bb */"), "hidden"),
    # what does not parse
    "unterminated": (PLAIN, above("/** Does it."), "syntax"),
    "syntax error": (PLAIN, PLAIN + "int {\n", "syntax"),
    "start state does not parse": (PLAIN + "int {\n", above("/** D. */") + "int {\n", "syntax"),
}


@pytest.mark.parametrize(("before", "after", "rule"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_other_code(before: str | bytes, after: str | bytes, rule: str) -> None:
    assert_different("c", before, after, rule)


def test_alternatives_are_numbered() -> None:
    result = compare(C, CHOSEN.encode(), CHOSEN.replace("#else\n", "#else\n/** D. */\n").encode())
    assert [(c.qualname, c.ordinal) for c in result.documentation] == [("f", 2)]
