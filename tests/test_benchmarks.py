"""What the benchmarks count as tasks is what a suite would hold."""

import json
from pathlib import Path

import pytest

from benchmarks.history import measure
from benchmarks.scores import own_tasks, selected
from git_project import Project
from hybridgym.fixes import PRESETS
from hybridgym.pipeline import context_of
from hybridgym.source import load_source
from hybridgym.specs import spec_of
from tiny import ROOT, TINIES


@pytest.mark.parametrize("folder", TINIES, ids=lambda p: p.name)
def test_the_tasks_counted_are_those_of_the_suite(folder: Path, tmp_path: Path) -> None:
    repo = context_of(load_source(spec_of(f"directory:{folder}", ROOT), tmp_path))
    lines = (ROOT / "tests" / "golden" / folder.name / "dependency_search.jsonl").read_text("utf-8").splitlines()
    made = [json.loads(line) for line in lines]
    languages = sorted({task["language"] for task in made})
    counted = own_tasks(repo, languages)
    answers = {repo.graph.id(key): sorted(map(repo.graph.id, answer)) for key, answer in counted.items()}
    golden = {task["answer"]["target"]: task["answer"]["dependencies"] for task in made}
    assert golden
    assert answers.items() >= golden.items()
    assert counted.keys() <= set(selected(repo, languages))


def test_files_in_other_languages_are_not_counted(tmp_path: Path) -> None:
    folder = ROOT / "tests" / "repos" / "tiny_go"
    repo = context_of(load_source(spec_of(f"directory:{folder}", ROOT), tmp_path))
    assert (own_tasks(repo, ("python",)), selected(repo, ("python",))) == ({}, [])


def test_every_commit_of_a_history_is_counted_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = Project(tmp_path / "project")
    for number in range(4):
        project.commit(a_py=f"def f():\n    return {number}\n")
    measure(project.folder, 3, tmp_path / "cache")
    printed = capsys.readouterr().out
    assert printed.count("3 candidate\n") == len(PRESETS)
    assert "4 blobs parsed" in printed
