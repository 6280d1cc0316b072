"""Whether Hybrid-Gym's evaluators say of right answers what the exporter `hybrid-gym` says they do.

    python -m benchmarks.hybrid_gym SUITE CHECKOUT [--python PYTHON]

SUITE is a suite of dependency search, function localization and issue localization, CHECKOUT one of
github.com/Hybrid-Gym/Hybrid-Gym. Its scripts are run as they are, over the right answer of every task in Python, those
too that an export would leave out. PYTHON needs the packages `datasets` and `tqdm`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from hybridgym import load_suite
from hybridgym.exporters.hybrid_gym import FILES, HybridGym, Made, made_of

SCRIPTS = {
    "dependency_search": ("hybrid_gym_dep_search/eval_dep.py", "full_success"),
    "function_localization": ("hybrid_gym_func_localize/eval_localize.py", "success"),
    "issue_localization": ("hybrid_gym_issue_localize/eval_localize.py", ""),
}
"""Kind → the script, and the key of its results that says whether an answer is right."""


def main() -> None:
    """Print a row for each task kind; exit with 1 where evaluator and exporter differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("suite", type=Path)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--python", default=sys.executable, help="interpreter that runs the evaluators")
    options = parser.parse_args()
    exporter, suite = HybridGym(), load_suite(options.suite)
    made: dict[str, list[Made]] = {kind: [] for kind in FILES}
    for task in suite.values():
        if not exporter.refusal(task.row, is_graded_by_tests=False):
            made[task.row.task_kind].append(made_of(task))
    print("| kind | tasks | kept | right by the evaluator | of the empty patch | differ |\n|---|---|---|---|---|---|")
    differing = 0
    for kind, tasks in made.items():
        if not tasks:
            continue
        kept = {task.row["instance_id"] for task in tasks if not task.problem}
        right = evaluated(kind, tasks, [task.gold for task in tasks], options.checkout, options.python)
        nothing = evaluated(kind, tasks, [""] * len(tasks), options.checkout, options.python)
        # Code that its runtime breaks is nothing that an evaluator sees.
        broken = {task.row["instance_id"] for task in tasks if "breaks the code" in task.problem}
        differ = (right - broken) ^ kept
        differing += len(differ)
        print(f"| {kind} | {len(tasks)} | {len(kept)} | {len(right)} | {len(nothing)} | {len(differ)} |", flush=True)
        print("".join(f"{instance_id}\n" for instance_id in sorted(differ)), end="", file=sys.stderr)
    sys.exit(differing > 0)


def evaluated(kind: str, tasks: list[Made], patches: list[str], checkout: Path, python: str) -> set[str]:
    """Return the ids of the tasks that an evaluator takes patches for right answers of."""
    script, key = SCRIPTS[kind]
    with tempfile.TemporaryDirectory() as folder:
        data, output = Path(folder, FILES[kind]), Path(folder, "output.jsonl")
        data.write_text("".join(f"{json.dumps(task.row)}\n" for task in tasks))
        outputs = [task._replace(gold=patch).output for task, patch in zip(tasks, patches, strict=True)]
        output.write_text("".join(f"{json.dumps(line)}\n" for line in outputs))
        arguments = ["--data-file", data, "--save-results"] if key else ["--save-failure-ids"]
        command = [python, checkout / "evaluation" / "benchmarks" / script, "--output-file", output, *arguments]
        subprocess.run(command, check=True, capture_output=True)
        if key:
            results = [json.loads(line) for line in Path(folder, "eval_results.jsonl").read_text().splitlines()]
            return {result["instance_id"] for result in results if result[key]}
        failed = json.loads(Path(folder, "output_failure_ids.json").read_text())
        empty = {line["instance_id"] for line, patch in zip(outputs, patches, strict=True) if not patch.strip()}
        return {line["instance_id"] for line in outputs} - set(failed) - empty


if __name__ == "__main__":
    main()
