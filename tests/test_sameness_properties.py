import ast
import io
import tokenize

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hybridgym.languages.python import Python
from hybridgym.sameness import DocumentationChange, Sameness, compare

SAMPLE = """\
#!/usr/bin/env python
# A sample with some of everything.
from __future__ import annotations

import os  # noqa: F401

LIMIT = 10 + 2 * 3  # type: int
TEXT = '''a
# no comment
''' + "b"


@decorate(LIMIT)
def first(x, *args: int, y=(1, 2), **more) -> int:
    # The start.
    if x and not y:
        z = [a for a in args if a]
        return z[0]
    elif y:
        x += 1

        def inner(): return x  # pragma: no cover
    else:
        pass
    return x


class Shape(Base, metaclass=Meta):
    sides = 4  #: How many.

    class Inner: pass

    def area(self): return self.width ** 2; unreachable()

    @property
    def name(self):
        try:
            return f"{self.kind!r:>{LIMIT}} {TEXT}"
        except (AttributeError, KeyError) as error:
            raise Missing from error
        finally:
            print("#", end="")

    async def later(self):
        async with self.lock as lock, other:
            await lock(
                1,  # one
                2,
            )


if LIMIT:
    def twice(a): return a * 2
else:
    def twice(a):
        global LIMIT
        LIMIT = lambda b: b or a
        yield a
        for i in range(a):
            continue
    class Shape:
        def area(self):
            while True:
                break
# fmt: off
value = {"a": 1, **more, "b": x if y else -z}
# fmt: on
"""


def judge(before: str, after: str) -> Sameness:
    return compare(Python, before.encode(), after.encode())


def code(source: str) -> str | None:
    """Return the code of a file by Python's own parser, without documentation; None if there is none."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if ast.get_docstring(node, clean=False) is not None:
                del node.body[0]
            if not isinstance(node, ast.Module) and [type(statement) for statement in node.body] == [ast.Pass]:
                node.body.clear()
    return ast.dump(tree)


def comments(source: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [token.string.rstrip() for token in tokens if token.type == tokenize.COMMENT]


Place = tuple[str, int, int, ast.stmt]


def places(source: str) -> list[Place]:
    """Return qualname, ordinal, row and first statement of every definition, in file order."""
    found: list[Place] = []

    def visit(node: ast.AST, enclosing: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                qualname = f"{enclosing}.{child.name}".removeprefix(".")
                ordinal = 1 + sum(qualname == other[0] for other in found)
                found.append((qualname, ordinal, child.lineno - 1, child.body[0]))
                visit(child, qualname)
            else:
                visit(child, enclosing)

    visit(ast.parse(source), "")
    return found


def inserted(source: str, first: ast.stmt, literal: str, own_line: bool) -> str:
    """Put a string before the first statement of a body, on a line of its own or not."""
    lines = source.splitlines(keepends=True)
    row = min([first.lineno, *(node.lineno for node in getattr(first, "decorator_list", []))]) - 1
    before = lines[row][: first.col_offset]
    if before.strip() and own_line:  # open a one-line body up
        indentation = " " * (len(before) - len(before.lstrip()) + 4)
        lines[row] = f"{before.rstrip()}\n{indentation}{literal}\n{indentation}{lines[row][first.col_offset :]}"
    elif own_line or isinstance(first, ast.If | ast.Try | ast.AsyncWith | ast.While | ast.FunctionDef | ast.ClassDef):
        lines.insert(row, f"{before}{literal}\n")
    else:
        lines[row] = f"{before}{literal}; {lines[row][first.col_offset :]}"
    return "".join(lines)


@st.composite
def literals(draw: st.DrawFn) -> str:
    """Draw a plain string literal, or several."""
    prefix, quote = draw(st.sampled_from(["", "r", "R", "u", "U"])), draw(st.sampled_from(["'", '"', "'''", '"""']))
    text = draw(st.text("ab #\\\"'\n;:()é\t", max_size=20))
    if prefix.lower() == "r":
        text = text.replace("\\", "").replace(quote[0], "")
    text = text.replace("\\", "\\\\").replace(quote[0], f"\\{quote[0]}")
    if len(quote) == 1:
        text = text.replace("\n", "" if prefix.lower() == "r" else "\\n")
    literal = f"{prefix}{quote}{text}{quote}"
    return draw(st.sampled_from([literal, literal, f"({literal})", f"{literal} {literal}", f"({literal}\n{literal})"]))


@given(st.integers(0, len(places(SAMPLE)) - 1), literals(), st.booleans())
def test_documentation_of_any_form_on_any_definition_is_the_only_change(
    place: int, literal: str, own_line: bool
) -> None:
    qualname, ordinal, row, first = places(SAMPLE)[place]
    after = inserted(SAMPLE, first, literal, own_line)
    change = DocumentationChange(
        qualname=qualname, ordinal=ordinal, row=row, before=None, after=ast.literal_eval(literal)
    )
    assert judge(SAMPLE, after) == Sameness(same=True, documentation=(change,))
    back = judge(after, SAMPLE)
    assert back.same
    assert [(change.after, change.ordinal) for change in back.documentation] == [(None, ordinal)]


def tokens(source: str) -> list[tuple[int, int]]:
    """Return where the tokens of a file begin and end, in characters."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = tokenize.generate_tokens(io.StringIO(source).readline)
    spans = [(starts[t.start[0] - 1] + t.start[1], starts[t.end[0] - 1] + t.end[1]) for t in found if t.string.strip()]
    return sorted(set(spans))


SPANS = tokens(SAMPLE)
SPAN = st.integers(0, len(SPANS) - 1)
PIECES = [
    "",
    " ",
    "\t",
    "\n",
    "\n    ",
    "\\\n",
    "#",
    ";",
    ",",
    ":",
    "(",
    ")",
    "@",
    "*",
    "x",
    "1",
    "f",
    "not ",
    "pass",
    "'d'",
    '"""',
]


def assert_only_ever_the_same_code(before: str, after: str) -> None:
    result = judge(before, after)
    if result.same:
        assert code(after) == code(before)
        assert comments(after) == comments(before)
    else:
        assert result.reason


@settings(max_examples=400)
@given(SPAN, st.sampled_from(PIECES), st.sampled_from(["replace", "before", "behind"]))
def test_a_token_changed_is_other_code(index: int, piece: str, how: str) -> None:
    start, end = SPANS[index]
    start, end = {"replace": (start, end), "before": (start, start), "behind": (end, end)}[how]
    assert_only_ever_the_same_code(SAMPLE, SAMPLE[:start] + piece + SAMPLE[end:])


@settings(max_examples=200)
@given(SPAN, SPAN, st.booleans())
def test_tokens_swapped_or_copied_are_other_code(one: int, two: int, swap: bool) -> None:
    (start, end), (start_2, end_2) = SPANS[min(one, two)], SPANS[max(one, two)]
    assume(one != two)
    first, second = SAMPLE[start:end], SAMPLE[start_2:end_2]
    kept = SAMPLE[end:start_2]
    after = SAMPLE[:start] + (second + kept + first if swap else first + kept + first + " " + second) + SAMPLE[end_2:]
    assert_only_ever_the_same_code(SAMPLE, after)


LINES = SAMPLE.splitlines(keepends=True)
LINE = st.integers(0, len(LINES) - 1)


@settings(max_examples=400)
@given(LINE, LINE, st.sampled_from(["delete", "duplicate", "move", "swap", "deeper", "shallower", "tab", "join"]))
def test_a_line_changed_is_other_code(row: int, other: int, how: str) -> None:
    lines = LINES.copy()
    match how:
        case "delete":
            del lines[row]
        case "duplicate":
            lines.insert(other, lines[row])
        case "move":
            lines.insert(other, lines.pop(row))
        case "swap":
            lines[row], lines[other] = lines[other], lines[row]
        case "join":
            lines[row] = lines[row].rstrip("\n")
        case "deeper" | "shallower" | "tab":
            indent = {"deeper": "    " + lines[row], "shallower": lines[row][4:], "tab": "\t" + lines[row][4:]}
            lines[row] = indent[how]
    assert_only_ever_the_same_code(SAMPLE, "".join(lines))


@given(LINE, st.sampled_from(["# c", "  # noqa", "# type: ignore", "#"]), st.booleans())
def test_a_comment_added_is_never_the_same(row: int, comment: str, own_line: bool) -> None:
    lines = LINES.copy()
    lines[row] = f"{comment}\n{lines[row]}" if own_line else lines[row].rstrip("\n") + f"{comment}\n"
    after = "".join(lines)
    assume(code(after) is not None and comments(after) != comments(SAMPLE))
    assert not judge(SAMPLE, after).same


@settings(max_examples=300)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_arbitrary_bytes_are_judged(before: bytes, after: bytes) -> None:
    for head in (b"", b"# coding: latin-1\n"):
        result = compare(Python, head + before, head + after)
        assert result.same or result.reason


@given(
    st.lists(st.sampled_from([*PIECES, "def f():", "class A:", "    ", "\r", "\ufeff", "\x0c", "if a:"]), max_size=15)
)
def test_arbitrary_pieces_are_judged(pieces: list[str]) -> None:
    assert_only_ever_the_same_code(SAMPLE, SAMPLE + "".join(pieces))
    assert_only_ever_the_same_code("".join(pieces), SAMPLE)
