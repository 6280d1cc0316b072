"""What Rust's patterns bind, and to which part of the value that is matched."""

from collections.abc import Iterator

from hybridgym.languages.reading import SyntaxNode
from hybridgym.languages.rust_paths import Paths, trailed

UNWRAPPING = frozenset({"Some", "Ok"})
TRANSPARENT = frozenset({"ref_pattern", "reference_pattern", "mut_pattern", "match_pattern"})
PUNCTUATION = frozenset({"(", ")", ",", "[", "]"})
MAX_DEPTH = 40


class Patterns:
    """The bindings of one file's patterns."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths

    def bound(self, node: SyntaxNode, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
        """Yield each name that a pattern binds, with the access path of its value."""
        if depth > MAX_DEPTH:
            return
        kind = node.type
        inner = [c for c in node.named_children if not c.is_extra]
        if kind in ("identifier", "shorthand_field_identifier"):
            name = self._paths.name(node)
            if not name[0].isupper():  # else a constant or a variant without fields
                yield name, path
        elif kind == "captured_pattern" and len(inner) == 2:
            yield from self.bound(inner[0], path, depth + 1)
            yield from self.bound(inner[1], path, depth + 1)
        elif kind in TRANSPARENT:
            for child in inner[:1] if kind == "match_pattern" else inner[-1:]:
                yield from self.bound(child, path, depth + 1)
        elif kind == "or_pattern":  # every alternative binds the same names to the same types
            for child in inner:
                yield from self.bound(child, path, depth + 1)
        elif kind == "tuple_pattern":
            yield from self._elements(_elements(node), path, ".", depth)
        elif kind == "tuple_struct_pattern":
            yield from self._tuple_struct(node, path, depth)
        elif kind == "struct_pattern":
            yield from self._struct(node, depth)
        elif kind == "slice_pattern":
            for child in inner:
                yield from self.bound(child, "?", depth + 1)

    def _elements(self, inner: list[SyntaxNode], path: str, sign: str, depth: int) -> Iterator[tuple[str, str]]:
        after_rest = False
        for number, child in enumerate(inner):
            if child.type == "remaining_field_pattern":
                after_rest = True
                continue
            yield from self.bound(child, "?" if after_rest else trailed(path, f"{sign}{number}"), depth + 1)

    def _tuple_struct(self, node: SyntaxNode, path: str, depth: int) -> Iterator[tuple[str, str]]:
        written = node.child_by_field_name("type")
        if written is None:
            return
        elements = [c for c in _elements(node) if c.id != written.id]
        name = self._paths.text(written)
        if name in UNWRAPPING and len(elements) == 1:
            yield from self.bound(elements[0], trailed(path, "!"), depth + 1)
        elif name == "Err" and len(elements) == 1:
            yield from self.bound(elements[0], trailed(path, ".$err"), depth + 1)
        else:
            yield from self._elements(elements, self._paths.of(written), ".$", depth)

    def _struct(self, node: SyntaxNode, depth: int) -> Iterator[tuple[str, str]]:
        written = node.child_by_field_name("type")
        path = self._paths.of(written) if written is not None else "?"
        for child in node.named_children:
            if child.type != "field_pattern":
                continue
            name, pattern = child.child_by_field_name("name"), child.child_by_field_name("pattern")
            if name is None:
                continue
            value = trailed(path, f".${self._paths.name(name)}")
            yield from self.bound(pattern if pattern is not None else name, value, depth + 1)


def _elements(node: SyntaxNode) -> list[SyntaxNode]:
    """Return the patterns in a list of them; `_` is no named node."""
    return [c for c in node.children if c.type not in PUNCTUATION and not c.is_extra]
