"""results.jsonl → what is counted over all results, and where those of one task stand in the files."""

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from hybridgym.errors import SuiteError
from hybridgym.predictions import Result
from hybridgym.report.counting import TO
from hybridgym.task import Status

MAX_RESULTS = 100
"""Of one task, that its page shows."""
MAX_REASONS = 5_000
"""Different ones that are told apart; later ones are counted together."""
OTHER_REASONS = "other reasons"

STATUSES = tuple(Status)
REWARDS = ("0", *(f"{n / 10:.1f}{TO}{(n + 1) / 10:.1f}" for n in range(10)), "1")
"""Bins of rewards: none and all of it apart from what is between."""

_ID = re.compile(r"(?P<owner>.+?)__(?P<name>.+)\.[0-9a-f]{1,8}\.(?P<kind>\w+)-[^-.]+")
_SPECIFIC = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"|\S*(?:::|/)\S*|\S+\.\w{1,5}(?=[:,\s])|\d+(?:\.\d+)?")
"""What differs from task to task in a reason: names in quotes, paths, ids, numbers."""
_MAX_REASON = 160


class OfModel(NamedTuple):
    """What a model did on the tasks of one kind."""

    model: str
    kind: str
    results: int
    statuses: list[int]
    """In the order of STATUSES."""
    mean_reward: float
    tasks: int
    solved: int
    """Tasks of which at least one of its answers is resolved."""


class OfTask(msgspec.Struct):
    """What became of one task."""

    kind: str
    places: "array[int]" = msgspec.field(default_factory=lambda: array("q"))
    """Number of the file, offset and length of each line."""
    statuses: list[int] = msgspec.field(default_factory=lambda: [0] * len(STATUSES))
    rewards: float = 0.0

    @property
    def results(self) -> int:
        """How many results there are."""
        return sum(self.statuses)


class Results:
    """Results of any number of files; memory grows with the tasks and, by a few bytes each, with the results.

    Raises SuiteError at the first line that is no result.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._decoder = msgspec.json.Decoder(Result)
        self.tasks: dict[str, OfTask] = {}
        self.without_task = 0
        """Results of predictions that could not be read: they name no task."""
        self.reasons: Counter[tuple[str, str]] = Counter()
        """Status and reason, without what differs from task to task."""
        self.rewards: dict[str, list[int]] = {}
        """Kind → number of results in each of REWARDS."""
        self._models: dict[tuple[str, str], _Tally] = {}
        for number, path in enumerate(paths):
            self._count(number, path)

    @property
    def count(self) -> int:
        """How many results there are."""
        return self.without_task + sum(task.results for task in self.tasks.values())

    def models(self) -> Iterator[OfModel]:
        """Yield the figures of each model on each kind, in their order."""
        for (model, kind), tally in sorted(self._models.items()):
            results = sum(tally.statuses)
            mean = tally.rewards / results
            yield OfModel(model, kind, results, tally.statuses, mean, len(tally.tasks), len(tally.solved))

    def of(self, instance_id: str) -> list[Result]:
        """Return the first results of a task, by model and sample."""
        task = self.tasks.get(instance_id)
        if task is None:
            return []
        numbers = task.places[: 3 * MAX_RESULTS]
        found = []
        for start in range(0, len(numbers), 3):
            file, offset, length = numbers[start : start + 3]
            with self._paths[file].open("rb") as lines:
                lines.seek(offset)
                found.append(self._decoder.decode(lines.read(length)))
        return sorted(found, key=lambda result: (result.model_name_or_path, result.sample))

    def _count(self, file: int, path: Path) -> None:
        offset = 0
        try:
            with path.open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        self._add(self._read(line, f"{path}, row {number}"), (file, offset, len(line)))
                    offset += len(line)
        except OSError as error:
            message = f"{path}: cannot be read: {error.strerror}"
            raise SuiteError(message) from None

    def _read(self, line: bytes, where: str) -> Result:
        try:
            return self._decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            message = f"{where}: expected a result, as `hybridgym check` writes them; found: {error}"
            raise SuiteError(message) from None

    def _add(self, result: Result, place: tuple[int, int, int]) -> None:
        self._count_reason(result)
        if not result.instance_id:
            self.without_task += 1
            return
        _, kind = repository_and_kind(result.instance_id)
        task = self.tasks.setdefault(result.instance_id, OfTask(kind))
        status = STATUSES.index(result.status)
        task.places.extend(place)
        task.statuses[status] += 1
        task.rewards += result.reward
        self.rewards.setdefault(kind, [0] * len(REWARDS))[_bin(result.reward)] += 1
        self._models.setdefault((result.model_name_or_path, kind), _Tally()).add(result, status)

    def _count_reason(self, result: Result) -> None:
        if result.resolved:
            return
        reason = _SPECIFIC.sub("…", result.reason[: 4 * _MAX_REASON])[:_MAX_REASON]
        key = result.status.value, reason
        if key not in self.reasons and len(self.reasons) >= MAX_REASONS:
            key = result.status.value, OTHER_REASONS
        self.reasons[key] += 1


class _Tally:
    def __init__(self) -> None:
        self.statuses = [0] * len(STATUSES)
        self.rewards = 0.0
        self.tasks: set[str] = set()
        self.solved: set[str] = set()

    def add(self, result: Result, status: int) -> None:
        self.statuses[status] += 1
        self.rewards += result.reward
        self.tasks.add(result.instance_id)
        if result.resolved:
            self.solved.add(result.instance_id)


def repository_and_kind(instance_id: str) -> tuple[str, str]:
    """Return what an id of ours names: the repository as `owner/name`, and the kind; empty texts for another id."""
    found = _ID.fullmatch(instance_id)
    return (f"{found['owner']}/{found['name']}", found["kind"]) if found else ("", "")


def _bin(reward: float) -> int:
    if reward <= 0 or reward >= 1:
        return 0 if reward <= 0 else len(REWARDS) - 1
    return 1 + int(reward * 10)
