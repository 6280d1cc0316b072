"""Values of many tasks → distributions, few numbers each."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from hybridgym.task import Evidence, Task, Value

TO = "\N{EN DASH}"
"""Between the ends of a bin."""
MAX_BARS = 10
"""Of a count by name; what is smaller is counted together."""
BINS = 12
FEW = 16
"""Whole numbers that each get a bin of their own."""


class Bars(Value, frozen=True, kw_only=True):
    """How many there are of each name, the most first."""

    bars: tuple[tuple[str, int], ...]
    others: int
    """Names that are left out."""
    others_count: int


class Distribution(Value, frozen=True, kw_only=True):
    """How numbers are spread."""

    name: str
    count: int
    least: float
    median: float
    most: float
    bins: tuple[tuple[str, int], ...]


class NearMisses(Value, frozen=True, kw_only=True):
    """What checkers of one kind said of one sort of wrong answer."""

    kind: str
    name: str
    tried: int
    statuses: tuple[tuple[str, int], ...]
    mean_reward: float
    most: float


class Tally:
    """What is counted of a suite's rows as they go by; memory grows by a few numbers for each."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.licenses: Counter[str] = Counter()
        self.repositories: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self._numbers: dict[tuple[str, str], array[float]] = {}
        self._near_misses: dict[tuple[str, str], tuple[Counter[str], array[float]]] = {}

    def add(self, task: Task, evidence: Evidence) -> None:
        """Count one row."""
        self.kinds[task.task_kind] += 1
        self.languages[task.language] += 1
        self.licenses[task.license] += 1
        self.repositories[task.repo] += 1
        self.tags.update(task.tags)
        for name, value in [*task.difficulty.items(), *evidence.measured.items()]:
            self._numbers.setdefault((task.task_kind, name), array("d")).append(value)
        for miss in evidence.near_misses:
            statuses, rewards = self._near_misses.setdefault((task.task_kind, miss.name), (Counter(), array("d")))
            statuses[miss.status] += 1
            rewards.append(miss.reward)

    def distributions(self) -> dict[str, list[Distribution]]:
        """Return those of each kind's numbers, in the order of the rows."""
        found: dict[str, list[Distribution]] = {kind: [] for kind in sorted(self.kinds)}
        for (kind, name), values in self._numbers.items():
            found[kind].append(distribution(name, values))
        return found

    def near_misses(self) -> list[NearMisses]:
        """Return what became of each kind's near misses."""
        return [
            NearMisses(
                kind=kind,
                name=name,
                tried=len(rewards),
                statuses=tuple(sorted(statuses.items())),
                mean_reward=sum(rewards) / len(rewards),
                most=max(rewards),
            )
            for (kind, name), (statuses, rewards) in sorted(self._near_misses.items())
        ]


def bars(counts: Counter[str]) -> Bars:
    """Return the largest counts, and how many names make up the rest."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rest = ordered[MAX_BARS:]
    return Bars(bars=tuple(ordered[:MAX_BARS]), others=len(rest), others_count=sum(count for _, count in rest))


def distribution(name: str, values: Sequence[float]) -> Distribution:
    """Return the distribution of at least one number."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return Distribution(
        name=name,
        count=len(ordered),
        least=_plain(ordered[0]),
        median=_plain(ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2),
        most=_plain(ordered[-1]),
        bins=tuple(_bins(ordered)),
    )


def _bins(ordered: Sequence[float]) -> list[tuple[str, int]]:
    """Bin numbers: each whole number where they are few, by doubling where they spread far, else by equal steps."""
    least, most = ordered[0], ordered[-1]
    if all(value == int(value) for value in ordered):
        first, last = int(least), int(most)
        if last - first < FEW:
            edges = list(range(first, last + 2))
        elif first >= 0 and last >= 8 * max(first, 1):
            edges = [0] if first == 0 else []
            edges += [2**power for power in range(max(first.bit_length() - 1, 0), last.bit_length() + 1)]
        else:
            step = -(-(last - first + 1) // BINS)
            edges = list(range(first, last + step + 1, step))
        names = [f"{a:,}" if b - a == 1 else f"{a:,}{TO}{b - 1:,}" for a, b in pairwise(edges)]
        return list(zip(names, _counts(ordered, edges), strict=True))
    low, high = (0.0, 1.0) if least >= 0 and most <= 1 else (least, most)
    limits = [low + (high - low) * n / 10 for n in range(11)]
    names = [f"{a:.3g}{TO}{b:.3g}" for a, b in pairwise(limits)]
    return list(zip(names, _counts(ordered, [*limits[:-1], float("inf")]), strict=True))


def _counts(ordered: Iterable[float], edges: Sequence[float]) -> list[int]:
    counts = [0] * (len(edges) - 1)
    place = 0
    for value in ordered:
        while value >= edges[place + 1]:
            place += 1
        counts[place] += 1
    return counts


def _plain(value: float) -> float:
    return int(value) if value == int(value) else round(value, 4)
