"""Reads the nodes that c.scm captures.

How C fills the facts:

- `Import.module` is the path of an `#include`; `level` is 1 for `<…>`, `name` and `alias` are `*`.
- `Definition.decorators` are the words of a function's head other than its name and its parameters, such as `static`
  or a macro; `flags` hold `never` for what stands in `#if 0`, and `if X` for each condition of the preprocessor.
- `Binding.value` says what a name is: `()` a function that is declared, `<>` a type, `#` or `#(a,b)` a macro, and
  empty for a variable. `annotation` holds the words of a declaration or a macro's replacement. Macros, and what
  `#pragma weak` names, are bound in the module, wherever they stand.
- `Reference.path` is the name that is called; `?` or `?.member` for anything else; it begins with `#0` in `#if 0`.
  At the end of each function one reference of the path `#` has as its arguments all names that the function uses,
  for a macro may stand behind any of them and hide a call.
- `dynamic_names` are the names that functions seem to have which the grammar did not find: macros are in the way.
- `exports` are the words that are given to what may be macros outside of functions.
"""

from bisect import bisect_right
from collections.abc import Iterator

from hybridgym.facts import Binding, BindingKind, Import, Kind, Parameter, Reference, Return, ScopeKind, Span
from hybridgym.languages.c import KEYWORDS, NAMES, C, declared_name, function_name, inner_declarator
from hybridgym.languages.c_text import macros, misread, words_given, words_in
from hybridgym.languages.comments import Comments, text_of
from hybridgym.languages.reading import Captures, Content, Outline, Placement, RawDefinition, Region, SyntaxNode

FORMS = {"enum_specifier": "enum", "struct_specifier": "struct", "union_specifier": "union"}
CONDITIONS = frozenset({"preproc_elif", "preproc_elifdef", "preproc_else", "preproc_if", "preproc_ifdef"})
SPECIFIERS = frozenset(
    {
        "enum_specifier",
        "primitive_type",
        "sized_type_specifier",
        "struct_specifier",
        "type_identifier",
        "union_specifier",
    }
)
"""The nodes that say a type."""
MAX_CONDITIONS = 20


class CReader:
    """The facts of a C file; one instance per file."""

    def outline(self, data: bytes, captures: Captures) -> Outline:
        """Return definitions and scopes."""
        self._data = data
        self._comments = Comments(C, data, captures.get("comment", ()))
        self._definitions: list[RawDefinition] = []
        self._regions: list[Region] = []
        self._bodies: set[int] = set()
        self._guard = _guard(captures)
        self._never = _never(captures)
        for node in captures.get("definition.function", ()):
            self._function(node)
        for node in captures.get("definition.class", ()):
            self._record(node)
        self._blocks(captures)
        spans = [(n.start_byte, n.end_byte) for n in captures.get("conditional", ()) if n.id != self._guard]
        return Outline(self._definitions, self._regions, spans)

    def content(self, data: bytes, captures: Captures, placement: Placement) -> Content:
        """Return bindings, includes and references, placed in their scopes."""
        self._scope_at = placement.scope_at
        text = data.decode("utf-8", "replace").replace("\r\n", "\n")
        bindings = [*self._declared(captures), *macros(text), *_weak(captures)]
        references = [*self._calls(captures), *self._names()]
        returns = [
            Return("?" if node.named_children else "", placement.scope_at(node.start_byte))
            for node in captures.get("return", ())
        ]
        files = captures.get("file", ())  # none where the grammar cannot make a file of it at all
        has_error = not files or any(node.has_error for node in files)
        return Content(
            bindings=bindings,
            imports=list(_includes(captures)),
            stores=[],
            references=references,
            returns=returns,
            loops=[Span(n.start_byte, n.end_byte) for n in captures.get("loop", ())],
            outer_names=[],
            exports=words_given(text),
            dynamic_names=set(misread(text, {d.name for d in self._definitions}, has_error)),
            version=(0, 0),
            flags=[],
        )

    # definitions

    def _function(self, node: SyntaxNode) -> None:
        body, declarator = node.child_by_field_name("body"), node.child_by_field_name("declarator")
        name = function_name(declarator)
        if not C.name_of(node) or name is None or body is None or declarator is None:
            return
        called = _called(name)
        words = self._words(node.start_byte, name.start_byte) + self._words(called.end_byte, body.start_byte)
        own = Span(body.start_byte, body.end_byte)
        self._regions.append(Region(ScopeKind.FUNCTION, own.start, own.end, len(self._definitions)))
        self._bodies.add(own.start)
        self._define(node, node, name, Kind.FUNCTION, own, words, tuple(_parameters(called)), _written_type(node, name))

    def _record(self, node: SyntaxNode) -> None:
        body = node.child_by_field_name("body")
        if not C.name_of(node) or body is None:
            return
        name = node.child_by_field_name("name") or node
        own = Span(body.start_byte, body.end_byte)
        self._regions.append(Region(ScopeKind.CLASS, own.start, own.end, len(self._definitions)))
        self._define(node, C.outermost(node), name, Kind.CLASS, own, [], (), "")

    def _define(
        self,
        node: SyntaxNode,
        outer: SyntaxNode,
        name: SyntaxNode,
        kind: Kind,
        body: Span,
        words: list[str],
        parameters: tuple[Parameter, ...],
        returns: str,
    ) -> None:
        start = outer.start_byte
        flags = [f"if {text}" for text in _conditions(node, self._guard)]
        if _is_in(self._never, start):
            flags.append("never")
        self._definitions.append(
            RawDefinition(
                name=C.name_of(node),
                kind=kind,
                start=start,
                end=outer.end_byte,
                keyword=start,
                body=body,
                row=name.start_point[0],
                first_row=outer.start_point[0],
                end_row=outer.end_point[0],
                documentation=self._comments.documentation(outer),
                decorators=tuple(words),
                bases=(),
                parameters=parameters,
                returns=returns,
                flags=tuple(flags),
                form=FORMS.get(node.type, ""),
            )
        )

    def _words(self, start: int, end: int) -> list[str]:
        """Return the words of a range, without what comments and literals hold."""
        return words_in(self._data[start:end].decode("utf-8", "replace"))

    # scopes

    def _blocks(self, captures: Captures) -> None:
        """Add the blocks that declare names; what declares none needs no scope."""
        spans: dict[tuple[int, int], None] = {}
        for capture in ("binding.declared", "binding.type"):
            for node in captures.get(capture, ()):
                around = node.parent
                while around is not None and around.type.startswith("preproc_"):
                    around = around.parent
                is_block = around is not None and around.type in ("compound_statement", "for_statement")
                if around is not None and is_block and around.start_byte not in self._bodies:
                    spans[around.start_byte, around.end_byte] = None
        self._regions.extend(Region(ScopeKind.BLOCK, start, end, -1) for start, end in sorted(spans))

    # bindings

    def _declared(self, captures: Captures) -> Iterator[Binding]:
        for node in captures.get("binding.declared", ()):
            around = node.parent
            if around is not None and around.type == "function_definition":
                continue  # the type of a parameter, in the old style
            for declarator in _declarators(node):
                name = declared_name(declarator)
                if name is None:
                    continue
                is_function = function_name(declarator) is not None
                words = ""
                if is_function:
                    own = self._words(_called(name).end_byte, declarator.end_byte)
                    words = " ".join([*self._words(node.start_byte, name.start_byte), *own])
                yield self._binding(name, BindingKind.ASSIGNMENT, "()" if is_function else "", words)
        for node in captures.get("binding.type", ()):
            for declarator in _declarators(node):
                name = declared_name(declarator)
                if name is not None:
                    yield self._binding(name, BindingKind.OTHER, "<>")

    def _binding(self, name: SyntaxNode, kind: BindingKind, value: str, words: str = "") -> Binding:
        return Binding(text_of(name), self._scope_at(name.start_byte), kind, name.end_byte, value, words)

    # references

    def _calls(self, captures: Captures) -> Iterator[Reference]:
        for node in captures.get("reference.call", ()):
            start = node.start_byte
            path = _callee(node.child_by_field_name("function"))
            if _is_in(self._never, start):
                path = f"#0{path}"
            yield Reference(path, self._scope_at(start), start, node.end_byte, node.start_point[0])

    def _names(self) -> Iterator[Reference]:
        """Yield, for each function that counts, a reference that holds the names in it."""
        for definition in self._definitions:
            end = definition.body.end - 1
            if definition.kind is Kind.FUNCTION and "never" not in definition.flags:
                names = sorted({*self._words(definition.body.start, end)} - KEYWORDS)
                if names:
                    scope = self._scope_at(definition.body.start)
                    yield Reference("#", scope, end, end + 1, definition.end_row, arguments=tuple(names))


def _called(name: SyntaxNode) -> SyntaxNode:
    """Return the declarator with the parameters of the function of a name."""
    node = name.parent
    while node is not None and node.type != "function_declarator":
        node = node.parent
    return node if node is not None else name


def _declarators(node: SyntaxNode) -> list[SyntaxNode]:
    """Return what a declaration declares: all of it but its type and its specifiers."""
    found, is_behind = [], False
    written = node.child_by_field_name("type")
    for child in node.named_children:
        if is_behind and (child.type.endswith("_declarator") or child.type in ("identifier", "type_identifier")):
            found.append(child)
        is_behind = is_behind or (written is not None and child.id == written.id)
    return found


def _parameters(declarator: SyntaxNode) -> Iterator[Parameter]:
    parameters = declarator.child_by_field_name("parameters")
    for child in parameters.named_children if parameters is not None else ():
        if child.type == "variadic_parameter":
            yield Parameter("...", "*", "", "")
        elif child.type == "identifier":  # in the old style, its type stands behind
            yield Parameter(text_of(child), "plain", "", "")
        elif child.type == "parameter_declaration":
            inner = child.child_by_field_name("declarator")
            named = declared_name(inner) or _name_of_a_function(inner)
            if named is not None:
                yield Parameter(text_of(named), "plain", _written_type(child, named), "")


def _name_of_a_function(declarator: SyntaxNode | None) -> SyntaxNode | None:
    """Return the name in `int (name)(int)` as a parameter: the grammar takes it for a function that takes a `name`."""
    inner = declarator.child_by_field_name("declarator") if declarator is not None else None
    parameters = inner.child_by_field_name("parameters") if inner is not None else None
    if inner is None or inner.type != "abstract_function_declarator" or parameters is None:
        return None
    found = [n for child in parameters.named_children for n in child.named_children]
    return found[0] if len(found) == 1 and found[0].type in NAMES else None


def _written_type(node: SyntaxNode, name: SyntaxNode) -> str:
    """Return the type that stands before a name, with the stars of its declarator; empty for functions and arrays."""
    parts = [text_of(c) for c in node.children if c.type == "type_qualifier" or c.type in SPECIFIERS]
    stars = 0
    declarator = node.child_by_field_name("declarator")
    while declarator is not None and declarator.id != name.id:
        if declarator.type == "pointer_declarator":
            stars += 1
        elif declarator.type != "function_declarator" or node.type != "function_definition":
            return ""
        declarator = inner_declarator(declarator)
    written = " ".join(" ".join(parts).split())
    return f"{written} {'*' * stars}" if stars else written


def _callee(node: SyntaxNode | None) -> str:
    """Return what a call calls: a name, in parentheses or not, or that it is something else."""
    while node is not None and node.type in ("parenthesized_expression", "pointer_expression"):
        inner = [child for child in node.named_children if child.type != "comment"]
        node = inner[-1] if inner else None
    if node is None:
        return "?"
    if node.type == "field_expression":
        field = node.child_by_field_name("field")
        return f"?.{text_of(field)}" if field is not None else "?"
    return text_of(node) if node.type == "identifier" else "?"


def _includes(captures: Captures) -> Iterator[Import]:
    for node in captures.get("import", ()):
        path = node.child_by_field_name("path")
        if path is not None and path.type in ("string_literal", "system_lib_string"):
            level = int(path.type == "system_lib_string")
            yield Import(text_of(path)[1:-1], level, "*", "*", 0, node.start_byte)


def _weak(captures: Captures) -> Iterator[Binding]:
    for node in captures.get("directive", ()):
        words = text_of(node).replace("=", " ").split()
        if len(words) > 2 and words[:2] == ["#pragma", "weak"]:
            yield Binding(words[2], 0, BindingKind.OTHER, node.start_byte, "()", "weak")


def _guard(captures: Captures) -> int:
    """Return the node that keeps a header from being read twice; 0 where there is none."""
    for node in captures.get("conditional", ()):
        around = node.parent
        if node.type != "preproc_ifdef" or around is None or around.type != "translation_unit":
            continue
        name = node.child_by_field_name("name")
        first = next((c for c in node.named_children[1:] if c.type != "comment"), None)
        defined = first.child_by_field_name("name") if first is not None and first.type == "preproc_def" else None
        if name is not None and defined is not None and text_of(name) == text_of(defined):
            is_all = all(c.id == node.id or c.type.startswith(("comment", "preproc_")) for c in around.named_children)
            return node.id if is_all else 0
    return 0


def _conditions(node: SyntaxNode, guard: int) -> Iterator[str]:
    """Yield the nearest conditions of the preprocessor around a definition."""
    around = node.parent
    for _ in range(MAX_CONDITIONS):
        if around is None:
            return
        if around.type in CONDITIONS and around.id != guard:
            yield text_of(around).partition("\n")[0][:200]
        around = around.parent


def _never(captures: Captures) -> list[Span]:
    """Return the spans of `#if 0` that are never compiled, in file order and apart from each other."""
    found: list[Span] = []
    for node in captures.get("conditional", ()):
        condition = node.child_by_field_name("condition")
        if node.type != "preproc_if" or condition is None or text_of(condition) != "0":
            continue
        alternative = node.child_by_field_name("alternative")
        end = alternative.start_byte if alternative is not None else node.end_byte
        if not found or node.start_byte >= found[-1].end:
            found.append(Span(node.start_byte, end))
    return found


def _is_in(spans: list[Span], position: int) -> bool:
    index = bisect_right(spans, position, key=lambda s: s.start) - 1
    return index >= 0 and position < spans[index].end
