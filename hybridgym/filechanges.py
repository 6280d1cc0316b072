"""Two blobs of a path → how many lines differ, and which definitions: computed once for each pair of blobs."""

import hashlib
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from hybridgym.codechanges import RULES, FileState, code_changes
from hybridgym.diffs import make_patch
from hybridgym.errors import SourceError
from hybridgym.factcache import extractor, facts_of
from hybridgym.facts import Definition
from hybridgym.history import Blob, BlobChange, History
from hybridgym.languages import language_of
from hybridgym.languages.base import Language
from hybridgym.rowcache import read_rows, write_rows
from hybridgym.task import Change, File, Value

T = TypeVar("T")

_TABLE: Final = "changes"
_LINES_VERSION: Final = b"lines 1"
"""Counts up whenever the same blobs give another LineChanges."""
_KEPT_BYTES: Final = 64 << 20
_MOST_CHARACTERS: Final = 100_000
"""Of a diff that is asked whether it only changes a version."""

Name = tuple[str, int]
"""Qualified name and ordinal of a definition."""


class LineChanges(Value, frozen=True, kw_only=True):
    """How the lines of a file differ."""

    lines: int = 0
    """Taken away and added; at least so many if `is_exact` is not set: to find the number takes the square of it."""
    characters: int = 0
    """Of the diff; 0 if `is_exact` is not set."""
    is_exact: bool = True
    is_text: bool = True
    is_version: bool = False
    """Whether nothing but numbers changes, in lines that speak of a version."""


class NameChanges(Value, frozen=True, kw_only=True):
    """How the definitions of a file differ; see CodeChanges."""

    added: tuple[Name, ...] = ()
    edited: tuple[Name, ...] = ()
    deleted: tuple[Name, ...] = ()
    inner_added: int = 0
    inner_deleted: int = 0
    statements: int = 0
    flags: tuple[str, ...] = ()
    """Of either state, see FileFacts.flags; with `error` nothing else is known."""


class FileChanges:
    """What is known of the files of a history, and remembered in the cache in a folder."""

    def __init__(self, history: History, cache: Path | None) -> None:
        self._history = history
        self._cache = cache
        self._contents: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self.parsed = 0
        """Blobs whose facts were looked up."""

    def lines(self, changes: Sequence[BlobChange], most: int) -> list[LineChanges | None]:
        """Compare files by line, exactly where no more than `most` differ; None stands for a damaged one."""
        keys = [_lines_key(change) for change in changes]
        return self._known_or_made(
            changes,
            keys,
            LineChanges,
            lambda missing: (self._lines_of(change, most) for change in missing),
            lambda known: known.is_exact or known.lines > most,
        )

    def names(self, changes: Sequence[BlobChange]) -> list[NameChanges | None]:
        """Compare source files in UTF-8 by definition; None stands for a damaged one."""
        keys = [_names_key(change) for change in changes]
        return self._known_or_made(changes, keys, NameChanges, self._names_of, lambda _: True)

    def _known_or_made(
        self,
        changes: Sequence[BlobChange],
        keys: Sequence[bytes],
        kind: type[T],
        make: Callable[[Sequence[BlobChange]], Iterator[T | None]],
        suffices: Callable[[T], bool],
    ) -> list[T | None]:
        decoder = msgspec.msgpack.Decoder(kind)
        known: dict[bytes, T | None] = {}
        for key, value in read_rows(self._cache, _TABLE, keys).items():
            with suppress(msgspec.DecodeError, TypeError):  # a damaged row is made and written again
                if suffices(row := decoder.decode(value)):
                    known[key] = row
        missing = {key: change for key, change in zip(keys, changes, strict=True) if key not in known}
        made = dict(zip(missing, make(list(missing.values())), strict=True))
        rows = {key: msgspec.msgpack.encode(value) for key, value in made.items() if value is not None}
        write_rows(self._cache, _TABLE, rows)
        return [known[key] if key in known else made[key] for key in keys]

    def _lines_of(self, change: BlobChange, most: int) -> LineChanges | None:
        try:
            before, after = self._file(change.before), self._file(change.after)
        except SourceError:
            return None
        texts = [file.data if file is not None else b"" for file in (before, after)]
        if not all(map(_is_text, texts)):
            return LineChanges(is_text=False)
        old, new = (Counter(text.split(b"\n")) for text in texts)
        least = max((old - new).total() + (new - old).total() - 2, 0)  # what follows the last line end is no line
        if least > most:
            return LineChanges(lines=least, is_exact=False)
        patch = make_patch([Change(path=change.path, before=before, after=after)])
        changed = [line for line in _hunk_lines(patch) if line.startswith(("+", "-"))]
        is_version = len(patch) <= _MOST_CHARACTERS and _is_version(changed)
        return LineChanges(lines=len(changed), characters=len(patch), is_version=is_version)

    def _names_of(self, changes: Sequence[BlobChange]) -> Iterator[NameChanges | None]:
        states: dict[tuple[str, str], FileState] = {}
        flags: dict[tuple[str, str], tuple[str, ...]] = {}
        wanted: dict[tuple[str, str], tuple[type[Language], bytes]] = {}
        for change in changes:
            language = _language(change)
            for blob in blobs_of(change):
                with suppress(SourceError):
                    wanted[language.name, blob.id] = language, self._content(blob)
        self.parsed += len(wanted)
        for key, facts in zip(wanted, facts_of(list(wanted.values()), self._cache), strict=True):
            states[key] = FileState(wanted[key][1], facts.definitions)
            flags[key] = facts.flags
        for change in changes:
            language = _language(change)
            keys = [(language.name, blob.id) for blob in blobs_of(change)]
            if not all(key in states for key in keys):
                yield None
                continue
            all_flags = tuple(sorted({flag for key in keys for flag in flags[key]}))
            if "error" in all_flags:
                yield NameChanges(flags=all_flags)
                continue
            before, after = (states[language.name, b.id] if b else FileState() for b in (change.before, change.after))
            found = code_changes(language, before, after)
            yield NameChanges(
                added=_names(found.added),
                edited=_names(found.edited),
                deleted=_names(found.deleted),
                inner_added=found.inner_added,
                inner_deleted=found.inner_deleted,
                statements=found.statements,
                flags=all_flags,
            )

    def _file(self, blob: Blob | None) -> File | None:
        return None if blob is None else File(self._content(blob), blob.mode)

    def _content(self, blob: Blob) -> bytes:
        if (known := self._contents.get(blob.id)) is not None:
            self._contents.move_to_end(blob.id)
            return known
        data = self._contents[blob.id] = self._history.blob(blob.id)
        self._bytes += len(data)
        while self._bytes > _KEPT_BYTES:
            self._bytes -= len(self._contents.popitem(last=False)[1])
        return data


def blobs_of(change: BlobChange) -> list[Blob]:
    """Return the one or two blobs of a change."""
    return [blob for blob in (change.before, change.after) if blob is not None]


def _language(change: BlobChange) -> type[Language]:
    language = language_of(change.path)
    assert language is not None  # or it would not be a source
    return language


def _names(definitions: Sequence[Definition]) -> tuple[Name, ...]:
    return tuple((definition.qualname, definition.ordinal) for definition in definitions)


def _lines_key(change: BlobChange) -> bytes:
    # The diff names the path, and says so if the mode changes.
    blobs = [f"{blob.id} {blob.mode}" if blob else "" for blob in (change.before, change.after)]
    return hashlib.sha256(b"\0".join([_LINES_VERSION, change.path.encode(), *map(str.encode, blobs)])).digest()


def _names_key(change: BlobChange) -> bytes:
    version = extractor(_language(change).name) + str(RULES).encode()
    blobs = [blob.id if blob else "" for blob in (change.before, change.after)]
    return hashlib.sha256(b"\0".join([version, *map(str.encode, blobs)])).digest()


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


_VERSION: Final = re.compile(
    r"""(?ix) ['"](dev|rc|alpha|beta|final)\d*['"]
    | \b v? \d{1,9} (\s? [.,] \s? (\d{1,9} | x\b))*
      ([-.+]? (dev|rc|alpha|beta|post|pre|final|[abc]) [-.]? \d{0,9})* \b \+?
    """
)
_VERSION_WORD: Final = re.compile(r"(?i)version|release")


def _is_version(lines: Sequence[str]) -> bool:
    """Say whether the lines of a diff say the same before and after, but for numbers, and all speak of a version."""
    if not all(_VERSION_WORD.search(line) for line in lines):
        return False
    taken, given = ([_VERSION.sub("0", line[1:]) for line in lines if line[0] == sign] for sign in "-+")
    return taken == given
