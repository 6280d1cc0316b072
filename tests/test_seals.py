"""What an agent could find: each kind of leak planted for real, and found; a clean place has none."""

import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hybridgym import seals
from hybridgym.seals import Wanted, of_files, of_network, of_repository, of_variables
from hybridgym.snapshots import commit_id, tree_id
from hybridgym.task import EXECUTABLE, LINK, File, Tree
from hybridgym.workspace import lay_out

TREE: Tree = {
    ".gitattributes": File(b"* text=auto eol=crlf\n"),
    ".gitignore": File(b"*.log\n"),
    "kept.log": File(b"ignored, but part of the project\n"),
    "pkg/link": File(b"mod.py", LINK),
    "pkg/mod.py": File(b"x = 1\r\n"),
    "run.sh": File(b"#!/bin/sh\n", EXECUTABLE),
    "with blank/\u00fc.py": File(b""),
}
COMMIT = commit_id(tree_id(TREE))
FIX = "0123456789abcdef0123456789abcdef01234567"
BLOCK = b"inside = clamp(value, low, high)\nif low == high:\n    return 1.0\nreturn (inside - low) / (high - low)"


@pytest.fixture
def laid_out(tmp_path: Path) -> Path:
    lay_out(TREE, tmp_path / "testbed")
    return tmp_path / "testbed"


def git(directory: Path, *arguments: str, text: str = "") -> str:
    who = {f"GIT_{role}_{key}": "a@localhost" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    environment = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **who}
    done = subprocess.run(
        ["git", *arguments], cwd=directory, env=environment, input=text.encode(), stdout=-1, check=True
    )
    return done.stdout.decode().strip()


def test_a_start_state_has_nothing_else(laid_out: Path) -> None:
    assert of_repository(laid_out, COMMIT) == []


def commit_again(place: Path) -> None:
    (place / "pkg" / "mod.py").write_text("x = 2\n")
    git(place, "commit", "--all", "--quiet", "--message=Fix")


def reset_hard(place: Path) -> None:
    commit_again(place)
    git(place, "reset", "--quiet", "--hard", COMMIT)


def linked_hook(place: Path) -> None:
    (place / ".git" / "hooks").mkdir()
    (place / ".git" / "hooks" / "post-checkout").write_text("#!/bin/sh\n")


def other_content(place: Path) -> None:
    [blob] = (place / ".git" / "objects").glob("e6/9de29*")
    blob.chmod(0o644)
    blob.write_bytes(blob.read_bytes() + b"the answer")


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        pytest.param(commit_again, f"refs/heads/main: expected {COMMIT}", id="second-commit"),
        pytest.param(reset_hard, ".git/logs/HEAD: a reflog", id="reflog"),
        pytest.param(reset_hard, ".git/ORIG_HEAD: another commit's name", id="orig-head"),
        pytest.param(lambda p: git(p, "tag", "v2"), "refs/tags/v2: a tag", id="tag"),
        pytest.param(lambda p: git(p, "branch", "fix"), "refs/heads/fix: another branch", id="branch"),
        pytest.param(lambda p: git(p, "notes", "add", "-m", "see fix"), "a note", id="note"),
        pytest.param(lambda p: git(p, "pack-refs", "--all"), "packed-refs: packed references", id="packed-refs"),
        pytest.param(lambda p: git(p, "gc", "--quiet"), "a pack of objects", id="pack"),
        pytest.param(
            lambda p: git(p, "hash-object", "-w", "--stdin", text="def test_fixed(): ...\n"),
            "is not of the commit",
            id="unreachable-object",
        ),
        pytest.param(lambda p: git(p, "remote", "add", "origin", "/srv/full"), '[remote "origin"]', id="remote"),
        pytest.param(lambda p: git(p, "config", "core.hooksPath", "/tmp"), "config: core.hookspath", id="setting"),
        pytest.param(linked_hook, "post-checkout: a hook", id="hook"),
        pytest.param(
            lambda p: (p / ".git" / "objects" / "info" / "alternates").write_text("/srv/full/objects\n"),
            "objects/info/alternates: objects that lie elsewhere",
            id="alternates",
        ),
        pytest.param(lambda p: (p / ".git" / "FETCH_HEAD").write_text(FIX), "what was fetched", id="fetch-head"),
        pytest.param(other_content, "something else than the object of that name", id="hidden-behind-an-object"),
        pytest.param(
            lambda p: (p / "tests.log").write_text("answer"), "tests.log: not a file of the commit", id="file"
        ),
        pytest.param(lambda p: (p / "run.sh").chmod(0o644), "run.sh: not as the commit has it", id="mode"),
        pytest.param(lambda p: (p / "pkg" / "mod.py").write_text("x = 2\n"), "not as the commit has it", id="content"),
        pytest.param(lambda p: (p / "kept.log").unlink(), "kept.log: missing", id="missing"),
        pytest.param(lambda p: shutil.rmtree(p / ".git"), ".git: no repository", id="no-repository"),
    ],
)
def test_what_a_repository_has_besides_is_told(laid_out: Path, plant: Callable[[Path], object], told: str) -> None:
    if told.startswith("objects/info"):
        (laid_out / ".git" / "objects" / "info").mkdir(exist_ok=True)
    plant(laid_out)
    assert any(told in problem for problem in of_repository(laid_out, COMMIT))


def wheel(text: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("scales/level.py", text)
    return content.getvalue()


def sdist(text: bytes) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        entry = tarfile.TarInfo("scales/level.py")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    return content.getvalue()


INDENTED = b"def share():\n\n    " + BLOCK.replace(b"\n", b"\n    ") + b"\n"


@pytest.mark.parametrize(
    ("path", "data", "told"),
    [
        ("lib/site-packages/other.py", INDENTED, "lines of the answer"),
        ("opt/notes.txt", INDENTED.replace(b"\n", b"\r\n"), "lines of the answer"),
        ("cache/any-1.0-py3-none-any.whl", wheel(INDENTED), "scales/level.py: lines of the answer"),
        ("cache/any.tar.gz", sdist(INDENTED), "scales/level.py: lines of the answer"),
        ("lib/Tea_House-2.0.dist-info/METADATA", b"", "Tea_House-2.0.dist-info: a release of the project"),
        ("cache/tea.house-2.0.tar.gz", b"", "a release of the project"),
        ("lib/__pycache__/test_level.cpython-311.pyc", b"\0\0test_no_way\0", "the test test_no_way"),
        ("srv/full.git/objects/01/23456789abcdef0123456789abcdef01234567", b"", "a commit that has the answer"),
        ("srv/full.git/objects/pack/pack-1.idx", b"\xfftOc" + bytes.fromhex(FIX), f"commit {FIX}"),
        ("srv/full.git/packed-refs", f"{FIX} refs/heads/main\n".encode(), f"it says {FIX}"),
        ("srv/suite/tasks.jsonl", b"", "tasks.jsonl: a file of the suite"),
        ("srv/suite/tasks-00001-of-00002.jsonl", b"", "a file of the suite"),
        (f"srv/sources/{FIX}.tar.zst", b"", "a file of the suite"),
        ("srv/row.json", b'{"instance_id":"tea-42"}', "it says tea-42"),
    ],
)
def test_what_lies_elsewhere_is_told_with_its_place(tmp_path: Path, path: str, data: bytes, told: str) -> None:
    wanted = Wanted("tea.house", [BLOCK], tests={"test_level": ["test_no_way"]}, marks=["tea-42", FIX])
    place = tmp_path / path
    place.parent.mkdir(parents=True)
    place.write_bytes(data)
    [problem] = of_files([tmp_path], (), wanted)
    assert problem.startswith(str(tmp_path))
    assert problem.endswith(told) or told in problem
    assert of_files([tmp_path], [str(tmp_path / path.partition("/")[0])], wanted) == []


def test_what_many_have_is_no_leak(tmp_path: Path) -> None:
    wanted = Wanted("tea.house", [BLOCK], tests={"test_level": ["test_no_way"]}, marks=["tea-42", FIX])
    (tmp_path / "tea_house_rules-2.0.dist-info").mkdir()
    (tmp_path / "test_level.py").write_text("def test_no_way():\n    assert len([]) == 0\n")
    (tmp_path / "near.py").write_bytes(BLOCK.replace(b"1.0", b"0.0"))
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 no archive")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert of_files([tmp_path], (), wanted) == []


def test_variables_that_tell_are_told() -> None:
    wanted = Wanted(marks=["tea-42"], tests={"test_level": ["test_no_way"]})
    assert of_variables({"PATH": "/bin", "TASK": "tea-42"}, wanted) == ["environment variable TASK: it says tea-42"]
    [problem] = of_variables({"PYTEST_ADDOPTS": "-k test_no_way"}, wanted)
    assert problem == "environment variable PYTEST_ADDOPTS: it says test_no_way"


def test_somebody_who_can_be_reached_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert f"network: 127.0.0.1 port {port} can be reached" in of_network([("127.0.0.1", port)])


def test_it_runs_by_itself(laid_out: Path, tmp_path: Path) -> None:
    git(laid_out, "tag", "v2")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "level.py").write_bytes(INDENTED)
    wanted = {"project": "scales", "blocks": [BLOCK.decode()], "files": [], "tests": {}, "marks": ["tea-42"]}
    told = {"workspace": str(laid_out), "commit": COMMIT, "folders": [str(tmp_path / "elsewhere")], "without": []}
    program = Path(seals.__file__).read_text(encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()[:2]
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", program],
            input=json.dumps({**told, "wanted": wanted, "addresses": [address]}).encode(),
            env={"TASK": "tea-42"},
            stdout=subprocess.PIPE,
            check=True,
        )
    expected = {
        f"{laid_out}/.git/refs/tags/v2: a tag",
        f"{tmp_path}/elsewhere/level.py: lines of the answer or of its tests",
        "environment variable TASK: it says tea-42",
        f"network: 127.0.0.1 port {address[1]} can be reached",
    }
    assert expected <= set(json.loads(done.stdout))
