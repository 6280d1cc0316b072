"""exporters/hybrid_gym.py: lines are those of the definitions, and what its evaluators misjudge is left out.

That the rules are Hybrid-Gym's is for a checkout to say: HYBRIDGYM_HYBRID_GYM names one.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from consumers import consumer
from hybridgym.exporters import exporter_named
from hybridgym.exporters.hybrid_gym_rules import (
    Dependency,
    Target,
    documentation_problem,
    marked_files_problem,
    marks_problem,
)
from hybridgym.generation import Options, generate
from hybridgym.specs import spec_of
from hybridgym.suite import Suite, load_suite
from tiny import ROOT

CHECKOUT = os.environ.get("HYBRIDGYM_HYBRID_GYM", "")
GOLD = "gold does not pass Hybrid-Gym's evaluator"
MARKER = "# this function/class is called by the both function"
MODULE = '''"""A module whose golds Hybrid-Gym's evaluators take for wrong, and one that they take."""


def near():
    return 1


def nearer():
    return 2


def both():
    return near() + nearer()


def one():
    return near()


def several_lines_are_read(thread):
    """Wind a broken thread around its spindle.

    Colours of neighbouring spools are kept apart.
    """
    return thread


def one_line_is_not(cloth):
    """Press finished cloth between two heated copper plates."""
    return cloth


def only_documented(warp):
    """Stretch the warp over the beam of the loom.

    Knots are left for somebody else.
    """


def a(): pass
def b(): pass
def c(): pass
def d(): pass
def e(): pass
def f(): pass
def g(): pass
def h(): pass
def i(): pass
def j(): pass
def k(): pass
'''


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    place = tmp_path_factory.mktemp("hybrid-gym")
    (place / "loom").mkdir()
    (place / "loom" / "loom.py").write_text(MODULE)
    specs = [spec_of(f"directory:{place / 'loom'}", place)]
    specs += [spec_of(f"directory:{ROOT / 'tests' / 'repos' / name}", ROOT) for name in ("tiny_python", "tiny_go")]
    settings: dict[str, dict[str, Any]] = {
        "function_localization": {"min_undocumented": 0, "lines": {"min": 2}},
        "dependency_search": {"lines": {"min": 2}},
    }
    options = Options(kinds=("dependency_search", "function_localization"), settings=settings)
    generate(specs, place / "suite", options, cache=place / "cache")
    return load_suite(place / "suite")


@pytest.fixture(scope="module")
def exported(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rows") / "out"
    exporter_named("hybrid-gym").export(suite, out)
    return out


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_lines_are_those_of_the_definitions(exported: Path, suite: Suite) -> None:
    rows = lines_of(exported / "dep_search.jsonl")
    assert rows
    for row in rows:
        source = suite[row["instance_id"]].source

        def line(path: str, number: int, files: Any = source) -> str:
            text: str = files[path].data.decode().split("\n")[number].strip()
            return text

        first = line(row["target_function_file"], row["target_function_line_start"])
        assert first.removeprefix("async ").startswith(f"def {row['target_function_name']}(")
        assert row["num_dependencies"] == len(row["dependencies"])
        for found in row["dependencies"]:
            keyword = "class" if found["type"] == "class" else "def"
            first = line(found["file_path"], found["line_start"]).removeprefix("async ")
            assert first.startswith(f"{keyword} {found['name']}")
            decorated = line(found["file_path"], found["decorator_line"])
            assert decorated.startswith("@") or found["decorator_line"] == found["line_start"]


def test_taking_out_the_lines_of_the_documentation_leaves_the_code(exported: Path, suite: Suite) -> None:
    rows = lines_of(exported / "func_localize.jsonl")
    assert rows
    for row in rows:
        lines = suite[row["instance_id"]].source[row["file_path"]].data.decode().split("\n")
        assert lines[row["module_line_start"]].strip().startswith(("def", "async def", "class"))
        documentation = lines[row["docstring_line_start"] : row["docstring_line_end"] + 1]
        assert documentation[0].strip().startswith('"""')
        assert documentation[-1].rstrip().endswith('"""')
        assert row["docstring"].split()[0] in documentation[0] + documentation[1]


def test_what_the_evaluators_misjudge_is_left_out_and_said(exported: Path, suite: Suite) -> None:
    dropped = {line["instance_id"]: line for line in lines_of(exported / "dropped.jsonl")}
    said = {}
    for task in suite.values():
        target = task.row.answer.get("target") or task.row.answer["targets"][0]
        line = dropped.get(task.row.instance_id, {"reason": "", "detail": ""})
        said[task.row.task_kind, target] = line["reason"], line["detail"]
    find, document = "dependency_search", "function_localization"
    assert said[find, "loom.py::one"] == ("", "")
    assert said[find, "loom.py::both"][0] == GOLD
    assert "close to each other" in said[find, "loom.py::both"][1]
    assert said[document, "loom.py::several_lines_are_read"] == ("", "")
    assert said[document, "loom.py::one_line_is_not"][0] == GOLD
    assert "on one line" in said[document, "loom.py::one_line_is_not"][1]
    assert said[document, "loom.py::only_documented"][0] == GOLD
    assert "breaks the code" in said[document, "loom.py::only_documented"][1]
    others = {line["reason"] for line in dropped.values()} - {GOLD}
    assert others == {"its evaluators know comments of Python alone"}


def test_right_answers_come_with_the_rows(exported: Path) -> None:
    for name in ("dep_search.jsonl", "func_localize.jsonl"):
        rows = {row["instance_id"]: row for row in lines_of(exported / name)}
        gold = lines_of(exported / "gold" / name)
        assert {line["instance_id"]: line["instance"] for line in gold} == rows
        assert all(line["test_result"]["git_patch"].startswith("diff --git") for line in gold)


def patch(*lines: str, path: str = "m.py", at: int = 1) -> str:
    added = sum(not line.startswith("-") for line in lines)
    kept = sum(not line.startswith("+") for line in lines)
    head = [f"diff --git a/{path} b/{path}", f"--- a/{path}", f"+++ b/{path}", f"@@ -{at},{kept} +{at},{added} @@"]
    return "".join(f"{line}\n" for line in [*head, *lines])


DOCUMENTED = {
    "several lines": (('+    """Do it.', "+", "+    Well.", '+    """'), True),
    "single quotes": (("+    '''Do it.", "+    '''"), True),
    "a comment alone": (("+    # does it",), True),
    "one line": (('+    """Do it."""',), False),
    "a prefix": (('+    r"""Do it.', '+    """'), False),
    "code behind it": (('+    """Do it.', '+    """', "+    x = 1"), False),
    "a line taken away": (('+    """Do it.', '+    """', "-    pass"), False),
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_documentation_by_their_rule(name: str) -> None:
    lines, is_right = DOCUMENTED[name]
    text = patch(" def f():", *lines, "     return 1", at=5)
    assert (documentation_problem(text, [Target("m.py", 4, 12)]) == "") is is_right
    assert documentation_problem(text, [Target("m.py", 40, 50)])
    assert documentation_problem(text, [Target("other.py", 4, 12)])


def test_marks_by_their_rule() -> None:
    text = patch(" ", f"+{MARKER}", " def near():", at=9)
    assert marks_problem(text, [Dependency("near", "m.py", 9)]) == ""
    assert marks_problem(text, [Dependency("near", "m.py", 13)]) == ""
    assert marks_problem(text, [Dependency("near", "m.py", 30)]) == "a mark is not found where it belongs"
    assert marks_problem(text, [Dependency("near", "m.py", 9), Dependency("far", "m.py", 90)]).startswith("not every")
    assert marked_files_problem(text) == ""
    assert marked_files_problem(patch("+# x", path="with blank.py")) == "a path is not read as it is"


@pytest.mark.skipif(not CHECKOUT, reason="HYBRIDGYM_HYBRID_GYM names no checkout of Hybrid-Gym")
def test_its_evaluators_say_the_same(suite: Suite) -> None:
    python = consumer("datasets==5.2.0") / "python"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.hybrid_gym", suite.folder, CHECKOUT, "--python", python],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split("|")[1:-1] for line in done.stdout.splitlines()[2:]]
    assert [row[0].strip() for row in rows] == ["dependency_search", "function_localization"]
    assert [int(row[-1]) for row in rows] == [0, 0]
