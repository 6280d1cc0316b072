"""Is it the same code but for documentation? Decided on two states of one file, never on a diff.

Everything that is not known to be harmless is a difference. What has to be equal:

  size       no more is added than a person would write: parsers need quadratic time for some texts
  head       encoding declaration, byte order mark and `#!` line, as bytes; both states decode alike
  hidden     control, bidirectional and zero-width characters: none added, none moved outside documentation;
             a file with a bare CR, which parsers read differently, may not change at all
  code       the syntax trees without comments and documentation: node types, structure, text of tokens.
             Blanks, line breaks, continuations and `;` are layout, which the trees already account for.
  comments   text, place between the same tokens, and what they go with: a comment on a line of its own
             keeps its indentation, a comment behind code or documentation stays behind it
  program    what the language's own parser reads, where it can parse the state before

A body that is only documentation is equal to one that is only a filler such as `pass`.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from hybridgym.facts import Span
from hybridgym.languages.base import Documented, Language
from hybridgym.languages.reading import SyntaxNode
from hybridgym.lockstep import Difference, Pair, Side, Walk, qualname_of
from hybridgym.parsing import Tree, common_length, syntax_tree, syntax_tree_after
from hybridgym.task import Value

UTF_8_MARK = b"\xef\xbb\xbf"
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but for tab and line feed; CR LF is read as LF before
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f]"  # Unicode's format characters (Cf), line and paragraph separator (Zl, Zp)
)
PLAIN = bytes([*b"\t\n", *range(0x20, 0x7F)])
"""What need not be searched."""
MAX_ADDED_BYTES = 200_000
MAX_ADDED_SLOW_LINES = 2_000
"""Lines of the kinds for which the grammars' scanners look ahead from every one of them: Language.slow_line."""


class DocumentationChange(Value, frozen=True, kw_only=True):
    """A definition whose documentation is not what it was."""

    qualname: str
    """Names of the enclosing definitions and its own, joined by dots; empty for the module."""
    ordinal: int
    """1 for the first definition of this qualname in the file, then 2, 3, …"""
    row: int
    """Row of the definition's keyword in the state after, 0-based; 0 for the module."""
    before: str | None
    """Text of the documentation; None where there was none."""
    after: str | None


class Sameness(Value, frozen=True, kw_only=True):
    """Whether two states of a file are the same code."""

    same: bool
    reason: str = ""
    """What differs, for a person; empty where nothing does."""
    row: int = -1
    """Row in the state after, 0-based; -1 where the difference has no place."""
    documentation: tuple[DocumentationChange, ...] = ()
    """In file order; empty where the code is not the same."""


def compare(language: type[Language], before: bytes, after: bytes) -> Sameness:
    """Say whether two states of a file are the same code, and list the documentation that changed."""
    if before == after:
        return Sameness(same=True)
    result = _compare(language, before, after)
    if isinstance(result, Difference):
        return Sameness(same=False, reason=result.reason, row=result.row)
    return Sameness(same=True, documentation=result)


def _compare(language: type[Language], before: bytes, after: bytes) -> Difference | tuple[DocumentationChange, ...]:
    if difference := _size_difference(language, before, after) or head_difference(language, before, after):
        return difference
    encoding = language.encoding(before)
    assert encoding is not None  # or the head would have differed
    sources = _source(before, encoding), _source(after, encoding)
    if sources[0] is None or sources[1] is None:
        return Difference(f"encoding: the {'start state' if sources[0] is None else 'result'} is not {encoding}")
    if b"\r" in sources[0]:
        return Difference("hidden: a bare CR in the start state ends a line or not, so the file may not change")
    if difference := _added_hidden(sources[0], sources[1]):
        return difference
    tree = _start_tree(language.name, sources[0])
    old = Side(language, sources[0], tree.root_node)
    new = Side(language, sources[1], syntax_tree_after(language.name, sources[0], tree, sources[1]).root_node)
    if old.root.has_error:
        return Difference("syntax: the start state has a syntax error, so the file may not change")
    if new.root.has_error:
        return Difference("syntax: the result has a syntax error", _error_row(new.root))
    walk = Walk(language, old, new)
    # Hidden characters may be line ends to one parser and blanks to another; a declared encoding has to be seen.
    in_parts = encoding == "utf-8" and not _hidden(old.source)
    return (
        walk.difference()
        or _moved_hidden(walk)
        or _program_difference(walk, before, after, in_parts)
        or _documentation_changes(walk)
    )


def _size_difference(language: type[Language], before: bytes, after: bytes) -> Difference | None:
    most = min(MAX_ADDED_BYTES, language.max_added_bytes)
    if len(after) > len(before) + most:
        return Difference(f"size: more than {most} bytes were added")
    slow_line = language.slow_line
    if slow_line is not None and _different_lines(before, after) > MAX_ADDED_SLOW_LINES:
        added = len(slow_line.findall(after)) - len(slow_line.findall(before))
        if added > MAX_ADDED_SLOW_LINES:
            return Difference(f"size: more than {MAX_ADDED_SLOW_LINES} comments or continued lines were added")
    return None


def _different_lines(before: bytes, after: bytes) -> int:
    """Return how many lines of a result lie between what it begins and ends with in common with the start state."""
    start = common_length(before, after)
    end = common_length(before[start:][::-1], after[start:][::-1])
    return after.count(b"\n", start, len(after) - end) + 1


def head_difference(language: type[Language], before: bytes, after: bytes) -> Difference | None:
    """Compare what stands at the head of two states of a file and says how the rest is read."""
    if language.encoding(before) is None:
        return Difference("encoding: the start state's is not one that is judged, so the file may not change")
    if before.startswith(UTF_8_MARK) != after.startswith(UTF_8_MARK):
        return Difference("encoding: the byte order mark was added or removed", 0)
    if language.encoding_declaration(before) != language.encoding_declaration(after):
        return Difference("encoding: a declaration of the encoding was added, removed, moved or changed", 0)
    if language.encoding(before) != language.encoding(after):
        return Difference("encoding: the declaration of the encoding no longer counts", 0)
    if _interpreter_line(language, before) != _interpreter_line(language, after):
        return Difference("first line: `#!` was added, removed, moved or changed", 0)
    return None


def _interpreter_line(language: type[Language], data: bytes) -> bytes:
    return data.partition(b"\n")[0] if language.interpreter_line.match(data) else b""


def _source(data: bytes, encoding: str) -> bytes | None:
    """Return a file as its parsers take it: UTF-8 without a mark, lines ended by LF; None if it cannot be read."""
    try:
        return data.decode(encoding).removeprefix("\ufeff").encode().replace(b"\r\n", b"\n")
    except UnicodeError:
        return None


def _hidden(source: bytes) -> list[str]:
    """Return the hidden characters, in file order."""
    return HIDDEN.findall(source.translate(None, PLAIN).decode())


def _added_hidden(old: bytes, new: bytes) -> Difference | None:
    """Find a hidden character that the result has more often than the start state."""
    surplus = Counter(_hidden(new)) - Counter(_hidden(old))
    if not surplus:
        return None
    equal = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    # The first byte that differs may be the last one of a character.
    places = ((new.find(c.encode(), max(0, equal + 1 - len(c.encode()))), c) for c in surplus)
    place, character = min(found for found in places if found[0] >= 0)
    name = unicodedata.name(character, "control character")
    return Difference(f"hidden: U+{ord(character):04X} ({name}) was added", new.count(b"\n", 0, place))


@lru_cache(maxsize=8)
def _start_tree(language: str, source: bytes) -> Tree:
    """Parse a start state; several results of one task are judged in a row."""
    return syntax_tree(language, source)


def _error_row(node: SyntaxNode) -> int:
    while inner := next((child for child in node.children if child.has_error), None):
        node = inner
    return node.start_point[0]


def _moved_hidden(walk: Walk) -> Difference | None:
    """Compare the hidden characters outside the documentation that changed."""
    old = _outside(walk.old, [pair.old for pair in walk.changed])
    new = _outside(walk.new, [pair.new for pair in walk.changed])
    return None if old == new else Difference("hidden: a control or format character in code was moved or removed")


def _outside(side: Side, changed: Sequence[Documented]) -> list[str]:
    position, pieces = 0, []
    for node in (node for documented in changed for node in documented.documentation):
        pieces.append(side.source[position : node.start_byte])
        position = node.end_byte
    pieces.append(side.source[position:])
    return _hidden(b"".join(pieces))


def _program_difference(walk: Walk, before: bytes, after: bytes, in_parts: bool) -> Difference | None:
    """Ask the language's own parser: about the definitions that changed if that is enough, else about the file."""
    compiler_difference = walk.language.compiler_difference
    excerpts = _excerpts(walk)
    judged = excerpts if in_parts and excerpts is not None else [Excerpt(before, after)]
    results = [compiler_difference(excerpt.old, excerpt.new) for excerpt in judged]
    if all(result == "" for result in results):
        return None
    row, in_part = next(((e.row, result) for e, result in zip(judged, results, strict=True) if result), (-1, ""))
    reason = compiler_difference(before, after)
    if reason is None and excerpts is None:
        reason = "the compiler cannot read the start state, so nothing but documentation may change, not even layout"
    elif reason is None:
        reason = in_part
    return Difference(f"program: {reason}", row) if reason else None


class Excerpt(NamedTuple):
    """The same piece of both states, each a program of its own."""

    old: bytes
    new: bytes
    row: int = -1


def _excerpts(walk: Walk) -> list[Excerpt] | None:
    """Return the definitions that changed, or None where they are not all that did.

    A parser that reads both files is in the same state where an excerpt begins, since all bytes before it
    are equal or are excerpts that left it in the same state. It is so again behind the excerpt if that is
    complete, which parsing it as a program shows: an open bracket, string, block or line is a syntax error.
    """
    excerpts = []
    old_end = new_end = 0
    for pair in walk.changed:
        old_definition, new_definition = pair.old.definition, pair.new.definition
        indentation = walk.new.indentation(new_definition)
        if indentation is None or indentation != walk.old.indentation(old_definition):
            return None
        cut = _cut_indentation(walk, pair)
        old, new = _lines(walk.old, pair.old, cut is not None), _lines(walk.new, pair.new, cut is not None)
        if old.end <= old_end and new.end <= new_end:
            continue  # inside the last excerpt, which was not cut
        if walk.old.source[old_end : old.start] != walk.new.source[new_end : new.start]:
            return None
        excerpts.append(
            Excerpt(
                walk.language.program(walk.old.source[old.start : old.end], indentation, cut),
                walk.language.program(walk.new.source[new.start : new.end], indentation, cut),
                new_definition.start_point[0],
            )
        )
        old_end, new_end = old.end, new.end
    old_rest, new_rest = walk.old.source[old_end:], walk.new.source[new_end:]
    if not old_rest.rstrip(b"\n").endswith(b"\\"):  # line ends at the end of a file matter to a continuation only
        old_rest, new_rest = old_rest.rstrip(b"\n"), new_rest.rstrip(b"\n")
    return excerpts if old_rest == new_rest else None


def _lines(side: Side, documented: Documented, cut: bool) -> Span:
    """Return the lines of a definition: all, or those before the code of its body."""
    definition, rest = documented.definition, documented.rest
    start = 0 if definition.id == side.root.id else side.line_start(definition)
    if cut and rest:
        return Span(start, side.line_start(rest))
    line_end = side.source.find(b"\n", definition.end_byte)
    return Span(start, line_end + 1 or len(side.source))


def _cut_indentation(walk: Walk, pair: Pair) -> bytes | None:
    """Return the indentation of what follows the documentation, if an excerpt may end before it."""
    indentations = [
        side.indentation(rest)
        for side, rest in ((walk.old, pair.old.rest), (walk.new, pair.new.rest))
        if rest and not side.source.endswith(b"\\\n", 0, side.line_start(rest))
    ]
    return indentations[0] if len(indentations) == 2 and indentations[0] == indentations[1] else None


def _documentation_changes(walk: Walk) -> Difference | tuple[DocumentationChange, ...]:
    ordinals = _ordinals(walk)
    changes = []
    for qualname, *states in walk.changed:
        definition = states[1].definition
        row = definition.start_point[0]
        texts = [walk.language.documentation_text(state.documentation) for state in states if state.documentation]
        if None in texts:
            return Difference("documentation: it is not a valid string", row)
        if difference := _obeyed_line(walk, *states):
            return difference
        before, after = (texts.pop(0) if state.documentation else None for state in states)
        if before != after:
            ordinal = ordinals.get(definition.id, 1)
            change = DocumentationChange(qualname=qualname, ordinal=ordinal, row=row, before=before, after=after)
            changes.append(change)
    return tuple(changes)


def _obeyed_line(walk: Walk, old: Documented, new: Documented) -> Difference | None:
    """Find a line of new documentation that a tool would obey although it stands in documentation."""
    pattern = walk.language.obeyed_line
    if pattern is None:
        return None
    known = {match[0] for node in old.documentation for match in pattern.finditer(walk.old.text_of(node))}
    for node in new.documentation:
        text = walk.new.text_of(node)
        for match in pattern.finditer(text):
            if match[0] not in known:
                row = node.start_point[0] + text.count(b"\n", 0, match.start())
                return Difference("documentation: tools that look at lines would obey this one", row)
    return None


def _ordinals(walk: Walk) -> dict[int, int]:
    """Number the definitions that bear the name of one that changed; keyed by node."""
    names = {pair.qualname.rpartition(".")[2].encode() for pair in walk.changed} - {b""}
    places = sorted(place for name in names for place in _places_of(name, walk.new.source))
    seen: Counter[str] = Counter()
    ordinals = {}
    pending = [(walk.new.root, "")]
    while pending:
        node, qualname = pending.pop()
        if bisect_left(places, node.start_byte) == bisect_left(places, node.end_byte):
            continue  # none of the names stands in it
        inside = qualname_of(walk.language, node, qualname)
        if inside != qualname and node.type in walk.language.definition_nodes:
            seen[inside] += 1
            ordinals[node.id] = seen[inside]
        qualname = inside
        pending.extend((child, qualname) for child in reversed(node.children))
    return ordinals


def _places_of(name: bytes, source: bytes) -> Iterator[int]:
    """Yield where a name stands, and wherever else its bytes do."""
    place = source.find(name)
    while place >= 0:
        yield place
        place = source.find(name, place + len(name))
