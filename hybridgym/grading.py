"""Predictions → results: every line of a predictions file gets a row, whatever is wrong with it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from hybridgym.predictions import BadPrediction, Result, result
from hybridgym.suite import SuiteTask
from hybridgym.task import Status, Submission, Verdict


class Tally(msgspec.Struct):
    """What was graded, counted as it goes by; memory grows with the tasks, not with the predictions."""

    kinds: dict[str, Counter[str]] = msgspec.field(default_factory=dict)
    """Kind → status → number of submissions."""
    rewards: dict[str, float] = msgspec.field(default_factory=dict)
    """Kind → sum of rewards."""
    seen: set[str] = msgspec.field(default_factory=set)
    """Tasks that have at least one submission."""
    unknown: int = 0
    unreadable: int = 0

    def count(self, kind: str, verdict: Verdict) -> None:
        """Count one verdict."""
        self.kinds.setdefault(kind, Counter())[verdict.status] += 1
        self.rewards[kind] = self.rewards.get(kind, 0.0) + verdict.reward
        self.seen.add(verdict.instance_id)


def grade(
    suite: Mapping[str, SuiteTask], submissions: Iterable[Submission | BadPrediction], tally: Tally
) -> Iterator[Result]:
    """Yield a result for each submission, in their order, and count them in `tally`."""
    for submission in submissions:
        if isinstance(submission, BadPrediction):
            tally.unreadable += 1
            yield _failed(Submission(instance_id="", model_patch=""), f"row {submission.row}: {submission.reason}")
        elif submission.instance_id not in suite:
            tally.unknown += 1
            yield _failed(submission, "the suite has no task of this id")
        else:
            task = suite[submission.instance_id]
            verdict = task.check(submission.model_patch, submission.sample)
            tally.count(task.row.task_kind, verdict)
            yield result(submission, verdict)


def _failed(submission: Submission, reason: str) -> Result:
    verdict = Verdict(
        instance_id=submission.instance_id,
        status=Status.ERROR,
        reward=0.0,
        reason=reason,
        sample=submission.sample,
    )
    return result(submission, verdict)
