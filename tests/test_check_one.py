"""The checker that needs neither suite nor network."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tiny import made

GRAMMARS = {f"tree_sitter_{name}" for name in ("c", "go", "java", "javascript", "python", "rust", "typescript")}
NEEDED = GRAMMARS | {"hybridgym", "msgspec", "tree_sitter", "zstandard"}

KITCHEN = {
    "kitchen.py": "from tools import boil\n\n\ndef cook():\n    return boil()\n",
    "tools.py": "def boil():\n    return 100\n",
}
MARK = "# this function/class is called by the cook function\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Write a row and its snapshot as files of their own; return both, and the row's gold patch."""
    import msgspec

    from hybridgym.snapshots import pack
    from hybridgym.task import File

    row = made("dependency_search", KITCHEN, "kitchen.py::cook")
    task, start, patch = tmp_path / "task.json", tmp_path / "start.tar.zst", tmp_path / "gold.diff"
    task.write_bytes(msgspec.json.encode(row))
    start.write_bytes(pack({path: File(text.encode()) for path, text in sorted(KITCHEN.items())}))
    patch.write_text(row.patch, encoding="utf-8")
    return task, start, patch


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hybridgym.check_one", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_right_patch_is_resolved(files: tuple[Path, Path, Path]) -> None:
    task, start, patch = files
    graded = run("--task", task, "--start", start, "--patch", patch)
    assert graded.returncode == 0, graded.stderr
    verdict = json.loads(graded.stdout)
    assert (verdict["status"], verdict["resolved"], verdict["reward"]) == ("resolved", True, 1.0)


def test_a_folder_is_graded_and_a_wrong_answer_is_graded_too(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    task, start, _ = files
    work, out = tmp_path / "work", tmp_path / "verdict.json"
    work.mkdir()
    for path, text in KITCHEN.items():
        (work / path).write_text(MARK + text if path == "kitchen.py" else text, encoding="utf-8")
    graded = run("--task", task, "--start", start, "--workspace", work, "--out", out)
    assert (graded.returncode, graded.stdout) == (0, "")
    assert json.loads(out.read_bytes())["status"] == "unresolved"


@pytest.mark.parametrize("missing", ["--task", "--start"])
def test_what_cannot_be_read_is_no_verdict(files: tuple[Path, Path, Path], missing: str, tmp_path: Path) -> None:
    task, start, patch = files
    broken = tmp_path / "broken"
    broken.write_bytes(b"{")
    chosen = {"--task": task, "--start": start, "--patch": patch, missing: broken}
    graded = run(*(part for pair in chosen.items() for part in pair))
    assert graded.returncode == 2
    assert graded.stdout == ""
    assert graded.stderr.startswith("error: ")


def test_checking_imports_only_what_a_wheelhouse_holds() -> None:
    program = """
import sys
import hybridgym.check_one
from hybridgym.tasks import TASK_KINDS
from hybridgym.parsing import outline_of
outline_of("python", b"x = 1")
for module in list(sys.modules.values()):
    place = getattr(module, "__file__", None) or ""
    if "site-packages" in place or "hybridgym" in module.__name__:
        print(module.__name__.partition(".")[0])
"""
    root = Path(__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    found = {name for name in run.stdout.split() if not name.startswith(("_", "sitecustomize", "distutils"))}
    assert found - {"typing_extensions"} <= NEEDED  # msgspec takes it where it is there
