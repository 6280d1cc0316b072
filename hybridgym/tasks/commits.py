"""What task kinds share that are made from commits: which commits, what is known of one, and the words for it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from hybridgym.errors import UsageError
from hybridgym.funnel import TESTS
from hybridgym.languages.python import Python
from hybridgym.task import Candidate, Rejection, Value
from hybridgym.tasks.base import RepoContext, TaskKind
from hybridgym.tasks.bug_reports import BugReport
from hybridgym.testbeds import Setup
from hybridgym.testruns import Twin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hybridgym.fixes import Filters, Fix
    from hybridgym.render import Template
    from hybridgym.resolve import DefinitionKey
    from hybridgym.source import Source

MAX_REPORTS: Final = 3
"""Programs in one statement."""
_MAX_TITLE: Final = 60
"""Characters of the code in a title."""


class TestsBy(StrEnum):
    """Where the tests of a task come from."""

    __test__ = False  # Not what pytest collects.

    COMMIT = "commit"
    CALLS = "calls"
    """Written from calls that other tests make."""
    MODEL = "model"


class NotFixed(Value, frozen=True, kw_only=True):
    """Why a commit gives no task."""

    reason: str
    detail: str = ""
    is_discriminating: bool = False
    """Whether tests were found that tell the state before from the state after."""


class Fixed(Value, frozen=True, kw_only=True):
    """What tests say of a commit that fixes something."""

    setup: Setup
    patch: str
    """The sources that have to change, against the commit before: without it, or a hunk of it, tests fail."""
    test_patch: str
    fail_to_pass: tuple[str, ...]
    pass_to_pass: tuple[str, ...]
    twins: tuple[Twin, ...]
    seconds: float
    """That the tests take."""
    reports: tuple[BugReport, ...]
    """What a user would report of it: one program for each test function of `fail_to_pass`; of fewer where a language
    model has written the issue."""
    issue: str
    """What a language model has written; empty where none was asked."""
    targets: tuple[str, ...]
    """Ids of the definitions that the patch adds or edits, in the state after."""
    edited: tuple[str, ...]
    """Ids of the definitions that the patch edits, in the state before."""
    changes_module: bool
    """Whether the patch changes code outside of definitions."""
    hunks: int
    """Of the patch; a file that is added or deleted counts as one."""
    tests_by: TestsBy
    flaky: int
    """Tests left out because their outcome is not the same each time."""


class Past(Protocol):
    """The commits of a repository."""

    def fixes(self, filters: Filters) -> Iterator[Fix | Rejection]:
        """Yield what each commit changed, or why it is no candidate; newest first."""
        ...

    def created_at(self, commit: str) -> str:
        """Return when a commit was made, ISO 8601 in UTC; empty where unknown."""
        ...

    def state(self, commit: str) -> tuple[RepoContext, Source] | Rejection:
        """Return the repository as a commit left it, installed, or why it cannot be."""
        ...

    def fixed(self, fix: str, repo: RepoContext, knobs: Mapping[str, Any]) -> Fixed | NotFixed:
        """Find out what tests say of a commit; `repo` is the state before it."""
        ...


class CommitKind(TaskKind):
    """Made from commits: each candidate starts from the commit before the one that it is made of."""

    needs_history = True
    describes_targets = True

    def check_knobs(self, knobs: Mapping[str, Any]) -> None:
        super().check_knobs(knobs)
        filters_of(knobs)

    def candidates(self, repo: RepoContext, template: Template) -> Iterator[Candidate | Rejection]:
        if repo.past is None:
            yield Rejection(repo=repo.repo, stage=self.name, reason="no history")
            return
        for fix in repo.past.fixes(filters_of(template.knobs)):
            yield fix if isinstance(fix, Rejection) else self._of(fix, template)

    def candidate(self, repo: RepoContext, key: DefinitionKey, template: Template) -> Candidate | Rejection:
        reason = "made from commits, not from definitions"
        return Rejection(repo=repo.repo, stage=self.name, reason=reason, subject=repo.graph.id(key))

    def fixed(self, candidate: Candidate, repo: RepoContext) -> Fixed | Rejection:
        """Return what tests say of the commit of a candidate."""
        assert repo.past is not None, repo.repo
        found = repo.past.fixed(candidate.fix, repo, candidate.knobs)
        if isinstance(found, Fixed):
            return found
        stage = self.name if found.is_discriminating else TESTS
        return Rejection(repo=repo.repo, stage=stage, reason=found.reason, subject=candidate.fix, detail=found.detail)

    def _of(self, fix: Fix, template: Template) -> Candidate:
        return Candidate(
            kind=self.name,
            targets=fix.edited,
            module=min(fix.sources),
            stratum="",
            language=Python.name,
            context={},
            answer={},
            base=fix.parent,
            fix=fix.commit,
            knobs=dict(template.knobs),
        )


def filters_of(knobs: Mapping[str, Any]) -> Filters:
    """Return the filters that knobs ask for: those of a preset, but for what is set; raises UsageError."""
    # Graders have no history to read.
    from hybridgym.fixes import PRESETS, Filters

    preset = knobs["filters"]
    if preset not in PRESETS:
        message = f"filters: expected {' or '.join(PRESETS)}, found {preset!r}"
        raise UsageError(message)
    own = {name: knobs[name] for name in Filters.__struct_fields__ if knobs[name] >= 0}
    return msgspec.structs.replace(PRESETS[preset], **own)


def issue_of(fixed: Fixed) -> dict[str, Any]:
    """Return what a statement's template sees of a commit."""
    if fixed.issue:
        return {"issue": fixed.issue, "title": "", "reports": []}
    return {"issue": "", "title": _title(fixed.reports[0]), "reports": [report._asdict() for report in fixed.reports]}


def names_of(ids: Iterable[str]) -> tuple[str, ...]:
    """Return the last names of definitions, each once, in their order."""
    return tuple(dict.fromkeys(i.partition("::")[2].partition("#")[0].rpartition(".")[2] for i in ids))


def _title(report: BugReport) -> str:
    """Say in one line what is wrong, as the subject of a report does."""
    error = report.observed.rpartition("\n")[2].partition(":")[0].rpartition(".")[2]
    wanted = report.expected.rpartition("\n")[2].partition(":")[0].rpartition(".")[2]
    code = _last_value(report.script)
    if report.does_raise:
        return f"`{code}` raises `{error}`" if code else f"Unexpected `{error}`"
    if report.should_raise:
        return f"`{code}` does not raise `{wanted}`" if code else f"`{wanted}` is not raised"
    return f"`{code}` gives a wrong result" if code else "Wrong result"


def _last_value(script: str) -> str:
    """Return the code whose value a program prints, or runs, at its end; empty where it is not short."""
    try:
        last = ast.parse(script).body[-1]
    except (SyntaxError, ValueError, IndexError):
        return ""
    while isinstance(last, ast.With | ast.For) and last.body:
        last = last.body[-1]
    value: ast.AST = last.value if isinstance(last, ast.Expr) else last
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in ("print", "repr"):
        if len(value.args) != 1:
            return ""
        value = value.args[0]
    if isinstance(value, ast.Name):
        return ""
    text = ast.unparse(value)
    return text if len(text) <= _MAX_TITLE and "\n" not in text and "`" not in text else ""
