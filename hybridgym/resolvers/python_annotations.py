"""The text of a Python annotation, taken apart: `Optional["a.B"]` → alternatives of names and their arguments."""

import re
from functools import lru_cache
from typing import NamedTuple

TOKEN = re.compile(r"\s*(?:([^\W\d][\w.]*)|([\[\]|,()])|(\.\.\.)|(['\"])|(\S))")
MAX_LENGTH = 400


class Annotation(NamedTuple):
    """A name (dotted; `None` for None; empty where it cannot be read) with its arguments in brackets."""

    name: str
    arguments: tuple[tuple["Annotation", ...], ...] = ()
    """For each argument its alternatives."""


UNREADABLE = (Annotation(""),)


@lru_cache(maxsize=65536)
def parse_annotation(text: str) -> tuple[Annotation, ...]:
    """Return the alternatives of an annotation (`X | None`, `Union[…]` and `Optional[…]` are taken apart)."""
    if len(text) > MAX_LENGTH:
        return UNREADABLE
    # Strings are forward references: the same expression, quoted.
    reader = _Reader([m.group().strip() for m in TOKEN.finditer(text) if m.group(4) is None])
    try:
        found = reader.alternatives()
    except (_UnreadableError, RecursionError):
        return UNREADABLE
    return found if reader.at_end() else UNREADABLE


class _UnreadableError(Exception):
    pass


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._next = 0

    def at_end(self) -> bool:
        return self._next >= len(self._tokens)

    def alternatives(self) -> tuple[Annotation, ...]:
        found = list(self._one())
        while self._peek() == "|":
            self._next += 1
            found += self._one()
        return tuple(found)

    def _one(self) -> tuple[Annotation, ...]:
        name = self._take()
        if name == "[":  # the first argument of Callable
            self._arguments()
            return UNREADABLE
        if not (name[0].isalpha() or name[0] == "_" or name == "..."):
            raise _UnreadableError
        arguments: tuple[tuple[Annotation, ...], ...] = ()
        if self._peek() == "[":
            self._next += 1
            arguments = self._arguments()
        last = name.rpartition(".")[2]
        if last == "Union":
            return tuple(a for argument in arguments for a in argument)
        if last == "Optional":
            return (*(arguments[0] if arguments else UNREADABLE), Annotation("None"))
        if last in ("Annotated", "Final", "ClassVar", "Required", "NotRequired") and arguments:
            return arguments[0]
        return (Annotation(name, arguments),)

    def _arguments(self) -> tuple[tuple[Annotation, ...], ...]:
        arguments = []
        while self._peek() != "]":
            arguments.append(self.alternatives())
            if self._peek() == ",":
                self._next += 1
            elif self._peek() != "]":
                raise _UnreadableError
        self._next += 1
        return tuple(arguments)

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        if not token:
            raise _UnreadableError
        self._next += 1
        return token
