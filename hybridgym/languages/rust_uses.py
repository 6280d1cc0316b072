"""Rust's `use` and `extern crate` declarations as imports."""

from collections.abc import Iterator

from hybridgym.facts import Import
from hybridgym.languages.reading import Captures, Placement, SyntaxNode
from hybridgym.languages.rust_paths import Paths

PUBLIC = 1
"""`Import.level` of what has `pub` before it, however far that reaches."""
MAX_DEPTH = 40


class Uses:
    """The imports of one file.

    `use a::b as c` has the module `a`, the name `b` and the alias `c`; `use a::b::{self}` the module `a` and the
    name `b`; `use a::*` the module `a` and the name `*`. A path that begins with `::`, and an `extern crate`,
    begin with `$`.
    """

    def __init__(self, paths: Paths, placement: Placement) -> None:
        self._paths = paths
        self._place = placement

    def read(self, captures: Captures) -> Iterator[Import]:
        """Yield the imports of a file."""
        for node in captures.get("import.use", ()):
            argument = node.child_by_field_name("argument")
            if argument is not None:
                yield from self._tree(node, argument, "", 0)
        for node in captures.get("import.crate", ()):
            name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
            if name is not None:
                written = self._paths.name(name)
                bound = self._paths.text(alias) if alias is not None else written
                yield self._import(node, "$", written, "self" if written == "self" else bound)

    def _tree(self, use: SyntaxNode, node: SyntaxNode, prefix: str, depth: int) -> Iterator[Import]:
        if depth > MAX_DEPTH:
            return
        inner = [c for c in node.named_children if not c.is_extra]
        match node.type:
            case "use_list":
                for child in inner:
                    yield from self._tree(use, child, prefix, depth + 1)
            case "scoped_use_list":
                path, listed = node.child_by_field_name("path"), node.child_by_field_name("list")
                before = _joined(prefix, self._paths.of(path)) if path is not None else _joined(prefix, "$")
                if listed is not None:
                    yield from self._tree(use, listed, before, depth + 1)
            case "use_as_clause":
                path, alias = node.child_by_field_name("path"), node.child_by_field_name("alias")
                if path is not None and alias is not None:
                    yield self._one(use, _joined(prefix, self._paths.of(path)), self._paths.name(alias))
                elif path is not None:  # `as _`
                    yield self._one(use, _joined(prefix, self._paths.of(path)), "_")
            case "use_wildcard":
                root = "$" if self._paths.text(node).startswith("::") else ""
                before = self._paths.of(inner[0]) if inner else root
                yield self._import(use, _joined(prefix, before), "*", "*")
            case _:
                yield self._one(use, _joined(prefix, self._paths.of(node)), "")

    def _one(self, use: SyntaxNode, path: str, alias: str) -> Import:
        path = path.removesuffix("::self") or path
        module, _, name = path.rpartition("::")
        return self._import(use, module, name, alias or name)

    def _import(self, use: SyntaxNode, module: str, name: str, alias: str) -> Import:
        level = PUBLIC if any(c.type == "visibility_modifier" for c in use.children) else 0
        start = use.start_byte
        return Import(module, level, name, alias, self._place.scope_at(start), start)


def _joined(prefix: str, path: str) -> str:
    return f"{prefix}::{path}" if prefix and path else prefix or path
