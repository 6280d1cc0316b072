"""Access paths of Python taken apart (see hybridgym/facts.py)."""

import re
from functools import lru_cache
from typing import NamedTuple

OPERATION = re.compile(r"\.[^.()\[\]@,]+|\(\)|\[[^\]]*\]|@")
NESTED = re.compile(r"\([^)]")


class Site(NamedTuple):
    """Where an access path is looked up."""

    path: str
    scope: int
    position: int


@lru_cache(maxsize=65536)
def split(access: str) -> tuple[str, list[str]]:
    """Return the base of an access path and its operations."""
    if access.isidentifier():
        return access, []
    first = access[:1]
    if access[:2] == "(,":
        end = _closing(access, 0)
        return access[:end], _operations(access, end)
    if first == "'":
        return "''", _operations(access, 2)
    if first in "#[{(\\?" or not first:
        return first or "?", _operations(access, 1)
    end = next((i for i, c in enumerate(access) if c in ".([@"), len(access))
    return access[:end], _operations(access, end)


@lru_cache(maxsize=4096)
def arguments(given: str) -> tuple[str, ...]:
    """Return the access paths between the brackets of a call or a tuple."""
    found, depth, start = [], 0, 0
    for place, character in enumerate(given):
        depth += (character == "(") - (character == ")")
        if character == "," and not depth and not given.startswith("(,", place - 1):
            found.append(given[start:place])
            start = place + 1
    return (*found, given[start:]) if given else ()


def is_tuple(access: str) -> bool:
    """Say whether an access path is that of a tuple whose items are written down."""
    return access[:2] == "(," and _closing(access, 0) == len(access)


def _operations(access: str, start: int) -> list[str]:
    """Return the operations of an access path from a place on."""
    if not NESTED.search(access, start):
        return OPERATION.findall(access, start)
    found = []
    while start < len(access):
        match = OPERATION.match(access, start)
        end = match.end() if match else _closing(access, start)
        found.append(access[start:end])
        start = end
    return found


def _closing(access: str, start: int) -> int:
    """Return the place behind the bracket that closes the one at a place."""
    depth = 0
    for place in range(start, len(access)):
        depth += (access[place] == "(") - (access[place] == ")")
        if not depth:
            return place + 1
    return len(access)
