"""Answers beside what ran: counts, and every disagreement."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import msgspec

from benchmarks.witness import NOTHING, Answers, Callees, Witness
from hybridgym.resolve import DefinitionKey, Outcome
from hybridgym.tasks.base import RepoContext


class Score(msgspec.Struct, frozen=True):
    """Counts that add up over packages."""

    emitted: int = 0
    """Dependency-search tasks made."""
    ran: int = 0
    """Of those, tasks all of whose call sites ran."""
    exact: int = 0
    """Of those, tasks whose answer is exactly what was called."""
    shared: int = 0
    """Of those, tasks in which a call also reached a function or class of the tests: wrong, if tests counted."""
    predicted: int = 0
    """Answers in the repository at sites that ran, each definition of each site counted."""
    reached: int = 0
    """Definitions of the repository that sites reached, counted likewise."""
    right: int = 0
    """Both."""
    sites: int = 0
    """Sites that reached a definition of the repository."""
    found: int = 0
    """Of those, sites with an answer that was reached."""
    seconds: float = 0.0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            *(a + b for a, b in zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True))
        )


class Gap(msgspec.Struct, frozen=True):
    """A reason for which sites stay unresolved, and what a rule for it could gain."""

    sites: int = 0
    reached: int = 0
    """Of those, sites that ran and reached a definition of the repository."""
    functions: int = 0
    """Functions that could be targets and are open for this reason alone."""

    def __add__(self, other: "Gap") -> "Gap":
        return Gap(self.sites + other.sites, self.reached + other.reached, self.functions + other.functions)


class Disagreement(msgspec.Struct, frozen=True):
    """A site at which a definite answer is not what ran."""

    package: str
    path: str
    line: int
    call: str
    answer: list[str]
    """Ids of definitions, or the kind of a place outside the repository."""
    how: str
    executed: list[str]
    tasks: list[str]
    """Ids of the targets of wrong tasks that this site is part of."""


Tasks = Mapping[DefinitionKey, Callees]
"""Targets and their answers."""


def own_tasks(repo: RepoContext, languages: Collection[str]) -> Tasks:
    """Return the tasks that the template of dependency search makes by default of files in some languages."""
    from hybridgym.render import template_named
    from hybridgym.task import Candidate
    from hybridgym.tasks import kind_named

    template = template_named("dependency_search")
    made = kind_named("dependency_search").candidates(repo, template)
    by_id = repo.graph.by_id
    return {
        by_id[c.targets[0]]: frozenset(by_id[i] for i in c.answer["dependencies"])
        for c in made
        if isinstance(c, Candidate) and c.language in languages
    }


def selected(repo: RepoContext, languages: Collection[str]) -> list[DefinitionKey]:
    """Return what the template of dependency search lets be a target in files in some languages."""
    from hybridgym.render import template_named

    template, graph = template_named("dependency_search"), repo.graph
    return [
        key
        for key in graph.definition_keys()
        if graph.files[key.path].language in languages and not template.selects(graph.attributes(key))
    ]


def peer_tasks(witness: Witness, answers: Answers, targets: Iterable[DefinitionKey]) -> Tasks:
    """Return the tasks that answers give without asking whether a target is closed, as Hybrid-Gym makes them."""
    tasks = {}
    for key in targets:
        union = NOTHING.union(*(answers[key.path][number] for number in witness.references(key)))
        callees = witness.outside(key, union)
        if 1 <= len(callees) <= 5:
            tasks[key] = callees
    return tasks


def score(witness: Witness, answers: Answers, tasks: Tasks, seconds: float) -> Score:
    """Count tasks and sites that agree with what ran."""
    ran = {key: called for key in tasks if (called := witness.callees(key)) is not None}
    counts: Counter[str] = Counter()
    for path in witness.sources:
        for reference, answer in zip(witness.graph.files[path].references, answers[path], strict=True):
            reached = witness.reached(path, reference)
            if reached is None:
                continue
            counts["predicted"] += len(answer)
            counts["reached"] += len(reached)
            counts["right"] += len(answer & reached)
            counts["sites"] += bool(reached)
            counts["found"] += bool(answer & reached)
    exact = [key for key, called in ran.items() if tasks[key] == called]
    return Score(
        emitted=len(tasks),
        ran=len(ran),
        exact=len(exact),
        shared=sum(witness.is_shared(key) for key in exact),
        predicted=counts["predicted"],
        reached=counts["reached"],
        right=counts["right"],
        sites=counts["sites"],
        found=counts["found"],
        seconds=seconds,
    )


def disagreements(package: str, witness: Witness, tasks: Tasks) -> list[Disagreement]:
    """Return the sites that ran and whose resolution is definite and not what was reached."""
    graph = witness.graph
    wrong = [k for k, answer in tasks.items() if (called := witness.callees(k)) is not None and called != answer]
    parts = {(key.path, number): graph.id(key) for key in wrong for number in witness.references(key)}
    found = []
    for path in witness.sources:
        pairs = zip(graph.files[path].references, graph.resolutions(path), strict=True)
        for number, (reference, resolution) in enumerate(pairs):
            reached = witness.reached(path, reference)
            answer = frozenset([resolution.target]) if resolution.target is not None else NOTHING
            if reached is None or resolution.outcome is Outcome.UNRESOLVED or answer == reached:
                continue
            task = parts.get((path, number))
            found.append(
                Disagreement(
                    package=package,
                    path=path,
                    line=reference.row + 1,
                    call=reference.path,
                    answer=[graph.id(k) for k in sorted(answer)] or [resolution.outcome.value],
                    how=resolution.detail,
                    executed=[graph.id(k) for k in sorted(reached)],
                    tasks=[task] if task is not None else [],
                )
            )
    return found


class Open(NamedTuple):
    """How much stays open, and why."""

    gaps: dict[str, Gap]
    selected: int
    closed: int


def openness(witness: Witness, targets: Iterable[DefinitionKey]) -> Open:
    """Count why sites stay unresolved and functions open."""
    graph = witness.graph
    gaps: dict[str, Gap] = {}

    def add(reason: str, gap: Gap) -> None:
        gaps[reason] = gaps.get(reason, Gap()) + gap

    for path in witness.sources:
        for reference, resolution in zip(graph.files[path].references, graph.resolutions(path), strict=True):
            if resolution.outcome is Outcome.UNRESOLVED:
                add(resolution.detail, Gap(sites=1, reached=int(bool(witness.reached(path, reference)))))
    count = closed = 0
    for key in targets:
        reasons = set(graph.calls(key).unresolved)
        count += 1
        closed += not reasons
        if len(reasons) == 1:
            add(reasons.pop(), Gap(functions=1))
    return Open(gaps, count, closed)
