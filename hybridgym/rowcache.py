"""Rows of bytes by key, in one SQLite file: what need not be computed again.

Several processes may share it. It holds nothing that could run, and nothing is lost with it.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

FILE = "facts.sqlite"
BUSY_SECONDS = 30
BATCH = 500
"""Keys in one query; SQLite takes 999 in all its versions."""


def read_rows(folder: Path | None, table: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    """Return the rows that a table has, as far as it can be read; without a folder there are none."""
    found: dict[bytes, bytes] = {}
    if folder is None or not keys:
        return found
    wanted = sorted(set(keys))
    with suppress(sqlite3.Error, OSError), _opened(folder, table) as database:
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            marks = ",".join("?" * len(batch))
            found.update(database.execute(f"SELECT key, value FROM {table} WHERE key IN ({marks})", batch))
    return found


def write_rows(folder: Path | None, table: str, rows: Mapping[bytes, bytes]) -> None:
    """Add rows to a table, if it can be written."""
    if folder is None or not rows:
        return
    with suppress(sqlite3.Error, OSError), _opened(folder, table) as database, database:
        database.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", sorted(rows.items()))


@contextmanager
def _opened(folder: Path, table: str) -> Iterator[sqlite3.Connection]:
    """Give the database; raises sqlite3.Error or OSError where there is none to be had."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / FILE, timeout=BUSY_SECONDS)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=OFF")  # a cache may lose its last rows
        database.execute(f"CREATE TABLE IF NOT EXISTS {table} (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        yield database
