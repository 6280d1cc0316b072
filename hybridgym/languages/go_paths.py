r"""Go expressions as access paths (see hybridgym/facts.py).

Pointers are not written: `(*x).m`, `(&x).m` and `x.m` are the same. What is Go's own:

    <T>          an assertion `x.(T)` or `make(T)`
    <T>!         a composite literal
    <\func() T>  a function literal of that type
    f[<T, U>]    f with type arguments, or an element where f takes none
    new(T)       T as it is written; where it holds parentheses, `<T>` instead
    append(x)    the access path of the first argument; where it holds parentheses, nothing
    x@           what is received from x
"""

import re

from hybridgym.languages.reading import SyntaxNode

DOTTED = re.compile(rb"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
SHIFTED_LENGTH = re.compile(r"\[[^\[\]]*(?:<<|>>)[^\[\]]*\]")
LITERALS = {
    "interpreted_string_literal": "''",
    "raw_string_literal": "''",
    "int_literal": "#",
    "float_literal": "#",
    "imaginary_literal": "#",
    "rune_literal": "#",
    "nil": "None",
    "iota": "#",
}
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "&&", "||"})
SHIFTS = frozenset({"<<", ">>"})
NAMES = frozenset({"identifier", "type_identifier", "field_identifier", "package_identifier"})
FIRST_ARGUMENT = frozenset({"append", "min", "max"})
"""Builtin functions that give what their first argument is."""
TYPE_LIKE = NAMES | {"selector_expression", "unary_expression", "index_expression"}
MAX_DEPTH = 40
"""Longer chains are unknown: hostile files nest without end."""


class Paths:
    """Access paths of the expressions of one file."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def text(self, node: SyntaxNode) -> str:
        """Return the source of a node."""
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def of(self, node: SyntaxNode) -> str:
        """Return the access path of an expression."""
        source = self._data[node.start_byte : node.end_byte]
        if DOTTED.fullmatch(source) and node.type not in LITERALS:
            return source.decode()  # a dotted name is its own access path
        return self._built(node, 0)

    def literal_type(self, node: SyntaxNode) -> str:
        """Return the type of a function literal."""
        parameters, result = node.child_by_field_name("parameters"), node.child_by_field_name("result")
        written = self.text(parameters) if parameters is not None else "()"
        return f"func{written} {self.text(result)}" if result is not None else f"func{written}"

    def _built(self, node: SyntaxNode, depth: int) -> str:
        kind = node.type
        if depth > MAX_DEPTH:
            return "?"
        if kind in NAMES:
            return self.text(node)
        if kind in LITERALS:
            return LITERALS[kind]
        if kind in ("true", "false"):
            return "<bool>"
        if kind == "selector_expression":
            return f"{self._field(node, 'operand', depth)}.{self._field(node, 'field', depth)}"
        if kind == "call_expression":
            return self._call(node, depth)
        if kind == "index_expression":
            return self._field(node, "operand", depth) + self._index(node.child_by_field_name("index"))
        if kind == "slice_expression":
            return f"{self._field(node, 'operand', depth)}[:]"
        if kind == "type_assertion_expression":
            return self._typed(node)
        if kind == "composite_literal":
            return f"{self._typed(node)}!"
        if kind == "type_conversion_expression":
            written = node.child_by_field_name("type")
            generic = written is not None and written.type == "generic_type"
            return f"{self.instantiated(written)}()" if written is not None and generic else self._typed(node)
        if kind == "func_literal":
            return f"<\\{self.literal_type(node)}>"
        if kind == "parenthesized_expression":
            inner = [c for c in node.named_children if not c.is_extra]
            return self._built(inner[0], depth + 1) if len(inner) == 1 else "?"
        if kind == "unary_expression":
            return self._unary(node, depth)
        if kind == "binary_expression":
            return self._binary(node, depth)
        if kind == "type_instantiation_expression":
            return self.instantiated(node)
        return f"<{self.text(node)}>" if kind.endswith("_type") else "?"

    def instantiated(self, node: SyntaxNode) -> str:
        """Return the path of `f[T]`, whether it has type arguments or an index."""
        text = self.text(node)
        name, _, arguments = text.partition("[")
        name, arguments = "".join(name.split()), arguments.rstrip()[:-1]
        if not DOTTED.fullmatch(name.encode()):
            return "?"
        return f"{name}{_bracketed(arguments)}"

    def _index(self, index: SyntaxNode | None) -> str:
        """Return the trailer of an index that could be a type argument."""
        is_type = index is not None and (index.type in TYPE_LIKE or index.type.endswith("_type"))
        return _bracketed(self.text(index)) if index is not None and is_type else "[]"

    def _call(self, node: SyntaxNode, depth: int) -> str:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None:
            return "?"
        path = self.callee(node, function, depth)
        if path in ("new", "make") or path in FIRST_ARGUMENT:
            given = [c for c in arguments.named_children if not c.is_extra] if arguments is not None else []
            return self._builtin(path, given[0], depth) if given else f"{path}()"
        return f"{path}()"

    def callee(self, node: SyntaxNode, function: SyntaxNode, depth: int = 0) -> str:
        """Return the path of what a call calls, with its type arguments."""
        types = node.child_by_field_name("type_arguments") if len(node.children) > 2 else None
        path = self._built(function, depth + 1) if depth or types is not None else self.of(function)
        return path + _bracketed(self.text(types)[1:-1]) if types is not None else path

    def _builtin(self, name: str, argument: SyntaxNode, depth: int) -> str:
        if name in FIRST_ARGUMENT:
            first = self._built(argument, depth + 1)
            return f"{name}({first})" if not set(first) & set("()") else f"{name}()"
        written = self.text(argument)
        is_type = argument.type.endswith("_type") or argument.type in NAMES
        if not is_type:
            return f"{name}()"
        if set(written) & set("()"):
            return f"<{written}>"
        return f"{name}({written})"

    def _unary(self, node: SyntaxNode, depth: int) -> str:
        operator = node.child_by_field_name("operator")
        kind = operator.type if operator is not None else ""
        if kind == "!":
            return "<bool>"
        path = self._field(node, "operand", depth)
        if kind == "<-":
            return f"{path}@"
        return path

    def _binary(self, node: SyntaxNode, depth: int) -> str:
        operator = node.child_by_field_name("operator")
        kind = operator.type if operator is not None else ""
        if kind in COMPARISONS:
            return "<bool>"
        left = self._field(node, "left", depth)
        if left in ("#", "''") and kind not in SHIFTS:
            return self._field(node, "right", depth)
        return left

    def _typed(self, node: SyntaxNode) -> str:
        written = node.child_by_field_name("type")
        return f"<{SHIFTED_LENGTH.sub('[0]', self.text(written))}>" if written is not None else "?"

    def _field(self, node: SyntaxNode, field: str, depth: int) -> str:
        child = node.child_by_field_name(field)
        return self._built(child, depth + 1) if child is not None else "?"


def _bracketed(types: str) -> str:
    return f"[<{types}>]" if types and not set(types) & set("<>()") else "[]"
