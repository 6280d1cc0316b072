"""Whether SWE-bench's harness grades the rows of `export --to swebench` as hybridgym grades the tasks.

    python -m benchmarks.swebench_rows SUITE --python PYTHON [--limit N]

Each row's `eval_script`, as the harness rewrites it, runs in the sandbox over the start state with the gold patch and
without it; the harness's `get_eval_report` reads what it prints. PYTHON has swebench 5.0.2. The sandbox needs what
`hybridgym check` needs; no container is started.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hybridgym import load_suite
from hybridgym.diffs import with_changes
from hybridgym.exporters import exporter_named
from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.runtimes import Limits, Mount
from hybridgym.suite import Suite
from hybridgym.tasks.executable import answer_of
from hybridgym.workspace import lay_out, write_files

REWRITE = """
import json, sys
from swebench.harness.utils import make_test_spec

for line in sys.stdin:
    print(json.dumps(make_test_spec(json.loads(line)).eval_script))
"""
REPORT = """
import json, sys
from swebench.harness.grading import get_eval_report
from swebench.harness.utils import make_test_spec

for line in sys.stdin:
    row, log = json.loads(line)
    prediction = {"instance_id": row["instance_id"], "model_patch": row["patch"]}
    print(json.dumps(get_eval_report(make_test_spec(row), prediction, log, True)[row["instance_id"]]))
"""
SAFE = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "/testbed"}


def main() -> None:
    """Print a row for each task kind; exit with 1 where gold is not resolved, or nothing is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("suite", type=Path)
    parser.add_argument("--python", required=True, help="interpreter that has swebench")
    parser.add_argument("--limit", type=int, default=10**9, help="tasks")
    options = parser.parse_args()
    suite = load_suite(options.suite)
    with tempfile.TemporaryDirectory() as folder:
        exported = exporter_named("swebench").export(suite, Path(folder, "rows"))
        lines = Path(folder, "rows", "tasks.jsonl").read_text().splitlines()[: options.limit]
        rows = [json.loads(line) for line in lines]
        scripts = asked(options.python, REWRITE, lines)
        logs = []
        for number, (row, script) in enumerate(zip(rows, scripts, strict=True)):
            for name in ("gold", "empty"):
                log = Path(folder, f"{number}-{name}.log")
                log.write_bytes(printed(suite, row["instance_id"], script, name == "gold"))
                logs.append((row, str(log)))
        reports = asked(options.python, REPORT, [json.dumps(log) for log in logs])
    counts: Counter[tuple[str, str]] = Counter()
    for (row, printed_to), report in zip(logs, reports, strict=True):
        name = printed_to.rpartition("-")[2].removesuffix(".log")
        counts[row["task_kind"], f"{name} {report['resolved']}"] += 1
        if report["resolved"] is not (name == "gold"):
            print(f"{row['instance_id']} {name}: {report}", file=sys.stderr)
        counts[row["task_kind"], "left out"] += len(row["tests_left_out"]) * (name == "gold")
    print("| kind | tasks | gold resolved | empty resolved | tests left out |\n|---|---|---|---|---|")
    for kind in sorted({row["task_kind"] for row in rows}):
        found = [counts[kind, key] for key in ("gold True", "empty True", "left out")]
        print(f"| {kind} | {sum(row['task_kind'] == kind for row in rows)} | {' | '.join(map(str, found))} |")
    print(f"dropped: {exported.dropped_per_reason}")
    wrong = sum(count for (_, key), count in counts.items() if key in ("gold False", "empty True"))
    sys.exit(wrong > 0)


def asked(python: str, program: str, lines: list[str]) -> list[Any]:
    """Return what a program answers to each line."""
    done = subprocess.run(
        [python, "-c", program], input="\n".join(lines), stdout=subprocess.PIPE, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def printed(suite: Suite, instance_id: str, script: str, is_gold: bool) -> bytes:
    """Return what a script prints over the start state of a task."""
    task = suite[instance_id]
    start, answer = task.start, answer_of(task.row)
    testbed = suite.testbed(task.row.environment)
    with tempfile.TemporaryDirectory() as folder:
        workspace, evaluation = Path(folder, "testbed"), Path(folder, "eval.sh")
        lay_out(start, workspace)
        if is_gold:
            gold = apply_patch(start, task.row.patch.encode())
            assert not isinstance(gold, Refusal), instance_id
            changed = with_changes(start, gold)
            paths = [change.path for change in gold]
            for path in paths:
                (workspace / path).unlink(missing_ok=True)
            write_files({path: changed[path] for path in paths if path in changed}, workspace)
        evaluation.write_text(script)
        mounts = [*testbed.installation(answer.setup).mounts, Mount(evaluation, "/hybridgym/eval.sh")]
        limits = Limits(cpu_seconds=300, wall_seconds=600)
        command = ["/bin/bash", "/hybridgym/eval.sh"]
        return testbed.runtime.run(command, workspace, limits, mounts=mounts, variables=SAFE).output


if __name__ == "__main__":
    main()
