"""What calling, awaiting and entering Python values gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hybridgym.facts import Kind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.python_access import Site
from hybridgym.resolvers.python_builtins import Builtins
from hybridgym.resolvers.python_names import CONTEXT_DECORATORS, TRANSPARENT_DECORATORS
from hybridgym.resolvers.python_values import (
    NOTHING,
    Sort,
    Value,
    Values,
    container,
    known,
    union,
    unknown,
    without_none,
)

if TYPE_CHECKING:
    from hybridgym.resolvers.python_inference import Inference

CONTEXT = "contextlib._GeneratorContextManager"
PLAIN = ((), ("classmethod",))
"""Decorators with which a method's first parameter is what it is called on."""


class Calls:
    """Results of the callables of one repository, and of what it uses from outside."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._index = inference.index
        self._classes = inference.classes
        self._builtins = Builtins(inference)

    def called(self, value: Value, site: Site, given: str) -> Values:
        """Return what calling a value gives; `given` are the arguments as the access path writes them."""
        sort = value.sort
        if sort is Sort.CLASS and value.key is not None:
            if not self._classes.makes_itself(value.key, with_descendants=not value.exact):
                return unknown("__new__ or a metaclass decides")
            return (Value(Sort.INSTANCE, value.key, exact=value.exact, how="constructor"),)
        if sort is Sort.FUNCTION:
            return self.bound_result(value)
        if sort is Sort.BUILTIN:
            return self._builtins.builtin(value, site, given)
        if sort is Sort.EXTERNAL:
            return self._builtins.external(value.name, site, given)
        if sort in (Sort.DATA, Sort.NEVER):
            return (value,)
        if sort is Sort.INSTANCE:
            called = self._inference.attributes.attribute(value, "__call__")
            return union(
                [self.bound_result(v) if v.sort is Sort.FUNCTION else unknown("instance is called") for v in called]
            )
        return unknown(value.name or f"result of a {sort}")

    def bound_result(self, value: Value) -> Values:
        """Return what calling a function gives, on the object that it is bound to."""
        key = value.key
        assert key is not None
        found = self.result(key)
        if not value.items or found[0].sort is Sort.COROUTINE:
            return found
        own = self._receiver_returns(key)
        return union([self._of_receiver(value.items[0], path) for path in own]) if own else found

    def result(self, key: DefinitionKey, through: bool = False) -> Values:
        """Return what calling a function gives; `through` a property's decorator."""
        definition = self._index.files[key.path].definitions[key.number]
        decorators = [d.removesuffix("()") for d in definition.decorators]
        if not through and any(d not in TRANSPARENT_DECORATORS for d in decorators):
            if len(decorators) == 1 and decorators[0] in CONTEXT_DECORATORS:
                return self._inference.guarded(("c", key), lambda: self._context(key))
            return unknown("result of a decorated function")
        if "async" in definition.flags:
            return (Value(Sort.COROUTINE, key),)
        return self._inference.guarded(("r", key), lambda: self._returned(key))

    def awaited(self, value: Value) -> Values:
        """Return what `await value` may be."""
        if value.sort is Sort.COROUTINE and value.key is not None:
            key = value.key
            return self._inference.guarded(("r", key), lambda: self._returned(key))
        return unknown("awaited")

    def entered(self, value: Value) -> Values:
        """Return what `with value as …` binds."""
        if value.sort is Sort.EXTERNAL_INSTANCE:
            return (value,) if value.name != CONTEXT else value.items or unknown("entered")
        if value.sort is Sort.NEVER:
            return (value,)
        if value.sort is Sort.INSTANCE:
            entering = self._inference.attributes.attribute(value, "__enter__")
            return union([self.bound_result(v) if v.sort is Sort.FUNCTION else unknown("entered") for v in entering])
        return unknown("entered")

    def _receiver_returns(self, key: DefinitionKey) -> list[str]:
        """Return what a method returns where that is nothing but its receiver, or an instance of it."""
        facts = self._index.files[key.path]
        definition = facts.definitions[key.number]
        if definition.kind is not Kind.METHOD or not definition.parameters or definition.decorators not in PLAIN:
            return []
        body = self._index.body_scope(key)
        name = definition.parameters[0].name
        if len(self._index.names(key.path, body)[name]) != 1:
            return []
        made = f"{name}()"
        paths = sorted({r.path for r in facts.returns if r.scope == body})
        allowed = (name, made) if definition.decorators else (name,)
        return paths if paths and all(p in allowed for p in paths) else []

    def _of_receiver(self, receiver: Value, path: str) -> Values:
        if not path.endswith("()"):
            return (receiver.via("return"),)
        return tuple(v.via("return") for v in self.called(receiver, Site("", 0, 0), ""))

    def _returned(self, key: DefinitionKey) -> Values:
        facts = self._index.files[key.path]
        definition = facts.definitions[key.number]
        body = self._index.body_scope(key)
        returns = [r for r in facts.returns if r.scope == body]
        if any(r.path == "yield" for r in returns):
            return container("generator", known(self._yielded(key)))
        if definition.returns:
            declared = self._inference.annotated(key.path, facts.scopes[body].parent, definition.returns)
            if known(declared):
                return tuple(v.via("return") for v in declared)
        if not returns:
            return (NOTHING,)
        infer = self._inference.infer
        found = [infer(key.path, body, r.path, definition.end) if r.path else (NOTHING,) for r in returns]
        return without_none(tuple(v.via("return") for v in union(found)))

    def _yielded(self, key: DefinitionKey) -> Values:
        """Return what a generator yields."""
        facts = self._index.files[key.path]
        definition = facts.definitions[key.number]
        body = self._index.body_scope(key)
        if definition.returns:
            declared = self._inference.annotated(key.path, facts.scopes[body].parent, definition.returns)
            if all(v.sort is Sort.CONTAINER and v.items for v in declared):
                return union([v.items for v in declared])
        infer = self._inference.infer
        yields = [r for r in facts.returns if r.scope == body and r.path == "yield"]
        return union([infer(key.path, body, r.yielded, definition.end) for r in yields])

    def _context(self, key: DefinitionKey) -> Values:
        """Return the context manager that `contextlib.contextmanager` makes of a generator function."""
        items = known(self._yielded(key))
        return (Value(Sort.EXTERNAL_INSTANCE, name=CONTEXT, exact=True, items=items),)
