"""Container: commands as another user of the container in which hybridgym itself runs, and which is thrown away.

For images that exporters make, where no further container or sandbox can be started. What keeps a command from what
it must not reach are its user and the permissions of files, so the container must hold nothing else of worth. It
runs nowhere else: MARK says that a place was made for it.
"""

import json
import os
import resource
import selectors
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Final

from hybridgym.errors import RunError
from hybridgym.runtimes.base import (
    HOME,
    OWN_PROCESSES,
    REPORTS,
    USER_ID,
    Conditions,
    Limit,
    Limits,
    Mount,
    Run,
    check_mounts,
    variables_of,
)
from hybridgym.runtimes.processes import Processes
from hybridgym.runtimes.reports import TooLargeError, read_reports
from hybridgym.task import WORKSPACE

MARK: Final = Path("/hybridgym/throw-away")

_TICK: Final = 0.05
_BLOCK: Final = 1 << 16
_KILLING_SECONDS: Final = 10
_WRITABLE: Final = (WORKSPACE, HOME, "/tmp", "/var/tmp", "/dev/shm")
_BECOME: Final = f"""
import json, os, resource, sys
for item in sys.argv[1].split(","):
    number, value = map(int, item.split("="))
    hard = resource.getrlimit(number)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(number, (value, value))
os.setgroups([])
os.setresgid({USER_ID}, {USER_ID}, {USER_ID})
os.setresuid({USER_ID}, {USER_ID}, {USER_ID})
os.umask(0o022)
os.chdir({WORKSPACE!r})
try:
    os.execvpe(sys.argv[3], sys.argv[3:], json.loads(sys.argv[2]))
except OSError as error:
    os.write(2, f"{{sys.argv[3]}}: {{error.strerror}}\\n".encode())
    os._exit(127)
"""
"""Limits, variables and command are its arguments."""
_KILL: Final = f"import os; os.setresuid({USER_ID}, {USER_ID}, {USER_ID}); os.kill(-1, 9)"


class Container:
    """Runs commands as the user 10001 of this container, one at a time."""

    name: ClassVar[str] = "container"

    def prepare(self) -> Conditions:
        if os.geteuid() != 0 or not MARK.is_file():
            message = (
                f"the runtime {self.name!r} works only as root of a container that is thrown away, in an image that "
                f"hybridgym's exporters describe: there is no {MARK}"
            )
            raise RunError(message)
        return Conditions(workspace="copy", limits=_LIMITS)

    def limits_in_force(self) -> Mapping[str, str]:
        return self.prepare().limits

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
        self.prepare()
        check_mounts(mounts)
        _end_processes()
        _clear()
        try:
            _lay_out(workspace, mounts, reports)
            watched = _Watched(command, limits, variables_of(variables), stdin)
            found, limit = dict[str, bytes](), watched.limit
            if reports:
                try:
                    found = _reports_in(reports, limits)
                except TooLargeError:
                    limit = limit or Limit.REPORTS
        finally:
            _end_processes()
            _clear()
            for mount in mounts:
                _remove(Path(mount.target))
        return Run(
            exit_code=watched.exit_code if limit is None else None,
            limit=limit,
            output=bytes(watched.output),
            reports=found,
            wall_seconds=watched.wall_seconds,
            cpu_seconds=watched.meter.cpu_seconds(),
            peak_memory_bytes=watched.meter.peak_memory_bytes(),
        )


class _OfUser(Processes):
    """All processes of the user that commands are; who their parent is does not matter."""

    def _below(self) -> Iterator[int]:
        yield from _processes()


class _Watched:
    """A command that has run: what became of it."""

    def __init__(self, command: Sequence[str], limits: Limits, variables: Mapping[str, str], stdin: bytes) -> None:
        self._limits = limits
        self.meter = _OfUser(limits)
        self.output = bytearray()
        self.limit: Limit | None = None
        values = {
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_FSIZE: limits.file_bytes,
            resource.RLIMIT_NOFILE: limits.open_files,
            resource.RLIMIT_DATA: 4 * limits.memory_bytes,
            resource.RLIMIT_NPROC: limits.processes + OWN_PROCESSES,
        }
        told = ",".join(f"{number}={value}" for number, value in values.items())
        begin = time.monotonic()
        with subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", "-c", _BECOME, told, json.dumps(dict(variables)), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_own_variables(),
            cwd="/",
            start_new_session=True,
        ) as process:
            try:
                self._serve(process, memoryview(stdin), begin + limits.wall_seconds)
            finally:
                self.wall_seconds = time.monotonic() - begin
                process.kill()
                _end_processes()
            status = process.wait()
            # What was written before the end may still wait to be read.
            while len(self.output) <= limits.output_bytes and self._read(process):
                pass
        self.exit_code = 128 - status if status < 0 else status
        if self.limit is None and len(self.output) > limits.output_bytes:
            self.limit = Limit.OUTPUT
        del self.output[limits.output_bytes :]

    def _serve(self, process: subprocess.Popen[bytes], pending: memoryview, deadline: float) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        ended = os.pidfd_open(process.pid)
        with selectors.DefaultSelector() as selector:
            for source in (process.stdout, ended):
                selector.register(source, selectors.EVENT_READ)
            os.set_blocking(process.stdin.fileno(), False)
            os.set_blocking(process.stdout.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE)
            next_look = 0.0
            try:
                while self.limit is None:
                    for key, _ in selector.select(_TICK):
                        if key.fileobj is process.stdin:
                            pending = _feed(process.stdin.fileno(), pending)
                            if not pending:
                                selector.unregister(process.stdin)
                                process.stdin.close()
                        elif key.fileobj is process.stdout:
                            if not self._read(process):
                                selector.unregister(process.stdout)
                        else:
                            return
                    if len(self.output) > self._limits.output_bytes:
                        self.limit = Limit.OUTPUT
                    elif time.monotonic() >= deadline:
                        self.limit = Limit.WALL_TIME
                    elif time.monotonic() >= next_look:
                        self._look()
                        next_look = time.monotonic() + _TICK
            finally:
                os.close(ended)

    def _look(self) -> None:
        self.limit = self.meter.exceeded()
        if self.limit is None and self.meter.cpu_seconds() > self._limits.cpu_seconds:
            self.limit = Limit.CPU_TIME

    def _read(self, process: subprocess.Popen[bytes]) -> bool:
        assert process.stdout is not None
        try:
            block = os.read(process.stdout.fileno(), _BLOCK)
        except BlockingIOError:
            return False
        self.output += block
        return bool(block)


_LIMITS: Final = {
    Limit.MEMORY: "prlimit for each process; the sum is looked at",
    Limit.PROCESSES: "prlimit",
    Limit.CPU_TIME: "the sum is looked at",
    Limit.WALL_TIME: "clock",
    Limit.DISK: "not in force",
    Limit.OUTPUT: "reading no more",
    Limit.REPORTS: "reading no more",
    "file size": "prlimit",
    "open files": "prlimit",
    "cpus": "not in force",
    "system calls": "not in force",
}


def _feed(descriptor: int, pending: memoryview) -> memoryview:
    """Write what fits; nothing is left where nobody reads."""
    try:
        return pending[os.write(descriptor, pending[:_BLOCK]) :]
    except BlockingIOError:
        return pending
    except BrokenPipeError:
        return pending[:0]


# The scene


def _lay_out(workspace: Path, mounts: Sequence[Mount], reports: str) -> None:
    """Put a copy of everything where the command expects it: its own what it may write, root's the rest."""
    for mount in mounts:
        target = Path(mount.target)
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(target)
        if mount.source.is_dir():
            shutil.copytree(mount.source, target, symlinks=True)
        else:
            shutil.copyfile(mount.source, target)
        for path in (target, *target.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() else 0o644 | (path.stat().st_mode & 0o111))
    for place in (WORKSPACE, HOME):
        Path(place).mkdir(parents=True, exist_ok=True)
    shutil.copytree(workspace, WORKSPACE, symlinks=True, dirs_exist_ok=True)
    for place in (WORKSPACE, HOME):
        for folder, folders, files in os.walk(place):
            for name in (".", *folders, *files):
                os.chown(f"{folder}/{name}", USER_ID, USER_ID, follow_symlinks=False)
        Path(place).chmod(0o755)
    if reports:
        # Root's, and not to be listed: whoever is to write here has to know the name of the folder inside.
        Path(REPORTS).mkdir(mode=0o711, parents=True, exist_ok=True)
        Path(REPORTS).chmod(0o711)
        Path(reports).mkdir(mode=0o700)
        os.chown(reports, USER_ID, USER_ID)


def _reports_in(reports: str, limits: Limits) -> dict[str, bytes]:
    folder = os.open(reports, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        return read_reports(folder, limits.report_bytes)
    finally:
        os.close(folder)


def _clear() -> None:
    """Remove whatever commands can have written, and the workspace."""
    shutil.rmtree(REPORTS, ignore_errors=True)
    for place in _WRITABLE:
        with suppress(FileNotFoundError):
            for entry in list(os.scandir(place)):
                if place in (WORKSPACE, HOME) or entry.stat(follow_symlinks=False).st_uid == USER_ID:
                    _remove(Path(entry.path))


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        if stat.S_ISDIR(path.lstat().st_mode):
            shutil.rmtree(path)
        else:
            path.unlink()


# The user's processes


def _own_variables() -> dict[str, str]:
    """Return what this Python needs to start again, should it lie elsewhere than where it was built for."""
    return {name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"}


def _processes() -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # The folder's owner is no help: a process can make that root.
            [line] = [line for line in (folder / "status").read_text().splitlines() if line.startswith("Uid:")]
            if str(USER_ID) in line.split():
                yield int(folder.name)


def _end_processes() -> None:
    """Kill every process of the user; one that is already dead but not waited for is no matter."""
    deadline = time.monotonic() + _KILLING_SECONDS
    while any(map(_is_alive, _processes())):
        subprocess.run(
            [sys.executable, "-I", "-S", "-B", "-c", _KILL], check=False, capture_output=True, env=_own_variables()
        )
        if time.monotonic() > deadline:
            message = "processes of a run cannot be ended"
            raise RunError(message)


def _is_alive(process: int) -> bool:
    with suppress(OSError):
        return b"\nState:\tZ" not in Path(f"/proc/{process}/status").read_bytes()
    return False
