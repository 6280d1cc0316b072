"""What written types of TypeScript and JSDoc mean."""

from abc import abstractmethod

from hybridgym.facts import AttributeStore, Binding, BindingKind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.javascript_builtin import (
    CONTAINERS,
    LIBRARY_TYPES,
    PRIMITIVE,
    TRANSPARENT,
)
from hybridgym.resolvers.javascript_classes import TYPE_ONLY, UNION, JavaScriptClasses, as_type, object_value
from hybridgym.resolvers.javascript_paths import TYPESCRIPT
from hybridgym.resolvers.javascript_written import Written, taken_apart
from hybridgym.resolvers.typed_values import Sort, Value, external, merged, split_path, unknown


class JavaScriptTypes(JavaScriptClasses):
    """Written types and members; what names and calls mean is the resolver's."""

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
            place = text.rfind(").")  # of a long chain, each call is followed once
            if place < 0 or text.find(")") == place or "<" in text:
                return super().value_of(path, scope, text, position)
            key, first = ("chain", path, scope, text[: place + 1]), text[: place + 1]
            value = self.steps.once(key, lambda: self.value_of(path, scope, first, position))
            for trailer in split_path("a" + text[place + 1 :])[1]:
                if value.sort is Sort.UNKNOWN:
                    return value
                value = self.trailed(value, trailer, path, scope, position)
            return value
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
        is_ours = self.is_global(base) or (not path.endswith(TYPESCRIPT) and base in self.types_by_name)
        if base in LIBRARY_TYPES and not is_ours:
            return external(name)._replace(how="annotation")
        return unknown("type is not known")

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
