"""How fast commits become candidates: by paths and sizes alone, and by definition with facts cold and cached.

    python -m benchmarks.history REPOSITORY... --commits 10000

REPOSITORY is a local git repository, bare or not; its newest commits on `HEAD` are taken. It is mirrored first, which
is not measured. Times are CPU seconds of one process and, in parentheses, seconds that went by. Of each step:

*commits*: the walk, with what each commit changes by ids of blobs; *paths and sizes*: what these alone decide;
*cold*: lines and definitions of what is left, with an empty cache; *facts cached*: the facts of all files are known,
the comparisons of two states are not; *cached*: both are. All but the first preset find what those before it left.
"""

import argparse
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TypeVar

from hybridgym.collector import collect_rarely
from hybridgym.fixes import PRESETS, Filters, Fix, fixes_of, screened
from hybridgym.history import Commit, History, history_of
from hybridgym.rowcache import FILE
from hybridgym.specs import RepoSpec, SourceKind

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[str, T]:
    """Return CPU seconds and seconds of a piece of work, and what it gives."""
    start, cpu = time.perf_counter(), time.process_time()
    result = work()
    return f"{time.process_time() - cpu:.1f} ({time.perf_counter() - start:.1f})", result


def rows(folder: Path, table: str) -> int:
    """Count the rows of a cache's table."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def forget_comparisons(folder: Path) -> None:
    """Keep nothing of a cache but facts."""
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        database.execute("DELETE FROM changes")


def reasons(history: History, commits: Sequence[Commit], filters: Filters, folder: Path) -> Counter[str]:
    """Count what becomes of commits."""
    judged = fixes_of(history, commits, filters, folder)
    return Counter("candidate" if isinstance(fix, Fix) else fix for _, fix in judged)


def measure(place: Path, wanted: int, cache: Path) -> None:
    """Measure one repository and print what was found."""
    spec = RepoSpec(kind=SourceKind.GIT, location=str(place.resolve()), revision="HEAD")
    history = history_of(spec, cache / "mirrors")
    assert history is not None
    walk, commits = timed(lambda: list(islice(history.commits(), wanted)))
    print(f"\n{place}: {len(commits)} commits, {commits[-1].created_at[:10]} to {commits[0].created_at[:10]}")
    print(f"  commits: {walk} s, {sum(commit.is_merge for commit in commits)} merges")
    for number, (name, filters) in enumerate(PRESETS.items()):
        print(f"  {name}", flush=True)
        measure_filters(
            history, commits, filters, cache, ("cold", "facts cached", "cached") if not number else ("cached",)
        )


def measure_filters(
    history: History, commits: Sequence[Commit], filters: Filters, folder: Path, states: Sequence[str]
) -> None:
    """Measure what it takes to filter commits in several states of the cache, each left by the one before."""
    spent, left = timed(lambda: sum(not isinstance(screened(commit, filters), str) for commit in commits))
    print(f"    paths and sizes: {spent} s, {left} left", flush=True)
    for state in states:
        if state == "facts cached":
            forget_comparisons(folder)
        spent, counted = timed(lambda: reasons(history, commits, filters, folder))
        print(f"    {state}: {spent} s", flush=True)
    print(f"    {rows(folder, 'facts')} blobs parsed, {rows(folder, 'changes')} comparisons")
    print("    " + ", ".join(f"{count} {reason}" for reason, count in counted.most_common()))


def main() -> None:
    """Measure the repositories of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=10_000)
    arguments = parser.parse_args()
    collect_rarely()
    for place in arguments.repositories:
        with tempfile.TemporaryDirectory() as folder:
            measure(place, arguments.commits, Path(folder))


if __name__ == "__main__":
    main()
