"""factcache.py: the same facts with a cache, without one, with a damaged one and with a shared one."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from hybridgym.factcache import facts_of
from hybridgym.facts import FileFacts
from hybridgym.languages.base import Language
from hybridgym.languages.python import Python
from hybridgym.rowcache import FILE
from tiny import ROOT, TINY

# One of them is not UTF-8, which the pipeline does not ask facts of.
CONTENTS = [path.read_bytes() for path in sorted(TINY.rglob("*.py")) if path.name != "cellar.py"]
FILES: list[tuple[type[Language], bytes]] = [(Python, data) for data in CONTENTS]

PROCESS = """
import sys
from pathlib import Path
from hybridgym.factcache import facts_of
from hybridgym.languages.python import Python
files = [(Python, b"def f%d():\\n    return g(%d)\\n" % (i, i)) for i in range(400)]
print(sum(len(facts.references) for facts in facts_of(files, Path(sys.argv[1]))))
"""


@pytest.fixture
def fresh() -> list[FileFacts]:
    return facts_of(FILES, None)


def entries(folder: Path) -> list[tuple[bytes, bytes]]:
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        return database.execute("SELECT key, value FROM facts ORDER BY key").fetchall()


def test_facts_are_the_same_with_a_cache_that_is_empty_and_one_that_is_full(
    tmp_path: Path, fresh: list[FileFacts]
) -> None:
    assert facts_of(FILES, tmp_path / "new" / "cache") == fresh
    full = facts_of(FILES, tmp_path / "new" / "cache")
    assert full == fresh
    assert msgspec.json.encode(full) == msgspec.json.encode(fresh)


def test_a_file_that_stands_twice_is_kept_once(tmp_path: Path) -> None:
    twice = facts_of([FILES[0], FILES[0]], tmp_path)
    assert twice[0] == twice[1]
    assert len(entries(tmp_path)) == 1


def test_what_is_known_is_not_written_again(tmp_path: Path) -> None:
    facts_of(FILES, tmp_path)
    before = entries(tmp_path)
    facts_of(FILES, tmp_path)
    assert entries(tmp_path) == before


def test_another_content_has_other_facts(tmp_path: Path) -> None:
    one, other = facts_of([(Python, b"def f(): g()\n"), (Python, b"def f(): h()\n")], tmp_path)
    assert [facts.references[0].path for facts in (one, other)] == ["g", "h"]
    assert facts_of([(Python, b"def f(): h()\n")], tmp_path) == [other]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"this is no database" * 100, id="something else"),
        pytest.param(b"SQLite format 3\0" + bytes(5000), id="a header and nothing right behind it"),
    ],
)
def test_a_damaged_file_is_done_without(tmp_path: Path, fresh: list[FileFacts], damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    assert facts_of(FILES, tmp_path) == fresh


def test_a_truncated_file_is_done_without(tmp_path: Path, fresh: list[FileFacts]) -> None:
    facts_of(FILES, tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute("PRAGMA journal_mode=DELETE")
    data = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(data[: len(data) // 2])
    assert facts_of(FILES, tmp_path) == fresh


@pytest.mark.parametrize(
    "value",
    [pytest.param(b"", id="nothing"), pytest.param(b"garbage", id="garbage"), pytest.param("text", id="no bytes")],
)
def test_a_damaged_entry_is_computed_and_written_again(
    tmp_path: Path, fresh: list[FileFacts], value: bytes | str
) -> None:
    facts_of(FILES, tmp_path)
    good = entries(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute("UPDATE facts SET value = ?", [value])
    assert facts_of(FILES, tmp_path) == fresh
    assert entries(tmp_path) == good


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path, fresh: list[FileFacts]) -> None:
    (tmp_path / "file").write_text("in the way")
    assert facts_of(FILES, tmp_path / "file") == fresh


def test_processes_share_a_cache(tmp_path: Path) -> None:
    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", PROCESS, str(tmp_path)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    with ThreadPoolExecutor(2) as pool:
        done = [future.result() for future in [pool.submit(run) for _ in range(2)]]
    assert [(d.returncode, d.stdout.strip(), d.stderr) for d in done] == [(0, "400", "")] * 2
    assert len(entries(tmp_path)) == 400
