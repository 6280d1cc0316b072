"""What the attributes of Python values are."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from hybridgym.facts import AttributeStore, BindingKind, Kind
from hybridgym.languages.python import Python
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.python_annotations import OPEN_ANNOTATIONS
from hybridgym.resolvers.python_classes import Absent, Foreign
from hybridgym.resolvers.python_names import (
    CALLABLE_SLOTS,
    CONTAINER_TYPES,
    MEMBERLESS_BASES,
    OBJECT_METHODS,
    PROPERTY_DECORATORS,
)
from hybridgym.resolvers.python_outside import may_share_objects
from hybridgym.resolvers.python_scopes import ABSENT
from hybridgym.resolvers.python_stores import Stores
from hybridgym.resolvers.python_values import (
    TEXT,
    Sort,
    Value,
    Values,
    container,
    union,
    unknown,
    without_none,
)

if TYPE_CHECKING:
    from hybridgym.resolvers.python_inference import Inference

TEXT_ATTRIBUTES = frozenset({"__name__", "__qualname__", "__module__", "__doc__"})
CONCRETE_CONTAINERS = CONTAINER_TYPES | {
    *("List", "Dict", "Set", "FrozenSet", "Tuple", "deque", "Deque", "defaultdict", "DefaultDict", "OrderedDict")
}
"""Annotations that name a type; the others name what many types can do."""


class Attributes:
    """Attributes of the values of one repository."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._index = inference.index
        self._classes = inference.classes
        self._stores = Stores(inference)

    def attribute(self, value: Value, name: str) -> Values:
        """Return what `value.name` may be."""
        sort = value.sort
        if sort is Sort.MODULE:
            found = self._inference.scopes.member(value.name, name)
            if found[0].name == ABSENT:
                return unknown("not in the module")
            return tuple(v.via("module") if v.sort in (Sort.FUNCTION, Sort.CLASS) else v for v in found)
        if sort is Sort.EXTERNAL:
            if name in self._index.patched_globals:
                return unknown("attribute is assigned from outside")
            return (Value(Sort.EXTERNAL, name=f"{value.name}.{name}"),)
        if sort in (Sort.CLASS, Sort.INSTANCE):
            key = ("a", sort, value.key, value.exact, value.how, name)
            return self._inference.guarded(key, lambda: self._class_attribute(value, name))
        if sort is Sort.SUPER:
            return self._super_attribute(value, name)
        if sort in (Sort.DATA, Sort.CONTAINER, Sort.EXTERNAL_INSTANCE):
            return self._outside_attribute(value, name)
        if sort is Sort.BUILTIN:
            return (Value(Sort.BUILTIN, name=f"{value.name}.{name}"),)
        if sort is Sort.FUNCTION and name in TEXT_ATTRIBUTES:
            return (TEXT,)
        if sort in (Sort.NOTHING, Sort.NEVER):
            return (value,)
        return unknown(value.name or f"attribute of a {sort}")

    def _outside_attribute(self, value: Value, name: str) -> Values:
        if not value.exact and any(may_share_objects(value.name, b) for b in self.outside_overrides.get(name, ())):
            return unknown("may be overridden in a subclass here")
        if value.sort is Sort.DATA:
            return (value,)
        if value.sort is Sort.CONTAINER:
            is_abstract = not value.exact and value.name not in CONCRETE_CONTAINERS
            if is_abstract and name in self._index.bound_names:
                # any class with such methods is a Mapping, an Iterable, …
                return unknown("receiver is an abstract collection")
            return (Value(Sort.BUILTIN, name=f"{value.name}.{name}", items=value.items, parts=value.parts),)
        if value.name.startswith(OPEN_ANNOTATIONS):
            return unknown("attribute of a bag of attributes")
        if self._stores.may_give_callable(name) or self._may_be_given(name):
            return unknown("attribute is assigned from outside")
        return (Value(Sort.EXTERNAL, name=f"{value.name}.{name}"),)

    def _may_be_given(self, name: str) -> bool:
        """Say whether an outside object may hold a callable of the repository under that name."""
        return name in CALLABLE_SLOTS or name in self._index.given_names

    @cached_property
    def outside_overrides(self) -> dict[str, dict[str, None]]:
        """Names that classes of the repository define while inheriting from something outside, with what that is."""
        names: dict[str, dict[str, None]] = {}
        for path, facts in self._index.files.items():
            if Python.is_test(path):  # what tests replace, they replace for themselves
                continue
            for index, definition in enumerate(facts.definitions):
                if definition.kind is Kind.CLASS and definition.bases:
                    key = DefinitionKey(path, index)
                    outside = [a.name for a in self._classes.order(key) if isinstance(a, Foreign)]
                    for base in outside:
                        if base not in MEMBERLESS_BASES:
                            for name in self._index.names(path, self._index.body_scope(key)):
                                names.setdefault(name, {})[base] = None
        return names

    def _class_attribute(self, value: Value, name: str) -> Values:
        key = value.key
        assert key is not None
        if name == "__class__" and value.sort is Sort.INSTANCE:
            return (Value(Sort.CLASS, key, exact=value.exact, how="self"),)
        if name in TEXT_ATTRIBUTES:
            return (TEXT,)
        if name == "__dict__" and value.sort is Sort.INSTANCE:
            return container("dict", ())
        hidden = self._hidden(value, key, name)
        if hidden:
            return unknown(hidden)
        owner = self._classes.owner(key, name)
        parts: list[Values] = []
        if isinstance(owner, DefinitionKey):
            parts.append(self._class_member(owner, name, value))
        stores = self._classes.stores(key, name, with_descendants=not value.exact)
        stores += self._stores.foreign(value, name)
        parts += [self._stored(path, store) for path, store in stores]
        if parts:
            values = without_none(union(parts))
            if values[0].sort is Sort.UNKNOWN:
                values = self._declared(key, name) or values
            if owner is Absent.OUTSIDE and any(v.sort in (Sort.FUNCTION, Sort.CLASS) for v in values):
                return unknown("a member of an outside base may be replaced")
            return values
        return self._absent(owner, key, name)

    def _hidden(self, value: Value, key: DefinitionKey, name: str) -> str:
        """Return why an attribute may be anything, or nothing."""
        classes = self._classes
        if not value.exact:
            if classes.is_overridden(key, name):
                return "may be overridden"
            if value.sort is Sort.INSTANCE and classes.is_protocol(key) and value.how != "self":
                return "receiver is a protocol"
            if classes.is_abstract(key, name):
                return "abstract"
        if self._index.has_getattribute and isinstance(classes.owner(key, "__getattribute__"), DefinitionKey):
            return "__getattribute__"
        return ""

    def _absent(self, owner: DefinitionKey | Absent, key: DefinitionKey, name: str) -> Values:
        """Return what a member is that no class of the repository has."""
        if owner is Absent.OUTSIDE:
            if isinstance(self._classes.owner(key, "__getattr__"), DefinitionKey):
                return unknown("__getattr__")
            if self._classes.is_metaclass(key):
                return unknown("member of a class that is not known")
            if self._may_be_given(name):
                return unknown("attribute may be a callable that was given")
            return (Value(Sort.EXTERNAL, name=name),)
        if owner is Absent.NOWHERE and name in OBJECT_METHODS:
            return (Value(Sort.BUILTIN, name=f"object.{name}"),)
        return unknown("no such member" if owner is Absent.NOWHERE else "a base is unknown")

    def _declared(self, key: DefinitionKey, name: str) -> Values | None:
        """Return what the annotations of an attribute promise, whoever assigns it; None where they promise nothing."""
        parts: list[Values] = []
        infer = self._inference.annotated
        owner = self._classes.owner(key, name)
        if isinstance(owner, DefinitionKey):
            scope = self._index.body_scope(owner)
            bound = self._index.names(owner.path, scope)[name]
            parts += [infer(owner.path, scope, b.annotation) for b in bound if b.annotation]
        stores = self._classes.stores(key, name, with_descendants=False)
        parts += [infer(path, s.scope, s.annotation) for path, s in stores if s.annotation]
        declared = union(parts)
        return declared if declared[0].sort is not Sort.UNKNOWN else None

    def _stored(self, path: str, store: AttributeStore) -> Values:
        scopes = self._inference.scopes
        values = scopes.assigned(path, store.scope, store.value, store.annotation, store.position)
        values = values if store.annotation else scopes.unless_filled(store.name, values)
        return tuple(v.via("attribute") for v in values)

    def _class_member(self, owner: DefinitionKey, name: str, receiver: Value) -> Values:
        scope = self._index.body_scope(owner)
        if self._is_field(owner, scope, name):
            annotation = self._index.names(owner.path, scope)[name][-1].annotation
            return self._inference.annotated(owner.path, scope, annotation)
        values = self._inference.scopes.complete(owner.path, scope, name)
        if self._classes.is_enum(owner) and all(v.sort not in (Sort.FUNCTION, Sort.CLASS) for v in values):
            return (Value(Sort.INSTANCE, owner, exact=True, how="class"),)
        if any(v.sort is Sort.INSTANCE and v.key and self._classes.has_special(v.key, "__get__") for v in values):
            return unknown("descriptor")
        if receiver.sort is Sort.CLASS:
            return tuple(self._bound(v, receiver, "self" if receiver.how == "self" else "class") for v in values)
        return union([self._property(v, receiver) for v in values])

    def _is_field(self, owner: DefinitionKey, scope: int, name: str) -> bool:
        """Say whether a class variable is only the default of what a generated `__init__` assigns."""
        binding = self._index.names(owner.path, scope)[name][-1]
        if binding.kind is not BindingKind.ASSIGNMENT or not binding.annotation or "ClassVar" in binding.annotation:
            return False
        definition = self._index.files[owner.path].definitions[owner.number]
        return bool(definition.decorators) or self._classes.has_outside_base(owner)

    def _property(self, value: Value, receiver: Value) -> Values:
        """Return what an instance gives for a member: a property's result, or the member."""
        if value.sort is Sort.BUILTIN and value.name == "property" and value.items:
            getters = [v._replace(items=(receiver,)) for v in value.items]
            calls = self._inference.calls
            return union(
                [calls.bound_result(v) if v.sort is Sort.FUNCTION else unknown("result of property()") for v in getters]
            )
        if value.sort is not Sort.FUNCTION or value.key is None:
            return (value,)
        decorators = self._index.files[value.key.path].definitions[value.key.number].decorators
        if any(d in PROPERTY_DECORATORS or d.endswith(("property", "Property")) for d in decorators):
            return tuple(v.via("attribute") for v in self._inference.calls.result(value.key, through=True))
        return (self._bound(value, receiver, receiver.how),)

    def _bound(self, value: Value, receiver: Value, how: str) -> Value:
        """Return a member as it is got from a receiver: a method knows what it is called on."""
        if value.sort is not Sort.FUNCTION or value.key is None or receiver.how == "super":
            return value.via(how)
        decorators = self._index.files[value.key.path].definitions[value.key.number].decorators
        if decorators == ("classmethod",):
            return value._replace(how=how, items=(receiver._replace(sort=Sort.CLASS),))
        if receiver.sort is Sort.INSTANCE and not decorators:
            return value._replace(how=how, items=(receiver,))
        return value._replace(how=how, items=())

    def _super_attribute(self, value: Value, name: str) -> Values:
        key = value.key
        assert key is not None
        after = value.items[0].key if value.items else key
        owner = self._classes.owner(key, name, after=after)
        if self._classes.is_overridden(key, name, after=after):
            return unknown("super may reach a sibling class")
        if isinstance(owner, DefinitionKey):
            if self._stores.foreign(Value(Sort.CLASS, owner, exact=True), name):
                return unknown("attribute is assigned from outside")
            return self._class_member(owner, name, Value(Sort.INSTANCE, owner, how="super"))
        if owner is Absent.OUTSIDE:
            return (Value(Sort.EXTERNAL, name=f"super().{name}"),)
        if owner is Absent.NOWHERE and name in OBJECT_METHODS:
            return (Value(Sort.BUILTIN, name=f"object.{name}"),)
        return unknown("no such member of a base" if owner is Absent.NOWHERE else "a base is unknown")
