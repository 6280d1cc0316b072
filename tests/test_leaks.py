"""Copies of an answer in what a task runs in."""

from pathlib import Path

import pytest

from hybridgym.leaks import copy_in, project_in

TARGET = b"""def steep(leaves, minutes):
    cup = pour(leaves)
    while minutes > 0:
        minutes -= cup.wait()
    return cup
"""
BODY = b"cup = pour(leaves)\n    while minutes > 0:\n        minutes -= cup.wait()\n    return cup"
SHORT = b"return cup"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("kettle.py", "import os\n", "", id="nothing"),
        pytest.param("kettle.py", TARGET.decode(), "kettle.py: the file of a target", id="file"),
        pytest.param(
            "pot/_vendor/kettle.py",
            "class Pot:\n    def brew(self, leaves, minutes):\n        cup = pour(leaves)\n\n"
            "        while minutes > 0:\n"
            "            minutes -= cup.wait()\n        return cup\n",
            "pot/_vendor/kettle.py: the code of a target",
            id="function-elsewhere",
        ),
        pytest.param("kettle.py", "cup = pour(leaves)\nwhile minutes > 0:\n    pass\n", "", id="other-code"),
        pytest.param(
            "Tea_House-2.0.dist-info/METADATA",
            "Name: tea-house\n",
            "Tea_House-2.0.dist-info: a release of the project",
            id="release",
        ),
        pytest.param("tea_house_rules-2.0.dist-info/METADATA", "", "", id="another-project"),
    ],
)
def test_a_copy_is_found_where_it_lies(tmp_path: Path, path: str, text: str, expected: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text, encoding="utf-8")
    assert copy_in([tmp_path], "tea.house", [TARGET], [BODY]) == expected


def test_what_many_write_is_no_copy(tmp_path: Path) -> None:
    (tmp_path / "kettle.py").write_bytes(b"def cup(cup):\n    return cup\n")
    assert copy_in([tmp_path], "tea", [], [SHORT]) == ""


def test_an_empty_file_is_no_copy(tmp_path: Path) -> None:
    (tmp_path / "kettle.py").write_bytes(b"")
    assert copy_in([tmp_path], "tea", [b""], []) == ""


FUNCTIONS = [
    f"    {name} = pour({name})\n    while {name}:\n        {name} -= 1\n    return {name}\n".encode()
    for name in "abcdef"
]
OTHER = [text.replace(b"pour", b"brew") for text in FUNCTIONS]


def module(bodies: list[bytes]) -> bytes:
    return b"".join(b"def f%d():\n%b\n" % (number, body) for number, body in enumerate(bodies))


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        pytest.param("pot/_vendor/tea.py", module(FUNCTIONS), "6 of the project's 6 functions", id="vendored"),
        pytest.param("pot/_vendor/tea.py", module(FUNCTIONS[:5]), "5 of the project's 6 functions", id="most-of-it"),
        pytest.param("pot/_vendor/tea.py", module(FUNCTIONS[:4]), "", id="few-functions"),
        pytest.param("pot/_vendor/tea.py", module(OTHER), "", id="other-functions"),
        pytest.param("pot/kettle.py", module(FUNCTIONS), "", id="another-file-costs-only-its-tasks"),
        pytest.param("tea_house-2.0.dist-info/METADATA", b"", "a release of the project", id="release"),
    ],
)
def test_a_copy_of_most_of_a_project_is_found(tmp_path: Path, path: str, data: bytes, expected: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_bytes(data)
    found = project_in([tmp_path], "tea.house", {"tea.py": FUNCTIONS})
    assert expected in found
    assert bool(expected) == bool(found)


def test_a_project_is_found_where_it_is_a_small_part_of_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "tea.py").write_bytes(module(FUNCTIONS))
    assert project_in([tmp_path], "tea", {"tea.py": FUNCTIONS, "cup.py": OTHER * 2}) == ""
