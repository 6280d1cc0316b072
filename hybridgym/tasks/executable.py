"""What task kinds share that are graded by a repository's tests."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import msgspec

from hybridgym.bugs import bugs_in
from hybridgym.diffs import changes as changes_between
from hybridgym.diffs import with_changes
from hybridgym.edits import apply_edits
from hybridgym.errors import UsageError
from hybridgym.facts import Definition, Kind, Span
from hybridgym.languages.python import Python
from hybridgym.parsing import parse_file
from hybridgym.resolve import definition_id
from hybridgym.runtimes import Limits
from hybridgym.task import Candidate, Change, Edit, File, Rejection, Status, Task, Tree, Value, Verdict
from hybridgym.tasks.base import NearMiss, RepoContext, TaskKind, Trial, source_language, tampered
from hybridgym.testbeds import Setup, tests_of
from hybridgym.testruns import Outcome, Report, Twin, grade, prove_twins, run_tests, sources_of
from hybridgym.testruns.twins import base_of

if TYPE_CHECKING:
    from hybridgym.render import Template
    from hybridgym.testbeds import Testbed
    from hybridgym.testruns import Tests

MAX_TESTS = 80
"""Of those that run a target: the fastest."""
MAX_NEIGHBOURS = 40
"""Tests that do not run the target, but something in the same file."""
MAX_WITH_TWINS = 40
"""Tests, parameters not counted, for which twins are looked for."""
MAX_SECONDS = 20
"""That a task's tests may take together: before it is a task, they are run some sixteen times."""
SKIPS: Final = "__import__('pytest').skip('later')"
"""A statement with which a test is skipped that runs it."""
START_OF_MUTANT = 10
"""Seconds of processor time that a wrong version may take to start; some of them run for ever."""


class TestedAnswer(Value, frozen=True, kw_only=True):
    """What the row's `answer` holds."""

    __test__ = False  # Not what pytest collects.

    targets: tuple[str, ...]
    """Ids of the definitions that are to change."""
    setup: Setup
    twins: tuple[Twin, ...] = ()
    """Assertions that make must-fail twins of tests; their names and values are made when they run."""
    seconds: float
    """That the tests take: what limits are set by."""
    mutants: int = 0
    """How many wrong versions the tests are measured with."""
    wrong: tuple[Edit, ...] = ()
    """Edits of the source that make another wrong version: a near miss."""
    commit: str = ""
    """The commit that the task is made of, if it is made of one."""


class Around(NamedTuple):
    """What is run to see what becomes of a state of a repository: tests that pass in the source."""

    ids: tuple[str, ...]
    seconds: float
    """That they take."""

    def run(self, repo: RepoContext, tree: Tree) -> Report:
        """Run the tests over a state."""
        trial = trial_in(repo)
        setup, testbed = trial.tested.setup, trial.testbed
        tests, installation = tests_of(setup, repo.files), testbed.installation(setup)
        return run_tests(testbed.runtime, installation, tree, tests, limits_for(self.seconds), ids=self.ids)

    def failing(self, report: Report) -> tuple[str, ...]:
        """Return the tests that did not pass."""
        return tuple(sorted(test for test in self.ids if report.results[test].outcome is not Outcome.PASSED))


class ExecutableKind(TaskKind):
    """Graded by tests: FAIL_TO_PASS gives the reward, as long as PASS_TO_PASS passes."""

    needs_tests = True
    repeats = 3

    def __init__(self) -> None:
        self._testbed: Testbed | None = None

    def on(self, testbed: Testbed) -> Self:
        bound = copy.copy(self)
        bound._testbed = testbed
        return bound

    def candidates(self, repo: RepoContext, template: Template) -> Iterator[Candidate | Rejection]:
        for key in self.select(repo, template):
            if source_language(key.path) is Python:
                yield self.candidate(repo, key, template)

    def gold(self, candidate: Candidate, source: Tree, start: Tree) -> Tree:
        return source

    def running(self, repo: RepoContext, target: str) -> list[str] | Rejection:
        """Return the passing tests that run a definition, or that there are none."""
        reason = "its repository's tests do not run"
        if repo.trial is not None:
            tested, reason = repo.trial.tested, "no test that passes runs it"
            if found := [test for test in tested.passing if target in tested.ran.get(test, ())]:
                return found
        return Rejection(repo=repo.repo, stage=self.name, reason=reason, subject=target)

    def forbidden(self, task: Task, start: Tree, changes: Sequence[Change]) -> str:
        """Say which of the changes that are taken over the task does not allow; empty where there is none."""
        return ""

    def check(self, task: Task, start: Tree, changes: Sequence[Change]) -> Verdict:
        answer, testbed = answer_of(task), self._bound()
        installation = testbed.installation(answer.setup)
        problem = self.forbidden(task, start, sources_of(start, changes, installation)[0])
        if problem:
            return tampered(task, problem)
        graded = grade(
            testbed.runtime,
            installation,
            start,
            changes,
            self.tests(task, start),
            limits_for(answer.seconds),
            fail_to_pass=task.FAIL_TO_PASS,
            pass_to_pass=task.PASS_TO_PASS,
            twins=answer.twins,
        )
        status = Status.RESOLVED if graded.is_resolved else Status.UNRESOLVED
        details = {
            "failing": [test for test, outcome in graded.outcomes.items() if outcome is not Outcome.PASSED],
            "left_out": [f"{left.path}: {left.reason}" for left in graded.left_out],
        }
        return Verdict(
            instance_id=task.instance_id,
            status=status if graded.is_believed else Status.TAMPERED,
            reward=round(graded.reward, 4),
            reason=graded.reason,
            details=details,
        )

    def check_knobs(self, knobs: Mapping[str, Any]) -> None:
        for name, expected, is_good in (
            ("min_mutation_score", "0 to 1", 0 <= knobs["min_mutation_score"] <= 1),
            ("mutants", "1 or more", knobs["mutants"] >= 1),
        ):
            if not is_good:
                message = f"{self.name}.{name}: expected {expected}, found {knobs[name]!r}"
                raise UsageError(message)

    def measuring(self, task: Task) -> tuple[str, ...]:
        """Return the tests of which one has to fail with a wrong version."""
        return task.FAIL_TO_PASS

    def tests(self, task: Task, tree: Tree) -> Tests:
        """Return the tests that grade a task, over a state that nobody else has changed."""
        return tests_of(answer_of(task).setup, tree)

    def wrong_versions(self, task: Task, start: Tree, right: Tree) -> Iterator[Tree]:
        """Yield states that tests should tell from the right one."""
        for target in answer_of(task).targets:
            for edit in bugs_of(right, target):
                yield apply_edits(right, [edit])

    def measured(self, task: Task, start: Tree, gold: Sequence[Change]) -> dict[str, float | int]:
        answer = answer_of(task)
        right = with_changes(start, gold)
        wrong = (tree for tree in self.wrong_versions(task, start, right) if tree != start)
        mutants = killed = 0
        for tree in islice(wrong, answer.mutants):
            mutants += 1
            outcomes = self._outcomes(task, tree, self.measuring(task), self.tests(task, start))
            killed += any(outcome is not Outcome.PASSED for outcome in outcomes.values())
        with_twins = {twin.test for twin in answer.twins}
        without = sum(base_of(test) not in with_twins for test in task.FAIL_TO_PASS)
        score = round(killed / mutants, 4) if mutants else 0.0
        return {"mutants": mutants, "mutants_killed": killed, "mutation_score": score, "tests_without_twins": without}

    def shortcoming(self, measured: Mapping[str, float | int], knobs: Mapping[str, Any]) -> tuple[str, str] | None:
        if not measured["mutants"]:
            return "nothing to measure its tests with", "no operator makes a wrong version of it"
        if measured["mutation_score"] < knobs["min_mutation_score"]:
            killed = f"{measured['mutants_killed']} of {measured['mutants']} wrong versions fail"
            return "its tests do not tell right from wrong", killed
        return None

    def tried(self, candidate: Candidate, repo: RepoContext) -> Candidate | Rejection:
        """Find out which tests fail in the start state of a candidate and pass in the source."""
        around = around_of(repo, candidate.targets)
        report = around.run(repo, apply_edits(repo.files, candidate.start_edits))
        if report.problem:
            return self.rejected(candidate, repo, "its tests do not come to an end", report.problem)
        failing = around.failing(report)
        if not failing:
            return self.rejected(candidate, repo, "no test fails without it")
        return self.answered(candidate, repo, around, failing)

    def answered(
        self,
        candidate: Candidate,
        repo: RepoContext,
        around: Around,
        failing: tuple[str, ...],
        wrong: tuple[Edit, ...] = (),
    ) -> Candidate:
        """Return a candidate with its tests and their twins."""
        trial = trial_in(repo)
        bases = set(sorted({base_of(test) for test in failing})[:MAX_WITH_TWINS])
        # All parameters of a test: its twin runs with each of them.
        some = [test for test in around.ids if base_of(test) in bases]
        setup, testbed, limits = trial.tested.setup, trial.testbed, limits_for(around.seconds)
        tests, installation = tests_of(setup, repo.files), testbed.installation(setup)
        twins, _ = prove_twins(testbed.runtime, installation, repo.files, tests, limits, some)
        answer = TestedAnswer(
            targets=candidate.targets,
            setup=setup,
            twins=twins,
            seconds=round(around.seconds, 1),
            mutants=candidate.knobs["mutants"],
            wrong=wrong,
        )
        return msgspec.structs.replace(
            candidate,
            answer=msgspec.to_builtins(answer),
            fail_to_pass=failing,
            pass_to_pass=tuple(sorted(set(around.ids) - set(failing))),
            difficulty={**candidate.difficulty, "fail_to_pass": len(failing), "tests": len(around.ids)},
        )

    def rejected(self, candidate: Candidate, repo: RepoContext, reason: str, detail: str = "") -> Rejection:
        """Say why a candidate gives no task."""
        subject = " ".join(candidate.targets)
        return Rejection(repo=repo.repo, stage=self.name, reason=reason, subject=subject, detail=detail)

    def _bound(self) -> Testbed:
        assert self._testbed is not None, f"{self.name} is not bound to a testbed"
        return self._testbed

    def _outcomes(self, task: Task, tree: Tree, ids: Sequence[str], tests: Tests) -> dict[str, Outcome]:
        """Run tests until one fails."""
        testbed, answer = self._bound(), answer_of(task)
        tests = msgspec.structs.replace(tests, options=("--exitfirst",))
        limits = limits_for(answer.seconds, START_OF_MUTANT)
        report = run_tests(testbed.runtime, testbed.installation(answer.setup), tree, tests, limits, ids=ids)
        return {test: result.outcome for test, result in report.results.items()}

    def leak(self, task: Task, start: Tree, gold: Sequence[Change]) -> str:
        answer, right = answer_of(task), with_changes(start, gold)
        bodies = [body_of(right, target) for target in answer.targets]
        functions = [data[body.start : body.end] for _, data, body in bodies]
        return self._bound().copy_of(answer.setup, [data for _, data, _ in bodies], functions)


def answer_of(task: Task) -> TestedAnswer:
    """Return the answer of a row."""
    return msgspec.convert(task.answer, TestedAnswer)


def limits_for(seconds: float, start: float = 30) -> Limits:
    """Return the limits of a run of tests that take so long, after the start, where all is well."""
    allowed = start + 5 * seconds
    return Limits(cpu_seconds=allowed, wall_seconds=2 * allowed)


def body_of(tree: Tree, target: str) -> tuple[str, bytes, Span]:
    """Return the path, the file's content and the part of it that is a definition without its documentation."""
    path = target.partition("::")[0]
    return path, tree[path].data, definition_of(tree, target).code


def definition_of(tree: Tree, target: str) -> Definition:
    """Return the definition that has an id."""
    path = target.partition("::")[0]
    found = parse_file(source_language(path), tree[path].data).definitions
    return next(d for d in found if definition_id(path, d) == target)


def is_defined(tree: Tree, target: str) -> bool:
    """Say whether a tree has a definition of that id."""
    path = target.partition("::")[0]
    if path not in tree:
        return False
    return any(definition_id(path, d) == target for d in parse_file(source_language(path), tree[path].data).definitions)


def edit_of_neighbour(tree: Tree, path: str, targets: Sequence[str]) -> Edit | None:
    """Return an edit in another function of a file."""
    for definition in parse_file(source_language(path), tree[path].data).definitions:
        name = definition_id(path, definition)
        related = any(name == t or name.startswith(f"{t}.") or t.startswith(f"{name}.") for t in targets)
        found = None if related or definition.kind is Kind.CLASS else next(bugs_of(tree, name), None)
        if found is not None:
            return found
    return None


def bugs_of(tree: Tree, target: str) -> Iterator[Edit]:
    """Yield the bugs of a function with which its file still parses."""
    path, data, body = body_of(tree, target)
    language = source_language(path)
    for bug in bugs_in(language.name, data, body):
        if "error" not in parse_file(language, bug.applied(data)).flags:
            digest = hashlib.sha256(data[bug.start : bug.end]).hexdigest()
            yield Edit(path=path, start=bug.start, end=bug.end, old_sha256=digest, new=bug.new)


def careless(start: Tree, target: str, targets: Sequence[str]) -> Iterator[NearMiss]:
    """Yield the near misses that skip what runs a target, and that edit a neighbour of the targets."""
    path, data, body = body_of(start, target)
    first = first_statement(data, body.start)
    skipping = File(data[:first] + SKIPS.encode() + data[body.end :], start[path].mode)
    yield NearMiss(name="skips", changes=changes_between(start, {**start, path: skipping}))
    neighbour = edit_of_neighbour(start, path, targets)
    if neighbour is not None:
        changed = apply_edits(start, [neighbour])
        yield NearMiss(name="an edit of its neighbour", changes=changes_between(start, changed))


def broken_module(start: Tree, right: Tree, path: str) -> NearMiss:
    """Return the near miss in which a module of the right state cannot be imported."""
    broken = File(right[path].data + b"\n\nraise RuntimeError\n", right[path].mode)
    return NearMiss(name="gold and a broken module", changes=changes_between(start, {**right, path: broken}))


def first_statement(data: bytes, position: int) -> int:
    """Return where the text begins that follows documentation."""
    while data[position : position + 1].isspace():
        position += 1
    return position


def around_of(repo: RepoContext, targets: Sequence[str]) -> Around:
    """Return the passing tests that run a target, and some that run its neighbours; the fastest."""
    tested = trial_in(repo).tested
    wanted, files = set(targets), {target.partition("::")[0] for target in targets}
    passing = sorted(tested.passing, key=lambda test: (tested.seconds.get(test, 0.0), test))
    running = [test for test in passing if wanted & set(tested.ran.get(test, ()))]
    near = [
        test
        for test in passing
        if test not in set(running) and any(d.partition("::")[0] in files for d in tested.ran.get(test, ()))
    ]
    ids: list[str] = []
    seconds = 0.0
    for test in (*running[:MAX_TESTS], *near[:MAX_NEIGHBOURS]):
        taken = tested.seconds.get(test, 0.0)
        if not ids or seconds + taken <= MAX_SECONDS:
            ids.append(test)
            seconds += taken
    return Around(tuple(ids), seconds)


def trial_in(repo: RepoContext) -> Trial:
    """Return what is known of the tests of a repository whose tests run."""
    assert repo.trial is not None, repo.repo
    return repo.trial
