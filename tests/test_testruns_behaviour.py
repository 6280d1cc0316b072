"""Calls are compared, made smaller and written as tests; no code runs here."""

import ast

import pytest
from msgspec.structs import replace

from hybridgym.testruns.behaviour import Stated, written
from hybridgym.testruns.calls import Became, Call
from hybridgym.testruns.comparing import Aspect, compare
from hybridgym.testruns.shrinking import SHORT, smaller

CALL = Call(
    definition="loom/weaving.py::flatten",
    head="loom.flatten",
    receiver="",
    form="call",
    arguments=(("", "[1, [2]]"),),
    modules=("loom",),
)


def value(text: str, **more: object) -> Became:
    return replace(Became(form="value", text=text), **more)


def raised(name: str, *bases: str, deliberate: bool = True) -> Became:
    return Became(form="raises", text=f"loom.{name}", deliberate=deliberate, bases=(name, *bases))


@pytest.mark.parametrize(
    ("old", "new", "differing"),
    [
        pytest.param(value("1"), value("2"), [Aspect.VALUE], id="value"),
        pytest.param(value("1"), value("1"), [], id="same-value"),
        pytest.param(value("{'a': 1, 'b': 2}"), value("{'b': 2, 'a': 1}"), [], id="order-of-a-dict"),
        pytest.param(value("[0.3]"), value("[0.30000000000000004]"), [], id="rounding"),
        pytest.param(value("[1.5]"), value("[2.5]"), [Aspect.VALUE], id="floats"),
        pytest.param(raised("Torn"), value("1"), [Aspect.VALUE], id="raised-before"),
        pytest.param(value("1"), raised("Torn"), [Aspect.RAISES], id="raises-now"),
        pytest.param(raised("Torn", "Error"), raised("Error"), [], id="caught-by-the-same"),
        pytest.param(raised("Error"), raised("Torn", "Error"), [Aspect.RAISES], id="another-exception"),
        pytest.param(value("1"), value("1", printed="x"), [Aspect.PRINTED], id="output"),
        pytest.param(value("1", changed={"a0": ("[]", ())}), value("1"), [Aspect.CHANGED], id="changed-no-more"),
    ],
)
def test_what_differs(old: Became, new: Became, differing: list[Aspect]) -> None:
    comparison = compare(old, new)
    assert comparison.problem == ""
    assert [*comparison.differing] == differing


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(value("1"), None, id="does-not-end"),
        pytest.param(None, value("1"), id="did-not-end"),
        pytest.param(value("1"), raised("Torn", deliberate=False), id="internal-error"),
        pytest.param(value("1"), raised("NotImplementedError"), id="not-done-yet"),
        pytest.param(Became(form="raises", text="TypeError", binding=True), value("1"), id="another-signature"),
        pytest.param(value("1"), Became(refused="cannot be compared"), id="cannot-be-written"),
        pytest.param(value("1"), value("1", changed={"a0": ("", ())}), id="changed-to-what-cannot-be-written"),
        pytest.param(value("1"), value("{'a': [0.1, 'b']}"), id="floats-where-no-tolerance-reaches"),
        pytest.param(value("1"), value("1", problem="random"), id="random"),
    ],
)
def test_what_states_nothing(old: Became | None, new: Became | None) -> None:
    assert compare(old, new).problem


def test_a_short_call_stays_as_it_is() -> None:
    assert smaller(CALL) == []


def test_a_long_call_loses_elements_lines_words_and_named_arguments() -> None:
    text = repr([[*range(40)], "first line\nsecond line\nthird line"])
    call = replace(CALL, arguments=(("", text), ("depth", "3"), ("separator", "'word by word'")))
    assert len(call.text) > SHORT
    found = smaller(call)
    assert found == smaller(call)
    texts = [one.text for one in found]
    assert all(len(one) < len(call.text) for one in texts)
    assert any("depth" not in one and "separator" in one for one in texts)
    for one in texts:
        ast.parse(one)


def test_rows_and_tuples_stay_whole_and_nothing_gets_empty() -> None:
    rows = [["one", "first of all"], ["two", "second of all"], ["three", "third and last of all of them"]]
    call = replace(CALL, arguments=(("", repr(rows)), ("", repr((1, 2, 3)))))
    for one in smaller(call):
        left, right = (ast.literal_eval(text) for text in one.texts)
        assert right == (1, 2, 3)
        assert left
        assert {len(row) for row in left} == {2}


def test_the_smallest_call_can_be_reached() -> None:
    call = replace(CALL, arguments=(("", repr([*range(60)])),))
    while found := smaller(call):
        call = next(one for one in found if "17" in one.text)
    assert "17" in call.text
    assert len(call.text) <= SHORT


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        pytest.param(
            Stated(CALL, value("[1, 2]"), (Aspect.VALUE,)),
            "from loom import flatten\n\n\ndef test_flatten():\n    assert flatten([1, [2]]) == [1, 2]\n",
            id="value",
        ),
        pytest.param(
            Stated(CALL, value("None"), (Aspect.VALUE,)),
            "from loom import flatten\n\n\ndef test_flatten():\n    assert flatten([1, [2]]) is None\n",
            id="nothing",
        ),
        pytest.param(
            Stated(CALL, value("0.1"), (Aspect.VALUE,)),
            "import pytest\nfrom loom import flatten\n\n\n"
            "def test_flatten():\n    assert flatten([1, [2]]) == pytest.approx(0.1)\n",
            id="float",
        ),
        pytest.param(
            Stated(replace(CALL, head="loom.sorted"), value("1"), (Aspect.VALUE,)),
            "import loom\n\n\ndef test_flatten():\n    assert loom.sorted([1, [2]]) == 1\n",
            id="name-of-a-builtin",
        ),
        pytest.param(
            Stated(replace(CALL, head="loom.test_all"), value("1"), (Aspect.VALUE,)),
            "import loom\n\n\ndef test_flatten():\n    assert loom.test_all([1, [2]]) == 1\n",
            id="name-of-a-test",
        ),
        pytest.param(
            Stated(
                replace(CALL, receiver="loom.Yarn(2)", form="{0} == {1}", arguments=(("", "3"),)),
                value("True"),
                (Aspect.VALUE,),
            ),
            "from loom import Yarn\n\n\ndef test_equality():\n    assert (Yarn(2) == 3) is True\n",
            id="operator",
        ),
        pytest.param(
            Stated(CALL, Became(form="first", text="[1, 2]"), (Aspect.VALUE,)),
            "from itertools import islice\nfrom loom import flatten\n\n\n"
            "def test_flatten():\n    assert list(islice(flatten([1, [2]]), 5)) == [1, 2]\n",
            id="endless",
        ),
        pytest.param(
            Stated(CALL, raised("Torn"), (Aspect.RAISES,)),
            "import pytest\nfrom loom import Torn, flatten\n\n\n"
            "def test_flatten():\n    with pytest.raises(Torn):\n        flatten([1, [2]])\n",
            id="exception",
        ),
    ],
)
def test_a_test_says_what_a_call_does(stated: Stated, text: str) -> None:
    became = replace(stated.became, modules=("loom",))
    assert written([stated._replace(became=became)])[0] == text


def test_names_that_mean_two_things_are_told_apart() -> None:
    other = replace(CALL, head="spindle.flatten", modules=("spindle",))
    text, names = written([Stated(call, value("1"), (Aspect.VALUE,)) for call in (CALL, other)])
    assert names == ("test_flatten", "test_flatten_2")
    assert "assert flatten([1, [2]]) == 1" in text
    assert "assert spindle.flatten([1, [2]]) == 1" in text
