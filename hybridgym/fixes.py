"""Commit → Fix: what it changes, by file and by definition, if that has the size of a fix.

First the paths and sizes that the commit names are looked at, then the lines of the files, then their definitions:
most commits are told apart before a file is read.
"""

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from hybridgym.codechanges import FileState, code_changes
from hybridgym.diffs import make_patch
from hybridgym.entries import MAX_FILE_BYTES
from hybridgym.errors import SourceError
from hybridgym.factcache import facts_of
from hybridgym.facts import Definition
from hybridgym.history import DAMAGED, Blob, BlobChange, Commit, History
from hybridgym.languages import LANGUAGES, language_of
from hybridgym.languages.base import Language, is_example, is_vendored
from hybridgym.resolve import definition_id
from hybridgym.task import LINK, Change, File, Value

WINDOW: Final = 64
"""Commits whose files are looked up together."""
_WINDOW_BYTES: Final = 64 << 20
_KEPT: Final = 4096
"""Files whose definitions are remembered from one window to the next."""


class Filters(Value, frozen=True, kw_only=True):
    """What a commit may change to be taken for a fix; numbers are inclusive."""

    max_files: int
    """Changed files that are no tests, documentation and configuration included."""
    max_lines: int
    """Lines taken away and added in these files."""
    max_characters: int
    """Of their diff."""
    max_deleted: int
    """Definitions; one that stands in a new or deleted function counts with it."""
    max_added: int
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
    reader = _Reader(history, filters, cache)
    remaining = iter(commits)
    while window := list(islice(remaining, WINDOW)):
        yield from reader.read(window)


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
    if any(blob.size > MAX_FILE_BYTES for change in beside_tests for blob in _blobs(change)):
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
    return language_of(change.path) is not None and all(blob.mode != LINK for blob in _blobs(change))


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


def _blobs(change: BlobChange) -> list[Blob]:
    return [blob for blob in (change.before, change.after) if blob is not None]


def _size(blob: Blob | None) -> int:
    return blob.size if blob is not None else 0


class _Draft(Value, frozen=True, kw_only=True):
    """A commit whose lines have been looked at."""

    commit: Commit
    changed: Sorted
    lines: int
    characters: int
    contents: dict[str, bytes]
    """Of the sources' blobs, by id."""


_State = tuple[tuple[Definition, ...], tuple[str, ...]]
"""Definitions of a file, and its flags."""


class _Reader:
    """Reads the files of commits; what is known of a file is kept for the next commit that names it."""

    def __init__(self, history: History, filters: Filters, cache: Path | None) -> None:
        self._history = history
        self._filters = filters
        self._cache = cache
        self._states: OrderedDict[tuple[str, str], _State] = OrderedDict()

    def read(self, commits: Sequence[Commit]) -> Iterator[tuple[Commit, Fix | str]]:
        """Yield each commit with its fix, or with why there is none."""
        drafts: list[tuple[Commit, _Draft | str]] = []
        pending = 0
        for commit in commits:
            draft = self._draft(commit)
            drafts.append((commit, draft))
            if not isinstance(draft, str):
                pending += sum(map(len, draft.contents.values()))
            if pending > _WINDOW_BYTES:
                yield from self._judged(drafts)
                drafts, pending = [], 0
        yield from self._judged(drafts)

    def _judged(self, drafts: list[tuple[Commit, _Draft | str]]) -> Iterator[tuple[Commit, Fix | str]]:
        states = self._look_up([draft for _, draft in drafts if not isinstance(draft, str)])
        for commit, draft in drafts:
            yield commit, draft if isinstance(draft, str) else self._fix(draft, states)

    def _draft(self, commit: Commit) -> _Draft | str:
        changed = screened(commit, self._filters)
        if isinstance(changed, str):
            return changed
        changes = []
        contents: dict[str, bytes] = {}
        for change in (*changed.sources, *changed.others):
            try:
                before, after = self._file(change.before), self._file(change.after)
            except SourceError:
                return DAMAGED
            changes.append(Change(path=change.path, before=before, after=after))
            for blob, file in ((change.before, before), (change.after, after)):
                if blob is not None and file is not None and change in changed.sources:
                    contents[blob.id] = file.data
        lines = _measured(changes, self._filters)
        if isinstance(lines, str):
            return lines
        if not contents or _is_version_bump(changes[: len(changed.sources)]):
            return "version bump"
        return _Draft(commit=commit, changed=changed, lines=lines[0], characters=lines[1], contents=contents)

    def _file(self, blob: Blob | None) -> File | None:
        return None if blob is None else File(self._history.blob(blob.id), blob.mode)

    def _look_up(self, drafts: Sequence[_Draft]) -> dict[tuple[str, str], _State]:
        """Return what is known of the sources' states by language and blob."""
        wanted: dict[tuple[str, str], tuple[type[Language], bytes]] = {}
        known: dict[tuple[str, str], _State] = {}
        for draft in drafts:
            for change in draft.changed.sources:
                language = _language(change.path)
                for blob in _blobs(change):
                    key = language.name, blob.id
                    if key in self._states:
                        known[key] = self._states[key]
                        self._states.move_to_end(key)
                    else:
                        wanted[key] = language, draft.contents[blob.id]
        for key, facts in zip(wanted, facts_of(list(wanted.values()), self._cache), strict=True):
            self._states[key] = known[key] = facts.definitions, facts.flags
        while len(self._states) > _KEPT:
            self._states.popitem(last=False)
        return known

    def _fix(self, draft: _Draft, states: dict[tuple[str, str], _State]) -> Fix | str:
        added, edited, deleted = [], [], []
        statements = 0
        for change in draft.changed.sources:
            language = _language(change.path)
            sides = []
            for blob in (change.before, change.after):
                definitions, flags = states[language.name, blob.id] if blob is not None else ((), ())
                if "error" in flags:
                    return "syntax errors"
                if "generated" in flags:
                    return "vendored or generated files"
                sides.append(FileState(draft.contents[blob.id] if blob is not None else b"", definitions))
            found = code_changes(language, *sides)
            added += [(change.path, d) for d in found.added]
            edited += [(change.path, d) for d in found.edited]
            deleted += [(change.path, d) for d in found.deleted]
            statements += found.statements
        if not (added or edited or deleted or statements):
            return "formatting only"
        if reason := self._unfit(len(added), len(edited), len(deleted), statements):
            return reason
        commit, changed = draft.commit, draft.changed
        return Fix(
            commit=commit.id,
            parent=commit.parent,
            created_at=commit.created_at,
            message=commit.message,
            sources=tuple(change.path for change in changed.sources),
            tests=tuple(change.path for change in changed.tests),
            others=tuple(change.path for change in changed.others),
            added=tuple(definition_id(path, d) for path, d in added),
            edited=tuple(definition_id(path, d) for path, d in edited),
            deleted=tuple(definition_id(path, d) for path, d in deleted),
            module_level=statements > 0,
            lines=draft.lines,
            characters=draft.characters,
        )

    def _unfit(self, added: int, edited: int, deleted: int, statements: int) -> str:
        filters = self._filters
        if deleted > filters.max_deleted:
            return "deleted definitions"
        if added > filters.max_added:
            return "added definitions"
        if not filters.min_edited <= edited <= filters.max_edited:
            return "edited definitions"
        return "statements outside of definitions" if statements > filters.max_statements else ""


def _language(path: str) -> type[Language]:
    language = language_of(path)
    assert language is not None  # or it would not be a source
    return language


def _measured(changes: Sequence[Change], filters: Filters) -> tuple[int, int] | str:
    """Return the lines and characters of a diff, or why it is too large or cannot be made."""
    least = 0
    for change in changes:
        texts = [file.data if file is not None else b"" for file in (change.before, change.after)]
        if not all(_is_text(text) for text in texts):
            return "files that are no text"
        before, after = (Counter(text.split(b"\n")) for text in texts)
        least += (before - after).total() + (after - before).total()
        if least > filters.max_lines + 2 * len(changes):
            return "too many lines"
    patches = [make_patch([change]) for change in changes]
    lines = sum(_edited_lines(patch) for patch in patches)
    characters = sum(map(len, patches))
    if lines > filters.max_lines:
        return "too many lines"
    return "too many characters" if characters > filters.max_characters else (lines, characters)


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def _hunk_lines(patch: str) -> Iterator[str]:
    """Yield the lines of a file's diff from its first hunk on."""
    start = patch.find("\n@@ ")
    return iter(patch[start + 1 :].split("\n") if start >= 0 else ())


def _edited_lines(patch: str) -> int:
    return sum(line.startswith(("+", "-")) for line in _hunk_lines(patch))


_VERSION: Final = re.compile(
    r"(?i)\bv?\d+(?:\s*[.,]\s*(?:\d+|x\b))*[-.+]?(?:(?:dev|rc|alpha|beta|post|pre|final|[abc])[-.]?\d*)*\b\+?|['\"](?:dev|rc|alpha|beta|final)\d*['\"]"
)
_VERSION_WORD: Final = re.compile(r"(?i)version|release")


def _is_version_bump(changes: Sequence[Change]) -> bool:
    """Say whether all that changes in sources is the numbers of lines that speak of a version."""
    for change in changes:
        taken, given = [], []
        for line in _hunk_lines(make_patch([change])):
            if line.startswith(("+", "-")):
                if not _VERSION_WORD.search(line):
                    return False
                (given if line[0] == "+" else taken).append(_VERSION.sub("0", line[1:]))
        if taken != given:
            return False
    return True
