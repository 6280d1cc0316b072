"""What the processes of a run use, where there are no control groups: looked at while they run.

Limits that the kernel puts on a user or on one process hold at once (see `sandbox`); the sums over all processes are
what this looks at, a few times a second. So a run may exceed them for a moment, and what starts and ends between two
looks is counted with the process that waited for it, or not at all.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from hybridgym.runtimes.base import Limit, Limits

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Processes:
    """The processes below one."""

    how: ClassVar[str] = "prlimit"

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._root: int | None = None
        self._peak = 0
        self._ticks = 0
        self._threads = 0
        self._last_memory = 0

    def watch(self, root: int) -> None:
        """Look from now on at the processes below this one, by its id."""
        self._root = root

    def files_to_join(self) -> list[Path]:
        """Return nothing: there is no group."""
        return []

    def exceeded(self) -> Limit | None:
        """Look, and return the limit that is exceeded."""
        self._look()
        if self._last_memory > self._limits.memory_bytes:
            return Limit.MEMORY
        return Limit.PROCESSES if self._threads > self._limits.processes else None

    def cpu_seconds(self) -> float:
        """Return the most that was seen."""
        return self._ticks / _TICKS

    def peak_memory_bytes(self) -> int:
        """Return the most that was seen at one time; below the limit, shared memory counts for each process."""
        return self._peak

    def remove(self) -> None:
        """Do nothing: the processes end with their namespace."""

    def _look(self) -> None:
        ticks = threads = memory = 0
        processes = list(self._below())
        for process in processes:
            with suppress(OSError):
                # After the name, which may hold anything, comes field 3.
                fields = Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()
                ticks += sum(map(int, fields[11:15]))
                threads += int(fields[17])
                memory += int(fields[21]) * _PAGE
        if memory > self._limits.memory_bytes:
            memory = sum(map(_share, processes))
        self._last_memory, self._threads = memory, threads
        self._peak = max(self._peak, memory)
        self._ticks = max(self._ticks, ticks)

    def _below(self) -> Iterator[int]:
        """Yield a process with its descendants: those without a parent are the first one's in its namespace."""
        waiting = [self._root] if self._root is not None else []
        while waiting:
            process = waiting.pop()
            yield process
            with suppress(OSError):
                for thread in Path(f"/proc/{process}/task").iterdir():
                    waiting += map(int, Path(thread, "children").read_text().split())


def _share(process: int) -> int:
    """Return the memory of a process, what it shares with others divided by their number; this takes its time.

    Where that may not be read, what it shares counts in full.
    """
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    with suppress(OSError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    return 0
