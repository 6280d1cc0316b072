"""Bugs that are made: operators over the syntax of a function."""

from hybridgym.bugs.base import Bug, Operator
from hybridgym.bugs.python import OPERATORS

__all__ = ["OPERATORS", "Bug", "Operator", "bugs_in"]

import hashlib
from collections.abc import Iterator

from hybridgym.facts import Span
from hybridgym.parsing import syntax_tree


def bugs_in(language: str, data: bytes, span: Span) -> Iterator[Bug]:
    """Yield the bugs that operators make in a part of a file, in an order that looks random and is always the same.

    What is made is one edit that may not parse, mean the same, or loop for ever: whoever takes it runs it.
    """
    tree = syntax_tree(language, data)
    found = [
        Bug(operator=operator.name, start=start, end=end, new=new)
        for operator in OPERATORS.get(language, ())
        for start, end, new in operator.edits(tree.root_node, data, span)
    ]
    unique = {(bug.start, bug.end, bug.new): bug for bug in found}
    body = data[span.start : span.end]

    def place(bug: Bug) -> bytes:
        text = f"{bug.operator}:{bug.start - span.start}:{bug.end - span.start}:{bug.new}:".encode()
        return hashlib.sha256(text + body).digest()

    yield from sorted(unique.values(), key=place)
