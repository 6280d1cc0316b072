"""Processes of this machine: one for each unit, so that what a unit costs ends with it."""

import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Final, Generic

from hybridgym.errors import HybridGymError
from hybridgym.executors.base import ATTEMPTS, DEFAULT_LIMITS, NO_LIMITS, Executor, Failure, R, U, UnitLimits

WATCH_SECONDS: Final = 0.1
"""Between two looks at what the workers use."""
LEAVING_SECONDS: Final = 10
"""That a process has to end in once its result is there."""
_DIE_WITH_PARENT: Final = 1
"""PR_SET_PDEATHSIG, from the kernel's headers."""
_KILLED_FIRST: Final = "500"
"""Of -1000 to 1000: where memory runs out, the kernel ends a worker and not the process that waits for it."""


class Local(Executor):
    """Runs units in processes of this machine, `jobs` at a time."""

    def __init__(self, jobs: int, limits: UnitLimits = DEFAULT_LIMITS) -> None:
        self._jobs = jobs
        self.limits = limits

    def run(self, work: Callable[[U], R], units: Sequence[U]) -> Generator[tuple[int, R | Failure], None, None]:
        """Run units as every executor does."""
        return run(work, units, self._jobs, self.limits)


def run(
    work: Callable[[U], R],
    units: Sequence[U],
    jobs: int,
    limits: UnitLimits = NO_LIMITS,
    *,
    method: str = "fork",
    attempts: int = ATTEMPTS,
) -> Generator[tuple[int, R | Failure], None, None]:
    """Run units as every executor does; `method` is how processes start, where this machine has it."""
    # Forking starts a unit in milliseconds; where there is no fork, Python picks what there is.
    context = multiprocessing.get_context(method if method in multiprocessing.get_all_start_methods() else None)
    running: dict[Connection, _Worker[U]] = {}
    waiting = deque((number, unit, 1) for number, unit in enumerate(units))
    try:
        while waiting or running:
            while waiting and len(running) < max(jobs, 1):
                worker = _Worker(*waiting.popleft(), limits)
                running[worker.start(context, work)] = worker
            ready = set(wait(list(running), timeout=WATCH_SECONDS))
            for connection, worker in list(running.items()):
                problem = "" if connection in ready else worker.exceeded()
                if not problem and connection not in ready:
                    continue
                result: R | Failure = worker.ended(problem) if problem else worker.received(connection)
                connection.close()
                del running[connection]
                if isinstance(result, Failure) and result.was_ended and worker.attempt < attempts:
                    waiting.append((worker.number, worker.unit, worker.attempt + 1))
                else:
                    yield worker.number, result
    finally:
        for worker in running.values():
            worker.kill()


class _Worker(Generic[U]):
    """The process of one unit."""

    def __init__(self, number: int, unit: U, attempt: int, limits: UnitLimits) -> None:
        # Only who runs units pays for loading this.
        from hybridgym.runtimes.base import Limits
        from hybridgym.runtimes.processes import Processes

        self.number = number
        self.unit = unit
        self.attempt = attempt
        self._limits = limits
        self._processes = Processes(Limits(memory_bytes=limits.memory_bytes, processes=sys.maxsize))

    def start(self, context: BaseContext, work: Callable[[U], R]) -> Connection:
        """Start the process; return what its result comes through."""
        receiver, sender = context.Pipe(duplex=False)
        # Every context has this; the stub of their base class does not say so.
        self._process = context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(work, self.unit, sender), daemon=True
        )
        self._process.start()
        sender.close()
        self._end = time.monotonic() + self._limits.seconds
        self._processes.watch(self._process.pid)
        return receiver

    def exceeded(self) -> str:
        """Say which limit is exceeded; empty where none is."""
        if time.monotonic() > self._end:
            return self._limits.time_reason
        return self._limits.memory_reason if self._processes.exceeded() else ""

    def received(self, connection: Connection) -> R | Failure:
        """Return what the process sent, or how it ended without."""
        try:
            result: R | Failure = connection.recv()
        except (EOFError, OSError):
            self._process.join(LEAVING_SECONDS)
            return self.ended(f"the worker ended with status {self._process.exitcode}")
        self._process.join(LEAVING_SECONDS)
        if self._process.exitcode is None:
            self.kill()
        return result

    def ended(self, reason: str) -> Failure:
        """End what is left of the process, and say why."""
        self.kill()
        return Failure(reason, is_known=False, was_ended=True)

    def kill(self) -> None:
        """End the process with all that it started; what runs in a sandbox dies with who started it."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()


def _serve(work: Callable[[U], R], unit: U, sender: Connection) -> None:
    _become_a_worker()
    try:
        sender.send(work(unit))
    except HybridGymError as error:
        sender.send(Failure(str(error), is_known=True))
    except MemoryError:
        sender.send(Failure("MemoryError", is_known=False, was_ended=True))
    except Exception as error:  # A fault in one repository is a reason in its rejection, not the end of the run.
        sender.send(Failure(f"{type(error).__name__}: {error}", is_known=False))
    sender.close()


def _become_a_worker() -> None:
    """Let this process end with the one that started it, and before it."""
    # An interrupt reaches all processes of a terminal; the one that waits for the workers ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # With a group of its own, what it starts can be ended too.
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        waiting = multiprocessing.parent_process()
        if waiting is not None and not waiting.is_alive():
            os._exit(1)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(_KILLED_FIRST)
