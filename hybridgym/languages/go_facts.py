"""Reads the nodes that go.scm captures.

What a Go file says of itself is in the flags: `package=NAME`, and `constraint=EXPRESSION` where a build constraint
does. An import has its path as `module`; its `name` is `.` for a dot import and `as` where the alias is written, and
otherwise the alias is what the path lets one guess. A type's `returns` is the type that it is defined as, unless that
is a struct or an interface; its `bases` are what it embeds; both are written types, not access paths. A method of an
interface is a binding whose annotation is a function type. Type parameters are bindings of kind OTHER with their
number; the receiver is the first parameter, of form `receiver`. What is assigned to a variable that exists is a store
without a receiver; of `?` where only its address is taken. The dynamic names are those of fields, of types of other
packages or by a selector, that are given what may be a function.
"""

import re
from collections.abc import Iterator

from hybridgym.facts import BindingKind, Import, Kind, Parameter, Reference, ScopeKind, Span
from hybridgym.languages.comments import Comments
from hybridgym.languages.go import Go, receiver_of
from hybridgym.languages.go_paths import Paths
from hybridgym.languages.go_variables import BLANK, Variables
from hybridgym.languages.reading import Captures, Content, Outline, Placement, RawDefinition, Region, SyntaxNode

CONSTRAINT = re.compile(rb"(?m)^//(?:go:build[ \t]+| ?\+build[ \t]+)(.*?)[ \t]*\r?$")
VERSION_SUFFIX = re.compile(r"v\d+")
DOTTED_VERSION = re.compile(r"\.v\d+$")
DECLARATIONS = ("binding.short", "binding.variable", "binding.constants", "definition.types")
STRUCTURED = frozenset({"struct_type", "interface_type"})


class GoReader:
    """The facts of a Go file; one instance per file."""

    def outline(self, data: bytes, captures: Captures) -> Outline:
        """Return definitions and scopes; nothing in Go binds a name anew, so there are no conditional spans."""
        self._data = data
        self._paths = Paths(data)
        self._text = self._paths.text
        self._comments = Comments(Go, data, captures.get("comment", ()))
        self._definitions: list[RawDefinition] = []
        self._regions: list[Region] = []
        self._functions: list[SyntaxNode] = []
        self._types: list[SyntaxNode] = []
        for capture, is_method in (("definition.function", False), ("definition.method", True)):
            for node in captures.get(capture, ()):
                self._function(node, is_method)
        for node in captures.get("definition.types", ()):
            self._type_declaration(node)
        for node in captures.get("scope.literal", ()):
            body = node.child_by_field_name("body")
            if body is not None:
                self._regions.append(Region(ScopeKind.LAMBDA, body.start_byte, body.end_byte, -1))
        blocks = [*captures.get("scope.block", ()), *_declaring(captures)]
        for node in captures.get("scope.cases", ()):
            blocks += [node, *(c for c in node.named_children if c.type in ("type_case", "default_case"))]
        bodies = {(region.start, region.end) for region in self._regions}  # parameters belong to the same scope
        spans = {(node.start_byte, node.end_byte) for node in blocks} - bodies
        self._regions += [Region(ScopeKind.BLOCK, start, end, -1) for start, end in sorted(spans)]
        return Outline(self._definitions, self._regions, [])

    def content(self, data: bytes, captures: Captures, placement: Placement) -> Content:
        """Return bindings, imports, stores and references, placed in their scopes."""
        self._place = placement
        self._out = Content(
            bindings=[],
            imports=[],
            stores=[],
            references=[],
            returns=[],
            loops=[Span(n.start_byte, n.end_byte) for n in captures.get("loop", ())],
            outer_names=[],
            exports=None,
            dynamic_names=set(),
            version=(0, 0),
            flags=list(self._file_flags(captures)),
        )
        self._variables = Variables(self._paths, placement, self._out)
        for node in captures.get("import", ()):
            self._import(node)
        for node in self._functions:
            self._signature(node)
        for node in captures.get("scope.literal", ()):
            self._literal(node)
        for node in self._types:
            self._members(node)
        self._variables.read(captures)
        self._references(captures)
        return self._out

    def _file_flags(self, captures: Captures) -> Iterator[str]:
        for node in captures.get("package", ())[:1]:
            yield "package=" + self._text(node).removeprefix("package").strip()
            constraints = CONSTRAINT.findall(self._data, 0, node.start_byte)
            if constraints:
                yield "constraint=" + " && ".join(c.decode("utf-8", "replace") for c in constraints)

    # definitions

    def _function(self, node: SyntaxNode, is_method: bool) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None:
            return
        owner = receiver_of(node) if is_method else ""
        result = node.child_by_field_name("result")
        end = node.end_byte
        if body is not None:
            number = len(self._definitions)
            self._regions.append(Region(ScopeKind.FUNCTION, body.start_byte, body.end_byte, number))
            self._functions.append(node)
        row = node.start_point[0]
        self._definitions.append(
            RawDefinition(
                name=self._text(name),
                kind=Kind.METHOD if owner else Kind.FUNCTION,
                start=node.start_byte,
                end=end,
                keyword=node.start_byte,
                body=Span(body.start_byte, body.end_byte) if body is not None else Span(end, end),
                row=row,
                first_row=row,
                end_row=node.end_point[0],
                documentation=self._comments.documentation(node),
                decorators=(),
                bases=(),
                parameters=tuple(self._parameters(node)),
                returns=self._text(result) if result is not None else "",
                flags=(),
                owner=owner,
            )
        )

    def _parameters(self, node: SyntaxNode) -> Iterator[Parameter]:
        for field in ("receiver", "parameters"):
            written = node.child_by_field_name(field)
            for name, text, variadic, _ in self._declared(written):
                form = "receiver" if field == "receiver" else "*" if variadic else "plain"
                yield Parameter(name, form, text, "")

    def _declared(self, parameters: SyntaxNode | None) -> Iterator[tuple[str, str, bool, int]]:
        """Yield name (`_` where there is none), type, whether variadic, and where the declaration begins."""
        for child in parameters.named_children if parameters is not None else ():
            if child.type not in ("parameter_declaration", "variadic_parameter_declaration"):
                continue
            written = child.child_by_field_name("type")
            text = self._text(written) if written is not None else ""
            variadic = child.type != "parameter_declaration"
            names = [c for c in child.named_children if c.type == "identifier"]
            for name in [self._text(n) for n in names] or [BLANK]:
                yield name, text, variadic, child.start_byte

    def _type_declaration(self, node: SyntaxNode) -> None:
        children = node.children
        is_group = any(c.type == "(" for c in children)
        for spec in children:
            if spec.type not in ("type_spec", "type_alias"):
                continue
            name, written = spec.child_by_field_name("name"), spec.child_by_field_name("type")
            if name is not None and written is not None:
                self._type(spec, name, written, spec if is_group else node)

    def _type(self, spec: SyntaxNode, name: SyntaxNode, written: SyntaxNode, outer: SyntaxNode) -> None:
        kind = written.type
        form = kind.removesuffix("_type") if kind in STRUCTURED and spec.type == "type_spec" else "type"
        body = written
        if kind == "struct_type":
            body = next((c for c in written.named_children if c.type == "field_declaration_list"), written)
        self._regions.append(Region(ScopeKind.CLASS, body.start_byte, body.end_byte, len(self._definitions)))
        self._types.append(spec)
        self._definitions.append(
            RawDefinition(
                name=self._text(name),
                kind=Kind.CLASS,
                start=outer.start_byte,
                end=outer.end_byte,
                keyword=outer.start_byte,
                body=Span(body.start_byte, body.end_byte),
                row=name.start_point[0],
                first_row=outer.start_point[0],
                end_row=outer.end_point[0],
                documentation=self._comments.documentation(outer),
                decorators=(),
                bases=tuple(self._embedded(written)) if form != "type" else (),
                parameters=(),
                returns=self._text(written) if form == "type" else "",
                flags=("alias",) if spec.type == "type_alias" else (),
                form=form,
            )
        )

    def _embedded(self, written: SyntaxNode) -> Iterator[str]:
        """Yield the types that a struct or an interface embeds, with the `*` that a struct may write."""
        if written.type == "interface_type":
            for child in written.named_children:
                if child.type == "type_elem":
                    yield self._text(child)
            return
        for field in _fields(written):
            typed = field.child_by_field_name("type")
            if typed is not None and field.child_by_field_name("name") is None:
                yield self._data[field.start_byte : typed.end_byte].decode("utf-8", "replace")

    # what signatures and types bind

    def _signature(self, node: SyntaxNode) -> None:
        body = node.child_by_field_name("body")
        assert body is not None
        scope = self._place.scope_at(body.start_byte)
        position = node.start_byte
        receiver = _field_of_first(node.child_by_field_name("receiver"), "type")
        if receiver is not None:
            for number, name in enumerate(_type_arguments(self._text(receiver))):
                self._variables.bind(name, scope, BindingKind.OTHER, position, index=number)
        self._type_parameters(node, scope, position)
        for name, text, _, _ in self._declared(node.child_by_field_name("result")):
            self._variables.bind(name, scope, BindingKind.ASSIGNMENT, position, "?", text)

    def _type_parameters(self, node: SyntaxNode, scope: int, position: int) -> None:
        parameters = node.child_by_field_name("type_parameters")
        number = 0
        for child in parameters.named_children if parameters is not None else ():
            written = child.child_by_field_name("type")
            for name in child.named_children:
                if name.type == "identifier":
                    text = self._text(written) if written is not None else ""
                    self._variables.bind(
                        self._text(name), scope, BindingKind.OTHER, position, annotation=text, index=number
                    )
                    number += 1

    def _literal(self, node: SyntaxNode) -> None:
        body = node.child_by_field_name("body")
        if body is None:
            return
        scope = self._place.scope_at(body.start_byte)
        for field, kind in (("parameters", BindingKind.PARAMETER), ("result", BindingKind.ASSIGNMENT)):
            for name, text, variadic, _ in self._declared(node.child_by_field_name(field)):
                self._variables.bind(name, scope, kind, node.start_byte, "?", f"[]{text}" if variadic else text)

    def _members(self, spec: SyntaxNode) -> None:
        written = spec.child_by_field_name("type")
        assert written is not None
        scope = self._place.scope_at(written.end_byte - 1)
        self._type_parameters(spec, scope, spec.start_byte)
        if spec.type == "type_alias":
            return
        for field in _fields(written) if written.type == "struct_type" else ():
            typed = field.child_by_field_name("type")
            for name in field.named_children if typed is not None else ():
                if name.type == "field_identifier" and typed is not None:
                    self._variables.bind(
                        self._text(name), scope, BindingKind.ASSIGNMENT, field.start_byte, annotation=self._text(typed)
                    )
        for method in written.named_children if written.type == "interface_type" else ():
            own, parameters = method.child_by_field_name("name"), method.child_by_field_name("parameters")
            if method.type == "method_elem" and own is not None and parameters is not None:
                signature = self._data[parameters.start_byte : method.end_byte].decode("utf-8", "replace")
                start = method.start_byte
                self._variables.bind(
                    self._text(own), scope, BindingKind.ASSIGNMENT, start, annotation=f"func{signature}"
                )

    # imports

    def _import(self, node: SyntaxNode) -> None:
        name, path = node.child_by_field_name("name"), node.child_by_field_name("path")
        if path is None:
            return
        module = self._text(path)[1:-1]
        written = self._text(name) if name is not None else ""
        if written == BLANK:
            form, alias = "_", "_"
        elif written == ".":
            form, alias = ".", "."
        else:
            form, alias = ("as", written) if written else ("", guessed_name(module))
        self._out.imports.append(Import(module, 0, form, alias, 0, node.start_byte))

    # calls

    def _references(self, captures: Captures) -> None:
        scope_at, references = self._place.scope_at, self._out.references
        for node in captures.get("reference.call", ()):
            function = node.child_by_field_name("function")
            if function is None:
                continue
            path = self._paths.callee(node, function)
            start = node.start_byte
            references.append(Reference(path, scope_at(start), start, node.end_byte, node.start_point[0]))
        for node in captures.get("reference.generic", ()):  # `f[T](x)` looks like a conversion
            written = node.child_by_field_name("type")
            if written is not None:
                path, start = self._paths.instantiated(written), node.start_byte
                references.append(Reference(path, scope_at(start), start, node.end_byte, node.start_point[0]))


def _declaring(captures: Captures) -> Iterator[SyntaxNode]:
    """Yield the blocks and cases in which something is declared."""
    places = sorted(node.start_byte for capture in DECLARATIONS for node in captures.get(capture, ()))
    blocks = captures.get("block", ())
    number = 0
    around: list[SyntaxNode] = []
    last: SyntaxNode | None = None
    for place in places:
        while number < len(blocks) and blocks[number].start_byte <= place:
            around.append(blocks[number])
            number += 1
        while around and around[-1].end_byte <= place:
            around.pop()
        if around and around[-1] is not last:
            last = around[-1]
            yield last


def guessed_name(module: str) -> str:
    """Return the name that a package most likely has, by its import path."""
    parts = module.split("/")
    last = parts[-2] if VERSION_SUFFIX.fullmatch(parts[-1]) and len(parts) > 1 else parts[-1]
    return DOTTED_VERSION.sub("", last)


def _fields(struct: SyntaxNode) -> list[SyntaxNode]:
    found = next((c for c in struct.named_children if c.type == "field_declaration_list"), None)
    return [c for c in found.named_children if c.type == "field_declaration"] if found is not None else []


def _field_of_first(parameters: SyntaxNode | None, field: str) -> SyntaxNode | None:
    for child in parameters.named_children if parameters is not None else ():
        if child.type == "parameter_declaration":
            return child.child_by_field_name(field)
    return None


def _type_arguments(receiver: str) -> list[str]:
    """Return the names that a receiver gives the parameters of its type."""
    _, _, arguments = receiver.partition("[")
    return [part.strip() for part in arguments.rstrip(" \t\r\n)]").split(",")] if arguments else []
