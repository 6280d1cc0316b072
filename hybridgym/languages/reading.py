"""What passes between the generic parser and a language's reader of syntax nodes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from hybridgym.facts import (
    AttributeStore,
    Binding,
    Import,
    Kind,
    Narrowing,
    Parameter,
    Reference,
    Return,
    ScopeKind,
    Span,
)


class SyntaxNode(Protocol):
    """What is looked at of a node of a syntax tree; `tree_sitter.Node` has it, and is known to `parsing` alone."""

    @property
    def id(self) -> int:
        """Different for each node of a tree."""

    @property
    def is_extra(self) -> bool:
        """Whether it may stand anywhere, as a comment may."""

    @property
    def is_named(self) -> bool:
        """Whether the grammar has a rule for it; a keyword or a sign is no such node."""

    @property
    def has_error(self) -> bool:
        """Whether it is, or holds, a syntax error."""

    @property
    def text(self) -> bytes | None:
        """Its source."""

    @property
    def type(self) -> str:
        """The grammar's name of the node."""

    @property
    def start_byte(self) -> int:
        """First byte."""

    @property
    def end_byte(self) -> int:
        """Byte after the last."""

    @property
    def start_point(self) -> tuple[int, int]:
        """Row and column of the first byte."""

    @property
    def end_point(self) -> tuple[int, int]:
        """Row and column after the last byte."""

    @property
    def parent(self) -> "SyntaxNode | None":
        """The enclosing node."""

    @property
    def children(self) -> "Sequence[SyntaxNode]":
        """All children."""

    @property
    def named_children(self) -> "Sequence[SyntaxNode]":
        """Children that are not punctuation."""

    def child_by_field_name(self, name: str, /) -> "SyntaxNode | None":
        """Return the child in a field, or None."""


Captures = Mapping[str, Sequence[SyntaxNode]]


class RawDefinition(NamedTuple):
    """A definition as its node says it, not yet nested."""

    name: str
    kind: Kind
    start: int
    end: int
    keyword: int
    body: Span
    row: int
    first_row: int
    end_row: int
    documentation: Span | None
    decorators: tuple[str, ...]
    bases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    returns: str
    flags: tuple[str, ...]
    form: str = ""
    owner: str = ""


class Region(NamedTuple):
    """A range of bytes with its own names."""

    kind: ScopeKind
    start: int
    end: int
    definition: int
    """Index of the raw definition whose body this is, or -1."""


class Outline(NamedTuple):
    """What nests in a file."""

    definitions: list[RawDefinition]
    regions: list[Region]
    conditionals: list[tuple[int, int]]
    """Spans whose content may not run, or may run several times."""


class Placement(Protocol):
    """Where the positions of a file lie, once its outline is nested."""

    def scope_at(self, position: int) -> int:
        """Return the index of the innermost scope that holds a byte."""

    def function_scope(self, scope: int) -> int:
        """Return the scope that a name bound in an expression of `scope` belongs to."""

    def is_conditional(self, position: int, scope: int) -> bool:
        """Say whether a byte lies in a conditional span of that very scope."""


class Content(NamedTuple):
    """The facts of a file other than its outline."""

    bindings: list[Binding]
    imports: list[Import]
    stores: list[AttributeStore]
    references: list[Reference]
    returns: list[Return]
    loops: list[Span]
    outer_names: list[tuple[int, str, bool]]
    """Scope, name, and whether it is the module's (`global`) rather than an enclosing function's."""
    exports: tuple[str, ...] | None
    dynamic_names: set[str]
    version: tuple[int, int]
    flags: list[str]
    narrowings: Sequence[Narrowing] = ()


class Reader(Protocol):
    """Turns the captured nodes of one file into facts, in two steps: what nests, then all the rest."""

    def outline(self, data: bytes, captures: Captures) -> Outline:
        """Return definitions, scopes and conditional spans."""

    def content(self, data: bytes, captures: Captures, placement: Placement) -> Content:
        """Return bindings, imports, stores and references, placed in their scopes."""


def last_row(node: SyntaxNode) -> int:
    """Return the row in which a node's text ends; line ends that a grammar counts to it are none."""
    row, column = node.end_point
    if column:
        return row
    text = node.text or b""
    return row - (text.count(b"\n") - text.rstrip().count(b"\n"))
