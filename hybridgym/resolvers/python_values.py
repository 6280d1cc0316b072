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
    """What iterating or subscripting a container gives, where that is known."""

    def via(self, how: str) -> "Value":
        """Return the same value, found by another rule."""
        return self if self.how == how else self._replace(how=how)


Values = tuple[Value, ...]
"""The alternatives; never empty."""

NOTHING = Value(Sort.NOTHING)
NEVER = Value(Sort.NEVER)
TEXT = Value(Sort.DATA, name="str", exact=True)


def unknown(why: str) -> Values:
    """Return the value that nothing is known of."""
    return (Value(Sort.UNKNOWN, name=why),)


def union(parts: list[Values], limit: int = 4) -> Values:
    """Return all alternatives, each once; unknown where one is unknown or there are too many."""
    merged: dict[tuple[Sort, DefinitionKey | None, str, bool, Values], Value] = {}
    for values in parts:
        for value in values:
            if value.sort is Sort.UNKNOWN:
                return (value,)
            if value.sort is Sort.NEVER:
                continue
            merged.setdefault((value.sort, value.key, value.name, value.exact, value.items), value)
    if not merged:
        return (NEVER,) if any(parts) else unknown("no value")
    if len(merged) > limit:
        return unknown("too many alternatives")
    return tuple(merged.values())


def without_none(values: Values) -> Values:
    """Drop None where there is anything else: calling it or its attributes would fail."""
    if len(values) == 1:
        return values
    return tuple(v for v in values if v.sort is not Sort.NOTHING) or values[:1]
