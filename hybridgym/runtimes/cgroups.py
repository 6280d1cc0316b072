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
from typing import ClassVar, NamedTuple, Protocol, Self

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
    """Version 1: a folder for each controller."""

    how: ClassVar[str] = "cgroup v1"
    CONTROLLERS: ClassVar = ("memory", "pids", "cpu", "cpuacct")

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders

    @classmethod
    def make(cls, places: Mapping[str, Path], limits: Limits) -> Self:
        """Make a group below others."""
        name = _new_name()
        folders = {controller: places[controller] / name for controller in cls.CONTROLLERS}
        # cpu and cpuacct may be one folder.
        for folder in dict.fromkeys(folders.values()):
            folder.mkdir()
        _write(folders["memory"] / "memory.limit_in_bytes", limits.memory_bytes)
        with suppress(FileNotFoundError):  # Not every kernel counts what is swapped out.
            _write(folders["memory"] / "memory.memsw.limit_in_bytes", limits.memory_bytes)
        _write(folders["pids"] / "pids.max", limits.processes + OWN_PROCESSES)
        _write(folders["cpu"] / "cpu.cfs_period_us", _PERIOD)
        _write(folders["cpu"] / "cpu.cfs_quota_us", int(limits.cpus * _PERIOD))
        return cls(folders)

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
    """Version 2: one folder."""

    how: ClassVar[str] = "cgroup v2"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def make(cls, place: Path, limits: Limits) -> Self:
        """Make a group below another."""
        folder = place / _new_name()
        folder.mkdir()
        _write(folder / "memory.max", limits.memory_bytes)
        with suppress(FileNotFoundError):
            _write(folder / "memory.swap.max", 0)
        _write(folder / "pids.max", limits.processes + OWN_PROCESSES)
        with suppress(FileNotFoundError):  # The one controller that users are often not given.
            _write(folder / "cpu.max", f"{int(limits.cpus * _PERIOD)} {_PERIOD}")
        return cls(folder)

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


def find_group_of(process: int, name: str) -> Group | None:
    """Return the group that a process is in, for reading, if it has that name; None where it cannot be seen."""
    found = _groups_of(str(process))
    folders = {controller: folder for controller, folder in found.items() if name in folder.name}
    if folders.keys() >= set(Group1.CONTROLLERS):
        return Group1(folders)
    own = folders.get("")
    return Group2(own) if own is not None and (own / "memory.current").exists() else None


def _version_1() -> Iterator[Groups]:
    places = _groups_of("self")
    if places.keys() >= set(Group1.CONTROLLERS):
        for controller in Group1.CONTROLLERS:
            _sweep(places[controller])
        yield Groups(Group1.how, partial(Group1.make, places))


def _version_2() -> Iterator[Groups]:
    """Look upwards for a folder that gives its controllers to those below it: one that holds processes cannot."""
    own = _groups_of("self").get("")
    for place in (own, *own.parents) if own is not None else ():
        given = place / "cgroup.subtree_control"
        if given.exists() and {"memory", "pids"} <= set(given.read_text().split()):
            _sweep(place)
            yield Groups(Group2.how, partial(Group2.make, place))


def _groups_of(process: str) -> dict[str, Path]:
    """Return the folders of a process's groups by controller; that of version 2 has no name."""
    try:
        lines = Path("/proc", process, "cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    paths = {name: path for line in lines for _, names, path in [line.split(":", 2)] for name in names.split(",")}
    folders: dict[str, Path] = {}
    for root, point, kind, options in _mounts():
        names = [""] if kind == "cgroup2" else options.split(",") if kind == "cgroup" else []
        for name in names:
            # In a container, what is mounted may be its own part of the tree.
            if name in paths and paths[name].startswith(root):
                folders.setdefault(name, Path(point, paths[name].removeprefix(root).lstrip("/")))
            elif name in paths:
                folders.setdefault(name, Path(point))
    return folders


def _mounts() -> Iterator[tuple[str, str, str, str]]:
    """Yield of every mount what of its file system it shows, where, the kind and the options of the file system."""
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        place, _, system = line.partition(" - ")
        root, point = place.split()[3:5]
        kind, *_, options = system.split()
        yield root, point, kind, options


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
