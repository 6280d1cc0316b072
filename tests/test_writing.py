"""writing.py: what a model writes is taken if it keeps to the rules, and asked for again if it does not."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chat_server import ChatServer, Reply, answer, error, serving
from hybridgym.diffs import changes, make_patch
from hybridgym.llm import Endpoint, Model, ModelSettings, NoAnswer
from hybridgym.spoilers import Secrets
from hybridgym.task import File
from hybridgym.writing import (
    MAX_ISSUE,
    SAMPLES,
    Call,
    Described,
    FailingTest,
    FixFacts,
    written_description,
    written_issue,
    written_tests,
)
from tiny import tree_of

BEFORE = tree_of({"src/kitchen/oven.py": "def bake(dough, heat):\n    return dough\n"})
AFTER = tree_of(
    {
        "src/kitchen/oven.py": """\
from kitchen.errors import ColdOvenError


def bake(dough, heat):
    if _is_too_cold(heat):
        raise ColdOvenError(heat)
    return dough
"""
    }
)
GOLD = changes(BEFORE, AFTER)
SECRETS = Secrets(
    gold=GOLD,
    paths=("src/kitchen/oven.py",),
    tests=("tests/test_oven.py::test_cold_ovens",),
    commits=("4be1c0ffee9275d1a9d0bcbbd8a0d1d5d2c6a1f0",),
)
FACTS = FixFacts(
    project="kitchen",
    message="Refuse to bake in a cold oven (#12)",
    diff=make_patch(GOLD),
    calls=(Call(script="bake('bread', -3)", expected="kitchen.errors.ColdOvenError: -3", observed="'bread'"),),
    tests=(
        FailingTest(
            body="def test_cold_ovens():\n    with raises(ColdOvenError):\n        bake('pie', -1)",
            output="Failed: DID NOT RAISE",
        ),
    ),
)
ISSUE = """\
# Baking works in an oven that is switched off

I called `bake("rolls", -20)` by mistake and got my rolls back as if all were well. I expected a `ColdOvenError`
that says the heat, as there is no bread below zero.\
"""


def tagged(text: str, tag: str = "ISSUE") -> Reply:
    return answer(f"Let me think about it.\n\n[{tag}]\n{text}\n[/{tag}]\n")


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Callable[[ChatServer], Model]]:
    def model(server: ChatServer) -> Model:
        return Model(ModelSettings(name="small"), Endpoint(url=server.url), tmp_path, pause=0.001)

    yield model


def prompts(server: ChatServer) -> list[str]:
    return [request.body["messages"][-1]["content"] for request in server.requests]


def test_an_issue_that_keeps_to_the_rules_is_taken_as_it_is(asked: Callable[[ChatServer], Model]) -> None:
    with serving([tagged(ISSUE)]) as server:
        assert written_issue(asked(server), FACTS, BEFORE, SECRETS) == ISSUE
        assert written_issue(asked(server), FACTS, BEFORE, SECRETS) == ISSUE
    [prompt] = prompts(server)
    for part in (
        "bake('bread', -3)",
        "+        raise ColdOvenError(heat)",
        "test_cold_ovens",
        "DID NOT RAISE",
        "(#12)",
    ):
        assert part in prompt


LEAKING = {
    "a name that only the change has": (f"{ISSUE} There should be an `_is_too_cold`.", "_is_too_cold"),
    "a line of the change": (f"{ISSUE} Try: raise ColdOvenError(heat)", "raise ColdOvenError(heat)"),
    "a test": (f"{ISSUE} That is test_cold_ovens.", "test_cold_ovens"),
    "the commit": (f"{ISSUE} Fixed in 4be1c0f.", "4be1c0f"),
    "the file": (f"{ISSUE} See kitchen/oven.py.", "src/kitchen/oven.py"),
    "nothing to read": ("# Oven", "6 characters"),
    "a book": ("# Oven\n\n" + "It is cold. " * (MAX_ISSUE // 10), "characters"),
    "half a block of code": (f"{ISSUE}\n\n```python\nbake(1, 2)", "block of code"),
    "marks that turn text around": (f"{ISSUE} \u202e", "characters"),
    "nothing": ("", "nothing between"),
}


@pytest.mark.parametrize(("text", "said"), LEAKING.values(), ids=LEAKING.keys())
def test_what_gives_something_away_is_asked_for_again_with_the_reason(
    text: str, said: str, asked: Callable[[ChatServer], Model]
) -> None:
    with serving([tagged(text), tagged(ISSUE)]) as server:
        assert written_issue(asked(server), FACTS, BEFORE, SECRETS) == ISSUE
    first, second = server.requests
    assert [m["role"] for m in second.body["messages"]] == ["user", "assistant", "user"]
    assert second.body["messages"][0] == first.body["messages"][0]
    assert said in prompts(server)[1]


def test_a_model_that_cannot_keep_a_secret_ends_as_a_reason(asked: Callable[[ChatServer], Model]) -> None:
    with serving([tagged(f"{ISSUE} Use _is_too_cold.")]) as server:
        found = written_issue(asked(server), FACTS, BEFORE, SECRETS)
    assert isinstance(found, NoAnswer)
    assert found.reason.endswith("it gives away a name that the answer brings in: _is_too_cold")
    assert len(server.requests) == SAMPLES


def test_a_model_that_does_not_answer_ends_as_its_reason(asked: Callable[[ChatServer], Model]) -> None:
    with serving([error(400, "no")]) as server:
        refused = NoAnswer(reason="language model: HTTP 400: no")
        assert written_issue(asked(server), FACTS, BEFORE, SECRETS) == refused
        assert written_tests(asked(server), FACTS) == refused


ANSWERS = {
    "thinking that says the tags": f"<think>Between [ISSUE] and [/ISSUE].</think>[ISSUE]{ISSUE}[/ISSUE]",
    "a fence around it": f"[ISSUE]\n```markdown\n{ISSUE}\n```\n[/ISSUE]",
    "no blanks": f"[ISSUE]{ISSUE}[/ISSUE]",
}


@pytest.mark.parametrize("text", ANSWERS.values(), ids=ANSWERS.keys())
def test_the_issue_is_found_in_what_a_model_says(text: str, asked: Callable[[ChatServer], Model]) -> None:
    with serving([answer(text)]) as server:
        assert written_issue(asked(server), FACTS, BEFORE, SECRETS) == ISSUE


def test_what_a_model_is_shown_has_an_end(asked: Callable[[ChatServer], Model]) -> None:
    long = "x = 1\n" * 100_000
    facts = FixFacts(
        message=long,
        diff=long,
        calls=(Call(script=long, expected=long, observed=long),) * 9,
        tests=(FailingTest(body=long, output=long),) * 9,
        examples=(long,) * 9,
        issue=long,
    )
    with serving([tagged(ISSUE)]) as server:
        written_issue(asked(server), facts, BEFORE, SECRETS, samples=1)
        written_tests(asked(server), facts, samples=1)
    assert max(map(len, prompts(server))) < 120_000
    assert "[…]" in prompts(server)[0]


# Tests

MODULE = "import pytest\n\nfrom kitchen import bake\n\n\ndef test_it():\n    assert bake(1, 2) == 1"


def test_modules_of_tests_are_those_that_parse_and_have_tests(asked: Callable[[ChatServer], Model]) -> None:
    texts = [
        f"[TESTS]\n{MODULE}\n[/TESTS]",
        f"[TESTS]\n```python\n{MODULE}\n```\n[/TESTS]",
        "[TESTS]\ndef test_it(:\n[/TESTS]",
        "[TESTS]\nx = 1\n[/TESTS]",
        "I cannot do that.",
        f"[TESTS]\nasync {MODULE[MODULE.index('def') :]}\n[/TESTS]",
    ]
    with serving([answer(text) for text in texts]) as server:
        found = written_tests(asked(server), FACTS, samples=len(texts))
    assert found == (f"{MODULE}\n", "async def test_it():\n    assert bake(1, 2) == 1\n")
    assert len(server.requests) == len(texts)
    assert len(set(prompts(server))) == 1
    assert "ColdOvenError" in prompts(server)[0]


def test_without_a_module_there_is_a_reason(asked: Callable[[ChatServer], Model]) -> None:
    with serving([answer("[TESTS]pass[/TESTS]")]) as server:
        assert written_tests(asked(server), FACTS) == NoAnswer(reason="no sample is a module with tests")


# Descriptions

SUBJECT = Described(
    kind="function",
    language="python",
    name="simmer",
    around=("slow_stove",),
    description="Stir the thick soup slowly until seven green herbs sink to the bottom of a Cauldron.",
    facts=("It takes one argument.",),
    code="def simmer(pot_size):\n    spoon = find_spoon(pot_size)\n    return Cauldron(spoon)\n",
)
KITCHEN = tree_of({"kitchen.py": "def find_spoon(a):\n    pass\n"})
HIDING = Secrets(
    gold=changes({}, {"kitchen.py": File(SUBJECT.code.encode())}),
    paths=("kitchen.py",),
    hidden=("simmer", "kitchen.py"),
)
GOOD = "Keeps a heavy broth of a Cauldron moving\nuntil all its green herbs have gone down to the ground."


def test_a_description_that_keeps_to_the_rules_is_taken(asked: Callable[[ChatServer], Model]) -> None:
    with serving([tagged(GOOD, "DESCRIPTION")]) as server:
        found = written_description(asked(server), SUBJECT, KITCHEN, HIDING)
    assert found == GOOD.replace("\n", " ")
    assert SUBJECT.description in prompts(server)[0]


NAMING = {
    "the name": f"{GOOD} One could call it Simmer.",
    "a form of the name": f"{GOOD} It simmers.",
    "its module": f"{GOOD} Of the slow_stove.",
    "a parameter": f"{GOOD} It takes a pot_size.",
    "a line": f"{GOOD} So return Cauldron(spoon) follows.",
    "its file": f"{GOOD} In kitchen.py.",
    "code": f"{GOOD} It is `stirring`.",
    "hardly a word": "Does it.",
    "too many": " ".join(["Green herbs broth moving slowly down heavy."] * 20),
}


@pytest.mark.parametrize("text", NAMING.values(), ids=NAMING.keys())
def test_a_description_may_not_name_what_is_to_be_found(text: str, asked: Callable[[ChatServer], Model]) -> None:
    with serving([tagged(text, "DESCRIPTION")]) as server:
        assert isinstance(written_description(asked(server), SUBJECT, KITCHEN, HIDING), NoAnswer)
    assert len(server.requests) == SAMPLES


def test_names_that_the_repository_has_elsewhere_single_nothing_out(asked: Callable[[ChatServer], Model]) -> None:
    with serving([tagged(f"{GOOD} It needs find_spoon.", "DESCRIPTION")]) as server:
        assert isinstance(written_description(asked(server), SUBJECT, KITCHEN, HIDING), str)
