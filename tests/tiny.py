"""Repositories of a few lines, written in the tests that use them, and ways to run the command line."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from hybridgym.edits import apply_edits
from hybridgym.patches import apply_patch
from hybridgym.pipeline import context_of, make_one
from hybridgym.refusals import Refusal
from hybridgym.snapshots import tree_id
from hybridgym.source import Source
from hybridgym.task import File, Rejection, Tree, ValidatedTask, Verdict
from hybridgym.tasks import kind_named
from hybridgym.tasks.base import RepoContext
from hybridgym.workspace import lay_out, read_changes

ROOT = Path(__file__).parents[1]
TINIES = tuple(sorted((ROOT / "tests" / "repos").iterdir()))
"""A whole repository for each language."""
TINY = ROOT / "tests" / "repos" / "tiny_python"
"""That of Python: src layout, documentation, tests, and dirt in most of its files."""

Files = Mapping[str, str | bytes]


def tree_of(files: Files) -> Tree:
    """Make a tree of texts by path."""
    return {path: File(text if isinstance(text, bytes) else text.encode()) for path, text in sorted(files.items())}


def source_of(files: Files) -> Source:
    """Make the source that a folder with these files would give."""
    tree = tree_of(files)
    return Source(
        repo="local/small",
        upstream="",
        base_commit=tree_id(tree),
        tree_id=tree_id(tree),
        license="MIT",
        created_at="",
        files=tree,
        skipped={},
        rejections=(),
        tags=(),
    )


def context(files: Files) -> RepoContext:
    """See files as task kinds see a repository."""
    return context_of(source_of(files))


def make(kind: str, files: Files, target: str, **settings: object) -> ValidatedTask | Rejection:
    """Make the one task of a target."""
    return make_one(source_of(files), kind, target, settings)


def made(kind: str, files: Files, target: str, **settings: object) -> ValidatedTask:
    """Make the one task of a target, which has to be possible."""
    task = make(kind, files, target, **settings)
    assert isinstance(task, ValidatedTask), task
    return task


def write(folder: Path, files: Files) -> Path:
    """Write files below a folder."""
    for path, file in tree_of(files).items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.data)
    return folder


def hybridgym(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person does; facts and downloads are kept below `cwd`."""
    command: Sequence[str | Path] = [sys.executable, "-m", "hybridgym", *arguments]
    own = {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cwd / ".cache"), "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        command, cwd=cwd, env=os.environ | own | environment, capture_output=True, text=True, encoding="utf-8"
    )


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def rows(suite: Path) -> list[ValidatedTask]:
    """Read the tasks of a suite's folder in the order of the file."""
    return msgspec.json.Decoder(list[ValidatedTask]).decode(
        b"[" + b",".join((suite / "tasks.jsonl").read_bytes().splitlines()) + b"]"
    )


def graded(task: ValidatedTask, files: Files, folder: Path, work: Callable[[Path], None]) -> Verdict:
    """Work in the laid out start state of a task, and grade what git says of it as well as the folder itself."""
    start = apply_edits(tree_of(files), task.start_edits)
    lay_out(start, folder)
    assert git(folder, "rev-parse", "HEAD") == task.start_commit
    work(folder)
    git(folder, "add", "--all", "--force")
    patch = subprocess.run(["git", "diff", "--cached", "--binary"], cwd=folder, check=True, capture_output=True).stdout
    kind = kind_named(task.task_kind)
    verdicts = []
    for changes in (apply_patch(start, patch), read_changes(start, folder)):
        assert not isinstance(changes, Refusal), changes
        verdicts.append(kind.check(task, start, changes))
    assert verdicts[0] == verdicts[1]
    return verdicts[0]


def edits(*replacements: tuple[str, str, str]) -> Callable[[Path], None]:
    """Replace, in each file named, a text that stands there once by another; a file that is not there is made."""

    def work(folder: Path) -> None:
        for path, old, new in replacements:
            place = folder / path
            data = place.read_bytes() if place.exists() else b""
            assert data.count(old.encode()) == 1 or not data, (path, old)
            place.write_bytes(data.replace(old.encode(), new.encode()) if data else new.encode())

    return work
