"""The commits of a repository as task kinds see them: what each changed, the state before it, and what tests say."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from hybridgym.caches import write_whole
from hybridgym.codechanges import RULES
from hybridgym.diffs import changes
from hybridgym.factcache import EXTRACTOR
from hybridgym.fix_trials import fix_trial
from hybridgym.fixes import Filters, Fix, fixes_of
from hybridgym.history import History
from hybridgym.source import Source
from hybridgym.specs import RepoSpec
from hybridgym.task import Rejection, Value
from hybridgym.tasks.base import RepoContext
from hybridgym.tasks.commits import Fixed, NotFixed
from hybridgym.tasks.executable import trial_in
from hybridgym.trials import untried

STAGE: Final = "commit"
"""Of the rejections of commits that are no candidates."""
_FORMAT: Final = 3


class State(NamedTuple):
    """What a task starts from."""

    repo: RepoContext
    source: Source


class _Known(Value, frozen=True, kw_only=True):
    """What is remembered of a commit: one of the two."""

    fixed: Fixed | None = None
    not_fixed: NotFixed | None = None


class Commits:
    """The commits of one repository, in an environment for each state of its requirements."""

    def __init__(
        self,
        history: History,
        spec: RepoSpec,
        tip: Source,
        context: Callable[[Source], RepoContext],
        cache: Path,
    ) -> None:
        self._history = history
        self._spec = spec
        self._tip = tip
        self._context = context
        self._cache = cache
        self._last: tuple[str, State | Rejection] | None = None

    def fixes(self, filters: Filters) -> Iterator[Fix | Rejection]:
        """Yield what each commit changed, or why it is no candidate; newest first. Histories are read once."""
        spec, tip = self._spec, self._tip
        content = [_FORMAT, EXTRACTOR, RULES, tip.repo, tip.base_commit, tip.tree_id, filters]
        content += [spec.include, spec.exclude, spec.subdirectory]
        place = self._place("fixes", content)
        try:
            found = msgspec.msgpack.decode(place.read_bytes(), type=list[tuple[str, Fix | str]])
        except (OSError, msgspec.DecodeError):
            read = fixes_of(self._history, self._history.commits(), filters, self._cache)
            found = [(commit.id, one) for commit, one in read]
            write_whole(place, msgspec.msgpack.encode(found))
        for commit, one in found:
            yield one if isinstance(one, Fix) else Rejection(repo=tip.repo, stage=STAGE, reason=one, subject=commit)

    def created_at(self, commit: str) -> str:
        """Return when a commit was made, ISO 8601 in UTC; empty where unknown."""
        return self._history.created_at(commit)

    def state(self, commit: str) -> State | Rejection:
        """Return the repository as a commit left it, installed, or why it cannot be; the last one is kept."""
        if self._last is None or self._last[0] != commit:
            self._last = commit, self._read(commit)
        return self._last[1]

    def fixed(self, fix: str, repo: RepoContext, knobs: Mapping[str, Any]) -> Fixed | NotFixed:
        """Find out what tests say of a commit, once; `repo` is the state before it."""
        trial, new = trial_in(repo), self._history.source(fix)
        content = [_FORMAT, repo.tree_id, new.tree_id, trial.testbed.environment, trial.tested.setup]
        model = repo.describer.settings if repo.describer is not None else None
        content += [trial.testbed.runtime.name, knobs["captured"], model]
        place = self._place("fixed", content)
        try:
            known = msgspec.msgpack.decode(place.read_bytes(), type=_Known)
        except (OSError, msgspec.DecodeError):
            found = fix_trial(repo, changes(repo.files, new.files), knobs)
            known = _Known(fixed=found) if isinstance(found, Fixed) else _Known(not_fixed=found)
            write_whole(place, msgspec.msgpack.encode(known))
        return known.fixed or known.not_fixed or NotFixed(reason="nothing is known of it")

    def _read(self, commit: str) -> State | Rejection:
        source = self._history.source(commit)
        repo = self._context(source)
        trial = untried(source, repo.graph, self._spec.environment, self._cache)
        if isinstance(trial, Rejection):
            return trial
        repo.trial, repo.past = trial, self
        return State(repo, source)

    def _place(self, folder: str, content: list[object]) -> Path:
        """Return the file in the cache for what follows from some content."""
        digest = hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
        return self._cache / folder / digest[:32]
