"""tasks/base.py: what the checks of all kinds share."""

import pytest

from checker_corpus import task_named
from hybridgym.task import LINK, Change, File, Status
from hybridgym.tasks.base import MAX_REASONS, f1, foreign_change, graded


@pytest.mark.parametrize(
    ("right", "wrong", "missing", "expected"),
    [
        pytest.param(2, 0, 0, 1.0, id="exact"),
        pytest.param(1, 0, 2, 0.5, id="missing"),
        pytest.param(1, 2, 0, 0.5, id="wrong"),
        pytest.param(2, 1, 0, 0.8, id="mostly-right"),
        pytest.param(1, 1, 0, 0.6667, id="rounded"),
        pytest.param(0, 3, 1, 0.0, id="nothing-right"),
        pytest.param(0, 0, 0, 0.0, id="nothing-at-all"),
    ],
)
def test_f1(right: int, wrong: int, missing: int, expected: float) -> None:
    assert f1(right, wrong, missing) == expected


def test_a_link_is_foreign_even_if_its_target_reads_like_source() -> None:
    change = Change(path="alias.py", before=File(b"words", LINK), after=File(b"words # the same", LINK))
    assert foreign_change(change) == "alias.py: a link changed"


def test_an_edit_of_a_source_is_not_foreign() -> None:
    assert foreign_change(Change(path="words.py", before=File(b""), after=File(b"x = 1\n"))) == ""


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        pytest.param(20, "; ".join("r" * 20), id="all"),
        pytest.param(21, "; ".join("r" * 20) + "; and 1 more", id="one-left-out"),
    ],
)
def test_a_verdict_spells_out_twenty_reasons(count: int, expected: str) -> None:
    assert MAX_REASONS == 20
    verdict = graded(task_named("wrap"), False, 0.5, ["r"] * count, {"right": 1})
    assert (verdict.status, verdict.reward, verdict.reason) == (Status.UNRESOLVED, 0.5, expected)
    assert verdict.details == {"right": 1}
