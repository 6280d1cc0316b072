"""What `x.name` is in Go: of the members of x and of what it embeds, the only one at the least depth."""

from collections.abc import Iterator
from functools import cached_property

from hybridgym.facts import BindingKind, ScopeKind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.go_types import VARIANTS, GoTypes, embedded_name
from hybridgym.resolvers.go_values import outside, renamed, substituted
from hybridgym.resolvers.go_written import read_type
from hybridgym.resolvers.typed_values import Sort, Value, unknown

MAX_DEPTH = 20
"""Of embedding."""
MAX_EMBEDDED = 300
"""Types that are embedded, directly or not: generic ones that embed themselves have no end."""


class GoMembers(GoTypes):
    """The rules of selectors."""

    def member(self, value: Value, name: str, path: str) -> Value:
        match value.sort:
            case Sort.NAMESPACE:
                return self.namespace_member(value, name, path)
            case Sort.EXTERNAL:
                return self._outside_member(value, name)
            case Sort.TYPE | Sort.INSTANCE:
                key = ("member", value.sort, value.key, value.parts, name)
                return self._found(self.steps.once(key, lambda: self._selected(self.as_instance(value), name)), value)
            case Sort.CONTAINER:
                return self._found(self._selected(value, name), value)
            case Sort.UNKNOWN:
                return value
        return unknown(f"member of {value.sort}")

    def _found(self, found: Value, receiver: Value) -> Value:
        """Say of a member by which rule it was found."""
        if found.sort is Sort.FUNCTION:
            return found._replace(how="class" if receiver.sort is Sort.TYPE else receiver.how or "attribute")
        return renamed(found, "interface" if found.how == "interface" else "attribute")

    def as_instance(self, value: Value) -> Value:
        """Return a value of a type where a type is given."""
        return self.instance(value, value.parts) if value.sort is Sort.TYPE else value

    def _outside_member(self, value: Value, name: str) -> Value:
        """Return a member of a package or a value outside; an interface's may be a method of the repository."""
        if value.how == "package":
            return self.namespace_member(value, name, "")
        found = outside(f"{value.name}.{name}", "member", value.parts)
        field = self.value_outside(found)
        if field is not None:
            return field
        if name in self.method_names and not value.exact:
            return unknown("interface or outside code")
        return found

    def _selected(self, value: Value, name: str) -> Value:
        level, seen, elsewhere = [value], list[Value](), list[Value]()
        for _ in range(MAX_DEPTH):
            found: list[Value] = []
            below: list[Value] = []
            for one in level:
                if one in seen:
                    continue
                if len(seen) > MAX_EMBEDDED:
                    return unknown("type")
                seen.append(one)
                if one.sort is Sort.EXTERNAL:
                    elsewhere.append(one)
                elif one.sort is Sort.UNKNOWN:
                    return one
                else:
                    found += self._own(one, name)
                    below += self._embedded(one)
            if found:
                if name[:1].isupper() and any(one not in level for one in elsewhere):
                    return unknown("embeds outside code")
                return found[0] if len(found) == 1 else unknown("several members")
            if not below:
                break
            level = below
        if not elsewhere:
            return unknown("no such member")
        members = [self._outside_member(one, name) for one in elsewhere]
        return next((m for m in members if m.sort is Sort.UNKNOWN), members[0])

    def _own(self, value: Value, name: str) -> list[Value]:
        """Return a type's own members of a name: one, unless builds differ."""
        if value.sort is Sort.CONTAINER:
            return list(self._own_of_container(value, name))
        if value.key is None:
            return [unknown("member")]
        methods = self.methods_of(value.key).get(name, [])
        if len(methods) == 1 and len(self.variants(value.key)) == 1:
            return [Value(Sort.FUNCTION, methods[0], parts=value.parts)]
        fields = list(self._own_fields(value, name))
        if methods:
            differ = len(methods) > 1 or bool(fields)
            return [unknown(VARIANTS) if differ else Value(Sort.FUNCTION, methods[0], parts=value.parts)]
        if len(fields) > 1 and any(field != fields[0] for field in fields):
            return [unknown(VARIANTS)]
        return fields[:1]

    def _own_fields(self, value: Value, name: str) -> Iterator[Value]:
        assert value.key is not None
        for key in self.variants(value.key):
            definition = self.definition(key)
            if definition.form == "type":
                yield from self._fields_behind(Value(Sort.INSTANCE, key, parts=value.parts), name)
                continue
            for text in definition.bases:
                if definition.form == "struct" and embedded_name(read_type(text)) == name:
                    yield self._evaluated_in(key, text, value)
            for field in self.fields(key, name):
                found = self._evaluated_in(key, field.annotation, value)
                yield renamed(found, "interface" if definition.form == "interface" else "")

    def _fields_behind(self, value: Value, name: str) -> Iterator[Value]:
        """Yield the fields, or the methods of an interface, that a type takes over from what it is defined as."""
        made = self.underlying(value)
        if made.sort is Sort.CONTAINER:
            yield from self._own_of_container(made, name)
        elif made.sort is Sort.EXTERNAL:
            yield self._outside_member(made, name)
        elif made.key is not None and made.key != value.key:
            yield from self._own_fields(made, name)
        elif made.sort is Sort.UNKNOWN:
            yield made

    def _own_of_container(self, value: Value, name: str) -> Iterator[Value]:
        form, *names = value.name.split(" ")
        if form == "parameter":
            yield unknown("type parameter")
        if form == "error":
            yield unknown("interface") if name in self.method_names else outside(f"error.{name}", "member")
        if form in ("struct", "interface"):
            for own, part in zip(names, value.parts, strict=True):
                if own.removeprefix("^") == name and (form == "struct" or own == name):
                    yield renamed(part, "interface" if form == "interface" else "")

    def _embedded(self, value: Value) -> list[Value]:
        """Return what a type embeds."""
        if value.sort is Sort.CONTAINER:
            names = value.name.split(" ")[1:] if value.name.startswith(("struct ", "interface ")) else []
            return [part for own, part in zip(names, value.parts, strict=False) if own.startswith("^")]
        if value.key is None:
            return []
        found = []
        for key in self.variants(value.key):
            definition = self.definition(key)
            if definition.form == "type":
                made = self.underlying(Value(Sort.INSTANCE, key, parts=value.parts))
                found += [] if made.key == key else self._embedded(made)
            for text in definition.bases:
                found.append(self._evaluated_in(key, text, value))
        return found

    def _evaluated_in(self, key: DefinitionKey, text: str, value: Value) -> Value:
        """Return a value of a type that is written in another one, with that one's type arguments."""
        found = self.type_at(key.path, self.scope_of(key), text, self.definition(key).start)
        return substituted(found, self.variants(key)[0], value.parts)

    def methods_of(self, key: DefinitionKey) -> dict[str, list[DefinitionKey]]:
        """Return the methods that are declared for a type."""
        definition = self.definition(key)
        if definition.parent >= 0:
            return {}
        return self._methods.get((self.packages.id_of(key.path), definition.name), {})

    @cached_property
    def _methods(self) -> dict[tuple[str, str], dict[str, list[DefinitionKey]]]:
        found: dict[tuple[str, str], dict[str, list[DefinitionKey]]] = {}
        for path, facts in self.files.items():
            package = self.packages.id_of(path)
            for number, definition in enumerate(facts.definitions):
                if definition.owner:
                    own = found.setdefault((package, definition.owner), {})
                    own.setdefault(definition.name, []).append(DefinitionKey(path, number))
        return found

    @cached_property
    def method_names(self) -> frozenset[str]:
        """Names of all methods of the repository."""
        return frozenset(name for methods in self._methods.values() for name in methods)

    @cached_property
    def known_names(self) -> frozenset[str]:
        """Names of methods, of fields, also of types outside, and of what interfaces ask for."""
        fields = (
            binding.name
            for facts in self.files.values()
            for binding in facts.bindings
            if binding.kind is BindingKind.ASSIGNMENT and facts.scopes[binding.scope].kind is ScopeKind.CLASS
        )
        return self.method_names | self.given_names | frozenset(fields)

    @cached_property
    def given_names(self) -> frozenset[str]:
        """Names of fields of types outside that may be given a function."""
        return frozenset(name for facts in self.files.values() for name in facts.dynamic_names)
