"""Java's choice among methods of one name, and what their own type variables stand for."""

from collections.abc import Sequence
from typing import NamedTuple

from hybridgym.resolvers.java_members import JavaMembers, Method
from hybridgym.resolvers.java_types import ANY
from hybridgym.resolvers.java_written import (
    ClassId,
    Substitution,
    array_of,
    boxed,
    class_id,
    is_array,
    is_primitive,
    is_variable,
    same_type,
    substituted,
)
from hybridgym.resolvers.typed_values import Sort, Value, unknown

MAX_DEPTH = 8
"""Of types in types, when type variables are looked for."""


class Argument(NamedTuple):
    """An argument of a call."""

    value: Value
    arity: int = -1
    """Of a lambda: how many parameters it has; -2 where it is a method reference."""
    result: Value = unknown("result of a lambda")
    """What a lambda or a method reference gives."""

    @property
    def is_function(self) -> bool:
        """Whether it is a lambda or a method reference."""
        return self.arity != -1


class Candidate(NamedTuple):
    """A method that a call may mean."""

    method: Method
    by: Substitution
    """What the type variables of its class stand for."""


class JavaOverloads(JavaMembers):
    """Which method arguments choose."""

    def candidate(self, method: Method, own: ClassId, value: Value) -> Candidate:
        """Return a method that a class has as a member of a value of that class."""
        mine = self.own_arguments(value)
        if method.owner == own:
            return Candidate(method, mine)
        by = self.ancestors(own).get(method.owner, {})
        return Candidate(method, {name: substituted(argument, mine) for name, argument in by.items()})

    def choose(self, candidates: Sequence[Candidate], arguments: Sequence[Argument]) -> list[Candidate]:
        """Return the method that a call means, or all that it may mean where that is not proven."""
        count = len(arguments)
        fitting = [c for c in candidates if fits(c.method, count)]
        if len(fitting) <= 1:
            return fitting
        fixed = [c for c in fitting if len(c.method.parameters) == count]
        spread = [c for c in fitting if c.method.is_variadic]
        possible: list[Candidate] = []
        for pool, boxing, is_spread in ((fixed, False, False), (fixed, True, False), (spread, True, True)):
            answers = [(c, self._is_applicable(c, arguments, boxing, is_spread)) for c in pool]
            open_to = [c for c, answer in answers if answer is not False]
            best = [
                c
                for c, answer in answers
                if answer and all(c is o or self._is_more_specific(c, o, count, is_spread) for o in open_to)
            ]
            if best and not possible:
                return [next((c for c in best if "abstract" not in c.method.flags), best[0])]
            possible += [c for c in open_to if c not in possible]
            if any(answer for _, answer in answers):
                break
        return possible

    def parameter(self, of: Candidate, number: int, is_spread: bool) -> Value:
        """Return the type that a candidate asks for at a place; its own type variables are what bounds them."""
        parameters = of.method.parameters
        if is_spread and number >= len(parameters) - 1:
            written = parameters[-1].parts[0] if is_array(parameters[-1]) else unknown("parameter")
        else:
            written = parameters[number]
        found = substituted(written, of.by)
        if not of.method.variables:
            return found
        rank = 0
        while is_array(found):
            found, rank = found.parts[0], rank + 1
        found = self.bound(found) if found.name in of.method.variables else found
        found = substituted(found, dict.fromkeys(of.method.variables, ANY))
        for _ in range(rank):
            found = array_of(found)
        return found

    def _is_applicable(
        self, of: Candidate, arguments: Sequence[Argument], boxing: bool, is_spread: bool
    ) -> bool | None:
        found: bool | None = True
        for number, argument in enumerate(arguments):
            answer = self._accepts(self.parameter(of, number, is_spread), argument, boxing)
            if answer is False:
                return False
            found = found and answer
        return found

    def _accepts(self, parameter: Value, argument: Argument, boxing: bool) -> bool | None:
        if not argument.is_function:
            return self.is_subtype(argument.value, parameter, boxing)
        own = class_id(parameter)
        if own is None:
            return None if parameter.sort is Sort.UNKNOWN or is_variable(parameter) else False
        if not self.is_interface(own):
            return None if isinstance(own, str) and own not in self._platform else False
        function = self.function_of(parameter)
        if function is not None and argument.arity >= 0 and len(function.parameters) != argument.arity:
            return False
        return None

    def _is_more_specific(self, one: Candidate, other: Candidate, count: int, is_spread: bool) -> bool:
        for number in range(count):
            first, second = self.parameter(one, number, is_spread), self.parameter(other, number, is_spread)
            if not same_type(first, second) and self.is_subtype(first, second) is not True:
                return False
        return True

    def is_certain(self, of: Candidate, arguments: Sequence[Argument]) -> bool:
        """Say whether no method of an unknown class could be meant instead: nothing could fit the arguments better.

        That is where each argument has the very type that is asked for, or the one asked for is a class of the
        repository, which outside code cannot name.
        """
        if len(of.method.parameters) != len(arguments):
            return False
        for number, argument in enumerate(arguments):
            parameter = self.parameter(of, number, False)
            is_own = parameter.sort is Sort.INSTANCE and self.is_subtype(argument.value, parameter) is True
            is_null = argument.value.sort is Sort.NOTHING
            if is_null or not (is_own or same_type(argument.value, parameter)):
                return False
        return True

    # type variables of methods

    def inferred(self, of: Candidate, arguments: Sequence[Argument], by_results: bool) -> Substitution:
        """Return what a method's own type variables stand for, as the arguments say; `by_results`: lambdas too."""
        found: dict[str, Value] = {}
        for number, argument in enumerate(arguments):
            if number >= len(of.method.parameters) and not of.method.is_variadic:
                break
            if argument.is_function and not by_results:
                continue
            parameter = self._passed(of.method, number, argument, len(arguments))
            self._unify(substituted(parameter, of.by), argument, of.method.variables, found, 0)
        return {name: found.get(name, unknown("type variable")) for name in of.method.variables}

    def _passed(self, of: Method, number: int, argument: Argument, count: int) -> Value:
        last = len(of.parameters) - 1
        if not of.is_variadic or number < last:
            return of.parameters[number]
        array = of.parameters[last]
        is_whole = count == last + 1 and (is_array(argument.value) or argument.value.sort is Sort.UNKNOWN)
        return array if is_whole or not is_array(array) else array.parts[0]

    def _unify(
        self, parameter: Value, argument: Argument, names: Sequence[str], found: dict[str, Value], depth: int
    ) -> None:
        value = argument.value
        if depth > MAX_DEPTH or not mentions(parameter, names):
            return
        if argument.is_function:
            self._unify_function(parameter, argument, names, found, depth)
            return
        if is_variable(parameter) and parameter.name in names:
            self._take(parameter.name, boxed(value), found)
        elif parameter.sort is Sort.CONTAINER and parameter.name == "extends":
            self._unify(parameter.parts[0], argument, names, found, depth + 1)
        elif is_array(parameter):
            if is_array(value):
                inner = value.parts[0]
                self._unify(parameter.parts[0], Argument(inner), names, found, depth + 1)
            elif value.sort is not Sort.NOTHING:
                self._lose(parameter, names, found)
        else:
            own = class_id(parameter)
            parts = self.seen_as(self.bound(value), own) if own is not None and class_id(value) is not None else None
            if parts and len(parts) == len(parameter.parts):
                for inner, part in zip(parameter.parts, parts, strict=True):
                    if inner.sort is not Sort.CONTAINER or inner.name != "super":
                        self._unify(inner, Argument(part), names, found, depth + 1)
            elif value.sort is not Sort.NOTHING:
                self._lose(parameter, names, found)

    def _unify_function(
        self, parameter: Value, argument: Argument, names: Sequence[str], found: dict[str, Value], depth: int
    ) -> None:
        """Infer from what a lambda gives; what it takes says nothing."""
        own, function = class_id(parameter), self.function_of(parameter)
        if own is None or function is None or len(self.variables(own)) != len(parameter.parts):
            self._lose(parameter, names, found)
            return
        returns = substituted(function.returns, self.ancestors(own).get(function.owner, {}))
        for name, part in zip(self.variables(own), parameter.parts, strict=True):
            if not mentions(returns, (name,)) or part.name == "super":
                continue
            if is_variable(returns):
                self._unify(part, Argument(argument.result), names, found, depth + 1)
            else:
                self._lose(part, names, found)

    def _lose(self, parameter: Value, names: Sequence[str], found: dict[str, Value]) -> None:
        for name in names:
            if mentions(parameter, (name,)):
                found[name] = unknown("type variable")

    def _take(self, name: str, value: Value, found: dict[str, Value]) -> None:
        if value.sort is Sort.NOTHING:
            return
        plain = value._replace(how="", exact=False)
        known = found.get(name)
        if is_primitive(plain) or (known is not None and not same_type(known, plain)):
            plain = unknown("type variable")
        found[name] = plain


def mentions(value: Value, names: Sequence[str]) -> bool:
    """Say whether a type is, or is made of, a type variable of a name."""
    if is_variable(value):
        return value.name in names
    return any(mentions(part, names) for part in value.parts)


def fits(method: Method, count: int) -> bool:
    """Say whether a method can be called with so many arguments."""
    needed = len(method.parameters)
    return needed == count or (method.is_variadic and count >= needed - 1)
