"""spoilers.py: what a statement gives away, and what it may say though it looks like that."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridgym.diffs import changes
from hybridgym.edits import apply_edits
from hybridgym.source import load_source
from hybridgym.specs import spec_of
from hybridgym.spoilers import Secrets, Spoiled, mentions, spoilers, words_of_code
from hybridgym.task import LINK, File, ValidatedTask
from hybridgym.tasks import kind_named
from hybridgym.validation import given_away
from tiny import TINIES, Files, make, tree_of

BEFORE: Files = {
    "src/kitchen/oven.py": '''
def bake(dough, heat):
    """Bake it."""
    return dough
''',
    "src/kitchen/__init__.py": "from kitchen.oven import bake\n",
    "src/tools/__init__.py": "",
    "tests/test_oven.py": "from kitchen import bake\n\n\ndef test_it_is_brown():\n    assert bake(1, 2)\n",
    "README.md": "How to bake: preheat with care, return None where there is no dough, and wait_for_it.\n",
}
AFTER: Files = {
    "src/kitchen/oven.py": '''
from kitchen.gauges import HeatGauge


def bake(dough, heat):
    """Bake it at some heat that celsius_gauge shows."""
    # Nobody may bake when the heat is below zero degrees.
    if heat < 0 and not dough.isFrozen():
        raise OvenError(f"too cold: {heat} degrees of celsius are not enough to bake")
    message = """
The oven is on now, and it will be hot in ten minutes.
"""
    for step in range(len(dough)):
        _warm_up(step)
    wait_for_it()
    return None
''',
    "src/kitchen/__init__.py": "from kitchen.oven import bake\n\nLIMIT = 3\n",
    "src/tools/__init__.py": "",
    "src/kitchen/gauges.py": "class HeatGauge:\n    pass\n",
    "tests/test_oven.py": BEFORE["tests/test_oven.py"],
    "README.md": BEFORE["README.md"],
    "docs/changes.rst": "- Ovens that are cold no longer take any dough.\n",
}
COMMIT = "4be1c0ffee9275d1a9d0bcbbd8a0d1d5d2c6a1f0"
GOLD = changes(tree_of(BEFORE), tree_of(AFTER))
SECRETS = Secrets(
    gold=GOLD,
    paths=tuple(change.path for change in GOLD),
    tests=("tests/test_oven.py::TestBaking::test_it_is_brown[pie-3]", "tests/test_oven.py::test_fire"),
    commits=(COMMIT,),
)


def found_in(statement: str, secrets: Secrets = SECRETS) -> list[tuple[Spoiled, str]]:
    return [(found.kind, found.text) for found in spoilers(statement, tree_of(BEFORE), secrets)]


GIVEN_AWAY = {
    "a name with an underscore": ("It should call _warm_up first.", Spoiled.NAME, "_warm_up"),
    "a name with a capital inside": ("Use a HeatGauge for it.", Spoiled.NAME, "HeatGauge"),
    "a name with a capital later": ("Ask whether it isFrozen.", Spoiled.NAME, "isFrozen"),
    "a plain word, quoted": ("Every `step` counts.", Spoiled.NAME, "step"),
    "a plain word, called": ("Use range(3) here.", Spoiled.NAME, "range"),
    "a plain word behind a dot": ("Look at oven.message then.", Spoiled.NAME, "message"),
    "a plain word in a block of code": ("Do:\n\n```python\nfor step in dough: pass\n```\n", Spoiled.NAME, "step"),
    "a plain word in an indented block": ("Do:\n\n    for step in dough: pass\n\nThen wait.", Spoiled.NAME, "step"),
    "a plain word in double backticks": ("Every ``step`` counts.", Spoiled.NAME, "step"),
    "a plain word in a block that does not end": ("Do:\n\n~~~\nstep = 1\n", Spoiled.NAME, "step"),
    "a constant": ("There is a `LIMIT`.", Spoiled.NAME, "LIMIT"),
    "a line": (
        "Say if heat < 0 and not dough.isFrozen(): in it",
        Spoiled.LINE,
        "if heat < 0 and not dough.isFrozen():",
    ),
    "a line with other blanks": (
        "Say if  heat < 0 and\nnot dough.isFrozen(): in it",
        Spoiled.LINE,
        "if heat < 0 and not dough.isFrozen():",
    ),
    "a comment": (
        "Nobody may bake when the heat is below zero degrees.",
        Spoiled.LINE,
        "Nobody may bake when the heat is below zero degrees.",
    ),
    "a line of a text": (
        "Ovens that are cold no longer take any dough.",
        Spoiled.LINE,
        "Ovens that are cold no longer take any dough.",
    ),
    "a test": ("See test_it_is_brown.", Spoiled.TEST, "test_it_is_brown"),
    "a test's class": ("See TestBaking.", Spoiled.TEST, "TestBaking"),
    "a test's file": ("See /testbed/tests/test_oven.py.", Spoiled.TEST, "tests/test_oven.py"),
    "a test's file without its folder": ("See test_oven.py.", Spoiled.TEST, "test_oven.py"),
    "a test's module": ("Run `python -m tests.test_oven`.", Spoiled.TEST, "test_oven"),
    "a commit": (f"Fixed by {COMMIT}.", Spoiled.COMMIT, COMMIT),
    "the beginning of a commit": ("Since 4be1c0f it works.", Spoiled.COMMIT, "4be1c0f"),
    "a commit in capitals": ("Since 4BE1C0FF it works.", Spoiled.COMMIT, "4BE1C0FF"),
    "a path": ("It is in src/kitchen/oven.py.", Spoiled.PATH, "src/kitchen/oven.py"),
    "a path from the root": ("It is in `/testbed/src/kitchen/oven.py`:", Spoiled.PATH, "src/kitchen/oven.py"),
    "the name of the only such file": ("It is in oven.py, I think", Spoiled.PATH, "src/kitchen/oven.py"),
    "a path of which the name is common": ("src/kitchen/__init__.py", Spoiled.PATH, "src/kitchen/__init__.py"),
    "a file that is new": ("Is there a changes.rst?", Spoiled.PATH, "docs/changes.rst"),
}


@pytest.mark.parametrize(("statement", "kind", "text"), GIVEN_AWAY.values(), ids=GIVEN_AWAY.keys())
def test_it_is_given_away(statement: str, kind: Spoiled, text: str) -> None:
    assert (kind, text) in found_in(statement)


FINE = {
    "nothing": "",
    "a report": "Baking at a heat below zero should fail, but `bake(1, -3)` returns what it was given.",
    "a plain word that is a name": "At every step of the way a message is shown, with a limit. Range is short.",
    "a plain word further in": "So:\n\n- at first\n    step by step\n\nand then\n   step by step",
    "a plain word between quotes that do not fit": "It is `` a step ` here, ```` a message ```` and `` a step",
    "a plain word at the end of a sentence": "It ends.Message follows.",
    "a name as part of another": "That was my_warm_up and HeatGauges.",
    "a name that the start state has": "We `wait_for_it` with kitchen.bake(…).",
    "a name that only a string has": "It says celsius_gauge.",
    "what it is to print": "It should say: too cold: 3 degrees of celsius are not enough to bake",
    "a line of what it is to print": "The oven is on now, and it will be hot in ten minutes.",
    "a line that the start state has": "It should return None then.",
    "some words of a comment": "The heat is below zero degrees.",
    "six hexadecimal digits": "4be1c0",
    "another hash": "4be1c0ef and deadbeef5, as printed",
    "a hash as part of a word": "x4be1c0ffee",
    "a name of files that are many": "See its __init__.py.",
    "a file of that name in another folder": "See lib/kitchen/oven.pyx.",
    "a test's word": "It is brown, and the test of it fails: see the tests of baking.",
}


@pytest.mark.parametrize("statement", FINE.values(), ids=FINE.keys())
def test_it_may_be_said(statement: str) -> None:
    assert found_in(statement) == []


def test_what_is_asked_for_is_no_secret_but_what_stands_around_it_is() -> None:
    said = msgspec.structs.replace(SECRETS, said=("src/kitchen/oven.py", "step()"))
    assert found_in("Look at `src/kitchen/oven.py` and step().", said) == []
    assert found_in("Look at `src/kitchen/oven.py` and oven.py.", said) == [(Spoiled.PATH, "src/kitchen/oven.py")]
    assert found_in("Look at src/kitchen/oven.pyx and my step(), and _warm_up", said) == [(Spoiled.NAME, "_warm_up")]


def test_names_that_tests_call_may_be_said() -> None:
    public = msgspec.structs.replace(SECRETS, public=words_of_code("with raises(OvenError): HeatGauge()"))
    assert found_in("OvenError of HeatGauge and _warm_up", public) == [(Spoiled.NAME, "_warm_up")]


def test_hidden_names_may_not_even_be_said_as_plain_words() -> None:
    assert found_in("Bake the bread.", Secrets(hidden=("bake", "ake"))) == [(Spoiled.HIDDEN, "bake")]
    assert [mentions("a b.c d", name) for name in ("b.c", "b", ".c", "a b")] == [True, True, True, True]


def test_a_test_whose_name_is_a_plain_word_is_named_by_code_alone() -> None:
    secrets = Secrets(tests=("check.py::works", "tests.py::A::runs fast"))
    assert found_in("See whether it works.", secrets) == []
    assert found_in("`works` runs fast", secrets) == [(Spoiled.TEST, "runs fast"), (Spoiled.TEST, "works")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, File(b"new_name = 1", LINK), id="a link"),
        pytest.param(None, File(b"\0new_name = 1\n"), id="a binary file"),
        pytest.param(File(b"new_name = 1\n"), None, id="a deleted file"),
        pytest.param(File(b"x = 1\nnew_name = 1\n"), File(b"new_name = 1\nx = 1\n"), id="a line that moves"),
    ],
)
def test_what_adds_no_lines_gives_none_away(before: File | None, after: File | None) -> None:
    trees = [{"a.py": file} if file else {} for file in (before, after)]
    assert spoilers("new_name = 1", {}, Secrets(gold=changes(*trees))) == ()


def test_files_that_are_not_utf_8_or_do_not_parse_are_read_as_far_as_they_can_be() -> None:
    gold = changes({}, {"a.py": File(b"# caf\xe9\nnew_name = 1\n"), "b.py": File(b"def (:\n    other_name(1)\n")})
    assert [s.text for s in spoilers("`new_name` `other_name`", {}, Secrets(gold=gold))] == ["new_name", "other_name"]


def test_other_languages_have_names_and_comments_too() -> None:
    sources = {
        "a.go": "package a\n// Never call it when the pot is still empty.\nfunc stirPot(p *Pot) { p.spoonField = 1 }\n",
        "b.ts": "export class SoupBowl { #secretSpice = 1; eatSoup(): HotMeal { return this.#secretSpice } }\n",
        "c.rs": "fn peel_onion<T: CookTrait>(a: &T) -> OnionRing { a.cutIt() }\n",
        "d.java": "class PanCake { void flipIt(BigPan p) { p.shakeIt(); } }\n",
        "e.c": "struct big_pot { int lid_size; };\n",
        "f.js": "export const fryEgg = ({panHeat}) => panHeat.toFixed()\n",
    }
    gold = changes({}, tree_of(sources))
    names = "stirPot spoonField SoupBowl secretSpice eatSoup HotMeal peel_onion CookTrait OnionRing cutIt PanCake"
    names += " flipIt BigPan shakeIt big_pot lid_size fryEgg panHeat toFixed"
    found = spoilers(f"{names} and never call it when the pot is still empty", {}, Secrets(gold=gold))
    assert {s.text for s in found if s.kind is Spoiled.NAME} == set(names.split())
    comment = "Never call it when the pot is still empty."
    assert [s.text for s in spoilers(comment, {}, Secrets(gold=gold))] == [comment]


@given(st.text(max_size=60), st.text(max_size=60), st.booleans())
def test_whatever_stands_around_it_it_is_found(before: str, after: str, is_code: bool) -> None:
    line = "raise OvenError(heat, __name__)"
    gold = changes({}, tree_of({"oven.py": f"def bake(heat):\n    {line}\n"}))
    secrets = Secrets(gold=gold, paths=("oven.py",), tests=("t/test_oven.py::test_heat",), commits=(COMMIT,))
    for planted in (line, "OvenError", "oven.py", "test_heat", "t/test_oven.py", COMMIT[:9]):
        fence = "\n```\n" if is_code else "\n"
        assert spoilers(f"{before} {planted} {fence}{after}", {}, secrets), planted


@given(st.text(alphabet="`~ \n\t[]().#x_-", max_size=200), st.binary(max_size=60))
def test_nothing_that_is_written_or_changed_is_too_odd_to_be_searched(statement: str, data: bytes) -> None:
    gold = changes({}, {path: File(data) for path in ("a.py", "b.go", "c.txt", "x")})
    secrets = Secrets(gold=gold, paths=("x", "a.py"), tests=("", "x", "::", "x::["), hidden=("x",), said=("", "x."))
    for found in spoilers(statement, {"a.py": File(data)}, secrets):
        assert found.text


# Statements of kinds


@pytest.mark.parametrize("repository", TINIES, ids=lambda path: path.name)
def test_statements_that_were_read_and_approved_give_nothing_away(repository: Path, tmp_path: Path) -> None:
    source = load_source(spec_of(f"directory:{repository}", tmp_path), tmp_path / "cache")
    folder = Path(__file__).with_name("golden") / repository.name
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
    assert lines
    for row in (msgspec.json.decode(line, type=ValidatedTask) for line in lines):
        start = apply_edits(source.files, row.start_edits)
        kind = kind_named(row.task_kind)
        assert given_away(kind, row, start) == "", row.instance_id
        path = row.patch.partition("+++ b/")[2].partition("\n")[0]
        leaking = msgspec.structs.replace(row, problem_statement=f"{row.problem_statement}\nLook at {path}\n")
        if row.task_kind == "function_localization":
            assert path in given_away(kind, leaking, start)


def test_a_description_that_names_the_file_makes_no_task() -> None:
    prose = "Stir the thick soup of simmering.py slowly until seven green herbs sink to the bottom."
    files = {"deep/simmering.py": f'def stir(pot):\n    """{prose}"""\n    return pot\n\n\ndef b():\n    return 1\n'}
    settings: dict[str, object] = {"min_undocumented": 0, "lines": {"min": 1}}
    rejection = make("function_localization", files, "deep/simmering.py::stir", **settings)
    assert getattr(rejection, "reason", rejection) == "the statement gives something away"
    assert getattr(rejection, "detail", "") == "a file that the answer changes: deep/simmering.py"
