"""What binds names in a JavaScript or TypeScript file: declarations, assignments, patterns, parameters, fields."""

from hybridgym.facts import AttributeStore, Binding, BindingKind
from hybridgym.languages.javascript_modules import NAME_NODES, PLAIN_VALUES, is_simple
from hybridgym.languages.javascript_paths import MAX_TYPE, PLAIN_NAME, Paths
from hybridgym.languages.reading import Captures, Content, Placement, SyntaxNode

SINGLE_NAMES = frozenset({"identifier", "shorthand_property_identifier_pattern", "this"})
CALLBACKS = frozenset({"forEach", "map", "filter", "some", "every", "find", "findIndex", "findLast", "flatMap", "then"})
"""Methods of the language that call what they are given with an element, or with what a promise gives."""
DEFAULTED = frozenset({"assignment_pattern", "object_assignment_pattern"})
MAX_PATTERN = 20
"""Patterns in patterns; what lies deeper is not bound."""
MAX_RECEIVER = 200
"""Bytes of the receiver of a store; longer ones are computed somehow."""


class Bindings:
    """The names that one file binds, and the properties that it sets."""

    def __init__(self, paths: Paths, place: Placement, out: Content) -> None:
        self._paths = paths
        self._text = paths.text
        self._place = place
        self._out = out

    def read(self, captures: Captures) -> None:
        """Add all bindings but those of definitions, parameters and imports."""
        for capture, is_var in (("binding.let", False), ("binding.var", True)):
            for node in captures.get(capture, ()):
                for declarator in node.named_children:
                    if declarator.type == "variable_declarator":
                        self._declarator(declarator, is_var)
        for node in captures.get("binding.assignment", ()):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                self._assignment(left, right)
        for node in captures.get("binding.iteration", ()):
            self._iteration(node)
        for node in captures.get("binding.caught", ()):
            self._target(node, "", BindingKind.EXCEPTION, self._place.scope_at(node.start_byte))
        for node in captures.get("field", ()):
            self._field(node)
        for node in captures.get("field.parameter", ()):
            self._parameter_property(node)
        for node in captures.get("member", ()):
            self._member(node)
        self._types(captures)

    def parameters(self, node: SyntaxNode, *, is_named: bool) -> None:
        """Add what the parameters of a function bind; those of a definition that are plain names are its own facts."""
        parameters = node.child_by_field_name("parameters")
        single = node.child_by_field_name("parameter")
        first = parameters if parameters is not None else single
        if node.child_by_field_name("body") is None or first is None:
            return
        scope = self._place.scope_at(first.start_byte)
        own = node.child_by_field_name("name")
        if own is not None and node.type in ("function_expression", "generator_function"):
            value = f"<@{node.start_byte}>" if is_named else "\\"
            self._out.bindings.append(Binding(self._text(own), scope, BindingKind.ASSIGNMENT, own.start_byte, value))
        caller = "" if is_named else self._caller(node)
        children = [single] if single is not None else first.named_children
        for number, child in enumerate(c for c in children if c.type not in ("comment", "decorator")):
            pattern = child.child_by_field_name("pattern") or child.child_by_field_name("left") or child
            if is_named and child.type == "rest_pattern" and all(c.type in SINGLE_NAMES for c in child.named_children):
                continue  # of JavaScript; its comments may say the type
            if not (is_named and pattern.type in SINGLE_NAMES):
                self._parameter(child, scope, caller, number)

    def _caller(self, node: SyntaxNode) -> str:
        """Return the access path of the method that a function is the first argument of; empty for any other."""
        arguments = node.parent
        if arguments is None or arguments.type != "arguments" or first_named(arguments) != node.start_byte:
            return ""
        call = arguments.parent
        callee = call.child_by_field_name("function") if call is not None else None
        if callee is None or callee.type != "member_expression":
            return ""
        path = self._paths.of(callee)
        return path if path.rpartition(".")[2] in CALLBACKS and not path.startswith("?") else ""

    def _parameter(self, node: SyntaxNode, scope: int, caller: str = "", number: int = -1) -> None:
        pattern = node.child_by_field_name("pattern") or node.child_by_field_name("left") or node
        annotated = node.child_by_field_name("type")
        annotation = self._paths.annotation(annotated) if annotated is not None else ""
        if not annotation and node.type == "required_parameter":
            annotation = self._paths.type_of_default(node.child_by_field_name("value"))
        if pattern.type in SINGLE_NAMES:
            self._bind(pattern, caller, BindingKind.PARAMETER, scope, annotation, number)
        elif pattern.type == "rest_pattern":
            for child in pattern.named_children:
                self._target(child, f"<{annotation}>" if annotation else "", BindingKind.PARAMETER, scope, annotation)
        else:
            self._target(pattern, f"<{annotation}>" if annotation else "", BindingKind.OTHER, scope)

    # variables

    def _bind(
        self, name: SyntaxNode, value: str, kind: BindingKind, scope: int, annotation: str = "", index: int = -1
    ) -> None:
        binding = Binding(self._text(name), scope, kind, name.end_byte, value, annotation, index)
        self._out.bindings.append(binding)

    def _declarator(self, node: SyntaxNode, is_var: bool) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None:
            return
        around = self._place.scope_at(node.start_byte)
        scope = self._place.function_scope(around) if is_var else around
        path = self._paths.of(value) if value is not None else ""
        annotated = node.child_by_field_name("type")
        annotation = self._paths.annotation(annotated) if annotated is not None else self._written_before(node)
        if name.type in SINGLE_NAMES:
            if path.startswith("<@") and scope == around and value is not None and path == f"<@{value.start_byte}>":
                return  # the definition binds it
            if value is None and not annotation and not is_var and self._is_iterated(node):
                return
            self._bind(name, path, BindingKind.ASSIGNMENT, scope, annotation)
        else:
            self._target(name, path or (f"<{annotation}>" if annotation else ""), BindingKind.ASSIGNMENT, scope)

    def _written_before(self, node: SyntaxNode) -> str:
        """Return the type that a comment before a variable's declaration writes."""
        outer = node.parent
        if outer is not None and outer.parent is not None and outer.parent.type == "export_statement":
            outer = outer.parent
        return self._paths.type_before(outer) if outer is not None else ""

    def _is_iterated(self, node: SyntaxNode) -> bool:
        outer = node.parent.parent if node.parent is not None else None
        return outer is not None and outer.type == "for_in_statement"

    def _assignment(self, left: SyntaxNode, right: SyntaxNode) -> None:
        scope = self._place.scope_at(left.start_byte)
        if left.type == "identifier":
            path = self._paths.of(right)
            self._out.bindings.append(
                Binding(self._text(left), scope, BindingKind.ASSIGNMENT, right.end_byte, path, conditional=True)
            )
        elif left.type in ("member_expression", "subscript_expression"):
            self._property(left, right, scope)
        elif left.type in ("object_pattern", "array_pattern"):
            self._target(left, self._paths.of(right), BindingKind.ASSIGNMENT, scope, assigned=True)

    def _property(self, left: SyntaxNode, right: SyntaxNode | None, scope: int) -> None:
        receiver = left.child_by_field_name("object")
        name = left.child_by_field_name("property")
        if receiver is None:
            return
        if name is not None:
            text = self._text(name)
        else:
            index = left.child_by_field_name("index")
            text = self._paths.string(index) if index is not None else ""
            if not PLAIN_NAME.fullmatch(text):
                is_plain = right is None or right.type in PLAIN_VALUES or right.type == "object"
                if is_plain or index is None or index.type == "member_expression":  # `a[Symbol.iterator]` has no name
                    return
                text = "[]"
        short = receiver.end_byte - receiver.start_byte <= MAX_RECEIVER
        path = self._paths.of(receiver) if short else "?"
        if text == "[]" and not is_simple(path):
            return
        value = self._paths.of(right) if right is not None else "?"
        if value == f"{path}.{text}.bind()":  # the same method
            return
        statement = left.parent.parent if left.parent is not None else None
        written = self._paths.type_before(statement) if statement is not None and right is not None else ""
        self._out.stores.append(AttributeStore(path, text, value, written, scope, left.start_byte))

    def _iteration(self, node: SyntaxNode) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        scope = self._place.scope_at(left.start_byte)
        operator = node.child_by_field_name("operator")
        is_of = operator is not None and self._text(operator) == "of"
        is_async = any(child.type == "await" for child in node.children)
        path = self._paths.of(right) if is_of and not is_async and right.type != "sequence_expression" else ""
        declared = node.child_by_field_name("kind")
        if declared is not None and self._text(declared) == "var":
            scope = self._place.function_scope(scope)
        if left.type in SINGLE_NAMES:
            kind = BindingKind.ITERATION if path else BindingKind.OTHER
            binding = Binding(self._text(left), scope, kind, left.end_byte, path, conditional=declared is None)
            self._out.bindings.append(binding)
        elif left.type in ("member_expression", "subscript_expression"):
            self._property(left, None, scope)
        elif left.type == "array_pattern" and path:
            for index, child in enumerate(pattern_items(left)):
                if child is not None and child.type in SINGLE_NAMES:
                    self._bind(child, path, BindingKind.ITERATION, scope, index=index)
                elif child is not None:
                    self._target(child, "", BindingKind.OTHER, scope, assigned=declared is None)
        else:
            self._target(left, "", BindingKind.OTHER, scope, assigned=declared is None)

    def _target(
        self,
        target: SyntaxNode,
        value: str,
        kind: BindingKind,
        scope: int,
        annotation: str = "",
        assigned: bool = False,
        depth: int = 0,
        index: int = -1,
    ) -> None:
        """Bind what a pattern takes of a value, given by its path; empty where nothing is known of it."""
        if depth > MAX_PATTERN:
            return
        kind_of_target = target.type
        if kind_of_target in SINGLE_NAMES:
            if index >= 0 and value:
                kind = BindingKind.UNPACKING
            elif value and kind is BindingKind.OTHER:
                kind = BindingKind.ASSIGNMENT
            end = target.end_byte
            name = self._text(target)
            self._out.bindings.append(Binding(name, scope, kind, end, value, annotation, index, conditional=assigned))
        elif kind_of_target in ("member_expression", "subscript_expression"):
            self._property(target, None, scope)
        elif kind_of_target in DEFAULTED:
            left = target.child_by_field_name("left")
            if left is not None:  # the default is another possible value
                self._target(left, "", BindingKind.OTHER, scope, assigned=assigned, depth=depth + 1)
        elif kind_of_target == "object_pattern":
            for child in target.named_children:
                self._part(child, value if "|" not in value or value.startswith("<") else "", scope, assigned, depth)
        elif kind_of_target == "array_pattern":
            for number, item in enumerate(pattern_items(target)):
                if item is not None:
                    self._target(item, value, BindingKind.OTHER, scope, "", assigned, depth + 1, number)
        elif kind_of_target in ("rest_pattern", "parenthesized_expression", "non_null_expression"):
            for child in target.named_children:
                self._target(child, "", BindingKind.OTHER, scope, assigned=assigned, depth=depth + 1)

    def _part(self, node: SyntaxNode, value: str, scope: int, assigned: bool, depth: int) -> None:
        """Bind one part of an object pattern."""
        kind = BindingKind.OTHER
        if node.type == "shorthand_property_identifier_pattern":
            part = f"{value}.{self._text(node)}" if value else ""
            self._target(node, part, kind, scope, assigned=assigned, depth=depth + 1)
        elif node.type == "pair_pattern":
            key, target = node.child_by_field_name("key"), node.child_by_field_name("value")
            if key is None or target is None:
                return
            name = self._text(key) if key.type in NAME_NODES else self._paths.string(key)
            part = f"{value}.{name}" if value and PLAIN_NAME.fullmatch(name) else ""
            self._target(target, part, kind, scope, assigned=assigned, depth=depth + 1)
        elif node.type != "comment":
            self._target(node, "", kind, scope, assigned=assigned, depth=depth + 1)

    # fields

    def _field(self, node: SyntaxNode) -> None:
        name = node.child_by_field_name("property") or node.child_by_field_name("name")
        if name is None or name.type not in NAME_NODES:
            return
        value, annotated = node.child_by_field_name("value"), node.child_by_field_name("type")
        path = self._paths.of(value) if value is not None else ""
        if path.startswith("<@") and value is not None and path == f"<@{value.start_byte}>":
            return
        annotation = self._paths.annotation(annotated) if annotated is not None else self._paths.type_before(node)
        scope = self._place.scope_at(node.start_byte)
        if not any(child.type == "static" for child in node.children):
            self._bind(name, path, BindingKind.ASSIGNMENT, scope, annotation)
            return
        body = node.parent
        owner = body.parent if body is not None else None
        first = next((c for c in owner.children if c.type not in ("decorator", "comment")), None) if owner else None
        if first is not None:
            receiver = f"<@{first.start_byte}>"
            inside = self._place.scope_at(value.start_byte) if value is not None else scope
            self._out.stores.append(
                AttributeStore(receiver, self._text(name), path or "?", annotation, inside, node.start_byte)
            )

    def _parameter_property(self, node: SyntaxNode) -> None:
        """`constructor(private x: X)` declares a field too."""
        pattern, annotated = node.child_by_field_name("pattern"), node.child_by_field_name("type")
        parameters = node.parent
        method = parameters.parent if parameters is not None else None
        if pattern is None or pattern.type != "identifier" or method is None or method.type != "method_definition":
            return
        scope = self._place.scope_at(method.start_byte)
        annotation = self._paths.annotation(annotated) if annotated is not None else ""
        annotation = annotation or self._paths.type_of_default(node.child_by_field_name("value")) or "unknown"
        self._bind(pattern, "", BindingKind.ASSIGNMENT, scope, annotation)

    def _member(self, node: SyntaxNode) -> None:
        """A member that is declared and not made: of an interface, or abstract."""
        name = node.child_by_field_name("name")
        if name is None or name.type not in NAME_NODES:
            return
        scope = self._place.scope_at(node.start_byte)
        if node.type == "property_signature":
            annotated = node.child_by_field_name("type")
            annotation = self._paths.annotation(annotated) if annotated is not None else "unknown"
        else:
            returned = node.child_by_field_name("return_type")
            text = self._paths.annotation(returned) if returned is not None else "unknown"
            annotation = f"() => {text}"
        self._bind(name, "", BindingKind.ASSIGNMENT, scope, annotation)

    # types

    def type_parameters(self, node: SyntaxNode) -> None:
        """Add the type parameters of a function or class, and the name that a class expression has inside."""
        own, parameters = node.child_by_field_name("name"), node.child_by_field_name("type_parameters")
        if node.type == "class" and own is not None:
            first = next(c for c in node.children if c.type not in ("decorator", "comment"))
            scope = self._place.scope_at(own.end_byte)
            value = f"<@{first.start_byte}>" if first.start_byte in self._paths.definitions else "?"
            self._out.bindings.append(Binding(self._text(own), scope, BindingKind.ASSIGNMENT, own.start_byte, value))
        if parameters is None:
            return
        is_class = own is not None and not node.type.endswith(("function_declaration", "method_definition"))
        scope = self._place.scope_at(own.end_byte if is_class and own else parameters.start_byte)
        for child in parameters.named_children:
            name, constraint = child.child_by_field_name("name"), child.child_by_field_name("constraint")
            if name is not None:
                bound = self._text(constraint).removeprefix("extends") if constraint is not None else ""
                written = " ".join(bound.split()) if len(bound) <= MAX_TYPE else ""
                self._bind(name, f"<{written}>", BindingKind.OTHER, scope)

    def _types(self, captures: Captures) -> None:
        for node in captures.get("binding.alias", ()):
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name is not None and value is not None:
                generic = node.child_by_field_name("type_parameters") is not None
                path = "<>" if generic else self._paths.typed(value)
                self._bind(name, path, BindingKind.OTHER, self._place.scope_at(node.start_byte))
        for node in captures.get("binding.declared", ()):
            name = node.child_by_field_name("name")
            if name is not None:
                self._bind(name, "declared", BindingKind.OTHER, self._place.scope_at(node.start_byte))
        for node in captures.get("binding.namespace", ()):
            self._namespace(node)
        for alias, written, start in self._paths.jsdoc.aliases if self._paths.jsdoc is not None else ():
            self._out.bindings.append(Binding(alias, 0, BindingKind.OTHER, start, f"<{written}>"))

    def _namespace(self, node: SyntaxNode) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None or name.type == "string":
            return
        scope = self._place.scope_at(node.start_byte)
        nested = name.type != "identifier"
        value = "?" if nested else f"<{{{body.start_byte}}}>"
        text = self._text(name).partition(".")[0]
        self._out.bindings.append(Binding(text, scope, BindingKind.ASSIGNMENT, name.end_byte, value))
        inside = self._place.scope_at(body.start_byte)
        for statement in body.named_children:
            declared = statement.child_by_field_name("declaration") if statement.type == "export_statement" else None
            found = declared if declared is not None else statement
            own = found.child_by_field_name("name")
            if own is not None and own.type in NAME_NODES:
                keyword = next((c for c in found.children if c.type not in ("decorator", "comment")), found).start_byte
                if keyword in self._paths.definitions:
                    self._bind(own, f"<@{keyword}>", BindingKind.ASSIGNMENT, inside)
            elif found.type in ("lexical_declaration", "variable_declaration"):
                for declarator in found.named_children:
                    held, named = declarator.child_by_field_name("value"), declarator.child_by_field_name("name")
                    if held is not None and named is not None and held.start_byte in self._paths.definitions:
                        self._bind(named, f"<@{held.start_byte}>", BindingKind.ASSIGNMENT, inside)


def first_named(node: SyntaxNode) -> int:
    """Return where the first child of a node begins that is no comment."""
    return next((c.start_byte for c in node.named_children if c.type != "comment"), -1)


def pattern_items(pattern: SyntaxNode) -> list[SyntaxNode | None]:
    """Return the items of an array pattern by their number; None where one is left out."""
    found: list[SyntaxNode | None] = []
    item: SyntaxNode | None = None
    for child in pattern.children[1:]:
        if child.type in (",", "]"):
            found.append(item)
            item = None
        elif child.type != "comment":
            item = child
    return found
