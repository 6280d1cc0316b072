"""How far the commits of a repository come on their way to tasks."""

from collections.abc import Iterable, Mapping
from typing import Final

from hybridgym.task import Rejection, ValidatedTask

STEPS: Final = ("commits", "candidates", "tried", "installable", "discriminating", "validated")
"""Commits read; let through by the filters; looked at; with an environment; with tests that tell the state before from
the state after; tasks."""
ENVIRONMENT, TESTS = "environment", "tests"
"""Stages of the rejections of commits whose project cannot be installed, and of those whose tests tell nothing."""


def reached(outcome: ValidatedTask | Rejection) -> str:
    """Return the last step that a candidate came to."""
    if isinstance(outcome, ValidatedTask):
        return STEPS[-1]
    return {ENVIRONMENT: "tried", TESTS: "installable"}.get(outcome.stage, "discriminating")


def funnel_of(ends: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return how many came to each step, from how many came to it and no further."""
    counts = [dict(end) for end in ends]
    last = {step: sum(count.get(step, 0) for count in counts) for step in STEPS}
    read = {step: last[step] for step in STEPS[:2]}
    return {**read, **{step: sum(last[s] for s in STEPS[place:]) for place, step in enumerate(STEPS) if place > 1}}
