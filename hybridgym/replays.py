"""Two states of a repository → tests of what differs, written from calls that its own tests make.

A repository's tests and doctests are run while the arguments are recorded with which edited functions, and the public
functions on top of them, are called. Each call is then made again over both states; where the outcome differs, a test
states what the newer state does. What a test may state:

- A call goes through public names, and both states accept it: a signature that changed is no behaviour.
- A value is one that equals what is written for it, the same in every run, at another time and with other hashes.
  Nothing that is random, reaches outside of the process, or names an address or a place of this run is kept. Floats
  are compared with a tolerance. The order of a dict or a set is never compared.
- An exception counts where a `raise` of the project raises it, never where the interpreter does: that may be an
  accident. Its class is stated, its message is not; where only the message differs, nothing does.
- How the project writes an object (`repr`, `str`) is stated where there is nothing else, and such tests are named as
  weak; calls that one function of the project makes of another likewise give way to those that tests make.
- Warnings, and what is written to standard error, are not looked at.

In the end the real runner decides: a test is kept that does the same in three runs of either state.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from msgspec.structs import replace

from hybridgym.facts import Definition, Kind
from hybridgym.languages.python import Python
from hybridgym.parsing import parse_file
from hybridgym.resolve import definition_id
from hybridgym.runtimes import Limits
from hybridgym.task import LINK, REGULAR, File, Tree, Value
from hybridgym.testbeds import LIMITS, SHUFFLE, WRITTEN, Setup, Testbed, tests_of
from hybridgym.testruns import Outcome, Report, Tests, run_tests, steady
from hybridgym.testruns.behaviour import Stated, written
from hybridgym.testruns.calls import Became, Call, Lookout, record_calls, replay
from hybridgym.testruns.comparing import Aspect, Comparison, changes_that_differ, compare
from hybridgym.testruns.shrinking import smaller

MAX_REPLAYED: Final = 600
MAX_OF_FUNCTION: Final = 120
MAX_KEPT: Final = 8
"""Tests that fail before, and as many that pass in both."""
MAX_SHRUNK: Final = 24
"""Calls that are made smaller."""
MAX_ASSUMED: Final = 40
"""Functions that name an edited one, or a private one that does."""
_LEVELS: Final = 3
_ROUNDS: Final = 5
_DAYS_LATER: Final = 400
_RUN: Final = Limits(cpu_seconds=120, wall_seconds=240)


class Captured(Value, frozen=True, kw_only=True):
    """Tests that were written, proven in both states."""

    path: str
    text: str
    fail_to_pass: tuple[str, ...]
    pass_to_pass: tuple[str, ...]
    weak: tuple[str, ...]
    """Those of `fail_to_pass` that only state how an object is written."""
    counts: Mapping[str, int]
    """What became of the calls: `recorded`, `replayed`, `differing`, `shrunk`; `not written: <reason>` of those whose
    arguments cannot be written, `dropped: <reason>` of those whose outcomes state nothing."""


def captured_tests(testbed: Testbed, setup: Setup, old: Tree, new: Tree, definitions: Sequence[str]) -> Captured | str:
    """Write tests that fail over one state of a repository and pass over a newer one, or say why there are none.

    `definitions` are ids of functions, methods or classes that differ. Raises as `Runtime.run` does.
    """
    states = _States(testbed, setup, old, new)
    counts: Counter[str] = Counter()
    calls = states.recorded(definitions, counts)
    if not calls:
        return "no call of it was recorded" + (f" ({states.problem})" if states.problem else "")
    chosen = _chosen(calls)
    counts["recorded"], counts["replayed"] = len(calls), len(chosen)
    told = states.compared(chosen)
    differing = [call for call in chosen if told[call].comparison.differing]
    counts["differing"] = len(differing)
    if not differing:
        counts.update(f"dropped: {one.comparison.problem}" for one in told.values() if one.comparison.problem)
        reasons = [reason for reason, _ in counts.most_common() if reason.startswith("dropped")]
        return "no call of it differs" + (f" ({reasons[0]})" if reasons else "")
    tried = _ranked(differing, told)[:MAX_SHRUNK]
    small, counts["shrunk"] = states.shrunk(tried, told)
    agreeing = [call for call in chosen if not told[call].comparison.differing and told[call].comparison.agreeing]
    guards = _spread(_ranked(_best(agreeing, told), told), {call.head for call in small}, MAX_SHRUNK)
    steadily = states.steady([*small, *guards])
    counts.update(f"dropped: {one.comparison.problem}" for one in told.values() if one.comparison.problem)
    counts["dropped: differs from run to run"] += len(small) + len(guards) - len(steadily)
    failing = [call for call in small if call in steadily and steadily[call].comparison.differing]
    failing = _ranked(_best(failing, steadily), steadily)[:MAX_KEPT]
    passing = [c for c in guards if c in steadily and not steadily[c].comparison.differing][:MAX_KEPT]
    if not failing:
        return "no call of it differs in every run"
    return states.proven(
        [_failing(call, steadily[call]) for call in failing], [_guard(c, steadily[c]) for c in passing], counts
    )


class _Told(NamedTuple):
    """What became of a call in both states."""

    old: Became | None
    new: Became | None
    comparison: Comparison


class _States:
    """Two states of a repository, where they are run."""

    def __init__(self, testbed: Testbed, setup: Setup, old: Tree, new: Tree) -> None:
        self._testbed = testbed
        self._setup = setup
        self._old = old
        self._new = new
        self.problem = ""
        self._installation = testbed.installation(setup)
        self._files = {id(tree): _sources(tree, setup) for tree in (old, new)}

    # Recording

    def recorded(self, definitions: Sequence[str], counts: Counter[str]) -> tuple[Call, ...]:
        """Return the calls that tests make in either state, each once."""
        found: dict[str, Call] = {}
        callers: tuple[str, ...] = ()
        for tree in (self._new, self._old):
            lookout = self._lookout(tree, definitions, callers)
            tests = tests_of(self._setup, tree)
            recording = record_calls(self._testbed.runtime, self._installation, tree, tests, LIMITS, lookout)
            self.problem = self.problem or recording.problem
            counts.update({f"not written: {reason}": count for reason, count in recording.refused.items()})
            for call in recording.calls:
                known = found.get(call.text)
                if known is None or (call.direct and not known.direct):
                    found[call.text] = call
            callers = recording.watched
            if not recording.calls and {*callers} <= {*lookout.targets, *lookout.assumed}:
                break  # Its tests do not reach it, in the older state neither.
        return tuple(found.values())

    def _lookout(self, tree: Tree, definitions: Sequence[str], callers: Sequence[str]) -> Lookout:
        files = self._files[id(tree)]
        table = [(i, path, row, name) for path in files for i, row, name in _functions(path, tree[path].data)]
        wanted = {*definitions}
        targets = [i for i, *_ in table if i in wanted or any(i.startswith(f"{other}.") for other in wanted)]
        paths = sorted({target.partition("::")[0] for target in targets})
        return Lookout(
            definitions=tuple(table),
            targets=tuple(targets),
            callers=tuple(sorted({*callers} - {*targets})),
            assumed=_mentioning(tree, files, targets),
            files=files,
            modules=tuple(filter(None, (_module(path, self._setup.roots) for path in paths))),
            documents=_documents(tree),
        )

    # Replaying

    def compared(self, calls: Sequence[Call], days_later: int = 0) -> dict[Call, _Told]:
        """Make calls in both states."""
        pairs = zip(self._became(self._old, calls, days_later), self._became(self._new, calls, days_later), strict=True)
        return {call: _Told(old, new, compare(old, new)) for call, (old, new) in zip(calls, pairs, strict=True)}

    def steady(self, calls: Sequence[Call]) -> dict[Call, _Told]:
        """Return the calls that become the same in processes of their own and at another time."""
        first, *others = [self.compared(calls, days) for days in (0, _DAYS_LATER, 0)]
        return {call: told for call, told in first.items() if all(other[call] == told for other in others)}

    def shrunk(self, calls: Sequence[Call], told: dict[Call, _Told]) -> tuple[list[Call], int]:
        """Return calls that differ in the same way and are as small as could be found, and how many became smaller."""
        best = {call: call for call in calls}
        open_ones = [*calls]
        for _ in range(_ROUNDS):
            tried = {call: smaller(best[call]) for call in open_ones}
            found = self.compared([*dict.fromkeys(one for made in tried.values() for one in made)])
            told.update(found)
            open_ones = []
            for call, made in tried.items():
                same = next((one for one in made if _is_alike(found[one], told[call])), None)
                if same is not None:
                    best[call] = same
                    open_ones.append(call)
            if not open_ones:
                break
        count = sum(best[call] != call for call in calls)
        unique: dict[str, Call] = {}
        for call in best.values():
            unique.setdefault(call.text, call)
        return [*unique.values()], count

    def _became(self, tree: Tree, calls: Sequence[Call], days_later: int) -> tuple[Became | None, ...]:
        files = self._files[id(tree)]
        return replay(self._testbed.runtime, self._installation, tree, files, calls, days_later=days_later)

    # Proving

    def proven(self, failing: Sequence[Stated], passing: Sequence[Stated], counts: Counter[str]) -> Captured | str:
        """Write a module and run it; tests that do something else than expected are taken out of it."""
        for _ in range(3):
            stated = [*failing, *passing]
            text, names = written(stated)
            path = self._path(text)
            ids = [f"{path}::{name}" for name in names]
            before, after = (self._outcomes(tree, path, text, ids) for tree in (self._old, self._new))
            good = {
                test
                for number, test in enumerate(ids)
                if after[test] is Outcome.PASSED
                and before[test] is (Outcome.FAILED if number < len(failing) else Outcome.PASSED)
            }
            if len(good) == len(ids):
                return self._captured(path, text, ids, failing, counts)
            counts["dropped: its test does not tell"] += len(ids) - len(good)
            kept = [one for one, test in zip(stated, ids, strict=True) if test in good]
            failing, passing = [one for one in failing if one in kept], [one for one in passing if one in kept]
            if not failing:
                return "no test of it fails before and passes after"
        return "no test of it fails before and passes after"

    def _captured(
        self, path: str, text: str, ids: Sequence[str], failing: Sequence[Stated], counts: Counter[str]
    ) -> Captured:
        weak = tuple(test for test, one in zip(ids, failing, strict=False) if _is_weak(one.call, one.became))
        known = {reason: count for reason, count in sorted(counts.items()) if count}
        own, guards = tuple(ids[: len(failing)]), tuple(ids[len(failing) :])
        return Captured(path=path, text=text, fail_to_pass=own, pass_to_pass=guards, weak=weak, counts=known)

    def _path(self, text: str) -> str:
        """Return where a module of tests goes: into the first folder of tests."""
        roots = self._setup.test_roots
        folder = next((root for root in roots if root not in self._new), None)
        if folder is None:
            folder = str(PurePosixPath(roots[0]).parent) if roots else ""
        name = f"{WRITTEN}{hashlib.sha256(text.encode()).hexdigest()[:8]}.py"
        return name if folder in ("", ".") else f"{folder}/{name}"

    def _outcomes(self, tree: Tree, path: str, text: str, ids: Sequence[str]) -> dict[str, Outcome]:
        known = tests_of(self._setup, self._new)
        tests: Tests = replace(known, files={**known.files, path: File(text.encode(), REGULAR)})
        reports: list[Report] = [
            run_tests(self._testbed.runtime, self._installation, tree, tests, _RUN, ids=ids, shuffle=shuffle)
            for shuffle in (None, SHUFFLE, None)
        ]
        return steady(reports)


def _sources(tree: Tree, setup: Setup) -> tuple[str, ...]:
    """Return the paths of a project's own Python files, without its tests."""
    apart = tuple(f"{root}/" for root in setup.test_roots)
    return tuple(
        path
        for path, file in sorted(tree.items())
        if path.endswith(".py")
        and file.mode != LINK
        and not Python.is_test(path)
        and path not in setup.test_roots
        and not path.startswith(apart)
    )


def _functions(path: str, data: bytes) -> Iterable[tuple[str, int, str]]:
    """Yield id, first line (1-based, decorators included) and qualified name of each function of a file."""
    for definition in parse_file(Python, data).definitions:
        if definition.kind is not Kind.CLASS:
            yield definition_id(path, definition), definition.first_row + 1, definition.qualname


def _mentioning(tree: Tree, files: Sequence[str], targets: Sequence[str]) -> tuple[str, ...]:
    """Return the public functions that name a target which may run when they have returned: a private one, or one
    that yields. A private function that names one stands for it in turn."""
    places = [(path, d) for path in files for d in parse_file(Python, tree[path].data).definitions]
    functions = {definition_id(path, d): (path, d) for path, d in places if d.kind is not Kind.CLASS}
    seen, found = {*targets}, dict[str, None]()
    names = {d.name for path, d in map(functions.__getitem__, targets) if _is_private(d) or _yields(tree, path, d)}
    for _ in range(_LEVELS):
        names = {name for name in names if name.isidentifier() and not name.endswith("__")}
        if not names:
            break
        mention = re.compile(rf"\b(?:{'|'.join(sorted(names))})\b".encode())
        names = set()
        for identity, (path, definition) in functions.items():
            body = definition.body
            if identity not in seen and mention.search(tree[path].data, body.start, body.end):
                seen.add(identity)
                if _is_private(definition):
                    names.add(definition.name)
                else:
                    found[identity] = None
    return tuple(found)[:MAX_ASSUMED]


def _is_private(definition: Definition) -> bool:
    return definition.name.startswith("_") and not definition.name.endswith("__")


def _yields(tree: Tree, path: str, definition: Definition) -> bool:
    return b"yield" in tree[path].data[definition.body.start : definition.body.end]


def _module(path: str, roots: Sequence[str]) -> str:
    """Return the name under which a file is imported; empty where it lies below no root."""
    for root in sorted(roots, key=len, reverse=True):
        prefix = f"{root}/" if root else ""
        if path.startswith(prefix):
            return path[len(prefix) :].removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return ""


def _documents(tree: Tree) -> tuple[str, ...]:
    return tuple(
        path
        for path, file in sorted(tree.items())
        if path.lower().endswith((".rst", ".md", ".txt")) and path.count("/") < 2 and b">>> " in file.data
    )[:10]


def _chosen(calls: Sequence[Call]) -> list[Call]:
    """Return the calls that are made again: of each function, the shortest ones that tests make themselves first."""
    of_function: dict[str, list[Call]] = {}
    for call in sorted(calls, key=lambda one: (not one.direct, len(one.text), one.text)):
        of_function.setdefault(call.definition, []).append(call)
    kept = [found[:MAX_OF_FUNCTION] for _, found in sorted(of_function.items())]
    each = max(1, MAX_REPLAYED // len(kept))
    rest = [call for found in kept for call in found[each:]]
    return [*(call for found in kept for call in found[:each]), *rest][:MAX_REPLAYED]


def _best(calls: Sequence[Call], told: Mapping[Call, _Told]) -> Sequence[Call]:
    """Return the calls that tests make themselves, where there are any, and of these those that are not weak."""
    direct = [call for call in calls if call.direct] or calls
    return [call for call in direct if not _is_weak(call, told[call].new)] or direct


def _ranked(calls: Sequence[Call], told: Mapping[Call, _Told]) -> list[Call]:
    """Sort calls: those first that tell most in the least room."""

    def rank(call: Call) -> tuple[bool, bool, bool, int, str]:
        new = told[call].new
        size = len(call.text) + (len(new.text) + len(new.printed) if new is not None else 0)
        return _is_weak(call, new), not call.direct, new is not None and new.form == "first", size, call.text

    return _spread(sorted(calls, key=rank), set(), len(calls))


def _spread(calls: Sequence[Call], first: set[str], most: int) -> list[Call]:
    """Choose calls in turns of the functions that they are of, and of one function in turns of the arguments named."""
    kinds: Counter[tuple[str, ...]] = Counter()
    in_kinds = []
    for number, call in enumerate(calls):
        kind = call.head, *call.names
        in_kinds.append((kinds[kind], number, call))
        kinds[kind] += 1
    heads: Counter[str] = Counter()
    in_heads = []
    for _, number, call in sorted(in_kinds, key=lambda one: one[:2]):
        in_heads.append((bool(first) and call.head not in first, heads[call.head], number, call))
        heads[call.head] += 1
    return [call for *_, call in sorted(in_heads, key=lambda one: one[:3])][:most]


def _is_alike(found: _Told, known: _Told) -> bool:
    """Say whether two calls differ between the states in the same way."""
    if found.comparison.kind != known.comparison.kind or None in (found.old, found.new, known.old, known.new):
        return False
    assert found.old is not None
    assert found.new is not None
    assert known.old is not None
    assert known.new is not None
    pairs = ((found.old, known.old), (found.new, known.new))
    return all(a.form == b.form and (a.form != "raises" or a.text == b.text) for a, b in pairs)


def _is_weak(call: Call, new: Became | None) -> bool:
    is_written = new is not None and new.form in ("str", "strs")
    return (
        is_written or call.form in ("repr({0})", "str({0})") or call.head.rpartition(".")[2] in ("__repr__", "__str__")
    )


def _failing(call: Call, told: _Told) -> Stated:
    assert told.old is not None
    assert told.new is not None
    differing = told.comparison.differing
    changed = changes_that_differ(told.old, told.new) if Aspect.CHANGED in differing else ()
    return Stated(call, told.new, differing, changed)


def _guard(call: Call, told: _Told) -> Stated:
    assert told.new is not None
    return Stated(call, told.new, told.comparison.agreeing)
