"""testruns/twins.py: which assertions make must-fail twins, and what these demand instead."""

import random
import re

import pytest

from hybridgym.task import File
from hybridgym.testruns import find_twins
from hybridgym.testruns.twins import Twin, _other, plant
from testing_project import tree_of

ASSERTIONS = [
    ("assert f(1) == 2", "assert f(1) == <n>"),
    ("assert f(1) == -2", "assert f(1) == <n>"),
    ("assert 2 == f(1)", "assert <n> == f(1)"),
    ("assert f(1) == 'a'", "assert f(1) == 'a<l>'"),
    ("assert f(1) == {'a': [1]}, 'why'", "assert f(1) == {'a': [<n>]}, 'why'"),
    ("assert f(1) == g(2)", "assert f(1) == [g(2), <n>]"),
    ("assert f(1)", "assert not (f(1))"),
    ("assert f(1) is True", "assert f(1) is False"),
    ("assert f(1) is None", "assert f(1) is True"),
    ("assert f(1) is not None", "assert not (f(1) is not None)"),
    ("assert 1 in f(1)", "assert not (1 in f(1))"),
    ("assert f(1) == 2 or g()", "assert not (f(1) == 2 or g())"),
    ("self.assertEqual(f(1), 2)", "self.assertEqual(f(1), <n>)"),
    ("self.assertTrue(f(1))", "self.assertFalse(f(1))"),
    ("self.assertNotIn(f(1), g)", "self.assertIn(f(1), g)"),
    ("with pytest.raises(ValueError): f(1)", "with pytest.raises(<e>): f(1)"),
    ("f(1)", None),
    ("def inner(): assert f(1)", None),
    ("check(f(1) == 2)", None),
]


def planted(source: str, test: str = "tests/test_it.py::test_it", seed: int = 1) -> tuple[str, dict[Twin, str]]:
    files = tree_of({"tests/test_it.py": source})
    changed, ids = plant(files, find_twins(files, [test])[test], seed)
    return changed["tests/test_it.py"].data.decode(), ids


@pytest.mark.parametrize(("assertion", "other"), [pytest.param(a, o, id=a) for a, o in ASSERTIONS])
def test_a_twin_demands_something_else(assertion: str, other: str | None) -> None:
    source = f"def test_it():\n    {assertion}\n"
    text, ids = planted(source)
    assert source in text
    rest = text.replace(source, "").splitlines()
    if other is None:
        assert (rest, ids) == ([], {})
        return
    pattern = re.escape(other).replace("<n>", r"-?\d+").replace("<l>", "[a-z]").replace("<e>", r"\w+Error")
    found = [line.strip() for line in rest if line.startswith("    ")]
    assert len(found) == len(ids) == 1
    assert re.fullmatch(pattern, found[0])
    assert found[0] != assertion


@pytest.mark.parametrize("value", [0, True, 1.5, "a", b"a", [], [1], (), (1,), set(), {1}, {}, {1: 2}, None, 1j, [[]]])
def test_another_value_is_another_value(value: object) -> None:
    for seed in range(20):
        assert _other(value, random.Random(seed)) != value


def test_a_twin_is_a_whole_copy_beside_its_test() -> None:
    source = (
        "import pytest\n\nclass TestIt:\n    @pytest.mark.parametrize('n', [1,\n        2])\n    @mark\n"
        "    async def test_it(self, n):\n        text = '''\n  test_it'''\n        assert n == len(\n"
        "            text), 'why'\n\n    def test_some_other_thing(self): pass"
    )
    text, ids = planted(source, "tests/test_it.py::TestIt::test_it")
    [new] = ids.values()
    assert new.startswith("tests/test_it.py::TestIt::test_")
    name = new.rpartition("::")[2]
    assert text.count(f"async def {name}(self, n):") == text.count("async def test_it(self, n):") == 1
    assert text.count("@pytest.mark.parametrize('n', [1,\n        2])\n    @mark\n") == 2
    assert text.count("            text), 'why'\n") == 1
    compile(text, "test_it.py", "exec")


def test_names_and_demands_differ_from_run_to_run() -> None:
    source = "def test_a_b_c(): pass\ndef test_d_e(): pass\ndef test_it():\n    assert f() == 1\n"
    files = tree_of({"tests/test_it.py": source})
    [twins] = find_twins(files, ["tests/test_it.py::test_it"]).values()
    seen = [plant(files, twins) for _ in range(20)]
    assert len({changed["tests/test_it.py"].data for changed, _ in seen}) > 10
    assert len({new for _, ids in seen for new in ids.values()}) > 5


def test_equations_come_first_and_exceptions_are_known() -> None:
    source = "def test_it():\n    with raises(E):\n        f()\n    assert f()\n    assert f() == 1\n"
    [found] = find_twins(tree_of({"t.py": source}), ["t.py::test_it"]).values()
    assert [(twin.assertion, twin.raises) for twin in found] == [(2, False), (0, True), (1, False)]


@pytest.mark.parametrize(
    ("source", "test"),
    [
        pytest.param(b"def test_it():\n    assert f(\n", "t.py::test_it", id="broken"),
        pytest.param(b"# coding: latin-1\ndef test_it(): assert '\xe9'\n", "t.py::test_it", id="another encoding"),
        pytest.param(b"def test_it():\r    assert f()\r", "t.py::test_it", id="other line ends"),
        pytest.param(b"def test_it(): assert 1\n", "t.py::test_other", id="no such test"),
        pytest.param(b"def test_it(): assert 1\n" * 2, "t.py::test_it", id="twice"),
        pytest.param(b"class A:\n    def test_it(self): assert 1\n", "t.py::B::test_it", id="no such class"),
        pytest.param(b"def test_it(): assert 1\n", "u.py::test_it", id="no such file"),
        pytest.param(b"x = " + b"(" * 5000 + b")" * 5000, "t.py::test_it", id="deep"),
    ],
)
def test_where_a_test_cannot_be_read_it_has_no_twin(source: bytes, test: str) -> None:
    assert find_twins({"t.py": File(source)}, [test]) == {test: ()}


@pytest.mark.parametrize(
    "start", ["# -*- coding: utf-8 -*-\n", "text = open(encoding='latin-1')\n", "é = '\x85\u2028'\n"]
)
def test_what_looks_like_another_encoding_is_read(start: str) -> None:
    text, ids = planted(f"{start}def test_it(): assert f() == 'é'\n")
    compile(text, "test_it.py", "exec")
    assert (text.count("def test_"), len(ids)) == (2, 1)


def test_windows_line_ends_are_read() -> None:
    text, ids = planted("def test_it():\r\n    assert f('é') == 1\r\n")
    assert (text.count("def test_"), text.count("assert f('é') == "), len(ids)) == (2, 2, 1)


def test_an_inherited_test_has_twins_where_its_text_stands() -> None:
    files = tree_of(
        {
            "tests/base.py": "class Base:\n    def test_it(self): assert self.f() == 1\n",
            "tests/test_a.py": "from .base import Base\nclass Between(Base): pass\nclass TestA(Between):\n    pass\n",
            "tests/test_b.py": "from tests.base import Base as B\nclass TestB(B):\n    def test_own(self): assert 1\n",
            "tests/test_c.py": "from nowhere import Base\nclass TestC(Base): pass\nclass TestD(TestD): pass\n",
        }
    )
    tests = [f"tests/test_{letter}.py::Test{letter.upper()}::test_it" for letter in "abcd"]
    tests[3] = "tests/test_c.py::TestD::test_it"
    found = find_twins(files, tests)
    assert [len(found[test]) for test in tests] == [1, 1, 0, 0]
    imported = "tests/test_a.py::Base::test_it"
    assert len(find_twins(files, [imported])[imported]) == 1
    changed, ids = plant(files, [twin for twins in found.values() for twin in twins], 1)
    assert [new.rpartition("::")[0] for new in ids.values()] == ["tests/test_a.py::TestA", "tests/test_b.py::TestB"]
    names = [new.rpartition("::")[2] for new in ids.values()]
    assert len(set(names)) == 2
    assert all(f"def {name}(self): assert self.f() == " in changed["tests/base.py"].data.decode() for name in names)


def test_a_last_line_without_an_end_does_no_harm() -> None:
    for seed in range(10):
        text, ids = planted("def test_it(): assert f() == 1", seed=seed)
        compile(text, "test_it.py", "exec")
        assert (text.count("def test_"), len(ids)) == (2, 1)
