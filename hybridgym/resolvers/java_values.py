"""Java's expressions: what an access path is a value of (hybridgym/languages/java_paths.py has the notation)."""

import re
from abc import abstractmethod
from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import NamedTuple

from hybridgym.facts import Binding, BindingKind, Reference, ScopeKind
from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.java_overloads import Argument, JavaOverloads
from hybridgym.resolvers.java_written import (
    LAMBDA,
    PRIMITIVE_VALUES,
    STRING,
    array_of,
    boxed,
    class_id,
    is_array,
    is_primitive,
    same_type,
    substituted,
    unboxed,
    upper,
)
from hybridgym.resolvers.typed_values import NOTHING_VALUE, Sort, Value, unknown

PART = re.compile(r"\.([\w$]+)|\[\]")
NAME = re.compile(r"[\w$]+|~\d+|\?")
PROMOTED = ("double", "float", "long", "int")
NO_NAMES = frozenset({BindingKind.DEFINITION, BindingKind.IMPORT})


class Lambda(NamedTuple):
    """Where a lambda stands."""

    reference: int
    """Number of the call that it is passed to, or -1."""
    argument: int
    """As which argument."""
    scope: int
    """In which it is assigned."""
    annotation: str
    """The type that is written for what it is assigned to."""


class FileIndex(NamedTuple):
    """Where things of one file are."""

    calls: dict[int, int]
    """Numbers of references by the byte behind them."""
    lambdas: dict[int, Lambda]
    """By their first byte."""
    anonymous: dict[int, DefinitionKey]
    """Anonymous classes by the byte behind them."""
    scopes: dict[int, int]
    """Scopes of lambdas by their first byte."""
    results: dict[int, str]
    """What lambdas give, by their scopes."""
    arities: dict[int, int]
    """Numbers of parameters of lambdas by their scopes."""


class JavaValues(JavaOverloads):
    """What expressions are."""

    def index(self, path: str) -> FileIndex:
        """Return where the things of a file are."""
        found = self._indices.get(path)
        if found is None:
            found = self._indices[path] = self._indexed(path)
        return found

    @cached_property
    def _indices(self) -> dict[str, FileIndex]:
        return {}

    def _indexed(self, path: str) -> FileIndex:
        facts = self.files[path]
        lambdas = {}
        for number, reference in enumerate(facts.references):
            for place, argument in enumerate(reference.arguments):
                if argument[:1] == "\\" and argument[1:].isdigit():
                    lambdas[int(argument[1:])] = Lambda(number, place, -1, "")
        arities: dict[int, int] = {}
        for binding in facts.bindings:
            if binding.value[:1] == "\\" and binding.value[1:].isdigit() and binding.annotation:
                lambdas[int(binding.value[1:])] = Lambda(-1, -1, binding.scope, binding.annotation)
            if binding.kind is BindingKind.PARAMETER and facts.scopes[binding.scope].kind is ScopeKind.LAMBDA:
                arities[binding.scope] = arities.get(binding.scope, 0) + 1
        of_lambdas = {n for n, scope in enumerate(facts.scopes) if scope.kind is ScopeKind.LAMBDA}
        return FileIndex(
            calls={reference.end: number for number, reference in enumerate(facts.references)},
            lambdas=lambdas,
            anonymous={facts.scopes[scope].end: key for scope, key in self._anonymous[path].items()},
            scopes={facts.scopes[n].start: n for n in sorted(of_lambdas)},
            results={r.scope: r.path for r in facts.returns if r.scope in of_lambdas},
            arities=arities,
        )

    # expressions

    def expression(self, path: str, scope: int, text: str, position: int) -> Value:
        """Return the value of an access path."""
        if "%" in text:
            return self._promoted([self.expression(path, scope, part, position) for part in text.split("%")])
        if "|" in text and text[0] != "(":
            return self._either([self.expression(path, scope, part, position) for part in text.split("|")])
        base, parts = taken_apart(text)
        value = self._base(path, scope, base, position)
        for part in parts:
            if value.sort is Sort.UNKNOWN:
                return value
            value = self._part(value, part, path)
        return value

    def _base(self, path: str, scope: int, base: str, position: int) -> Value:
        sign = base[0]
        if sign == "~":
            number = self.index(path).calls.get(int(base[1:]))
            return self.result_of(path, number) if number is not None else unknown("expression")
        if sign == "<":
            found = self.type_at(path, scope, base[1:-1], position)
            return found if is_primitive(found) else found._replace(how="annotation")
        if sign == "(":
            return self.expression(path, scope, base[1:-1], position)
        if sign == "\\":
            return Value(Sort.BUILTIN, name=LAMBDA)
        if base == "this":
            own = self.enclosing(path, scope)
            return Value(Sort.INSTANCE, own, how="self") if own is not None else unknown("this")
        if base == "super":
            own = self.enclosing(path, scope)
            return self.superclass(own) if own is not None else unknown("super")
        if base == "None":
            return NOTHING_VALUE
        if base == "?":
            return unknown("expression")
        return self.name_value(path, scope, base, position)

    def _part(self, value: Value, part: str, path: str) -> Value:
        if part == "[]":
            return value.parts[0]._replace(how=value.how) if is_array(value) else unknown("element")
        if part == "this":
            return Value(Sort.INSTANCE, value.key, how="self") if value.sort is Sort.TYPE else unknown("this")
        if part == "super":
            return self.superclass(value.key) if value.key is not None else unknown("super")
        return self.field_of(value, part, path)

    def field_of(self, value: Value, name: str, path: str) -> Value:
        """Return what `.name` of a value is: a field, a member class, or a part of a qualified name."""
        if value.sort is Sort.NAMESPACE:
            return self.as_class(self.namespace_member(value, name, path))
        if is_array(value):
            return PRIMITIVE_VALUES["int"] if name == "length" else unknown("no such member")
        plain = self.bound(upper(value))
        own = class_id(plain)
        if own is None:
            return unknown(plain.name if plain.sort is Sort.UNKNOWN else "no such member")
        found = self.field(own, name)
        if found is not None:
            return self.seen(substituted(found, self.own_arguments(plain)), "attribute")
        if value.sort is Sort.TYPE or value.exact:
            inner = self.member_type(value, name, "class")
            if inner is not None:
                return self.as_class(inner)
        return unknown("field of outside code" if isinstance(own, str) else "no such member")

    def as_class(self, found: Value) -> Value:
        """Return a class's name as an expression: an outside one is told from its instances by being exact."""
        return found._replace(exact=True) if found.sort is Sort.EXTERNAL else found

    def seen(self, value: Value, how: str) -> Value:
        """Return the value of an expression whose type is known."""
        return upper(value)._replace(how=how, exact=False)

    def superclass(self, of: DefinitionKey) -> Value:
        """Return the superclass of a class as its members see it; of an interface, what each class inherits from."""
        lineage = self.lineage(of)
        for direct in self.direct_types(of):
            own = class_id(direct)
            if own is not None and not self.is_interface(own):
                return direct._replace(how="super")
        if lineage.outside:
            return unknown("base is not known")
        form = self.definition(of).form
        implied = {"enum": "java.lang.Enum", "record": "java.lang.Record"}.get(form, "java.lang.Object")
        return Value(Sort.EXTERNAL, name=implied, how="super")

    def name_value(self, path: str, scope: int, name: str, position: int) -> Value:
        found = self.variable_value(path, scope, name, position)
        if found is not None:
            return found
        return self.as_class(self._type_or_package(path, scope, name))

    def _type_or_package(self, path: str, scope: int, name: str) -> Value:
        found = self.type_name(path, scope, name)
        if found.sort in (Sort.TYPE, Sort.EXTERNAL):
            return found
        if found.sort is Sort.UNKNOWN and name[:1].islower():
            is_sure = not any(self.lineage(own).outside for own in self.classes_around(path, scope))
            return Value(Sort.NAMESPACE, name=name) if is_sure else unknown("base is not known")
        return found if found.sort is Sort.UNKNOWN else unknown("type variable")

    def variable_value(self, path: str, scope: int, name: str, position: int) -> Value | None:
        """Return what a variable of a name is: of the blocks around, of the classes around, imported."""
        scopes, variables, outer = self.files[path].scopes, self._variables_of(path), self._valued_scopes(path)
        scope = outer[scope]
        while scope > 0:
            own = self.class_at(path, scope)
            if own is not None:
                if outer[scopes[scope].parent] == 0:
                    return self._outermost_value(path, own, name)
                found = self.field(own, name)
                if found is not None:
                    return self.seen(found, "attribute")
            elif (bound := variables.get((scope, name))) is not None:
                last = bisect_right(bound, position, key=lambda b: b.position)
                if last:
                    return self.binding_value(path, bound[last - 1])
            scope = outer[scopes[scope].parent]
        return self._imported_field(path, name)

    def _outermost_value(self, path: str, own: DefinitionKey, name: str) -> Value | None:
        """Return what a variable of a name is for a class that lies in nothing else."""
        key = (own, name)
        if key not in self._outermost_values:
            of = self.field(own, name)
            found = self.seen(of, "attribute") if of is not None else self._imported_field(path, name)
            self._outermost_values[key] = found
        return self._outermost_values[key]

    @cached_property
    def _outermost_values(self) -> dict[tuple[DefinitionKey, str], Value | None]:
        return {}

    def _variables_of(self, path: str) -> dict[tuple[int, str], list[Binding]]:
        """Return the bindings of a file that are values, by scope and name."""
        found = self._variables_by_file.get(path)
        if found is None:
            found = self._variables_by_file[path] = {}
            for place, bound in self.bindings_of(path).items():
                kept = [b for b in bound if b.kind not in NO_NAMES]
                if kept:
                    found[place] = kept
        return found

    @cached_property
    def _variables_by_file(self) -> dict[str, dict[tuple[int, str], list[Binding]]]:
        return {}

    def _valued_scopes(self, path: str) -> list[int]:
        """Return, for each scope, the innermost one around it that is a class or has variables."""
        found = self._valued.get(path)
        if found is None:
            having = {scope for scope, _ in self._variables_of(path)}
            found = self._valued[path] = [0]
            for number, scope in enumerate(self.files[path].scopes[1:], 1):
                is_one = number in having or scope.kind is ScopeKind.CLASS
                found.append(number if is_one else found[scope.parent])
        return found

    @cached_property
    def _valued(self) -> dict[str, list[int]]:
        return {}

    def _imported_field(self, path: str, name: str) -> Value | None:
        for wanted in (name, "*"):
            for of in self.static_imports(path).get(wanted, ()):
                own = class_id(of)
                found = self.field(own, name) if own is not None else None
                if found is not None:
                    return self.seen(found, "attribute")
                if wanted == name and isinstance(own, str) and own not in self._platform:
                    return unknown("field of outside code")
        return None

    def _bound(self, path: str, binding: Binding) -> Value:
        facts = self.files[path]
        if binding.annotation:
            return self.seen(self.type_at(path, binding.scope, binding.annotation, binding.position), "annotation")
        if binding.kind is BindingKind.PARAMETER:
            number = facts.scopes[binding.scope].definition
            if number < 0:
                return self._lambda_parameter(path, binding)
            parameter = facts.definitions[number].parameters[binding.index]
            of = self.type_at(path, binding.scope, parameter.annotation, binding.position)
            return array_of(of)._replace(how="annotation")
        if not binding.value:
            return unknown("pattern")
        value = self.expression(path, binding.scope, binding.value, binding.position - 1)
        if binding.kind is BindingKind.ITERATION:
            return self._iterated(value)
        return self.seen(value, value.how) if value.sort is not Sort.NOTHING else unknown("null")

    def _iterated(self, value: Value) -> Value:
        if is_array(value):
            return self.seen(value.parts[0], value.how)
        parts = self.seen_as(self.bound(upper(value)), "java.lang.Iterable")
        return self.seen(parts[0], value.how) if parts else unknown("element")

    def _promoted(self, values: list[Value]) -> Value:
        if any(value.sort is Sort.EXTERNAL and value.name == STRING.name for value in values):
            return STRING
        names = {unboxed(value).name for value in values if is_primitive(unboxed(value))}
        if len(names) == 0 or any(not is_primitive(unboxed(value)) for value in values):
            return unknown("arithmetic")
        if "boolean" in names:
            return PRIMITIVE_VALUES["boolean"] if len(names) == 1 else unknown("arithmetic")
        return PRIMITIVE_VALUES[next((name for name in PROMOTED if name in names), "int")]

    def _either(self, values: list[Value]) -> Value:
        """Return the value of one of several expressions."""
        kept: list[Value] = []
        for value in values:
            if value.sort is Sort.UNKNOWN:
                return value
            if value.sort is not Sort.NOTHING and not any(same_type(value, other) for other in kept):
                kept.append(value)
        if not kept:
            return NOTHING_VALUE
        if len(kept) == 1:
            is_nullable = any(value.sort is Sort.NOTHING for value in values)
            return (boxed(kept[0]) if is_nullable else kept[0])._replace(exact=False)
        if any(is_primitive(unboxed(value)) for value in kept):
            return unknown("several types")
        return Value(Sort.CONTAINER, name="|", parts=tuple(kept), how=kept[0].how)

    # lambdas

    def _lambda_parameter(self, path: str, binding: Binding) -> Value:
        """Return what a parameter of a lambda is, as what the lambda is for says."""
        start = self.files[path].scopes[binding.scope].start
        where = self.index(path).lambdas.get(start)
        if where is None:
            return unknown("parameter of a lambda")
        if where.reference >= 0:
            expected = self.expected(path, where.reference, where.argument)
        else:
            expected = self.type_at(path, where.scope, where.annotation, binding.position)
        function, own = self.function_of(expected), class_id(expected)
        if function is None or own is None or binding.index >= len(function.parameters):
            return unknown("parameter of a lambda")
        by = {name: self.taken(value) for name, value in self.own_arguments(expected).items()}
        written = substituted(function.parameters[binding.index], self.ancestors(own).get(function.owner, {}))
        found = substituted(written, by)
        is_known = found.sort is not Sort.UNKNOWN and (by or not self.variables(own))
        return self.seen(found, "annotation") if is_known else unknown("parameter of a lambda")

    def taken(self, argument: Value) -> Value:
        """Return what a function takes whose type has a type argument: of wildcards, what bounds them."""
        if argument.sort is Sort.CONTAINER and argument.name in ("extends", "super"):
            return argument.parts[0]
        return unknown("wildcard") if argument.name == "?" else argument

    def argument(self, path: str, reference: Reference, text: str) -> Argument:
        """Return an argument of a call, before it is known which method is called."""
        if text[:1] != "\\":
            value = self.expression(path, reference.scope, text, reference.end - 1)
            if text[:1] == "~" and text[1:].isdigit():
                value = self.flexible(path, int(text[1:]), value)
            return Argument(value)
        if text[1:].isdigit():
            index = self.index(path)
            return Argument(Value(Sort.BUILTIN, name=LAMBDA), index.arities.get(index.scopes[int(text[1:])], 0))
        return Argument(Value(Sort.BUILTIN, name=LAMBDA), -2)

    def with_result(self, path: str, reference: Reference, text: str) -> Argument:
        """Return an argument of a call, and of a lambda or method reference what it gives."""
        argument = self.argument(path, reference, text)
        if argument.arity >= 0:
            index = self.index(path)
            scope = index.scopes[int(text[1:])]
            body = index.results.get(scope)
            if body is None:
                return argument
            end = self.files[path].scopes[scope].end
            return argument._replace(result=self.expression(path, scope, body, end - 1))
        return argument._replace(result=self._referred(path, reference, text)) if argument.arity == -2 else argument

    def _referred(self, path: str, reference: Reference, text: str) -> Value:
        """Return what a method reference gives, where all methods that it may mean give the same."""
        of, _, name = text[1:].partition("::")
        if not name:
            return unknown("method reference")
        value = self.expression(path, reference.scope, of, reference.start)
        own = class_id(value)
        if own is None:
            return unknown("method reference")
        if name == "new":
            is_plain = value.sort is Sort.TYPE and not self.variables(own)
            return Value(Sort.INSTANCE, value.key) if is_plain else unknown("method reference")
        methods = self.find(own, name)
        given = {method.returns for method in methods}
        if len(given) != 1 or any(method.variables for method in methods):
            return unknown("method reference")
        candidate = self.candidate(methods[0], own, value)
        return substituted(methods[0].returns, candidate.by)

    # what other modules say

    @abstractmethod
    def result_of(self, path: str, number: int) -> Value:
        """Return what a call gives."""

    @abstractmethod
    def expected(self, path: str, number: int, argument: int) -> Value:
        """Return the type that a call asks for as an argument."""

    @abstractmethod
    def flexible(self, path: str, end: int, value: Value) -> Value:
        """Return the value of a call that is passed on."""


@lru_cache(maxsize=65536)
def taken_apart(text: str) -> tuple[str, tuple[str, ...]]:
    """Split an access path into its base and its trailers; one that is not well formed is `?`."""
    if not text:
        return "?", ()
    if text[0] == "\\":
        return text, ()
    if text[0] in "<(":
        closing = {"<": ">", "(": ")"}[text[0]]
        depth = end = 0
        for place, character in enumerate(text):
            depth += (character == text[0]) - (character == closing)
            if not depth:
                end = place + 1
                break
    else:
        found = NAME.match(text)
        end = found.end() if found else 0
    parts: list[str] = []
    place = end
    while place < len(text):
        part = PART.match(text, place)
        if part is None:
            return "?", ()
        parts.append(part[1] or "[]")
        place = part.end()
    return (text[:end], tuple(parts)) if end else ("?", ())
