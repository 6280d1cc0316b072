"""What a Python file imports, and what it lets star imports take."""

import ast
from collections.abc import Iterator

from hybridgym.facts import Import
from hybridgym.languages.python_paths import Paths
from hybridgym.languages.reading import Captures, Placement, SyntaxNode


class Imports:
    """Imports and `__all__` of one file."""

    def __init__(self, data: bytes, paths: Paths, place: Placement) -> None:
        self._data = data
        self._text = paths.text
        self._place = place

    def read(self, captures: Captures) -> Iterator[Import]:
        """Yield the imports in the order of the captures."""
        typing_blocks = self._typing_blocks(captures)
        for node in captures.get("import", ()):
            start = node.start_byte
            scope = self._place.scope_at(start)
            typing_only = any(a <= start < b for a, b in typing_blocks)
            for module, level, name, alias in self._imported_names(node):
                yield Import(module, level, name, alias, scope, start, typing_only)

    def _imported_names(self, node: SyntaxNode) -> Iterator[tuple[str, int, str, str]]:
        """Yield (module, level, name, alias) for each name of an import statement."""
        if node.type == "import_statement":
            for child in node.named_children:
                name, alias = self._aliased(child)
                # `import a.b` binds `a`; `import a.b as c` binds the module a.b itself
                yield (name, 0, "", alias) if alias else (name, 0, "", name.partition(".")[0])
            return
        module_node = node.child_by_field_name("module_name")
        if module_node is None:
            return
        written = "".join(self._text(module_node).split())
        module = written.lstrip(".")
        level = len(written) - len(module)
        for child in node.named_children:
            if child.start_byte == module_node.start_byte or child.type == "comment":
                continue
            if child.type == "wildcard_import":
                yield module, level, "*", "*"
            else:
                name, alias = self._aliased(child)
                yield module, level, name, alias or name

    def _aliased(self, node: SyntaxNode) -> tuple[str, str]:
        if node.type != "aliased_import":
            return "".join(self._text(node).split()), ""
        name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
        return "".join(self._text(name).split()) if name else "", self._text(alias) if alias else ""

    def _typing_blocks(self, captures: Captures) -> list[tuple[int, int]]:
        conditions = captures.get("typing.condition", ())
        typing_ifs = {
            n.parent.start_byte
            for n in conditions
            if n.parent is not None and self._text(n).rpartition(".")[2] == "TYPE_CHECKING"
        }
        return [
            (n.start_byte, n.end_byte)
            for n in captures.get("typing.block", ())
            if n.parent is not None and n.parent.start_byte in typing_ifs
        ]

    def exports(self, captures: Captures) -> tuple[tuple[str, ...] | None, bool]:
        """Return `__all__` where it is literal, and whether it is computed."""
        names: list[str] = []
        found = False
        for capture, field in (("binding.assignment", "left"), ("binding.augmented", "")):
            for node in captures.get(capture, ()):
                if not self._data.startswith(b"__all__", node.start_byte):
                    continue
                left = node.child_by_field_name(field) if field else node
                if left is None or left.type != "identifier" or self._text(left) != "__all__":
                    continue
                statement = node if field else node.parent
                value = statement.child_by_field_name("right") if statement is not None else None
                literal = self._string_list(value)
                if literal is None:
                    return None, True
                found = True
                names += literal
        if any(self._data.startswith(b"__all__.", node.start_byte) for node in captures.get("reference.call", ())):
            return None, True  # `__all__.extend(…)` and the like
        return (tuple(names) if found else None), False

    def _string_list(self, node: SyntaxNode | None) -> list[str] | None:
        if node is None or node.type not in ("list", "tuple", "set"):
            return None
        try:
            value = ast.literal_eval(self._text(node))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        return list(value) if all(isinstance(v, str) for v in value) else None
