"""What names and attributes are where they have been asked for their type (`isinstance`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hybridgym.facts import Narrowing, ScopeKind
from hybridgym.resolvers.python_access import Site
from hybridgym.resolvers.python_values import Sort, Value, Values, known, union, unknown

if TYPE_CHECKING:
    from hybridgym.resolvers.python_inference import Inference

Regions = dict[str, list[Narrowing]]
"""By access path."""


class Narrowed:
    """The regions of one repository in which the type of something is known."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._index = inference.index
        self._regions: dict[str, Regions] = {}

    def regions(self, path: str) -> Regions:
        """Return the regions of a file."""
        found = self._regions.get(path)
        if found is None:
            found = self._regions[path] = {}
            for region in self._index.files[path].narrowings:
                found.setdefault(region.path, []).append(region)
        return found

    def narrowed(self, site: Site, regions: list[Narrowing], values: Values) -> Values:
        """Return what remains of values at a place, of all that may stand there."""
        for region in regions:
            if region.start <= site.position < region.end and self._holds(site, region):
                values = union([self._both(v, types) for types in [self._types(site.path, region)] for v in values])
        return values

    def _types(self, path: str, region: Narrowing) -> Values:
        """Return instances of what was asked for."""
        inference = self._inference

        def compute() -> Values:
            asking = inference.scopes.name(path, region.scope, "isinstance", region.start)
            if any(v.sort is not Sort.BUILTIN for v in asking):
                return unknown("another isinstance")
            types = inference.infer(path, region.scope, region.types, region.start)
            return union([inference.annotations.instance_of(v) for v in types])

        return inference.guarded(("n", path, region.start, region.path, region.types), compute)

    def _both(self, value: Value, types: Values) -> Values:
        """Return what a value is that is also an instance of one of some types."""
        if not known(types):
            return (value,)
        if value.sort is not Sort.INSTANCE or value.key is None:
            return types
        order, descendants = self._inference.classes.order, self._inference.classes.descendants
        if any(t.key in order(value.key) for t in types):
            return (value,)
        below = [t for t in types if t.key is not None and t.key in descendants(value.key)]
        if value.exact or not below:
            return unknown("of two types")
        return tuple(below)

    def _holds(self, site: Site, region: Narrowing) -> bool:
        """Say whether nothing was assigned since the question."""
        name, _, attributes = region.path.partition(".")
        scope = self._binding_scope(site.path, region.scope, name)
        if not self._runs_there(site, region.scope):
            return False
        facts = self._index.files[site.path]
        changes = [b.position for b in self._index.names(site.path, scope).get(name, ())]
        if attributes:
            receiver, _, attribute = region.path.rpartition(".")
            changes += [s.position for s in facts.stores if s.name == attribute and s.receiver == receiver]
        inside = [p for p in changes if region.start <= p <= region.end]
        if not inside:
            return True
        loops = [s for s in facts.loops if region.start <= s.start and s.start <= site.position < s.end]
        return min(inside) > site.position and not any(s.start <= p <= s.end for s in loops for p in inside)

    def _binding_scope(self, path: str, scope: int, name: str) -> int:
        scopes = self._index.files[path].scopes
        while scope > 0 and name not in self._index.names(path, scope):
            scope = scopes[scope].parent
        return scope

    def _runs_there(self, site: Site, scope: int) -> bool:
        """Say whether the code of a place runs where it stands, seen from a scope."""
        scopes = self._index.files[site.path].scopes
        here = site.scope
        while here != scope and here > 0:
            if scopes[here].kind is not ScopeKind.COMPREHENSION:
                return False
            here = scopes[here].parent
        return here == scope or scopes[scope].kind is ScopeKind.COMPREHENSION
