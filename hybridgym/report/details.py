"""A task → all that its page shows, as JSON; made for one source at a time, whose graph is built once."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from hybridgym.errors import HybridGymError
from hybridgym.graph import RepoGraph
from hybridgym.pipeline import build_graph
from hybridgym.predictions import Result
from hybridgym.report.clipping import clipped
from hybridgym.report.excerpts import Excerpt, excerpts_of, keys_of
from hybridgym.report.markdown import Node, tree_of
from hybridgym.report.neighbours import Neighbourhood, Neighbours
from hybridgym.report.verdicts import Results
from hybridgym.source import Source
from hybridgym.suite import Suite, SuiteTask
from hybridgym.task import Evidence, ValidatedTask, Value

MAX_PATCH_LINES = 1_000
MAX_ANSWER_LINES = 400
MAX_TESTS = 200
"""Names of tests that are listed."""
MAX_DRAWN = 3
"""Targets of one task whose neighbourhoods are drawn."""
MAX_DETAIL_LINES = 60
"""Of what a checker says beside the reason."""


class Text(Value, frozen=True, kw_only=True):
    """Text as far as it is shown."""

    text: str
    left_out: int = 0
    """Lines that would follow."""


class Tests(Value, frozen=True, kw_only=True):
    """Names of tests as far as they are listed."""

    names: tuple[str, ...]
    count: int


class Outcome(Value, frozen=True, kw_only=True):
    """One result of a task."""

    model: str
    sample: int
    status: str
    reward: float
    reason: str
    details: Text


class Details(Value, frozen=True, kw_only=True):
    """What is shown of a task beside its row in the table; `missing` says why parts of it are not there."""

    statement: list[Node] = msgspec.field(default_factory=list)
    facts: tuple[tuple[str, str], ...] = ()
    code: tuple[Excerpt, ...] = ()
    patch: Text | None = None
    neighbourhoods: tuple[Neighbourhood, ...] = ()
    evidence: Evidence | None = None
    fail_to_pass: Tests | None = None
    pass_to_pass: Tests | None = None
    answer: Text | None = None
    outcomes: tuple[Outcome, ...] = ()
    more_outcomes: int = 0
    missing: str = ""


def details_of(
    suite: Suite | None, instance_ids: Sequence[str], results: Results | None, cache: Path, failure: str = ""
) -> Iterator[Details]:
    """Yield the details of tasks that start from one source; without a suite, these are their results alone.

    `failure` is why the source is not to be read; empty where it is.
    """
    repository = _Repository(suite, instance_ids, cache, failure) if suite is not None else None
    for instance_id in instance_ids:
        found = repository.details(instance_id) if repository else Details()
        if results is not None:
            outcomes = tuple(_outcome(result) for result in results.of(instance_id))
            all_of_it = results.tasks[instance_id].results if outcomes else 0
            found = msgspec.structs.replace(found, outcomes=outcomes, more_outcomes=all_of_it - len(outcomes))
        yield found


class _Repository:
    """One source with its graph, if the suite has it undamaged."""

    def __init__(self, suite: Suite, instance_ids: Sequence[str], cache: Path, failure: str) -> None:
        self._suite = suite
        self._graph: RepoGraph | None = None
        self.missing = failure
        if failure:
            return
        try:
            self._graph = build_graph(_source_of(suite[instance_ids[0]]), cache)
        except HybridGymError as error:
            self.missing = str(error)
            return
        graph = self._graph
        answers = (suite[instance_id].row.answer for instance_id in instance_ids)
        targets = {key for answer in answers for key, is_target in keys_of(answer, graph).items() if is_target}
        self._neighbours = Neighbours(graph, sorted(targets))

    def details(self, instance_id: str) -> Details:
        task = self._suite[instance_id]
        row = task.row
        code: list[Excerpt] = []
        drawn: list[Neighbourhood] = []
        missing = self.missing
        if self._graph is not None:
            targets = [key for key, is_target in keys_of(row.answer, self._graph).items() if is_target]
            drawn = [self._neighbours.of(key) for key in sorted(targets)[:MAX_DRAWN]]
            try:
                code = excerpts_of(row, task.start, self._graph)
            except HybridGymError as error:
                missing = str(error)
        patch, left_out = clipped(row.patch, MAX_PATCH_LINES)
        return Details(
            statement=tree_of(row.problem_statement),
            facts=_facts(row),
            code=tuple(code),
            patch=Text(text=patch, left_out=left_out),
            neighbourhoods=tuple(drawn),
            evidence=row.evidence,
            fail_to_pass=_tests(row.FAIL_TO_PASS),
            pass_to_pass=_tests(row.PASS_TO_PASS),
            answer=_json(row.answer, MAX_ANSWER_LINES),
            missing=missing,
        )


def _source_of(task: SuiteTask) -> Source:
    row = task.row
    return Source(
        repo=row.repo,
        upstream=row.upstream,
        base_commit=row.base_commit,
        tree_id=row.source,
        license=row.license,
        created_at=row.created_at,
        files=task.source,
        skipped={},
        rejections=(),
        tags=row.tags,
    )


def _facts(row: ValidatedTask) -> tuple[tuple[str, str], ...]:
    named = (
        ("Upstream", row.upstream),
        ("Licence", row.license),
        ("State of", row.created_at),
        ("Base commit", row.base_commit),
        ("Source", row.source if row.source != row.base_commit else ""),
        ("Start commit", row.start_commit),
        ("Environment", row.environment),
        ("Image", row.image or ""),
        ("Kind, checker", f"versions {row.kind_version}, {row.checker_version}"),
    )
    return tuple((name, value) for name, value in named if value)


def _tests(names: Sequence[str]) -> Tests | None:
    return Tests(names=tuple(clipped(name, 1)[0] for name in names[:MAX_TESTS]), count=len(names)) if names else None


def _json(value: Any, max_lines: int) -> Text:
    text, left_out = clipped(msgspec.json.format(msgspec.json.encode(value), indent=2).decode(), max_lines)
    return Text(text=text, left_out=left_out)


def _outcome(result: Result) -> Outcome:
    return Outcome(
        model=clipped(result.model_name_or_path, 1)[0],
        sample=result.sample,
        status=result.status.value,
        reward=result.reward,
        reason=clipped(result.reason, 20)[0],
        details=_json(result.details, MAX_DETAIL_LINES) if result.details else Text(text=""),
    )
