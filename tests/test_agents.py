"""From a row to a verdict with the released mini-swe-agent, whose own test model replays what it is told."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from consumers import consumer
from hybridgym.generation import Options, generate
from hybridgym.specs import spec_of
from hybridgym.suite import Suite, load_suite
from tiny import ROOT, TINY, hybridgym

MINI = "mini-swe-agent==2.4.6"
SUBMIT = "git add -A && git diff --cached > ../patch.txt"
END = "echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT && cat ../patch.txt"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    folder = tmp_path_factory.mktemp("suite")
    options = Options(kinds=("dependency_search", "function_localization"), per_repo=1)
    generate([spec_of(str(TINY), ROOT)], folder / "suite", options, cache=folder / "cache")
    return load_suite(folder / "suite")


def configuration(workspace: Path, commands: list[str]) -> dict[str, object]:
    """Say where the agent works, and what its model answers."""
    outputs = [
        {"role": "assistant", "content": "", "extra": {"actions": [{"command": command}], "cost": 0.0, "timestamp": 0}}
        for command in commands
    ]
    model = {"model_class": "minisweagent.models.test_models.DeterministicModel", "outputs": outputs}
    return {"environment": {"environment_class": "local", "cwd": str(workspace)}, "model": model}


def test_mini_swe_agent_works_on_rows_and_its_predictions_are_graded(suite: Suite, tmp_path: Path) -> None:
    programs = consumer(MINI)
    (tmp_path / "rows").mkdir()
    (tmp_path / "rows" / "tasks.jsonl").write_bytes((suite.folder / "tasks.jsonl").read_bytes())
    solved, left_alone = suite
    for instance_id in suite:
        workspace = tmp_path / instance_id / "testbed"
        laid_out = hybridgym("workspace", suite.folder, instance_id, workspace, cwd=tmp_path)
        assert laid_out.stdout.strip() == suite[instance_id].row.problem_statement.strip()
        (workspace.parent / "gold.patch").write_text(suite[instance_id].row.patch)
        work = ["git apply ../gold.patch"] if instance_id == solved else ["ls"]
        settings = tmp_path / f"{instance_id}.yaml"
        settings.write_text(json.dumps(configuration(workspace, [*work, SUBMIT, END])))
        command: list[str | Path] = [
            *(programs / "mini-extra", "swebench", "--subset", tmp_path / "rows", "--split", "train"),
            *("--filter", instance_id, "--model", "replayed", "--output", tmp_path / "out"),
            *("--config", "swebench.yaml", "--config", settings),
        ]
        own = {
            "HOME": str(tmp_path),
            "HF_HUB_OFFLINE": "1",
            "MSWEA_CONFIGURED": "true",
            "MSWEA_COST_TRACKING": "ignore_errors",
        }
        own["XDG_CONFIG_HOME"] = own["XDG_CACHE_HOME"] = str(tmp_path)
        done = subprocess.run(command, cwd=tmp_path, env=os.environ | own, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert set(json.loads((tmp_path / "out" / "preds.json").read_text())) == set(suite)
    graded = hybridgym("check", suite.folder, tmp_path / "out" / "preds.json", "--out", "results.jsonl", cwd=tmp_path)
    assert graded.returncode == 0, graded.stderr
    results = {r["instance_id"]: r for r in map(json.loads, (tmp_path / "results.jsonl").read_text().splitlines())}
    assert results[solved]["status"] == "resolved"
    assert results[left_alone]["status"] == "unresolved"
    assert {r["model_name_or_path"] for r in results.values()} == {"replayed"}
