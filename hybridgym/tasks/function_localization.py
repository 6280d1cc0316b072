"""Function localization: find the definition that a description fits, and document it.

After Hybrid-Gym (arXiv 2602.16819, function localization). The description is the definition's own
documentation with the names masked; the documentation is taken out of the start state.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from hybridgym.descriptions import MASK, MIN_CONTENT_WORDS, content_words, masked, prose_of
from hybridgym.diffs import changes as changes_between
from hybridgym.errors import UsageError
from hybridgym.facts import Definition
from hybridgym.languages import language_named
from hybridgym.parsing import parse_file
from hybridgym.resolve import DefinitionKey, definition_id, qualified_id
from hybridgym.sameness import DocumentationChange, compare
from hybridgym.spoilers import Secrets
from hybridgym.task import Candidate, Change, Edit, File, Rejection, Status, Task, Tree, Value, Verdict
from hybridgym.tasks.base import (
    NearMiss,
    RepoContext,
    TaskKind,
    edited_source,
    f1,
    foreign_change,
    graded,
    kind_in_words,
    source_language,
    spoken_language,
    tampered,
)
from hybridgym.tasks.facts_in_words import LEVELS, facts_in_words

if TYPE_CHECKING:
    from hybridgym.llm import Model
    from hybridgym.render import Template
    from hybridgym.writing import Described

MAX_EXTRA = 3
"""Documentation strings on this many other definitions still leave a reward; with more there is none."""
MIN_WORDS = 2
WRITTEN_TAG = "described_by_llm"
"""Tag of tasks whose description a language model has written."""
VERSION = re.compile(r"\d+\.\d+")
PLACEHOLDERS = frozenset({"todo", "fixme", "docstring", "documentation", "description", "xxx", "tbd", "placeholder"})


class Answer(Value, frozen=True, kw_only=True):
    """What the row's `answer` holds."""

    targets: tuple[str, ...]
    """Ids of the definitions to document."""
    judge: tuple[int, int] = (0, 0)
    """Lowest version of the language whose compiler can judge; an older one answers `error`."""


class FunctionLocalization(TaskKind):
    """The answer is a set of definitions; the reward is the F1 of the documented set."""

    name = "function_localization"
    checker_version = 1
    describes_targets = True

    def check_knobs(self, knobs: Mapping[str, Any]) -> None:
        for name, expected, is_good in (
            ("details", f"one of {', '.join(LEVELS)}", knobs["details"] in LEVELS),
            ("targets", "1 or more", knobs["targets"] >= 1),
            ("uniqueness", "0 or more and less than 1", 0 <= knobs["uniqueness"] < 1),
            ("python", "a version such as 3.11", VERSION.fullmatch(knobs["python"]) is not None),
        ):
            if not is_good:
                message = f"{self.name}.{name}: expected {expected}, found {knobs[name]!r}"
                raise UsageError(message)

    def candidates(self, repo: RepoContext, template: Template) -> Iterator[Candidate | Rejection]:
        waiting: dict[str, list[DefinitionKey]] = {}
        for key in self._spread(repo, template):
            single = self._describable(repo, key, template)
            if isinstance(single, Rejection):
                yield single
                continue
            together = waiting.setdefault(spoken_language(key.path), [])
            together.append(key)
            if len(together) == template.knobs["targets"]:
                yield self._of(repo, together, template)
                together.clear()

    def candidate(self, repo: RepoContext, key: DefinitionKey, template: Template) -> Candidate | Rejection:
        single = self._describable(repo, key, template)
        return single if isinstance(single, Rejection) else self._of(repo, [key], template)

    def described(self, candidate: Candidate, repo: RepoContext, model: Model) -> Candidate | Rejection:
        # These load templates and requests, which checking does without.
        from hybridgym.llm import NoAnswer
        from hybridgym.writing import written_description

        descriptions = []
        for number, target in enumerate(candidate.targets):
            subject, start, secrets = _to_describe(candidate, number, repo)
            written = written_description(model, subject, start, secrets)
            if isinstance(written, NoAnswer):
                reason = "the language model gave no description"
                return Rejection(repo=repo.repo, stage=self.name, reason=reason, subject=target, detail=written.reason)
            descriptions.append(written)
        shown = zip(candidate.context["targets"], descriptions, strict=True)
        targets = [{**target, "description": description} for target, description in shown]
        return msgspec.structs.replace(
            candidate,
            descriptions=tuple(descriptions),
            context={**candidate.context, "targets": targets},
            tags=(*candidate.tags, WRITTEN_TAG),
        )

    def gold(self, candidate: Candidate, source: Tree, start: Tree) -> Tree:
        return source

    def secrets(self, task: Task, gold: Sequence[Change]) -> Secrets:
        # What the answer adds is documentation, and the statement is made of it.
        return msgspec.structs.replace(super().secrets(task, gold), gold=())

    def near_misses(self, task: Task, start: Tree, gold: Sequence[Change]) -> Iterator[NearMiss]:
        solved = {c.path: c.after for c in gold if c.after is not None}
        first = min(solved)
        before, after = start[first].data, solved[first].data
        at = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
        line = before.rfind(b"\n", 0, at) + 1
        language = source_language(first)
        comment = f"{language.remark.format('documented here')}\n".encode()
        states: list[tuple[str, dict[str, File]]] = [
            ("a comment instead of documentation", {first: File(before[:line] + comment + before[line:])}),
            ("gold with a code edit", {**solved, first: File(after + f"\n{language.statement}\n".encode())}),
            ("gold with a new file", {**solved, f"notes_of_the_agent{language.suffixes[0]}": File(b"")}),
        ]
        neighbour = self._neighbour(task, first, before)
        if neighbour is not None:
            states.append(("the neighbour instead", {first: File(neighbour)}))
            both = self._neighbour(task, first, after)
            if both is not None:
                states.append(("gold and the neighbour", {**solved, first: File(both)}))
        if len(solved) > 1:
            states.append(("the targets of one file missing", {p: f for p, f in solved.items() if p != first}))
        for name, files in states:
            modes = {p: File(f.data, start[p].mode if p in start else f.mode) for p, f in files.items()}
            yield NearMiss(name=name, changes=changes_between(start, {**start, **modes}))

    def check(self, task: Task, start: Tree, changes: Sequence[Change]) -> Verdict:
        answer = msgspec.convert(task.answer, Answer)
        if not language_named(task.language).can_judge(answer.judge):
            needed = f"{task.language} {answer.judge[0]}.{answer.judge[1]}"
            reason = f"checking this task needs {needed} or newer"
            return Verdict(instance_id=task.instance_id, status=Status.ERROR, reward=0.0, reason=reason)
        documented: dict[str, str] = {}
        for change in changes:
            problem = foreign_change(change)
            if problem:
                return tampered(task, problem)
            language, before, after = edited_source(change)
            sameness = compare(language, before, after)
            if not sameness.same:
                where = f":{sameness.row + 1}" if sameness.row >= 0 else ""
                return tampered(task, f"{change.path}{where}: {sameness.reason}")
            for documentation in sameness.documentation:
                subject = _subject(change.path, documentation)
                is_stub = documentation.before is None or subject in answer.targets
                if documentation.after is None or not is_stub:
                    return tampered(task, f"{subject}: documentation that was there was changed or removed")
                documented[subject] = documentation.after
        return self._graded(task, answer.targets, documented)

    def _graded(self, task: Task, targets: Sequence[str], documented: dict[str, str]) -> Verdict:
        empty = {i for i in targets if i in documented and not says_something(documented[i])}
        right = sum(i in documented and i not in empty for i in targets)
        extra = sorted(set(documented) - set(targets))
        missing = len(targets) - right
        reasons = [f"{right} of {len(targets)} targets are documented"]
        if empty:
            reasons.append(f"the documentation of {len(empty)} says nothing: two words at least, no placeholder")
        reasons += [f"{i or 'the module'} was documented, but it is not what was described" for i in extra]
        reward = f1(right, len(extra), missing) if len(extra) <= MAX_EXTRA else 0.0
        if len(extra) > MAX_EXTRA:
            reasons.append(f"more than {MAX_EXTRA} other definitions were documented")
        return graded(task, not missing and not extra, reward, reasons, {"right": right, "extra": extra})

    # candidates

    def _spread(self, repo: RepoContext, template: Template) -> Iterator[DefinitionKey]:
        """Yield the selected definitions; for several targets in an order that puts different files together."""
        keys = list(self.select(repo, template))
        if template.knobs["targets"] > 1:
            keys.sort(key=lambda k: hashlib.sha256(repo.graph.id(k).encode()).digest())
        yield from keys

    def _describable(self, repo: RepoContext, key: DefinitionKey, template: Template) -> str | Rejection:
        """Return the description of a definition, or why it has none."""
        definition, data = repo.graph.definition(key), repo.files[key.path].data
        subject = repo.graph.id(key)

        def rejected(reason: str, detail: str = "") -> Rejection:
            return Rejection(repo=repo.repo, stage=self.name, reason=reason, subject=subject, detail=detail)

        if definition.documentation is None:
            return rejected("no documentation")
        if repo.undocumented < template.knobs["min_undocumented"]:
            return rejected("the only undocumented definition would be the target", f"{repo.undocumented} others")
        if self._is_redefined(repo, key):
            return rejected("defined more than once", definition.qualname)
        if any(d.rpartition(".")[2] in ("overload", "setter", "deleter") for d in definition.decorators):
            return rejected("an overload or a half of a property")
        newest = tuple(int(part) for part in str(template.knobs["python"]).split("."))
        version = repo.graph.files[key.path].version
        if version > newest:
            return rejected("needs a newer compiler to be judged", f"{version[0]}.{version[1]}")
        if source_language(key.path).removal(data, definition) is None:
            return rejected("documentation shares a line with code")
        obeyed = source_language(key.path).obeyed_line
        if obeyed is not None and obeyed.search(data[definition.documentation.start : definition.documentation.end]):
            return rejected("documentation that tools obey")
        description = self._description(repo, key)
        if len(content_words(description)) < MIN_CONTENT_WORDS:
            return rejected("description has too little content", description)
        return description

    def _is_redefined(self, repo: RepoContext, key: DefinitionKey) -> bool:
        qualname = repo.graph.definition(key).qualname
        return sum(d.qualname == qualname for d in repo.graph.files[key.path].definitions) > 1

    def _description(self, repo: RepoContext, key: DefinitionKey) -> str:
        definition = repo.graph.definition(key)
        prose = prose_of(documentation_text(repo, key), source_language(key.path).markup)
        return masked(prose, definition.name, _names_around(definition, key.path))

    def _of(self, repo: RepoContext, keys: Sequence[DefinitionKey], template: Template) -> Candidate:
        graph = repo.graph
        ids = tuple(graph.id(key) for key in keys)
        descriptions = tuple(self._description(repo, key) for key in keys)
        targets = [
            {
                "kind": kind_in_words(graph.definition(key)),
                "description": description,
                "facts": facts_in_words(repo, key, template.knobs["details"]),
            }
            for key, description in zip(keys, descriptions, strict=True)
        ]
        edits = [_removal_edit(key.path, repo.files[key.path].data, graph.definition(key)) for key in keys]
        hidden = {n for key in keys for n in (graph.definition(key).name, key.path)}
        return Candidate(
            kind=self.name,
            targets=ids,
            module=keys[0].path,
            stratum=str(graph.definition(keys[0]).kind),
            language=graph.files[keys[0].path].language,
            context={"targets": targets, "mask": MASK, "language": spoken_language(keys[0].path)},
            answer=msgspec.to_builtins(Answer(targets=ids, judge=max(graph.files[key.path].version for key in keys))),
            start_edits=tuple(sorted(edits, key=lambda e: (e.path, e.start))),
            descriptions=descriptions,
            facts=tuple(fact for target in targets for fact in target["facts"]),
            removed=tuple(documentation_text(repo, key) for key in keys),
            hidden=tuple(sorted(hidden)),
            knobs=dict(template.knobs),
            difficulty={
                "targets": len(keys),
                "undocumented_definitions": repo.undocumented,
                "definitions_in_repository": repo.definition_names.total(),
            },
        )

    def _neighbour(self, task: Task, path: str, data: bytes) -> bytes | None:
        """Return a file with documentation put on the first definition in it that is no target and has none."""
        answer = msgspec.convert(task.answer, Answer)
        language = source_language(path)
        for definition in parse_file(language, data).definitions:
            if definition_id(path, definition) not in answer.targets and definition.documentation is None:
                changed = language.with_documentation(data, definition, "Describe what this does.")
                if changed is not None:
                    return changed
        return None


def _to_describe(candidate: Candidate, number: int, repo: RepoContext) -> tuple[Described, Tree, Secrets]:
    """Return what a language model is told of a target, the repository without its code, and what may not show."""
    from hybridgym.writing import Described

    key = repo.graph.by_id[candidate.targets[number]]
    definition, data = repo.graph.definition(key), repo.files[key.path].data
    code = data[definition.start : definition.end]
    without = data[: definition.start] + data[definition.end :]
    subject = Described(
        kind=candidate.context["targets"][number]["kind"],
        language=repo.graph.files[key.path].language,
        name=definition.name,
        around=tuple(_names_around(definition, key.path)),
        description=candidate.descriptions[number],
        facts=tuple(candidate.context["targets"][number]["facts"]),
        code=textwrap.dedent(code.decode()),
    )
    gold = Change(path=key.path, before=None, after=File(textwrap.dedent(code.decode()).encode()))
    secrets = Secrets(gold=(gold,), paths=(key.path,), hidden=candidate.hidden)
    return subject, {**repo.files, key.path: File(without)}, secrets


def documentation_text(repo: RepoContext, key: DefinitionKey) -> str:
    """Return the text of a definition's documentation; empty where it cannot be read."""
    definition = repo.graph.definition(key)
    span = definition.documentation
    if span is None:
        return ""
    language = language_named(repo.graph.files[key.path].language)
    return language.docstring_text(repo.files[key.path].data[span.start : span.end]) or ""


def says_something(text: str) -> bool:
    """Say whether documentation has content: two words, or four characters of a script without blanks."""
    found = [w for w in re.findall(r"[^\W\d_]+", text) if w.lower() not in PLACEHOLDERS]
    return sum(len(w) > 1 for w in found) >= MIN_WORDS or any(len(w) >= 4 and not w.isascii() for w in found)


def _removal_edit(path: str, data: bytes, definition: Definition) -> Edit:
    found = source_language(path).removal(data, definition)
    assert found is not None, path
    span, new = found
    digest = hashlib.sha256(data[span.start : span.end]).hexdigest()
    return Edit(path=path, start=span.start, end=span.end, old_sha256=digest, new=new.decode())


def _names_around(definition: Definition, path: str) -> list[str]:
    """Return the other identifiers that would give a definition away: qualified name, classes, module."""
    module = path.rpartition("/")[2].partition(".")[0]
    names = [definition.qualname, *definition.qualname.split(".")[:-1]]
    # a module's name that is a plain word is part of what it is about
    return names + ([module] if "_" in module.strip("_") else [])


def _subject(path: str, documentation: DocumentationChange) -> str:
    return qualified_id(path, documentation.qualname, documentation.ordinal) if documentation.qualname else path
