"""A call → smaller calls that may show the same.

A call as short as people write them in tests stays as it is: it is known to be meant, and what is left of a text or
a list when pieces are cut off may not be. So nothing is made empty, tuples and rows of a table keep their length, and
no more is cut off than has to be.
"""

import ast
import copy
from collections.abc import Iterator
from itertools import islice
from typing import Final

from msgspec.structs import replace

from hybridgym.testruns.calls import Call

SHORT: Final = 90
"""Characters of a call that is not made smaller."""
_KINDS: Final = (ast.List, ast.Set, ast.Dict, ast.Constant)
MAX_CANDIDATES: Final = 30
"""Of one call in one round."""


def smaller(call: Call) -> list[Call]:
    """Return calls that are smaller: first those that are short now, the longest of them first."""
    if len(call.text) <= SHORT:
        return []
    found: dict[str, Call] = {}
    for number in range(len(call.arguments)):
        if call.arguments[number][0]:
            made = replace(call, arguments=call.arguments[:number] + call.arguments[number + 1 :])
            found[made.text] = made
    texts = call.texts
    for number in sorted(range(len(texts)), key=lambda n: -len(texts[n])):
        for text in islice(_smaller_texts(texts[number]), MAX_CANDIDATES):
            made = _with_text(call, number, text)
            found.setdefault(made.text, made)
    return sorted(found.values(), key=_rank)[:MAX_CANDIDATES]


def _rank(call: Call) -> tuple[bool, int, str]:
    size = len(call.text)
    return size > SHORT, -size if size <= SHORT else size, call.text


def _with_text(call: Call, number: int, text: str) -> Call:
    if call.receiver and not number:
        return replace(call, receiver=text)
    at = number - bool(call.receiver)
    arguments = [*call.arguments]
    arguments[at] = arguments[at][0], text
    return replace(call, arguments=tuple(arguments))


def _smaller_texts(text: str) -> Iterator[str]:
    tree = ast.parse(text, mode="eval")
    for number, node in enumerate(_nodes(tree)):
        for other in _smaller_nodes(node):
            again = copy.deepcopy(tree)
            vars(_nodes(again)[number]).update(vars(other))
            yield ast.unparse(again)


def _nodes(tree: ast.Expression) -> list[ast.expr]:
    rows = {id(row) for node in ast.walk(tree) if isinstance(node, ast.List | ast.Tuple) for row in _rows(node.elts)}
    return [node for node in ast.walk(tree) if isinstance(node, _KINDS) and id(node) not in rows]


def _rows(elements: list[ast.expr]) -> list[ast.expr]:
    """Return elements that are lists of one length."""
    lengths = {len(row.elts) if isinstance(row, ast.List) else -1 for row in elements}
    return elements if len(lengths) == 1 and -1 not in lengths else []


def _smaller_nodes(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.List | ast.Set):
        for kept in _kept(len(node.elts)):
            other = copy.copy(node)
            other.elts = [node.elts[n] for n in kept]
            yield other
    elif isinstance(node, ast.Dict):
        for kept in _kept(len(node.keys)):
            pairs = copy.copy(node)
            pairs.keys, pairs.values = [node.keys[n] for n in kept], [node.values[n] for n in kept]
            yield pairs
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        for text in _smaller_strings(node.value):
            yield ast.Constant(text)


def _kept(count: int) -> Iterator[list[int]]:
    """Yield which of several elements stay: halves, then all but one; never none."""
    everything = [*range(count)]
    half = count // 2
    if count > 2:
        yield everything[:half]
        yield everything[half:]
    if count > 1:
        for number in everything[:12]:
            yield everything[:number] + everything[number + 1 :]


def _smaller_strings(text: str) -> Iterator[str]:
    """Yield parts of a text, cut between its lines, or its words where it is one line."""
    lines = text.splitlines(keepends=True)
    pieces = lines if len(lines) > 1 else [word + " " for word in text.split(" ")]
    if len(pieces) < 2:
        return
    for kept in _kept(len(pieces)):
        part = "".join(pieces[n] for n in kept)
        yield part if len(lines) > 1 else part.rstrip(" ")
