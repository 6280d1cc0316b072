"""What a test asserts becomes a program of a user, or nothing."""

import pytest

from hybridgym.testruns import Scripts
from tiny import tree_of

CONFTEST = """
import pytest
from shop import Basket

@pytest.fixture
def basket():
    return Basket()

@pytest.fixture
def stocked(basket):
    return basket
"""
HEAD = """
import os
import pytest
from shop import Basket, price, _secret
from shop import total as total_of
from shop.testing import Till
from tests.helpers import made
from . import near

LIMIT = 3

def twice(value):
    return value * 2
"""


def scripts(body: str, test: str = "test_it", head: str = HEAD) -> list[str]:
    files = tree_of({"tests/conftest.py": CONFTEST, "tests/test_shop.py": f"{head}\n{body}"})
    return [script.text for script in Scripts(files).of(f"tests/test_shop.py::{test}")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "def test_it():\n    assert price('a') == 3\n",
            "from shop import price\n\nprint(repr(price('a')))\n",
            id="an-equation",
        ),
        pytest.param(
            "def test_it():\n    assert 3 == price('a')\n",
            "from shop import price\n\nprint(repr(price('a')))\n",
            id="the-other-way-round",
        ),
        pytest.param(
            "def test_it():\n    assert not price('a')\n",
            "from shop import price\n\nprint(repr(price('a')))\n",
            id="a-negation",
        ),
        pytest.param(
            "def test_it():\n    other = price('b')\n    things = [1]\n    assert total_of(things) == 1\n",
            "from shop import total as total_of\n\nthings = [1]\nprint(repr(total_of(things)))\n",
            id="only-the-lines-that-it-needs",
        ),
        pytest.param(
            "def test_it():\n    with pytest.raises(ValueError):\n        price(twice(LIMIT))\n",
            "from shop import price\n\nLIMIT = 3\n\ndef twice(value):\n    return value * 2\n\n"
            "print(repr(price(twice(LIMIT))))\n",
            id="an-exception-and-helpers",
        ),
        pytest.param(
            "def test_it(basket):\n    basket.add(1)\n    assert basket.size == 1\n",
            "from shop import Basket\n\nbasket = Basket()\nbasket.add(1)\nprint(repr(basket.size))\n",
            id="a-fixture-that-returns-something",
        ),
        pytest.param(
            "def test_it():\n    assert Till().sum == 0\n",
            "from shop.testing import Till\n\nprint(repr(Till().sum))\n",
            id="what-a-package-has-for-its-users-tests",
        ),
        pytest.param(
            "class TestIt:\n    def test_it(self):\n        self.assertEqual(price('a'), 3)\n",
            "from shop import price\n\nprint(repr(price('a')))\n",
            id="unittest",
        ),
        pytest.param(
            "def test_it():\n    for x in 'ab':\n        with self.subTest():\n            assert price(x) == 3\n",
            "from shop import price\n\nfor x in 'ab':\n    print(repr(price(x)))\n",
            id="a-loop",
        ),
    ],
)
def test_an_assertion_becomes_a_program(body: str, expected: str) -> None:
    test = "TestIt::test_it" if body.startswith("class") else "test_it"
    assert scripts(body, test)[0] == expected


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("def test_it(tmp_path):\n    assert price(tmp_path) == 3\n", id="a-fixture-of-pytest"),
        pytest.param("def test_it(stocked):\n    assert stocked.size == 3\n", id="a-fixture-of-a-fixture"),
        pytest.param("def test_it():\n    assert _secret() == 3\n", id="a-private-name"),
        pytest.param("def test_it():\n    assert Basket()._size == 3\n", id="a-private-attribute"),
        pytest.param("def test_it():\n    assert made() == 3\n", id="a-helper-of-the-tests"),
        pytest.param("def test_it():\n    assert near.it() == 3\n", id="a-relative-import"),
        pytest.param("def test_it():\n    assert price(pytest.approx(1)) == 3\n", id="pytest-itself"),
        pytest.param("def test_it():\n    assert nobody(1) == 3\n", id="a-name-that-is-not-known"),
        pytest.param("async def test_it():\n    assert price(1) == 3\n", id="not-a-plain-function"),
        pytest.param("@patched\ndef test_it():\n    assert price(1) == 3\n", id="a-decorator"),
        pytest.param("def test_it():\n    price(1)\n", id="nothing-asserted"),
        pytest.param("def test_it(:\n", id="no-python"),
    ],
)
def test_what_a_user_has_not_makes_no_program(body: str) -> None:
    assert scripts(body) == []


def test_parameters_are_those_of_the_test() -> None:
    body = (
        "@pytest.mark.parametrize(('name', 'cost'), [('a', 1), pytest.param('b', 2)])\n"
        "def test_it(name, cost):\n    assert price(name) == cost\n"
    )
    assert scripts(body, "test_it[b-2]")[0] == "from shop import price\n\nname = 'b'\nprint(repr(price(name)))\n"
    assert len({text.partition("\n\n")[2] for text in scripts(body, "test_it[named-by-hand]")}) >= 2
