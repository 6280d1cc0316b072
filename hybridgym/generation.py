"""repos.yaml → suite: the pipeline over many repositories.

First every repository is surveyed, which counts its candidates. From the counts follow quotas, spread
evenly over repositories and strata. Then each repository proves candidates until its quota is full;
what one lacks, others are asked for. What a repository brought lies in the journal, not in memory.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import partial
from itertools import chain, islice
from pathlib import Path
from shutil import disk_usage
from tempfile import gettempdir
from typing import Final, TypeVar

import msgspec
from msgspec.structs import replace as replaced

from hybridgym import __version__
from hybridgym.duplicates import LOWEST, Seen
from hybridgym.environments import Environment
from hybridgym.errors import HybridGymError, UsageError
from hybridgym.executors import Executor, Failure, Local
from hybridgym.executors.base import U
from hybridgym.funnel import funnel_of
from hybridgym.journal import FOLDER, Journal, name_of, pack, unpack
from hybridgym.llm import Endpoint, check_model
from hybridgym.orders import (
    Account,
    Counts,
    Delivery,
    Signatures,
    Survey,
    SurveyReport,
    Tally,
    orders_of,
    place,
    quotas_of,
    shortfalls_of,
)
from hybridgym.orders import Options as Options
from hybridgym.pipeline import (
    template_for,
)
from hybridgym.progress import Ended, Reporter
from hybridgym.render import Template
from hybridgym.rows import SHARD_ROWS
from hybridgym.specs import RepoSpec, SourceKind
from hybridgym.suite import KindInfo, Run, Shortfall, SuiteInfo, read_info, write_parts
from hybridgym.task import Rejection, Task, ValidatedTask, Value
from hybridgym.tasks import kind_named
from hybridgym.unfinished import claimed
from hybridgym.units import FULL, Parcel, Workshop, deliver, survey

ANSWERS: Final = ".llm"
"""Folder inside of a suite's that keeps what a language model was asked for it, and what that cost."""

V = TypeVar("V")

_ROOM: Final = 2 * 2**30
"""Bytes that are free where nobody can have meant it."""


def generate(
    specs: Sequence[RepoSpec],
    out: Path,
    options: Options,
    *,
    cache: Path,
    jobs: int = 1,
    executor: Executor | None = None,
    endpoint: Endpoint | None = None,
    with_sources: bool = True,
    shard_rows: int = SHARD_ROWS,
    overwrite: bool = False,
    progress: Reporter | None = None,
) -> SuiteInfo:
    """Turn repositories into a suite's folder; what goes wrong with one is a rejection.

    `executor` runs the units of work instead of `jobs` processes of this machine. Whatever ends this, the same call
    goes on from there. `endpoint` is where the model of the options is asked; what it answers stays in a folder of the
    suite's, ANSWERS, so that the same is not asked again. Raises UsageError where kinds, settings, model or `out`
    cannot be used, before any repository is read, and HybridGymError where the disk is full.
    """
    options = replaced(options, kinds=tuple(dict.fromkeys(options.kinds)))
    templates = {name: template_for(name, options.settings.get(name)) for name in options.kinds}
    _check_model(options, templates.values(), endpoint)
    if options.similarity is not None and not LOWEST <= options.similarity <= 1:
        message = f"near duplicates: expected {LOWEST} to 1, found {options.similarity}"
        raise UsageError(message)
    command = name_of("suite", (list(specs), options, with_sources, shard_rows))
    workshop = Workshop(
        options=options, cache=cache, with_sources=with_sources, endpoint=endpoint, answers=out.absolute() / ANSWERS
    )
    with claimed(out, overwrite, command) as unfinished:
        if not unfinished.is_written:
            journal = Journal(unfinished.folder / FOLDER)
            making = _Making(workshop, journal, executor or Local(jobs), progress or Reporter())
            making.survey(specs)
            making.collect()
            making.choose()
            info = Run(
                hybridgym=__version__,
                seed=options.seed,
                kinds={name: _kind_info(template) for name, template in templates.items()},
                shortfalls=making.shortfalls(),
                graph=dict(making.figures),
                funnel=making.funnel(),
                excluded_repositories={one.name: len(one.repositories) for one in options.scope.excluded},
                created_after=options.scope.created_after,
                created_before=options.scope.created_before,
                near_duplicates=options.similarity,
                test_share=options.test_share,
                model=msgspec.to_builtins(options.model),
            )
            write_parts(
                unfinished,
                making.tasks(),
                run=info,
                environments=making.environments(),
                sources=making.snapshot if with_sources else None,
                rejections=making.rejections(),
                shard_rows=shard_rows,
            )
        unfinished.publish()
    return read_info(out)


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


class _Making:
    """A suite that is being made: what its repositories can give and gave, by entries of the journal."""

    def __init__(self, workshop: Workshop, journal: Journal, executor: Executor, tell: Reporter) -> None:
        self._workshop = workshop
        self._options = workshop.options
        self._journal = journal
        self._executor = executor
        self._tell = tell
        self._accounts: list[Account] = []
        self._failed: list[Rejection] = []
        self.figures: Counter[str] = Counter()
        self._ends: list[Counts] = []
        self._duplicates: set[tuple[str, int, str]] = set()
        """Kind, place of the repository and id."""

    def survey(self, specs: Sequence[RepoSpec]) -> None:
        """Survey all repositories; each state of a repository counts once."""
        self._tell.begin("reading repositories", len(specs))
        options = self._options
        # A line may move, and what lies in a folder may change, without another name of the entry.
        parts = [(replaced(spec, line=0), options.kinds, options.settings, options.scope) for spec in specs]
        names = [name_of("survey", part) for part in parts]
        fresh = {number for number, spec in enumerate(specs) if spec.kind is SourceKind.DIRECTORY}
        found: dict[int, Survey] = {}
        for number, result in self._run(partial(survey, workshop=self._workshop), specs, names, fresh):
            if isinstance(result, Failure):
                self._fail(specs[number], specs[number].location, result)
            else:
                found[number] = self._entry(names[number], Survey)
                self._tell.advance(Ended(repo=found[number].repo, is_remembered=result))
        first: dict[tuple[str, str], int] = {}
        for number in sorted(found):
            surveyed, spec = found[number], specs[number]
            state = (surveyed.repo, surveyed.tree)
            if first.setdefault(state, number) != number:
                detail = f"line {spec.line} and line {specs[first[state]].line} name the same state"
                self._failed.append(Rejection(repo=state[0], stage="source", reason="named twice", detail=detail))
            else:
                # A branch may move; what is delivered is of the state that was surveyed.
                spec = replaced(spec, revision=surveyed.commit) if surveyed.commit else spec
                self._accounts.append(Account(spec, surveyed, options.kinds, names[number]))
                self.figures.update(surveyed.figures)
                self._ends.append(surveyed.ends)

    def collect(self) -> None:
        """Order tasks until every quota is filled or nothing is left."""
        options = self._options
        # What all of its quotas follow from is in the order itself.
        decisive = replaced(options, total=None, per_repo=None, test_share=0.0), self._workshop.with_sources
        while orders := orders_of(self._accounts, options):
            self._tell.begin("making tasks", len(orders))
            units = [order for _, order in orders]
            names = [
                name_of("delivery", (replaced(order, spec=replaced(order.spec, line=0)), decisive)) for order in units
            ]
            for number, result in self._run(partial(deliver, workshop=self._workshop), units, names):
                account, order = orders[number]
                if isinstance(result, Failure):
                    self._fail(account.spec, account.repo, result)
                    account.close()
                else:
                    tally = self._entry(names[number], Tally)
                    made = sum(sum(strata.values()) for strata in tally.made.values())
                    tried = sum(sum(strata.values()) for strata in tally.passed.values()) - sum(
                        sum(order.passed.get(kind, {}).values()) for kind in tally.passed
                    )
                    account.book(order, tally, names[number])
                    self._ends.append(tally.ends)
                    self._tell.advance(
                        Ended(repo=account.repo, tasks=made, rejections=tried - made, is_remembered=result)
                    )
        for account in self._accounts:
            account.close()
        # Quotas moved while supplies turned out smaller, so some repositories were asked for more than their share.
        self._quotas = quotas_of(self._accounts, options)

    def choose(self) -> None:
        """Leave out tasks that are duplicates of earlier ones; what was made beyond the quotas takes their places."""
        if self._options.similarity is None:
            return
        for kind in self._options.kinds:
            seen = Seen(self._options.similarity)
            for i, account in enumerate(self._accounts):
                quotas = self._quotas[kind][place(i)]
                deliveries = [self._entry(name, Signatures) for name in account.deliveries]
                signatures = {id_: of for one in deliveries for id_, of in one.signatures.get(kind, {}).items()}
                for stratum, wanted in quotas.items():
                    kept = 0
                    ids = chain.from_iterable(one.order.get(kind, {}).get(stratum, ()) for one in deliveries)
                    for id_ in ids:
                        if kept == wanted:
                            break
                        if original := seen.original(id_, signatures[id_]):
                            self._duplicates.add((kind, i, id_))
                            self._failed.append(_duplicate(account.repo, kind, id_, original))
                        else:
                            kept += 1
                    quotas[stratum] = kept

    def funnel(self) -> Counts:
        """Return how many came to each step, of each kind that is made of commits."""
        kinds = sorted({kind for ends in self._ends for kind in ends})
        return {kind: funnel_of(ends.get(kind, {}) for ends in self._ends) for kind in kinds}

    def shortfalls(self) -> tuple[Shortfall, ...]:
        """Say where there are fewer tasks than asked for."""
        return shortfalls_of(self._quotas, self._accounts, self._options)

    def tasks(self) -> Iterator[ValidatedTask]:
        """Yield the tasks of the suite, one repository after the other."""
        # Only what is of the same repository can be the same task: of two kinds, or of a past that two states share.
        to_come = Counter(account.repo for account in self._accounts)
        seen_of: dict[str, set[str]] = {}
        for i, account in enumerate(self._accounts):
            seen = seen_of.setdefault(account.repo, set())
            to_come[account.repo] -= 1
            if not to_come[account.repo]:
                del seen_of[account.repo]
            before = frozenset(seen)
            deliveries = [self._entry(name, Delivery).tasks for name in account.deliveries]
            for kind in self._options.kinds:
                for stratum, wanted in self._quotas[kind][place(i)].items():
                    made = chain.from_iterable(tasks.get(kind, {}).get(stratum, ()) for tasks in deliveries)
                    left = (task for task in made if (kind, i, task.instance_id) not in self._duplicates)
                    for task in islice(left, wanted):
                        if task.instance_id in seen:
                            by = "entry" if task.instance_id in before else "kind"
                            self._failed.append(_made_already(by, kind, task))
                        else:
                            seen.add(task.instance_id)
                            yield task

    def rejections(self) -> Iterator[Rejection]:
        """Yield what did not become a task; what two kinds made is known once the tasks were read."""
        yield from self._failed
        for account in self._accounts:
            yield from self._entry(account.survey, SurveyReport).rejections
            for name in account.deliveries:
                yield from self._entry(name, Delivery).rejections

    def environments(self) -> Iterator[Environment]:
        """Yield the environments of tasks that were made."""
        for account in self._accounts:
            for name in account.deliveries:
                yield from self._entry(name, Delivery).environments

    def snapshot(self, tree: str) -> bytes:
        """Return the packed source of a tree id."""
        found = self._journal.read(_snapshot(tree))
        assert found is not None, tree
        return found

    def _run(
        self, work: Callable[[U], Parcel], units: Sequence[U], names: Sequence[str], fresh: Set[int] = frozenset()
    ) -> Iterator[tuple[int, bool | Failure]]:
        """Run the units that the journal has no entry of; yield each with whether it had one, or why there is none."""
        waiting = []
        for number, name in enumerate(names):
            known = None if number in fresh else self._known(name)
            if known is None:
                waiting.append(number)
            else:
                yield number, known
        for i, result in self._executor.run(work, [units[number] for number in waiting]):
            number = waiting[i]
            if isinstance(result, Failure):
                self._refuse_full_disk(result.reason)
                if result.was_ended:
                    self._journal.write(self._failure(names[number]), pack(_Failed(reason=result.reason)))
                yield number, result
                continue
            for tree, snapshot in result.snapshots.items():
                self._journal.write(_snapshot(tree), snapshot)
            self._journal.write(names[number], result.content)
            yield number, False

    def _known(self, name: str) -> bool | Failure | None:
        """Return that the journal has an entry, or why there is none to be had; None where it knows nothing."""
        if self._journal.read(name) is not None:
            return True
        failed = self._journal.read(self._failure(name))
        if failed is None:
            return None
        reason = msgspec.json.decode(unpack(failed), type=_Failed).reason
        return Failure(reason, is_known=False, was_ended=True)

    def _failure(self, name: str) -> str:
        """Return the name of the entry that says why there is no entry of a name; other limits give other ones."""
        return name_of("failure", (name, self._executor.limits))

    def _entry(self, name: str, shape: type[V]) -> V:
        content = self._journal.read(name)
        assert content is not None, name
        return msgspec.json.decode(unpack(content), type=shape)

    def _fail(self, spec: RepoSpec, repo: str, failure: Failure) -> None:
        self._tell.advance(Ended(repo=repo, rejections=1, failure=failure.reason))
        self._failed.append(
            Rejection(
                repo=spec.repo or spec.location,
                stage="source",
                reason="source cannot be read" if failure.is_known else "worker failed",
                subject=f"{spec.location} {spec.revision}".rstrip(),
                detail=failure.reason,
            )
        )

    def _refuse_full_disk(self, reason: str) -> None:
        """Raise HybridGymError where the disk is full: that is nothing to reject a repository for."""
        if FULL not in reason:
            return
        for folder in (self._workshop.cache, Path(gettempdir())):
            if disk_usage(folder).free < _ROOM:
                message = f"{folder}: the disk is full; make room, and give the same command again: {reason}"
                raise HybridGymError(message)


class _Failed(Value, frozen=True, kw_only=True):
    """Why a unit was given up."""

    reason: str


def _snapshot(tree: str) -> str:
    return f"snapshot-{tree}"


def _duplicate(repo: str, kind: str, instance_id: str, original: str) -> Rejection:
    """Say that a task is too much like an earlier one."""
    return Rejection(
        repo=repo, stage=kind, reason="a duplicate of another task", subject=instance_id, detail=f"of {original}"
    )


def _made_already(by: str, kind: str, task: Task) -> Rejection:
    """Say that one task was made twice: by a kind and a variant of it, or of two entries with one past."""
    return Rejection(repo=task.repo, stage=kind, reason=f"another {by} made it", subject=task.instance_id)


def _kind_info(template: Template) -> KindInfo:
    checker = kind_named(template.declaration.kind).checker_version
    return KindInfo(version=template.declaration.version, checker_version=checker, knobs=template.settings)
