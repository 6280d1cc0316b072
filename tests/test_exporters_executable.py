"""exporters/swebench.py and r2e_gym.py, for tasks that tests grade, in containers made from the suite's own images.

SWE-bench is the released harness: its parser, and `swebench eval`. R2E-Gym is no package: where HYBRIDGYM_R2E_GYM
names a checkout, its models and its parser read the rows and the logs.
"""

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
from hybridgym.diffs import make_patch
from hybridgym.exporters import exporter_named
from hybridgym.exporters.r2e_gym import key_of, parsed_patch, readable
from hybridgym.exporters.swebench import survives
from hybridgym.images import build_images, wheels_folder
from hybridgym.suite import Suite, load_suite
from hybridgym.task import Change, File
from small_suite import PROJECT, make_suite, submitted, with_body
from wheels import offline

SWEBENCH = "swebench==5.0.2"
LEAVES = """
    import os
    text = "".join(f"\\nPASSED {{test}}" for test in {tests})
    for file in range(1, 24):
        try:
            os.write(file, text.encode())
        except OSError:
            pass
    os._exit(0)"""
"""The body of a function that says that all is well and ends the process."""
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


@pytest.fixture(scope="module")
def r2e_gym(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("r2e") / "out"
    assert exporter_named("r2e-gym").export(suite, out).tasks == len(suite)
    return out


def rows_of(exported: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in next(exported.glob("*s.jsonl")).read_text().splitlines()]


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
    tasks = list(suite.values())
    wrong: list[dict[str, str | None]] = [
        with_body(tasks[0], LEAVES.format(tests=tasks[0].row.FAIL_TO_PASS + tasks[0].row.PASS_TO_PASS)),
        {
            "tests/test_scales.py": "def test_clamp():\n    pass\n",
            "tests/conftest.py": "collect_ignore = ['test_scales.py']\n",
            "conftest.py": "collect_ignore = ['tests']\n",
            "pytest.ini": "[pytest]\npython_files = nothing.py\n",
        },
    ]
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
    assert report["submitted_ids"] == [task.row.instance_id for task in tasks]
    assert report["resolved_ids"] == []
    [log] = tmp_path.glob(f"logs/run_evaluation/run/wrong/{tasks[1].row.instance_id}/report.json")
    [found] = json.loads(log.read_text()).values()
    assert found["tests_status"]["FAIL_TO_PASS"]["success"] == []
    assert found["tests_status"]["PASS_TO_PASS"]["failure"] == []


# R2E-Gym

CHECKOUT = os.environ.get("HYBRIDGYM_R2E_GYM", "")
READ = """
import ast, json, sys
from pathlib import Path

from pydantic import BaseModel
from r2egym.commit_models.diff_classes import ParsedCommit
from r2egym.repo_analysis.execution_log_parser import decolor_dict_keys, parse_log_pytest
from r2egym.repo_analysis.execution_result_analysis import ExecutionResult

# Its module asks for a package that nobody has; the class is taken out of it as it stands.
module = ast.parse(Path(sys.argv[1], "src/r2egym/repo_analysis/validate_docker_and_hf.py").read_text())
module.body = [node for node in module.body if getattr(node, "name", "") == "DatasetRow"]
exec(compile(module, "DatasetRow", "exec"))
for line in sys.stdin:
    asked = json.loads(line)
    row = DatasetRow(**asked["row"])
    commit = ParsedCommit(**json.loads(row.parsed_commit.model_dump_json()))
    assert row.execution_result.test_file_names
    expected = decolor_dict_keys(json.loads(row.expected_output_json))
    parsed = [decolor_dict_keys(parse_log_pytest(log)) for log in asked["logs"]]
    print(json.dumps([commit.get_patch(test_file=False), [log == expected for log in parsed]]))
"""


def patch_of(commit: dict[str, Any]) -> str:
    """Write a parsed commit as R2E-Gym's `get_patch` does."""
    marks = {"context": " ", "added": "+", "deleted": "-", "note": "\\ "}
    lines = []
    for diff in commit["file_diffs"]:
        path, misc = diff["header"]["file"]["path"], diff["header"]["misc_line"]
        lines += [f"diff --git a/{path} b/{path}", *([misc] if misc else [])]
        lines += [f"--- {diff['minus_file']['path']}", f"+++ {diff['plus_file']['path']}"]
        for hunk in diff["hunks"]:
            sides = [hunk["descriptor"][f"{side}_range"] for side in ("old", "new")]
            old, new = (
                ",".join(str(side[key]) for key in ("start", "length") if side[key] is not None) for side in sides
            )
            section = f" {hunk['descriptor']['section']}".rstrip()
            lines.append(f"@@ -{old} +{new} @@{section}")
            lines += [f"{marks[line['type']]}{line['content']}" for line in hunk["line_group"]["all_lines"]]
    return "".join(f"{line}\n" for line in lines)


def test_r2e_gym_rows_hold_the_patch_line_by_line(r2e_gym: Path, suite: Suite) -> None:
    for row in rows_of(r2e_gym):
        assert patch_of(json.loads(row["parsed_commit_content"])) == suite[row["instance_id"]].row.patch


def test_new_files_and_missing_line_ends_are_part_of_parsed_patches() -> None:
    gold = [
        Change(path="a b.py", before=File(b"one\ntwo"), after=File(b"one\nthree\n", "100755")),
        Change(path="new.py", before=None, after=File(b"x = 1\n")),
        Change(path="old.py", before=File(b"y = 2\n-- z\n"), after=None),
    ]
    parsed = parsed_patch(make_patch(gold), gold)
    assert patch_of({"file_diffs": parsed}) == make_patch(gold)
    assert [diff["old_file_content"] for diff in parsed] == ["one\ntwo", "", "y = 2\n-- z\n"]


def test_tests_that_r2e_gym_cannot_tell_apart_are_left_out() -> None:
    names = ["a.py::test_x", "b.py::test_x", "a.py::T::test_x", "a.py::test_y[PASSED]", "a.py::test_z[a - b]"]
    assert readable(names) == ["a.py::T::test_x"]
    assert key_of("a.py::T::test_x[1::2]") == "T.test_x[1.2]"


def test_its_script_tells_gold_from_nothing(r2e_gym: Path, engine: Engine, suite: Suite) -> None:
    for row, logs in logs_of(r2e_gym, engine, suite):
        expected = json.loads(row["expected_output_json"])
        passed = [
            {key_of(line.removeprefix("PASSED ")) for line in log.splitlines() if "PASSED" in line} for log in logs
        ]
        assert passed[0] == expected.keys()
        assert passed[1] < expected.keys()


@pytest.mark.skipif(not CHECKOUT, reason="HYBRIDGYM_R2E_GYM names no checkout of R2E-Gym")
def test_r2e_gym_reads_rows_and_logs(r2e_gym: Path, engine: Engine, suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "r2e").mkdir()
    (tmp_path / "r2e" / "paths.py").write_text("from pathlib import Path\n\nREPOS_DIR = Path('repos')\n")
    asked: list[dict[str, Any]] = [{"row": row, "logs": logs} for row, logs in logs_of(r2e_gym, engine, suite)]
    done = subprocess.run(
        [consumer("pydantic==2.12.5") / "python", "-c", READ, CHECKOUT],
        input="".join(f"{json.dumps(line)}\n" for line in asked),
        env={**os.environ, "PYTHONPATH": f"{CHECKOUT}/src{os.pathsep}{tmp_path}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers == [[suite[line["row"]["instance_id"]].row.patch, [True, False]] for line in asked]


def logs_of(r2e_gym: Path, engine: Engine, suite: Suite) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Yield each row, with what its script prints after gold and after nothing."""
    for row in rows_of(r2e_gym):
        folder = r2e_gym / "images" / row["instance_id"]
        engine.output("build", "--network=none", "--tag", row["docker_image"], folder)
        apply = "git apply - && bash run_tests.sh; true"
        command = ["run", "--rm", "--interactive", "--network=none", row["docker_image"], "bash", "-c", apply]
        gold = suite[row["instance_id"]].row.patch
        nothing = make_patch([Change(path="notes.txt", before=None, after=File(b"nothing to see\n"))])
        yield row, [engine.output(*command, text=patch.encode()) for patch in (gold, nothing)]
