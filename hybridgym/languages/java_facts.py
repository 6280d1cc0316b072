"""Reads the nodes that java.scm captures.

How Java fills the facts:

- `Import.level` says what is imported: 0 a type, 1 a static member, 2 nothing, it is the package of the file.
  `module` is all before the last name; `name` and `alias` are the last name, or `*`.
- `Definition.bases` and all types are source text without annotations, comments and blanks.
- `Definition.flags` holds the modifiers; `extends` where the first base is a superclass; `abstract` also where an
  interface leaves it out; `constructor` and `compact`; and `type T extends A & B` for each type parameter.
- The parameters of a record are its components.
- A class body without a definition is that of an anonymous class or of a constant of an enum; a binding named
  `super` in it has the type that it extends.
"""

from collections.abc import Iterator, Sequence

from hybridgym.facts import (
    Binding,
    BindingKind,
    Import,
    Kind,
    Parameter,
    Reference,
    Return,
    ScopeKind,
    Span,
)
from hybridgym.languages.comments import Comments
from hybridgym.languages.java import Java
from hybridgym.languages.java_paths import ANNOTATIONS, COMMENTS, Paths
from hybridgym.languages.reading import Captures, Content, Outline, Placement, RawDefinition, Region, SyntaxNode

FORMS = {
    "interface_declaration": "interface",
    "enum_declaration": "enum",
    "record_declaration": "record",
    "annotation_type_declaration": "annotation",
    "constructor_declaration": "constructor",
    "compact_constructor_declaration": "constructor",
}
CLASS_BODIES = frozenset({"class_body", "interface_body", "enum_body_declarations", "annotation_type_body"})
CONSTRUCTORS = {
    "constructor_declaration": ("constructor",),
    "compact_constructor_declaration": ("constructor", "compact"),
}
TYPE_LISTS = frozenset({"super_interfaces", "extends_interfaces"})
OUTER_NODES = frozenset(
    {"block", "constructor_body", "switch_block", "program", "class_body", "interface_body", "enum_body_declarations"}
)
NEGATIONS = ("!", "||", "false")
"""What a condition may hold whose patterns bind names behind the statement."""


class JavaReader:
    """The facts of a Java file; one instance per file."""

    def outline(self, data: bytes, captures: Captures) -> Outline:
        """Return definitions and scopes."""
        self._data = data
        self._paths = Paths(data)
        self._text = self._paths.text
        self._comments = Comments(Java, data, captures.get("comment", ()))
        self._definitions: list[RawDefinition] = []
        self._regions: list[Region] = []
        self._bodies: set[int] = set()
        for capture, kind in (("definition.class", Kind.CLASS), ("definition.function", Kind.FUNCTION)):
            for node in captures.get(capture, ()):
                self._define(node, kind)
        for capture in ("scope.anonymous", "scope.constant"):
            self._region(ScopeKind.CLASS, captures.get(capture, ()))
        for node in captures.get("scope.lambda", ()):
            self._regions.append(Region(ScopeKind.LAMBDA, node.start_byte, node.end_byte, -1))
            body = node.child_by_field_name("body")
            if body is not None:
                self._bodies.add(body.start_byte)
        self._blocks(captures)
        return Outline(self._definitions, self._regions, [])

    def content(self, data: bytes, captures: Captures, placement: Placement) -> Content:
        """Return bindings, imports and references, placed in their scopes."""
        self._scope_at = placement.scope_at
        self._bindings: list[Binding] = []
        self._references: list[Reference] = []
        self._results: list[Return] = []
        self._fields(captures)
        self._locals(captures)
        self._patterns(captures)
        self._anonymous(captures)
        self._lambdas(captures)
        self._calls(captures)
        bodies = [d.body.start for d in self._definitions if d.kind is not Kind.CLASS and d.body.end > d.body.start]
        given = {d.body.start for d in self._definitions if d.returns not in ("", "void")}
        return Content(
            bindings=self._bindings,
            imports=list(self._imports(captures)),
            stores=[],
            references=self._references,
            returns=[Return("?", placement.scope_at(start)) for start in bodies if start in given] + self._results,
            loops=[Span(n.start_byte, n.end_byte) for n in captures.get("loop", ())],
            outer_names=[],
            exports=None,
            dynamic_names=set(),
            version=(0, 0),
            flags=[],
        )

    # definitions

    def _define(self, node: SyntaxNode, kind: Kind) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or (body is None and kind is Kind.CLASS):
            return
        around = node.parent
        is_member = around is not None and around.type == "class_body"
        outer = around.parent if around is not None and is_member else None
        plain = outer is not None and outer.type not in Java.place_nodes
        owner = "" if plain else Java.definition_name(node)[0]
        is_function = kind is Kind.FUNCTION
        if is_function and outer is not None and not plain:
            kind = Kind.METHOD
        modifiers, decorators, keyword = self._modifiers(node)
        written = node.child_by_field_name("type")
        returns = self._paths.type(written) if written is not None else ""
        dimensions = node.child_by_field_name("dimensions")
        if dimensions is not None:
            returns += "[]" * self._text(dimensions).count("[")
        flags = [*modifiers, *self._type_parameters(node)]
        if is_function:
            flags += CONSTRUCTORS.get(node.type, ())
            if body is None and "native" not in modifiers and "abstract" not in modifiers:
                flags.append("abstract")
            bases: tuple[str, ...] = ()
        else:
            bases = tuple(self._bases(node, flags))
        end = node.end_byte
        span = Span(body.start_byte, body.end_byte) if body is not None else Span(end, end)
        if body is not None:
            scope = ScopeKind.FUNCTION if is_function else ScopeKind.CLASS
            self._regions.append(Region(scope, span.start, span.end, len(self._definitions)))
            self._bodies.add(span.start)
        self._definitions.append(
            RawDefinition(
                name=self._text(name),
                kind=kind,
                start=node.start_byte,
                end=end,
                keyword=keyword,
                body=span,
                row=name.start_point[0],
                first_row=node.start_point[0],
                end_row=node.end_point[0],
                documentation=self._comments.documentation(node),
                decorators=decorators,
                bases=bases,
                parameters=tuple(self._parameters(node.child_by_field_name("parameters"))),
                returns=returns,
                flags=tuple(flags),
                form=FORMS.get(node.type, ""),
                owner=owner,
            )
        )

    def _modifiers(self, node: SyntaxNode) -> tuple[list[str], tuple[str, ...], int]:
        """Return the modifiers of a definition, its annotations, and where it begins behind these."""
        first = node.children[0]
        if first.type != "modifiers":
            return [], (), node.start_byte
        words: list[str] = []
        names: list[str] = []
        keyword = -1
        for child in first.children:
            if child.type in ANNOTATIONS:
                name = child.child_by_field_name("name")
                names.append(self._text(name) if name is not None else "?")
            elif child.type not in COMMENTS:
                words.append(child.type)
                keyword = child.start_byte if keyword < 0 else keyword
        behind = next((c for c in node.children[1:] if c.type not in COMMENTS), node)
        return words, tuple(names), behind.start_byte if keyword < 0 else keyword

    def _type_parameters(self, node: SyntaxNode) -> Iterator[str]:
        parameters = node.child_by_field_name("type_parameters")
        for child in parameters.named_children if parameters is not None else ():
            if child.type == "type_parameter":
                parts = [c for c in child.named_children if c.type not in ANNOTATIONS and c.type not in COMMENTS]
                bounds = [c for part in parts[1:] for c in part.named_children if c.type not in COMMENTS]
                written = " & ".join(self._paths.type(bound) for bound in bounds)
                yield f"type {self._text(parts[0])}" + (f" extends {written}" if written else "")

    def _bases(self, node: SyntaxNode, flags: list[str]) -> Iterator[str]:
        for child in node.named_children:
            if child.type == "superclass":
                flags.append("extends")
                yield from (self._paths.type(c) for c in child.named_children if c.type not in COMMENTS)
            elif child.type in TYPE_LISTS:
                for part in child.named_children:
                    if part.type == "type_list":
                        yield from (self._paths.type(c) for c in part.named_children if c.type not in COMMENTS)

    def _parameters(self, node: SyntaxNode | None) -> Iterator[Parameter]:
        for child in node.named_children if node is not None else ():
            if child.type == "formal_parameter":
                name, written = child.child_by_field_name("name"), child.child_by_field_name("type")
                if name is None or written is None or self._text(name) == "this":
                    continue
                dimensions = child.child_by_field_name("dimensions")
                rank = self._text(dimensions).count("[") if dimensions is not None else 0
                yield Parameter(self._text(name), "plain", self._paths.type(written) + "[]" * rank, "")
            elif child.type == "spread_parameter":
                parts = [c for c in child.named_children if c.type != "modifiers" and c.type not in COMMENTS]
                declarator = next((c for c in parts if c.type == "variable_declarator"), None)
                name = declarator.child_by_field_name("name") if declarator is not None else None
                if name is not None and parts[0] is not declarator:
                    yield Parameter(self._text(name), "*", self._paths.type(parts[0]), "")

    # scopes

    def _region(self, kind: ScopeKind, nodes: Sequence[SyntaxNode]) -> None:
        self._regions.extend(Region(kind, n.start_byte, n.end_byte, -1) for n in nodes)

    def _blocks(self, captures: Captures) -> None:
        """Add the blocks that declare names; what declares none needs no scope."""
        spans: dict[tuple[int, int], None] = {}
        for node in captures.get("binding.local", ()):
            block = node.parent
            if block is not None and block.type == "switch_block_statement_group":
                block = block.parent
            if block is not None and block.start_byte not in self._bodies:
                spans[block.start_byte, block.end_byte] = None
        for node in captures.get("loop", ()):
            if node.type == "enhanced_for_statement":
                spans[node.start_byte, node.end_byte] = None
        for node in captures.get("scope.catch", ()):
            spans[node.start_byte, node.end_byte] = None
        for node in captures.get("scope.resources", ()):
            resources, body = node.child_by_field_name("resources"), node.child_by_field_name("body")
            if resources is not None and body is not None:
                spans[resources.start_byte, body.end_byte] = None
        for capture in ("binding.instance", "binding.pattern"):
            for node in captures.get(capture, ()):
                spans[self._reach(node)] = None
        self._regions.extend(Region(ScopeKind.BLOCK, start, end, -1) for start, end in sorted(spans))

    def _reach(self, node: SyntaxNode) -> tuple[int, int]:
        """Return where a name may be known that a pattern binds: in the statement, or from there to the block's end."""
        child, around = node, node.parent
        while around is not None:
            kind = around.type
            if kind in ("switch_rule", "switch_block_statement_group", "lambda_expression"):
                return around.start_byte, around.end_byte
            if kind in OUTER_NODES:
                return child.start_byte, child.end_byte
            if kind in ("if_statement", "while_statement", "for_statement") and (outer := around.parent) is not None:
                condition = around.child_by_field_name("condition")
                text = self._text(condition) if condition is not None else ""
                if outer.type in ("block", "constructor_body") and any(sign in text for sign in NEGATIONS):
                    return around.start_byte, outer.end_byte - 1
                return around.start_byte, around.end_byte
            child, around = around, around.parent
        return node.start_byte, node.end_byte

    # bindings

    def _bind(
        self, name: SyntaxNode, kind: BindingKind, position: int, annotation: str, value: str = "", index: int = -1
    ) -> None:
        scope = self._scope_at(name.start_byte)
        self._bindings.append(Binding(self._text(name), scope, kind, position, value, annotation, index))

    def _declared(self, node: SyntaxNode) -> None:
        """Bind the variables of a declaration; an initializer only matters where no type is written."""
        written = node.child_by_field_name("type")
        annotation = self._paths.type(written) if written is not None else ""
        for child in node.named_children:
            name = child.child_by_field_name("name") if child.type == "variable_declarator" else None
            if name is None:
                continue
            rank, value = 0, ""
            for part in child.named_children[1:]:
                if part.type == "dimensions":
                    rank = self._text(part).count("[")
                elif annotation == "var" or part.type == "lambda_expression":
                    value = self._paths.of(part)
            own = "" if annotation == "var" else annotation + "[]" * rank
            self._bind(name, BindingKind.ASSIGNMENT, child.end_byte, own, value)

    def _fields(self, captures: Captures) -> None:
        for node in captures.get("binding.field", ()):
            self._declared(node)
        for node in captures.get("binding.constant", ()):
            name, enum = node.child_by_field_name("name"), node.parent
            enum = enum.parent if enum is not None else None
            named = enum.child_by_field_name("name") if enum is not None else None
            if name is not None and named is not None:
                self._bind(name, BindingKind.ASSIGNMENT, node.end_byte, self._text(named))

    def _locals(self, captures: Captures) -> None:
        for node in captures.get("binding.local", ()):
            self._declared(node)
        for node in captures.get("loop", ()):
            if node.type == "enhanced_for_statement":
                self._typed(node, BindingKind.ITERATION)
        for node in captures.get("scope.resources", ()):
            resources = node.child_by_field_name("resources")
            for child in resources.named_children if resources is not None else ():
                if child.type == "resource":
                    self._typed(child, BindingKind.ASSIGNMENT)
        for node in captures.get("scope.catch", ()):
            caught = next((c for c in node.named_children if c.type == "catch_formal_parameter"), None)
            name = caught.child_by_field_name("name") if caught is not None else None
            written = [c for c in caught.named_children if c.type == "catch_type"] if caught is not None else []
            if name is not None and written:
                types = [self._paths.type(c) for c in written[0].named_children if c.type not in COMMENTS]
                self._bind(name, BindingKind.EXCEPTION, name.end_byte, "|".join(types))

    def _typed(self, node: SyntaxNode, kind: BindingKind) -> None:
        """Bind the one variable that a node has as fields: `type`, `name` and `value`."""
        name, written = node.child_by_field_name("name"), node.child_by_field_name("type")
        value = node.child_by_field_name("value")
        if name is not None and written is not None and value is not None:
            annotation = self._paths.type(written)
            path = self._paths.of(value) if annotation == "var" else ""
            self._bind(name, kind, value.end_byte, "" if path else annotation, path)

    def _patterns(self, captures: Captures) -> None:
        for node in captures.get("binding.instance", ()):
            name, written = node.child_by_field_name("name"), node.child_by_field_name("right")
            if name is not None and written is not None:
                self._bind(name, BindingKind.ASSIGNMENT, name.end_byte, self._paths.type(written))
        for node in captures.get("binding.pattern", ()):
            parts = [c for c in node.named_children if c.type not in COMMENTS and c.type != "modifiers"]
            if len(parts) == 2 and parts[1].type == "identifier":
                annotation = self._paths.type(parts[0])
                kind = BindingKind.OTHER if annotation == "var" else BindingKind.ASSIGNMENT
                self._bind(parts[1], kind, parts[1].end_byte, "" if annotation == "var" else annotation)

    def _anonymous(self, captures: Captures) -> None:
        for capture, field in (("scope.anonymous", "type"), ("scope.constant", "name")):
            for body in captures.get(capture, ()):
                node = body.parent
                if capture == "scope.constant":  # of an enum_constant of an enum_body of an enum
                    node = node.parent if node is not None else None
                    node = node.parent if node is not None else None
                named = node.child_by_field_name(field) if node is not None else None
                if node is not None and named is not None:
                    scope = self._scope_at(body.start_byte)
                    base = self._paths.type(named)
                    self._bindings.append(
                        Binding("super", scope, BindingKind.OTHER, body.start_byte, self._enclosed(node), base)
                    )

    def _lambdas(self, captures: Captures) -> None:
        for node in captures.get("scope.lambda", ()):
            parameters, body = node.child_by_field_name("parameters"), node.child_by_field_name("body")
            if parameters is None or body is None:
                continue
            if body.type != "block":
                self._results.append(Return(self._paths.of(body), self._scope_at(node.start_byte)))
            if parameters.type == "formal_parameters":
                scope = self._scope_at(node.start_byte)
                for number, found in enumerate(self._parameters(parameters)):
                    own = "" if found.annotation == "var" else found.annotation + ("[]" if found.form == "*" else "")
                    kind = BindingKind.PARAMETER
                    self._bindings.append(Binding(found.name, scope, kind, node.start_byte, "", own, number))
                continue
            names = [parameters] if parameters.type == "identifier" else parameters.named_children
            for number, name in enumerate(n for n in names if n.type == "identifier"):
                self._bind(name, BindingKind.PARAMETER, node.start_byte, "", "", number)

    # references

    def _calls(self, captures: Captures) -> None:
        for node in captures.get("reference.call", ()):
            name, target = node.child_by_field_name("name"), node.child_by_field_name("object")
            if name is None:
                continue
            path = self._text(name)
            if target is not None:
                of = self._paths.of(target)
                if any(c.type == "super" for c in node.children[1:-1]):
                    of += ".super"
                path = f"{of if '|' not in of and '%' not in of else f'({of})'}.{path}"
            self._refer(node, path, node.end_byte)
        for node in captures.get("reference.new", ()):
            written = node.child_by_field_name("type")
            if written is not None:
                text = self._paths.type(written)
                if text.endswith(">"):
                    text = text[:-2] if text.endswith("<>") else f"<{text}>"
                self._refer(node, f"{self._enclosed(node)}{text}!", node.end_byte)
        for node in captures.get("reference.constructor", ()):
            called = node.child_by_field_name("constructor")
            arguments = node.child_by_field_name("arguments")
            if called is not None and arguments is not None:
                self._refer(node, f"{called.type}(", arguments.end_byte)

    def _enclosed(self, node: SyntaxNode) -> str:
        """Return `a::` of `a.new T()`; empty where nothing stands before the `new`."""
        first = node.children[0]
        if node.type != "object_creation_expression" or first.type == "new":
            return ""
        return f"{self._paths.of(first)}::"

    def _refer(self, node: SyntaxNode, path: str, end: int) -> None:
        given = node.child_by_field_name("arguments")
        of = self._paths.of
        arguments = tuple(of(c) for c in given.named_children if c.type not in COMMENTS) if given is not None else ()
        start = node.start_byte
        row = node.start_point[0]
        self._references.append(Reference(path, self._scope_at(start), start, end, row, False, "", arguments))

    # imports

    def _imports(self, captures: Captures) -> Iterator[Import]:
        for node in captures.get("import.package", ()):
            named = [c for c in node.named_children if c.type in ("scoped_identifier", "identifier")]
            if named:
                yield Import(self._dotted(named[0]), 2, "*", "*", 0, node.start_byte)
        for node in captures.get("import.name", ()):
            named = [c for c in node.named_children if c.type in ("scoped_identifier", "identifier")]
            if not named:
                continue
            text = self._dotted(named[0])
            level = 1 if any(c.type == "static" for c in node.children) else 0
            if any(c.type == "asterisk" for c in node.named_children):
                yield Import(text, level, "*", "*", 0, node.start_byte)
            else:
                module, _, name = text.rpartition(".")
                yield Import(module, level, name, name, 0, node.start_byte)

    def _dotted(self, node: SyntaxNode) -> str:
        text = self._text(node)
        return text if text.replace(".", "").isalnum() else "".join(text.split())
