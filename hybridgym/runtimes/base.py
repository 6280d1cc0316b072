"""What every runtime is: a place to run code that nobody trusts, with limits, and what is told of such a run."""

import secrets
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import ClassVar, Protocol

from hybridgym.errors import UsageError
from hybridgym.task import WORKSPACE, Value

HOME = "/home/agent"
USER, USER_ID = "agent", 10001
"""Who a command is, in either runtime; the user of the container specs."""
OWN_PROCESSES = 2
"""That a runtime needs beside those of the command, where all are counted together."""
PATH = "/usr/local/bin:/usr/bin:/bin"
REPORTS = "/run/reports"
"""Holds the folder for reports, and cannot be listed where a runtime can tell the command's user from another."""
_TAKEN = (WORKSPACE, REPORTS, HOME, "/bin", "/dev", "/etc", "/lib", "/proc", "/sbin", "/sys", "/tmp", "/usr")


class Limit(StrEnum):
    """The limits that can end a run."""

    MEMORY = "memory"
    PROCESSES = "processes"
    CPU_TIME = "cpu time"
    WALL_TIME = "wall time"
    DISK = "disk"
    OUTPUT = "output"
    REPORTS = "reports"


class Limits(Value, frozen=True, kw_only=True):
    """How much a run may use. Reaching one of them ends it, but for the last three: these make calls fail."""

    memory_bytes: int = 2_000_000_000
    """Of all processes together, with the files that they write."""
    processes: int = 256
    """And threads, at one time."""
    cpu_seconds: float = 300
    """Of all processes together."""
    wall_seconds: float = 300
    disk_bytes: int = 1_000_000_000
    """What may be written, in all places together: workspace, home, `/tmp`, `/dev/shm` and reports."""
    output_bytes: int = 10_000_000
    report_bytes: int = 50_000_000
    """Of all report files together."""
    file_bytes: int = 500_000_000
    """Of one file."""
    open_files: int = 1024
    """Of one process."""
    cpus: float = 1
    """How many processors' time there is in a second; less slows a run down."""


class Mount(Value, frozen=True):
    """A file or folder of this machine that a command can read, and not write."""

    source: Path
    target: str
    """An absolute path, outside of the workspace."""


class Run(Value, frozen=True, kw_only=True):
    """What became of a command."""

    exit_code: int | None
    """128 + n where signal n ended the command; None where a limit did."""
    limit: Limit | None
    """What ended the run before its time."""
    output: bytes
    """What was written to standard output and standard error, in the order of writing; no more than the limit."""
    reports: Mapping[str, bytes]
    """The regular files that were left in the folder for reports, by path."""
    wall_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int


class Conditions(Value, frozen=True, kw_only=True):
    """What a runtime can do on this machine."""

    workspace: str
    """How a run gets its throw-away workspace: `overlay`, `copy`."""
    limits: Mapping[str, str]
    """By what each limit is enforced."""


class Runtime(Protocol):
    """A place to run commands: nothing that one leaves behind is seen by the next."""

    name: ClassVar[str]

    def prepare(self) -> Conditions:
        """Find out, once, what this machine permits; `run` does so by itself.

        Raises MissingDependencyError where a program or a package is missing, RunError where nothing can run.
        """
        ...

    def limits_in_force(self) -> Mapping[str, str]:
        """Return by what each limit is enforced here."""
        ...

    def run(
        self,
        command: Sequence[str],
        workspace: Path,
        limits: Limits,
        *,
        mounts: Sequence[Mount] = (),
        variables: Mapping[str, str] | None = None,
        stdin: bytes = b"",
        reports: str = "",
    ) -> Run:
        """Run a command in a throw-away copy of a folder, and end all processes that it started.

        The environment holds `variables` and, unless they say otherwise, HOME, LANG and PATH. `reports` is a path
        from `reports_folder`: the command finds an empty folder there, and what it leaves in it is read.
        Raises as `prepare` does, and RunError where the command cannot be started.
        """
        ...


def check_mounts(mounts: Sequence[Mount]) -> None:
    """Raise UsageError where a mount would cover what a runtime puts there, or has nothing to show."""
    for mount in mounts:
        target = PurePosixPath(mount.target)
        covers = any(target.is_relative_to(place) or Path(place).is_relative_to(target) for place in _TAKEN)
        if not target.is_absolute() or ".." in target.parts or covers:
            message = f"mount: expected an absolute path outside of {', '.join(_TAKEN)}, found {mount.target!r}"
            raise UsageError(message)
        if not mount.source.exists():
            message = f"mount: there is no {mount.source}"
            raise UsageError(message)


def reports_folder() -> str:
    """Return a path for reports that no command can guess."""
    return f"{REPORTS}/{secrets.token_hex(16)}"


def variables_of(variables: Mapping[str, str] | None) -> dict[str, str]:
    """Return the environment of a command."""
    return {"HOME": HOME, "LANG": "C.UTF-8", "PATH": PATH, **(variables or {})}
