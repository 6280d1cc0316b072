"""Reading the files that a command left: links are not followed, and only so much is read."""

import os
import stat
from collections.abc import Iterator

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
