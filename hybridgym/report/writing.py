"""A suite, results, or both → the folder of a report.

index.html       the page; all else is loaded by it, from disk
data/suite.js    counts and distributions
data/tasks.js    what the table is made of, and what is searched
data/0000.js …   the details of CHUNK tasks each

Memory is that of the largest repository, and some hundred bytes for each task.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from hybridgym.caches import default_cache
from hybridgym.errors import UsageError
from hybridgym.executors import Failure, UnitLimits, run
from hybridgym.progress import Ended, Reporter
from hybridgym.report.assembling import MARK, index_page
from hybridgym.report.clipping import visible
from hybridgym.report.counting import Tally, bars
from hybridgym.report.details import details_of
from hybridgym.report.excerpts import targets_of
from hybridgym.report.verdicts import REWARDS, STATUSES, OfTask, Results, repository_and_kind
from hybridgym.suite import Suite

PAGE, DATA = "index.html", "data"
CHUNK = 16
"""Tasks whose details are loaded together."""
MAX_REASONS = 40
"""Reasons of failures that are listed."""
LIMITS = UnitLimits(seconds=1800)
"""Of the details of one source's tasks."""

_STAGING = ".unfinished"
_GRAPH = "repositories bytes files definitions functions closed references resolved external builtin unresolved".split()
"""The counts of suite.json in the order in which they are read."""


class Written(NamedTuple):
    """What a report shows."""

    tasks: int
    results: int
    without_details: int
    """Tasks without code and graph, because their source is missing or damaged."""


class _Row(NamedTuple):
    """A task in the table."""

    instance_id: str
    kind: str
    repo: str
    language: str
    tags: tuple[str, ...]
    targets: tuple[str, ...]
    numbers: dict[str, float | int]
    source: str


class _Group(NamedTuple):
    """Tasks of one source: what one process makes the details of."""

    name: str
    """Of the repository."""
    chunk: int
    """Number of the first."""
    instance_ids: list[str]


def write_report(
    out: Path,
    suite: Suite | None,
    results: Results | None,
    *,
    cache: Path | None = None,
    jobs: int = 1,
    progress: Reporter | None = None,
) -> Written:
    """Write the folder of a report; an earlier one there is replaced when this one is whole.

    Raises UsageError where `out` holds something else.
    """
    progress = progress or Reporter()
    with _staged(out) as staging:
        tally = Tally()
        rows = list(_rows(suite, tally) if suite is not None else _rows_of_results(results))
        groups = _groups(rows)
        _write(staging / DATA / "suite.js", "suite", _overview(suite, tally, results, rows))
        _write(staging / DATA / "tasks.js", "tasks", _table(rows, groups, results))
        missing = 0
        write = partial(_write_details, staging / DATA, suite, results, cache or default_cache())
        progress.begin("details", len(groups))
        for number, outcome in run(write, groups, jobs, LIMITS):
            group, failure = groups[number], outcome.reason if isinstance(outcome, Failure) else ""
            missing += write(group, failure) if isinstance(outcome, Failure) else outcome
            progress.advance(Ended(group.name, len(group.instance_ids), failure=failure))
        (staging / PAGE).write_bytes(index_page())
    return Written(len(rows), results.count if results else 0, missing)


def _rows(suite: Suite, tally: Tally) -> Iterator[_Row]:
    for instance_id, task in suite.items():
        row = task.row
        tally.add(row, row.evidence)
        targets = tuple(visible(target) for target in targets_of(row.answer))
        numbers = {**row.difficulty, **row.evidence.measured}
        yield _Row(instance_id, row.task_kind, row.repo, row.language, row.tags, targets, numbers, row.source)


def _rows_of_results(results: Results | None) -> Iterator[_Row]:
    for instance_id in sorted(results.tasks) if results else ():
        repository, kind = repository_and_kind(instance_id)
        yield _Row(instance_id, kind, repository, "", (), (), {}, "")


def _groups(rows: Iterable[_Row]) -> list[_Group]:
    """Group tasks by source, in the order of the first; a chunk holds tasks of one source."""
    by_source: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for row in rows:
        by_source.setdefault(row.source, []).append(row.instance_id)
        names.setdefault(row.source, row.repo)
    groups = []
    chunk = 0
    for source, instance_ids in by_source.items():
        groups.append(_Group(names[source], chunk, instance_ids))
        chunk += -(-len(instance_ids) // CHUNK)
    return groups


def _write_details(
    folder: Path, suite: Suite | None, results: Results | None, cache: Path, group: _Group, failure: str = ""
) -> int:
    """Write the chunks of a group, without its source where that was a failure; return how many tasks have no code."""
    missing = 0
    waiting: list[Any] = []
    number = group.chunk
    last = len(group.instance_ids) - 1
    made = details_of(suite, group.instance_ids, results, cache, failure)
    for place, details in enumerate(made):
        missing += bool(details.missing)
        waiting.append(msgspec.to_builtins(details))
        if len(waiting) == CHUNK or place == last:
            _write(folder / f"{number:04}.js", number, waiting)
            waiting, number = [], number + 1
    return missing


def _overview(suite: Suite | None, tally: Tally, results: Results | None, rows: Sequence[_Row]) -> dict[str, Any]:
    """Return what data/suite.js holds."""
    found: dict[str, Any] = {"tasks": len(rows)}
    if suite is not None:
        info = suite.info
        found |= {
            "hybridgym": info.hybridgym,
            "seed": info.seed,
            "sha256": info.tasks_sha256,
            "repositories": len(tally.repositories),
            "counts": [
                ["Kind", bars(tally.kinds)],
                ["Language", bars(tally.languages)],
                ["Licence", bars(tally.licenses)],
                ["Tag", bars(Counter({tag: n for tag, n in tally.tags.items() if tag not in tally.kinds}))],
                ["Repository", bars(tally.repositories)],
            ],
            "distributions": list(tally.distributions().items()),
            "nearMisses": tally.near_misses(),
            "graph": sorted(info.graph.items(), key=lambda item: (_place(item[0]), item[0])),
            "rejections": sorted(info.rejections_per_reason.items(), key=lambda item: (-item[1], item[0])),
            "shortfalls": info.shortfalls,
        }
    if results is not None:
        reasons = sorted(results.reasons.items(), key=lambda item: (-item[1], item[0]))
        known = {row.instance_id for row in rows}
        found["results"] = {
            "count": results.count,
            "withoutTask": results.without_task,
            "unknown": sum(task.results for name, task in results.tasks.items() if name not in known),
            "statuses": STATUSES,
            "models": list(results.models()),
            "rewardBins": REWARDS,
            "rewards": sorted(results.rewards.items()),
            "reasons": [[status, visible(reason), count] for (status, reason), count in reasons[:MAX_REASONS]],
            "moreReasons": max(len(reasons) - MAX_REASONS, 0),
        }
    built: dict[str, Any] = msgspec.to_builtins(found)
    return built


def _table(rows: Sequence[_Row], groups: Iterable[_Group], results: Results | None) -> dict[str, Any]:
    """Return what data/tasks.js holds: names once, and numbers that point to them."""
    places = {name: (g.chunk + n // CHUNK, n % CHUNK) for g in groups for n, name in enumerate(g.instance_ids)}
    kinds, repositories = _Names(), _Names()
    languages, tags, numbers = _Names(), _Names(), _Names()
    lines = []
    for row in rows:
        line: list[Any] = [
            row.instance_id,
            kinds.number(row.kind),
            repositories.number(row.repo),
            languages.number(row.language),
            [tags.number(tag) for tag in row.tags],
            row.targets,
            [part for name, value in row.numbers.items() for part in (numbers.number(name), value)],
            places[row.instance_id],
        ]
        if results is not None:
            task = results.tasks.get(row.instance_id) or OfTask("")
            line.append([task.statuses, round(task.rewards / task.results, 4) if task.results else 0])
        lines.append(line)
    return {
        "kinds": kinds.all(),
        "repositories": repositories.all(),
        "languages": languages.all(),
        "tags": tags.all(),
        "numbers": numbers.all(),
        "rows": lines,
    }


def _place(count: str) -> int:
    return _GRAPH.index(count) if count in _GRAPH else len(_GRAPH)


class _Names:
    """Texts, each kept once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

    def all(self) -> list[str]:
        return [visible(name) for name in self._numbers]


def _write(path: Path, name: str | int, value: Any) -> None:
    """Write a value as a script that hands it to the page: a text to be parsed, so that no key means anything."""
    text = json.dumps(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"receive({json.dumps(name)},{text.replace('<', chr(92) + 'u003c')})\n", encoding="ascii")


@contextmanager
def _staged(out: Path) -> Iterator[Path]:
    """Give a folder to write to, and put what is in it in the place of an earlier report when it is whole."""
    # Only who writes a report pays for loading this.
    from shutil import rmtree

    if out.exists() and not _is_replaceable(out):
        message = f"{out}: expected a report, an empty folder or none, found other files; name another folder"
        raise UsageError(message)
    staging = out / _STAGING
    rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        yield staging
        rmtree(out / DATA, ignore_errors=True)
        for name in (DATA, PAGE):
            (staging / name).replace(out / name)
    finally:
        rmtree(staging)


def _is_replaceable(out: Path) -> bool:
    if not out.is_dir():
        return False
    if (out / PAGE).is_file():
        return MARK in (out / PAGE).read_text(encoding="utf-8", errors="replace")
    names = {path.name for path in out.iterdir()}
    return not names or (_STAGING in names and names <= {_STAGING, DATA})
