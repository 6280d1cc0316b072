"""A commit → what tests say of it: which fail before and pass after, and which part of it they need.

new sources, new tests ─ tests of the commit, else tests written from calls ─► fail before, pass after
                       ─ hunks left out as long as these pass ─► the smallest patch
                       ─ all again, three times, in another order ─► steady
                       ─ programs made of the failing tests ─► reports; what none of them tells is not asked for

Tests and sources are brought over the state before the commit, in one environment for both.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from hybridgym.codechanges import CodeChanges, FileState, code_changes
from hybridgym.diffs import changes as changes_between
from hybridgym.diffs import edits_between, make_patch, with_changes
from hybridgym.edits import apply_edits
from hybridgym.errors import UsageError
from hybridgym.languages.python import Python
from hybridgym.parsing import parse_file
from hybridgym.replays import captured_tests
from hybridgym.resolve import definition_id
from hybridgym.runtimes import Limits
from hybridgym.spoilers import words_of_code
from hybridgym.task import Change, Edit, File, Tree
from hybridgym.tasks.base import RepoContext
from hybridgym.tasks.bug_reports import BugReport, Fault, reports_of
from hybridgym.tasks.commits import MAX_REPORTS, Fixed, NotFixed
from hybridgym.tasks.executable import MAX_NEIGHBOURS, MAX_SECONDS, MAX_TESTS, MAX_WITH_TWINS, limits_for, trial_in
from hybridgym.testbeds import SHUFFLE, Testbed, tests_of
from hybridgym.testruns import Outcome, Report, Tests, prove_twins, run_tests, sources_of, steady
from hybridgym.testruns.twins import base_of

LIMITS: Final = Limits(cpu_seconds=120, wall_seconds=180)
"""Of the first runs, before it is known how long tests take."""
MAX_NEIGHBOUR_FILES: Final = 20
"""Files of tests beside those of the commit that are run."""
MAX_RUNS: Final = 24
"""To find the smallest patch."""


def fix_trial(repo: RepoContext, changes: Sequence[Change], knobs: Mapping[str, Any]) -> Fixed | NotFixed:
    """Find out what tests say of a commit's changes; `repo` is the state before it, installed."""
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
    is_captured: bool

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
        trial = trial_in(repo)
        self.trial = trial
        self.setup = trial.tested.setup
        self.testbed: Testbed = trial.testbed
        self.installation = self.testbed.installation(self.setup)
        self.sources = sources_of(self.old, changes, self.installation)[0]
        new = with_changes(self.old, changes)
        of_tests = {*tests_of(self.setup, new).files, *tests_of(self.setup, self.old).files}
        own = {change.path for change in self.sources}
        self.of_tests = [change for change in changes if change.path in of_tests and change.path not in own]

    def fixed(self, *, captures: bool) -> Fixed | NotFixed:
        if not self.sources:
            return NotFixed(reason="no source file that a submission may change")
        right = with_changes(self.old, self.sources)
        outcome: Fixed | NotFixed = NotFixed(reason="it has no tests")
        found = self._own_tests(right)
        if isinstance(found, _Found):
            outcome = self._told(found)
        elif found is not None:
            outcome = found
        if isinstance(outcome, Fixed) or not captures:
            return outcome
        written = self._captured(right)
        if isinstance(written, _Found):
            told = self._told(written)
            return told if isinstance(told, Fixed) or not outcome.is_discriminating else outcome
        return outcome if self.of_tests else written

    # Which tests

    def _own_tests(self, right: Tree) -> _Found | NotFixed | None:
        """Find the tests of the commit that fail before and pass after; None where it has no tests."""
        files = [c.path for c in self.of_tests if c.after is not None and _is_test_module(c.path)]
        if not files:
            return None
        tree = with_changes(right, self.of_tests)
        tests = tests_of(self.setup, tree)
        after = self._run(right, msgspec.structs.replace(tests, paths=tuple(files)))
        ids = _passed(after)
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
        return _Found(tests, tree, tuple(chosen), tuple(others), before, seconds, is_captured=False)

    def _captured(self, right: Tree) -> _Found | NotFixed:
        """Write tests from the calls that other tests make of what was edited."""
        changed = {path: _code_changes(path, self.old, right) for path in _paths(self.sources)}
        edited = [definition_id(path, d) for path, one in changed.items() for d in one.edited]
        written = captured_tests(self.testbed, self.setup, self.old, right, edited)
        if isinstance(written, str):
            return NotFixed(reason="no tests can be written for it", detail=written)
        self.of_tests = [Change(path=written.path, before=None, after=File(written.text.encode()))]
        tree = with_changes(right, self.of_tests)
        tests = tests_of(self.setup, tree)
        after = self._run(right, msgspec.structs.replace(tests, paths=(written.path,)))
        before = self._run(self.old, tests, (*written.fail_to_pass, *written.pass_to_pass))
        found = self._with_neighbours(tree, tests, written.fail_to_pass, after, before)
        return found._replace(is_captured=True)

    def _importing(self) -> list[str]:
        """Return the files of tests that import what the commit changes, sorted."""
        changed, graph = set(_paths(self.sources)), self.repo.graph
        return [p for p in sorted(graph.files) if _is_test_module(p) and changed & set(graph.imported(p))]

    # What is needed of it, and what can be said

    def _told(self, found: _Found) -> Fixed | NotFixed:
        """Return what is known of the commit by some tests, or why that does not do for a task."""

        def failed(reason: str, detail: str = "") -> NotFixed:
            return NotFixed(reason=reason, detail=detail, is_discriminating=True)

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
        changed = {path: _code_changes(path, self.old, right) for path in _changed_paths(self.old, right)}
        targets = [definition_id(p, d) for p, one in changed.items() for d in (*one.edited, *one.added)]
        edited = [definition_id(p, d) for p, one in changed.items() for d in (*one.edited, *one.deleted)]
        public = frozenset(
            _new_names(self.old, right) & {n for t in failing for n in _names_in_test(found.tree, base_of(t))}
        )
        reports = reports_of(
            self.trial,
            with_changes(right, self.of_tests),
            self.old,
            failing,
            before[0],
            Fault(names=_names(targets), paths=tuple(changed), public=public),
            most=MAX_REPORTS,
        )
        if isinstance(reports, str):
            return failed(reports)
        told = {report.test for report in reports}
        asked = tuple(sorted(test for test in failing if base_of(test) in told))
        unsaid = _unsaid(self.old, right, found.tree, reports)
        if unsaid:
            return failed("its tests ask for names that its reports do not say", ", ".join(unsaid))
        bases = set(sorted({base_of(test) for test in asked})[:MAX_WITH_TWINS])
        some = [test for test in (*asked, *passing) if base_of(test) in bases]
        twins, _ = prove_twins(self.testbed.runtime, self.installation, right, found.tests, limits, some)
        changes = changes_between(self.old, right)
        return Fixed(
            setup=self.setup,
            patch=make_patch(changes),
            test_patch=make_patch(changes_between(self.old, with_changes(self.old, self.of_tests))),
            fail_to_pass=asked,
            pass_to_pass=tuple(sorted(passing)),
            twins=twins,
            seconds=sum(found.seconds.get(test, 0) for test in (*asked, *passing)),
            reports=reports,
            targets=tuple(sorted(targets)),
            edited=tuple(sorted(edited)),
            changes_module=any(one.statements for one in changed.values()),
            hunks=len(_units(self.old, changes)),
            is_captured=found.is_captured,
            flaky=len(flaky),
            untold=len(failing) - len(asked),
        )

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


def _names(ids: Iterable[str]) -> tuple[str, ...]:
    """Return the last names of definitions."""
    return tuple(dict.fromkeys(i.partition("::")[2].partition("#")[0].rpartition(".")[2] for i in ids))


def _unsaid(old: Tree, right: Tree, tests: Tree, reports: Sequence[BugReport]) -> list[str]:
    """Return the names that are new, that tests use, and that no report says: nobody could know them."""
    new = _new_names(old, right)
    said = {name for report in reports for text in report[:3] for name in words_of_code(text)}
    asked = {name for report in reports for name in _names_in_test(tests, report.test)}
    return sorted(asked & new - said)


def _new_names(old: Tree, right: Tree) -> set[str]:
    """Return the words of changed files that no source file had before."""
    changed = [path for path in _changed_paths(old, right) if path in right]
    now = {name for path in changed for name in _words(right[path].data)}
    return now - {name for path, file in old.items() if path.endswith(".py") for name in _words(file.data)}


def _words(data: bytes) -> frozenset[str]:
    return words_of_code(data.decode(errors="replace"))


def _names_in_test(files: Tree, test: str) -> set[str]:
    """Return the identifiers in a test function, and those that its module imports."""
    path, _, rest = test.partition("::")
    try:
        nodes: list[ast.AST] = list(ast.parse(files[path].data).body)
    except (SyntaxError, ValueError, KeyError, RecursionError):
        return set()
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    found: list[ast.AST] = []
    for name in rest.split("::"):
        found = [node for node in nodes if getattr(node, "name", "") == name]
        nodes = [inner for node in found for inner in getattr(node, "body", [])]
    return {name for node in (*imports, *found) for name in _identifiers(node)}


def _identifiers(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        for field in ("id", "attr", "arg", "name"):
            value = getattr(inner, field, None)
            if isinstance(value, str):
                yield from value.split(".")


def _is_test_module(path: str) -> bool:
    return path.endswith(".py") and Python.is_test(path)


def _passed(report: Report) -> list[str]:
    return [test for test, result in report.results.items() if result.outcome is Outcome.PASSED]


def _said(report: Report) -> str:
    """Return the end of what is known of tests of which none passes."""
    texts = [*report.collection_errors.values(), *(result.message for result in report.results.values())]
    return " ".join(next(filter(None, texts), "").split())[-300:]


def _quickest(tests: Iterable[str], seconds: Mapping[str, float]) -> list[str]:
    return sorted(tests, key=lambda test: (round(seconds.get(test, 0), 1), test))


def _paths(changes: Sequence[Change]) -> list[str]:
    return [change.path for change in changes]


def _changed_paths(old: Tree, right: Tree) -> list[str]:
    return _paths(changes_between(old, right))
