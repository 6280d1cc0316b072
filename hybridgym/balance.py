"""How a suite's tasks are spread: over repositories, splits and each number of their difficulty, by kind."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from statistics import quantiles

from hybridgym.difficulty import FIRST_HIT
from hybridgym.splits import TEST, split_of
from hybridgym.suite import Suite
from hybridgym.task import Value


class Spread(Value, frozen=True, kw_only=True):
    """The values of one number."""

    tasks: int
    """That have it."""
    least: float
    quarter: float
    half: float
    three_quarters: float
    most: float


class KindBalance(Value, frozen=True, kw_only=True):
    """The tasks of one kind."""

    tasks: int
    tests: int
    """Those of the split `test`."""
    repositories: int
    most_of_one: int
    """Tasks of the repository that has the most."""
    first_hits: int
    """That the first hit of a search solves."""
    difficulty: dict[str, Spread]


def balance_of(suite: Suite) -> dict[str, KindBalance]:
    """Return the balance of each kind; reads all rows once."""
    repositories: dict[str, Counter[str]] = defaultdict(Counter)
    tests, hits = Counter[str](), Counter[str]()
    numbers: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for task in suite.values():
        row, kind = task.row, task.row.task_kind
        repositories[kind][row.repo] += 1
        tests[kind] += (suite.info.splits.get(row.repo) or split_of(row, suite.info.test_share)) == TEST
        hits[kind] += FIRST_HIT in row.tags
        for name, value in row.difficulty.items():
            numbers[kind][name].append(value)
    return {
        kind: KindBalance(
            tasks=found.total(),
            tests=tests[kind],
            repositories=len(found),
            most_of_one=max(found.values()),
            first_hits=hits[kind],
            difficulty={name: _spread(values) for name, values in sorted(numbers[kind].items())},
        )
        for kind, found in sorted(repositories.items())
    }


def _spread(values: Iterable[float]) -> Spread:
    ordered = sorted(values)
    quarters = quantiles(ordered, n=4, method="inclusive") if len(ordered) > 1 else ordered * 3
    quarter, half, three_quarters = (round(value, 3) for value in quarters)
    return Spread(
        tasks=len(ordered),
        least=ordered[0],
        quarter=quarter,
        half=half,
        three_quarters=three_quarters,
        most=ordered[-1],
    )
