"""quotas.py: never more than there is, as even as it gets, and everything that is asked for if it is there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridgym.quotas import plan

REPOS = st.text("abc", min_size=1, max_size=2)
SUPPLY = st.dictionaries(REPOS, st.dictionaries(st.sampled_from("123"), st.integers(0, 6), max_size=3), max_size=5)
LIMIT = st.none() | st.integers(0, 12)


@pytest.mark.parametrize(
    ("supply", "total", "per_repo", "expected"),
    [
        pytest.param({}, 5, None, {}, id="no repository"),
        pytest.param({"a": {}}, 5, None, {"a": {}}, id="a repository without candidates"),
        pytest.param({"a": {"1": 9}, "b": {"1": 9}}, 4, None, {"a": {"1": 2}, "b": {"1": 2}}, id="halves"),
        pytest.param({"a": {"1": 1}, "b": {"1": 9}}, 6, None, {"a": {"1": 1}, "b": {"1": 5}}, id="small ones give all"),
        pytest.param({"a": {"1": 9, "2": 9}}, 4, None, {"a": {"1": 2, "2": 2}}, id="strata are balanced"),
        pytest.param({"a": {"1": 9, "5": 1}}, 6, None, {"a": {"1": 5, "5": 1}}, id="rare strata give all"),
        pytest.param({"a": {"1": 3}, "b": {"1": 2}}, None, None, {"a": {"1": 3}, "b": {"1": 2}}, id="no limit"),
        pytest.param({"a": {"1": 3, "2": 3}}, None, 4, {"a": {"1": 2, "2": 2}}, id="limit per repository"),
        pytest.param(
            {"a": {"1": 9}, "b": {"2": 9}}, 4, 1, {"a": {"1": 1}, "b": {"2": 1}}, id="limit per repository and total"
        ),
        pytest.param(
            {"a": {"1": 9, "2": 9}, "b": {"1": 9, "2": 9}},
            4,
            None,
            {"a": {"1": 1, "2": 1}, "b": {"1": 1, "2": 1}},
            id="both are balanced at once",
        ),
    ],
)
def test_quotas(
    supply: dict[str, dict[str, int]], total: int | None, per_repo: int | None, expected: dict[str, dict[str, int]]
) -> None:
    assert plan(supply, total, per_repo) == expected


@given(SUPPLY, LIMIT, LIMIT)
def test_no_quota_exceeds_what_there_is_or_what_was_asked(
    supply: dict[str, dict[str, int]], total: int | None, per_repo: int | None
) -> None:
    quotas = plan(supply, total, per_repo)
    assert quotas.keys() == supply.keys()
    for repo, strata in quotas.items():
        assert all(0 < count <= supply[repo][stratum] for stratum, count in strata.items())
        assert per_repo is None or sum(strata.values()) <= per_repo
    assert total is None or sum(sum(strata.values()) for strata in quotas.values()) <= total


@given(SUPPLY, LIMIT, LIMIT)
def test_the_total_is_reached_if_the_repositories_can_give_it(
    supply: dict[str, dict[str, int]], total: int | None, per_repo: int | None
) -> None:
    able = 0
    for strata in supply.values():
        own = sum(strata.values())
        able += own if per_repo is None else min(own, per_repo)
    placed = sum(sum(strata.values()) for strata in plan(supply, total, per_repo).values())
    assert placed == (able if total is None else min(able, total))


@given(st.dictionaries(REPOS, st.integers(0, 9), max_size=6), st.integers(0, 30))
def test_with_one_stratum_a_repository_that_gives_less_than_another_gives_all_it_has(
    supply: dict[str, int], total: int
) -> None:
    quotas = plan({repo: {"": count} for repo, count in supply.items()}, total, None)
    given_by = {repo: quotas[repo].get("", 0) for repo in supply}
    most = max(given_by.values(), default=0)
    assert all(count >= most - 1 or count == supply[repo] for repo, count in given_by.items())


@given(st.dictionaries(st.sampled_from("12345"), st.integers(0, 9), max_size=5), st.integers(0, 30))
def test_in_one_repository_a_stratum_with_less_than_another_is_used_up(supply: dict[str, int], total: int) -> None:
    quotas = plan({"a": supply}, total, None)["a"]
    most = max(quotas.values(), default=0)
    assert all(quotas.get(s, 0) >= most - 1 or quotas.get(s, 0) == count for s, count in supply.items())


@given(SUPPLY, st.integers(1, 12))
def test_one_more_task_takes_none_from_any_stratum(supply: dict[str, dict[str, int]], total: int) -> None:
    def of_strata(asked: int) -> dict[str, int]:
        sums = dict.fromkeys("123", 0)
        for strata in plan(supply, asked, None).values():
            for stratum, count in strata.items():
                sums[stratum] += count
        return sums

    fewer, more = of_strata(total - 1), of_strata(total)
    assert all(more[s] >= fewer[s] for s in "123")
