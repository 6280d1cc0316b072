"""Bugs in Python: mistakes as people make them, one class for each sort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from hybridgym.bugs.base import Made, Operator, nodes_in, text_of
from hybridgym.facts import Span

if TYPE_CHECKING:
    from tree_sitter import Node


class _Swapped(Operator):
    """Another operator between the same operands."""

    others: ClassVar[Mapping[str, str]]

    def changed(self, node: Node, data: bytes) -> Iterator[Made]:
        for child in node.children:
            if child.type in self.others:
                yield child.start_byte, child.end_byte, self.others[child.type]


class Comparison(_Swapped):
    """`<` for `<=`, `==` for `!=`, `in` for `not in`, …: boundaries and conditions."""

    name = "comparison"
    nodes = frozenset({"comparison_operator"})
    others = MappingProxyType(
        {
            **{"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="},
            **{"in": "not in", "not in": "in", "is": "is not", "is not": "is"},
        }
    )


class Arithmetic(_Swapped):
    """`+` for `-`, `*` for `//`, `|` for `&`, …."""

    name = "arithmetic"
    nodes = frozenset({"binary_operator", "augmented_assignment"})
    others = MappingProxyType(
        {
            **{"+": "-", "-": "+", "*": "//", "/": "*", "//": "/", "%": "//", "**": "*"},
            **{"&": "|", "|": "&", "^": "|", "<<": ">>", ">>": "<<"},
            **{"+=": "-=", "-=": "+=", "*=": "//=", "/=": "*=", "|=": "&=", "&=": "|="},
        }
    )


class Connective(_Swapped):
    """`and` for `or`."""

    name = "connective"
    nodes = frozenset({"boolean_operator"})
    others = MappingProxyType({"and": "or", "or": "and"})


class Condition(Operator):
    """A condition the wrong way round, or a `not` that is missing."""

    name = "condition"
    nodes = frozenset({"if_statement", "elif_clause", "while_statement", "conditional_expression", "not_operator"})

    def changed(self, node: Node, data: bytes) -> Iterator[Made]:
        if node.type == "not_operator":
            argument = node.child_by_field_name("argument")
            if argument is not None:
                yield node.start_byte, node.end_byte, f"({text_of(argument, data)})"
            return
        condition = node.child_by_field_name("condition")
        if node.type == "conditional_expression":
            condition = node.named_children[1] if len(node.named_children) == 3 else None
        if condition is not None and condition.type != "not_operator":
            yield condition.start_byte, condition.end_byte, f"not ({text_of(condition, data)})"


class OffByOne(Operator):
    """A number that is one too large or too small."""

    name = "off by one"
    nodes = frozenset({"integer"})

    def changed(self, node: Node, data: bytes) -> Iterator[Made]:
        text = text_of(node, data)
        if text.isdecimal():
            yield node.start_byte, node.end_byte, str(int(text) + 1)
            if int(text) > 0:
                yield node.start_byte, node.end_byte, str(int(text) - 1)


class Constant(Operator):
    """`True` for `False`."""

    name = "constant"
    nodes = frozenset({"true", "false"})

    def changed(self, node: Node, data: bytes) -> Iterator[Made]:
        yield node.start_byte, node.end_byte, "False" if node.type == "true" else "True"


class EarlyReturn(Operator):
    """A branch that no longer returns."""

    name = "early return"
    nodes = frozenset({"return_statement"})

    def changed(self, node: Node, data: bytes) -> Iterator[Made]:
        block = node.parent
        if block is not None and block.parent is not None and block.parent.type != "function_definition":
            yield node.start_byte, node.end_byte, "pass"


class ReturnValue(Operator):
    """A function that forgets what it was to return."""

    name = "return value"
    nodes = frozenset({"return_statement"})

    def changed(self, node: Node, data: bytes) -> Iterator[Made]:
        if node.named_children and node.named_children[0].type != "none":
            yield node.start_byte, node.end_byte, "return None"


class Loop(_Swapped):
    """`break` for `continue`."""

    name = "loop"
    nodes = frozenset({"break_statement", "continue_statement"})
    others = MappingProxyType({"break": "continue", "continue": "break"})


class Arguments(Operator):
    """Arguments in the wrong order, or a named one that is left out."""

    name = "arguments"
    nodes = frozenset({"argument_list"})

    def changed(self, node: Node, data: bytes) -> Iterator[Made]:
        if node.parent is None or node.parent.type != "call":
            return
        plain = [c for c in node.named_children if c.type not in ("keyword_argument", "comment")]
        is_plain = all(c.type not in ("list_splat", "dictionary_splat", "generator_expression") for c in plain)
        for first, second in pairwise(plain):
            between = data[first.end_byte : second.start_byte].decode()
            if is_plain and text_of(first, data) != text_of(second, data):
                yield first.start_byte, second.end_byte, f"{text_of(second, data)}{between}{text_of(first, data)}"
        named = node.named_children
        for before, left_out in zip([None, *named], named, strict=False):
            if left_out.type == "keyword_argument" and before is not None:
                yield before.end_byte, left_out.end_byte, ""


class Exceptions(Operator):
    """A case that is no longer refused."""

    name = "exceptions"
    nodes = frozenset({"raise_statement"})

    def changed(self, node: Node, data: bytes) -> Iterator[Made]:
        yield node.start_byte, node.end_byte, "pass"


class LeftOut(Operator):
    """A call or an assignment that is missing."""

    name = "left out"
    nodes = frozenset({"expression_statement"})

    def changed(self, node: Node, data: bytes) -> Iterator[Made]:
        inner = node.named_children[0] if node.named_children else None
        is_attribute = False
        if inner is not None and inner.type == "assignment":
            left = inner.child_by_field_name("left")
            is_attribute = left is not None and left.type in ("attribute", "subscript")
        if inner is not None and (inner.type in ("call", "await") or is_attribute):
            yield node.start_byte, node.end_byte, "pass"


class Attribute(Operator):
    """Another attribute of the same object, of those that the function uses."""

    name = "attribute"
    nodes = frozenset({"attribute"})

    def edits(self, root: Node, data: bytes, span: Span) -> Iterator[Made]:
        found: dict[str, list[tuple[str, Node]]] = {}
        for node in nodes_in(root, span):
            target, place = node.child_by_field_name("object"), node.child_by_field_name("attribute")
            if node.type == "attribute" and target is not None and place is not None and target.type == "identifier":
                found.setdefault(text_of(target, data), []).append((text_of(place, data), place))
        for named in found.values():
            different = sorted({name for name, _ in named})
            for name, place in named if len(different) > 1 else ():
                other = different[(different.index(name) + 1) % len(different)]
                yield place.start_byte, place.end_byte, other

    def changed(self, node: Node, data: bytes) -> Iterator[Made]:
        return iter(())


class Default(Operator):
    """A parameter with another default."""

    name = "default"
    nodes = frozenset({"default_parameter", "typed_default_parameter"})

    def changed(self, node: Node, data: bytes) -> Iterator[Made]:
        value = node.child_by_field_name("value")
        if value is not None and value.type in ("string", "integer", "float", "true"):
            yield value.start_byte, value.end_byte, "None"


OPERATORS: Mapping[str, tuple[Operator, ...]] = MappingProxyType(
    {
        "python": (
            Arguments(),
            Arithmetic(),
            Attribute(),
            Comparison(),
            Condition(),
            Connective(),
            Constant(),
            Default(),
            EarlyReturn(),
            Exceptions(),
            LeftOut(),
            Loop(),
            OffByOne(),
            ReturnValue(),
        )
    }
)
