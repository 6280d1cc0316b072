"""A Ray cluster: each unit runs on one of its machines, in a process with limits as on this one.

The machines share nothing. A unit travels to one of them and its result comes back to the process that waits, which
keeps it; what a machine has in its own cache folder makes the next unit there faster, and nothing depends on it.
Every machine needs this package, of the same version.
"""

import logging
import multiprocessing
import os
import socket
from collections import deque
from collections.abc import Callable, Generator, Sequence
from typing import Any, Final

from hybridgym.errors import MissingDependencyError, UsageError
from hybridgym.executors.base import ATTEMPTS, DEFAULT_LIMITS, Executor, Failure, R, U, UnitLimits
from hybridgym.executors.local import run
from hybridgym.journal import fingerprint

AHEAD: Final = 2
"""Units that wait on the cluster for each that runs: enough to keep it busy, and no more results than fit."""
LOST: Final = 3
"""How often a unit is given to another machine because its own went away."""
_LOOK_SECONDS: Final = 1.0
_REACH_SECONDS: Final = 10.0


class Ray(Executor):
    """Runs units on a Ray cluster, as many at a time as it has processors.

    `address` is that of the cluster; the empty text starts one on this machine, with `jobs` processors. Raises
    MissingDependencyError where Ray is missing, UsageError where no cluster answers.
    """

    def __init__(self, address: str, jobs: int, limits: UnitLimits = DEFAULT_LIMITS) -> None:
        self._ray = _connected(address, jobs)
        self.limits = limits

    def run(self, work: Callable[[U], R], units: Sequence[U]) -> Generator[tuple[int, R | Failure], None, None]:
        """Run units as every executor does; one whose machine goes away is given to another."""
        ray = self._ray
        # Ray gives a unit to another machine by itself when the one that runs it is lost.
        remote = ray.remote(max_retries=LOST, num_cpus=1)(_on_a_machine)
        shared = ray.put((work, self.limits, fingerprint()))
        waiting = deque((number, 1) for number in range(len(units)))
        running: dict[Any, tuple[int, int]] = {}
        try:
            while waiting or running:
                room = max(1, int(ray.cluster_resources().get("CPU", 1))) * AHEAD
                while waiting and len(running) < room:
                    number, attempt = waiting.popleft()
                    running[remote.remote(shared, units[number])] = number, attempt
                ready, _ = ray.wait(list(running), num_returns=1, timeout=_LOOK_SECONDS)
                for reference in ready:
                    number, attempt = running.pop(reference)
                    result = self._result(reference)
                    del reference
                    if isinstance(result, Failure) and result.was_ended and attempt < ATTEMPTS:
                        waiting.append((number, attempt + 1))
                    else:
                        yield number, result
        finally:
            for reference in running:
                ray.cancel(reference, force=True)

    def _result(self, reference: Any) -> Any:
        try:
            found = self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            # What a unit raises comes back as a Failure: this is of the cluster, such as a machine without the package.
            message = f"the Ray cluster cannot run units: {error.cause or error}"
            raise UsageError(message) from None
        except self._ray.exceptions.RayError as error:
            return Failure(f"its machine was lost: {type(error).__name__}", is_known=False, was_ended=True)
        if isinstance(found, _Mismatch):
            message = f"{found.machine}: expected the same version of hybridgym as here, found another"
            raise UsageError(message)
        return found


class _Mismatch:
    """A machine has another version of this package."""

    def __init__(self, machine: str) -> None:
        self.machine = machine


def _on_a_machine(shared: tuple[Callable[[U], R], UnitLimits, str], unit: U) -> R | Failure | _Mismatch:
    """Run one unit in a process of its own; it is tried again elsewhere, if at all."""
    work, limits, expected = shared
    if fingerprint() != expected:
        return _Mismatch(socket.gethostname())
    # A process with Ray's threads is no good place to fork from; one beside it, which has loaded the same, is.
    multiprocessing.set_forkserver_preload(["__main__", getattr(work, "func", work).__module__])
    [(_, result)] = run(work, [unit], 1, limits, method="forkserver", attempts=1)
    return result


def _connected(address: str, jobs: int) -> Any:
    try:
        import ray
    except ImportError:
        message = "Ray is needed to run on a cluster: pip install 'hybridgym[ray]'"
        raise MissingDependencyError(message) from None
    if ray.is_initialized():
        return ray
    # What is told of a run is not Ray's to say.
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    logging.getLogger("ray").setLevel(logging.ERROR)
    try:
        if address:
            _reach(address)
            ray.init(address=address, **quiet)
        else:
            # Nobody asked for a report of what is run here.
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            ray.init(address="local", num_cpus=jobs, include_dashboard=False, **quiet)
    except (OSError, ValueError, RuntimeError) as error:
        message = f"--address {address}: expected a Ray cluster, found none: {error}"
        raise UsageError(message) from None
    return ray


def _reach(address: str) -> None:
    """Raise OSError where nobody listens, which takes Ray minutes to find out."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), _REACH_SECONDS).close()
