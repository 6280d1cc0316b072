"""Reads the nodes that rust.scm captures.

Rust has more to say of names than other languages, and says it in bindings of the kind OTHER, whose `value` is

    mod       a module: `index` is the scope of one written in place, else -1 and the annotation is its `#[path]`
    const     a constant or static (annotation: its type)
    type      a type alias or an associated type (annotation: what it stands for, behind `for<T>` if it is generic)
    generic   a type parameter (annotation: its bounds)
    impl      `Self` in the scope of an impl (annotation: its type); `trait` (annotation: the trait) where it has one
    variant   a variant of an enum, with `name.0`, `name.field` for the types of what it holds
    extern    a function of an extern block

with `pub ` before it for what others may see. Structs bind their fields, those without names as `0`, `1`, …
`Import.level` is 1 for what is public.

`dynamic_names` are names that the tokens of macros define, `name!` for each macro (`name!$` if it makes definitions
of names that it is given), and `x!name` for each name `x` that a macro beside the items of a file is given.
"""

import re

from hybridgym.facts import Binding, BindingKind, Reference, ScopeKind, Span
from hybridgym.languages.reading import Captures, Content, Outline, Placement, Region, SyntaxNode
from hybridgym.languages.rust_items import Items
from hybridgym.languages.rust_paths import Paths
from hybridgym.languages.rust_patterns import Patterns
from hybridgym.languages.rust_tokens import PLAIN_MACROS, Tokens
from hybridgym.languages.rust_uses import Uses

NAMING_NODES = (
    "binding.item",
    "binding.let",
    "definition.class",
    "definition.function",
    "definition.impl",
    "definition.module",
    "import.use",
)
"""Captures of what gives the block around it a name."""
DEFINED = re.compile(rb"\b(?:fn|struct|enum|union|trait|mod|type|const|static)\s+(?:mut\s+)?(\w+)")
NAMING = re.compile(rb"\b(?:fn|struct|enum|union|trait|mod|type|const|static)\s+(?:\$|\[<)")
GIVEN = re.compile(rb"(?<![.:\w$'\"])([A-Za-z_]\w*)\s*(?=[,;})\]\s]|=>|:(?!:))")
"""Identifiers that a macro may make names of: they are not called, and no part of a path."""


class RustReader:
    """The facts of a Rust file; one instance per file."""

    def outline(self, data: bytes, captures: Captures) -> Outline:
        """Return definitions, scopes and conditional spans."""
        self._data = data
        self._paths = Paths(data)
        self._items = items = Items(data, captures, self._paths)
        regions = list(items.regions)
        seen = {(r.start, r.end) for r in regions}
        for block in sorted(self._naming_blocks(captures) - seen):
            seen.add(block)
            regions.append(Region(ScopeKind.BLOCK, *block, -1))
        for node in captures.get("scope.closure", ()):
            regions.append(Region(ScopeKind.LAMBDA, node.start_byte, node.end_byte, -1))
        for node in captures.get("scope.condition", ()):
            condition = node.child_by_field_name("condition")
            body = node.child_by_field_name("consequence") or node.child_by_field_name("body")
            if condition is not None and body is not None:
                regions.append(Region(ScopeKind.BLOCK, condition.start_byte, body.end_byte, -1))
        for node in captures.get("scope.for", ()):
            body = node.child_by_field_name("body")
            if body is not None and (body.start_byte, body.end_byte) not in seen:
                regions.append(Region(ScopeKind.BLOCK, body.start_byte, body.end_byte, -1))
        for arm in self._arms(captures):
            regions.append(Region(ScopeKind.BLOCK, arm.start_byte, arm.end_byte, -1))
        return Outline(items.definitions, regions, items.conditionals)

    def content(self, data: bytes, captures: Captures, placement: Placement) -> Content:
        """Return bindings, imports and references, placed in their scopes."""
        self._place = placement
        self._patterns = Patterns(self._paths)
        self._tokens = Tokens(self._paths)
        self._bindings: list[Binding] = []
        self._references: list[Reference] = []
        self._names: set[str] = set()
        self._item_bindings(captures)
        self._locals(captures)
        self._calls(captures)
        self._macros(captures)
        return Content(
            bindings=self._bindings,
            imports=list(Uses(self._paths, placement).read(captures)),
            stores=[],
            references=self._references,
            returns=[],
            loops=[Span(n.start_byte, n.end_byte) for n in captures.get("scope.for", ())],
            outer_names=[],
            exports=None,
            dynamic_names=self._names,
            version=(0, 0),
            flags=[],
        )

    @staticmethod
    def _naming_blocks(captures: Captures) -> set[tuple[int, int]]:
        """Return where the blocks are that have names of their own."""
        places = [(node.start_byte, node.end_byte) for node in captures.get("scope.block", ())]
        places += [(n.start_byte, -1) for capture in NAMING_NODES for n in captures.get(capture, ())]
        found: set[tuple[int, int]] = set()
        around: list[tuple[int, int]] = []
        for place in sorted(places):
            while around and around[-1][1] <= place[0]:
                around.pop()
            if place[1] >= 0:
                around.append(place)
            elif around:
                found.add(around[-1])
        return found

    @staticmethod
    def _arms(captures: Captures) -> list[SyntaxNode]:
        bodies = [node.child_by_field_name("body") for node in captures.get("scope.match", ())]
        return [c for body in bodies if body is not None for c in body.named_children if c.type == "match_arm"]

    # references

    def _calls(self, captures: Captures) -> None:
        scope_at, callee_of, references = self._place.scope_at, self._paths.callee, self._references
        for node in reversed(captures.get("reference.call", ())):  # inner ones first, whose paths outer ones begin with
            callee = node.child_by_field_name("function")
            if callee is not None:
                start = node.start_byte
                path = callee_of(callee)
                references.append(Reference(path, scope_at(start), start, node.end_byte, node.start_point[0]))
        for start, row, attribute in self._items.rewritten:
            references.append(Reference(f"{attribute}!", scope_at(start), start, start, row))

    def _macros(self, captures: Captures) -> None:
        for node in captures.get("reference.macro", ()):
            macro = node.child_by_field_name("macro")
            tree = next((c for c in node.named_children if c.type == "token_tree"), None)
            if macro is None or tree is None:
                continue
            path = self._paths.of(macro)
            self._refer(f"{path}!", node, node)
            last_name = path.rpartition("::")[2]
            if last_name not in PLAIN_MACROS:
                self._names.update(n.decode() for n in DEFINED.findall(tree.text or b""))
            for called, first, last in self._tokens.calls(last_name, tree):
                self._refer(called, first, last)
        for node in captures.get("macro.definition", ()):
            text = node.text or b""
            name = node.child_by_field_name("name")
            if name is not None:
                naming = "$" if NAMING.search(text) else ""
                self._names.add(f"{self._paths.name(name)}!{naming}")
            self._names.update(n.decode() for n in DEFINED.findall(text))
        for node in captures.get("macro.item", ()):
            macro = node.child_by_field_name("macro")
            if macro is not None:
                given_to = self._text(macro).rpartition("::")[2]
                self._names.update(f"{n.decode()}!{given_to}" for n in GIVEN.findall(node.text or b""))

    def _refer(self, path: str, first: SyntaxNode, last: SyntaxNode) -> None:
        start = first.start_byte
        self._references.append(
            Reference(path, self._place.scope_at(start), start, last.end_byte, first.start_point[0])
        )

    # items

    def _item_bindings(self, captures: Captures) -> None:
        for item in self._items.modules:
            name, body = item.node.child_by_field_name("name"), item.node.child_by_field_name("body")
            if name is not None:
                own = self._place.scope_at(body.start_byte) if body is not None else -1
                self._bind(name, item.node, "mod", item.attributes.path, own)
        for item in self._items.impls:
            self._impl(item.node)
        for node in self._items.foreign:
            name = node.child_by_field_name("name")
            if name is not None:
                self._bind(name, node, "extern")
        for node in self._items.nodes:
            self._definition(node)
        for node in captures.get("binding.item", ()):
            name, written = node.child_by_field_name("name"), node.child_by_field_name("type")
            if name is not None:
                what = "const" if node.type in ("const_item", "static_item") else "type"
                generics = self._text(node.child_by_field_name("type_parameters"))
                text = self._text(written)
                self._bind(name, node, what, f"for{generics} {text}" if generics else text)

    def _impl(self, node: SyntaxNode) -> None:
        scope = self._place.scope_at(node.start_byte + 1)
        written, trait = node.child_by_field_name("type"), node.child_by_field_name("trait")
        self._add("Self", scope, node.start_byte, "impl", self._text(written))
        if trait is not None:
            self._add("Self", scope, node.start_byte, "trait", self._text(trait))
        self._generics(node, scope)

    def _definition(self, node: SyntaxNode) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None:
            return
        scope = self._place.scope_at(name.start_byte)
        self._generics(node, scope)
        if node.type in ("struct_item", "union_item") and body is not None:
            self._fields(body, scope, "")
        elif node.type == "enum_item" and body is not None:
            for variant in body.named_children:
                called = variant.child_by_field_name("name") if variant.type == "enum_variant" else None
                if called is not None:
                    self._add(self._paths.name(called), scope, called.end_byte, "pub variant", "")
                    held = variant.child_by_field_name("body")
                    if held is not None:
                        self._fields(held, scope, self._paths.name(called) + ".")
        elif node.type == "function_item":
            self._parameters(node, scope)

    def _parameters(self, node: SyntaxNode, scope: int) -> None:
        """Bind what the patterns of parameters bind; plain names are bound as parameters."""
        parameters = node.child_by_field_name("parameters")
        for child in parameters.named_children if parameters is not None else ():
            pattern = child.child_by_field_name("pattern")
            if pattern is None or pattern.type in ("identifier", "self"):
                continue
            path = f"<{self._text(child.child_by_field_name('type'))}>"
            for name, value in self._patterns.bound(pattern, path):
                self._add_local(name, scope, node.start_byte, value)

    def _fields(self, body: SyntaxNode, scope: int, prefix: str) -> None:
        number = 0
        for child in body.named_children:
            if child.type == "field_declaration":
                name, written = child.child_by_field_name("name"), child.child_by_field_name("type")
                if name is not None:
                    self._add_field(prefix + self._paths.name(name), scope, child, self._text(written))
            elif body.type == "ordered_field_declaration_list" and child.type.endswith(("type", "_identifier")):
                self._add_field(f"{prefix}{number}", scope, child, self._text(child))
                number += 1

    def _generics(self, node: SyntaxNode, scope: int) -> None:
        parameters = node.child_by_field_name("type_parameters")
        for child in parameters.named_children if parameters is not None else ():
            name = child.child_by_field_name("name")
            if name is not None and child.type == "type_parameter":
                self._add(self._paths.name(name), scope, node.start_byte, "generic", "")
            elif child.type == "const_parameter" and name is not None:
                self._add(self._paths.name(name), scope, node.start_byte, "const", "")

    def _bind(self, name: SyntaxNode, node: SyntaxNode, what: str, annotation: str = "", index: int = -1) -> None:
        """Bind the name of an item in the scope around it."""
        is_public = any(c.type == "visibility_modifier" for c in node.children)
        start = node.start_byte
        self._add(
            self._paths.name(name),
            self._place.scope_at(start),
            start,
            f"pub {what}" if is_public else what,
            annotation,
            index,
        )

    def _add(self, name: str, scope: int, position: int, value: str, annotation: str, index: int = -1) -> None:
        conditional = self._place.is_conditional(position, scope)
        self._bindings.append(Binding(name, scope, BindingKind.OTHER, position, value, annotation, index, conditional))

    def _add_field(self, name: str, scope: int, node: SyntaxNode, annotation: str) -> None:
        self._bindings.append(Binding(name, scope, BindingKind.ASSIGNMENT, node.start_byte, "", annotation))

    # local names

    def _locals(self, captures: Captures) -> None:
        for node in captures.get("binding.let", ()):
            self._let(node)
        for node in captures.get("scope.condition", ()):
            condition = node.child_by_field_name("condition")
            conditions = [condition] if condition is not None else []
            if condition is not None and condition.type == "let_chain":
                conditions = [c for c in condition.named_children if c.type == "let_condition"]
            for part in conditions:
                self._match(part.child_by_field_name("pattern"), part.child_by_field_name("value"), part.end_byte)
        for node in captures.get("scope.match", ()):
            value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
            path = self._paths.of(value) if value is not None else "?"
            for arm in body.named_children if body is not None else ():
                pattern = arm.child_by_field_name("pattern") if arm.type == "match_arm" else None
                if pattern is not None:
                    self._bind_pattern(pattern, path, self._place.scope_at(arm.start_byte), arm.start_byte)
        for node in captures.get("scope.for", ()):
            self._for(node)
        for node in captures.get("scope.closure", ()):
            self._closure(node)

    def _let(self, node: SyntaxNode) -> None:
        pattern, written = node.child_by_field_name("pattern"), node.child_by_field_name("type")
        value = node.child_by_field_name("value")
        if pattern is None:
            return
        start = node.start_byte
        path = self._paths.of(value) if value is not None else "?"
        attributes = self._items.attributes(start)
        annotation = self._text(written)
        if attributes.conditional:
            path, annotation = "?", ""
        elif "_" in annotation and re.search(r"\b_\b", annotation):
            annotation = ""
        scope = self._place.scope_at(start)
        if pattern.type == "identifier" and annotation:
            name = self._paths.name(pattern)
            self._bindings.append(Binding(name, scope, BindingKind.ASSIGNMENT, node.end_byte, path, annotation))
        else:
            self._bind_pattern(pattern, f"<{annotation}>" if annotation else path, scope, node.end_byte)

    def _match(self, pattern: SyntaxNode | None, value: SyntaxNode | None, position: int) -> None:
        if pattern is not None and value is not None:
            scope = self._place.scope_at(pattern.start_byte)
            self._bind_pattern(pattern, self._paths.of(value), scope, position)

    def _for(self, node: SyntaxNode) -> None:
        pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        body = node.child_by_field_name("body")
        if pattern is None or value is None or body is None:
            return
        scope, position = self._place.scope_at(body.start_byte), body.start_byte
        path = self._paths.of(value)
        path = "?" if path.startswith("?") else path + ".$each"
        self._bind_pattern(pattern, path, scope, position)

    def _closure(self, node: SyntaxNode) -> None:
        parameters = node.child_by_field_name("parameters")
        children = [c for c in parameters.named_children if not c.is_extra] if parameters is not None else []
        if not children:
            return
        scope = self._place.scope_at(node.start_byte)
        given = self._given(node)
        for number, child in enumerate(children):
            if child.type == "parameter":
                pattern, written = child.child_by_field_name("pattern"), child.child_by_field_name("type")
                if pattern is not None and pattern.type == "identifier" and written is not None:
                    name, annotation = self._paths.name(pattern), self._text(written)
                    self._bindings.append(Binding(name, scope, BindingKind.ASSIGNMENT, node.start_byte, "", annotation))
                elif pattern is not None:
                    self._bind_pattern(pattern, f"<{self._text(written)}>", scope, node.start_byte)
            else:
                path = f"{given}{number}" if given else "?"
                self._bind_pattern(child, path, scope, node.start_byte)

    def _given(self, node: SyntaxNode) -> str:
        """Return the beginning of the path of what a closure is given that is the only argument of a method."""
        arguments = node.parent
        call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
        if call is None or call.type != "call_expression" or arguments is None:
            return ""
        place = [c.id for c in arguments.named_children if not c.is_extra].index(node.id)
        callee = call.child_by_field_name("function")
        path = self._paths.callee(callee) if callee is not None else "?"
        return "" if path.startswith("?") or "|" in path or "." not in path else f"{path}.$given{place}_"

    def _bind_pattern(self, pattern: SyntaxNode, path: str, scope: int, position: int) -> None:
        for name, value in self._patterns.bound(pattern, path):
            self._add_local(name, scope, position, value)

    def _add_local(self, name: str, scope: int, position: int, value: str) -> None:
        self._bindings.append(Binding(name, scope, BindingKind.ASSIGNMENT, position, value))

    def _text(self, node: SyntaxNode | None) -> str:
        return self._paths.text(node) if node is not None else ""
