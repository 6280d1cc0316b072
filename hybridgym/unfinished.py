"""A suite that is being made: a folder inside of the suite's, which one process has at a time.

suite/     the parts of the suite; when all are written, they are moved to their places
moving     says that they are, which parts there are and which command made them
lock       held by the process that writes
journal/   what `generate` has found out so far (journal.py)

Whatever ends a process, the folder tells the next one how far it came.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from hybridgym.errors import UsageError
from hybridgym.rows import is_rows
from hybridgym.task import Value

INFO, REJECTIONS = "suite.json", "rejections.jsonl"
SOURCES, ENVIRONMENTS = "sources", "environments"

UNFINISHED: Final = ".unfinished"
_MARKER: Final = "moving"
_LOCK: Final = "lock"
_HELD: Final = (errno.EACCES, errno.EAGAIN)


class _Moving(Value, frozen=True, kw_only=True):
    """What is said of parts that are all written."""

    command: str
    parts: tuple[str, ...]


class Unfinished:
    """The parts of a suite before they have their places; `command` names what they are made by."""

    def __init__(self, out: Path, command: str) -> None:
        self.out = out
        self.folder = out / UNFINISHED
        self._command = command
        self._staging = self.folder / "suite"

    @property
    def is_written(self) -> bool:
        """Whether a process that made the same came as far as moving the parts."""
        moving = self._moving()
        return moving is not None and bool(self._command) and moving.command == self._command

    def staging(self) -> Path:
        """Return an empty folder for the parts."""
        # Only who writes a suite pays for loading this.
        from shutil import rmtree

        (self.folder / _MARKER).unlink(missing_ok=True)
        rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir()
        return self._staging

    def publish(self) -> None:
        """Move the parts to their places; a process that made the same may have begun to.

        An old suite.json goes first and the new one comes last: a folder that has it is a whole suite.
        """
        moving = self._moving()
        if moving is None:
            settle(self._staging)
            moving = _Moving(command=self._command, parts=tuple(_names(self._staging)))
            write_durably(self.folder / _MARKER, msgspec.json.encode(moving))
        old = self.folder / "old"
        old.mkdir(exist_ok=True)
        for name in sorted(filter(_is_part, _names(self.out)), key=lambda name: name != INFO):
            if name not in moving.parts or (self._staging / name).exists():
                (self.out / name).rename(_unused(old, name))
        for name in (*(part for part in moving.parts if part != INFO), INFO):
            if name == INFO:
                _sync(self.out)
            if (self._staging / name).exists():
                (self._staging / name).rename(self.out / name)
        _sync(self.out)

    def remove(self) -> None:
        """Delete the folder; what says that the suite is whole goes last."""
        from shutil import rmtree

        for path in self.folder.iterdir():
            if path.is_dir():
                rmtree(path, ignore_errors=True)
            elif path.name not in (_MARKER, _LOCK):
                path.unlink()
        for name in (_MARKER, _LOCK):
            (self.folder / name).unlink(missing_ok=True)
        with suppress(OSError):  # another process has come
            self.folder.rmdir()

    def _moving(self) -> _Moving | None:
        try:
            return msgspec.json.decode((self.folder / _MARKER).read_bytes(), type=_Moving)
        except (OSError, msgspec.DecodeError):
            return None


@contextmanager
def claimed(out: Path, overwrite: bool, command: str = "") -> Iterator[Unfinished]:
    """Give the place to make a suite in to this process alone, and delete it when the suite has its place.

    Where a command is named, what an error leaves is kept for the next process. Raises UsageError where `out` holds
    something else, a suite that may not be overwritten, or the work of a process that runs.
    """
    unfinished = Unfinished(out, command)
    if not unfinished.is_written:
        refuse_foreign(out, overwrite)
    unfinished.folder.mkdir(parents=True, exist_ok=True)
    lock = _locked(out, unfinished.folder / _LOCK)
    try:
        try:
            # Another process may have finished while this one came here.
            if not unfinished.is_written:
                refuse_foreign(out, overwrite)
            yield unfinished
        except BaseException:
            if not command or not (unfinished.folder / "journal").is_dir():
                unfinished.remove()
            raise
        unfinished.remove()
    finally:
        os.close(lock)


def refuse_foreign(out: Path, overwrite: bool) -> None:
    """Raise UsageError unless a suite may be written to `out`."""
    if not out.exists() or ((out / UNFINISHED).is_dir() and not (out / INFO).exists()):
        return
    if not out.is_dir():
        message = f"{out}: expected a folder, found a file"
        raise UsageError(message)
    if (out / INFO).is_file() and any(map(is_rows, _names(out))):
        if not overwrite:
            message = (
                f"{out}: there is a suite already; replace it with --overwrite (overwrite=True), or name another folder"
            )
            raise UsageError(message)
    elif any(not path.name.startswith(".") for path in out.iterdir()):
        message = f"{out}: expected a suite or an empty folder, found other files"
        raise UsageError(message)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that it has its name only when all of it is on the disk."""
    unfinished = path.with_name(f".{path.name}")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
    _sync(path.parent)


def settle(folder: Path) -> None:
    """Wait until everything below a folder is on the disk."""
    for path in (folder, *folder.rglob("*")):
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _locked(out: Path, path: Path) -> int:
    """Return a descriptor that holds the lock as long as this process lives; no process that it starts has it."""
    import fcntl  # reading a suite needs no lock, and works where there are none

    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            if error.errno not in _HELD:
                raise
            message = f"{out}: another run is writing a suite there; wait for its end, or name another folder"
            raise UsageError(message) from None
        with suppress(FileNotFoundError):
            if os.fstat(descriptor).st_ino == path.stat().st_ino:
                return descriptor
        # Whoever had it is done, and has deleted it.
        os.close(descriptor)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _is_part(name: str) -> bool:
    return name in (INFO, REJECTIONS, SOURCES, ENVIRONMENTS) or is_rows(name)


def _unused(folder: Path, name: str) -> Path:
    """Return a path that does not exist yet."""
    number = 0
    while (folder / f"{number}-{name}").exists():
        number += 1
    return folder / f"{number}-{name}"
