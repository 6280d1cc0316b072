"""exporters/swebench.py, with the released harness: its rows, its parser, and `swebench eval` in containers."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consumers import consumer
from docker_engine import BASE, Engine, EngineError, base_image, started_engine
from hybridgym.exporters import exporter_named
from hybridgym.exporters.swebench import survives
from hybridgym.images import build_images, wheels_folder
from hybridgym.suite import Suite, load_suite
from small_suite import PROJECT, make_suite, submitted
from wheels import offline

SWEBENCH = "swebench==5.0.2"
PARSE = """
import json, sys
from swebench.harness.log_parsers import PARSER_REGISTRY

for test in json.load(sys.stdin):
    passed = PARSER_REGISTRY["parse_log_pytest_v2"](f"PASSED {test}\\n1 passed", None)
    failed = PARSER_REGISTRY["parse_log_pytest_v2"](f"FAILED {test} - assert 1 == 2\\n1 failed", None)
    print(json.dumps(passed == {test: "PASSED"} and failed == {test: "FAILED"}))
"""
NAMES = {
    "tests/test_a.py::test_b": True,
    "tests/test_a.py::TestA::test_b[1-x]": True,
    "tests/test a.py::test_b[two words]": True,
    "tests/test_a.py::test_b[two  blanks]": False,
    "tests/test_a.py::test_b[a - b]": False,
    "tests/test_a.py::test_b[a-b -]": True,
    "tests/test_a.py::test_b[tab\there]": False,
    "tests/test_a.py::test_b[\x1b[1mbold]": False,
    "tests/test_a.py::test_b[12m]": False,
    "tests/test_a.py::test_b[m12]": True,
    "tests/test_a.py::test_b[a\u00a0b]": False,
    "tests/test_a.py::test_b[caf\u00e9]": True,
    "tests/test_a.py::test_b[PASSED]": True,
}


@pytest.fixture(scope="module")
def swebench() -> Path:
    return consumer(SWEBENCH)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    with offline(tmp_path_factory.mktemp("swebench"), PROJECT) as place:
        made = load_suite(make_suite(place))
        for environment in {task.row.environment for task in made.values()}:
            shutil.copytree(place / "index", wheels_folder(made.folder, environment))
        yield made


@pytest.fixture(scope="module")
def exported(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rows") / "out"
    assert exporter_named("swebench").export(suite, out).tasks == len(suite)
    return out


@pytest.fixture(scope="module")
def engine(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that has the images of the suite."""
    try:
        with started_engine(tmp_path_factory.mktemp("engine")) as engine:
            engine.output("import", "-", BASE, text=base_image())
            list(build_images(suite, arguments={"BASE": BASE, "PIP_NO_INDEX": "1"}, host=engine.host))
            yield engine
    except EngineError as error:
        pytest.skip(str(error))


def rows_of(exported: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (exported / "tasks.jsonl").read_text().splitlines()]


def evaluated(swebench: Path, engine: Engine, exported: Path, place: Path, run: str, *arguments: str) -> dict[str, Any]:
    """Return the report of `swebench eval`."""
    command: list[str | Path] = [
        swebench / "swebench",
        "eval",
        exported / "tasks.jsonl",
        "--split",
        "train",
        "--run-id",
        run,
        *arguments,
    ]
    environment = {**os.environ, "DOCKER_HOST": engine.host, "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [*command, "--workers", "4"], cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    [report] = place.glob(f"*.{run}.json")
    assert done.returncode == 0, done.stdout + done.stderr
    made: dict[str, Any] = json.loads(report.read_text())
    return made


def test_ids_that_the_harness_cannot_read_are_told(swebench: Path) -> None:
    names = json.dumps(list(NAMES))
    said = subprocess.run([swebench / "python", "-c", PARSE], input=names, capture_output=True, text=True, check=True)
    assert [json.loads(line) for line in said.stdout.splitlines()] == list(NAMES.values())
    assert {name: survives(name) for name in NAMES} == NAMES


def test_gold_is_resolved_by_the_harness(swebench: Path, engine: Engine, exported: Path, tmp_path: Path) -> None:
    report = evaluated(swebench, engine, exported, tmp_path, "gold", "--gold")
    assert report["resolved_ids"] == [row["instance_id"] for row in rows_of(exported)]


def test_wrong_answers_are_not(swebench: Path, engine: Engine, exported: Path, suite: Suite, tmp_path: Path) -> None:
    # The harness waits fifteen seconds for each container to stop, so each task gets one wrong answer.
    wrong: list[dict[str, str | None]] = [
        {"notes.txt": "nothing to see\n"},
        {
            "tests/test_scales.py": "def test_clamp():\n    pass\n",
            "tests/conftest.py": "collect_ignore = ['test_scales.py']\n",
            "conftest.py": "collect_ignore = ['tests']\n",
            "pytest.ini": "[pytest]\npython_files = nothing.py\n",
        },
    ]
    tasks = list(suite.values())
    assert len(tasks) == len(wrong)
    predictions = [
        {
            "instance_id": task.row.instance_id,
            "model_name_or_path": "wrong",
            "model_patch": submitted(task, files),
        }
        for task, files in zip(tasks, wrong, strict=True)
    ]
    (tmp_path / "wrong.json").write_text(json.dumps(predictions))
    report = evaluated(swebench, engine, exported, tmp_path, "run", "--predictions", str(tmp_path / "wrong.json"))
    assert report["unresolved_ids"] == [task.row.instance_id for task in tasks]
    logs = tmp_path.glob("logs/run_evaluation/run/wrong/*/report.json")
    found = [value for log in logs for value in json.loads(log.read_text()).values()]
    assert [report["tests_status"]["FAIL_TO_PASS"]["success"] for report in found] == [[]] * len(tasks)
    assert [report["tests_status"]["PASS_TO_PASS"]["failure"] for report in found] == [[]] * len(tasks)
