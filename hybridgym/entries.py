"""What of a repository becomes part of its tree: one set of rules for git, sdists and directories.

Repositories are hostile: a path may leave the workspace, a link may point out of it, a file may be as large as
the disk. What cannot be kept is left out with a reason that is counted; nothing is repaired.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from hybridgym.errors import SourceError
from hybridgym.globs import matches_any
from hybridgym.snapshots import link_problem, parents, path_problem
from hybridgym.task import LINK, REGULAR, File, Rejection, Value

MAX_FILES: Final = 200_000
MAX_TOTAL_BYTES: Final = 2 << 30
MAX_FILE_BYTES: Final = 5_000_000
"""A larger file is left out: it is data, and it would travel with every suite."""

_MAX_PATH_BYTES: Final = 4_000
_MAX_NAME_BYTES: Final = 255
_MAX_DEPTH: Final = 200

_EXPECTED: Final = frozenset({"excluded", "submodule", "compiled Python"})
"""Reasons that are counted but not listed: what was asked for, or what nobody would miss."""


class Entry(Value, frozen=True, kw_only=True):
    """A file that a repository holds, not yet judged."""

    path: str
    """As the source names it, with `/`; bytes that are not UTF-8 as `surrogateescape` keeps them."""
    mode: str = REGULAR
    size: int = 0
    """Bytes."""
    read: Callable[[], bytes] = bytes
    """Returns the content, or the target of a link; may raise OSError."""
    problem: str = ""
    """Why the source cannot hand it out; empty where it can."""


class Collected(Value, frozen=True, kw_only=True):
    """The files that were kept, and those that were not."""

    files: Mapping[str, File]
    """In sorted order."""
    skipped: dict[str, int]
    """Reason → count, in sorted order."""
    rejections: tuple[Rejection, ...]


def collect(
    entries: Iterable[Entry], *, repo: str, root: str = "", include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()
) -> Collected:
    """Keep the entries below the folder `root` that the globs choose and that are safe to lay out on a disk.

    Paths and globs are relative to `root`. Raises SourceError where the limits on files or bytes are exceeded.
    """
    collector = _Collector(repo, root)
    for entry in entries:
        collector.add(entry, include, exclude)
    return collector.finish()


def unusable(path: str) -> tuple[str, str]:
    """Say why a path cannot be kept: the reason that is counted, and its detail. Both are empty where it can."""
    try:
        encoded = path.encode()
    except UnicodeEncodeError:
        return "path is not UTF-8", ""
    if "\\" in path:
        return "unsafe path", "it has a backslash"
    if problem := path_problem(path):
        return "unsafe path", problem
    names = encoded.split(b"/")
    if len(encoded) > _MAX_PATH_BYTES or len(names) > _MAX_DEPTH or max(map(len, names)) > _MAX_NAME_BYTES:
        return "path is too long", ""
    return "", ""


class _Collector:
    def __init__(self, repo: str, root: str) -> None:
        self._repo = repo
        self._prefix = f"{root}/" if root else ""
        self._files: dict[str, File] = {}
        self._bytes = 0
        self._skipped: Counter[str] = Counter()
        self._rejections: list[Rejection] = []

    def add(self, entry: Entry, include: tuple[str, ...], exclude: tuple[str, ...]) -> None:
        reason, detail = unusable(entry.path)
        if reason:
            self._skip(entry.path, reason, detail)
            return
        if not entry.path.startswith(self._prefix):
            return
        path = entry.path.removeprefix(self._prefix)
        if (include and not matches_any(include, path)) or matches_any(exclude, path):
            self._skip(path, "excluded")
        elif entry.problem:
            self._skip(path, entry.problem)
        elif entry.size > MAX_FILE_BYTES:
            self._skip(path, "too large", f"{entry.size} bytes")
        else:
            self._load(path, entry)

    def finish(self) -> Collected:
        self._drop_files_inside_files()
        self._drop_links_that_leave()
        return Collected(
            files=dict(sorted(self._files.items())),
            skipped=dict(sorted(self._skipped.items())),
            rejections=tuple(sorted(self._rejections, key=lambda r: (r.subject, r.reason))),
        )

    def _load(self, path: str, entry: Entry) -> None:
        try:
            data = entry.read()
        except OSError as error:
            self._skip(path, "unreadable", error.strerror or "")
            return
        self._bytes += len(data)
        self._files[path] = File(data, entry.mode)
        if len(self._files) > MAX_FILES or self._bytes > MAX_TOTAL_BYTES:
            message = f"{self._repo}: more than {MAX_FILES} files or {MAX_TOTAL_BYTES} bytes"
            raise SourceError(message)

    def _skip(self, path: str, reason: str, detail: str = "") -> None:
        self._skipped[reason] += 1
        if reason not in _EXPECTED:
            subject = path.encode("utf-8", "backslashreplace").decode()
            self._rejections.append(
                Rejection(repo=self._repo, stage="file", reason=reason, subject=subject, detail=detail)
            )

    def _drop_files_inside_files(self) -> None:
        """Drop what no file system could hold: a path of which a folder is itself a file or a link."""
        for path in [path for path in self._files if any(folder in self._files for folder in parents(path))]:
            del self._files[path]
            self._skip(path, "inside a file")

    def _drop_links_that_leave(self) -> None:
        for path in [path for path, file in self._files.items() if file.mode == LINK]:
            if problem := link_problem(path, self._files[path].data):
                del self._files[path]
                self._skip(path, "link leaves the tree", problem)
