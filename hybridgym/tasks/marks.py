"""Definitions of a start state marked by comment lines: written, and read back from what an agent handed in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hybridgym.diffs import changes as changes_between
from hybridgym.facts import Definition
from hybridgym.languages.base import Language
from hybridgym.parsing import FileOutline, outline_of
from hybridgym.resolve import definition_id
from hybridgym.sameness import UTF_8_MARK, head_difference
from hybridgym.task import Change, File, Tree
from hybridgym.tasks.base import NearMiss, edited_source, foreign_change, source_language

MAX_MARKS = 10_000
"""Of one file; who marks more is not looking for anything."""


def marked(tree: Tree, ids: Sequence[str], marker: str) -> Tree:
    """Return the tree with the marker above each definition."""
    result = dict(tree)
    for path in sorted({i.partition("::")[0] for i in ids}):
        data = tree[path].data
        definitions = definitions_of(path, data)
        starts = sorted(_line_start(data, definitions[i].start) for i in ids if i in definitions)
        parts, position = [], 0
        for start in starts:
            parts += [data[position:start], _marker_line(data, start, marker)]
            position = start
        result[path] = File(b"".join([*parts, data[position:]]), tree[path].mode)
    return result


def definitions_of(path: str, data: bytes) -> dict[str, Definition]:
    """Return the definitions of a file by id."""
    return {definition_id(path, d): d for d in outline_of(source_language(path).name, data).definitions}


def begins_its_line(data: bytes, start: int) -> bool:
    """Say whether a line of its own can be put above what starts at a place."""
    return not data[_line_start(data, start) : start].strip(b" \t")


def _line_start(data: bytes, place: int) -> int:
    """Return the first byte of a line, behind the mark that a file may begin with."""
    start = data.rfind(b"\n", 0, place) + 1
    return start or len(data) - len(data.removeprefix(UTF_8_MARK))


def _marker_line(data: bytes, start: int, marker: str) -> bytes:
    """Return the marker with the indentation and the line end of the line that starts there."""
    end = data.find(b"\n", start)
    line = data[start : end + 1 if end >= 0 else len(data)]
    indentation = line[: len(line) - len(line.lstrip(b" \t"))]
    return indentation + marker.encode() + (b"\r\n" if line.endswith(b"\r\n") else b"\n")


def wrongly_marked(
    start: Tree, choices: Mapping[str, Sequence[str]], right: Iterable[str], marker: str
) -> Iterator[NearMiss]:
    """Yield the states in which other definitions are marked than the right ones; `choices` are ids by name."""
    for name, ids in choices.items():
        if set(ids) != set(right):
            yield NearMiss(name=name, changes=changes_between(start, marked(start, ids, marker)))


def marked_and_more(start: Tree, gold: Sequence[Change]) -> Iterator[NearMiss]:
    """Yield the states in which all is marked that should be, and something else is changed."""
    solved = {c.path: c.after for c in gold if c.after is not None}
    first = min(solved)
    language = source_language(first)
    broken = File(solved[first].data + f"\n{language.statement}\n".encode(), solved[first].mode)
    yield NearMiss(name="gold with a code edit", changes=changes_between(start, {**start, **solved, first: broken}))
    added = {**start, **solved, f"notes_of_the_agent{language.suffixes[0]}": File(b"")}
    yield NearMiss(name="gold with a new file", changes=changes_between(start, added))


class Reading(NamedTuple):
    """The marks of one file, or of all that a submission changes."""

    marked: tuple[str, ...]
    """Ids of the definitions marked, as often as they are."""
    strays: tuple[str, ...]
    """Marks that stand above no definition."""
    problem: str
    """What else was changed; empty where nothing was."""


def marks_in(changes: Sequence[Change], marker: str, rows: Mapping[str, int]) -> Reading:
    """Find what a submission marks; `rows` holds the rows of definitions that the answer asks for, by id.

    The problem says in which file it is.
    """
    marked_ids: list[str] = []
    strays: list[str] = []
    for change in changes:
        if problem := foreign_change(change):
            return Reading((), (), problem)
        language, before, after = edited_source(change)
        expected = {row: i for i, row in rows.items() if i.partition("::")[0] == change.path}
        reading = read_marks(language, change.path, before, after, marker.encode(), expected)
        if reading.problem:
            return Reading((), (), f"{change.path}: {reading.problem}")
        marked_ids += reading.marked
        strays += reading.strays
    return Reading(tuple(marked_ids), tuple(strays), "")


def read_marks(
    language: type[Language], path: str, before: bytes, after: bytes, marker: bytes, expected: Mapping[int, str]
) -> Reading:
    """Find the definitions that the added marker lines stand above.

    `expected` holds those that the answer asks for by their rows: above them nothing has to be parsed.

    Taking the marker lines away has to give the file before, byte for byte. A line added between two
    lines of code is a comment unless a token or a continued line goes on there, which the file before tells.
    What stands at the head of a file (`#!`, encoding, byte order mark) has to stay there.
    """
    if difference := head_difference(language, before, after):
        return Reading((), (), difference.reason)
    before, after = before.removeprefix(UTF_8_MARK), after.removeprefix(UTF_8_MARK)
    if before.count(b"\r") != before.count(b"\r\n"):
        return Reading((), (), "the start state has a bare CR, so the file may not change")
    lines = after.split(b"\n")
    rows = [row for row, line in enumerate(lines) if line.removesuffix(b"\r").strip(b" \t") == marker]
    if len(rows) > MAX_MARKS:
        return Reading((), (), f"more than {MAX_MARKS} markers")
    added = set(rows)
    if b"\n".join(line for row, line in enumerate(lines) if row not in added) != before:
        return Reading((), (), "something other than a whole line with the marker was added, changed or removed")
    above = [row - number for number, row in enumerate(rows)]  # the rows of the file before that marks were put above
    if all(row in expected for row in above):
        return Reading(tuple(expected[row] for row in above), (), "")
    return _owners(outline_of(language.name, before), path, above, rows)


def _owners(outline: FileOutline, path: str, above: Sequence[int], rows: Sequence[int]) -> Reading:
    """Find the definitions below the marks of a file, wherever they are."""
    if outline.has_error:
        return Reading((), (), "the start state has a syntax error, so the file may not change")
    marked_ids, strays = [], []
    for below, row in zip(above, rows, strict=True):
        if below in outline.closed_rows:
            problem = f"the marker in line {row + 1} is not a comment where it stands: it changes the code"
            return Reading((), (), problem)
        while below in outline.comment_rows:
            below += 1  # a comment that was there may stand between
        number = outline.first_in_row.get(below)
        if number is None:
            strays.append(f"{path}:{row + 1}: a marker that stands directly above no definition")
        else:
            marked_ids.append(definition_id(path, outline.definitions[number]))
    return Reading(tuple(marked_ids), tuple(strays), "")
