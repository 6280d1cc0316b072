"""The way in: one repository → proven tasks, one short function per arrow.

    RepoSpec ─► Source ─► FileFacts ─► RepoGraph ─► Candidate ─► Task ─► ValidatedTask

`generation` does this for many repositories and writes the suite.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from hybridgym.caches import default_cache
from hybridgym.diffs import changes, make_patch
from hybridgym.environments import DEFAULT_BASE, Environment
from hybridgym.errors import UsageError
from hybridgym.factcache import facts_of
from hybridgym.facts import FileFacts
from hybridgym.graph import RepoGraph
from hybridgym.languages import is_build_file, language_of
from hybridgym.languages.base import Language
from hybridgym.render import Template, template_named
from hybridgym.source import Source
from hybridgym.specs import AS_FOUND, EnvironmentSettings
from hybridgym.task import LINK, Candidate, Rejection, Task, ValidatedTask
from hybridgym.tasks import kind_named
from hybridgym.tasks.base import RepoContext
from hybridgym.validation import Validator


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
        FAIL_TO_PASS=candidate.fail_to_pass,
        PASS_TO_PASS=candidate.pass_to_pass,
        difficulty=candidate.difficulty,
        tags=tuple(sorted({*source.tags, *candidate.tags, template.name})),
    )


def instance_id(candidate: Candidate, source: Source, kind_version: int) -> str:
    """Return `owner__name.<commit8>.<kind>-<hash12>`; wording and other repositories do not change it."""
    owner, _, name = source.repo.rpartition("/")
    content = [candidate.kind, kind_version, source.tree_id, candidate.targets, sorted(candidate.knobs.items())]
    digest = hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:12]
    return f"{_plain(owner)}__{_plain(name)}.{source.base_commit[:8]}.{candidate.kind}-{digest}"


def make_one(
    source: Source,
    kind: str,
    target: str,
    settings: Mapping[str, Any],
    *,
    cache: Path | None = None,
    by_hand: EnvironmentSettings = AS_FOUND,
) -> ValidatedTask | Rejection:
    """Make the one task that has a definition as its target, or say why it cannot be made.

    `by_hand` replaces what is found out of how its repository's tests run; `cache` is the user's if it is not given.
    """
    template = template_for(kind, settings)
    repo, environment = context_of(source), Environment()
    if kind_named(template.declaration.kind).needs_tests:
        from hybridgym.trials import trial_of  # loads the runtimes, which kinds that edits decide do without

        trial = trial_of(source, repo.graph, by_hand, cache or default_cache())
        if isinstance(trial, Rejection):
            return trial
        repo.trial, environment = trial, Environment.for_tests(trial.python, trial.lock, DEFAULT_BASE)
    key = repo.graph.by_id.get(target)
    if key is None:
        near = get_close_matches(target, list(repo.graph.by_id), n=3)
        hint = f"; is it one of {', '.join(near)}?" if near else ""
        message = f"{target}: no such definition in {source.repo}{hint}"
        raise UsageError(message)
    unselected = template.selects(repo.graph.attributes(key))
    if unselected:
        found, wanted = repo.graph.attributes(key)[unselected], template.select[unselected]
        detail = f"{unselected}: expected {wanted}, found {found}"
        return Rejection(repo=source.repo, stage=kind, reason="not selected", subject=target, detail=detail)
    candidate = kind_named(template.declaration.kind).candidate(repo, key, template)
    if isinstance(candidate, Rejection):
        return candidate
    return validated(repo, source, Validator(repo, kind_named(candidate.kind)), candidate, template, environment.id)


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
