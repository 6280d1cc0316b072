"""Code → runs of characters of one look, by the grammars that the facts come from."""

from collections.abc import Iterator
from functools import lru_cache

from hybridgym.languages import LANGUAGES
from hybridgym.languages.base import Language
from hybridgym.languages.reading import SyntaxNode
from hybridgym.parsing import syntax_tree
from hybridgym.report.clipping import MAX_LINE, visible

Runs = list[str]
"""Look, text, look, text, …; the empty look is that of plain text."""

PLAIN = ""
MAX_BYTES = 100_000
"""Of code that is looked at; what follows is left out."""

_NUMBERS = tuple(
    "integer float number integer_literal float_literal int_literal number_literal floating_point_literal".split()
)
_CHARACTERS = ("character", "char_literal", "character_literal", "rune_literal", "regex_pattern")
_BUILTIN = frozenset("true false none null nil null_literal this super self primitive_type void_type type_type".split())
_DECORATORS = frozenset({"decorator", "annotation", "marker_annotation", "attribute_item"})
_NAMES = frozenset({"identifier", "type_identifier", "field_identifier", "property_identifier"})
_NAMED = frozenset({"function_declarator", "variable_declarator"})
"""What stands around a name where it is not the definition itself."""


def highlighted(data: bytes, language: str, first: int, last: int, max_lines: int) -> tuple[Runs, int]:
    """Return the runs of the bytes [first, last) of a file, and how many of their lines are left out."""
    end = min(last, first + MAX_BYTES)
    runs: Runs = []
    line = column = 0
    for look, text in _pieces(data, language, first, end):
        for number, part in enumerate(text.split("\n")):
            if number:
                line, column = line + 1, 0
                if line == max_lines:
                    return runs, data.count(b"\n", first, last) + 1 - max_lines
                _add(runs, PLAIN, "\n")
            part = visible(part)
            _add(runs, look, part[: max(MAX_LINE - column, 0)])
            if column <= MAX_LINE < column + len(part):
                _add(runs, PLAIN, " […]")
            column += len(part)
    return runs, data.count(b"\n", end, last)


def _add(runs: Runs, look: str, text: str) -> None:
    if runs and (runs[-2] == look or text.isspace()):
        runs[-1] += text
    elif text:
        runs += [look, text]


def _pieces(data: bytes, language: str, first: int, end: int) -> Iterator[tuple[str, str]]:
    """Yield the text of each leaf and of what is between them, with its look."""
    place = first
    if language in LANGUAGES:
        for leaf, look in _leaves(data, LANGUAGES[language], first, end):
            start, stop = max(leaf.start_byte, place), min(leaf.end_byte, end)
            yield PLAIN, data[place:start].decode("utf-8", "replace")
            yield look, data[start:stop].decode("utf-8", "replace")
            place = max(stop, place)
    yield PLAIN, data[place:end].decode("utf-8", "replace")


def _leaves(data: bytes, language: type[Language], first: int, end: int) -> Iterator[tuple[SyntaxNode, str]]:
    waiting: list[tuple[SyntaxNode, SyntaxNode | None]] = [(_root(language.name, data), None)]
    while waiting:
        node, parent = waiting.pop()
        if node.end_byte <= first or node.start_byte >= end:
            continue
        if node.type in language.comment_nodes:
            yield node, "comment"
        elif node.children:
            waiting.extend((child, node) for child in reversed(node.children))
        else:
            yield node, _look(node, parent, language)


@lru_cache(maxsize=4)
def _root(language: str, data: bytes) -> SyntaxNode:
    return syntax_tree(language, data).root_node


def _look(leaf: SyntaxNode, parent: SyntaxNode | None, language: type[Language]) -> str:
    kind, around = leaf.type, parent.type if parent is not None else ""
    if around in _DECORATORS:
        return "decorator"
    if not leaf.is_named and kind.replace("_", "").replace(" ", "").isalpha():
        return "keyword" if around not in ("predefined_type", "integral_type", "floating_point_type") else "builtin"
    if "string" in kind or "string" in around or kind in _CHARACTERS or around in _CHARACTERS:
        return "string"
    if kind.endswith(_NUMBERS):
        return "number"
    if kind in _BUILTIN or (kind == "identifier" and leaf.text in (b"self", b"cls")):
        return "builtin"
    return "definition" if kind in _NAMES and parent is not None and _is_name(leaf, parent, language) else PLAIN


def _is_name(leaf: SyntaxNode, parent: SyntaxNode, language: type[Language]) -> bool:
    """Say whether a leaf is the name of the definition around it."""
    if parent.type not in language.definition_nodes | _NAMED:
        return False
    named = parent.child_by_field_name("name") or parent.child_by_field_name("declarator")
    return named is not None and named.id == leaf.id
