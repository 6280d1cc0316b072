"""Run a package's tests under `sys.monitoring` and write down what each of its call sites reached.

A program of its own, `python -m benchmarks.tracer JOB.json`, for the environment of the package under test: pytest,
the standard library of Python 3.12 or newer, nothing else. `oracle` starts it and reads what it writes.

A CALL event carries the exact call instruction and what is called. So generators and coroutines are seen where they
are called, and properties, operators, protocol methods and callbacks from C are not seen at all. The instruction's
position is that of an `ast.Call`; other code that borrows such a position (applying a decorator, leaving a `with`)
is told apart. Two things have no CALL event: `raise X` makes an instance by itself, which its RAISE event shows, and
Python functions called with `*` or `**` (in 3.12), for which `StarCalls` rewrites the source as it is imported.
"""

import ast
import builtins
import functools
import importlib.machinery
import inspect
import json
import os
import sys
import types
import typing
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.call_sites import EXITS, IN_C, SEEN, Location, Raised, Site, StarCalls, Tables, instructions

monitoring: Any = vars(sys)["monitoring"]  # hybridgym itself also runs on 3.11, where type checkers miss it

MAX_UNWRAPPING = 20
GENERIC_ALIASES = (types.GenericAlias, type(typing.List[int]))  # noqa: UP006  (the alias of typing is another class)
MOCK: Location = ("", 0, "")
"""What a test put in the place of something else."""


class Tracer:
    """Collects what the call sites of a set of files reach."""

    def __init__(self, root: str, sources: list[str], repository: list[str]) -> None:
        self._root = os.path.realpath(root) + os.sep
        self._tables: dict[str, Tables] = {}
        for path in sources:
            try:
                self._tables[path] = Tables(path, Path(root, path).read_bytes())
            except (SyntaxError, ValueError):  # not for this Python: it cannot run either
                continue
        self._repository = frozenset(repository)
        self._paths: dict[str, str | None] = {}
        self._codes: dict[int, tuple[types.CodeType, dict[int, Site], dict[int, Raised]]] = {}
        self._built: dict[int, tuple[type, types.CodeType]] = {}
        self._built_by_name: dict[tuple[str, str], types.CodeType] = {}
        self._registry: dict[int, Location] = {}

    def start(self) -> None:
        """Listen to all calls from now on."""
        tool = monitoring.PROFILER_ID
        monitoring.use_tool_id(tool, "fidelity")
        monitoring.register_callback(tool, monitoring.events.CALL, self._on_call)
        monitoring.register_callback(tool, monitoring.events.RAISE, self._on_raise)
        monitoring.set_events(tool, monitoring.events.CALL | monitoring.events.RAISE)
        self._note_classes()
        self._rewrite_star_calls()

    def stop(self) -> None:
        """Stop listening."""
        monitoring.set_events(monitoring.PROFILER_ID, 0)

    def report(self) -> dict[str, list[list[Any]]]:
        """Return by file [end line, end column, targets, whether anything else was reached] of the sites that ran."""
        self._read_registry()
        found: dict[str, list[list[Any]]] = {}
        for path, tables in sorted(self._tables.items()):
            rows = [self._row(site) for site in tables.sites if site.ran]
            found[path] = sorted(rows)
        return found

    def _row(self, site: Site) -> list[Any]:
        locations = [self._locate(called) for called in site.objects.values()]
        targets = sorted({location for location in locations if location is not None})
        return [*site.end, targets, site.outside or None in locations]

    # events

    def _on_call(self, code: types.CodeType, offset: int, called: object, first: object) -> object:
        site = self._sites_of(code)[1].get(offset)
        if site is None:
            return monitoring.DISABLE
        if called is _seen:
            called = first
        if not (site.is_context and getattr(called, "__name__", "") in EXITS):
            site.saw(called)
        return None

    def _on_raise(self, code: types.CodeType, offset: int, _: BaseException) -> None:
        raised = self._sites_of(code)[2].get(offset)
        if raised is None:
            return
        value = _value_of(raised.names, sys._getframe(1))
        if isinstance(value, type):
            raised.site.saw(value)
        else:
            raised.site.ran = True
            raised.site.outside = True

    def _sites_of(self, code: types.CodeType) -> tuple[types.CodeType, dict[int, Site], dict[int, Raised]]:
        known = self._codes.get(id(code))
        if known is None:
            tables = self._tables.get(self._path_of(code.co_filename) or "")
            known = (code, *instructions(code, tables)) if tables is not None else (code, {}, {})
            self._codes[id(code)] = known  # holds the code, so that its id stays its own
        return known

    def _path_of(self, filename: str) -> str | None:
        """Return the path below the root, or None for what is no source of the repository."""
        if filename not in self._paths:
            real = os.path.realpath(filename)
            path = real.removeprefix(self._root).replace(os.sep, "/")
            self._paths[filename] = path if real.startswith(self._root) and path in self._repository else None
        return self._paths[filename]

    # what a callable is

    def _note_classes(self) -> None:
        """Wrap `__build_class__`: a class does not know where it was defined."""
        build = builtins.__build_class__

        def build_and_note(body: Any, name: str, *bases: Any, **keywords: Any) -> Any:
            made = build(body, name, *bases, **keywords)
            if isinstance(made, type) and self._path_of(body.__code__.co_filename) is not None:
                self._built[id(made)] = (made, body.__code__)
                self._built_by_name[made.__module__, made.__qualname__] = body.__code__
            return made

        vars(builtins)["__build_class__"] = build_and_note

    def _rewrite_star_calls(self) -> None:
        """Let `StarCalls` read each source as it is imported."""
        vars(builtins)[SEEN] = _seen
        to_code = importlib.machinery.SourceFileLoader.source_to_code

        def source_to_code(loader: Any, data: Any, path: Any, **options: Any) -> types.CodeType:
            if isinstance(data, bytes) and self._path_of(os.fspath(path)) in self._tables:
                data = StarCalls().visit(ast.parse(data))
            return to_code(loader, data, path, **options)

        setattr(importlib.machinery.SourceFileLoader, "source_to_code", source_to_code)  # noqa: B010  (mypy)
        sys.dont_write_bytecode = True

    def _read_registry(self) -> None:
        """Find what the names of decorated definitions are bound to: that is what calling them calls."""
        for module in list(sys.modules.values()):
            path = self._path_of(getattr(module, "__file__", None) or "")
            for decorated in self._tables[path].decorated if path in self._tables else ():
                value = _held(module, decorated.names)
                if isinstance(value, (staticmethod, classmethod)):
                    value = value.__func__
                if value is not None and type(value) not in IN_C:
                    self._registry.setdefault(id(value), decorated.location)

    def _locate(self, called: Any, depth: int = 0) -> Location | None:
        if id(called) in self._registry:
            return self._registry[id(called)]
        if depth > MAX_UNWRAPPING:
            return None
        kind = type(called)
        if kind.__module__ == "unittest.mock":
            return MOCK
        if issubclass(kind, type):
            return self._location_of_class(called)
        inner = _inside(called)
        if inner is not None:
            return self._locate(inner, depth + 1)
        wrapped = inspect.getattr_static(called, "__wrapped__", None)
        location = self._locate(wrapped, depth + 1) if wrapped is not None else None
        if location is not None and self._has_decorators(location):
            return location
        if kind is types.FunctionType:
            return self._location_of_code(called.__code__)
        method = inspect.getattr_static(kind, "__call__", None)
        return self._locate(method, depth + 1) if isinstance(method, types.FunctionType) else None

    def _has_decorators(self, location: Location) -> bool:
        """Say whether a decorator wrapped a definition; `g = wrapper(f)` makes `g` the wrapper's own function."""
        tables = self._tables.get(location[0])
        return tables is None or location[1] in tables.decorated_lines

    def _location_of_class(self, made: type) -> Location | None:
        noted = self._built.get(id(made))
        code = noted[1] if noted is not None else self._built_by_name.get((made.__module__, made.__qualname__))
        return self._location_of_code(code) if code is not None else None

    def _location_of_code(self, code: types.CodeType) -> Location | None:
        path = self._path_of(code.co_filename)
        return (path, code.co_firstlineno, code.co_name) if path is not None else None


def _inside(called: Any) -> object | None:
    """Return what a callable of the language or the standard library stands for, or None."""
    kind = type(called)
    if kind in (types.MethodType, staticmethod, classmethod):
        inner: object = called.__func__
    elif kind is functools.partial:
        inner = called.func
    else:
        inner = called.__origin__ if kind in GENERIC_ALIASES else None
    return inner


def _held(module: types.ModuleType, names: tuple[str, ...]) -> object | None:
    """Return what stands under a dotted name in a module, as its class holds it."""
    value: object = module
    for name in names:
        if not isinstance(value, (types.ModuleType, type)):
            return None
        held: Mapping[str, object] = vars(value)
        value = held.get(name)
    return value


def _value_of(names: tuple[str, ...], frame: types.FrameType) -> object | None:
    """Evaluate a dotted name; None where that fails."""
    first, *rest = names
    for scope in (frame.f_locals, frame.f_globals, frame.f_builtins):
        if first in scope:
            value: object = scope[first]
            break
    else:
        return None
    for name in rest:
        value = getattr(value, name, None)
    return value


def _seen(called: object) -> object:
    """Return what is about to be called: the CALL of this function shows it."""
    return called


# the run


class Outcomes:
    """A plugin of pytest that counts."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = defaultdict(int)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Count what the call of a test gave, and what went wrong around it."""
        if report.when == "call" or report.outcome != "passed":
            self.counts[report.outcome] += 1

    def pytest_collectreport(self, report: Any) -> None:
        """Count what could not be collected."""
        if report.outcome == "failed":
            self.counts["not collected"] += 1


def run(job: dict[str, Any], start: Callable[[], None]) -> dict[str, int]:
    """Run pytest; an interruption ends it early and keeps what was seen."""
    start()
    import pytest  # after the start, since it may itself use the package under test

    outcomes = Outcomes()
    status = pytest.main(job["arguments"], plugins=[outcomes])
    return {**dict(sorted(outcomes.counts.items())), "exit status": int(status)}


def main() -> None:
    """Do the job that a file describes."""
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.path[0] = job["root"]  # as `python -m pytest` has it
    os.chdir(job["root"])
    for name in ("benchmarks", "benchmarks.call_sites"):  # the package may have a folder of that name
        sys.modules.pop(name)
    process = os.getpid()
    tracer = Tracer(job["root"], job["sources"], job["repository"])
    outcomes = run(job, tracer.start)
    tracer.stop()
    if os.getpid() == process:  # not a fork that a test left behind
        written = {"outcomes": outcomes, "sites": tracer.report()}
        Path(job["out"]).write_text(json.dumps(written), encoding="utf-8")


if __name__ == "__main__":
    main()
