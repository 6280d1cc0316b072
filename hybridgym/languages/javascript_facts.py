"""Reads the nodes that ecmascript.scm, javascript.scm and typescript.scm capture.

How the facts of these languages are written, beyond what facts.py says:

* `Import.module` is the specifier as written. `name` is `default`, an exported name, empty for a namespace
  (`import * as ns`), `=` for what `require` gives, `*` for `export * from`; `alias` is empty where nothing is bound.
* What a module exports is written as stores on `export`, and on `exports` or `module` in CommonJS; the members of an
  object literal as stores on `<{start}>`, static fields as stores on `<@start>` of the class, the members that
  namespaces export as stores on `<{start}>` of their braces. The name `*` stands for members that are not named
  here, `[]` for the one that `a[b] = x` sets.
  `inherits(A, B)` is written as a store of `B.prototype` to `A.prototype.__proto__`, as `setPrototypeOf` is.
* A binding that is `conditional` assigns to a name that is declared elsewhere, as `x = 1` does.
* A binding of kind OTHER whose value is a written type names that type: an alias or a type parameter; `declared` is
  the value of what is declared and not made here.
* A class without a name is a store of `<overrides>` on what it inherits from: the names of its methods.
* Of JavaScript, the types that JSDoc writes are annotations.
* A definition with the flag `property` is no name of its scope: it is reached through what it is assigned to.
"""

from typing import ClassVar

from hybridgym.facts import AttributeStore, Kind, Parameter, Reference, Return, ScopeKind, Span
from hybridgym.languages.comments import Comments
from hybridgym.languages.javascript import SAME_VALUE, JavaScript, is_freezing, object_name
from hybridgym.languages.javascript_bindings import Bindings
from hybridgym.languages.javascript_blocks import declaring_blocks
from hybridgym.languages.javascript_jsdoc import Jsdoc
from hybridgym.languages.javascript_misread import misread_names
from hybridgym.languages.javascript_modules import Modules
from hybridgym.languages.javascript_paths import OVERRIDES, Paths
from hybridgym.languages.reading import Captures, Content, Outline, Placement, RawDefinition, Region, SyntaxNode
from hybridgym.languages.typescript import Tsx, TypeScript

VALUE_FIELDS = {
    "variable_declarator": "value",
    "field_definition": "value",
    "public_field_definition": "value",
    "pair": "value",
    "assignment_expression": "right",
}
"""Nodes that give a function or class its name, and where they hold it."""
MODIFIERS = {"async": "async", "static": "static", "get": "getter", "set": "setter", "*": "generator"}
FORMS = {"interface_declaration": "interface", "enum_declaration": "enum"}
LONG_LINE = 5000
"""Bytes in a line that nobody wrote by hand."""
LONG_LINES = 500
"""Bytes in a line on average, likewise."""


class JavaScriptReader:
    """The facts of a JavaScript file; one instance per file."""

    language: ClassVar[type[JavaScript]] = JavaScript

    def outline(self, data: bytes, captures: Captures) -> Outline:
        """Return definitions, scopes and conditional spans."""
        self._data = data
        self._paths = Paths(data)
        self._text = self._paths.text
        self._comments = Comments(self.language, data, captures.get("definition.comment", ()))
        comments = [node for node in captures.get("definition.comment", ()) if node.type == "comment"]
        self._jsdoc = self._paths.jsdoc = Jsdoc(data, comments) if self.language is JavaScript else None
        self._anonymous: list[SyntaxNode] = []
        self._named: list[SyntaxNode] = []
        self._unnamed: list[SyntaxNode] = []
        self._generic: list[SyntaxNode] = []
        self._definitions: list[RawDefinition] = []
        self._regions: list[Region] = []
        bodies: set[int] = set()  # where blocks begin that are no scopes of their own
        for capture in ("definition.function", "definition.value", "definition.method"):
            for node in captures.get(capture, ()):
                body = node.child_by_field_name("body")
                if body is not None:
                    bodies.add(body.start_byte)
                    self._function(node, body)
        for node in captures.get("definition.class", ()):
            self._class(node)
        for node in captures.get("binding.namespace", ()):
            body = node.child_by_field_name("body")
            if body is not None:
                bodies.add(body.start_byte)
                self._regions.append(Region(ScopeKind.BLOCK, body.start_byte, body.end_byte, -1))
        for node in captures.get("scope.block", ()):
            self._regions.append(Region(ScopeKind.BLOCK, node.start_byte, node.end_byte, -1))
        for span in declaring_blocks(captures):
            if span.start not in bodies:
                self._regions.append(Region(ScopeKind.BLOCK, span.start, span.end, -1))
        for node in captures.get("scope.static", ()):
            self._regions.append(Region(ScopeKind.COMPREHENSION, node.start_byte, node.end_byte, -1))
        for node in captures.get("field", ()):
            value = node.child_by_field_name("value")
            if value is not None and is_static(node):
                self._regions.append(Region(ScopeKind.COMPREHENSION, value.start_byte, value.end_byte, -1))
        conditionals = [(n.start_byte, n.end_byte) for n in captures.get("conditional", ())]
        return Outline(self._definitions, self._regions, conditionals)

    def content(self, data: bytes, captures: Captures, placement: Placement) -> Content:
        """Return bindings, imports, stores and references, placed in their scopes."""
        self._out = Content(
            bindings=[],
            imports=[],
            stores=[],
            references=[],
            returns=[],
            loops=[],
            outer_names=[],
            exports=None,
            dynamic_names=misread_names(data, captures).union(map(self._text, captures.get("dynamic.key", ()))),
            version=(0, 0),
            flags=["generated"] if is_made(data) else [],
        )
        self._place = placement
        self._paths.objects = {n.start_byte for n in captures.get("object", ()) if is_followed(n)}
        self._paths.objects.update(
            body.start_byte
            for node in captures.get("binding.namespace", ())
            if (body := node.child_by_field_name("body")) is not None
        )
        modules = Modules(self._paths, placement, self._out)
        self._references(captures, modules)
        self._returns(captures)
        modules.read(captures)
        bindings = Bindings(self._paths, placement, self._out)
        bindings.read(captures)
        for node in self._anonymous:
            bindings.parameters(node, is_named=False)
        for node in self._named:
            bindings.parameters(node, is_named=True)
        for node in self._generic:
            bindings.type_parameters(node)
        for node in self._unnamed:
            self._overrides(node)
        return self._out

    # definitions

    def _function(self, node: SyntaxNode, body: SyntaxNode) -> None:
        parameters = node.child_by_field_name("type_parameters")
        if parameters is not None:
            self._generic.append(node)
        else:
            parameters = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
        first = parameters if parameters is not None else body
        number = -1
        holder = self._holder(node)
        owner, name = self.language.definition_name(holder) if holder is not None else ("", "")
        if holder is not None and name:
            number = len(self._definitions)
            flags = self._flags(node, holder)
            kind = Kind.METHOD if "prototype" in flags else Kind.FUNCTION
            self._add(node, holder, kind, owner, name, body, flags, self._parameters(node))
            self._named.append(node)
        else:
            self._anonymous.append(node)
        passes_this = node.type == "arrow_function"
        around = node.parent if number < 0 and node.type == "method_definition" else None
        if around is not None and around.type == "class_body":  # its name is computed
            passes_this = True
            if is_static(node):
                self._regions.append(Region(ScopeKind.COMPREHENSION, first.start_byte, body.end_byte, -1))
        kind_of_scope = ScopeKind.LAMBDA if passes_this else ScopeKind.FUNCTION
        self._regions.append(Region(kind_of_scope, first.start_byte, body.end_byte, number))

    def _class(self, node: SyntaxNode) -> None:
        body = node.child_by_field_name("body")
        if body is None:
            return
        holder = self._holder(node)
        owner, name = self.language.definition_name(holder) if holder is not None else ("", "")
        number = -1
        own = node.child_by_field_name("name")
        generic = node.child_by_field_name("type_parameters") is not None
        if generic or (own is not None and node.type == "class"):
            self._generic.append(node)
            self._regions.append(Region(ScopeKind.BLOCK, own.end_byte if own else node.start_byte, body.end_byte, -1))
        if holder is not None and name:
            number = len(self._definitions)
            self._add(node, holder, Kind.CLASS, owner, name, body, self._flags(node, holder), ())
        else:
            self._unnamed.append(node)
        self._regions.append(Region(ScopeKind.CLASS, body.start_byte, body.end_byte, number))

    def _holder(self, node: SyntaxNode) -> SyntaxNode | None:
        """Return the node that names a function or class: itself, or what it is the value of."""
        if node.type in ("arrow_function", "function_expression", "generator_function", "class"):
            around = node.parent
            field = VALUE_FIELDS.get(around.type) if around is not None else None
            if around is None or field is None:
                return node if around is not None and around.type == "export_statement" else None
            value = around.child_by_field_name(field)
            return around if value is not None and value.id == node.id else None
        return node

    def _add(
        self,
        node: SyntaxNode,
        holder: SyntaxNode,
        kind: Kind,
        owner: str,
        name: str,
        body: SyntaxNode,
        flags: tuple[str, ...],
        parameters: tuple[Parameter, ...],
    ) -> None:
        outer = self.language.outermost(holder)
        first = self._comments.first(outer)
        keyword = keyword_of(node)
        self._paths.definitions.add(keyword)
        fields = ("name", "property", "key", "left")
        named = next((n for f in fields if (n := holder.child_by_field_name(f)) is not None), None)
        returns = self._annotation(node.child_by_field_name("return_type"))
        documentation = self._comments.documentation(outer)
        if self._jsdoc is not None:
            parameters, returns = self._jsdoc.signature(documentation, parameters)
        self._definitions.append(
            RawDefinition(
                name=name,
                kind=kind,
                start=first.start_byte,
                end=outer.end_byte,
                keyword=keyword,
                body=Span(body.start_byte, body.end_byte),
                row=named.end_point[0] if named is not None else node.start_point[0],
                first_row=first.start_point[0],
                end_row=outer.end_point[0],
                documentation=documentation,
                decorators=(),
                bases=self._bases(node) if kind is Kind.CLASS else (),
                parameters=parameters,
                returns=returns,
                flags=flags,
                form=FORMS.get(node.type, ""),
                owner=owner,
            )
        )

    def _flags(self, node: SyntaxNode, holder: SyntaxNode) -> tuple[str, ...]:
        flags: list[str] = []
        for head in (node, holder) if holder.id != node.id else (node,):
            for child in head.children:
                if child.type in MODIFIERS:
                    flags.append(MODIFIERS[child.type])
                elif child.type in ("abstract", "property_identifier", "formal_parameters", "class_body"):
                    break
        if node.type == "abstract_class_declaration":
            flags.append("abstract")
        elif node.type == "arrow_function":
            flags.append("arrow")
        if holder.parent is not None and holder.parent.type == "ambient_declaration":
            flags.append("ambient")
        if holder.type == "variable_declarator":
            around = holder.parent
            if around is not None and around.type == "variable_declaration":
                flags.append("var")
        around = holder.parent
        in_object = around is not None and around.type == "object"
        if in_object or holder.type == "assignment_expression" or self.language.name_of(holder) == "default":
            flags.append("property")
            if around is not None and self._is_prototype(around if in_object else holder):
                flags.append("prototype")
        return tuple(flags)

    def _is_prototype(self, node: SyntaxNode) -> bool:
        """Say whether a method of an object, or a property, is one of a prototype: `A.prototype.b = function`."""
        if node.type == "object":
            assignment = node.parent
            while assignment is not None and (assignment.type in SAME_VALUE or is_freezing(assignment)):
                assignment = assignment.parent
            left = assignment.child_by_field_name("left") if assignment is not None else None
            return left is not None and self._text(left).endswith(".prototype")
        left = node.child_by_field_name("left")
        return left is not None and ".prototype." in self._text(left)

    def _bases(self, node: SyntaxNode) -> tuple[str, ...]:
        found: list[str] = []
        for clause in node.named_children:
            if clause.type == "class_heritage":
                for child in clause.named_children:
                    if child.type == "extends_clause":
                        value = child.child_by_field_name("value")
                        found.append(self._paths.of(value) if value is not None else "?")
                    elif child.type == "implements_clause":
                        found.extend(self._paths.typed(c) for c in child.named_children if c.type != "comment")
                    elif child.type != "comment":
                        found.append(self._paths.of(child))
            elif clause.type == "extends_type_clause":
                found.extend(self._paths.typed(c) for c in clause.named_children if c.type != "comment")
        return tuple(found)

    def _overrides(self, node: SyntaxNode) -> None:
        """Add what a class without a name overrides."""
        body = node.child_by_field_name("body")
        names = [c.child_by_field_name("name") for c in body.named_children] if body is not None else []
        text = " ".join(self._text(name) for name in names if name is not None)
        scope = self._place.scope_at(node.start_byte)
        for base in self._bases(node):
            self._out.stores.append(AttributeStore(base, OVERRIDES, text, "", scope, node.start_byte))

    def _annotation(self, node: SyntaxNode | None) -> str:
        return self._paths.annotation(node) if node is not None else ""

    def _parameters(self, node: SyntaxNode) -> tuple[Parameter, ...]:
        single = node.child_by_field_name("parameter")
        if single is not None:
            return (Parameter(self._text(single), "plain", "", ""),)
        parameters = node.child_by_field_name("parameters")
        children = parameters.named_children if parameters is not None else ()
        return tuple(self._parameter(c) for c in children if c.type not in ("comment", "decorator"))

    def _parameter(self, node: SyntaxNode) -> Parameter:
        pattern = node.child_by_field_name("pattern") or node.child_by_field_name("left") or node
        value = node.child_by_field_name("value") or node.child_by_field_name("right")
        form = "plain"
        if pattern.type == "rest_pattern":
            form = "*"
            pattern = pattern.named_children[0] if pattern.named_children else pattern
        default = self._text(value) if value is not None else ""
        annotation = self._annotation(node.child_by_field_name("type"))
        if not annotation and node.type == "required_parameter":  # of TypeScript: the default says the type
            annotation = self._paths.type_of_default(value)
        return Parameter(self._text(pattern), form, annotation, default)

    # references

    def _references(self, captures: Captures, modules: Modules) -> None:
        scope_at, path_of, references = self._place.scope_at, self._paths.of, self._out.references
        called = self._paths.called
        for node in captures.get("reference.call", ()):
            callee = node.child_by_field_name("function")
            if callee is None:
                continue
            path, start = called(callee)
            start = node.start_byte if start < 0 else start
            path = "?" if path.endswith("!") else path  # such a path is that of an instantiation
            scope = scope_at(start)
            references.append(Reference(path, scope, start, node.end_byte, node.start_point[0]))
            modules.called(node, path, scope)
        for node in captures.get("reference.new", ()):
            created = node.child_by_field_name("constructor")
            if created is not None:
                path, start = path_of(created), node.start_byte
                path = "?" if "|" in path and "<" not in path else f"{path}!"
                references.append(Reference(path, scope_at(start), start, node.end_byte, node.start_point[0]))

    def _returns(self, captures: Captures) -> None:
        scope_at = self._place.scope_at
        for node in captures.get("return", ()):
            value = next((c for c in node.named_children if c.type != "comment"), None)
            path = self._paths.of(value) if value is not None else ""
            self._out.returns.append(Return(path, scope_at(node.start_byte)))
        for node in captures.get("definition.value", ()):
            if node.type == "arrow_function":
                body = node.child_by_field_name("body")
                if body is not None and body.type != "statement_block":
                    self._out.returns.append(Return(self._paths.of(body), scope_at(body.start_byte)))


class TypeScriptReader(JavaScriptReader):
    """The facts of a TypeScript file; one instance per file."""

    language = TypeScript


class TsxReader(JavaScriptReader):
    """The facts of a TypeScript file with JSX; one instance per file."""

    language = Tsx


def keyword_of(node: SyntaxNode) -> int:
    """Return the first byte of a function or class behind its decorators."""
    first = next((c for c in node.children if c.type not in ("decorator", "comment")), node)
    return first.start_byte


def is_static(field: SyntaxNode) -> bool:
    """Say whether a field belongs to the class and not to its instances."""
    return any(child.type == "static" for child in field.children)


def is_followed(node: SyntaxNode) -> bool:
    """Say whether the members of an object literal are facts: it has a name, or is what a function gives back."""
    around = node.parent
    while around is not None and around.type in SAME_VALUE:
        around = around.parent
    if around is not None and around.type in ("return_statement", "arrow_function"):
        return True
    return object_name(node) is not None


def is_made(data: bytes) -> bool:
    """Say whether a file looks like a tool's output: its lines are longer than anybody writes."""
    lines = data.count(b"\n") + 1
    return len(data) > LONG_LINES * lines or any(len(line) > LONG_LINE for line in data.split(b"\n"))
