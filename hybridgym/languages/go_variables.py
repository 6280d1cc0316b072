"""The variables and constants of a Go file: what declares them, and what is assigned to them."""

from collections.abc import Sequence

from hybridgym.facts import AttributeStore, Binding, BindingKind
from hybridgym.languages.go_paths import Paths
from hybridgym.languages.reading import Captures, Content, Placement, SyntaxNode

BLANK = "_"
MAY_BE_FUNCTIONS = frozenset(
    """
    call_expression func_literal identifier index_expression parenthesized_expression selector_expression
    type_assertion_expression
    """.split()
)


class Variables:
    """Reads the variables of one file."""

    def __init__(self, paths: Paths, placement: Placement, out: Content) -> None:
        self._paths = paths
        self._place = placement
        self._out = out

    def bind(
        self,
        name: str,
        scope: int,
        kind: BindingKind,
        position: int,
        value: str = "",
        annotation: str = "",
        index: int = -1,
    ) -> None:
        """Add a binding, unless it is of the blank name."""
        if name != BLANK:
            self._out.bindings.append(Binding(name, scope, kind, position, value, annotation, index))

    def read(self, captures: Captures) -> None:
        """Read all that is captured."""
        for node in captures.get("binding.short", ()):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            self._assigned(_expressions(left), _expressions(right), "", node.end_byte)
        for node in captures.get("binding.variable", ()):
            names = [c for c in node.named_children if c.type == "identifier"]
            written = node.child_by_field_name("type")
            text = self._paths.text(written) if written is not None else ""
            self._assigned(names, _expressions(node.child_by_field_name("value")), text, node.end_byte)
        for node in captures.get("binding.constants", ()):
            self._constants(node)
        for node in captures.get("binding.range", ()):
            right = node.child_by_field_name("right")
            names = _expressions(node.child_by_field_name("left"))
            if right is None or not self._declares(node):
                continue
            path, scope = self._paths.of(right), self._place.scope_at(node.start_byte)
            for number, name in enumerate(names):
                self._name(name, scope, BindingKind.ITERATION, node.end_byte, path, index=number)
        for node in captures.get("binding.receive", ()):
            if self._declares(node):
                names = _expressions(node.child_by_field_name("left"))
                self._assigned(names, _expressions(node.child_by_field_name("right")), "", node.end_byte)
        for node in captures.get("scope.cases", ()):
            self._cases(node)
        for node in captures.get("store", ()):
            self._store(node)
        for node in captures.get("literal", ()):
            self._literal(node)
        for node in captures.get("address", ()):  # who has it may assign anything
            self._out.stores.append(
                AttributeStore(
                    "", self._paths.text(node), "?", "", self._place.scope_at(node.start_byte), node.start_byte
                )
            )

    def _declares(self, node: SyntaxNode) -> bool:
        return any(c.type == ":=" for c in node.children)

    def _assigned(
        self, names: Sequence[SyntaxNode], values: Sequence[SyntaxNode], annotation: str, position: int
    ) -> None:
        """Bind names to as many values, or to the parts of one."""
        if not names:
            return
        scope = self._place.scope_at(names[0].start_byte)
        if len(names) == len(values) or not values:
            for number, name in enumerate(names):
                path = self._paths.of(values[number]) if values else ""
                self._name(name, scope, BindingKind.ASSIGNMENT, position, path, annotation)
            return
        path = self._paths.of(values[0]) if len(values) == 1 else "?"
        if len(names) == 2 and _gives_ok(values[0]):
            self._name(names[0], scope, BindingKind.ASSIGNMENT, position, path, annotation)
            self._name(names[1], scope, BindingKind.ASSIGNMENT, position, "<bool>", annotation)
            return
        for number, name in enumerate(names):
            self._name(name, scope, BindingKind.UNPACKING, position, path, annotation, number)

    def _name(
        self,
        name: SyntaxNode,
        scope: int,
        kind: BindingKind,
        position: int,
        value: str = "",
        annotation: str = "",
        index: int = -1,
    ) -> None:
        if name.type == "identifier":
            self.bind(self._paths.text(name), scope, kind, position, value, annotation, index)

    def _constants(self, node: SyntaxNode) -> None:
        """Bind constants; one without type and value has those of the one before it."""
        text, values = "", list[SyntaxNode]()
        for spec in node.named_children:
            if spec.type != "const_spec":
                continue
            written, value = spec.child_by_field_name("type"), spec.child_by_field_name("value")
            if value is not None:
                text, values = self._paths.text(written) if written is not None else "", _expressions(value)
            names = [c for c in spec.named_children if c.type == "identifier"][: len(values)]
            self._assigned(names, values[: len(names)], text, spec.end_byte)

    def _cases(self, node: SyntaxNode) -> None:
        """Bind the variable of a type switch in each of its cases."""
        names = _expressions(node.child_by_field_name("alias"))
        value = node.child_by_field_name("value")
        if len(names) != 1 or value is None:
            return
        name, path = self._paths.text(names[0]), self._paths.of(value)
        for case in node.named_children:
            if case.type not in ("type_case", "default_case"):
                continue
            start = case.start_byte
            written = [c for i, c in enumerate(case.children) if _is_type_of_case(case.children, i)]
            text = self._paths.text(written[0]) if len(written) == 1 else ""
            scope = self._place.scope_at(start)
            own = "" if text == "nil" else text
            self.bind(name, scope, BindingKind.ASSIGNMENT, start, "" if own else path, own)

    def _literal(self, node: SyntaxNode) -> None:
        """Note which fields of types of other packages may be given a function."""
        written = node.child_by_field_name("type")
        body = node.child_by_field_name("body")
        if written is None or body is None or "." not in self._paths.text(written):
            return
        pending = [body]
        while pending:
            for element in pending.pop().named_children:
                parts = [part for part in element.named_children if not part.is_extra]
                values = parts[-1].named_children if parts and parts[-1].type == "literal_element" else parts[-1:]
                if values and values[0].type == "literal_value":
                    pending.append(values[0])
                elif element.type == "keyed_element" and values and values[0].type in MAY_BE_FUNCTIONS:
                    self._out.dynamic_names.add(self._paths.text(parts[0]))

    def _store(self, node: SyntaxNode) -> None:
        names = _expressions(node.child_by_field_name("left"))
        values = _expressions(node.child_by_field_name("right"))
        for number, name in enumerate(names):
            value = values[number] if len(values) == len(names) else None
            receiver = ""
            if name.type == "selector_expression":
                operand, field = name.child_by_field_name("operand"), name.child_by_field_name("field")
                if operand is None or field is None:
                    continue
                if value is None or value.type in MAY_BE_FUNCTIONS:
                    self._out.dynamic_names.add(self._paths.text(field))
                if operand.type != "identifier":
                    continue
                receiver, name = self._paths.text(operand), field
            elif name.type != "identifier":
                continue
            path = self._paths.of(value) if value is not None else "?"
            start = name.start_byte
            scope = self._place.scope_at(start)
            self._out.stores.append(AttributeStore(receiver, self._paths.text(name), path, "", scope, start))


def _expressions(node: SyntaxNode | None) -> list[SyntaxNode]:
    if node is None:
        return []
    if node.type != "expression_list":
        return [node]
    return [c for c in node.named_children if not c.is_extra]


def _gives_ok(value: SyntaxNode) -> bool:
    """Say whether an expression may give a second value that says whether there is a first one."""
    while value.type == "parenthesized_expression" and value.named_children:
        value = value.named_children[0]
    if value.type == "unary_expression":
        operator = value.child_by_field_name("operator")
        return operator is not None and operator.type == "<-"
    return value.type in ("index_expression", "type_assertion_expression")


def _is_type_of_case(children: Sequence[SyntaxNode], index: int) -> bool:
    """Say whether a child of a case stands between `case` and `:`."""
    colon = next((i for i, child in enumerate(children) if child.type == ":"), len(children))
    return 0 < index < colon and children[index].type != "," and not children[index].is_extra
