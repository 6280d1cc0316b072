"""A suite's rows, proven again: gold resolves, the empty patch and the near misses do not, nothing is given away."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from hybridgym.errors import HybridGymError, SuiteError
from hybridgym.executors import Failure, run
from hybridgym.sealing import unsealed
from hybridgym.suite import SANDBOX, SOURCES, Suite, SuiteTask, load_suite
from hybridgym.tasks import kind_named
from hybridgym.validation import GIVEN_AWAY, given_away, prove

Outcome = tuple[str, str]
"""An instance id, and what is wrong with it; empty where nothing is."""


def verify(folder: Path, jobs: int, runtime: str = SANDBOX) -> Iterator[Outcome]:
    """Yield the outcome of every task, those of one source together."""
    suite = load_suite(folder, runtime=runtime)
    if len(suite) and not (folder / SOURCES).is_dir():
        message = f"{folder}: no {SOURCES}: a suite that was written without them cannot be verified"
        raise SuiteError(message)
    by_source: dict[str, list[str]] = {}
    for instance_id in suite:
        by_source.setdefault(suite[instance_id].row.source, []).append(instance_id)
    groups = list(by_source.values())
    for number, outcomes in run(partial(_verified, folder, runtime), groups, jobs):
        if isinstance(outcomes, Failure):
            yield from ((instance_id, outcomes.reason) for instance_id in groups[number])
        else:
            yield from outcomes


def _verified(folder: Path, runtime: str, instance_ids: list[str]) -> list[Outcome]:
    suite = load_suite(folder, runtime=runtime)
    outcomes = []
    known: dict[str, str] = {}
    for instance_id in instance_ids:
        try:
            outcomes.append((instance_id, _problem(suite, suite[instance_id], known)))
        except HybridGymError as error:
            outcomes.append((instance_id, str(error)))
    return outcomes


def _problem(suite: Suite, task: SuiteTask, known: dict[str, str]) -> str:
    """Say the first thing that is wrong with a task; empty where nothing is."""
    kind = kind_named(task.row.task_kind)
    bound = kind.on(suite.testbed(task.row.environment)) if kind.needs_tests else kind
    if said := given_away(bound, task.row, task.start):
        return f"{GIVEN_AWAY}: {said}"
    proof = prove(bound, task.row, task.start)
    if isinstance(proof, str):
        return proof
    if proof != task.row.evidence:
        return "the evidence of the row is not what the checker says today"
    found = unsealed(suite, task, known)
    return f"an agent can find: {found}" if found else ""
