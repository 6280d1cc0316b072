"""Values of written types of Go, and what they are made of.

Pointers are not told from what they point to: a selector, an index and a loop see through them. What a value says
besides: `exact` where it is of a concrete type outside of the repository, since a method of an interface there may be
one of the repository's; `parts` are the type arguments of a type, an instance or a function of the repository.

A CONTAINER is `slice` (arrays too), `map`, `chan`, `tuple`, `func` (what parameters it has, as a tuple, then its
results), `lambda` (a function literal), `basic`, `error`, `struct` and `interface` with the names of their members
behind that word (`^` where they are embedded), or `parameter` with its number.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from hybridgym.facts import Binding, BindingKind, Definition, FileFacts, Import, Kind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.go_outside import TYPES, is_concrete
from hybridgym.resolvers.go_packages import Declared, Packages
from hybridgym.resolvers.go_written import Written, read_type
from hybridgym.resolvers.typed import TypedResolver
from hybridgym.resolvers.typed_values import NOTHING_VALUE, Sort, Value, unknown

BASIC = Value(Sort.CONTAINER, name="basic")
ANY = Value(Sort.CONTAINER, name="interface")
VARIANTS = "build variants"


def container(name: str, *parts: Value) -> Value:
    """Return the value of a type that is made of others."""
    return Value(Sort.CONTAINER, name=name, parts=parts)


class GoTypes(TypedResolver):
    """From written types to values."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str], build_files: Mapping[str, bytes]) -> None:
        super().__init__(files, all_paths, build_files)
        self.packages = Packages(files, build_files)
        self._imports: dict[str, dict[str, Value]] = {}

    # names of types

    def written_type(self, path: str, scope: int, text: str, position: int) -> Value:
        return self._evaluated(read_type(text), path, scope, position)

    def _evaluated(self, written: Written, path: str, scope: int, position: int) -> Value:
        parts = written.parts
        match written.form:
            case "name":
                arguments = tuple(self._evaluated(part, path, scope, position) for part in parts)
                return self._named(written.name, arguments, path, scope, position)
            case "pointer":
                value = self._evaluated(parts[0], path, scope, position)
                return value._replace(exact=True) if value.sort is Sort.EXTERNAL else value
            case "struct" | "interface":
                return self._structure(written, path, scope, position)
            case "unknown":
                return unknown("type")
        return container(written.form, *(self._evaluated(part, path, scope, position) for part in parts))

    def _structure(self, written: Written, path: str, scope: int, position: int) -> Value:
        names, values = [written.form], []
        for member in written.parts:
            value = self._evaluated(member.parts[0], path, scope, position)
            names.append(member.name or f"^{embedded_name(member.parts[0])}")
            values.append(value)
        return container(" ".join(names), *values)

    def _named(self, name: str, arguments: tuple[Value, ...], path: str, scope: int, position: int) -> Value:
        qualifier, _, own = name.rpartition(".")
        if qualifier:
            value = self.namespace_member(self.package_named(path, qualifier), own, path)
        else:
            value = self._type_in_scopes(path, scope, own, position - 1)
        return self.instance(value, arguments)

    def instance(self, value: Value, arguments: tuple[Value, ...] = ()) -> Value:
        """Return a value of a type; an alias is what it stands for."""
        if value.sort is Sort.EXTERNAL:
            return Value(Sort.EXTERNAL, name=value.name, how="value", parts=arguments, exact=is_concrete(value.name))
        if value.sort is Sort.BUILTIN:
            return container("error") if value.name == "error" else ANY if value.name == "any" else BASIC
        if value.sort is not Sort.TYPE or value.key is None:
            return value if value.sort in (Sort.CONTAINER, Sort.UNKNOWN) else unknown("type")
        definition = self.definition(value.key)
        if "alias" in definition.flags:
            scope = self.scope_of(value.key)
            target = self.type_at(value.key.path, scope, definition.returns, definition.start)
            return substituted(target, value.key, arguments)
        return Value(Sort.INSTANCE, value.key, parts=arguments)

    def _type_in_scopes(self, path: str, scope: int, name: str, position: int) -> Value:
        """Return what a name means where a type is written."""
        scopes = self.files[path].scopes
        while scope > 0:
            own = scopes[scope]
            for binding in self.bindings_of(path).get((scope, name), ()):
                if binding.kind is BindingKind.OTHER:
                    return self._type_parameter(path, own.definition, binding)
                if binding.kind is BindingKind.DEFINITION and binding.position <= position + 1:
                    return self.defined(DefinitionKey(path, binding.index), "lexical")
            scope = own.parent
        found = self.declared(path, name)
        if found is not None:
            return found
        if name in TYPES:
            return Value(Sort.BUILTIN, name=name)
        return self.dotted(path, name)

    def _type_parameter(self, path: str, number: int, binding: Binding) -> Value:
        """Return a type parameter; those of a method are its receiver's."""
        owner = self.type_of_method(DefinitionKey(path, number)) or DefinitionKey(path, number)
        return Value(Sort.CONTAINER, owner, name=f"parameter {binding.index}")

    def type_of_method(self, key: DefinitionKey) -> DefinitionKey | None:
        """Return the type that a method belongs to, or None."""
        owner = self.definition(key).owner
        found = self.declared(key.path, owner) if owner else None
        return found.key if found is not None and found.sort is Sort.TYPE else None

    # packages

    def declared(self, path: str, name: str) -> Value | None:
        """Return what the package of a file declares under a name, or None."""
        return self._declaration(self.packages.of(path).declared(name, path), path)

    def _declaration(self, found: Sequence[Declared], path: str) -> Value | None:
        if not found:
            return None
        definitions = [d for d in found if d.binding.kind is BindingKind.DEFINITION]
        if len(found) > 1:
            kinds = {self.files[d.path].definitions[d.binding.index].kind for d in definitions}
            if len(definitions) < len(found) or kinds != {Kind.CLASS}:
                return unknown(VARIANTS)
        first = found[0]
        if definitions:
            key = DefinitionKey(first.path, first.binding.index)
            return self.defined(key, "lexical" if first.path == path else "package")
        return self.variable(first.path, (first.binding,), True)

    def variable(self, path: str, bindings: Sequence[Binding], is_global: bool) -> Value:
        """Return the value of a variable that has these bindings in one scope."""
        return self.binding_value(path, bindings[0])

    def namespace_member(self, namespace: Value, name: str, path: str) -> Value:
        if namespace.sort is Sort.EXTERNAL:
            return outside(f"{namespace.name}.{name}", "name")
        if namespace.sort is not Sort.NAMESPACE:
            return namespace
        package = self.packages.by_id[namespace.name]
        found = self._declaration(package.declared(name, path), path)
        return unknown("no such name") if found is None else renamed(found, "import")

    def imported(self, path: str, imported: Import) -> Value:
        meant = self.packages.imported(path, imported.module)
        if meant.package:
            return Value(Sort.NAMESPACE, name=meant.package)
        return outside(imported.module, "package") if meant.outside else unknown("unknown module")

    def package_named(self, path: str, name: str) -> Value:
        """Return the package that a file imports under a name."""
        found = self.imports_of(path).get(name)
        if found is not None:
            return found
        # the name that a package gives itself need not be the one that its path suggests
        guessed = [i for i in self.files[path].imports if not i.name and "." in i.module.partition("/")[0]]
        values = [self.imported(path, i) for i in guessed]
        if any(value.sort is Sort.UNKNOWN for value in values):
            return unknown("unknown module")
        return next((value for value in values if value.sort is Sort.EXTERNAL), unknown("no such name"))

    def imports_of(self, path: str) -> dict[str, Value]:
        """Return the packages that a file imports, by the names that it gives them."""
        found = self._imports.get(path)
        if found is None:
            found = self._imports[path] = {}
            for imported in self.files[path].imports:
                value = self.imported(path, imported)
                name = imported.alias
                if not imported.name and value.sort is Sort.NAMESPACE:
                    name = self.packages.by_id[value.name].name
                if imported.name not in (".", "_"):
                    found[name] = value
        return found

    def dotted(self, path: str, name: str) -> Value:
        """Return what dot imports give a name."""
        if not name[:1].isupper():
            return unknown("no such name")
        elsewhere: Value | None = None
        for imported in self.files[path].imports:
            if imported.name != ".":
                continue
            value = self.imported(path, imported)
            if value.sort is Sort.NAMESPACE:
                found = self._declaration(self.packages.by_id[value.name].declared(name, path), path)
                if found is not None:
                    return renamed(found, "import")
            else:
                elsewhere = elsewhere or value
        return unknown("no such name") if elsewhere is None else self.namespace_member(elsewhere, name, path)

    # what types are made of

    def underlying(self, value: Value) -> Value:
        """Return what a value is behind the name of its type; a struct or an interface of the repository is itself."""
        if value.sort is not Sort.INSTANCE or value.key is None:
            return value
        return self.steps.once(("underlying", value.key, value.parts), lambda: self._underlying(value))

    def _underlying(self, value: Value) -> Value:
        assert value.key is not None
        definition = self.definition(value.key)
        if definition.form != "type":
            return value
        found = self.type_at(value.key.path, self.scope_of(value.key), definition.returns, definition.start)
        return self.underlying(substituted(found, value.key, value.parts))

    def variants(self, key: DefinitionKey) -> list[DefinitionKey]:
        """Return the definitions of a type, of which a build has one."""
        definition = self.definition(key)
        if definition.parent >= 0:
            return [key]
        declared = self.packages.of(key.path).names.get(definition.name, ())
        found = [DefinitionKey(d.path, d.binding.index) for d in declared if d.binding.kind is BindingKind.DEFINITION]
        return found or [key]

    def fields(self, key: DefinitionKey, name: str) -> Iterator[Binding]:
        """Yield the fields of a struct, or the methods of an interface, that have a name: one, unless it is broken."""
        for member in self.members(key).get(name, ()):
            if isinstance(member, Binding) and member.kind is BindingKind.ASSIGNMENT:
                yield member

    def receiver(self, path: str, definition: Definition) -> Value:
        """Return the value of the receiver of a method."""
        value = self.declared(path, definition.owner)
        if value is None or value.sort is not Sort.TYPE or value.key is None:
            return unknown("receiver")
        count = self._parameter_counts[value.key.path][self.scope_of(value.key)]
        parameters = (Value(Sort.CONTAINER, value.key, name=f"parameter {number}") for number in range(count))
        return renamed(self.instance(value, tuple(parameters)), "self")

    @cached_property
    def _parameter_counts(self) -> dict[str, Counter[int]]:
        """How many type parameters each scope binds, by file."""
        return {
            path: Counter(b.scope for b in facts.bindings if b.kind is BindingKind.OTHER)
            for path, facts in self.files.items()
        }

    # parts of values

    def element(self, value: Value) -> Value:
        made = self.underlying(value)
        if made.sort is Sort.EXTERNAL:
            return outside(f"{made.name}[]", "value")
        if made.sort is not Sort.CONTAINER:
            return unknown("element")
        if made.name in ("slice", "map"):
            return made.parts[-1]._replace(how=value.how)
        return BASIC if made.name == "basic" else unknown("element")

    def awaited(self, value: Value) -> Value:
        made = self.underlying(value)
        if made.sort is Sort.EXTERNAL:
            return outside(f"{made.name}<-", "value")
        is_channel = made.sort is Sort.CONTAINER and made.name == "chan"
        return made.parts[0]._replace(how=value.how) if is_channel else unknown("received")

    def iterated(self, value: Value, index: int) -> Value:
        made = self.underlying(value)
        if made.sort is Sort.EXTERNAL:
            return made.parts[index] if index < len(made.parts) else outside(f"{made.name}[]", "value")
        if made.sort is not Sort.CONTAINER:
            return unknown("iteration")
        if made.name == "basic":
            return value if index == 0 else BASIC
        if made.name == "slice":
            return BASIC if index == 0 else made.parts[0]._replace(how=value.how)
        if made.name in ("map", "chan") and index < len(made.parts):
            return made.parts[index]._replace(how=value.how)
        if made.name in ("func", "lambda"):
            return self._yielded(made, index)
        return unknown("iteration")

    def _yielded(self, iterator: Value, index: int) -> Value:
        """Return what a function over `yield` gives."""
        parameters = iterator.parts[0].parts
        given = parameters[0].parts[0].parts if len(parameters) == 1 and parameters[0].name == "func" else ()
        return given[index] if 0 <= index < len(given) else unknown("iteration")

    def part(self, value: Value, index: int) -> Value:
        if value.sort is Sort.EXTERNAL:
            return outside(value.name, "value")
        if value.sort is Sort.CONTAINER and value.name == "tuple" and 0 <= index < len(value.parts):
            return value.parts[index]._replace(how=value.how)
        return unknown("unpacking")

    def results(self, function: Value) -> Value:
        """Return what a function value gives."""
        results = function.parts[1:]
        if len(results) == 1:
            return results[0]._replace(how="return")
        return container("tuple", *results)._replace(how="return") if results else NOTHING_VALUE


def substituted(value: Value, key: DefinitionKey | None, arguments: Sequence[Value]) -> Value:
    """Return a value with type arguments in the place of the type parameters of a definition."""
    if not arguments:
        return value
    if value.sort is Sort.CONTAINER and value.key == key and value.name.startswith("parameter "):
        number = int(value.name.partition(" ")[2])
        return arguments[number] if number < len(arguments) else value
    if not value.parts:
        return value
    return value._replace(parts=tuple(substituted(part, key, arguments) for part in value.parts))


def renamed(value: Value, how: str) -> Value:
    """Return a value with another rule by which it was found."""
    return value if value.sort in (Sort.UNKNOWN, Sort.EXTERNAL, Sort.BUILTIN) else value._replace(how=how)


def outside(name: str, what: str) -> Value:
    """Return what is declared outside: a `package`, the `name` of one, a `member` of something, or a `value`."""
    return Value(Sort.EXTERNAL, name=name, how=what)


def embedded_name(written: Written) -> str:
    """Return the name of the field that an embedded type makes."""
    while written.form == "pointer":
        written = written.parts[0]
    return written.name.rpartition(".")[2]
