"""Commit → Fix: what it changes, by file and by definition, if that has the size of a fix.

First the paths and sizes that the commit names are looked at, then the lines of the files, then their definitions:
most commits are told apart before a file is read.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from hybridgym.entries import MAX_FILE_BYTES
from hybridgym.filechanges import FileChanges, LineChanges, Name, NameChanges, blobs_of
from hybridgym.history import DAMAGED, Blob, BlobChange, Commit, History
from hybridgym.languages import LANGUAGES, language_of
from hybridgym.languages.base import is_example, is_vendored
from hybridgym.resolve import qualified_id
from hybridgym.task import LINK, Value

T = TypeVar("T")

WINDOW: Final = 256
"""Commits whose files are looked up together."""


class Filters(Value, frozen=True, kw_only=True):
    """What a commit may change to be taken for a fix; numbers are inclusive."""

    max_files: int
    """Changed files that are no tests, documentation and configuration included."""
    max_lines: int
    """Lines taken away and added in these files."""
    max_characters: int
    """Of their diff."""
    max_deleted: int
    """Definitions; what stands in a deleted function is not counted again."""
    max_added: int
    """The same of those that are new."""
    min_edited: int
    max_edited: int
    max_statements: int
    """Changed statements outside of definitions."""


PRESETS: Final = {
    "r2e-gym": Filters(
        max_files=4,
        max_lines=199,
        max_characters=9_999,
        max_deleted=0,
        max_added=1,
        min_edited=1,
        max_edited=4,
        max_statements=6,
    ),
    "r2e-gym-paper": Filters(
        max_files=5,
        max_lines=100,
        max_characters=2_000,
        max_deleted=1,
        max_added=3,
        min_edited=1,
        max_edited=3,
        max_statements=10,
    ),
}
"""The conditions of R2E-Gym (arXiv 2504.07164): those of its released code, and those of its paper's appendix A."""


class Fix(Value, frozen=True, kw_only=True):
    """A commit that may have fixed something."""

    commit: str
    parent: str
    created_at: str
    message: str
    sources: tuple[str, ...]
    """Changed source files of the project, sorted, as the next two."""
    tests: tuple[str, ...]
    """Changed files that belong to tests, data and `conftest.py` included."""
    others: tuple[str, ...]
    """All others: documentation, configuration, examples, copied or generated code."""
    added: tuple[str, ...]
    """Ids of definitions in the state after, as in `edited`."""
    edited: tuple[str, ...]
    """Those whose own code differs, without documentation, comments and the definitions inside them."""
    deleted: tuple[str, ...]
    """Ids of definitions in the state before."""
    module_level: bool
    """Whether code outside of definitions differs."""
    lines: int
    """Taken away and added in files that are no tests."""
    characters: int
    """Of the diff of these."""


class Sorted(Value, frozen=True, kw_only=True):
    """The changes of a commit by what is changed."""

    sources: tuple[BlobChange, ...]
    tests: tuple[BlobChange, ...]
    others: tuple[BlobChange, ...]


def fix_of(history: History, commit: Commit, filters: Filters, cache: Path | None) -> Fix | str:
    """Return what a commit fixes, or in a short fixed phrase why it is taken for no fix.

    Facts are looked up in, and added to, the cache in a folder. For many commits, `fixes_of` is faster.
    """
    return next(fixes_of(history, [commit], filters, cache))[1]


def fixes_of(
    history: History, commits: Iterable[Commit], filters: Filters, cache: Path | None
) -> Iterator[tuple[Commit, Fix | str]]:
    """Yield each commit with what `fix_of` says of it, in their order; files are looked up for many of them at once."""
    reader = _Reader(FileChanges(history, cache), filters)
    remaining = iter(commits)
    while window := list(islice(remaining, WINDOW)):
        yield from zip(window, reader.read(window), strict=True)


def screened(commit: Commit, filters: Filters) -> Sorted | str:
    """Sort the changes of a commit by path, or say why these and their sizes alone show that it is no fix."""
    if reason := commit.problem or _kind_of_commit(commit):
        return reason
    changed = sorted_changes(commit)
    if not changed.sources:
        return _without_source(commit)
    beside_tests = [*changed.sources, *changed.others]
    if len(beside_tests) > filters.max_files:
        return "too many files"
    if any(blob.size > MAX_FILE_BYTES for change in beside_tests for blob in blobs_of(change)):
        return "too large files"
    # A character takes up to four bytes.
    if sum(abs(_size(change.after) - _size(change.before)) for change in beside_tests) > 4 * filters.max_characters:
        return "too many characters"
    return changed


def sorted_changes(commit: Commit) -> Sorted:
    """Sort the changes of a commit by path; a change of the mode alone is none."""
    sources, tests, others = [], [], []
    for change in commit.changes:
        if change.before and change.after and change.before.id == change.after.id:
            continue
        if is_test(change.path):
            tests.append(change)
        elif is_source(change):
            sources.append(change)
        else:
            others.append(change)
    return Sorted(sources=tuple(sources), tests=tuple(tests), others=tuple(others))


def is_test(path: str) -> bool:
    """Say whether a path holds tests or what goes with them: by the rules of its language, or else of any."""
    language = language_of(path)
    return language.is_test(path) if language else any(known.is_test(path) for known in LANGUAGES.values())


def is_source(change: BlobChange) -> bool:
    """Say whether a change is one of the project's own code, if it is not one of tests."""
    return _is_code(change) and not is_example(change.path) and not _is_copy(change.path)


def _is_code(change: BlobChange) -> bool:
    return language_of(change.path) is not None and all(blob.mode != LINK for blob in blobs_of(change))


def _is_copy(path: str) -> bool:
    language = language_of(path)
    return is_vendored(path) or (language is not None and language.is_generated(path))


_REVERT: Final = re.compile(
    r"\s*revert\b|\s*back(ed|s|ing)? out\b|[\s\S]*\bthis reverts (commit|changeset) [0-9a-f]{7}", re.I
)


def _kind_of_commit(commit: Commit) -> str:
    if commit.is_merge:
        return "merge"
    if not commit.parent:
        return "no parent"
    return "revert" if _REVERT.match(commit.message) else ""


def _without_source(commit: Commit) -> str:
    if not commit.changes:
        return "no changes"
    code = [change for change in commit.changes if _is_code(change) and not is_test(change.path)]
    if any(change.before and change.after and change.before.id == change.after.id for change in code):
        return "modes only"
    return "vendored or generated files only" if any(_is_copy(change.path) for change in code) else "no source file"


def _size(blob: Blob | None) -> int:
    return blob.size if blob is not None else 0


class _Reader:
    """Reads commits in windows: each step asks for the files of all commits that are left."""

    def __init__(self, files: FileChanges, filters: Filters) -> None:
        self._files = files
        self._filters = filters

    def read(self, commits: Sequence[Commit]) -> list[Fix | str]:
        """Return for each commit its fix, or why there is none."""
        screenings = [screened(commit, self._filters) for commit in commits]
        changes = [[*found.sources, *found.others] if isinstance(found, Sorted) else [] for found in screenings]
        all_lines = self._files.lines([change for group in changes for change in group], self._filters.max_lines)
        lines = _grouped(all_lines, changes)
        reasons = [
            self._by_lines(found, known) if isinstance(found, Sorted) else found
            for found, known in zip(screenings, lines, strict=True)
        ]
        changes = [
            [*found.sources] if isinstance(found, Sorted) and not reason else []
            for found, reason in zip(screenings, reasons, strict=True)
        ]
        names = _grouped(self._files.names([change for group in changes for change in group]), changes)
        return [
            reason if reason or isinstance(found, str) else self._fix(commit, found, of_lines, of_names)
            for commit, found, reason, of_lines, of_names in zip(
                commits, screenings, reasons, lines, names, strict=True
            )
        ]

    def _by_lines(self, found: Sorted, lines: Sequence[LineChanges | None]) -> str:
        """Say why the lines of a commit show that it is no fix; empty if they do not."""
        known = [of_file for of_file in lines if of_file is not None]
        if len(known) < len(lines):
            return DAMAGED
        if not all(of_file.is_text for of_file in known):
            return "files that are no text"
        are_counted = all(of_file.is_exact for of_file in known)
        if not are_counted or sum(of_file.lines for of_file in known) > self._filters.max_lines:
            return "too many lines"
        if sum(of_file.characters for of_file in known) > self._filters.max_characters:
            return "too many characters"
        return "version bump" if all(of_file.is_version for of_file in known[: len(found.sources)]) else ""

    def _fix(
        self,
        commit: Commit,
        found: Sorted,
        lines: Sequence[LineChanges | None],
        names: Sequence[NameChanges | None],
    ) -> Fix | str:
        known = [of_file for of_file in names if of_file is not None]
        if len(known) < len(names):
            return DAMAGED
        flags = {flag for of_file in known for flag in of_file.flags}
        if "error" in flags:
            return "syntax errors"
        if "generated" in flags:
            return "vendored or generated files"
        sources = tuple(change.path for change in found.sources)
        added = _ids(sources, [of_file.added for of_file in known])
        edited = _ids(sources, [of_file.edited for of_file in known])
        deleted = _ids(sources, [of_file.deleted for of_file in known])
        statements = sum(of_file.statements for of_file in known)
        if not (added or edited or deleted or statements):
            return "formatting only"
        outer_added = len(added) - sum(of_file.inner_added for of_file in known)
        outer_deleted = len(deleted) - sum(of_file.inner_deleted for of_file in known)
        if reason := self._by_names(outer_added, len(edited), outer_deleted, statements):
            return reason
        return Fix(
            commit=commit.id,
            parent=commit.parent,
            created_at=commit.created_at,
            message=commit.message,
            sources=sources,
            tests=tuple(change.path for change in found.tests),
            others=tuple(change.path for change in found.others),
            added=added,
            edited=edited,
            deleted=deleted,
            module_level=statements > 0,
            lines=sum(of_file.lines for of_file in lines if of_file is not None),
            characters=sum(of_file.characters for of_file in lines if of_file is not None),
        )

    def _by_names(self, added: int, edited: int, deleted: int, statements: int) -> str:
        filters = self._filters
        if deleted > filters.max_deleted:
            return "deleted definitions"
        if added > filters.max_added:
            return "added definitions"
        if not filters.min_edited <= edited <= filters.max_edited:
            return "edited definitions"
        return "statements outside of definitions" if statements > filters.max_statements else ""


def _ids(paths: Sequence[str], names: Sequence[Sequence[Name]]) -> tuple[str, ...]:
    return tuple(qualified_id(path, *name) for path, of_file in zip(paths, names, strict=True) for name in of_file)


def _grouped(values: Sequence[T], groups: Sequence[Sequence[object]]) -> list[list[T]]:
    """Cut a sequence into pieces as long as those of another."""
    remaining = iter(values)
    return [list(islice(remaining, len(group))) for group in groups]
