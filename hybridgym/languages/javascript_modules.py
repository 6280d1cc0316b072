"""What a JavaScript file imports and exports, and what its object literals and calls say of members."""

from hybridgym.facts import AttributeStore, Binding, BindingKind, Import
from hybridgym.languages.javascript_paths import PLAIN_NAME, Paths
from hybridgym.languages.reading import Captures, Content, Placement, SyntaxNode

DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})
PLAIN_VALUES = frozenset({"string", "number", "true", "false", "null", "template_string", "regex", "array"})
"""Nodes of values that nobody calls."""
NAME_NODES = frozenset({"identifier", "type_identifier", "property_identifier", "private_property_identifier"})
SIMPLE_RECEIVER_END = frozenset(")]}?@!\\")


class Modules:
    """Imports, exports and object literals of one file."""

    def __init__(self, paths: Paths, place: Placement, out: Content) -> None:
        self._paths = paths
        self._text = paths.text
        self._place = place
        self._out = out

    def read(self, captures: Captures) -> None:
        """Add the imports, and the stores that are exports and members of objects."""
        for node in captures.get("import", ()):
            self._import(node)
        for node in captures.get("export", ()):
            self._export(node)
        for node in captures.get("object", ()):
            if node.start_byte in self._paths.objects:
                self._object(node, f"<{{{node.start_byte}}}>")
        for node in captures.get("binding.import", ()):
            self._alias(node)

    def called(self, node: SyntaxNode, path: str, scope: int) -> None:
        """Add what a call says beside calling: that it imports, or gives members to an object."""
        name = path.rpartition(".")[2]
        if path in ("require", "import") or name == "require":
            module = self._paths.module_argument(node)
            if module:
                self._imported(module, "=", "", node)
        elif name in ("inherits", "_inherits", "inheritsLoose", "_inheritsLoose", "setPrototypeOf"):
            self._inherits(node, scope, is_prototype=name == "setPrototypeOf")
        elif name in ("assign", "extend", "mixin", "defineProperty", "defineProperties"):
            self._assign(node, name, scope)

    # imports and exports

    def _imported(self, module: str, name: str, alias: str, node: SyntaxNode, typing_only: bool = False) -> None:
        start = node.start_byte
        self._out.imports.append(Import(module, 0, name, alias, self._place.scope_at(start), start, typing_only))

    def _source(self, node: SyntaxNode) -> str:
        source = node.child_by_field_name("source")
        return self._paths.string(source) if source is not None else ""

    def _import(self, node: SyntaxNode) -> None:
        module = self._source(node)
        typing_only = any(child.type in ("type", "typeof") for child in node.children)
        clause = next((c for c in node.named_children if c.type in ("import_clause", "import_require_clause")), None)
        if clause is None:
            self._imported(module, "", "", node)
            return
        if clause.type == "import_require_clause":
            names = [c for c in clause.named_children if c.type == "identifier"]
            if names:
                self._imported(self._source(clause), "=", self._text(names[0]), node)
            return
        for child in clause.named_children:
            if child.type == "identifier":
                self._imported(module, "default", self._text(child), node, typing_only)
            elif child.type == "namespace_import":
                names = [c for c in child.named_children if c.type == "identifier"]
                if names:
                    self._imported(module, "", self._text(names[0]), node, typing_only)
            elif child.type == "named_imports":
                for specifier in child.named_children:
                    if specifier.type == "import_specifier":
                        name, alias = self._specified(specifier)
                        self._imported(module, name, alias, node, typing_only)

    def _specified(self, node: SyntaxNode) -> tuple[str, str]:
        """Return name and alias of what an import or export lists."""
        name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
        text = self._name(name) if name is not None else "?"
        return text, self._name(alias) if alias is not None else text

    def _name(self, node: SyntaxNode) -> str:
        return self._paths.string(node) if node.type == "string" else self._text(node)

    def _exported(self, name: str, value: str, node: SyntaxNode) -> None:
        receiver = self._namespace_around(node) or "export"
        start = node.start_byte
        self._out.stores.append(AttributeStore(receiver, name, value, "", self._place.scope_at(start), start))

    def _namespace_around(self, node: SyntaxNode) -> str:
        """Return the object that a TypeScript namespace around an export is."""
        around = node.parent
        outer = around.parent if around is not None and around.type == "statement_block" else None
        is_namespace = outer is not None and outer.type in ("internal_module", "module")
        return f"<{{{around.start_byte}}}>" if around is not None and is_namespace else ""

    def _export(self, node: SyntaxNode) -> None:
        source = node.child_by_field_name("source")
        module = f'<require "{self._source(node)}">' if source is not None else ""
        if module:
            self._imported(self._source(node), "*", "", node)
        is_default = any(child.type == "default" for child in node.children)
        for child in node.children:
            if child.type == "*":
                self._exported("*", module, node)
            elif child.type == "namespace_export":
                self._exported(self._name(child.named_children[-1]), module, node)
            elif child.type == "export_clause":
                for specifier in child.named_children:
                    if specifier.type == "export_specifier":
                        name, alias = self._specified(specifier)
                        self._exported(alias, f"{module}.{name}" if module else name, node)
            elif child.type == "=":  # `export = value`
                value = next((c for c in child.parent.named_children if c.type != "comment"), None)  # type: ignore[union-attr]
                path = self._paths.of(value) if value is not None else "?"
                start = node.start_byte
                self._out.stores.append(AttributeStore("module", "exports", path, "", 0, start))
        declaration, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
        if value is not None:
            self._exported("default", self._paths.of(value), node)
        elif declaration is not None:
            self._declared(declaration, node, is_default)

    def _declared(self, declaration: SyntaxNode, node: SyntaxNode, is_default: bool) -> None:
        if declaration.type == "ambient_declaration" and declaration.named_children:
            declaration = declaration.named_children[-1]
        if declaration.type in DECLARATIONS:
            for declarator in declaration.named_children:
                name = declarator.child_by_field_name("name") if declarator.type == "variable_declarator" else None
                for bound in bound_names(name) if name is not None else ():
                    self._exported(self._text(bound), self._text(bound), node)
            return
        name = declaration.child_by_field_name("name")
        if name is not None:
            text = self._text(name).partition(".")[0]
            self._exported("default" if is_default else text, text, node)

    def _alias(self, node: SyntaxNode) -> None:
        """`import A = B.C` names a value, a type, or both."""
        parts = node.named_children
        if len(parts) < 2:
            return
        start, path = node.start_byte, self._text(parts[1])
        name, scope = self._text(parts[0]), self._place.scope_at(node.start_byte)
        self._out.bindings.append(Binding(name, scope, BindingKind.ASSIGNMENT, start, path))
        self._out.bindings.append(Binding(name, scope, BindingKind.OTHER, start, f"<{path}>"))

    # members

    def _store(self, receiver: str, name: str, value: str, node: SyntaxNode) -> None:
        start = node.start_byte
        self._out.stores.append(AttributeStore(receiver, name, value, "", self._place.scope_at(start), start))

    def _object(self, node: SyntaxNode, receiver: str) -> None:
        """Add the members of an object literal as stores on what they become members of."""
        for child in node.named_children:
            if child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is None or value is None or value.type in PLAIN_VALUES:
                    continue
                self._store(receiver, self._key(key), self._paths.of(value), child)
            elif child.type == "method_definition":
                key = child.child_by_field_name("name")
                accessor = any(c.type in ("get", "set") for c in child.children[:3])
                first = child.start_byte
                value_path = f"<@{first}>" if first in self._paths.definitions else "\\"
                if key is not None:
                    self._store(receiver, self._key(key), "?" if accessor else value_path, child)
            elif child.type == "shorthand_property_identifier":
                name = self._text(child)
                self._store(receiver, name, name, child)
            elif child.type == "spread_element" and child.named_children:
                self._store(receiver, "*", self._paths.of(child.named_children[-1]), child)

    def _key(self, key: SyntaxNode) -> str:
        """Return a property's name; `*` where it is computed."""
        if key.type in NAME_NODES or key.type == "number":
            return self._text(key)
        inner = key.named_children[0] if key.type == "computed_property_name" and key.named_children else key
        if inner.type in ("member_expression", "string"):  # `[Symbol.iterator]` is no name that is called
            return self._paths.string(inner) or f"[{self._text(inner)}]"
        return "*"

    def _inherits(self, node: SyntaxNode, scope: int, *, is_prototype: bool) -> None:
        given = arguments(node)
        if len(given) < 2:
            return
        own, base = self._paths.of(given[0]), self._paths.of(given[1])
        if not is_prototype:
            own, base = f"{own}.prototype", f"{base}.prototype" if is_simple(base) else "?"
        if is_simple(own):
            self._out.stores.append(AttributeStore(own, "__proto__", base, "", scope, node.start_byte))

    def _assign(self, node: SyntaxNode, name: str, scope: int) -> None:
        given = arguments(node)
        target = self._paths.of(given[0]) if given else "?"
        if len(given) < 2 or not (is_simple(target) or target.startswith("<{")):
            return
        start = node.start_byte
        if name.startswith("define"):
            written = self._paths.string(given[1]) if name == "defineProperty" else ""
            member = written if PLAIN_NAME.fullmatch(written) else "*"
            self._out.stores.append(AttributeStore(target, member, "?", "", scope, start))
            return
        for source in given[1:]:
            if source.type == "object" and source.start_byte not in self._paths.objects:
                self._object(source, target)
            else:
                self._out.stores.append(AttributeStore(target, "*", self._paths.of(source), "", scope, start))


def arguments(node: SyntaxNode) -> list[SyntaxNode]:
    """Return the arguments of a call."""
    found = node.child_by_field_name("arguments")
    return [c for c in found.named_children if c.type != "comment"] if found is not None else []


def is_simple(path: str) -> bool:
    """Say whether an access path is a name with attributes."""
    return bool(path) and "|" not in path and "<" not in path and SIMPLE_RECEIVER_END.isdisjoint(path)


def bound_names(pattern: SyntaxNode) -> list[SyntaxNode]:
    """Return the identifiers that a pattern binds."""
    found: list[SyntaxNode] = []
    pending = [pattern]
    while pending:
        node = pending.pop()
        if node.type in ("identifier", "shorthand_property_identifier_pattern", "type_identifier"):
            found.append(node)
            continue
        if node.type in ("assignment_pattern", "object_assignment_pattern"):
            left = node.child_by_field_name("left")
            pending.extend([left] if left is not None else [])
        elif node.type == "pair_pattern":
            value = node.child_by_field_name("value")
            pending.extend([value] if value is not None else [])
        elif node.type in ("object_pattern", "array_pattern", "rest_pattern"):
            pending.extend(reversed(node.named_children))
    return found
