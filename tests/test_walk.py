"""docs/adding-a-language.md can be followed: its files, written into a checkout, make a language that works."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tiny import ROOT

PAGE = (ROOT / "docs" / "adding-a-language.md").read_text(encoding="utf-8")
WRITTEN = dict(re.findall(r"^`([^`\n]+)`:\n\n```\w+\n(.*?\n)```$", PAGE, re.DOTALL | re.MULTILINE))
"""Path → content of the files that the page tells to write."""
NAMED = {
    "hybridgym/languages/__init__.py": "Python",
    "hybridgym/languages/readers.py": "PythonReader",
    "hybridgym/resolvers/__init__.py": "PythonResolver",
}
"""The files of the dicts in which it is named, and what stands for Python there."""


def named(text: str, python: str) -> str:
    """Name the language of the page wherever Python is named."""
    lines = [line for line in text.splitlines(keepends=True) if re.search(rf"\b{python}\b", line)]
    for line in lines:
        text = text.replace(line, line.replace("python", "php").replace("Python", "Php") + line)
    return text


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("tree_sitter_php")
    folder = tmp_path_factory.mktemp("walk")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("hybridgym", "task_templates", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for path, text in WRITTEN.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    for path, python in NAMED.items():
        place = folder / path
        place.write_text(named(place.read_text(encoding="utf-8"), python), encoding="utf-8")
    return folder


def run(checkout: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("arguments", [("test_sameness_php.py",), ("test_cases.py", "-k", "[php/")], ids=lambda a: a[0])
def test_its_tests_pass(checkout: Path, arguments: tuple[str, ...]) -> None:
    name, *selection = arguments
    assert " passed" in run(checkout, "pytest", "-q", f"tests/{name}", *selection)


def test_its_small_repository_gives_tasks_of_both_kinds(checkout: Path) -> None:
    (checkout / "repos.yaml").write_text("repositories:\n  - directory: tests/repos/tiny_php\n")
    run(checkout, "hybridgym", "generate", "repos.yaml", "--out", "suite", "--cache", "cache")
    rows = (checkout / "suite" / "tasks.jsonl").read_text(encoding="utf-8")
    assert {kind for kind in ("dependency_search", "function_localization") if f'"{kind}"' in rows} == {
        "dependency_search",
        "function_localization",
    }
    assert "3 of 3 tasks verified" in run(checkout, "hybridgym", "verify", "suite")
