"""Hybrid-Gym: rows that its evaluators for dependency search, function and issue localization read.

The keys are those of its datasets (github.com/Hybrid-Gym/Hybrid-Gym at e12a03c, evaluation/benchmarks); lines are
0-based. A task is kept only where its gold passes by the evaluators' rules, which are not ours: see
hybrid_gym_rules.py.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, Final, NamedTuple

import msgspec

from hybridgym.diffs import changes, make_patch
from hybridgym.exporters.base import Export, Exporter
from hybridgym.exporters.hybrid_gym_rules import (
    Dependency,
    Target,
    documentation_problem,
    marked_files_problem,
    marks_problem,
)
from hybridgym.facts import Definition, Kind
from hybridgym.languages.python import Python
from hybridgym.sameness import compare
from hybridgym.suite import SuiteTask
from hybridgym.task import File, Tree, ValidatedTask
from hybridgym.tasks.executable import definition_of

FILES: Final = {
    "dependency_search": "dep_search.jsonl",
    "function_localization": "func_localize.jsonl",
    "issue_localization": "issue_localize.jsonl",
}
"""Kind → the file of its rows."""
GOLD: Final = "gold"
"""Folder with the evaluators' input of right answers."""


class Made(NamedTuple):
    """What a task becomes."""

    row: dict[str, Any]
    gold: str
    """The patch of a right answer, against the state that Hybrid-Gym starts from."""
    problem: str
    """Why its evaluator does not take that for one; empty where it does."""

    @property
    def output(self) -> dict[str, Any]:
        """What the evaluator reads of a run that ended with the right answer."""
        result = {"git_patch": self.gold}
        return {"instance_id": self.row["instance_id"], "test_result": result, "history": [], "instance": self.row}


class HybridGym(Exporter):
    """One file of rows for each of Hybrid-Gym's evaluators."""

    name = "hybrid-gym"

    def refusal(self, row: ValidatedTask, is_graded_by_tests: bool) -> str:
        if row.task_kind not in FILES:
            return "no evaluator of Hybrid-Gym grades such an answer"
        return "" if row.language == Python.name else "its evaluators know comments of Python alone"

    def write(self, export: Export) -> None:
        (export.folder / GOLD).mkdir()
        with ExitStack() as stack:
            rows, outputs = (
                {kind: stack.enter_context((folder / name).open("wb")) for kind, name in FILES.items()}
                for folder in (export.folder, export.folder / GOLD)
            )
            for task in export.tasks():
                made = made_of(task)
                if made.problem:
                    export.drop(task.row, "gold does not pass Hybrid-Gym's evaluator", made.problem)
                else:
                    rows[task.row.task_kind].write(msgspec.json.encode(made.row) + b"\n")
                    outputs[task.row.task_kind].write(msgspec.json.encode(made.output) + b"\n")
                    export.keep(task.row)


def made_of(task: SuiteTask) -> Made:
    """Return what a task of one of the kinds becomes."""
    make: dict[str, Callable[[SuiteTask], Made]] = {
        "dependency_search": _dependency_search,
        "function_localization": _function_localization,
        "issue_localization": _issue_localization,
    }
    return make[task.row.task_kind](task)


def _common(row: ValidatedTask) -> dict[str, Any]:
    return {
        "instance_id": row.instance_id,
        "repo": row.upstream or row.repo,
        "base_commit": row.base_commit,
        "version": row.base_commit[:8],
        "problem_statement": row.problem_statement,
        "created_at": row.created_at,
        "license": row.license,
        "source_repo": row.repo,
    }


def _dependency_search(task: SuiteTask) -> Made:
    row, source = task.row, task.source
    target = definition_of(source, row.answer["target"])
    found = [(i.partition("::")[0], definition_of(source, i)) for i in row.answer["dependencies"]]
    dependencies = [
        {
            "name": definition.name,
            "file_path": path,
            "line_start": definition.row,
            "line_end": definition.end_row,
            "type": _type(definition),
            "decorator_line": definition.first_row,
        }
        for path, definition in found
    ]
    made = {
        **_common(row),
        "target_function_name": target.name,
        "target_function_file": row.answer["target"].partition("::")[0],
        "target_function_line_start": target.row,
        "target_function_line_end": target.end_row,
        "dependencies": dependencies,
        "num_dependencies": len(dependencies),
    }
    problem = marks_problem(row.patch, [Dependency(d.name, path, d.first_row) for path, d in found])
    return Made(made, row.patch, problem)


def _function_localization(task: SuiteTask) -> Made:
    row, source = task.row, task.source
    functions, rows = [], []
    for target in row.answer["targets"]:
        path, definition = target.partition("::")[0], definition_of(source, target)
        data, documentation = source[path].data, definition.documentation
        assert documentation is not None, target
        taken = range(data.count(b"\n", 0, documentation.start), data.count(b"\n", 0, documentation.end) + 1)
        rows.append((path, taken))
        functions.append(
            {
                "file_path": path,
                "module_name": definition.name,
                "module_type": _type(definition),
                "module_line_start": definition.row,
                "module_line_end": definition.end_row,
                "docstring": Python.docstring_text(data[documentation.start : documentation.end]) or "",
                "docstring_line_start": taken.start,
                "docstring_line_end": taken.stop - 1,
                "function_description": row.problem_statement,
            }
        )
    made = {
        **_common(row),
        **functions[0],
        "brief_description": row.problem_statement,
        # What they would say of the target is in the statement, as far as the task tells it.
        "parameters": [],
        "returns": None,
        "call_details": [],
        "ast_info": None,
        **({"functions": functions, "n_functions": len(functions)} if len(functions) > 1 else {}),
    }
    start = _without(source, rows)
    gold = make_patch(changes({**source, **start}, source))
    is_broken = any(not compare(Python, source[path].data, file.data).same for path, file in start.items())
    targets = [Target(f["file_path"], f["module_line_start"], f["module_line_end"]) for f in functions]
    problem = "its runtime takes out the lines of the documentation, which breaks the code" if is_broken else ""
    return Made(made, gold, problem or documentation_problem(gold, targets))


def _issue_localization(task: SuiteTask) -> Made:
    # Of a gold patch, the evaluator reads the names of files alone.
    patch = task.row.patch
    return Made({**_common(task.row), "patch": patch}, patch, marked_files_problem(patch))


def _type(definition: Definition) -> str:
    return "class" if definition.kind is Kind.CLASS else "function"


def _without(source: Tree, rows: Sequence[tuple[str, range]]) -> dict[str, File]:
    """Return files as Hybrid-Gym's runtime leaves them: `sed` takes out one range of lines after the other."""
    left = {path: source[path] for path, _ in rows}
    for path, taken in rows:
        lines = left[path].data.split(b"\n")
        kept = b"\n".join(line for row, line in enumerate(lines) if row not in taken)
        left[path] = File(kept, source[path].mode)
    return left
