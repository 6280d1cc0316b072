"""Issue localization: mark the definitions that have to change to resolve an issue, and change nothing.

After Hybrid-Gym (arXiv 2602.16819, issue localization), which pays for one comment in any file of the gold patch. Here
the answer is the set of definitions that the smallest patch edits with which the tests of the fix pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from hybridgym.facts import Definition, Kind
from hybridgym.languages.python import Python
from hybridgym.resolve import definition_id
from hybridgym.spoilers import Secrets, words_of_code
from hybridgym.task import Candidate, Change, Rejection, Task, Tree, Value, Verdict
from hybridgym.tasks.base import (
    NearMiss,
    RepoContext,
    code_of,
    f1,
    graded,
    tampered,
)
from hybridgym.tasks.commits import CommitKind, Fixed, issue_of, names_of
from hybridgym.tasks.marks import begins_its_line, definitions_of, marked, marked_and_more, marks_in, wrongly_marked

MARKER: Final = "this function/class has to change to resolve the issue"
MAX_DEFINITIONS: Final = 10
MAX_FILES: Final = 5
"""Who marks more than that gets nothing: it is no localization."""
_NOT_THERE: Final = re.compile(
    r"(?:cannot import name|has no attribute|unexpected keyword argument|No module named) '(?:[\w.]*\.)?(\w+)'"
)
OF_FILES: Final = 0.5
"""The reward for the right files, where no definition in them is right."""


class Answer(Value, frozen=True, kw_only=True):
    """What the row's `answer` holds."""

    definitions: tuple[str, ...]
    """Ids of the definitions to mark, sorted."""
    marker: str
    commit: str
    """The commit that the task is made of."""


class IssueLocalization(CommitKind):
    """The reward is the F1 of the marked set, or half of that of its files where this is more."""

    name = "issue_localization"
    checker_version = 1

    def prepared(self, candidate: Candidate, repo: RepoContext) -> Candidate | Rejection:
        fixed = self.fixed(candidate, repo)
        if isinstance(fixed, Rejection):
            return fixed

        def rejected(reason: str, detail: str = "") -> Rejection:
            return Rejection(repo=repo.repo, stage=self.name, reason=reason, subject=candidate.fix, detail=detail)

        if fixed.changes_module:
            return rejected("its patch changes code outside of definitions")
        if not fixed.edited:
            return rejected("its patch only adds definitions")
        missing = _missing(fixed)
        if missing:
            # Where it would go is nobody's to guess.
            return rejected("its report asks for something new", missing)
        wanted: set[str] = set()
        for path in sorted({i.partition("::")[0] for i in fixed.edited}):
            units = units_of(path, repo.files[path].data)
            wanted |= {units[i] for i in fixed.edited if i in units}
            known = definitions_of(path, repo.files[path].data)
            behind = [i for i in wanted if i in known and not begins_its_line(repo.files[path].data, known[i].start)]
            if behind:
                return rejected("a definition begins behind other code on its line", behind[0])
        if len(wanted) > MAX_DEFINITIONS:
            return rejected("too many definitions have to change", str(len(wanted)))
        marker = f"{Python.comment_prefix} {MARKER}"
        answer = Answer(definitions=tuple(sorted(wanted)), marker=marker, commit=candidate.fix)
        return msgspec.structs.replace(
            candidate,
            targets=answer.definitions,
            context={**issue_of(fixed), "marker": marker, "most": MAX_DEFINITIONS, "most_files": MAX_FILES},
            answer=msgspec.to_builtins(answer),
            difficulty={
                "definitions_to_change": len(wanted),
                "files": len({i.partition("::")[0] for i in wanted}),
                "definitions_in_repository": repo.definition_names.total(),
            },
        )

    def gold(self, candidate: Candidate, source: Tree, start: Tree) -> Tree:
        answer = msgspec.convert(candidate.answer, Answer)
        return marked(start, answer.definitions, answer.marker)

    def secrets(self, task: Task, gold: Sequence[Change]) -> Secrets:
        answer = msgspec.convert(task.answer, Answer)
        commits = (task.base_commit, answer.commit)
        return msgspec.structs.replace(super().secrets(task, gold), commits=commits, said=(answer.marker,))

    def about(self, task: Task, repo: RepoContext) -> tuple[str, ...]:
        # One function is what several issues are about.
        issue = task.problem_statement.partition("## What to do")[0]
        return issue, *(code_of(target, repo) for target in task.answer["definitions"])

    def sought(self, task: Task) -> tuple[str, ...]:
        return tuple(task.answer["definitions"])

    def near_misses(self, task: Task, start: Tree, gold: Sequence[Change]) -> Iterator[NearMiss]:
        answer = msgspec.convert(task.answer, Answer)
        wanted = answer.definitions
        paths = sorted({i.partition("::")[0] for i in wanted})
        everything = [i for path in paths for i in dict.fromkeys(units_of(path, start[path].data).values())]
        others = [i for i in everything if i not in wanted]
        choices = {
            "one definition missing": wanted[1:],
            "the neighbour instead": (*wanted[1:], *others[:1]),
            "one definition too many": (*wanted, *others[:1]),
            "every definition of the files": everything,
        }
        yield from wrongly_marked(start, choices, wanted, answer.marker)
        yield from marked_and_more(start, gold)

    def check(self, task: Task, start: Tree, changes: Sequence[Change]) -> Verdict:
        answer = msgspec.convert(task.answer, Answer)
        reading = marks_in(changes, answer.marker, {})
        if reading.problem:
            return tampered(task, reading.problem)
        paths = {i.partition("::")[0] for i in reading.marked}
        units = {i: unit for path in sorted(paths) for i, unit in units_of(path, start[path].data).items()}
        return self._graded(task, set(answer.definitions), {units[i] for i in reading.marked}, list(reading.strays))

    def _graded(self, task: Task, wanted: set[str], found: set[str], strays: list[str]) -> Verdict:
        right, extra = found & wanted, sorted(found - wanted)
        wrong, missing = len(extra) + len(strays), len(wanted - found)
        reasons = [f"{len(right)} of {len(wanted)} definitions are marked"]
        reasons += [f"{i} is marked, but it does not have to change" for i in extra]
        reasons += strays
        files, wanted_files = ({i.partition("::")[0] for i in ids} for ids in (found, wanted))
        shared = len(files & wanted_files)
        of_files = OF_FILES * f1(shared, len(files) - shared, len(wanted_files) - shared)
        reward = max(f1(len(right), wrong, missing), round(of_files, 4))
        if len(found) + len(strays) > MAX_DEFINITIONS or len(files) > MAX_FILES:
            reward = 0.0
            reasons.append(f"more than {MAX_DEFINITIONS} definitions or {MAX_FILES} files are marked")
        details = {"right": sorted(right), "missing": sorted(wanted - found), "extra": extra, "strays": strays}
        return graded(task, not wrong and not missing, reward, reasons, details)


def _missing(fixed: Fixed) -> str:
    """Return a name that a program asks for and the state before does not have; empty where there is none."""
    added = set(names_of(set(fixed.targets) - set(fixed.edited)))
    for report in fixed.reports:
        asked_for = words_of_code(report.script)
        found = {name for name in _NOT_THERE.findall(report.observed) if name in asked_for} | (added & asked_for)
        if found:
            return min(found)
    return min(added & words_of_code(fixed.issue), default="")


def units_of(path: str, data: bytes) -> dict[str, str]:
    """Return of each definition of a file the one that is marked for it: what lies in a function counts as this."""
    units: dict[str, str] = {}
    outer: Definition | None = None
    for definition in definitions_of(path, data).values():
        own = definition_id(path, definition)
        if outer is not None and definition.start < outer.end:
            units[own] = definition_id(path, outer)
            continue
        outer = None if definition.kind is Kind.CLASS else definition
        units[own] = own
    return units
