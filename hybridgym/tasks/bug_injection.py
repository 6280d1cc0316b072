"""Bug injection: find the mistake that was made in a function, from what a user reports of it, and correct it.

After SWE-smith (arXiv 2504.21798, procedural modification), whose statements a model writes. Here the statement is a
program derived from a test that fails, with what it should do and what it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from hybridgym.diffs import changes as changes_between
from hybridgym.diffs import with_changes
from hybridgym.edits import apply_edits
from hybridgym.errors import UsageError
from hybridgym.resolve import DefinitionKey
from hybridgym.task import Candidate, Change, Edit, Rejection, Task, Tree
from hybridgym.tasks.base import NearMiss, RepoContext
from hybridgym.tasks.bug_reports import BugReport, Fault, has_scripts, report_of
from hybridgym.tasks.executable import (
    Around,
    ExecutableKind,
    answer_of,
    around_of,
    body_of,
    broken_module,
    bugs_of,
    careless,
    first_statement,
    trial_in,
)
from hybridgym.testruns import Outcome, Report

if TYPE_CHECKING:
    from hybridgym.render import Template

MAX_TRIED: Final = 6
"""Bugs of one function that are run."""
MAX_EDITS: Final = 2
_NOT_IMPORTED: Final = frozenset({Outcome.COLLECTION_ERROR, Outcome.MISSING})


class Seen(NamedTuple):
    """Edits that make a bug, and what tests say of it."""

    edits: tuple[Edit, ...]
    failing: tuple[str, ...]
    report: Report
    problem: str
    """Why it is no bug for a task; empty where it is one."""


class BugInjection(ExecutableKind):
    """The start state has a bug; the reward is the share of the failing tests that pass, if no other test fails."""

    name = "bug_injection"
    checker_version = 1

    def check_knobs(self, knobs: Mapping[str, Any]) -> None:
        super().check_knobs(knobs)
        if not 1 <= knobs["edits"] <= MAX_EDITS:
            message = f"{self.name}.edits: expected 1 or {MAX_EDITS}, found {knobs['edits']!r}"
            raise UsageError(message)

    def measuring(self, task: Task) -> tuple[str, ...]:
        return (*task.FAIL_TO_PASS, *task.PASS_TO_PASS)

    def candidate(self, repo: RepoContext, key: DefinitionKey, template: Template) -> Candidate | Rejection:
        target = repo.graph.id(key)

        def rejected(reason: str) -> Rejection:
            return Rejection(repo=repo.repo, stage=self.name, reason=reason, subject=target)

        running = self.running(repo, target)
        if isinstance(running, Rejection):
            return running
        targets = [target]
        if template.knobs["edits"] > 1:
            ran = {name for test in running for name in trial_in(repo).tested.ran[test]}
            targets += islice((c for c in repo.callers.get(key, ()) if c in ran), 1)
        if len(targets) < template.knobs["edits"]:
            return rejected("no function that calls it is run by its tests")
        path, data, body = body_of(repo.files, target)
        return Candidate(
            kind=self.name,
            targets=tuple(targets),
            module=path,
            stratum="",
            language=repo.graph.files[path].language,
            context={},
            answer={},
            knobs=dict(template.knobs),
            difficulty={
                "lines": data.count(b"\n", first_statement(data, body.start), body.end) + 1,
                "tests_that_run_it": len(running),
                "definitions_in_repository": repo.definition_names.total(),
            },
        )

    def start_problem(self, candidate: Candidate, source: Tree, start: Tree) -> str:
        return ""

    # Which bug

    def prepared(self, candidate: Candidate, repo: RepoContext) -> Candidate | Rejection:
        trial, around = trial_in(repo), around_of(repo, candidate.targets)
        ran = trial.tested.ran
        if not has_scripts(trial, repo.files, [t for t in around.ids if candidate.targets[0] in ran.get(t, ())]):
            return self.rejected(candidate, repo, "no script can be made of its tests")
        problem, seen = "no operator makes a wrong version of it", []
        for bug in self._bugs(candidate, repo, around):
            seen.append(bug)
            if bug.problem:
                problem = bug.problem
                continue
            report = self._report(candidate, repo, bug)
            if isinstance(report, BugReport):
                wrong = self._another(candidate, repo, around, bug, seen)
                made = msgspec.structs.replace(
                    candidate, start_edits=bug.edits, context={**report._asdict(), "bugs": len(bug.edits)}
                )
                return self.answered(made, repo, around, bug.failing, wrong)
            problem = report
        return self.rejected(candidate, repo, problem)

    def _bugs(self, candidate: Candidate, repo: RepoContext, around: Around) -> Iterator[Seen]:
        """Yield what tests say of the first bugs of the target, with one in its caller if that is asked for."""
        first, *others = candidate.targets
        second = None
        for target in others:
            bugs = (_seen(repo, around, (edit,)) for edit in islice(bugs_of(repo.files, target), MAX_TRIED))
            second = next((bug for bug in bugs if not bug.problem), None)
            if second is None:
                return
        for edit in islice(bugs_of(repo.files, first), MAX_TRIED):
            bug = _seen(repo, around, (edit,))
            if bug.problem or second is None:
                yield bug
                continue
            both = _seen(repo, around, tuple(sorted((edit, *second.edits), key=lambda e: (e.path, e.start))))
            shows = all(set(both.failing) & set(alone.failing) for alone in (bug, second))
            yield both if both.problem or shows else both._replace(problem="one bug hides the other")

    def _report(self, candidate: Candidate, repo: RepoContext, bug: Seen) -> BugReport | str:
        wrong = apply_edits(repo.files, bug.edits)
        paths = sorted({edit.path for edit in bug.edits})
        fault = Fault(
            names=tuple(target.partition("::")[2].partition("#")[0].rpartition(".")[2] for target in candidate.targets),
            paths=tuple(paths),
        )
        return report_of(trial_in(repo), repo.files, wrong, bug.failing, bug.report, fault)

    def _another(
        self, candidate: Candidate, repo: RepoContext, around: Around, bug: Seen, seen: Sequence[Seen]
    ) -> tuple[Edit, ...]:
        """Return another bug of the target that tests find; nothing where none of the first is one."""
        known = [other for other in seen if other is not bug]
        fresh = islice(bugs_of(repo.files, candidate.targets[0]), len(seen), MAX_TRIED)
        for other in (*known, *(_seen(repo, around, (edit,)) for edit in fresh)):
            if other.failing:
                return other.edits
        return ()

    # What is wrong

    def near_misses(self, task: Task, start: Tree, gold: Sequence[Change]) -> Iterator[NearMiss]:
        answer, right = answer_of(task), with_changes(start, gold)
        yield from careless(start, answer.targets[0], answer.targets)
        if answer.wrong:
            other = apply_edits(right, answer.wrong)
            yield NearMiss(name="another bug", changes=changes_between(start, other))
        for edit in task.start_edits if len(task.start_edits) > 1 else ():
            yield NearMiss(name="one bug is left", changes=changes_between(start, apply_edits(right, [edit])))
        yield broken_module(start, right, answer.targets[0].partition("::")[0])


def _seen(repo: RepoContext, around: Around, edits: tuple[Edit, ...]) -> Seen:
    """Run the tests over the source with a bug."""
    report = around.run(repo, apply_edits(repo.files, edits))
    if report.problem:
        return Seen(edits, (), report, "its tests do not come to an end")
    failing = around.failing(report)
    problem = ""
    if any(result.outcome in _NOT_IMPORTED for result in report.results.values()):
        problem = "its tests cannot be collected any more"
    elif not failing:
        problem = "no test fails with it"
    elif len(failing) == len(around.ids):
        problem = "every test fails with it"
    return Seen(edits, failing, report, problem)
