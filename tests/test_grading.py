"""grading.py: a result for each prediction, whatever is wrong with it, and a tally of them all."""

from pathlib import Path

import pytest

from handmade import GOLD, make_suite, make_task
from hybridgym.grading import Tally, grade
from hybridgym.predictions import BadPrediction
from hybridgym.suite import Suite
from hybridgym.task import Status, Submission

ID = "acme__loom.12345678.restore-1"
DELETION = """\
diff --git a/src/weaving.py b/src/weaving.py
deleted file mode 100644
--- a/src/weaving.py
+++ /dev/null
@@ -1,2 +0,0 @@
-def weave(threads):
-    return "".join(threads)
"""


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return make_suite(tmp_path / "suite", [make_task(), make_task("2")])


def submission(patch: str, instance_id: str = ID, sample: int = 0) -> Submission:
    return Submission(instance_id=instance_id, model_patch=patch, model_name_or_path="m", sample=sample)


@pytest.mark.parametrize(
    ("prediction", "status", "reward", "reason"),
    [
        pytest.param(submission(GOLD), Status.RESOLVED, 1.0, "restored", id="right"),
        pytest.param(submission(""), Status.UNRESOLVED, 0.0, "not restored", id="empty"),
        pytest.param(submission("no patch"), Status.DOES_NOT_APPLY, 0.0, "no diff", id="not a patch"),
        pytest.param(
            submission(GOLD.replace("join", "split")), Status.DOES_NOT_APPLY, 0.0, "weaving.py", id="other context"
        ),
        pytest.param(submission(DELETION), Status.ERROR, 0.0, "RuntimeError: cannot read", id="the checker fails"),
        pytest.param(submission(GOLD, "nosuch"), Status.ERROR, 0.0, "no task of this id", id="unknown id"),
        pytest.param(BadPrediction(row=3, reason="bad JSON"), Status.ERROR, 0.0, "row 3: bad JSON", id="unreadable"),
    ],
)
def test_every_prediction_has_a_result(
    suite: Suite, prediction: Submission | BadPrediction, status: Status, reward: float, reason: str
) -> None:
    (row,) = grade(suite, [prediction], Tally())
    assert (row.status, row.reward, row.resolved) == (status, reward, status is Status.RESOLVED)
    assert reason in row.reason


def test_results_come_in_the_order_of_predictions_with_their_samples(suite: Suite) -> None:
    predictions = [
        submission("", sample=1),
        submission(GOLD, "acme__loom.12345678.restore-2"),
        submission(GOLD, sample=4),
    ]
    found = [(r.instance_id[-1], r.sample, r.resolved) for r in grade(suite, predictions, Tally())]
    assert found == [("1", 1, False), ("2", 0, True), ("1", 4, True)]


def test_the_tally_counts_by_kind_and_apart_from_what_has_no_task(suite: Suite) -> None:
    tally = Tally()
    predictions: list[Submission | BadPrediction] = [
        submission(GOLD),
        submission("", sample=1),
        submission(GOLD, "nosuch"),
        BadPrediction(row=1, reason="?"),
    ]
    assert len(list(grade(suite, predictions, tally))) == 4
    assert tally.kinds == {"restore": {Status.RESOLVED: 1, Status.UNRESOLVED: 1}}
    assert tally.rewards == {"restore": 1.0}
    assert (tally.seen, tally.unknown, tally.unreadable) == ({ID}, 1, 1)


def test_grading_reads_no_further_than_it_is_asked(suite: Suite) -> None:
    tally = Tally()
    results = grade(suite, (submission(GOLD) for _ in range(1_000_000_000)), tally)
    assert next(results).resolved
    assert tally.rewards == {"restore": 1.0}
