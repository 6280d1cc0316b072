"""Does a decorated name still mean the definition below the decorators?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hybridgym.facts import Definition, FileFacts, Kind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.python_access import arguments
from hybridgym.resolvers.python_names import KEEPING_DECORATORS, KEEPING_MODULES, PROPERTY_DECORATORS
from hybridgym.resolvers.python_values import Sort, Value

if TYPE_CHECKING:
    from hybridgym.resolvers.python_inference import Inference

WRAPPING = frozenset({"wraps", "update_wrapper"})
"""What makes one function stand for another (docs.python.org: functools)."""
ACCESSORS = (".setter", ".deleter", ".getter")


class Decorators:
    """Decorators of one repository.

    A decorator keeps a definition where it gives it back, or something that declares, by
    `functools.wraps` or `__wrapped__`, to stand for it. Nothing else is taken to.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._index = inference.index
        self._asked: set[DefinitionKey] = set()
        """Functions whose returned values are being looked at: what needs itself is not proven."""

    def keep(self, key: DefinitionKey) -> bool:
        """Say whether calling the decorated name is calling the definition."""
        facts = self._index.files[key.path]
        definition = facts.definitions[key.number]
        scope = facts.scopes[self._index.body_scope(key)].parent
        return all(self._keeps(key.path, scope, d, definition.start) for d in definition.decorators)

    def _keeps(self, path: str, scope: int, decorator: str, position: int) -> bool:
        if decorator in PROPERTY_DECORATORS or decorator.endswith(("property", "Property", *ACCESSORS)):
            return True  # reading them is looked at where they are read
        values = self._inference.infer(path, scope, decorator.removesuffix("()"), position)
        return all(self._value_keeps(v, decorator.endswith("()")) for v in values)

    def _value_keeps(self, value: Value, made: bool) -> bool:
        """Say whether a decorator (or, if `made`, what calling it gives) keeps what it decorates."""
        if value.sort is Sort.BUILTIN:
            return value.name in ("staticmethod", "classmethod")
        if value.sort is Sort.EXTERNAL:
            is_registering = value.name.startswith("collections.abc.") and value.name.endswith(".register")
            return is_registering or value.name in KEEPING_DECORATORS or value.name.startswith(KEEPING_MODULES)
        if value.sort is Sort.FUNCTION and value.key is not None:
            return self._makes_keeper(value.key) if made else self._gives_back(value.key)
        if value.sort is Sort.CLASS and value.key is not None:
            return self._declares_wrapped(value.key) or (made and self._instance_keeps(value.key))
        return value.sort is Sort.INSTANCE and value.key is not None and not made and self._instance_keeps(value.key)

    def _instance_keeps(self, key: DefinitionKey) -> bool:
        owner = self._inference.classes.owner(key, "__call__")
        if not isinstance(owner, DefinitionKey):
            return False
        found = self._inference.scopes.complete(owner.path, self._index.body_scope(owner), "__call__")
        return all(v.sort is Sort.FUNCTION and v.key is not None and self._gives_back(v.key) for v in found)

    def _makes_keeper(self, key: DefinitionKey) -> bool:
        """Say whether everything that a function returns is itself a decorator that keeps."""
        facts, _, body = self._parts(key)
        returns = _returned(facts, body)
        if any(_is_partial(r) for r in returns):
            return self._gives_back(key)
        return bool(returns) and all(self._returned_keeps(key, body, r) for r in returns)

    def _returned_keeps(self, key: DefinitionKey, body: int, returned: str) -> bool:
        """Say whether a returned value keeps, or was made by what keeps: `return decorator(function)`."""
        end = self._index.files[key.path].definitions[key.number].end
        values = self._inference.infer(key.path, body, returned.removesuffix("()") or "?", end)
        return all(self._value_keeps(v, made=False) for v in values)

    def _gives_back(self, key: DefinitionKey) -> bool:
        """Say whether all that a function returns is its argument, or stands for it."""
        if key in self._asked:
            return False
        self._asked.add(key)
        try:
            return self._all_given_back(key)
        finally:
            self._asked.discard(key)

    def _all_given_back(self, key: DefinitionKey) -> bool:
        facts, definition, body = self._parts(key)
        is_bound = definition.kind is Kind.METHOD and "staticmethod" not in definition.decorators
        names = [p.name for p in definition.parameters if p.form in ("plain", "positional")][int(is_bound) :]
        returns = _returned(facts, body)
        own = names[0] if names and len(self._index.names(key.path, body).get(names[0], ())) == 1 else None
        plain = [r for r in returns if r == own or (own and self._stands_for_it(key, body, r))]
        # used with and without arguments, a decorator returns another one (or itself with its arguments filled
        # in), or what that gives for its function
        other = [r for r in returns if r not in plain and not _is_partial(r)]
        made = any(r.endswith("()") for r in other)
        return bool(plain or made) and all(
            (made or r.endswith("()")) and self._returned_keeps(key, body, r) for r in other
        )

    def _stands_for_it(self, key: DefinitionKey, body: int, returned: str) -> bool:
        facts = self._index.files[key.path]
        if returned.replace("()", "").rpartition(".")[2] in WRAPPING:
            return True
        bound = self._index.names(key.path, body).get(returned, ())
        nested = [facts.definitions[b.index] for b in bound if b.index >= 0 and b.kind == "definition"]
        if not nested or len(nested) != len(bound):
            return False
        outer = facts.definitions[key.number]
        return all(_is_wrapping(facts, outer, d) for d in nested)

    def _declares_wrapped(self, key: DefinitionKey) -> bool:
        """Say whether a class makes its instances stand for what they were made of."""
        facts = self._index.files[key.path]
        definition = facts.definitions[key.number]
        if any(s.name == "__wrapped__" and definition.start <= s.position < definition.end for s in facts.stores):
            return True
        return any(
            r.path.rpartition(".")[2] == "update_wrapper" and definition.start <= r.start < definition.end
            for r in facts.references
        )

    def _parts(self, key: DefinitionKey) -> tuple[FileFacts, Definition, int]:
        facts = self._index.files[key.path]
        return facts, facts.definitions[key.number], self._index.body_scope(key)


def _returned(facts: FileFacts, body: int) -> list[str]:
    """Return the different paths that a function returns, without casts."""
    return sorted({_uncast(r.path) for r in facts.returns if r.scope == body})


def _uncast(path: str) -> str:
    called, _, given = path.partition("(")
    is_cast = called.rpartition(".")[2] == "cast" and given.endswith(")")
    return arguments(given[:-1])[-1] if is_cast and given != ")" else path


def _is_partial(returned: str) -> bool:
    called, _, given = returned.partition("(")
    return given.endswith(")") and called.rpartition(".")[2] == "partial"


def _is_wrapping(facts: FileFacts, outer: Definition, nested: Definition) -> bool:
    if any(d.removesuffix("()").rpartition(".")[2] in WRAPPING for d in nested.decorators):
        return True
    return any(
        s.name == "__wrapped__" and s.receiver == nested.name and outer.start <= s.position < outer.end
        for s in facts.stores
    )
