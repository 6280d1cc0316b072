"""Dependency search: mark every definition of the repository that a function calls directly.

After Hybrid-Gym (arXiv 2602.16819, dependency search), with its sentence as the marker. What counts as
a call is the table in docs/dependencies.md. Only *closed* functions become tasks: every call in them
is resolved in the repository or proven to leave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from hybridgym.errors import UsageError
from hybridgym.languages import language_named
from hybridgym.spoilers import Secrets
from hybridgym.task import Candidate, Change, Rejection, Task, Tree, Value, Verdict
from hybridgym.tasks.base import (
    NearMiss,
    RepoContext,
    TaskKind,
    code_of,
    f1,
    graded,
    kind_in_words,
    spoken_language,
    tampered,
)
from hybridgym.tasks.marks import begins_its_line, definitions_of, marked, marked_and_more, marks_in, wrongly_marked

if TYPE_CHECKING:
    from hybridgym.render import Template
    from hybridgym.resolve import DefinitionKey

MARKER = "this function/class is called by the {name} function"
"""Hybrid-Gym's sentence."""


class Answer(Value, frozen=True, kw_only=True):
    """What the row's `answer` holds."""

    target: str
    """Id of the function whose calls are looked for."""
    marker: str
    """The line to add, without indentation."""
    dependencies: tuple[str, ...]
    """Ids of the definitions to mark, sorted."""
    how: dict[str, str]
    """Id → by which rule the call was resolved."""
    rows: dict[str, int] = msgspec.field(default_factory=dict)
    """Id → row of the start state, 0-based, that a mark of it stands directly above."""


class DependencySearch(TaskKind):
    """The answer is the set of callees in the call graph; the reward is the F1 of the marked set."""

    name = "dependency_search"
    checker_version = 1

    def check_knobs(self, knobs: Mapping[str, Any]) -> None:
        least, most = knobs["min_dependencies"], knobs["max_dependencies"]
        if not 1 <= least <= most:
            message = f"{self.name}: expected 1 <= min_dependencies <= max_dependencies, found {least} and {most}"
            raise UsageError(message)

    def candidates(self, repo: RepoContext, template: Template) -> Iterator[Candidate | Rejection]:
        for key in self.select(repo, template):
            yield self.candidate(repo, key, template)

    def candidate(self, repo: RepoContext, key: DefinitionKey, template: Template) -> Candidate | Rejection:
        graph, definition = repo.graph, repo.graph.definition(key)
        target = graph.id(key)
        calls = graph.calls(key)
        if calls.unresolved:
            return self._rejected(repo, "not closed", target, calls.unresolved[0])
        count, most = len(calls.callees), template.knobs["max_dependencies"]
        if count < template.knobs["min_dependencies"]:
            return self._rejected(repo, "too few dependencies", target, f"it calls {count}")
        if count > most:
            return self._rejected(repo, "too many dependencies", target, f"it calls {count}, more than {most}")
        broken = next((c.path for c, _ in calls.callees if "error" in graph.files[c.path].flags), "")
        if broken:
            return self._rejected(repo, "a dependency is in a file with syntax errors", target, broken)
        shared = next((graph.id(c) for c, _ in calls.callees if not self._begins_its_line(repo, c)), "")
        if shared:
            return self._rejected(repo, "a dependency begins behind other code on its line", target, shared)
        language = language_named(graph.files[key.path].language)
        marker = f"{language.comment_prefix} {MARKER.format(name=definition.name)}"
        answer = Answer(
            target=target,
            marker=marker,
            dependencies=tuple(sorted(graph.id(callee) for callee, _ in calls.callees)),
            how={graph.id(callee): how for callee, how in sorted(calls.callees)},
            rows={graph.id(callee): graph.definition(callee).first_row for callee, _ in sorted(calls.callees)},
        )
        return Candidate(
            kind=self.name,
            targets=(target,),
            module=key.path,
            stratum=str(count),
            language=language.name,
            context={
                "language": spoken_language(key.path),
                "marker": marker,
                "target": {
                    "kind": kind_in_words(definition),
                    "qualname": definition.qualname,
                    "path": key.path,
                    "line": definition.row + 1,
                },
            },
            answer=msgspec.to_builtins(answer),
            knobs=dict(template.knobs),
            difficulty=self._difficulty(repo, key, [callee for callee, _ in calls.callees]),
        )

    def gold(self, candidate: Candidate, source: Tree, start: Tree) -> Tree:
        answer = msgspec.convert(candidate.answer, Answer)
        return marked(start, answer.dependencies, answer.marker)

    def secrets(self, task: Task, gold: Sequence[Change]) -> Secrets:
        # The answer adds nothing but a line that the statement asks for. Of the files that get it, the statement names
        # the one that has the function whose calls are looked for.
        path = msgspec.convert(task.answer, Answer).target.partition("::")[0]
        return msgspec.structs.replace(super().secrets(task, gold), gold=(), said=(path,))

    def about(self, task: Task, repo: RepoContext) -> tuple[str, ...]:
        return (code_of(task.answer["target"], repo),)

    def sought(self, task: Task) -> tuple[str, ...]:
        return tuple(task.answer["dependencies"])

    def near_misses(self, task: Task, start: Tree, gold: Sequence[Change]) -> Iterator[NearMiss]:
        answer = msgspec.convert(task.answer, Answer)
        everything = self._ids_of_files(start, {d.partition("::")[0] for d in answer.dependencies})
        others = [i for i in everything if i not in answer.dependencies]
        wanted = answer.dependencies
        choices = {
            "one dependency missing": wanted[1:],
            "the neighbour instead": (*wanted[1:], *self._neighbour(everything, wanted)),
            "one definition too many": (*wanted, *others[:1]),
            "every definition of the files": everything,
        }
        yield from wrongly_marked(start, choices, wanted, answer.marker)
        yield from marked_and_more(start, gold)

    def check(self, task: Task, start: Tree, changes: Sequence[Change]) -> Verdict:
        answer = msgspec.convert(task.answer, Answer)
        reading = marks_in(changes, answer.marker, answer.rows)
        if reading.problem:
            return tampered(task, reading.problem)
        return self._graded(task, set(answer.dependencies), list(reading.marked), list(reading.strays))

    def _graded(self, task: Task, wanted: set[str], found: list[str], strays: list[str]) -> Verdict:
        marked_once = set(found)
        right = marked_once & wanted
        extra = sorted(marked_once - wanted)
        repeated = sorted(i for i in marked_once if found.count(i) > 1)
        wrong = len(extra) + len(found) - len(marked_once) + len(strays)
        missing = len(wanted) - len(right)
        reasons = [f"{len(right)} of {len(wanted)} dependencies are marked"]
        reasons += [f"{i} is marked, but it is not called" for i in extra]
        reasons += [f"{i} is marked more than once" for i in repeated]
        reasons += strays
        details = {"right": sorted(right), "missing": sorted(wanted - right), "extra": extra, "strays": strays}
        return graded(task, not wrong and not missing, f1(len(right), wrong, missing), reasons, details)

    def _ids_of_files(self, start: Tree, paths: set[str]) -> list[str]:
        return [i for path in sorted(paths) for i in definitions_of(path, start[path].data)]

    def _neighbour(self, everything: list[str], dependencies: tuple[str, ...]) -> list[str]:
        """Return the definition behind (or before) the first dependency that is not one itself."""
        place = everything.index(dependencies[0])
        around = everything[place + 1 :] + everything[:place][::-1]
        return [i for i in around if i not in dependencies][:1]

    def _difficulty(
        self, repo: RepoContext, key: DefinitionKey, callees: list[DefinitionKey]
    ) -> dict[str, float | int]:
        names = repo.definition_names
        return {
            "dependencies": len(callees),
            "files": len({c.path for c in callees}),
            "in_other_files": sum(c.path != key.path for c in callees),
            "definitions_of_those_names": sum(names[repo.graph.definition(c).name] for c in callees),
            "definitions_in_repository": names.total(),
        }

    def _begins_its_line(self, repo: RepoContext, key: DefinitionKey) -> bool:
        """Say whether a line of its own can be put above a definition."""
        data, start = repo.files[key.path].data, repo.graph.definition(key).start
        return begins_its_line(data, start)

    def _rejected(self, repo: RepoContext, reason: str, subject: str, detail: str) -> Rejection:
        return Rejection(repo=repo.repo, stage=self.name, reason=reason, subject=subject, detail=detail)
