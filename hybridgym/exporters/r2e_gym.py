"""R2E-Gym: rows of its dataset (`DatasetRow`), and what turns a task's image into one that its runtime can use.

    rows.jsonl                          DatasetRow, for github.com/R2E-Gym/R2E-Gym at 69bc953
    images/<instance_id>/Dockerfile     `docker build --build-arg IMAGE=… images/<instance_id>`
    images/<instance_id>/run_tests.sh   what its runtime runs, and reads pytest's summary of

Its reward is 1 where what it reads is `expected_output_json`, test by test.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from hybridgym.diffs import with_changes
from hybridgym.environments.base import IMAGE
from hybridgym.exporters.base import Export, Exporter
from hybridgym.exporters.testscript import restoring, running, test_changes
from hybridgym.facts import Kind
from hybridgym.parsing import parse_file
from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.resolve import definition_id
from hybridgym.suite import SuiteTask, read_environment
from hybridgym.task import Change, Tree, ValidatedTask, Value
from hybridgym.tasks.base import source_language
from hybridgym.tasks.executable import answer_of

ROWS: Final = "rows.jsonl"
IMAGES: Final = "images"
_DOCKERFILE: Final = """\
# {name}
#
# IMAGE is what `hybridgym env build SUITE --runtime docker` made of the task.
ARG IMAGE={image}
FROM $IMAGE
USER root
COPY run_tests.sh /testbed/run_tests.sh
RUN ln -s /hybridgym/environment /testbed/.venv && mkdir -p /root/.local/bin
"""
_HUNK: Final = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)")
_LINES: Final = {" ": "context", "+": "added", "-": "deleted", "\\": "note"}


class Options(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the exporter."""

    image: str = IMAGE
    """What images are called, before the colon; the same as `--name` of `hybridgym env build`."""


class R2EGym(Exporter):
    """One row for each task that is graded by tests."""

    name = "r2e-gym"
    options = Options

    def refusal(self, row: ValidatedTask, is_graded_by_tests: bool) -> str:
        return "" if is_graded_by_tests else "graded by its edits, not by tests"

    def write(self, export: Export) -> None:
        with (export.folder / ROWS).open("wb") as rows:
            for task in export.tasks():
                row = task.row
                tests = readable([*row.FAIL_TO_PASS, *row.PASS_TO_PASS])
                gold = apply_patch(task.start, row.patch.encode())
                assert not isinstance(gold, Refusal), row.instance_id
                if not set(tests) & set(row.FAIL_TO_PASS):
                    export.drop(row, "no name of its failing tests is read as it is by R2E-Gym's parser")
                elif not all(change.path.endswith(".py") for change in gold):
                    export.drop(row, "its patch changes a file that is not Python, which R2E-Gym leaves out of patches")
                else:
                    made, image = self._row(export, task, gold, tests)
                    rows.write(msgspec.json.encode(made) + b"\n")
                    self._write_image(export, task, image, made["docker_image"], tests)
                    export.keep(row)

    def _row(
        self, export: Export, task: SuiteTask, gold: Sequence[Change], tests: list[str]
    ) -> tuple[dict[str, Any], str]:
        """Return a row, and the name of the image that its own is made of."""
        row = task.row
        environment = read_environment(export.suite.folder, row.environment)
        image = environment.image_of_task(row.instance_id, export.options.image)
        name, _, tag = image.rpartition(":")
        paths = [change.path for change in gold]
        summaries = _summaries(row, task.start, gold)
        sections = parsed_patch(row.patch, gold)
        edited = sum(line["type"] in ("added", "deleted") for line in _all_lines(sections))
        made = {
            "repo_name": (row.upstream or row.repo).rpartition("/")[2],
            "docker_image": f"{name}-r2e:{tag}",
            "commit_hash": row.base_commit,
            "parsed_commit_content": _text(_parsed_commit(row, sections)),
            "execution_result_content": _text(_execution_result(row, task.start, tests)),
            "modified_files": paths,
            "modified_entity_summaries": summaries,
            "relevant_files": paths,
            "num_non_test_files": len(paths),
            "num_non_test_func_methods": len(summaries),
            "num_non_test_lines": edited,
            "prompt": "",
            "problem_statement": f"[ISSUE]\n{row.problem_statement}\n[/ISSUE]",
            "expected_output_json": _text(dict.fromkeys(sorted(map(key_of, tests)), "PASSED")),
            "instance_id": row.instance_id,
            "base_commit": row.start_commit,
            "license": row.license,
            "tests_left_out": sorted({*row.FAIL_TO_PASS, *row.PASS_TO_PASS} - set(tests)),
        }
        return made, row.image or f"{name}:{tag}"

    def _write_image(self, export: Export, task: SuiteTask, image: str, name: str, tests: list[str]) -> None:
        folder = export.folder / IMAGES / task.row.instance_id
        folder.mkdir(parents=True)
        (folder / "Dockerfile").write_text(_DOCKERFILE.format(name=name, image=image), encoding="utf-8")
        lines = ["#!/bin/bash", "cd /testbed", *restoring(task.row, task.start), *running(task.row, tests)]
        (folder / "run_tests.sh").write_text("\n".join(lines) + "\n", encoding="utf-8")


def key_of(test: str) -> str:
    """Return what R2E-Gym calls a test: its id without the file."""
    return ".".join(test.split("::")[1:])


def readable(tests: Sequence[str]) -> list[str]:
    """Return the tests that R2E-Gym's parser reads as what they are, passed or failed, and tells from one another.

    The rule is that of `parse_log_pytest` in src/r2egym/repo_analysis/execution_log_parser.py: the first of PASSED,
    FAILED and ERROR in a line of the summary is the status, wherever it stands, and files are not part of names.
    """
    times = Counter(map(key_of, tests))
    lost = re.compile(r"[\x00-\x1f]| - |PASSED|short test summary info|^\s|\s$")
    return [test for test in tests if times[key_of(test)] == 1 and not lost.search(test)]


def _summaries(row: ValidatedTask, start: Tree, gold: Sequence[Change]) -> list[dict[str, Any]]:
    """Return what is said of the definitions that the gold changes; lines are 1-based."""
    solved = {**start, **{change.path: change.after for change in gold if change.after is not None}}
    found = []
    for target in answer_of(row).targets:
        path = target.partition("::")[0]
        known = parse_file(source_language(path), solved[path].data).definitions if path in solved else ()
        definition = next((d for d in known if definition_id(path, d) == target), None)
        if definition is None:
            continue
        kind = {Kind.CLASS: "class", Kind.METHOD: "method"}.get(definition.kind, "function")
        ast_type = (
            "ClassDef" if kind == "class" else "AsyncFunctionDef" if "async" in definition.flags else "FunctionDef"
        )
        place = {"start_lineno": definition.row + 1, "end_lineno": definition.end_row + 1}
        found.append({"file_name": path, "type": kind, "name": definition.qualname, "ast_type_str": ast_type, **place})
    return found


def _parsed_commit(row: ValidatedTask, sections: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "file_diffs": sections,
        "old_commit_hash": row.start_commit,
        "new_commit_hash": row.base_commit,
        "commit_message": "",
        "commit_date": row.created_at or "1970-01-01T00:00:00Z",
        "metadata": {},
    }


def parsed_patch(patch: str, gold: Sequence[Change]) -> list[dict[str, Any]]:
    """Return a patch of ours, which names its files in order, as R2E-Gym's `FileDiff` has it."""
    changes = iter(gold)
    sections: list[dict[str, Any]] = []
    for line in patch.removesuffix("\n").split("\n"):
        if line.startswith("diff --git "):
            change = next(changes)
            sections.append(
                {
                    "old_file_content": change.before.data.decode() if change.before else "",
                    "new_file_content": change.after.data.decode() if change.after else "",
                    "header": {"file": {"path": change.path}, "misc_line": None},
                    "hunks": [],
                }
            )
        elif not sections[-1]["hunks"] and line.startswith(("--- ", "+++ ")):
            sections[-1]["minus_file" if line.startswith("-") else "plus_file"] = {"path": line[4:]}
        elif not sections[-1]["hunks"] and not line.startswith("@@"):
            known = sections[-1]["header"]["misc_line"]
            sections[-1]["header"]["misc_line"] = line if known is None else f"{known}\n{line}"
        elif match := _HUNK.fullmatch(line):
            old, old_lines, new, new_lines, section = match.groups()
            ranges = {"old_range": _range(old, old_lines), "new_range": _range(new, new_lines), "section": section}
            sections[-1]["hunks"].append({"descriptor": ranges, "line_group": {"all_lines": []}})
        else:
            content = line[2:] if line.startswith("\\") else line[1:]
            lines = sections[-1]["hunks"][-1]["line_group"]["all_lines"]
            lines.append({"content": content, "type": _LINES[line[:1]]})
    return sections


def _range(start: str, length: str | None) -> dict[str, int | None]:
    return {"start": int(start), "length": None if length is None else int(length)}


def _all_lines(sections: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [line for section in sections for hunk in section["hunks"] for line in hunk["line_group"]["all_lines"]]


def _execution_result(row: ValidatedTask, start: Tree, tests: list[str]) -> dict[str, Any]:
    """Return the test files; the logs of its own two runs are left out, because nobody made them."""
    state = with_changes(start, test_changes(row, start))
    files = sorted({test.partition("::")[0] for test in tests} & state.keys())
    return {
        "repo_name": (row.upstream or row.repo).rpartition("/")[2],
        "new_commit_hash": row.base_commit,
        "test_file_codes": [state[path].data.decode(errors="replace") for path in files],
        "test_file_names": files,
        "setup_res_code": 0,
        "setup_res_stdout": "",
        "setup_res_stderr": "",
    }


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
