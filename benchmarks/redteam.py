"""The corpus of tests/checker_cases through the checkers, beside Hybrid-Gym's evaluators if a checkout is given.

    python -m benchmarks.redteam [--hybrid-gym CHECKOUT] [--list]

A *false accept* is a patch that must be refused and is called solved; a *false refusal* the reverse. Hybrid-Gym's
scripts are loaded from the checkout and called in this process; they read the text of patches and run none of it.
A case that no row of Hybrid-Gym's data can say (a definition it would not take) is judged by it all the same.
"""

import argparse
import importlib.util
import sys
import time
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the corpus belongs to the tests

from checker_corpus import Case, Question, cases, judge, questions, repository  # noqa: E402
from hybridgym.facts import Definition, Kind  # noqa: E402
from hybridgym.task import Status  # noqa: E402
from hybridgym.tasks.marks import definitions_of  # noqa: E402

SECONDS = 2.0
"""That a rate is measured for, at least."""
SCRIPTS = {
    "function_localization": ("hybrid_gym_func_localize/eval_localize.py", "success"),
    "dependency_search": ("hybrid_gym_dep_search/eval_dep.py", "full_success"),
}
"""Kind → evaluator of Hybrid-Gym, and the field of its result that means solved."""
PEER_LANGUAGE = "python"
"""The only one that Hybrid-Gym has tasks in."""

Judge = Callable[[Case], bool]
"""Says whether a case is solved."""


class Score(NamedTuple):
    """How a checker did on one kind in one language."""

    refusable: int
    acceptable: int
    false_accepts: list[str]
    """Ids of cases."""
    false_refusals: list[str]
    per_second: float


def ours(case: Case) -> bool:
    """Return our checker's answer: patch applied, files compared, verdict made."""
    return judge(case.task, case.patch).resolved


def hybrid_gym(checkout: Path) -> Judge:
    """Return the answer of Hybrid-Gym's evaluators; raises OSError where the checkout does not hold them."""
    evaluators = {
        kind: (_script(checkout / "evaluation" / "benchmarks" / path).evaluate_instance, field)
        for kind, (path, field) in SCRIPTS.items()
    }
    judged = {name: q for name, q in questions().items() if q.spoken_language == PEER_LANGUAGE}
    rows = {name: _row(name, question) for name, question in judged.items()}

    def solved(case: Case) -> bool:
        evaluate, field = evaluators[questions()[case.task].kind]
        patch = case.patch.decode("utf-8", "replace")
        output = {"instance_id": case.task, "test_result": {"git_patch": patch}, "history": []}
        return bool(evaluate(rows[case.task], output)[field])

    return solved


def _script(path: Path) -> Any:
    """Load a script as a module; what it imports to read data and to show progress is not needed to call it."""
    for name, function in (("datasets", "load_dataset"), ("tqdm", "tqdm")):
        if name not in sys.modules and importlib.util.find_spec(name) is None:
            stand_in = ModuleType(name)
            setattr(stand_in, function, None)
            sys.modules[name] = stand_in
    spec = importlib.util.spec_from_file_location(f"peer_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        message = f"{path}: no such script"
        raise FileNotFoundError(message)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _row(name: str, question: Question) -> dict[str, Any]:
    """Write a task as a row of Hybrid-Gym's data; its lines are 0-based."""
    found = [(path_of(wanted), _definition(question, wanted)) for wanted in question.wanted]
    if question.kind == "dependency_search":
        target = _definition(question, question.target)
        return {
            "instance_id": name,
            "target_function_name": question.name,
            "target_function_file": path_of(question.target),
            "target_function_line_start": target.row,
            "target_function_line_end": target.end_row,
            "dependencies": [
                {
                    "name": definition.name,
                    "file_path": path,
                    "line_start": definition.row,
                    "line_end": definition.end_row,
                    "type": "class" if definition.kind is Kind.CLASS else "function",
                    "decorator_line": definition.first_row,
                }
                for path, definition in found
            ],
            "num_dependencies": len(found),
        }
    functions = [
        {"file_path": path, "module_line_start": d.row, "module_line_end": d.end_row, "module_name": d.name}
        for path, d in found
    ]
    return {"instance_id": name, **functions[0], "functions": functions if len(functions) > 1 else []}


def path_of(definition_id: str) -> str:
    """Return the path in a definition's id."""
    return definition_id.partition("::")[0]


def _definition(question: Question, definition_id: str) -> Definition:
    path = path_of(definition_id)
    return definitions_of(path, repository(question.repo)[path].data)[definition_id]


def cases_of(kind: str, language: str) -> list[Case]:
    """Return the cases of a kind in one language."""
    of = {name for name, q in questions().items() if (q.kind, q.spoken_language) == (kind, language)}
    return [case for case in cases() if case.task in of]


def score(rows: Sequence[Case], solved: Judge) -> Score:
    """Judge all cases, and then go on until the rate is known."""
    right = [case.status is Status.RESOLVED for case in rows]
    answers = [solved(case) for case in rows]
    done, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < SECONDS:
        for case in rows:
            solved(case)
        done += len(rows)
    wrong = [(case.id, answer) for case, answer, wanted in zip(rows, answers, right, strict=True) if answer != wanted]
    return Score(
        refusable=right.count(False),
        acceptable=right.count(True),
        false_accepts=[name for name, answer in wrong if answer],
        false_refusals=[name for name, answer in wrong if not answer],
        per_second=done / spent,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return the number of cases that our checkers got wrong, 100 at most."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.redteam", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--hybrid-gym", type=Path, help="folder with a checkout of Hybrid-Gym")
    parser.add_argument("--list", action="store_true", help="name the cases that a checker got wrong")
    options = parser.parse_args(arguments)
    judges: dict[str, Judge] = {"hybridgym": ours}
    if options.hybrid_gym is not None:
        judges["Hybrid-Gym"] = hybrid_gym(options.hybrid_gym)
    print("| kind | language | checker | false accepts | false refusals | verdicts/s |")
    print("| --- | --- | --- | ---: | ---: | ---: |")
    mistakes, listed = 0, []
    languages = sorted({question.spoken_language for question in questions().values()})
    for kind, language, checker in product(SCRIPTS, languages, judges):
        if checker != "hybridgym" and language != PEER_LANGUAGE:
            continue
        found = score(cases_of(kind, language), judges[checker])
        accepts = f"{len(found.false_accepts)} of {found.refusable}"
        refusals = f"{len(found.false_refusals)} of {found.acceptable}"
        print(f"| {kind} | {language} | {checker} | {accepts} | {refusals} | {found.per_second:,.0f} |", flush=True)
        listed += [f"{checker} accepts {name}" for name in found.false_accepts]
        listed += [f"{checker} refuses {name}" for name in found.false_refusals]
        if checker == "hybridgym":
            mistakes += len(found.false_accepts) + len(found.false_refusals)
    if options.list:
        print("", *listed, sep="\n")
    return min(mistakes, 100)


if __name__ == "__main__":
    sys.exit(main())
