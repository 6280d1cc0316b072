"""Processes of this machine: one for each unit, so that what a unit costs ends with it."""

import multiprocessing
import signal
from collections.abc import Callable, Generator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, NamedTuple, TypeVar

from hybridgym.errors import HybridGymError

U = TypeVar("U")
R = TypeVar("R")


class Failure(NamedTuple):
    """A unit that ended without a result."""

    reason: str
    is_known: bool
    """Whether this package raised it on purpose."""


class _Running(NamedTuple, Generic[U]):
    number: int
    process: BaseProcess


def run(work: Callable[[U], R], units: Sequence[U], jobs: int) -> Generator[tuple[int, R | Failure], None, None]:
    """Run `work` on each unit, `jobs` at a time; yield the unit's number with its result as they finish.

    A unit whose process dies (killed, out of memory) or that raises is a Failure and costs no other.
    Closing the generator ends the units that run. `work`, units and results have to pickle.
    """
    # Forking starts a unit in milliseconds; where there is no fork, Python picks what there is.
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in methods else None)
    running: dict[Connection, _Running[U]] = {}
    waiting = list(enumerate(units))[::-1]
    try:
        while waiting or running:
            while waiting and len(running) < max(jobs, 1):
                number, unit = waiting.pop()
                receiver, sender = context.Pipe(duplex=False)
                process = context.Process(target=_serve, args=(work, unit, sender), daemon=True)
                process.start()
                sender.close()
                running[receiver] = _Running(number, process)
            for ready in wait(list(running)):
                assert isinstance(ready, Connection)
                done = running.pop(ready)
                yield done.number, _received(ready, done.process)
    finally:
        for left in running.values():
            left.process.kill()


def _received(connection: Connection, process: BaseProcess) -> R | Failure:
    try:
        result: R | Failure = connection.recv()
    except EOFError:
        process.join()
        return Failure(f"the worker ended with status {process.exitcode}", is_known=False)
    finally:
        connection.close()
    process.join()
    return result


def _serve(work: Callable[[U], R], unit: U, sender: Connection) -> None:
    # An interrupt reaches all processes of a terminal; the one that waits for the workers ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        sender.send(work(unit))
    except HybridGymError as error:
        sender.send(Failure(str(error), is_known=True))
    except Exception as error:  # A fault in one repository is a reason in its rejection, not the end of the run.
        sender.send(Failure(f"{type(error).__name__}: {error}", is_known=False))
    sender.close()
