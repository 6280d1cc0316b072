"""Two states of a file → the definitions whose own code differs, and whether code outside of them does.

A definition's own code is what stands between its first and last byte without documentation, comments and the
definitions inside it. It is compared by bytes and, where these differ, by syntax trees: layout is no code, nor are
a language's fillers and whatever formatters put in where the tree says the same without it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from hybridgym.facts import Definition, Kind, Span
from hybridgym.languages.base import Language
from hybridgym.languages.reading import SyntaxNode
from hybridgym.parsing import syntax_tree
from hybridgym.task import Value

RULES = 2
"""Counts up whenever the same files and facts give other changes."""
MODULE = -1
"""In place of a definition's number: what stands outside of all definitions."""


class FileState(Value, frozen=True):
    """What one state of a file holds: UTF-8 without syntax errors, empty where there is no file."""

    data: bytes = b""
    definitions: tuple[Definition, ...] = ()


class CodeChanges(Value, frozen=True, kw_only=True):
    """How the code of a file differs."""

    added: tuple[Definition, ...]
    """Of the state after, as those that were edited."""
    edited: tuple[Definition, ...]
    deleted: tuple[Definition, ...]
    """Of the state before."""
    inner_added: int = 0
    """How many of the added ones stand in a function that was added as well."""
    inner_deleted: int = 0
    statements: int = 0
    """How many statements outside of definitions are new or other than before, or how many are gone if that is more."""


def code_changes(language: type[Language], before: FileState, after: FileState) -> CodeChanges:
    """Compare two states of a file by definition; definitions correspond by qualified name and ordinal."""
    old, new = _State(language, before), _State(language, after)
    olds, news = _numbered(before.definitions), _numbered(after.definitions)
    edited = [number for name, number in news.items() if name in olds and not _same(old, olds[name], new, number)]
    added = [number for name, number in news.items() if name not in olds]
    deleted = [number for name, number in olds.items() if name not in news]
    return CodeChanges(
        added=tuple(after.definitions[number] for number in added),
        edited=tuple(after.definitions[number] for number in edited),
        deleted=tuple(before.definitions[number] for number in deleted),
        inner_added=_count_inner(after.definitions, added),
        inner_deleted=_count_inner(before.definitions, deleted),
        statements=_different_statements(old, new),
    )


def _numbered(definitions: Sequence[Definition]) -> Mapping[tuple[str, int], int]:
    return {(definition.qualname, definition.ordinal): number for number, definition in enumerate(definitions)}


def _count_inner(definitions: Sequence[Definition], chosen: Sequence[int]) -> int:
    functions = {number for number in chosen if definitions[number].kind is not Kind.CLASS}
    return sum(definitions[number].parent in functions for number in chosen)


def _same(old: "_State", old_number: int, new: "_State", new_number: int) -> bool:
    if old.own_bytes(old_number) == new.own_bytes(new_number):
        return True
    return old.own_code(old_number) == new.own_code(new_number)


def _different_statements(old: "_State", new: "_State") -> int:
    if old.own_bytes(MODULE) == new.own_bytes(MODULE):
        return 0
    before, after = Counter(old.statements()), Counter(new.statements())
    return max((before - after).total(), (after - before).total())


class _State:
    """One state of a file, taken apart into the code of each definition."""

    def __init__(self, language: type[Language], state: FileState) -> None:
        self._language = language
        self._data = state.data
        self._definitions = state.definitions
        self._inner: dict[int, list[Span]] = {}
        for definition in state.definitions:
            self._inner.setdefault(definition.parent, []).append(Span(definition.start, definition.end))

    def own_bytes(self, number: int) -> list[bytes]:
        """Return the pieces of a definition, comments included, that are not only blanks."""
        return [piece for piece in self._pieces(number) if piece.strip()]

    def own_code(self, number: int) -> list[bytes]:
        """Return the code of a definition: the types of its syntax nodes and the text of its tokens, in order."""
        own = self._language.filler.join(self._pieces(number))
        start = self._definitions[number].start
        before = self._data[self._data.rfind(b"\n", 0, start) + 1 : start]
        indentation = b"" if before.strip() else before
        program = self._language.program(indentation + own, indentation, None)
        root = syntax_tree(self._language.name, program).root_node
        return list(_code(self._language, _covering(root, len(program) - len(own), len(program))))

    def statements(self) -> Iterator[tuple[bytes, ...]]:
        """Yield the code of each statement outside of definitions."""
        root = syntax_tree(self._language.name, self._language.filler.join(self._pieces(MODULE))).root_node
        documentation = {
            node.id
            for documented in self._language.documented(root)
            if documented.definition.id == root.id
            for node in documented.documentation
        }
        for child in root.children:
            if child.id not in documentation and (code := tuple(_code(self._language, child))):
                yield code

    def _pieces(self, number: int) -> list[bytes]:
        """Return what of a definition stands around its documentation and the definitions inside it."""
        place, end = 0, len(self._data)
        cuts = list(self._inner.get(number, ()))
        if number != MODULE:
            definition = self._definitions[number]
            place, end = definition.start, definition.end
            if (documentation := definition.documentation) and place <= documentation.start < documentation.end <= end:
                cuts = sorted([*cuts, documentation], key=lambda span: span.start)
        pieces = []
        for cut in cuts:
            pieces.append(self._data[place : cut.start])
            place = max(place, cut.end)
        pieces.append(self._data[place:end])
        return pieces


def _covering(node: SyntaxNode, start: int, end: int) -> SyntaxNode:
    """Return the innermost node that holds a range."""
    inner: SyntaxNode | None = node
    while inner is not None:
        node = inner
        inner = next((child for child in node.children if child.start_byte <= start and end <= child.end_byte), None)
    return node


_END = b")"


def _code(language: type[Language], node: SyntaxNode) -> Iterator[bytes]:
    left_out = language.comment_nodes | language.layout_nodes | language.optional_nodes
    pending: list[SyntaxNode | None] = [node]
    while pending:
        part = pending.pop()
        if part is None:
            yield _END
            continue
        kind = part.type
        if kind in left_out:
            continue
        children = part.children
        if not children or kind in language.verbatim_nodes:
            yield kind.encode()
            yield language.token_text(part)
        elif kind in language.wrapping_nodes:
            pending.extend(reversed(children))
        else:
            yield kind.encode()
            if kind in language.strict_nodes:
                yield from (child.type.encode() for child in children if child.type in language.optional_nodes)
            pending.append(None)
            pending.extend(reversed(children))
