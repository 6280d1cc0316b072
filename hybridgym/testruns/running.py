"""Tests → what became of each: laid out, run in a runtime, and read back."""

import secrets
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

import msgspec

from hybridgym.runtimes import Limits, Mount, Run, Runtime, reports_folder
from hybridgym.runtimes.base import PATH
from hybridgym.task import WORKSPACE, Tree
from hybridgym.testruns.base import INSIDE, TESTS, Installation, Outcome, Report, Result, Tests
from hybridgym.workspace import write_files

_PROGRAM: Final = Path(__file__).with_name("inside.py")
_DEFAULTS: Final = "hybridgym-pytest.ini"
_KEPT_OUT: Final = ("cacheprovider", "xdist", "cov", "randomly", "random_order", "rerunfailures", "flaky", "timeout")
"""Plugins that an environment may have, which run tests elsewhere, again, in another order or not to their end."""
_VARIABLES: Final = {"TZ": "UTC"}


def run_tests(
    runtime: Runtime,
    installation: Installation,
    tree: Tree,
    tests: Tests,
    limits: Limits,
    *,
    ids: Sequence[str] | None = None,
    shuffle: int | None = None,
    is_traced: bool = False,
) -> Report:
    """Run tests over a tree, from outside of it; `shuffle` seeds another order.

    `is_traced` has the report say which functions each test runs, which takes longer. With ids, these tests alone are
    run, and each has a result. Raises as `Runtime.run` does.
    """
    with tempfile.TemporaryDirectory(prefix="hybridgym-") as folder:
        workspace, beside = write_tests(tree, tests, Path(folder))
        reports, key = reports_folder(), secrets.token_hex(16)
        job = {
            "path": [*installation.path],
            "arguments": arguments_of(tests, ids),
            "ids": ids,
            "shuffle": shuffle,
            "trace": WORKSPACE if is_traced else None,
            "report": f"{reports}/{secrets.token_hex(16)}",
            "key": key,
        }
        run = runtime.run(
            [installation.python, "-I", "-B", INSIDE],
            workspace,
            limits,
            mounts=[*installation.mounts, Mount(beside, TESTS), Mount(_PROGRAM, INSIDE)],
            variables={**_VARIABLES, "PATH": f"{PurePosixPath(installation.python).parent}:{PATH}", **tests.variables},
            stdin=msgspec.json.encode(job),
            reports=reports,
        )
    return _read(run, key, ids)


def write_tests(tree: Tree, tests: Tests, folder: Path) -> tuple[Path, Path]:
    """Lay out a workspace and what is to be mounted beside it; return both."""
    workspace, beside = folder / "workspace", folder / "tests"
    write_files({**tree, **tests.files} if tests.is_in_place else tree, workspace)
    write_files({} if tests.is_in_place and not tests.config else tests.files, beside)
    if not tests.config:
        (beside / _DEFAULTS).write_text("[pytest]\n", encoding="utf-8")
    return workspace, beside


def pytest_options(place: str, config: str) -> list[str]:
    """Return the arguments with which pytest runs what lies in a folder as a run does; `config` is a file's path."""
    options = [option for name in _KEPT_OUT for option in ("-p", f"no:{name}")]
    return [
        *("-c", config, "--rootdir", place, "--confcutdir", place, "-o", "addopts=", *options),
        *("--continue-on-collection-errors", "-q", "--color=no"),
    ]


def arguments_of(tests: Tests, ids: Sequence[str] | None) -> list[str]:
    """Return the arguments that pytest is run with."""
    place = WORKSPACE if tests.is_in_place else TESTS
    files = tests.paths if ids is None else sorted({i.partition("::")[0] for i in ids} & tests.files.keys())
    options = pytest_options(place, f"{TESTS}/{tests.config or _DEFAULTS}")
    return [*options, "--tb=native", *tests.options, "--", *(f"{place}/{file}" for file in files)]


# What comes back


class _Told:
    """What a report says."""

    def __init__(self) -> None:
        self.results: dict[str, Result] = {}
        self.errors: dict[str, str] = {}
        """File → why it cannot be collected."""
        self.started: list[str] = []
        self.functions: dict[int, tuple[str, int]] = {}
        self.ran: dict[str, list[int]] = {}
        """Test → the numbers of the functions that it ran."""

    @property
    def unfinished(self) -> str:
        """The test that was begun last, if it did not end."""
        return self.started[-1] if self.started and self.started[-1] not in self.results else ""

    def functions_of_tests(self) -> dict[str, tuple[tuple[str, int], ...]]:
        known = {t: sorted(self.functions[n] for n in ran if n in self.functions) for t, ran in self.ran.items()}
        return {test: tuple(places) for test, places in sorted(known.items())}


class _BadReportError(Exception):
    """Somebody else has written it."""


def _read(run: Run, key: str, ids: Sequence[str] | None) -> Report:
    told = _Told()
    try:
        problem = _read_lines(_only(run.reports), key, told)
    except _BadReportError as error:
        told, problem = _Told(), f"tampered: {error}"
    results = told.results
    if run.limit is not None:
        problem = f"ended by a limit: {run.limit}"
    if ids is not None:
        if results.keys() - set(ids):
            results, problem = {}, "tampered: a test was reported that was not to be run"
        results = {test: results.get(test) or _unheard(test, told.errors) for test in ids}
    return Report(
        results=results,
        problem=problem,
        unfinished=told.unfinished,
        collection_errors=told.errors,
        limit=run.limit,
        output=run.output,
        seconds=run.wall_seconds,
        functions=told.functions_of_tests(),
    )


def _only(reports: Mapping[str, bytes]) -> bytes:
    if len(reports) > 1:
        message = "there is more than one report"
        raise _BadReportError(message)
    return next(iter(reports.values()), b"")


def _read_lines(report: bytes, key: str, told: _Told) -> str:
    """Read what a report says; return why it is not complete."""
    is_complete = False
    for line in report.splitlines():
        start, _, text = line.partition(b" ")
        if start != key.encode() or is_complete:
            message = "the report has a line that is not the runner's"
            raise _BadReportError(message)
        try:
            said: dict[str, Any] = msgspec.json.decode(text, type=dict[str, Any])
            if "id" in said:
                if said["id"] in told.results:
                    message = f"{said['id']} was reported twice"
                    raise _BadReportError(message)
                told.results[said.pop("id")] = msgspec.convert(said, Result)
            elif "start" in said:
                told.started.append(said["start"])
            elif "file" in said:
                told.errors[said["file"]] = said["message"] if said["outcome"] == "failed" else ""
            elif "function" in said:
                told.functions[said["function"]] = said["path"], said["line"]
            elif "traced" in said:
                told.ran[said["traced"]] = said["ran"]
            is_complete = "end" in said
        except (msgspec.DecodeError, KeyError) as error:
            message = "the report has a line that cannot be read"
            raise _BadReportError(message) from error
    return "" if is_complete else "the run ended before its time"


def _unheard(test: str, errors: Mapping[str, str]) -> Result:
    """Say why a test has no result: what holds it could not be collected, was skipped, or nothing is known."""
    for place in (test.partition("::")[0], test.rpartition("::")[0], ""):
        if place in errors:
            outcome = Outcome.COLLECTION_ERROR if errors[place] else Outcome.SKIPPED
            return Result(outcome=outcome, message=errors[place])
    return Result(outcome=Outcome.MISSING)
