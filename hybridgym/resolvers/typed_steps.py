"""Values computed once, whatever was asked before."""

from collections.abc import Callable, Hashable
from typing import NamedTuple

from hybridgym.resolvers.typed_values import Value, unknown

MAX_HEIGHT = 60
"""Steps of inference that may lie between an expression and what its value follows from."""


class NoValueError(Exception):
    """An inference that comes back to itself or is too long; caught where a reference is answered."""


class Step(NamedTuple):
    """What was computed, and how many steps of inference it took."""

    value: Value | None
    """None where it comes back to itself."""
    height: int


class Steps:
    """The inferences of one resolver.

    Whether an inference has a value depends on it alone, not on which other one began it.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, Step] = {}
        self._running: dict[Hashable, None] = {}
        self._heights = [0]

    def once(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """Return the value of a key, computed when it is first asked for; raises NoValueError."""
        step = self._known.get(key)
        if step is None:
            step = self._first(key, compute)
        if step.value is None or step.height >= MAX_HEIGHT:
            raise NoValueError
        self._heights[-1] = max(self._heights[-1], step.height + 1)
        return step.value

    def _first(self, key: Hashable, compute: Callable[[], Value]) -> Step:
        if key in self._running:  # everything that leads here leads into the circle
            self._known.update(dict.fromkeys(self._running, Step(None, 0)))
            raise NoValueError
        if len(self._running) > MAX_HEIGHT:
            raise NoValueError  # what began it is too long; what lies between need not be
        self._running[key] = None
        self._heights.append(0)
        height = 0
        try:
            value = compute()
        finally:
            self._running.pop(key, None)
            height = self._heights.pop()
        return self._known.setdefault(key, Step(value, height))

    def apart(self, compute: Callable[[], Value]) -> Value:
        """Compute a value from outside of any inference; one that has none is unknown."""
        running, self._running = self._running, {}
        heights, self._heights = self._heights, [0]
        try:
            return compute()
        except NoValueError:
            return unknown("circular")
        finally:
            self._running, self._heights = running, heights
