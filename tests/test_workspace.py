"""Workspaces: laid out as one commit, and read back whatever was done to them."""

import os
import socket
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hybridgym.errors import SuiteError, UsageError
from hybridgym.refusals import Refusal
from hybridgym.snapshots import commit_id, tree_id
from hybridgym.task import EXECUTABLE, LINK, REGULAR, Change, File, Tree
from hybridgym.workspace import MAX_NEW_PATHS, lay_out, read_changes

TREE: Tree = {
    ".gitattributes": File(b"* text=auto eol=crlf\n*.py filter=nowhere\n"),
    ".gitignore": File(b"*.log\nbuild/\n"),
    "build/kept.log": File(b"ignored, but part of the project\n"),
    "crlf.txt": File(b"one\r\ntwo\r\n"),
    "pkg/link": File(b"mod.py", LINK),
    "pkg/mod.py": File(b"x = 1\n"),
    "run.sh": File(b"#!/bin/sh\n", EXECUTABLE),
    "with blank/\u00fc.py": File(b"", REGULAR),
}


@pytest.fixture
def laid_out(tmp_path: Path) -> Path:
    lay_out(TREE, tmp_path / "testbed")
    return tmp_path / "testbed"


def git(directory: Path, *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *arguments], cwd=directory, env=environment, capture_output=True, check=True)
    return done.stdout.decode().strip()


def changed_paths(directory: Path) -> list[str]:
    result = read_changes(TREE, directory)
    assert isinstance(result, tuple), result
    return [change.path for change in result]


# Laying out


def test_the_commit_can_be_computed_without_git(laid_out: Path) -> None:
    assert git(laid_out, "rev-parse", "HEAD") == commit_id(tree_id(TREE))
    assert git(laid_out, "log", "--format=%an <%ae> %ad|%cn|%B", "--date=iso-strict") == (
        "hybridgym <hybridgym@localhost> 2000-01-01T00:00:00+00:00|hybridgym|Start"
    )


def test_the_repository_holds_one_commit_and_nothing_else(laid_out: Path) -> None:
    assert git(laid_out, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert git(laid_out, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert git(laid_out, "remote") == ""
    assert git(laid_out, "reflog", "--all") == ""
    assert not (laid_out / ".git" / "logs").exists()
    assert not (laid_out / ".git" / "hooks").exists()
    reachable = {line.split()[0] for line in git(laid_out, "rev-list", "--objects", "--all").splitlines()}
    stored = git(laid_out, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)").splitlines()
    assert reachable == set(stored)
    assert "worktree" not in (laid_out / ".git" / "config").read_text()


def test_git_sees_no_change_whatever_the_attributes_of_the_project_say(laid_out: Path) -> None:
    assert git(laid_out, "status", "--porcelain", "--ignored") == ""
    (laid_out / "crlf.txt").touch()
    assert git(laid_out, "diff", "--stat") == ""


def test_files_are_as_in_the_tree(laid_out: Path) -> None:
    assert read_changes(TREE, laid_out) == ()
    assert (laid_out / "crlf.txt").read_bytes() == b"one\r\ntwo\r\n"
    assert stat.S_IMODE((laid_out / "run.sh").stat().st_mode) == 0o755
    assert stat.S_IMODE((laid_out / "crlf.txt").stat().st_mode) == 0o644
    assert (laid_out / "pkg" / "link").readlink() == Path("mod.py")


def test_the_users_configuration_has_no_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    template = home / "template" / "hooks"
    template.mkdir(parents=True)
    (template / "post-commit").write_text("#!/bin/sh\n")
    (home / ".gitconfig").write_text(
        f"[init]\n\ttemplateDir = {home}/template\n\tdefaultBranch = other\n[core]\n\tautocrlf = input\n"
        "[commit]\n\tgpgSign = true\n[user]\n\tname = Someone\n"
    )
    for name, value in {"HOME": str(home), "GIT_DIR": "/nowhere", "GIT_AUTHOR_NAME": "Someone"}.items():
        monkeypatch.setenv(name, value)
    lay_out(TREE, tmp_path / "testbed")
    assert git(tmp_path / "testbed", "rev-parse", "main") == commit_id(tree_id(TREE))
    assert not (tmp_path / "testbed" / ".git" / "hooks").exists()


def test_an_empty_tree_is_an_empty_commit(tmp_path: Path) -> None:
    lay_out({}, tmp_path)
    assert git(tmp_path, "rev-parse", "HEAD") == commit_id(tree_id({}))
    assert read_changes({}, tmp_path) == ()


@pytest.mark.parametrize("occupy", [lambda path: (path / "x").touch(), lambda path: (path / ".git").mkdir()])
def test_a_folder_that_is_not_empty_is_refused_and_left_alone(tmp_path: Path, occupy: Callable[[Path], None]) -> None:
    occupy(tmp_path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UsageError, match="empty"):
        lay_out(TREE, tmp_path)
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="empty"):
        lay_out(TREE, tmp_path / "file")


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param({"../x": File(b"")}, id="parent"),
        pytest.param({"/x": File(b"")}, id="absolute"),
        pytest.param({".git/config": File(b"")}, id="git"),
        pytest.param({"x": File(b"/etc", LINK)}, id="link"),
        pytest.param({"x": File(b"y", LINK), "x/z": File(b"")}, id="through-a-link"),
    ],
)
def test_a_tree_that_reaches_out_of_itself_is_not_written(tmp_path: Path, tree: Tree) -> None:
    with pytest.raises(SuiteError):
        lay_out(tree, tmp_path / "in" / "testbed")
    assert list(tmp_path.iterdir()) == []


# Reading back: whatever is done, the files are compared


def test_changes_hold_both_files(laid_out: Path) -> None:
    (laid_out / "pkg" / "mod.py").write_bytes(b"x = 2\n")
    (laid_out / "new.py").write_bytes(b"")
    (laid_out / "run.sh").unlink()
    assert read_changes(TREE, laid_out) == (
        Change(path="new.py", before=None, after=File(b"")),
        Change(path="pkg/mod.py", before=TREE["pkg/mod.py"], after=File(b"x = 2\n")),
        Change(path="run.sh", before=TREE["run.sh"], after=None),
    )


def edit(directory: Path) -> None:
    (directory / "pkg" / "mod.py").write_bytes(b"x = 2\n")


def attributes(directory: Path) -> None:
    edit(directory)
    (directory / ".git" / "info" / "attributes").write_text("* -diff filter=undo\n")
    git(directory, "config", "filter.undo.clean", "git cat-file blob HEAD:pkg/mod.py")


def skip_worktree(directory: Path) -> None:
    git(directory, "update-index", "--skip-worktree", "pkg/mod.py")
    edit(directory)


def assume_unchanged(directory: Path) -> None:
    git(directory, "update-index", "--assume-unchanged", "pkg/mod.py")
    edit(directory)


def committed(directory: Path) -> None:
    edit(directory)
    git(directory, "-c", "user.name=x", "-c", "user.email=x", "commit", "-qam", "x")


def replaced_commit(directory: Path) -> None:
    start = git(directory, "rev-parse", "HEAD")
    committed(directory)
    git(directory, "replace", start, git(directory, "rev-parse", "HEAD"))


def other_worktree(directory: Path) -> None:
    edit(directory)
    git(directory, "config", "core.worktree", str(directory.parent))


def same_size_and_time(directory: Path) -> None:
    before = (directory / "pkg" / "mod.py").stat()
    edit(directory)
    os.utime(directory / "pkg" / "mod.py", ns=(before.st_atime_ns, before.st_mtime_ns))


def git_removed(directory: Path) -> None:
    (directory / ".git").rename(directory.parent / "away")
    (directory / ".git").symlink_to("/")
    edit(directory)


@pytest.mark.parametrize(
    "attack",
    [
        attributes,
        skip_worktree,
        assume_unchanged,
        committed,
        replaced_commit,
        other_worktree,
        same_size_and_time,
        git_removed,
    ],
)
def test_no_state_of_git_hides_a_change(laid_out: Path, attack: Callable[[Path], None]) -> None:
    attack(laid_out)
    assert changed_paths(laid_out) == ["pkg/mod.py"]


@pytest.mark.parametrize(
    "setting", ["core.fsmonitor", "core.hooksPath", "diff.external", "core.sshCommand", "core.editor"]
)
def test_nothing_named_by_the_workspace_is_run(laid_out: Path, setting: str) -> None:
    trace = laid_out.parent / "ran"
    program = laid_out.parent / "program"
    program.write_text(f"#!/bin/sh\ntouch {trace}\n")
    program.chmod(0o755)
    with (laid_out / ".git" / "config").open("a") as stream:
        section, name = setting.split(".")
        stream.write(f"[{section}]\n\t{name} = {program}\n")
    edit(laid_out)
    assert changed_paths(laid_out) == ["pkg/mod.py"]
    assert not trace.exists()


def write(*paths: str, data: bytes = b"x") -> Callable[[Path], None]:
    def act(directory: Path) -> None:
        for path in paths:
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_bytes(data)

    return act


def chmod(path: str, mode: int) -> Callable[[Path], None]:
    return lambda directory: (directory / path).chmod(mode)


def link(path: str, target: str) -> Callable[[Path], None]:
    def act(directory: Path) -> None:
        (directory / path).unlink(missing_ok=True)
        (directory / path).parent.mkdir(exist_ok=True)
        (directory / path).symlink_to(target)

    return act


def file_becomes_folder(directory: Path) -> None:
    (directory / "run.sh").unlink()
    write("run.sh/x")(directory)


def folder_becomes_file(directory: Path) -> None:
    (directory / "build" / "kept.log").unlink()
    (directory / "build").rmdir()
    write("build")(directory)


def folder_becomes_link(directory: Path) -> None:
    (directory / "build").rename(directory.parent / "build")
    (directory / "build").symlink_to("../build")


def name_without_encoding(directory: Path) -> None:
    Path(os.fsdecode(os.fsencode(directory) + b"/\xff.py")).touch()


def pycache_with(name: str) -> Callable[[Path], None]:
    return write("pkg/__pycache__/mod.cpython-311.pyc", f"pkg/__pycache__/{name}")


@pytest.mark.parametrize(
    ("act", "paths"),
    [
        pytest.param(write("x.log"), ["x.log"], id="ignored-file"),
        pytest.param(write(".gitignore", data=b"*\n"), [".gitignore"], id="gitignore-ignores-itself"),
        pytest.param(write(".git/info/exclude", "n.py"), ["n.py"], id="excluded"),
        pytest.param(write("sub/.git/HEAD", "sub/x.py"), ["sub/.git/HEAD", "sub/x.py"], id="nested-git"),
        pytest.param(write("pkg/.git"), ["pkg/.git"], id="nested-git-file"),
        pytest.param(write(".GIT/x"), [".GIT/x"], id="git-in-capitals"),
        pytest.param(write(".git/x"), [], id="top-git"),
        pytest.param(chmod("pkg/mod.py", 0o755), ["pkg/mod.py"], id="executable"),
        pytest.param(chmod("run.sh", 0o655), ["run.sh"], id="no-longer-executable"),
        pytest.param(chmod("pkg/mod.py", 0o666), [], id="other-permissions"),
        pytest.param(link("pkg/mod.py", "../run.sh"), ["pkg/mod.py"], id="file-becomes-link"),
        pytest.param(link("pkg/link", "./mod.py"), ["pkg/link"], id="link-written-otherwise"),
        pytest.param(link("pkg/link", "nowhere"), ["pkg/link"], id="dangling-link"),
        pytest.param(link("new", "/etc/passwd"), ["new"], id="link-out-of-the-tree"),
        pytest.param(link("new", "."), ["new"], id="link-loop"),
        pytest.param(file_becomes_folder, ["run.sh", "run.sh/x"], id="file-becomes-folder"),
        pytest.param(folder_becomes_file, ["build", "build/kept.log"], id="folder-becomes-file"),
        pytest.param(folder_becomes_link, ["build", "build/kept.log"], id="folder-becomes-link"),
        pytest.param(name_without_encoding, ["\udcff.py"], id="name-that-is-not-UTF-8"),
        pytest.param(lambda directory: (directory / "a" / "b").mkdir(parents=True), [], id="empty-folders"),
        pytest.param(write("empty", data=b""), ["empty"], id="empty-file"),
    ],
)
def test_files_decide(laid_out: Path, act: Callable[[Path], None], paths: list[str]) -> None:
    act(laid_out)
    assert changed_paths(laid_out) == paths


@pytest.mark.parametrize(
    ("act", "paths"),
    [
        pytest.param(pycache_with("a.cpython-311.opt-1.pyc"), [], id="pycache"),
        pytest.param(write("__pycache__/conftest.cpython-311-pytest-9.2.0.pyc"), [], id="pycache-at-the-top"),
        pytest.param(
            pycache_with("x.py"),
            ["pkg/__pycache__/mod.cpython-311.pyc", "pkg/__pycache__/x.py"],
            id="pycache-with-a-source",
        ),
        pytest.param(
            pycache_with("deep/x.pyc"),
            ["pkg/__pycache__/deep/x.pyc", "pkg/__pycache__/mod.cpython-311.pyc"],
            id="pycache-with-a-folder",
        ),
        pytest.param(link("pkg/__pycache__/x.pyc", "../mod.py"), ["pkg/__pycache__/x.pyc"], id="pycache-with-a-link"),
        pytest.param(write("pkg/mod.pyc"), ["pkg/mod.pyc"], id="bytecode-beside-the-source"),
        pytest.param(write("__pycache__"), ["__pycache__"], id="file-named-pycache"),
        pytest.param(link("__pycache__", "pkg"), ["__pycache__"], id="link-named-pycache"),
        pytest.param(
            write(".pytest_cache/README.md", ".pytest_cache/.gitignore", ".pytest_cache/v/cache/lastfailed"),
            [],
            id="pytest",
        ),
        pytest.param(write(".mypy_cache/3.11/pkg/mod.meta.json", ".mypy_cache/CACHEDIR.TAG"), [], id="mypy"),
        pytest.param(write(".ruff_cache/0.17.5/1234567890", ".ruff_cache/.gitignore"), [], id="ruff"),
        pytest.param(write(".pytest_cache/conftest.py"), [".pytest_cache/conftest.py"], id="source-in-a-cache"),
        pytest.param(write(".mypy_cache/.git/HEAD"), [".mypy_cache/.git/HEAD"], id="repository-in-a-cache"),
        pytest.param(write("pkg/.pytest_cache/README.md"), ["pkg/.pytest_cache/README.md"], id="cache-below-the-top"),
        pytest.param(link(".pytest_cache", "pkg"), [".pytest_cache"], id="link-named-as-a-cache"),
        pytest.param(write(".tox/x"), [".tox/x"], id="another-folder"),
    ],
)
def test_only_known_caches_are_left_out(laid_out: Path, act: Callable[[Path], None], paths: list[str]) -> None:
    act(laid_out)
    assert changed_paths(laid_out) == paths


def test_a_cache_that_the_project_keeps_is_compared(tmp_path: Path) -> None:
    tree = {"pkg/__pycache__/mod.pyc": File(b"kept")}
    lay_out(tree, tmp_path)
    write("pkg/__pycache__/other.pyc")(tmp_path)
    result = read_changes(tree, tmp_path)
    assert result == (Change(path="pkg/__pycache__/other.pyc", before=None, after=File(b"x")),)


def make_socket(directory: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(os.path.relpath(directory / "s"))
    listener.close()


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        pytest.param(lambda directory: os.mkfifo(directory / "pipe"), "'pipe' is neither", id="fifo"),
        pytest.param(make_socket, "'s' is neither", id="socket"),
        pytest.param(lambda directory: os.truncate(directory / "run.sh", 10**12), "'run.sh' has more", id="huge"),
    ],
)
def test_what_cannot_be_compared_is_a_refusal(
    laid_out: Path, act: Callable[[Path], None], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(laid_out)
    act(laid_out)
    result = read_changes(TREE, laid_out)
    assert isinstance(result, Refusal)
    assert reason in result.reason


def test_a_fifo_instead_of_a_file_does_not_block(laid_out: Path) -> None:
    (laid_out / "run.sh").unlink()
    os.mkfifo(laid_out / "run.sh")
    assert isinstance(read_changes(TREE, laid_out), Refusal)


def test_a_flood_of_new_paths_is_a_refusal(laid_out: Path) -> None:
    for number in range(MAX_NEW_PATHS + 1):
        (laid_out / str(number)).mkdir()
    result = read_changes(TREE, laid_out)
    assert isinstance(result, Refusal)
    assert f"more than {MAX_NEW_PATHS} new" in result.reason


def test_a_folder_that_is_not_there_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        read_changes(TREE, tmp_path / "nowhere")
