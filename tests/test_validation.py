"""validation.py: every reason for which a candidate does not become a task, and what the proof consists of."""

from collections.abc import Iterator, Sequence

import pytest
from msgspec.structs import replace

from hybridgym.edits import apply_edits
from hybridgym.render import Template
from hybridgym.resolve import DefinitionKey
from hybridgym.task import Candidate, Change, Evidence, File, Rejection, Status, Task, Tree, ValidatedTask, Verdict
from hybridgym.tasks.base import NearMiss, RepoContext, TaskKind
from hybridgym.tasks.function_localization import FunctionLocalization
from hybridgym.validation import prove
from tiny import Files, made, make, tree_of

PROSE = "Stir the thick soup slowly until seven green herbs sink to the bottom."
ANY: dict[str, object] = {"min_undocumented": 0, "lines": {"min": 1}}


def function(name: str, text: str = PROSE, signature: str = "pot") -> str:
    return f'def {name}({signature}):\n    """{text}"""\n    return {signature.partition(":")[0].split(",")[0]}\n\n\n'


KITCHEN: Files = {"kitchen.py": function("simmer") + "def plate(dish):\n    return dish\n"}


def rejected(files: Files, target: str, kind: str = "function_localization") -> Rejection:
    rejection = make(kind, files, target, **(ANY if kind == "function_localization" else {}))
    assert isinstance(rejection, Rejection), rejection
    assert rejection.subject == target
    return rejection


def test_without_anything_that_speaks_against_it_it_is_a_task() -> None:
    task = made("function_localization", KITCHEN, "kitchen.py::simmer", **ANY)
    assert (task.evidence.gold, task.evidence.empty) == ("resolved", "unresolved")
    assert task.difficulty["bm25_rank"] >= 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        pytest.param("required", function("required"), id="a word of the facts"),
        pytest.param("one", function("one"), id="a number of the facts"),
        pytest.param("Required", function("Required"), id="in another case"),
        pytest.param("int", "def int(pot) -> int:\n" + function("x").partition("\n")[2], id="a type of the facts"),
    ],
)
def test_a_statement_may_not_say_the_name(name: str, source: str) -> None:
    rejection = rejected({"kitchen.py": source}, f"kitchen.py::{name}")
    assert (rejection.reason, rejection.detail) == ("the statement says a name", name)


SAID_AGAIN = PROSE.partition(" to ")[0]
ELSEWHERE = {
    "in a README": ("README.md", f"This can {SAID_AGAIN.lower()}, and more.\n"),
    "in documentation, over several lines": ("docs/usage.rst", SAID_AGAIN.replace(" ", "\n   ")),
    "in package metadata": ("pyproject.toml", f'description = "{SAID_AGAIN}"\n'),
    "in a comment of another module": ("other.py", f"# {SAID_AGAIN}\n"),
    "in a test": ("tests/test_kitchen.py", f'def test_it():\n    """{SAID_AGAIN}"""\n'),
    "in a sibling's documentation": ("kitchen.py", function("simmer") + function("plate", f"Say: {SAID_AGAIN}.")),
    "in a comment of the same function": (
        "kitchen.py",
        function("simmer").replace("return", f"# {SAID_AGAIN}\n    return"),
    ),
    "in a file that is not UTF-8": ("NOTES", b"\xe9 " + SAID_AGAIN.encode()),
    "in a file that cannot be parsed": ("broken.py", f'def (:\n    """{SAID_AGAIN}"""\n'),
}


@pytest.mark.parametrize(("path", "content"), ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_its_words_may_not_stand_elsewhere(path: str, content: str | bytes) -> None:
    rejection = rejected({**KITCHEN, path: content}, "kitchen.py::simmer")
    assert rejection.reason == "its words stand elsewhere"
    assert rejection.detail == f"{path}: stir the thick soup slowly until seven green"


def test_what_is_left_out_of_the_description_may_not_stand_elsewhere_either() -> None:
    hidden = "one two three four five six seven eight nine"
    files: Files = {
        "kitchen.py": function("simmer", f"{PROSE}\n\n    Notes\n    -----\n    {hidden}\n    "),
        "README.md": f"See {hidden}.\n",
    }
    assert rejected(files, "kitchen.py::simmer").reason == "its words stand elsewhere"


def test_seven_words_may_stand_elsewhere() -> None:
    files: Files = {**KITCHEN, "README.md": "Stir the thick soup slowly until seven.\n"}
    assert made("function_localization", files, "kitchen.py::simmer", **ANY).task_kind == "function_localization"


NOT_UNIQUE = {
    "a twin in other words of the same": function(
        "braise", "Seven herbs sink; stir slowly until the thick green soup is bottom."
    ),
    "a better fit": function(
        "plate", "Soup soup, stir herbs, sink green seven, thick bottom slowly: until herbs stir soup."
    ),
}


@pytest.mark.parametrize("other", NOT_UNIQUE.values(), ids=NOT_UNIQUE.keys())
def test_a_description_has_to_single_out_its_target(other: str) -> None:
    files: Files = {"kitchen.py": function("simmer"), "other.py": other}
    rejection = rejected(files, "kitchen.py::simmer")
    assert rejection.reason == "not unique"
    assert rejection.detail.startswith("other.py::")


def test_a_test_that_fits_as_well_is_no_rival() -> None:
    files: Files = {
        **KITCHEN,
        "tests/test_a.py": function("simmer", "Seven herbs sink; stir slowly the thick green soup."),
    }
    assert made("function_localization", files, "kitchen.py::simmer", **ANY).repo == "local/small"


def test_how_far_the_next_best_has_to_be_is_a_knob() -> None:
    files: Files = {
        "kitchen.py": function("simmer"),
        "other.py": function("braise", "Seven green herbs: stir them in thick sauce."),
    }
    loose = make("function_localization", files, "kitchen.py::simmer", **{**ANY, "uniqueness": 0.0})
    strict = make("function_localization", files, "kitchen.py::simmer", **{**ANY, "uniqueness": 0.95})
    assert isinstance(loose, ValidatedTask)
    assert isinstance(strict, Rejection)


@pytest.mark.parametrize(
    ("source", "detail"),
    [
        pytest.param("# -*- coding: cp1252 -*-\n" + function("simmer"), "kitchen.py: encoding", id="an odd encoding"),
        pytest.param(
            function("simmer").replace("    return", '    """Mind the lid."""\n    return'),
            "kitchen.py: code changed",
            id="another string that would become the documentation",
        ),
    ],
)
def test_taking_documentation_out_may_change_nothing_else(source: str, detail: str) -> None:
    rejection = rejected({"kitchen.py": source}, "kitchen.py::simmer")
    assert rejection.reason == "start state"
    assert rejection.detail.startswith(detail)


def test_a_task_whose_own_solution_is_refused_is_none() -> None:
    files: Files = {
        "app.py": "from broken import boil\n\n\ndef cook():\n    return boil()\n",
        "broken.py": "# this function/class is called by the cook function\n\n\ndef boil(): pass\n",
    }
    rejection = rejected(files, "app.py::cook", "dependency_search")
    assert rejection.reason == "checker"
    assert rejection.detail.startswith("the gold patch is tampered: broken.py")


def test_a_dependency_in_a_file_that_breaks_off_gives_no_task() -> None:
    files: Files = {
        "app.py": "from broken import boil\n\n\ndef cook():\n    return boil()\n",
        "broken.py": "def boil(): pass\n\n\ndef unfinished(:\n    pass\n",
    }
    rejection = rejected(files, "app.py::cook", "dependency_search")
    assert (rejection.reason, rejection.detail) == ("a dependency is in a file with syntax errors", "broken.py")


# The proof itself, with kinds that are wrong in one way each.


class Lenient(TaskKind):
    """Resolves every answer whose number of changes it likes."""

    name = "lenient"
    checker_version = 1

    def __init__(self, *resolved: int) -> None:
        self._resolved = resolved

    def candidates(self, repo: RepoContext, template: Template) -> Iterator[Candidate | Rejection]:
        return iter(())

    def candidate(self, repo: RepoContext, key: DefinitionKey, template: Template) -> Candidate | Rejection:
        raise AssertionError

    def gold(self, candidate: Candidate, source: Tree, start: Tree) -> Tree:
        return source

    def near_misses(self, task: Task, start: Tree, gold: Sequence[Change]) -> Iterator[NearMiss]:
        new = Change(path="new", before=None, after=File(b""))
        yield NearMiss(name="gold and more", changes=(*gold, new))

    def check(self, task: Task, start: Tree, changes: Sequence[Change]) -> Verdict:
        status = Status.RESOLVED if len(changes) in self._resolved else Status.UNRESOLVED
        return Verdict(instance_id=task.instance_id, status=status, reward=0.25, reason="because")


@pytest.fixture(scope="module")
def task() -> ValidatedTask:
    return made("function_localization", KITCHEN, "kitchen.py::simmer", **ANY)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        pytest.param(Lenient(), "the gold patch is unresolved: because", id="the gold patch is refused"),
        pytest.param(Lenient(0, 1), "the empty patch is resolved", id="the empty patch is accepted"),
        pytest.param(Lenient(1, 2), "near miss (gold and more) is resolved", id="a near miss is accepted"),
    ],
)
def test_a_checker_that_is_wrong_proves_nothing(task: ValidatedTask, kind: TaskKind, reason: str) -> None:
    assert prove(kind, task, apply_edits(tree_of(KITCHEN), task.start_edits)) == reason


def test_the_proof_records_what_the_checker_said(task: ValidatedTask) -> None:
    evidence = prove(Lenient(1), task, apply_edits(tree_of(KITCHEN), task.start_edits))
    assert isinstance(evidence, Evidence)
    assert (evidence.gold, evidence.empty) == ("resolved", "unresolved")
    assert [(m.name, m.status, m.reward) for m in evidence.near_misses] == [("gold and more", "unresolved", 0.25)]


def test_a_gold_patch_has_to_apply(task: ValidatedTask) -> None:
    start = apply_edits(tree_of(KITCHEN), task.start_edits)
    proof = prove(FunctionLocalization(), replace(task, patch=task.patch.replace("def simmer", "def summer")), start)
    assert isinstance(proof, str)
    assert proof.startswith("the gold patch does not apply")
