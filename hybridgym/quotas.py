"""How many tasks each repository is to give: evenly over strata and repositories, as far as they have them."""

import heapq
from collections import Counter
from collections.abc import Mapping

Supply = Mapping[str, Mapping[str, int]]
"""Repository → stratum → number of candidates."""
Quotas = dict[str, dict[str, int]]
Place = tuple[int, int, int, str]
"""Tasks given by a repository, those of one stratum, candidates it has in all, and its name."""


def plan(supply: Supply, total: int | None, per_repo: int | None) -> Quotas:
    """Return how many tasks of each stratum each repository is to give.

    One task at a time goes to the stratum that has the fewest, and in it to the repository that has the
    fewest (of equals to the one with the least to give): water-filling, from below. It ends when `total`
    is reached or nothing is left.
    """
    given: dict[str, Counter[str]] = {repo: Counter() for repo in sorted(supply)}
    totals: Counter[str] = Counter()
    heaps: dict[str, list[Place]] = {}
    for repo, strata in sorted(supply.items()):
        for stratum, count in strata.items():
            if count > 0:
                heapq.heappush(heaps.setdefault(stratum, []), (0, 0, sum(strata.values()), repo))
    strata_heap = [(0, stratum) for stratum in sorted(heaps)]
    heapq.heapify(strata_heap)
    placed = 0
    while strata_heap and (total is None or placed < total):
        assigned, stratum = heapq.heappop(strata_heap)
        chosen = _next_repo(heaps[stratum], stratum, supply, given, totals, per_repo)
        if chosen is None:
            continue  # the stratum is used up
        given[chosen][stratum] += 1
        totals[chosen] += 1
        placed += 1
        size = sum(supply[chosen].values())
        heapq.heappush(heaps[stratum], (totals[chosen], given[chosen][stratum], size, chosen))
        heapq.heappush(strata_heap, (assigned + 1, stratum))
    return {repo: dict(sorted(counts.items())) for repo, counts in given.items()}


def _next_repo(
    heap: list[Place],
    stratum: str,
    supply: Supply,
    given: Mapping[str, Counter[str]],
    totals: Counter[str],
    per_repo: int | None,
) -> str | None:
    """Take the repository with the fewest tasks that still has a candidate of the stratum."""
    while heap:
        seen, _, size, repo = heapq.heappop(heap)
        if given[repo][stratum] >= supply[repo][stratum] or (per_repo is not None and totals[repo] >= per_repo):
            continue
        if seen < totals[repo]:  # other strata gave it tasks since it was queued
            heapq.heappush(heap, (totals[repo], given[repo][stratum], size, repo))
            continue
        return repo
    return None
