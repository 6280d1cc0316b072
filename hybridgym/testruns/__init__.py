"""Tests of a project run in a runtime, by somebody who does not trust the project.

start tree + changes ─ sources_of ─► what may run   tests ─ plant ─► tests and twins
                             └───────── run_tests ─────────┘
                                           │
                                        Report ─ grade ─► Graded
"""

from hybridgym.testruns.base import Installation, Outcome, Report, Result, Tests, modules_of
from hybridgym.testruns.grading import Graded, grade, prove_twins, steady
from hybridgym.testruns.observed import Observed, observe
from hybridgym.testruns.running import pytest_options, run_tests
from hybridgym.testruns.scripts import Script, Scripts
from hybridgym.testruns.sources import LeftOut, sources_of
from hybridgym.testruns.twins import Twin, find_twins

__all__ = [
    "Graded",
    "Installation",
    "LeftOut",
    "Observed",
    "Outcome",
    "Report",
    "Result",
    "Script",
    "Scripts",
    "Tests",
    "Twin",
    "find_twins",
    "grade",
    "modules_of",
    "observe",
    "prove_twins",
    "pytest_options",
    "run_tests",
    "sources_of",
    "steady",
]
