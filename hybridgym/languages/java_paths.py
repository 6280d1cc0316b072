"""Java expressions as access paths (see hybridgym/facts.py).

What is only written in paths of Java:

    ~7          what the call or the `new` gives that ends before byte 7: calls are references of their own
    \\7          the lambda that begins at byte 7
    \\a::f       the method reference `a::f`
    <T>!        `new T(…)`, where T has type arguments
    a::T!       `a.new T(…)`
    a%b         what arithmetic, or `+` of strings, makes of a and b
    super(      a call of a constructor, by `super(…)` or `this(…)`
"""

import re

from hybridgym.languages.reading import SyntaxNode

STRING = "<java.lang.String>"
LITERALS = {
    "string_literal": STRING,
    "character_literal": "<char>",
    "true": "<boolean>",
    "false": "<boolean>",
    "null_literal": "None",
    "this": "this",
    "super": "super",
    "instanceof_expression": "<boolean>",
}
INTEGERS = frozenset(
    {"decimal_integer_literal", "hex_integer_literal", "octal_integer_literal", "binary_integer_literal"}
)
FLOATS = frozenset({"decimal_floating_point_literal", "hex_floating_point_literal"})
COMPARISONS = frozenset({"&&", "||", "==", "!=", "<", ">", "<=", ">="})
SHIFTS = frozenset({"<<", ">>", ">>>"})
COMMENTS = frozenset({"line_comment", "block_comment"})
ANNOTATIONS = frozenset({"annotation", "marker_annotation"})
DOTTED = re.compile(r"[\w$]+(?:\.[\w$]+)*")
SPACED_WORDS = frozenset({"extends", "super", "&"})
MAX_DEPTH = 12
"""Longer chains of operators are unknown: nobody infers them, and hostile files nest without end."""


class Paths:
    """Access paths of the expressions of one file."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def text(self, node: SyntaxNode) -> str:
        """Return the source of a node."""
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def of(self, node: SyntaxNode, depth: int = 0) -> str:
        """Return the access path of an expression."""
        kind = node.type
        if kind == "identifier":
            return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")
        if kind in ("method_invocation", "object_creation_expression"):
            return f"~{node.end_byte}"
        if (literal := LITERALS.get(kind)) is not None:
            return literal
        if depth > MAX_DEPTH:
            return "?"
        if kind == "field_access":
            return self._field(node, depth)
        if kind in INTEGERS:
            return "<long>" if self._data[node.end_byte - 1] in b"lL" else "<int>"
        if kind in FLOATS:
            return "<float>" if self._data[node.end_byte - 1] in b"fF" and self._is_decimal(node) else "<double>"
        if kind == "lambda_expression":
            return f"\\{node.start_byte}"
        if kind == "method_reference":
            return self._method(node, depth)
        if kind == "parenthesized_expression":
            inner = [c for c in node.named_children if c.type not in COMMENTS]
            return self.of(inner[0], depth + 1) if len(inner) == 1 else "?"
        if kind == "binary_expression":
            return self._binary(node, depth)
        return self._other(node, kind, depth)

    def _other(self, node: SyntaxNode, kind: str, depth: int) -> str:
        if kind == "array_access":
            return self._trailed(node, "array", depth, "[]")
        if kind == "unary_expression":
            return "<boolean>" if node.children[0].type == "!" else self._trailed(node, "operand", depth, "%<int>")
        if kind == "assignment_expression":
            return self._trailed(node, "left", depth, "")
        if kind == "update_expression":
            return self.of(node.named_children[0], depth + 1) if node.named_children else "?"
        if kind == "ternary_expression":
            one, other = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
            return self._joined("|", one, other, depth)
        if kind == "cast_expression":
            types = [c for c in node.named_children if c.type not in COMMENTS][:-1]
            return f"<{self.type(types[0])}>" if len(types) == 1 else "?"
        if kind == "class_literal":
            named = self.type(node.named_children[0]) if node.named_children else "void"
            return "<java.lang.Class>" if named == "void" else f"<java.lang.Class<{named}>>"
        if kind == "array_creation_expression":
            written = node.child_by_field_name("type")
            dimensions = sum(c.type == "dimensions_expr" for c in node.children)
            dimensions += sum(self.text(c).count("[") for c in node.children if c.type == "dimensions")
            return f"<{self.type(written)}{'[]' * dimensions}>" if written is not None else "?"
        return "?"

    def _is_decimal(self, node: SyntaxNode) -> bool:
        return node.type == "decimal_floating_point_literal" or b"p" in (node.text or b"").lower()

    def _field(self, node: SyntaxNode, depth: int) -> str:
        text = self.text(node)
        if DOTTED.fullmatch(text):
            return text
        target, field = node.child_by_field_name("object"), node.child_by_field_name("field")
        if target is None or field is None:
            return "?"
        middle = ".super" if any(c.type == "super" for c in node.children[1:-1]) else ""
        return self._trailed(node, "object", depth, f"{middle}.{self.text(field)}")

    def _method(self, node: SyntaxNode, depth: int) -> str:
        parts = [c for c in node.children if c.type not in COMMENTS]
        of = self.of(parts[0], depth + 1)
        return f"\\{of}::{self.text(parts[-1])}" if DOTTED.fullmatch(of) else "\\"

    def _trailed(self, node: SyntaxNode, field: str, depth: int, trailer: str) -> str:
        child = node.child_by_field_name(field)
        path = self.of(child, depth + 1) if child is not None else "?"
        if not trailer:
            return path
        return "?" if path == "?" or "|" in path or ("%" in path and trailer[0] != "%") else path + trailer

    def _joined(self, sign: str, one: SyntaxNode | None, other: SyntaxNode | None, depth: int) -> str:
        if one is None or other is None:
            return "?"
        paths = [self.of(one, depth + 1), self.of(other, depth + 1)]
        mixed = "%" if sign == "|" else "|"
        return "?" if any(p == "?" or mixed in p for p in paths) else sign.join(dict.fromkeys(paths))

    def _binary(self, node: SyntaxNode, depth: int) -> str:
        operator = node.child_by_field_name("operator")
        sign = operator.type if operator is not None else ""
        if sign in COMPARISONS:
            return "<boolean>"
        if sign in SHIFTS:
            return self._trailed(node, "left", depth, "%<int>")
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if sign != "+" or left is None or right is None:
            return self._joined("%", left, right, depth)
        operands = [right]
        while left.type == "binary_expression" and len(operands) < 40:
            inner = left.child_by_field_name("left")
            added = left.child_by_field_name("right")
            if inner is None or added is None:
                return "?"
            operands.append(added)
            left = inner
        operands.append(left)
        if any(o.type == "string_literal" for o in operands):
            return STRING
        return self._joined("%", node.child_by_field_name("left"), right, depth)

    def type(self, node: SyntaxNode) -> str:
        """Return a written type without annotations and comments."""
        text = self.text(node)
        return text if "@" not in text and "/" not in text else "".join(self._type_parts(node)).strip()

    def _type_parts(self, node: SyntaxNode) -> list[str]:
        parts: list[str] = []
        pending = [node]
        while pending:
            part = pending.pop()
            if part.type in COMMENTS or part.type in ANNOTATIONS:
                continue
            if part.children:
                pending.extend(reversed(part.children))
            else:
                word = self.text(part)
                parts.append(f" {word} " if word in SPACED_WORDS else word)
        return parts
