"""What is told of a long run while it goes on."""

import json
import time
from collections.abc import Callable
from typing import IO, NamedTuple


class Ended(NamedTuple):
    """What came of one unit: one repository in one stage."""

    repo: str
    tasks: int = 0
    rejections: int = 0
    """Candidates that were tried and gave no task; a repository that failed is one."""
    failure: str = ""
    """Why nothing came of it; empty where something did."""
    is_remembered: bool = False
    """Whether an earlier run of the same command had done it."""


class Reporter:
    """What is told while a suite is made; this one tells nobody."""

    def begin(self, stage: str, total: int) -> None:
        """A stage begins that has so many units."""

    def advance(self, ended: Ended) -> None:
        """A unit ended."""


class JsonReporter(Reporter):
    """Tells programs: one JSON object on a line for each event, as docs/scale.md has them."""

    def __init__(self, stream: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._begun = clock()
        self._stage = ""
        self._total = self._done = self._tasks = self._rejections = 0

    def begin(self, stage: str, total: int) -> None:
        """Say which stage begins."""
        self._stage, self._total, self._done = stage, total, 0
        self.tell("stage", stage=stage, total=total)

    def advance(self, ended: Ended) -> None:
        """Say what came of a unit, and how far the run is."""
        self._done += 1
        self._tasks += ended.tasks
        self._rejections += ended.rejections
        so_far = {
            "done": self._done,
            "total": self._total,
            "all_tasks": self._tasks,
            "all_rejections": self._rejections,
        }
        self.tell("unit", stage=self._stage, **ended._asdict(), **so_far)

    def tell(self, event: str, **about: object) -> None:
        """Write one event."""
        line = {"event": event, "seconds": round(self._clock() - self._begun, 3), **about}
        print(json.dumps(line), file=self._stream, flush=True)
