from collections.abc import Sequence

import pytest

from hybridgym.languages.base import Documented
from hybridgym.languages.python import Python
from hybridgym.languages.reading import SyntaxNode
from hybridgym.sameness import Sameness, compare

PLAIN = "def f(x):\n    return x\n"
CLASS = "class A:\n    size = 1\n\n    def f(self):\n        return 1\n\n    def g(self):\n        return 2\n"
NOTED = "def f(x):  # on def\n    # above\n    y = x  # behind\n    return y\n# below\n"
BLOCKS = ("if a:", "else:", "try:", "except E:", "finally:", "with a:", "for a in b:", "while a:", "def g():")


Documentation = list[tuple[str, str | None, str | None]]
"""Qualname, text before and text after."""


def judge(before: str | bytes, after: str | bytes) -> Sameness:
    old, new = (state.encode() if isinstance(state, str) else state for state in (before, after))
    return compare(Python, old, new)


def listed(result: Sameness) -> Documentation:
    return [(change.qualname, change.before, change.after) for change in result.documentation]


def in_body(documentation: str) -> str:
    return f"def f(x):\n    {documentation}\n    return x\n"


SAME: dict[str, tuple[str | bytes, str | bytes, Documentation]] = {
    # every way to write documentation
    "triple quotes": (PLAIN, in_body('"""Doc."""'), [("f", None, "Doc.")]),
    "triple single quotes": (PLAIN, in_body("'''Doc.'''"), [("f", None, "Doc.")]),
    "double quotes": (PLAIN, in_body('"Doc."'), [("f", None, "Doc.")]),
    "single quotes": (PLAIN, in_body("'Doc.'"), [("f", None, "Doc.")]),
    "several lines": (PLAIN, in_body('"""Doc.\n\n    More.\n    """'), [("f", None, "Doc.\n\n    More.\n    ")]),
    "raw": (PLAIN, in_body('r"""\\d"""'), [("f", None, "\\d")]),
    "capital raw": (PLAIN, in_body("R'\\d'"), [("f", None, "\\d")]),
    "u prefix": (PLAIN, in_body("u'Doc.'"), [("f", None, "Doc.")]),
    "implicit concatenation": (PLAIN, in_body("'a' \"b\" r'c'"), [("f", None, "abc")]),
    "in parentheses": (PLAIN, in_body("('Doc.')"), [("f", None, "Doc.")]),
    "concatenation in parentheses": (PLAIN, in_body("(('a'\n 'b'))"), [("f", None, "ab")]),
    "concatenation by continuation": (PLAIN, in_body("'a' \\\n    'b'"), [("f", None, "ab")]),
    "continuation in the string": (PLAIN, in_body("'a\\\nb'"), [("f", None, "ab")]),
    "escapes": (PLAIN, in_body("'\\x41\\N{BULLET}\\''"), [("f", None, "A•'")]),
    "invalid escape": (PLAIN, in_body("'\\d'"), [("f", None, "\\d")]),
    "quotes inside": (PLAIN, in_body('"""It\'s "q" \'\'\'x\'\'\'."""'), [("f", None, "It's \"q\" '''x'''.")]),
    "hash inside": (PLAIN, in_body('"""# no comment"""'), [("f", None, "# no comment")]),
    "code inside": (
        PLAIN,
        in_body('"""\nimport os\ndef g(): pass\n"""'),
        [("f", None, "\nimport os\ndef g(): pass\n")],
    ),
    "other scripts and emoji": (PLAIN, in_body('"""Größe 大小 ⚠️"""'), [("f", None, "Größe 大小 ⚠️")]),
    "empty": (PLAIN, in_body("''"), [("f", None, "")]),
    "blank lines around": (PLAIN, "def f(x):\n\n    '''Doc.'''\n\n\n    return x\n\n", [("f", None, "Doc.")]),
    "trailing semicolon": (PLAIN, in_body("'Doc.';"), [("f", None, "Doc.")]),
    "code on its line": (PLAIN, "def f(x):\n    'Doc.'; return x\n", [("f", None, "Doc.")]),
    # what was there before
    "nothing": (PLAIN, PLAIN, []),
    "changed": (in_body("'Old.'"), in_body('"""New."""'), [("f", "Old.", "New.")]),
    "removed": (in_body("'Old.'"), PLAIN, [("f", "Old.", None)]),
    "only quoted differently": (in_body("'Doc.'"), in_body('("Do" """c.""")'), []),
    "one line opened up": ("def f(x): return x\n", in_body("'Doc.'"), [("f", None, "Doc.")]),
    "one line stays": ("def f(x): return x\n", "def f(x): 'Doc.'; return x\n", [("f", None, "Doc.")]),
    "one line of two statements": ("def f(): a(); b()\n", "def f():\n  'D'\n  a()\n  b()\n", [("f", None, "D")]),
    "opened up with its comment": (
        "def f(): return 1  # c\n",
        "def f():\n  'D'\n  return 1  # c\n",
        [("f", None, "D")],
    ),
    "stub kept": ("def f(): ...\n", "def f():\n    '''D'''\n    ...\n", [("f", None, "D")]),
    # pass
    "pass replaced": ("def f():\n    pass\n", "def f():\n    'D'\n", [("f", None, "D")]),
    "pass kept": ("def f():\n    pass\n", "def f():\n    'D'\n    pass\n", [("f", None, "D")]),
    "pass dropped later": ("def f():\n    'D'\n    pass\n", "def f():\n    'D'\n", []),
    "pass on the line replaced": ("class E(Exception): pass\n", "class E(Exception):\n    'D'\n", [("E", None, "D")]),
    "pass comes back": ("def f():\n    'D'\n", "def f():\n    pass\n", [("f", "D", None)]),
    "comment behind pass": ("def f():\n    pass  # c\n", "def f():\n    'D'  # c\n", [("f", None, "D")]),
    "comment behind pass kept": ("def f(): pass  # c\n", "def f():\n    'D'\n    pass  # c\n", [("f", None, "D")]),
    "comment behind pass on def": ("def f(): pass  # c\n", "def f():  # c\n    'D'\n", [("f", None, "D")]),
    # comments stay where they are
    "below the comments": (NOTED, NOTED.replace("    y", "    'D'\n    y"), [("f", None, "D")]),
    "above the comments": (NOTED, NOTED.replace("    # above", "    'D'\n    # above"), [("f", None, "D")]),
    "blanks behind a comment": (NOTED, NOTED.replace("above", "above  "), []),
    "comment in the documentation": ("('a' # c\n)\nx = 1\n", "('a' # c\n)\nx  = 1\n", []),
    "below a type comment": (
        "def f(x):\n    # type: (int) -> int\n    return x\n",
        "def f(x):\n    # type: (int) -> int\n    'D'\n    return x\n",
        [("f", None, "D")],
    ),
    "old documentation above a type comment": (
        "def f():\n    'A'\n    # type: () -> int\n    return 1\n",
        "def f():\n    'B'\n    # type: () -> int\n    return 1\n",
        [("f", "A", "B")],
    ),
    # places
    "module": ("x = 1\n", '"""D"""\nx = 1\n', [("", None, "D")]),
    "module of nothing": ("", '"""D"""\n', [("", None, "D")]),
    "module with a future import": ("from __future__ import a\n", "'D'\nfrom __future__ import a\n", [("", None, "D")]),
    "module below its comments": (
        "#!/usr/bin/python\n# -*- coding: utf-8 -*-\nx = 1\n",
        "#!/usr/bin/python\n# -*- coding: utf-8 -*-\n'D'\nx = 1\n",
        [("", None, "D")],
    ),
    "class": (CLASS, CLASS.replace("    size", "    'D'\n    size"), [("A", None, "D")]),
    "method": (CLASS, CLASS.replace("        return 2", "        'D'\n        return 2"), [("A.g", None, "D")]),
    "class and method": (
        CLASS,
        CLASS.replace("    size", "    'D'\n    size").replace("        return 2", "        'E'\n        return 2"),
        [("A", None, "D"), ("A.g", None, "E")],
    ),
    "decorated": ("@d\n@e\n" + PLAIN, "@d\n@e\n" + in_body("'D'"), [("f", None, "D")]),
    "coroutine": ("async " + PLAIN, "async " + in_body("'D'"), [("f", None, "D")]),
    "long signature": (
        "def f(\n    x,  # c\n    y=(1, 2),\n) -> 'int':\n    return x\n",
        "def f(\n    x,  # c\n    y=(1, 2),\n) -> 'int':\n    'D'\n    return x\n",
        [("f", None, "D")],
    ),
    "in every kind of block": (
        "".join(
            f"{head}\n    def f(): return 1\n"
            for head in (
                "if a:",
                "else:",
                "try:",
                "except E:",
                "finally:",
                "with a:",
                "for a in b:",
                "while a:",
                "def g():",
            )
        ),
        "".join(
            f"{head}\n    def f():\n        'D'\n        return 1\n"
            for head in (
                "if a:",
                "else:",
                "try:",
                "except E:",
                "finally:",
                "with a:",
                "for a in b:",
                "while a:",
                "def g():",
            )
        ),
        [*[("f", None, "D")] * 8, ("g.f", None, "D")],
    ),
    "nested, both": (
        "def f():\n  def g(): pass\n  return g\n",
        "def f():\n  'F'\n  def g():\n    'G'\n  return g\n",
        [("f", None, "F"), ("f.g", None, "G")],
    ),
    "no line end at the end": ("def f(): pass", "def f():\n    'D'", [("f", None, "D")]),
    # bytes
    "LF into CRLF": (PLAIN.replace("\n", "\r\n"), in_body("'D'").replace("'\n", "'\r\n"), [("f", None, "D")]),
    "CRLF into LF": (PLAIN, "def f(x):\n    'D'\r\n    return x\n", [("f", None, "D")]),
    "all to CRLF, strings too": ("x = '''a\nb'''\n", "x = '''a\r\nb'''\r\n", []),
    "tabs": ("def f():\n\treturn 1\n", "def f():\n\t'D'\n\treturn 1\n", [("f", None, "D")]),
    "byte order mark": (b"\xef\xbb\xbf" + PLAIN.encode(), b"\xef\xbb\xbf'D'\n" + PLAIN.encode(), [("", None, "D")]),
    "latin-1": (
        b"# coding: latin-1\ndef f(): return '\xe4'\n",
        b"# coding: latin-1\ndef f():\n    '\xf6'\n    return '\xe4'\n",
        [("f", None, "ö")],
    ),
    "latin-1 as Emacs says it": (
        b"# -*- coding: iso-8859-1-unix -*-\nx = '\xe4'\n",
        b"# -*- coding: iso-8859-1-unix -*-\n'\xf6'\nx = '\xe4'\n",
        [("", None, "ö")],
    ),
    "form feed elsewhere": ("x = 1\n\x0c\n" + PLAIN, "x = 1\n\x0c\n" + in_body("'D'"), [("f", None, "D")]),
    "hidden character in old documentation": (in_body("'\x0b'"), in_body("'a \x0b b'"), [("f", "\x0b", "a \x0b b")]),
    "syntax of another Python": ("print 'x'\n" + PLAIN, "print 'x'\n" + in_body("'D'"), [("f", None, "D")]),
    # layout
    "line end at the end": ("x = 1", "x = 1\n", []),
    "line end at the end of another Python": ("print 1", "print 1\n\n", []),
    "layout": ("x = f(1, 2)\n", "x = f(1,\n      2)  \n\n", []),
    "blank before a long string": ("x = '''a\nb'''\n", "x  = '''a\nb'''\n", []),
    "continuation": ("x = 1 + 2\n", "x = 1 \\\n  + 2\n", []),
}


@pytest.mark.parametrize(("before", "after", "documentation"), SAME.values(), ids=SAME.keys())
def test_same_code(before: str | bytes, after: str | bytes, documentation: Documentation) -> None:
    result = judge(before, after)
    assert (result.same, result.reason, result.row) == (True, "", -1)
    assert listed(result) == documentation


def is_about_definitions(before: str | bytes, documentation: Documentation) -> bool:
    return isinstance(before, str) and documentation != [] and documentation[0][0] != "" and "\x0c" not in before


@pytest.mark.parametrize(
    ("before", "after", "documentation"),
    [row for row in SAME.values() if is_about_definitions(row[0], row[2])],
    ids=[name for name, row in SAME.items() if is_about_definitions(row[0], row[2])],
)
def test_same_code_in_a_file_for_another_python(before: str, after: str, documentation: Documentation) -> None:
    result = judge("print 'x'\n" + before, "print 'x'\n" + after)
    assert result.reason == ""
    assert listed(result) == documentation


COOKIE = "# coding: utf-8\n"

DIFFERENT = {
    # code
    "token changed": (PLAIN, PLAIN.replace("return x", "return y"), "code changed"),
    "statement added": (PLAIN, in_body("'D'; x = 2"), "code changed"),
    "statement behind the last": (PLAIN, PLAIN + "x = 1\n", "code added"),
    "statement removed": ("x = 1\ny = 2\n", "x = 1\n", "code removed"),
    "code behind the closing quotes": (PLAIN, in_body('"""D""" or exit()'), "code changed"),
    "code between strings": (PLAIN, in_body('"""a""" + exit() + """b"""'), "code changed"),
    "code behind the next string": (PLAIN, in_body('"""a"""\n    """b"""'), "code changed"),
    "call on a string": (PLAIN, in_body("'D'.upper()"), "code changed"),
    "tuple of a string": (PLAIN, in_body("'D',"), "code changed"),
    "string that is not first": (PLAIN, "def f(x):\n    return x\n    'D'\n", "code added"),
    "string above the old one": (in_body("'Old.'"), in_body("'New.'\n    'Old.'"), "code changed"),
    "string below the only one": ("def f():\n    'Old.'\n", "def f():\n    'New.'\n    'Old.'\n", "code added"),
    "byte string": (PLAIN, in_body("b'D'"), "code changed"),
    "formatted string": (PLAIN, in_body("f'D'"), "code changed"),
    "documentation becomes formatted": (in_body("'D'"), in_body("f'D'"), "code changed"),
    "documentation joined with formatted": (in_body("'D'"), in_body("'D' f'{exit()}'"), "code changed"),
    "documentation assigned": (in_body("'D'"), in_body("__doc__ = 'D'"), "code changed"),
    "string with a walrus": (PLAIN, in_body("(x := 'D')"), "code changed"),
    "string in a lambda's place": ("f = lambda: 1\n", "f = lambda: 'D'\n", "code changed"),
    "decorator removed": ("@d\n" + PLAIN, PLAIN, "code changed"),
    "decorators swapped": ("@d\n@e\n" + PLAIN, "@e\n@d\n" + PLAIN, "code changed"),
    "async added": (PLAIN, "async " + PLAIN, "code changed"),
    "default changed": ("def f(x=1): pass\n", "def f(x=2): pass\n", "code changed"),
    "annotation changed": ("x: int = 1\n", "x: str = 1\n", "code changed"),
    "statement moved out": ("if a:\n    b\n    c\n", "if a:\n    b\nc\n", "code removed"),
    "statement moved in": ("if a:\n    b\nc\n", "if a:\n    b\n    c\n", "code added"),
    "method moved out": (CLASS, CLASS.replace("    def g(self):\n    ", "def g(self):\n"), "code removed"),
    "methods swapped": (CLASS, CLASS.replace("def f", "def h").replace("def g", "def f"), "code changed"),
    "else moved": (
        "for a in b:\n  if c:\n    d\n  else:\n    e\n",
        "for a in b:\n  if c:\n    d\nelse:\n    e\n",
        "code removed",
    ),
    "string in code": ("x = 'a'\n", "x = 'b'\n", "code changed"),
    "blank in a string": ("x = 'a b'\n", "x = 'a  b'\n", "code changed"),
    "quotes in code": ("x = 'a'\n", 'x = "a"\n', "code changed"),
    "hash in a string": ("x = '#a'\n", "x = '#b'\n", "code changed"),
    "line of a long string": ("x = '''\n# a\n'''\n", "x = '''\n# a\n# b\n'''\n", "code changed"),
    "expression in a formatted string": ("x = f'{a}'\n", "x = f'{b}'\n", "code changed"),
    "blank in a formatted string": ("x = f'{a}'\n", "x = f'{ a }'\n", "code changed"),
    "format specification": ("x = f'{a:>3}'\n", "x = f'{a:<3}'\n", "code changed"),
    "number's form": ("x = 10\n", "x = 0xA\n", "code changed"),
    "parentheses added": ("x = a + b\n", "x = (a + b)\n", "code changed"),
    "comma added": ("x = [a]\n", "x = [a,]\n", "code changed"),
    "operators": ("x = a - b - c\n", "x = a - b + c\n", "code changed"),
    "not added": ("x = a in b\n", "x = a not in b\n", "code changed"),
    "starred": ("f(a)\n", "f(*a)\n", "code changed"),
    "identifiers that normalise to one": ("fi = 1\n", "ﬁ = 1\n", "code changed"),
    "pass for code": ("def f():\n    return 1\n", "def f():\n    'D'\n", "code removed"),
    "stub dropped": ("def f(): ...\n", "def f():\n    'D'\n", "code removed"),
    "stub for pass": ("def f(): pass\n", "def f(): ...\n", "code changed"),
    "pass of two dropped": ("def f():\n    pass\n    pass\n", "def f():\n    'D'\n    pass\n", "code removed"),
    "pass of a branch": ("if a:\n    pass\n", "if a:\n    'D'\n", "code changed"),
    "pass of a module": ("pass\n", "'D'\n", "code removed"),
    "pass of a body with code": ("def f():\n    pass\n    g()\n", "def f():\n    'D'\n    g()\n", "code changed"),
    "documentation in a branch": ("if a:\n    b\n", "if a:\n    'D'\n    b\n", "code changed"),
    "emptied": (PLAIN, "", "code removed"),
    # comments
    "comment added": (NOTED, NOTED.replace("    return", "    # new\n    return"), "comment added"),
    "comment added behind documentation": (PLAIN, in_body("'D'  # new"), "comment added"),
    "comment in new documentation": (PLAIN, in_body("('D'  # new\n    )"), "comment added"),
    "comment at the end": (PLAIN, PLAIN + "# new\n", "comment added"),
    "comment removed": (NOTED, NOTED.replace("    # above\n", ""), "comment removed"),
    "comment changed": (NOTED, NOTED.replace("behind", "elsewhere"), "comment changed"),
    "comment up a line": (NOTED, NOTED.replace("    y = x  # behind", "    # behind\n    y = x"), "comment added"),
    "comment behind the last token": (NOTED, NOTED.replace("x  # behind", "x\n    # behind"), "comment moved"),
    "comment deeper": (NOTED, NOTED.replace("# below", "    # below"), "comment moved"),
    "comments swapped": ("# a\n# b\nx = 1\n", "# b\n# a\nx = 1\n", "comment changed"),
    "comment from def to documentation": (
        "def f():  # noqa\n    pass\n",
        "def f():\n    'D'  # noqa\n",
        "comment moved",
    ),
    "comment from pass to def": ("def f():\n    pass  # noqa\n", "def f():  # noqa\n    'D'\n", "comment moved"),
    "comment from return to def": ("def f(): return 1  # c\n", "def f():  # c\n    return 1\n", "comment added"),
    "type comment": ("x = []  # type: List[int]\n", "x = []  # type: List[str]\n", "comment changed"),
    "above a type comment": (
        "def f(x):\n    # type: (int) -> int\n    return x\n",
        "def f(x):\n    'D'\n    # type: (int) -> int\n    return x\n",
        "comment moved",
    ),
    "above a file's type: ignore": ("# type: ignore\nx = 1\n", "'D'\n# type: ignore\nx = 1\n", "comment moved"),
    "above a directive of Cython": (
        "# cython: wraparound=False\nx = 1\n",
        "'D'\n# cython: wraparound=False\nx = 1\n",
        "comment moved",
    ),
    "block of inline metadata": (PLAIN, "# /// script\n# dependencies = ['x']\n# ///\n" + PLAIN, "comment added"),
    "inline metadata in documentation": (PLAIN, "'''\n# /// script\n# ///\n'''\n" + PLAIN, "documentation"),
    "isort switched off in documentation": (PLAIN, "'''isort:skip_file'''\n" + PLAIN, "documentation"),
    "comment that is no documentation": (PLAIN, "def f(x):\n    # D\n    return x\n", "comment added"),
    # head
    "byte order mark added": (PLAIN.encode(), b"\xef\xbb\xbf" + PLAIN.encode(), "encoding"),
    "byte order mark removed": (b"\xef\xbb\xbf" + PLAIN.encode(), PLAIN.encode(), "encoding"),
    "cookie added": (PLAIN, COOKIE + PLAIN, "encoding"),
    "cookie removed": (COOKIE + PLAIN, PLAIN, "encoding"),
    "cookie changed": (COOKIE + PLAIN, "# coding: ascii\n" + PLAIN, "encoding"),
    "cookie pushed down": (COOKIE + PLAIN, "'D'\n\n" + COOKIE + PLAIN, "encoding"),
    "cookie below code": ("\n# coding: latin-1\nx = 1\n", "'D'\n# coding: latin-1\nx = 1\n", "encoding"),
    "cookie in documentation": (PLAIN, "'''\\\n# coding: latin-1\n'''\n" + PLAIN, "encoding"),
    "UTF-7": (b"# coding: utf-7\nx = 1\n", b"# coding: utf-7\n'D'\nx = 1\n", "encoding"),
    "UTF-7 hides code": ("x = 1\n", "# coding: utf-7\nx = 1 #+AAo-import os\n", "encoding"),
    "unicode_escape": (
        "# coding: unicode_escape\nx = 1\n",
        "# coding: unicode_escape\nx = 1\n# \\nimport os\n",
        "encoding",
    ),
    "not UTF-8": (PLAIN.encode(), b"def f(x):\n    '\xff'\n    return x\n", "encoding"),
    "not ASCII under an ASCII cookie": ("# coding: ascii\nx = 1\n", "# coding: ascii\n'ä'\nx = 1\n", "encoding"),
    "start state is not UTF-8": (b"x = '\xff'\n", b"'D'\nx = '\xff'\n", "encoding"),
    "interpreter line added": (PLAIN, "#!/bin/sh\n" + PLAIN, "first line"),
    "interpreter line displaced": ("#!/bin/sh\n" + PLAIN, "'D'\n#!/bin/sh\n" + PLAIN, "first line"),
    "interpreter line changed": ("#!/bin/sh\n" + PLAIN, "#!/bin/bash\n" + PLAIN, "first line"),
    # hidden characters
    "bare CR hides code": ("x = 1  # c\ny = 2\n", "x = 1  # c\rimport os\ny = 2\n", "hidden"),
    "bare CR in documentation": (PLAIN, in_body("'''a\rb'''"), "hidden"),
    "CR CR LF": (PLAIN, in_body("'D'\r\r"), "hidden"),
    "form feed moved": ("'''a\x0cb'''\nx = 1; y = 2\n", "'''ab'''\nx = 1;\x0cy = 2\n", "hidden"),
    "bare CR before": (PLAIN + "# a\rb\n", in_body("'D'") + "# a\rb\n", "hidden"),
    "form feed": (PLAIN, in_body("'''a\x0cb'''"), "hidden"),
    "form feed in indentation": ("if a:\n    b\n    c\n", "if a:\n    b\n    \x0cc\n", "hidden"),
    "vertical tab": (PLAIN, in_body("'''a\x0bb'''"), "hidden"),
    "NUL": (PLAIN, in_body("'''a\x00b'''"), "hidden"),
    "escape": (PLAIN, in_body("'''\x1b[2K'''"), "hidden"),
    "next line": (PLAIN, in_body("'''a\x85b'''"), "hidden"),
    "line separator": (PLAIN, in_body("'''a\u2028b'''"), "hidden"),
    "paragraph for line separator": (in_body("'\u2028'"), in_body("'\u2029'"), "hidden"),
    "right to left": (PLAIN, in_body("'''\u202e'''"), "hidden"),
    "isolate": (PLAIN, in_body("'''\u2066'''"), "hidden"),
    "zero width": (PLAIN, in_body("'''a\u200bb'''"), "hidden"),
    "mark inside": (PLAIN, in_body("'''\ufeff'''"), "hidden"),
    "tag characters": (PLAIN, in_body("'''\U000e0041'''"), "hidden"),
    "one more than before": (in_body("'\x0c'"), in_body("'\x0c\x0c'"), "hidden"),
    # what does not parse
    "syntax error": (PLAIN, PLAIN + "def\n", "syntax"),
    "unterminated": (PLAIN, in_body('"""D'), "syntax"),
    "start state does not parse": ("def\n" + PLAIN, "def\n" + in_body("'D'"), "syntax"),
    "tabs against blanks": ("if a:\n        b\n        c\n", "if a:\n        b\n\tc\n", "program"),
    "tab for blanks at a definition": (
        "if a:\n        def f(): pass\n        x\n",
        "if a:\n\tdef f():\n\t\t'D'\n        x\n",
        "program",
    ),
    "documentation in what Python reads as a string": (
        "# c\r'''\ndef f(): pass\n# '''\n",
        "# c\r'''\ndef f():\n    'D'\n# '''\n",
        "hidden",
    ),
    "start state's documentation is not valid": ("def f():\n    '\\x1'\n", "def f():\n    'D'\n", "documentation"),
    "bad escape beside another Python": ("print 'x'\n" + PLAIN, "print 'x'\n" + in_body("'\\x1'"), "program"),
    "emptied body beside another Python": ("print 'x'\ndef f():\n    pass\n", "print 'x'\ndef f():\n", "code changed"),
    "layout beside another Python": ("print 'x'\nx = 1\n" + PLAIN, "print 'x'\nx  = 1\n" + in_body("'D'"), "program"),
    "continuation without a line": ("x = 1\n\\\n\n", "x = 1\n\\\n", "program"),
    "documentation too deep": (PLAIN, "def f(x):\n      'D'\n    return x\n", "code removed"),
    "bad escape": (PLAIN, in_body("'\\x1'"), "program"),
    "unknown character name": (PLAIN, in_body("'\\N{no such}'"), "program"),
    "surrounding code of another Python": ("print 'x'\n" + PLAIN, "print 'y'\n" + in_body("'D'"), "code changed"),
    "layout of another Python": ("print 'x'\nprint 'y'\n", "print 'x'\n    print 'y'\n", "program"),
}


@pytest.mark.parametrize(("before", "after", "rule"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_other_code(before: str | bytes, after: str | bytes, rule: str) -> None:
    result = judge(before, after)
    assert not result.same
    assert result.reason.startswith(rule), result.reason
    assert result.documentation == ()


@pytest.mark.parametrize(
    "deep",
    [
        "x = " + "(" * 20_000 + ")" * 20_000,
        "x = " + "-" * 20_000 + "1",
        "x = " + "+".join("a" * 20_000),
        "x = " + "[" * 20_000,
        "".join(f"{' ' * level}if a:\n" for level in range(300)) + " " * 300 + "b",
        "x = " + "a." * 20_000 + "b",
    ],
    ids=["parentheses", "unary", "sum", "brackets", "blocks", "attributes"],
)
def test_deep_code_is_judged(deep: str) -> None:
    assert not judge(PLAIN, PLAIN + deep).same
    documented = judge(deep + "\n" + PLAIN, deep + "\n" + in_body("'D'"))
    assert documented.same or documented.reason.startswith("syntax")


def test_a_long_expression_beside_documentation_is_no_obstacle() -> None:
    total = "x = " + " + ".join(["a"] * 500) + "\n"
    assert judge(total + PLAIN, total + in_body("'D'")).same
    assert judge(total + "y  = 1\n" + PLAIN, total + "y = 1\n" + in_body("'D'")).same


def test_definitions_of_one_name_are_numbered() -> None:
    before = "def f(): pass\n" + CLASS + "def f(): pass\n" + CLASS
    after = (
        "def f(): pass\n"
        + CLASS
        + "def f():\n    'D'\n"
        + CLASS.replace("        return 1", "        'E'\n        return 1")
    )
    assert [c.ordinal for c in judge(PLAIN, "'D'\n" + PLAIN).documentation] == [1]
    assert [(c.qualname, c.ordinal, c.row) for c in judge(before, after).documentation] == [("f", 2, 9), ("A.f", 2, 14)]


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [
        ("x = 1\ny = 2\n", "x = 1\ny = 3\n", 1),
        ("x = 1\n", "x = 1\n\nz = 3\n", 2),
        ("x = 1\n# c\ny = 2\n", "x = 1\n\n# d\ny = 2\n", 2),
        ("x = 1\n# c\ny = 2\n", "x = 1\ny = 2\n", 1),
        ("x = 1\n\x0c\ny = 2\n", "x = 1\n\x0c\n'\x0c'\ny = 2\n", 2),
        ("# é\n'\u2028'\n", "# é\n'\u2029'\n", 1),
        ("x = 1\n", "x = 1\n\n)\n", 2),
        ("x = 1\n\n" + PLAIN, "x = 1\n\n" + in_body("'\\x1'"), 2),
        (PLAIN, "#!/bin/sh\n" + PLAIN, 0),
        (PLAIN, "\n# coding: ascii\n" + PLAIN, 0),
        (PLAIN, "'''\n# /// script\n'''\n" + PLAIN, 1),
    ],
    ids=[
        "changed",
        "added",
        "comment",
        "comment removed",
        "second form feed",
        "separator",
        "syntax",
        "program",
        "interpreter line",
        "cookie",
        "metadata",
    ],
)
def test_the_place_is_named(before: str, after: str, row: int) -> None:
    assert judge(before, after).row == row


def test_the_reason_quotes_what_differs() -> None:
    assert judge("x = 1\n", "x = 2\n").reason == "code changed: `2` where the start state has `1`"
    assert judge("x = 1\n", "x = 1\n# " + "c" * 100 + "\n").reason == f"comment added or moved: `# {'c' * 58}…`"


def test_the_reason_says_which_state_cannot_be_read() -> None:
    assert judge(b"x = '\xff'\n", b"x = 1\n").reason == "encoding: the start state is not utf-8"
    assert judge(b"x = 1\n", b"x = '\xff'\n").reason == "encoding: the result is not utf-8"


def test_a_stranger_to_python_is_judged_by_its_tree_alone() -> None:
    newer = "def f[T](x: T) -> T:\n    return x\n"  # Python 3.12
    assert listed(judge(newer, newer.replace("    return", "    'D'\n    return"))) == [("f", None, "D")]
    assert not judge(newer, newer.replace("return x", "return T")).same


class TreeOnly(Python):
    """A language without a parser of its own, of which nobody has said where blanks count."""

    verbatim_nodes = frozenset()

    @classmethod
    def compiler_difference(cls, before: bytes, after: bytes) -> str | None:
        return ""


@pytest.mark.parametrize(
    ("before", "after"),
    [(rb"x = 'a\n b'", rb"x = 'a\n c'"), (rb"x = 'a\n b'", rb"x = 'c\n b'"), (rb"x = f'a\n{b}'", rb"x = f'a\n{c}'")],
    ids=["behind an escape", "before an escape", "interpolation"],
)
def test_text_between_nodes_counts(before: bytes, after: bytes) -> None:
    assert compare(TreeOnly, before, after).reason.startswith("code changed")


class Commented(Python):
    """A language that documents by the comments above a definition."""

    @classmethod
    def documented(cls, node: SyntaxNode) -> Sequence[Documented]:
        found, above = [], list[SyntaxNode]()
        for child in node.children:
            if child.type in cls.definition_nodes:
                found.append(Documented(child, tuple(above)))
            above = [*above, child] if child.type in cls.comment_nodes else []
        return found

    @classmethod
    def docstring_text(cls, token: bytes) -> str | None:
        return token.decode().removeprefix("# ")


def test_documentation_may_be_comments() -> None:
    before = b"x = 1\n# Old.\ndef f(): pass\nclass A:\n    # Kept.\n    def g(self): pass\n# not one\n"
    after = before.replace(b"# Old.", b"# New.\n# More.").replace(b"class A", b"# A.\nclass A")
    result = compare(Commented, before, after)
    assert listed(result) == [("f", "Old.", "New.\nMore."), ("A", None, "A.")]
    assert not compare(Commented, before, after.replace(b"not one", b"none")).same
    assert not compare(Commented, before, after.replace(b"f(): pass", b"f(): 1")).same
