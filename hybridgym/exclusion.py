"""Which repositories and dates a suite is to keep clear of: those of benchmarks, above all.

A list names a repository on each line, and behind it the names that the same project has elsewhere: packages
(`pypi/requests`) and owners it has had. What follows a `#` is a comment. Those in LISTS say where they are from.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from hybridgym.errors import UsageError
from hybridgym.specs import MistakeError, date_time
from hybridgym.task import Value

LISTS: Final = Path(__file__).with_name("lists")
EXCLUDED: Final = "in a list of excluded repositories"
OUTSIDE: Final = "outside of the dates asked for"
"""Why something is rejected."""


class RepositoryList(Value, frozen=True, kw_only=True):
    """Repositories that are to be left out."""

    name: str
    """As it was asked for, without the folders of a file."""
    repositories: tuple[tuple[str, ...], ...]
    """Names of each repository in lower case, sorted."""


class Scope(Value, frozen=True, kw_only=True):
    """What a suite may be made of."""

    excluded: tuple[RepositoryList, ...] = ()
    created_after: str = ""
    """ISO 8601 in UTC: the first moment that is allowed; empty for no such limit."""
    created_before: str = ""
    """The first moment that no longer is."""

    @property
    def has_dates(self) -> bool:
        """Whether any time but some is ruled out."""
        return bool(self.created_after or self.created_before)

    def excludes(self, names: Iterable[str]) -> str:
        """Say which list has a repository that goes by one of some names; empty where none has."""
        known = {name.lower() for name in names if name}
        for listed in self.excluded:
            for repository in listed.repositories:
                if found := sorted(known.intersection(repository)):
                    return f"{listed.name}: {found[0]}"
        return ""

    def misdates(self, created_at: str) -> str:
        """Say what speaks against a state that was made at some time; empty where nothing does."""
        if not created_at and self.has_dates:
            return "it is not known when it was made"
        if created_at < self.created_after:
            return f"{created_at} is before {self.created_after}"
        if self.created_before and created_at >= self.created_before:
            return f"{created_at} is not before {self.created_before}"
        return ""


def scope_of(lists: Iterable[str] = (), created_after: str = "", created_before: str = "") -> Scope:
    """Read names of LISTS or paths of files, and dates; a date alone is its first moment, in UTC. Raises UsageError."""
    scope = Scope(
        excluded=tuple(_read(name) for name in dict.fromkeys(lists)),
        created_after=_moment("--created-after", created_after),
        created_before=_moment("--created-before", created_before),
    )
    if scope.created_before and scope.created_before <= scope.created_after:
        message = f"--created-before: expected a time after {scope.created_after}, found {scope.created_before}"
        raise UsageError(message)
    return scope


def list_names() -> list[str]:
    """Return the names of the lists that come with this package."""
    return sorted(path.stem for path in LISTS.glob("*.txt"))


def _read(name: str) -> RepositoryList:
    path = LISTS / f"{name}.txt" if name in list_names() else Path(name)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        message = f"--exclude-repos: expected a file or one of {', '.join(list_names())}, found {name!r}"
        raise UsageError(message) from None
    repositories = []
    for number, line in enumerate(lines, 1):
        names = line.partition("#")[0].lower().split()
        if wrong := [one for one in names if one.count("/") != 1 or one.startswith("/") or one.endswith("/")]:
            message = f"{name}:{number}: expected owner/name, found {wrong[0]!r}"
            raise UsageError(message)
        if names:
            repositories.append(tuple(sorted(set(names))))
    return RepositoryList(name=path.name if path.parent != LISTS else name, repositories=tuple(sorted(repositories)))


def _moment(option: str, text: str) -> str:
    try:
        return date_time(text) if text else ""
    except MistakeError as mistake:
        message = f"{option}: expected {mistake}, found {text!r}"
        raise UsageError(message) from None
