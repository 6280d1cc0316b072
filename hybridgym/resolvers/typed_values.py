"""What typed resolvers know of an expression, and access paths taken apart."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from hybridgym.resolve import DefinitionKey

BASE = re.compile(r"[^\W\d][\w$]*|[$@#][\w$]*|''|\[|\{|\(|\\|\?")
TRAILER = re.compile(r"(?:\.|::)[^\W\d]?[\w$#]*|\([^()]*\)|\[(?::|<[^<>()]*>)?\]|[!@]")


class Sort(StrEnum):
    """What a value is."""

    NAMESPACE = "namespace"
    """A package, module or file: it has members and is not called. `name` says which."""
    TYPE = "type"
    """A class, struct, interface, … of the repository itself."""
    INSTANCE = "instance"
    """A value whose static type is a definition of the repository."""
    FUNCTION = "function"
    OVERLOADED = "overloaded"
    """Several functions of one name (`parts`), of which the arguments choose."""
    CONTAINER = "container"
    """A type made of others, such as a list, a tuple or a function: `name` says which, `parts` of what."""
    EXTERNAL = "external"
    """Proven to lie outside of the repository; `name` says what it is."""
    BUILTIN = "builtin"
    NOTHING = "nothing"
    """null, nil, undefined."""
    UNKNOWN = "unknown"
    """`name` says why."""


class Value(NamedTuple):
    """What is known of an expression."""

    sort: Sort
    key: DefinitionKey | None = None
    """Of a TYPE, an INSTANCE (its type) or a FUNCTION."""
    name: str = ""
    how: str = ""
    """By which rule it was found: the detail of a resolution."""
    parts: tuple["Value", ...] = ()
    exact: bool = False
    """An INSTANCE of this very type, not of one derived from it."""


BUILTIN_VALUE = Value(Sort.BUILTIN)
NOTHING_VALUE = Value(Sort.NOTHING)


def unknown(reason: str) -> Value:
    """Return the value of an expression of which nothing is known."""
    return Value(Sort.UNKNOWN, name=reason)


def external(name: str) -> Value:
    """Return the value of something outside of the repository."""
    return Value(Sort.EXTERNAL, name=name)


def merged(values: Sequence[Value]) -> Value:
    """Return the one value of several possible ones, or that it is not one."""
    kept = [v for v in values if v.sort is not Sort.NOTHING] or list(values[:1])
    first = kept[0]
    if all(v == first for v in kept[1:]):
        return first
    if len({v._replace(how="", exact=False) for v in kept}) == 1:
        return min(kept, key=lambda v: v.how)._replace(exact=all(v.exact for v in kept))
    return next((v for v in kept if v.sort is Sort.UNKNOWN), unknown("several targets"))


def is_member(name: str) -> bool:
    """Say whether what stands behind the last dot of an access path is a name, and not called or indexed itself."""
    return bool(name) and name[-1] not in "()[]!@"


@lru_cache(maxsize=65536)
def split_path(text: str) -> tuple[str, tuple[str, ...]]:
    """Split an access path into its base and its trailers; one that is not well formed is `?`."""
    if text.startswith("<"):
        end = _closing(text)
    else:
        found = BASE.match(text)
        end = found.end() if found else 0
    trailers = []
    place = end
    while place < len(text):
        found = TRAILER.match(text, place)
        if found is None or found.end() == place:
            return "?", ()
        trailers.append(found[0])
        place = found.end()
    return (text[:end], tuple(trailers)) if end else ("?", ())


def _closing(text: str) -> int:
    """Return the byte behind the `>` that closes a written type; 0 where nothing does."""
    depth = 0
    for place, character in enumerate(text):
        if character == "<" and text[place + 1 : place + 2] != "-":
            depth += 1
        elif character == ">" and text[place - 1] not in "-=":
            depth -= 1
            if not depth:
                return place + 1
    return 0
