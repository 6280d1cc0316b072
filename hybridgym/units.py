"""Units of work: what a worker does for one repository, and sends back."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace as replaced

from hybridgym.caches import write_whole
from hybridgym.duplicates import Signature, signature
from hybridgym.environments import Environment
from hybridgym.errors import SourceError
from hybridgym.exclusion import EXCLUDED, OUTSIDE
from hybridgym.funnel import reached
from hybridgym.journal import name_of, pack
from hybridgym.llm import Endpoint, Model
from hybridgym.orders import (
    Counts,
    Delivery,
    Order,
    SurveyReport,
)
from hybridgym.orders import Options as Options
from hybridgym.pipeline import (
    candidates,
    context_of,
    environment_of,
    past_of,
    state_of,
    unparsed,
    validated,
)
from hybridgym.render import Template, template_named
from hybridgym.snapshots import pack as packed
from hybridgym.source import Source, load_source
from hybridgym.specs import RepoSpec, SourceKind
from hybridgym.task import Candidate, Rejection, ValidatedTask, Value
from hybridgym.tasks import kind_named
from hybridgym.tasks.base import RepoContext
from hybridgym.validation import Validator

FULL: Final = "No space left on device"
"""What the C library says, and so Python, git and uv."""


class Workshop(Value, frozen=True, kw_only=True):
    """What every unit of work needs."""

    options: Options
    cache: Path
    with_sources: bool
    endpoint: Endpoint | None
    answers: Path
    """Folder of what a language model was asked and has answered."""

    def describer(self) -> Model | None:
        """Return the language model that descriptions are asked of."""
        if self.options.model is None or self.endpoint is None:
            return None
        return Model(self.options.model, self.endpoint, self.answers)


class Parcel(NamedTuple):
    """What a worker sends back."""

    content: bytes
    """A SurveyReport or a Delivery, packed."""
    snapshots: Mapping[str, bytes] = {}
    """Packed sources by tree id."""


def survey(spec: RepoSpec, workshop: Workshop) -> Parcel:
    """Count what a repository could give."""
    source = load_source(spec, workshop.cache)
    kinds, unwanted = _wanted_of(source, spec, workshop.options)
    if not kinds:
        return Parcel(pack(_nothing_of(source, workshop.options.kinds, unwanted)))
    repo = context_of(source, workshop.cache)
    unfit = _furnished(repo, source, spec, workshop)
    for rejection in unfit:
        if FULL in rejection.detail:  # nothing to say of the repository
            raise SourceError(rejection.detail)
    supply: Counts = {name: {} for name in workshop.options.kinds}
    ends: Counts = {}
    rejections = [*source.rejections, *unwanted, *unfit]
    skipped = Counter({f"file skipped: {reason}": count for reason, count in source.skipped.items()})
    skipped.update(unparsed(source, repo.graph))
    for name in kinds:
        template = template_named(name, workshop.options.settings.get(name))
        strata: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        for candidate in _in_time(candidates(repo, template), repo, workshop.options):
            if isinstance(candidate, Rejection):
                reasons[candidate.reason] += 1
            else:
                strata[candidate.stratum] += 1
        supply[name] = dict(sorted(strata.items()))
        if kind_named(template.declaration.kind).needs_history:
            ends[name] = {"commits": strata.total() + reasons.total(), "candidates": strata.total()}
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
    report = SurveyReport(
        repo=source.repo,
        tree=source.tree_id,
        commit=source.base_commit if spec.kind is SourceKind.GIT else "",
        supply=supply,
        rejections=tuple(rejections),
        figures=figures,
        ends=ends,
    )
    return Parcel(pack(report))


def _wanted_of(source: Source, spec: RepoSpec, options: Options) -> tuple[tuple[str, ...], list[Rejection]]:
    """Return the kinds that a state of a repository may give tasks of, and why not the others.

    Kinds that are made of commits start from other states, with dates of their own.
    """
    subject = f"{spec.location} {spec.revision}".rstrip()
    written = f"{spec.kind}/{spec.location.lower()}"
    names = source.repo, source.upstream, source.origin, spec.repo, spec.upstream, written
    if listed := options.scope.excludes(names):
        return (), [Rejection(repo=source.repo, stage="source", reason=EXCLUDED, subject=subject, detail=listed)]
    if misdated := options.scope.misdates(source.created_at):
        kinds = tuple(name for name in options.kinds if _is_made_of_commits(name, options))
        return kinds, [Rejection(repo=source.repo, stage="source", reason=OUTSIDE, subject=subject, detail=misdated)]
    return options.kinds, []


def _is_made_of_commits(name: str, options: Options) -> bool:
    return kind_named(template_named(name, options.settings.get(name)).declaration.kind).needs_history


def _nothing_of(source: Source, kinds: Iterable[str], rejections: Iterable[Rejection]) -> SurveyReport:
    """Return the survey of a repository that is not looked at."""
    return SurveyReport(
        repo=source.repo,
        tree=source.tree_id,
        commit="",
        supply={name: {} for name in kinds},
        rejections=tuple(rejections),
        figures={},
    )


def _in_time(
    found: Iterable[Candidate | Rejection], repo: RepoContext, options: Options
) -> Iterator[Candidate | Rejection]:
    """Yield candidates as they come, but for those that start from a commit of another time than is asked for."""
    for candidate in found:
        misdated = ""
        if isinstance(candidate, Candidate) and candidate.base and repo.past is not None and options.scope.has_dates:
            misdated = options.scope.misdates(repo.past.created_at(candidate.base))
        yield Rejection(repo=repo.repo, stage="commit", reason=OUTSIDE) if misdated else candidate


def deliver(order: Order, workshop: Workshop) -> Parcel:
    """Prove candidates of one repository, in an order of their own, until what is wanted is there."""
    options = workshop.options
    source = load_source(order.spec, workshop.cache)
    if source.tree_id != order.tree:
        message = f"{order.spec.location}: it changed while the suite was made, from {order.tree} to {source.tree_id}"
        raise SourceError(message)
    repo = context_of(source, workshop.cache)
    _furnished(repo, source, order.spec, workshop)
    repo.describer = workshop.describer()
    used: set[Environment] = set()
    snapshots: dict[str, bytes] = {}
    rejections: list[Rejection] = []
    passed: Counts = {}
    ends: Counts = {}
    tasks: dict[str, dict[str, tuple[ValidatedTask, ...]]] = {}
    signatures: dict[str, dict[str, Signature]] = {}
    for name, strata in order.wanted.items():
        prover = _Prover(repo, source, template_named(name, options.settings.get(name)), workshop)
        passed[name] = dict(order.passed.get(name, {}))
        tasks[name], signatures[name] = {}, {}
        steps: Counter[str] = Counter()
        ordered = in_order(_in_time(candidates(repo, prover.template), repo, options), options.seed)
        for stratum, wanted in strata.items():
            found: list[ValidatedTask] = []
            for candidate in ordered.get(stratum, [])[passed[name].get(stratum, 0) :]:
                if len(found) >= wanted:
                    break
                passed[name][stratum] = passed[name].get(stratum, 0) + 1
                task = prover.prove(candidate)
                steps[reached(task)] += 1
                if isinstance(task, Rejection):
                    rejections.append(task)
                else:
                    found.append(task)
                    if options.similarity is not None:
                        signatures[name][task.instance_id] = prover.signature(task)
                    used.add(prover.environment)
                    if workshop.with_sources and task.source not in snapshots:
                        snapshots[task.source] = packed(prover.source.files)
            tasks[name][stratum] = tuple(found)
        if prover.kind.needs_history:
            ends[name] = dict(steps)
    delivery = Delivery(
        made={name: {stratum: len(found) for stratum, found in strata.items()} for name, strata in tasks.items()},
        passed=passed,
        ends=ends,
        tasks=tasks,
        order={
            name: {stratum: tuple(task.instance_id for task in found) for stratum, found in strata.items()}
            for name, strata in tasks.items()
        },
        signatures=signatures,
        rejections=tuple(rejections),
        environments=tuple(sorted(used, key=lambda e: e.id)),
    )
    return Parcel(pack(delivery), snapshots)


class _Prover:
    """Proves the candidates of one repository and kind."""

    def __init__(self, repo: RepoContext, source: Source, template: Template, workshop: Workshop) -> None:
        self.template = template
        self.kind = kind_named(template.declaration.kind)
        self._origin = repo, source
        self._options = replaced(workshop.options, total=None, per_repo=None, seed=0, kinds=(), settings={})
        self._results = workshop.cache / "proven"
        self._set_out(repo, source)

    def prove(self, candidate: Candidate) -> ValidatedTask | Rejection:
        """Make a task of a candidate, or say why there is none; what tests took minutes to say is remembered.

        `source` and `environment` are those of the candidate from then on.
        """
        state = state_of(candidate, *self._origin)
        if isinstance(state, Rejection):
            return state
        if state[0] is not self._repo:
            self._set_out(*state)
        if not self._circumstances:
            return self._proven(candidate)
        place = self._results / f"{name_of(candidate.kind, (self._circumstances, candidate))}.json"
        try:
            known = msgspec.json.decode(place.read_bytes(), type=_Proven)
        except (OSError, msgspec.DecodeError):
            made = self._proven(candidate)
            known = _Proven(task=made) if isinstance(made, ValidatedTask) else _Proven(rejection=made)
            write_whole(place, msgspec.json.encode(known))
        found = known.task or known.rejection
        assert found is not None
        return found

    def signature(self, task: ValidatedTask) -> Signature:
        """Return by what the task that was proven last is compared with others."""
        return signature(self.kind.about(task, self._repo))

    def _set_out(self, repo: RepoContext, source: Source) -> None:
        """Start from a state of the repository."""
        self._repo, self.source = repo, source
        self._validator = Validator(repo, self.kind)
        self.environment = environment_of(repo, self.kind, self._options.base_image)
        self._circumstances = self._named() if repo.trial is not None and self.kind.needs_tests else ""

    def _proven(self, candidate: Candidate) -> ValidatedTask | Rejection:
        return validated(self._repo, self.source, self._validator, candidate, self.template, self.environment.id)

    def _named(self) -> str:
        """Name what decides the result, but for the candidate."""
        source, trial = self.source, self._repo.trial
        assert trial is not None
        about = source.repo, source.upstream, source.base_commit, source.license, source.created_at, source.tags
        template = self.template.name, self.template.settings, self._options
        parts = source.tree_id, about, template, self.environment, trial.tested, trial.testbed.runtime.name
        return name_of("circumstances", parts)


class _Proven(Value, frozen=True, kw_only=True):
    """What became of a candidate: one of the two."""

    task: ValidatedTask | None = None
    rejection: Rejection | None = None


def _furnished(repo: RepoContext, source: Source, spec: RepoSpec, workshop: Workshop) -> list[Rejection]:
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


def in_order(found: Iterable[Candidate | Rejection], seed: int) -> dict[str, list[Candidate]]:
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


def _counted(repo: str, stage: str, reasons: Counter[str]) -> list[Rejection]:
    return [Rejection(repo=repo, stage=stage, reason=r, count=n) for r, n in sorted(reasons.items())]
