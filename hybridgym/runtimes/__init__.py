"""The places to run code that nobody trusts."""

from hybridgym.runtimes.base import Conditions, Limit, Limits, Mount, Run, Runtime, reports_folder
from hybridgym.runtimes.sandbox import Sandbox

__all__ = ["RUNTIMES", "Conditions", "Limit", "Limits", "Mount", "Run", "Runtime", "reports_folder"]

RUNTIMES = {"sandbox": Sandbox}
