"""Java's members: which methods a class has by a name, what its fields are, and which method a call may run."""

from functools import cache, cached_property
from typing import NamedTuple

from hybridgym.facts import BindingKind, Kind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.java_platform import PlatformMethod, platform
from hybridgym.resolvers.java_types import JavaTypes
from hybridgym.resolvers.java_written import (
    OBJECT,
    ClassId,
    array_of,
    class_id,
    is_array,
    is_primitive,
    substituted,
    upper,
    variable,
)
from hybridgym.resolvers.typed_values import Sort, Value, unknown


class Method(NamedTuple):
    """A method or constructor, in terms of the type variables of its class and its own."""

    name: str
    key: DefinitionKey | None
    """None outside of the repository."""
    owner: ClassId
    parameters: tuple[Value, ...]
    is_variadic: bool
    returns: Value
    variables: tuple[str, ...]
    """Names of its own type variables."""
    flags: tuple[str, ...]


class JavaMembers(JavaTypes):
    """What classes have."""

    # methods

    def method(self, key: DefinitionKey) -> Method:
        """Return a method of the repository."""
        found = self._methods.get(key)
        if found is None:
            definition = self.definition(key)
            owner = self.owners[key]
            head, written_parameters = key, definition.parameters
            if "compact" in definition.flags:
                head, written_parameters = owner, self.definition(owner).parameters
            parameters = [self.type_of(head, p.annotation) for p in written_parameters]
            is_variadic = bool(written_parameters) and written_parameters[-1].form == "*"
            if is_variadic:
                parameters[-1] = array_of(parameters[-1])
            found = self._methods[key] = Method(
                definition.name,
                key,
                owner,
                tuple(parameters),
                is_variadic,
                self.type_of(key, definition.returns) if definition.returns else unknown("result without a type"),
                self.variables(key),
                definition.flags,
            )
        return found

    @cached_property
    def _methods(self) -> dict[DefinitionKey, Method]:
        return {}

    def _platform_method(self, owner: str, of: PlatformMethod) -> Method:
        names = [part.partition(":")[0] for part in split(of.variables)]
        parameters = []
        is_variadic = of.parameters.endswith("...")
        for text in split(of.parameters):
            parameters.append(self.platform_type(text, owner, names))
        flags = {"*": ("static",), "=": ("final",), "!": ("abstract", "function")}.get(of.sign, ())
        variables = tuple(variable("method", name).name for name in names)
        returns = self.platform_type(of.returns, owner, names)
        return Method(of.name, None, owner, tuple(parameters), is_variadic, returns, variables, flags)

    def own_methods(self, of: ClassId, name: str) -> list[Method]:
        """Return the methods that a class declares by a name."""
        if not isinstance(of, str):
            return [self.method(key) for key in self._declared.get(of, {}).get(name, ())]
        known = self._platform_methods.get((of, name))
        if known is None:
            own = self._platform.get(of)
            methods = own.methods.get(name, ()) if own is not None else ()
            known = self._platform_methods[of, name] = [self._platform_method(of, m) for m in methods]
        return known

    @cached_property
    def _platform_methods(self) -> dict[tuple[str, str], list[Method]]:
        return {}

    @cached_property
    def _declared(self) -> dict[DefinitionKey, dict[str, list[DefinitionKey]]]:
        """The methods that lie in each class, by name."""
        found: dict[DefinitionKey, dict[str, list[DefinitionKey]]] = {}
        for key, owner in self.owners.items():
            definition = self.definition(key)
            if definition.kind is not Kind.CLASS and "constructor" not in definition.flags:
                found.setdefault(owner, {}).setdefault(definition.name, []).append(key)
        return found

    @cached_property
    def _constructors(self) -> dict[DefinitionKey, list[DefinitionKey]]:
        found: dict[DefinitionKey, list[DefinitionKey]] = {}
        for key, owner in self.owners.items():
            if "constructor" in self.definition(key).flags:
                found.setdefault(owner, []).append(key)
        return found

    def constructors(self, of: DefinitionKey) -> list[Method]:
        """Return the constructors that a class writes."""
        return [self.method(key) for key in self._constructors.get(of, ())]

    def find(self, of: ClassId, name: str) -> list[Method]:
        """Return the methods that a class has by a name, inherited ones included, nearest first."""
        found = self._found_methods.get((of, name))
        if found is None:
            found = []
            shapes: dict[tuple[str, ...], None] = {}
            for owner in self.lineage(of).known:
                for method in self.own_methods(owner, name):
                    if owner != of and not self._is_inherited(method, of):
                        continue
                    shape = self.shape(method, of)
                    if shape not in shapes and not any(is_same_shape(shape, other) for other in shapes):
                        shapes[shape] = None
                        found.append(method)
            self._found_methods[of, name] = found
        return found

    @cached_property
    def _found_methods(self) -> dict[tuple[ClassId, str], list[Method]]:
        return {}

    def _is_inherited(self, method: Method, by: ClassId) -> bool:
        if "private" in method.flags or ("static" in method.flags and self.is_interface(method.owner)):
            return False
        return self.is_open_to_package(method) or self._package_of(method.owner) == self._package_of(by)

    def is_open_to_package(self, method: Method) -> bool:
        """Say whether other packages than its own see a method."""
        if isinstance(method.owner, str) or self.is_interface(method.owner):
            return True
        return "public" in method.flags or "protected" in method.flags

    def _package_of(self, of: ClassId) -> str:
        return of.rpartition(".")[0] if isinstance(of, str) else self.packages[of.path]

    def accessible(self, of: ClassId, name: str, path: str, position: int) -> tuple[list[Method], bool]:
        """Return the methods of a class by a name that code of a file may name, and whether those are all."""
        found = self.find(of, name)
        is_public = self._are_public.get((of, name))
        if is_public is None:
            is_public = self._are_public[of, name] = all(m.key is None or "public" in m.flags for m in found)
        if is_public:
            return found, True
        kept = [m for m in found if "public" in m.flags or self.is_accessible(m, path, position)]
        return kept, len(kept) == len(found)

    @cached_property
    def _are_public(self) -> dict[tuple[ClassId, str], bool]:
        return {}

    def is_accessible(self, method: Method, path: str, position: int) -> bool:
        """Say whether code of a file may name a method."""
        if method.key is None:
            return True
        if "private" in method.flags:
            if method.key.path != path:
                return False
            top = self.definition(self.outermost(method.key))
            return top.start <= position < top.end
        return self.is_open_to_package(method) or self.packages[method.key.path] == self.packages[path]

    def shape(self, method: Method, of: ClassId) -> tuple[str, ...]:
        """Return the erased types of a method's parameters, as a class inherits it.

        One that is not known begins with `?` and goes on as it is written; one of an unknown package with `?.`.
        """
        by = self.ancestors(of).get(method.owner, {}) if of != method.owner else {}
        shape = tuple(self.erased(substituted(p, by)) for p in method.parameters)
        if "?" in shape and method.key is not None:
            texts = [p.annotation for p in self.definition(method.key).parameters]
            shape = tuple(f"?{text}" if one == "?" else one for one, text in zip(shape, texts, strict=False))
        return shape

    def erased(self, of: Value) -> str:
        """Return the class of a type as text; `?` where it is not known."""
        rank = 0
        while is_array(of):
            of, rank = of.parts[0], rank + 1
        of = self.bound(upper(of))
        if of.sort is Sort.CONTAINER and of.name == "&":
            of = of.parts[0]
        own = class_id(of)
        if own is not None:
            return (own if isinstance(own, str) else f"{own.path}#{own.number}") + "[]" * rank
        return of.name + "[]" * rank if is_primitive(of) else "?"

    # which method runs

    @cached_property
    def _declarers(self) -> dict[str, list[DefinitionKey]]:
        """The methods that may override others, by name."""
        found: dict[str, list[DefinitionKey]] = {}
        for methods in self._declared.values():
            for name, keys in methods.items():
                for key in keys:
                    flags = self.definition(key).flags
                    if "static" not in flags and "private" not in flags:
                        found.setdefault(name, []).append(key)
        return found

    def why_open(self, method: Method, receiver: ClassId, count: int) -> str:
        """Say why a call with `count` arguments may run another method; empty where it cannot."""
        if "static" in method.flags or "private" in method.flags:
            return ""
        if "function" in method.flags:
            return "functional interface"
        if method.key is not None and "abstract" in method.flags:
            return "abstract method"
        if "final" in method.flags:
            return ""
        key = (method.key or (method.owner, method.name, method.parameters), receiver, count)
        reason = self._reasons.get(key)
        if reason is None:
            is_overridden = self._is_overridden(method, receiver, count)
            reason = self._reasons[key] = "may be overridden" if is_overridden else ""
        return reason

    @cached_property
    def _reasons(
        self,
    ) -> dict[tuple[DefinitionKey | tuple[ClassId, str, tuple[Value, ...]], ClassId, int], str]:
        return {}

    def _is_overridden(self, method: Method, receiver: ClassId, count: int) -> bool:
        if isinstance(receiver, str) and receiver in self._platform and self._platform[receiver].kind == "final":
            return False
        for key in self._declarers.get(method.name, ()):
            owner = self.owners[key]
            if owner in (method.owner, receiver):
                continue
            if receiver in self.ancestors(owner):
                if self._may_override(self.method(key), method, owner, count):
                    return True
            elif isinstance(receiver, str) and (self.lineage(owner).outside or self.lineage(owner).outer_interfaces):
                parameters = self.definition(key).parameters
                if len(parameters) == count or (parameters and parameters[-1].form == "*"):
                    return True
        return self.is_interface(receiver) and self._is_replaced(method, receiver)

    def _may_override(self, method: Method, other: Method, owner: DefinitionKey, count: int) -> bool:
        if other.key is None and not other.parameters:  # outside: its parameters may not be known
            return len(method.parameters) == count or method.is_variadic
        if len(method.parameters) != len(other.parameters):
            return False
        pairs = zip(self.shape(method, owner), self.shape(other, owner), strict=True)
        return all(is_same(one, two) or is_unknown(one) or is_unknown(two) for one, two in pairs)

    def _is_replaced(self, method: Method, interface: ClassId) -> bool:
        """Say whether a class below an interface has a method from elsewhere for an interface's."""
        for below in self.below.get(interface, ()):
            for found in self.find(below, method.name):
                is_other = found.key is not None and found.key != method.key and "static" not in found.flags
                if is_other and self._may_override(found, method, below, len(method.parameters)):
                    return True
        return False

    @cached_property
    def below(self) -> dict[ClassId, list[DefinitionKey]]:
        """For each class that others inherit from, directly or not: those others."""
        found: dict[ClassId, list[DefinitionKey]] = {}
        for key in self.types:
            for base in self.lineage(key).known[1:]:
                if base != "java.lang.Object":
                    found.setdefault(base, []).append(key)
        return found

    @cached_property
    def known_names(self) -> frozenset[str]:
        own = {name for methods in self._declared.values() for name in methods}
        return frozenset(own | function_names())

    # fields

    def field(self, of: ClassId, name: str) -> Value | None:
        """Return the type of a class's field, in terms of the class's own type variables; None where it has none."""
        key = (of, name)
        if key not in self._fields:
            self._fields[key] = self._field(of, name)
        return self._fields[key]

    @cached_property
    def _fields(self) -> dict[tuple[ClassId, str], Value | None]:
        return {}

    def _field(self, of: ClassId, name: str) -> Value | None:
        for owner in self.lineage(of).known:
            found: Value | None = None
            if isinstance(owner, str):
                own = self._platform.get(owner)
                text = own.fields.get(name) if own is not None else None
                found = self.platform_type(text, owner) if text is not None else None
            else:
                scope = self.scope_of(owner)
                for binding in self.bindings_of(owner.path).get((scope, name), ()):
                    if binding.kind is BindingKind.ASSIGNMENT:
                        found = self.type_at(owner.path, scope, binding.annotation, binding.position)
                    elif binding.kind is BindingKind.PARAMETER:
                        found = self.component(owner, name)
            if found is not None:
                return substituted(found, self.ancestors(of).get(owner, {})) if owner != of else found
        return None

    def component(self, of: DefinitionKey, name: str) -> Value | None:
        """Return the type of a record's component; None where it has no such."""
        definition = self.definition(of)
        if definition.form != "record":
            return None
        for parameter in definition.parameters:
            if parameter.name == name:
                found = self.type_at(of.path, self.scope_of(of), parameter.annotation, definition.keyword)
                return array_of(found) if parameter.form == "*" else found
        return None

    def implied(self, of: ClassId, name: str, count: int) -> Value | None:
        """Return what a method gives that nobody writes: of enums and records; None where it is none of them."""
        if isinstance(of, str):
            return None
        form = self.definition(of).form
        if form == "record" and not count:
            return self.component(of, name)
        if form == "enum" and (name, count) in (("values", 0), ("valueOf", 1)):
            own = Value(Sort.INSTANCE, of)
            return own if count else array_of(own)
        return None

    def function_of(self, of: Value) -> Method | None:
        """Return the one method that a lambda implements where a type is asked for; None where that is not known."""
        own = class_id(of)
        if own is None or not self.is_interface(own):
            return None
        found: dict[str, Method] = {}
        for owner in self.lineage(own).known:
            if isinstance(owner, str):
                named = self._platform.get(owner)
                methods = [
                    m for name in (named.methods if named is not None else ()) for m in self.own_methods(owner, name)
                ]
            else:
                methods = [self.method(key) for keys in self._declared.get(owner, {}).values() for key in keys]
            for method in methods:
                is_of_object = any(
                    len(o.parameters) == len(method.parameters) for o in self.find(OBJECT.name, method.name)
                )
                if "abstract" in method.flags and not is_of_object:
                    found.setdefault(f"{method.name}{self.shape(method, own)}", method)
        return next(iter(found.values())) if len(found) == 1 and not self.lineage(own).outer_interfaces else None


def is_unknown(one: str) -> bool:
    """Say whether an erased type is one of which nothing is known."""
    return one[:1] == "?" and one[1:2] != "."


def is_same(one: str, other: str) -> bool:
    """Say whether two erased types are one; outside types may be imported by name here and from a package there."""
    if one == other:
        return True
    is_loose = one.startswith("?.") or other.startswith("?.")
    return is_loose and one.rpartition(".")[2] == other.rpartition(".")[2]


def is_same_shape(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Say whether the erased types of two methods' parameters are the same."""
    return len(one) == len(other) and all(map(is_same, one, other))


@cache
def function_names() -> frozenset[str]:
    """Return the names of the methods of the platform that lambdas and method references implement."""
    functions = [own for own in platform().values() if own.kind == "function"]
    return frozenset(m.name for own in functions for methods in own.methods.values() for m in methods if m.sign == "!")


def split(text: str) -> list[str]:
    """Split types at the commas between them."""
    found: list[str] = []
    depth = start = 0
    for place, character in enumerate(text):
        depth += (character == "<") - (character == ">")
        if character == "," and not depth:
            found.append(text[start:place])
            start = place + 1
    return [*found, text[start:]] if text else []
