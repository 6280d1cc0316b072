"""Python expressions as access paths (see hybridgym/facts.py)."""

import re

from hybridgym.languages.reading import SyntaxNode

BASES = {
    "string": "''",
    "concatenated_string": "''",
    "integer": "#",
    "float": "#",
    "true": "#",
    "false": "#",
    "none": "None",
    "list": "[",
    "list_comprehension": "[",
    "dictionary": "{",
    "dictionary_comprehension": "{",
    "set": "{",
    "set_comprehension": "{",
    "not_operator": "#",
    "lambda": "\\",
}
TUPLES = frozenset({"tuple", "expression_list"})
SPLATS = frozenset({"list_splat", "dictionary_splat"})
PASSING = frozenset(
    """next iter list tuple set frozenset sorted reversed enumerate zip map filter max min type copy deepcopy partial
    staticmethod classmethod property getattr chain get pop setdefault cast TypeVar __new__""".split()
)
"""Names of functions that give back what they are given, or what that holds."""
DEFAULTING = frozenset({"get", "pop", "setdefault"})
"""Those of which only the second argument counts: what they give where there is nothing else."""
MAX_ALTERNATIVES = 3
MAX_ITEMS = 6
"""Tuples and calls with more are not looked into."""
COMPARISONS = frozenset({"==", "!=", "<>", "<", ">", "<=", ">="})
"""Operators that give whatever a method of what they compare gives; the others give a bool."""
DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
MAX_DEPTH = 12
"""Longer chains are unknown: nobody infers them, and hostile files nest without end."""


class Paths:
    """Access paths of the expressions of one file."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def text(self, node: SyntaxNode) -> str:
        """Return the source of a node."""
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def starts_with(self, text: bytes, node: SyntaxNode) -> bool:
        """Say whether the source of a node begins so; to ask is cheaper than to look into the node."""
        return self._data.startswith(text, node.start_byte)

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
        if kind in TUPLES:
            return self._items(node, depth)
        if kind in BASES:
            return BASES[kind]
        if kind == "attribute":
            return self._trailed(node, "object", "." + self._field(node, "attribute"), depth)
        if kind == "call":
            return self._call(node, depth)
        if kind == "subscript":
            return self._trailed(node, "value", self._subscript(node), depth)
        if kind == "await":
            return self._applied(node.named_children[0], "@", depth) if node.named_children else "?"
        if kind in ("parenthesized_expression", "type"):
            inner = [c for c in node.named_children if c.type != "comment"]
            return self._built(inner[0], depth + 1) if len(inner) == 1 else "?"
        if kind == "named_expression":
            return self._trailed(node, "value", "", depth)
        if kind == "conditional_expression" and len(node.named_children) == 3:
            return self._either(node.named_children[0], node.named_children[2], depth)
        if kind == "comparison_operator":  # `==` and the like give what `__eq__` gives
            return "?" if any(c.type in COMPARISONS for c in node.children) else "#"
        if kind == "binary_operator":
            return self._formatted(node)
        if kind == "boolean_operator":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            return self._either(left, right, depth) if left is not None and right is not None else "?"
        return "?"

    def _subscript(self, node: SyntaxNode) -> str:
        subscripts = node.named_children[1:]
        if any(c.type == "slice" for c in subscripts):
            return "[:]"
        number = self.text(subscripts[0]) if len(subscripts) == 1 and subscripts[0].type == "integer" else ""
        return f"[{number}]" if number.isdecimal() and len(number) == 1 else "[]"

    def _call(self, node: SyntaxNode, depth: int) -> str:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        given = [c for c in arguments.named_children if c.type != "comment"] if arguments is not None else []
        name = self.text(function) if function is not None and function.type in ("identifier", "attribute") else ""
        last = name.rpartition(".")[2]
        passed = ""
        if name == "super" and given:
            of_self = len(given) > 1 and self.text(given[1]) in ("self", "cls")
            passed = "" if self._is_own_super(node, given) else self._part(given[0], depth) if of_self else "?"
        elif given and last in PASSING:
            passed = self._passed(last, given, depth)
        return self._applied(function, f"({passed})", depth) if function is not None else "?"

    def _passed(self, name: str, given: list[SyntaxNode], depth: int) -> str:
        """Return the arguments of a call that gives back what it is given, or what that holds."""
        if name == "getattr":
            return self._named_attribute(given, depth)
        if name == "TypeVar":
            return self._bound(given, depth)
        if given[0].parent is not None and given[0].parent.type != "argument_list":
            return ""  # a generator expression
        paths: list[str] = []
        for argument in given[:MAX_ITEMS]:
            if argument.type == "keyword_argument" and self.text(argument).startswith("default"):
                return ""
            if argument.type in SPLATS or argument.type == "keyword_argument":
                break
            paths.append(self._type(argument, depth) if name == "cast" else self._part(argument, depth))
        if name in DEFAULTING:
            return f"?,{paths[1]}" if len(paths) > 1 else ""
        return ",".join(paths)

    def _named_attribute(self, given: list[SyntaxNode], depth: int) -> str:
        """Return the attribute that `getattr(x, "name")` or `getattr(x, "name", None)` reads."""
        name = self.text(given[1])[1:-1] if len(given) > 1 and given[1].type == "string" else ""
        if not name.isidentifier() or (len(given) > 2 and given[2].type != "none"):
            return ""
        receiver = self._part(given[0], depth)
        return f"{receiver}.{name}" if receiver != "?" else ""

    def _bound(self, given: list[SyntaxNode], depth: int) -> str:
        """Return the bound of a type variable."""
        for argument in given:
            value = argument.child_by_field_name("value") if argument.type == "keyword_argument" else None
            if value is not None and self.text(argument).startswith("bound"):
                return self._type(value, depth)
        return ""

    def _type(self, node: SyntaxNode, depth: int) -> str:
        """Return the path of a type, which may be written as a string."""
        name = self.text(node)[1:-1] if node.type == "string" else ""
        return name if DOTTED.fullmatch(name) else self._part(node, depth)

    def part(self, node: SyntaxNode) -> str:
        """Return the path of an expression such that it can be written between brackets."""
        return self._part(node, 0)

    def _part(self, node: SyntaxNode, depth: int) -> str:
        path = self._built(node, depth + 1)
        return "?" if "|" in path or (path.startswith("(") and not path.startswith("(,")) else path

    def _items(self, node: SyntaxNode, depth: int) -> str:
        """Return a tuple with the paths of its items, where anything is known of them."""
        items = [c for c in node.named_children if c.type != "comment"]
        if not items:
            return "(,)"
        if len(items) > MAX_ITEMS or any(c.type in SPLATS for c in items):
            return "("
        paths = [self._part(c, depth) for c in items]
        return f"(,{','.join(paths)})" if any(p != "?" for p in paths) else "("

    def _is_own_super(self, node: SyntaxNode, given: list[SyntaxNode]) -> bool:
        """Say whether `super(…)` names the class around it, as `super()` does."""
        outer = node.parent
        while outer is not None and outer.type != "class_definition":
            outer = outer.parent
        name = outer.child_by_field_name("name") if outer is not None else None
        return name is not None and self.text(given[0]) in (self.text(name), "__class__")

    def _formatted(self, node: SyntaxNode) -> str:
        left, operator = node.child_by_field_name("left"), node.child_by_field_name("operator")
        is_text = left is not None and BASES.get(left.type) == "''"
        return "''" if is_text and operator is not None and operator.type == "%" else "?"

    def _trailed(self, node: SyntaxNode, field: str, trailer: str, depth: int) -> str:
        child = node.child_by_field_name(field)
        return self._applied(child, trailer, depth) if child is not None else "?"

    def _applied(self, node: SyntaxNode, trailer: str, depth: int) -> str:
        """Return the path of an operation on an expression, of each alternative where there are a few."""
        path = self._built(node, depth + 1)
        if "|" not in path:
            return path + trailer
        parts = path.split("|")
        return "|".join(part + trailer for part in parts) if len(parts) <= MAX_ALTERNATIVES else "?"

    def _field(self, node: SyntaxNode, field: str) -> str:
        child = node.child_by_field_name(field)
        return self.text(child) if child is not None else "?"

    def _either(self, left: SyntaxNode, right: SyntaxNode, depth: int) -> str:
        paths = {self._built(left, depth + 1), self._built(right, depth + 1)}
        return "|".join(sorted(p for part in paths for p in part.split("|"))) if "?" not in paths else "?"
