"""cli.py: the commands as a person runs them: what they print, write and exit with."""

import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import networkx
import pytest
from click.testing import CliRunner

from hybridgym.cli import commands, main
from hybridgym.task import ValidatedTask
from tiny import TINY, git, hybridgym, rows, write

KINDS = ("dependency_search", "function_localization")
LEAVES = "def leaf():\n    return 1\n\n\n"
GIT_FILES = {"leaves.py": LEAVES, "stem.py": "from leaves import leaf\n\n\ndef stem():\n    return leaf()\n"}
MANIFEST = f"""\
defaults:
  exclude: ["**/__pycache__/**"]
repositories:
- directory: {TINY}
- {{git: project, rev: v1, tags: [small]}}
- {{git: project, rev: main}}
- {{git: project, rev: nosuch}}
- directory: nowhere
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a manifest of a directory, a git repository, that again, and two entries that are wrong."""
    folder = tmp_path_factory.mktemp("place")
    project = write(folder / "project", GIT_FILES)
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "-m", "one")
    git(project, "tag", "v1")
    (folder / "repos.yaml").write_text(MANIFEST, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(place: Path) -> subprocess.CompletedProcess[str]:
    return hybridgym("generate", "repos.yaml", "--out", "suite", "--jobs", "2", cwd=place, PYTHONHASHSEED="1")


@pytest.fixture(scope="module")
def suite(place: Path, made: subprocess.CompletedProcess[str]) -> Path:
    assert made.returncode == 0, made.stderr
    return place / "suite"


@pytest.fixture(scope="module")
def task(suite: Path) -> ValidatedTask:
    """A row of function localization in a file of some size."""
    return next(t for t in rows(suite) if t.answer.get("targets") == ["src/orchard/report.py::headline"])


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def results(folder: Path, name: str = "results.jsonl") -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


def figures(screen: str) -> dict[str, str]:
    """Read the tables of a screen: first column → the others."""
    lines = [re.split(r"\s*[│┃]\s*", line.strip()) for line in screen.splitlines() if "│" in line or "┃" in line]
    return {cells[0]: " ".join(cells[1:]).strip() for cells in lines}


# generate


def test_generate_shows_what_it_does_and_what_came_of_it(made: subprocess.CompletedProcess[str]) -> None:
    assert made.stderr == ""
    shown = figures(made.stdout)
    assert shown["dependency_search"] == "15"
    assert shown["source: source cannot be read"] == "2"
    assert shown["source: named twice"] == "1"
    assert shown["repositories"] == "2"


def test_the_suite_has_everything_in_its_place(suite: Path) -> None:
    info = json.loads((suite / "suite.json").read_text())
    (environment,) = (suite / "environments").glob("*/Dockerfile")
    assert {path.name for path in suite.iterdir()} == {
        "environments",
        "rejections.jsonl",
        "sources",
        "suite.json",
        "tasks.jsonl",
    }
    assert {task.environment for task in rows(suite)} == {environment.parent.name}
    assert {f"{task.source}.tar.zst" for task in rows(suite)} == {path.name for path in (suite / "sources").iterdir()}
    assert info["tasks"] == len(rows(suite)) == sum(info["tasks_per_kind"].values())
    assert info["tasks_per_repository"].keys() == {"local/project", "local/tiny_python"}
    assert info["licenses"] == {"local/project": "NOASSERTION", "local/tiny_python": "MIT"}


def test_rows_of_a_git_repository_name_its_commit_and_tags(place: Path, suite: Path) -> None:
    (row,) = [task for task in rows(suite) if task.repo == "local/project"]
    assert row.base_commit == git(place / "project", "rev-parse", "main")
    assert row.tags == ("dependency_search", "small")


def test_rejections_say_what_and_why(place: Path, suite: Path) -> None:
    read = [json.loads(line) for line in (suite / "rejections.jsonl").read_text().splitlines()]
    sources = {
        row["subject"] or row["repo"]: (row["reason"], row["detail"]) for row in read if row["stage"] == "source"
    }
    assert sources[str(place / "nowhere")][1].endswith("no such folder")
    assert "nosuch" in sources[f"{place / 'project'} nosuch"][1]
    assert sources["local/project"] == ("named twice", "line 6 and line 5 name the same state")


@pytest.mark.parametrize(
    ("seed", "jobs", "cold"),
    [pytest.param("2", "1", True, id="one job"), pytest.param("3", "4", False, id="four jobs")],
)
def test_the_same_again_gives_the_same_bytes(place: Path, suite: Path, seed: str, jobs: str, cold: bool) -> None:
    caches = ("--cache", f"cache{seed}") if cold else ()
    out = f"again{seed}"
    done = hybridgym("generate", "repos.yaml", "--out", out, "--jobs", jobs, *caches, cwd=place, PYTHONHASHSEED=seed)
    assert done.returncode == 0, done.stderr
    assert content(place / out) == content(suite)


def test_options_say_how_many_of_which_kind(place: Path) -> None:
    done = hybridgym(
        *("generate", "repos.yaml", "--out", "few", "--kind", "dependency_search", "--total", "4", "--per-repo", "3"),
        *("--seed", "3", "--set", "dependency_search.max_dependencies=2", "--no-sources"),
        cwd=place,
    )
    assert done.returncode == 0, done.stderr
    found = rows(place / "few")
    assert len(found) == 4
    assert {task.task_kind for task in found} == {"dependency_search"}
    assert sum(task.repo == "local/tiny_python" for task in found) == 3
    assert all(len(task.answer["dependencies"]) <= 2 for task in found)
    info = json.loads((place / "few" / "suite.json").read_text())
    assert (info["seed"], info["kinds"]["dependency_search"]["knobs"]["max_dependencies"]) == (3, 2)
    assert not (place / "few" / "sources").exists()
    graded = hybridgym("check", "few", "--gold", cwd=place)
    assert graded.returncode == 2
    assert "a suite that was written without its sources cannot be checked" in graded.stderr


def test_a_suite_is_only_replaced_when_asked(place: Path, tmp_path: Path) -> None:
    (tmp_path / "repos.yaml").write_text(f"repositories:\n- {{git: {place / 'project'}, rev: v1}}\n")
    command = ("generate", "repos.yaml", "--out", "suite", "--kind", "dependency_search")
    assert hybridgym(*command, cwd=tmp_path).returncode == 0
    before = content(tmp_path / "suite")
    refused = hybridgym(*command, "--seed", "1", cwd=tmp_path)
    assert (refused.returncode, content(tmp_path / "suite")) == (2, before)
    assert "there is a suite already" in refused.stderr
    assert hybridgym(*command, "--seed", "1", "--overwrite", cwd=tmp_path).returncode == 0
    assert json.loads((tmp_path / "suite" / "suite.json").read_text())["seed"] == 1


# What is wrong with a command


Ended = tuple[object, str, str]
"""Exit status, standard output and standard error."""


@pytest.fixture
def ended(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[str], Ended]:
    """Run a command beside the manifest; what it does not catch fails the test."""

    def run_to_the_end(command: str) -> Ended:
        monkeypatch.chdir(place)
        monkeypatch.setattr("sys.argv", ["hybridgym", *command.split()])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return end.value.code, out, err

    return run_to_the_end


@pytest.mark.parametrize(
    ("command", "message"),
    [
        pytest.param("generate repos.yaml --out x --kind nosuch", "no task kind named 'nosuch'; known:", id="kind"),
        pytest.param(
            "generate repos.yaml --out x --set nonsense", "--set: expected KIND.NAME=VALUE", id="set, no value"
        ),
        pytest.param(
            "generate repos.yaml --out x --set nosuch.a=1", "--set nosuch.a: expected a kind", id="set, no kind"
        ),
        pytest.param(
            "generate repos.yaml --out x --set dependency_search.a=1", "no setting named 'a'; known:", id="set, no name"
        ),
        pytest.param(
            "generate repos.yaml --out x --set dependency_search.max_dependencies=many",
            "dependency_search.max_dependencies: expected int, found 'many'",
            id="set, wrong value",
        ),
        pytest.param("generate repos.yaml --out project", "expected a suite or an empty folder", id="foreign folder"),
        pytest.param("generate repos.yaml --out repos.yaml", "expected a folder, found a file", id="a file"),
        pytest.param("generate nosuch.yaml --out x", "nosuch.yaml: expected a file", id="no manifest"),
        pytest.param("generate bad.yaml --out x", "bad.yaml:2: repositories[0]", id="a wrong manifest"),
        pytest.param("generate repos.yaml --out x --total 0", "--total", id="a number out of range"),
        pytest.param("generate repos.yaml", "--out", id="a missing option"),
        pytest.param("nosuch", "No such command 'nosuch'", id="no such command"),
        pytest.param("graph nowhere", "source 'nowhere': expected", id="no source"),
        pytest.param("graph project --out x", "expected --format with --out", id="out without format"),
        pytest.param("graph project --format dot", "dot", id="no such format"),
        pytest.param("make nosuch project --target leaves.py::leaf", "no task kind named 'nosuch'", id="make, no kind"),
        pytest.param(
            "make dependency_search project --target leaves.py::laef",
            "no such definition in local/project; is it one of leaves.py::leaf",
            id="make, no target, with a hint",
        ),
        pytest.param("check nowhere --gold", "expected a suite, found no suite.json", id="no suite"),
        pytest.param(
            "check suite", "expected one of PREDICTIONS, --gold, --empty and --workspace", id="nothing to check"
        ),
        pytest.param("check suite --gold --empty", "expected one of PREDICTIONS", id="too much to check"),
        pytest.param("check suite nowhere.jsonl", "nowhere.jsonl: cannot be read", id="no predictions"),
        pytest.param("check suite repos.yaml", "repos.yaml: expected a line per prediction", id="other predictions"),
        pytest.param("workspace suite nosuch work", "no task 'nosuch'", id="no task to lay out"),
        pytest.param("check suite --workspace project nosuch", "no task 'nosuch'", id="no task to check"),
    ],
)
@pytest.mark.usefixtures("suite")
def test_what_a_user_can_mend_is_said_with_status_2(
    place: Path, ended: Callable[[str], Ended], command: str, message: str
) -> None:
    (place / "bad.yaml").write_text("repositories:\n- {directory: .., rev: 1}\n")
    status, out, err = ended(command)
    assert (status, out) == (2, "")
    assert message in err
    assert not (place / "x").exists()


@pytest.mark.parametrize(
    ("command", "message"),
    [
        pytest.param("graph project --format graphml --out nowhere/graph", "nowhere/graph", id="graph"),
        pytest.param("check suite --gold --out repos.yaml/results", "repos.yaml", id="check"),
        pytest.param("generate repos.yaml --out repos.yaml/suite", "repos.yaml", id="generate"),
        pytest.param("graph project@nosuch", "nosuch", id="a revision that is not there"),
    ],
)
@pytest.mark.usefixtures("suite")
def test_what_the_machine_refuses_is_said_with_status_1(
    ended: Callable[[str], Ended], command: str, message: str
) -> None:
    status, out, err = ended(command)
    assert (status, out) == (1, "")
    assert err.startswith("error: ")
    assert message in err


def test_an_error_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    done = hybridgym("generate", "nosuch.yaml", "--out", "x", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: nosuch.yaml: expected a file, found: No such file or directory\n"


def run(*arguments: str | Path) -> str:
    """Run a command in this process, which is quicker, and return what it prints."""
    done = CliRunner().invoke(commands, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


# graph and kinds


def test_graph_summarizes_what_calls_what(tmp_path: Path) -> None:
    shown = figures(run("graph", TINY, "--cache", tmp_path))
    assert shown["files"] == "8"
    assert int(shown["resolved"]) + int(shown["builtin"]) + int(shown["external"]) + int(shown["unresolved"]) == int(
        shown["call sites"]
    )
    assert {"lexical", "import", "self", "super", "constructor", "annotation", "module"} <= shown.keys()
    assert shown["may be overridden"] == "1"


@pytest.mark.parametrize("form", ["node-link", "graphml"])
@pytest.mark.parametrize("to_file", [True, False], ids=["file", "standard output"])
def test_graph_exports_what_networkx_reads(tmp_path: Path, form: str, to_file: bool) -> None:
    arguments = ("graph", TINY, "--cache", tmp_path, "--format", form)
    if to_file:
        assert run(*arguments, "--out", tmp_path / "graph") == ""
        text = (tmp_path / "graph").read_text(encoding="utf-8")
    else:
        text = run(*arguments)
    if form == "node-link":
        graph = networkx.node_link_graph(json.loads(text), edges="edges")
    else:
        graph = networkx.read_graphml(io.BytesIO(text.encode()), force_multigraph=True)
    assert graph["src/orchard/trees.py::Pear"]["src/orchard/trees.py::Tree"].keys() == {"inherits"}
    assert graph["src/orchard/measures.py::sell"]["src/orchard/measures.py::Überschuss.menge"].keys() == {"calls"}


def test_kinds_lists_every_setting_with_its_default() -> None:
    shown = figures(run("kinds"))
    assert shown["dependency_search.max_dependencies"] == "5"
    assert shown["function_localization.details"] == "returns"


# make


@pytest.mark.parametrize("kind", KINDS)
def test_make_prints_the_very_row_that_generate_wrote(suite: Path, tmp_path: Path, kind: str) -> None:
    line = next(
        line
        for line in (suite / "tasks.jsonl").read_bytes().splitlines()
        if f'"task_kind":"{kind}"'.encode() in line and b"local/tiny_python" in line
    )
    answer = json.loads(line)["answer"]
    target = answer["target"] if kind == "dependency_search" else answer["targets"][0]
    printed = run("make", kind, TINY, "--target", target, "--cache", tmp_path)
    assert printed.encode().splitlines() == [line]


@pytest.mark.parametrize(
    ("kind", "target", "message"),
    [
        pytest.param("dependency_search", "src/orchard/trees.py::Tree.is_mature", "not closed: ", id="not closed"),
        pytest.param("dependency_search", "src/orchard/trees.py::shorten", "too few dependencies: ", id="too few"),
        pytest.param("dependency_search", "src/orchard/draft.py::fence", "not selected: broken", id="syntax error"),
        pytest.param("function_localization", "src/orchard/trees.py::Pear", "not selected: documented", id="none"),
        pytest.param(
            "function_localization", "tests/test_harvest.py::test_a_basket_has_room_for_so_many", "test", id="test"
        ),
    ],
)
def test_make_says_why_there_is_no_such_task(tmp_path: Path, kind: str, target: str, message: str) -> None:
    done = CliRunner().invoke(commands, ["make", kind, str(TINY), "--target", target, "--cache", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{target}: ")
    assert message in done.stderr


def test_make_says_what_it_resembles_if_it_is_not_unique(tmp_path: Path) -> None:
    text = "Stir the thick soup slowly until seven green herbs sink to the bottom."
    write(
        tmp_path / "twins",
        {
            "a.py": f'def simmer(pot):\n    """{text}"""\n    return pot\n',
            "b.py": 'def braise(pot):\n    """Seven green herbs sink; stir slowly until the thick soup is bottom."""\n',
        },
    )
    settings = ("--set", "function_localization.min_undocumented=0", "--set", 'function_localization.lines={"min":1}')
    command = ["make", "function_localization", str(tmp_path / "twins"), "--target", "a.py::simmer", *settings]
    done = CliRunner().invoke(commands, [*command, "--cache", str(tmp_path / "cache")])
    assert done.exit_code == 1
    assert "a.py::simmer: not unique: b.py::braise fits the description" in done.stderr


# check


@pytest.mark.parametrize(("option", "status", "reward"), [("--gold", "resolved", 1.0), ("--empty", "unresolved", 0.0)])
def test_the_gold_patches_are_all_right_and_the_empty_ones_all_wrong(
    suite: Path, tmp_path: Path, option: str, status: str, reward: float
) -> None:
    shown = figures(run("check", suite, option, "--out", tmp_path / "results.jsonl"))
    graded = results(tmp_path)
    assert [row["instance_id"] for row in graded] == [task.instance_id for task in rows(suite)]
    assert {(row["status"], row["resolved"], row["reward"]) for row in graded} == {
        (status, status == "resolved", reward)
    }
    assert shown.keys() == {"kind", *KINDS}
    assert shown["dependency_search"].split()[0] == "15"
    assert shown["dependency_search"].endswith(f"{reward:.4f}")


def prediction(task: ValidatedTask, patch: str, **columns: object) -> dict[str, object]:
    return {"instance_id": task.instance_id, "model_name_or_path": "m", "model_patch": patch, **columns}


FORMS: dict[str, Callable[[list[dict[str, object]]], str]] = {
    "preds.jsonl": lambda items: "".join(json.dumps(item) + "\n" for item in items),
    "list.json": json.dumps,
    "preds.json": lambda items: json.dumps({str(item["instance_id"]): item for item in items}),
}


@pytest.mark.parametrize("name", FORMS)
def test_predictions_of_every_form_are_graded(suite: Path, tmp_path: Path, name: str) -> None:
    first, second, *_ = rows(suite)
    (tmp_path / name).write_text(FORMS[name]([prediction(first, first.patch), prediction(second, "")]))
    screen = run("check", suite, tmp_path / name, "--out", tmp_path / "results.jsonl")
    assert [(row["instance_id"], row["status"]) for row in results(tmp_path)] == [
        (first.instance_id, "resolved"),
        (second.instance_id, "unresolved"),
    ]
    assert f"tasks without a submission: {len(rows(suite)) - 2} of {len(rows(suite))}" in screen


def test_whatever_is_wrong_with_a_prediction_is_reported_and_counted(suite: Path, tmp_path: Path) -> None:
    first, second, *_ = rows(suite)
    lines = [
        json.dumps(prediction(first, "")),
        json.dumps(prediction(first, first.patch)),
        json.dumps(prediction(second, "--- a/nosuch.py\n+++ b/nosuch.py\n@@ -1 +1 @@\n-a\n+b\n")),
        json.dumps({"instance_id": "nosuch", "model_patch": first.patch}),
        '{"instance_id": 7}',
        "not JSON",
    ]
    (tmp_path / "preds.jsonl").write_text("\n".join(lines))
    screen = run("check", suite, tmp_path / "preds.jsonl", "--out", tmp_path / "results.jsonl")
    assert [(row["instance_id"], row["sample"], row["status"]) for row in results(tmp_path)] == [
        (first.instance_id, 0, "unresolved"),
        (first.instance_id, 1, "resolved"),
        (second.instance_id, 0, "does_not_apply"),
        ("nosuch", 0, "error"),
        ("", 0, "error"),
        ("", 0, "error"),
    ]
    assert "unknown ids: 1; unreadable predictions: 2" in screen


def test_results_are_written_where_one_stands(suite: Path, tmp_path: Path) -> None:
    assert hybridgym("check", suite, "--gold", "--jobs", "2", cwd=tmp_path).returncode == 0
    assert len(results(tmp_path)) == len(rows(suite))


def test_verify_proves_every_row_again(suite: Path, tmp_path: Path) -> None:
    done = hybridgym("verify", suite, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{len(rows(suite))} of {len(rows(suite))} tasks verified\n")


# workspace


def test_an_agent_works_in_one_commit_and_is_graded_by_its_folder(
    suite: Path, task: ValidatedTask, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    assert run("workspace", suite, task.instance_id, work).strip() == task.problem_statement.strip()
    assert git(work, "rev-parse", "HEAD") == task.start_commit
    assert git(work, "rev-list", "--all", "--count") == "1"
    assert git(work, "status", "--porcelain", "--ignored") == ""
    assert git(work, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert "Summarize" not in (work / "src/orchard/report.py").read_text(encoding="utf-8")

    def verdict() -> dict[str, object]:
        found: dict[str, object] = json.loads(run("check", suite, "--workspace", work, task.instance_id))
        return found

    assert verdict()["status"] == "unresolved"
    report = work / "src/orchard/report.py"
    start = report.read_text(encoding="utf-8")
    report.write_text(start.replace("year):\n\to", "year):\n\t'''One line for the paper.'''\n\to"), encoding="utf-8")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "-m", "done")
    assert (verdict()["status"], verdict()["reward"]) == ("resolved", 1.0)
    (work / "src/orchard/notes.py").write_text("")
    assert verdict()["status"] == "tampered"


def test_a_folder_that_is_not_empty_is_left_alone(suite: Path, task: ValidatedTask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    done = hybridgym("workspace", suite, task.instance_id, ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "expected a new or empty folder" in done.stderr
    assert content(tmp_path) == {"file": b"mine"}


# All of it


def test_help_names_every_command() -> None:
    shown = run("--help")
    assert all(command in shown for command in ("generate", "graph", "make", "check", "workspace", "kinds"))


def test_version(tmp_path: Path) -> None:
    assert re.fullmatch(r"hybridgym, version \d+\.\d+\.\d+\n", hybridgym("--version", cwd=tmp_path).stdout)
