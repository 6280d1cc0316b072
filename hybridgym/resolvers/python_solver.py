"""Values that depend on each other: computed until nothing changes."""

from collections.abc import Callable

from hybridgym.resolvers.python_values import NEVER, Sort, Values, unknown

Key = tuple[object, ...]
MAX_DEPTH = 24
"""Of questions that wait for each other; what needs more is unknown."""
MAX_PASSES = 4
"""Over questions that depend on each other; what still changes then is unknown."""
DEEP: Key = ()
"""Stands for an answer that was not looked for because of the depth."""
NO_VALUES: Values = (NEVER,)


class Solver:
    """Answers questions, each once.

    A question that comes up while it is being answered gets what is taken to be its answer: nothing at
    first. Whatever rests on that is provisional. The outermost such question is asked again until all that
    was taken to be an answer is one; then, and only then, are the answers kept.
    """

    def __init__(self) -> None:
        self._kept: dict[Key, Values] = {}
        self._active: set[Key] = set()
        self._taken: dict[Key, Values] = {}
        self._provisional: dict[Key, tuple[Values, frozenset[Key]]] = {}
        """Answers with the active questions that they rest on."""
        self._rests_on: set[Key] = set()
        """The active questions that the current answer rests on."""
        self._changed = False

    def is_active(self) -> bool:
        """Say whether a question is being answered."""
        return bool(self._active)

    def solve(self, key: Key, compute: Callable[[], Values]) -> Values:
        """Return the answer to a question that `compute` answers."""
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        if key in self._active:
            self._rests_on.add(key)
            return self._taken.get(key, NO_VALUES)
        if key in self._provisional:
            values, rests_on = self._provisional[key]
            self._rests_on |= rests_on
            return values
        if len(self._active) > MAX_DEPTH:
            self._rests_on.add(DEEP)
            return unknown("defined by too much")
        outer_rests_on, outer_changed = self._rests_on, self._changed
        self._active.add(key)
        values, rests_on = self._passes(key, compute)
        self._active.discard(key)
        if not self._active:
            rests_on = frozenset()
            self._provisional.clear()
        if rests_on:
            self._provisional[key] = (values, rests_on)
            self._changed |= outer_changed
        else:
            values = _final(values)
            self._kept[key] = values
            self._changed = outer_changed
        self._rests_on = outer_rests_on | rests_on
        return values

    def _passes(self, key: Key, compute: Callable[[], Values]) -> tuple[Values, frozenset[Key]]:
        """Return an answer, and the other active questions that it rests on."""
        for _ in range(MAX_PASSES):
            self._rests_on, self._changed = set(), False
            values = compute()
            if key in self._rests_on and values != self._taken.get(key, NO_VALUES):
                self._taken[key] = values
                self._changed = True
            others = frozenset(self._rests_on - {key})
            if others - {DEEP}:
                return values, others
            if not self._changed:
                break
            self._forget(key)
        else:
            values = unknown("defined by itself")
        if key in self._rests_on:
            self._settle(key)
        return values, others

    def _forget(self, key: Key) -> None:
        """Drop the answers that rest on a question, so that they are looked for again."""
        for other in [k for k, (_, rests_on) in self._provisional.items() if key in rests_on]:
            del self._provisional[other]

    def _settle(self, key: Key) -> None:
        self._taken.pop(key, None)
        for other in [k for k, (_, rests_on) in self._provisional.items() if key in rests_on]:
            del self._provisional[other]
            self._taken.pop(other, None)


def _final(values: Values) -> Values:
    return unknown("defined by itself") if values[0].sort is Sort.NEVER else values
