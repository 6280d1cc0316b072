"""A bug → what a user reports of it: a program, what it should do, and what it does.

Programs are derived from the tests that fail, and run over the source and over the state with the bug. Nothing is
reported that differs from run to run, or that says where the bug is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from hybridgym.diffs import changes
from hybridgym.spoilers import Secrets, Spoiled, spoilers
from hybridgym.task import WORKSPACE
from hybridgym.testbeds import tests_of
from hybridgym.testruns import Observed, Report, Script, Scripts, observe
from hybridgym.testruns.observed import SCRIPT, Frame
from hybridgym.testruns.twins import base_of

if TYPE_CHECKING:
    from hybridgym.task import Tree
    from hybridgym.tasks.base import Trial

MAX_TRIED: Final = 24
"""Programs for one bug."""
MAX_TRIED_OF_TEST: Final = 6
MAX_CHARACTERS: Final = 1500
"""Of what a program should do, and of what it does."""
MAX_ROWS: Final = 30
_FRAMES: Final = 4
"""The last ones, beside the program's own; where there are more, the first of them is left out."""
_DAYS_LATER: Final = 400
_OF_A_RUN: Final = re.compile(r"0x[0-9a-fA-F]{5,}|/tmp/|/hybridgym/|/testbed|/home/|python\d\.\d+/|```|\x1b|\x00")
"""What is different elsewhere, or would end the block that it stands in."""
_OF_A_MODULE: Final = re.compile(rf" \({WORKSPACE}/[^()]*\)$")
"""Where a module lies, at the end of what is said of a name that it has not."""
_NO_ANSWER: Final = ("NameError", "ImportError", "ModuleNotFoundError", "SyntaxError", "SystemExit")
"""What a program raises that lacks something."""


class BugReport(NamedTuple):
    """What a statement says of a bug."""

    script: str
    expected: str
    """What it should print, or the exception."""
    observed: str
    should_raise: bool
    does_raise: bool
    test: str
    """From which the program comes, parameters left out."""


class Fault(NamedTuple):
    """What a report may not tell."""

    names: tuple[str, ...]
    """Of the functions that have a bug."""
    paths: tuple[str, ...]
    public: frozenset[str] = frozenset()
    """New names that tests ask for: nobody could guess them."""


def report_of(
    trial: Trial, source: Tree, wrong: Tree, failing: Sequence[str], tested: Report, fault: Fault
) -> BugReport | str:
    """Return what a user would report of a bug, or why there is nothing."""
    reports = reports_of(trial, source, wrong, failing, tested, fault, most=1)
    return reports if isinstance(reports, str) else reports[0]


def reports_of(
    trial: Trial, source: Tree, wrong: Tree, failing: Sequence[str], tested: Report, fault: Fault, *, most: int
) -> tuple[BugReport, ...] | str:
    """Return what a user would report of a bug, the shortest first and one of each test, or why there is nothing.

    `source` is the right state, with the tests; `tested` says what became of these in the wrong one.
    """
    files = tests_of(trial.tested.setup, source).files
    scripts = list(islice(_scripts(Scripts(files), failing, tested), MAX_TRIED))
    if not scripts:
        return "no script can be made of its tests"
    gold = tuple(change for change in changes(wrong, source) if change.path in fault.paths)
    secrets = Secrets(gold=gold, paths=fault.paths, tests=tuple(sorted(tested.results)), public=fault.public)
    texts = [text for script in scripts for text in (script.text, script.plain)]
    right, bad = (_observed(trial, tree, texts) for tree in (source, wrong))
    problem = "no script shows it"
    found: dict[str, BugReport] = {}
    for number in sorted(range(len(scripts)), key=lambda n: (scripts[n].text.count("\n"), len(scripts[n].text))):
        test = base_of(scripts[number].test)
        if test in found or len(found) == most:
            continue
        # Texts of several lines are easier to read as they are.
        first = right[2 * number]
        place = 2 * number + (first is not None and "\\n" in first.printed)
        good, wrongly = right[place], bad[place]
        if good is None or wrongly is None or good.says == wrongly.says or not _is_meant(scripts[number], good):
            continue
        report = _report(test, texts[place], good, wrongly, wrong, fault)
        unfit = _unsayable(report) or _leak(report, fault, wrong, secrets)
        if not unfit and _is_steady(trial, source, wrong, texts[place], good, wrongly):
            found[test] = report
        problem = unfit or "what it does differs from run to run"
    return tuple(found.values()) or problem


def has_scripts(trial: Trial, source: Tree, tests: Sequence[str]) -> bool:
    """Say whether a script can be made of one of the tests."""
    scripts = Scripts(tests_of(trial.tested.setup, source).files)
    return any(next(scripts.of(test), None) is not None for test in tests)


def _scripts(scripts: Scripts, failing: Sequence[str], tested: Report) -> Iterator[Script]:
    """Yield scripts of failing tests: first one of each, best of the assertion that failed, then another of each."""
    ranked: list[tuple[int, Script]] = []
    for test in failing[:MAX_TRIED]:
        path = test.partition("::")[0]
        lines = re.findall(rf'File "[^"]*{re.escape(path)}", line (\d+)', tested.results[test].message)
        failed = int(lines[0]) if lines else 0

        def distance(script: Script, failed: int = failed) -> tuple[bool, int]:
            return (script.line > failed, failed - script.line) if failed else (False, 0)

        ranked += enumerate(sorted(scripts.of(test), key=distance)[:MAX_TRIED_OF_TEST])
    texts: set[str] = set()
    for _, script in sorted(ranked, key=lambda one: one[0]):
        if script.text not in texts:
            texts.add(script.text)
            yield script


def _observed(trial: Trial, tree: Tree, texts: Sequence[str], days_later: int = 0) -> tuple[Observed | None, ...]:
    testbed = trial.testbed
    installation = testbed.installation(trial.tested.setup)
    return observe(testbed.runtime, installation, tree, texts, days_later=days_later)


def _is_meant(script: Script, good: Observed) -> bool:
    """Say whether a program does over right code what its test asks for, and does not just lack something."""
    if not script.raises:
        return not good.error
    return bool(good.error) and good.error.partition(":")[0].strip() not in _NO_ANSWER


def _is_steady(trial: Trial, source: Tree, wrong: Tree, text: str, good: Observed, wrongly: Observed) -> bool:
    """Say whether a program does the same again, in other processes and at another time."""
    for tree, before in ((source, good), (wrong, wrongly)):
        again = _observed(trial, tree, [text, text], _DAYS_LATER)
        if any(found is None or found.says != before.says for found in again):
            return False
    return True


def _report(test: str, text: str, good: Observed, wrongly: Observed, wrong: Tree, fault: Fault) -> BugReport:
    return BugReport(
        test=test,
        script=text.rstrip("\n"),
        expected=f"{good.printed}{good.error}".rstrip("\n"),
        observed=f"{wrongly.printed}{_traceback(text, wrongly, wrong, fault)}".rstrip("\n"),
        should_raise=bool(good.error),
        does_raise=bool(wrongly.error),
    )


def _traceback(text: str, observed: Observed, wrong: Tree, fault: Fault) -> str:
    """Write the frames of an exception that say nothing of where the bug is."""
    if not observed.error:
        return ""
    own = [frame for frame in observed.frames if frame.path == SCRIPT][:1]
    others = observed.frames[len(own) :]
    lines = ["Traceback (most recent call last):"]
    lines += [_line(SCRIPT, frame, text) for frame in own]
    for frame in others[-_FRAMES:]:
        path = frame.path.removeprefix(f"{WORKSPACE}/")
        is_shown = len(others) <= _FRAMES or frame is not others[-_FRAMES]
        line = ""
        if is_shown and path in wrong and path not in fault.paths:
            line = _line(path, frame, wrong[path].data.decode(errors="replace"))
        if line and not _names(line, text, fault):
            lines.append(line)
        elif lines[-1] != "  ...":
            lines.append("  ...")
    return "\n".join([*lines, _OF_A_MODULE.sub("", observed.error)])


def _line(path: str, frame: Frame, text: str) -> str:
    """Write one frame, as Python does."""
    rows = text.splitlines()
    row = rows[frame.line - 1].strip() if 0 < frame.line <= len(rows) else ""
    return f'  File "{path}", line {frame.line}, in {frame.function}' + (f"\n    {row}" if row else "")


def _unsayable(report: BugReport) -> str:
    for text in (report.expected, report.observed):
        if len(text) > MAX_CHARACTERS or text.count("\n") > MAX_ROWS:
            return "what it does is too long to be reported"
        if _OF_A_RUN.search(text):
            return "what it does differs from run to run"
    return "no script shows it" if "```" in report.script else ""


def _leak(report: BugReport, fault: Fault, wrong: Tree, secrets: Secrets) -> str:
    """Say what a report tells that it may not; empty where it is nothing."""
    said = "\n".join(report[:3])
    found = {spoiler.kind for spoiler in spoilers(f"```\n{said}\n```", wrong, secrets)}
    if Spoiled.TEST in found:
        return "its report says a test"
    return "its report says where it is" if found or _names(said, report.script, fault) else ""


def _names(said: str, script: str, fault: Fault) -> bool:
    """Say whether a text has the name of a function with a bug that the program has not."""
    return any(_has_word(said, name) and not _has_word(script, name) for name in fault.names)


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w/]){re.escape(word)}(?!\w)", text) is not None
