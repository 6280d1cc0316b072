"""Function generation: write the body of a function again, so that the tests that run it pass.

After Hybrid-Gym (arXiv 2602.16819, function generation), whose tests are scripts beside the reference. Here they are
the repository's own, chosen by what they run, and only where they tell wrong bodies from right ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from hybridgym.diffs import changes as changes_between
from hybridgym.diffs import with_changes
from hybridgym.facts import Definition, Kind
from hybridgym.languages import language_of
from hybridgym.languages.python import Python
from hybridgym.parsing import parse_file
from hybridgym.resolve import DefinitionKey, definition_id
from hybridgym.spoilers import Secrets
from hybridgym.task import Candidate, Change, Edit, File, Rejection, Task, Tree
from hybridgym.tasks.base import NearMiss, RepoContext, source_language
from hybridgym.tasks.executable import ExecutableKind, answer_of, body_of, broken_module, definition_of, first_statement

if TYPE_CHECKING:
    from hybridgym.render import Template

STUB: Final = "raise NotImplementedError"


class FunctionGeneration(ExecutableKind):
    """The reward is the share of the failing tests that pass, as long as no other test fails."""

    name = "function_generation"
    checker_version = 1

    def candidate(self, repo: RepoContext, key: DefinitionKey, template: Template) -> Candidate | Rejection:
        definition, target = repo.graph.definition(key), repo.graph.id(key)

        def rejected(reason: str) -> Rejection:
            return Rejection(repo=repo.repo, stage=self.name, reason=reason, subject=target)

        running = self.running(repo, target)
        if isinstance(running, Rejection):
            return running
        if definition.documentation is None:
            return rejected("no documentation")
        path, data, body = body_of(repo.files, target)
        start = first_statement(data, body.start)
        if b"\n" not in data[body.start : start]:
            return rejected("its body shares a line with its documentation")
        digest = hashlib.sha256(data[start : body.end]).hexdigest()
        edit = Edit(path=path, start=start, end=body.end, old_sha256=digest, new=STUB)
        return Candidate(
            kind=self.name,
            targets=(target,),
            module=path,
            stratum="",
            language=repo.graph.files[path].language,
            context={
                "path": path if template.knobs["with_path"] else "",
                "name": definition.qualname,
                "kind": definition.kind.value,
                "row": definition.row + 1,
            },
            answer={},
            start_edits=(edit,),
            knobs=dict(template.knobs),
            difficulty={
                "lines": data.count(b"\n", start, body.end) + 1,
                "tests_that_run_it": len(running),
                "definitions_in_repository": repo.definition_names.total(),
            },
        )

    def prepared(self, candidate: Candidate, repo: RepoContext) -> Candidate | Rejection:
        return self.tried(candidate, repo)

    def start_problem(self, candidate: Candidate, source: Tree, start: Tree) -> str:
        [target] = candidate.targets
        path = target.partition("::")[0]
        changed = _changed_functions(target, source[path].data, start[path].data)
        return f"{changed} changed too" if changed else ""

    def forbidden(self, task: Task, start: Tree, changes: Sequence[Change]) -> str:
        [target] = answer_of(task).targets
        for change in changes:
            if change.before is None or language_of(change.path) is not Python:
                continue
            if change.after is None:
                return f"{change.path}: the file was deleted"
            changed = _changed_functions(target, change.before.data, change.after.data, change.path)
            if changed:
                return f"{changed}: only the body of {target} was to be written"
        return ""

    def secrets(self, task: Task, gold: Sequence[Change]) -> Secrets:
        # The statement names the function that is to be written, and where it is.
        said = tuple(target.partition("::")[0] for target in answer_of(task).targets)
        return msgspec.structs.replace(super().secrets(task, gold), said=said)

    def sought(self, task: Task) -> tuple[str, ...]:
        return ()  # The statement says where it is.

    def near_misses(self, task: Task, start: Tree, gold: Sequence[Change]) -> Iterator[NearMiss]:
        [target] = answer_of(task).targets
        path, data, body = body_of(start, target)
        definition = definition_of(start, target)
        bodies = [("returns nothing", "return None"), ("skips", "import pytest\n{indent}pytest.skip('later')")]
        names = [p.name for p in definition.parameters if p.name not in ("self", "cls") and not p.form]
        if names:
            bodies.append(("returns what it is given", f"return {names[0]}"))
        first = first_statement(data, body.start)
        indent = " " * (first - data.rfind(b"\n", 0, first) - 1)
        for name, text in bodies:
            new = data[:first] + text.format(indent=indent).encode() + data[body.end :]
            yield NearMiss(name=name, changes=changes_between(start, {**start, path: File(new, start[path].mode)}))
        yield broken_module(start, with_changes(start, gold), path)


def _changed_functions(target: str, before: bytes, after: bytes, path: str = "") -> str:
    """Return the id of a function of a file, other than the target's body, that is not what it was."""
    own = path or target.partition("::")[0]
    language = source_language(own)
    now: dict[str, bytes] = {}
    for definition in parse_file(language, after).definitions:
        now[definition_id(own, definition)] = _text(definition, after, target, own)
    for definition in parse_file(language, before).definitions:
        name = definition_id(own, definition)
        if definition.kind is Kind.CLASS or name.startswith(f"{target}."):
            continue
        if now.get(name) != _text(definition, before, target, own):
            return name
    return ""


def _text(definition: Definition, data: bytes, target: str, path: str) -> bytes:
    """Return the text that is to stay: of the target its head, of a function that holds it nothing."""
    name = definition_id(path, definition)
    if target.startswith(f"{name}."):
        return b""
    end = definition.body.start if name == target else definition.end
    return data[definition.start : end]
