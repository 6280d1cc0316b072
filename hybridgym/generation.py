"""repos.yaml → suite: the pipeline over many repositories.

First every repository is surveyed, which counts its candidates. From the counts follow quotas, spread
evenly over repositories and strata. Then each repository proves candidates until its quota is full;
what one lacks, others are asked for.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from hybridgym import __version__
from hybridgym.environments import DEFAULT_BASE, Environment
from hybridgym.errors import UsageError
from hybridgym.executors import Failure, run
from hybridgym.funnel import funnel_of, reached
from hybridgym.llm import Endpoint, Model, ModelSettings, check_model
from hybridgym.pipeline import (
    candidates,
    context_of,
    environment_of,
    past_of,
    state_of,
    template_for,
    unparsed,
    validated,
)
from hybridgym.progress import Reporter
from hybridgym.quotas import Quotas, plan
from hybridgym.render import Template, template_named
from hybridgym.snapshots import pack
from hybridgym.source import Source, load_source
from hybridgym.specs import RepoSpec
from hybridgym.suite import KindInfo, Run, Shortfall, SuiteInfo, refuse_foreign, write_suite
from hybridgym.task import Candidate, Rejection, Task, ValidatedTask, Value
from hybridgym.tasks import kind_named
from hybridgym.tasks.base import RepoContext
from hybridgym.validation import Validator

ANSWERS = ".llm"
"""Folder inside of a suite's that keeps what a language model was asked for it, and what that cost."""
RESERVE = 4
"""One task more is made for so many that are wanted, and at least one."""


Ends = dict[str, dict[str, int]]
"""Kind that is made of commits → step → how many came to it and no further."""


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
    model: ModelSettings | None = None
    """The language model that writes descriptions instead of what documentation says; None for none."""


class Survey(Value, frozen=True, kw_only=True):
    """What a repository could give, counted before anything is rendered or proven."""

    repo: str
    tree: str
    supply: dict[str, dict[str, int]]
    """Kind → stratum → candidates."""
    rejections: tuple[Rejection, ...]
    figures: dict[str, int]
    funnel: Ends
    """`commits` and `candidates`."""


class Order(Value, frozen=True, kw_only=True):
    """What one repository is asked for: kind → stratum → how many, and how many candidates to pass over."""

    spec: RepoSpec
    wanted: dict[str, dict[str, int]]
    passed: dict[str, dict[str, int]]


class Delivery(Value, frozen=True, kw_only=True):
    """What an order brought."""

    made: dict[str, dict[str, tuple[ValidatedTask, ...]]]
    """Kind → stratum → tasks."""
    rejections: tuple[Rejection, ...]
    passed: dict[str, dict[str, int]]
    """Kind → stratum → candidates looked at so far."""
    environments: tuple[Environment, ...]
    """Those of the tasks."""
    funnel: Ends


class _Workshop(Value, frozen=True, kw_only=True):
    """What every unit of work needs."""

    options: Options
    cache: Path
    snapshots: Path
    """Folder that gets the packed sources of the repositories that gave tasks."""
    endpoint: Endpoint | None
    answers: Path
    """Folder of what a language model was asked and has answered."""

    def describer(self) -> Model | None:
        """Return the language model that descriptions are asked of."""
        if self.options.model is None or self.endpoint is None:
            return None
        return Model(self.options.model, self.endpoint, self.answers)


def generate(
    specs: Sequence[RepoSpec],
    out: Path,
    options: Options,
    *,
    cache: Path,
    jobs: int = 1,
    endpoint: Endpoint | None = None,
    with_sources: bool = True,
    overwrite: bool = False,
    progress: Reporter | None = None,
) -> SuiteInfo:
    """Turn repositories into a suite's folder; what goes wrong with one is a rejection.

    `endpoint` is where the model of the options is asked. What it answers stays in a folder of the suite's, ANSWERS,
    so that the same is not asked again. Raises UsageError where kinds, settings, model or `out` cannot be used,
    before any repository is read.
    """
    options = msgspec.structs.replace(options, kinds=tuple(dict.fromkeys(options.kinds)))
    templates = {name: template_for(name, options.settings.get(name)) for name in options.kinds}
    _check_model(options, templates.values(), endpoint)
    refuse_foreign(out, overwrite)
    out.parent.mkdir(parents=True, exist_ok=True)
    tell = progress or Reporter()
    with TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as folder:
        workshop = _Workshop(
            options=options, cache=cache, snapshots=Path(folder), endpoint=endpoint, answers=out / ANSWERS
        )
        surveyed, rejections = _surveyed(specs, workshop, jobs, tell)
        tasks, more, shortfalls, environments, ends = _collected(surveyed, workshop, jobs, tell)
        info = Run(
            hybridgym=__version__,
            seed=options.seed,
            kinds={name: _kind_info(template) for name, template in templates.items()},
            shortfalls=shortfalls,
            graph=_added(survey.figures for _, survey in surveyed),
            funnel=_funnels([*(survey.funnel for _, survey in surveyed), *ends]),
            model=msgspec.to_builtins(options.model),
        )
        return write_suite(
            out,
            tasks,
            run=info,
            environments=environments,
            sources=(lambda tree: (workshop.snapshots / tree).read_bytes()) if with_sources else None,
            rejections=[*rejections, *more],
            overwrite=overwrite,
        )


def _check_model(options: Options, templates: Iterable[Template], endpoint: Endpoint | None) -> None:
    """Raise UsageError where a language model is named that could not be asked for anything."""
    if options.model is None:
        return
    if endpoint is None:
        message = f"language model {options.model.name}: expected an endpoint, found none"
        raise UsageError(message)
    check_model(options.model, endpoint)
    kinds = [template.declaration.kind for template in templates]
    if not any(kind_named(kind).describes_targets for kind in kinds):
        message = f"language model: expected a kind that describes its targets, found {', '.join(kinds)}"
        raise UsageError(message)


# Units of work: what a worker does for one repository


def survey(spec: RepoSpec, workshop: _Workshop) -> Survey:
    """Count what a repository could give."""
    source = load_source(spec, workshop.cache)
    repo = context_of(source, workshop.cache)
    unfit = _furnished(repo, source, spec, workshop)
    supply: dict[str, dict[str, int]] = {}
    funnel: dict[str, dict[str, int]] = {}
    rejections = [*source.rejections, *unfit]
    skipped = Counter({f"file skipped: {reason}": count for reason, count in source.skipped.items()})
    skipped.update(unparsed(source, repo.graph))
    for name in workshop.options.kinds:
        template = template_named(name, workshop.options.settings.get(name))
        strata: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        for candidate in candidates(repo, template):
            if isinstance(candidate, Rejection):
                reasons[candidate.reason] += 1
            else:
                strata[candidate.stratum] += 1
        supply[name] = dict(sorted(strata.items()))
        if kind_named(template.declaration.kind).needs_history:
            funnel[name] = {"commits": strata.total() + reasons.total(), "candidates": strata.total()}
        rejections += _counted(source.repo, name, reasons)
    rejections += _counted(source.repo, "file", skipped)
    summary = repo.graph.summary()
    figures = {
        "repositories": 1,
        "bytes": sum(len(source.files[path].data) for path in repo.graph.files),
        "files": summary.files,
        "definitions": summary.definitions,
        "references": summary.references,
        **{outcome: summary.outcomes.get(outcome, 0) for outcome in ("resolved", "external", "builtin", "unresolved")},
        "functions": summary.functions,
        "closed": summary.closed,
    }
    return Survey(
        repo=source.repo,
        tree=source.tree_id,
        supply=supply,
        rejections=tuple(rejections),
        figures=figures,
        funnel=funnel,
    )


def deliver(order: Order, workshop: _Workshop) -> Delivery:
    """Prove candidates of one repository, in an order of their own, until what is wanted is there."""
    options = workshop.options
    source = load_source(order.spec, workshop.cache)
    repo = context_of(source, workshop.cache)
    _furnished(repo, source, order.spec, workshop)
    repo.describer = workshop.describer()
    used: set[Environment] = set()
    rejections: list[Rejection] = []
    passed: dict[str, dict[str, int]] = {}
    made: dict[str, dict[str, tuple[ValidatedTask, ...]]] = {}
    funnel: dict[str, dict[str, int]] = {}
    for name, strata in order.wanted.items():
        template = template_named(name, options.settings.get(name))
        passed[name] = dict(order.passed.get(name, {}))
        made[name] = {}
        steps: Counter[str] = Counter()
        prove = _prover(repo, source, template, workshop, used)
        ordered = _in_order(candidates(repo, template), options.seed)
        for stratum, wanted in strata.items():
            found: list[ValidatedTask] = []
            for candidate in ordered.get(stratum, [])[passed[name].get(stratum, 0) :]:
                if len(found) >= wanted:
                    break
                passed[name][stratum] = passed[name].get(stratum, 0) + 1
                task = prove(candidate)
                steps[reached(task)] += 1
                if isinstance(task, Rejection):
                    rejections.append(task)
                else:
                    found.append(task)
            made[name][stratum] = tuple(found)
        if kind_named(template.declaration.kind).needs_history:
            funnel[name] = dict(steps)
    environments = tuple(sorted(used, key=lambda e: e.id))
    return Delivery(made=made, rejections=tuple(rejections), passed=passed, environments=environments, funnel=funnel)


def _prover(
    repo: RepoContext, source: Source, template: Template, workshop: _Workshop, used: set[Environment]
) -> Callable[[Candidate], ValidatedTask | Rejection]:
    """Return what proves candidates of one kind; environments of tasks are added to `used`."""
    kind = kind_named(template.declaration.kind)
    own = Validator(repo, kind)

    def prove(candidate: Candidate) -> ValidatedTask | Rejection:
        state = state_of(candidate, repo, source)
        if isinstance(state, Rejection):
            return state
        validator = own if state[0] is repo else Validator(state[0], kind)
        environment = environment_of(state[0], kind, workshop.options.base_image)
        task = validated(*state, validator, candidate, template, environment.id)
        if isinstance(task, ValidatedTask):
            used.add(environment)
            snapshot = workshop.snapshots / task.source
            if not snapshot.exists():
                snapshot.write_bytes(pack(state[1].files))
        return task

    return prove


def _furnished(repo: RepoContext, source: Source, spec: RepoSpec, workshop: _Workshop) -> list[Rejection]:
    """Add what kinds need beside the graph: the past, and what tests say; return why there is nothing to find out."""
    templates = [template_named(name, workshop.options.settings.get(name)) for name in workshop.options.kinds]
    kinds = [kind_named(template.declaration.kind) for template in templates]
    if any(kind.needs_history for kind in kinds):
        repo.past = past_of(spec, source, workshop.cache)
    if not any(kind.needs_tests and not kind.needs_history for kind in kinds):
        return []
    from hybridgym.trials import trial_of  # loads the runtimes, which kinds that edits decide do without

    trial = trial_of(source, repo.graph, spec.environment, workshop.cache)
    if isinstance(trial, Rejection):
        return [trial]
    repo.trial = trial
    return []


def _in_order(found: Iterable[Candidate | Rejection], seed: int) -> dict[str, list[Candidate]]:
    """Return the candidates of each stratum, spread over modules, otherwise in an order that the seed decides."""

    def place(candidate: Candidate) -> bytes:
        return hashlib.sha256(f"{seed}:{candidate.kind}:{' '.join(candidate.targets)}".encode()).digest()

    rank_in_module: Counter[tuple[str, str]] = Counter()
    ranked: dict[str, list[tuple[int, bytes, Candidate]]] = {}
    for candidate in sorted((c for c in found if isinstance(c, Candidate)), key=place):
        rank_in_module[candidate.stratum, candidate.module] += 1
        rank = rank_in_module[candidate.stratum, candidate.module]
        ranked.setdefault(candidate.stratum, []).append((rank, place(candidate), candidate))
    return {stratum: [c for _, _, c in sorted(rows, key=lambda r: r[:2])] for stratum, rows in ranked.items()}


# All repositories


def _surveyed(
    specs: Sequence[RepoSpec], workshop: _Workshop, jobs: int, tell: Reporter
) -> tuple[list[tuple[RepoSpec, Survey]], list[Rejection]]:
    """Survey all repositories; each state of a repository counts once."""
    tell.begin("reading repositories", len(specs))
    found: dict[int, Survey] = {}
    rejections: list[Rejection] = []
    for number, result in run(partial(survey, workshop=workshop), specs, jobs):
        if isinstance(result, Failure):
            tell.advance(f"{specs[number].location}: {result.reason}")
            rejections.append(_failed(specs[number], result))
        else:
            tell.advance(result.repo)
            found[number] = result
    first: dict[tuple[str, str], int] = {}
    for number in sorted(found):
        state = (found[number].repo, found[number].tree)
        if first.setdefault(state, number) != number:
            detail = f"line {specs[number].line} and line {specs[first[state]].line} name the same state"
            rejections.append(Rejection(repo=state[0], stage="source", reason="named twice", detail=detail))
    kept = [(specs[number], found[number]) for number in sorted(first.values())]
    return kept, rejections + [r for _, s in kept for r in s.rejections]


class _Account:
    """What one repository can give, has given and was looked at for."""

    def __init__(self, spec: RepoSpec, surveyed: Survey, kinds: Sequence[str]) -> None:
        self.spec = spec
        self.repo = surveyed.repo
        self.supply = {kind: dict(surveyed.supply[kind]) for kind in kinds}
        self.made: dict[str, dict[str, list[ValidatedTask]]] = {kind: {} for kind in kinds}
        self.passed: dict[str, dict[str, int]] = {kind: {} for kind in kinds}

    def order(self, quotas: dict[str, dict[str, int]]) -> Order | None:
        """Return what is still wanted, or None.

        Some more is asked for than is needed: it fills what other repositories turn out to lack, and
        reading a repository once more costs more than proving a few tasks too many.
        """
        wanted = {
            kind: {s: _with_reserve(n - self.count(kind, s)) for s, n in strata.items() if n > self.count(kind, s)}
            for kind, strata in quotas.items()
        }
        wanted = {kind: strata for kind, strata in wanted.items() if strata}
        return Order(spec=self.spec, wanted=wanted, passed=self.passed) if wanted else None

    def book(self, order: Order, delivery: Delivery) -> None:
        """Record a delivery; where it brought less than was wanted, there is no more."""
        for kind, strata in order.wanted.items():
            self.passed[kind] = delivery.passed[kind]
            for stratum, wanted in strata.items():
                made = delivery.made[kind][stratum]
                self.made[kind].setdefault(stratum, []).extend(made)
                if len(made) < wanted:
                    self.supply[kind][stratum] = self.count(kind, stratum)

    def count(self, kind: str, stratum: str) -> int:
        """Return how many tasks there are of a kind and stratum."""
        return len(self.made[kind].get(stratum, ()))

    def close(self) -> None:
        """Let what was made be all there is."""
        self.supply = {kind: {s: len(tasks) for s, tasks in strata.items()} for kind, strata in self.made.items()}


def _collected(
    surveyed: Sequence[tuple[RepoSpec, Survey]], workshop: _Workshop, jobs: int, tell: Reporter
) -> tuple[list[ValidatedTask], list[Rejection], tuple[Shortfall, ...], set[Environment], list[Ends]]:
    """Order tasks until every quota is filled or nothing is left."""
    ends: list[Ends] = []
    options = workshop.options
    # Accounts go by place in the list: two entries may be states of one repository.
    accounts = {f"{i:06}": _Account(spec, s, options.kinds) for i, (spec, s) in enumerate(surveyed)}
    rejections: list[Rejection] = []
    environments: set[Environment] = set()
    while orders := _orders(accounts, options):
        tell.begin("making tasks", len(orders))
        for number, result in run(partial(deliver, workshop=workshop), [order for _, order in orders], jobs):
            account, order = orders[number]
            if isinstance(result, Failure):
                tell.advance(f"{account.repo}: {result.reason}")
                rejections.append(_failed(account.spec, result))
                account.close()
            else:
                tell.advance(f"{account.repo}: {sum(map(len, _tasks_of(result)))} tasks")
                rejections += result.rejections
                environments.update(result.environments)
                ends.append(result.funnel)
                account.book(order, result)
    for account in accounts.values():
        account.close()
    # Quotas moved while supplies turned out smaller, so some repositories were asked for more than their share.
    quotas = _quotas(accounts, options)
    tasks: dict[str, ValidatedTask] = {}
    for i, account in accounts.items():
        for kind in options.kinds:
            for stratum, wanted in quotas[kind][i].items():
                chosen = account.made[kind][stratum][:wanted]
                rejections += [_made_already(kind, task) for task in chosen if task.instance_id in tasks]
                for task in chosen:
                    tasks.setdefault(task.instance_id, task)
    return list(tasks.values()), rejections, _shortfalls(quotas, accounts, options), environments, ends


def _made_already(kind: str, task: Task) -> Rejection:
    """Say that two kinds made one task, as a kind and a variant of it can."""
    return Rejection(repo=task.repo, stage=kind, reason="another kind made it", subject=task.instance_id)


def _with_reserve(missing: int) -> int:
    return missing + missing // RESERVE + 1


def _tasks_of(delivery: Delivery) -> Iterator[tuple[ValidatedTask, ...]]:
    for strata in delivery.made.values():
        yield from strata.values()


def _quotas(accounts: dict[str, _Account], options: Options) -> dict[str, Quotas]:
    return {
        kind: plan({i: a.supply[kind] for i, a in accounts.items()}, options.total, options.per_repo)
        for kind in options.kinds
    }


def _orders(accounts: dict[str, _Account], options: Options) -> list[tuple[_Account, Order]]:
    quotas = _quotas(accounts, options)
    orders = []
    for i, account in accounts.items():
        order = account.order({kind: quotas[kind][i] for kind in options.kinds})
        if order is not None:
            orders.append((account, order))
    return orders


def _shortfalls(quotas: dict[str, Quotas], accounts: dict[str, _Account], options: Options) -> tuple[Shortfall, ...]:
    """Say where there are fewer tasks than asked for: of a kind, and of a stratum that has less than its share."""
    found: list[Shortfall] = []
    if options.total is None:
        return ()
    for kind in options.kinds:
        strata: Counter[str] = Counter()
        for i, account in accounts.items():
            strata.update(dict.fromkeys(account.passed[kind], 0))
            strata.update(quotas[kind][i])
        if strata.total() < options.total:
            found.append(Shortfall(kind=kind, wanted=options.total, found=strata.total()))
        share = options.total // max(len(strata), 1)
        found += [
            Shortfall(kind=kind, subject=stratum, wanted=share, found=count)
            for stratum, count in sorted(strata.items())
            if count < share
        ]
    return tuple(found)


def _failed(spec: RepoSpec, failure: Failure) -> Rejection:
    return Rejection(
        repo=spec.repo or spec.location,
        stage="source",
        reason="source cannot be read" if failure.is_known else "worker failed",
        subject=f"{spec.location} {spec.revision}".rstrip(),
        detail=failure.reason,
    )


def _counted(repo: str, stage: str, reasons: Counter[str]) -> list[Rejection]:
    return [Rejection(repo=repo, stage=stage, reason=r, count=n) for r, n in sorted(reasons.items())]


def _kind_info(template: Template) -> KindInfo:
    checker = kind_named(template.declaration.kind).checker_version
    return KindInfo(version=template.declaration.version, checker_version=checker, knobs=template.settings)


def _funnels(ends: Sequence[Ends]) -> dict[str, dict[str, int]]:
    """Return how many came to each step, of each kind that is made of commits."""
    kinds = sorted({kind for end in ends for kind in end})
    return {kind: funnel_of(end.get(kind, {}) for end in ends) for kind in kinds}


def _added(figures: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in figures:
        total.update(one)
    return dict(total)
