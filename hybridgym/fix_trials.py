"""A commit → what tests say of it: which fail before and pass after, and which part of it they need.

new sources, new tests ─ tests of the commit, else tests written from calls ─► fail before, pass after
                       ─ hunks left out as long as these pass ─► the smallest patch
                       ─ all again, three times, in another order ─► steady
                       ─ programs made of the failing tests ─► reports; what none of them tells is not asked for

Tests and sources are brought over the state before the commit, in one environment for both.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from hybridgym.codechanges import CodeChanges, FileState, code_changes
from hybridgym.diffs import changes as changes_between
from hybridgym.diffs import edits_between, make_patch, with_changes
from hybridgym.edits import apply_edits
from hybridgym.errors import UsageError
from hybridgym.facts import Definition
from hybridgym.fix_texts import issue_of, names_in_test, new_names, tests_of_fix
from hybridgym.languages.python import Python
from hybridgym.llm import NoAnswer
from hybridgym.parsing import parse_file
from hybridgym.replays import captured_tests
from hybridgym.resolve import definition_id
from hybridgym.runtimes import Limits
from hybridgym.spoilers import words_of_code
from hybridgym.task import Change, Edit, File, Tree
from hybridgym.tasks.base import RepoContext
from hybridgym.tasks.bug_reports import BugReport, Fault, reports_of
from hybridgym.tasks.commits import MAX_REPORTS, Fixed, NotFixed, TestsBy, names_of
from hybridgym.tasks.executable import MAX_NEIGHBOURS, MAX_SECONDS, MAX_TESTS, MAX_WITH_TWINS, limits_for, trial_in
from hybridgym.testbeds import SHUFFLE, Testbed, tests_of
from hybridgym.testruns import Outcome, Report, Tests, prove_twins, run_tests, sources_of, steady
from hybridgym.testruns.twins import base_of
from hybridgym.writing import MAX_TESTS as MAX_SHOWN

LIMITS: Final = Limits(cpu_seconds=120, wall_seconds=180)
"""Of the first runs, before it is known how long tests take."""
MAX_NEIGHBOUR_FILES: Final = 20
"""Files of tests beside those of the commit that are run."""
MAX_RUNS: Final = 24
"""To find the smallest patch."""


def fix_trial(repo: RepoContext, changes: Sequence[Change], knobs: Mapping[str, Any]) -> Fixed | NotFixed:
    """Find out what tests say of a commit's changes; `repo` is the state before it, installed.

    Where it has a language model, that writes the issue, and tests where there are no others.
    """
    try:
        return _Trial(repo, changes).fixed(captures=knobs["captured"])
    except UsageError as error:
        # Patches are made of text.
        return NotFixed(reason="it changes what is not text", detail=str(error))


class _Found(NamedTuple):
    """Tests that tell the state before from the state after."""

    tests: Tests
    tree: Tree
    """The state after, with the tests."""
    failing: tuple[str, ...]
    passing: tuple[str, ...]
    """In both states."""
    before: Report
    seconds: dict[str, float]
    tests_by: TestsBy = TestsBy.COMMIT

    @property
    def ids(self) -> tuple[str, ...]:
        return (*self.failing, *self.passing)


class _Unit(NamedTuple):
    """A part of a patch that can be left out by itself: a hunk, or a file."""

    path: str
    edit: Edit | None
    """None for a file that is added or deleted."""


class _Trial:
    def __init__(self, repo: RepoContext, changes: Sequence[Change]) -> None:
        self.repo = repo
        self.old = repo.files
        self.model = repo.describer
        trial = trial_in(repo)
        self.trial = trial
        self.setup = trial.tested.setup
        self.testbed: Testbed = trial.testbed
        self.installation = self.testbed.installation(self.setup)
        self.sources = sources_of(self.old, changes, self.installation)[0]
        new = with_changes(self.old, changes)
        of_tests = {*tests_of(self.setup, new).files, *tests_of(self.setup, self.old).files}
        own = {change.path for change in self.sources}
        self.own_tests = [change for change in changes if change.path in of_tests and change.path not in own]
        self.of_tests = self.own_tests
        """What is brought over both states: the commit's own tests, or those that are written instead."""

    def fixed(self, *, captures: bool) -> Fixed | NotFixed:
        if not self.sources:
            return NotFixed(reason="no source file that a submission may change")
        right = with_changes(self.old, self.sources)
        ways: list[Callable[[Tree], _Found | NotFixed]] = [self._own_tests]
        ways += [self._captured] if captures else []
        ways += [self._by_model] if self.model is not None else []
        failures: list[NotFixed] = []
        for way in ways:
            found = way(right)
            outcome = self._told(found) if isinstance(found, _Found) else found
            if isinstance(outcome, Fixed):
                return outcome
            failures.append(outcome)
        # What came nearest says most; where nothing came near, what is said of the commit's own tests.
        nearest = next((failure for failure in failures if failure.is_discriminating), failures[0])
        others = [f"{one.reason}: {one.detail}" for one in failures if one is not nearest]
        return msgspec.structs.replace(nearest, detail="; ".join(filter(None, [nearest.detail, *others])))

    # Which tests

    def _own_tests(self, right: Tree) -> _Found | NotFixed:
        """Find the tests of the commit that fail before and pass after."""
        files = [c.path for c in self.of_tests if c.after is not None and _is_test_module(c.path)]
        if not files:
            return NotFixed(reason="it has no tests")
        tree = with_changes(right, self.of_tests)
        tests = tests_of(self.setup, tree)
        after = self._run(right, msgspec.structs.replace(tests, paths=tuple(files)))
        ids = _passed(after)
        if not after.results and not after.collection_errors:
            return NotFixed(reason="its tests cannot be run", detail=after.problem or _end_of(after.output))
        if not ids:
            return NotFixed(reason="its tests do not pass after it", detail=after.problem or _said(after))
        before = self._run(self.old, tests, ids)
        if before.problem:
            return NotFixed(reason="its tests do not come to an end before it", detail=before.problem)
        failing = [test for test in ids if before.results[test].outcome is not Outcome.PASSED]
        if not failing:
            return NotFixed(reason="its tests pass before it too")
        return self._with_neighbours(tree, tests, failing, after, before)

    def _with_neighbours(
        self, tree: Tree, tests: Tests, failing: Sequence[str], after: Report, before: Report
    ) -> _Found:
        """Add tests that pass in both states: of the same files, and of those that import what is changed."""
        done = {test.partition("::")[0] for test in after.results}
        near = [path for path in self._importing() if path not in done and path in tests.files]
        right = with_changes(self.old, self.sources)
        seconds = {test: result.seconds for test, result in after.results.items()}
        passing = [test for test in _passed(after) if before.results[test].outcome is Outcome.PASSED]
        if near:
            more = self._run(right, msgspec.structs.replace(tests, paths=tuple(near[:MAX_NEIGHBOUR_FILES])))
            seconds |= {test: result.seconds for test, result in more.results.items()}
            passing += _passed(more)
        chosen: list[str] = []
        others: list[str] = []
        taken = 0.0
        for test in _quickest(failing, seconds)[:MAX_TESTS]:
            if not chosen or taken + seconds.get(test, 0) <= MAX_SECONDS:
                chosen.append(test)
                taken += seconds.get(test, 0)
        for test in _quickest(set(passing) - set(failing), seconds)[: MAX_TESTS + MAX_NEIGHBOURS]:
            if taken + seconds.get(test, 0) <= MAX_SECONDS:
                others.append(test)
                taken += seconds.get(test, 0)
        return _Found(tests, tree, tuple(chosen), tuple(others), before, seconds)

    def _captured(self, right: Tree) -> _Found | NotFixed:
        """Write tests from the calls that tests, the commit's own too, make of what was edited."""
        edited = _ids({path: one.edited for path, one in self._changed(right).items()})
        before, after = (with_changes(tree, self.own_tests) for tree in (self.old, right))
        written = captured_tests(self.testbed, self.setup, before, after, edited)
        if isinstance(written, str):
            return NotFixed(reason="no tests can be written for it", detail=written)
        found = self._added(written.path, written.text, TestsBy.CALLS)
        return found or NotFixed(reason="no tests can be written for it", detail="they tell nothing when run again")

    def _by_model(self, right: Tree) -> _Found | NotFixed:
        """Have a language model write tests; one module of them has to tell the states apart."""
        assert self.model is not None
        examples = [base_of(test) for test in self._examples()]
        modules = tests_of_fix(self.model, self.setup.name, self.old, right, examples)
        if isinstance(modules, NoAnswer):
            return NotFixed(reason="no tests can be written for it", detail=modules.reason)
        for text in modules:
            name = hashlib.sha256(text.encode()).hexdigest()[:8]
            found = self._added(f"{self.setup.test_roots[0]}/test_change_{name}.py", text, TestsBy.MODEL)
            if found is not None:
                return found
        return NotFixed(reason="no tests can be written for it", detail=f"none of {len(modules)} modules tells")

    def _added(self, path: str, text: str, tests_by: TestsBy) -> _Found | None:
        """Return what a new file of tests tells; None where it tells nothing."""
        right = with_changes(self.old, self.sources)
        self.of_tests = [Change(path=path, before=None, after=File(text.encode()))]
        tree = with_changes(right, self.of_tests)
        tests = tests_of(self.setup, tree)
        after = self._run(right, msgspec.structs.replace(tests, paths=(path,)))
        ids = _passed(after)
        if not ids:
            return None
        before = self._run(self.old, tests, ids)
        failing = [test for test in ids if before.results[test].outcome is not Outcome.PASSED]
        if before.problem or not failing:
            return None
        return self._with_neighbours(tree, tests, failing, after, before)._replace(tests_by=tests_by)

    def _examples(self) -> list[str]:
        """Return tests of the state before that import what the commit changes."""
        found: list[str] = []
        for path in self._importing()[:1]:
            functions = self.repo.graph.files[path].definitions
            found += [f"{path}::{d.qualname.replace('.', '::')}" for d in functions if d.name.startswith("test")]
        return found

    def _importing(self) -> list[str]:
        """Return the files of tests that import what the commit changes, sorted."""
        changed, graph = set(_paths(self.sources)), self.repo.graph
        return [p for p in sorted(graph.files) if _is_test_module(p) and changed & set(graph.imported(p))]

    # What is needed of it, and what can be said

    def _told(self, found: _Found) -> Fixed | NotFixed:
        """Return what is known of the commit by some tests, or why that does not do for a task."""

        def failed(reason: str, detail: str = "") -> NotFixed:
            return NotFixed(reason=reason, detail=detail, is_discriminating=True)

        reports = self._reports(found)
        if isinstance(reports, str) and self.model is None:
            return failed(reports)
        shown = [] if isinstance(reports, str) else list(reports)
        told = {report.test for report in shown}
        if self.model is not None:
            told |= set(list(dict.fromkeys(map(base_of, found.failing)))[:MAX_SHOWN])
        found = found._replace(failing=tuple(test for test in found.failing if base_of(test) in told))
        right = self._smallest(found)
        limits = limits_for(sum(found.seconds.get(test, 0) for test in found.ids))
        after = [
            run_tests(self.testbed.runtime, self.installation, right, found.tests, limits, ids=found.ids, shuffle=seed)
            for seed in (None, None, SHUFFLE)
        ]
        before = [
            run_tests(self.testbed.runtime, self.installation, self.old, found.tests, limits, ids=found.ids)
            for _ in range(3)
        ]
        ended = next((report.problem for report in (*after, *before) if report.problem), "")
        if ended:
            return failed("its tests do not come to an end", ended)
        good, bad = steady(after), steady(before)
        flaky = [test for test in found.ids if Outcome.FLAKY in (good[test], bad[test])]
        failing = [t for t in found.failing if t not in flaky and good[t] is Outcome.PASSED is not bad[t]]
        passing = [t for t in found.passing if t not in flaky and good[t] is Outcome.PASSED is bad[t]]
        if not failing:
            return failed("its tests are flaky", flaky[0] if flaky else "")
        bases = list(dict.fromkeys(map(base_of, failing)))
        shown = [report for report in shown if report.test in bases]
        issue = ""
        if self.model is not None:
            tests = with_changes(right, self.of_tests)
            written = issue_of(self.model, self.setup.name, self.old, right, tests, shown, bases, before[0])
            if isinstance(written, NoAnswer):
                return failed("no issue can be written for it", written.reason)
            issue = written
        said = {name for text in (issue, *(t for r in shown for t in r[:3])) for name in words_of_code(text)}
        asked_for = {name for test in bases for name in names_in_test(found.tree, test)}
        unsaid = sorted((asked_for & new_names(self.old, right)) - said)
        if unsaid:
            return failed("its tests ask for names that its reports do not say", ", ".join(unsaid))
        with_twins = set(bases[:MAX_WITH_TWINS])
        some = [test for test in (*failing, *passing) if base_of(test) in with_twins]
        twins, _ = prove_twins(self.testbed.runtime, self.installation, right, found.tests, limits, some)
        changes = changes_between(self.old, right)
        changed = self._changed(right)
        return Fixed(
            setup=self.setup,
            patch=make_patch(changes),
            test_patch=make_patch(changes_between(self.old, with_changes(self.old, self.of_tests))),
            fail_to_pass=tuple(sorted(failing)),
            pass_to_pass=tuple(sorted(passing)),
            twins=twins,
            seconds=sum(found.seconds.get(test, 0) for test in (*failing, *passing)),
            reports=tuple(shown),
            issue=issue,
            targets=tuple(sorted(definition_id(p, d) for p, one in changed.items() for d in (*one.edited, *one.added))),
            edited=tuple(
                sorted(definition_id(p, d) for p, one in changed.items() for d in (*one.edited, *one.deleted))
            ),
            changes_module=any(one.statements for one in changed.values()),
            hunks=len(_units(self.old, changes)),
            tests_by=found.tests_by,
            flaky=len(flaky),
        )

    def _reports(self, found: _Found) -> tuple[BugReport, ...] | str:
        """Make programs of the failing tests that show what the commit does."""
        right = with_changes(self.old, self.sources)
        changed = self._changed(right)
        targets = _ids({path: (*one.edited, *one.added) for path, one in changed.items()})
        asked_for = {name for test in found.failing for name in names_in_test(found.tree, test)}
        public = new_names(self.old, right) & asked_for
        fault = Fault(names=names_of(targets), paths=tuple(changed), public=public)
        tests = with_changes(right, self.of_tests)
        return reports_of(self.trial, tests, self.old, found.failing, found.before, fault, most=MAX_REPORTS)

    def _changed(self, right: Tree) -> dict[str, CodeChanges]:
        """Return how the code of each changed file differs."""
        return {path: _code_changes(path, self.old, right) for path in _changed_paths(self.old, right)}

    def _smallest(self, found: _Found) -> Tree:
        """Leave out files and hunks as long as the tests pass without."""
        kept = _units(self.old, self.sources)
        left = MAX_RUNS
        for path in sorted({unit.path for unit in kept}):
            others = [unit for unit in kept if unit.path != path]
            if others and left and self._passes(others, found):
                kept = others
            left -= 1
        for unit in list(kept):
            others = [other for other in kept if other != unit]
            if others and left > 0 and self._passes(others, found):
                kept = others
            left -= 1
        return self._made(kept)

    def _made(self, units: Sequence[_Unit]) -> Tree:
        whole = {unit.path for unit in units if unit.edit is None}
        tree = with_changes(self.old, [change for change in self.sources if change.path in whole])
        return apply_edits(tree, [unit.edit for unit in units if unit.edit is not None])

    def _passes(self, units: Sequence[_Unit], found: _Found) -> bool:
        tests = msgspec.structs.replace(found.tests, options=("--exitfirst",))
        limits = limits_for(sum(found.seconds.get(test, 0) for test in found.ids))
        tree, ids = self._made(units), found.ids
        report = run_tests(self.testbed.runtime, self.installation, tree, tests, limits, ids=ids)
        return not report.problem and all(r.outcome is Outcome.PASSED for r in report.results.values())

    def _run(self, tree: Tree, tests: Tests, ids: Sequence[str] | None = None) -> Report:
        return run_tests(self.testbed.runtime, self.installation, tree, tests, LIMITS, ids=ids)


def _units(old: Tree, changes: Sequence[Change]) -> list[_Unit]:
    units: list[_Unit] = []
    for change in changes:
        if change.before is None or change.after is None or change.before.mode != change.after.mode:
            units.append(_Unit(change.path, None))
        else:
            edits = edits_between(change.path, change.before.data, change.after.data)
            units += [_Unit(change.path, edit) for edit in edits]
    return units


def _code_changes(path: str, old: Tree, right: Tree) -> CodeChanges:
    return code_changes(Python, _file_state(path, old), _file_state(path, right))


def _file_state(path: str, tree: Tree) -> FileState:
    if path not in tree:
        return FileState()
    return FileState(tree[path].data, parse_file(Python, tree[path].data).definitions)


def _ids(definitions: Mapping[str, Iterable[Definition]]) -> list[str]:
    """Return the ids of definitions by path."""
    return [definition_id(path, definition) for path, found in definitions.items() for definition in found]


def _is_test_module(path: str) -> bool:
    return path.endswith(".py") and Python.is_test(path)


def _passed(report: Report) -> list[str]:
    return [test for test, result in report.results.items() if result.outcome is Outcome.PASSED]


def _said(report: Report) -> str:
    """Return the end of what is known of tests of which none passes."""
    texts = [*report.collection_errors.values(), *(result.message for result in report.results.values())]
    return _end_of(next(filter(None, texts), "").encode())


def _end_of(output: bytes) -> str:
    return " ".join(output.decode(errors="replace").split())[-300:]


def _quickest(tests: Iterable[str], seconds: Mapping[str, float]) -> list[str]:
    return sorted(tests, key=lambda test: (round(seconds.get(test, 0), 1), test))


def _paths(changes: Sequence[Change]) -> list[str]:
    return [change.path for change in changes]


def _changed_paths(old: Tree, right: Tree) -> list[str]:
    return _paths(changes_between(old, right))
