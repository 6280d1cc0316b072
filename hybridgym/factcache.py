"""Facts that need not be computed again: one SQLite file, keyed by content, language and extractor.

Several processes may share it. It holds nothing that could run, and nothing is lost with it.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec
import zstandard

from hybridgym.facts import FileFacts
from hybridgym.languages import language_named
from hybridgym.languages.base import Language
from hybridgym.parsing import parse_file

FILE = "facts.sqlite"
EXTRACTOR = 11
"""Counts up whenever the same file and query give other facts."""
BUSY_SECONDS = 30
BATCH = 500
"""Keys in one query; SQLite takes 999 in all its versions."""

_DAMAGED = (msgspec.DecodeError, zstandard.ZstdError, TypeError)
"""What reading a damaged row raises; one that holds no bytes is the wrong type."""

_decoder = msgspec.msgpack.Decoder(FileFacts)
_encoder = msgspec.msgpack.Encoder()


def facts_of(files: Sequence[tuple[type[Language], bytes]], folder: Path | None) -> list[FileFacts]:
    """Return the facts of files (language and content), from the cache in `folder` as far as it has them.

    A cache that cannot be read or written is done without.
    """
    keys = [_key(language.name, data) for language, data in files]
    known = _read(folder, keys)
    fresh: dict[bytes, bytes] = {}
    found = []
    for (language, data), key in zip(files, keys, strict=True):
        facts = known.get(key)
        if facts is None:
            facts = known[key] = parse_file(language, data)
            fresh[key] = _packed(facts)
        found.append(facts)
    _write(folder, fresh)
    return found


@cache
def _extractor(language: str) -> bytes:
    parts = [str(EXTRACTOR), language, language_named(language).query(), version("tree-sitter")]
    return hashlib.sha256("\0".join(parts).encode()).digest()


def _key(language: str, data: bytes) -> bytes:
    return hashlib.sha256(_extractor(language) + hashlib.sha256(data).digest()).digest()


def _packed(facts: FileFacts) -> bytes:
    return zstandard.compress(_encoder.encode(facts), 1)


def _read(folder: Path | None, keys: Sequence[bytes]) -> dict[bytes, FileFacts]:
    found: dict[bytes, FileFacts] = {}
    if folder is None:
        return found
    wanted = sorted(set(keys))
    with suppress(sqlite3.Error, OSError), _opened(folder) as database:
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            marks = ",".join("?" * len(batch))
            rows = database.execute(f"SELECT key, value FROM facts WHERE key IN ({marks})", batch)
            for key, value in rows:
                with suppress(*_DAMAGED):  # computed and written again
                    found[key] = _decoder.decode(zstandard.decompress(value))
    return found


def _write(folder: Path | None, fresh: Mapping[bytes, bytes]) -> None:
    if folder is None or not fresh:
        return
    with suppress(sqlite3.Error, OSError), _opened(folder) as database, database:
        database.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", sorted(fresh.items()))


@contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """Give the database; raises sqlite3.Error or OSError where there is none to be had."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / FILE, timeout=BUSY_SECONDS)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=OFF")  # a cache may lose its last rows
        database.execute("CREATE TABLE IF NOT EXISTS facts (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        yield database
