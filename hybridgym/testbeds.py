"""Environment + runtime → where a repository's tests are run, and what is known of them.

A repository's tests are run three times when its tasks are made: traced, as they are, and in another order. What
comes out the same each time is evidence; the rest is never used.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

import msgspec

from hybridgym import leaks
from hybridgym.caches import default_cache
from hybridgym.environments.base import PROJECT, Environment
from hybridgym.environments.interpreters import interpreters
from hybridgym.environments.start_state import project_folder
from hybridgym.environments.store import Store, StoredEnvironment, store_in
from hybridgym.errors import RunError, SourceError
from hybridgym.runtimes import Limits, Mount, Runtime
from hybridgym.runtimes.container import Container
from hybridgym.runtimes.docker import Docker
from hybridgym.runtimes.sandbox import Sandbox
from hybridgym.task import LINK, Tree, Value
from hybridgym.testruns import Installation, Outcome, Report, Tests, modules_of, run_tests, steady

if TYPE_CHECKING:
    from hybridgym.environments.project import Project
    from hybridgym.graph import RepoGraph

ENVIRONMENT: Final = "/hybridgym/environment"
_PYTHON: Final = f"{ENVIRONMENT}/bin/python"
_LIST_MODULES: Final = (
    "import os, sys, sysconfig; names = os.listdir(sysconfig.get_path('purelib'));"
    " names = {n.partition('.')[0] for n in names if not n.endswith('-info')};"
    " print(*sorted(names | set(getattr(sys, 'stdlib_module_names', ()))), sep='\\n')"
)
LIMITS: Final = Limits()
"""Of a run of tests."""
WRITTEN: Final = "test_behaviour_"
"""How the names of files begin that hold tests written for a task."""
SHUFFLE: Final = 1
"""Seeds the order of the third run."""
_FORMAT: Final = 1
_CONFIGURATIONS: Final = (
    ("pytest.ini", b"[pytest]"),
    (".pytest.ini", b"[pytest]"),
    ("pyproject.toml", b"[tool.pytest.ini_options]"),
    ("tox.ini", b"[pytest]"),
    ("setup.cfg", b"[tool:pytest]"),
)
"""In pytest's order (https://docs.pytest.org/en/stable/reference/customize.html)."""


class Setup(Value, frozen=True, kw_only=True):
    """How the tests of a state of a repository are run."""

    name: str
    version: str
    entry_points: dict[str, dict[str, str]]
    roots: tuple[str, ...]
    """Folders from which the project is imported; the empty text is the top."""
    test_roots: tuple[str, ...]
    config: str
    """The file with pytest's configuration; empty where there is none."""
    is_in_place: bool
    """Whether tests lie inside of the project's packages, and are run there."""


class Tested(Value, frozen=True, kw_only=True):
    """What three runs of a repository's tests say."""

    environment: str
    setup: Setup
    outcomes: dict[str, Outcome]
    seconds: dict[str, float]
    """Of each test, in the run without a trace."""
    ran: dict[str, tuple[str, ...]]
    """Test → the definitions that it ran, of those that are no tests."""
    problem: str
    """Why the runs say nothing; empty where they do."""

    @property
    def passing(self) -> tuple[str, ...]:
        """The tests that passed each time."""
        return tuple(test for test, outcome in self.outcomes.items() if outcome is Outcome.PASSED)


def setup_of(project: Project, tree: Tree) -> Setup:
    """Return how a project's tests are run."""
    inside = any(f"{PurePosixPath(root).parent}/__init__.py" in tree for root in project.test_roots)
    configs = [n for n, mark in _CONFIGURATIONS if n in tree and tree[n].mode != LINK and mark in tree[n].data]
    return Setup(
        name=project.name,
        version=project.version,
        entry_points=project.entry_points,
        roots=project.roots,
        test_roots=project.test_roots,
        config=configs[0] if configs else "",
        is_in_place=inside,
    )


def tests_of(setup: Setup, tree: Tree) -> Tests:
    """Return the tests of a repository, from a state of it that nobody else has changed."""
    above = {f"{parent}/conftest.py" for root in setup.test_roots for parent in PurePosixPath(root).parents}
    wanted = {name.removeprefix("./") for name in above} | {setup.config}
    roots = [f"{root}/" for root in setup.test_roots]
    # Where roots are single files, tests that were written stand beside them.
    roots += [str(PurePosixPath(root).with_name(WRITTEN)) for root in setup.test_roots if root in tree]
    files = {
        path: file
        for path, file in tree.items()
        if path in wanted or path in setup.test_roots or any(path.startswith(root) for root in roots)
    }
    return Tests(files=files, paths=setup.test_roots, config=setup.config, is_in_place=setup.is_in_place)


class Testbed:
    """Runs the tests of one environment's repositories in one runtime."""

    def __init__(self, runtime: Runtime, store: Store, environment: str) -> None:
        self.runtime = runtime
        self.store = store
        self.environment = environment

    def installation(self, setup: Setup) -> Installation:
        """Return what a project is run with."""
        stored = self.store.stored(self.environment)
        base = Path(stored.base).parents[1]
        mounts = [Mount(self.store.path(self.environment), ENVIRONMENT), Mount(self._project(setup), PROJECT)]
        if not base.is_relative_to("/usr"):
            mounts.append(Mount(base, str(base)))
        return Installation(python=_PYTHON, mounts=tuple(mounts), roots=setup.roots, modules=self._modules)

    def copy_of(self, setup: Setup, files: Sequence[bytes], functions: Sequence[bytes]) -> str:
        """Return where the environment, or the standard library, has a copy of an answer; empty where neither has.

        `files` are what the files of targets hold, `functions` are the bodies of targets.
        """
        return leaks.copy_in(self._folders(), setup.name, files, functions)

    def copy_of_project(self, setup: Setup, functions: Mapping[str, Sequence[bytes]]) -> str:
        """Return where the environment, or the standard library, has a copy of a project; empty where neither has.

        `functions` are the bodies of its functions by the name of the file that they lie in.
        """
        return leaks.project_in(self._folders(), setup.name, functions)

    def _folders(self) -> tuple[Path, Path]:
        """Return the environment and the standard library."""
        stored = self.store.stored(self.environment)
        library = Path(stored.base).parents[1] / "lib" / f"python{stored.python.rpartition('.')[0]}"
        return self.store.path(self.environment), library

    @cached_property
    def _modules(self) -> frozenset[str]:
        return modules_of(self.store.path(self.environment))

    def _project(self, setup: Setup) -> Path:
        """Return the folder with a project's metadata, made if it is not there."""
        parts = setup.name, setup.version, setup.entry_points, setup.roots
        content = msgspec.json.encode([_FORMAT, *parts], order="deterministic")
        return self.store.folder_for(
            f"project-{hashlib.sha256(content).hexdigest()[:16]}", lambda folder: project_folder(*parts, folder)
        )

    def run(self, setup: Setup, tree: Tree, *, shuffle: int | None = None, is_traced: bool = False) -> Report:
        """Run all tests of a repository over a state of it."""
        tests, installation = tests_of(setup, tree), self.installation(setup)
        return run_tests(self.runtime, installation, tree, tests, LIMITS, shuffle=shuffle, is_traced=is_traced)


class ImageTestbed(Testbed):
    """Runs the tests in an image that has the environment."""

    def copy_of(self, setup: Setup, files: Sequence[bytes], functions: Sequence[bytes]) -> str:
        """Return where the image has a copy of an answer, wherever in it; empty where it has none."""
        texts = {"files": [data.decode("latin-1") for data in files]}
        texts["functions"] = [data.decode("latin-1") for data in functions]
        wanted = msgspec.json.encode({"project": setup.name, **texts})
        program = Path(leaks.__file__).read_text(encoding="utf-8")
        return str(msgspec.json.decode(self._printed("-I", "-S", "-c", program, stdin=wanted)))

    def installation(self, setup: Setup) -> Installation:
        """Return what a project is run with: the image, and its metadata."""
        mounts = (Mount(self._project(setup), PROJECT),)
        return Installation(python=_PYTHON, mounts=mounts, roots=setup.roots, modules=self._modules)

    @cached_property
    def _modules(self) -> frozenset[str]:
        """The names of modules that the image has, as it says itself; nothing of a submission is there."""
        return frozenset(self._printed("-I", "-c", _LIST_MODULES).decode().split("\n")) | modules_of(Path(os.devnull))

    def _printed(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Return what the image's own Python prints; nothing of a submission is there."""
        with tempfile.TemporaryDirectory(prefix="hybridgym-") as folder:
            run = self.runtime.run([_PYTHON, *arguments], Path(folder), LIMITS, stdin=stdin)
        if run.exit_code != 0:
            message = f"image of environment {self.environment}: {run.output.decode(errors='replace').strip()[-300:]}"
            raise RunError(message)
        return run.output


def testbed_of(environment: Environment, runtime: str = Sandbox.name) -> Testbed:
    """Return where tests of an environment's tasks run.

    In the sandbox, that is with what the user's cache holds or is given; in docker, in the image that was built; in
    `container`, right here, in such an image.
    Raises SourceError where the environment cannot be made, MissingDependencyError where a program is missing.
    """
    store = store_in(default_cache())
    if runtime == Docker.name:
        return ImageTestbed(Docker(environment.image()), store, environment.id)
    if runtime == Container.name:
        return ImageTestbed(Container(), store, environment.id)
    return Testbed(Sandbox(), store, stored_environment(environment, store).id)


def stored_environment(environment: Environment, store: Store) -> StoredEnvironment:
    """Return what an environment's lock names, unpacked; raises as `testbed_of` does."""
    pythons = interpreters()
    if environment.python not in pythons:
        message = f"environment {environment.id}: expected Python {environment.python}, found {', '.join(pythons)}"
        raise SourceError(message)
    return store.get(environment.lock, pythons[environment.python])


def try_out(testbed: Testbed, setup: Setup, tree: Tree, graph: RepoGraph) -> Tested:
    """Run a repository's tests three times."""
    traced = testbed.run(setup, tree, is_traced=True)
    reports = [traced]
    if not traced.problem and traced.results:
        reports += [testbed.run(setup, tree), testbed.run(setup, tree, shuffle=SHUFFLE)]
    problem = next((report.problem for report in reports if report.problem), "")
    if not problem and not traced.results:
        problem = "no tests: " + " ".join(traced.output.decode(errors="replace").split())[-300:]
    return Tested(
        environment=testbed.environment,
        setup=setup,
        outcomes=dict(sorted(steady(reports).items())),
        seconds={test: round(result.seconds, 3) for test, result in sorted(reports[-1].results.items())},
        ran=_definitions(traced.functions, graph),
        problem=problem,
    )


def _definitions(functions: Mapping[str, Sequence[tuple[str, int]]], graph: RepoGraph) -> dict[str, tuple[str, ...]]:
    """Join what tests ran to the graph, by file and first line."""
    by_place = {
        (key.path, graph.definition(key).first_row + 1): graph.id(key)
        for key in graph.definition_keys()
        if not graph.attributes(key)["test"]
    }
    return {
        test: tuple(sorted({by_place[place] for place in places if place in by_place}))
        for test, places in sorted(functions.items())
    }
