"""The values of a run of tests: what is installed, which tests there are, what became of each."""

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Final

from hybridgym.runtimes import Limit, Mount
from hybridgym.task import Tree, Value

TESTS: Final = "/hybridgym/tests"
"""Where a run finds tests: outside of the workspace, and not to be written."""
INSIDE: Final = "/hybridgym/inside.py"
"""The program that runs them."""


class Outcome(StrEnum):
    """What became of a test. Only PASSED is worth anything."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    """A fixture failed, before the test or after it."""
    SKIPPED = "skipped"
    XFAILED = "xfailed"
    XPASSED = "xpassed"
    MISSING = "missing"
    """Wanted, and not heard of."""
    COLLECTION_ERROR = "collection error"
    """Its file cannot be imported."""
    FLAKY = "flaky"
    """Not the same in every repeat."""


class Installation(Value, frozen=True, kw_only=True):
    """What a project is run with. Nothing of it can be written by the project."""

    python: str
    """The interpreter's path in a run; pytest is installed for it."""
    mounts: tuple[Mount, ...]
    """The environment, and whatever else the interpreter needs."""
    path: tuple[str, ...] = ()
    """What is put in front of `sys.path`: where the project is imported from, if the environment does not say so."""
    roots: tuple[str, ...] = ("",)
    """The folders of the repository from which the project is imported."""
    modules: frozenset[str] = frozenset()
    """Names of modules that the environment has (`modules_of`): a submission may not add one of them to a root."""


class Tests(Value, frozen=True, kw_only=True):
    """Tests as they are known to be: nothing of a submission."""

    __test__: ClassVar = False  # Not what pytest collects.

    files: Tree
    """The files that they are made of, by the paths of the repository: also conftest.py files and data."""
    paths: tuple[str, ...] = ()
    """Where tests are looked for if no ids are given; files or folders."""
    config: str = ""
    """The one of `files` that holds pytest's configuration; with none, the defaults hold. `addopts` is not read."""
    options: tuple[str, ...] = ()
    """Further arguments for pytest."""
    variables: Mapping[str, str] = {}
    is_in_place: bool = False
    """Put into the workspace, which tests inside of the project's packages need."""


class Result(Value, frozen=True, kw_only=True):
    """What became of one test."""

    outcome: Outcome
    seconds: float = 0
    error: str = ""
    """The name of the exception's class."""
    message: str = ""
    """The end of what pytest says of it."""


class Report(Value, frozen=True, kw_only=True):
    """What became of all tests."""

    results: Mapping[str, Result]
    """By pytest's ids; where ids were given, of exactly these."""
    problem: str = ""
    """Why the report cannot be believed or is not complete; empty where it is."""
    unfinished: str = ""
    """The test that was running when the run ended."""
    collection_errors: Mapping[str, str]
    """File → the end of what pytest says of it."""
    limit: Limit | None
    output: bytes
    """What was printed: for people."""
    seconds: float
    functions: Mapping[str, tuple[tuple[str, int], ...]] = {}
    """Test → the functions that it ran, by file and 1-based first line (decorators included), where it was traced."""


def modules_of(environment: Path) -> frozenset[str]:
    """Return the names of modules that an environment has, with those of the standard library and of start-up."""
    names = {*sys.stdlib_module_names, "__main__", "sitecustomize", "usercustomize"}
    for packages in (*environment.glob("lib*/python*/site-packages"), *environment.glob("lib*/python*/dist-packages")):
        names |= {entry.name.partition(".")[0] for entry in packages.iterdir() if not entry.name.endswith("-info")}
    return frozenset(names)
