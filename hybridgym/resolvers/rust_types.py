"""Rust's written types as values, and what stands for the parameters of generic ones.

A value is an INSTANCE of a type of the repository (`parts` are its arguments), a CONTAINER (a type of std that
holds others; `slice`, `tuple`, `function`; `open` for dyn, impl and what is generic), or EXTERNAL.
A type parameter is an `open` CONTAINER whose `how` is its name, until something takes its place.
"""

from collections.abc import Mapping, Sequence

from hybridgym.facts import Binding, BindingKind, FileFacts, Import, Kind, ScopeKind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.rust_crates import STANDARD
from hybridgym.resolvers.rust_names import Names
from hybridgym.resolvers.rust_std import HOLDERS
from hybridgym.resolvers.rust_tables import Meaning, Space, Word
from hybridgym.resolvers.rust_written import Written, alias, written
from hybridgym.resolvers.typed import TypedResolver
from hybridgym.resolvers.typed_values import Sort, Value, external, unknown

OPEN = Value(Sort.CONTAINER, name="open")
UNKNOWN_TYPE = unknown("unknown type")
FOLLOWED = frozenset({"Result", "Lazy", "MutexGuard", "RwLockReadGuard", "RwLockWriteGuard", "HashMap", "HashSet"})
"""Types that mean the same wherever they come from."""
MAX_DEPTH = 30


def container(name: str, *parts: Value) -> Value:
    """Return a value of a type that is made of others."""
    return Value(Sort.CONTAINER, name=name, parts=parts)


def parameter(name: str) -> Value:
    """Return a value of the type that a parameter stands for."""
    return OPEN._replace(how=name)


def found_by(value: Value, how: str) -> Value:
    """Return a value that was found by a rule."""
    return value._replace(how=how) if value.sort in (Sort.INSTANCE, Sort.FUNCTION) else value


class RustTypes(TypedResolver):
    """The part of the resolver that knows types."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str], build_files: Mapping[str, bytes]) -> None:
        super().__init__(files, all_paths, build_files)
        self.names = Names(files, all_paths, build_files)
        self._others: dict[str, dict[tuple[int, str], Binding]] = {}
        self._generics: dict[str, dict[int, tuple[str, ...]]] = {}

    def global_name(self, path: str, name: str) -> Value:
        return unknown("not asked for")

    def imported(self, path: str, imported: Import) -> Value:
        segments = [s for s in imported.module.split("::") if s]
        if imported.name != "*":
            segments.append(imported.name)
        if not segments:
            return unknown("unknown import")
        return self.meant(self.names.path(path, imported.scope, segments, Space.TYPES).meaning)

    def namespace_member(self, namespace: Value, name: str, path: str) -> Value:
        return unknown("not asked for")

    def files_of(self, namespace: Value) -> list[str]:
        return [self.names.modules.all[int(namespace.name)].path]

    def meant(self, meaning: Meaning) -> Value:
        """Return what a name means as a value of the core."""
        match meaning.word:
            case Word.DEFINITION | Word.VARIANT:
                return self.defined(DefinitionKey(meaning.path, meaning.number), "import")
            case Word.MODULE:
                return Value(Sort.NAMESPACE, name=str(meaning.number))
            case Word.EXTERNAL:
                return external(meaning.name)
            case _:
                return unknown(meaning.name or str(meaning.word))

    # bindings that are neither items nor variables

    def other(self, path: str, scope: int, name: str, what: str) -> Binding | None:
        """Return the binding in a scope that says something of its kind: `generic`, `impl`, `trait`, `type`."""
        table = self._others.get(path)
        if table is None:
            table = self._others[path] = {}
            for binding in self.files[path].bindings:
                if binding.kind is BindingKind.OTHER:
                    own = binding.value.removeprefix("pub ")
                    table.setdefault((binding.scope, f"{own} {binding.name}"), binding)
        return table.get((scope, f"{what} {name}"))

    def generics(self, key: DefinitionKey) -> tuple[str, ...]:
        """Return the type parameters of a type, in their order; those that are constants have no name."""
        by_scope = self._generics.get(key.path)
        if by_scope is None:
            by_scope = self._generics[key.path] = {}
            for binding in self.files[key.path].bindings:
                if binding.kind is BindingKind.OTHER and binding.value in ("generic", "const"):
                    name = binding.name if binding.value == "generic" else ""
                    by_scope[binding.scope] = (*by_scope.get(binding.scope, ()), name)
        return by_scope.get(self.scope_of(key), ())

    # types

    def written_type(self, path: str, scope: int, text: str, position: int) -> Value:
        return self.type_value(written(text), path, scope, {})

    def type_value(self, type_: Written, path: str, scope: int, given: Mapping[str, Value], depth: int = 0) -> Value:
        """Return a value of a type that is written in a scope; `given` are the values of an alias's parameters."""
        if depth > MAX_DEPTH:
            return UNKNOWN_TYPE
        match type_.word:
            case "path":
                parts = tuple(self.type_value(p, path, scope, given, depth + 1) for p in type_.parts)
                return self._path_type(type_.names, parts, path, scope, given, depth)
            case "tuple" | "slice" | "function":
                parts = tuple(self.type_value(p, path, scope, given, depth + 1) for p in type_.parts)
                return container(type_.word, *parts)
            case "open":
                parts = tuple(self.type_value(p, path, scope, given, depth + 1) for p in type_.parts)
                return container("open", *(container("Iterator", p) for p in parts))
            case "qualified" if not type_.names:
                return self.type_value(type_.parts[0], path, scope, given, depth + 1)
            case "qualified":
                inner = self.type_value(type_.parts[0], path, scope, given, depth + 1)
                return OPEN if inner.name == "open" else UNKNOWN_TYPE
        return UNKNOWN_TYPE

    def _path_type(
        self,
        names: Sequence[str],
        parts: tuple[Value, ...],
        path: str,
        scope: int,
        given: Mapping[str, Value],
        depth: int,
    ) -> Value:
        first = names[0]
        if first in given:
            return given[first] if len(names) == 1 else OPEN
        if first == "Self":
            return self._self_member(path, scope, names[1:], depth)
        if self.is_parameter(path, scope, first):
            return parameter(first) if len(names) == 1 else OPEN
        if first == "_":
            return UNKNOWN_TYPE
        meaning = self.names.path(path, scope, names, Space.TYPES).meaning
        return self.instance(meaning, parts, depth)

    def is_parameter(self, path: str, scope: int, name: str) -> bool:
        """Say whether a name is a type parameter in a scope."""
        scopes = self.files[path].scopes
        while scope >= 0 and scopes[scope].kind is not ScopeKind.MODULE:
            if self.other(path, scope, name, "generic") is not None:
                return True
            scope = scopes[scope].parent
        return False

    def instance(self, meaning: Meaning, parts: tuple[Value, ...], depth: int = 0) -> Value:
        """Return a value of the type that a name means."""
        match meaning.word:
            case Word.DEFINITION | Word.VARIANT:
                key = DefinitionKey(meaning.path, meaning.number)
                if self.definition(key).kind is not Kind.CLASS or (meaning.member and meaning.word is Word.DEFINITION):
                    return UNKNOWN_TYPE
                if self.definition(key).form == "trait":
                    return OPEN
                return Value(Sort.INSTANCE, key, parts=parts)
            case Word.ALIAS if not meaning.member:
                return self._aliased(DefinitionKey(meaning.path, meaning.number), parts, depth)
            case Word.EXTERNAL:
                return self.outside_type(meaning.name, parts)
            case Word.UNKNOWN:
                return unknown(meaning.name)
        return UNKNOWN_TYPE

    def _aliased(self, place: DefinitionKey, parts: tuple[Value, ...], depth: int) -> Value:
        binding = self.files[place.path].bindings[place.number]
        names, text = alias(binding.annotation)
        given = {name: parts[n] if n < len(parts) else UNKNOWN_TYPE for n, name in enumerate(names)}
        key = ("alias", place, parts)
        return self.steps.once(key, lambda: self.type_value(written(text), place.path, binding.scope, given, depth + 1))

    def outside_type(self, name: str, parts: tuple[Value, ...]) -> Value:
        """Return a value of a type that lies outside of the repository."""
        first, _, last = name.rpartition("::")
        is_standard = not first or name.partition("::")[0] in STANDARD
        if last in HOLDERS and (is_standard or last in FOLLOWED):
            return Value(Sort.CONTAINER, name=last, parts=parts)
        if is_standard and first and last in ("String", "Path", "PathBuf"):
            return external(last)
        return Value(Sort.EXTERNAL, name=name, parts=parts)

    # Self

    def self_scope(self, path: str, scope: int) -> int:
        """Return the scope of the impl, trait or type around a scope, or -1."""
        scopes = self.files[path].scopes
        while scope >= 0 and scopes[scope].kind is not ScopeKind.MODULE:
            if scopes[scope].kind is ScopeKind.CLASS:
                return scope
            scope = scopes[scope].parent
        return -1

    def self_type(self, path: str, scope: int) -> Value:
        """Return a value of the type `Self`, as seen from a scope."""
        around = self.self_scope(path, scope)
        if around < 0:
            return UNKNOWN_TYPE
        return self.steps.once(("Self", path, around), lambda: self._own_type(path, around))

    def _own_type(self, path: str, scope: int) -> Value:
        binding = self.other(path, scope, "Self", "impl")
        if binding is not None:
            return self.type_value(written(binding.annotation), path, scope, {})
        number = self.files[path].scopes[scope].definition
        if number < 0:
            return UNKNOWN_TYPE
        key = DefinitionKey(path, number)
        if self.definition(key).form == "trait":
            return parameter("Self")
        return Value(Sort.INSTANCE, key, parts=tuple(parameter(n) if n else UNKNOWN_TYPE for n in self.generics(key)))

    def _self_member(self, path: str, scope: int, rest: Sequence[str], depth: int) -> Value:
        if not rest:
            return self.self_type(path, scope)
        around = self.self_scope(path, scope)
        binding = self.other(path, around, rest[0], "type") if around >= 0 and len(rest) == 1 else None
        if binding is None or not binding.annotation:
            return OPEN
        return self.type_value(written(binding.annotation), path, around, {}, depth + 1)

    # type parameters

    def substituted(self, value: Value, given: Mapping[str, Value], depth: int = 0) -> Value:
        """Return a value with what is given in the place of type parameters."""
        if value.sort is Sort.CONTAINER and value.name == "open" and value.how in given:
            return given[value.how]
        if not value.parts or not given or depth > MAX_DEPTH:
            return value
        return value._replace(parts=tuple(self.substituted(p, given, depth + 1) for p in value.parts))

    def unified(self, general: Value, special: Value, given: dict[str, Value], depth: int = 0) -> bool:
        """Find what type parameters of one type stand for in another; say whether the types can be the same."""
        if depth > MAX_DEPTH or Sort.UNKNOWN in (general.sort, special.sort):
            return True
        if general.sort is Sort.CONTAINER and general.name == "open":
            if general.how:
                given.setdefault(general.how, special)
            return True
        if special.sort is Sort.CONTAINER and special.name == "open":
            return True
        if general.sort is not special.sort or general.key != special.key:
            return False
        if general.key is None and general.name.rpartition("::")[2] != special.name.rpartition("::")[2]:
            return False
        fits = [self.unified(g, s, given, depth + 1) for g, s in zip(general.parts, special.parts, strict=False)]
        return all(fits)

    def field(self, value: Value, name: str) -> Value:
        """Return the value of a field."""
        if value.sort is Sort.CONTAINER and value.name == "tuple":
            number = int(name) if name.isdigit() and len(name) < 4 else -1
            return value.parts[number] if 0 <= number < len(value.parts) else unknown("field")
        if value.key is None or value.sort not in (Sort.INSTANCE, Sort.TYPE):
            return unknown(value.name) if value.sort is Sort.UNKNOWN else unknown("field of outside code")
        found = [m for m in self.members(value.key).get(name, ()) if isinstance(m, Binding)]
        found = [b for b in found if b.kind is BindingKind.ASSIGNMENT]
        if len(found) != 1:
            return unknown("field")
        declared = self.type_at(value.key.path, found[0].scope, found[0].annotation, found[0].position)
        names = self.generics(value.key)
        given = {n: p for n, p in zip(names, value.parts, strict=False) if n} if "" not in names else {}
        return found_by(self.substituted(declared, given), "attribute")
