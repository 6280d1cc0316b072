"""Who has which members: classes, prototypes, functions, object literals and modules of JavaScript.

Members are collected from all stores of a repository before anything is inferred: what a store's receiver is, is
read off names alone. A store on something that names do not tell may replace a method of that name anywhere.
"""

from collections.abc import Mapping
from typing import NamedTuple

from hybridgym.facts import AttributeStore, Binding, BindingKind, FileFacts, Import, Kind, ScopeKind
from hybridgym.languages import LANGUAGES
from hybridgym.languages.javascript_paths import OVERRIDES
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.javascript_paths import ModulePaths

MAX_CHAIN = 10
"""Names that stand for each other."""
NOT_CALLABLE = frozenset({"''", "#", "None", "[", "{", "", "<RegExp>"})
"""Values that replace no method, since nobody calls them."""
COMMONJS = frozenset({"exports", "module", "require"})


class Entity(NamedTuple):
    """Something that has members."""

    sort: str
    """`instance` (of a class or function, its prototype too), `static` (a class or function itself), `object` (a
    literal), `module` (what a CommonJS module exports)."""
    path: str
    number: int
    """Index of the definition, or first byte of the literal."""

    @property
    def key(self) -> DefinitionKey:
        """The class or function."""
        return DefinitionKey(self.path, self.number)


class Given(NamedTuple):
    """A member that something is given."""

    path: str
    """Of the file that gives it."""
    member: DefinitionKey | Binding
    """A method, or a value: a field or a store."""
    inside: bool
    """Whether it is written in the class or literal itself."""


Members = dict[str, list[Given]]


class Stores:
    """The members of all entities of a repository."""

    def __init__(self, files: Mapping[str, FileFacts], modules: ModulePaths) -> None:
        self.files = files
        self.modules = modules
        self._names: dict[str, dict[tuple[int, str], list[Binding]]] = {}
        self._types: dict[str, dict[tuple[int, str], list[Binding]]] = {}
        self._keywords: dict[str, dict[int, int]] = {}
        self.exports: dict[str, dict[str, list[AttributeStore]]] = {}
        """What the `export` statements of a file export."""
        self.commonjs: dict[str, list[AttributeStore]] = {}
        """What is assigned to `module.exports` in a file."""
        self.holders: dict[DefinitionKey, Entity] = {}
        """What a function that is no name of its scope is a member of."""
        self.prototypes: dict[Entity, DefinitionKey] = {}
        """The function whose prototype an object literal is."""
        self.loose: dict[str, list[tuple[str, AttributeStore]]] = {}
        """Names that are set on something unknown, outside of tests, and where."""
        self.outside: dict[str, str] = {}
        """Names that are set on prototypes that are not of the repository, likewise."""
        self.unnamed: list[tuple[str, AttributeStore]] = []
        """What classes without a name override, and the files that they are in."""
        self.globals: dict[str, str] = {}
        """Members that are set on names that no file binds, likewise."""
        self._commonjs_entities: dict[str, Entity] = {}
        self._asking: set[str] = set()
        self.table: dict[Entity, Members] = {}
        """All members, by what has them."""
        self._collect()

    # names of a file

    def names(self, path: str) -> dict[tuple[int, str], list[Binding]]:
        """Return the bindings of values of a file by scope and name, in file order."""
        if path not in self._names:
            self._read_names(path)
        return self._names[path]

    def types(self, path: str) -> dict[tuple[int, str], list[Binding]]:
        """Return the bindings of types of a file by scope and name, in file order."""
        if path not in self._types:
            self._read_names(path)
        return self._types[path]

    def _read_names(self, path: str) -> None:
        facts = self.files[path]
        names: dict[tuple[int, str], list[Binding]] = {}
        types: dict[tuple[int, str], list[Binding]] = {}
        assigned: list[Binding] = []
        for binding in sorted(facts.bindings, key=lambda b: b.position):
            place = (binding.scope, binding.name)
            if binding.kind is BindingKind.DEFINITION:
                definition = facts.definitions[binding.index]
                if "property" in definition.flags:
                    continue
                if definition.kind is Kind.CLASS:
                    types.setdefault(place, []).append(binding)
                if definition.form != "interface":
                    names.setdefault(place, []).append(binding)
            elif binding.kind is BindingKind.OTHER and binding.value.startswith("<") and binding.value[1:2] != "@":
                types.setdefault(place, []).append(binding)
            elif binding.conditional and binding.kind is not BindingKind.IMPORT:
                assigned.append(binding)
            else:
                names.setdefault(place, []).append(binding)
                if binding.kind is BindingKind.IMPORT or binding.value.startswith("<@"):
                    types.setdefault(place, []).append(binding)
        for binding in assigned:  # the name belongs to the scope that declares it
            scope = binding.scope
            while scope > 0 and (scope, binding.name) not in names:
                scope = facts.scopes[scope].parent
            names.setdefault((scope, binding.name), []).append(binding)
        self._names[path], self._types[path] = names, types

    def bound(self, path: str, scope: int, name: str) -> list[Binding]:
        """Return the bindings that a name means in a scope; none where it is not bound in the file."""
        names, scopes = self.names(path), self.files[path].scopes
        while scope >= 0:
            found = names.get((scope, name))
            if found and scopes[scope].kind is not ScopeKind.CLASS:
                return found
            scope = scopes[scope].parent
        return []

    def definition_at(self, path: str, keyword: int) -> DefinitionKey | None:
        """Return the definition whose function or class begins at a byte."""
        known = self._keywords.get(path)
        if known is None:
            definitions = self.files[path].definitions
            known = self._keywords[path] = {d.keyword: number for number, d in enumerate(definitions)}
        number = known.get(keyword)
        return DefinitionKey(path, number) if number is not None else None

    # entities

    def entity(self, path: str, scope: int, text: str, depth: int = 0) -> Entity | None:
        """Return what an access path names, read off names alone; None where they do not tell."""
        if depth > MAX_CHAIN:
            return None
        if text.startswith("<"):
            return self._written(path, text)
        base, *rest = text.split(".")
        if not base.replace("$", "_").isidentifier():
            return None
        found = self._base(path, scope, base, depth)
        if base == "module" and rest[:1] == ["exports"] and not self.bound(path, scope, "module"):
            found, rest = self.commonjs_entity(path), rest[1:]
        for name in rest:
            if found is None:
                return None
            found = self._member(found, name, depth)
        return found

    def _written(self, path: str, text: str) -> Entity | None:
        if text.startswith("<{") and text[2:-2].isdigit():
            return Entity("object", path, int(text[2:-2]))
        if text.startswith("<@") and text[2:-1].isdigit():
            key = self.definition_at(path, int(text[2:-1]))
            return Entity("static", *key) if key is not None else None
        return None

    def _base(self, path: str, scope: int, name: str, depth: int) -> Entity | None:
        if name == "this":
            return self.this(path, scope)
        bound = [b for b in self.bound(path, scope, name) if b.value not in ("None", "declared") or b.annotation]
        if not bound:
            return self.commonjs_entity(path) if name == "exports" else None
        if len({(b.kind, b.value, b.index) for b in bound}) > 1:
            return None
        binding = bound[0]
        if binding.kind is BindingKind.DEFINITION:
            return Entity("static", path, binding.index)
        if binding.kind is BindingKind.IMPORT:
            return self._imported(path, self.files[path].imports[binding.index], depth)
        if binding.kind is BindingKind.ASSIGNMENT and binding.value:
            return self._of_value(path, binding.scope, binding.value, depth)
        return None

    def _of_value(self, path: str, scope: int, value: str, depth: int) -> Entity | None:
        if value.startswith("<require "):
            module, _, rest = value.partition('">')
            return self._of_module(path, module.removeprefix('<require "'), rest.removeprefix("."), depth)
        return self.entity(path, scope, value, depth + 1)

    def _of_module(self, path: str, specifier: str, rest: str, depth: int) -> Entity | None:
        found = self.modules.find(path, specifier).path
        if not found:
            return None
        entity: Entity | None = self.commonjs_entity(found)
        for name in rest.split(".") if rest else ():
            entity = self._member(entity, name, depth) if entity is not None else None
        return entity

    def _imported(self, path: str, imported: Import, depth: int) -> Entity | None:
        found = self.modules.find(path, imported.module).path
        if not found:
            return None
        own = self.exports.get(found)
        if imported.name in ("", "=") or (imported.name == "default" and own is None):
            return self.commonjs_entity(found)
        return self._member(Entity("module", found, 0) if own else self.commonjs_entity(found), imported.name, depth)

    def _member(self, entity: Entity, name: str, depth: int) -> Entity | None:
        if name == "prototype":
            return Entity("instance", entity.path, entity.number) if entity.sort == "static" else None
        if entity.sort == "module" and entity.path in self.exports:
            stores = self.exports[entity.path].get(name, [])
            if len(stores) != 1:
                return None
            return self._of_value(entity.path, stores[0].scope, stores[0].value, depth + 1)
        given = self.table.get(entity, {}).get(name, [])
        if len(given) != 1 or isinstance(given[0].member, DefinitionKey):
            return Entity("static", *given[0].member) if len(given) == 1 else None  # type: ignore[misc]
        return self._of_value(given[0].path, given[0].member.scope, given[0].member.value, depth + 1)

    def commonjs_entity(self, path: str) -> Entity:
        """Return what a CommonJS module exports."""
        found = self._commonjs_entities.get(path)
        if found is not None:
            return found
        own = Entity("module", path, 0)
        values = {s.value: s for s in self.commonjs.get(path, ()) if s.value != "None"}
        if len(values) != 1 or path in self._asking:
            return own
        self._asking.add(path)
        store = next(iter(values.values()))
        entity = self._of_value(path, store.scope, store.value, 0) or own
        self._asking.discard(path)
        self._commonjs_entities[path] = entity
        return entity

    def this(self, path: str, scope: int) -> Entity | None:
        """Return what `this` is in a scope: a class or function or its instance, or an object literal."""
        facts = self.files[path]
        is_static = False
        while scope >= 0:
            own = facts.scopes[scope]
            if own.kind is ScopeKind.COMPREHENSION:
                is_static = True
            elif own.kind is ScopeKind.CLASS:
                return (
                    Entity("static" if is_static else "instance", path, own.definition) if own.definition >= 0 else None
                )
            elif own.kind is ScopeKind.FUNCTION:
                return self._this_of(path, own.definition) if own.definition >= 0 else None
            elif own.definition >= 0 and "static" in facts.definitions[own.definition].flags:
                is_static = True
            scope = own.parent
        return None

    def _this_of(self, path: str, number: int) -> Entity | None:
        facts = self.files[path]
        definition = facts.definitions[number]
        if definition.kind is Kind.METHOD and "property" not in definition.flags:
            return Entity("static" if "static" in definition.flags else "instance", path, definition.parent)
        held = self.holders.get(DefinitionKey(path, number))
        if held is None:
            is_plain = definition.kind is Kind.FUNCTION and "property" not in definition.flags
            return Entity("instance", path, number) if is_plain else None
        prototype = self.prototypes.get(held)
        return Entity("instance", *prototype) if prototype is not None else held if held.sort != "module" else None

    # members

    def _collect(self) -> None:
        for path in self.files:
            self._classes(path)
            self._direct(path)
        later: list[tuple[str, AttributeStore]] = []
        for path, facts in self.files.items():
            for store in facts.stores:
                if store.name == OVERRIDES:
                    self.unnamed.append((path, store))
                    continue
                if store.receiver == "export" or store.receiver.startswith("<{") or is_module_store(store):
                    continue
                if store.name == "prototype":
                    self._prototype(path, store)
                later.append((path, store))
        # methods first: what `this` is in them follows from where they are
        for is_method in (True, False):
            for path, store in later:
                if store.value.startswith("<@") is is_method:
                    self._placed(path, store)

    def _classes(self, path: str) -> None:
        facts = self.files[path]
        for number, definition in enumerate(facts.definitions):
            if definition.parent >= 0 and facts.definitions[definition.parent].kind is Kind.CLASS:
                scope_is_class = "property" not in definition.flags
                if scope_is_class:
                    sort = "static" if "static" in definition.flags else "instance"
                    key = DefinitionKey(path, number)
                    self._add(Entity(sort, path, definition.parent), definition.name, Given(path, key, True))
        for binding in facts.bindings:
            scope = facts.scopes[binding.scope]
            if scope.kind is ScopeKind.CLASS and scope.definition >= 0 and binding.kind is BindingKind.ASSIGNMENT:
                self._add(Entity("instance", path, scope.definition), binding.name, Given(path, binding, True))

    def _direct(self, path: str) -> None:
        """Add what needs no name looked up."""
        for store in self.files[path].stores:
            if store.receiver == "export":
                self.exports.setdefault(path, {}).setdefault(store.name, []).append(store)
            elif is_module_store(store):
                self.commonjs.setdefault(path, []).append(store)
            elif store.receiver.startswith("<{") and store.name != OVERRIDES:
                entity = self._written(path, store.receiver)
                if entity is not None:
                    self._give(entity, path, store, inside=True)

    def _prototype(self, path: str, store: AttributeStore) -> None:
        """`A.prototype = {…}`: the members of the literal are those of A's instances."""
        own, literal = self.entity(path, store.scope, store.receiver), self._written(path, store.value)
        if own is None or own.sort != "static" or literal is None or literal.sort != "object":
            return
        self.prototypes[literal] = own.key
        for name, members in self.table.get(literal, {}).items():
            for given in members:
                self._add(Entity("instance", *own.key), name, given)

    def _placed(self, path: str, store: AttributeStore) -> None:
        entity = self.entity(path, store.scope, store.receiver)
        is_test = LANGUAGES[self.files[path].language].is_test(path)
        if entity is not None:
            if not is_test or entity.path == path:  # what tests replace, they replace for themselves
                self._give(entity, path, store, inside=False)
        elif not is_test and is_callable(store.value) and not store.receiver.startswith("<"):
            self.loose.setdefault(store.name, []).append((path, store))
            if not self.bound(path, store.scope, store.receiver.partition(".")[0]):
                self.globals.setdefault(f"{store.receiver}.{store.name}", path)
            if store.receiver.endswith(".prototype"):
                self.outside.setdefault(store.name, path)

    def _give(self, entity: Entity, path: str, store: AttributeStore, *, inside: bool) -> None:
        key = self.definition_at(path, store.position) if store.value == "?" else None  # a getter or setter
        if store.value.startswith("<@"):
            written = self._written(path, store.value)
            key = written.key if written is not None else None
        if key is not None:
            self.holders.setdefault(key, entity)
        member = Binding(store.name, store.scope, BindingKind.ASSIGNMENT, store.position, store.value, store.annotation)
        self._add(entity, store.name, Given(path, member, inside))

    def _add(self, entity: Entity, name: str, given: Given) -> None:
        self.table.setdefault(entity, {}).setdefault(name, []).append(given)


def is_module_store(store: AttributeStore) -> bool:
    """Say whether a store is `module.exports = …`."""
    return store.receiver == "module" and store.name == "exports"


def is_callable(value: str) -> bool:
    """Say whether a value may be a function, as far as its access path tells."""
    return value not in NOT_CALLABLE and not value.endswith("!") and not value.startswith("<{")
