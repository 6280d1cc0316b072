"""Reads the nodes that python.scm captures."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from msgspec.structs import replace

from hybridgym.facts import (
    AttributeStore,
    Binding,
    BindingKind,
    Kind,
    Parameter,
    Reference,
    Return,
    ScopeKind,
    Span,
)
from hybridgym.languages.python import is_documentation, statements_of
from hybridgym.languages.python_bindings import Bindings
from hybridgym.languages.python_imports import Imports
from hybridgym.languages.python_narrowing import Narrowings
from hybridgym.languages.python_paths import Paths
from hybridgym.languages.python_versions import lowest_version
from hybridgym.languages.reading import Captures, Content, Outline, Placement, RawDefinition, Region, SyntaxNode

NAMING_CALLS = frozenset({"setattr", "namedtuple", "NamedTuple", "make_dataclass", "TypedDict", "type", "Enum"})
"""Calls whose string arguments give names to attributes."""
KEPT_ARGUMENTS = frozenset({"getattr", "setattr", "super"})
LITERALS = frozenset({"string", "concatenated_string", "integer", "float", "true", "false", "none", "unary_operator"})
PARAMETER_FORMS = {"list_splat_pattern": "*", "dictionary_splat_pattern": "**"}
ENVIRONMENT = re.compile(r"os\.(environ\.get|getenv)\(\s*(\"\w+\"|'\w+')\s*\)")
IDENTIFIER = re.compile(r"[^\W\d]\w*")


class PythonReader:
    """The facts of a Python file; one instance per file."""

    def outline(self, data: bytes, captures: Captures) -> Outline:
        """Return definitions, scopes and conditional spans."""
        self._data = data
        self._paths = Paths(data)
        self._text = self._paths.text
        definitions: list[RawDefinition] = []
        regions: list[Region] = []
        self._lambda_nodes: list[tuple[SyntaxNode, SyntaxNode]] = []
        self._type_parameters: list[tuple[SyntaxNode, set[str]]] = []
        self._first_iterables: list[tuple[SyntaxNode, SyntaxNode]] = []
        for capture, kind in (("definition.function", Kind.FUNCTION), ("definition.class", Kind.CLASS)):
            for node in captures.get(capture, ()):
                definition = self._definition(node, kind)
                if definition is None:
                    continue
                scope = ScopeKind.CLASS if kind is Kind.CLASS else ScopeKind.FUNCTION
                regions.append(Region(scope, definition.body.start, definition.body.end, len(definitions)))
                definitions.append(definition)
        for node in captures.get("scope.lambda", ()):
            body = node.child_by_field_name("body")
            if body is not None:
                regions.append(Region(ScopeKind.LAMBDA, body.start_byte, body.end_byte, -1))
                self._lambda_nodes.append((node, body))
        for node in captures.get("scope.comprehension", ()):
            regions.append(Region(ScopeKind.COMPREHENSION, node.start_byte, node.end_byte, -1))
            clause = next((c for c in node.named_children if c.type == "for_in_clause"), None)
            iterable = clause.child_by_field_name("right") if clause is not None else None
            if iterable is not None and iterable.type != "identifier":
                self._first_iterables.append((node, iterable))
        conditionals = [(n.start_byte, n.end_byte) for n in captures.get("conditional", ())]
        return Outline(definitions, regions, conditionals)

    def content(self, data: bytes, captures: Captures, placement: Placement) -> Content:
        """Return bindings, imports, stores and references, placed in their scopes."""
        self._place = placement
        imports = Imports(data, self._paths, placement)
        exports, computed = imports.exports(captures)
        self._out = Content(
            bindings=[],
            imports=list(imports.read(captures)),
            stores=[],
            references=[],
            returns=[],
            loops=[_repeated(n) for n in captures.get("loop", ())],
            outer_names=[],
            exports=exports,
            dynamic_names=set(),
            version=lowest_version(data, captures),
            flags=["computed-exports"] if computed else [],
            narrowings=list(Narrowings(self._paths, placement).read(captures)),
        )
        self._calls(captures)
        self._raises(captures)
        self._returns(captures)
        bindings = Bindings(data, self._paths, placement, self._out)
        bindings.read(captures)
        for body, names in self._type_parameters:
            scope = placement.scope_at(body.start_byte)
            own = [Binding(n, scope, BindingKind.OTHER, body.start_byte) for n in sorted(names)]
            self._out.bindings.extend(own)
        for node, body in self._lambda_nodes:
            bindings.read_lambda(node, body)
        for capture in ("outer.global", "outer.nonlocal"):
            for node in captures.get(capture, ()):
                scope = placement.scope_at(node.start_byte)
                for child in node.named_children:
                    self._out.outer_names.append((scope, self._text(child), capture == "outer.global"))
        for node in captures.get("dynamic.keyword", ()):
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name is not None and value is not None and value.type not in LITERALS:
                self._out.dynamic_names.add(self._text(name))
        return self._out

    # definitions

    def _definition(self, node: SyntaxNode, kind: Kind) -> RawDefinition | None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            return None
        outer = node.parent
        decorated = outer if outer is not None and outer.type == "decorated_definition" else node
        decorators = [c for c in decorated.named_children if c.type == "decorator"] if decorated is not node else []
        returns = node.child_by_field_name("return_type")
        is_function = kind is Kind.FUNCTION
        own_types = self._own_types(node, body)
        flags = self._function_flags(node) if is_function else self._metaclass(node)
        if self._asks_environment(decorated):
            flags = (*flags, "environment")
        return RawDefinition(
            name=self._text(name),
            kind=kind,
            start=decorated.start_byte,
            end=decorated.end_byte,
            keyword=node.start_byte,
            body=Span(body.start_byte, body.end_byte),
            row=node.start_point[0],
            first_row=decorated.start_point[0],
            end_row=decorated.end_point[0],
            documentation=documentation_of(body),
            decorators=tuple(self._decorator(d.named_children[0]) for d in decorators if d.named_children),
            bases=() if is_function else self._bases(node),
            parameters=self._parameters(node, own_types) if is_function else (),
            returns=self._annotation(returns, own_types),
            flags=flags,
        )

    def _decorator(self, node: SyntaxNode) -> str:
        called = node.child_by_field_name("function") if node.type == "call" else None
        return self._paths.of(node) if called is None else self._paths.of(called) + "()"

    def _bases(self, node: SyntaxNode) -> tuple[str, ...]:
        arguments = node.child_by_field_name("superclasses")
        if arguments is None:
            return ()
        return tuple(
            self._paths.of(a) for a in arguments.named_children if a.type not in ("keyword_argument", "comment")
        )

    def _function_flags(self, node: SyntaxNode) -> tuple[str, ...]:
        return ("async",) if self._data.startswith(b"async", node.start_byte) else ()

    def _asks_environment(self, node: SyntaxNode) -> bool:
        """Say whether a definition is made only where a variable of the environment is set."""
        block = node.parent
        statement = block.parent if block is not None and block.type == "block" else None
        if block is None or statement is None or statement.type != "if_statement":
            return False
        condition, body = statement.child_by_field_name("condition"), statement.child_by_field_name("consequence")
        if condition is None or body is None or body.id != block.id:
            return False
        return ENVIRONMENT.fullmatch(self._text(condition)) is not None

    def _metaclass(self, node: SyntaxNode) -> tuple[str, ...]:
        """Return `metaclass=` with an access path, where a class names one."""
        arguments = node.child_by_field_name("superclasses")
        for child in arguments.named_children if arguments is not None else ():
            if child.type == "keyword_argument":
                name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                if name is not None and value is not None and self._text(name) == "metaclass":
                    return (f"metaclass={self._paths.of(value)}",)
        return ()

    def _own_types(self, node: SyntaxNode, body: SyntaxNode) -> set[str]:
        """Return the type parameters of a definition: names of its own, whatever else has them."""
        parameters = node.child_by_field_name("type_parameters")
        if parameters is None:
            return set()
        names = {found[0] for c in parameters.named_children if (found := IDENTIFIER.search(self._text(c)))}
        self._type_parameters.append((body, names))
        return names

    def _annotation(self, node: SyntaxNode | None, own_types: set[str]) -> str:
        """Return the text of an annotation that means something outside of its definition."""
        text = self._text(node) if node is not None else ""
        return "" if own_types and not own_types.isdisjoint(IDENTIFIER.findall(text)) else text

    def _parameters(self, node: SyntaxNode, own_types: set[str]) -> tuple[Parameter, ...]:
        parameters = node.child_by_field_name("parameters")
        if parameters is None:
            return ()
        found: list[Parameter] = []
        form = "plain"
        for child in parameters.named_children:
            if child.type == "keyword_separator":
                form = "keyword"
            elif child.type == "positional_separator":
                found = [Parameter(p.name, "positional", p.annotation, p.default) for p in found]
            elif child.type != "comment":
                parameter = self._parameter(child, form, own_types)
                form = "keyword" if parameter.form == "*" else form
                found.append(parameter)
        return tuple(found)

    def _parameter(self, node: SyntaxNode, form: str, own_types: set[str]) -> Parameter:
        annotation, default = node.child_by_field_name("type"), node.child_by_field_name("value")
        name = node.child_by_field_name("name")
        if name is None:
            name = node if node.type == "identifier" or not node.named_children else node.named_children[0]
        form = PARAMETER_FORMS.get(name.type, PARAMETER_FORMS.get(node.type, form))
        if name.type in PARAMETER_FORMS and name.named_children:
            name = name.named_children[0]
        return Parameter(
            self._text(name),
            form,
            self._annotation(annotation, own_types),
            self._text(default) if default is not None else "",
        )

    # references

    def _calls(self, captures: Captures) -> None:
        scope_at, path_of, references = self._place.scope_at, self._paths.of, self._out.references
        for node in captures.get("reference.call", ()):
            callee = node.child_by_field_name("function")
            if callee is None:
                continue
            path = path_of(callee)
            argument = ""
            last = path.rpartition(".")[2]
            if last in KEPT_ARGUMENTS or last in NAMING_CALLS:
                argument = self._first_argument(node, last)
            start = node.start_byte
            references.append(
                Reference(path, scope_at(start), start, node.end_byte, node.start_point[0], False, argument)
            )
        self._move_first_iterables()

    def _move_first_iterables(self) -> None:
        """Look calls in the first iterable of a comprehension up where it is evaluated: around the comprehension."""
        if not self._first_iterables:
            return
        references = sorted(self._out.references, key=lambda r: r.start)
        starts = [r.start for r in references]
        for node, iterable in self._first_iterables:
            outer = node.parent
            if outer is None or outer.type in ("lambda", "expression_statement"):
                continue  # the byte before it may lie outside of the scope around it
            own, around = self._place.scope_at(node.start_byte), self._place.scope_at(node.start_byte - 1)
            for index in range(bisect_left(starts, iterable.start_byte), bisect_left(starts, iterable.end_byte)):
                if references[index].scope == own:
                    references[index] = replace(references[index], scope=around)
        self._out.references[:] = references

    def _first_argument(self, node: SyntaxNode, callee: str) -> str:
        arguments = node.child_by_field_name("arguments")
        children = arguments.named_children if arguments is not None else ()
        if callee in NAMING_CALLS:
            if callee == "setattr" and len(children) > 1:
                self._set_attribute(children)
            self._out.dynamic_names.update(
                name
                for c in children
                if "string" in c.type or c.type in ("list", "tuple")
                for name in IDENTIFIER.findall(self._text(c))
            )
        return self._paths.of(children[0]) if children and callee in KEPT_ARGUMENTS else ""

    def _set_attribute(self, arguments: Sequence[SyntaxNode]) -> None:
        """`setattr(receiver, "name", value)` is a store; without the name it may be any."""
        name = self._text(arguments[1])[1:-1] if arguments[1].type == "string" else ""
        if not name.isidentifier():
            self._out.flags.append("dynamic-setattr")
            return
        start = arguments[0].start_byte
        value = self._paths.of(arguments[2]) if len(arguments) > 2 else "?"
        receiver = self._paths.of(arguments[0])
        self._out.stores.append(AttributeStore(receiver, name, value, "", self._place.scope_at(start), start))

    def _raises(self, captures: Captures) -> None:
        for node in captures.get("reference.raise", ()):
            if node.type in ("identifier", "attribute"):
                start = node.start_byte
                scope = self._place.scope_at(start)
                self._out.references.append(
                    Reference(self._paths.of(node), scope, start, node.end_byte, node.start_point[0], True)
                )

    def _returns(self, captures: Captures) -> None:
        for node in captures.get("return", ()):
            values = [c for c in node.named_children if c.type != "comment"]
            path = self._paths.of(values[0]) if values else ""
            self._out.returns.append(Return(path, self._place.scope_at(node.start_byte)))
        for node in captures.get("yield", ()):
            scope = self._place.function_scope(self._place.scope_at(node.start_byte))
            values = [c for c in node.named_children if c.type != "comment"]
            path = self._paths.of(values[0]) if values else "None"
            is_delegating = any(c.type == "from" for c in node.children)
            if is_delegating:
                path = "?" if "|" in path else f"{path}[*]"
            self._out.returns.append(Return("yield", scope, path))


def documentation_of(body: SyntaxNode) -> Span | None:
    """Return the span of the statement that documents a body, or None."""
    first = statements_of(body)[:1]
    return Span(first[0].start_byte, first[0].end_byte) if first and is_documentation(first[0]) else None


def _repeated(loop: SyntaxNode) -> Span:
    """Return a loop without its `else`."""
    body = loop.child_by_field_name("body")
    return Span(loop.start_byte, loop.end_byte if body is None else body.end_byte)
