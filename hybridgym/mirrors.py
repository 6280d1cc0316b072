"""Git repositories: mirrored by the `git` program, read by pygit2. Nothing is checked out and no filter runs."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import pygit2
from pygit2.enums import FileMode

from hybridgym.entries import MAX_FILE_BYTES, MAX_FILES, Entry, unusable
from hybridgym.errors import MissingDependencyError, SourceError
from hybridgym.specs import without_secrets
from hybridgym.task import EXECUTABLE, LINK, REGULAR

_MODES: Final = {FileMode.BLOB: REGULAR, FileMode.BLOB_EXECUTABLE: EXECUTABLE, FileMode.LINK: LINK}

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
        message = f"git object {name}: missing or damaged"
        raise SourceError(message) from error


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
