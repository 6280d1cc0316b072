"""balance.py and `hybridgym show`: how the tasks of a suite are spread."""

from pathlib import Path

from msgspec.structs import replace

from handmade import make_suite, make_task
from hybridgym.balance import balance_of
from tiny import hybridgym


def test_the_balance_counts_tasks_by_kind(tmp_path: Path) -> None:
    tasks = [
        replace(make_task(str(number)), repo=f"acme/{name}", upstream="", difficulty={"rank": rank}, tags=tags)
        for number, (name, rank, tags) in enumerate(
            [("a", 1, ("first_hit",)), ("a", 2, ()), ("a", 3, ()), ("b", 4, ()), ("c", 50, ())]
        )
    ]
    tasks.append(replace(make_task("6"), task_kind="other", difficulty={}))
    suite = make_suite(tmp_path / "suite", tasks)
    found = balance_of(suite)
    assert list(found) == ["other", "restore"]
    assert (found["restore"].tasks, found["restore"].repositories, found["restore"].most_of_one) == (5, 3, 3)
    assert found["restore"].first_hits == 1
    spread = found["restore"].difficulty["rank"]
    assert (spread.least, spread.quarter, spread.half, spread.three_quarters, spread.most) == (1, 2, 3, 4, 50)
    assert found["other"].difficulty == {}
    assert sum(kind.tests for kind in found.values()) == suite.info.tasks_per_split.get("test", 0)


def test_the_command_shows_it(tmp_path: Path) -> None:
    make_suite(tmp_path / "suite")
    done = hybridgym("show", "suite", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "restore" in done.stdout
    assert "files" in done.stdout


def test_a_suite_without_tasks_has_no_balance(tmp_path: Path) -> None:
    assert balance_of(make_suite(tmp_path / "suite", [])) == {}
