"""What a task kind is: it writes candidates with their answers, and reads the answers back to check."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from hybridgym.edits import apply_edits
from hybridgym.facts import Definition, Kind, Span
from hybridgym.languages import language_of
from hybridgym.languages.base import Language
from hybridgym.resolve import qualified_id
from hybridgym.sameness import compare
from hybridgym.snapshots import TreeHasher, commit_id
from hybridgym.spoilers import Secrets
from hybridgym.task import LINK, Candidate, Change, Edit, Rejection, Status, Task, Tree, Value, Verdict

if TYPE_CHECKING:
    from hybridgym.graph import RepoGraph
    from hybridgym.llm import Model
    from hybridgym.render import Template
    from hybridgym.resolve import DefinitionKey
    from hybridgym.tasks.commits import Past
    from hybridgym.testbeds import Testbed, Tested


MAX_REASONS = 20
"""That a verdict spells out; `details` has all."""


class RepoContext:
    """One repository as task kinds see it; what is costly is made when it is first asked for."""

    def __init__(self, repo: str, tree_id: str, files: Tree, graph: RepoGraph) -> None:
        self.repo = repo
        self.tree_id = tree_id
        self.files = files
        self.graph = graph
        self.trial: Trial | None = None
        self.past: Past | None = None
        self.describer: Model | None = None

    @cached_property
    def undocumented(self) -> int:
        """How many definitions outside tests have no documentation."""
        attributes = (self.graph.attributes(key) for key in self.graph.definition_keys())
        return sum(not a["documented"] and not a["test"] and not a["nested"] for a in attributes)

    @cached_property
    def definition_names(self) -> Counter[str]:
        """How many definitions have each name."""
        return Counter(d.name for facts in self.graph.files.values() for d in facts.definitions)

    @cached_property
    def callers(self) -> dict[DefinitionKey, tuple[str, ...]]:
        """Function → ids of the functions that call it, in their order; tests are none."""
        found: dict[DefinitionKey, list[str]] = {}
        for key in self.graph.definition_keys():
            attributes = self.graph.attributes(key)
            if attributes["kind"] == Kind.CLASS or attributes["test"]:
                continue
            for callee, _ in self.graph.calls(key).callees:
                found.setdefault(callee, []).append(self.graph.id(key))
        return {key: tuple(ids) for key, ids in found.items()}

    def start(self, edits: Sequence[Edit]) -> Tree:
        """Return the start state that some edits make."""
        return apply_edits(self.files, edits) if edits else self.files

    def start_commit(self, edits: Sequence[Edit]) -> str:
        """Return the id of the one commit of the start state that some edits make."""
        if not edits:
            return commit_id(self.tree_id)
        start = self.start(edits)
        return commit_id(self._hasher.with_files({e.path: start[e.path] for e in edits}))

    @cached_property
    def _hasher(self) -> TreeHasher:
        return TreeHasher(self.files)


class Trial(NamedTuple):
    """What is known of a repository's tests, and where more is found out."""

    tested: Tested
    testbed: Testbed
    python: str
    lock: str
    """A requirements file with hashes: with the version of Python, what the environment is made of."""


class NearMiss(Value, frozen=True, kw_only=True):
    """A wrong answer that lies close to a right one."""

    name: str
    changes: tuple[Change, ...]


class TaskKind(ABC):
    """Subclass it, name the subclass in `TASK_KINDS`, and add a folder of that name to task_templates."""

    name: ClassVar[str]
    checker_version: ClassVar[int]
    needs_tests: ClassVar[bool] = False
    """Whether a repository's tests have to run, to make tasks and to grade them."""
    needs_history: ClassVar[bool] = False
    """Whether tasks are made of a repository's commits: each starts from the state before one."""
    describes_targets: ClassVar[bool] = False
    """Whether its statements describe targets in words, which a language model can be asked for."""
    repeats: ClassVar[int] = 1
    """How often the gold patch has to be found right."""

    def check_knobs(self, knobs: Mapping[str, Any]) -> None:
        """Raise UsageError where a knob has a value that nothing can be made with."""
        return

    def select(self, repo: RepoContext, template: Template) -> Iterator[DefinitionKey]:
        """Yield the definitions that the template's selection lets be targets."""
        for key in repo.graph.definition_keys():
            if not template.selects(repo.graph.attributes(key)):
                yield key

    @abstractmethod
    def candidates(self, repo: RepoContext, template: Template) -> Iterator[Candidate | Rejection]:
        """Yield a candidate, or why there is none, for every selected definition."""

    @abstractmethod
    def candidate(self, repo: RepoContext, key: DefinitionKey, template: Template) -> Candidate | Rejection:
        """Return the candidate that has one definition as its target, or why there is none."""

    def described(self, candidate: Candidate, repo: RepoContext, model: Model) -> Candidate | Rejection:
        """Return a candidate whose descriptions a language model has written, or why it has none."""
        return candidate

    def prepared(self, candidate: Candidate, repo: RepoContext) -> Candidate | Rejection:
        """Return a candidate with what is too costly to find out of all, or why it gives no task."""
        return candidate

    def start_problem(self, candidate: Candidate, source: Tree, start: Tree) -> str:
        """Say what the start edits did besides taking documentation out; empty where they did nothing else."""
        undocumented: set[str] = set()
        for path in sorted({e.path for e in candidate.start_edits}):
            sameness = compare(source_language(path), source[path].data, start[path].data)
            if not sameness.same:
                return f"{path}: {sameness.reason}"
            for change in sameness.documentation:
                undocumented.add(qualified_id(path, change.qualname, change.ordinal))
        if candidate.start_edits and undocumented != set(candidate.targets):
            return f"documentation of {', '.join(sorted(undocumented))} was taken out"
        return ""

    def leak(self, task: Task, start: Tree, gold: Sequence[Change]) -> str:
        """Say where a copy of the answer lies in what the task runs in; empty where there is none."""
        return ""

    def secrets(self, task: Task, gold: Sequence[Change]) -> Secrets:
        """Return what the statement may not give away: here everything, whatever the statement is about."""
        return Secrets(
            gold=tuple(gold),
            paths=tuple(change.path for change in gold),
            tests=(*task.FAIL_TO_PASS, *task.PASS_TO_PASS),
            commits=(task.base_commit,),
        )

    def about(self, task: Task, repo: RepoContext) -> tuple[str, ...]:
        """Return what a task is about; of tasks that are duplicates of each other it is alike.

        Here the code of the targets that the answer names, or the gold patch where it names none.
        """
        return tuple(code_of(target, repo) for target in task.answer.get("targets", ())) or (task.patch,)

    def sought(self, task: Task) -> tuple[str, ...]:
        """Return the ids of the definitions that have to be found; none where the statement says which."""
        return tuple(task.answer.get("targets", ()))

    def measured(self, task: Task, start: Tree, gold: Sequence[Change]) -> dict[str, float | int]:
        """Return how well the checker tells right from wrong, where that has to be measured."""
        return {}

    def shortcoming(self, measured: Mapping[str, float | int], knobs: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return reason and detail where what was measured does not do."""
        return None

    def on(self, testbed: Testbed) -> Self:
        """Return this kind, with what runs tests."""
        return self

    @abstractmethod
    def gold(self, candidate: Candidate, source: Tree, start: Tree) -> Tree:
        """Return the state in which the task is solved."""

    @abstractmethod
    def near_misses(self, task: Task, start: Tree, gold: Sequence[Change]) -> Iterator[NearMiss]:
        """Yield wrong answers; the checker has to say `resolved` to none."""

    @abstractmethod
    def check(self, task: Task, start: Tree, changes: Sequence[Change]) -> Verdict:
        """Decide whether changes of the start state solve the task."""


def foreign_change(change: Change) -> str:
    """Say why a change is not an edit of an existing source file; empty where it is one."""
    if change.before is None:
        return f"{change.path}: a new file"
    if change.after is None:
        return f"{change.path}: the file was deleted"
    if change.before.mode != change.after.mode:
        return f"{change.path}: the file's mode changed from {change.before.mode} to {change.after.mode}"
    if change.before.mode == LINK:
        return f"{change.path}: a link changed"
    if language_of(change.path) is None:
        return f"{change.path}: not a source file"
    return ""


def code_of(target: str, repo: RepoContext) -> str:
    """Return the qualified name and the code of a definition, without its documentation."""
    key = repo.graph.by_id[target]
    definition, data = repo.graph.definition(key), repo.files[key.path].data
    documentation = definition.documentation or Span(definition.end, definition.end)
    first, last = max(documentation.start, definition.start), max(documentation.end, definition.start)
    code = data[definition.start : first] + data[last : definition.end]
    return f"{definition.qualname}\n{code.decode(errors='replace')}"


def source_language(path: str) -> type[Language]:
    """Return the language of a path that is known to be source."""
    language = language_of(path)
    assert language is not None, path
    return language


def spoken_language(path: str) -> str:
    """Return the name of the language whose part of a statement speaks of a path."""
    language = source_language(path)
    return language.family or language.name


def kind_in_words(definition: Definition) -> str:
    """Return what a definition is called in its language."""
    return definition.form or definition.kind.value


def edited_source(change: Change) -> tuple[type[Language], bytes, bytes]:
    """Return language, content before and content after of a change that is not foreign."""
    assert change.before is not None and change.after is not None, change.path
    return source_language(change.path), change.before.data, change.after.data


def f1(right: int, wrong: int, missing: int) -> float:
    """Return the harmonic mean of precision and recall of a marked set."""
    return round(2 * right / (2 * right + wrong + missing), 4) if right else 0.0


def tampered(task: Task, reason: str) -> Verdict:
    """Return the verdict on changes that the task does not allow."""
    return Verdict(instance_id=task.instance_id, status=Status.TAMPERED, reward=0.0, reason=reason)


def graded(task: Task, resolved: bool, reward: float, reasons: Sequence[str], details: dict[str, Any]) -> Verdict:
    """Return the verdict on an attempt that kept to the rules."""
    status = Status.RESOLVED if resolved else Status.UNRESOLVED
    more = len(reasons) - MAX_REASONS
    reason = "; ".join([*reasons[:MAX_REASONS], *([f"and {more} more"] if more > 0 else [])])
    return Verdict(instance_id=task.instance_id, status=status, reward=reward, reason=reason, details=details)
