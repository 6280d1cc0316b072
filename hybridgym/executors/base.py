"""What an executor is: a way to run units of work, in which no unit costs another."""

import math
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from typing import Final, NamedTuple, TypeVar

from hybridgym.task import Value

U = TypeVar("U")
R = TypeVar("R")

ATTEMPTS: Final = 2
"""How often a unit is tried whose worker dies or exceeds a limit."""


class Failure(NamedTuple):
    """A unit that ended without a result."""

    reason: str
    is_known: bool
    """Whether this package raised it on purpose."""
    was_ended: bool = False
    """Whether its worker died or exceeded a limit: the reason to try it again."""


class UnitLimits(Value, frozen=True, kw_only=True):
    """How much one unit may use, so that one hostile repository does not cost the others."""

    memory_bytes: int = 8 * 2**30
    """Of its process and of all that it starts."""
    seconds: float = 4 * 3600
    """Of wall time."""

    @property
    def memory_reason(self) -> str:
        """Say that the memory was exceeded."""
        return f"it took more than {self.memory_bytes / 2**30:g} GiB of memory"

    @property
    def time_reason(self) -> str:
        """Say that the time was exceeded."""
        return f"it took more than {self.seconds / 60:g} minutes"


DEFAULT_LIMITS: Final = UnitLimits()
NO_LIMITS: Final = UnitLimits(memory_bytes=sys.maxsize, seconds=math.inf)


class Executor(ABC):
    """A way to run units of work."""

    limits: UnitLimits

    @abstractmethod
    def run(self, work: Callable[[U], R], units: Sequence[U]) -> Generator[tuple[int, R | Failure], None, None]:
        """Run `work` on each unit; yield the unit's number with its result as they finish, in any order.

        A unit whose worker dies, exceeds a limit or raises is a Failure and costs no other; in the first two cases it
        is tried once more, after the others. Closing the generator ends the units that run. `work`, units and
        results have to pickle.
        """
