"""Counts of what a graph and a compiler agree on, and every disagreement."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from benchmarks.compilers.attribution import Attribution, Callees
from benchmarks.compilers.witness import Reach, WitnessedCall
from benchmarks.scores import Tasks
from hybridgym.facts import Kind
from hybridgym.resolve import DefinitionKey, Outcome, Resolution

Answers = Mapping[str, list[Resolution]]
"""Source path → for each reference of the file, in order, what it is said to call."""


class Score(msgspec.Struct, frozen=True):
    """Counts of one method that add up over packages."""

    emitted: int = 0
    """Dependency-search tasks made."""
    known: int = 0
    """Of those, tasks all of whose calls the compiler attributes."""
    exact: int = 0
    """Of those, tasks whose answer is exactly what the compiler says, no call in them being open."""
    predicted: int = 0
    """Sites with a definition as the answer, of those that the compiler attributes."""
    right: int = 0
    """Of those, sites that reach it and nothing else."""
    sites: int = 0
    """Sites that reach one definition of the repository."""
    left: int = 0
    """Sites said to leave the repository, of those that the compiler attributes."""
    left_wrongly: int = 0
    """Of those, sites that reach a definition of the repository or may do so."""
    seconds: float = 0.0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            *(a + b for a, b in zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True))
        )


class Gap(msgspec.Struct, frozen=True):
    """A reason for which sites stay unresolved, and what a rule for it could gain."""

    sites: int = 0
    reached: int = 0
    """Of those, sites that reach one definition of the repository."""
    open: int = 0
    """Of those, sites that are open to the compiler as well."""
    functions: int = 0
    """Functions that could be targets and are open for this reason alone."""

    def __add__(self, other: "Gap") -> "Gap":
        return Gap(*(a + b for a, b in zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)))


class Disagreement(NamedTuple):
    """A site at which the answer is not what the compiler says."""

    path: str
    line: int
    call: str
    answer: str
    compiler: str
    is_miss: bool
    """There is no answer, and the compiler has one: that costs tasks and makes none wrong."""


def own_answers(attribution: Attribution) -> Answers:
    """Return hybridgym's resolutions."""
    return {path: attribution.graph.resolutions(path) for path in attribution.sources}


def unique_names(attribution: Attribution) -> Answers:
    """Return the one definition of the sources that has the name that is called, if it is the only one."""
    graph, ours = attribution.graph, frozenset(attribution.sources)
    named: dict[str, list[DefinitionKey]] = defaultdict(list)
    for key in graph.definition_keys():
        if key.path in ours:
            named[graph.definition(key).name].append(key)

    def answer(path: str) -> Resolution:
        found = named.get(path.rstrip("!").rpartition(".")[2].rpartition(":")[2], [])
        only = found[0] if len(found) == 1 else None
        return Resolution(Outcome.RESOLVED if only else Outcome.BUILTIN, only, "unique name")

    return {path: [answer(r.path) for r in graph.files[path].references] for path in attribution.sources}


def tasks_of(attribution: Attribution, answers: Answers, targets: Iterable[DefinitionKey]) -> Tasks:
    """Return the tasks that answers give without asking whether a target is closed, as Hybrid-Gym makes them."""
    tasks: dict[DefinitionKey, Callees] = {}
    for key in targets:
        said = (answers[key.path][number].target for number in attribution.references(key))
        callees = attribution.outside(key, {target for target in said if target is not None})
        if 1 <= len(callees) <= 5:
            tasks[key] = callees
    return tasks


def score(attribution: Attribution, answers: Answers, tasks: Tasks, seconds: float) -> Score:
    """Count tasks and sites that agree with the compiler."""
    counts: Counter[str] = Counter()
    for key, answer in tasks.items():
        truth = attribution.truth(key)
        counts["known"] += truth is not None
        counts["exact"] += truth is not None and not truth.open and truth.callees == answer
    for _, _, resolution, call in sites(attribution, answers):
        target = attribution.target(call)
        is_left = resolution.outcome in (Outcome.EXTERNAL, Outcome.BUILTIN)
        counts["predicted"] += resolution.target is not None
        counts["right"] += resolution.target is not None and resolution.target == target
        counts["sites"] += call.outcome is Reach.REPOSITORY
        counts["left"] += is_left
        counts["left_wrongly"] += is_left and call.outcome in (Reach.REPOSITORY, Reach.OPEN)
    return Score(
        emitted=len(tasks),
        known=counts["known"],
        exact=counts["exact"],
        predicted=counts["predicted"],
        right=counts["right"],
        sites=counts["sites"],
        left=counts["left"],
        left_wrongly=counts["left_wrongly"],
        seconds=seconds,
    )


def sites(attribution: Attribution, answers: Answers) -> Iterator[tuple[str, int, Resolution, WitnessedCall]]:
    """Yield path, number of the reference, answer and the compiler's word for each site that it attributes."""
    for path in attribution.sources:
        references = attribution.graph.files[path].references
        for number, (reference, resolution) in enumerate(zip(references, answers[path], strict=True)):
            call = attribution.call(path, reference)
            if call is not None:
                yield path, number, resolution, call


def disagreements(attribution: Attribution) -> list[Disagreement]:
    """Return the sites whose resolution is not what the compiler says."""
    graph = attribution.graph
    found = []
    for path, number, resolution, call in sites(attribution, own_answers(attribution)):
        target = attribution.target(call)
        reached = graph.id(target) if target is not None else f"{call.outcome} {call.why} {call.name}".strip()
        if resolution.outcome is Outcome.UNRESOLVED:
            is_wrong = call.outcome is Reach.REPOSITORY
            answer = f"? {resolution.detail}"
        elif resolution.target is not None:
            is_wrong = resolution.target != target
            answer = f"{graph.id(resolution.target)} [{resolution.detail}]"
        else:
            is_wrong = call.outcome in (Reach.REPOSITORY, Reach.OPEN)
            answer = f"{resolution.outcome} {resolution.detail}"
        if is_wrong:
            reference = graph.files[path].references[number]
            is_miss = resolution.outcome is Outcome.UNRESOLVED
            found.append(Disagreement(path, reference.row + 1, reference.path, answer, reached, is_miss))
    return found


def wrong_tasks(attribution: Attribution, tasks: Tasks) -> list[str]:
    """Return a line for each task whose answer is not what the compiler says."""
    graph, lines = attribution.graph, []
    for key, answer in sorted(tasks.items()):
        truth = attribution.truth(key)
        if truth is not None and (truth.open or truth.callees != answer):
            extra = "".join(f" +{graph.id(k)}" for k in sorted(answer - truth.callees))
            missing = "".join(f" -{graph.id(k)}" for k in sorted(truth.callees - answer))
            lines.append(f"{graph.id(key)}:{' open' if truth.open else ''}{extra}{missing}")
    return lines


class Openness(NamedTuple):
    """How much stays open, and why."""

    gaps: dict[str, Gap]
    closed: int
    possible: int
    """Functions all of whose calls the compiler attributes, none being open, and that call one to five definitions."""


def openness(attribution: Attribution, targets: Iterable[DefinitionKey]) -> Openness:
    """Count why sites stay unresolved and functions open."""
    graph = attribution.graph
    gaps: dict[str, Gap] = {}

    def add(reason: str, gap: Gap) -> None:
        gaps[reason] = gaps.get(reason, Gap()) + gap

    for path in attribution.sources:
        for reference, resolution in zip(graph.files[path].references, graph.resolutions(path), strict=True):
            if resolution.outcome is Outcome.UNRESOLVED:
                call = attribution.call(path, reference)
                outcome = call.outcome if call is not None else None
                add(resolution.detail, Gap(1, int(outcome is Reach.REPOSITORY), int(outcome is Reach.OPEN)))
    closed = possible = 0
    for key in targets:
        reasons = set(graph.calls(key).unresolved)
        closed += not reasons
        if len(reasons) == 1:
            add(reasons.pop(), Gap(functions=1))
        truth = attribution.truth(key)
        possible += truth is not None and not truth.open and 1 <= len(truth.callees) <= 5
    return Openness(gaps, closed, possible)


def functions(attribution: Attribution, keys: Iterable[DefinitionKey]) -> list[DefinitionKey]:
    """Return those definitions that are functions or methods of the sources."""
    ours = frozenset(attribution.sources)
    return [k for k in keys if k.path in ours and attribution.graph.definition(k).kind is not Kind.CLASS]
