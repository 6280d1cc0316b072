"""Source → what its own tests say: installed, run three times, and remembered."""

import hashlib
from functools import cache as remembered
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from hybridgym.caches import write_whole
from hybridgym.environments.building import STAGE, install
from hybridgym.environments.interpreters import Interpreter, interpreters
from hybridgym.environments.store import store_in
from hybridgym.facts import Kind
from hybridgym.graph import RepoGraph
from hybridgym.runtimes import Runtime
from hybridgym.runtimes.sandbox import Sandbox
from hybridgym.source import Source
from hybridgym.specs import EnvironmentSettings
from hybridgym.task import Rejection
from hybridgym.tasks.base import Trial
from hybridgym.testbeds import Testbed, Tested, setup_of, try_out

_FORMAT: Final = 1


def trial_of(source: Source, graph: RepoGraph, settings: EnvironmentSettings, cache: Path) -> Trial | Rejection:
    """Install a source and run its tests, or say why that cannot be done.

    Raises MissingDependencyError where uv or the runtime is missing.
    """
    trial = untried(source, graph, settings, cache)
    if isinstance(trial, Rejection):
        return trial
    testbed, setup = trial.testbed, trial.tested.setup
    content = [_FORMAT, source.tree_id, testbed.environment, setup, testbed.runtime.name]
    identity = hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()[:24]
    place = cache / "tested" / f"{identity}.json"
    try:
        tested = msgspec.json.decode(place.read_bytes(), type=Tested)
    except (OSError, msgspec.DecodeError):
        tested = try_out(testbed, setup, source.files, graph)
        write_whole(place, msgspec.json.encode(tested))
    if tested.problem:
        return _rejected(source, "its tests do not run", tested.problem)
    return trial._replace(tested=tested)


def untried(source: Source, graph: RepoGraph, settings: EnvironmentSettings, cache: Path) -> Trial | Rejection:
    """Install a source whose tests are not run yet, or say why that cannot be done; raises as `trial_of` does."""
    store = store_in(cache)
    found = install(source, graph.files, store, _pythons(), settings)
    if isinstance(found, Rejection):
        return found
    setup = setup_of(found.project, source.files)
    testbed = Testbed(_runtime(), store, found.environment.id)
    if copy := testbed.copy_of_project(setup, functions_of(source, graph)):
        return _rejected(source, "its environment has a copy of it", copy)
    nothing = Tested(environment=testbed.environment, setup=setup, outcomes={}, seconds={}, ran={}, problem="")
    return Trial(tested=nothing, testbed=testbed, python=found.lock.python, lock=found.lock.text)


def functions_of(source: Source, graph: RepoGraph) -> dict[str, list[bytes]]:
    """Return the bodies of a project's functions by the name of the file that they lie in."""
    found: dict[str, list[bytes]] = {}
    for key in graph.definition_keys():
        definition = graph.definition(key)
        if definition.kind is not Kind.CLASS and key.path.endswith(".py") and not graph.attributes(key)["test"]:
            data = source.files[key.path].data
            found.setdefault(PurePosixPath(key.path).name, []).append(data[definition.code.start : definition.code.end])
    return found


def _rejected(source: Source, reason: str, detail: str) -> Rejection:
    return Rejection(repo=source.repo, stage=STAGE, reason=reason, subject=source.base_commit, detail=detail)


@remembered
def _pythons() -> dict[str, Interpreter]:
    return interpreters()


@remembered
def _runtime() -> Runtime:
    return Sandbox()
