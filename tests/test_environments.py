"""environments/: what stands in a task's folder and in its image, and what does not."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from docker_engine import BASE, Engine, EngineError, base_image, started_engine
from handmade import ANSWER, EDIT, ENVIRONMENT, TREE, UNDOCUMENTED, make_edit, make_suite, make_task
from hybridgym.environments import DEFAULT_BASE, Environment
from hybridgym.errors import UsageError
from hybridgym.suite import Suite
from hybridgym.task import File, ValidatedTask

DIGEST = "sha256:" + "0" * 64


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.rstrip("\n")


def run_script(suite: Path, instance_id: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = suite / "environments" / "start_state.py"
    # Isolated: no package of this machine is seen.
    command = [sys.executable, "-I", "-S", str(script), str(suite), instance_id, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def lay_out(tmp_path: Path, task: ValidatedTask) -> Path:
    suite = make_suite(tmp_path / "suite", [task])
    done = run_script(suite.folder, task.instance_id, tmp_path / "testbed")
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path / "testbed"


def files_under(folder: Path) -> dict[str, File]:
    """Read what lies on disk, without git's own folder."""
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if name.startswith(".git/") or (path.is_dir() and not path.is_symlink()):
            continue
        if path.is_symlink():
            found[name] = File(os.fsencode(path.readlink()), "120000")
        else:
            found[name] = File(path.read_bytes(), "100755" if os.access(path, os.X_OK) else "100644")
    return found


def change_suite(suite: Path, old: str, new: str) -> None:
    rows = suite / "tasks.jsonl"
    text = rows.read_text(encoding="utf-8")
    assert old in text
    rows.write_text(text.replace(old, new), encoding="utf-8")


# The specification


def test_an_environment_is_named_by_what_it_is_made_of() -> None:
    assert Environment().id == Environment(base=DEFAULT_BASE).id
    assert Environment().id != Environment(base=f"python@{DIGEST}").id
    assert len(Environment().id) == 12


@pytest.mark.parametrize("base", ["debian:12", f"python:3.11-slim@{DIGEST}", "registry.example:5000/team/base"])
def test_the_base_is_an_argument_of_the_dockerfile(base: str) -> None:
    assert f"ARG BASE={base}\n" in Environment(base=base).dockerfile()


@pytest.mark.parametrize("base", ["", "a b", "debian:12\nRUN evil", "python@sha256:12"], ids=repr)
def test_a_base_that_is_no_image_reference_is_refused(base: str) -> None:
    with pytest.raises(UsageError, match="expected an image reference"):
        Environment(base=base)


def test_environment_json_says_what_the_environment_is_made_of(tmp_path: Path) -> None:
    make_suite(tmp_path)
    written = json.loads((tmp_path / "environments" / ENVIRONMENT.id / "environment.json").read_text(encoding="utf-8"))
    assert written["base"] == DEFAULT_BASE


# The start state


def test_the_start_state_is_the_commit_that_the_row_names(tmp_path: Path) -> None:
    task = make_task()
    testbed = lay_out(tmp_path, task)
    assert git(testbed, "rev-parse", "HEAD") == task.start_commit


def test_the_files_are_those_of_the_source_after_the_edits(tmp_path: Path) -> None:
    testbed = lay_out(tmp_path, make_task())
    assert files_under(testbed) == {**TREE, EDIT.path: File(UNDOCUMENTED)}


def test_there_is_one_commit_and_nothing_beside_it(tmp_path: Path) -> None:
    testbed = lay_out(tmp_path, make_task())
    assert git(testbed, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert git(testbed, "rev-list", "--all", "--count") == "1"
    assert git(testbed, "remote") == git(testbed, "stash", "list") == git(testbed, "reflog") == ""
    reachable = {line.split()[0] for line in git(testbed, "rev-list", "--objects", "HEAD").splitlines()}
    stored = git(testbed, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    assert set(stored.splitlines()) == reachable
    kept = {path.name for path in (testbed / ".git").iterdir()}
    assert kept == {"HEAD", "config", "index", "info", "objects", "refs"}


def test_the_workspace_is_clean_whatever_the_repository_tells_git(tmp_path: Path) -> None:
    testbed = lay_out(tmp_path, make_task())
    assert git(testbed, "status", "--porcelain", "--ignored") == ""


def test_an_agents_diff_holds_the_bytes_of_the_files(tmp_path: Path) -> None:
    """The repository's attributes ask for other line ends, an expanded $Id$ and no diff of *.bin."""
    testbed = lay_out(tmp_path, make_task())
    (testbed / "src/näme with space.txt").write_bytes(b"one\r\nTWO\r\n")
    (testbed / "src/data.bin").write_bytes(b"text now\n")
    git(testbed, "add", "--all")
    assert git(testbed, "diff", "--cached", "--stat").splitlines()[-1].strip().startswith("2 files changed")
    assert subprocess.check_output(["git", "-C", testbed, "show", ":src/näme with space.txt"]) == b"one\r\nTWO\r\n"


def test_the_answer_is_nowhere_in_the_folder(tmp_path: Path) -> None:
    testbed = lay_out(tmp_path, make_task())
    kept = [path.read_bytes() for path in testbed.rglob("*") if path.is_file()]
    objects = subprocess.check_output(
        ["git", "-C", testbed, "cat-file", "--batch-all-objects", "--batch", "--unordered"]
    )
    assert not any(ANSWER.encode() in data for data in [*kept, objects])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('"start_commit":"', '"start_commit":"0', "the start state is commit", id="another commit"),
        pytest.param('"old_sha256":"', '"old_sha256":"0', "not what the edit replaces", id="edit of another source"),
        pytest.param('"instance_id":"acme', '"instance_id":"acne', "no task 'acme__", id="unknown task"),
    ],
)
def test_a_start_state_that_is_not_the_rows_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    suite = make_suite(tmp_path / "suite")
    change_suite(suite.folder, old, new)
    done = run_script(suite.folder, make_task().instance_id, tmp_path / "testbed")
    assert done.returncode == 1
    assert message in done.stderr


def test_several_edits_of_one_file_are_placed_as_in_the_source(tmp_path: Path) -> None:
    cut = EDIT.start + 8
    first = make_edit(EDIT.start, cut, "    # wo")
    second = make_edit(cut, EDIT.end, "ven\n")
    testbed = lay_out(tmp_path, make_task(edits=(first, second)))
    assert (testbed / EDIT.path).read_bytes() == UNDOCUMENTED.replace(b"    return", b"    # woven\n    return")


def test_insertions_at_one_place_keep_their_order(tmp_path: Path) -> None:
    edits = make_edit(0, 0, "# first\n"), make_edit(0, 0, "# second\n"), EDIT
    testbed = lay_out(tmp_path, make_task(edits=edits))
    assert (testbed / EDIT.path).read_bytes() == b"# first\n# second\n" + UNDOCUMENTED


# The image


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give an engine with a base image, without a network."""
    try:
        with started_engine(tmp_path_factory.mktemp("engine")) as running:
            running.output("import", "-", BASE, text=base_image())
            yield running
    except EngineError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return make_suite(tmp_path_factory.mktemp("suite"), [make_task("1"), make_task("2", edits=())])


def build(engine: Engine, suite: Suite, task: str, *, buildkit: bool = False) -> subprocess.CompletedProcess[bytes]:
    dockerfile = suite.folder / "environments" / ENVIRONMENT.id / "Dockerfile"
    arguments = ["--build-arg", f"TASK={task}", "--build-arg", f"BASE={BASE}", "--network=none", "--tag", "task"]
    return engine.run("build", *arguments, "--file", dockerfile, suite.folder, buildkit=buildkit)


@pytest.fixture(scope="module", params=[False, True], ids=["classic builder", "BuildKit"])
def image(request: pytest.FixtureRequest, engine: Engine, suite: Suite) -> str:
    """Build the image of the first task."""
    done = build(engine, suite, make_task("1").instance_id, buildkit=request.param)
    if b"buildx component is missing" in done.stderr:
        pytest.skip("this docker has no BuildKit")
    assert done.returncode == 0, done.stderr.decode()
    return "task"


def in_container(engine: Engine, image: str, command: str, *options: str) -> str:
    return engine.output("run", "--rm", "--network=none", *options, image, "sh", "-c", command)


def test_an_agent_finds_itself_in_the_start_state(engine: Engine, image: str) -> None:
    printed = in_container(
        engine, image, "id -un; pwd; git rev-parse HEAD; git status --porcelain --ignored; git remote"
    )
    assert printed.splitlines() == ["agent", "/testbed", make_task("1").start_commit]


def test_an_agent_can_work_there(engine: Engine, image: str) -> None:
    work = "echo done > src/new.py && echo more >> run && git add --all && git diff --cached --name-only"
    assert in_container(engine, image, work).splitlines() == ["run", "src/new.py"]


def test_root_can_use_the_repository_too(engine: Engine, image: str) -> None:
    head = in_container(engine, image, "git rev-parse HEAD", "--user=0")
    assert head == make_task("1").start_commit


def test_no_layer_holds_the_suite_or_an_answer(engine: Engine, image: str, suite: Suite, tmp_path: Path) -> None:
    names, contents = set(), []
    for layer in layers(engine, image, tmp_path):
        for member in layer:
            names.add(Path(member.name).name)
            content = layer.extractfile(member)
            contents.append(content.read() if content else b"")
    assert "weaving.py" in names
    assert not {"tasks.jsonl", "suite.json", "start_state.py", "sources", "suite"} & names
    secrets = [ANSWER, make_task().problem_statement, *suite]
    assert [secret for secret in secrets if any(secret.encode() in content for content in contents)] == []
    objects = in_container(engine, image, "git cat-file --batch-all-objects --batch")
    assert "def weave" in objects
    assert ANSWER not in objects


def layers(engine: Engine, image: str, folder: Path) -> Iterator[tarfile.TarFile]:
    """Open the layers that the task adds to its base."""
    engine.output("save", "--output", folder / "image.tar", image)
    base = json.loads(engine.output("image", "inspect", "--format={{json .RootFS.Layers}}", BASE))
    with tarfile.open(folder / "image.tar") as saved:
        saved.extractall(folder / "image", filter="data")
    (manifest,) = json.loads((folder / "image" / "manifest.json").read_text(encoding="utf-8"))
    for name in manifest["Layers"][len(base) :]:
        with tarfile.open(folder / "image" / name) as layer:
            yield layer


def test_the_image_says_that_it_is_to_run_without_a_network(engine: Engine, image: str) -> None:
    labels = json.loads(engine.output("image", "inspect", "--format={{json .Config.Labels}}", image))
    assert labels == {"hybridgym.environment": ENVIRONMENT.id, "hybridgym.network": "none"}


def test_the_build_fails_for_a_task_that_the_suite_does_not_have(engine: Engine, suite: Suite) -> None:
    done = build(engine, suite, "acme__loom.12345678.restore-9")
    assert done.returncode != 0
    assert b"no task 'acme__loom.12345678.restore-9'" in done.stderr + done.stdout
