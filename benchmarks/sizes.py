"""A suite → how much of the disk its environments and its tasks take.

    python -m benchmarks.sizes suite

Sizes are those of files. `own` is what an environment has that no other environment of the cache has: uv links files
from its cache, so a wheel that several environments have is on the disk once. A snapshot of a repository serves all of
its tasks.
"""

import argparse
import statistics
from collections import Counter
from pathlib import Path

from hybridgym.caches import default_cache
from hybridgym.environments.store import Store, store_in
from hybridgym.rows import row_files
from hybridgym.suite import SOURCES, Suite, load_suite, read_environment
from hybridgym.testbeds import stored_environment

ENVIRONMENTS = ("environment", "repositories", "tasks", "MB", "own MB")
TASKS = ("tasks", "repositories", "environments", "tasks per environment", "kB of rows", "kB of sources", "kB per task")


def main() -> None:
    """Print a table of environments and one of tasks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    suite = load_suite(parser.parse_args().suite)
    print_environments(suite, store_in(default_cache()))
    print()
    print_tasks(suite)


def print_environments(suite: Suite, store: Store) -> None:
    """Print what each environment takes, and below that the median and the sum."""
    print_row(ENVIRONMENTS, is_head=True)
    rows = [task.row for task in suite.values()]
    sizes = []
    environments = {of: read_environment(suite.folder, of) for of in sorted({row.environment for row in rows})}
    made = {of: stored_environment(e, store).id for of, e in environments.items() if e.lock}
    links = Counter(inode for known in store.all() for inode in _inodes(store.path(known.id)))
    for of, known_as in made.items():
        size = store.size(known_as)
        own = sum(n for inode, n in _inodes(store.path(known_as)).items() if links[inode] == 1)
        sizes.append((size, own))
        named = [row.repo for row in rows if row.environment == of]
        print_row((of, len(set(named)), len(named), f"{size / 1e6:.1f}", f"{own / 1e6:.1f}"))
    for name, measure in (("median", statistics.median), ("sum", sum)):
        whole, own = (measure(column) for column in zip(*sizes, strict=True)) if sizes else (0, 0)
        print_row((name, "", "", f"{whole / 1e6:.1f}", f"{own / 1e6:.1f}"))


def print_tasks(suite: Suite) -> None:
    """Print what a task takes of rows and of snapshots."""
    rows = sum(path.stat().st_size for path in row_files(suite.folder))
    sources = sum(path.stat().st_size for path in (suite.folder / SOURCES).glob("*"))
    repositories = {task.row.repo for task in suite.values()}
    environments = {task.row.environment for task in suite.values()}
    tasks = max(len(suite), 1)
    shares = f"{len(suite) / max(len(environments), 1):.1f}", f"{rows / 1e3:.0f}", f"{sources / 1e3:.0f}"
    print_row(TASKS, is_head=True)
    print_row((len(suite), len(repositories), len(environments), *shares, f"{(rows + sources) / tasks / 1e3:.1f}"))


def print_row(values: tuple[object, ...], *, is_head: bool = False) -> None:
    """Print a line of a table, and the line below it that makes it the head."""
    print(f"| {' | '.join(map(str, values))} |", flush=True)
    if is_head:
        print("|---" * len(values) + "|", flush=True)


def _inodes(folder: Path) -> dict[tuple[int, int], int]:
    """Return the bytes of each file, by what it is on the disk."""
    found = {}
    for path in folder.rglob("*"):
        if not path.is_dir():
            status = path.lstat()
            found[status.st_dev, status.st_ino] = status.st_size
    return found


if __name__ == "__main__":
    main()
