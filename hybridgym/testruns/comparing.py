"""What became of a call in two states of a repository → what a test could say of the newer one."""

import ast
import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from hybridgym.testruns.calls import Became

_VALUES: Final = {"value": "value", "items": "value", "first": "first", "str": "str", "strs": "strs"}
"""Form of an outcome → what it can be compared with."""
_NO_ANSWER: Final = frozenset(
    {"AssertionError", "NotImplementedError", "SystemExit", "KeyboardInterrupt", "RecursionError"}
)
"""Exceptions that state nothing that somebody could rely on."""
_ROUNDING: Final = 1e-6
_EXACT: Final = 1024
"""Multiples of 1/1024 are exact in sums; what other floats are may depend on the order of operations."""


class Aspect(StrEnum):
    """What a test asserts of a call."""

    VALUE = "value"
    RAISES = "raises"
    PRINTED = "printed"
    CHANGED = "changed"
    """An argument, or the receiver, afterwards."""


class Comparison(NamedTuple):
    """What can be asserted of the newer state, or why nothing can."""

    differing: tuple[Aspect, ...] = ()
    agreeing: tuple[Aspect, ...] = ()
    problem: str = ""

    @property
    def kind(self) -> tuple[Aspect, ...]:
        """What is to stay when the call is made smaller."""
        return self.differing


def compare(old: Became | None, new: Became | None) -> Comparison:
    """Compare two states' outcomes of one call."""
    problem = _problem(old, new)
    if problem or old is None or new is None:
        return Comparison(problem=problem)
    differing: list[Aspect] = []
    agreeing: list[Aspect] = []
    if new.form in _VALUES:
        if not is_assertable(new.text):
            return Comparison(problem="floats in it")
        (agreeing if _is_same_value(old, new) else differing).append(Aspect.VALUE)
    elif new.form == "raises":
        name = new.text.rpartition(".")[2]
        (agreeing if old.form == "raises" and name in old.bases else differing).append(Aspect.RAISES)
    if new.form != "raises" and old.form != "raises":
        if old.printed != new.printed:
            differing.append(Aspect.PRINTED)
        names = {n for n in old.changed.keys() | new.changed.keys() if not _is_same_change(old.changed, new.changed, n)}
        if any(new.changed.get(name, ("?", ()))[0] == "" for name in names):
            return Comparison(problem="a change that cannot be written")
        if names:
            differing.append(Aspect.CHANGED)
    return Comparison(tuple(differing), tuple(agreeing))


def changes_that_differ(old: Became, new: Became) -> tuple[str, ...]:
    """Return the arguments that are not the same afterwards."""
    names = old.changed.keys() | new.changed.keys()
    return tuple(sorted(name for name in names if not _is_same_change(old.changed, new.changed, name)))


def is_same_text(one: str, other: str) -> bool:
    """Say whether two texts of values are of equal values, as far as literals tell."""
    if one == other:
        return True
    try:
        return _is_near(ast.literal_eval(one), ast.literal_eval(other))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False


def floats_in(text: str) -> bool:
    """Say whether a value has floats that must not be compared exactly."""
    numbers = [n.value for n in ast.walk(ast.parse(text, mode="eval")) if isinstance(n, ast.Constant)]
    return any(isinstance(n, float | complex) and not _is_exact(n) for n in numbers)


def is_assertable(text: str) -> bool:
    """Say whether a value can be compared: floats only where pytest's `approx` reaches them."""
    if not floats_in(text):
        return True
    try:
        value = ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    inner: list[Any] = [value]
    if isinstance(value, list | tuple):
        inner = [*value]
    elif isinstance(value, dict):
        inner = [*value.values()]
    return all(isinstance(n, int | float | complex) for n in inner)


def _problem(old: Became | None, new: Became | None) -> str:
    if old is None or new is None:
        return "it does not end"
    for became in (new, old):
        if became.problem:
            return became.problem.partition(":")[0]
        if became.binding:
            return "the signature is another"
    if new.form == "raises":
        if not new.text:
            return "an exception without a public name"
        if not new.deliberate or not _NO_ANSWER.isdisjoint({new.text.rpartition(".")[2]}):
            return "an internal error"
    if new.refused and not (old.printed != new.printed or changes_that_differ(old, new)):
        return f"value: {new.refused}"
    return ""


def _is_same_value(old: Became, new: Became) -> bool:
    return _VALUES.get(old.form) == _VALUES[new.form] and is_same_text(old.text, new.text)


def _is_same_change(
    old: Mapping[str, tuple[str, tuple[str, ...]]], new: Mapping[str, tuple[str, tuple[str, ...]]], name: str
) -> bool:
    if (name in old) != (name in new):
        return False
    return name not in old or is_same_text(old[name][0], new[name][0])


def _is_near(one: Any, other: Any) -> bool:
    if isinstance(one, float | complex) and isinstance(other, float | complex | int):
        return one == other or abs(one - other) <= _ROUNDING * abs(one)
    if isinstance(one, list | tuple) and type(one) is type(other):
        return len(one) == len(other) and all(_is_near(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_near(value, other[key]) for key, value in one.items())
    return bool(one == other)


def _is_exact(number: float | complex) -> bool:
    if isinstance(number, complex):
        return _is_exact(number.real) and _is_exact(number.imag)
    return not math.isfinite(number) or (number * _EXACT).is_integer()
