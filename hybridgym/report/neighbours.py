"""RepoGraph → who calls some definitions, and whom they call: what is drawn of a task's place in its repository."""

from collections import Counter
from collections.abc import Iterable, Sequence

from hybridgym.graph import RepoGraph
from hybridgym.resolve import DefinitionKey
from hybridgym.task import Value

MAX_SHOWN = 12
"""Callers, and callees, of one definition."""


class Neighbour(Value, frozen=True, kw_only=True):
    """A definition as a drawing has it."""

    name: str
    path: str
    line: int
    how: str = ""
    """By which rule the call between it and the target was resolved."""
    test: bool = False


class Neighbourhood(Value, frozen=True, kw_only=True):
    """One definition with those beside it in the call graph."""

    target: Neighbour
    callers: tuple[Neighbour, ...]
    callees: tuple[Neighbour, ...]
    more_callers: int
    more_callees: int
    unresolved: tuple[tuple[str, int], ...]
    """Why calls in it are unresolved, and how many; none of them is drawn."""


class Neighbours:
    """The calls from and to some definitions of one repository, whose files are all resolved once for it."""

    def __init__(self, graph: RepoGraph, targets: Iterable[DefinitionKey]) -> None:
        self._graph = graph
        self._callers: dict[DefinitionKey, list[tuple[DefinitionKey, str]]] = {key: [] for key in targets}
        if not self._callers:
            return
        for key in graph.definition_keys():
            for callee, how in graph.calls(key).callees:
                if callee in self._callers:
                    self._callers[callee].append((key, how))

    def of(self, key: DefinitionKey) -> Neighbourhood:
        """Return the neighbourhood of one of the targets; callers that are no tests come first."""
        callees, unresolved = self._graph.calls(key)
        callers = [self._neighbour(caller, how) for caller, how in self._innermost(self._callers[key])]
        callers.sort(key=lambda caller: caller.test)
        return Neighbourhood(
            target=self._neighbour(key, ""),
            callers=tuple(callers[:MAX_SHOWN]),
            callees=tuple(self._neighbour(callee, how) for callee, how in callees[:MAX_SHOWN]),
            more_callers=max(len(callers) - MAX_SHOWN, 0),
            more_callees=max(len(callees) - MAX_SHOWN, 0),
            unresolved=_counted(unresolved),
        )

    def _neighbour(self, key: DefinitionKey, how: str) -> Neighbour:
        attributes = self._graph.attributes(key)
        name = self._graph.definition(key).qualname
        return Neighbour(name=name, path=key.path, line=attributes["line"], how=how, test=attributes["test"])

    def _innermost(self, callers: Sequence[tuple[DefinitionKey, str]]) -> list[tuple[DefinitionKey, str]]:
        """Leave out the definitions around other callers: what a method calls, its class calls too."""
        around: set[DefinitionKey] = set()
        for caller, _ in callers:
            parent = self._graph.definition(caller).parent
            while parent >= 0:
                key = DefinitionKey(caller.path, parent)
                around.add(key)
                parent = self._graph.definition(key).parent
        return [(caller, how) for caller, how in callers if caller not in around]


def _counted(reasons: Sequence[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(reasons).items(), key=lambda item: (-item[1], item[0]))[:MAX_SHOWN])
