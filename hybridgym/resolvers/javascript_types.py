"""JavaScript's types: what written ones mean, and which members classes, functions and objects have."""

import re
from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property

from hybridgym.facts import AttributeStore, Binding, BindingKind, FileFacts, Kind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.javascript_builtin import (
    CONTAINERS,
    LIBRARY_TYPES,
    PRIMITIVE,
    PRIMITIVE_MEMBERS,
    TRANSPARENT,
    container_member,
    element_of,
)
from hybridgym.resolvers.javascript_members import Entity, Given, Members, Stores
from hybridgym.resolvers.javascript_paths import TYPESCRIPT, ModulePaths
from hybridgym.resolvers.javascript_written import Written, taken_apart
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


class JavaScriptTypes(TypedResolver):
    """Written types and members; what names and calls mean is the resolver's."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str], build_files: Mapping[str, bytes]) -> None:
        super().__init__(files, all_paths, build_files)
        self.modules = ModulePaths(files, all_paths, build_files)
        self.stores = Stores(files, self.modules)
        self.replaced: dict[str, list[DefinitionKey | None]] = {name: [None] for name in self.stores.loose}
        """Names that are set on something whose members are not known: the classes that it is of, or None."""
        self.replaced = self._narrowed()
        self.steps = Steps()  # what was inferred while any name could be replaced

    # questions to the resolver

    @abstractmethod
    def this_value(self, path: str, scope: int) -> Value:
        """Return what `this` is: an instance that may be of a derived class, or the class in static methods."""

    @abstractmethod
    def is_global(self, name: str) -> bool:
        """Say whether a script of the repository makes a name global."""

    @abstractmethod
    def module_value(self, path: str, specifier: str, *, commonjs: bool) -> Value:
        """Return what `require` of a module gives, or its namespace."""

    @abstractmethod
    def commonjs_value(self, path: str) -> Value:
        """Return what a CommonJS module exports: what it assigns to `module.exports`, or the object it was given."""

    @abstractmethod
    def exported(self, path: str, name: str) -> tuple[str, AttributeStore | None]:
        """Return the file and the store that an ECMAScript module exports a name by.

        Without a store, the first is the outside module that may have it, or empty.
        """

    # written types

    def written_type(self, path: str, scope: int, text: str, position: int) -> Value:
        if text.startswith("{") and text.endswith("}") and text[1:-1].isdigit():
            return object_value(path, int(text[1:-1]))
        if text.startswith("@") and text[1:].isdigit():
            key = self.stores.definition_at(path, int(text[1:]))
            return self.defined(key, "alias") if key is not None else unknown("expression")
        if text.startswith(('require "', 'import "')):
            word, _, module = text.partition(" ")
            value = self.module_value(path, module.strip('"'), commonjs=word == "require")
            return value if word == "require" else Value(Sort.CONTAINER, name="Promise", parts=(value,))
        return self._meant(path, scope, taken_apart(text), position)

    def _meant(self, path: str, scope: int, written: Written, position: int) -> Value:
        parts = written.parts
        match written.kind:
            case "plain":
                return PRIMITIVE
            case "array" | "tuple":
                values = tuple(self.part_type(path, scope, part, position) for part in parts)
                return Value(Sort.CONTAINER, name=written.name or "tuple", parts=values)
            case "function":
                return Value(Sort.CONTAINER, name="function", parts=(self.part_type(path, scope, parts[0], position),))
            case "union":
                values = tuple(self.part_type(path, scope, part, position) for part in parts)
                return self._one_of(values)
            case "object":
                written_parts = tuple(unknown(part) for part in parts)
                return Value(Sort.CONTAINER, name="object", key=DefinitionKey(path, scope), parts=written_parts)
            case "typeof":
                value = self.value_of(path, scope, written.name, position)
                is_type_only = value.sort in (Sort.FUNCTION, Sort.TYPE)
                return value._replace(how="annotation", name=TYPE_ONLY) if is_type_only else value
            case "import":
                module, _, name = written.name.partition(" ")
                if name:
                    return self.imported_type(path, module, name)
                value = self.module_value(path, module, commonjs=True)
                return self.instance_of(value) if value.sort is Sort.TYPE else unknown("type is not known")
            case "name":
                return self._named(path, scope, written, position)
        return unknown("type is not followed")

    def part_type(self, path: str, scope: int, text: str, position: int) -> Value:
        """Return a value of a type that is part of another; one that leads back to itself is unknown."""
        return self.type_at(path, scope, text, position)

    def _one_of(self, values: tuple[Value, ...]) -> Value:
        if all(v.sort in (Sort.EXTERNAL, Sort.BUILTIN) for v in values):
            found = [v for v in values if v.sort is Sort.EXTERNAL]
            return found[0] if found else PRIMITIVE
        instances = [v for v in values if v.sort is Sort.INSTANCE]
        if len(instances) == 1 and all(v in (instances[0], PRIMITIVE) for v in values):
            return Value(Sort.CONTAINER, name=UNION, parts=tuple(instances))
        return merged(values) if len(set(values)) == 1 else unknown("several types")

    def value_of(self, path: str, scope: int, text: str, position: int) -> Value:
        if "|" not in text or "<" in text:
            return super().value_of(path, scope, text, position)
        values = [self.value_of(path, scope, part, position) for part in text.split("|")]
        instances = {v.key for v in values if v.sort is Sort.INSTANCE}
        if len(instances) == 1:  # what is left of a union on that path
            values = [
                v.parts[0] if v.sort is Sort.CONTAINER and v.name == UNION and v.parts[0].key in instances else v
                for v in values
            ]
        return merged(values)

    def _named(self, path: str, scope: int, written: Written, position: int) -> Value:
        name, parts = written.name, written.parts
        if name == "this":
            return self.this_value(path, scope)
        if name in ("any", "unknown", "object", "Function", "Object"):
            return unknown(f"type {name}")
        found = self.type_named(path, scope, name)
        if found is not None:
            return found
        if name in TRANSPARENT and len(parts) == 1:
            return self.part_type(path, scope, parts[0], position)
        if name in CONTAINERS:
            values = tuple(self.part_type(path, scope, part, position) for part in parts)
            return Value(Sort.CONTAINER, name="Promise" if name == "PromiseLike" else name, parts=values)
        if name == "InstanceType" and len(parts) == 1:
            value = self.part_type(path, scope, parts[0], position)
            return self.created(value)._replace(exact=False) if value.sort is Sort.TYPE else unknown("type")
        if name == "ReturnType" and len(parts) == 1:
            value = self.part_type(path, scope, parts[0], position)
            return self.called(value, "", path, scope, position) if value.sort is Sort.FUNCTION else unknown("type")
        base = name.partition(".")[0]
        # JSDoc may mean a class that its file does not import
        is_ours = self.is_global(base) or (not path.endswith(TYPESCRIPT) and base in self._types_by_name)
        if base in LIBRARY_TYPES and not is_ours:
            return external(name)._replace(how="annotation")
        return unknown("type is not known")

    @cached_property
    def _types_by_name(self) -> dict[str, list[DefinitionKey]]:
        found: dict[str, list[DefinitionKey]] = {}
        for key in self.types:
            found.setdefault(self.definition(key).name, []).append(key)
        return found

    def type_named(self, path: str, scope: int, name: str) -> Value | None:
        """Return a value of the type that a dotted name means in a scope; None where nothing in the file binds it."""
        types, scopes = self.stores.types(path), self.files[path].scopes
        base, _, rest = name.partition(".")
        while scope >= 0:
            found = types.get((scope, base))
            if found:
                return self._declared_type(path, found, rest)
            is_untyped = not path.endswith(TYPESCRIPT)
            if (rest or is_untyped) and (scope, base) in self.stores.names(
                path
            ):  # a namespace, or what `require` gives
                value = self.value_of(path, scope, name, self.files[path].scopes[scope].end)
                if is_untyped and value.sort is Sort.FUNCTION and value.key is not None:
                    value = as_type(value) if self.members_of("instance", value.key) else value
                return self.instance_of(value) if value.sort is Sort.TYPE else unknown("type is not known")
            scope = scopes[scope].parent
        return None

    def _declared_type(self, path: str, bindings: list[Binding], rest: str) -> Value:
        definitions = self.files[path].definitions
        classes = [b for b in bindings if b.kind is BindingKind.DEFINITION and not definitions[b.index].form]
        binding = (classes or bindings)[0]
        if binding.kind is BindingKind.IMPORT:
            imported = self.files[path].imports[binding.index]
            name = {"": rest, "=": rest}.get(imported.name, f"{imported.name}.{rest}" if rest else imported.name)
            return self.imported_type(path, imported.module, name) if name else unknown("type is not known")
        if rest:
            return unknown("type is not known")
        if binding.kind is BindingKind.DEFINITION:
            return self.instance_of(self.defined(DefinitionKey(path, binding.index), "annotation"))
        if binding.value.startswith("<@"):
            key = self.stores.definition_at(path, int(binding.value[2:-1]))
            return self.instance_of(self.defined(key, "annotation")) if key is not None else unknown("type")
        text = binding.value[1:-1]
        return self.type_at(path, binding.scope, text, binding.position) if text else unknown("type parameter")

    def imported_type(self, path: str, module: str, name: str) -> Value:
        """Return a value of a type that a module exports."""
        found = self.modules.find(path, module)
        if found.outside:
            return external(f"{found.outside}.{name}")._replace(how="annotation")
        if not found.path:
            return unknown("module is not found")
        return self.steps.once(("exported type", found.path, name), lambda: self._exported_type(found.path, name))

    def _exported_type(self, path: str, name: str) -> Value:
        own, _, rest = name.partition(".")
        origin, store = self.exported(path, own)
        if store is None:
            if origin:
                return external(f"{origin}.{name}")._replace(how="annotation")
            value = self.commonjs_value(path)
            return self.instance_of(value) if value.sort is Sort.TYPE and own == "default" else unknown("not exported")
        value_path = store.value
        if value_path.startswith("<require "):
            module, _, inner = value_path.removeprefix('<require "').partition('">')
            whole = ".".join(filter(None, [inner.removeprefix("."), rest]))
            return self.imported_type(origin, module, whole) if whole else unknown("type is not known")
        if value_path.startswith("<@"):
            key = self.stores.definition_at(origin, int(value_path[2:-1]))
            return self.instance_of(self.defined(key, "annotation")) if key is not None else unknown("type")
        whole = ".".join(filter(None, [value_path, rest]))
        found = self.type_named(origin, store.scope, whole)
        return found if found is not None else unknown("type is not known")

    def instance_of(self, value: Value) -> Value:
        """Return a value whose declared type is a class, an interface or an enum."""
        if value.sort is not Sort.TYPE or value.key is None:
            return value if value.sort in (Sort.EXTERNAL, Sort.UNKNOWN) else unknown("type is not known")
        definition = self.definition(value.key)
        if definition.form == "enum":
            return PRIMITIVE
        if "ambient" in definition.flags:
            return unknown("declared elsewhere")
        return Value(Sort.INSTANCE, value.key, how="annotation")

    # classes

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
        unnamed = any(name in self._unnamed.get(k, ()) for k in (key, *derived))
        return unnamed or any(name in members or "*" in members for members in own)

    @cached_property
    def _unnamed(self) -> dict[DefinitionKey, frozenset[str]]:
        """What classes without a name override of the classes that they inherit from, or may inherit from."""
        found: dict[DefinitionKey, frozenset[str]] = {}
        for path, store in self.stores.unnamed:
            value = self.steps.apart(lambda p=path, s=store: self.value_of(p, s.scope, s.receiver, s.position))  # type: ignore[misc]
            base = as_type(value)
            names = sorted(set(re.findall(r"[\w$]+", store.receiver))) if base.sort is Sort.UNKNOWN else []
            named = [key for name in names for key in self._types_by_name.get(name, ())]
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
        if member.sort not in (Sort.FUNCTION, Sort.TYPE):
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
