"""Rust expressions as access paths (see hybridgym/facts.py).

Rust's own notation: `a::b` is a name in a module, type or trait, `a.b` a field, and `a.b()` a method, for a call
of what a field holds is written `(a.b)()` and is `?` here. A path that begins with `::` begins with `$`.
A `!` behind an expression is the operator `?`; behind the path of a reference it is a macro.
`<T>` also stands before `::` for a type with arguments, and holds `T as Trait` where that is written.
"""

import re

from hybridgym.languages.reading import SyntaxNode

NAMES = frozenset({"identifier", "type_identifier", "field_identifier", "self", "crate", "super", "primitive_type"})
DEREF = ".$deref"
"""What `*x` adds to the path of `x`."""
LITERALS = {
    "string_literal": "''",
    "raw_string_literal": "''",
    "char_literal": "<char>",
    "boolean_literal": "<bool>",
    "array_expression": "[",
    "tuple_expression": "(",
    "unit_expression": "(",
    "closure_expression": "\\",
    "integer_literal": "#",
    "float_literal": "#",
}
NUMBER_TYPE = re.compile(r"(?:[\d_.]|[eE][+-]?\d|0[xob][\da-fA-F_]+)*?_*([iu](?:8|16|32|64|128|size)|f(?:32|64))")
BOOLEAN = frozenset({"==", "!=", "<", ">", "<=", ">=", "&&", "||"})
MACRO_TYPES = {"format": "<String>", "vec": "<Vec<_>>", "concat": "''", "stringify": "''", "line": "<u32>"}
WRAPPING = frozenset(
    {"Some", "Ok", *(f"{t}::new" for t in ("Box", "Rc", "Arc", "RefCell", "Cell", "Mutex", "RwLock", "Reverse"))}
)
"""What holds the one thing that it is called with; `.$in_Box` behind that thing's path."""
DIVERGING = frozenset({"return_expression", "break_expression", "continue_expression"})
DIVERGING_MACROS = frozenset({"panic", "unreachable", "todo", "unimplemented", "bail"})
PLAIN_PATH = re.compile(r"\w+(?:::\w+)*")
LAST_NUMBER = re.compile(rb"\.\d\w*\Z")
PLAIN_PLACE = re.compile(rb"(?!(?:true|false)\b)[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*(?:\.(?!await\b)\w+)*")
"""Names of modules and fields, which are their own access paths."""
PATTERN_NAME = re.compile(r"[a-z_]\w*(?!\w|::)")
"""The beginning of a path that a pattern around it could bind."""
MAX_DEPTH = 100
"""Deeper expressions are unknown: hostile files nest without end."""
MAX_LENGTH = 1000
"""The same of longer paths."""


def trailed(path: str, trailer: str) -> str:
    """Add a trailer to a path; of what is unknown only the name of a member is kept."""
    if path.startswith("?") or "|" in path or len(path) > MAX_LENGTH:
        return "?" + trailer if trailer.startswith(".") else "?"
    return path + trailer


class Paths:
    """Access paths of the expressions of one file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._calls: dict[int, str] = {}

    def text(self, node: SyntaxNode) -> str:
        """Return the source of a node."""
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def name(self, node: SyntaxNode) -> str:
        """Return the name that an identifier is, however it is written."""
        text = self.text(node)
        return text[2:] if text.startswith("r#") else text

    def of(self, node: SyntaxNode, depth: int = 0) -> str:
        """Return the access path of an expression."""
        kind = node.type
        if kind in NAMES:
            return self.name(node)
        if depth > MAX_DEPTH:
            return "?"
        match kind:
            case "field_expression":
                found = PLAIN_PLACE.match(self._data, node.start_byte)
                if found is not None and found.end() == node.end_byte:
                    return found[0].decode()
                value, field = node.child_by_field_name("value"), node.child_by_field_name("field")
                return self._trailed(value, "." + self.name(field), depth) if field is not None else "?"
            case "call_expression":
                path = self._calls.get(node.id)
                if path is None:
                    path = self._calls[node.id] = self._call(node, depth)
                return path
            case "scoped_identifier" | "scoped_type_identifier":
                return self._scoped(node, depth)
            case "reference_expression":
                return self._inner(node.child_by_field_name("value"), depth)
            case "try_expression":
                return self._trailed(_first(node), "!", depth)
            case "await_expression":
                return self._trailed(_first(node), "@", depth)
            case "generic_function":
                return self._inner(node.child_by_field_name("function"), depth)
            case "generic_type" | "generic_type_with_turbofish" | "bracketed_type":
                return self.type_path(node)
        return self._other(node, depth)

    def callee(self, node: SyntaxNode) -> str:
        """Return the access path of what a call calls: a method is not what a field holds."""
        found = PLAIN_PLACE.match(self._data, node.start_byte)
        if found is not None and found.end() == node.end_byte and not LAST_NUMBER.search(found[0]):
            return found[0].decode()
        return "?" if _is_value(node) else self.of(node)

    def type_path(self, node: SyntaxNode) -> str:
        """Return `<T>` of a written type."""
        text = " ".join(self.text(node).split())
        return text if text.startswith("<") else f"<{text}>"

    def _call(self, node: SyntaxNode, depth: int) -> str:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        given = [c for c in arguments.named_children if not c.is_extra] if arguments is not None else []
        if function is None or any(c.type == "range_expression" for c in given):
            return "?"  # `get(1..2)` gives what `get(1)` does not
        if len(given) == 1 and self.text(function) in WRAPPING:
            return trailed(self.of(given[0], depth + 1), f".$in_{self.text(function).partition('::')[0]}")
        return self._trailed(function, "()", depth)

    def _scoped(self, node: SyntaxNode, depth: int) -> str:
        text = self.text(node)
        if PLAIN_PATH.fullmatch(text):
            return text  # a plain path is its own access path
        path, name = node.child_by_field_name("path"), node.child_by_field_name("name")
        if name is None:
            return "?"
        before = self.of(path, depth + 1) if path is not None else "$"
        return "?" if before == "?" else f"{before}::{self.name(name)}"

    def _other(self, node: SyntaxNode, depth: int) -> str:
        kind = node.type
        if kind in ("integer_literal", "float_literal"):
            found = NUMBER_TYPE.fullmatch(self.text(node))
            return f"<{found[1]}>" if found else "#"
        if kind == "string_literal" and self._data.startswith(b"b", node.start_byte):
            return "<[u8]>"
        if kind == "raw_string_literal" and self._data.startswith(b"b", node.start_byte):
            return "<[u8]>"
        if kind in LITERALS:
            return LITERALS[kind]
        match kind:
            case "parenthesized_expression":
                return self._inner(_first(node), depth)
            case "unary_expression":
                is_deref = self._data.startswith(b"*", node.start_byte)
                return self._trailed(_first(node), DEREF, depth) if is_deref else "?"
            case "index_expression":
                index = node.named_children[-1]
                return self._trailed(_first(node), "[:]" if index.type == "range_expression" else "[]", depth)
            case "struct_expression":
                name = node.child_by_field_name("name")
                return self.type_path(name) if name is not None else "?"
            case "type_cast_expression":
                written = node.child_by_field_name("type")
                return self.type_path(written) if written is not None else "?"
            case "binary_expression":
                operator = node.child_by_field_name("operator")
                return "<bool>" if operator is not None and operator.type in BOOLEAN else "?"
            case "macro_invocation":
                macro = node.child_by_field_name("macro")
                return MACRO_TYPES.get(self.text(macro).rpartition("::")[2], "?") if macro is not None else "?"
            case "block" | "unsafe_block":
                return self._block(node, depth)
            case "if_expression":
                return self._if(node, depth)
            case "match_expression":
                return self._match(node, depth)
        return "?"

    def _inner(self, node: SyntaxNode | None, depth: int) -> str:
        return self.of(node, depth + 1) if node is not None else "?"

    def _trailed(self, node: SyntaxNode | None, trailer: str, depth: int) -> str:
        if node is None or (trailer == "()" and _is_value(node)):
            return "?"
        return trailed(self.of(node, depth + 1), trailer)

    def _block(self, node: SyntaxNode, depth: int) -> str:
        """A block is what its only expression is."""
        inner = [c for c in node.named_children if not c.is_extra]
        if len(inner) != 1 or inner[0].type.endswith(("_statement", "_declaration", "_item")):
            return "?"
        return self.of(inner[0], depth + 1)

    def _if(self, node: SyntaxNode, depth: int) -> str:
        condition, alternative = node.child_by_field_name("condition"), node.child_by_field_name("alternative")
        consequence = node.child_by_field_name("consequence")
        if condition is None or consequence is None or alternative is None:
            return "?"
        binds = condition.type in ("let_condition", "let_chain")
        other = _first(alternative)
        return self._either([(consequence, binds), *([(other, False)] if other is not None else [])], depth)

    def _match(self, node: SyntaxNode, depth: int) -> str:
        body = node.child_by_field_name("body")
        arms = [c for c in body.named_children if c.type == "match_arm"] if body is not None else []
        values = [v for arm in arms if (v := arm.child_by_field_name("value")) is not None]
        return self._either([(value, True) for value in values[:20]], depth + 10)

    def _either(self, branches: list[tuple[SyntaxNode, bool]], depth: int) -> str:
        """All branches are of one type: any of them that says it will do, unless a pattern may bind what it names."""
        found: dict[str, None] = {}
        for node, binds in branches:
            path = self.of(node, depth + 1)
            if self._diverges(node):
                continue
            path = "?" if binds and PATTERN_NAME.match(path) else path
            found.update(dict.fromkeys(path.split("|")))
        return "|".join(found) or "?"

    def _diverges(self, node: SyntaxNode) -> bool:
        macro = node.child_by_field_name("macro") if node.type == "macro_invocation" else None
        return node.type in DIVERGING or (macro is not None and self.text(macro) in DIVERGING_MACROS)


def _is_value(node: SyntaxNode) -> bool:
    """Say whether what is called is a value that an expression gives, such as `(self.run)` or `self.0`."""
    if node.type == "field_expression":
        field = node.child_by_field_name("field")
        return field is not None and field.type == "integer_literal"
    return node.type == "parenthesized_expression"


def _first(node: SyntaxNode) -> SyntaxNode | None:
    return next((c for c in node.named_children if not c.is_extra), None)
