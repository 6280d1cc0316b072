"""tasks/function_localization.py: what is a task, which answers are right however they are written, which are wrong."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from hybridgym.edits import apply_edits
from hybridgym.task import Rejection, Status, ValidatedTask
from hybridgym.tasks.function_localization import FunctionLocalization, says_something
from tiny import Files, edits, graded, made, make, tree_of

DOC = "Stir the soup slowly until seven herbs sink to the bottom."
OTHERS = "".join(f"def helper_{n}(x):\n    y = x + {n}\n    return y\n\n\n" for n in range(5))
KITCHEN: Files = {
    "kitchen.py": f'"""Cooking."""\n\n\ndef simmer(pot):\n    """{DOC}"""\n    return pot\n\n\n{OTHERS}',
    "notes.txt": "nothing\n",
    "other.py": "def known(x):\n    '''Says what it does.'''\n    return x\n",
}
START = "def simmer(pot):\n"
ANY: dict[str, object] = {"min_undocumented": 0, "lines": {"min": 1}}

Replacement = tuple[str, str, str]


def kitchen(old: str, new: str) -> Replacement:
    return ("kitchen.py", old, new)


def document(text: str, indentation: str = "    ") -> Replacement:
    return kitchen(START, f"{START}{indentation}{text}\n")


@pytest.fixture(scope="module")
def task() -> ValidatedTask:
    return made("function_localization", KITCHEN, "kitchen.py::simmer", **ANY)


def test_the_start_state_lacks_the_documentation_and_nothing_else(task: ValidatedTask) -> None:
    start = apply_edits(tree_of(KITCHEN), task.start_edits)
    expected = str(KITCHEN["kitchen.py"]).replace(f'    """{DOC}"""\n', "")
    assert start == {**tree_of(KITCHEN), "kitchen.py": tree_of({"kitchen.py": expected})["kitchen.py"]}


def test_the_statement_describes_without_naming(task: ValidatedTask) -> None:
    assert DOC in task.problem_statement
    assert "It takes one required parameter." in task.problem_statement
    assert not any(name in task.problem_statement for name in ("simmer", "kitchen"))


def test_the_evidence_holds_wrong_answers_of_every_sort(task: ValidatedTask) -> None:
    assert {miss.name: (miss.status, miss.reward) for miss in task.evidence.near_misses} == {
        "a comment instead of documentation": ("tampered", 0.0),
        "gold with a code edit": ("tampered", 0.0),
        "gold with a new file": ("tampered", 0.0),
        "the neighbour instead": ("unresolved", 0.0),
        "gold and the neighbour": ("unresolved", 0.6667),
    }


RIGHT = {
    "one line": '"""Stirs the soup."""',
    "one line and a blank one": '"""Stirs the soup."""\n',
    "several lines": '"""Stir the soup.\n\n    Takes a while.\n    """',
    "single quotes": "'Stirs the soup.'",
    "triple single quotes": "'''Stirs the soup.'''",
    "raw": 'r"""Stirs \\s oup."""',
    "two strings": '"Stirs " "the soup."',
    "in parentheses": '("Stirs the soup.")',
    "another language": '"""Rührt die Suppe um."""',
    "a script without blanks": '"""慢慢搅拌汤"""',
    "four characters of such a script": '"""慢慢搅拌"""',
    "two short words": '"""Do it."""',
    "quotes inside": '''"""Stirs the "soup"."""''',
    "the original": f'"""{DOC}"""',
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_answer_is_resolved_in_every_style(task: ValidatedTask, tmp_path: Path, text: str) -> None:
    verdict = graded(task, KITCHEN, tmp_path / "work", edits(document(text)))
    assert (verdict.status, verdict.reward, verdict.reason) == (Status.RESOLVED, 1.0, "1 of 1 targets are documented")


DOCSTRING = f'"""{DOC}"""'
STYLES: dict[str, tuple[str, str, str, str]] = {
    # source, target, what stands in the start state, what is written instead
    "CRLF": (
        f"def f(x):\r\n    {DOCSTRING}\r\n    return x\r\n",
        "f",
        "def f(x):\r\n",
        'def f(x):\r\n    """Stir\r\n    soup.\r\n    """\r\n',
    ),
    "LF in a file with CRLF": (
        f"def f(x):\r\n    {DOCSTRING}\r\n    return x\r\n",
        "f",
        "def f(x):\r\n",
        "def f(x):\r\n    'Stir soup.'\n",
    ),
    "tabs": (f"def f(x):\n\t{DOCSTRING}\n\treturn x\n", "f", "def f(x):\n", "def f(x):\n\t'Stir soup.'\n"),
    "decorated": (
        f"import abc\n\n\nclass A:\n    @abc.abstractmethod\n    @staticmethod\n    async def f(x):\n"
        f"        {DOCSTRING}\n        return x\n",
        "A.f",
        "async def f(x):\n",
        "async def f(x):\n        'Stir soup.'\n",
    ),
    "a class": (
        f"class A:\n    {DOCSTRING}\n\n    def f(self):\n        return 1\n",
        "A",
        "class A:\n",
        "class A:\n    'Stir soup.'\n\n",
    ),
    "under a comment": (
        f"def f(x):\n    # why\n    {DOCSTRING}\n    return x\n",
        "f",
        "    # why\n",
        "    # why\n    'Stir soup.'\n",
    ),
    "a body that was only documentation, pass dropped": (f"def f(x):\n    {DOCSTRING}\n", "f", "pass", "'Stir soup.'"),
    "a body that was only documentation, pass kept": (
        f"def f(x):\n    {DOCSTRING}\n",
        "f",
        "pass",
        "'Stir soup.'\n    pass",
    ),
    "a one-liner, opened": (f"def f(x): {DOCSTRING}\n", "f", " pass", "\n    'Stir soup.'"),
    "a one-liner, opened, pass kept": (f"def f(x): {DOCSTRING}\n", "f", " pass", "\n    'Stir soup.'\n    pass"),
    "a one-liner, kept": (f"def f(x): {DOCSTRING}\n", "f", "pass", "'Stir soup.'"),
    "a one-liner, kept with pass": (f"def f(x): {DOCSTRING}\n", "f", "pass", "'Stir soup.'; pass"),
    "unicode names": (
        f"def größe(maß):\n    {DOCSTRING}\n    return maß\n",
        "größe",
        "def größe(maß):\n",
        "def größe(maß):\n    'Stir soup.'\n",
    ),
    "the same function five lines below another": (
        "class A:\n    def f(self):\n        return 1\n\n\n"
        f"class B:\n    def f(self):\n        {DOCSTRING}\n        return 1\n",
        "B.f",
        "class B:\n    def f(self):\n",
        "class B:\n    def f(self):\n        'Stir soup.'\n",
    ),
}


@pytest.mark.parametrize(("source", "target", "old", "new"), STYLES.values(), ids=STYLES.keys())
def test_files_of_every_style_can_be_documented(tmp_path: Path, source: str, target: str, old: str, new: str) -> None:
    files: Files = {"m.py": source}
    task = made("function_localization", files, f"m.py::{target}", **ANY)
    verdict = graded(task, files, tmp_path / "work", edits(("m.py", old, new)))
    assert (verdict.status, verdict.reward) == (Status.RESOLVED, 1.0), verdict.reason


def also(*numbers: int) -> list[Replacement]:
    return [kitchen(f"def helper_{n}(x):\n", f"def helper_{n}(x):\n    '''Adds some number.'''\n") for n in numbers]


GOLD = document("'''Stirs the soup.'''")
INCOMPLETE: dict[str, tuple[list[Replacement], float, str]] = {
    "nothing": ([], 0.0, "0 of 1"),
    "the neighbour": (also(0), 0.0, "kitchen.py::helper_0 was documented, but it is not what was described"),
    "and one other": ([GOLD, *also(0)], 0.6667, "kitchen.py::helper_0 was documented"),
    "and two others": ([GOLD, *also(0, 1)], 0.5, "1 of 1"),
    "and three others": ([GOLD, *also(0, 1, 2)], 0.4, "1 of 1"),
    "and four others": ([GOLD, *also(0, 1, 2, 3)], 0.0, "more than 3 other definitions were documented"),
    "everything": ([GOLD, *also(0, 1, 2, 3, 4)], 0.0, "more than 3 other definitions were documented"),
    "an empty string": ([document('""')], 0.0, "says nothing"),
    "blanks": ([document('"""   """')], 0.0, "says nothing"),
    "three characters of a script without blanks": ([document('"""慢慢搅"""')], 0.0, "says nothing"),
    "one word": ([document('"""Stirs."""')], 0.0, "says nothing"),
    "a placeholder": ([document('"""TODO: docstring"""')], 0.0, "says nothing"),
    "punctuation": ([document('"""... --- ..."""')], 0.0, "says nothing"),
}


@pytest.mark.parametrize(("replacements", "reward", "reason"), INCOMPLETE.values(), ids=INCOMPLETE.keys())
def test_another_answer_has_the_reward_it_earns(
    task: ValidatedTask, tmp_path: Path, replacements: list[Replacement], reward: float, reason: str
) -> None:
    verdict = graded(task, KITCHEN, tmp_path / "work", edits(*replacements))
    assert (verdict.status, verdict.reward) == (Status.UNRESOLVED, reward)
    assert reason in verdict.reason


def test_the_verdict_lists_what_else_was_documented(task: ValidatedTask, tmp_path: Path) -> None:
    others = [f"kitchen.py::helper_{n}" for n in range(5)]
    three = graded(task, KITCHEN, tmp_path / "three", edits(GOLD, *also(2, 0, 1)))
    lines = [f"{i} was documented, but it is not what was described" for i in others[:3]]
    assert three.reason == "; ".join(["1 of 1 targets are documented", *lines])
    everything = graded(task, KITCHEN, tmp_path / "everything", edits(GOLD, *also(0, 1, 2, 3, 4)))
    assert everything.details == {"right": 1, "extra": others}


def test_tampering_is_told_with_its_line_if_it_has_one(task: ValidatedTask, tmp_path: Path) -> None:
    code = graded(task, KITCHEN, tmp_path / "code", edits(kitchen("y = x + 0", "y = x + 7")))
    assert code.reason.startswith("kitchen.py:9: ")
    coding = kitchen('"""Cooking."""', '# coding: latin-1\n"""Cooking."""')
    head = graded(task, KITCHEN, tmp_path / "head", edits(coding))
    assert head.reason.startswith("kitchen.py:1: encoding: ")
    huge = graded(task, KITCHEN, tmp_path / "huge", edits(document(f"'{'x' * 200_001}'")))
    assert huge.reason.startswith("kitchen.py: size: ")


def test_a_task_for_a_newer_compiler_is_not_judged(task: ValidatedTask) -> None:
    newer = msgspec.structs.replace(task, answer={**task.answer, "judge": (4, 1)})
    verdict = FunctionLocalization().check(newer, apply_edits(tree_of(KITCHEN), task.start_edits), ())
    assert (verdict.status, verdict.reward) == (Status.ERROR, 0.0)
    assert verdict.reason == "checking this task needs python 4.1 or newer"


TAMPERED: dict[str, list[Replacement]] = {
    "a comment": [kitchen(START, f"{START}    # {DOC}\n")],
    "a comment above": [kitchen(START, f"# {DOC}\n{START}")],
    "a comment besides": [GOLD, kitchen("def helper_0", "# new\ndef helper_0")],
    "an f-string": [document('f"""Stirs the soup."""')],
    "bytes": [document('b"""Stirs the soup."""')],
    "a string that is no documentation": [kitchen("    return pot\n", f"    return pot\n    '''{DOC}'''\n")],
    "an assigned string": [document("__doc__ = 'Stirs the soup.'")],
    "a code edit": [GOLD, kitchen("y = x + 0", "y = x + 7")],
    "a code edit elsewhere": [GOLD, ("other.py", "return x", "return 0")],
    "code behind the documentation": [document("'''Stirs the soup.'''; pot = None")],
    "deleted code": [GOLD, kitchen("    return pot\n", "    pass\n")],
    "deleted documentation": [GOLD, ("other.py", "    '''Says what it does.'''\n", "")],
    "changed documentation": [GOLD, ("other.py", "Says what it does", "Says something else")],
    "changed documentation of the module": [GOLD, kitchen("Cooking.", "Cooking and more.")],
    "a renamed parameter": [
        kitchen(START + "    return pot", START.replace("pot", "pan") + "    'Stirs soup.'\n    return pan")
    ],
    "a new file": [GOLD, ("new.py", "", "'''Stirs the soup.'''\n")],
    "a new file that is no source": [GOLD, ("done.md", "", "done\n")],
    "a file that is no source": [GOLD, ("notes.txt", "nothing", "something")],
    "code behind a form feed": [document("'''Stirs the soup.'''\f\n    pot = None")],
    "code behind a carriage return": [document("'''Stirs the soup.'''\r    pot = None")],
    "code behind a comment and a carriage return": [document("'''Stirs the soup.'''  # why\r    pot = None")],
    "code behind a NUL": [document("'''Stirs the soup.'''\0; pot = None")],
    "a syntax error": [document("'''Stirs the soup.")],
    "a hidden character": [document("'''Stirs the\u202e soup.'''")],
}


@pytest.mark.parametrize("replacements", TAMPERED.values(), ids=TAMPERED.keys())
def test_any_other_change_is_tampering(task: ValidatedTask, tmp_path: Path, replacements: list[Replacement]) -> None:
    verdict = graded(task, KITCHEN, tmp_path / "work", edits(*replacements))
    assert (verdict.status, verdict.reward) == (Status.TAMPERED, 0.0), verdict


def remove(path: str) -> Callable[[Path], None]:
    return lambda folder: (folder / path).unlink()


def make_executable(folder: Path) -> None:
    (folder / "kitchen.py").chmod(0o755)


def make_link(folder: Path) -> None:
    (folder / "other.py").unlink()
    (folder / "other.py").symlink_to("kitchen.py")


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        pytest.param(remove("notes.txt"), "notes.txt: the file was deleted", id="a deleted file"),
        pytest.param(make_executable, "the file's mode changed from 100644 to 100755", id="a mode"),
        pytest.param(make_link, "the file's mode changed from 100644 to 120000", id="a link"),
    ],
)
def test_a_change_that_is_no_edit_is_tampering(
    task: ValidatedTask, tmp_path: Path, work: Callable[[Path], None], reason: str
) -> None:
    def documented_and_more(folder: Path) -> None:
        edits(GOLD)(folder)
        work(folder)

    verdict = graded(task, KITCHEN, tmp_path / "work", documented_and_more)
    assert (verdict.status, verdict.reward) == (Status.TAMPERED, 0.0)
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("details", "said", "unsaid"),
    [
        pytest.param("brief", [], ["parameter", "result", "calls"], id="brief"),
        pytest.param("parameters", ["one required parameter"], ["result", "calls"], id="parameters"),
        pytest.param("returns", ["one required parameter", "annotated `int`"], ["calls"], id="returns"),
        pytest.param("calls", ["one required parameter", "annotated `int`", "calls one definition"], [], id="calls"),
    ],
)
def test_each_level_of_details_says_more(details: str, said: list[str], unsaid: list[str]) -> None:
    files: Files = {
        "m.py": f"def wash(x): return x\n\n\ndef stew(pot) -> int:\n    {DOCSTRING}\n    return wash(pot)\n"
    }
    task = made("function_localization", files, "m.py::stew", details=details, **ANY)
    listed = task.problem_statement.partition("## What it does")[2].partition("## What to do")[0]
    assert all(words in listed for words in said)
    assert not any(words in listed for words in unsaid)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Stirs soup", True, id="two words"),
        pytest.param("Stirs", False, id="one"),
        pytest.param("a b", False, id="letters"),
        pytest.param("TODO fixme", False, id="placeholders"),
        pytest.param("TODO stir soup", True, id="placeholder and words"),
        pytest.param("汤汤汤汤", True, id="a script without blanks"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_what_says_something(text: str, expected: bool) -> None:
    assert says_something(text) == expected


DOCUMENTED = f"    {DOCSTRING}\n    return x\n"
REJECTED: dict[str, tuple[str, str, dict[str, object], str]] = {
    "no documentation": ("def f(x):\n    return x\n", "f", {"documented": "any"}, "no documentation"),
    "not selected": ("def f(x):\n    return x\n", "f", {}, "not selected"),
    "the only one without": (f"def f(x):\n{DOCUMENTED}", "f", {"min_undocumented": 3}, "the only undocumented"),
    "defined twice": (
        f"if input():\n    def f(x):\n        {DOCSTRING}\n        return x\nelse:\n    def f(x):\n        return x\n",
        "f",
        {"conditional": "any"},
        "defined more than once",
    ),
    "an overload": (
        f"from typing import overload\n\n\n@overload\ndef f(x):\n{DOCUMENTED}",
        "f",
        {},
        "an overload or a half of a property",
    ),
    "behind code": (f"def f(x): {DOCSTRING}; return x\n", "f", {}, "documentation shares a line with code"),
    "before code": (
        f"def f(x):\n    {DOCSTRING}; y = x\n    return y\n",
        "f",
        {},
        "documentation shares a line with code",
    ),
    "too little content": (
        'def f(x):\n    """Return the value of x."""\n    return x\n',
        "f",
        {},
        "too little content",
    ),
    "no prose": ('def f(x):\n    """\n    >>> f(1)\n    1\n    """\n    return x\n', "f", {}, "too little content"),
}


@pytest.mark.parametrize(("source", "target", "settings", "reason"), REJECTED.values(), ids=REJECTED.keys())
def test_what_is_no_task_says_why(source: str, target: str, settings: dict[str, object], reason: str) -> None:
    rejection = make("function_localization", {"m.py": source}, f"m.py::{target}", **{**ANY, **settings})
    assert isinstance(rejection, Rejection)
    assert reason in rejection.reason
    assert rejection.subject == f"m.py::{target}"
