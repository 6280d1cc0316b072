"""Classes of a Python repository: linearization, members, overrides."""

from __future__ import annotations

from collections import defaultdict
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from hybridgym.facts import BindingKind, Kind
from hybridgym.languages.python import Python
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.python_index import Index, PlacedStore
from hybridgym.resolvers.python_names import BUILTIN_TYPES, ENUM_BASES, MEMBERLESS_BASES, METACLASSES, PROTOCOLS
from hybridgym.resolvers.python_values import Sort

if TYPE_CHECKING:
    from hybridgym.resolvers.python_inference import Inference


MAX_ANCESTORS = 64
"""Of a longer hierarchy nothing is known: nobody writes one, and looking through it would take too long."""
PLAIN_BASES = (BUILTIN_TYPES | MEMBERLESS_BASES) - {"property", "classmethod", "staticmethod", "super", "type"}
"""Outside bases that are no descriptors."""


class Foreign(NamedTuple):
    """A base that lies outside the repository (or is not known at all, without a name)."""

    name: str


Ancestor = DefinitionKey | Foreign


class Absent(Enum):
    """Why a member was not found in the repository."""

    OUTSIDE = "outside"
    """No class of the repository has it, and a base lies outside."""
    UNKNOWN = "unknown"
    """A base that is unknown, or that lies outside and comes first, may have it."""
    NOWHERE = "nowhere"


class Classes:
    """Inheritance of all classes of a repository."""

    def __init__(self, index: Index, inference: Inference) -> None:
        self._index = index
        self._inference = inference
        self._orders: dict[DefinitionKey, list[Ancestor]] = {}
        self._bases: dict[DefinitionKey, list[Ancestor]] = {}
        self._children: dict[DefinitionKey, list[DefinitionKey]] | None = None
        self._descendants: dict[DefinitionKey, list[DefinitionKey]] = {}
        self._metaclasses: dict[DefinitionKey, list[DefinitionKey]] = {}
        self._makers: dict[DefinitionKey, bool] = {}
        self._overrides: dict[tuple[DefinitionKey, str], bool] = {}
        self._hidden: dict[tuple[DefinitionKey, DefinitionKey], bool] = {}

    def bases(self, key: DefinitionKey) -> list[Ancestor]:
        """Return the direct bases of a class."""
        if key not in self._bases:
            self._bases[key] = []  # a class in its own bases is a broken program
            definition = self._index.files[key.path].definitions[key.number]
            scope = self._outer_scope(key)
            self._bases[key] = [self._base(key.path, scope, base, definition.keyword) for base in definition.bases]
        return self._bases[key]

    def order(self, key: DefinitionKey) -> list[Ancestor]:
        """Return the method resolution order (C3; depth first where C3 has no answer)."""
        if key not in self._orders:
            for ancestor in self._unordered(key):
                self._orders[ancestor] = self._linearized(ancestor)
        return self._orders[key]

    def _unordered(self, key: DefinitionKey) -> list[DefinitionKey]:
        """Return a class and its ancestors that have no order yet, bases first; without recursion, for long chains."""
        found: dict[DefinitionKey, None] = {}
        opened: set[DefinitionKey] = set()
        waiting = [key]
        while waiting:
            current = waiting[-1]
            if current not in opened:
                opened.add(current)
                bases = (b for b in self.bases(current) if isinstance(b, DefinitionKey))
                waiting += [b for b in bases if b not in self._orders and b not in opened]
            else:
                waiting.pop()
                found[current] = None
        return list(found)

    def _linearized(self, key: DefinitionKey) -> list[Ancestor]:
        bases = self.bases(key)
        sequences: list[list[Ancestor]] = [
            list(self._orders.get(b, [b])) if isinstance(b, DefinitionKey) else [b] for b in bases
        ]
        merged = _c3([*sequences, list(bases)])
        if merged is None:
            merged = list(dict.fromkeys(a for sequence in sequences for a in sequence))
        return [key, *merged] if len(merged) <= MAX_ANCESTORS else [key, Foreign("")]

    def owner(self, key: DefinitionKey, name: str, after: DefinitionKey | None = None) -> DefinitionKey | Absent:
        """Return the class of the repository in which a member is found (behind `after` in the order)."""
        order = self.order(key)
        if after is not None:
            order = order[order.index(after) + 1 :] if after in order else []
        outside = False
        for ancestor in order:
            if isinstance(ancestor, Foreign):
                if not ancestor.name:
                    return Absent.UNKNOWN
                outside = outside or ancestor.name not in MEMBERLESS_BASES
            elif name in self._index.names(ancestor.path, self._index.body_scope(ancestor)):
                return Absent.UNKNOWN if outside else ancestor
        return Absent.OUTSIDE if outside else Absent.NOWHERE

    def stores(self, key: DefinitionKey, name: str, with_descendants: bool) -> list[PlacedStore]:
        """Return the assignments `self.name = …` in a class, its ancestors and, if asked, its descendants."""
        classes = [a for a in self.order(key) if isinstance(a, DefinitionKey)]
        if with_descendants:
            classes += self.descendants(key)
        table = self._index.self_stores
        return [s for c in dict.fromkeys(classes) if c in table for s in table[c].get(name, ())]

    def is_overridden(self, key: DefinitionKey, name: str, after: DefinitionKey | None = None) -> bool:
        """Say whether a descendant finds another member of that name than the class itself does.

        What a test's class defines is called by that test alone; what it borrows is the repository's own.
        """
        cached = self._overrides.get((key, name)) if after is None else None
        if cached is None:
            own = self.owner(key, name, after)
            if after is None and isinstance(own, DefinitionKey) and self._index.members[name] is not None:
                cached = self._may_be_hidden(key, own)  # no other class has such a member
            else:
                found = (self.owner(d, name, after) for d in self.descendants(key))
                cached = any(other != own and not self._is_of_test(other, name, key) for other in found)
            if after is None:
                self._overrides[key, name] = cached
        return cached

    def _may_be_hidden(self, key: DefinitionKey, own: DefinitionKey) -> bool:
        """Say whether something outside comes before a class in the order of a descendant of another."""
        if (key, own) not in self._hidden:
            orders = (self.order(d) for d in self.descendants(key))
            self._hidden[key, own] = any(
                isinstance(a, Foreign) and a.name not in MEMBERLESS_BASES
                for order in orders
                for a in order[: order.index(own) if own in order else len(order)]
            )
        return self._hidden[key, own]

    def _is_of_test(self, owner: DefinitionKey | Absent, name: str, key: DefinitionKey) -> bool:
        """Say whether a member is a function of a test's class, and not asked for by a test."""
        if isinstance(owner, Absent) or not Python.is_test(owner.path) or Python.is_test(key.path):
            return False
        bound = self._index.names(owner.path, self._index.body_scope(owner))[name]
        return all(b.kind is BindingKind.DEFINITION for b in bound)

    def may_be_subclass(self, key: DefinitionKey) -> bool:
        """Say whether a class that is, or inherits from, this one may be another one."""
        is_test = Python.is_test(key.path)
        return any(is_test or not Python.is_test(d.path) for d in self.descendants(key))

    def descendants(self, key: DefinitionKey) -> list[DefinitionKey]:
        """Return all classes of the repository that inherit from a class."""
        if key not in self._descendants:
            found: dict[DefinitionKey, None] = {}
            waiting = list(self._children_of(key))
            while waiting:
                child = waiting.pop()
                if child not in found and child != key:
                    found[child] = None
                    waiting += self._children_of(child)
            self._descendants[key] = list(found)
        return self._descendants[key]

    def has_outside_base(self, key: DefinitionKey) -> bool:
        """Say whether a class inherits from anything that is not in the repository."""
        return any(isinstance(a, Foreign) and a.name not in MEMBERLESS_BASES for a in self.order(key))

    def makes_itself(self, key: DefinitionKey, with_descendants: bool) -> bool:
        """Say whether calling a class gives an instance of it: no `__new__` or metaclass of the repository decides."""
        known = self._makers.get(key)
        if known is None:
            known = self._makers[key] = not any(
                isinstance(a, DefinitionKey) and (self._has_own(a, "__new__") or self._is_made_by_metaclass(a))
                for a in self.order(key)
            )
        return known and (not with_descendants or all(self.makes_itself(d, False) for d in self.descendants(key)))

    def has_special(self, key: DefinitionKey, name: str, of_repository: bool = False) -> bool:
        """Say whether a class has, or may have from outside, a special method."""
        if of_repository or all(isinstance(a, DefinitionKey) or a.name in PLAIN_BASES for a in self.order(key)):
            return isinstance(self.owner(key, name), DefinitionKey)
        return self.owner(key, name) is not Absent.NOWHERE

    def is_enum(self, key: DefinitionKey) -> bool:
        """Say whether the class variables of a class are its instances."""
        return any(isinstance(a, Foreign) and a.name in ENUM_BASES for a in self.order(key))

    def is_protocol(self, key: DefinitionKey) -> bool:
        """Say whether anything with the right methods passes for an instance of a class."""
        return any(isinstance(b, Foreign) and b.name in PROTOCOLS for b in self.bases(key))

    def is_metaclass(self, key: DefinitionKey) -> bool:
        """Say whether the instances of a class are classes."""
        return any(isinstance(a, Foreign) and a.name in METACLASSES for a in self.order(key))

    def metaclasses(self, key: DefinitionKey) -> list[DefinitionKey]:
        """Return the classes of the repository of which a class is an instance."""
        if key not in self._metaclasses:
            named = [m for c in self.order(key) if isinstance(c, DefinitionKey) for m in self._own_metaclasses(c)]
            found = {a: None for m in named for a in self.order(m) if isinstance(a, DefinitionKey)}
            self._metaclasses[key] = list(found)
        return self._metaclasses[key]

    def is_abstract(self, key: DefinitionKey, name: str) -> bool:
        """Say whether the method that a class has under a name has to be replaced."""
        owner = self.owner(key, name)
        if not isinstance(owner, DefinitionKey):
            return False
        bound = self._index.names(owner.path, self._index.body_scope(owner))[name]
        definitions = self._index.files[owner.path].definitions
        return any(
            "abstract" in decorator
            for b in bound
            if b.kind is BindingKind.DEFINITION
            for decorator in definitions[b.index].decorators
        )

    def _has_own(self, key: DefinitionKey, name: str) -> bool:
        return name in self._index.names(key.path, self._index.body_scope(key))

    def _is_made_by_metaclass(self, key: DefinitionKey) -> bool:
        """Say whether a metaclass of the repository decides what calling a class gives."""
        return any(self.has_special(m, "__call__", of_repository=True) for m in self._own_metaclasses(key))

    def _own_metaclasses(self, key: DefinitionKey) -> list[DefinitionKey]:
        """Return the metaclass of the repository that a class names, if it does."""
        definition = self._index.files[key.path].definitions[key.number]
        named = [flag.partition("=")[2] for flag in definition.flags if flag.startswith("metaclass=")]
        scope = self._outer_scope(key) if named else 0
        made = [v for path in named for v in self._inference.infer(key.path, scope, path, definition.keyword)]
        return [v.key for v in made if v.key is not None]

    def _children_of(self, key: DefinitionKey) -> list[DefinitionKey]:
        if self._children is None:
            children: dict[DefinitionKey, list[DefinitionKey]] = defaultdict(list)
            self._children = children
            for path, facts in self._index.files.items():
                for index, definition in enumerate(facts.definitions):
                    if definition.kind is Kind.CLASS and definition.bases:
                        child = DefinitionKey(path, index)
                        for base in self.bases(child):
                            if isinstance(base, DefinitionKey):
                                children[base].append(child)
        return self._children.get(key, [])

    def _outer_scope(self, key: DefinitionKey) -> int:
        return self._index.files[key.path].scopes[self._index.body_scope(key)].parent

    def _base(self, path: str, scope: int, base: str, position: int) -> Ancestor:
        values = self._inference.infer(path, scope, base, position)
        if len(values) != 1 and any(v.sort is not Sort.EXTERNAL for v in values):
            return Foreign("")
        value = values[0]
        if value.sort is Sort.CLASS and value.key is not None:
            return value.key
        if value.sort in (Sort.EXTERNAL, Sort.BUILTIN):
            return Foreign(value.name.removesuffix("[]"))
        return Foreign("")


def _c3(sequences: list[list[Ancestor]]) -> list[Ancestor] | None:
    """Merge linearizations (docs.python.org/3/howto/mro.html); None where there is no consistent order."""
    merged: list[Ancestor] = []
    sequences = [s for s in sequences if s]
    while sequences:
        for sequence in sequences:
            head = sequence[0]
            if not any(head in other[1:] for other in sequences):
                break
        else:
            return None
        merged.append(head)
        sequences = [rest for s in sequences if (rest := s[1:] if s[0] == head else s)]
    return merged
