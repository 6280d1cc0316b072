"""Folders that an agent works in: laying one out, and reading back what has changed.

A workspace is hostile once an agent has worked in it. Reading it runs nothing, follows no link and asks no git:
attributes, filters, hooks, index flags, replacements, ignore files and configuration have no say.
"""

import io
import os
import shutil
import stat
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Set
from pathlib import Path, PurePosixPath

import msgspec

from hybridgym.errors import HybridGymError, MissingDependencyError, UsageError
from hybridgym.refusals import Refusal
from hybridgym.snapshots import (
    AUTHOR_EMAIL,
    AUTHOR_NAME,
    COMMIT_MESSAGE,
    COMMIT_TIME,
    DAMAGED,
    check_tree,
    commit_id,
    parents,
    tree_id,
)
from hybridgym.task import EXECUTABLE, LINK, REGULAR, Change, File, Tree

MAX_FILE_BYTES = 10_000_000
"""Of a file that is new or changed."""
MAX_CHANGED_BYTES = 200_000_000
"""Of all of them together."""
MAX_NEW_PATHS = 20_000
"""Files and folders that the start state does not have."""

CACHE_FOLDERS = (".pytest_cache", ".mypy_cache", ".ruff_cache")
"""Folders at the top of a workspace that `read_changes` leaves out of its result, and the only ones besides
`__pycache__`: a new folder of one of these names, if it holds nothing but what the tool of that name writes
(CACHE_FILES, CACHE_SUFFIXES).

`__pycache__` folders are left out anywhere, if they hold nothing but regular `*.pyc` files. Left out means: not
part of the judged files, as if it were deleted; never is a file with the suffix of a source, a link, a device or
anything that the start state has.
"""
CACHE_FILES = (".gitignore", "CACHEDIR.TAG", "README.md")
CACHE_SUFFIXES = ("", ".json", ".db", ".db-shm", ".db-wal", ".ff")

_PERMISSIONS = {REGULAR: 0o644, EXECUTABLE: 0o755}
_ATTRIBUTES = "* -text -eol -ident -filter -working-tree-encoding\n"
"""Keeps git from rewriting bytes in either direction, whatever the repository's own attributes say."""


def lay_out(tree: Tree, directory: Path) -> None:
    """Write a tree into a new or empty folder, as a git repository whose one commit is the tree's `commit_id`.

    Branch `main`, all files committed (ignored ones too), no remotes, reflogs or hooks; the user's git
    configuration has no influence. Raises UsageError for a folder that is not empty or cannot hold the files,
    SuiteError for a tree that reaches out of itself, MissingDependencyError without git.
    """
    check_tree(tree)
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        message = f"{directory}: expected a new or empty folder"
        raise UsageError(message)
    git = shutil.which("git")
    if git is None:
        message = "git is needed to lay out a workspace: install it, or put it on PATH"
        raise MissingDependencyError(message)
    try:
        write_files(tree, directory)
    except OSError as error:
        message = f"{directory}: the start state cannot be written there: {error}"
        raise UsageError(message) from error
    _commit(git, tree, directory)


def write_files(tree: Tree, directory: Path) -> None:
    """Write the files and links of a tree into a folder that has none of them; the tree has been checked."""
    directory.mkdir(parents=True, exist_ok=True)
    for path, file in tree.items():
        place = directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.mode == LINK:
            place.symlink_to(os.fsdecode(file.data))
            continue
        with place.open("xb") as stream:
            stream.write(file.data)
        place.chmod(_PERMISSIONS[file.mode])


def read_changes(tree: Tree, directory: Path) -> tuple[Change, ...] | Refusal:
    """Compare a folder, file by file, with the tree it was laid out from, and return what differs, sorted.

    Ignored files count, and so do folders named `.git` below the top; the one at the top is not looked at. Empty
    folders and all permissions but the owner's executable bit do not count, nor do the caches that CACHE_FOLDERS
    describes. What is no file, folder or link, cannot be read or is too large is a Refusal. Raises UsageError if
    there is no such folder.
    """
    if not directory.is_dir():
        message = f"{directory}: there is no such folder"
        raise UsageError(message)
    try:
        known = {*tree, *(parent for path in tree for parent in parents(path))}
        entries = _scan(directory, known)
        left_out = _caches(entries, known)
        result = tuple(_compare(tree, {path: entry for path, entry in entries.items() if path not in left_out}))
    except _UnreadableError as error:
        return Refusal(str(error))
    except OSError as error:
        return Refusal(f"the workspace cannot be read: {error}")
    return result


def read_archive(tree: Tree, archive: bytes) -> tuple[Change, ...] | Refusal:
    """Compare a tar archive of a folder, as `read_changes` does, with the tree the folder was laid out from.

    The archive is hostile, too: nothing is written outside of a folder of this function's own.
    """
    with tempfile.TemporaryDirectory(prefix="hybridgym-") as folder:
        try:
            _unpack(archive, Path(folder), 2 * len(archive) + MAX_CHANGED_BYTES)
        except _UnreadableError as error:
            return Refusal(str(error))
        except (*DAMAGED, OSError) as error:
            return Refusal(f"the archive cannot be read: {error}")
        return read_changes(tree, Path(folder))


# Laying out


def _commit(git: str, tree: Tree, directory: Path) -> None:
    """Make the repository: plumbing commands only, because `git commit` would leave a reflog and run hooks."""
    _git(git, directory, "init", "--quiet", "--template=", "--initial-branch=main")
    info = directory / ".git" / "info"
    info.mkdir()
    (info / "attributes").write_text(_ATTRIBUTES)
    _git(git, directory, "add", "--all", "--force", ".")
    written = _git(git, directory, "write-tree")
    if written != tree_id(tree):
        message = f"{directory}: this file system does not keep names, modes or links as they are"
        raise UsageError(message)
    commit = _git(git, directory, "commit-tree", "-F", "-", written, text=COMMIT_MESSAGE)
    if commit != commit_id(written):
        message = f"git made commit {commit}, expected {commit_id(written)}"
        raise HybridGymError(message)
    _git(git, directory, "update-ref", "refs/heads/main", commit)


def _git(git: str, directory: Path, *arguments: str, text: str = "") -> str:
    """Run git with nothing of the user's environment or configuration."""
    date = f"{COMMIT_TIME} +0000"
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "HOME": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_DIR": str(directory.absolute() / ".git"),
        "GIT_WORK_TREE": str(directory.absolute()),
        "GIT_AUTHOR_NAME": AUTHOR_NAME,
        "GIT_AUTHOR_EMAIL": AUTHOR_EMAIL,
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_NAME": AUTHOR_NAME,
        "GIT_COMMITTER_EMAIL": AUTHOR_EMAIL,
        "GIT_COMMITTER_DATE": date,
    }
    settings = ("-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "-c", "core.logAllRefUpdates=false")
    command = [git, *settings, *arguments]
    done = subprocess.run(command, cwd=directory, env=environment, input=text.encode(), capture_output=True)
    if done.returncode:
        message = f"git {arguments[0]} failed in {directory}: {done.stderr.decode(errors='replace').strip()}"
        raise HybridGymError(message)
    return done.stdout.decode().strip()


# Reading back


class _UnreadableError(Exception):
    """Ends the reading of a workspace; `read_changes` makes a Refusal of it."""


def _unpack(archive: bytes, directory: Path, limit: int) -> None:
    """Write the files of an archive; links come last, so that nothing is written through one."""
    links: dict[Path, str] = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:", encoding="utf-8") as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            if path.is_absolute() or ".." in path.parts:
                message = f"{member.name!r} leads out of the workspace"
                raise _UnreadableError(message)
            if not path.parts or path.parts[0] == ".git":
                continue
            place = directory / path
            if member.isdir():
                place.mkdir(parents=True, exist_ok=True)
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            if member.issym():
                links[place] = member.linkname
                continue
            content = tar.extractfile(member) if (member.isreg() or member.islnk()) and not member.issparse() else None
            if content is None:
                message = f"{member.name!r} is neither a file nor a folder nor a link"
                raise _UnreadableError(message)
            data = content.read(limit + 1)
            limit -= len(data)
            if limit < 0:
                message = "the files are larger than the archive"
                raise _UnreadableError(message)
            with place.open("xb") as stream:
                stream.write(data)
            place.chmod(_PERMISSIONS[EXECUTABLE if member.mode & stat.S_IXUSR else REGULAR])
    for place, target in links.items():
        place.symlink_to(target)


class _Entry(msgspec.Struct, frozen=True):
    """A file or link that is in the workspace."""

    place: Path
    status: os.stat_result

    @property
    def mode(self) -> str:
        """The mode that git would record."""
        if stat.S_ISLNK(self.status.st_mode):
            return LINK
        return EXECUTABLE if self.status.st_mode & stat.S_IXUSR else REGULAR


def _scan(directory: Path, known: Set[str]) -> dict[str, _Entry]:
    """Find all files and links, sorted by path."""
    entries: dict[str, _Entry] = {}
    folders = [""]
    new_paths = 0
    while folders:
        folder = folders.pop()
        for path, status in _list(directory, folder):
            new_paths += path not in known
            if new_paths > MAX_NEW_PATHS:
                message = f"the workspace has more than {MAX_NEW_PATHS} new files and folders"
                raise _UnreadableError(message)
            if stat.S_ISDIR(status.st_mode):
                folders.append(path)
            elif stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
                entries[path] = _Entry(directory / path, status)
            else:
                message = f"{path!r} is neither a file nor a folder nor a link"
                raise _UnreadableError(message)
    return dict(sorted(entries.items()))


def _list(directory: Path, folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield what a folder holds, but for the `.git` at the top."""
    with os.scandir(directory / folder) as entries:
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if path != ".git":
                yield path, entry.stat(follow_symlinks=False)


def _caches(entries: Mapping[str, _Entry], known: Set[str]) -> set[str]:
    """Return the paths that CACHE_FOLDERS allows to leave out: of each cache all files or none."""
    caches: dict[str, list[str]] = {}
    for path in entries:
        folder = _cache_folder(path)
        if folder is not None and folder not in known:
            caches.setdefault(folder, []).append(path)
    return {
        path
        for folder, paths in caches.items()
        if all(_is_cache_file(folder, path, entries[path]) for path in paths)
        for path in paths
    }


def _cache_folder(path: str) -> str | None:
    """Return the outermost cache that a path lies in."""
    parts = path.split("/")[:-1]
    if parts and parts[0] in CACHE_FOLDERS:
        return parts[0]
    return "/".join(parts[: parts.index("__pycache__") + 1]) if "__pycache__" in parts else None


def _is_cache_file(folder: str, path: str, entry: _Entry) -> bool:
    inner = PurePosixPath(path.removeprefix(f"{folder}/"))
    if entry.mode != REGULAR:
        return False
    if folder not in CACHE_FOLDERS:
        return len(inner.parts) == 1 and inner.suffix == ".pyc"
    if any(part.startswith(".") for part in inner.parts[:-1]):
        return False
    return inner.name in CACHE_FILES or (not inner.name.startswith(".") and inner.suffix in CACHE_SUFFIXES)


def _compare(tree: Tree, entries: Mapping[str, _Entry]) -> Iterator[Change]:
    changed_bytes = 0
    for path in sorted({*tree, *entries}):
        before, entry = tree.get(path), entries.get(path)
        after = _read(path, entry, before) if entry else None
        if before == after:
            continue
        changed_bytes += len(after.data) if after else 0
        if changed_bytes > MAX_CHANGED_BYTES:
            message = f"the workspace has more than {MAX_CHANGED_BYTES} bytes of new or changed files"
            raise _UnreadableError(message)
        yield Change(path=path, before=before, after=after)


def _read(path: str, entry: _Entry, before: File | None) -> File:
    if entry.mode == LINK:
        # pathlib would tidy the target up.
        return File(os.fsencode(os.readlink(entry.place)), LINK)  # noqa: PTH115
    # A file of the start state may be large, but not grow.
    limit = max(MAX_FILE_BYTES, len(before.data) if before else 0)
    # Not blocking and not following links, should the file have been replaced since it was looked at.
    with os.fdopen(os.open(entry.place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as stream:
        data = stream.read(limit + 1) if entry.status.st_size <= limit else b""
    if entry.status.st_size > limit or len(data) > limit:
        message = f"{path!r} has more than {limit} bytes"
        raise _UnreadableError(message)
    return File(data, entry.mode)
