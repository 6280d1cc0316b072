"""Images of a suite whose tasks are graded by tests, built for real, and its verdicts in both runtimes."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from docker_engine import BASE, Engine, EngineError, base_image, started_engine, started_registry
from hybridgym.cli import commands
from hybridgym.errors import MissingDependencyError, RunError, SuiteError, UsageError
from hybridgym.images import Image, build_images, wheels_folder
from hybridgym.runtimes.sandbox import Sandbox
from hybridgym.sealing import unsealed
from hybridgym.suite import Suite, SuiteTask, load_suite, read_environment
from hybridgym.verification import verify
from small_suite import BODY, CLAMP, MODULE, PROJECT, about, make_suite, submitted, with_body
from wheels import offline

ARGUMENTS = ["--runtime", "docker", "--build-arg", f"BASE={BASE}", "--build-arg", "PIP_NO_INDEX=1"]


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """A suite of one small project, with the wheels that its tests need beside its Dockerfile."""
    try:
        Sandbox().prepare()
    except (MissingDependencyError, RunError) as error:
        pytest.skip(f"no sandbox: {error}")
    with offline(tmp_path_factory.mktemp("images"), PROJECT) as place:
        made = load_suite(make_suite(place))
        for environment in {task.row.environment for task in made.values()}:
            shutil.copytree(place / "index", wheels_folder(made.folder, environment))
        yield made


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    try:
        with started_engine(tmp_path_factory.mktemp("engine")) as engine:
            engine.output("import", "-", BASE, text=base_image())
            yield engine
    except EngineError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def images(suite: Suite, engine: Engine) -> list[Image]:
    arguments = {"BASE": BASE, "PIP_NO_INDEX": "1"}
    return list(build_images(suite, arguments=arguments, host=engine.host))


def in_image(engine: Engine, image: str, *command: str) -> str:
    return engine.output("run", "--rm", "--network=none", image, *command)


def test_there_is_an_image_of_each_task_and_one_that_they_share(suite: Suite, images: list[Image]) -> None:
    [environment] = {task.row.environment for task in suite.values()}
    specification = read_environment(suite.folder, environment)
    expected = [specification.image(), *(specification.image_of_task(i) for i in suite)]
    assert [image.name for image in images] == expected


def test_layers_are_shared_but_for_the_start_state(engine: Engine, images: list[Image]) -> None:
    shared, *of_tasks = (
        engine.output("image", "inspect", "--format={{json .RootFS.Layers}}", image.name) for image in images
    )
    assert of_tasks
    for layers in of_tasks:
        assert layers.startswith(shared.removesuffix("]"))
        assert layers.count("sha256:") == shared.count("sha256:") + 2


def test_an_agent_can_run_the_tests_and_finds_no_answer(suite: Suite, engine: Engine, images: list[Image]) -> None:
    task = about(suite, CLAMP)
    [image] = [image.name for image in images if image.instance_id == task.row.instance_id]
    program = "import scales, importlib.metadata as m; print(scales.__file__, m.version('scales'))"
    assert in_image(engine, image, "python", "-c", program) == "/testbed/src/scales.py 1.0"
    tests = "import sys, pytest; sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', 'tests']) != 1)"
    assert "NotImplementedError" in in_image(engine, image, "python", "-c", tests)
    search = "grep -rlF 'high - self.low' / --include=*.py --include=*.jsonl --include=*.zst 2>/dev/null; true"
    assert in_image(engine, image, "sh", "-c", f"cd /; {search}").split() == ["/testbed/src/scales.py"]
    assert in_image(engine, image, "sh", "-c", f"cd /; {search.replace('high - self.low', BODY)}") == ""
    assert in_image(engine, image, "python", "-c", "import importlib.util as u; print(u.find_spec('pip'))") == "None"


def test_verdicts_are_those_of_the_sandbox(
    suite: Suite, engine: Engine, images: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", engine.host)
    in_docker = load_suite(suite.folder, runtime="docker")
    for body in ("return max(low, min(value, high))", "return value", "import os; os._exit(0)"):
        patch = submitted(about(suite, CLAMP), with_body(about(suite, CLAMP), body))
        assert about(in_docker, CLAMP).check(patch) == about(suite, CLAMP).check(patch)
    assert about(in_docker, CLAMP).check(about(suite, CLAMP).row.patch).resolved


def test_the_command_line_builds_images_and_grades_in_them(
    suite: Suite, engine: Engine, images: list[Image], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", engine.host)
    folder = shutil.copytree(suite.folder, tmp_path / "suite")
    done = CliRunner().invoke(commands, ["env", "build", str(folder), *ARGUMENTS])
    assert done.exit_code == 0, done.output
    assert f"{len(images)} images" in done.output
    done = CliRunner().invoke(commands, ["verify", str(folder), "--jobs", "1", "--runtime", "docker"])
    assert done.output == f"{len(suite)} of {len(suite)} tasks verified\n"
    names = {image.instance_id: image.name for image in images}
    assert {i: task.row.image for i, task in load_suite(folder).items()} == {i: names[i] for i in suite}


def test_images_that_were_pushed_are_pulled_by_what_rows_say(
    suite: Suite, engine: Engine, images: list[Image], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", engine.host)
    folder = shutil.copytree(suite.folder, tmp_path / "suite")
    (tmp_path / "registry").mkdir()
    try:
        with started_registry(tmp_path / "registry") as registry:
            name = f"{registry}/team/tasks"
            done = CliRunner().invoke(commands, ["env", "build", str(folder), *ARGUMENTS, "--name", name, "--push"])
            assert done.exit_code == 0, done.output
            pushed = load_suite(folder)
            row = about(pushed, CLAMP).row
            assert row.image == row.image_name == row.docker_image
            assert str(row.image).startswith(f"{name}@sha256:")
            assert len({task.row.image for task in pushed.values()}) == len(pushed)
            engine.output("image", "rm", *(i.name.replace("hybridgym:", f"{name}:") for i in images))
            assert engine.run("image", "inspect", str(row.image)).returncode != 0
            engine.output("pull", str(row.image))
            [environment] = {task.row.environment for task in pushed.values()}
            engine.output("pull", read_environment(folder, environment).image(name))
            text = in_image(engine, str(row.image), "cat", "src/scales.py")
            assert text + "\n" == about(suite, CLAMP).start["src/scales.py"].data.decode()
    except EngineError as error:
        pytest.skip(str(error))
    unchanged = {"image": None, "image_name": None, "docker_image": None}
    assert [msgspec.structs.replace(task.row, **unchanged) for task in pushed.values()] == [
        task.row for task in suite.values()
    ]
    assert pushed.info.tasks_sha256 == hashlib.sha256((folder / "tasks.jsonl").read_bytes()).hexdigest()


def test_a_registry_that_does_not_answer_is_named(suite: Suite, engine: Engine, images: list[Image]) -> None:
    arguments = {"BASE": BASE, "PIP_NO_INDEX": "1"}
    with pytest.raises(RunError, match=r"pushing localhost:9/tasks:"):
        list(build_images(suite, name="localhost:9/tasks", arguments=arguments, host=engine.host, push=True))


def test_only_images_are_pushed(suite: Suite) -> None:
    done = CliRunner().invoke(commands, ["env", "build", str(suite.folder), "--push"])
    assert isinstance(done.exception, UsageError)
    assert "--push: expected --runtime docker" in str(done.exception)


def test_a_copy_of_an_answer_in_the_image_is_found_wherever_it_lies(
    suite: Suite, engine: Engine, images: list[Image], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", engine.host)
    [name] = [image.name for image in images if not image.instance_id]
    (tmp_path / "measures.py").write_text(MODULE.partition("def label")[0].replace("clamp", "limit"), encoding="utf-8")
    (tmp_path / "Dockerfile").write_text(f"FROM {name}\nCOPY measures.py /opt/old/measures.py\n", encoding="utf-8")
    engine.output("tag", name, "hybridgym:as-it-was")
    try:
        engine.output("build", "--tag", name, tmp_path)
        problems = dict(verify(suite.folder, jobs=1, runtime="docker"))
    finally:
        engine.output("tag", "hybridgym:as-it-was", name)
    found = "its environment has a copy: opt/old/measures.py: the code of a target"
    assert problems == {i: found if task.row.answer["targets"] == [CLAMP] else "" for i, task in suite.items()}


def test_what_an_agent_could_find_in_its_image_is_told(
    suite: Suite, engine: Engine, images: list[Image], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", engine.host)
    in_docker = load_suite(suite.folder, runtime="docker")
    task = about(in_docker, CLAMP)
    [name] = [image.name for image in images if image.instance_id == task.row.instance_id]
    assert unsealed(in_docker, task) == ""
    (tmp_path / "whole.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "tasks.jsonl").write_text("{}\n", encoding="utf-8")
    (tmp_path / "scales-1.1.dist-info").mkdir()
    (tmp_path / "scales-1.1.dist-info" / "METADATA").write_text("Name: scales\n", encoding="utf-8")
    (tmp_path / "Dockerfile").write_text(
        f"FROM {name}\nUSER root\nENV HINT={task.row.instance_id}\nCOPY tasks.jsonl /srv/tasks.jsonl\n"
        "RUN python3 -c 'import os; os.remove(\"/srv/tasks.jsonl\")'\n"
        "COPY whole.py /tmp/whole.py\nCOPY scales-1.1.dist-info /opt/scales-1.1.dist-info\n"
        "RUN git tag v2 && echo answer | git hash-object -w --stdin \\\n"
        "    && git -c user.name=a -c user.email=a@localhost commit --quiet --allow-empty --message=Fix\n",
        encoding="utf-8",
    )
    engine.output("tag", name, "hybridgym:as-it-was")
    try:
        engine.output("build", "--network=none", "--tag", name, tmp_path)
        problems = unsealed(in_docker, task).split("; ")
    finally:
        engine.output("tag", "hybridgym:as-it-was", name)
    expected = {
        "/testbed/.git/refs/tags/v2: a tag",
        "/testbed/.git/logs/HEAD: a reflog",
        "/tmp/whole.py: a file of the answer",
        "/opt/scales-1.1.dist-info: a release of the project",
        f"environment variable HINT: it says {task.row.instance_id}",
        "a layer of the image has /srv/tasks.jsonl: a file of the suite",
        f"the image's description says {task.row.instance_id}",
    }
    assert expected <= set(problems)
    assert any("refs/heads/main: expected" in problem for problem in problems)
    assert any("is not of the commit" in problem for problem in problems)


def test_a_task_without_an_image_says_so(suite: Suite, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", engine.host)
    in_docker = load_suite(suite.folder, runtime="docker")
    task = about(in_docker, CLAMP)
    nowhere = msgspec.structs.replace(task.row, image="hybridgym:nowhere")
    with pytest.raises(RunError, match="hybridgym:nowhere"):
        unsealed(in_docker, SuiteTask(nowhere, in_docker))


def test_what_cannot_be_built_says_why(suite: Suite, engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"image hybridgym:.*returned a non-zero code"):
        shutil.copytree(suite.folder, tmp_path / "other")
        for folder in (tmp_path / "other" / "environments").glob("*/wheels"):
            shutil.rmtree(folder)
        list(
            build_images(
                load_suite(tmp_path / "other"), arguments={"BASE": BASE, "PIP_NO_INDEX": "1"}, host=engine.host
            )
        )
    shutil.rmtree(tmp_path / "other" / "sources")
    with pytest.raises(SuiteError, match="without them"):
        list(build_images(load_suite(tmp_path / "other"), host=engine.host))
