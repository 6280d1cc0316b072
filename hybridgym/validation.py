"""Task → ValidatedTask | Rejection: nothing is published that was not proven."""

from collections.abc import Iterator
from functools import cached_property
from weakref import WeakKeyDictionary

from msgspec.structs import asdict

from hybridgym.difficulty import FIRST_HIT, difficulty_of, is_first_hit
from hybridgym.facts import Definition
from hybridgym.graph import RepoGraph
from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.resolve import DefinitionKey
from hybridgym.retrieval import Index, Ranking, own_text
from hybridgym.spoilers import mentions, spoilers
from hybridgym.task import Candidate, Evidence, NearMissResult, Rejection, Status, Task, Tree, ValidatedTask
from hybridgym.tasks.base import RepoContext, TaskKind, source_language
from hybridgym.texts import Corpus, words_of

GIVEN_AWAY = "the statement gives something away"
"""Why a task is rejected, or a row cannot be verified."""


_INDEXES: WeakKeyDictionary[RepoContext, Index] = WeakKeyDictionary()


class Validator:
    """Proves the tasks of one repository; its indexes are made when first needed."""

    def __init__(self, repo: RepoContext, kind: TaskKind) -> None:
        self._repo = repo
        self.kind = kind if repo.trial is None else kind.on(repo.trial.testbed)

    def refusal(self, candidate: Candidate, start: Tree) -> Rejection | None:
        """Return what speaks against a candidate before a task is made of it: its texts and its start state."""
        for reason, detail in self._text_problems(candidate, start):
            return self._rejected(candidate, reason, detail)
        problem = self.kind.start_problem(candidate, self._repo.files, start)
        return self._rejected(candidate, "start state", problem) if problem else None

    def validate(self, candidate: Candidate, task: Task, start: Tree) -> ValidatedTask | Rejection:
        """Return the proven task, or what the checker got wrong."""
        if said := given_away(self.kind, task, start):
            return self._rejected(candidate, GIVEN_AWAY, said)
        proof = prove(self.kind, task, start)
        if isinstance(proof, str):
            return self._rejected(candidate, "checker", proof)
        shortcoming = self.kind.shortcoming(proof.measured, candidate.knobs)
        if shortcoming is not None:
            return self._rejected(candidate, *shortcoming)
        sought = self.kind.sought(task)
        is_named = self.kind.needs_tests or self.kind.needs_history
        measured = difficulty_of(self.definitions, self._repo, candidate, task, sought, is_named=is_named)
        tags = {*task.tags, FIRST_HIT} if is_first_hit(measured, sought) else task.tags
        found = {"difficulty": {**task.difficulty, **measured}, "tags": tuple(sorted(tags))}
        return ValidatedTask(**{**asdict(task), **found}, evidence=proof)

    # texts

    def _text_problems(self, candidate: Candidate, start: Tree) -> Iterator[tuple[str, str]]:
        said = [*candidate.descriptions, *candidate.facts]
        for name in candidate.hidden:
            if any(mentions(text, name) for text in said):
                yield "the statement says a name", name
        yield from self._repetitions(candidate, start)
        for ranking in self._rankings(candidate):
            if ranking.rank > 1:
                yield "not unique", f"{self._name(ranking.runner_up_key)} fits the description better"
            elif ranking.runner_up > (1 - candidate.knobs["uniqueness"]) * ranking.score:
                yield "not unique", f"{self._name(ranking.runner_up_key)} fits the description nearly as well"

    def _repetitions(self, candidate: Candidate, start: Tree) -> Iterator[tuple[str, str]]:
        """Yield runs of eight words that stand elsewhere in the start state."""
        edited = {e.path: words_of(start[e.path].data) for e in candidate.start_edits}
        for text in (*candidate.removed, *candidate.descriptions):
            found = self.corpus.repeated_run(text, edited)
            if found:
                yield "its words stand elsewhere", f"{found[1]}: {found[0]}"

    def _rankings(self, candidate: Candidate) -> Iterator[Ranking]:
        for target, description in zip(candidate.targets, candidate.descriptions, strict=False):
            yield self.definitions.rank(description, self._repo.graph.by_id[target])

    @cached_property
    def corpus(self) -> Corpus:
        """The words of the whole repository."""
        return Corpus(self._repo.files)

    @cached_property
    def definitions(self) -> Index:
        """BM25 over all definitions that are not tests; one for all kinds."""
        if self._repo not in _INDEXES:
            _INDEXES[self._repo] = Index(documents(self._repo.graph, self._repo.files))
        return _INDEXES[self._repo]

    def _name(self, key: DefinitionKey | None) -> str:
        return self._repo.graph.id(key) if key is not None else "nothing"

    def _rejected(self, candidate: Candidate, reason: str, detail: str) -> Rejection:
        subject = " ".join(candidate.targets)
        return Rejection(repo=self._repo.repo, stage=candidate.kind, reason=reason, subject=subject, detail=detail)


def given_away(kind: TaskKind, task: Task, start: Tree) -> str:
    """Say what the statement of a task tells that its kind keeps secret; empty where it is nothing."""
    gold = apply_patch(start, task.patch.encode())
    if isinstance(gold, Refusal):
        return ""
    return "; ".join(map(str, spoilers(task.problem_statement, start, kind.secrets(task, gold))))


def prove(kind: TaskKind, task: Task, start: Tree) -> Evidence | str:
    """Show the checker the gold patch, the empty patch and the near misses; return what it said, or what is wrong."""
    gold = apply_patch(start, task.patch.encode())
    if isinstance(gold, Refusal):
        return f"the gold patch does not apply: {gold.reason}"
    if leak := kind.leak(task, start, gold):
        return f"its environment has a copy: {leak}"
    for _ in range(kind.repeats):
        solved = kind.check(task, start, gold)
        if not solved.resolved:
            return f"the gold patch is {solved.status}: {solved.reason}"
    empty = kind.check(task, start, ())
    if empty.resolved:
        return "the empty patch is resolved"
    misses = []
    for miss in kind.near_misses(task, start, gold):
        verdict = kind.check(task, start, miss.changes)
        if verdict.status in (Status.RESOLVED, Status.ERROR):
            return f"near miss ({miss.name}) is {verdict.status}"
        misses.append(NearMissResult(name=miss.name, status=verdict.status, reward=verdict.reward))
    measured = kind.measured(task, start, gold)
    return Evidence(gold=solved.status, empty=empty.status, near_misses=tuple(misses), measured=measured)


def documents(graph: RepoGraph, files: Tree) -> Iterator[tuple[DefinitionKey, bytes]]:
    """Yield each definition that is not a test with its own text, the definitions in it left out."""
    for path, facts in graph.files.items():
        if facts.language and source_language(path).is_test(path):
            continue
        children: dict[int, dict[int, int]] = {}
        for definition in facts.definitions:
            start, end = _extent(definition)
            children.setdefault(definition.parent, {})[start] = end
        data = files[path].data
        for number, definition in enumerate(facts.definitions):
            if "test" in definition.flags:
                continue
            text = own_text(data, _extent(definition), children.get(number, {}))
            yield DefinitionKey(path, number), text


def _extent(definition: Definition) -> tuple[int, int]:
    """Return from where to where a definition goes, documentation before it included."""
    documentation = definition.documentation
    start = definition.start if documentation is None else min(definition.start, documentation.start)
    return start, definition.end
