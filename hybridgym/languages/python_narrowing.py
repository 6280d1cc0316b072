"""Where a Python file has asked a name for its type: what follows from `isinstance(x, C)`."""

from collections.abc import Iterator

from hybridgym.facts import Narrowing
from hybridgym.languages.python_paths import Paths
from hybridgym.languages.reading import Captures, Placement, SyntaxNode

JUMPS = frozenset({"return_statement", "raise_statement", "continue_statement", "break_statement"})
MAX_OPERATORS = 8
"""Around a question; nobody writes more."""


class Narrowings:
    """The questions for types of one file."""

    def __init__(self, paths: Paths, place: Placement) -> None:
        self._paths = paths
        self._place = place

    def read(self, captures: Captures) -> Iterator[Narrowing]:
        """Yield the regions in the order of the questions."""
        for node in captures.get("reference.call", ()):
            asked = self._asked(node) if self._paths.starts_with(b"isinstance", node) else None
            if asked is not None:
                for start, end in self._regions(node):
                    yield Narrowing(*asked, self._place.scope_at(node.start_byte), start, end)

    def _asked(self, node: SyntaxNode) -> tuple[str, str] | None:
        """Return what is asked, and the types that it is asked for."""
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or arguments is None or function.type != "identifier":
            return None
        given = [c for c in arguments.named_children if c.type != "comment"]
        if len(given) != 2 or self._paths.text(function) != "isinstance":
            return None
        named = [c for c in given[1].named_children if c.type != "comment"] if given[1].type == "tuple" else given[1:]
        path, types = self._paths.of(given[0]), [self._paths.of(t) for t in named]
        return (path, "|".join(types)) if types and all(_is_dotted(p) for p in (path, *types)) else None

    def _regions(self, node: SyntaxNode) -> Iterator[tuple[int, int]]:
        """Yield the regions in which the answer was yes."""
        holds = True
        for _ in range(MAX_OPERATORS):
            outer = node.parent
            if outer is None:
                return
            if outer.type == "not_operator":
                holds = not holds
            elif outer.type == "boolean_operator":
                left, right = outer.child_by_field_name("left"), outer.child_by_field_name("right")
                if holds is any(c.type == "or" for c in outer.children):
                    return  # nothing follows from `a or b` for a, nor from `not a and b`
                if left is not None and right is not None and left.id == node.id:
                    yield right.start_byte, right.end_byte
            elif outer.type != "parenthesized_expression":
                yield from self._of_statement(outer, node, holds)
                return
            node = outer

    def _of_statement(self, outer: SyntaxNode, condition: SyntaxNode, holds: bool) -> Iterator[tuple[int, int]]:
        if outer.type in ("if_statement", "elif_clause", "while_statement"):
            asked, body = outer.child_by_field_name("condition"), outer.child_by_field_name("consequence")
            body = outer.child_by_field_name("body") if outer.type == "while_statement" else body
            if asked is None or body is None or asked.id != condition.id:
                return
            if holds:
                yield body.start_byte, body.end_byte
            elif outer.type == "if_statement" and _leaves(body) and outer.child_by_field_name("alternative") is None:
                yield from _rest(outer)
        elif outer.type == "assert_statement" and holds:
            yield from _rest(outer)
        elif outer.type == "conditional_expression" and len(outer.named_children) == 3:
            body, asked, other = outer.named_children
            chosen = body if holds else other
            if asked.id == condition.id:
                yield chosen.start_byte, chosen.end_byte
        elif outer.type == "if_clause" and holds and outer.parent is not None:
            yield outer.parent.start_byte, outer.parent.end_byte


def _is_dotted(path: str) -> bool:
    return path.replace(".", "_").isidentifier()


def _leaves(body: SyntaxNode) -> bool:
    """Say whether a block ends with a jump out of what is around it."""
    statements = [c for c in body.named_children if c.type != "comment"]
    return bool(statements) and statements[-1].type in JUMPS


def _rest(statement: SyntaxNode) -> Iterator[tuple[int, int]]:
    """Yield what follows a statement in its block."""
    block = statement.parent
    if block is not None and block.type in ("block", "module"):
        yield statement.end_byte, block.end_byte
