"""A suite of one small project whose tasks are graded by its tests; its dependencies come from a folder of wheels."""

import sys
from pathlib import Path

from hybridgym.diffs import changes, make_patch
from hybridgym.generation import Options, generate
from hybridgym.specs import spec_of
from hybridgym.suite import Suite, SuiteTask
from hybridgym.task import File

MODULE = '''"""Scales."""


def clamp(value, low, high):
    """Return the value, or the nearer bound where it lies outside of them."""
    if low > high:
        raise ValueError("bounds the wrong way round")
    if value < low:
        return low
    if value > high:
        return high
    return value


def label(value):
    """Return a text for a value that somebody may look at."""
    text = str(value)
    if len(text) > 3:
        text = text[:3]
    return text


def unused(value):
    """Return what nobody ever asks for in this place."""
    result = value
    result += 1
    return result


class Scale:
    """A scale between two values."""

    def __init__(self, low, high):
        self.low = low
        self.high = high

    def share(self, value):
        """Return how far up the scale a value lies, from 0 to 1."""
        inside = clamp(value, self.low, self.high)
        size = self.high - self.low
        return (inside - self.low) / size
'''
TESTS = """
import pytest
from scales import Scale, clamp, label


@pytest.mark.parametrize(("value", "expected"), [(-1, 0), (0, 0), (3, 3), (5, 5), (9, 5)])
def test_clamp(value, expected):
    assert clamp(value, 0, 5) == expected


def test_bounds():
    with pytest.raises(ValueError):
        clamp(1, 5, 0)
    assert clamp(7, 7, 7) == 7


def test_label():
    assert label(1)


def test_share():
    assert Scale(0, 4).share(1) == 0.25
    assert Scale(2, 4).share(9) == 1


def test_later():
    pytest.skip("not today")
"""
PROJECT = {
    "pyproject.toml": '[project]\nname = "scales"\nversion = "1.0"\n'
    f'classifiers = ["Programming Language :: Python :: {sys.version_info[0]}.{sys.version_info[1]}"]\n',
    "src/scales.py": MODULE,
    "tests/test_scales.py": TESTS,
}
CLAMP, SHARE = "src/scales.py::clamp", "src/scales.py::Scale.share"
BODY = "if value < low:"
"""A line of what was taken out of a function."""


def make_suite(place: Path, lines: int = 3, name: str = "suite") -> Path:
    """Write the suite of the project in a place: of functions with so many lines, which of 7 is CLAMP alone."""
    settings = {"function_generation": {"lines": {"min": lines}}}
    options = Options(kinds=("function_generation",), per_repo=10, settings=settings)
    generate([spec_of(str(place / "project"), place)], place / name, options, cache=place / "cache" / "hybridgym")
    return place / name


def about(suite: Suite, target: str) -> SuiteTask:
    [found] = [task for task in suite.values() if task.row.answer["targets"] == [target]]
    return found


def submitted(task: SuiteTask, files: dict[str, str | None]) -> str:
    """Return the patch that makes files what is given, or deletes them."""
    after = {path: file for path, file in task.start.items() if files.get(path, "") is not None}
    after |= {path: File(text.encode()) for path, text in files.items() if text is not None}
    return make_patch(changes(task.start, dict(sorted(after.items()))))


def with_body(task: SuiteTask, body: str) -> dict[str, str | None]:
    """Return the module with a body written where the stub is."""
    stubbed = task.start["src/scales.py"].data.decode()
    assert stubbed.count("raise NotImplementedError") == 1
    return {"src/scales.py": stubbed.replace("raise NotImplementedError", body)}
