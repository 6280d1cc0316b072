"""Start states → the code that matters for a task: its targets, what else its answer names, what the edits changed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hybridgym.graph import RepoGraph
from hybridgym.languages import language_of
from hybridgym.report.highlighting import Runs, highlighted
from hybridgym.resolve import DefinitionKey
from hybridgym.task import Edit, Task, Tree, Value

MAX_EXCERPTS = 12
MAX_LINES_OF_TARGET = 150
MAX_LINES_OF_OTHERS = 40
LINES_AROUND = 8
"""Above and below an edit, where the answer names no definition."""


class Excerpt(Value, frozen=True, kw_only=True):
    """Consecutive lines of a file of the start state."""

    title: str
    target: bool
    path: str
    line: int
    """Number of the first line, from 1."""
    runs: Runs
    left_out: int
    """Lines that would follow."""


def targets_of(answer: Mapping[str, Any]) -> list[str]:
    """Return the ids of the definitions that a task is about; empty where its kind is about something else."""
    named = [answer.get("target"), *_listed(answer.get("targets")), *_listed(answer.get("definitions"))]
    return [name for name in named if isinstance(name, str)]


def keys_of(answer: Mapping[str, Any], graph: RepoGraph) -> dict[DefinitionKey, bool]:
    """Return the definitions that an answer names, targets first, and of each whether it is a target."""
    targets = targets_of(answer)
    others = [name for value in answer.values() for name in _listed(value) if isinstance(name, str)]
    named = [(name, True) for name in targets] + [(name, False) for name in others if name not in targets]
    return {graph.by_id[name]: is_target for name, is_target in reversed(named) if name in graph.by_id}


def excerpts_of(task: Task, start: Tree, graph: RepoGraph) -> list[Excerpt]:
    """Return what to look at in the start state."""
    named = sorted(keys_of(task.answer, graph).items(), key=lambda item: (not item[1], item[0]))
    found = [_of_definition(key, is_target, task.start_edits, start, graph) for key, is_target in named[:MAX_EXCERPTS]]
    return found or list(_of_edits(task.start_edits, start))


def _of_definition(
    key: DefinitionKey, is_target: bool, edits: Sequence[Edit], start: Tree, graph: RepoGraph
) -> Excerpt:
    definition = graph.definition(key)
    own = [edit for edit in edits if edit.path == key.path]
    data = start[key.path].data
    first, last = _moved(definition.start, own, at_end=False), _moved(definition.end, own, at_end=True)
    first, last = data.rfind(b"\n", 0, first) + 1, data.find(b"\n", last)
    return _excerpt(graph.id(key), is_target, key.path, data, first, last if last >= 0 else len(data))


def _of_edits(edits: Sequence[Edit], start: Tree) -> Iterator[Excerpt]:
    """Yield the lines around the edits."""
    for edit in edits[:MAX_EXCERPTS]:
        data = start[edit.path].data
        place = _moved(edit.start, [other for other in edits if other.path == edit.path], at_end=False)
        first, last = place, place + len(edit.new.encode())
        for _ in range(LINES_AROUND + 1):
            first = data.rfind(b"\n", 0, max(first - 1, 0)) + 1 if first else 0
            end = data.find(b"\n", last)
            last = end + 1 if end >= 0 else len(data)
        yield _excerpt(edit.path, True, edit.path, data, first, last - data.endswith(b"\n", first, last))


def _excerpt(title: str, is_target: bool, path: str, data: bytes, first: int, last: int) -> Excerpt:
    language = language_of(path)
    line = data.count(b"\n", 0, first) + 1
    # Line endings are shown alike.
    first, last = (place - data.count(b"\r\n", 0, place) for place in (first, last))
    data = data.replace(b"\r\n", b"\n")
    most = MAX_LINES_OF_TARGET if is_target else MAX_LINES_OF_OTHERS
    runs, left_out = highlighted(data, language.name if language else "", first, last, most)
    return Excerpt(title=title, target=is_target, path=path, line=line, runs=runs, left_out=left_out)


def _moved(place: int, edits: Sequence[Edit], *, at_end: bool) -> int:
    """Return where a byte of the source is in the start state.

    Of one inside of what was replaced, that is where the replacement begins or, `at_end`, ends.
    """
    moved = place
    for edit in edits:
        size = len(edit.new.encode())
        if edit.end <= place:
            moved += size - (edit.end - edit.start)
        elif edit.start < place:
            moved += edit.start - place + (size if at_end else 0)
    return moved


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
