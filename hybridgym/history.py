"""RepoSpec → History: what a repository was, commit by commit; read from objects, nothing is checked out.

A git repository has the history of its mirror. A package index has releases, which make one where repos.yaml
names several of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from hybridgym.entries import unusable
from hybridgym.errors import SourceError
from hybridgym.globs import matches_any
from hybridgym.mirrors import CommitObject, Objects, TreeItem, commit_at
from hybridgym.snapshots import decode_path
from hybridgym.source import Source, load_source
from hybridgym.specs import RepoSpec, SourceKind
from hybridgym.task import Value

MAX_CHANGES: Final = 20_000
"""Entries of folders, changed or looked through, that one commit may cost: more is no commit of a person."""

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
    def source(self, commit_id: str) -> Source:
        """Return the state of a commit, as `load_source` gives it for the spec; raises SourceError."""

    @abstractmethod
    def blob(self, blob_id: str) -> bytes:
        """Return the content of a blob that a commit names; raises SourceError if it is too large or damaged."""


def history_of(spec: RepoSpec, cache: Path) -> History | None:
    """Return the history of a source; None for a kind of source that has none. Raises SourceError."""
    return GitHistory(spec, cache) if spec.kind is SourceKind.GIT else None


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
            yield self._commit(name)

    def source(self, commit_id: str) -> Source:
        """Return the state of a commit."""
        # A date that the spec gives is that of its own revision.
        return load_source(replace(self._spec, revision=commit_id, created_at=""), self._cache)

    def blob(self, blob_id: str) -> bytes:
        """Return the content of a blob."""
        return self._objects.blob(blob_id)

    def _commit(self, name: str) -> Commit:
        found = self._objects.commit(name)
        commit = Commit(id=name, parents=found.parents, created_at=found.created_at, message=found.message)
        if commit.is_merge:
            return commit
        try:
            changes = self._changes(found)
        except SourceError:
            return replace(commit, problem=DAMAGED)
        return replace(commit, problem=TOO_MANY_CHANGES) if changes is None else replace(commit, changes=changes)

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
                folders = [item.id.hex() if item and item.is_folder else "" for item in pair]
                if any(folders):
                    pending.append((f"{path}/", folders[0], folders[1]))
                if self._is_chosen(path) and (change := self._change(path, *pair)) is not None:
                    changes.append(change)
        return tuple(sorted(changes, key=lambda change: change.path))

    def _change(self, path: str, old: TreeItem | None, new: TreeItem | None) -> BlobChange | None:
        before, after = self._blob(old), self._blob(new)
        return None if before == after else BlobChange(path, before, after)

    def _blob(self, item: TreeItem | None) -> Blob | None:
        if item is None or not (mode := item.file_mode):
            return None
        name = item.id.hex()
        return Blob(name, mode, self._objects.blob_size(name))

    def _root(self, tree: str) -> str:
        """Return the tree of the spec's folder; empty where a commit does not have it."""
        for name in self._spec.subdirectory.encode().split(b"/"):
            if not name:
                continue
            item = self._objects.folder(tree).get(name)
            if item is None or not item.is_folder:
                return ""
            tree = item.id.hex()
        return tree

    def _is_chosen(self, path: str) -> bool:
        spec = self._spec
        return not (spec.include and not matches_any(spec.include, path)) and not matches_any(spec.exclude, path)
