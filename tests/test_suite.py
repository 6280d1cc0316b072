"""suite.py: what stands in a suite's folder, and what is said of a suite that is wrong."""

import hashlib
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from handmade import (
    ENVIRONMENT,
    GOLD,
    RUN,
    TREE,
    UNDOCUMENTED,
    checker_named,
    make_suite,
    make_task,
)
from hybridgym import rows
from hybridgym.environments import Environment
from hybridgym.errors import SuiteError, UsageError
from hybridgym.snapshots import pack, tree_id
from hybridgym.suite import load_suite, read_info, row_schema, write_suite
from hybridgym.task import Change, Rejection, Status, ValidatedTask

SCHEMA = Path(__file__).parents[1] / "docs" / "row.schema.json"
FIRST = "acme__loom.12345678.restore-1"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def change_row(suite: Path, change: Callable[[bytes], bytes], row: int = 0) -> None:
    lines = (suite / "tasks.jsonl").read_bytes().splitlines(keepends=True)
    lines[row] = change(lines[row])
    (suite / "tasks.jsonl").write_bytes(b"".join(lines))


# Writing


def test_the_folder_holds_rows_info_rejections_environment_and_source(tmp_path: Path) -> None:
    make_suite(tmp_path / "suite")
    assert sorted(contents(tmp_path / "suite")) == sorted(
        [
            "tasks.jsonl",
            "suite.json",
            "rejections.jsonl",
            "environments/start_state.py",
            f"environments/{ENVIRONMENT.id}/Dockerfile",
            f"environments/{ENVIRONMENT.id}/environment.json",
            f"sources/{tree_id(TREE)}.tar.zst",
        ]
    )


def test_rows_are_sorted_by_id_and_their_columns_stand_in_the_order_of_the_schema(tmp_path: Path) -> None:
    make_suite(tmp_path, [make_task("b"), make_task("c"), make_task("a")])
    found = [json.loads(line) for line in (tmp_path / "tasks.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["instance_id"][-1] for row in found] == ["a", "b", "c"]
    assert list(found[0]) == list(ValidatedTask.__struct_fields__)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    assert make_suite(tmp_path)[FIRST].row == make_task()


def test_the_order_in_which_things_are_found_leaves_no_trace(tmp_path: Path) -> None:
    tasks = [make_task("a"), make_task("b"), make_task("c")]
    rejections = [
        Rejection(repo="acme/loom", stage="file", reason="not UTF-8", subject="a.py"),
        Rejection(repo="acme/loom", stage="file", reason="not UTF-8", subject="b.py"),
        Rejection(repo="acme/dye", stage="source", reason="unreachable"),
    ]
    make_suite(tmp_path / "one", tasks, rejections=rejections)
    make_suite(tmp_path / "two", tasks[::-1], rejections=rejections[::-1])
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_suite_json_counts_what_is_in_the_suite(tmp_path: Path) -> None:
    rejections = [Rejection(repo="acme/loom", stage="restore", reason="not unique") for _ in range(3)]
    info = make_suite(tmp_path, [make_task("a"), make_task("b")], rejections=rejections).info
    assert (info.hybridgym, info.seed, info.schema_version, info.tasks) == ("0.0.0", 7, 1, 2)
    assert info.tasks_per_kind == {"restore": 2}
    assert info.tasks_per_repository == {"acme/loom": 2}
    assert info.rejections_per_reason == {"restore: not unique": 3}
    assert info.licenses == {"acme/loom": "MIT"}
    assert info.tasks_sha256 == hashlib.sha256((tmp_path / "tasks.jsonl").read_bytes()).hexdigest()


def test_suite_json_names_neither_this_machine_nor_the_time(tmp_path: Path) -> None:
    make_suite(tmp_path)
    assert str(tmp_path) not in (tmp_path / "suite.json").read_text(encoding="utf-8")


def test_sources_can_be_left_out_and_checking_says_so(tmp_path: Path) -> None:
    write_suite(tmp_path, [make_task()], run=RUN, environments=[ENVIRONMENT], sources=None)
    assert not (tmp_path / "sources").exists()
    with pytest.raises(SuiteError, match="written without its sources"):
        load_suite(tmp_path, checker=checker_named)[FIRST].check(GOLD)


def test_a_suite_is_replaced_only_when_asked(tmp_path: Path) -> None:
    make_suite(tmp_path, [make_task("old")])
    (tmp_path / "predictions.jsonl").write_text("mine", encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="a suite already"):
        make_suite(tmp_path, [make_task("new")])
    assert contents(tmp_path) == before
    write_suite(
        tmp_path, [make_task("new")], run=RUN, environments=[ENVIRONMENT], sources=lambda _: pack(TREE), overwrite=True
    )
    assert list(load_suite(tmp_path)) == ["acme__loom.12345678.restore-new"]
    assert contents(tmp_path).keys() == before.keys()


def test_a_replaced_suite_keeps_no_source_that_nothing_starts_from(tmp_path: Path) -> None:
    make_suite(tmp_path)
    write_suite(tmp_path, [], run=RUN, environments=[], sources=lambda _: pack(TREE), overwrite=True)
    assert list((tmp_path / "sources").iterdir()) == []


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(UsageError, match="found other files"):
        write_suite(tmp_path, [], run=RUN, environments=[], sources=None, overwrite=overwrite)
    assert list(contents(tmp_path)) == ["thesis.tex"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "suite").touch()
    with pytest.raises(UsageError, match="expected a folder, found a file"):
        make_suite(tmp_path / "suite")


def test_a_run_that_ends_in_the_middle_leaves_the_old_suite_whole(tmp_path: Path) -> None:
    make_suite(tmp_path)
    before = contents(tmp_path)

    def lost(_: str) -> dict[str, object]:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        write_suite(tmp_path, [make_task()], run=RUN, environments=[ENVIRONMENT], sources=lost, overwrite=True)  # type: ignore[arg-type]
    assert contents(tmp_path) == before


def test_what_a_killed_run_left_does_not_stop_the_next(tmp_path: Path) -> None:
    make_suite(tmp_path / "made")
    (tmp_path / "suite").mkdir()
    # The moment at which all is written and some has its place.
    (tmp_path / "made").rename(tmp_path / "suite" / ".unfinished")
    (tmp_path / "suite" / ".unfinished" / "sources").rename(tmp_path / "suite" / "sources")
    with pytest.raises(SuiteError, match=r"found no suite\.json"):
        load_suite(tmp_path / "suite")
    assert list(make_suite(tmp_path / "suite")) == [FIRST]
    assert not (tmp_path / "suite" / ".unfinished").exists()


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        pytest.param([make_task(), make_task()], "two tasks have the id", id="one id twice"),
        pytest.param([make_task(environment=Environment(base="debian:12"))], "not given", id="environment"),
    ],
)
def test_rows_that_do_not_make_a_suite_are_refused(tmp_path: Path, tasks: list[ValidatedTask], message: str) -> None:
    with pytest.raises(SuiteError, match=message):
        make_suite(tmp_path, tasks)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(
    ("shard_rows", "names"),
    [
        pytest.param(5, ["tasks.jsonl"], id="just enough room"),
        pytest.param(
            2, ["tasks-00000-of-00003.jsonl", "tasks-00001-of-00003.jsonl", "tasks-00002-of-00003.jsonl"], id="too many"
        ),
    ],
)
def test_rows_that_are_too_many_for_a_file_go_to_several(tmp_path: Path, shard_rows: int, names: list[str]) -> None:
    tasks = [make_task(name) for name in "cadbe"]
    make_suite(tmp_path / "whole", tasks)
    suite = make_suite(tmp_path / "suite", tasks, shard_rows=shard_rows)
    assert sorted(path.name for path in (tmp_path / "suite").glob("tasks*")) == names
    written = b"".join((tmp_path / "suite" / name).read_bytes() for name in names)
    assert written == (tmp_path / "whole" / "tasks.jsonl").read_bytes()
    assert suite.info.tasks_sha256 == hashlib.sha256(written).hexdigest()
    assert [instance_id[-1] for instance_id in suite] == list("abcde")
    assert [task.row for task in suite.values()] == sorted(tasks, key=lambda task: task.instance_id)


@pytest.mark.parametrize(("first", "second"), [(1, 9), (9, 1), (1, 2)])
def test_a_replaced_suite_leaves_no_rows_behind(tmp_path: Path, first: int, second: int) -> None:
    make_suite(tmp_path, [make_task(name) for name in "abc"], shard_rows=first)
    make_suite(tmp_path, [make_task(name) for name in "de"], shard_rows=second, overwrite=True)
    assert [instance_id[-1] for instance_id in load_suite(tmp_path)] == ["d", "e"]


def test_rows_that_do_not_fit_in_memory_are_sorted_all_the_same(
    tmp_path: Path,
) -> None:
    line = b'{"instance_id":"%04d","patch":"%s"}\n'
    patch = b"x" * (rows.RUN_BYTES // 10)
    lines = rows.sorted_rows(tmp_path)
    for number in (27 * n % 41 for n in range(41)):
        lines.add(line % (number, patch))
    assert list(tmp_path.iterdir())
    assert [int(one[16:20]) for one in lines] == list(range(41))
    lines.remove()
    assert not list(tmp_path.iterdir())


def test_container_builds_find_their_row_in_any_shard(tmp_path: Path) -> None:
    suite = make_suite(tmp_path / "suite", [make_task(name) for name in "abc"], shard_rows=1)
    for name in suite:
        program = tmp_path / "suite" / "environments" / "start_state.py"
        subprocess.run([sys.executable, program, tmp_path / "suite", name, tmp_path / name], check=True)
        assert (tmp_path / name / "src" / "weaving.py").read_bytes() == UNDOCUMENTED


def test_another_run_is_not_disturbed(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys\nfrom hybridgym.unfinished import claimed\n"
        "with claimed(pathlib.Path(sys.argv[1]), False): print('mine', flush=True); input()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code, tmp_path], **pipes) as other:  # type: ignore[call-overload]
        assert other.stdout.readline() == b"mine\n"
        with pytest.raises(UsageError, match="another run is writing a suite there"):
            make_suite(tmp_path)
        other.kill()
        other.wait()
        assert len(make_suite(tmp_path)) == 1


# Reading


def test_a_suite_is_a_mapping_in_the_order_of_its_file(tmp_path: Path) -> None:
    suite = make_suite(tmp_path, [make_task("b"), make_task("a")])
    assert len(suite) == 2
    assert [instance_id[-1] for instance_id in suite] == ["a", "b"]
    assert FIRST not in suite
    assert suite.get(FIRST) is None
    with pytest.raises(KeyError, match=FIRST):
        suite[FIRST]


def test_a_suite_travels_to_another_process(tmp_path: Path) -> None:
    task = pickle.loads(pickle.dumps(make_suite(tmp_path)[FIRST]))
    assert task.check(GOLD).resolved


@pytest.mark.parametrize("name", ["suite.json", "tasks.jsonl"])
def test_a_folder_without_its_files_is_no_suite(tmp_path: Path, name: str) -> None:
    make_suite(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(SuiteError, match=f"expected a suite, found no {name}"):
        load_suite(tmp_path)


@pytest.mark.parametrize("name", ["tasks-00000-of-00003.jsonl", "tasks-00002-of-00003.jsonl"])
def test_a_shard_that_is_missing_is_told(tmp_path: Path, name: str) -> None:
    make_suite(tmp_path, [make_task(name) for name in "abc"], shard_rows=1)
    (tmp_path / name).unlink()
    with pytest.raises(SuiteError, match=f"found 2; see {name}"):
        load_suite(tmp_path)


def test_a_wrong_suite_json_is_told_with_its_key(tmp_path: Path) -> None:
    make_suite(tmp_path)
    (tmp_path / "suite.json").write_text('{"hybridgym": 1}', encoding="utf-8")
    with pytest.raises(SuiteError, match=r"suite\.json: Expected `str`, got `int` - at `\$\.hybridgym`"):
        read_info(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(lambda row: row[:40] + b"\n", r"tasks\.jsonl, row 2: JSON is malformed", id="broken JSON"),
        pytest.param(lambda row: b"[1]\n", r"row 2: Expected `object`, got `array`", id="no object"),
        pytest.param(lambda row: b"\xff\n", r"row 2: ", id="not UTF-8"),
        pytest.param(lambda row: b'{"a":' * 100_000 + b"\n", r"row 2: ", id="nested without end"),
        pytest.param(
            lambda row: row.replace(b'"instance_id"', b'"id"'), r"row 2: .*required field `instance_id`", id="no id"
        ),
        pytest.param(
            lambda row: row.replace(b"restore-b", b"restore-a"),
            r"row 2: instance_id: .*found .* in row 1 too",
            id="twice",
        ),
        pytest.param(
            lambda row: row.replace(b'"schema_version":1', b'"schema_version":2'),
            r"row 2: schema_version: expected 1, found 2: another version of hybridgym",
            id="another schema",
        ),
    ],
)
def test_a_row_that_is_none_is_told_when_the_suite_is_opened(
    tmp_path: Path, change: Callable[[bytes], bytes], message: str
) -> None:
    make_suite(tmp_path, [make_task("a"), make_task("b")])
    change_row(tmp_path, change, row=1)
    with pytest.raises(SuiteError, match=message):
        load_suite(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            lambda row: row.replace(b'"kind_version":1', b'"kind_version":"one"'),
            r"row 1 \(acme__loom.*\): Expected `int`, got `str` - at `\$\.kind_version`",
            id="type",
        ),
        pytest.param(
            lambda row: row.replace(b'"patch"', b'"gold"'), r"row 1 .*required field `patch`", id="missing column"
        ),
        pytest.param(
            lambda row: row.replace(b'"old_sha256"', b'"sha"'), r"at `\$\.start_edits\[0\]`", id="inside an edit"
        ),
    ],
)
def test_a_wrong_field_is_told_when_its_row_is_asked_for(
    tmp_path: Path, change: Callable[[bytes], bytes], message: str
) -> None:
    make_suite(tmp_path)
    change_row(tmp_path, change)
    suite = load_suite(tmp_path)
    with pytest.raises(SuiteError, match=message):
        suite[FIRST]


def test_columns_of_a_later_version_are_accepted(tmp_path: Path) -> None:
    make_suite(tmp_path)
    change_row(tmp_path, lambda row: b'{"new_column":{"a":[1]},' + row[1:])
    assert load_suite(tmp_path)[FIRST].row == make_task()


# Checking


def test_the_start_is_the_source_after_the_edits(tmp_path: Path) -> None:
    task = make_suite(tmp_path)[FIRST]
    assert dict(task.source) == dict(TREE)
    assert task.start["src/weaving.py"].data == UNDOCUMENTED
    assert {path: file for path, file in task.start.items() if path != "src/weaving.py"} == {
        path: file for path, file in TREE.items() if path != "src/weaving.py"
    }


@pytest.mark.parametrize("patch", [GOLD, GOLD.encode()], ids=["str", "bytes"])
def test_the_gold_patch_resolves(tmp_path: Path, patch: str | bytes) -> None:
    verdict = make_suite(tmp_path)[FIRST].check(patch, sample=3)
    assert (verdict.instance_id, verdict.sample, verdict.status, verdict.reward) == (FIRST, 3, Status.RESOLVED, 1.0)


@pytest.mark.parametrize(
    ("patch", "status", "reason"),
    [
        pytest.param("", Status.UNRESOLVED, "not restored", id="empty"),
        pytest.param(GOLD.replace(" def weave", " def knit"), Status.DOES_NOT_APPLY, "", id="other context"),
        pytest.param("I fixed it!", Status.DOES_NOT_APPLY, "", id="prose"),
        pytest.param("\ud800", Status.DOES_NOT_APPLY, "", id="half a character"),
    ],
)
def test_other_patches_do_not(tmp_path: Path, patch: str, status: Status, reason: str) -> None:
    verdict = make_suite(tmp_path)[FIRST].check(patch, sample=1)
    assert (verdict.status, verdict.reward, verdict.sample) == (status, 0.0, 1)
    assert reason in verdict.reason
    assert verdict.reason


def test_a_kind_that_breaks_gives_a_verdict(tmp_path: Path) -> None:
    deletion = Change(path="run", before=TREE["run"], after=None)
    verdict = make_suite(tmp_path)[FIRST].check_changes([deletion], sample=2)
    assert (verdict.status, verdict.sample, verdict.reason) == (Status.ERROR, 2, "RuntimeError: cannot read run")


def test_a_workspace_is_graded_by_its_files(tmp_path: Path) -> None:
    task = make_suite(tmp_path / "suite")[FIRST]
    for path, file in TREE.items():
        target = tmp_path / "work" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.mode == "120000":
            target.symlink_to(file.data.decode())
        else:
            target.write_bytes(file.data)
            target.chmod(int(file.mode, 8) & 0o777)
    assert task.check_workspace(tmp_path / "work").resolved


def test_a_damaged_source_is_refused(tmp_path: Path) -> None:
    suite = make_suite(tmp_path / "suite")
    other = make_suite(tmp_path / "other")
    source = Path("sources") / f"{tree_id(TREE)}.tar.zst"
    write_suite(
        tmp_path / "other",
        [make_task()],
        run=RUN,
        environments=[ENVIRONMENT],
        sources=lambda _: pack({"a.py": TREE["run"]}),
        overwrite=True,
    )
    (suite.folder / source).write_bytes((other.folder / source).read_bytes())
    with pytest.raises(SuiteError, match=f"damaged: expected the tree {tree_id(TREE)}"):
        _ = suite[FIRST].start


# The interface


def test_importing_it_loads_neither_graph_nor_templates_nor_terminal() -> None:
    code = "import sys, hybridgym.suite, hybridgym.predictions; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"networkx", "jinja2", "ruamel", "rich", "click", "docker", "tree_sitter"} & set(loaded)


def test_the_published_schema_is_the_schema() -> None:
    assert SCHEMA.read_bytes() == row_schema()


def test_a_row_keeps_the_published_schema_which_names_each_of_its_columns(tmp_path: Path) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    make_suite(tmp_path)
    row = json.loads((tmp_path / "tasks.jsonl").read_text(encoding="utf-8"))
    jsonschema.validate(row, schema)
    assert list(schema["$defs"]["ValidatedTask"]["properties"]) == list(row)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**row, "tags": 1}, schema)
