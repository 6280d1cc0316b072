"""Skill tasks for coding agents, made from repositories."""

from hybridgym.errors import HybridGymError
from hybridgym.suite import Suite, SuiteTask, load_suite
from hybridgym.task import Status, Submission, Verdict

__version__ = "0.1.0"

__all__ = [
    "HybridGymError",
    "Status",
    "Submission",
    "Suite",
    "SuiteTask",
    "Verdict",
    "__version__",
    "load_suite",
]
