"""Calls are recorded and made again in a sandbox; what somebody's code tells of them is not believed blindly."""

import pytest
from msgspec.structs import replace

from hybridgym.errors import MissingDependencyError, RunError
from hybridgym.runtimes.sandbox import Sandbox
from hybridgym.testruns import Tests
from hybridgym.testruns.calls import Call, Lookout, record_calls, replay
from testing_project import FASTER, LIMITS, installation, tree_of

VALUES = """
import collections.abc
import enum
import functools


class Colour(enum.Enum):
    RED = 1


class Loom:
    def __init__(self, width, *threads, **more):
        self.width = width
        self.count = len(threads)


class Pair(tuple):
    pass


class Row:
    def __len__(self):
        return 2

    def __getitem__(self, place):
        return (1, Colour.RED)[place]


collections.abc.Sequence.register(Row)


class Cloth:
    def __str__(self):
        return "cloth"


def take(value, other=None):
    return value
"""
WRITTEN = (
    "None",
    "-1.5",
    "float('inf')",
    '"it\'s\\\\n"',
    "b'\\x00'",
    "[1, (2,), {3: {4}}]",
    "frozenset({1, 2})",
    "range(3)",
    "datetime.date(2020, 1, 2)",
    "decimal.Decimal('1.10')",
    "fractions.Fraction(1, 2)",
    "pathlib.PurePosixPath('a/b')",
    "re.compile('a+', 2)",
    "collections.OrderedDict({'a': 1})",
    "loom.Colour.RED",
    "loom.Pair((1, 2))",
    "functools.partial(loom.take, 1, other=2)",
    "iter([1, 2])",
    "io.StringIO('x')",
    "(lambda x: x % 3)",
    "loom.Loom(2, 'a', 'b', colour='red')",
    "int",
    "len",
)
REFUSED = ("object()", "(n for n in [1])", "open(__file__)", "(lambda: WRITTEN)", "Own()", "'x' * 5000", "[[]] * 500")
TESTS = f"""
import collections, datetime, decimal, fractions, functools, io, pathlib, re
import loom
WRITTEN = 1


class Own:
    pass


def test_all():
    {"; ".join(f"loom.take({text})" for text in WRITTEN if "lambda" not in text)}
    loom.take((lambda x: x % 3))
    {"; ".join(f"loom.take({text})" for text in REFUSED)}
"""
TREE = tree_of({"loom/__init__.py": VALUES, "tests/test_loom.py": TESTS})
CALL = Call(
    definition="loom/__init__.py::take",
    head="loom.take",
    receiver="",
    form="call",
    arguments=(("", "[1]"),),
    modules=("loom",),
)


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    found = Sandbox()
    try:
        found.prepare()
    except (MissingDependencyError, RunError) as error:
        pytest.skip(f"no sandbox: {error}")
    return found


@pytest.fixture(scope="module")
def recorded(sandbox: Sandbox) -> set[str]:
    tests = Tests(files={"tests/test_loom.py": TREE["tests/test_loom.py"]}, paths=("tests",), options=FASTER)
    rows = {
        name: row
        for row, line in enumerate(VALUES.split("\n"), 1)
        for name in ("take", "__init__")
        if f"def {name}(" in line
    }
    lookout = Lookout(
        definitions=(
            ("loom/__init__.py::take", "loom/__init__.py", rows["take"], "take"),
            ("loom/__init__.py::Loom.__init__", "loom/__init__.py", rows["__init__"], "Loom.__init__"),
        ),
        targets=("loom/__init__.py::take",),
        files=("loom/__init__.py",),
    )
    found = record_calls(sandbox, installation(("/testbed",), ("",)), TREE, tests, LIMITS, lookout)
    assert found.problem == ""
    return {call.arguments[0][1] for call in found.calls}


@pytest.mark.parametrize("text", WRITTEN)
def test_values_are_written_as_source(recorded: set[str], text: str) -> None:
    assert text in recorded


def test_what_cannot_be_written_is_not(recorded: set[str]) -> None:
    assert len(recorded) == len(WRITTEN)


def test_calls_become_what_they_do(sandbox: Sandbox) -> None:
    broken = replace(CALL, arguments=(("", "loom.nothing"),))
    changed = replace(CALL, head="list.clear", arguments=(("", "[1]"),))
    endless = replace(CALL, head="loom.take", arguments=(("", "__import__('itertools').count()"),))
    row = replace(CALL, arguments=(("", "loom.Row()"),))
    cloth = replace(CALL, arguments=(("", "loom.Cloth()"),))
    calls = (CALL, broken, changed, endless, row, cloth)
    plain, missing, cleared, counting, items, text = replay(
        sandbox, installation(("/testbed",)), TREE, ("loom/__init__.py",), calls
    )
    assert plain is not None
    assert (plain.form, plain.text, plain.changed) == ("value", "[1]", {})
    assert missing is not None
    assert missing.problem
    assert cleared is not None
    assert cleared.changed == {"a0": ("[]", ())}
    assert counting is not None
    assert (counting.form, counting.text) == ("first", "[0, 1, 2, 3, 4]")
    assert items is not None
    assert (items.form, items.text, items.modules) == ("items", "[1, loom.Colour.RED]", ("loom",))
    assert text is not None
    assert (text.form, text.text) == ("str", "'cloth'")


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(replace(CALL, head="take(1)\nimport os\nos.getcwd"), id="statements"),
        pytest.param(replace(CALL, arguments=(("", "1); print(2"),)), id="end-of-a-call"),
        pytest.param(replace(CALL, arguments=(("x=1, y", "1"),)), id="name"),
        pytest.param(replace(CALL, modules=("os; x",)), id="module"),
        pytest.param(replace(CALL, form="{0.__class__}"), id="form"),
        pytest.param(replace(CALL, arguments=(("", "-" * 5000 + "1"),)), id="depth"),
        pytest.param(replace(CALL, arguments=(("", "1" * 9000),)), id="length"),
    ],
)
def test_a_call_that_is_none_is_not_sound(call: Call) -> None:
    assert CALL.is_sound
    assert not call.is_sound
