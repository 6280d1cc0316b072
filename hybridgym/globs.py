"""Globs over POSIX paths: `*` and `?` stay within a folder, `**` spans folders, `[…]` is one character of a set."""

import re
from functools import cache
from typing import Final

from hybridgym.errors import UsageError

_TOKEN: Final = re.compile(
    r"(?P<folders>(?:(?<![^/])\*\*/)+)"
    r"|(?P<rest>(?<![^/])\*\*$)"
    r"|(?P<stars>\*+)"
    r"|(?P<one>\?)"
    r"|\[(?P<not>!?)(?P<set>\]?[^\]/]*)\]"
    r"|(?P<open>\[)"
    r"|(?P<literal>[^*?\[]+)"
)


class GlobError(UsageError):
    """A glob that cannot match a relative POSIX path; the message goes on after "expected"."""


@cache
def compile_glob(glob: str) -> re.Pattern[str]:
    """Compile a glob into a pattern for `fullmatch` on a whole relative path; raises GlobError."""
    _check_shape(glob)
    try:
        return re.compile("".join(_piece(token) for token in _TOKEN.finditer(glob)), re.DOTALL)
    except re.error as error:
        message = f"a character set such as [a-z] ({error.msg})"
        raise GlobError(message) from error


def matches_any(globs: tuple[str, ...], path: str) -> bool:
    """Say whether a relative POSIX path matches one of the globs."""
    return any(compile_glob(glob).fullmatch(path) for glob in globs)


def _check_shape(glob: str) -> None:
    if not glob:
        message = "a glob over file paths, such as 'src/**/*.py'"
        raise GlobError(message)
    if "\\" in glob or "\0" in glob:
        message = "a glob with / between folders and no backslash"
        raise GlobError(message)
    if glob.startswith("/"):
        message = "a glob relative to the repository, without a leading /"
        raise GlobError(message)
    if glob.endswith("/"):
        message = f"a glob over file paths, such as '{glob}**'"
        raise GlobError(message)
    if any(part in ("", ".", "..") for part in glob.split("/")):
        message = "a glob without empty, . or .. folders"
        raise GlobError(message)


def _piece(token: re.Match[str]) -> str:
    """Translate one token of a glob into a regular expression."""
    if token["folders"]:
        return "(?:.+/)?"
    if token["rest"]:
        return ".+"
    if token["stars"]:
        if len(token["stars"]) > 1:
            message = "** as a whole folder, such as 'docs/**' or '**/conftest.py'"
            raise GlobError(message)
        return "[^/]*"
    if token["one"]:
        return "[^/]"
    if token["open"]:
        message = "a character set that is closed, such as [a-z]"
        raise GlobError(message)
    if token["set"] is not None:
        return _character_set(bool(token["not"]), token["set"])
    return re.escape(token["literal"])


def _character_set(negated: bool, characters: str) -> str:
    if not characters:
        message = "a character set that is not empty, such as [a-z]"
        raise GlobError(message)
    # Only ranges keep their meaning: `^`, `[` and the doubled characters of set operations are themselves.
    escaped = re.sub(r"([\[\]^&~|\\])", r"\\\1", characters)
    return f"[^/{escaped}]" if negated else f"[{escaped}]"
