"""Values of Go, beside what all typed languages have.

Pointers are not told from what they point to: a selector, an index and a loop see through them. `parts` are the type
arguments of a type, an instance or a function.

A CONTAINER is `slice` (arrays too), `map`, `chan`, `tuple`, `func` (what parameters it has, as a tuple, then its
results), `lambda` (a func that is a literal), `outside` (a func that code outside made), `basic`, `error`, `struct` and
`interface` with the names of their members behind that word (`^` where they are embedded), or `parameter` with its
number.

An EXTERNAL is, by its `how`, a `package`, the `name` of one, a `member` of something (all three are code outside where
they are called), a `value`, or the `result` of code outside: what that returns is its own where it is called. A value
is `exact` where its type is no interface, since a method of an interface may be one of the repository's.
"""

from collections.abc import Sequence

from hybridgym.resolve import DefinitionKey
from hybridgym.resolvers.typed_values import NOTHING_VALUE, Sort, Value, unknown

FUNCTIONS = frozenset({"func", "lambda", "outside"})
"""Containers that can be called."""


def container(name: str, *parts: Value) -> Value:
    """Return the value of a type that is made of others."""
    return Value(Sort.CONTAINER, name=name, parts=parts)


MAX_PARTS = 200
BASIC = container("basic")
ANY = container("interface")


def parameter(key: DefinitionKey | None, number: int) -> Value:
    """Return a value of a type parameter of a definition, or of something outside."""
    return Value(Sort.CONTAINER, key, name=f"parameter {number}")


def outside(name: str, what: str, parts: tuple[Value, ...] = ()) -> Value:
    """Return what is declared outside."""
    return Value(Sort.EXTERNAL, name=name, how=what, parts=parts)


def substituted(value: Value, key: DefinitionKey | None, arguments: Sequence[Value]) -> Value:
    """Return a value with type arguments in the place of the type parameters of a definition."""
    if not arguments:
        return value
    found = _substituted(value, key, arguments)
    return found if found is value or _is_small(found) else unknown("type")


def _substituted(value: Value, key: DefinitionKey | None, arguments: Sequence[Value]) -> Value:
    if value.sort is Sort.CONTAINER and value.key == key and value.name.startswith("parameter "):
        number = int(value.name.partition(" ")[2])
        return arguments[number] if number < len(arguments) else value
    if not value.parts:
        return value
    return value._replace(parts=tuple(_substituted(part, key, arguments) for part in value.parts))


def _is_small(value: Value) -> bool:
    """Say whether a value has few parts: a generic type that holds itself can grow without end."""
    pending, left = [value], MAX_PARTS
    while pending and left:
        pending += pending.pop().parts
        left -= 1
    return not pending


def renamed(value: Value, how: str) -> Value:
    """Return a value with another rule by which it was found."""
    return value if value.sort in (Sort.UNKNOWN, Sort.EXTERNAL, Sort.BUILTIN) else value._replace(how=how)


def held(value: Value) -> Value:
    """Return a value that holds some function."""
    if value.sort is Sort.CONTAINER:
        return value._replace(name="func")
    return value._replace(how="value") if value.sort is Sort.EXTERNAL else function_type(NOTHING_VALUE)


def function_type(result: Value) -> Value:
    """Return the value of a type of functions that give a result."""
    is_several = result.sort is Sort.CONTAINER and result.name == "tuple"
    results = result.parts if is_several else () if result == NOTHING_VALUE else (result,)
    return container("func", container("tuple"), *results)


def returned(value: Value) -> Value:
    """Return what code outside returns: functions are its own."""
    if value.sort is Sort.CONTAINER and value.name == "func":
        return value._replace(name="outside")
    if value.sort is Sort.EXTERNAL:
        return value._replace(how="result")
    if value.sort is Sort.CONTAINER and value.name == "tuple":
        return value._replace(parts=tuple(returned(part) for part in value.parts))
    return value
