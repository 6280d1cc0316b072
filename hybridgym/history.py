"""RepoSpec → History: what a repository was, commit by commit; read from objects, nothing is checked out.

A git repository has the history of its mirror. A package index has releases, which make one where repos.yaml
names several of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from packaging.version import Version

from hybridgym.entries import unusable
from hybridgym.errors import SourceError
from hybridgym.globs import matches_any
from hybridgym.mirrors import CommitObject, Objects, TreeItem, commit_at, file_mode, is_folder
from hybridgym.snapshots import blob_id, decode_path
from hybridgym.source import Source, load_source
from hybridgym.specs import Release, RepoSpec, SourceKind
from hybridgym.task import Value

MAX_CHANGES: Final = 20_000
"""Entries of folders, changed or looked through, that one commit may cost: more is no commit of a person."""

_KEPT_RELEASES: Final = 2
"""A release and the one before it."""

TOO_MANY_CHANGES: Final = "too many changes"
DAMAGED: Final = "damaged or missing objects"


class Blob(Value, frozen=True):
    """The content of a file, by name."""

    id: str
    """Git's SHA-1 of it, hexadecimal."""
    mode: str
    """`REGULAR`, `EXECUTABLE` or `LINK`."""
    size: int
    """Bytes."""


class BlobChange(Value, frozen=True):
    """A path whose content or mode differs; `before` is None for a new file, `after` for a deleted one."""

    path: str
    """As in `Source.files`."""
    before: Blob | None
    after: Blob | None


class Commit(Value, frozen=True, kw_only=True):
    """One step of a history."""

    id: str
    """Full sha (git) or tree id (releases)."""
    parents: tuple[str, ...] = ()
    """Ids; several for a merge, none for the first commit."""
    created_at: str = ""
    """ISO 8601 in UTC: of the committer or the upload; empty where unknown."""
    message: str = ""
    changes: tuple[BlobChange, ...] = ()
    """Against the parent, sorted by path; only what the spec's globs and folder choose. Empty for a merge."""
    problem: str = ""
    """Why the changes are not known: one of TOO_MANY_CHANGES and DAMAGED; empty where they are."""

    @property
    def parent(self) -> str:
        """The first of its parents; empty for the first commit."""
        return self.parents[0] if self.parents else ""

    @property
    def is_merge(self) -> bool:
        """Whether it has several parents."""
        return len(self.parents) > 1


class History(ABC):
    """The states of a repository, and what led from one to the next."""

    @abstractmethod
    def commits(self) -> Iterator[Commit]:
        """Yield all commits, newest first and never a parent before its child; raises SourceError."""

    @abstractmethod
    def commit(self, commit_id: str) -> Commit:
        """Return one of these commits; raises SourceError."""

    @abstractmethod
    def created_at(self, commit_id: str) -> str:
        """Return when a commit was made, as `source` says it; raises SourceError."""

    @abstractmethod
    def source(self, commit_id: str) -> Source:
        """Return the state of a commit, as `load_source` gives it for the spec; raises SourceError."""

    @abstractmethod
    def blob(self, blob_id: str) -> bytes:
        """Return the content of a blob that a commit names; raises SourceError if it is too large or damaged."""


def history_of(spec: RepoSpec, cache: Path) -> History | None:
    """Return the history of a source, or None where it has none. Raises SourceError."""
    if spec.kind is SourceKind.GIT:
        return GitHistory(spec, cache)
    return ReleaseHistory(spec, cache) if spec.releases else None


class GitHistory(History):
    """All commits that lead to the spec's revision."""

    def __init__(self, spec: RepoSpec, cache: Path) -> None:
        repository, tip = commit_at(spec.location, spec.revision, cache)
        self._spec = spec
        self._cache = cache
        self._tip = str(tip.id)
        self._objects = Objects(repository)

    def commits(self) -> Iterator[Commit]:
        """Yield all commits, children first, and then the newest by the committer's date."""
        for name in self._objects.ancestors(self._tip):
            yield self.commit(name)

    def commit(self, commit_id: str) -> Commit:
        """Return a commit of the repository."""
        found = self._objects.commit(commit_id)
        commit = Commit(id=commit_id, parents=found.parents, created_at=found.created_at, message=found.message)
        if commit.is_merge:
            return commit
        try:
            changes = self._changes(found)
        except SourceError:
            return replace(commit, problem=DAMAGED)
        return replace(commit, problem=TOO_MANY_CHANGES) if changes is None else replace(commit, changes=changes)

    def created_at(self, commit_id: str) -> str:
        """Return when the committer made a commit."""
        return self._objects.commit(commit_id).created_at

    def source(self, commit_id: str) -> Source:
        """Return the state of a commit."""
        # A date that the spec gives is that of its own revision.
        return load_source(replace(self._spec, revision=commit_id, created_at=""), self._cache)

    def blob(self, blob_id: str) -> bytes:
        """Return the content of a blob."""
        return self._objects.blob(blob_id)

    def _changes(self, commit: CommitObject) -> tuple[BlobChange, ...] | None:
        """Compare a commit with its parent, folder by folder; None where that has no end."""
        before = self._root(self._objects.commit(commit.parents[0]).tree) if commit.parents else ""
        pending = [("", before, self._root(commit.tree))]
        changes: list[BlobChange] = []
        budget = MAX_CHANGES
        while pending:
            prefix, old, new = pending.pop()
            olds = self._objects.folder(old) if old else {}
            news = self._objects.folder(new) if new else {}
            names = {name for name, _ in olds.items() ^ news.items()}
            budget -= len(names)
            if budget < 0:
                return None
            for name in names:
                path = prefix + decode_path(name)
                if unusable(path)[0]:
                    continue
                pair = olds.get(name), news.get(name)
                folders = [item[1].hex() if item and is_folder(item) else "" for item in pair]
                if any(folders):
                    pending.append((f"{path}/", folders[0], folders[1]))
                if self._is_chosen(path) and (change := self._change(path, *pair)) is not None:
                    changes.append(change)
        return tuple(sorted(changes, key=lambda change: change.path))

    def _change(self, path: str, old: TreeItem | None, new: TreeItem | None) -> BlobChange | None:
        before, after = self._blob(old), self._blob(new)
        return None if before == after else BlobChange(path, before, after)

    def _blob(self, item: TreeItem | None) -> Blob | None:
        if item is None or not (mode := file_mode(item)):
            return None
        name = item[1].hex()
        return Blob(name, mode, self._objects.blob_size(name))

    def _root(self, tree: str) -> str:
        """Return the tree of the spec's folder; empty where a commit does not have it."""
        for name in self._spec.subdirectory.encode().split(b"/"):
            if not name:
                continue
            item = self._objects.folder(tree).get(name)
            if item is None or not is_folder(item):
                return ""
            tree = item[1].hex()
        return tree

    def _is_chosen(self, path: str) -> bool:
        spec = self._spec
        return not (spec.include and not matches_any(spec.include, path)) and not matches_any(spec.exclude, path)


class ReleaseHistory(History):
    """The releases of a package that its spec names, as if each were a commit.

    One whose tree is that of an older release is no commit, but what the next one is compared with.
    """

    def __init__(self, spec: RepoSpec, cache: Path) -> None:
        releases = (Release(version=spec.revision, sha256=spec.sha256), *spec.releases)
        self._specs = [
            replace(spec, revision=release.version, sha256=release.sha256, releases=(), created_at="")
            for release in sorted(releases, key=lambda release: Version(release.version), reverse=True)
        ]
        self._cache = cache
        self._last_read = 0
        self._read = lru_cache(maxsize=_KEPT_RELEASES)(self._read_release)

    def commits(self) -> Iterator[Commit]:
        """Yield all releases, the newest version first."""
        states = self._states
        for number, state in enumerate(states):
            if all(state.id != older.id for older in states[number + 1 :]):
                yield self._commit(number)

    def commit(self, commit_id: str) -> Commit:
        """Return a release, the oldest with that tree."""
        return self._commit(self._number(commit_id))

    def created_at(self, commit_id: str) -> str:
        """Return when a release was uploaded, the oldest with that tree."""
        return self._states[self._number(commit_id)].created_at

    def source(self, commit_id: str) -> Source:
        """Return the state of a release, the oldest with that tree."""
        return self._load(self._number(commit_id))

    def blob(self, blob_id: str) -> bytes:
        """Return the content of a file."""
        if blob_id not in self._places:
            message = f"pypi {self._specs[0].location}: no release has the file {blob_id}"
            raise SourceError(message)
        path, newest, oldest = self._places[blob_id]
        # Neighbours are asked for together, and to read a release takes long.
        number = min(max(self._last_read, newest), oldest)
        known = self._states[number].blobs.get(path)
        return self._load(number if known is not None and known.id == blob_id else newest).files[path].data

    def _commit(self, number: int) -> Commit:
        state = self._states[number]
        before = self._states[number + 1] if number + 1 < len(self._states) else None
        return Commit(
            id=state.id,
            parents=(before.id,) if before is not None else (),
            created_at=state.created_at,
            message=f"Release {self._specs[number].revision}\n",
            changes=_differences(before.blobs if before is not None else {}, state.blobs),
        )

    @cached_property
    def _states(self) -> list["_State"]:
        """What each release holds, read once."""
        return [_state(self._load(number)) for number in range(len(self._specs))]

    @cached_property
    def _places(self) -> dict[str, tuple[str, int, int]]:
        """Where each blob is: its path, and the first and last of the releases that have it there."""
        places: dict[str, tuple[str, int, int]] = {}
        for number, state in enumerate(self._states):
            for path, blob in state.blobs.items():
                known, newest, _ = places.setdefault(blob.id, (path, number, number))
                if known == path:
                    places[blob.id] = path, newest, number
        return places

    def _number(self, commit_id: str) -> int:
        """Return the place of the oldest release with a tree."""
        numbers = [number for number, state in enumerate(self._states) if state.id == commit_id]
        if not numbers:
            message = f"pypi {self._specs[0].location}: no release has the tree {commit_id}"
            raise SourceError(message)
        return numbers[-1]

    def _load(self, number: int) -> Source:
        self._last_read = number
        return self._read(number)

    def _read_release(self, number: int) -> Source:
        return load_source(self._specs[number], self._cache)


class _State(Value, frozen=True):
    """A release without the content of its files."""

    id: str
    created_at: str
    blobs: dict[str, Blob]
    """By path."""


def _state(source: Source) -> _State:
    blobs = {path: Blob(blob_id(file.data), file.mode, len(file.data)) for path, file in source.files.items()}
    return _State(source.tree_id, source.created_at, blobs)


def _differences(before: Mapping[str, Blob], after: Mapping[str, Blob]) -> tuple[BlobChange, ...]:
    return tuple(
        BlobChange(path, before.get(path), after.get(path))
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    )
