"""Attributes that are assigned on something other than `self`: which objects do these assignments change?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.python_annotations import FILE
from hybridgym.resolvers.python_classes import Foreign
from hybridgym.resolvers.python_index import PlacedStore
from hybridgym.resolvers.python_names import STDLIB
from hybridgym.resolvers.python_outside import may_share_objects
from hybridgym.resolvers.python_values import Sort, Value, Values

if TYPE_CHECKING:
    from hybridgym.resolvers.python_inference import Inference

OUTSIDE = (Sort.EXTERNAL_INSTANCE, Sort.DATA, Sort.CONTAINER)
NO_CALLABLES = (*OUTSIDE, Sort.NOTHING, Sort.EXTERNAL, Sort.BUILTIN)
"""What holds no callable of the repository."""


class Stores:
    """The assignments to attributes in one repository, those of its tests aside."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._foreign = inference.index.foreign_stores
        self._classes = inference.classes

    def foreign(self, value: Value, name: str) -> list[PlacedStore]:
        """Return the assignments that may have given an instance (or a class) of the repository its attribute."""
        assert value.key is not None
        table = self._inference.index.self_stores
        made = [s for m in self._classes.metaclasses(value.key) if m in table for s in table[m].get(name, ())]
        foreign = self._foreign.get(name, ())
        return made + [s for s in foreign if any(self._may_change(r, value) for r in self._receiver(s))]

    def may_give_callable(self, name: str) -> bool:
        """Say whether an outside object may have got a callable of the repository under a name."""
        return any(
            any(self._is_outside(r) for r in self._receiver(s)) and not self._is_plain(s)
            for s in self._foreign.get(name, ())
        )

    def _receiver(self, placed: PlacedStore) -> Values:
        return self._inferred(placed, placed[1].receiver)

    def _is_plain(self, placed: PlacedStore) -> bool:
        return all(v.sort in NO_CALLABLES for v in self._inferred(placed, placed[1].value))

    def _inferred(self, placed: PlacedStore, access: str) -> Values:
        path, store = placed
        key = ("s", path, store.position, access)
        infer = self._inference.infer
        return self._inference.guarded(key, lambda: infer(path, store.scope, access, store.position))

    def _is_outside(self, receiver: Value) -> bool:
        if receiver.sort in (Sort.INSTANCE, Sort.CLASS) and receiver.key is not None:
            return self._classes.has_outside_base(receiver.key)
        return receiver.sort in (*OUTSIDE, Sort.UNKNOWN, Sort.EXTERNAL)

    def _may_change(self, receiver: Value, value: Value) -> bool:
        """Say whether an assignment on one value may be one on another."""
        key = value.key
        assert key is not None
        if receiver.sort in (Sort.INSTANCE, Sort.CLASS) and receiver.key is not None:
            return self._is_related(receiver, value) or self._classes.is_metaclass(receiver.key)
        if receiver.sort in OUTSIDE:
            return not receiver.exact and self._has_base(value, receiver.name)
        if receiver.sort is Sort.EXTERNAL:
            if receiver.name.rpartition(".")[2][:1].isupper():
                return self._has_base(value, receiver.name)
            return receiver.name not in STDLIB
        if receiver.sort is Sort.UNKNOWN and receiver.name == FILE:
            return self._has_base(value, "typing.IO")
        return receiver.sort in (Sort.UNKNOWN, Sort.SUPER)

    def _is_related(self, receiver: Value, value: Value) -> bool:
        """Say whether some object is of both classes, or gets its attributes from both."""
        a, b = receiver.key, value.key
        assert a is not None and b is not None
        if a == b or (receiver.sort is Sort.CLASS and a in self._classes.order(b)):
            return True
        descendants = self._classes.descendants
        of_a = [a] if receiver.exact else [a, *descendants(a)]
        of_b = [b] if value.exact else [b, *descendants(b)]
        if receiver.sort is Sort.CLASS:  # a class gives its attributes to those that inherit from it
            return any(c in of_a for d in of_b for c in self._classes.order(d))
        return not set(of_a).isdisjoint(of_b)

    def _has_base(self, value: Value, name: str) -> bool:
        key = value.key
        assert key is not None
        classes: list[DefinitionKey] = [key] if value.exact else [key, *self._classes.descendants(key)]
        return any(
            isinstance(a, Foreign) and may_share_objects(name, a.name) for c in classes for a in self._classes.order(c)
        )
