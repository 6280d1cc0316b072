"""Reports → what they are worth: which tests passed, and whether that can be believed."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from hybridgym.diffs import with_changes
from hybridgym.runtimes import Limits, Runtime
from hybridgym.task import Change, Tree, Value
from hybridgym.testruns.base import Installation, Outcome, Report, Result, Tests
from hybridgym.testruns.running import run_tests
from hybridgym.testruns.sources import LeftOut, sources_of
from hybridgym.testruns.twins import Twin, base_of, find_twins, plant

TWINS_TRIED: Final = 4
TWINS_KEPT: Final = 2
"""Of one test, at most; those that demand another value come first."""
_PARAMETERS: Final = 10
"""Of a test, with which its twins are run: some suites have thousands."""
_ROUNDS: Final = 4
_DISTURBED: Final = (Outcome.FAILED, Outcome.ERROR)
_OF_ASSERTIONS: Final = ("AssertionError", "Failed")
"""The exceptions of assertions, and of pytest where nothing was raised. Others do not come from what is demanded."""


class Graded(Value, frozen=True, kw_only=True):
    """What a submission is worth."""

    is_resolved: bool
    reward: float
    """The share of FAIL_TO_PASS that passed; 0 where any of PASS_TO_PASS did not, or the report is not believed."""
    reason: str
    is_believed: bool
    """False where the run was tampered with, not just wrong."""
    outcomes: Mapping[str, Outcome]
    left_out: tuple[LeftOut, ...]
    """Changes that were not taken over."""


def grade(
    runtime: Runtime,
    installation: Installation,
    start: Tree,
    changes: Sequence[Change],
    tests: Tests,
    limits: Limits,
    *,
    fail_to_pass: Sequence[str],
    pass_to_pass: Sequence[str] = (),
    twins: Sequence[Twin] = (),
) -> Graded:
    """Run the tests of a task over its start state with a submission's changes to sources."""
    taken, left_out = sources_of(start, changes, installation)
    wanted = [*fail_to_pass, *pass_to_pass]
    report, unbelievable = run_with_twins(
        runtime, installation, with_changes(start, taken), tests, limits, wanted, twins
    )
    outcomes = {test: report.results[test].outcome for test in wanted}
    passed = [test for test in fail_to_pass if outcomes[test] is Outcome.PASSED]
    broken = [test for test in pass_to_pass if outcomes[test] is not Outcome.PASSED]
    is_believed = not unbelievable and not report.problem.startswith("tampered")
    is_complete = is_believed and not report.problem and not broken
    is_resolved = is_complete and len(passed) == len(fail_to_pass) > 0
    if unbelievable:
        reason = f"tampered: {unbelievable[0]} passes whatever it demands"
    elif report.problem:
        reason = report.problem
    elif broken:
        reason = f"{broken[0]}: {outcomes[broken[0]]}"
    else:
        failing = next((test for test in fail_to_pass if outcomes[test] is not Outcome.PASSED), "")
        reason = f"{failing}: {outcomes[failing]}" if failing else "all tests pass"
    return Graded(
        is_resolved=is_resolved,
        reward=len(passed) / len(fail_to_pass) if is_complete and fail_to_pass else 0.0,
        reason=reason,
        is_believed=is_believed,
        outcomes=outcomes,
        left_out=left_out,
    )


def run_with_twins(
    runtime: Runtime,
    installation: Installation,
    tree: Tree,
    tests: Tests,
    limits: Limits,
    ids: Sequence[str],
    twins: Sequence[Twin],
) -> tuple[Report, tuple[str, ...]]:
    """Run tests and their twins; return the report of the tests, and those that passed where a twin did not fail."""
    files, planted = plant(tests.files, twins)
    of = _names(planted, ids)
    pairs = [(test, name) for names in of.values() for test, name in names.items()]
    with_twins = replace(tests, files=files)
    report = run_tests(runtime, installation, tree, with_twins, limits, ids=[*ids, *(twin for _, twin in pairs)])
    unbelievable = [
        test
        for test, twin in pairs
        if report.results[test].outcome is Outcome.PASSED and report.results[twin].outcome is not Outcome.FAILED
    ]
    own = replace(report, results={test: report.results[test] for test in ids})
    return own, tuple(dict.fromkeys(unbelievable)) if not report.problem else ()


def prove_twins(
    runtime: Runtime, installation: Installation, right: Tree, tests: Tests, limits: Limits, ids: Sequence[str]
) -> tuple[tuple[Twin, ...], tuple[str, ...]]:
    """Return twins of the tests that have any, proven on right code, and the tests that have none.

    One is proven where it fails by an assertion, with each of the test's parameters that it is run with. All are run
    together. Where one does not end, or a test does not pass any more, they are run again without its twins, and at
    last without those of its file.
    """
    bases = dict.fromkeys(map(base_of, ids))
    tried = [twin for found in find_twins(tests.files, bases).values() for twin in found[:TWINS_TRIED]]
    for _ in range(_ROUNDS):
        files, planted = plant(tests.files, tried)
        of = {twin: [*names.values()] for twin, names in _names(planted, ids).items()}
        wanted = [*ids, *(name for names in of.values() for name in names)]
        report = run_tests(runtime, installation, right, replace(tests, files=files), limits, ids=wanted)
        disturbed = {base_of(test) for test in ids if report.results[test].outcome in _DISTURBED}
        bad = {twin for twin, names in of.items() if report.unfinished in names or twin.test in disturbed}
        if not bad:
            break
        tried = [twin for twin in tried if twin not in bad]
    places = {test.partition("::")[0] for test in disturbed}
    proven: dict[str, list[Twin]] = {}
    for twin, names in of.items():
        if twin.test.partition("::")[0] in places:
            continue
        if names and all(_fails_as_it_should(report.results[name], twin) for name in names):
            proven.setdefault(twin.test, []).append(twin)
    kept = tuple(twin for found in proven.values() for twin in found[:TWINS_KEPT])
    return kept, tuple(test for test in ids if base_of(test) not in proven)


def steady(reports: Sequence[Report]) -> dict[str, Outcome]:
    """Return what became of each test in all repeats: FLAKY where that differs."""
    tests = dict.fromkeys(test for report in reports for test in report.results)
    outcomes = {
        test: [report.results[test].outcome if test in report.results else Outcome.MISSING for report in reports]
        for test in tests
    }
    return {test: seen[0] if len(set(seen)) == 1 else Outcome.FLAKY for test, seen in outcomes.items()}


def _fails_as_it_should(result: Result, twin: Twin) -> bool:
    return result.outcome is Outcome.FAILED and (twin.raises or result.error in _OF_ASSERTIONS)


def _names(planted: Mapping[Twin, str], ids: Sequence[str]) -> dict[Twin, dict[str, str]]:
    """Return of each twin, for the tests that it is of, the id with the same parameters."""
    tests: dict[str, list[str]] = {}
    for test in ids:
        tests.setdefault(base_of(test), []).append(test)
    return {
        twin: {test: name + test[len(twin.test) :] for test in tests.get(twin.test, [])[:_PARAMETERS]}
        for twin, name in planted.items()
    }
