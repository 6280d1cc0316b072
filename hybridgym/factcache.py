"""Facts that need not be computed again, keyed by content, language and extractor."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec
import zstandard

from hybridgym.facts import FileFacts
from hybridgym.languages import language_named
from hybridgym.languages.base import Language
from hybridgym.parsing import parse_file
from hybridgym.rowcache import read_rows, write_rows

EXTRACTOR = 11
"""Counts up whenever the same file and query give other facts."""

_TABLE = "facts"
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
    write_rows(folder, _TABLE, fresh)
    return found


@cache
def extractor(language: str) -> bytes:
    """Return a digest of all that decides which facts a file of a language has."""
    parts = [str(EXTRACTOR), language, language_named(language).query(), version("tree-sitter")]
    return hashlib.sha256("\0".join(parts).encode()).digest()


def _key(language: str, data: bytes) -> bytes:
    return hashlib.sha256(extractor(language) + hashlib.sha256(data).digest()).digest()


def _packed(facts: FileFacts) -> bytes:
    return zstandard.compress(_encoder.encode(facts), 1)


def _read(folder: Path | None, keys: Sequence[bytes]) -> dict[bytes, FileFacts]:
    found: dict[bytes, FileFacts] = {}
    for key, value in read_rows(folder, _TABLE, keys).items():
        with suppress(*_DAMAGED):  # computed and written again
            found[key] = _decoder.decode(zstandard.decompress(value))
    return found
