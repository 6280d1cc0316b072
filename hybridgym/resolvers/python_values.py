"""The values that Python expressions are proven to have."""

from enum import StrEnum
from typing import NamedTuple

from hybridgym.resolve import DefinitionKey


class Sort(StrEnum):
    """What a value is."""

    FUNCTION = "function"
    CLASS = "class"
    INSTANCE = "instance"
    """Of a class of the repository."""
    MODULE = "module"
    """A file of the repository, or a folder that is a namespace package."""
    SUPER = "super"
    COROUTINE = "coroutine"
    """What calling an `async def` of the repository gives: `@` takes its result out."""
    EXTERNAL = "external"
    """A module, class or function that lies outside the repository."""
    EXTERNAL_INSTANCE = "external instance"
    DATA = "data"
    """A string, a number or the like; also a bound method of one."""
    CONTAINER = "container"
    """A list, dict, set or tuple: its methods are the language's, its items are unknown."""
    BUILTIN = "builtin"
    LAMBDA = "lambda"
    NOTHING = "nothing"
    """None."""
    NEVER = "never"
    """No value: what an expression adds to itself."""
    UNKNOWN = "unknown"


class Value(NamedTuple):
    """One thing that an expression may be."""

    sort: Sort
    key: DefinitionKey | None = None
    """Of the function, class, instance's class or super's class."""
    name: str = ""
    """Module path, external dotted name, builtin name, or why it is unknown."""
    exact: bool = False
    """An instance of that very class (or that very class), not of a subclass."""
    how: str = ""
    """By which rule it was found."""
    items: "tuple[Value, ...]" = ()
    """What subscripting a container gives, where that is known; what a function is bound to."""
    parts: "tuple[tuple[Value, ...], ...]" = ()
    """What a tuple holds at each place; the keys of a mapping."""

    def via(self, how: str) -> "Value":
        """Return the same value, found by another rule."""
        return self if self.how == how else self._replace(how=how)


Values = tuple[Value, ...]
"""The alternatives; never empty."""

MAX_NESTING = 3
"""Of what containers hold deeper in each other nothing is known."""
NOTHING = Value(Sort.NOTHING)
NEVER = Value(Sort.NEVER)
TEXT = Value(Sort.DATA, name="str", exact=True)


def unknown(why: str) -> Values:
    """Return the value that nothing is known of."""
    return (Value(Sort.UNKNOWN, name=why),)


def union(parts: list[Values], limit: int = 4) -> Values:
    """Return all alternatives, each once; unknown where one is unknown or there are too many."""
    merged: dict[tuple[object, ...], Value] = {}
    for values in parts:
        for value in values:
            if value.sort is Sort.UNKNOWN:
                return (value,)
            if value.sort is Sort.NEVER:
                continue
            merged.setdefault((*value[:4], *value[5:]), value)
    if not merged:
        return (NEVER,) if any(parts) else unknown("no value")
    if len(merged) > limit:
        return unknown("too many alternatives")
    return tuple(merged.values())


def known(values: Values) -> Values:
    """Return values, or none where nothing is known of them."""
    return () if values[0].sort is Sort.UNKNOWN else values


def depth(values: Values, limit: int) -> int:
    """Return how deep values nest in each other, up to a limit."""
    inner = [part for v in values for part in (v.items, *v.parts) if part]
    return 0 if not limit else max((1 + depth(part, limit - 1) for part in inner), default=0)


def container(name: str, items: Values, parts: tuple[Values, ...] = ()) -> Values:
    """Return a container that was made here, with what is known of its items."""
    if any(depth(values, MAX_NESTING) >= MAX_NESTING for values in (items, *parts)):
        items, parts = (), ()
    return (Value(Sort.CONTAINER, name=name, exact=True, items=items, parts=parts),)


def tuple_of(parts: list[Values]) -> Values:
    """Return a tuple of what stands at each place; what is empty has no item of any kind."""
    return container("tuple", known(union(parts)) if parts else (NEVER,), tuple(parts))


def without_none(values: Values) -> Values:
    """Drop None where there is anything else: calling it or its attributes would fail."""
    if len(values) == 1:
        return values
    return tuple(v for v in values if v.sort is not Sort.NOTHING) or values[:1]
