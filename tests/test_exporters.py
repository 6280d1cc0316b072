"""exporters/base.py: what becomes of a suite's tasks, of options, and of folders that are there already."""

import json
from pathlib import Path

import msgspec
import pytest

from handmade import make_suite, make_task
from hybridgym.errors import SuiteError, UnknownNameError, UsageError
from hybridgym.exporters import EXPORTERS, exporter_named
from hybridgym.exporters.base import Export, Exporter
from hybridgym.suite import Suite
from hybridgym.task import ValidatedTask, Value
from tiny import hybridgym


class Wishes(Value, frozen=True, kw_only=True):
    longest: int = 1000
    ending: str = "md"


class Statements(Exporter):
    """One text for each task: the simplest format there could be."""

    name = "statements"
    options = Wishes

    def refusal(self, row: ValidatedTask, is_graded_by_tests: bool) -> str:
        return "has no place for tests" if is_graded_by_tests else ""

    def write(self, export: Export) -> None:
        for task in export.tasks():
            assert task.start
            if task.row.instance_id.endswith("-refused"):
                export.drop(task.row, "refused", "by its name")
                continue
            file = export.folder / f"{task.row.instance_id}.{export.options.ending}"
            file.write_text(task.row.problem_statement[: export.options.longest])
            export.keep(task.row)


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return make_suite(tmp_path / "suite", [make_task("1"), make_task("2"), make_task("refused")])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_task_is_written_or_dropped_for_a_reason(suite: Suite, tmp_path: Path) -> None:
    exported = Statements().export(suite, tmp_path / "out")
    assert exported.tasks == 2
    assert exported.tasks_per_kind == {"restore": 2}
    assert exported.dropped_per_reason == {"restore: refused": 1}
    kept = [f"acme__loom.12345678.restore-{name}.md" for name in "12"]
    assert names(tmp_path / "out") == sorted([*kept, "dropped.jsonl", "export.json"])
    [dropped] = (tmp_path / "out" / "dropped.jsonl").read_text().splitlines()
    assert json.loads(dropped) == {
        "instance_id": "acme__loom.12345678.restore-refused",
        "task_kind": "restore",
        "reason": "refused",
        "detail": "by its name",
    }
    assert json.loads((tmp_path / "out" / "export.json").read_text()) == msgspec.to_builtins(exported)


def test_options_may_be_text(suite: Suite, tmp_path: Path) -> None:
    exported = Statements().export(suite, tmp_path / "out", options={"longest": "8", "ending": "txt"})
    assert exported.options == {"longest": 8, "ending": "txt"}
    texts = [path.read_text() for path in sorted((tmp_path / "out").glob("*.txt"))]
    assert texts == ["Document", "Document"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"colour": "red"}, "expected an option (longest, ending), found 'colour'", id="unknown"),
        pytest.param({"longest": "far"}, "`$.longest`", id="of another type"),
    ],
)
def test_a_wrong_option_is_named(suite: Suite, tmp_path: Path, options: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        Statements().export(suite, tmp_path / "out", options=options)
    assert message in str(raised.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_files_is_left_alone(suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("three years")
    for overwrite in (False, True):
        with pytest.raises(UsageError, match="found other files"):
            Statements().export(suite, tmp_path / "out", overwrite=overwrite)
    with pytest.raises(UsageError, match="found other files"):
        Statements().export(suite, suite.folder, overwrite=True)
    assert names(tmp_path / "out") == ["thesis.txt"]


def test_an_export_is_replaced_only_when_asked_for(suite: Suite, tmp_path: Path) -> None:
    Statements().export(suite, tmp_path / "out")
    with pytest.raises(UsageError, match="--overwrite"):
        Statements().export(suite, tmp_path / "out", options={"ending": "txt"})
    assert list((tmp_path / "out").glob("*.txt")) == []
    Statements().export(suite, tmp_path / "out", overwrite=True, options={"ending": "txt"})
    assert len(list((tmp_path / "out").glob("*.txt"))) == 2
    assert list((tmp_path / "out").glob("*.md")) == []


def test_an_export_that_fails_leaves_the_older_one(suite: Suite, tmp_path: Path) -> None:
    Statements().export(suite, tmp_path / "out")
    before = names(tmp_path / "out")
    [source] = (suite.folder / "sources").iterdir()
    source.write_bytes(b"damaged")
    with pytest.raises(SuiteError):
        Statements().export(Suite(suite.folder, suite.checker), tmp_path / "out", overwrite=True)
    assert names(tmp_path / "out") == before


def test_an_export_that_was_killed_is_done_again(suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "out" / ".unfinished" / "new").mkdir(parents=True)
    (tmp_path / "out" / ".unfinished" / "new" / "half.md").write_text("Doc")
    (tmp_path / "out" / "acme__loom.12345678.restore-0.md").write_text("moved, but of another run")
    Statements().export(suite, tmp_path / "out")
    assert len(list((tmp_path / "out").glob("*.md"))) == 2
    assert not (tmp_path / "out" / ".unfinished").exists()


def test_unknown_formats_are_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError):
        exporter_named("punch cards")
    make_suite(tmp_path / "suite")
    done = hybridgym("export", "suite", "--to", "punch cards", "--out", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "no exporter named 'punch cards'" in done.stderr
    assert all(name in done.stderr for name in EXPORTERS)


@pytest.mark.parametrize("name", ["harbor", "verifiers"])
def test_formats_that_take_the_checkers_along_drop_the_kinds_of_others(suite: Suite, tmp_path: Path, name: str) -> None:
    exported = exporter_named(name).export(suite, tmp_path / "out")
    assert (exported.tasks, exported.dropped_per_reason) == (0, {"restore: its kind is not part of hybridgym": 3})


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_exporter_has_the_name_it_is_listed_by(name: str) -> None:
    assert exporter_named(name).name == name
