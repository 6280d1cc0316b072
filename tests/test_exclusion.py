"""exclusion.py, and `generate` with it: what a suite keeps clear of, by name, by upstream and by date."""

from pathlib import Path

import pytest

from hybridgym.errors import UsageError
from hybridgym.exclusion import LISTS, Scope, list_names, scope_of
from hybridgym.generation import Options
from hybridgym.metadata import is_owner_and_name
from hybridgym.specs import RepoSpec, SourceKind
from hybridgym.task import ValidatedTask
from test_generation import callers, rejections, run
from tiny import git, rows, write

SEARCH = ("dependency_search",)


def made(tmp_path: Path, specs: list[RepoSpec], scope: Scope) -> tuple[list[ValidatedTask], list[tuple[str, str]]]:
    """Make a suite; return its tasks, and for which repositories there are none, by reason and detail."""
    run(tmp_path, specs, Options(kinds=SEARCH, scope=scope))
    found = rejections(tmp_path / "suite")
    return rows(tmp_path / "suite"), [(r.reason, r.detail) for r in found if r.stage == "source"]


def spec(tmp_path: Path, name: str, repo: str = "", upstream: str = "", created_at: str = "") -> RepoSpec:
    location = str(write(tmp_path / name, callers(1, 2)))
    kind = SourceKind.DIRECTORY
    return RepoSpec(kind=kind, location=location, repo=repo, upstream=upstream, created_at=created_at)


def test_a_listed_repository_gives_nothing_whatever_it_is_called(tmp_path: Path) -> None:
    fork = tmp_path / "fork"
    write(fork, {**callers(1), "setup.cfg": "[metadata]\nurl = https://github.com/PSF/requests\n"})
    specs = [
        spec(tmp_path, "one", repo="Psf/Requests"),
        spec(tmp_path, "two", repo="pypi/requests"),
        spec(tmp_path, "three", upstream="psf/requests"),
        RepoSpec(kind=SourceKind.DIRECTORY, location=str(fork), repo="someone/requests", upstream="someone/requests"),
        spec(tmp_path, "other", repo="psf/other"),
    ]
    tasks, reasons = made(tmp_path, specs, scope_of(["swe-bench-verified"]))
    assert {task.repo for task in tasks} == {"psf/other"}
    assert sorted(reasons) == [
        ("in a list of excluded repositories", "swe-bench-verified: psf/requests"),
        ("in a list of excluded repositories", "swe-bench-verified: psf/requests"),
        ("in a list of excluded repositories", "swe-bench-verified: psf/requests"),
        ("in a list of excluded repositories", "swe-bench-verified: pypi/requests"),
    ]


def test_a_list_of_ones_own_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("# mine\nacme/widgets  # as of May\n\n", "utf-8")
    specs = [spec(tmp_path, "one", repo="acme/widgets"), spec(tmp_path, "two", repo="acme/gears")]
    scope = scope_of([str(tmp_path / "mine.txt"), "swe-gym"])
    info = run(tmp_path, specs, Options(kinds=SEARCH, scope=scope))
    assert info.tasks_per_repository == {"acme/gears": 2}
    assert info.excluded_repositories == {"mine.txt": 1, "swe-gym": 11}
    assert info.graph["repositories"] == 1


def test_states_of_other_dates_give_nothing(tmp_path: Path) -> None:
    specs = [
        spec(tmp_path, name, created_at=date)
        for name, date in (
            ("old", "2023-12-31T23:59:59Z"),
            ("first", "2024-01-01T00:00:00Z"),
            ("last", "2024-05-31T23:59:59Z"),
            ("new", "2024-06-01T00:00:00Z"),
            ("unknown", ""),
        )
    ]
    tasks, reasons = made(tmp_path, specs, scope_of([], "2024-01-01", "2024-06-01T02:00:00+02:00"))
    assert {task.repo for task in tasks} == {"local/first", "local/last"}
    assert sorted(reasons) == [
        ("outside of the dates asked for", "2023-12-31T23:59:59Z is before 2024-01-01T00:00:00Z"),
        ("outside of the dates asked for", "2024-06-01T00:00:00Z is not before 2024-06-01T00:00:00Z"),
        ("outside of the dates asked for", "it is not known when it was made"),
    ]


def test_an_unknown_date_matters_only_where_dates_were_asked_for(tmp_path: Path) -> None:
    tasks, reasons = made(tmp_path, [spec(tmp_path, "unknown")], scope_of(["swe-bench"]))
    assert len(tasks) == 2
    assert reasons == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param((["swe-bunch"],), "swe-bench-verified.*found 'swe-bunch'", id="no such list"),
        pytest.param(([], "yesterday"), "--created-after: expected an ISO 8601 date-time", id="no date"),
        pytest.param(([], "2024-02-01", "2024-01-01"), "--created-before: expected a time after", id="nothing between"),
    ],
)
def test_what_cannot_be_meant_is_said(arguments: tuple[list[str], str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        scope_of(*arguments)


def test_a_line_that_names_no_repository_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("acme/widgets\nwidgets\n", "utf-8")
    with pytest.raises(UsageError, match=r"mine\.txt:2: expected owner/name, found 'widgets'"):
        scope_of([str(tmp_path / "mine.txt")])


@pytest.mark.parametrize("name", list_names())
def test_the_lists_say_where_they_are_from(name: str) -> None:
    text = (LISTS / f"{name}.txt").read_text("utf-8")
    assert "# Source: " in text
    (listed,) = scope_of([name]).excluded
    assert all(is_owner_and_name(one) for names in listed.repositories for one in names)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines == sorted(lines, key=str.lower)


def test_commits_of_other_dates_are_no_candidates(tmp_path: Path) -> None:
    project = write(tmp_path / "project", {"calc.py": "def double(n):\n    return n + 2\n"})
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "-m", "one")
    write(project, {"calc.py": "def double(n):\n    return n * 2\n"})
    git(project, "commit", "--quiet", "--all", "-m", "two")
    of_git = RepoSpec(kind=SourceKind.GIT, location=str(project), revision="main")
    kinds = ("issue_localization",)
    info = run(tmp_path, [of_git], Options(kinds=kinds, scope=scope_of([], "2100-01-01")))
    assert info.rejections_per_reason["issue_localization: outside of the dates asked for"] == 1
