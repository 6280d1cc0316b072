"""The places to run code that nobody trusts."""

from hybridgym.runtimes.base import Conditions, Limit, Limits, Mount, Run, Runtime, reports_folder
from hybridgym.runtimes.docker import Docker
from hybridgym.runtimes.sandbox import Sandbox

__all__ = ["RUNTIMES", "Conditions", "Limit", "Limits", "Mount", "Run", "Runtime", "reports_folder"]

RUNTIMES: dict[str, type[Sandbox] | type[Docker]] = {"sandbox": Sandbox, "docker": Docker}
