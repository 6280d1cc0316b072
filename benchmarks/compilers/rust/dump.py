"""Reads what `rustc -Zunpretty=thir-flat` prints: for each body, the expressions in it with their types."""

import re
from collections.abc import Iterator
from typing import NamedTuple

BODY = re.compile(r"(?m)^DefId\(\S+ ~ ([^\n]*)\):$")
HASH = re.compile(r"\[[0-9a-f]{4,16}\]")
SPAN = re.compile(r"span: (\S[^\n]*?):(\d+):(\d+): (\d+):(\d+) \(#0\)")
OWN_SPAN = re.compile(r"(?m)^            span: (\S[^\n]*?):(\d+):(\d+): (\d+):(\d+) \(#0\),$")
FUNCTION = re.compile(
    r"^            kind: Call \{\n                ty: FnDef\(\n\s+DefId\(\S+ ~ ([^\n]*)\),\n(.*?)\n                \),",
    re.DOTALL,
)
ADT = re.compile(r"^            kind: Adt\(\n                AdtExpr \{\n                    adt_def: ([^\n]*),\n")
CALL = "            kind: Call {"


class Place(NamedTuple):
    """A span of a file; rows and columns are 0-based, columns count characters."""

    path: str
    start: tuple[int, int]
    end: tuple[int, int]


class Site(NamedTuple):
    """A call expression as it is written."""

    span: Place
    function: str
    """Path of what is called, as rustc writes definitions; empty where it is no function item."""
    type: str
    """The type that the function of a trait is called on."""
    argument: str
    """The type that the trait is written with, or empty."""
    adt: str
    """The type that a call of a tuple struct or variant makes, or empty."""


class Body(NamedTuple):
    """A function, closure or constant."""

    name: str
    end: Place | None
    """A span that ends where the body ends."""
    sites: list[Site]


def bodies(text: str) -> Iterator[Body]:
    """Yield the bodies of a crate."""
    found = list(BODY.finditer(text))
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        chunk = text[match.end() : end]
        yield Body(HASH.sub("", match[1]), _end(chunk), list(_sites(chunk)))


def _end(chunk: str) -> Place | None:
    spans = [_place(m) for m in SPAN.finditer(chunk)]
    return max(spans, key=lambda s: (s.end, s.start), default=None)


def _sites(chunk: str) -> Iterator[Site]:
    for block in chunk.split("\n        Expr {\n")[1:]:
        function, adt = "", ""
        types = ["", ""]
        if block.startswith(CALL):
            if "                from_hir_call: true," not in block:
                continue
            match = FUNCTION.match(block)
            if match is not None:
                function, types = HASH.sub("", match[1]), [*_arguments(match[2]), "", ""]
        elif (made := ADT.match(block)) is not None:
            adt = made[1]
        else:
            continue
        span = OWN_SPAN.search(block)
        if span is not None:
            yield Site(_place(span), function, types[0], types[1], adt)


def _arguments(arguments: str) -> list[str]:
    """Return the arguments that are no lifetimes."""
    lines = [line.strip() for line in arguments.split("\n")[1:]]
    return [HASH.sub("", line.rstrip(",")) for line in lines if not line.startswith(("'", "]"))]


def _place(match: re.Match[str]) -> Place:
    path, row, column, end_row, end_column = match.groups()
    return Place(path, (int(row) - 1, int(column) - 1), (int(end_row) - 1, int(end_column) - 1))
