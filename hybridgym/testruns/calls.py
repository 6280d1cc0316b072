"""Calls of a project's functions: recorded while its tests run, and made again over any state of it.

A call is source text throughout, so that nothing of a project is loaded outside of a runtime. Two programs do the
work there, `inside_calls` and `inside_replays`; both write values with `inside_values`.
"""

import ast
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

import msgspec

from hybridgym.runtimes import Limits, Mount, Runtime, reports_folder
from hybridgym.runtimes.base import PATH
from hybridgym.task import WORKSPACE, Tree, Value
from hybridgym.testruns.base import TESTS, Installation, Tests
from hybridgym.testruns.running import arguments_of, write_tests
from hybridgym.workspace import write_files

MAX_CALLS: Final = 200
"""Distinct ones of one function."""
SECONDS: Final = 5
"""That one call may take when it is made again."""
_ALL_SECONDS: Final = 120
_MAX_CHARACTERS: Final = 6000
_MAX_TEXTS: Final = 60
_DOTTED: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_OPERATOR: Final = re.compile(r"[a-z(]*\{[01]\}[ =!<>+*/%|&^\[\]a-z()-]*(\{[01]\})?[\])]*|-\{0\}")
_FOLDER: Final = Path(__file__).parent
_INSIDE: Final = "/hybridgym"
_VALUES, _CALLS, _REPLAYS, _SCRIPTS = (f"inside_{name}.py" for name in ("values", "calls", "replays", "scripts"))


class Call(Value, frozen=True, kw_only=True):
    """A call as source text."""

    definition: str
    """The id of the function that is called."""
    head: str
    """What is called, from the name of a module on; of a method or attribute, its name alone."""
    receiver: str
    """The object whose method it is; empty where there is none."""
    form: str
    """`call`, `method`, `attribute`, or an operator with places for its sides: `{0} + {1}`."""
    arguments: tuple[tuple[str, str], ...]
    """Name and text of each; the name is empty where an argument is given by its place."""
    modules: tuple[str, ...]
    """What has to be imported."""
    direct: bool = True
    """Whether a test called it, not another function of the project."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that can be made smaller: the receiver, where there is one, and the arguments."""
        return (*((self.receiver,) if self.receiver else ()), *(text for _, text in self.arguments))

    def expression(self, texts: Sequence[str]) -> str:
        """Return the call with other texts in the places of `texts`."""
        receiver, given = (texts[0], texts[1:]) if self.receiver else ("", texts)
        inner = ", ".join(
            f"{name}={text}" if name else text for (name, _), text in zip(self.arguments, given, strict=True)
        )
        if self.form == "call":
            return f"{self.head}({inner})"
        if self.form == "attribute":
            return f"{receiver}.{self.head}"
        if self.form == "method":
            return f"{receiver}.{self.head}({inner})"
        return self.form.format(receiver, *given)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of arguments that are given by name."""
        return tuple(sorted(name for name, _ in self.arguments if name))

    @property
    def text(self) -> str:
        """The whole call."""
        return self.expression(self.texts)

    @property
    def is_sound(self) -> bool:
        """Whether it is what it has to be: expressions, names, and a way to put them together."""
        names = all(name.isidentifier() for name in self.names) and all(map(_DOTTED.fullmatch, self.modules))
        is_form = self.form in ("call", "method", "attribute") or _OPERATOR.fullmatch(self.form)
        sides = self.form.count("{") or len(self.texts)
        if not names or not is_form or sides != len(self.texts) or len(self.texts) > _MAX_TEXTS:
            return False
        return all(map(is_expression, (self.head or "_", *self.texts))) and is_expression(self.text)


class Became(Value, frozen=True, kw_only=True):
    """What became of a call."""

    form: str = ""
    """`value`; `items` or `first` where an iterator gave all or endlessly many; `str` or `strs` where the value, or
    each item of a list, cannot be compared and its class says how it is written; `raises`."""
    text: str = ""
    """The value, or the exception's class; empty where it has no public name."""
    modules: tuple[str, ...] = ()
    message: str = ""
    deliberate: bool = False
    """Whether a `raise` of the project raised it."""
    binding: bool = False
    """Whether the call itself did not fit: another signature, or no such name."""
    late: bool = False
    """Whether it was raised by what the call gave, an iterator."""
    bases: tuple[str, ...] = ()
    """The names of the exception's classes."""
    refused: str = ""
    """Why the value cannot be written."""
    printed: str = ""
    changed: Mapping[str, tuple[str, tuple[str, ...]]] = {}
    """Argument (`a` and its number) → what it is afterwards, where that is not what it was; empty if not known."""
    problem: str = ""
    """Why nothing can be said."""


class Recording(NamedTuple):
    """What was recorded in one run of tests."""

    calls: tuple[Call, ...]
    refused: Mapping[str, int]
    """Reason → how many calls were not written."""
    watched: tuple[str, ...]
    """The functions whose calls were looked at: the targets, and what led to them."""
    problem: str


class Lookout(Value, frozen=True, kw_only=True):
    """What calls are looked for in a state of a repository."""

    definitions: tuple[tuple[str, str, int, str], ...]
    """Id, path, 1-based first line and qualified name of each function that is no test."""
    targets: tuple[str, ...]
    callers: tuple[str, ...] = ()
    """Functions that are known to lead to a target: those of their calls are of interest that do."""
    assumed: tuple[str, ...] = ()
    """Functions that may lead to a target when they have long returned, as one that gives a generator does."""
    files: tuple[str, ...]
    """The project's own, without its tests."""
    modules: tuple[str, ...] = ()
    """Whose doctests are run."""
    documents: tuple[str, ...] = ()
    """Paths of texts with doctests."""


def record_calls(
    runtime: Runtime, installation: Installation, tree: Tree, tests: Tests, limits: Limits, lookout: Lookout
) -> Recording:
    """Run tests over a tree and return the calls of targets and of the public functions on top of them.

    Raises as `Runtime.run` does.
    """
    with tempfile.TemporaryDirectory(prefix="hybridgym-") as folder:
        workspace, beside = write_tests(tree, tests, Path(folder))
        reports = reports_folder()
        job = {
            **msgspec.to_builtins(lookout),
            "path": [*installation.path],
            "arguments": arguments_of(tests, None),
            "workspace": WORKSPACE,
            "most": MAX_CALLS,
            "report": f"{reports}/calls",
            "documents": [f"{WORKSPACE}/{path}" for path in lookout.documents],
        }
        run = runtime.run(
            [installation.python, "-I", "-B", f"{_INSIDE}/{_CALLS}"],
            workspace,
            limits,
            mounts=[*installation.mounts, Mount(beside, TESTS), *_programs(_CALLS, _VALUES)],
            variables={"TZ": "UTC", "PATH": f"{PurePosixPath(installation.python).parent}:{PATH}", **tests.variables},
            stdin=msgspec.json.encode(job),
            reports=reports,
        )
    calls: dict[Call, None] = {}
    refused: dict[str, int] = {}
    watched: set[str] = set()
    has_ended, problem = False, ""
    for line in run.reports.get("calls", b"").splitlines():
        try:
            said = msgspec.json.decode(line, type=dict[str, Any])
            if "call" in said:
                call = msgspec.convert(said["call"], Call)
                if call.is_sound:
                    calls[call] = None
            if "end" in said:
                has_ended, problem = True, said["end"]
            if "function" in said:
                watched.add(said["function"])
            for reason, count in said.get("refused", {}).items():
                refused[reason] = refused.get(reason, 0) + count
        except (msgspec.DecodeError, msgspec.ValidationError):
            continue
    if not has_ended:
        said_last = " ".join(run.output.decode(errors="replace").split())[-300:]
        problem = f"ended by a limit: {run.limit}" if run.limit is not None else f"ended before its time: {said_last}"
    return Recording(tuple(calls), dict(sorted(refused.items())), tuple(sorted(watched)), problem)


def replay(
    runtime: Runtime,
    installation: Installation,
    tree: Tree,
    files: Sequence[str],
    calls: Sequence[Call],
    *,
    days_later: int = 0,
) -> tuple[Became | None, ...]:
    """Make calls over a tree; None stands for those that did not come to an end.

    `files` are the project's own. With `days_later`, the clock is as far ahead. Raises as `Runtime.run` does.
    """
    if not calls:
        return ()
    with tempfile.TemporaryDirectory(prefix="hybridgym-") as folder:
        workspace = Path(folder, "workspace")
        write_files(tree, workspace)
        reports = reports_folder()
        job = {
            "path": [*installation.path],
            "calls": [_job(call) for call in calls],
            "workspace": WORKSPACE,
            "files": [*files],
            "seconds": SECONDS,
            "all_seconds": _ALL_SECONDS,
            "ahead": 86400 * days_later,
            "report": f"{reports}/became",
        }
        run = runtime.run(
            [installation.python, "-I", "-B", f"{_INSIDE}/{_REPLAYS}"],
            workspace,
            Limits(cpu_seconds=_ALL_SECONDS + 30, wall_seconds=2 * _ALL_SECONDS),
            mounts=[*installation.mounts, *_programs(_REPLAYS, _VALUES, _SCRIPTS)],
            variables={"TZ": "UTC"},
            stdin=msgspec.json.encode(job),
            reports=reports,
        )
    found: list[Became | None] = [None] * len(calls)
    for line in run.reports.get("became", b"").splitlines():
        try:
            number, said = msgspec.json.decode(line, type=tuple[int, Became])
        except (msgspec.DecodeError, msgspec.ValidationError):
            continue
        if 0 <= number < len(found) and _is_sound_outcome(said, calls[number]):
            found[number] = said
    return tuple(found)


# What a run of somebody's code tells is text that is read and written again here.


def _is_sound_outcome(became: Became, call: Call) -> bool:
    known = {f"a{number}" for number in range(len(call.texts))}
    modules = [*became.modules, *(module for _, modules in became.changed.values() for module in modules)]
    texts = [text for text in (became.text, *(text for text, _ in became.changed.values())) if text]
    return became.changed.keys() <= known and all(map(_DOTTED.fullmatch, modules)) and all(map(is_expression, texts))


def is_expression(text: str) -> bool:
    """Say whether a text is one expression that can be read and written."""
    try:
        return len(text) <= _MAX_CHARACTERS and bool(ast.unparse(ast.parse(text, mode="eval")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _programs(*names: str) -> list[Mount]:
    return [Mount(_FOLDER / name, f"{_INSIDE}/{name}") for name in names]


def _job(call: Call) -> dict[str, Any]:
    names = [f"a{number}" for number in range(len(call.texts))]
    return {
        "modules": call.modules,
        "names": [*zip(names, call.texts, strict=True)],
        "expression": call.expression(names),
    }
