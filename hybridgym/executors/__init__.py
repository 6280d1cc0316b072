"""The ways to run units of work."""

from hybridgym.errors import UnknownNameError, UsageError
from hybridgym.executors.base import DEFAULT_LIMITS, Executor, Failure, UnitLimits
from hybridgym.executors.local import Local, run

__all__ = ["EXECUTORS", "Executor", "Failure", "Local", "UnitLimits", "executor_named", "run"]

EXECUTORS = {
    "local": "processes of this machine",
    "ray": "a Ray cluster",
}
"""What each executor runs units on."""


def executor_named(name: str, jobs: int, limits: UnitLimits = DEFAULT_LIMITS, address: str = "") -> Executor:
    """Return an executor; `address` is that of a cluster, without which one is started on this machine.

    Raises UnknownNameError, UsageError where there is no cluster, MissingDependencyError where a package is missing.
    """
    if name not in EXECUTORS:
        raise UnknownNameError(what="executor", name=name, known=list(EXECUTORS))
    if name == "ray":
        from hybridgym.executors.ray import Ray

        return Ray(address, jobs, limits)
    if address:
        message = f"--address {address}: expected an executor that has one (ray), found {name}"
        raise UsageError(message)
    return Local(jobs, limits)
