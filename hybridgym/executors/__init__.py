"""The ways to run units of work."""

from hybridgym.executors.base import Executor, Failure, UnitLimits
from hybridgym.executors.local import Local, run

__all__ = ["Executor", "Failure", "Local", "UnitLimits", "run"]
