"""duplicates.py, and `generate` with it: of tasks that are copies of each other, the first one stays."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridgym.duplicates import Seen, signature
from hybridgym.errors import UsageError
from hybridgym.generation import Options
from test_generation import rejections, run, specs_of
from tiny import Files, rows

REASON = "a duplicate of another task"
STEPS = [f"    total += steps.step_{n}(total, {n})\n" for n in range(30)]


def project(body: list[str], *more: str, name: str = "walk") -> Files:
    """A repository with functions to call, and one that calls them."""
    steps = "".join(f"def step_{n}(total, by):\n    return total * {n} - by\n\n\n" for n in range(31))
    code = f"import steps\n\n\ndef {name}(total):\n{''.join(body)}    return total\n"
    return {"steps.py": steps, "walk.py": code, **{f"more_{n}.py": text for n, text in enumerate(more)}}


def search(similarity: float | None, total: int | None = None) -> Options:
    settings = {"dependency_search": {"max_dependencies": 40}}
    return Options(kinds=("dependency_search",), settings=settings, similarity=similarity, total=total)


def made(tmp_path: Path, options: Options, **repositories: Files) -> tuple[list[str], list[tuple[str, str]]]:
    """Make a suite; return the repositories of its tasks, and which tasks were left out for which."""
    run(tmp_path, specs_of(tmp_path, repositories), options)
    left_out = [r for r in rejections(tmp_path / "suite") if r.reason == REASON]
    pairs = [(r.subject.partition(".")[0], r.detail.partition(".")[0]) for r in left_out]
    return [task.repo for task in rows(tmp_path / "suite")], pairs


@pytest.mark.parametrize(
    ("similarity", "kept"),
    [
        pytest.param(None, ["local/first", "local/fork", "local/other"], id="all are kept"),
        pytest.param(1, ["local/first", "local/fork", "local/other"], id="none is exact"),
        pytest.param(0.8, ["local/first", "local/other"], id="one is near"),
    ],
)
def test_what_differs_in_a_line_is_a_near_duplicate(tmp_path: Path, similarity: float | None, kept: list[str]) -> None:
    fork = [*STEPS[:-1], "    total += steps.step_30(total, 29)\n"]
    other = [f"    print(total, {n})\n    steps.step_{n}({n}, by=total)\n" for n in range(20)]
    repositories = {"first": project(STEPS), "fork": project(fork), "other": project(other)}
    assert made(tmp_path, search(similarity), **repositories)[0] == kept


def test_blanks_and_documentation_make_no_difference(tmp_path: Path) -> None:
    copied = project(['    """Walk."""\n', *(f"\n{line.replace(', ', ',  ')}" for line in STEPS)])
    kept, left_out = made(tmp_path, search(1), first=project(STEPS), vendored=copied)
    assert kept == ["local/first"]
    assert left_out == [("local__vendored", "of local__first")]


def test_the_same_code_under_another_name_is_another_task(tmp_path: Path) -> None:
    short = ["    steps.step_1(total, 1)\n"]
    kept, _ = made(tmp_path, search(0.8), first=project(short), other=project(short, name="run"))
    assert kept == ["local/first", "local/other"]


def test_what_was_made_beyond_the_quotas_takes_the_place_of_duplicates(tmp_path: Path) -> None:
    spare = "import steps\n\n\ndef other(of):\n" + "".join(f"    steps.step_{n}(of, of)\n" for n in range(30))
    repositories = {"first": project(STEPS), "second": project(STEPS, spare)}
    kept, left_out = made(tmp_path, search(0.8, total=2), **repositories)
    assert kept == ["local/first", "local/second"]
    assert len(left_out) <= 1


def test_what_is_missing_then_is_said(tmp_path: Path) -> None:
    repositories = {"first": project(STEPS), "second": project(STEPS)}
    info = run(tmp_path, specs_of(tmp_path, repositories), search(0.8, total=2))
    assert info.tasks == 1
    assert {(gap.wanted, gap.found) for gap in info.shortfalls} == {(2, 1)}
    assert info.near_duplicates == 0.8


def test_the_order_of_the_manifest_decides_which_one_stays(tmp_path: Path) -> None:
    specs = specs_of(tmp_path, {"first": project(STEPS), "second": project(STEPS)})
    run(tmp_path, specs, search(0.85))
    run(tmp_path, specs[::-1], search(0.85), out="reversed")
    assert [task.repo for task in rows(tmp_path / "suite")] == ["local/first"]
    assert [task.repo for task in rows(tmp_path / "reversed")] == ["local/second"]


@pytest.mark.parametrize("similarity", [0.5, 1.1])
def test_a_similarity_that_cannot_be_found_is_refused(tmp_path: Path, similarity: float) -> None:
    with pytest.raises(UsageError, match=r"near duplicates: expected 0\.8 to 1"):
        run(tmp_path, [], search(similarity))


@given(st.lists(st.text(max_size=80), max_size=20))
def test_equal_texts_are_duplicates_and_signatures_do_not_depend_on_the_run(texts: list[str]) -> None:
    for similarity in (0.8, 1):
        seen = Seen(similarity)
        assert seen.original("first", signature(texts)) == ""
        assert seen.original("second", signature(list(texts))) == "first"


@given(st.sets(st.integers(0, 10_000), min_size=60, max_size=60), st.integers(0, 60))
def test_texts_that_share_little_are_no_duplicates(words: set[int], shared: int) -> None:
    """Runs of tokens: with a share of words s, both texts have about s of their runs in common."""
    one = [f"w{word}" for word in sorted(words)]
    other = one[:shared] + [f"v{word}" for word in sorted(words)][shared:]
    seen = Seen(0.8)
    seen.original("one", signature([" ".join(one)]))
    found = seen.original("other", signature([" ".join(other)]))
    if shared <= 20:  # at most 16 of 96 runs are the same
        assert found == ""
    if shared == 60:
        assert found == "one"
