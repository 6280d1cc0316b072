"""repos.yaml, or a suite → environments: many repositories installed, each in a process of its own."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from hybridgym.caches import default_cache
from hybridgym.environments.building import STAGE, Installed, install
from hybridgym.environments.interpreters import Interpreter, interpreters
from hybridgym.environments.store import StoredEnvironment, store_in
from hybridgym.executors import Failure, run
from hybridgym.pipeline import parse
from hybridgym.source import load_source
from hybridgym.specs import RepoSpec
from hybridgym.suite import Suite, read_environment
from hybridgym.task import Rejection
from hybridgym.testbeds import stored_environment


def install_all(
    specs: Sequence[RepoSpec], cache: Path, jobs: int
) -> Iterator[tuple[RepoSpec, tuple[str, Installed] | Rejection]]:
    """Yield each repository's name and environment, or why it has none, as they are done.

    Raises MissingDependencyError where uv is missing, UsageError where an interpreter that was named is none.
    """
    pythons = interpreters()
    for number, result in run(partial(_installed, cache=cache, pythons=pythons), specs, jobs):
        spec = specs[number]
        if isinstance(result, Failure):
            reason = "source cannot be read" if result.is_known else "worker failed"
            name = spec.repo or spec.location
            yield spec, Rejection(repo=name, stage=STAGE, reason=reason, detail=result.reason)
        else:
            yield spec, result


def install_of_suite(suite: Suite) -> Iterator[StoredEnvironment]:
    """Yield the environments in which a suite's tasks are graded, made if they are not there.

    Raises SourceError where one cannot be made, MissingDependencyError where uv is missing.
    """
    store = store_in(default_cache())
    for environment_id in sorted({task.row.environment for task in suite.values()}):
        environment = read_environment(suite.folder, environment_id)
        if environment.lock:
            yield stored_environment(environment, store)


def _installed(spec: RepoSpec, cache: Path, pythons: dict[str, Interpreter]) -> tuple[str, Installed] | Rejection:
    source = load_source(spec, cache)
    found = install(source, parse(source, cache), store_in(cache), pythons, spec.environment)
    return found if isinstance(found, Rejection) else (source.repo, found)
