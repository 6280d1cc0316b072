"""FileFacts → RepoGraph: who contains, imports, inherits from and calls whom. The only importer of networkx."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from hybridgym.facts import Definition, FileFacts, Kind
from hybridgym.languages import LANGUAGES
from hybridgym.languages.base import is_example, is_vendored
from hybridgym.resolve import DefinitionKey, Outcome, Resolution, Resolver, definition_id
from hybridgym.resolvers import RESOLVERS

if TYPE_CHECKING:
    from networkx import MultiDiGraph


class Calls(NamedTuple):
    """What a definition calls, its decorators, defaults and nested code included (docs/dependencies.md)."""

    callees: tuple[tuple[DefinitionKey, str], ...]
    """Each callee once, in the order of the first call, with how that call was resolved."""
    unresolved: tuple[str, ...]
    """Why call sites are unresolved; the definition is *closed* where this is empty."""


class Summary(NamedTuple):
    """Counts over a repository."""

    files: int
    definitions: int
    references: int
    outcomes: dict[str, int]
    how: dict[str, int]
    unresolved: dict[str, int]
    functions: int
    closed: int


class RepoGraph:
    """The definitions of one repository and what is proven of their relations.

    Relations are computed as they are asked for; `networkx()` builds the whole graph.
    """

    def __init__(
        self,
        files: Mapping[str, FileFacts],
        all_paths: set[str],
        build_files: Mapping[str, bytes] | None = None,
    ) -> None:
        self.files = files
        self._resolvers: dict[str, Resolver] = {}
        for make in dict.fromkeys(RESOLVERS.values()):
            languages = [name for name, own_make in RESOLVERS.items() if own_make is make]
            own = {path: facts for path, facts in files.items() if facts.language in languages}
            if own:
                self._resolvers.update(dict.fromkeys(languages, make(own, all_paths, build_files or {})))
        self._resolutions: dict[str, list[Resolution]] = {}
        self._starts: dict[str, list[int]] = {}
        self._places: dict[str, dict[str, bool]] = {}

    def definition_keys(self) -> Iterator[DefinitionKey]:
        """Yield all definitions in the order of path and position."""
        for path, facts in self.files.items():
            for number in range(len(facts.definitions)):
                yield DefinitionKey(path, number)

    def definition(self, key: DefinitionKey) -> Definition:
        """Return the facts of a definition."""
        return self.files[key.path].definitions[key.number]

    def id(self, key: DefinitionKey) -> str:
        """Return the id of a definition."""
        return definition_id(key.path, self.definition(key))

    @cached_property
    def by_id(self) -> dict[str, DefinitionKey]:
        """Definitions by id."""
        return {self.id(key): key for key in self.definition_keys()}

    def resolutions(self, path: str) -> list[Resolution]:
        """Return the answer for each reference of a file, in their order."""
        found = self._resolutions.get(path)
        if found is None:
            resolver = self._resolvers.get(self.files[path].language)
            found = resolver.resolve(path) if resolver else []
            self._resolutions[path] = found
        return found

    def imported(self, path: str) -> Iterator[str]:
        """Yield the files of the repository that a file imports, or that define what it imports."""
        for target, named in self._resolvers[self.files[path].language].imported_files(path):
            yield target if named is None else named.path

    def calls(self, key: DefinitionKey) -> Calls:
        """Return what a definition calls and why it is not closed, if it is not."""
        own = self.definition(key)
        references = self.files[key.path].references
        starts = self._starts.setdefault(key.path, [r.start for r in references])
        first, last = bisect_left(starts, own.start), bisect_left(starts, own.end)
        callees: dict[DefinitionKey, str] = {}
        unresolved: list[str] = []
        for resolution in self.resolutions(key.path)[first:last]:
            if resolution.outcome is Outcome.UNRESOLVED:
                unresolved.append(resolution.detail)
            elif resolution.target is not None and not self._is_inside(resolution.target, key):
                callees.setdefault(resolution.target, resolution.detail)
        if "error" in self.files[key.path].flags:
            unresolved.append("syntax error in the file")
        return Calls(tuple(callees.items()), tuple(unresolved))

    def attributes(self, key: DefinitionKey) -> dict[str, Any]:
        """Return what a target selection can filter by; also the attributes of the graph's node."""
        definition, facts = self.definition(key), self.files[key.path]
        names = definition.qualname.split(".")
        return {
            "kind": str(definition.kind),
            "name": definition.name,
            "path": key.path,
            "line": definition.row + 1,
            "lines": definition.end_row - definition.first_row + 1,
            "language": facts.language,
            "documented": definition.documentation is not None,
            "private": any(n.startswith("_") and not n.endswith("__") for n in names),
            "special": definition.name.startswith("__") and definition.name.endswith("__"),
            "nested": self._is_nested(key),
            **self._place_of(key.path),
            "test": self._place_of(key.path)["test"] or "test" in definition.flags,
            "broken": "error" in facts.flags,
            "conditional": "conditional" in definition.flags,
        }

    def _is_nested(self, key: DefinitionKey) -> bool:
        """Say whether a definition lies in a function, or is a class in a class."""
        definitions = self.files[key.path].definitions
        definition = definitions[key.number]
        if definition.kind is Kind.CLASS and definition.parent >= 0:
            return True
        while definition.parent >= 0:
            definition = definitions[definition.parent]
            if definition.kind is not Kind.CLASS:
                return True
        return False

    def _place_of(self, path: str) -> dict[str, bool]:
        place = self._places.get(path)
        if place is None:
            facts = self.files[path]
            language = LANGUAGES[facts.language]
            place = self._places[path] = {
                "test": language.is_test(path),
                "vendored": is_vendored(path),
                "example": is_example(path),
                "generated": "generated" in facts.flags or language.is_generated(path),
            }
        return place

    def summary(self) -> Summary:
        """Return counts; resolves the whole repository."""
        outcomes, how, why = Counter[str](), Counter[str](), Counter[str]()
        for path in self.files:
            for resolution in self.resolutions(path):
                outcomes[resolution.outcome.value] += 1
                if resolution.outcome is Outcome.RESOLVED:
                    how[resolution.detail] += 1
                elif resolution.outcome is Outcome.UNRESOLVED:
                    why[resolution.detail] += 1
        functions = [key for key in self.definition_keys() if self.definition(key).kind is not Kind.CLASS]
        return Summary(
            files=len(self.files),
            definitions=sum(len(f.definitions) for f in self.files.values()),
            references=sum(outcomes.values()),
            outcomes=_ordered(outcomes),
            how=_ordered(how),
            unresolved=_ordered(why),
            functions=len(functions),
            closed=sum(not self.calls(key).unresolved for key in functions),
        )

    def networkx(self) -> MultiDiGraph[str]:
        """Return the graph: files and definitions as nodes, edges keyed `contains`, `imports`, `inherits`, `calls`."""
        import networkx  # costs more than the rest of a check

        graph: MultiDiGraph[str] = networkx.MultiDiGraph()
        for path, facts in self.files.items():
            graph.add_node(path, kind="file", language=facts.language)
        for key in self.definition_keys():
            calls = self.calls(key)
            graph.add_node(self.id(key), **self.attributes(key), closed=not calls.unresolved)
        for key in self.definition_keys():
            self._add_edges(graph, key)
        for path, facts in self.files.items():
            for target, named in self._resolvers[facts.language].imported_files(path):
                graph.add_edge(path, self.id(named) if named is not None else target, key="imports")
        return graph

    def export(self, form: str) -> bytes:
        """Return the graph as `node-link` JSON (networkx.node_link_graph reads it) or `graphml`."""
        import networkx  # costs more than the rest of a check

        graph = self.networkx()
        if form == "node-link":
            return json.dumps(networkx.node_link_data(graph, edges="edges"), indent=1, sort_keys=True).encode() + b"\n"
        return "\n".join(networkx.generate_graphml(graph, prettyprint=True)).encode() + b"\n"

    def _add_edges(self, graph: MultiDiGraph[str], key: DefinitionKey) -> None:
        own, definition = self.id(key), self.definition(key)
        parent = self.id(DefinitionKey(key.path, definition.parent)) if definition.parent >= 0 else key.path
        graph.add_edge(parent, own, key="contains")
        if definition.kind is Kind.CLASS:
            for base in self._resolvers[self.files[key.path].language].bases(key):
                graph.add_edge(own, self.id(base), key="inherits")
        for callee, how in self.calls(key).callees:
            graph.add_edge(own, self.id(callee), key="calls", how=how)

    def _is_inside(self, target: DefinitionKey, key: DefinitionKey) -> bool:
        """Say whether a callee is the definition itself or lies in it: recursion and local helpers."""
        if target.path != key.path:
            return False
        outer, inner = self.definition(key), self.definition(target)
        return outer.start <= inner.start and inner.end <= outer.end


def _ordered(counts: Counter[str]) -> dict[str, int]:
    """Sort by count, then name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
