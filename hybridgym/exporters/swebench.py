"""SWE-bench: rows that `swebench eval` (5.0) reads, with the script that runs their tests.

The harness applies a patch in the container of a task's image, runs `eval_script` there, and reads pytest's summary
out of what that prints. The keys are those of swebench/harness/utils.py, `make_test_spec`.
"""

import re
from typing import Any, Final

import msgspec

from hybridgym.environments.base import IMAGE
from hybridgym.exporters.base import Export, Exporter
from hybridgym.exporters.testscript import restoring, running
from hybridgym.suite import read_environment
from hybridgym.task import Tree, ValidatedTask, Value
from hybridgym.tasks.executable import answer_of

ROWS: Final = "tasks.jsonl"
START, END = ">>>>> Start Test Output", ">>>>> End Test Output"
_HEAD: Final = ("#!/bin/bash", "set -uxo pipefail")
"""Lines that the harness takes out wherever they stand, to put them at the top."""
_LOST: Final = re.compile(r"[\x00-\x1f]|\[\d+m")
"""What `parse_log_pytest_v2` takes out of every line."""


class Options(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the exporter."""

    image: str = IMAGE
    """What images are called, before the colon; the same as `--name` of `hybridgym env build`."""
    json_lists: bool = False
    """Write lists of tests as JSON texts, as the datasets of SWE-bench do."""


class SweBench(Exporter):
    """One row for each task that is graded by tests."""

    name = "swebench"
    options = Options

    def refusal(self, row: ValidatedTask, is_graded_by_tests: bool) -> str:
        return "" if is_graded_by_tests else "graded by its edits, not by tests"

    def write(self, export: Export) -> None:
        with (export.folder / ROWS).open("wb") as rows:
            for task in export.tasks():
                row = task.row
                fail_to_pass = [test for test in row.FAIL_TO_PASS if survives(test)]
                if not fail_to_pass:
                    export.drop(row, "no name of its failing tests survives the harness's log parser")
                elif any(line in _HEAD or START in line or END in line for line in row.test_patch.split("\n")):
                    export.drop(row, "its test patch has a line that the harness takes for its own")
                else:
                    made = self._row(export, row, task.start, fail_to_pass)
                    rows.write(msgspec.json.encode(made) + b"\n")
                    export.keep(row)

    def _row(self, export: Export, row: ValidatedTask, start: Tree, fail_to_pass: list[str]) -> dict[str, Any]:
        environment = read_environment(export.suite.folder, row.environment)
        image = row.image or environment.image_of_task(row.instance_id, export.options.image)
        pass_to_pass = [test for test in row.PASS_TO_PASS if survives(test)]
        tests = [*fail_to_pass, *pass_to_pass]
        left_out = sorted({*row.FAIL_TO_PASS, *row.PASS_TO_PASS} - set(tests))
        write = _as_text if export.options.json_lists else list
        return {
            "instance_id": row.instance_id,
            "repo": row.upstream or row.repo,
            "version": answer_of(row).setup.version,
            # What `/testbed` is at: agents reset to it.
            "base_commit": row.start_commit,
            "environment_setup_commit": row.start_commit,
            "image": image,
            "image_name": image,
            "docker_image": image,
            "problem_statement": row.problem_statement,
            "hints_text": "",
            "created_at": row.created_at,
            "patch": row.patch,
            "test_patch": row.test_patch,
            "FAIL_TO_PASS": write(fail_to_pass),
            "PASS_TO_PASS": write(pass_to_pass),
            "log_parser": "parse_log_pytest_v2",
            "eval_type": "pass_and_fail",
            "eval_script": eval_script(row, start, tests),
            "tests_left_out": write(left_out),
            "task_kind": row.task_kind,
            "language": row.language,
            "license": row.license,
            "source_repo": row.repo,
            "source_commit": row.base_commit,
        }


def eval_script(row: ValidatedTask, start: Tree, tests: list[str]) -> str:
    """Return what the harness runs in the container after it has applied a patch."""
    lines = [
        *_HEAD,
        "cd /testbed",
        *restoring(row, start),
        f": '{START}'",
        *running(row, tests),
        f": '{END}'",
    ]
    return "\n".join(lines) + "\n"


def survives(test: str) -> bool:
    """Say whether the harness reads a test's id out of pytest's summary as it is, passed or failed.

    The rule is that of `parse_log_pytest_v2` in swebench/harness/log_parsers/python.py (5.0.2).
    """
    return not _LOST.search(test) and " ".join(test.split()) == test and " - " not in test


def _as_text(tests: list[str]) -> str:
    return msgspec.json.encode(tests).decode()
