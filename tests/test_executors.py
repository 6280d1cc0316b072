"""executors/local.py: every unit has a result or a reason, whatever happens to the process that works on it."""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from hybridgym.errors import MissingDependencyError, RunError, SourceError
from hybridgym.executors import Failure, Local, UnitLimits, run
from hybridgym.runtimes import Limits
from hybridgym.runtimes.sandbox import Sandbox

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


def greedy(megabytes: int) -> int:
    """Take so much memory and keep it."""
    taken = [b"x" * 1_000_000 for _ in range(megabytes)]
    if megabytes:
        time.sleep(60)
    return len(taken)


def greedy_child(megabytes: int) -> int:
    """Let a program that is started take the memory."""
    if megabytes:
        subprocess.run([sys.executable, "-c", f"x = b'x' * {megabytes * 1_000_000}; input()"], stdin=subprocess.PIPE)
    return megabytes


def mended(marker: Path) -> str:
    """Die the first time."""
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return marker.name


def counted(folder: Path) -> None:
    """Say that somebody was here, and die."""
    tempfile.mkstemp(dir=folder)
    os._exit(1)


def unfit(folder: Path) -> None:
    """Say that somebody was here, and raise."""
    tempfile.mkstemp(dir=folder)
    message = "unfit"
    raise SourceError(message)


def sandboxed(folder: Path) -> None:
    """Wait for code in a sandbox that never ends."""
    folder.chmod(0o755)
    limits = Limits(wall_seconds=120, cpu_seconds=120)
    Sandbox().run(["/bin/sh", "-c", f"while :; do : {folder.name}; sleep 1; done"], folder, limits)


def processes_that_name(text: str) -> list[str]:
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and text.encode() in (process / "cmdline").read_bytes():
                found.append(process.name)
    return found


def wait_until(is_so: Callable[[], object]) -> None:
    """Wait for what has to come; a minute without it is a failure."""
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.1)
    pytest.fail("it never came")


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


# Limits


@pytest.mark.parametrize(
    ("work", "amount", "limits", "reason"),
    [
        pytest.param(endless, 60, UnitLimits(seconds=0.5), "it took more than 0.00833333 minutes", id="time"),
        pytest.param(
            greedy, 1500, UnitLimits(memory_bytes=2**29), "it took more than 0.5 GiB of memory", id="its own memory"
        ),
        pytest.param(
            greedy_child, 1500, UnitLimits(memory_bytes=2**29), "it took more than 0.5 GiB", id="memory of a child"
        ),
    ],
)
def test_what_a_unit_may_use_is_limited(
    work: Callable[[int], int], amount: int, limits: UnitLimits, reason: str
) -> None:
    results = dict(Local(2, limits).run(work, [0, amount, 0]))
    failure = results.pop(1)
    assert isinstance(failure, Failure)
    assert reason in failure.reason
    assert not failure.is_known
    assert results == {0: 0, 2: 0}


def test_a_unit_whose_worker_died_is_tried_again_after_the_others(tmp_path: Path) -> None:
    units = [tmp_path / "first", tmp_path / "second"]
    units[1].touch()
    assert list(run(mended, units, 1)) == [(1, "second"), (0, "first")]


@pytest.mark.parametrize(("work", "times"), [(counted, 2), (unfit, 1)], ids=["died", "raised"])
def test_only_a_worker_that_died_is_replaced_and_only_once(
    tmp_path: Path, work: Callable[[Path], None], times: int
) -> None:
    [(_, result)] = run(work, [tmp_path], 1)
    assert isinstance(result, Failure)
    assert len(list(tmp_path.iterdir())) == times


def test_what_runs_in_a_sandbox_ends_with_its_unit() -> None:
    try:
        Sandbox().prepare()
    except (MissingDependencyError, RunError) as error:
        pytest.skip(str(error))
    with tempfile.TemporaryDirectory(prefix="endless-in-a-sandbox-") as folder:
        results = run(sandboxed, [Path(folder)], 1, UnitLimits(seconds=5))
        assert isinstance(next(results)[1], Failure)
        wait_until(lambda: not processes_that_name(Path(folder).name))


WAITING = """
import signal
from hybridgym.executors import run


def wait(_):
    print("working", flush=True)
    signal.pause()


list(run(wait, [1], 1))
"""


def test_workers_end_with_the_process_that_waits_for_them() -> None:
    name = f"--name={os.getpid()}-{time.monotonic_ns()}"
    with subprocess.Popen([sys.executable, "-c", WAITING, name], stdout=subprocess.PIPE) as waiting:
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == b"working\n"
        assert len(processes_that_name(name)) == 2
        waiting.kill()
    wait_until(lambda: not processes_that_name(name))
