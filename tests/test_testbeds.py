"""What tests say of a repository: three runs, and the functions that each of them ran, on several Pythons."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hybridgym import testbeds
from hybridgym.environments.interpreters import Interpreter, interpreters
from hybridgym.environments.store import Store
from hybridgym.errors import MissingDependencyError, RunError, SourceError
from hybridgym.graph import RepoGraph
from hybridgym.languages.python import Python
from hybridgym.parsing import parse_file
from hybridgym.runtimes.sandbox import Sandbox
from hybridgym.task import Tree
from hybridgym.testruns import Outcome
from testing_project import tree_of
from wheels import FOR_PYTEST, repack

MODULE = """import functools
import threading


def traced(function):
    @functools.wraps(function)
    def inner(*arguments):
        return function(*arguments)

    return inner


def plain(value):
    return value + 1


@traced
def decorated(value):
    return plain(value)


def numbers(count):
    for number in range(count):
        yield number


class Box:
    def __init__(self, value):
        self.value = value

    @property
    def doubled(self):
        return 2 * self.value

    def never(self):
        return None


def in_thread(value):
    found = []
    worker = threading.Thread(target=lambda: found.append(plain(value)))
    worker.start()
    worker.join()
    return found[0]
"""
TESTS = """
import sys

import pytest
from shapes import Box, decorated, in_thread, numbers, plain

SEEN = []


def test_plain():
    assert plain(1) == 2


def test_plain_again():
    assert plain(2) == 3


def test_decorated():
    assert decorated(1) == 2


def test_numbers():
    assert list(numbers(2)) == [0, 1]


def test_box():
    assert Box(2).doubled == 4


def test_in_thread():
    assert in_thread(1) == 2


def test_nothing_of_it():
    assert True


def test_that_traces_for_itself():
    sys.settrace(lambda *_: None)
    sys.settrace(None)
    assert plain(1) == 2


def test_first():
    SEEN.append(1)


def test_second():
    assert SEEN == [1]
    SEEN.append(2)


def test_third():
    assert SEEN == [1, 2]


@pytest.mark.skip
def test_later():
    pass
"""
TREE: Tree = tree_of({"shapes.py": MODULE, "tests/test_shapes.py": TESTS})
SETUP = testbeds.Setup(
    name="shapes", version="1", entry_points={}, roots=("",), test_roots=("tests",), config="", is_in_place=False
)
VERSIONS = ("3.11", "3.12")
"""One without sys.monitoring, and one that has it."""


@pytest.fixture(scope="module", params=VERSIONS)
def tested(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[testbeds.Tested]:
    found = interpreters()
    if request.param not in found:
        pytest.skip(f"no Python {request.param} here; HYBRIDGYM_PYTHONS names it")
    try:
        Sandbox().prepare()
    except (MissingDependencyError, RunError) as error:
        pytest.skip(f"no sandbox: {error}")
    folder = tmp_path_factory.mktemp("testbed")
    folder.chmod(0o755)
    yield testbeds.try_out(bed_with_pytest(found[request.param], folder), SETUP, TREE, graph())


def bed_with_pytest(interpreter: Interpreter, folder: Path) -> testbeds.Testbed:
    """Return a testbed whose environment has pytest, of a folder of wheels."""
    (folder / "index").mkdir()
    for name in FOR_PYTEST:
        repack(folder / "index", name)
    wheels = sorted((folder / "index").iterdir())
    lock = "".join(
        f"{wheel.name.split('-')[0]}=={wheel.name.split('-')[1]}"
        f" --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
        for wheel in wheels
    )
    store = Store(folder / "store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UV_OFFLINE", "1")
        patch.setenv("UV_FIND_LINKS", str(folder / "index"))
        patch.setenv("UV_CACHE_DIR", str(folder / "uv"))
        try:
            environment = store.get(lock, interpreter)
        except SourceError as error:
            pytest.skip(str(error))
    return testbeds.Testbed(Sandbox(), store, environment.id)


def graph() -> RepoGraph:
    return RepoGraph({path: parse_file(Python, file.data) for path, file in TREE.items()}, set(TREE), {})


@pytest.mark.parametrize(
    ("test", "ran"),
    [
        pytest.param("test_plain", ["plain"], id="function"),
        pytest.param("test_plain_again", ["plain"], id="function-that-another-test-ran"),
        pytest.param("test_decorated", ["decorated", "plain", "traced.inner"], id="decorated"),
        pytest.param("test_numbers", ["numbers"], id="generator"),
        pytest.param("test_box", ["Box.__init__", "Box.doubled"], id="methods"),
        pytest.param("test_in_thread", ["in_thread", "plain"], id="thread"),
        pytest.param("test_nothing_of_it", [], id="nothing"),
        pytest.param("test_that_traces_for_itself", ["plain"], id="traces-for-itself"),
    ],
)
def test_what_a_test_ran_is_known(tested: testbeds.Tested, test: str, ran: list[str]) -> None:
    found = tested.ran.get(f"tests/test_shapes.py::{test}", ())
    assert [name.partition("::")[2] for name in found] == ran


def test_what_depends_on_the_order_is_flaky(tested: testbeds.Tested) -> None:
    names = {test.partition("::")[2]: outcome for test, outcome in tested.outcomes.items()}
    assert tested.problem == ""
    flaky = {name for name, outcome in names.items() if outcome is Outcome.FLAKY}
    assert flaky
    assert flaky <= {"test_second", "test_third"}
    assert not flaky & {test.partition("::")[2] for test in tested.passing}
    assert names["test_later"] is Outcome.SKIPPED
    assert set(names.values()) == {Outcome.PASSED, Outcome.FLAKY, Outcome.SKIPPED}
