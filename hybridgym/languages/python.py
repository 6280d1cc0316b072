"""Python, as tree-sitter-python sees it."""

import ast
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

import tree_sitter_python

from hybridgym.facts import Definition, Kind, Span
from hybridgym.languages.base import Documented, Language, Wording, whole_lines
from hybridgym.languages.reading import SyntaxNode

TEST_FOLDERS = frozenset({"test", "tests", "testing", "testsuite", "_tests", "_test"})
TEST_FILE = re.compile(r"(test_.*|.*_tests?|tests?|conftest)\.pyi?")

LINE_END = re.compile(rb"\r\n|\r|\n")
COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
"""PEP 263, on one of the first two lines."""
BLANK_OR_COMMENT = re.compile(rb"[ \t\f]*(#|$)")
UTF_8_MARK = b"\xef\xbb\xbf"
ENCODINGS = {
    **dict.fromkeys(("utf-8", "utf8", "u8", "utf"), "utf-8"),
    **dict.fromkeys(("latin-1", "latin1", "latin", "l1", "iso-8859-1", "iso8859-1", "iso-latin-1", "8859"), "latin-1"),
    **dict.fromkeys(("ascii", "us-ascii", "646"), "ascii"),
}
SUFFIXED = re.compile(r"(utf-8|latin-1|iso-8859-1|iso-latin-1)-.*")
"""Suffixes that the tokenizer ignores, as in Emacs's `utf-8-unix`."""

PLAIN_STRING = re.compile(rb"""[uU]?([bBrRfF]*)(['"])([^'"\\\n]*)\2""")
STRING_NODES = frozenset({"string", "concatenated_string"})
DOCUMENTED_NODES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
PLAIN_RESULTS = frozenset(["str", "bytes", "int", "float", "bool", "list", "dict", "set", "tuple"])
CANNOT_PARSE = (SyntaxError, ValueError, RecursionError, MemoryError)


class Python(Language):
    """Python 3; stub files are not sources, since nothing runs them."""

    name = "python"
    suffixes = (".py",)
    comment_prefix = "#"
    definition_nodes = frozenset({"function_definition", "class_definition"})
    layout_nodes = frozenset({"line_continuation", ";"})
    optional_nodes = frozenset({",", "(", ")", "pass_statement"})
    strict_nodes = frozenset({"subscript", "print_statement"})
    filler = b"pass"
    wrapping_nodes = frozenset({"parenthesized_expression"})
    verbatim_nodes = frozenset({"string"})
    # A signature's type comment has to follow the colon; mypy's file-wide `# type: ignore` and the
    # directives of Cython have to come before everything else in the file.
    leading_comment = re.compile(rb"#\s*(type|cython|distutils)\s*:")

    # PEP 723 finds its blocks by lines, mypy its settings, and flake8 and isort what switches them off.
    obeyed_line = re.compile(
        rb"(?m)^# /// [a-zA-Z0-9-]+[ \t]*$|^# mypy: |^[ \t]*# (?i:flake8[:=][ \t]*noqa)|isort:[ \t]*skip_file"
    )
    slow_line = re.compile(rb"(?m)^[ \t\f]*#|\\\r?$")
    metadata_block = re.compile(rb"(?m)^# /// [a-zA-Z0-9-]+[ \t]*\r?\n(?:#(?: .*)?\r?\n)*# ///[ \t]*\r?$")

    statement = "pass"
    documentation_line = '"""{}"""'
    remark = "# {}"
    wording = Wording(
        plain_types=PLAIN_RESULTS | {"None", "object"},
        plain_results=PLAIN_RESULTS,
        parameter="required parameter",
        more_arguments="any further positional arguments",
        of_type="annotated",
        base="class",
        bases="classes",
    )

    @staticmethod
    def grammar() -> object:
        return tree_sitter_python.language()

    @staticmethod
    @lru_cache(maxsize=65536)
    def is_test(path: str) -> bool:
        parts = PurePosixPath(path)
        return not TEST_FOLDERS.isdisjoint(parts.parts[:-1]) or TEST_FILE.fullmatch(parts.name) is not None

    @classmethod
    def token_text(cls, node: SyntaxNode) -> bytes:
        """Return strings of one line that hold neither quotes nor backslashes with double quotes."""
        text = node.text or b""
        plain = PLAIN_STRING.fullmatch(text) if node.type == "string" else None
        return b'%b"%b"' % (plain[1].lower(), plain[3]) if plain is not None else text

    @classmethod
    def can_judge(cls, version: tuple[int, int]) -> bool:
        return sys.version_info[:2] >= version

    @classmethod
    def docstring_text(cls, token: bytes) -> str | None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                value = ast.literal_eval(f"({token.decode()}\n)")  # a token may be several strings on several lines
            except CANNOT_PARSE:
                return None
        return value if isinstance(value, str) else None

    @classmethod
    def documented(cls, node: SyntaxNode) -> Sequence[Documented]:
        if node.type == "module":
            statements = statements_of(node)
        elif node.type in cls.definition_nodes and (body := node.child_by_field_name("body")) is not None:
            statements = statements_of(body)
        else:
            return ()
        documentation = tuple(statement for statement in statements[:1] if is_documentation(statement))
        code = statements[len(documentation) :]
        alone = len(code) == 1 and code[0].type == "pass_statement" and node.type != "module"
        return (Documented(node, documentation, code[0] if alone else None, code[0] if code else None),)

    @classmethod
    def removal(cls, data: bytes, definition: Definition) -> tuple[Span, bytes] | None:
        """Where documentation is the whole body, `pass` takes its place."""
        documentation = definition.documentation
        if documentation is None:
            return None
        if not _code_behind(data, documentation.end, definition.body.end):
            return documentation, b"pass"
        lines = whole_lines(data, documentation.start, documentation.end, definition.body.end)
        return None if lines is None else (lines, b"")

    @classmethod
    def documentation_place(cls, definition: Definition) -> int:
        return definition.body.start

    @classmethod
    def bound_parameter(cls, definition: Definition) -> str:
        if definition.kind is not Kind.METHOD or "staticmethod" in definition.decorators or not definition.parameters:
            return ""
        return "class" if "classmethod" in definition.decorators else "instance"

    @classmethod
    def encoding(cls, data: bytes) -> str | None:
        marked = data.startswith(UTF_8_MARK)
        first, second = _first_lines(data)
        cookie = COOKIE.match(first) or (COOKIE.match(second) if BLANK_OR_COMMENT.match(first) else None)
        if cookie is None:
            return "utf-8"
        name = cookie[1].decode("ascii").lower().replace("_", "-")
        encoding = ENCODINGS.get(SUFFIXED.sub(r"\1", name))
        return None if marked and encoding != "utf-8" else encoding

    @classmethod
    def encoding_declaration(cls, data: bytes) -> tuple[bytes, ...]:
        return tuple(match[1] if (match := COOKIE.match(line)) else b"" for line in _first_lines(data))

    @classmethod
    def program(cls, lines: bytes, indentation: bytes, cut: bytes | None) -> bytes:
        opening = b"if True:\n" if indentation else b""
        return opening + lines + (b"" if cut is None else cut + b"pass\n")

    @classmethod
    def compiler_difference(cls, before: bytes, after: bytes) -> str | None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                old = ast.parse(before)
            except CANNOT_PARSE:
                return None
            try:
                new = ast.parse(after)
            except CANNOT_PARSE as error:
                return f"the Python compiler refuses it: {getattr(error, 'msg', None) or error}"
        return "" if _same_code(old, new) else "the Python compiler reads other code than before"


def _first_lines(data: bytes) -> tuple[bytes, bytes]:
    lines = LINE_END.split(data.removeprefix(UTF_8_MARK), maxsplit=2)
    return lines[0], lines[1] if len(lines) > 1 else b""


def _code_behind(data: bytes, start: int, end: int) -> bool:
    """Say whether anything but comments and blanks follows in a body."""
    for line in data[start:end].split(b"\n"):
        rest = line.strip(b" \t\r;")
        if rest and not rest.startswith(b"#"):
            return True
    return False


def statements_of(body: SyntaxNode) -> list[SyntaxNode]:
    """Return what stands in a body, without comments and semicolons."""
    return [child for child in body.children if not child.is_extra and child.type != ";"]


def is_documentation(statement: SyntaxNode) -> bool:
    """Say whether a first statement is a string that the compiler keeps as documentation."""
    node = statement if statement.type == "expression_statement" else None
    while node is not None and node.type in {"expression_statement", "parenthesized_expression"}:
        inner = [child for child in node.children if not child.is_extra and child.type not in {"(", ")"}]
        node = inner[0] if len(inner) == 1 else None
    if node is None or node.type not in STRING_NODES:
        return False
    strings = [node] if node.type == "string" else [child for child in node.children if not child.is_extra]
    return all(_is_plain(string) for string in strings)


def _is_plain(string: SyntaxNode) -> bool:
    prefix = (string.children[0].text or b"").rstrip(b"'\"").lower()
    return prefix in {b"", b"r", b"u"}


def _same_code(old: ast.AST, new: ast.AST) -> bool:
    """Compare as `ast.dump` does, without documentation and at any depth."""
    pending: list[tuple[object, object]] = [(old, new)]
    while pending:
        a, b = pending.pop()
        if type(a) is not type(b):
            return False
        if isinstance(a, list) and isinstance(b, list):
            if len(a) != len(b):
                return False
            pending.extend(zip(a, b, strict=True))
        elif isinstance(a, ast.AST) and isinstance(b, ast.AST):
            pending.extend(zip(_fields(a), _fields(b), strict=True))
        elif a != b:
            return False
    return True


def _fields(node: ast.AST) -> Iterator[object]:
    for name in node._fields:
        yield _code(node) if name == "body" and isinstance(node, DOCUMENTED_NODES) else getattr(node, name, None)


def _code(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """Return a body without documentation; `pass` alone only keeps a body from being empty."""
    body = node.body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:] if isinstance(body[0].value.value, str) else body
    is_filler = len(body) == 1 and isinstance(body[0], ast.Pass) and not isinstance(node, ast.Module)
    return [] if is_filler else body
