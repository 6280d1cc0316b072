"""Does a localization statement single out its target, by a witness that did not decide it?

    python -m benchmarks.uniqueness SOURCE...

`validation` decides by BM25 over whole definitions with the documentation in place. The witness here looks at
documentation alone: the pairs of neighbouring words of the description that a definition's documentation holds,
as a share of those that the target's own holds. The *rival* of a statement is the highest share of any other
definition that is no test; 1 means that another one fits as well. Candidates rejected as not unique are the control.
"""

import argparse
from itertools import pairwise
from pathlib import Path

from hybridgym.languages import language_of
from hybridgym.pipeline import candidates, context_of
from hybridgym.render import template_named
from hybridgym.resolve import DefinitionKey
from hybridgym.source import load_source
from hybridgym.specs import spec_of
from hybridgym.task import Candidate
from hybridgym.tasks import kind_named
from hybridgym.tasks.base import RepoContext
from hybridgym.tasks.function_localization import documentation_text
from hybridgym.texts import words
from hybridgym.validation import Validator

KIND = "function_localization"
MAX_CANDIDATES = 300
CLOSE = 0.5


def grams(text: str) -> frozenset[tuple[str, str]]:
    """Return the pairs of neighbouring words of a text, lower-case."""
    return frozenset(pairwise(words(text)))


def documented(repo: RepoContext) -> dict[DefinitionKey, frozenset[tuple[str, str]]]:
    """Return the grams of every documentation outside tests."""
    found = {}
    for key in repo.graph.definition_keys():
        language = language_of(key.path)
        if language is not None and not language.is_test(key.path) and repo.graph.definition(key).documentation:
            found[key] = grams(documentation_text(repo, key))
    return found


def rival(description: str, target: DefinitionKey, all_grams: dict[DefinitionKey, frozenset[tuple[str, str]]]) -> float:
    """Return how well the best other documentation fits a description, against the target's own."""
    wanted = grams(description)
    own = len(wanted & all_grams[target])
    others = (len(wanted & other) for key, other in all_grams.items() if key != target)
    return max(others, default=0) / own


Rivals = dict[str, list[float]]
"""`accepted` and `rejected` → the rival of each statement."""


def measure(text: str, cache: Path) -> Rivals:
    """Return the rivals of the statements of one source."""
    source = load_source(spec_of(text, Path.cwd()), cache)
    repo = context_of(source, cache)
    validator = Validator(repo, kind_named(KIND))
    all_grams = documented(repo)
    rivals: Rivals = {"accepted": [], "rejected": []}
    found = [c for c in candidates(repo, template_named(KIND)) if isinstance(c, Candidate)]
    for candidate in found[:: max(1, len(found) // MAX_CANDIDATES)]:
        refusal = validator.refusal(candidate, repo.start(candidate.start_edits))
        if refusal is not None and refusal.reason != "not unique":
            continue
        target = repo.graph.by_id[candidate.targets[0]]
        group = "accepted" if refusal is None else "rejected"
        rivals[group].append(rival(candidate.descriptions[0], target, all_grams))
    return rivals


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "hybridgym")
    options = parser.parse_args()
    print("| source | accepted | rival, mean | rival > 0.5 | rejected as not unique | rival, mean | rival > 0.5 |")
    print("|---|---|---|---|---|---|---|")
    pooled: Rivals = {"accepted": [], "rejected": []}
    for text in options.sources:
        rivals = measure(text, options.cache)
        for group, found in rivals.items():
            pooled[group] += found
        print(_row(text, rivals), flush=True)
    print(_row("**pooled**", pooled))


def _row(name: str, rivals: Rivals) -> str:
    cells = [name]
    for found in rivals.values():
        cells.append(str(len(found)))
        cells.append(f"{sum(found) / len(found):.2f}" if found else "")
        cells.append(f"{sum(r > CLOSE for r in found) / len(found):.3f}" if found else "")
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
