"""A small project and its tests, as tests of grading need them."""

import sys
from pathlib import Path

from hybridgym.diffs import changes
from hybridgym.runtimes import Limits, Mount
from hybridgym.task import Change, File, Tree
from hybridgym.testruns import Installation, Tests, modules_of

PYTHON = Path(sys.executable).resolve()
ENVIRONMENT = "/hybridgym/environment"
LIMITS = Limits(memory_bytes=500_000_000, processes=64, cpu_seconds=30, wall_seconds=30, output_bytes=1_000_000)
MODULE = "src/loom/weaving.py"
TEST = "tests/test_weaving.py"
STUB = '''"""Weaving."""


def flatten(tree):
    """Return the leaves of a tree of lists, from left to right."""
    raise NotImplementedError
'''
GOLD = STUB.replace(
    "    raise NotImplementedError\n",
    "    leaves = []\n    for branch in tree:\n"
    "        leaves.extend(flatten(branch) if isinstance(branch, list) else [branch])\n    return leaves\n",
)
VISIBLE = '''"""Tests of weaving."""
import pytest
from loom.weaving import flatten


def test_flat():
    assert flatten([1, 2]) == [1, 2]


def test_nested():
    assert flatten([1, [2, [3, []]], 4]) == [1, 2, 3, 4]


@pytest.mark.parametrize("tree", [[[]], [[], [[]]]])
def test_nothing_in_it(tree):
    result = flatten(tree)
    assert type(result) is list
    assert result == []
'''
IDS = (
    f"{TEST}::test_flat",
    f"{TEST}::test_nested",
    f"{TEST}::test_nothing_in_it[tree0]",
    f"{TEST}::test_nothing_in_it[tree1]",
)


def tree_of(files: dict[str, str]) -> Tree:
    """Return regular files as a tree."""
    return {path: File(text.encode()) for path, text in sorted(files.items())}


START = tree_of(
    {
        MODULE: STUB,
        "src/loom/__init__.py": "",
        "src/loom/threads.py": "COLOURS = ['red', 'green']\n",
        TEST: VISIBLE,
        "setup.cfg": "[tool:pytest]\nxfail_strict = true\n",
        "run_tests.sh": "python -m pytest\n",
        "README.md": "A loom.\n",
    }
)
FASTER = ("-p", "no:hypothesispytest", "-p", "no:anyio")
"""Plugins that the tests' own environment has, which take long to load."""
TESTS = Tests(files={TEST: START[TEST]}, options=FASTER)


def changed(files: dict[str, str | None], start: Tree = START) -> tuple[Change, ...]:
    """Return the changes that make files what is given, or delete them."""
    after = {path: file for path, file in start.items() if path not in files}
    after |= {path: File(text.encode()) for path, text in files.items() if text is not None}
    return changes(start, dict(sorted(after.items())))


def installation(path: tuple[str, ...] = ("/testbed/src",), roots: tuple[str, ...] = ("src",)) -> Installation:
    """Return this Python with what is installed for it, seen from inside of a runtime."""
    python, mounts = str(PYTHON), []
    if sys.prefix != sys.base_prefix:
        python = f"{ENVIRONMENT}/bin/python"
        mounts.append(Mount(Path(sys.prefix), ENVIRONMENT))
    if not sys.base_prefix.startswith("/usr"):
        mounts.append(Mount(Path(sys.base_prefix), sys.base_prefix))
    modules = modules_of(Path(sys.prefix)) | modules_of(Path(sys.base_prefix))
    return Installation(python=python, mounts=tuple(mounts), path=path, roots=roots, modules=modules)
