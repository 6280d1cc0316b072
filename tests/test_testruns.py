"""testruns/: what becomes of tests is told as it is, whatever they do and whatever the repository says of them."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from hybridgym.diffs import with_changes
from hybridgym.errors import MissingDependencyError, RunError
from hybridgym.runtimes import Runtime
from hybridgym.runtimes.sandbox import Sandbox
from hybridgym.testruns import (
    Outcome,
    Report,
    Result,
    Tests,
    grade,
    modules_of,
    prove_twins,
    run_tests,
    sources_of,
    steady,
)
from testing_project import FASTER, GOLD, IDS, LIMITS, MODULE, START, STUB, TEST, TESTS, changed, installation, tree_of

RIGHT = with_changes(START, changed({MODULE: GOLD}))
KINDS = """
import pytest, unittest, os

@pytest.fixture
def broken(): raise ValueError("before")

@pytest.fixture
def broken_later():
    yield
    raise ValueError("after")

def test_passed(): pass
def test_failed(): assert [1] == [2]
def test_error(broken): pass
def test_error_later(broken_later): pass
def test_failed_and_error(broken_later): assert False
def test_skipped(): pytest.skip("no")
@pytest.mark.skip
def test_skipped_by_mark(): pass
@pytest.mark.xfail
def test_xfailed(): assert False
@pytest.mark.xfail
def test_xpassed(): pass
@pytest.mark.xfail(strict=True)
def test_xpassed_though_strict(): pass
def test_exit(): raise SystemExit(0)
@pytest.mark.parametrize("text", ["a b", "[x]", "\\n", "\\u00e9", "::"])
def test_names(text): pass

class TestOfAClass:
    def test_passed(self): pass

class OfUnittest(unittest.TestCase):
    def test_passed(self): self.assertEqual(1, 1)
    def test_failed(self): self.assertEqual(1, 2)
    def test_skipped(self): self.skipTest("no")
    @unittest.expectedFailure
    def test_xfailed(self): self.fail()
    def test_subtests(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertNotEqual(number, 1)
"""
OUTCOMES = {
    "test_passed": "passed",
    "test_failed": "failed",
    "test_error": "error",
    "test_error_later": "error",
    "test_failed_and_error": "error",
    "test_skipped": "skipped",
    "test_skipped_by_mark": "skipped",
    "test_xfailed": "xfailed",
    "test_xpassed": "xpassed",
    "test_xpassed_though_strict": "failed",
    "test_exit": "failed",
    "test_names[a b]": "passed",
    "test_names[[x]]": "passed",
    "test_names[\\n]": "passed",
    "test_names[\\xe9]": "passed",
    "test_names[::]": "passed",
    "TestOfAClass::test_passed": "passed",
    "OfUnittest::test_passed": "passed",
    "OfUnittest::test_failed": "failed",
    "OfUnittest::test_skipped": "skipped",
    "OfUnittest::test_xfailed": "xfailed",
    "OfUnittest::test_subtests": "failed",
}


@pytest.fixture(scope="module")
def sandbox() -> Runtime:
    found = Sandbox()
    try:
        found.prepare()
    except (MissingDependencyError, RunError) as error:
        pytest.skip(str(error))
    return found


def made_of(files: dict[str, str], **options: object) -> Tests:
    return replace(Tests(files=tree_of(files), paths=("tests",), options=FASTER), **options)


def outcomes(report: Report) -> dict[str, str]:
    """Return outcomes as text, for a report that is complete."""
    assert report.problem == "", (report.problem, report.output.decode())
    return {test: str(result.outcome) for test, result in report.results.items()}


def run(sandbox: Runtime, tests: Tests, ids: Sequence[str] | None = None, shuffle: int | None = None) -> Report:
    return run_tests(sandbox, installation(), RIGHT, tests, LIMITS, ids=ids, shuffle=shuffle)


def test_each_test_has_the_outcome_that_it_had(sandbox: Runtime) -> None:
    report = run(sandbox, made_of({"tests/test_kinds.py": KINDS}))
    assert outcomes(report) == {f"tests/test_kinds.py::{name}": outcome for name, outcome in OUTCOMES.items()}
    failed = report.results["tests/test_kinds.py::test_failed"]
    assert (failed.error, "assert [1] == [2]" in failed.message) == ("AssertionError", True)
    assert report.results["tests/test_kinds.py::test_error"].error == "ValueError"


def test_the_tests_that_were_asked_for_are_run_and_no_other(sandbox: Runtime) -> None:
    ids = ["tests/test_kinds.py::test_names[[x]]", "tests/test_kinds.py::test_passed", "tests/test_gone.py::test"]
    report = run(sandbox, made_of({"tests/test_kinds.py": KINDS, "tests/test_other.py": "def test(): pass"}), ids)
    assert outcomes(report) == {ids[0]: "passed", ids[1]: "passed", ids[2]: "missing"}


def test_a_file_that_cannot_be_collected_says_so_for_its_tests(sandbox: Runtime) -> None:
    files = {"tests/test_a.py": "import nowhere\ndef test(): pass", "tests/test_b.py": "def test(): pass"}
    files |= {"tests/test_c.py": "import pytest\npytest.importorskip('nowhere')\ndef test(): pass"}
    ids = [f"{path}::test" for path in files]
    report = run(sandbox, made_of(files), ids)
    assert list(outcomes(report).values()) == ["collection error", "passed", "skipped"]
    assert "No module named 'nowhere'" in report.collection_errors["tests/test_a.py"]


def test_the_pristine_conftest_and_configuration_hold(sandbox: Runtime) -> None:
    files = {
        "conftest.py": "import pytest\n@pytest.fixture\ndef above(): return 1\n",
        "tests/conftest.py": "import pytest\n@pytest.fixture\ndef beside(above): return above + 1\n",
        "setup.cfg": "[tool:pytest]\npython_functions = check_*\naddopts = --no-such-option\n",
        "tests/test_it.py": "def check_it(beside): assert beside == 2\ndef test_it(): pass\n",
    }
    report = run(sandbox, made_of(files, config="setup.cfg"))
    assert outcomes(report) == {"tests/test_it.py::check_it": "passed"}


def test_tests_find_their_data_and_helpers(sandbox: Runtime) -> None:
    files = {
        "tests/__init__.py": "",
        "tests/helpers.py": "HELP = 1",
        "tests/data/a.txt": "text",
        "tests/test_it.py": "from pathlib import Path\nfrom tests.helpers import HELP\n"
        "from .helpers import HELP as same\n"
        "def test_it():\n    assert Path(__file__).with_name('data').joinpath('a.txt').read_text() == 'text'\n"
        "    assert Path('README.md').read_text() == 'A loom.\\n'\n    assert HELP is same\n",
    }
    assert outcomes(run(sandbox, made_of(files))) == {"tests/test_it.py::test_it": "passed"}


def test_tests_inside_of_the_package_are_run_in_place(sandbox: Runtime) -> None:
    path = "src/loom/tests/test_inner.py"
    files = {
        "src/loom/tests/__init__.py": "",
        path: "from ..weaving import flatten\ndef test(): assert flatten([]) == []",
    }
    tests = made_of(files, paths=("src/loom/tests",), is_in_place=True)
    assert outcomes(run(sandbox, tests)) == {f"{path}::test": "passed"}


def test_tests_can_be_written_by_nobody(sandbox: Runtime) -> None:
    code = """
def test_it():
    for place in (__file__, "/hybridgym/new", "/hybridgym/inside.py", "/hybridgym/tests/new"):
        try:
            open(place, "a")
        except OSError:
            continue
        assert False
"""
    assert outcomes(run(sandbox, made_of({"tests/test_it.py": code}))) == {"tests/test_it.py::test_it": "passed"}


def test_another_order_gives_the_same_tests(sandbox: Runtime) -> None:
    code = "import pytest\n@pytest.mark.parametrize('n', range(8))\ndef test_it(n): pass\n"
    tests = made_of({"tests/test_a.py": code, "tests/test_b.py": code})
    orders = [list(outcomes(run(sandbox, tests, shuffle=seed))) for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2])


def test_a_run_that_ends_before_its_time_keeps_what_it_told(sandbox: Runtime) -> None:
    code = "def test_a(): pass\ndef test_b():\n    import os; os._exit(0)\ndef test_c(): pass\n"
    ids = [f"tests/test_it.py::test_{letter}" for letter in "abc"]
    report = run(sandbox, made_of({"tests/test_it.py": code}), ids)
    assert (report.problem, report.unfinished) == ("the run ended before its time", ids[1])
    assert [report.results[test].outcome for test in ids] == [Outcome.PASSED, Outcome.MISSING, Outcome.MISSING]


def test_what_differs_between_repeats_is_flaky() -> None:
    def report(**given: Outcome) -> Report:
        results = {name: Result(outcome=outcome) for name, outcome in given.items()}
        return Report(results=results, collection_errors={}, limit=None, output=b"", seconds=1)

    first = report(a=Outcome.PASSED, b=Outcome.PASSED, c=Outcome.FAILED, d=Outcome.PASSED)
    second = report(a=Outcome.PASSED, b=Outcome.ERROR, c=Outcome.FAILED)
    wanted = {"a": Outcome.PASSED, "b": Outcome.FLAKY, "c": Outcome.FAILED, "d": Outcome.FLAKY}
    assert steady([first, second, first]) == wanted


def test_both_runtimes_say_the_same(sandbox: Runtime, docker: Runtime) -> None:
    tests = made_of({"tests/test_kinds.py": KINDS})
    assert outcomes(run(docker, tests)) == outcomes(run(sandbox, tests))


# What of a submission is taken over


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        pytest.param("src/loom/weaving.py", "", id="a source"),
        pytest.param("src/loom/knots.py", "", id="a new module"),
        pytest.param("src/spindle.py", "", id="a new module at the root"),
        pytest.param("src/loom/random.py", "", id="a name of the standard library, in a package"),
        pytest.param("src/random.py", "would take the place of the module random", id="the standard library"),
        pytest.param("src/pytest/__init__.py", "would take the place of the module pytest", id="the environment"),
        pytest.param("src/sitecustomize.py", "would take the place of the module sitecustomize", id="start-up"),
        pytest.param("tests/test_new.py", "a test", id="a new test"),
        pytest.param("tests/helpers.py", "a test", id="beside tests"),
        pytest.param("src/loom/conftest.py", "configuration", id="conftest"),
        pytest.param("setup.py", "configuration", id="setup"),
        pytest.param("pyproject.toml", "not a Python source file", id="pyproject"),
        pytest.param("src/cheat.pth", "not a Python source file", id="pth"),
        pytest.param("src/loom/__pycache__/weaving.cpython-311.pyc", "not a Python source file", id="bytecode"),
        pytest.param("src/loom/weaving.abi3.so", "not a Python source file", id="an extension"),
    ],
)
def test_sources_are_taken_over_and_nothing_else(path: str, reason: str) -> None:
    where = replace(installation(), modules=modules_of(installation().mounts[0].source) | {"pytest"})
    kept, left_out = sources_of(START, changed({path: "X = 1\n"}), where)
    assert [change.path for change in kept] == ([] if reason else [path])
    assert [(change.path, change.reason) for change in left_out] == ([(path, reason)] if reason else [])


def test_a_project_may_change_a_module_of_its_own_that_the_environment_has_too() -> None:
    start = tree_of({"pluggy/__init__.py": "", "pluggy/hooks.py": "A = 1\n"})
    where = replace(installation(), roots=("",), modules=frozenset({"pluggy"}))
    kept, left_out = sources_of(start, changed({"pluggy/new.py": "", "pluggy/hooks.py": "A = 2\n"}, start), where)
    assert ([change.path for change in kept], left_out) == (["pluggy/hooks.py", "pluggy/new.py"], ())


# Grading


def test_a_twin_that_does_not_end_is_left_out(sandbox: Runtime) -> None:
    code = "import time\ndef test_a():\n    assert 1 == 1\n"
    code += "def test_b():\n    n = 1\n    while n:\n        assert n == 1\n        n = 0\n"
    code += "class Odd:\n    def __eq__(self, other): return other == 1 or time.sleep(99)\n"
    code += "def test_c():\n    assert Odd() == 1\n"
    ids = [f"tests/test_it.py::test_{letter}" for letter in "abc"]
    tests, limits = made_of({"tests/test_it.py": code}), replace(LIMITS, wall_seconds=8)
    twins, without = prove_twins(sandbox, installation(), RIGHT, tests, limits, ids)
    assert ([twin.test for twin in twins], without) == (ids[:2], (ids[2],))


def test_tests_without_twins_are_listed(sandbox: Runtime) -> None:
    code = {
        "tests/test_a.py": "import pytest\ndef check(x): assert x\ndef test_checked(): check(1)\n"
        "@pytest.mark.parametrize('n', [1, 2])\ndef test_sometimes(n):\n    if n == 1:\n        assert n == 1\n"
        "def test_equal(): assert 1 == 1\n",
        "tests/test_b.py": "seen = []\n@__import__('pytest').fixture\ndef count(): seen.append(1)\n"
        "def test_first(count): assert seen == [1]\ndef test_last(count): assert seen == [1, 1]\n",
    }
    names = ["test_a.py::test_checked", "test_a.py::test_sometimes[1]", "test_a.py::test_sometimes[2]"]
    names += ["test_a.py::test_equal", "test_b.py::test_first", "test_b.py::test_last"]
    ids = [f"tests/{name}" for name in names]
    twins, without = prove_twins(sandbox, installation(), RIGHT, made_of(code), LIMITS, ids)
    assert [twin.test for twin in twins] == [ids[3]]
    assert without == (*ids[:3], *ids[4:])


def test_part_of_the_work_is_worth_part_of_the_reward(sandbox: Runtime) -> None:
    partly = STUB.replace("raise NotImplementedError", "return list(tree)")
    result = grade(
        sandbox, installation(), START, changed({MODULE: partly}), TESTS, LIMITS, fail_to_pass=IDS[:2], pass_to_pass=()
    )
    assert (result.is_resolved, result.reward, result.is_believed) == (False, 0.5, True)
    assert result.reason == f"{IDS[1]}: failed"


def test_broken_tests_take_the_reward_away(sandbox: Runtime) -> None:
    files = {
        **TESTS.files,
        **tree_of({"tests/test_t.py": "from loom.threads import COLOURS\ndef test(): assert COLOURS"}),
    }
    changes = changed({MODULE: GOLD, "src/loom/threads.py": "COLOURS = []\n"})
    tests, others = replace(TESTS, files=files), ["tests/test_t.py::test"]
    result = grade(sandbox, installation(), START, changes, tests, LIMITS, fail_to_pass=IDS, pass_to_pass=others)
    assert (result.is_resolved, result.reward, result.reason) == (False, 0.0, "tests/test_t.py::test: failed")


def test_an_agents_own_tests_do_no_harm(sandbox: Runtime) -> None:
    changes = changed({MODULE: GOLD, "tests/test_mine.py": "def test(): assert False\n", TEST: None, "notes.md": "x"})
    result = grade(sandbox, installation(), START, changes, TESTS, LIMITS, fail_to_pass=IDS)
    assert (result.is_resolved, result.reward) == (True, 1.0)
    assert [left.path for left in result.left_out] == ["notes.md", "tests/test_mine.py", TEST]
