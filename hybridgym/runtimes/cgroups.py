"""Control groups: limits on all processes of a run together, and what these used.

Version 1 has a tree of folders for each controller, version 2 one tree for all of them. A machine may have both, as
the two of them share out the controllers; then what has the memory decides. Version 2 has not been run yet.
"""

import itertools
import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol

from hybridgym.runtimes.base import OWN_PROCESSES, Limit, Limits

_PERIOD = 100_000
"""Microseconds over which the processors' time is shared out; the kernel's default."""
_KILLING_SECONDS = 10
_NAME = "hybridgym-{}-{}"
_numbers = itertools.count()


class Group(Protocol):
    """The control group of one run."""

    def files_to_join(self) -> list[Path]:
        """Return the files to which a process writes 0 to be in the group, with all that it starts."""
        ...

    def watch(self, root: int) -> None:
        """Learn the first process of the run."""
        ...

    def exceeded(self) -> Limit | None:
        """Return the limit on memory or processes that was reached."""
        ...

    def cpu_seconds(self) -> float:
        """Return what all processes of the group have used, those that are gone too."""
        ...

    def peak_memory_bytes(self) -> int:
        """Return the most that they had at one time."""
        ...

    def remove(self) -> None:
        """Kill every process of the group, and remove it."""
        ...


class Group1:
    """Version 1: a folder below one's own for each controller."""

    how: ClassVar[str] = "cgroup v1"
    CONTROLLERS: ClassVar = ("memory", "pids", "cpu", "cpuacct")

    def __init__(self, places: Mapping[str, Path], name: str, limits: Limits) -> None:
        self._folders = {controller: places[controller] / name for controller in self.CONTROLLERS}
        # cpu and cpuacct may be one folder.
        for folder in dict.fromkeys(self._folders.values()):
            folder.mkdir()
        memory, processes, cpu = (self._folders[name] for name in ("memory", "pids", "cpu"))
        _write(memory / "memory.limit_in_bytes", limits.memory_bytes)
        with suppress(FileNotFoundError):  # Not every kernel counts what is swapped out.
            _write(memory / "memory.memsw.limit_in_bytes", limits.memory_bytes)
        _write(processes / "pids.max", limits.processes + OWN_PROCESSES)
        _write(cpu / "cpu.cfs_period_us", _PERIOD)
        _write(cpu / "cpu.cfs_quota_us", int(limits.cpus * _PERIOD))

    def files_to_join(self) -> list[Path]:
        return [folder / "cgroup.procs" for folder in dict.fromkeys(self._folders.values())]

    def watch(self, root: int) -> None:
        pass

    def exceeded(self) -> Limit | None:
        if _number_of(self._folders["memory"] / "memory.oom_control", "oom_kill"):
            return Limit.MEMORY
        return Limit.PROCESSES if _number_of(self._folders["pids"] / "pids.events", "max") else None

    def cpu_seconds(self) -> float:
        return int((self._folders["cpuacct"] / "cpuacct.usage").read_text()) / 1e9

    def peak_memory_bytes(self) -> int:
        return int((self._folders["memory"] / "memory.max_usage_in_bytes").read_text())

    def remove(self) -> None:
        for folder in dict.fromkeys(self._folders.values()):
            _empty(folder)
            folder.rmdir()


class Group2:
    """Version 2: one folder below one that was handed over to this user."""

    how: ClassVar[str] = "cgroup v2"

    def __init__(self, place: Path, name: str, limits: Limits) -> None:
        self._folder = place / name
        self._folder.mkdir()
        _write(self._folder / "memory.max", limits.memory_bytes)
        with suppress(FileNotFoundError):
            _write(self._folder / "memory.swap.max", 0)
        _write(self._folder / "pids.max", limits.processes + OWN_PROCESSES)
        with suppress(FileNotFoundError):  # The one controller that users are often not given.
            _write(self._folder / "cpu.max", f"{int(limits.cpus * _PERIOD)} {_PERIOD}")

    def files_to_join(self) -> list[Path]:
        return [self._folder / "cgroup.procs"]

    def watch(self, root: int) -> None:
        pass

    def exceeded(self) -> Limit | None:
        if _number_of(self._folder / "memory.events", "oom_kill"):
            return Limit.MEMORY
        return Limit.PROCESSES if _number_of(self._folder / "pids.events", "max") else None

    def cpu_seconds(self) -> float:
        return _number_of(self._folder / "cpu.stat", "usage_usec") / 1e6

    def peak_memory_bytes(self) -> int:
        with suppress(FileNotFoundError):  # Since Linux 5.19.
            return int((self._folder / "memory.peak").read_text())
        return int((self._folder / "memory.current").read_text())

    def remove(self) -> None:
        with suppress(FileNotFoundError):  # Since Linux 5.14.
            _write(self._folder / "cgroup.kill", 1)
        _empty(self._folder)
        self._folder.rmdir()


# Finding a place for groups


class Groups(NamedTuple):
    """Where groups can be made."""

    how: str
    """What they are, for people."""
    make: Callable[[Limits], Group]


def find_groups() -> Groups | None:
    """Return what makes a group of a run, or None where this user may not make any."""
    for groups in (*_version_1(), *_version_2()):
        try:
            groups.make(Limits()).remove()
        except OSError:
            continue
        return groups
    return None


def _version_1() -> Iterator[Groups]:
    places = {}
    for root, point, kind, options in _mounts():
        for controller in Group1.CONTROLLERS:
            if kind == "cgroup" and controller in options.split(","):
                places[controller] = _below(root, point, controller)
    if places.keys() >= set(Group1.CONTROLLERS):
        for place in places.values():
            _sweep(place)
        yield Groups(Group1.how, lambda limits: Group1(places, _new_name(), limits))


def _version_2() -> Iterator[Groups]:
    """Look upwards for a folder that gives its controllers to those below it: one that holds processes cannot."""
    for root, point, kind, _ in _mounts():
        if kind != "cgroup2":
            continue
        own = _below(root, point, "")
        for place in (own, *own.parents):
            given = place / "cgroup.subtree_control"
            if given.exists() and {"memory", "pids"} <= set(given.read_text().split()):
                _sweep(place)
                yield Groups(Group2.how, partial(_make_2, place))


def _make_2(place: Path, limits: Limits) -> Group:
    return Group2(place, _new_name(), limits)


def _mounts() -> Iterator[tuple[str, str, str, str]]:
    """Yield of every mount what of its file system it shows, where, the kind and the options of the file system."""
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        place, _, system = line.partition(" - ")
        root, point = place.split()[3:5]
        kind, *_, options = system.split()
        yield root, point, kind, options


def _below(root: str, point: str, controller: str) -> Path:
    """Return the folder of this process's own group."""
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            shown = path.startswith(root)
            return Path(point, path.removeprefix(root).lstrip("/")) if shown else Path(point)
    return Path(point)


def _new_name() -> str:
    return _NAME.format(os.getpid(), next(_numbers))


def _sweep(place: Path) -> None:
    """Remove what a process that was killed has left."""
    for folder in place.glob(_NAME.format("*", "*")):
        if not Path("/proc", folder.name.split("-")[1]).exists():
            with suppress(OSError):
                _empty(folder)
                folder.rmdir()


# Files of groups


def _write(file: Path, value: int | str) -> None:
    # Not created where it does not exist: a limit that the kernel does not have is not in force.
    with file.open("r+") as stream:
        stream.write(str(value))


def _number_of(file: Path, key: str) -> int:
    found = re.search(rf"^{key} (\d+)$", file.read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def _empty(folder: Path) -> None:
    deadline = time.monotonic() + _KILLING_SECONDS
    while processes := (folder / "cgroup.procs").read_text().split():
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(int(process), signal.SIGKILL)
        if time.monotonic() > deadline:
            break
        time.sleep(0.001)
