"""Bug fix: make a repository do what a commit made it do, from what a user would report of the state before.

After R2E-Gym's SYNGEN (arXiv 2504.07164, section 2.1). The statement is a program derived from a test, with what it
should do and what it does; tests come with the grading, and stand for what the statement says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec

from hybridgym.diffs import changes as changes_between
from hybridgym.diffs import edits_between, with_changes
from hybridgym.edits import apply_edits
from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.spoilers import Secrets, words_of_code
from hybridgym.task import Candidate, Change, Edit, Rejection, Task, Tree
from hybridgym.tasks.base import NearMiss, RepoContext
from hybridgym.tasks.commits import CommitKind, TestsBy, issue_of
from hybridgym.tasks.executable import (
    ExecutableKind,
    TestedAnswer,
    answer_of,
    broken_module,
    bugs_of,
    careless,
    is_defined,
)
from hybridgym.testbeds import tests_of

if TYPE_CHECKING:
    from hybridgym.testruns import Tests

MAX_PARTIAL: Final = 4
"""Partial fixes that are shown to the checker."""


class BugFix(CommitKind, ExecutableKind):
    """The reward is the share of the failing tests that pass, if no other test fails."""

    name = "bug_fix"
    checker_version = 1

    def prepared(self, candidate: Candidate, repo: RepoContext) -> Candidate | Rejection:
        fixed = self.fixed(candidate, repo)
        if isinstance(fixed, Rejection):
            return fixed
        answer = TestedAnswer(
            targets=fixed.targets,
            setup=fixed.setup,
            twins=fixed.twins,
            seconds=round(fixed.seconds, 1),
            mutants=candidate.knobs["mutants"],
            commit=candidate.fix,
        )
        return msgspec.structs.replace(
            candidate,
            context=issue_of(fixed),
            answer=msgspec.to_builtins(answer),
            patch=fixed.patch,
            test_patch=fixed.test_patch,
            fail_to_pass=fixed.fail_to_pass,
            pass_to_pass=fixed.pass_to_pass,
            difficulty={
                "definitions_to_change": len(fixed.targets),
                "hunks": fixed.hunks,
                "fail_to_pass": len(fixed.fail_to_pass),
                "tests": len(fixed.fail_to_pass) + len(fixed.pass_to_pass),
                "definitions_in_repository": repo.definition_names.total(),
            },
            tags=() if fixed.tests_by is TestsBy.COMMIT else (f"tests by {fixed.tests_by}",),
        )

    def gold(self, candidate: Candidate, source: Tree, start: Tree) -> Tree:
        return patched(start, candidate.patch)

    def secrets(self, task: Task, gold: Sequence[Change]) -> Secrets:
        # Nobody could guess the new names that tests ask for.
        added = "\n".join(line for line in task.test_patch.splitlines() if line.startswith("+"))
        commits = (task.base_commit, answer_of(task).commit)
        return msgspec.structs.replace(super().secrets(task, gold), commits=commits, public=words_of_code(added))

    def tests(self, task: Task, tree: Tree) -> Tests:
        return tests_of(answer_of(task).setup, patched(tree, task.test_patch))

    def measuring(self, task: Task) -> tuple[str, ...]:
        return (*task.FAIL_TO_PASS, *task.PASS_TO_PASS)

    def wrong_versions(self, task: Task, start: Tree, right: Tree) -> Iterator[Tree]:
        yield from partial_fixes(start, right)
        changed = _hunks(right, start)
        bugs = [bug for target in answer_of(task).targets for bug in bugs_of(right, target)]
        of_fix = [bug for bug in bugs if any(_touch(bug, hunk) for hunk in changed)]
        for bug in of_fix or bugs:
            yield apply_edits(right, [bug])

    def about(self, task: Task, repo: RepoContext) -> tuple[str, ...]:
        changed = (line for line in task.patch.splitlines() if line[:1] in "+-" and line[:4] not in ("--- ", "+++ "))
        return ("\n".join(changed),)

    def near_misses(self, task: Task, start: Tree, gold: Sequence[Change]) -> Iterator[NearMiss]:
        right = with_changes(start, gold)
        path = min(change.path for change in gold)
        targets = [target for target in answer_of(task).targets if is_defined(start, target)]
        if targets:
            yield from careless(start, targets[0], targets)
        for tree in islice(partial_fixes(start, right), MAX_PARTIAL):
            yield NearMiss(name="a hunk is left out", changes=changes_between(start, tree))
        yield broken_module(start, right, path)


def patched(tree: Tree, patch: str) -> Tree:
    """Return a tree with a patch of ours."""
    if not patch:
        return tree
    made = apply_patch(tree, patch.encode())
    assert not isinstance(made, Refusal), made
    return with_changes(tree, made)


def partial_fixes(start: Tree, right: Tree) -> Iterator[Tree]:
    """Yield the right state with each of its hunks left out, where there is more than one."""
    hunks = _hunks(right, start)
    if len(hunks) > 1:
        for hunk in hunks:
            yield apply_edits(right, [hunk])


def _hunks(tree: Tree, other: Tree) -> list[Edit]:
    """Return what makes the files that both have of one tree those of the other."""
    return [
        edit
        for change in changes_between(tree, other)
        if change.before is not None and change.after is not None
        for edit in edits_between(change.path, change.before.data, change.after.data)
    ]


def _touch(one: Edit, other: Edit) -> bool:
    return one.path == other.path and one.start < other.end and other.start < one.end
