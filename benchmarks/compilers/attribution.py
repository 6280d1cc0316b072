"""A graph beside what a compiler says of the same calls."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from benchmarks.compilers.witness import Reach, WitnessedCall
from hybridgym.facts import Reference
from hybridgym.graph import RepoGraph
from hybridgym.languages import LANGUAGES
from hybridgym.languages.base import is_example, is_vendored
from hybridgym.resolve import DefinitionKey

Callees = frozenset[DefinitionKey]


class Truth(NamedTuple):
    """What a function calls according to the compiler."""

    callees: Callees
    """Definitions of the repository, without the function itself and what lies in it."""
    open: bool
    """A call in it depends on the run, or reaches something that the graph does not have."""


class Attribution:
    """What the compiler says, in terms of the graph."""

    def __init__(self, graph: RepoGraph, calls: Iterable[WitnessedCall], languages: Sequence[str]) -> None:
        self.graph = graph
        self.sources = source_files(graph, languages)
        self.unknown: list[str] = []
        """Targets in the repository for which the graph has no definition."""
        self._calls: dict[str, dict[tuple[int, int], WitnessedCall]] = defaultdict(dict)
        self._ends: dict[str, dict[int, WitnessedCall]] = defaultdict(dict)
        for call in calls:
            self._calls[call.path][call.start, call.end] = call
            self._ends[call.path][call.end] = call
        self._ordered = {path: sorted(found) for path, found in self._calls.items()}
        self._starts = {path: [r.start for r in graph.files[path].references] for path in graph.files}
        self._rows: dict[tuple[str, int], list[DefinitionKey]] = defaultdict(list)
        for key in graph.definition_keys():
            self._rows[key.path, graph.definition(key).row].append(key)
        for key in graph.definition_keys():
            if graph.definition(key).first_row != graph.definition(key).row:
                self._rows[key.path, graph.definition(key).first_row].append(key)

    def call(self, path: str, reference: Reference) -> WitnessedCall | None:
        """Return what the compiler says of a reference, or None where it says nothing."""
        exact = self._calls[path].get((reference.start, reference.end))
        return exact or self._ends[path].get(reference.end)

    def target(self, call: WitnessedCall) -> DefinitionKey | None:
        """Return the definition that a call reaches, if it is one of the graph."""
        if call.outcome is not Reach.REPOSITORY:
            return None
        found = self._rows.get((call.target_path, call.target_row), [])
        named = [key for key in found if not call.name or self.graph.definition(key).name == call.name]
        if named:
            return named[0]
        self.unknown.append(f"{call.target_path}:{call.target_row + 1} {call.name}".strip())
        return None

    def references(self, key: DefinitionKey) -> range:
        """Return the numbers of the references of a definition, nested code included."""
        definition = self.graph.definition(key)
        starts = self._starts[key.path]
        return range(bisect_left(starts, definition.start), bisect_left(starts, definition.end))

    def truth(self, key: DefinitionKey) -> Truth | None:
        """Return what a definition calls, or None where the compiler does not know a call in it."""
        references = self.graph.files[key.path].references
        if any(self.call(key.path, references[number]) is None for number in self.references(key)):
            return None
        definition, ordered = self.graph.definition(key), self._ordered.get(key.path, [])
        found, is_open = set(), False
        first, last = bisect_left(ordered, (definition.start, 0)), bisect_left(ordered, (definition.end, 0))
        for place in ordered[first:last]:
            call = self._calls[key.path][place]
            target = self.target(call)
            is_open |= call.outcome is Reach.OPEN or (call.outcome is Reach.REPOSITORY and target is None)
            found |= {target} if target is not None else set()
        return Truth(self.outside(key, found), is_open)

    def outside(self, key: DefinitionKey, callees: Iterable[DefinitionKey]) -> Callees:
        """Drop the definition itself and what lies in it."""
        own = self.graph.definition(key)
        return frozenset(
            c for c in callees if c.path != key.path or not own.start <= self.graph.definition(c).start < own.end
        )


def source_files(graph: RepoGraph, languages: Sequence[str]) -> list[str]:
    """Return the files of some languages that are the project itself: no tests, no examples, nothing that
    others wrote or tools made."""
    return [
        path
        for path, facts in graph.files.items()
        if facts.language in languages
        and "generated" not in facts.flags
        and not (LANGUAGES[facts.language].is_test(path) or is_vendored(path) or is_example(path))
    ]
