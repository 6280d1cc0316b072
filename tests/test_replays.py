"""Tests are written from the calls that a repository's own tests make, for what differs between two states."""

from collections.abc import Iterator

import msgspec
import pytest

from hybridgym import testbeds
from hybridgym.environments.interpreters import interpreters
from hybridgym.errors import MissingDependencyError, RunError
from hybridgym.replays import Captured, captured_tests
from hybridgym.runtimes import Limits
from hybridgym.runtimes.sandbox import Sandbox
from hybridgym.task import File, Tree
from hybridgym.testruns import Outcome, run_tests
from hybridgym.testruns.base import Tests
from test_testbeds import bed_with_pytest
from testing_project import tree_of

SETUP = testbeds.Setup(
    name="mill", version="1", entry_points={}, roots=("",), test_roots=("tests",), config="", is_in_place=False
)
PACKAGE = "from mill.grinding import *\nfrom mill.grinding import Wheel\n"
OLD = '''"""Grinding."""
import datetime
import os
import random
import time
from dataclasses import dataclass


@dataclass
class Grain:
    kind: str
    mass: int = 1
    cut: datetime.date = datetime.date(2020, 1, 1)


class Wheel:
    def __init__(self, teeth, *, name=""):
        self._teeth = teeth
        self.name = name

    def turned(self, count):
        return count * self._teeth

class CoarseError(Exception):
    pass


def halves(number):
    return [number // 2, number // 2]


def _parts(text):
    return text.split(" ")


def words(text):
    """Return words.

    >>> words("one  two")
    ['one', '', 'two']
    """
    return [part for part in _parts(text)]


def heavier(grain):
    return Grain(grain.kind, grain.mass, grain.cut + datetime.timedelta(1))


def _counted(first):
    yield first


def counted(first):
    return _counted(first)


def without_first(values):
    return values


def tell(name):
    print("Hello", name)


def sieve(mesh):
    return mesh


def joined(values, separator=","):
    return separator.join(values)


def now():
    return 0


def wall():
    return ""


def lucky():
    return 0


def place():
    return ""


def thing():
    return 1


def average(values):
    return 0.0


def letters(text):
    return ""


def broken(value):
    return value


def changed_message(value):
    raise ValueError("old words")


def noted(path):
    return 0


def _hidden(value):
    return value


def renamed(value, old=1):
    return value
'''
NEW = OLD
for before, after in (
    ("return [number // 2, number // 2]", "return [number - number // 2, number // 2]"),
    ('return text.split(" ")', "return text.split()"),
    ("Grain(grain.kind, grain.mass, ", "Grain(grain.kind, grain.mass + 1, "),
    ("    yield first\n", "    yield first * 2\n"),
    ("def without_first(values):\n    return values", "def without_first(values):\n    del values[0]\n    return None"),
    ('print("Hello", name)', 'print(f"Hello {name}!")'),
    ("    return mesh\n", '    if mesh < 1:\n        raise CoarseError("too fine")\n    return mesh\n'),
    ("return count * self._teeth", "return count * self._teeth + 1"),
    ("def now():\n    return 0", "def now():\n    return datetime.date.today()"),
    ('def wall():\n    return ""', "def wall():\n    return os.getcwd()"),
    ("def lucky():\n    return 0", "def lucky():\n    return random.choice([1, 1])"),
    ('def place():\n    return ""', "def place():\n    return object()"),
    ("def thing():\n    return 1", "def thing():\n    return repr(object())"),
    ("    return 0.0\n", "    return sum(values) + 1e-12\n"),
    ('def letters(text):\n    return ""', 'def letters(text):\n    return "".join(set(text))'),
    ("def broken(value):\n    return value", "def broken(value):\n    return value.nothing"),
    ("old words", "new words"),
    ("def noted(path):\n    return 0", 'def noted(path):\n    return open(path, "w").write("x")'),
    ("def _hidden(value):\n    return value", "def _hidden(value):\n    return [value]"),
    ("def renamed(value, old=1):", "def renamed(value, new=1):"),
):
    assert NEW.count(before) == 1, before
    NEW = NEW.replace(before, after)
TESTS = """
import datetime
import pytest
from mill.grinding import *
from mill.grinding import _hidden


def test_plain(tmp_path):
    assert sum(halves(4)) == 4
    halves(7)
    heavier(Grain("rye", 3, datetime.date(2020, 1, 31)))
    list(counted(5))
    without_first([3, 2, 1])
    tell("miller")
    sieve(3)
    Wheel(12, name="big").turned(2)
    joined([letter for letter in "quite a long text of which it is made"], separator="-")
    [function() for function in (now, wall, lucky, place, thing)]
    average([])
    letters("abcdefghijkl")
    noted(str(tmp_path / "note"))
    _hidden(1)
    renamed(3, 2)


@pytest.mark.parametrize("mesh", [0, 1])
def test_sieve(mesh):
    try:
        sieve(mesh)
    except CoarseError:
        pass


def test_that_fails_in_the_new_state():
    broken(2)
    changed_message(2)
"""


def state(module: str) -> Tree:
    return tree_of({"mill/__init__.py": PACKAGE, "mill/grinding.py": module, "tests/test_mill.py": TESTS})


@pytest.fixture(scope="module", params=["3.11", "3.13"])
def testbed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[testbeds.Testbed]:
    found = interpreters()
    if request.param not in found:
        pytest.skip(f"no Python {request.param} here; HYBRIDGYM_PYTHONS names it")
    try:
        Sandbox().prepare()
    except (MissingDependencyError, RunError) as error:
        pytest.skip(f"no sandbox: {error}")
    folder = tmp_path_factory.mktemp("testbed")
    folder.chmod(0o755)
    yield bed_with_pytest(found[request.param], folder)


def captured(testbed: testbeds.Testbed, *names: str) -> Captured | str:
    ids = [f"mill/grinding.py::{name}" for name in names]
    return captured_tests(testbed, SETUP, state(OLD), state(NEW), ids)


@pytest.fixture(scope="module")
def found(testbed: testbeds.Testbed) -> Captured:
    names = ("halves", "_parts", "heavier", "_counted", "without_first", "tell", "sieve", "Wheel.turned")
    tests = captured(testbed, *names)
    assert isinstance(tests, Captured), tests
    return tests


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(
            "from datetime import date\nfrom mill import CoarseError, Grain, Wheel, counted", id="shortest-public-path"
        ),
        pytest.param("assert halves(7) == [4, 3]", id="value"),
        pytest.param("assert words('one  two') == ['one', 'two']", id="public-caller-in-a-doctest"),
        pytest.param("heavier(Grain(kind='rye', mass=3, cut=date(2020, 1, 31)))", id="instance"),
        pytest.param("== Grain(kind='rye', mass=4, cut=date(2020, 2, 1))", id="instance-that-is-given"),
        pytest.param("assert Wheel(12, name='big').turned(2) == 25", id="method"),
        pytest.param("assert list(counted(5)) == [10]", id="public-caller-that-has-returned"),
        pytest.param(
            "argument = [3, 2, 1]\n    assert without_first(argument) is None\n    assert argument == [2, 1]",
            id="changed-argument",
        ),
        pytest.param("tell('miller')\n    assert capsys.readouterr().out == 'Hello miller!\\n'", id="output"),
        pytest.param("with pytest.raises(CoarseError):\n        sieve(0)", id="exception"),
        pytest.param("assert sieve(1) == 1", id="what-stayed"),
    ],
)
def test_what_differs_is_stated(found: Captured, said: str) -> None:
    assert said in found.text


def test_what_is_private_is_not_called(found: Captured) -> None:
    assert "_parts" not in found.text


def test_the_tests_do_what_is_said_of_them(testbed: testbeds.Testbed, found: Captured) -> None:
    assert len(found.fail_to_pass) == 8
    assert found.pass_to_pass
    tests = testbeds.tests_of(SETUP, state(NEW))
    tests = Tests(files={**tests.files, found.path: File(found.text.encode())}, paths=tests.paths)
    ids = [*found.fail_to_pass, *found.pass_to_pass]
    for module, passing in ((OLD, found.pass_to_pass), (NEW, ids)):
        installation = testbed.installation(SETUP)
        report = run_tests(testbed.runtime, installation, state(module), tests, Limits(), ids=ids)
        assert [test for test in ids if report.results[test].outcome is Outcome.PASSED] == [*passing]


@pytest.mark.parametrize(
    ("root", "path"),
    [
        pytest.param("tests", "tests/test_behaviour_1.py", id="folder"),
        pytest.param("test_mill.py", "test_behaviour_1.py", id="file-at-the-top"),
        pytest.param("checks/all.py", "checks/test_behaviour_1.py", id="file-in-a-folder"),
    ],
)
def test_what_was_written_is_one_of_the_tests(root: str, path: str) -> None:
    held = f"{root}/test_mill.py" if root == "tests" else root
    tree = tree_of({held: "", path: "", "mill/__init__.py": "", "other/test_behaviour_1.py": ""})
    setup = msgspec.structs.replace(SETUP, test_roots=(root,))
    assert testbeds.tests_of(setup, tree).files.keys() == {held, path}


def test_what_nobody_could_rely_on_is_not_stated(testbed: testbeds.Testbed) -> None:
    of_a_run = ("now", "wall", "lucky", "place", "thing", "letters", "noted")
    others = ("average", "broken", "changed_message", "_hidden", "renamed", "joined")
    assert isinstance(captured(testbed, *of_a_run, *others), str)
