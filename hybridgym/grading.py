"""Predictions → results: every line of a predictions file gets a row, whatever is wrong with it."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path

import msgspec

from hybridgym.predictions import BadPrediction, Result, result
from hybridgym.suite import CheckerOf, Suite, load_suite
from hybridgym.task import Status, Submission, Value, Verdict

BATCH = 100
"""Submissions that a process grades at a time."""

Submitted = Submission | BadPrediction


class Graded(Value, frozen=True):
    """A result, and the kind of the task it is about; empty where there is no such task."""

    kind: str
    result: Result


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

    def count(self, graded: Graded) -> None:
        """Count one result."""
        if graded.kind:
            self.kinds.setdefault(graded.kind, Counter())[graded.result.status] += 1
            self.rewards[graded.kind] = self.rewards.get(graded.kind, 0.0) + graded.result.reward
            self.seen.add(graded.result.instance_id)
        elif graded.result.instance_id:
            self.unknown += 1
        else:
            self.unreadable += 1


def grade(suite: Suite, submissions: Iterable[Submitted], tally: Tally, jobs: int = 1) -> Iterator[Result]:
    """Yield a result for each submission, in their order, and count them in `tally`.

    With several jobs, processes grade batches; no more are under way than keep them busy.
    """
    graded = map(partial(grade_one, suite), submissions) if jobs == 1 else _in_processes(suite, submissions, jobs)
    for one in graded:
        tally.count(one)
        yield one.result


def grade_one(suite: Suite, submission: Submitted) -> Graded:
    """Grade one submission."""
    if isinstance(submission, BadPrediction):
        return _failed(Submission(instance_id="", model_patch=""), f"row {submission.row}: {submission.reason}")
    if submission.instance_id not in suite:
        return _failed(submission, "the suite has no task of this id")
    task = suite[submission.instance_id]
    verdict = task.check(submission.model_patch, submission.sample)
    return Graded(task.row.task_kind, result(submission, verdict))


def _in_processes(suite: Suite, submissions: Iterable[Submitted], jobs: int) -> Iterator[Graded]:
    waiting = iter(submissions)
    running: deque[Future[list[Graded]]] = deque()
    with ProcessPoolExecutor(jobs) as pool:
        while True:
            while len(running) < 2 * jobs and (batch := list(islice(waiting, BATCH))):
                running.append(pool.submit(_grade_batch, suite.folder, suite.checker, suite.runtime, batch))
            if not running:
                return
            yield from running.popleft().result()


def _grade_batch(folder: Path, checker: CheckerOf, runtime: str, batch: list[Submitted]) -> list[Graded]:
    return [grade_one(_opened(folder, checker, runtime), submission) for submission in batch]


@lru_cache(maxsize=1)
def _opened(folder: Path, checker: CheckerOf, runtime: str) -> Suite:
    """Return the suite that this process grades against: opened once."""
    return load_suite(folder, checker=checker, runtime=runtime)


def _failed(submission: Submission, reason: str) -> Graded:
    verdict = Verdict(
        instance_id=submission.instance_id,
        status=Status.ERROR,
        reward=0.0,
        reason=reason,
        sample=submission.sample,
    )
    return Graded("", result(submission, verdict))
