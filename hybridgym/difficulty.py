"""How hard it may be to find what a task is about, in numbers that anybody can compute again.

bm25_rank   where a search for the statement has what is sought
overlap     how much of its words the statement says
distance    calls between what the statement names and what is sought
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from hybridgym.resolve import DefinitionKey
from hybridgym.retrieval import Index
from hybridgym.spoilers import said_as_code
from hybridgym.task import Candidate, Task
from hybridgym.tasks.base import RepoContext

FIRST_HIT: Final = "first_hit"
"""Tag of tasks whose one target is the first hit of a search for the statement."""


def difficulty_of(
    index: Index, repo: RepoContext, candidate: Candidate, task: Task, sought: Sequence[str], *, is_named: bool
) -> dict[str, float | int]:
    """Return the measures of a task by name; `sought` are ids, and those that no search could find do not count.

    `is_named` is whether the statement may name definitions by which to begin.
    """
    keys = [key for key in map(repo.graph.by_id.get, sought) if key is not None and key in index]
    if not keys:
        return {}
    found: dict[str, float | int]
    if candidate.descriptions:
        queries = [text.encode() for text in candidate.descriptions]
        removed = [text.encode() for text in candidate.removed] or [b""] * len(keys)
        ranks = [index.rank(*one).rank for one in zip(candidate.descriptions, keys, removed, strict=True)]
    else:
        queries, removed = [task.problem_statement.encode()] * len(keys), [b""] * len(keys)
        ranks = [index.worst_rank(task.problem_statement, keys)]
    shares = [index.overlap(*one) for one in zip(queries, keys, removed, strict=True)]
    found = {"bm25_rank": max(ranks), "overlap": round(min(shares), 3)}
    if is_named and (steps := _distance(repo, task.problem_statement, keys)) is not None:
        found["distance"] = steps
    return found


def is_first_hit(difficulty: dict[str, float | int], sought: Sequence[str]) -> bool:
    """Say whether the first hit of a search is the whole answer."""
    return len(sought) == 1 and difficulty.get("bm25_rank") == 1


def _distance(repo: RepoContext, statement: str, keys: Iterable[DefinitionKey]) -> int | None:
    """Return the calls on the way to the farthest of some definitions from the nearest that a statement names.

    Calls count in both directions. None where it names none, or no way leads from there.
    """
    names = said_as_code(statement)
    steps = dict.fromkeys(
        (
            key
            for key in repo.graph.definition_keys()
            if repo.graph.definition(key).name in names and not _is_test(repo, key)
        ),
        0,
    )
    waiting, left = deque(steps), set(keys)
    while waiting and not left <= steps.keys():
        key = waiting.popleft()
        callees = (callee for callee, _ in repo.graph.calls(key).callees)
        callers = (repo.graph.by_id[caller] for caller in repo.callers.get(key, ()))
        for near in (*callees, *callers):
            if near not in steps:
                steps[near] = steps[key] + 1
                waiting.append(near)
    return max(steps[key] for key in left) if left <= steps.keys() else None


def _is_test(repo: RepoContext, key: DefinitionKey) -> bool:
    return bool(repo.graph.attributes(key)["test"])
