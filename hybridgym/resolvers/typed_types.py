"""The types of a repository: their members, what they inherit from, and what inherits from them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from functools import cached_property

from hybridgym.facts import Binding, BindingKind, Definition, FileFacts, Kind, ScopeKind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.typed_steps import MAX_HEIGHT, Steps
from hybridgym.resolvers.typed_values import BUILTIN_VALUE, Sort, Value, unknown

Member = DefinitionKey | Binding
"""A definition, or a field."""


class Types(ABC):
    """The types of all files of one resolver."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self.files = files
        self.steps = Steps()
        self._bases: dict[DefinitionKey, list[Value]] = {}
        self._asking: dict[DefinitionKey, None] = {}
        self._ancestries: dict[DefinitionKey, tuple[list[DefinitionKey], list[Value]]] = {}

    @abstractmethod
    def written_bases(self, key: DefinitionKey) -> list[Value]:
        """Return the types that a type says it inherits from, in the order in which members are looked for."""

    def own_members(self, key: DefinitionKey) -> Iterable[DefinitionKey]:
        """Return definitions that are members of a type though they do not lie in it."""
        return ()

    def definition(self, key: DefinitionKey) -> Definition:
        """Return the facts of a definition."""
        return self.files[key.path].definitions[key.number]

    @cached_property
    def types(self) -> list[DefinitionKey]:
        """All types of the repository, in the order of path and position."""
        return [
            DefinitionKey(path, number)
            for path, facts in self.files.items()
            for number, definition in enumerate(facts.definitions)
            if definition.kind is Kind.CLASS
        ]

    def scope_of(self, key: DefinitionKey) -> int:
        """Return the scope of a definition's body, or the one around it where it has no body."""
        return self._body_scopes.get(key, self.scope_around(key))

    @cached_property
    def _body_scopes(self) -> dict[DefinitionKey, int]:
        return {
            DefinitionKey(path, scope.definition): number
            for path, facts in self.files.items()
            for number, scope in enumerate(facts.scopes)
            if scope.definition >= 0
        }

    def scope_around(self, key: DefinitionKey) -> int:
        """Return the scope that a definition stands in."""
        own = self._body_scopes.get(key)
        if own is not None:
            return self.files[key.path].scopes[own].parent
        parent = self.definition(key).parent
        return self._body_scopes.get(DefinitionKey(key.path, parent), 0) if parent >= 0 else 0

    def base_values(self, key: DefinitionKey) -> list[Value]:
        """Return the types that a type inherits from; computed apart from any inference, and once."""
        found = self._bases.get(key)
        if found is None:
            if key in self._asking or len(self._asking) > MAX_HEIGHT:
                return [unknown("circular")]
            self._asking[key] = None
            self.steps.apart(lambda: self._with_bases(key))
            del self._asking[key]
            found = self._bases.setdefault(key, [unknown("circular")])
        return found

    def _with_bases(self, key: DefinitionKey) -> Value:
        self._bases.setdefault(key, self.written_bases(key))
        return BUILTIN_VALUE

    def ancestry(self, key: DefinitionKey) -> tuple[list[DefinitionKey], list[Value]]:
        """Return a type and the types of the repository it inherits from, nearest first, and all its other bases."""
        found = self._ancestries.get(key)
        if found is None:
            own, others, pending = [key], [], list(self.base_values(key))
            while pending:
                base = pending.pop(0)
                if base.key is None or base.sort is not Sort.TYPE:
                    others.append(base)
                elif base.key not in own:
                    own.append(base.key)
                    pending.extend(self.base_values(base.key))
            found = self._ancestries[key] = (own, others)
        return found

    def is_overridden(self, key: DefinitionKey, name: str) -> bool:
        """Say whether a type that inherits from a type has a member of that name of its own."""
        return any(name in self.members(descendant) for descendant in self.descendants.get(key, ()))

    @cached_property
    def descendants(self) -> dict[DefinitionKey, list[DefinitionKey]]:
        """For each type that others of the repository inherit from, directly or not: those others."""
        found: dict[DefinitionKey, list[DefinitionKey]] = {}
        for key in self.types:
            for ancestor in self.ancestry(key)[0][1:]:
                found.setdefault(ancestor, []).append(key)
        return found

    def members(self, key: DefinitionKey) -> dict[str, list[Member]]:
        """Return a type's own members by name: definitions in it or for it, and its fields."""
        return self._members.get(key, {})

    @cached_property
    def _members(self) -> dict[DefinitionKey, dict[str, list[Member]]]:
        found: dict[DefinitionKey, dict[str, list[Member]]] = {}
        for path, facts in self.files.items():
            for number, definition in enumerate(facts.definitions):
                if definition.parent >= 0 and facts.definitions[definition.parent].kind is Kind.CLASS:
                    own = found.setdefault(DefinitionKey(path, definition.parent), {})
                    own.setdefault(definition.name, []).append(DefinitionKey(path, number))
            for binding in facts.bindings:
                scope = facts.scopes[binding.scope]
                is_field = scope.kind is ScopeKind.CLASS and binding.kind is not BindingKind.DEFINITION
                if is_field and scope.definition >= 0:
                    own = found.setdefault(DefinitionKey(path, scope.definition), {})
                    own.setdefault(binding.name, []).append(binding)
        for key in self.types:
            for member in self.own_members(key):
                found.setdefault(key, {}).setdefault(self.definition(member).name, []).append(member)
        return found
