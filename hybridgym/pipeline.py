"""The way in: one repository → proven tasks, one short function per arrow.

    RepoSpec ─► Source ─► FileFacts ─► RepoGraph ─► Candidate ─► Task ─► ValidatedTask

`generation` does this for many repositories and writes the suite.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from hybridgym.caches import default_cache
from hybridgym.diffs import changes, make_patch
from hybridgym.environments import DEFAULT_BASE, Environment
from hybridgym.errors import UsageError
from hybridgym.factcache import facts_of
from hybridgym.facts import FileFacts
from hybridgym.graph import RepoGraph
from hybridgym.history import history_of
from hybridgym.languages import is_build_file, language_of
from hybridgym.languages.base import Language
from hybridgym.render import Template, template_named
from hybridgym.source import Source
from hybridgym.specs import AS_FOUND, EnvironmentSettings, RepoSpec
from hybridgym.task import LINK, Candidate, Rejection, Task, ValidatedTask
from hybridgym.tasks import kind_named
from hybridgym.tasks.base import RepoContext, TaskKind
from hybridgym.validation import Validator

if TYPE_CHECKING:
    from hybridgym.tasks.commits import Past


def template_for(kind: str, settings: Mapping[str, Any] | None) -> Template:
    """Load a folder of task_templates with its settings; raises where nothing could be made with them."""
    template = template_named(kind, settings)
    kind_named(template.declaration.kind).check_knobs(template.knobs)
    return template


def readable(source: Source) -> dict[str, tuple[type[Language], bytes]]:
    """Return language and content of the files that have facts: those in a known language and in UTF-8."""
    return {
        path: (language, file.data)
        for path, file in source.files.items()
        if (language := language_of(path)) is not None and file.mode != LINK and _is_text(file.data)
    }


def build_files(source: Source) -> dict[str, bytes]:
    """Return the content of the files that say where a project's sources lie."""
    return {path: file.data for path, file in source.files.items() if is_build_file(path) and file.mode != LINK}


def parse(source: Source, cache: Path | None = None) -> dict[str, FileFacts]:
    """Source → FileFacts of its readable files, looked up in, and added to, the cache in a folder."""
    files = readable(source)
    return dict(zip(files, facts_of(list(files.values()), cache), strict=True))


def build_graph(source: Source, cache: Path | None = None) -> RepoGraph:
    """FileFacts → RepoGraph."""
    return RepoGraph(parse(source, cache), set(source.files), build_files(source))


def context_of(source: Source, cache: Path | None = None) -> RepoContext:
    """Return a repository as task kinds see it."""
    return RepoContext(source.repo, source.tree_id, source.files, build_graph(source, cache))


def candidates(repo: RepoContext, template: Template) -> Iterator[Candidate | Rejection]:
    """RepoGraph → Candidates of one kind, or why a definition gives none."""
    return kind_named(template.declaration.kind).candidates(repo, template)


def past_of(spec: RepoSpec, source: Source, cache: Path) -> Past | None:
    """Return the commits of a repository; None where its source has no history."""
    from hybridgym.past import Commits  # loads the runtimes, which kinds that edits decide do without

    history = history_of(spec, cache)
    if history is None:
        return None
    return Commits(history, spec, source, partial(context_of, cache=cache), cache)


def state_of(candidate: Candidate, repo: RepoContext, source: Source) -> tuple[RepoContext, Source] | Rejection:
    """Return what a candidate starts from, where that is another commit than the repository's, or why it cannot."""
    if not candidate.base or repo.past is None:
        return repo, source
    state = repo.past.state(candidate.base)
    if not isinstance(state, Rejection):
        state[0].describer = repo.describer
    return state


def environment_of(repo: RepoContext, kind: TaskKind, base: str = DEFAULT_BASE) -> Environment:
    """Return what the containers of a kind's tasks are made of."""
    if repo.trial is None or not kind.needs_tests:
        return Environment(base=base)
    return Environment.for_tests(repo.trial.python, repo.trial.lock, base)


def make_task(candidate: Candidate, repo: RepoContext, source: Source, template: Template, environment: str) -> Task:
    """Candidate → Task: its text, its id, its start state and its gold patch."""
    kind = kind_named(candidate.kind)
    start = repo.start(candidate.start_edits)
    return Task(
        instance_id=instance_id(candidate, source, template.declaration.version),
        task_kind=candidate.kind,
        kind_version=template.declaration.version,
        checker_version=kind.checker_version,
        repo=source.repo,
        upstream=source.upstream,
        base_commit=source.base_commit,
        source=source.tree_id,
        language=candidate.language,
        license=source.license,
        created_at=source.created_at,
        problem_statement=template.statement(candidate),
        start_edits=candidate.start_edits,
        start_commit=repo.start_commit(candidate.start_edits),
        environment=environment,
        answer=candidate.answer,
        patch=make_patch(changes(start, kind.gold(candidate, source.files, start))),
        test_patch=candidate.test_patch,
        FAIL_TO_PASS=candidate.fail_to_pass,
        PASS_TO_PASS=candidate.pass_to_pass,
        difficulty=candidate.difficulty,
        tags=tuple(sorted({*source.tags, *candidate.tags, template.name})),
    )


def instance_id(candidate: Candidate, source: Source, kind_version: int) -> str:
    """Return `owner__name.<commit8>.<kind>-<hash12>`; wording and other repositories do not change it."""
    owner, _, name = source.repo.rpartition("/")
    content = [candidate.kind, kind_version, source.tree_id, candidate.targets, sorted(candidate.knobs.items())]
    content += [candidate.fix] if candidate.fix else []
    digest = hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:12]
    return f"{_plain(owner)}__{_plain(name)}.{source.base_commit[:8]}.{candidate.kind}-{digest}"


def make_one(
    source: Source,
    kind: str,
    target: str,
    settings: Mapping[str, Any],
    *,
    past: Past | None = None,
    cache: Path | None = None,
    by_hand: EnvironmentSettings = AS_FOUND,
) -> ValidatedTask | Rejection:
    """Make the one task that has a definition, or a commit, as its target, or say why it cannot be made.

    `past` is what kinds that are made from commits need. `by_hand` replaces what is found out of how its repository's
    tests run; `cache` is the user's if it is not given.
    """
    template = template_for(kind, settings)
    made_by = kind_named(template.declaration.kind)
    repo = context_of(source)
    repo.past = past
    if made_by.needs_tests and not made_by.needs_history:
        from hybridgym.trials import trial_of  # loads the runtimes, which kinds that edits decide do without

        trial = trial_of(source, repo.graph, by_hand, cache or default_cache())
        if isinstance(trial, Rejection):
            return trial
        repo.trial = trial
    find = _of_commit if made_by.needs_history else _of_definition
    candidate = find(repo, template, target)
    if isinstance(candidate, Rejection):
        return candidate
    state = state_of(candidate, repo, source)
    if isinstance(state, Rejection):
        return state
    repo, source = state
    return validated(repo, source, Validator(repo, made_by), candidate, template, environment_of(repo, made_by).id)


def _of_definition(repo: RepoContext, template: Template, target: str) -> Candidate | Rejection:
    key = repo.graph.by_id.get(target)
    if key is None:
        near = get_close_matches(target, list(repo.graph.by_id), n=3)
        hint = f"; is it one of {', '.join(near)}?" if near else ""
        message = f"{target}: no such definition in {repo.repo}{hint}"
        raise UsageError(message)
    unselected = template.selects(repo.graph.attributes(key))
    if unselected:
        found, wanted = repo.graph.attributes(key)[unselected], template.select[unselected]
        detail = f"{unselected}: expected {wanted}, found {found}"
        return Rejection(repo=repo.repo, stage=template.name, reason="not selected", subject=target, detail=detail)
    return kind_named(template.declaration.kind).candidate(repo, key, template)


def _of_commit(repo: RepoContext, template: Template, target: str) -> Candidate | Rejection:
    for candidate in candidates(repo, template):
        if isinstance(candidate, Candidate) and candidate.fix.startswith(target):
            return candidate
        if isinstance(candidate, Rejection) and candidate.subject.startswith(target):
            return candidate
    message = f"{target}: no such commit in the history of {repo.repo}"
    raise UsageError(message)


def validated(
    repo: RepoContext,
    source: Source,
    validator: Validator,
    candidate: Candidate,
    template: Template,
    environment: str,
) -> ValidatedTask | Rejection:
    """Candidate → Task → ValidatedTask."""
    start = repo.start(candidate.start_edits)
    refusal = validator.refusal(candidate, start)
    if refusal is None and repo.describer is not None:
        # Only now, because a model costs something and most of what is refused is so in any words.
        described = validator.kind.described(candidate, repo, repo.describer)
        if isinstance(described, Rejection):
            return described
        candidate = described
        refusal = validator.refusal(candidate, start)
    if refusal is not None:
        return refusal
    prepared = validator.kind.prepared(candidate, repo)
    if isinstance(prepared, Rejection):
        return prepared
    task = make_task(prepared, repo, source, template, environment)
    return validator.validate(prepared, task, repo.start(prepared.start_edits))


def unparsed(source: Source, graph: RepoGraph) -> dict[str, int]:
    """Count the source files that have no facts or only facts that cannot be trusted, by reason."""
    sources = [p for p, f in source.files.items() if language_of(p) is not None and f.mode != LINK]
    broken = sum("error" in facts.flags for facts in graph.files.values())
    counts = {"not UTF-8": len(sources) - len(graph.files), "syntax error": broken}
    return {reason: count for reason, count in counts.items() if count}


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _plain(name: str) -> str:
    """Return a name without what would end it in an instance id: two underscores stand between owner and name."""
    return re.sub(r"__+", "_", re.sub(r"[^\w.-]", "-", name, flags=re.ASCII)).strip("_")
