"""Python expressions as access paths (see hybridgym/facts.py)."""

from hybridgym.languages.reading import SyntaxNode

BASES = {
    "string": "''",
    "concatenated_string": "''",
    "integer": "#",
    "float": "#",
    "true": "#",
    "false": "#",
    "none": "#",
    "list": "[",
    "list_comprehension": "[",
    "dictionary": "{",
    "dictionary_comprehension": "{",
    "set": "{",
    "set_comprehension": "{",
    "tuple": "(",
    "expression_list": "(",
    "comparison_operator": "#",
    "not_operator": "#",
    "lambda": "\\",
}
MAX_DEPTH = 12
"""Longer chains are unknown: nobody infers them, and hostile files nest without end."""


class Paths:
    """Access paths of the expressions of one file."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def text(self, node: SyntaxNode) -> str:
        """Return the source of a node."""
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def of(self, node: SyntaxNode) -> str:
        """Return the access path of an expression."""
        kind = node.type
        if kind == "identifier":
            return self.text(node)
        if kind == "attribute":
            text = self.text(node)
            if text.replace(".", "").replace("_", "").isalnum() and not text[0].isdigit():
                return text  # a dotted name is its own access path
        return self._built(node, 0)

    def _built(self, node: SyntaxNode, depth: int) -> str:
        kind = node.type
        if depth > MAX_DEPTH:
            return "?"
        if kind == "identifier":
            return self.text(node)
        if kind in BASES:
            return BASES[kind]
        if kind == "attribute":
            return self._trailed(node, "object", depth) + "." + self._field(node, "attribute")
        if kind == "call":
            return self._trailed(node, "function", depth) + "()"
        if kind == "subscript":
            return self._trailed(node, "value", depth) + "[]"
        if kind == "await":
            return self._built(node.named_children[0], depth + 1) + "@" if node.named_children else "?"
        if kind in ("parenthesized_expression", "type"):
            inner = [c for c in node.named_children if c.type != "comment"]
            return self._built(inner[0], depth + 1) if len(inner) == 1 else "?"
        if kind == "named_expression":
            return self._trailed(node, "value", depth)
        if kind == "conditional_expression" and len(node.named_children) == 3:
            return self._either(node.named_children[0], node.named_children[2], depth)
        if kind == "boolean_operator":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            return self._either(left, right, depth) if left is not None and right is not None else "?"
        return "?"

    def _trailed(self, node: SyntaxNode, field: str, depth: int) -> str:
        child = node.child_by_field_name(field)
        path = self._built(child, depth + 1) if child is not None else "?"
        return "?" if "|" in path else path

    def _field(self, node: SyntaxNode, field: str) -> str:
        child = node.child_by_field_name(field)
        return self.text(child) if child is not None else "?"

    def _either(self, left: SyntaxNode, right: SyntaxNode, depth: int) -> str:
        paths = {self._built(left, depth + 1), self._built(right, depth + 1)}
        return "|".join(sorted(p for part in paths for p in part.split("|"))) if "?" not in paths else "?"
