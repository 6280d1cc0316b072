"""selection.py and splits.py: a suite of some of a suite's tasks, and which projects are for tests."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace

from handmade import make_suite, make_task
from hybridgym.errors import UsageError
from hybridgym.generation import Options
from hybridgym.selection import select
from hybridgym.splits import split_of
from hybridgym.suite import Suite, load_suite
from hybridgym.task import Rejection
from hybridgym.verification import verify
from test_generation import callers, run, specs_of
from tiny import hybridgym, rows

TASKS = [
    replace(make_task("1"), difficulty={"rank": 1, "overlap": 0.25}, tags=("first_hit", "tiny"), language="go"),
    replace(make_task("2"), difficulty={"rank": 2}, created_at="2024-06-01T12:00:00Z", repo="acme/reel"),
    replace(make_task("3"), difficulty={"rank": 30, "overlap": 0.75}, license="", repo="Other/Wheel"),
]


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    reasons = [Rejection(repo="acme/loom", stage="restore", reason="too hard", count=3)]
    return make_suite(tmp_path / "all", TASKS, rejections=reasons)


def chosen(suite: Suite, tmp_path: Path, *conditions: str) -> list[str]:
    """Select; return the last characters of the ids."""
    select(suite, tmp_path / "some", conditions)
    return [task.instance_id[-1] for task in rows(tmp_path / "some")]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        pytest.param([], "123", id="none"),
        pytest.param(["rank>1"], "23", id="more"),
        pytest.param(["rank >= 2", "rank<30"], "2", id="both"),
        pytest.param(["rank=1,30"], "13", id="any of several numbers"),
        pytest.param(["rank!=1,30"], "2", id="none of several numbers"),
        pytest.param(["overlap<1"], "13", id="who has no such number does not meet it"),
        pytest.param(["overlap!=0.25"], "23", id="but differs from any"),
        pytest.param(["tags!=first_hit"], "23", id="without a tag"),
        pytest.param(["tags=first_hit,other"], "1", id="with a tag"),
        pytest.param(["repo=ACME/*"], "12", id="any repository of an owner"),
        pytest.param(["repo=acme/reel,other/wheel", "kind=restore"], "23", id="several repositories"),
        pytest.param(["created_at>=2024-06"], "2", id="dates"),
        pytest.param(["language=go"], "1", id="language"),
        pytest.param(["kind!=restore"], "", id="nothing is left"),
    ],
)
def test_tasks_that_meet_all_conditions_are_chosen(
    suite: Suite, tmp_path: Path, conditions: list[str], expected: str
) -> None:
    assert "".join(chosen(suite, tmp_path, *conditions)) == expected


def test_rows_and_what_is_said_of_them_stay(suite: Suite, tmp_path: Path) -> None:
    select(suite, tmp_path / "some", ["rank>1"])
    again = load_suite(tmp_path / "some")
    select(again, tmp_path / "fewer", ["rank<30"])
    lines = (suite.folder / "tasks.jsonl").read_bytes().splitlines()
    assert (tmp_path / "some" / "tasks.jsonl").read_bytes().splitlines() == lines[1:]
    info = load_suite(tmp_path / "fewer").info
    assert info.selected == ("rank>1", "rank<30")
    assert (info.tasks, info.seed, info.rejections_per_reason) == (1, 7, {"restore: too hard": 3})
    assert info.tasks_per_repository == {"acme/reel": 1}


def test_a_suite_without_sources_gives_one_without(suite: Suite, tmp_path: Path) -> None:
    shutil.rmtree(suite.folder / "sources")
    assert chosen(suite, tmp_path, "rank=2") == ["2"]
    assert not (tmp_path / "some" / "sources").exists()


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        pytest.param("rank", "expected NAME, one of", id="no sign"),
        pytest.param("rank>", "expected NAME, one of", id="no value"),
        pytest.param("rank>many", "expected a number, or one of kind, split", id="no number"),
        pytest.param("renk>1", "expected one of .*overlap.*rank.*found renk", id="no such number"),
    ],
)
def test_what_cannot_be_meant_is_said(suite: Suite, tmp_path: Path, condition: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        select(suite, tmp_path / "some", [condition])
    assert not (tmp_path / "some" / "suite.json").exists()


def test_the_command_writes_a_suite_that_can_be_proven(tmp_path: Path) -> None:
    run(tmp_path, specs_of(tmp_path, {"first": callers(1, 2), "second": callers(3)}))
    done = hybridgym("select", "suite", "--out", "some", "--where", "dependencies>1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 of 3 tasks" in done.stdout
    assert [problem for _, problem in verify(tmp_path / "some", 1)] == ["", ""]
    for task in load_suite(tmp_path / "some").values():
        assert task.check(task.row.patch).resolved
    done = hybridgym("select", "suite", "--out", "none", "--where", "dependencies>9", cwd=tmp_path)
    assert done.returncode == 1
    assert "no task of suite meets dependencies>9" in done.stderr


def test_all_tasks_of_a_project_are_in_one_split_whatever_it_is_called() -> None:
    for number in range(50):
        names = [
            ("Owner/My.Name", ""),
            ("fork/my-name", "fork/my-name"),
            ("pypi/x", "owner/my_name"),
            ("pypi/my-name", ""),
        ]
        tasks = [
            replace(TASKS[0], repo=f"{repo}{number}", upstream=f"{of}{number}" if of else "") for repo, of in names
        ]
        assert len({split_of(task, 0.5) for task in tasks}) == 1


def test_a_larger_share_adds_projects_to_the_tests() -> None:
    tasks = [replace(TASKS[0], upstream=f"owner/name{number}") for number in range(400)]
    shares = (0, 0.1, 0.5, 1)
    found = [{task.upstream for task in tasks if split_of(task, share) == "test"} for share in shares]
    assert found[0] < found[1] < found[2] < found[3]
    assert len(found[0]) == 0
    assert 20 <= len(found[1]) <= 60
    assert len(found[3]) == 400


def test_a_suite_says_which_repositories_are_for_tests_and_they_can_be_chosen(tmp_path: Path) -> None:
    projects = {f"project{number}": callers(1, 2) for number in range(6)}
    options = Options(kinds=("dependency_search",), test_share=0.5)
    info = run(tmp_path, specs_of(tmp_path, projects), options)
    assert info.test_share == 0.5
    assert info.splits.keys() == info.tasks_per_repository.keys()
    assert Counter(info.splits[task.repo] for task in rows(tmp_path / "suite")) == info.tasks_per_split
    made = select(load_suite(tmp_path / "suite"), tmp_path / "tests", ["split=test"])
    assert set(made.splits) == {repo for repo, split in info.splits.items() if split == "test"} != set()
    assert set(made.splits.values()) == {"test"}
