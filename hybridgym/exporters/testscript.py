"""The tests of a task as a shell script: for graders that do nothing but run one in the task's container.

The script does what hybridgym's own grading does, as far as a script inside the container can: tests and what
configures them are put back, pytest is run with the same options, and only the task's tests run. What it cannot do is
to be safe from the code that it runs.
"""

import json
import shlex
from collections.abc import Sequence
from typing import Final

from hybridgym.errors import SuiteError
from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.task import WORKSPACE, Change, Tree, ValidatedTask
from hybridgym.tasks.executable import answer_of
from hybridgym.testbeds import ENVIRONMENT, tests_of
from hybridgym.testruns import pytest_options

END_OF_PROGRAM: Final = "END_OF_PROGRAM"
END_OF_PATCH: Final = "END_OF_TEST_PATCH"
_CONFIGURATION: Final = ("pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml")
"""Where pytest looks for its configuration."""

_OUTPUT: Final = "/tmp/hybridgym-tests.log"
_PROGRAM: Final = """\
import os
import sys

leave, completed = os._exit, int(sys.argv.pop())

import pytest

TESTS = frozenset(
    {tests}
)


class OnlyThese:
    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        items[:] = [item for item in items if item.nodeid in TESTS]


status = pytest.main({arguments}, plugins=[OnlyThese()])
sys.stdout.flush()
sys.stderr.flush()
leave(completed + int(status))
"""


def restoring(row: ValidatedTask, start: Tree) -> list[str]:
    """Return the commands that make tests and their configuration what they are known to be."""
    setup = answer_of(row).setup
    roots = sorted(root for root in setup.test_roots if root)
    known = {*tests_of(setup, start).files, *(name for name in _CONFIGURATION if name in start)}
    patched = {change.path: change for change in test_changes(row, start)}
    known |= {path for path, change in patched.items() if change.before is not None}
    there = [root for root in roots if root in known or any(path.startswith(f"{root}/") for path in known)]
    single = sorted(path for path in known if not any(path == root or path.startswith(f"{root}/") for root in roots))
    new = sorted(patched.keys() - known)
    added = [":(glob)**/conftest.py", *(name for name in _CONFIGURATION if name not in start)]
    lines = []
    if there or single:
        lines.append(f"git --literal-pathspecs checkout --quiet {row.start_commit} -- {_quoted([*there, *single])}")
    if roots or new:
        lines.append(f"git --literal-pathspecs clean -ffdxq -- {_quoted([*roots, *new])}")
    lines.append(f"git clean -ffdxq -- {_quoted(added)}")
    if row.test_patch:
        patch = row.test_patch if row.test_patch.endswith("\n") else f"{row.test_patch}\n"
        lines += [f"git apply --verbose - <<'{END_OF_PATCH}'", *patch[:-1].split("\n"), END_OF_PATCH]
    return lines


def running(row: ValidatedTask, tests: Sequence[str]) -> list[str]:
    """Return the commands that run some tests of a task and print pytest's summary; the last fails where a test did.

    Nothing is printed of a process that ended before pytest did: what it says may be anything.
    """
    config = answer_of(row).setup.config
    files = sorted({test.partition("::")[0] for test in tests})
    arguments = [
        *pytest_options(WORKSPACE, f"{WORKSPACE}/{config}" if config else "/dev/null"),
        # The summary names each test with what became of it; nothing that tests print is in it.
        *("--tb=short", "--show-capture=no", "-rfEsxXp"),
        *("--", *(f"{WORKSPACE}/{file}" for file in files)),
    ]
    program = _PROGRAM.format(
        tests=_indented(json.dumps(sorted(tests), indent=4, ensure_ascii=False)),
        arguments=json.dumps(arguments, indent=4, ensure_ascii=False),
    )
    python = f"{ENVIRONMENT}/bin/python"
    return [
        "completed=$((100 + RANDOM % 100))",
        f"TZ=UTC {python} -I -B - $completed > {_OUTPUT} 2>&1 <<'{END_OF_PROGRAM}'",
        *program[:-1].split("\n"),
        END_OF_PROGRAM,
        "status=$(($? - completed))",
        f"if [ $status -ge 0 ]; then cat {_OUTPUT}; else echo 'pytest did not come to its end'; fi",
        "[ $status -eq 0 ]",
    ]


def test_changes(row: ValidatedTask, start: Tree) -> Sequence[Change]:
    """Return what the row's test patch changes; raises SuiteError where it does not apply."""
    made = apply_patch(start, row.test_patch.encode()) if row.test_patch else ()
    if isinstance(made, Refusal):
        message = f"{row.instance_id}: test_patch: {made.reason}"
        raise SuiteError(message)
    return made


def _quoted(paths: Sequence[str]) -> str:
    return " ".join(map(shlex.quote, paths))


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")
