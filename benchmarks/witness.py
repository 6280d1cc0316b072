"""One package: hybridgym's graph of it beside what its tests reached."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from benchmarks.oracle import Record
from hybridgym.facts import Reference
from hybridgym.graph import RepoGraph
from hybridgym.languages import LANGUAGES
from hybridgym.languages.base import is_example, is_vendored
from hybridgym.resolve import DefinitionKey

Callees = frozenset[DefinitionKey]
Answers = Mapping[str, list[Callees]]
"""Source path → for each reference of the file, in order, the definitions it is said to call."""
NOTHING: Callees = frozenset()


class Place(NamedTuple):
    """Where an expression ends: line from 1, column in bytes."""

    line: int
    column: int


class Witness:
    """What the tests saw, in terms of the graph.

    What lies in tests is left out of it: tests put their own functions and mocks in the place of a package's. A site
    that reached nothing else counts as not run.
    """

    def __init__(self, graph: RepoGraph, texts: Mapping[str, bytes], record: Record) -> None:
        self.graph = graph
        self.sources = source_files(graph)
        self.unknown: list[tuple[str, int, str]] = []
        """Targets in the repository for which the graph has no definition."""
        self._shared: set[tuple[str, Place]] = set()
        self._places = {path: _Lines(texts[path]) for path in self.sources}
        self._seen = {path: dict(self._sites(record, path)) for path in self.sources}

    def end_of(self, path: str, reference: Reference) -> Place:
        """Return where a reference ends."""
        return self._places[path].place(reference.end)

    def reached(self, path: str, reference: Reference) -> Callees | None:
        """Return what a reference reached, or None where it did not run."""
        return self._seen[path].get(self.end_of(path, reference))

    def references(self, key: DefinitionKey) -> range:
        """Return the numbers of the references of a definition, decorators and nested code included."""
        definition = self.graph.definition(key)
        starts = self._starts[key.path]
        return range(bisect_left(starts, definition.start), bisect_left(starts, definition.end))

    def callees(self, key: DefinitionKey) -> Callees | None:
        """Return what a definition called, itself and its parts left out, or None where a site of it did not run.

        Whether `super()` ran is not asked: it calls nothing of the repository.
        """
        found = NOTHING
        for number in self.references(key):
            reference = self.graph.files[key.path].references[number]
            if reference.path == "super":
                continue
            reached = self.reached(key.path, reference)
            if reached is None:
                return None
            found |= reached
        return self.outside(key, found)

    def is_shared(self, key: DefinitionKey) -> bool:
        """Say whether a site of a definition also reached a function or class of the tests, such as an override."""
        references = self.graph.files[key.path].references
        ends = (self.end_of(key.path, references[number]) for number in self.references(key))
        return any((key.path, end) in self._shared for end in ends)

    def outside(self, key: DefinitionKey, callees: Callees) -> Callees:
        """Drop the definition itself and what lies in it."""
        own = self.graph.definition(key)
        return frozenset(
            c for c in callees if c.path != key.path or not own.start <= self.graph.definition(c).start < own.end
        )

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        return {path: [r.start for r in self.graph.files[path].references] for path in self.sources}

    @cached_property
    def _definitions(self) -> dict[tuple[str, int], DefinitionKey]:
        """Definitions by path and first line, decorators included."""
        keys = {(key.path, self.graph.definition(key).first_row + 1): key for key in self.graph.definition_keys()}
        # a class that was made anew by its decorator is known by its code alone, which begins at the keyword
        rows = {(key.path, self.graph.definition(key).row + 1): key for key in self.graph.definition_keys()}
        return {**rows, **keys}

    def _sites(self, record: Record, path: str) -> Iterator[tuple[Place, Callees]]:
        for line, column, targets, outside in record.sites.get(path, ()):
            ours = [target for target in targets if target[0] in self._source_set]
            if any(name != "<lambda>" and where and where not in self._source_set for where, _, name in targets):
                self._shared.add((path, Place(line, column)))
            keys = (self._key(*target) for target in ours)
            if ours or outside or not targets:
                yield Place(line, column), frozenset(key for key in keys if key is not None)

    def _key(self, path: str, line: int, name: str) -> DefinitionKey | None:
        if name == "<lambda>":
            return None
        key = self._definitions.get((path, line))
        if key is None or self.graph.definition(key).name != name:
            self.unknown.append((path, line, name))
            return None
        return key

    @cached_property
    def _source_set(self) -> frozenset[str]:
        return frozenset(self.sources)


def source_files(graph: RepoGraph) -> list[str]:
    """Return the Python files that are the package itself: no tests, examples or copies of other packages."""
    python = LANGUAGES["python"]
    return [
        path
        for path, facts in graph.files.items()
        if facts.language == "python" and not (python.is_test(path) or is_vendored(path) or is_example(path))
    ]


class _Lines:
    """Bytes of a file → lines and columns."""

    def __init__(self, data: bytes) -> None:
        self._starts = [0, *(i + 1 for i, byte in enumerate(data) if byte == 10)]

    def place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1])
