"""Source → the environment in which its tests run, or why it has none.

Nothing of the repository runs: its files are read, versions are resolved from the metadata of wheels, and wheels are
unpacked.
"""

import time
from collections.abc import Mapping
from typing import Final

from hybridgym.environments.interpreters import Interpreter
from hybridgym.environments.locking import Lock, NoLock
from hybridgym.environments.project import Decision, Project, read_project
from hybridgym.environments.store import Store, StoredEnvironment
from hybridgym.facts import FileFacts
from hybridgym.languages.python import Python
from hybridgym.source import Source
from hybridgym.specs import EnvironmentSettings
from hybridgym.task import LINK, Rejection, Value

STAGE: Final = "environment"


class Installed(Value, frozen=True, kw_only=True):
    """A project and the environment that was made for it."""

    project: Project
    lock: Lock
    environment: StoredEnvironment
    seconds: float

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """All that was decided, in the order in which it was."""
        return (*self.project.decisions, *self.lock.decisions)


def install(
    source: Source,
    facts: Mapping[str, FileFacts],
    store: Store,
    pythons: Mapping[str, Interpreter],
    settings: EnvironmentSettings,
) -> Installed | Rejection:
    """Make, or find, the environment of a source.

    Raises MissingDependencyError where uv is missing.
    """
    began = time.monotonic()
    files = {path: file.data for path, file in source.files.items() if file.mode != LINK}
    in_python = {path: known for path, known in facts.items() if known.language == Python.name}
    project = read_project(files, in_python, source.created_at, pythons, settings)

    def rejected(reason: str, detail: str) -> Rejection:
        return Rejection(repo=source.repo, stage=STAGE, reason=reason, subject=source.base_commit, detail=detail)

    if not in_python:
        return rejected("no Python in it", "environments are made for Python projects")
    if project.python not in pythons:
        found = project.decisions_of("python")
        return rejected("no interpreter of its Python", f"{found}; here are {', '.join(pythons) or 'none'}")
    if project.problem:
        return rejected("it has to be compiled", project.problem)
    if not project.test_roots:
        return rejected("it has no tests", project.decisions_of("test roots"))
    lock = store.lock(pythons[project.python], project, source.created_at)
    if isinstance(lock, NoLock):
        return rejected(lock.reason, f"{lock.command}\n{lock.log}".strip())
    environment = store.get(lock.text, pythons[project.python])
    return Installed(project=project, lock=lock, environment=environment, seconds=time.monotonic() - began)
