"""What the assignments, loops and the like of a Python file bind and store."""

from hybridgym.facts import AttributeStore, Binding, BindingKind
from hybridgym.languages.python_paths import MAX_ITEMS, Paths
from hybridgym.languages.reading import Captures, Content, Placement, SyntaxNode

MAX_ALIAS = 400
PATTERNS = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "tuple", "list", "expression_list"})
ITEM_TAKERS = frozenset({"sorted", "min", "max", "filter", "map"})
SEQUENCES = frozenset({"expression_list", "tuple", "list"})


class Bindings:
    """Names and attributes that get values in one file."""

    def __init__(self, data: bytes, paths: Paths, place: Placement, out: Content) -> None:
        self._data = data
        self._paths = paths
        self._text = paths.text
        self._place = place
        self._out = out
        self._arguments: dict[int, dict[int, int]] = {}
        """Of the argument lists that hold a lambda: the number of each argument."""

    def read(self, captures: Captures) -> None:
        """Add the bindings and stores."""
        self._assignments(captures)
        self._other_bindings(captures)

    def read_lambda(self, node: SyntaxNode, body: SyntaxNode) -> None:
        """Add the parameters of a lambda."""
        scope = self._place.scope_at(body.start_byte)
        parameters = node.child_by_field_name("parameters")
        handed = self._handed_to(node)
        for number, child in enumerate(parameters.named_children if parameters is not None else ()):
            name = child if child.type == "identifier" or not child.named_children else child.named_children[0]
            value = f"{handed[0]}{number}{handed[1]})" if handed and child.type == "identifier" else ""
            self._out.bindings.append(Binding(self._text(name), scope, BindingKind.PARAMETER, child.start_byte, value))

    def _assignments(self, captures: Captures) -> None:
        for node in captures.get("binding.assignment", ()):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            annotation = node.child_by_field_name("type")
            while right is not None and right.type == "assignment":  # a = b = value
                right = right.child_by_field_name("right")
            if left is not None:
                self._target(left, right, BindingKind.ASSIGNMENT, self._text(annotation) if annotation else "")
        for node in captures.get("binding.walrus", ()):
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name is not None:
                self._target(name, value, BindingKind.ASSIGNMENT, walrus=True)

    def _other_bindings(self, captures: Captures) -> None:
        for node in captures.get("binding.iteration", ()):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None:
                is_async = self._data.startswith(b"async", node.start_byte)
                self._target(left, None if is_async else right, BindingKind.ITERATION)
        for capture, kind in (("binding.context", BindingKind.CONTEXT), ("binding.exception", BindingKind.EXCEPTION)):
            for node in captures.get(capture, ()):
                value, target = node.named_children[0], node.child_by_field_name("alias")
                if target is not None and target.named_children:
                    is_async = kind is BindingKind.CONTEXT and self._is_async_with(node)
                    self._target(target.named_children[0], None if is_async else value, kind)
        for capture in ("binding.augmented", "binding.other"):  # whatever they bind is not inferred
            for node in captures.get(capture, ()):
                self._target(node, None, BindingKind.OTHER)
        for node in captures.get("binding.deleted", ()):
            for target in node.named_children:
                self._target(target, None, BindingKind.OTHER)

    def _handed_to(self, node: SyntaxNode) -> tuple[str, str] | None:
        """Return the two ends of the path of what a call hands to its argument, a function."""
        argument, place, arguments = node, "", node.parent
        if arguments is not None and arguments.type == "keyword_argument":
            name = arguments.child_by_field_name("name")
            argument, place, arguments = arguments, self._text(name) if name is not None else "", arguments.parent
        call = arguments.parent if arguments is not None and arguments.type == "argument_list" else None
        callee = call.child_by_field_name("function") if call is not None else None
        if arguments is None or callee is None:
            return None
        place = place or self._number(arguments, argument)
        path = self._paths.of(callee)
        if not place or "|" in path:
            return None
        return f"{path}(>{place}>", self._iterable(path, arguments) if path in ITEM_TAKERS else ""

    def _iterable(self, callee: str, arguments: SyntaxNode) -> str:
        """Return what a builtin calls its argument on the items of."""
        given = [c for c in arguments.named_children if c.type != "comment"]
        number = int(callee in ("map", "filter"))
        return f">{self._paths.part(given[number])}" if number < len(given) else ""

    def _number(self, arguments: SyntaxNode, argument: SyntaxNode) -> str:
        """Return the number of an argument, or nothing where it is not known."""
        numbers = self._arguments.get(arguments.id)
        if numbers is None:
            given = [c for c in arguments.named_children if c.type != "comment"]
            splat = next((n for n, c in enumerate(given) if c.type == "list_splat"), len(given))
            numbers = self._arguments[arguments.id] = {c.id: n for n, c in enumerate(given[:splat])}
        return str(numbers.get(argument.id, ""))

    def _is_async_with(self, node: SyntaxNode) -> bool:
        outer = node.parent
        while outer is not None and outer.type != "with_statement":
            outer = outer.parent
        return outer is not None and self._data.startswith(b"async", outer.start_byte)

    def _target(
        self,
        target: SyntaxNode,
        value: SyntaxNode | None,
        kind: BindingKind,
        annotation: str = "",
        walrus: bool = False,
        bound_at: int = -1,
        path: str = "",
    ) -> None:
        """Bind what stands left of an assignment, a loop or an `as`.

        `bound_at` is the end of the whole value, `path` the access path of what has no node of its own.
        """
        if bound_at < 0:
            bound_at = target.start_byte if value is None else value.end_byte
        if target.type == "identifier":
            start = target.start_byte
            scope = self._binding_scope(start, walrus)
            path = self._paths.of(value) if value is not None else path
            conditional = walrus or self._place.is_conditional(start, scope)
            alias = self._alias(value) if scope == 0 and kind is BindingKind.ASSIGNMENT and value is not None else ""
            self._out.bindings.append(
                Binding(
                    self._text(target), scope, kind, bound_at, path, annotation, conditional=conditional, alias=alias
                )
            )
        elif target.type == "attribute":
            path = self._paths.of(value) if value is not None and kind is BindingKind.ASSIGNMENT else path
            self._store(target, path or "?", annotation)
        elif target.type == "subscript" and (receiver := target.child_by_field_name("value")) is not None:
            assigned = self._paths.of(value) if value is not None and kind is BindingKind.ASSIGNMENT else "?"
            scope = self._place.scope_at(target.start_byte)
            self._out.stores.append(
                AttributeStore(self._paths.of(receiver), "[]", assigned, "", scope, target.start_byte)
            )
        elif target.type in PATTERNS:
            self._unpack(target, value, kind, bound_at, path)
        elif target.type in ("list_splat_pattern", "parenthesized_expression") and target.named_children:
            inner = target.named_children[0]
            splat = target.type == "list_splat_pattern"
            self._target(inner, None if splat else value, kind, bound_at=bound_at, path="[" if splat else path)

    def _alias(self, value: SyntaxNode) -> str:
        """Return the text of a value that may be a type such as `dict[str, C]` or `A | B`."""
        is_type = value.type in ("subscript", "binary_operator") and value.end_byte - value.start_byte <= MAX_ALIAS
        return self._text(value) if is_type else ""

    def _unpack(
        self, target: SyntaxNode, value: SyntaxNode | None, kind: BindingKind, bound_at: int, path: str
    ) -> None:
        targets = [c for c in target.named_children if c.type != "comment"]
        if kind is BindingKind.ASSIGNMENT and value is not None and value.type in SEQUENCES:
            written = [c for c in value.named_children if c.type != "comment"]
            starred = any(c.type in ("list_splat", "list_splat_pattern") for c in (*written, *targets))
            if len(written) == len(targets) and not starred:
                for child, part in zip(targets, written, strict=True):
                    self._target(child, part, kind, bound_at=bound_at)
                return
        if value is not None and kind in (BindingKind.ASSIGNMENT, BindingKind.ITERATION, BindingKind.CONTEXT):
            path = self._paths.of(value)
        if kind is BindingKind.ITERATION:
            path = self._part(path, "[*]")
        elif kind is BindingKind.CONTEXT:
            path = ""
        splat = next((n for n, c in enumerate(targets) if c.type == "list_splat_pattern"), MAX_ITEMS)
        for number, child in enumerate(targets):
            taken = self._part(path, f"[*{number}]") if number < splat else "?"
            self._target(child, None, BindingKind.UNPACKING, bound_at=bound_at, path=taken)

    def _part(self, path: str, operation: str) -> str:
        """Return the path of what an operation takes out of a value."""
        return path + operation if path and "|" not in path else "?"

    def _store(self, target: SyntaxNode, value: str, annotation: str) -> None:
        receiver, name = target.child_by_field_name("object"), target.child_by_field_name("attribute")
        if receiver is None or name is None:
            return
        start = target.start_byte
        self._out.stores.append(
            AttributeStore(
                self._paths.of(receiver),
                self._text(name),
                value,
                annotation,
                self._place.scope_at(start),
                start,
            )
        )

    def _binding_scope(self, position: int, walrus: bool) -> int:
        scope = self._place.scope_at(position)
        return self._place.function_scope(scope) if walrus else scope
