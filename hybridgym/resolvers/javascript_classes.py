"""Which members JavaScript's classes, functions and object literals have, and which of them may be others."""

import re
from collections.abc import Mapping
from functools import cached_property

from hybridgym.facts import Binding, FileFacts, Kind
from hybridgym.languages import LANGUAGES
from hybridgym.languages.base import is_vendored
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.javascript_builtin import (
    CONTAINERS,
    PRIMITIVE,
    PRIMITIVE_MEMBERS,
    container_member,
    element_of,
)
from hybridgym.resolvers.javascript_members import Entity, Given, Members, Stores
from hybridgym.resolvers.javascript_paths import ModulePaths
from hybridgym.resolvers.typed import TypedResolver
from hybridgym.resolvers.typed_steps import Steps
from hybridgym.resolvers.typed_types import Member
from hybridgym.resolvers.typed_values import Sort, Value, external, merged, unknown

OBJECT_MEMBERS = frozenset(
    {"hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"}
)
"""What every object has."""


UNION = "union"
"""A container of an object or a primitive."""
MAX_LOOSE = 50
"""Stores of one name whose receivers are inferred."""
ELSEWHERE = DefinitionKey("", -1)
TYPE_ONLY = "typeof"
"""Name of a function or class that a written type tells: another one of its type may stand in its place."""


class JavaScriptClasses(TypedResolver):
    """Members; what written types, names and calls mean is not told here."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str], build_files: Mapping[str, bytes]) -> None:
        super().__init__(files, all_paths, build_files)
        self.modules = ModulePaths(files, all_paths, build_files)
        self.stores = Stores(files, self.modules)
        self._near: dict[tuple[DefinitionKey, str], bool] = {}
        self.replaced: dict[str, list[DefinitionKey | None]] = {name: [None] for name in self.stores.loose}
        """Names that are set on something whose members are not known: the classes that it is of, or None."""
        self.replaced = self._narrowed()
        self.steps = Steps()  # what was inferred while any name could be replaced

    # classes

    @cached_property
    def types_by_name(self) -> dict[str, list[DefinitionKey]]:
        found: dict[str, list[DefinitionKey]] = {}
        for key in self.types:
            found.setdefault(self.definition(key).name, []).append(key)
        return found

    @cached_property
    def types(self) -> list[DefinitionKey]:
        """All classes, and the functions that inherit from others."""
        found = {
            DefinitionKey(path, number): None
            for path, facts in self.files.items()
            for number, definition in enumerate(facts.definitions)
            if definition.kind is Kind.CLASS
        }
        for entity, members in self.stores.table.items():
            if entity.sort == "instance" and "__proto__" in members:
                found[entity.key] = None
            if entity.sort == "static" and "prototype" in members:
                found[entity.key] = None
        return list(found)

    def written_bases(self, key: DefinitionKey) -> list[Value]:
        definition, scope = self.definition(key), self.scope_around(key)
        found: list[Value] = []
        for base in definition.bases:
            value = self.value_of(key.path, scope, base, definition.start)
            found.append(as_type(value))
        table = self.stores.table
        for given in table.get(Entity("instance", *key), {}).get("__proto__", []):
            found.append(self._inherited(given, ".prototype"))
        for given in table.get(Entity("static", *key), {}).get("prototype", []):
            if isinstance(given.member, Binding) and not given.member.value.startswith("<{"):
                found.append(self._inherited(given, ""))
        return found

    def _inherited(self, given: Given, suffix: str) -> Value:
        """Return the class that a prototype is made from."""
        if not isinstance(given.member, Binding):
            return unknown("prototype")
        text = given.member.value
        if suffix and not text.endswith(suffix):
            return unknown("prototype")
        value = self.value_of(given.path, given.member.scope, text.removesuffix(suffix), given.member.position)
        return as_type(value)

    def members_of(self, sort: str, key: DefinitionKey) -> Members:
        """Return the own members of a class or function (`static`) or of its instances (`instance`)."""
        return self.stores.table.get(Entity(sort, *key), {})

    def members(self, key: DefinitionKey) -> dict[str, list[Member]]:
        return {name: [g.member for g in given] for name, given in self.members_of("instance", key).items()}

    def is_overridden(self, key: DefinitionKey, name: str, sort: str = "instance") -> bool:
        derived = [*self.descendants.get(key, ()), *self._unplaced.get(self.definition(key).name, ())]
        own = (self.members_of(sort, descendant) for descendant in derived)
        misread = [path for path, names in self._misread.items() if name in names]
        if any(self._may_be_derived(k, path) for path in misread for k in (key, *derived)):
            return True
        unnamed = any(name in self._unnamed.get(k, ()) for k in (key, *derived))
        return unnamed or any(name in members or "*" in members for members in own)

    @cached_property
    def _misread(self) -> dict[str, frozenset[str]]:
        """What files that could not be read as a whole may define, by path."""
        return {
            path: frozenset(facts.dynamic_names)
            for path, facts in self.files.items()
            if "error" in facts.flags and not LANGUAGES[facts.language].is_test(path) and not is_vendored(path)
        }

    def _may_be_derived(self, key: DefinitionKey, path: str) -> bool:
        """Say whether a class in a file that could not be read as a whole may inherit from another one."""
        if (key, path) not in self._near:
            name, bases = self.definition(key).name, self._misread[path]
            self._near[key, path] = f"extends {name}" in bases or any(
                f"extends {i.alias}" in bases and (i.name == name or self.modules.find(path, i.module).path == key.path)
                for i in self.files[path].imports
            )
        return self._near[key, path]

    @cached_property
    def _unnamed(self) -> dict[DefinitionKey, frozenset[str]]:
        """What classes without a name override of the classes that they inherit from, or may inherit from."""
        found: dict[DefinitionKey, frozenset[str]] = {}
        for path, store in self.stores.unnamed:
            value = self.steps.apart(lambda p=path, s=store: self.value_of(p, s.scope, s.receiver, s.position))  # type: ignore[misc]
            base = as_type(value)
            names = sorted(set(re.findall(r"[\w$]+", store.receiver))) if base.sort is Sort.UNKNOWN else []
            named = [key for name in names for key in self.types_by_name.get(name, ())]
            for key in [base.key] if base.key is not None else named:
                for ancestor in self.ancestry(key)[0]:
                    found[ancestor] = found.get(ancestor, frozenset()) | frozenset(store.value.split())
        return found

    @cached_property
    def _unplaced(self) -> dict[str, list[DefinitionKey]]:
        """Classes of which it is not known what they inherit from, by all names in what they say of it."""
        found: dict[str, list[DefinitionKey]] = {}
        for key in self.types:
            if any(b.sort is Sort.UNKNOWN for b in self.base_values(key)):
                names = {name for base in self.definition(key).bases for name in re.findall(r"[\w$]+", base)}
                for name in sorted(names):
                    found.setdefault(name, []).extend([key, *self.descendants.get(key, ())])
        return found

    def type_member(self, value: Value, name: str) -> Value:
        assert value.key is not None
        sort = "static" if value.sort in (Sort.TYPE, Sort.FUNCTION) else "instance"
        how = value.how or "attribute"
        if sort == "static" and how != "self":
            how = "class" if how in ("lexical", "import", "module", "alias") else how
        for owner in self.ancestry(value.key)[0]:
            members = self.members_of(sort, owner)
            if "*" in members and not name.startswith("#"):
                return unknown("members are assigned")
            found = members.get(name)
            if found:
                return self._checked(value, owner, name, found, how)
        if any("[]" in self.members_of(sort, owner) for owner in self.ancestry(value.key)[0]):
            return unknown("members are assigned")
        if sort == "instance" and name in OBJECT_MEMBERS and not self.ancestry(value.key)[1]:
            return PRIMITIVE
        return self.missing_member(value, name)

    def _checked(self, value: Value, owner: DefinitionKey, name: str, found: list[Given], how: str) -> Value:
        """Return the value of a member, unless another one may stand in its place."""
        assert value.key is not None
        member = self.given_value(found, how, value)
        is_global = member.sort is Sort.BUILTIN and member.name not in ("", PRIMITIVE.name)
        if member.sort not in (Sort.FUNCTION, Sort.TYPE) and not is_global:
            return member
        if self._is_replaced(value.key, name):
            return unknown("may be replaced")
        if self.definition(value.key).form == "interface":
            return unknown("interface")
        is_virtual = not value.exact and (value.sort is Sort.INSTANCE or how == "self" or value.name == TYPE_ONLY)
        sort = "instance" if value.sort is Sort.INSTANCE else "static"
        if is_virtual and self.is_overridden(value.key, name, sort):
            return unknown("may be overridden")
        return member

    def given_value(self, found: list[Given], how: str, receiver: Value) -> Value:
        """Return the one value of what is given under one name."""
        typed = [g for g in found if isinstance(g.member, Binding) and g.member.annotation]
        values = []
        for given in typed[:1] or found:
            if isinstance(given.member, DefinitionKey):
                value = self._method(given.member, how, receiver, len(found))
                if value is None:
                    continue
            else:
                value = self.binding_value(given.path, given.member)
                if value.sort in (Sort.FUNCTION, Sort.TYPE):
                    value = value._replace(how=how, parts=(receiver,) if value.sort is Sort.FUNCTION else ())
                elif value.sort is Sort.INSTANCE:
                    value = value._replace(how="attribute")
                elif value.sort is Sort.BUILTIN and value.name == "lambda":
                    value = unknown("function without a name")
            values.append(value)
        return merged(values) if values else unknown("no such member")

    def _method(self, key: DefinitionKey, how: str, receiver: Value, count: int) -> Value | None:
        """Return the value of a method; of a getter what it gives; None of a setter that has a getter."""
        flags = self.definition(key).flags
        if "setter" in flags:
            return None if count > 1 else unknown("setter")
        value = self.defined(key, how)
        if value.sort is Sort.FUNCTION:
            value = value._replace(parts=(receiver,))
        return self.called(value, "", key.path, 0, 0) if "getter" in flags else value

    def missing_member(self, value: Value, name: str) -> Value:
        assert value.key is not None
        if value.sort is Sort.FUNCTION:
            return unknown("no such member")
        others = self.ancestry(value.key)[1]
        if not others or self.is_overridden(value.key, name) or not self._is_alone(value.key):
            return unknown("no such member")
        if any(b.sort is not Sort.EXTERNAL for b in others):
            return unknown("base is not known")
        return external(f"{others[0].name}.{name}")

    def _is_alone(self, key: DefinitionKey) -> bool:
        """Say whether a class is declared once: an interface of its name may add members."""
        definition = self.definition(key)
        same = [d for d in self.files[key.path].definitions if d.qualname == definition.qualname]
        return len(same) == 1

    def container_member(self, value: Value, name: str) -> Value:
        if value.name == UNION:  # written where only the object is left, as a string has no such member
            return unknown("several types") if name in PRIMITIVE_MEMBERS else self.type_member(value.parts[0], name)
        if value.name != "object" or value.key is None:
            return container_member(value, name)
        names = [part.name for part in value.parts]
        if name not in names[::2]:
            return unknown("no such member")
        text = names[2 * names[::2].index(name) + 1]
        return self.type_at(value.key.path, value.key.number, text, 0)._replace(how="attribute")

    # replaced members

    def _narrowed(self) -> dict[str, list[DefinitionKey | None]]:
        """Return what names are set on, as far as it can be inferred while each could replace any method."""
        methods = {d.name for facts in self.files.values() for d in facts.definitions if d.kind is not Kind.CLASS}
        found: dict[str, list[DefinitionKey | None]] = {}
        for name, stores in self.stores.loose.items():
            if name not in methods or len(stores) > MAX_LOOSE:
                found[name] = [None]
                continue
            for path, store in stores:
                own = self._place(path, store.scope, store.receiver, store.position)
                if own != ELSEWHERE and self._place(path, store.scope, store.value, store.position) != ELSEWHERE:
                    found.setdefault(name, []).append(own)
        return found

    def _place(self, path: str, scope: int, text: str, position: int) -> DefinitionKey | None:
        """Return the class that an expression is an instance of; ELSEWHERE where it is no object of the repository."""
        value = self.steps.apart(lambda: self.value_of(path, scope, text, position))
        if value.sort is Sort.INSTANCE and value.key is not None and self.definition(value.key).form != "interface":
            return value.key
        is_data = value.sort is Sort.CONTAINER and value.name in CONTAINERS
        return ELSEWHERE if value == PRIMITIVE or is_data or value.sort is Sort.EXTERNAL else None

    def _is_replaced(self, key: DefinitionKey, name: str) -> bool:
        """Say whether a method of a class may be another one, since something is set under its name."""
        return any(
            other is None or other in self.ancestry(key)[0] or key in self.ancestry(other)[0]
            for other in self.replaced.get(name, ())
        )

    # object literals

    def object_member(self, value: Value, name: str) -> Value:
        """Return a member of an object literal; of several of one name the last written counts."""
        path, _, start = value.name.partition("\0")
        entity = Entity("object", path, int(start))
        prototype = self.stores.prototypes.get(entity)
        if prototype is not None:
            return self.member(Value(Sort.INSTANCE, prototype, how="attribute"), name, path)
        members = self.stores.table.get(entity, {})
        spread, found = members.get("*", []) + members.get("[]", []), members.get(name, [])
        if any(not g.inside for g in spread):
            return unknown("members are assigned")
        own = [g for g in found if g.inside]
        last = max((place(g) for g in own), default=-1)
        behind = [g for g in spread if place(g) > last]
        if behind:
            return unknown("spread") if own or len(behind) > 1 else self._of_spread(behind[0], name)
        if not found:
            return unknown("no such member")
        if len(found) > 1 and name in self.replaced:
            return unknown("may be replaced")
        kept = [g for g in own if place(g) == last] + [g for g in found if not g.inside]
        return self.given_value(kept, "attribute", value)

    def _of_spread(self, given: Given, name: str) -> Value:
        assert isinstance(given.member, Binding)
        value = self.binding_value(given.path, given.member)
        followed = value.sort in (Sort.NAMESPACE, Sort.EXTERNAL)
        return self.member(value, name, given.path) if followed else unknown("spread")

    def element(self, value: Value) -> Value:
        return element_of(value)


def object_value(path: str, start: int) -> Value:
    """Return the value of the object literal that begins at a byte."""
    return Value(Sort.NAMESPACE, name=f"{path}\0{start}")


def place(given: Given) -> int:
    """Return where a member of an object literal is written."""
    return given.member.position if isinstance(given.member, Binding) else given.member.number


def as_type(value: Value) -> Value:
    """Return a class as what others inherit from: functions make instances too."""
    if value.sort in (Sort.FUNCTION, Sort.INSTANCE, Sort.TYPE):
        return Value(Sort.TYPE, value.key)
    if value.sort is Sort.BUILTIN:
        return external(value.name)
    if value.sort is Sort.CONTAINER:
        return external(value.name)
    return value if value.sort in (Sort.EXTERNAL, Sort.UNKNOWN) else unknown("base is not known")
