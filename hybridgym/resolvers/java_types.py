"""Java's types: what is written, what inherits from what with which type arguments, and what may stand for what."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.java_names import JavaNames
from hybridgym.resolvers.java_written import (
    OBJECT,
    PRIMITIVE_VALUES,
    WIDER,
    ClassId,
    Substitution,
    Written,
    array_of,
    boxed,
    class_id,
    instance_of,
    is_array,
    is_primitive,
    is_variable,
    same_type,
    substituted,
    unboxed,
    upper,
    variable,
    written,
)
from hybridgym.resolvers.typed_values import Sort, Value, unknown

NOT_KNOWN = unknown("type is not known")
ANY = Value(Sort.CONTAINER, name="?")
ARRAY_BASES = frozenset({"java.lang.Object", "java.lang.Cloneable", "java.io.Serializable"})
MAX_BOUNDS = 8
"""Of variables that are bounded by variables."""


class JavaTypes(JavaNames):
    """What types are and how they relate."""

    # what is written

    def written_type(self, path: str, scope: int, text: str, position: int) -> Value:
        return self._type(written(text), path, scope, None)

    def type_at(self, path: str, scope: int, text: str, position: int) -> Value:
        key = (path, self._naming_scopes(path)[scope], text)
        found = self._written_types.get(key)
        if found is None:
            found = self._written_types[key] = self.written_type(path, scope, text, position)
        return found

    @cached_property
    def _written_types(self) -> dict[tuple[str, int, str], Value]:
        return {}

    def type_of(self, key: DefinitionKey, text: str) -> Value:
        """Return a type that the head of a definition writes: its own type variables are known there."""
        return self._type(written(text), key.path, self.scope_around(key), key)

    def _type(self, of: Written | None, path: str, scope: int, key: DefinitionKey | None) -> Value:
        if of is None:
            return NOT_KNOWN
        first = of.names[0]
        if first == "[]":
            return array_of(self._type(of.arguments[0], path, scope, key))
        if first in ("?", "extends", "super", "|", "&"):
            return Value(Sort.CONTAINER, name=first, parts=tuple(self._type(a, path, scope, key) for a in of.arguments))
        own = self.variable_of(key, first) if key is not None and len(of.names) == 1 else None
        if own is not None:
            return own
        named = self.named_class(path, scope, of.names)
        if named.sort is Sort.UNKNOWN:
            return NOT_KNOWN
        return instance_of(named, tuple(self._type(a, path, scope, key) for a in of.arguments))

    def _platform_type(self, of: Written | None, owner: str, variables: Iterable[str]) -> Value:
        """Return a type as the platform's `owner` writes it; `variables` are those of its method."""
        if of is None:
            return NOT_KNOWN
        first = of.names[0]
        parts = tuple(self._platform_type(a, owner, variables) for a in of.arguments)
        if first == "[]":
            return array_of(parts[0])
        if first in ("?", "extends", "super"):
            return Value(Sort.CONTAINER, name=first, parts=parts)
        if len(of.names) == 1:
            if first in variables:
                return variable("method", first)
            of_class = variable(owner, first)
            if of_class.name in self.variables(owner):
                return of_class
        primitive = PRIMITIVE_VALUES.get(first)
        if primitive is not None:
            return primitive
        name = self.platform_name(self._platform[owner].package, ".".join(of.names))
        return Value(Sort.EXTERNAL, name=name, parts=parts)

    def platform_type(self, text: str, owner: str, variables: Iterable[str] = ()) -> Value:
        """Return the type that a member of the platform's `owner` has."""
        return self._platform_type(written(text), owner, variables)

    # type variables

    def variables(self, of: ClassId) -> tuple[str, ...]:
        """Return the names of a class's type variables."""
        found = self._variables.get(of)
        if found is None:
            if isinstance(of, str):
                own = self._platform.get(of)
                names = own.variables.split(",") if own is not None and own.variables else []
                found = tuple(f"{of}:{name.partition(':')[0]}" for name in names)
            else:
                flags = self.definition(of).flags
                names = [flag.split(" ", 2)[1] for flag in flags if flag.startswith("type ")]
                found = tuple(f"{of.path}#{of.number}:{name}" for name in names)
            self._variables[of] = found
        return found

    @cached_property
    def _variables(self) -> dict[ClassId, tuple[str, ...]]:
        return {}

    def bound(self, of: Value) -> Value:
        """Return what is known of values of a type variable: the class that bounds it, or several (`&`)."""
        for _ in range(MAX_BOUNDS):
            if not is_variable(of):
                return of
            of = self._bound_of(of.name)
        return unknown("type variable")

    def _bound_of(self, name: str) -> Value:
        found = self._bounds.get(name)
        if found is None:
            owner, _, own = name.rpartition(":")
            path, sign, number = owner.rpartition("#")
            found = OBJECT
            if sign:
                key = DefinitionKey(path, int(number))
                for flag in self.definition(key).flags:
                    if flag.startswith(f"type {own} extends "):
                        found = self.type_of(key, flag.split(" ", 3)[3])
            self._bounds[name] = found
        return found

    @cached_property
    def _bounds(self) -> dict[str, Value]:
        return {}

    # inheritance with type arguments

    def direct_types(self, of: ClassId) -> list[Value]:
        """Return the types that a class says it inherits from."""
        if isinstance(of, str):
            own = self._platform.get(of)
            return [self.platform_type(base, of) for base in own.bases] if own is not None else []
        definition = self.definition(of)
        found = [self.type_of(of, base) for base in definition.bases]
        if definition.form == "enum":
            found.append(Value(Sort.EXTERNAL, name="java.lang.Enum", parts=(Value(Sort.INSTANCE, of),)))
        return found

    def ancestors(self, of: ClassId) -> dict[ClassId, Substitution]:
        """Return a class and all it inherits from, with what their type variables stand for in terms of its own."""
        found = self._ancestors.get(of)
        if found is None:
            found = self._ancestors[of] = {of: {}}
            for base in self.lineage(of).known:
                by = found.get(base, {})
                for direct in self.direct_types(base):
                    above = class_id(direct)
                    if above is not None and above not in found:
                        names = self.variables(above)
                        parts = direct.parts if len(direct.parts) == len(names) else ()
                        found[above] = {n: substituted(p, by) for n, p in zip(names, parts, strict=False)}
            for base in self.lineage(of).known:
                found.setdefault(base, {})
        return found

    @cached_property
    def _ancestors(self) -> dict[ClassId, dict[ClassId, Substitution]]:
        return {}

    def own_arguments(self, of: Value) -> Substitution:
        """Return what the type variables of a value's class stand for; nothing where it is written without."""
        own = class_id(of)
        if own is None or not of.parts:
            return {}
        names = self.variables(own)
        return dict(zip(names, of.parts, strict=True)) if len(names) == len(of.parts) else {}

    def seen_as(self, of: Value, base: ClassId) -> tuple[Value, ...] | None:
        """Return the type arguments that a type has as a type of a base; None where it does not inherit from it."""
        own = class_id(of)
        if own is None:
            return None
        by = self.ancestors(own).get(base)
        if by is None:
            return None
        mine = self.own_arguments(of)
        names = self.variables(base)
        if own == base:
            return of.parts if len(of.parts) == len(names) else ()
        if not all(name in by for name in names):
            return ()
        return tuple(substituted(by[name], mine) for name in names)

    # what may stand for what

    def is_subtype(self, one: Value, other: Value, boxing: bool = False) -> bool | None:
        """Say whether an expression of one type may stand where another is asked for; None where that is not known."""
        if one.sort is Sort.UNKNOWN or other.sort is Sort.UNKNOWN:
            return None
        if is_primitive(one) or is_primitive(other):
            return self._is_primitive_subtype(one, other, boxing)
        if one.sort is Sort.NOTHING:
            return True
        if other == OBJECT:
            return True
        return self._is_reference_subtype(upper(one), upper(other), 0)

    def _is_primitive_subtype(self, one: Value, other: Value, boxing: bool) -> bool | None:
        if is_primitive(one) and is_primitive(other):
            return one.name == other.name or other.name in WIDER.get(one.name, ())
        if not boxing or one.sort is Sort.NOTHING or one.name == "void":
            return False
        if is_primitive(one):
            return self._is_reference_subtype(boxed(one), other, 0)
        if is_variable(one):
            return None
        plain = unboxed(one)
        return is_primitive(plain) and (plain.name == other.name or other.name in WIDER.get(plain.name, ()))

    def _is_reference_subtype(self, one: Value, other: Value, depth: int) -> bool | None:
        if depth > MAX_BOUNDS or Sort.UNKNOWN in (one.sort, other.sort):
            return None
        if one.sort is Sort.BUILTIN or other.sort is Sort.BUILTIN:
            return same_type(one, other)
        if other.sort is Sort.EXTERNAL and other.name == "java.lang.Object":
            return True
        if is_variable(one):
            if one.name == other.name:
                return True
            return self._is_reference_subtype(self.bound(one), other, depth + 1)
        for value, of_all in ((other, True), (one, False)):
            if value.sort is Sort.CONTAINER and value.name in ("&", "|"):
                pairs = [(one, p) if of_all else (p, other) for p in value.parts]
                answers = [self._is_reference_subtype(a, b, depth + 1) for a, b in pairs]
                return _either(answers) if value is one and value.name == "&" else _all(answers)
        if is_variable(other):
            return False if self._is_reference_subtype(one, self.bound(other), depth + 1) is False else None
        if is_array(one) or is_array(other):
            return self._is_array_subtype(one, other, depth)
        return self._is_class_subtype(one, other, depth)

    def _is_array_subtype(self, one: Value, other: Value, depth: int) -> bool | None:
        if not is_array(other):
            return other.name in ARRAY_BASES
        if not is_array(one):
            return False
        inner, outer = one.parts[0], other.parts[0]
        if is_primitive(inner) or is_primitive(outer):
            return same_type(inner, outer)
        return self._is_reference_subtype(inner, outer, depth + 1)

    def _is_class_subtype(self, one: Value, other: Value, depth: int) -> bool | None:
        own, base = class_id(one), class_id(other)
        if own is None or base is None:
            return None
        arguments = self.seen_as(one, base)
        if arguments is None:
            lineage = self.lineage(own)
            is_unsure = bool(lineage.outside or lineage.outer_interfaces)
            if isinstance(base, str):
                return None if is_unsure else False
            outside = (*lineage.outside, *lineage.outer_interfaces)
            return None if any(name == "?" or self.is_foreign(name) for name in outside) else False
        if not arguments or not other.parts or len(arguments) != len(other.parts):
            return True
        return _all([self._is_contained(a, b, depth + 1) for a, b in zip(arguments, other.parts, strict=True)])

    def _is_contained(self, one: Value, other: Value, depth: int) -> bool | None:
        """Say whether a type argument may stand where another is asked for."""
        if other == ANY:
            return True
        if Sort.UNKNOWN in (one.sort, other.sort):
            return None
        if other.sort is Sort.CONTAINER and other.name == "extends":
            return self._is_reference_subtype(upper(one), other.parts[0], depth)
        if other.sort is Sort.CONTAINER and other.name == "super":
            return (
                None
                if one.name in ("?", "extends", "super")
                else self._is_reference_subtype(other.parts[0], one, depth)
            )
        if same_type(one, other):
            return True
        has_more = any(v.parts or is_variable(v) or v.sort is Sort.CONTAINER for v in (one, other))
        return None if has_more else False


def _all(answers: Sequence[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def _either(answers: Sequence[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False
