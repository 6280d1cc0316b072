"""JavaScript and TypeScript expressions as access paths (see hybridgym/facts.py).

Notation of these languages' own, between `<` and `>` as written types are:

    <@12>               the function or class that begins at byte 12, where it is a definition
    <{12}>              the object literal that begins at byte 12, where its members are facts (as stores)
    <require "./x">     what `require("./x")` gives
    <import "./x">      the namespace that `import("./x")` gives, once awaited
    <>                  a value of a type that is not known, such as a type parameter

`a?.b` is written `a.b`, `a["b"]` too; `x!`, `x satisfies T` and `(x)` are `x`, `x as T` is `<T>`, and
`Object.create(A.prototype)` is `A!`,
and `/** @type {T} */ (x)` is `<T>` in JavaScript. `cond && x` is `x`: what is called is no falsy value.
"""

import re
from collections.abc import Sequence
from typing import Protocol

from hybridgym.languages.reading import SyntaxNode

BASES = {
    "string": "''",
    "template_string": "''",
    "number": "#",
    "true": "#",
    "false": "#",
    "null": "None",
    "undefined": "None",
    "array": "[",
    "object": "{",
    "arrow_function": "\\",
    "function_expression": "\\",
    "generator_function": "\\",
    "regex": "<RegExp>",
    "unary_expression": "#",
    "update_expression": "#",
    "this": "this",
    "super": "super",
    "import": "import",
}
EITHER = frozenset({"||", "??"})
PLAIN_NAME = re.compile(r"[A-Za-z_$][\w$]*")
DOTTED = re.compile(r"[^\W\d][\w$]*(\.#?[\w$]+)*|\$[\w$]*(\.#?[\w$]+)*")
CREATES = frozenset({"Object.create"})
SAME = frozenset({"Object.freeze", "Object.seal", "Object.preventExtensions"})
"""Functions that give back their first argument."""
CONTAINERS = frozenset({"Array", "Map", "Set", "WeakMap", "WeakSet"})
"""What is made of other types: `new Map<K, V>()` is written `<Map<K, V>>`."""
LAST_OPERAND = {"unary_expression": "argument", "binary_expression": "right"}
"""Nodes whose last operand `!` belongs to, whatever the grammar says."""
OVERRIDES = "<overrides>"
"""Name of the stores that say what classes without a name override."""
MAX_TYPE = 400
"""Longer types are unknown."""
MAX_DEPTH = 12
"""Longer chains are unknown: nobody infers them, and hostile files nest without end."""


class TypedComments(Protocol):
    """Comments that write types."""

    @property
    def aliases(self) -> Sequence[tuple[str, str, int]]:
        """Name, written type and place of each alias."""

    def type_before(self, start: int) -> str:
        """Return the type that a comment right before a byte writes; empty where none does."""


class Paths:
    """Access paths of the expressions of one file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.definitions: set[int] = set()
        """Where functions and classes begin that are definitions."""
        self.objects: set[int] = set()
        """Where object literals begin whose members are facts."""
        self.jsdoc: TypedComments | None = None
        self._asserted = -1
        """Where what was asserted not to be null begins, if that is not where its node does."""

    def text(self, node: SyntaxNode) -> str:
        """Return the source of a node."""
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def typed(self, node: SyntaxNode) -> str:
        """Return the access path of a value of a written type."""
        return typed(self.text(node))

    def annotation(self, node: SyntaxNode) -> str:
        """Return the written type of an annotation."""
        text = " ".join(self.text(node).removeprefix(":").split())
        return text if len(text) <= MAX_TYPE else "unknown"

    def of(self, node: SyntaxNode) -> str:
        """Return the access path of an expression."""
        kind = node.type
        if kind == "identifier":
            text = self.text(node)
            return text if text != "None" else "?"
        if kind == "member_expression":
            text = self.text(node)
            if DOTTED.fullmatch(text) and not text.startswith(("None.", "new.")):
                return text  # a dotted name is its own access path
        self._asserted = -1
        path = self._built(node, 0)
        return path if self._asserted < 0 else "?"

    def called(self, node: SyntaxNode) -> tuple[str, int]:
        """Return the access path of what a call calls, and where the call begins if not where its node does, or -1.

        The grammar reads `!a!()` as `(!a)!()`; it is `!(a!())`. So it is with `!a<T>()` and `await a<T>()`.
        """
        if node.type in ("identifier", "member_expression"):
            path = self.of(node)
            if path != "?":
                return path, -1
        self._asserted = -1
        if node.type == "await_expression" or node.type in LAST_OPERAND:
            node = self._operand(node)
            self._asserted = node.start_byte
        path = self._built(node, 0) if node.type != "non_null_expression" else self._of_child(node, 0)
        return path, self._asserted

    def _built(self, node: SyntaxNode, depth: int) -> str:
        kind = node.type
        if depth > MAX_DEPTH:
            return "?"
        if kind in ("object", "arrow_function", "function_expression", "generator_function", "class"):
            return self._literal(node)
        if kind in BASES:
            return BASES[kind]
        match kind:
            case "identifier":
                text = self.text(node)
                return text if text not in ("None", "undefined") else "?" if text == "None" else "None"
            case "member_expression":
                name = node.child_by_field_name("property")
                return self._trailed(node, "object", depth) + "." + (self.text(name) if name is not None else "?")
            case "call_expression":
                return self._call(node, depth)
            case "new_expression":
                return self._created(node, depth)
            case "subscript_expression":
                return self._subscript(node, depth)
            case "await_expression":
                inner = self._first(node, depth)
                return inner if "|" in inner or inner == "?" else inner + "@"
            case "parenthesized_expression" if self.type_before(node):
                return typed(self.type_before(node))
            case "parenthesized_expression" | "non_null_expression" | "satisfies_expression":
                return self._first(node, depth)
            case "sequence_expression":
                parts = [c for c in node.named_children if c.type != "comment"]
                return self._built(parts[-1], depth + 1) if parts else "?"
            case "as_expression" | "type_assertion":
                return self._cast(node, depth)
            case "ternary_expression":
                return self._either(node, ("consequence", "alternative"), depth)
            case "binary_expression":
                return self._binary(node, depth)
            case "assignment_expression":
                return self._trailed(node, "right", depth)
        return "?"

    def type_before(self, node: SyntaxNode) -> str:
        """Return the type that a comment before a node writes, where comments may do so."""
        return self.jsdoc.type_before(node.start_byte) if self.jsdoc is not None else ""

    def _literal(self, node: SyntaxNode) -> str:
        start = node.start_byte
        if node.type == "object":
            return f"<{{{start}}}>" if start in self.objects else "{"
        if start in self.definitions:
            return f"<@{start}>"
        return "?" if node.type == "class" else "\\"

    def _first(self, node: SyntaxNode, depth: int) -> str:
        inner = next((c for c in node.named_children if c.type != "comment"), None)
        return self._built(inner, depth + 1) if inner is not None else "?"

    def _cast(self, node: SyntaxNode, depth: int) -> str:
        parts = [c for c in node.named_children if c.type != "comment"]
        if len(parts) < 2:  # `as const`
            return self._first(node, depth)
        written = parts[1] if node.type == "as_expression" else parts[0]
        text = self.text(written)
        if written.type == "type_arguments":
            text = text[1:-1]
        return self._first(node, depth) if text == "const" else typed(text)

    def _call(self, node: SyntaxNode, depth: int) -> str:
        function = node.child_by_field_name("function")
        if function is None:
            return "?"
        name = self.text(function) if function.type in ("identifier", "import", "member_expression") else ""
        if name in ("require", "import"):
            module = self.module_argument(node)
            return f'<{name} "{module}">' if module else "?"
        if name in CREATES or name in SAME:
            argument = first_argument(node)
            path = self._built(argument, depth + 1) if argument is not None else "?"
            if name in SAME:
                return path
            return path.removesuffix(".prototype") + "!" if path.endswith(".prototype") else "?"
        if function.type == "await_expression":
            return self._of_child(self._operand(function), depth + 1) + "()@"
        return self._trailed(node, "function", depth) + "()" if function.type not in LAST_OPERAND else "?"

    def _operand(self, node: SyntaxNode) -> SyntaxNode:
        """Return what operators stand before."""
        while node.type == "await_expression" or node.type in LAST_OPERAND:
            field = LAST_OPERAND.get(node.type, "")
            last = node.child_by_field_name(field) if field else next(iter(node.named_children), None)
            if last is None:
                return node
            node = last
        return node

    def module_argument(self, node: SyntaxNode) -> str:
        """Return the module that a call of `require` or `import` names; empty where it is computed."""
        argument = first_argument(node)
        return self.string(argument) if argument is not None else ""

    def string(self, node: SyntaxNode) -> str:
        """Return what a string literal says; empty where an access path could not hold it, or it is none."""
        text = self.text(node)
        plain = node.type == "string" or (node.type == "template_string" and "${" not in text)
        return text[1:-1] if plain and not set('\\<>"|\n').intersection(text[1:-1]) else ""

    def _created(self, node: SyntaxNode, depth: int) -> str:
        arguments, created = node.child_by_field_name("type_arguments"), node.child_by_field_name("constructor")
        if arguments is not None and created is not None and self.text(created) in CONTAINERS:
            return typed(self.text(created) + self.text(arguments))
        return self._trailed(node, "constructor", depth) + "!"

    def type_of_default(self, node: SyntaxNode | None) -> str:
        """Return the type that a parameter has by its default, `x = new X()`; empty where none is written."""
        created = (
            node.child_by_field_name("constructor") if node is not None and node.type == "new_expression" else None
        )
        text = self.text(created) if created is not None else ""
        return text if DOTTED.fullmatch(text) else ""

    def _subscript(self, node: SyntaxNode, depth: int) -> str:
        index = node.child_by_field_name("index")
        name = self.string(index) if index is not None else ""
        trailer = f".{name}" if PLAIN_NAME.fullmatch(name) else "[]"
        return self._trailed(node, "object", depth) + trailer

    def _binary(self, node: SyntaxNode, depth: int) -> str:
        operator = node.child_by_field_name("operator")
        sign = operator.type if operator is not None else ""
        if sign in EITHER:
            return self._either(node, ("left", "right"), depth)
        return self._trailed(node, "right", depth) if sign == "&&" else "#"

    def _trailed(self, node: SyntaxNode, field: str, depth: int) -> str:
        child = node.child_by_field_name(field)
        path = self._of_child(child, depth + 1) if child is not None else "?"
        return "?" if "|" in path and not path.startswith("<") else path

    def _of_child(self, node: SyntaxNode, depth: int) -> str:
        """Return the access path of what a trailer belongs to."""
        inner = next(iter(node.named_children), node) if node.type == "non_null_expression" else node
        while inner is not node and inner.type in LAST_OPERAND:
            last = inner.child_by_field_name(LAST_OPERAND[inner.type])
            inner = last if last is not None else node
            self._asserted = inner.start_byte
        return self._built(inner, depth)

    def _either(self, node: SyntaxNode, fields: tuple[str, str], depth: int) -> str:
        parts = [node.child_by_field_name(field) for field in fields]
        paths = sorted({self._built(part, depth + 1) if part is not None else "?" for part in parts})
        paths = [path for path in paths if path != "None"] or ["None"]
        if len(paths) == 1:
            return paths[0]
        return "?" if any(path == "?" or "<" in path for path in paths) else "|".join(paths)


def typed(text: str) -> str:
    """Return the access path of a value of a written type."""
    written = " ".join(text.split())
    return f"<{written}>" if len(written) <= MAX_TYPE else "<>"


def first_argument(node: SyntaxNode) -> SyntaxNode | None:
    """Return the first argument of a call."""
    arguments = node.child_by_field_name("arguments")
    if arguments is None or arguments.type != "arguments":
        return None
    return next((c for c in arguments.named_children if c.type != "comment"), None)
