"""Histories → how many commits become tasks, beside the rule of R2E-Gym applied to the same commits.

    python -m benchmarks.syngen repos.yaml --tried 40

Of each repository, the first candidates in the order of the seed are tried, each in two ways: as `generate --kind
bug_fix` does, and by R2E-Gym's rule (arXiv 2504.07164, execution_result_analysis.py): the changed test files are run
once on both states; the same ids have to be reported, none that passed before may not pass after, and one that did not
pass before has to. What was found out before is taken from the cache, so seconds are those of a cache of its own.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Final

import msgspec

from hybridgym.caches import default_cache
from hybridgym.diffs import changes, with_changes
from hybridgym.fix_trials import LIMITS
from hybridgym.funnel import ENVIRONMENT, STEPS, TESTS, reached
from hybridgym.history import History, history_of
from hybridgym.languages.python import Python
from hybridgym.manifest import load_manifest
from hybridgym.pipeline import candidates, context_of, environment_of, past_of, state_of, template_for, validated
from hybridgym.snapshots import pack
from hybridgym.source import load_source
from hybridgym.specs import RepoSpec
from hybridgym.task import Candidate, Rejection, ValidatedTask
from hybridgym.tasks import kind_named
from hybridgym.tasks.base import RepoContext
from hybridgym.tasks.executable import trial_in
from hybridgym.testbeds import tests_of
from hybridgym.testruns import Outcome, Report, run_tests
from hybridgym.units import in_order
from hybridgym.validation import Validator

KIND: Final = "bug_fix"
HEAD: Final = (
    "repository",
    *STEPS,
    "by calls",
    "s per task",
    "kB per task",
    "discrimination",
    "R2E rule",
    "of these ours",
)


def main() -> None:
    """Print a row for each repository."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--tried", type=int, default=40, help="candidates of each repository")
    parser.add_argument("--since", default="", help="leave older commits out: a date, YYYY-MM-DD")
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--no-captured", action="store_true", help="write no tests from calls")
    options = parser.parse_args()
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD))
    for spec in load_manifest(options.manifest):
        row, reasons = measured(spec, options.tried, options.since, options.cache, captures=not options.no_captured)
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
        for reason, count in reasons.most_common():
            print(f"    {count:4} {reason}", flush=True)


def measured(
    spec: RepoSpec, tried: int, since: str, cache: Path, *, captures: bool
) -> tuple[Sequence[object], Counter[str]]:
    """Return the row of a repository, and why candidates gave no task."""
    template = template_for(KIND, {"captured": captures})
    source, kind = load_source(spec, cache), kind_named(KIND)
    repo = context_of(source, cache)
    repo.past = past_of(spec, source, cache)
    history = history_of(spec, cache)
    assert history is not None, spec.location
    read = sum(commit.created_at >= since for commit in history.commits())
    found = [candidate for candidate in candidates(repo, template) if isinstance(candidate, Candidate)]
    found = [candidate for candidate in found if history.created_at(candidate.fix) >= since]
    ends: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    tasks: list[ValidatedTask] = []
    sizes: list[int] = []
    by_rule = both = 0
    began, beside = time.monotonic(), 0.0
    for candidate in in_order(found, 0).get("", [])[:tried]:
        state = state_of(candidate, repo, source)
        if isinstance(state, Rejection):
            made: ValidatedTask | Rejection = state
        else:
            own, base = state
            environment = environment_of(own, kind)
            made = validated(own, base, Validator(own, kind), candidate, template, environment.id)
            before = time.monotonic()
            accepted = passes_rule(own, history, candidate.fix)
            beside += time.monotonic() - before
            by_rule += accepted
            both += accepted and isinstance(made, ValidatedTask)
            if isinstance(made, ValidatedTask):
                tasks.append(made)
                sizes.append(len(pack(base.files)) + len(msgspec.json.encode(made)))
        ends[reached(made)] += 1
        if isinstance(made, Rejection):
            label = {ENVIRONMENT: "environment: ", TESTS: "tests: "}.get(made.stage, "")
            reasons[f"{label}{made.reason}"] += 1
    seconds = time.monotonic() - began - beside
    came = {step: sum(ends[later] for later in STEPS[place:]) for place, step in enumerate(STEPS)}
    scores = [float(task.evidence.measured["mutation_score"]) for task in tasks]
    return (
        spec.repo or source.repo,
        read,
        len(found),
        *(came[step] for step in STEPS[2:]),
        sum("tests by calls" in task.tags for task in tasks),
        round(seconds / len(tasks), 1) if tasks else "",
        round(mean(sizes) / 1000, 1) if sizes else "",
        round(mean(scores), 3) if scores else "",
        by_rule,
        both,
    ), reasons


def passes_rule(repo: RepoContext, history: History, fix: str) -> bool:
    """Say whether R2E-Gym takes a commit by its tests; `repo` is the state before it."""
    trial = trial_in(repo)
    changed = changes(repo.files, history.source(fix).files)
    setup, testbed = trial.tested.setup, trial.testbed
    sources = [c for c in changed if c.path.endswith(".py") and not Python.is_test(c.path)]
    files = [c.path for c in changed if c.after is not None and c.path.endswith(".py") and Python.is_test(c.path)]
    if not files:
        return False
    tests = tests_of(setup, with_changes(repo.files, changed))
    tests = msgspec.structs.replace(tests, paths=tuple(path for path in files if path in tests.files))
    if not tests.paths:
        return False
    installation = testbed.installation(setup)
    after, before = (
        run_tests(testbed.runtime, installation, tree, tests, LIMITS)
        for tree in (with_changes(repo.files, sources), repo.files)
    )
    new, old = _passed(after), _passed(before)
    if not new or new.keys() != old.keys():
        return False
    return all(new[test] or not old[test] for test in old) and any(new[test] and not old[test] for test in old)


def _passed(report: Report) -> dict[str, bool]:
    """Return whether tests passed, parameters taken together as their parser does; what is skipped it does not see."""
    passed: dict[str, bool] = {}
    for test, result in report.results.items():
        if result.outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR):
            name = test.partition("[")[0].partition("::")[2]
            passed[name] = result.outcome is Outcome.PASSED
    return passed | dict.fromkeys(("" for _ in report.collection_errors), False)


if __name__ == "__main__":
    main()
