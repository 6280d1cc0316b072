"""What has been found out for a suite, kept until the suite is whole.

An entry is named by everything that decides what is in it, so whoever needs the same later finds it, and nobody
finds anything else: another version, other options and another state of a repository have other names.
"""

import hashlib
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from hybridgym.unfinished import write_durably

FOLDER: Final = "journal"
_DIGEST_BYTES: Final = hashlib.sha256().digest_size
_FAST: Final = 1


class Journal:
    """Entries in a folder, each on the disk as a whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def write(self, name: str, data: bytes) -> None:
        """Keep an entry; raises OSError where the disk does not take it, and keeps what there was."""
        write_durably(self._folder / name, hashlib.sha256(data).digest() + data)

    def read(self, name: str) -> bytes | None:
        """Return an entry; None where there is none, or a damaged one."""
        try:
            content = (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        digest, data = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        return data if hashlib.sha256(data).digest() == digest else None


def name_of(what: str, parts: Iterable[object]) -> str:
    """Return the name of an entry that some values decide, with this version of the package."""
    content = msgspec.json.encode([fingerprint(), *parts], order="deterministic", enc_hook=repr)
    return f"{what}-{hashlib.sha256(content).hexdigest()[:32]}"


def pack(value: msgspec.Struct) -> bytes:
    """Return a value as an entry holds it."""
    return zlib.compress(msgspec.json.encode(value), _FAST)


def unpack(data: bytes) -> bytes:
    """Return the JSON of an entry."""
    return zlib.decompress(data)


@cache
def fingerprint() -> str:
    """Return what tells one version of this package from another, one that is being worked on too."""
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    # In a checkout the templates lie beside the package.
    beside = here.parent / "task_templates"
    for root in (here,) if (here / beside.name).is_dir() else (here, beside):
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"\0{path.relative_to(root)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
