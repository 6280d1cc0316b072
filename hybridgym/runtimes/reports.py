"""Reading the files that a command left: links are not followed, and only so much is read."""

import io
import os
import stat
import tarfile
from collections.abc import Iterator
from typing import Any

MAX_REPORT_FILES = 10_000
_MAX_DEPTH = 20


class TooLargeError(Exception):
    """There are more, or larger, report files than may be read."""


def read_reports(folder: int, limit: int) -> dict[str, bytes]:
    """Read the regular files below a folder, by path.

    Raises TooLargeError where there are more than `limit` bytes. Nothing may change the folder meanwhile.
    """
    found: dict[str, bytes] = {}
    for path, descriptor in _files(folder, "", _MAX_DEPTH):
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(limit + 1)
        limit -= len(data)
        found[path] = data
        if limit < 0 or len(found) > MAX_REPORT_FILES:
            raise TooLargeError
    return dict(sorted(found.items()))


def read_archive(parts: Iterator[bytes], limit: int) -> dict[str, bytes]:
    """Read the regular files of an archive of one folder, as `read_reports` does; the whole archive is read."""
    found: dict[str, bytes] = {}
    is_too_large = False
    with tarfile.open(fileobj=io.BufferedReader(_Joined(parts)), mode="r|") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isreg() and not is_too_large else None
            if file is not None:
                data = file.read(limit + 1)
                limit -= len(data)
                found[member.name.partition("/")[2]] = data
                is_too_large = limit < 0 or len(found) > MAX_REPORT_FILES
    for _ in parts:  # What follows the archive's end; the connection is let go when it has been read.
        pass
    if is_too_large:
        raise TooLargeError
    return dict(sorted(found.items()))


class _Joined(io.RawIOBase):
    """Parts, one after the other, as a file to read from."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._left = part
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count


def _files(folder: int, prefix: str, depth: int) -> Iterator[tuple[str, int]]:
    """Yield paths and descriptors."""
    for name in sorted(os.listdir(folder)):
        try:
            # A pipe must not block, a link must not lead anywhere.
            descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        except OSError:
            continue
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISREG(mode):
            yield prefix + name, descriptor
            continue
        if stat.S_ISDIR(mode) and depth:
            yield from _files(descriptor, f"{prefix}{name}/", depth - 1)
        os.close(descriptor)
