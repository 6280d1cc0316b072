"""What an operator is: it makes bugs of one sort."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from hybridgym.facts import Span
from hybridgym.task import Value

if TYPE_CHECKING:
    from tree_sitter import Node

Made = tuple[int, int, str]
"""Bytes [start, end) of a file, and what takes their place."""


class Bug(Value, frozen=True, kw_only=True):
    """One edit that is wrong."""

    operator: str
    start: int
    end: int
    new: str

    def applied(self, data: bytes) -> bytes:
        """Return a file with the bug in it."""
        return data[: self.start] + self.new.encode() + data[self.end :]


class Operator(ABC):
    """Subclass it for a language, and name the subclass in that language's list."""

    name: ClassVar[str]
    nodes: ClassVar[frozenset[str]]
    """Types of the nodes that it may change."""

    def edits(self, root: Node, data: bytes, span: Span) -> Iterator[Made]:
        """Yield the edits inside of a part of a file."""
        for node in nodes_in(root, span):
            if node.type in self.nodes:
                yield from self.changed(node, data)

    @abstractmethod
    def changed(self, node: Node, data: bytes) -> Iterator[Made]:
        """Yield the edits at one node."""


def nodes_in(root: Node, span: Span) -> Iterator[Node]:
    """Yield the nodes that lie inside of a part of a file, in the order of the text."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.end_byte <= span.start or node.start_byte >= span.end:
            continue
        if node.start_byte >= span.start and node.end_byte <= span.end:
            yield node
        waiting += reversed(node.children)


def text_of(node: Node, data: bytes) -> str:
    """Return the source text of a node."""
    return data[node.start_byte : node.end_byte].decode()
