"""Function generation: real tests of a small project run in the sandbox, over what an agent left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hybridgym.pipeline import make_one
from hybridgym.source import Source, load_source
from hybridgym.specs import spec_of
from hybridgym.suite import Suite, load_suite
from hybridgym.task import Rejection, Status, ValidatedTask
from hybridgym.verification import verify
from small_suite import CLAMP, MODULE, PROJECT, SHARE, about, make_suite, submitted, with_body
from wheels import offline, write_wheel


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the project, where uv finds pytest and the cache is its own."""
    with offline(tmp_path_factory.mktemp("generation"), PROJECT) as folder:
        yield folder


@pytest.fixture(scope="module")
def source(place: Path) -> Source:
    return load_source(spec_of(str(place / "project"), place), place / "cache" / "hybridgym")


@pytest.fixture(scope="module")
def suite(place: Path) -> Suite:
    return load_suite(make_suite(place))


def test_only_bodies_that_tests_pin_become_tasks(suite: Suite) -> None:
    assert {task.row.answer["targets"][0] for task in suite.values()} == {CLAMP, SHARE}
    reasons = suite.info.rejections_per_reason
    assert reasons["function_generation: its tests do not tell right from wrong"] == 1
    assert reasons["function_generation: no test that passes runs it"] == 1


def test_what_tests_said_of_a_candidate_is_not_asked_again(place: Path, suite: Suite) -> None:
    def known() -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in (place / "cache" / "hybridgym" / "proven").iterdir()}

    before = known()
    assert len(before) >= len(suite)
    again = make_suite(place, name="again")
    assert known() == before
    assert (again / "tasks.jsonl").read_bytes() == (suite.folder / "tasks.jsonl").read_bytes()


def test_the_start_state_keeps_signature_and_documentation(suite: Suite) -> None:
    text = about(suite, CLAMP).start["src/scales.py"].data.decode()
    head, _, rest = text.partition("raise NotImplementedError")
    assert head.endswith('    """Return the value, or the nearer bound where it lies outside of them."""\n    ')
    assert rest.startswith("\n\n\ndef label(value):")


def test_tests_that_fail_without_the_body_are_told_from_the_others(suite: Suite) -> None:
    row = about(suite, CLAMP).row
    names = {test.partition("::")[2].partition("[")[0] for test in row.FAIL_TO_PASS}
    assert names == {"test_clamp", "test_bounds", "test_share"}
    assert {test.partition("::")[2] for test in row.PASS_TO_PASS} == {"test_label"}


def test_what_was_measured_is_evidence(suite: Suite) -> None:
    evidence = about(suite, CLAMP).row.evidence
    assert evidence.gold == "resolved"
    assert evidence.measured["mutation_score"] >= 0.7
    assert {miss.name for miss in evidence.near_misses} >= {"returns nothing", "skips", "gold and a broken module"}


RIGHT = """if low > high:
        raise ValueError
    return max(low, min(value, high))"""
IN_HELPER = """from helper import between
    return between(value, low, high)"""
HELPER = """def between(value, low, high):
    if low > high:
        raise ValueError
    return sorted((low, value, high))[1]
"""


@pytest.mark.parametrize(
    ("body", "more", "status"),
    [
        pytest.param(RIGHT, {}, Status.RESOLVED, id="another-way"),
        pytest.param(IN_HELPER, {"src/helper.py": HELPER}, Status.RESOLVED, id="a-new-module"),
        pytest.param(RIGHT, {"tests/test_scales.py": None}, Status.RESOLVED, id="tests-deleted"),
        pytest.param("return max(low, min(value, high))", {}, Status.UNRESOLVED, id="one-case-missing"),
        pytest.param("import pytest\n    pytest.skip()", {}, Status.UNRESOLVED, id="skips"),
        pytest.param(
            "return value", {"tests/test_scales.py": "def test_clamp(): pass\n"}, Status.UNRESOLVED, id="own-tests"
        ),
        pytest.param("return value", {"conftest.py": "collect_ignore = ['tests']\n"}, Status.UNRESOLVED, id="conftest"),
    ],
)
def test_a_submission_is_judged_by_the_real_tests(
    suite: Suite, body: str, more: dict[str, str | None], status: Status
) -> None:
    task = about(suite, CLAMP)
    verdict = task.check(submitted(task, with_body(task, body) | more))
    assert verdict.status == status, verdict.reason
    assert (verdict.reward == 1) == (status is Status.RESOLVED)


def test_part_of_the_tests_earns_part_of_the_reward(suite: Suite) -> None:
    task = about(suite, CLAMP)
    verdict = task.check(submitted(task, with_body(task, "return max(low, min(value, high))")))
    assert 0 < verdict.reward < 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("def clamp(value, low, high):", "def clamp(value, low, high, way=0):", id="signature"),
        pytest.param("    text = str(value)\n", "    text = repr(value)\n", id="another-function"),
    ],
)
def test_what_is_not_the_body_must_stay(suite: Suite, old: str, new: str) -> None:
    task = about(suite, CLAMP)
    files = with_body(task, RIGHT)
    changed = str(files["src/scales.py"]).replace(old, new)
    assert changed != files["src/scales.py"]
    verdict = task.check(submitted(task, {"src/scales.py": changed}))
    assert verdict.status == Status.TAMPERED
    assert "only the body" in verdict.reason


def test_a_suite_is_proven_again(place: Path, suite: Suite) -> None:
    assert [problem for _, problem in verify(place / "suite", 1)] == [""] * len(suite)


def test_a_copy_in_the_environment_fails_the_proof(place: Path, suite: Suite) -> None:
    testbed = suite.testbed(about(suite, CLAMP).row.environment)
    [packages] = testbed.store.path(testbed.environment).glob("lib/python*/site-packages")
    copy = packages / "measures.py"
    copy.write_text(MODULE.partition("def label")[0].replace("clamp", "limit"), encoding="utf-8")
    try:
        problems = dict(verify(place / "suite", 1))
    finally:
        copy.unlink()
    where = f"lib/{packages.parent.name}/site-packages/measures.py: the code of a target"
    assert problems[about(suite, CLAMP).row.instance_id].startswith(f"its environment has a copy: {where}")
    assert problems[about(suite, SHARE).row.instance_id] == ""


def test_the_path_can_be_left_out(source: Source, suite: Suite) -> None:
    made = make_one(source, "function_generation", SHARE, {"with_path": False, "lines": {"min": 3}})
    assert isinstance(made, ValidatedTask), made
    assert "src/scales.py" not in made.problem_statement
    assert "src/scales.py" in about(suite, SHARE).row.problem_statement


def test_a_target_that_no_test_runs_is_refused(source: Source) -> None:
    made = make_one(source, "function_generation", "src/scales.py::unused", {"lines": {"min": 3}})
    assert isinstance(made, Rejection)
    assert made.reason == "no test that passes runs it"


def test_what_rows_and_rejections_say_is_described(suite: Suite) -> None:
    page = (Path(__file__).parents[1] / "docs" / "suite-format.md").read_text(encoding="utf-8")
    said = {key for task in suite.values() for key in (*task.row.difficulty, *task.row.evidence.measured)}
    said |= {reason.partition(": ")[2] for reason in suite.info.rejections_per_reason}
    assert [key for key in sorted(said) if f"`{key}`" not in page and not key.startswith("file skipped")] == []


def test_a_project_that_its_environment_vendors_is_refused_before_its_tests_run(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    needing = PROJECT["pyproject.toml"] + 'dependencies = ["pantry"]\n'
    with offline(tmp_path_factory.mktemp("vendored"), {**PROJECT, "pyproject.toml": needing}) as folder:
        vendored = {"pantry_vendor/scales-0.9.dist-info/METADATA": "Name: scales\n"}
        write_wheel(folder / "index", "pantry", "1.0", "import pantry_vendor\n", more=vendored)
        suite = load_suite(make_suite(folder))
        assert not list((folder / "cache" / "hybridgym").glob("tested/*"))
    assert len(suite) == 0
    assert suite.info.rejections_per_reason["environment: its environment has a copy of it"] == 1
    [line] = [
        line for line in (suite.folder / "rejections.jsonl").read_text().splitlines() if "scales-0.9.dist-info" in line
    ]
    assert '"stage":"environment"' in line
