"""The rows of a suite on disk: one file or several, sorted by id, written without holding them all.

tasks.jsonl                  up to as many rows as a file is to have
tasks-00000-of-000NN.jsonl   where there are more: in their order, none empty
"""

import hashlib
import heapq
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from hybridgym.errors import SuiteError
from hybridgym.task import Value

ROWS: Final = "tasks.jsonl"
SHARD_ROWS: Final = 100_000
"""Rows of a file, where nobody says how many."""
RUN_BYTES: Final = 64 * 2**20
"""Lines that are sorted in memory at a time."""

_SHARD: Final = re.compile(r"tasks-(\d{5})-of-(\d{5})\.jsonl")


class _Named(Value, frozen=True):
    """What is read of a row to sort it."""

    instance_id: str


class SortedLines:
    """Lines that are given back in the order of their keys; those beyond RUN_BYTES wait in files of a folder."""

    def __init__(self, folder: Path, key: Callable[[bytes], Any]) -> None:
        self._folder = folder
        self._key = key
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._runs: list[Path] = []
        self.count = 0

    def add(self, line: bytes) -> None:
        """Take a line, its end included."""
        self.count += 1
        self._waiting.append(line)
        self._bytes += len(line)
        if self._bytes > RUN_BYTES:
            self._put_aside()

    def __iter__(self) -> Iterator[bytes]:
        self._waiting.sort(key=self._key)
        opened: list[IO[bytes]] = []
        try:
            opened += [run.open("rb") for run in self._runs]
            yield from heapq.merge(*opened, self._waiting, key=self._key)
        finally:
            for run in opened:
                run.close()

    def remove(self) -> None:
        """Delete the files."""
        for run in self._runs:
            run.unlink()

    def _put_aside(self) -> None:
        self._waiting.sort(key=self._key)
        run = self._folder / f".sorted-{len(self._runs)}"
        self._runs.append(run)
        with run.open("wb") as file:
            file.writelines(self._waiting)
        self._waiting, self._bytes = [], 0


def sorted_rows(folder: Path) -> SortedLines:
    """Return what sorts rows by their id."""
    decoder = msgspec.json.Decoder(_Named)
    return SortedLines(folder, lambda line: decoder.decode(line).instance_id)


def write_rows(folder: Path, rows: SortedLines, shard_rows: int) -> str:
    """Write rows to the files of a folder; return the SHA-256 of all.

    Raises SuiteError where two have one id.
    """
    digest = hashlib.sha256()
    waiting = iter(rows)
    shards = max(1, -(-rows.count // shard_rows))
    last = ""
    for number in range(shards):
        with (folder / _name(number, shards)).open("wb") as file:
            for line in islice(waiting, shard_rows):
                instance_id = msgspec.json.decode(line, type=_Named).instance_id
                if instance_id == last:
                    message = f"two tasks have the id {instance_id!r}"
                    raise SuiteError(message)
                last = instance_id
                digest.update(line)
                file.write(line)
    return digest.hexdigest()


def is_rows(name: str) -> bool:
    """Return whether a suite has its rows in files of that name."""
    return name == ROWS or _SHARD.fullmatch(name) is not None


def row_files(folder: Path) -> list[Path]:
    """Return the files with a suite's rows, in their order; raises SuiteError where they are not all there."""
    names = sorted(path.name for path in folder.iterdir() if is_rows(path.name)) if folder.is_dir() else []
    if not names or names == [ROWS]:
        return [folder / name for name in names]
    if ROWS in names:
        message = f"{folder}: expected the rows in {ROWS} or in shards, found both"
        raise SuiteError(message)
    expected = [_name(number, int(names[0][-11:-6])) for number in range(int(names[0][-11:-6]))]
    if names != expected:
        odd = sorted({*names} ^ {*expected})[0]
        message = f"{folder}: expected {expected[0]} to {expected[-1]}, found {len(names)}; see {odd}"
        raise SuiteError(message)
    return [folder / name for name in names]


def _name(number: int, shards: int) -> str:
    return ROWS if shards == 1 else f"tasks-{number:05}-of-{shards:05}.jsonl"
