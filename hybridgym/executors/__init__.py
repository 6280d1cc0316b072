"""The ways to run units of work."""

from hybridgym.executors.local import Failure, run

__all__ = ["Failure", "run"]
