"""References → resolutions: what resolvers of all languages share.

An answer is one of four: *resolved* to one definition of the repository, *external* (proven to lie
outside it), *builtin* (of the language, or nothing that is a definition, such as a lambda), or
*unresolved* with the reason. Nothing is ever resolved because a name happens to match.
"""

from enum import StrEnum
from typing import NamedTuple, Protocol

from hybridgym.facts import Definition


class DefinitionKey(NamedTuple):
    """A definition of the repository: its file and its index there."""

    path: str
    number: int
    """Index in the file's `definitions`."""


class Outcome(StrEnum):
    """What became of a reference."""

    RESOLVED = "resolved"
    EXTERNAL = "external"
    BUILTIN = "builtin"
    UNRESOLVED = "unresolved"


class Resolution(NamedTuple):
    """The answer for one reference."""

    outcome: Outcome
    target: DefinitionKey | None
    """Set exactly where the outcome is RESOLVED."""
    detail: str
    """RESOLVED: how (lexical, import, module, class, self, super, constructor, annotation, return,
    attribute, call, alias); EXTERNAL: what; UNRESOLVED: why."""


class Resolver(Protocol):
    """What answers for the files of one language."""

    def resolve(self, path: str) -> list[Resolution]:
        """Return a resolution for each reference of a file, in their order."""

    def bases(self, key: DefinitionKey) -> list[DefinitionKey]:
        """Return the classes of the repository that a class directly inherits from."""

    def imported_files(self, path: str) -> list[tuple[str, DefinitionKey | None]]:
        """Return what a file imports from the repository: files, and definitions where they are named."""


def definition_id(path: str, definition: Definition) -> str:
    """Return the id of a definition of a file."""
    return qualified_id(path, definition.qualname, definition.ordinal)


def qualified_id(path: str, qualname: str, ordinal: int) -> str:
    """Return `path::qualname`, with `#2`, `#3`, … where one file defines it again."""
    return f"{path}::{qualname}#{ordinal}" if ordinal > 1 else f"{path}::{qualname}"
