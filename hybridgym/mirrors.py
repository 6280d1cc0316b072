"""Git repositories: mirrored by the `git` program, read by pygit2. Nothing is checked out and no filter runs."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Final, NamedTuple

import pygit2
from pygit2.enums import FileMode, ObjectType

from hybridgym.entries import MAX_FILE_BYTES, MAX_FILES, Entry, unusable
from hybridgym.errors import MissingDependencyError, SourceError
from hybridgym.specs import without_secrets
from hybridgym.task import EXECUTABLE, LINK, REGULAR

_MODES: Final = {FileMode.BLOB: REGULAR, FileMode.BLOB_EXECUTABLE: EXECUTABLE, FileMode.LINK: LINK}

_FILE_MODES: Final = {int(mode): text for mode, text in _MODES.items()}

_SAFE: Final = (
    *("-c", "protocol.ext.allow=never"),  # `ext::` URLs are commands
    *("-c", "protocol.fd.allow=never"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
    *("-c", "fetch.recurseSubmodules=false"),
)

# Variables by which a surrounding git, such as one that runs a hook, would point this one elsewhere.
_INHERITED: Final = (
    "GIT_ALLOW_PROTOCOL",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_TEMPLATE_DIR",
    "GIT_WORK_TREE",
)
_ENVIRONMENT: Final = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GIT_HTTP_LOW_SPEED_LIMIT": "1000",  # bytes a second …
    "GIT_HTTP_LOW_SPEED_TIME": "60",  # … for so many seconds end a stalled transfer
    "LC_ALL": "C",
}
_FETCH_ATTEMPTS: Final = 3
_SHA_DIGITS: Final = 40

MAX_COMMITS: Final = 2_000_000
_MAX_COMMIT_BYTES: Final = 1 << 20
_MAX_TREE_BYTES: Final = 1 << 24
_KEPT_TREES: Final = 1024
_KEPT_TREE_BYTES: Final = 1 << 16
"""A larger tree is read again whenever it is needed."""
_TREE_ENTRY: Final = re.compile(rb"([0-7]{5,6}) ([^\0]+)\0(.{20})", re.DOTALL)

_UNREADABLE: Final = (KeyError, ValueError, pygit2.GitError)
"""What pygit2 raises for an object that does not exist, is of another type or is damaged."""


def commit_at(url: str, revision: str, cache_dir: Path) -> tuple[pygit2.Repository, pygit2.Commit]:
    """Return the commit of a branch, tag or (abbreviated) sha of a repository, and its mirror in the cache.

    `url` may be a local path or a bundle. The network is asked for all but a full sha that the mirror holds.
    Several processes may use one cache. Raises SourceError.
    """
    if url.startswith("-"):
        message = f"git {without_secrets(url)}: a URL may not start with '-'"
        raise SourceError(message)
    mirror = cache_dir / "git" / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.git"
    if not mirror.is_dir():
        _clone(url, mirror)
    elif not _holds(mirror, revision):
        _fetch(url, mirror)
    try:
        repository = pygit2.Repository(str(mirror))
        return repository, repository.revparse_single(revision).peel(pygit2.Commit)
    except _UNREADABLE as error:
        message = f"git {without_secrets(url)}: no commit {revision!r}: {error}"
        raise SourceError(message) from error


def tree_of(repository: pygit2.Repository, commit: pygit2.Commit) -> Iterator[Entry]:
    """Yield the files of a commit, in no particular order; raises SourceError for a tree that has no end."""
    with _reading(commit.tree_id):
        pending = [("", commit.tree)]
    seen = 0
    while pending:
        prefix, tree = pending.pop()
        for item in tree:
            seen += 1
            if seen > MAX_FILES:
                message = f"commit {commit.id}: more than {MAX_FILES} files and folders"
                raise SourceError(message)
            path = prefix + (item.raw_name or b"").decode("utf-8", "surrogateescape")
            if item.filemode == FileMode.TREE and not unusable(path)[0]:
                with _reading(item.id):
                    pending.append((f"{path}/", repository[item.id].peel(pygit2.Tree)))
            else:
                yield _entry(repository, path, item)


def commit_time(commit: pygit2.Commit) -> str:
    """Return the committer's date in UTC, ISO 8601; empty where the commit holds one that no calendar knows."""
    try:
        return datetime.fromtimestamp(commit.commit_time, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return ""


class CommitObject(NamedTuple):
    """What a commit says of itself."""

    tree: str
    parents: tuple[str, ...]
    created_at: str
    """As `commit_time` gives it."""
    message: str
    """What is not UTF-8 is read as Latin-1."""


TreeItem = tuple[bytes, bytes]
"""One entry of a folder: its mode, octal, and its id."""


def file_mode(item: TreeItem) -> str:
    """Return the mode of a file as sources write it; empty for a folder or submodule."""
    mode = int(item[0], 8)
    return "" if mode in (FileMode.TREE, FileMode.COMMIT) else _FILE_MODES.get(mode, REGULAR)


def is_folder(item: TreeItem) -> bool:
    """Say whether an entry is a tree."""
    return int(item[0], 8) == FileMode.TREE


class Objects:
    """The objects of a repository, read by id and with a bound on their size; all raise SourceError.

    A damaged or missing object costs those who ask for it.
    """

    def __init__(self, repository: pygit2.Repository) -> None:
        self._repository = repository
        self._folders: OrderedDict[str, Mapping[bytes, TreeItem]] = OrderedDict()

    def ancestors(self, commit: str) -> Iterator[str]:
        """Yield the ids of a commit and its ancestors, children first, and then the newest by the committer's date.

        A commit that cannot be read is left out, and with it what only it leads to.
        """
        children: dict[pygit2.Oid, int] = {}
        known: dict[pygit2.Oid, tuple[int, set[pygit2.Oid]]] = {}
        pending = [pygit2.Oid(hex=commit)]
        while pending:
            name = pending.pop()
            if name in known:
                continue
            if len(known) >= MAX_COMMITS:
                message = f"commit {commit}: more than {MAX_COMMITS} ancestors"
                raise SourceError(message)
            try:
                found = self._commit(name)
            except SourceError:
                continue
            parents = set(found.parent_ids)
            known[name] = found.commit_time, parents
            for parent in parents:
                children[parent] = children.get(parent, 0) + 1
            pending.extend(parents)
        ready = [(-time, name.raw) for name, (time, _) in known.items() if name not in children]
        heapify(ready)
        while ready:
            name = pygit2.Oid(raw=heappop(ready)[1])
            yield str(name)
            for parent in known[name][1]:
                children[parent] -= 1
                if not children[parent] and parent in known:
                    heappush(ready, (-known[parent][0], parent.raw))

    def commit(self, name: str) -> CommitObject:
        """Return a commit."""
        found = self._commit(pygit2.Oid(hex=name))
        message = found.raw_message
        try:
            text = message.decode()
        except UnicodeDecodeError:
            text = message.decode("latin-1")
        parents = tuple(str(parent) for parent in found.parent_ids)
        return CommitObject(str(found.tree_id), parents, commit_time(found), text)

    def folder(self, tree: str) -> Mapping[bytes, TreeItem]:
        """Return the entries of a tree by their names."""
        if (kept := self._folders.get(tree)) is not None:
            self._folders.move_to_end(tree)
            return kept
        name = pygit2.Oid(hex=tree)
        kind, size = self._header(name)
        if kind != ObjectType.TREE or size > _MAX_TREE_BYTES:
            message = f"git object {tree}: no tree, or one of {size} bytes"
            raise SourceError(message)
        items = self._read_folder(name)
        if size <= _KEPT_TREE_BYTES:
            self._folders[tree] = items
            if len(self._folders) > _KEPT_TREES:
                self._folders.popitem(last=False)
        return items

    def blob_size(self, blob: str) -> int:
        """Return the size of a blob in bytes."""
        return self._header(pygit2.Oid(hex=blob))[1]

    def blob(self, blob: str) -> bytes:
        """Return the content of a blob, which may have MAX_FILE_BYTES."""
        name = pygit2.Oid(hex=blob)
        size = self._header(name)[1]
        if size > MAX_FILE_BYTES:
            message = f"git object {blob}: {size} bytes, more than {MAX_FILE_BYTES}"
            raise SourceError(message)
        return _read_blob(self._repository, name)

    def _header(self, name: pygit2.Oid) -> tuple[int, int]:
        try:
            kind, size = self._repository.odb.read_header(name)
        except _UNREADABLE as error:
            raise _unreadable(name) from error
        return kind, size

    def _commit(self, name: pygit2.Oid) -> pygit2.Commit:
        if self._header(name)[1] > _MAX_COMMIT_BYTES:
            message = f"git object {name}: more than {_MAX_COMMIT_BYTES} bytes"
            raise SourceError(message)
        with _reading(name):
            found = self._repository[name]
        if not isinstance(found, pygit2.Commit):
            message = f"git object {name}: no commit"
            raise SourceError(message)
        return found

    def _read_folder(self, name: pygit2.Oid) -> Mapping[bytes, TreeItem]:
        with _reading(name):
            data: bytes = self._repository.odb.read(name)[1]
        modes, names, ids = zip(*found, strict=True) if (found := _TREE_ENTRY.findall(data)) else ((), (), ())
        if sum(map(len, modes)) + sum(map(len, names)) + 22 * len(ids) != len(data):
            raise _unreadable(name)
        return dict(zip(names, zip(modes, ids, strict=True), strict=True))


def _entry(repository: pygit2.Repository, path: str, item: pygit2.Object) -> Entry:
    if item.filemode == FileMode.COMMIT:
        return Entry(path=path, problem="submodule")
    if item.filemode == FileMode.TREE:
        return Entry(path=path)  # a folder whose path alone is refused
    with _reading(item.id):
        _, size = repository.odb.read_header(item.id)
    read = partial(_read_blob, repository, item.id) if size <= MAX_FILE_BYTES else bytes
    return Entry(path=path, mode=_MODES.get(item.filemode, REGULAR), size=size, read=read)


def _read_blob(repository: pygit2.Repository, blob: pygit2.Oid) -> bytes:
    with _reading(blob):
        return repository[blob].peel(pygit2.Blob).data


@contextmanager
def _reading(name: pygit2.Oid) -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise _unreadable(name) from error


def _unreadable(name: pygit2.Oid) -> SourceError:
    return SourceError(f"git object {name}: missing or damaged")


def _holds(mirror: Path, revision: str) -> bool:
    """Say whether a revision is a full sha, which never changes its meaning, of an object in the mirror."""
    if len(revision) != _SHA_DIGITS:
        return False
    try:
        return pygit2.Oid(hex=revision) in pygit2.Repository(str(mirror))
    except _UNREADABLE:
        return False


def _clone(url: str, mirror: Path) -> None:
    """Clone under another name, so that a mirror in the cache is always complete."""
    mirror.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=mirror.parent, prefix="clone-", ignore_cleanup_errors=True) as folder:
        fresh = Path(folder) / "mirror.git"
        # A local repository is copied object by object as well: its links and alternates are not to be trusted.
        done = _git("clone", "--mirror", "--no-local", "--template=", "--quiet", "--", url, str(fresh))
        if done.returncode:
            message = f"git {without_secrets(url)}: cannot be cloned: {_last_words(done.stderr)}"
            raise SourceError(message)
        try:
            fresh.rename(mirror)
        except OSError:
            if not mirror.is_dir():  # otherwise another process was faster
                raise


def _fetch(url: str, mirror: Path) -> None:
    for _ in range(_FETCH_ATTEMPTS):
        done = _git("-C", str(mirror), "fetch", "--prune", "--force", "--quiet", "--", url, "+refs/*:refs/*")
        if not done.returncode:
            return
        if "cannot lock ref" not in done.stderr:
            break
        # Another process fetches into the same mirror: the refs it locks are those wanted here.
    message = f"git {without_secrets(url)}: cannot be fetched: {_last_words(done.stderr)}"
    raise SourceError(message)


def _git(*arguments: str) -> "subprocess.CompletedProcess[str]":
    program = shutil.which("git")
    if program is None:
        message = "git: the program is needed to read git repositories; install it"
        raise MissingDependencyError(message)
    environment = {name: value for name, value in os.environ.items() if name not in _INHERITED}
    return subprocess.run(
        [program, *_SAFE, *arguments],
        env=environment | _ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="backslashreplace",
        start_new_session=True,  # without a terminal, ssh cannot ask either
        check=False,
    )


def _last_words(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    return without_secrets(lines[-1]) if lines else "git said nothing"
