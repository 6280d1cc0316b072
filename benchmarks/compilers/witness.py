"""What a compiler says of calls, in terms of a folder: the interface between a language's witness and the scoring."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol

from hybridgym.errors import HybridGymError


class WitnessError(HybridGymError):
    """A compiler is missing or failed."""


class Reach(StrEnum):
    """What a call reaches, as far as the compiler knows."""

    REPOSITORY = "repository"
    """One definition of the repository, whatever happens at run time."""
    OUTSIDE = "outside"
    """Code that is not in the repository, whatever happens at run time."""
    BUILTIN = "builtin"
    """Nothing that is a definition: the language's own functions, conversions, a function literal."""
    OPEN = "open"
    """What it is depends on the run: an interface's method, a method that is overridden, a function value."""


class WitnessedCall(NamedTuple):
    """One call expression of a file.

    A call that the compiler could not attribute, such as one of a package that is not installed, is left out.
    """

    path: str
    """Of the file, relative to the folder, with forward slashes."""
    start: int
    """First byte of the call expression: what `Reference.start` of the same call is."""
    end: int
    """Byte after its last: what `Reference.end` of the same call is."""
    outcome: Reach
    target_path: str = ""
    """Of the file that declares what is called; only with REPOSITORY."""
    target_row: int = -1
    """0-based row of the declared name."""
    name: str = ""
    """The declared name, where a row may hold several."""
    why: str = ""
    """In a word or two: `interface`, `function value`, `conversion`, …"""


class Witness(Protocol):
    """Asks one compiler."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the names in `hybridgym.languages.LANGUAGES` of those whose files it attributes."""

    def facts(self, folder: Path) -> Iterable[WitnessedCall]:
        """Return what each call in the files of a folder reaches; raises WitnessError."""
