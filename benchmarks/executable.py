"""Packages → what their tests say, and what tasks that are graded by tests come of them.

    python -m benchmarks.executable click jinja2 --tasks 3
    python -m benchmarks.executable --suite suite

Packages are named as in repos.yaml, or pinned: `flask==3.0.3`. Each is installed (wheels alone), its tests are run
three times in the sandbox, and `function_generation` tasks are made of it, in one process, one after the other. What
was found out before is taken from the cache, its times with it: for times, give a cache of its own with --cache.
Of a suite, the tasks of each package and kind are told, and what was rejected on the way.
"""

import argparse
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from hybridgym.caches import default_cache
from hybridgym.environments.building import STAGE
from hybridgym.environments.store import store_in
from hybridgym.generation import Options, generate
from hybridgym.manifest import load_manifest
from hybridgym.pipeline import build_graph
from hybridgym.source import load_source
from hybridgym.specs import RepoSpec, spec_of
from hybridgym.suite import REJECTIONS, load_suite
from hybridgym.task import Rejection
from hybridgym.testruns import Outcome
from hybridgym.trials import trial_of

ROOT = Path(__file__).parents[1]
KIND = "function_generation"
TESTS = ("package", "python", "MB", "tests", "passed", "failed", "skipped", "flaky", "s for three runs")
TASKS = ("package", "tasks", "s", "s per task", "tests", "mutation score", "rejected")
OF_SUITE = ("package", "kind", "tasks", "tests", "mutants killed", "mutation scores", "rejected")
_OTHER = (Outcome.PASSED, Outcome.SKIPPED, Outcome.XFAILED, Outcome.XPASSED, Outcome.FLAKY)


def main() -> None:
    """Print a table of tests and, if tasks are asked for, one of tasks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="*")
    parser.add_argument("--suite", type=Path, help="one that was made before")
    parser.add_argument("--tasks", type=int, default=0, help="of each package")
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--failing", action="store_true", help="name the tests that do not pass")
    options = parser.parse_args()
    if options.suite:
        print_suite(options.suite)
    specs = specs_of(options.packages)
    if not specs:
        return
    print_row(TESTS, is_head=True)
    for spec in specs:
        print_row(tested(spec, options.cache, options.failing))
    if options.tasks:
        print()
        print_row(TASKS, is_head=True)
        for spec in specs:
            print_row(made(spec, options.cache, options.tasks))


def specs_of(names: Sequence[str]) -> list[RepoSpec]:
    """Return the entries of repos.yaml with these names, and what is pinned."""
    known = {spec.location: spec for spec in load_manifest(ROOT / "repos.yaml")}
    return [known[name] if name in known else spec_of(f"pypi:{name}", ROOT) for name in names]


def tested(spec: RepoSpec, cache: Path, failing: bool) -> Sequence[object]:
    """Run a package's tests; return a row of the first table."""
    source = load_source(spec, cache)
    graph = build_graph(source, cache)
    begin = time.monotonic()
    trial = trial_of(source, graph, spec.environment, cache)
    seconds = time.monotonic() - begin
    name = f"{spec.location} {spec.revision}"
    if isinstance(trial, Rejection):
        return name, trial.reason, trial.detail.replace("\n", " ")[-300:]
    outcomes = Counter(trial.tested.outcomes.values())
    if failing:
        for test, outcome in trial.tested.outcomes.items():
            if outcome not in _OTHER[:4]:
                print(f"    {outcome}: {test}")
    counts = outcomes[Outcome.PASSED], sum(n for outcome, n in outcomes.items() if outcome not in _OTHER)
    unused = sum(outcomes[outcome] for outcome in _OTHER[1:4])
    size = store_in(cache).size(trial.testbed.environment) / 1e6
    flaky = f"{outcomes[Outcome.FLAKY]}"
    return name, trial.python, f"{size:.0f}", outcomes.total(), *counts, unused, flaky, f"{seconds:.1f}"


def made(spec: RepoSpec, cache: Path, wanted: int) -> Sequence[object]:
    """Make tasks of a package; return a row of the second table."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.monotonic()
        options = Options(kinds=(KIND,), per_repo=wanted)
        info = generate([spec], Path(folder, "suite"), options, cache=cache)
        seconds = time.monotonic() - begin
        rows = [task.row for task in load_suite(Path(folder, "suite")).values()]
    tests = [len(row.FAIL_TO_PASS) + len(row.PASS_TO_PASS) for row in rows]
    scores = [float(row.evidence.measured["mutation_score"]) for row in rows]
    rejected = [f"{n} {r}" for r, n in sorted(info.rejections_per_reason.items()) if r.startswith(KIND)]
    each = f"{seconds / len(rows):.1f}" if rows else ""
    middle = [f"{statistics.mean(values):.2f}" if values else "" for values in (tests, scores)]
    return spec.location, len(rows), f"{seconds:.1f}", each, *middle, "; ".join(rejected).replace(f"{KIND}: ", "")


def print_suite(folder: Path) -> None:
    """Print what a suite has of each package and kind; definitions that no tests reach are no rejections of a task."""
    suite = load_suite(folder)
    rows = [task.row for task in suite.values()]
    lines = (folder / REJECTIONS).read_bytes().splitlines()
    rejections = [msgspec.json.decode(line, type=Rejection) for line in lines]
    kinds = sorted(suite.info.kinds)
    print_row(OF_SUITE, is_head=True)
    for repo in sorted({row.repo for row in rows} | {r.repo for r in rejections}):
        for kind in kinds:
            of = [row for row in rows if (row.repo, row.task_kind) == (repo, kind)]
            measured = [row.evidence.measured for row in of]
            tests = [len(row.FAIL_TO_PASS) + len(row.PASS_TO_PASS) for row in of]
            killed = f"{sum(m['mutants_killed'] for m in measured)} of {sum(m['mutants'] for m in measured)}"
            scores = [f"{m['mutation_score']:.2f}" for m in measured]
            reasons: Counter[str] = Counter()
            for r in rejections:
                if r.repo == repo and ((r.stage == kind and r.subject) or r.stage == STAGE):
                    reasons[r.reason] += r.count
            why = "; ".join(f"{n} {reason}" for reason, n in reasons.most_common())
            print_row((repo, kind, len(of), ", ".join(map(str, tests)), killed, ", ".join(scores), why))
    for kind in kinds:
        of_kind = [float(r.evidence.measured["mutation_score"]) for r in rows if r.task_kind == kind]
        if of_kind:
            print(f"{kind}: {len(of_kind)} tasks, score {statistics.mean(of_kind):.3f} mean, {min(of_kind):.3f} least")


def print_row(values: Sequence[object], *, is_head: bool = False) -> None:
    """Print a line of a table, and the line below it that makes it the head."""
    print(f"| {' | '.join(map(str, values))} |", flush=True)
    if is_head:
        print("|---" * len(values) + "|", flush=True)


if __name__ == "__main__":
    main()
