"""What a repository could give, is asked for and brings: the values, and the accounts from which quotas follow."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from hybridgym.duplicates import Signature
from hybridgym.environments import DEFAULT_BASE, Environment
from hybridgym.exclusion import Scope
from hybridgym.llm import ModelSettings
from hybridgym.quotas import Quotas, plan
from hybridgym.specs import RepoSpec
from hybridgym.splits import TEST_SHARE
from hybridgym.suite import Shortfall
from hybridgym.task import Rejection, ValidatedTask, Value

RESERVE: Final = 4
"""One task more is made for so many that are wanted, and at least one."""

Counts = dict[str, dict[str, int]]
"""Kind → stratum → how many."""


class Options(Value, frozen=True, kw_only=True):
    """What a suite is asked to hold; with the sources, all that its bytes depend on."""

    kinds: tuple[str, ...]
    """Folders of task_templates."""
    total: int | None = None
    """Tasks of each kind; None for as many as `per_repo` lets through."""
    per_repo: int | None = None
    """Most tasks of each kind from one repository; None for no such limit."""
    seed: int = 0
    settings: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    """Kind → name of a knob or a selected attribute → value instead of its default."""
    base_image: str = DEFAULT_BASE
    scope: Scope = Scope()
    """Repositories and dates to keep clear of."""
    similarity: float | None = None
    """From which on two tasks of a kind are duplicates, 1 for exact ones alone; None to keep them all."""
    test_share: float = TEST_SHARE
    """Of the projects, about: those that are kept for tests."""
    model: ModelSettings | None = None
    """The language model that writes descriptions instead of what documentation says; None for none."""


class Survey(Value, frozen=True, kw_only=True):
    """What a repository could give, counted before anything is rendered or proven."""

    repo: str
    tree: str
    commit: str
    """Full sha where the source is a git repository."""
    supply: Counts
    """Candidates."""
    figures: dict[str, int]
    ends: Counts = msgspec.field(default_factory=dict)
    """Kind that is made of commits → `commits` and `candidates`."""


class SurveyReport(Survey, frozen=True, kw_only=True):
    """That, and what cannot become a task."""

    rejections: tuple[Rejection, ...]


class Order(Value, frozen=True, kw_only=True):
    """What one state of a repository is asked for."""

    spec: RepoSpec
    tree: str
    wanted: Counts
    passed: Counts
    """Candidates to pass over."""


class Tally(Value, frozen=True, kw_only=True):
    """How much an order brought."""

    made: Counts
    passed: Counts
    """Candidates looked at so far."""
    ends: Counts = msgspec.field(default_factory=dict)
    """Kind that is made of commits → step (`funnel.STEPS`) → how many came to it and no further."""


class Signatures(Value, frozen=True, kw_only=True):
    """What is read of a delivery to find duplicates."""

    order: dict[str, dict[str, tuple[str, ...]]]
    """Kind → stratum → ids of the tasks."""
    signatures: dict[str, dict[str, Signature]]
    """Kind → id of a task → signature; empty where duplicates are kept."""


class Delivery(Tally, frozen=True, kw_only=True):
    """What an order brought."""

    tasks: dict[str, dict[str, tuple[ValidatedTask, ...]]]
    """Kind → stratum → tasks."""
    order: dict[str, dict[str, tuple[str, ...]]] = msgspec.field(default_factory=dict)
    signatures: dict[str, dict[str, Signature]] = msgspec.field(default_factory=dict)
    """As in Signatures."""
    rejections: tuple[Rejection, ...]
    environments: tuple[Environment, ...]
    """Those of the tasks."""


class Account:
    """What one repository can give, has given and was looked at for; what was given lies elsewhere, by name."""

    def __init__(self, spec: RepoSpec, surveyed: Survey, kinds: Sequence[str], entry: str) -> None:
        self.spec = spec
        self.repo = surveyed.repo
        self.tree = surveyed.tree
        self.survey = entry
        """Where its survey lies."""
        self.deliveries: list[str] = []
        """Where its deliveries lie."""
        self.supply: Counts = {kind: dict(surveyed.supply[kind]) for kind in kinds}
        self.made: Counts = {kind: {} for kind in kinds}
        self.passed: Counts = {kind: {} for kind in kinds}

    def order(self, quotas: Mapping[str, Mapping[str, int]]) -> Order | None:
        """Return what is still wanted, or None.

        Some more is asked for than is needed: it fills what other repositories turn out to lack, and
        reading a repository once more costs more than proving a few tasks too many.
        """
        wanted = {
            kind: {s: _with_reserve(n - self.count(kind, s)) for s, n in strata.items() if n > self.count(kind, s)}
            for kind, strata in quotas.items()
        }
        wanted = {kind: strata for kind, strata in wanted.items() if strata}
        passed = {kind: dict(strata) for kind, strata in self.passed.items() if strata}
        return Order(spec=self.spec, tree=self.tree, wanted=wanted, passed=passed) if wanted else None

    def book(self, order: Order, tally: Tally, entry: str) -> None:
        """Record a delivery; where it brought less than was wanted, there is no more."""
        self.deliveries.append(entry)
        for kind, strata in order.wanted.items():
            self.passed[kind] = tally.passed[kind]
            for stratum, wanted in strata.items():
                made = tally.made[kind][stratum]
                self.made[kind][stratum] = self.count(kind, stratum) + made
                if made < wanted:
                    self.supply[kind][stratum] = self.count(kind, stratum)

    def count(self, kind: str, stratum: str) -> int:
        """Return how many tasks there are of a kind and stratum."""
        return self.made[kind].get(stratum, 0)

    def close(self) -> None:
        """Let what was made be all there is."""
        self.supply = {kind: dict(strata) for kind, strata in self.made.items()}


def quotas_of(accounts: Sequence[Account], options: Options) -> dict[str, Quotas]:
    """Return for each kind what each account is to give, by its place in the list."""
    # By place: two entries may be states of one repository.
    return {
        kind: plan({place(i): a.supply[kind] for i, a in enumerate(accounts)}, options.total, options.per_repo)
        for kind in options.kinds
    }


def place(number: int) -> str:
    """Return the name under which an account is planned for; names sort as numbers do."""
    return f"{number:09}"


def orders_of(accounts: Sequence[Account], options: Options) -> list[tuple[Account, Order]]:
    """Return what is to be ordered next."""
    quotas = quotas_of(accounts, options)
    orders = []
    for i, account in enumerate(accounts):
        order = account.order({kind: quotas[kind][place(i)] for kind in options.kinds})
        if order is not None:
            orders.append((account, order))
    return orders


def shortfalls_of(quotas: dict[str, Quotas], accounts: Sequence[Account], options: Options) -> tuple[Shortfall, ...]:
    """Say where there are fewer tasks than asked for: of a kind, and of a stratum that has less than its share."""
    found: list[Shortfall] = []
    if options.total is None:
        return ()
    for kind in options.kinds:
        strata: Counter[str] = Counter()
        for i, account in enumerate(accounts):
            strata.update(dict.fromkeys(account.passed[kind], 0))
            strata.update(quotas[kind][place(i)])
        if strata.total() < options.total:
            found.append(Shortfall(kind=kind, wanted=options.total, found=strata.total()))
        share = options.total // max(len(strata), 1)
        found += [
            Shortfall(kind=kind, subject=stratum, wanted=share, found=count)
            for stratum, count in sorted(strata.items())
            if count < share
        ]
    return tuple(found)


def _with_reserve(missing: int) -> int:
    return missing + missing // RESERVE + 1
