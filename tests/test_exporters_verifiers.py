"""The taskset package, as the released verifiers validates it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from consumers import consumer
from hybridgym.errors import SuiteError, UsageError
from hybridgym.exporters import exporter_named
from hybridgym.generation import Options, generate
from hybridgym.specs import spec_of
from hybridgym.suite import Suite, load_suite
from hybridgym.task import Status
from tiny import ROOT, TINY

VERIFIERS = "verifiers==0.4.0"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    folder = tmp_path_factory.mktemp("suite")
    options = Options(kinds=("dependency_search", "function_localization"), per_repo=1)
    generate([spec_of(str(TINY), ROOT)], folder / "suite", options, cache=folder / "cache")
    return load_suite(folder / "suite")


def test_the_package_holds_the_suite(suite: Suite, tmp_path: Path) -> None:
    exported = exporter_named("verifiers").export(suite, tmp_path / "out", options={"package": "orchard"})
    assert exported.tasks == len(suite)
    inside = load_suite(tmp_path / "out" / "orchard" / "suite")
    assert list(inside) == list(suite)
    for task in inside.values():
        assert task.check(task.row.patch).status is Status.RESOLVED


def test_a_package_needs_a_name_and_the_sources(suite: Suite, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name of a Python package"):
        exporter_named("verifiers").export(suite, tmp_path / "out", options={"package": "../orchard"})
    options = Options(kinds=("dependency_search",), per_repo=1)
    generate([spec_of(str(TINY), ROOT)], tmp_path / "bare", options, cache=tmp_path / "cache", with_sources=False)
    with pytest.raises(SuiteError, match="without its sources"):
        exporter_named("verifiers").export(load_suite(tmp_path / "bare"), tmp_path / "out")


def test_gold_and_doing_nothing_pass_its_validator(suite: Suite, tmp_path: Path) -> None:
    exporter_named("verifiers").export(suite, tmp_path / "out")
    programs = consumer(VERIFIERS, str(ROOT), str(tmp_path / "out"))
    command: list[str | Path] = [
        programs / "vf-validate",
        "hybridgym_tasks",
        "--runtime.type",
        "subprocess",
        "-o",
        tmp_path / "results",
    ]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment | {"HOME": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [summary] = (tmp_path / "results").rglob("summary.json")
    told = json.loads(summary.read_text())
    assert told["total"] == len(suite) > 0
    assert {check: counts["valid"] for check, counts in told["checks"].items()} == dict.fromkeys(
        ("gold", "noop"), len(suite)
    )
