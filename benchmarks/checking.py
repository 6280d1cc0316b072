"""How many verdicts a second one core gives on a suite.

    python -m benchmarks.checking SUITE [--limit N]

Grades the gold patch (once, and as eight samples of each task), the empty patch and a wrong patch (the gold of
the next task) of every task, in the order of the suite. Sources are unpacked before the clock starts: a grader that
works through a suite does that once for each repository.
"""

import argparse
import itertools
import time
from pathlib import Path

from hybridgym import Status, load_suite


def main() -> None:
    """Print a row for each task kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("suite", type=Path)
    parser.add_argument("--limit", type=int, default=10**9, help="tasks of each kind")
    options = parser.parse_args()
    suite = load_suite(options.suite)
    kinds = sorted({suite[i].row.task_kind for i in suite})
    print(
        "| kind | tasks | verdicts/s, gold | 8 samples of gold | empty | wrong | kB of the first changed file, mean |"
    )
    print("|---|---|---|---|---|---|---|")
    of_kind = {
        kind: list(itertools.islice((i for i in suite if suite[i].row.task_kind == kind), options.limit))
        for kind in kinds
    }
    everything = [i for ids in of_kind.values() for i in ids]
    for name, ids in (*of_kind.items(), ("all of them", everything)):
        patches = [suite[i].row.patch for i in ids]
        wrong = patches[1:] + patches[:1]
        rates = [_rate(options.suite, ids, some) for some in (patches, [""] * len(ids), wrong)]
        rates.insert(1, _rate(options.suite, ids, patches, samples=8))
        sizes = [len(suite[i].start[_first_path(suite[i].row.patch)].data) for i in ids]
        cells = (name, len(ids), *(f"{r:.0f}" for r in rates), f"{sum(sizes) / len(sizes) / 1000:.0f}")
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


def _first_path(patch: str) -> str:
    """Return the first file that a gold patch changes."""
    return next(line for line in patch.splitlines() if line.startswith("+++ b/"))[6:]


def _rate(folder: Path, ids: list[str], patches: list[str], samples: int = 1) -> float:
    """Return verdicts a second of CPU time, without what unpacking sources costs."""
    suite = load_suite(folder)
    spent = 0.0
    for instance_id, patch in zip(ids, patches, strict=True):
        task = suite[instance_id]
        _ = task.source
        start = time.process_time()
        for sample in range(samples):
            verdict = task.check(patch, sample)
            assert verdict.status is not Status.ERROR, verdict.reason
        spent += time.process_time() - start
    return samples * len(ids) / spent


if __name__ == "__main__":
    main()
