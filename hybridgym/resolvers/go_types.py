"""Values of written types of Go, of names of types and of packages, and what values are made of."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from hybridgym.facts import Binding, BindingKind, Definition, FileFacts, Import, Kind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.go_outside import TYPES, written_outside
from hybridgym.resolvers.go_packages import Declared, Packages
from hybridgym.resolvers.go_values import ANY, BASIC, FUNCTIONS, container, outside, parameter, renamed, substituted
from hybridgym.resolvers.go_written import Written, read_type
from hybridgym.resolvers.typed import TypedResolver
from hybridgym.resolvers.typed_values import NOTHING_VALUE, Sort, Value, unknown

VARIANTS = "build variants"
Naming = Callable[[str, tuple[Value, ...]], Value]
"""What a name with type arguments is a type of."""


class GoTypes(TypedResolver):
    """From written types to values."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str], build_files: Mapping[str, bytes]) -> None:
        super().__init__(files, all_paths, build_files)
        self.packages = Packages(files, build_files)
        self._imports: dict[str, dict[str, Value]] = {}
        self._outside: dict[str, Value] = {}
        self._dotted: dict[str, list[Value]] = {}
        self._guessed: dict[str, Value] = {}

    # names of types

    def written_type(self, path: str, scope: int, text: str, position: int) -> Value:
        def named(name: str, arguments: tuple[Value, ...]) -> Value:
            qualifier, _, own = name.rpartition(".")
            if qualifier:
                value = self.namespace_member(self.package_named(path, qualifier), own, path)
            else:
                value = self._type_in_scopes(path, scope, own, position - 1)
            return self.instance(value, arguments)

        return self._evaluated(read_type(text), named)

    def _evaluated(self, written: Written, named: Naming) -> Value:
        parts = written.parts
        match written.form:
            case "name":
                return named(written.name, tuple(self._evaluated(part, named) for part in parts))
            case "pointer":
                value = self._evaluated(parts[0], named)
                return value._replace(exact=True) if value.sort is Sort.EXTERNAL else value
            case "struct" | "interface":
                names = [member.name or f"^{embedded_name(member.parts[0])}" for member in parts]
                values = [self._evaluated(member.parts[0], named) for member in parts]
                return container(" ".join([written.form, *names]), *values)
            case "unknown":
                return unknown("type")
        return container(written.form, *(self._evaluated(part, named) for part in parts))

    def instance(self, value: Value, arguments: tuple[Value, ...] = ()) -> Value:
        """Return a value of a type; an alias is what it stands for."""
        if value.sort is Sort.EXTERNAL:
            return self._instance_outside(value, arguments)
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

    def _instance_outside(self, value: Value, arguments: tuple[Value, ...]) -> Value:
        if value.how != "name":
            return value
        text = written_outside(*standard_name(value.name))
        if text.startswith("alias "):
            return substituted(self._written_outside(value.name, text.removeprefix("alias ")), None, arguments)
        is_concrete = text == "concrete" or text.startswith("type ")
        return outside(value.name, "value", arguments)._replace(exact=is_concrete)

    def value_outside(self, value: Value, trailer: str = "") -> Value | None:
        """Return what is known of a variable, a field or, with `()`, of results outside; None where nothing is."""
        text = written_outside(*standard_name(value.name + trailer))
        is_type = text in ("", "concrete", "interface") or text.startswith(("type ", "alias "))
        return None if is_type else substituted(self._written_outside(value.name, text), None, value.parts)

    def _written_outside(self, where: str, text: str) -> Value:
        """Return a value of a type that is written in a package of the standard library."""
        package = standard_name(where)[0]

        def named(name: str, arguments: tuple[Value, ...]) -> Value:
            if name in ("opaque", "hidden"):
                return outside(f"{package}.{name}", "value")._replace(exact=name == "opaque")
            if name in TYPES:
                return self.instance(Value(Sort.BUILTIN, name=name))
            if name[0] == "T" and name[1:].isdigit():
                return parameter(None, int(name[1:]))
            qualifier, _, own = name.rpartition(".")
            origin = qualifier.replace("__", "/") or package
            return self.instance(outside(f"{origin}.{own}", "name"), arguments)

        return self.steps.once(("outside", package, text), lambda: self._evaluated(read_type(text), named))

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
        declared = self.declared(path, name)
        if declared is not None:
            return declared
        if name in TYPES:
            return Value(Sort.BUILTIN, name=name)
        return self.dotted(path, name)

    def _type_parameter(self, path: str, number: int, binding: Binding) -> Value:
        """Return a type parameter; those of a method are its receiver's."""
        owner = self.type_of_method(DefinitionKey(path, number)) or DefinitionKey(path, number)
        return parameter(owner, binding.index)

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
            full = f"{namespace.name}.{name}"
            there = self._outside.get(full)
            if there is None:
                bare = outside(full, "name")
                there = self._outside[full] = self.value_outside(bare) or bare
            return there
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
        guessed = self._guessed.get(path)
        if guessed is None:
            guessed = self._guessed[path] = self._of_unknown_name(path)
        return guessed

    def _of_unknown_name(self, path: str) -> Value:
        """Return what a package is that no import seems to name: what one calls itself its path need not tell."""
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
        values = self._dotted.get(path)
        if values is None:
            imported = [self.imported(path, i) for i in self.files[path].imports if i.name == "."]
            values = self._dotted[path] = list(dict.fromkeys(imported))
        elsewhere: Value | None = None
        for value in values:
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
        if value.sort is Sort.EXTERNAL and value.how in ("value", "result"):
            text = written_outside(*standard_name(value.name))
            if text.startswith("type "):
                made = substituted(self._written_outside(value.name, text.removeprefix("type ")), None, value.parts)
                return made._replace(name="outside") if value.how == "result" and made.name == "func" else made
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
        parameters = (parameter(value.key, number) for number in range(count))
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
            return renamed(made.parts[-1], value.how)
        return BASIC if made.name == "basic" else unknown("element")

    def awaited(self, value: Value) -> Value:
        made = self.underlying(value)
        if made.sort is Sort.EXTERNAL:
            return outside(f"{made.name}<-", "value")
        is_channel = made.sort is Sort.CONTAINER and made.name == "chan"
        return renamed(made.parts[0], value.how) if is_channel else unknown("received")

    def iterated(self, value: Value, index: int) -> Value:
        made = self.underlying(value)
        if made.sort is Sort.EXTERNAL:
            return outside(f"{made.name}[]", "value")
        if made.sort is not Sort.CONTAINER:
            return unknown("iteration")
        if made.name == "basic":
            return value if index == 0 else BASIC
        if made.name == "slice":
            return BASIC if index == 0 else renamed(made.parts[0], value.how)
        if made.name in ("map", "chan") and index < len(made.parts):
            return renamed(made.parts[index], value.how)
        if made.name in FUNCTIONS:
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
            return renamed(value.parts[index], value.how)
        return unknown("unpacking")

    def results(self, function: Value) -> Value:
        """Return what a function value gives."""
        results = function.parts[1:]
        if len(results) == 1:
            return renamed(results[0], "return")
        return container("tuple", *results)._replace(how="return") if results else NOTHING_VALUE


def standard_name(name: str) -> tuple[str, str]:
    """Return package and name of something that the standard library exports."""
    dot = name.find(".", name.rfind("/") + 1)
    return name[:dot], name[dot + 1 :]


def embedded_name(written: Written) -> str:
    """Return the name of the field that an embedded type makes."""
    while written.form == "pointer":
        written = written.parts[0]
    return written.name.rpartition(".")[2]
