"""tasks/dependency_search.py: what is a task, which answers are right however they are written, which are wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hybridgym.task import Rejection, Status, ValidatedTask
from hybridgym.tasks.base import source_language
from hybridgym.tasks.marks import read_marks
from tiny import Files, edits, graded, hybridgym, made, make

MARK = "# this function/class is called by the cook function"
KITCHEN: Files = {
    "app.py": (
        "from tools import boil, Pot\nfrom pantry import spice\n\n\n"
        "def cook():\n    boil()\n    spice()\n    return Pot()\n\n\n"
        "def serve():\n    return cook()\n"
    ),
    "tools.py": (
        '"""Tools of the kitchen."""\n\nimport functools\n\n\n'
        "# Takes a while.\n# Mind the lid.\ndef boil():\n    return 100\n\n\n"
        "@functools.total_ordering\n@functools.lru_cache(\n    maxsize=1,\n)\n"
        "class Pot:\n\tdef lid(self):\n\t\treturn 1\n\n\n"
        'TEXT = """\ndef boil():\n"""\nLONG = 1 + \\\n    2\n\n\n'
        "def peel():\n    return 0\n"
    ),
    "pantry.py": "SALT = 1\r\n\r\n\r\ndef spice():\r\n    return SALT\r\n",
    "notes.txt": "nothing\n",
}

BOIL = ("tools.py", "# Mind the lid.\n", f"# Mind the lid.\n{MARK}\n")
POT = ("tools.py", "@functools.total_ordering\n", f"{MARK}\n@functools.total_ordering\n")
SPICE = ("pantry.py", "def spice():\r\n", f"{MARK}\r\ndef spice():\r\n")
PEEL = ("tools.py", "def peel():\n", f"{MARK}\ndef peel():\n")
LID = ("tools.py", "\tdef lid", f"\t{MARK}\n\tdef lid")

Replacement = tuple[str, str, str]


@pytest.fixture(scope="module")
def task() -> ValidatedTask:
    return made("dependency_search", KITCHEN, "app.py::cook")


def test_the_answer_is_what_the_function_calls(task: ValidatedTask) -> None:
    assert task.answer == {
        "target": "app.py::cook",
        "marker": MARK,
        "dependencies": ("pantry.py::spice", "tools.py::Pot", "tools.py::boil"),
        "how": {"pantry.py::spice": "import", "tools.py::Pot": "import", "tools.py::boil": "import"},
        "rows": {
            name: str(KITCHEN[name.partition("::")[0]]).splitlines().index(line)
            for name, line in (
                ("pantry.py::spice", "def spice():"),
                ("tools.py::Pot", "@functools.total_ordering"),
                ("tools.py::boil", "def boil():"),
            )
        },
    }
    assert task.difficulty["dependencies"] == 3


def test_the_statement_says_name_file_line_and_marker_but_no_answer(task: ValidatedTask) -> None:
    statement = task.problem_statement
    assert "`cook`" in statement
    assert "`app.py`, at line 5" in statement
    assert MARK in statement
    assert not any(word in statement for word in ("boil", "Pot", "spice", "tools", "pantry"))


def test_the_evidence_holds_wrong_answers_of_every_sort(task: ValidatedTask) -> None:
    assert (task.evidence.gold, task.evidence.empty) == ("resolved", "unresolved")
    assert {miss.name: (miss.status, miss.reward) for miss in task.evidence.near_misses} == {
        "one dependency missing": ("unresolved", 0.8),
        "the neighbour instead": ("unresolved", 0.6667),
        "one definition too many": ("unresolved", 0.8571),
        "every definition of the files": ("unresolved", 0.75),
        "gold with a code edit": ("tampered", 0.0),
        "gold with a new file": ("tampered", 0.0),
    }


RIGHT: dict[str, list[Replacement]] = {
    "directly above the definitions": [BOIL, POT, SPICE],
    "above comments that belong to a definition": [
        ("tools.py", "# Takes a while.\n", f"{MARK}\n# Takes a while.\n"),
        POT,
        SPICE,
    ],
    "between two comments": [("tools.py", "# Mind the lid.\n", f"{MARK}\n# Mind the lid.\n"), POT, SPICE],
    "with other indentation": [
        ("tools.py", "# Mind the lid.\n", f"# Mind the lid.\n        {MARK}\n"),
        ("tools.py", "@functools.total_ordering\n", f"\t{MARK}\n@functools.total_ordering\n"),
        SPICE,
    ],
    "with blanks at the end of the line": [BOIL, ("tools.py", POT[1], f"{MARK}  \n{POT[1]}"), SPICE],
    "ended by LF in a file with CRLF": [BOIL, POT, ("pantry.py", "def spice", f"{MARK}\ndef spice")],
    "ended by CRLF in a file with LF": [BOIL, ("tools.py", POT[1], f"{MARK}\r\n{POT[1]}"), SPICE],
}


@pytest.mark.parametrize("replacements", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_answer_is_resolved_in_every_style(
    task: ValidatedTask, tmp_path: Path, replacements: list[Replacement]
) -> None:
    verdict = graded(task, KITCHEN, tmp_path / "work", edits(*replacements))
    assert (verdict.status, verdict.reward, verdict.reason) == (Status.RESOLVED, 1.0, "3 of 3 dependencies are marked")


INCOMPLETE: dict[str, tuple[list[Replacement], float, str]] = {
    "nothing": ([], 0.0, "0 of 3"),
    "one missing": ([BOIL, POT], 0.8, "2 of 3"),
    "two missing": ([POT], 0.5, "1 of 3"),
    "the neighbour": ([BOIL, POT, PEEL], 0.6667, "tools.py::peel is marked, but it is not called"),
    "one too many": ([BOIL, POT, SPICE, PEEL], 0.8571, "3 of 3"),
    "everything": ([BOIL, POT, SPICE, PEEL, LID], 0.75, "3 of 3"),
    "the method instead of the class": ([BOIL, SPICE, LID], 0.6667, "tools.py::Pot.lid is marked"),
    "the caller": (
        [BOIL, POT, SPICE, ("app.py", "def serve", f"{MARK}\ndef serve")],
        0.8571,
        "app.py::serve is marked, but it is not called",
    ),
    "itself": (
        [BOIL, POT, SPICE, ("app.py", "def cook", f"{MARK}\ndef cook")],
        0.8571,
        "app.py::cook is marked, but it is not called",
    ),
    "one marked twice": (
        [("tools.py", BOIL[1], f"{MARK}\n# Mind the lid.\n{MARK}\n"), POT, SPICE],
        0.8571,
        "tools.py::boil is marked more than once",
    ),
    "below the def": (
        [("tools.py", "    return 100\n", f"    {MARK}\n    return 100\n"), POT, SPICE],
        0.6667,
        "a marker that stands directly above no definition",
    ),
    "below the decorator": (
        [BOIL, ("tools.py", "class Pot:\n", f"{MARK}\nclass Pot:\n"), SPICE],
        0.6667,
        "a marker that stands directly above no definition",
    ),
    "between the decorators": (
        [BOIL, ("tools.py", "@functools.lru_cache", f"{MARK}\n@functools.lru_cache"), SPICE],
        0.6667,
        "a marker that stands directly above no definition",
    ),
    "inside a decorator's call": (
        [BOIL, ("tools.py", "    maxsize=1,\n", f"    {MARK}\n    maxsize=1,\n"), SPICE],
        0.6667,
        "a marker that stands directly above no definition",
    ),
    "at the end of the file": (
        [BOIL, POT, ("pantry.py", "    return SALT\r\n", f"    return SALT\r\n{MARK}\r\n")],
        0.6667,
        "a marker that stands directly above no definition",
    ),
}


@pytest.mark.parametrize(("replacements", "reward", "reason"), INCOMPLETE.values(), ids=INCOMPLETE.keys())
def test_another_set_of_marks_has_the_reward_it_earns(
    task: ValidatedTask, tmp_path: Path, replacements: list[Replacement], reward: float, reason: str
) -> None:
    verdict = graded(task, KITCHEN, tmp_path / "work", edits(*replacements))
    assert (verdict.status, verdict.reward) == (Status.UNRESOLVED, reward)
    assert reason in verdict.reason


def test_the_verdict_lists_every_mark_by_what_it_is(task: ValidatedTask, tmp_path: Path) -> None:
    below = ("tools.py", "    return 100\n", f"    {MARK}\n    return 100\n")
    caller = ("app.py", "def serve", f"{MARK}\ndef serve")
    verdict = graded(task, KITCHEN, tmp_path / "work", edits(SPICE, POT, PEEL, LID, caller, below))
    stray = "tools.py:9: a marker that stands directly above no definition"
    assert verdict.details == {
        "right": ["pantry.py::spice", "tools.py::Pot"],
        "missing": ["tools.py::boil"],
        "extra": ["app.py::serve", "tools.py::Pot.lid", "tools.py::peel"],
        "strays": [stray],
    }
    assert verdict.reason.startswith("2 of 3 dependencies are marked; ")
    assert verdict.reason.endswith(stray)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        pytest.param(b"x = 1\ry = 2\n", "bare CR", id="bare CR"),
        pytest.param(b"x = = 1\n", "syntax error", id="syntax error"),
    ],
)
def test_a_file_that_parsers_read_differently_may_not_change(head: bytes, reason: str) -> None:
    before, marker = head + b"\n\ndef f():\n    return x\n", MARK.encode()
    after = before.replace(b"def f", marker + b"\ndef f")
    reading = read_marks(source_language("m.py"), "m.py", before, after, marker, {})
    assert (reading.marked, reading.strays) == ((), ())
    assert reason in reading.problem


GOLD = [BOIL, POT, SPICE]
TAMPERED: dict[str, list[Replacement]] = {
    "a code edit": [*GOLD, ("tools.py", "return 100", "return 99")],
    "deleted code": [*GOLD, ("tools.py", "def peel():\n    return 0\n", "")],
    "deleted comment": [*GOLD, ("tools.py", "# Takes a while.\n", "")],
    "another comment": [*GOLD, ("app.py", "def serve", "# done\ndef serve")],
    "a blank line": [*GOLD, ("app.py", "def serve", "\ndef serve")],
    "a blank line below the marker": [("tools.py", BOIL[1], f"{BOIL[1]}{MARK}\n\n"), POT, SPICE],
    "a longer marker": [("tools.py", BOIL[1], f"{BOIL[1]}{MARK}, I think\n"), POT, SPICE],
    "a negated marker": [("tools.py", BOIL[1], f"{BOIL[1]}{MARK.replace('is called', 'is not called')}\n"), POT, SPICE],
    "a negation in front": [("tools.py", BOIL[1], f"{BOIL[1]}# not: {MARK[2:]}\n"), POT, SPICE],
    "a marker in other letters": [("tools.py", BOIL[1], BOIL[1] + MARK.upper() + "\n"), POT, SPICE],
    "a name in front of the marker": [*GOLD, ("app.py", "def serve", f"X{MARK}\ndef serve")],
    "a marker behind code": [("tools.py", "return 100\n", f"return 100  {MARK}\n"), POT, SPICE],
    "two markers in a line": [("tools.py", BOIL[1], f"{BOIL[1]}{MARK} {MARK}\n"), POT, SPICE],
    "a marker inside a string": [*GOLD, ("tools.py", 'TEXT = """\n', f'TEXT = """\n{MARK}\n')],
    "a marker behind a backslash": [*GOLD, ("tools.py", "LONG = 1 + \\\n", f"LONG = 1 + \\\n{MARK}\n")],
    "code behind a form feed": [*GOLD, ("app.py", "def serve", f"\f{MARK}\ndef serve")],
    "code behind a carriage return": [*GOLD, ("app.py", "def serve", f"{MARK}\rimport os\ndef serve")],
    "code behind a NUL": [*GOLD, ("app.py", "def serve", f"{MARK}\0import os\ndef serve")],
    "code behind a line separator": [*GOLD, ("app.py", "def serve", f"{MARK}\u2028import os\ndef serve")],
    "a new file": [*GOLD, ("new.py", "", f"{MARK}\ndef boil(): pass\n")],
    "a new file that is no source": [*GOLD, ("NOTES.md", "", "done\n")],
    "a file that is no source": [*GOLD, ("notes.txt", "nothing\n", f"{MARK}\nnothing\n")],
    "other line ends": [*GOLD, ("app.py", "def cook():\n", "def cook():\r\n")],
}


@pytest.mark.parametrize("replacements", TAMPERED.values(), ids=TAMPERED.keys())
def test_any_other_change_is_tampering(task: ValidatedTask, tmp_path: Path, replacements: list[Replacement]) -> None:
    verdict = graded(task, KITCHEN, tmp_path / "work", edits(*replacements))
    assert (verdict.status, verdict.reward) == (Status.TAMPERED, 0.0)


def remove(path: str) -> Callable[[Path], None]:
    return lambda folder: (folder / path).unlink()


def make_executable(folder: Path) -> None:
    (folder / "tools.py").chmod(0o755)


def make_link(folder: Path) -> None:
    (folder / "app.py").unlink()
    (folder / "app.py").symlink_to("tools.py")


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        pytest.param(remove("notes.txt"), "the file was deleted", id="a deleted file"),
        pytest.param(remove("app.py"), "the file was deleted", id="a deleted source"),
        pytest.param(make_executable, "the file's mode changed from 100644 to 100755", id="a mode"),
        pytest.param(make_link, "the file's mode changed from 100644 to 120000", id="a link"),
    ],
)
def test_a_change_that_is_no_edit_is_tampering(
    task: ValidatedTask, tmp_path: Path, work: Callable[[Path], None], reason: str
) -> None:
    def marked_and_more(folder: Path) -> None:
        edits(*GOLD)(folder)
        work(folder)

    verdict = graded(task, KITCHEN, tmp_path / "work", marked_and_more)
    assert (verdict.status, verdict.reward) == (Status.TAMPERED, 0.0)
    assert reason in verdict.reason


TWINS: Files = {
    "m.py": (
        "class A:\n    def run(self):\n        return 1\n\n    def rest(self):\n        return 2\n\n\n"
        "class B:\n    def run(self):\n        return 1\n\n    def rest(self):\n        return 2\n\n\n"
        "def cook(b: B):\n    return b.run()\n"
    )
}


@pytest.mark.parametrize(
    ("owner", "status", "reward"),
    [
        pytest.param("B", Status.RESOLVED, 1.0, id="the right one"),
        pytest.param("A", Status.UNRESOLVED, 0.0, id="the twin"),
    ],
)
def test_methods_of_one_name_are_told_apart(tmp_path: Path, owner: str, status: Status, reward: float) -> None:
    task = made("dependency_search", TWINS, "m.py::cook")
    work = edits(("m.py", f"class {owner}:\n", f"class {owner}:\n    {MARK}\n"))
    verdict = graded(task, TWINS, tmp_path / "work", work)
    assert (verdict.status, verdict.reward) == (status, reward)


REJECTED = {
    "not closed": ("def cook(callback):\n    callback()\n", {}, "not closed"),
    "too few": ("def cook():\n    return print(1)\n", {}, "too few dependencies"),
    "too many": ("def a(): pass\ndef b(): pass\ndef cook():\n    a()\n    b()\n", {"max_dependencies": 1}, "too many"),
    "a class": ("def a(): pass\nclass cook:\n    x = a()\n", {}, "not selected"),
    "a private name": ("def a(): pass\nclass _A:\n    def cook(self):\n        a()\n", {}, "not selected"),
}


@pytest.mark.parametrize(("source", "settings", "reason"), REJECTED.values(), ids=REJECTED.keys())
def test_what_is_no_task_says_why(source: str, settings: dict[str, object], reason: str) -> None:
    target = "m.py::_A.cook" if "_A" in source else "m.py::cook"
    rejection = make("dependency_search", {"m.py": source}, target, **settings)
    assert isinstance(rejection, Rejection)
    assert reason in rejection.reason
    assert rejection.subject == target


def test_a_selection_that_is_widened_lets_more_through() -> None:
    files: Files = {"m.py": "def a(): pass\n\ndef _cook():\n    a()\n"}
    assert made("dependency_search", files, "m.py::_cook", private=True).answer["dependencies"] == ("m.py::a",)


def test_the_kinds_command_lists_every_setting(tmp_path: Path) -> None:
    listed = hybridgym("kinds", cwd=tmp_path).stdout
    assert "dependency_search.max_dependencies" in listed
    assert "function_localization.details" in listed


def test_a_row_counts_only_in_the_file_of_its_dependency(tmp_path: Path) -> None:
    files: Files = {
        "shop.py": "from oven import boil\n\n\ndef serve():\n    return boil()\n",
        "oven.py": "def boil():\n    return 100\n",
    }
    mark = "# this function/class is called by the serve function\n"
    task = made("dependency_search", files, "shop.py::serve")
    beside = graded(task, files, tmp_path / "beside", edits(("shop.py", "from oven", f"{mark}from oven")))
    right = graded(task, files, tmp_path / "right", edits(("oven.py", "def boil", f"{mark}def boil")))
    assert (beside.status, beside.reward) == (Status.UNRESOLVED, 0.0)
    assert (right.status, right.reward) == (Status.RESOLVED, 1.0)
