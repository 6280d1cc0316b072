"""Bug injection: real tests of a small project run in the sandbox, over a state with a bug."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hybridgym.diffs import changes, make_patch
from hybridgym.edits import apply_edits
from hybridgym.errors import UsageError
from hybridgym.generation import Options, generate
from hybridgym.pipeline import make_one, template_for
from hybridgym.source import Source, load_source
from hybridgym.specs import spec_of
from hybridgym.suite import Suite, SuiteTask, load_suite
from hybridgym.task import File, Rejection, Status, ValidatedTask
from hybridgym.verification import verify
from wheels import offline

MODULE = '''"""Scales."""


def clamp(value, low, high):
    """Return the value, or the nearer bound where it lies outside of them."""
    if low > high:
        raise ValueError("bounds the wrong way round")
    if value < low:
        return low
    if value > high:
        return high
    return value


def label(value):
    text = str(value)
    if len(text) > 3:
        text = text[:3]
    return text


def marked(thing):
    number = hash(object())
    return [thing, number]


def share(value, low, high):
    inside = clamp(value, low, high)
    size = high - low
    return (inside - low) / size
'''
TESTS = """
import pytest
from scales import clamp, label, marked, share


@pytest.mark.parametrize(("value", "expected"), [(-1, 0), (0, 0), (3, 3), (5, 5), (9, 5)])
def test_between(value, expected):
    assert clamp(value, 0, 5) == expected


def test_bounds():
    with pytest.raises(ValueError):
        clamp(1, 5, 0)
    assert clamp(7, 7, 7) == 7


def test_text(capsys):
    assert label(12345) == "123"
    assert label(12) == "12"


def test_number():
    assert isinstance(marked("a")[1], int)
    assert marked("a")[0] == "a"


def test_part():
    assert share(1, 0, 4) == 0.25
    assert share(9, 2, 4) == 1
"""
PROJECT = {
    "pyproject.toml": '[project]\nname = "scales"\nversion = "1.0"\n'
    f'classifiers = ["Programming Language :: Python :: {sys.version_info[0]}.{sys.version_info[1]}"]\n',
    "src/scales.py": MODULE,
    "tests/test_scales.py": TESTS,
}
CLAMP, SHARE, LABEL = (f"src/scales.py::{name}" for name in ("clamp", "share", "label"))
SETTINGS = {"min_mutation_score": 0.5, "mutants": 4}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with offline(tmp_path_factory.mktemp("bugs"), PROJECT) as folder:
        yield folder


@pytest.fixture(scope="module")
def source(place: Path) -> Source:
    return load_source(spec_of(str(place / "project"), place), place / "cache" / "hybridgym")


@pytest.fixture(scope="module")
def suite(place: Path) -> Suite:
    spec = spec_of(str(place / "project"), place)
    options = Options(kinds=("bug_injection",), per_repo=10, settings={"bug_injection": SETTINGS}, similarity=1)
    generate([spec], place / "suite", options, cache=place / "cache" / "hybridgym")
    return load_suite(place / "suite")


def about(suite: Suite, target: str) -> SuiteTask:
    [found] = [task for task in suite.values() if task.row.answer["targets"] == [target]]
    return found


def submitted(task: SuiteTask, files: dict[str, str]) -> str:
    after = {**task.start, **{path: File(text.encode()) for path, text in files.items()}}
    return make_patch(changes(task.start, dict(sorted(after.items()))))


def script_of(statement: str) -> str:
    found = re.search(r"```python\n(.*?)```", statement, re.DOTALL)
    assert found is not None
    return found[1]


def test_only_what_a_user_can_show_becomes_a_task(suite: Suite) -> None:
    assert {task.row.answer["targets"][0] for task in suite.values()} == {CLAMP, SHARE}
    assert suite.info.rejections_per_reason["bug_injection: no script can be made of its tests"] == 1


def test_a_bug_is_one_edit_that_the_patch_takes_back(suite: Suite) -> None:
    for task in suite.values():
        [edit] = task.row.start_edits
        original = {path: File(text.encode()) for path, text in PROJECT.items()}
        assert apply_edits(original, [edit])["src/scales.py"] == task.start["src/scales.py"]
        assert task.start["src/scales.py"].data.decode() != MODULE
        assert task.row.patch == submitted(task, {"src/scales.py": MODULE})
        compile(task.start["src/scales.py"].data, "scales", "exec")


def test_some_tests_fail_with_a_bug_and_some_do_not(suite: Suite) -> None:
    for task in suite.values():
        assert task.row.FAIL_TO_PASS
        assert task.row.PASS_TO_PASS


def test_a_statement_is_a_program_that_behaves_as_it_says(suite: Suite, capsys: pytest.CaptureFixture[str]) -> None:
    for task in suite.values():
        statement = task.row.problem_statement
        expected, *observed = re.findall(r"```text\n(.*?)\n```", statement, re.DOTALL)
        assert said(script_of(statement), MODULE, capsys) == expected.strip()
        wrong = said(script_of(statement), task.start["src/scales.py"].data.decode(), capsys)
        assert wrong == (observed[0].splitlines()[-1] if observed else "")
        assert wrong != expected


def said(script: str, module: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the last line that a program prints or raises with a module."""
    names: dict[str, object] = {}
    exec(module, names)
    capsys.readouterr()
    try:
        exec(re.sub(r"^from scales import .*$", "", script, flags=re.MULTILINE), names)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return capsys.readouterr().out.strip()


def test_a_statement_says_neither_tests_nor_the_place(suite: Suite) -> None:
    for task in suite.values():
        statement = task.row.problem_statement
        assert not re.search(r"test_|scales\.py|0x[0-9a-f]+", statement)
        [target] = task.row.answer["targets"]
        name = target.partition("::")[2]
        assert name in script_of(statement) or name not in statement


def test_evidence_has_the_near_misses(suite: Suite) -> None:
    evidence = about(suite, CLAMP).row.evidence
    assert (evidence.gold, evidence.empty) == ("resolved", "unresolved")
    names = {miss.name for miss in evidence.near_misses}
    assert names == {"skips", "an edit of its neighbour", "another bug", "gold and a broken module"}
    assert evidence.measured["mutation_score"] >= SETTINGS["min_mutation_score"]


ANOTHER_WAY = MODULE.replace(
    MODULE[MODULE.index("    if value < low:") : MODULE.index("    return value\n")],
    "    value = max(low, min(value, high))\n",
)


@pytest.mark.parametrize(
    ("files", "status"),
    [
        pytest.param({"src/scales.py": ANOTHER_WAY}, Status.RESOLVED, id="corrected-in-another-way"),
        pytest.param({"src/scales.py": MODULE, "tests/test_scales.py": ""}, Status.RESOLVED, id="and-tests-emptied"),
        pytest.param(
            {"src/scales.py": MODULE.replace("(inside - low) / size", "1")}, Status.UNRESOLVED, id="something-broken"
        ),
        pytest.param({"tests/test_scales.py": "def test_bounds(): pass\n"}, Status.UNRESOLVED, id="tests-replaced"),
        pytest.param({"conftest.py": "collect_ignore = ['tests']\n"}, Status.UNRESOLVED, id="tests-left-out"),
    ],
)
def test_a_submission_is_judged_by_the_real_tests(suite: Suite, files: dict[str, str], status: Status) -> None:
    task = about(suite, CLAMP)
    verdict = task.check(submitted(task, files))
    assert verdict.status == status, verdict.reason
    assert (verdict.reward == 1) == (status is Status.RESOLVED)


def test_a_suite_is_proven_again(place: Path, suite: Suite) -> None:
    assert [problem for _, problem in verify(place / "suite", 1)] == [""] * len(suite)


def test_a_bug_in_a_caller_can_be_added(source: Source, suite: Suite) -> None:
    made = make_one(source, "bug_injection", CLAMP, {**SETTINGS, "edits": 2, "min_mutation_score": 0})
    assert isinstance(made, ValidatedTask), made
    assert tuple(made.answer["targets"]) == (CLAMP, SHARE)
    assert len(made.start_edits) == 2
    assert [miss.name for miss in made.evidence.near_misses].count("one bug is left") == 2
    assert "There are 2 mistakes" in made.problem_statement


def test_a_function_that_nobody_calls_has_no_bug_in_a_caller(source: Source, suite: Suite) -> None:
    made = make_one(source, "bug_injection", SHARE, {**SETTINGS, "edits": 2})
    assert isinstance(made, Rejection)
    assert made.reason == "no function that calls it is run by its tests"


@pytest.mark.parametrize("edits", [0, 3])
def test_only_so_many_bugs_can_be_asked_for(edits: int) -> None:
    with pytest.raises(UsageError, match=rf"bug_injection\.edits: expected 1 or 2, found {edits}"):
        template_for("bug_injection", {"edits": edits})


def test_what_rows_and_rejections_say_is_described(suite: Suite) -> None:
    page = (Path(__file__).parents[1] / "docs" / "suite-format.md").read_text(encoding="utf-8")
    said = {key for task in suite.values() for key in (*task.row.difficulty, *task.row.evidence.measured)}
    said |= {reason.partition(": ")[2] for reason in suite.info.rejections_per_reason}
    assert [key for key in sorted(said) if f"`{key}`" not in page and not key.startswith("file skipped")] == []
