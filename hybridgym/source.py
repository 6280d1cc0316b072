"""RepoSpec → Source: one state of a repository as bytes, whatever it came from."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from hybridgym.archives import read_archive, top_folder
from hybridgym.entries import MAX_FILE_BYTES, Entry, collect, unusable
from hybridgym.errors import SourceError
from hybridgym.licenses import license_of
from hybridgym.metadata import LICENSE_FILE, METADATA_FILES, read_metadata, upstream_of
from hybridgym.mirrors import commit_at, commit_time, tree_of
from hybridgym.npm import fetch_tarball
from hybridgym.sdists import fetch_sdist
from hybridgym.snapshots import tree_id
from hybridgym.specs import RepoSpec, SourceKind, without_secrets
from hybridgym.task import EXECUTABLE, LINK, REGULAR, File, Rejection, Value

_LOCAL: Final = "local/"
"""In front of the names of repositories without an owner."""


class Source(Value, frozen=True, kw_only=True):
    """One state of a repository."""

    repo: str
    """`owner/name`, `pypi/<name>`, `npm/<name>` or `local/<folder>`; `@scope/name` is `npm/scope__name`."""
    upstream: str
    """`owner/name` on the project's code host; empty where unknown."""
    origin: str = ""
    """The same, of the project that its metadata names: another one where this is a fork; empty where it names none."""
    base_commit: str
    """Full sha of the commit (git), else the tree id."""
    tree_id: str
    """Git's SHA-1 of `files`: not that of the commit's tree where something was left out."""
    license: str
    """SPDX expression, or `NOASSERTION`."""
    created_at: str
    """ISO 8601 in UTC: of the commit (committer) or the upload; empty where unknown."""
    files: Mapping[str, File]
    """In sorted order. What cannot be parsed is part of the state as well."""
    skipped: dict[str, int]
    """Reason → number of files left out."""
    rejections: tuple[Rejection, ...]
    tags: tuple[str, ...]


class _Origin(Value, frozen=True, kw_only=True):
    """What a kind of source knows by itself."""

    repo: str
    entries: list[Entry]
    root: str = ""
    """Folder of the entries that is the project's."""
    commit: str = ""
    created_at: str = ""
    upstream: str = ""
    published: str = ""
    """Which of the METADATA_FILES its publisher made this release with."""


def load_source(spec: RepoSpec, cache_dir: Path) -> Source:
    """Read a repository; downloads and clones go to `cache_dir`, which several processes may share.

    Raises SourceError: what, where and why.
    """
    what = f"{spec.kind} {without_secrets(spec.location)}"
    try:
        origin = _ORIGINS[spec.kind](spec, cache_dir)
    except OSError as error:
        message = f"{what}: {error}"
        raise SourceError(message) from error
    repo = spec.repo or origin.repo
    root = "/".join(part for part in (origin.root, spec.subdirectory) if part)
    collected = collect(origin.entries, repo=repo, root=root, include=spec.include, exclude=spec.exclude)
    if not collected.files:
        below = f" below {spec.subdirectory}" if spec.subdirectory else ""
        message = f"{what}: no file is left{below}: {collected.skipped or 'it is empty'}"
        raise SourceError(message)
    about = _project_files(origin.entries, origin.root) | _project_files(origin.entries, root)
    metadata = read_metadata(about, origin.published)
    texts = (data for name, data in sorted(about.items()) if name not in METADATA_FILES)
    tree = tree_id(collected.files)
    return Source(
        repo=repo,
        upstream=spec.upstream or origin.upstream or upstream_of(metadata),
        origin=upstream_of(metadata),
        base_commit=origin.commit or tree,
        tree_id=tree,
        license=spec.license or license_of(metadata, texts),
        created_at=spec.created_at or origin.created_at,
        files=collected.files,
        skipped=collected.skipped,
        rejections=collected.rejections,
        tags=spec.tags,
    )


def _project_files(entries: list[Entry], folder: str) -> dict[str, bytes]:
    """Return the files directly in a folder that say what the project is and under which licence."""
    found = {}
    for entry in entries:
        above, _, name = entry.path.rpartition("/")
        if above != folder or entry.problem or entry.mode == LINK or entry.size > MAX_FILE_BYTES:
            continue
        if name in METADATA_FILES or LICENSE_FILE.fullmatch(name):
            try:
                found[name] = entry.read()
            except OSError:  # counted as unreadable where the tree is collected
                continue
    return found


def _from_git(spec: RepoSpec, cache_dir: Path) -> _Origin:
    repository, commit = commit_at(spec.location, spec.revision, cache_dir)
    repo = _repo_of_url(spec.location)
    return _Origin(
        repo=repo,
        entries=list(tree_of(repository, commit)),
        commit=str(commit.id),
        created_at=commit_time(commit),
        upstream="" if repo.startswith(_LOCAL) else repo,
    )


def _from_pypi(spec: RepoSpec, cache_dir: Path) -> _Origin:
    sdist = fetch_sdist(spec.location, spec.revision, spec.sha256, cache_dir)
    try:
        entries = read_archive(sdist.path)
    except SourceError as error:
        message = f"pypi {spec.location}=={spec.revision}: {error}"
        raise SourceError(message) from error
    return _Origin(
        repo=f"pypi/{spec.location}",
        entries=entries,
        root=top_folder(entries),
        created_at=sdist.uploaded_at,
        published="PKG-INFO",
    )


def _from_npm(spec: RepoSpec, cache_dir: Path) -> _Origin:
    tarball = fetch_tarball(spec.location, spec.revision, spec.integrity, cache_dir)
    try:
        entries = read_archive(tarball.path)
    except SourceError as error:
        message = f"npm {spec.location}@{spec.revision}: {error}"
        raise SourceError(message) from error
    return _Origin(
        repo=f"npm/{_plain_name(spec.location.removeprefix('@').replace('/', '__'))}",
        entries=entries,
        root=top_folder(entries),
        created_at=tarball.uploaded_at,
        published="package.json",
    )


def _from_directory(spec: RepoSpec, cache_dir: Path) -> _Origin:
    folder = Path(spec.location)
    if not folder.is_dir():
        message = f"directory {folder}: no such folder"
        raise SourceError(message)
    return _Origin(repo=_local_repo(folder.name), entries=list(_walk(folder, "")))


_ORIGINS: Final = {
    SourceKind.GIT: _from_git,
    SourceKind.PYPI: _from_pypi,
    SourceKind.NPM: _from_npm,
    SourceKind.DIRECTORY: _from_directory,
}


def _as_url(location: str) -> str:
    """Write git's `user@host:path` as a URL."""
    short = re.fullmatch(r"(?:[^/@:]+@)?([^/:]+):(?!//)(.+)", location)
    return f"ssh://{short[1]}/{short[2]}" if short else location


def _repo_of_url(location: str) -> str:
    """Return "owner/name": the last two folders of a URL's path, or `local` and the folder of a path."""
    try:
        url = urlsplit(_as_url(location))
    except ValueError as error:
        message = f"git {without_secrets(location)}: {error}"
        raise SourceError(message) from error
    parts = [part for part in url.path.split("/") if part]
    if url.scheme in ("", "file") or len(parts) < 2:
        return _local_repo(parts[-1] if parts else "")
    return f"{_plain_name(parts[-2].lstrip('~'))}/{_plain_name(parts[-1])}"


def _local_repo(name: str) -> str:
    return _LOCAL + _plain_name(name)


def _plain_name(name: str) -> str:
    """Reduce a folder's name to the characters that the name of a repository may have."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", re.sub(r"\.(git|bundle)$", "", name)).strip(".-") or "unnamed"


def _walk(folder: Path, prefix: str) -> Iterator[Entry]:
    """Yield the files below a folder without following links; `.git` is no part of it."""
    try:
        with os.scandir(folder) as listing:
            found = sorted(listing, key=lambda item: item.name)
    except OSError:
        yield Entry(path=prefix.rstrip("/") or ".", problem="unreadable")
        return
    for item in found:
        path = prefix + item.name
        if item.name == ".git":
            continue
        if item.is_dir(follow_symlinks=False) and item.name != "__pycache__" and not unusable(path)[0]:
            yield from _walk(Path(item.path), f"{path}/")
        else:
            yield _directory_entry(item, path)


def _directory_entry(item: "os.DirEntry[str]", path: str) -> Entry:
    if item.name == "__pycache__" or item.name.endswith(".pyc"):
        return Entry(path=path, problem="compiled Python")
    try:
        status = item.stat(follow_symlinks=False)
    except OSError:
        return Entry(path=path, problem="unreadable")
    if stat.S_ISLNK(status.st_mode):
        return Entry(path=path, mode=LINK, size=status.st_size, read=partial(_read_link, item.path))
    if not stat.S_ISREG(status.st_mode):
        return Entry(path=path, problem="device or pipe")
    mode = EXECUTABLE if status.st_mode & stat.S_IXUSR else REGULAR
    return Entry(path=path, mode=mode, size=status.st_size, read=Path(item.path).read_bytes)


def _read_link(path: str) -> bytes:
    return os.fsencode(Path(path).readlink())
