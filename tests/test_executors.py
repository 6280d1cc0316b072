"""executors/local.py: every unit has a result or a reason, whatever happens to the process that works on it."""

import multiprocessing
import os
import signal
from collections.abc import Callable

import pytest

from hybridgym.errors import SourceError
from hybridgym.executors import Failure, run

# Test runners have threads, and newer versions of Python warn when a process with threads forks.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def square(number: int) -> int:
    return number * number


def unlucky(number: int) -> int | Callable[[], int]:
    """Go wrong in a way of its own for each of some numbers."""
    if number == 1:
        message = "no such repository"
        raise SourceError(message)
    if number == 2:
        message = "surprise"
        raise ValueError(message)
    if number == 3:
        os._exit(7)
    if number == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 5:
        raise RecursionError
    if number == 6:
        raise SystemExit(3)
    if number == 7:
        return lambda: number  # does not pickle
    return number


def interrupted(number: int) -> int:
    """Work on while the interrupt of a terminal arrives."""
    os.kill(os.getpid(), signal.SIGINT)
    return number


def endless(seconds: int) -> int:
    """End at once for 0, else not before somebody ends it."""
    if seconds:
        signal.alarm(seconds)
        signal.pause()
    return seconds


@pytest.mark.parametrize("jobs", [0, 1, 2, 9])
def test_every_unit_gives_its_result_once(jobs: int) -> None:
    assert dict(run(square, range(5), jobs)) == {0: 0, 1: 1, 2: 4, 3: 9, 4: 16}
    assert len(list(run(square, range(5), jobs))) == 5


def test_no_units_give_nothing() -> None:
    assert list(run(square, [], 2)) == []


def test_one_job_works_in_order() -> None:
    assert [number for number, _ in run(square, range(4), 1)] == [0, 1, 2, 3]


def test_a_large_result_arrives_whole() -> None:
    assert dict(run(bytes, [5_000_000], 1)) == {0: bytes(5_000_000)}


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize(
    ("number", "known", "reason"),
    [
        pytest.param(1, True, "no such repository", id="an error of this package"),
        pytest.param(2, False, "ValueError: surprise", id="any other"),
        pytest.param(3, False, "status 7", id="an exit"),
        pytest.param(4, False, "status -9", id="a kill"),
        pytest.param(5, False, "RecursionError", id="recursion without end"),
        pytest.param(6, False, "status 3", id="SystemExit"),
        pytest.param(7, False, "local object", id="a result that cannot be sent"),
    ],
)
def test_a_unit_that_fails_costs_only_itself(jobs: int, number: int, known: bool, reason: str) -> None:
    results = dict(run(unlucky, [0, number, 9, 10], jobs))
    failure = results.pop(1)
    assert isinstance(failure, Failure)
    assert failure.is_known == known
    assert reason in failure.reason
    assert results == {0: 0, 2: 9, 3: 10}


def test_an_interrupt_is_left_to_the_process_that_waits() -> None:
    assert list(run(interrupted, [3], 1)) == [(0, 3)]


def test_whoever_stops_listening_leaves_no_process_behind() -> None:
    results = run(endless, [0, 60, 60], 3)
    assert next(results) == (0, 0)
    left = multiprocessing.active_children()
    assert left
    results.close()
    for process in left:
        process.join()
    assert {process.exitcode for process in left} == {-signal.SIGKILL}
