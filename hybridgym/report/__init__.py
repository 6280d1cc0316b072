"""A suite, and results, as a page to look at: `data` is made here, and drawn by the scripts in assets/."""

from hybridgym.report.writing import write_report

__all__ = ["write_report"]
