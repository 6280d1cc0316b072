"""Run a project's tests and doctests, and write down with which arguments some of its functions are called.

Runs in a runtime, with the project's interpreter. One JSON object arrives on standard input, see `calls`; the report
is one line for each distinct call, and one for each function with what could not be written of it.
"""

import collections
import contextlib
import doctest
import functools
import importlib
import inspect
import io
import json
import os
import sys
import threading
import types
from importlib.machinery import SourceFileLoader
from typing import Any

_VALUES = "/hybridgym/inside_values.py"
_TRIED = 3000
"""Calls of one function that are looked at."""
_TRIED_OF_CLASS = 1000
_CONSTRUCTED = 20000
"""Instances of which it is known how they were made."""
_CALLERS = 40
_PARTS = ("co_posonlyargcount", "co_argcount", "co_kwonlyargcount", "co_flags")
_OPERATORS = {
    "__eq__": "{0} == {1}",
    "__ne__": "{0} != {1}",
    "__lt__": "{0} < {1}",
    "__le__": "{0} <= {1}",
    "__gt__": "{0} > {1}",
    "__ge__": "{0} >= {1}",
    "__add__": "{0} + {1}",
    "__radd__": "{1} + {0}",
    "__sub__": "{0} - {1}",
    "__rsub__": "{1} - {0}",
    "__mul__": "{0} * {1}",
    "__rmul__": "{1} * {0}",
    "__truediv__": "{0} / {1}",
    "__floordiv__": "{0} // {1}",
    "__mod__": "{0} % {1}",
    "__pow__": "{0} ** {1}",
    "__or__": "{0} | {1}",
    "__and__": "{0} & {1}",
    "__xor__": "{0} ^ {1}",
    "__getitem__": "{0}[{1}]",
    "__contains__": "{1} in {0}",
    "__neg__": "-{0}",
    "__len__": "len({0})",
    "__bool__": "bool({0})",
    "__str__": "str({0})",
    "__repr__": "repr({0})",
    "__int__": "int({0})",
    "__float__": "float({0})",
    "__abs__": "abs({0})",
    "__iter__": "list({0})",
    "__reversed__": "list(reversed({0}))",
}
"""How special methods are called."""


class Known:
    """A function that is looked for."""

    def __init__(self, identity: Any, qualname: Any, is_target: Any) -> None:
        self.identity = identity
        self.qualname = qualname
        self.is_target = is_target
        self.is_assumed = False
        self.is_watched = is_target
        self.tried = 0
        self.written = set()  # type: set[str]
        self.refused = collections.Counter()  # type: collections.Counter[str]


class Recorder:
    """Notes calls while tests run."""

    def __init__(self, job: Any, values: Any, tell: Any, restart: Any) -> None:
        self.values = values
        self.tell = tell
        self.restart = restart
        self.prefix = job["workspace"] + "/"
        self.workspace = job["workspace"]
        self.files = frozenset(job["files"])
        self.most = job["most"]
        targets, callers, assumed = set(job["targets"]), set(job["callers"]), set(job["assumed"])
        self.known = {}  # type: dict[tuple[str, int], Known]
        for identity, path, line, qualname in job["definitions"]:
            known = Known(identity, qualname, identity in targets)
            known.is_assumed = identity in assumed
            known.is_watched = known.is_target or known.is_assumed or identity in callers
            self.known[path, line] = known
        self.callers = sum(known.is_watched and not known.is_target for known in self.known.values())
        self.of_code = {}  # type: dict[int, Any]
        self.built = {}  # type: dict[int, Any]
        self.tried_of_class = collections.Counter()  # type: collections.Counter[Any]
        self.waiting = {}  # type: dict[int, Any]
        self.busy = threading.local()

    def of(self, code: Any) -> Any:
        """Return what is known of code; None where it is not the project's."""
        # By identity: the hash of code is that of all its instructions. What is held does not lose its identity.
        found = self.of_code.get(id(code))
        if found is None:
            path = code.co_filename
            place = (path[len(self.prefix) :], code.co_firstlineno) if path.startswith(self.prefix) else None
            found = self.of_code[id(code)] = (code, self.known.get(place) if place is not None else None)
        return found[1]

    def entered(self, frame: Any) -> Any:
        """Note a call that begins; say whether others of the same code are of interest."""
        code = frame.f_code
        known = self.of(code)
        if known is None:
            return False
        is_constructor = code.co_name == "__init__"
        if not known.is_watched and not is_constructor:
            return False
        if getattr(self.busy, "now", False):
            return True
        self.busy.now = True
        try:
            if is_constructor:
                self._constructed(frame)
            if known.is_watched:
                self._called(known, frame)
        finally:
            self.busy.now = False
        return True

    # Instances

    def _constructed(self, frame: Any) -> None:
        code = frame.f_code
        if not code.co_argcount:
            return
        instance = _first(frame)
        kind, before = type(instance), frame.f_back
        if before is not None and before.f_code.co_name == "__init__" and _first(before) is instance:
            return
        self.built.pop(id(instance), None)
        self.tried_of_class[kind] += 1
        if self.tried_of_class[kind] > _TRIED_OF_CLASS or len(self.built) > _CONSTRUCTED:
            return
        writer = self._writer()
        with contextlib.suppress(self.values.RefusedError):
            arguments = self._arguments(frame, getattr(kind, "__init__", None), 1, writer)
            text = ", ".join((name + "=" if name else "") + value for name, value in arguments)
            self.built[id(instance)] = (kind, text, writer.modules)

    # Calls

    def _called(self, known: Any, frame: Any) -> None:
        if known.is_target:
            self._reached(frame)
        if known.tried >= _TRIED or len(known.written) >= self.most:
            return
        known.tried += 1
        try:
            call = self._call(known, frame)
        except self.values.RefusedError as error:
            known.refused[str(error)] += 1
            return
        except Exception:  # Values' own methods may do anything.
            known.refused["not to be written"] += 1
            return
        if known.is_target or known.is_assumed:
            self._write(known, call)
        else:
            self.waiting[id(frame)] = (frame.f_code, known, call)
            if len(self.waiting) > 1000:
                self.waiting.pop(next(iter(self.waiting)))

    def _reached(self, frame: Any) -> None:
        """Write the calls that have led to a target, and have their functions watched from now on."""
        frame, is_new = frame.f_back, False
        for _ in range(60):
            if frame is None or self._is_test(frame.f_code.co_filename):
                break
            known = self.of(frame.f_code)
            if known is not None:
                found = self.waiting.pop(id(frame), None)
                if found is not None and found[0] is frame.f_code:
                    self._write(known, found[2])
                if not known.is_watched and self.callers < _CALLERS and self._is_public(known.qualname):
                    known.is_watched = is_new = True
                    self.callers += 1
            frame = frame.f_back
        if is_new:
            self.restart()

    def _is_test(self, path: Any) -> Any:
        is_own = path.startswith(self.prefix) and path[len(self.prefix) :] not in self.files
        return is_own or path.startswith(("/hybridgym/tests/", "<doctest"))

    def _is_public(self, qualname: Any) -> Any:
        return not any(part.startswith("_") and not part.endswith("__") for part in qualname.split("."))

    def _write(self, known: Any, call: Any) -> None:
        text = json.dumps({**call, "direct": False}, sort_keys=True)
        if text not in known.written:
            known.written.add(text)
            self.tell(call=dict(call, definition=known.identity))

    def _writer(self) -> Any:
        return self.values.Writer(self.workspace, self.files, self.built)

    def _call(self, known: Any, frame: Any) -> Any:
        """Return the call that a frame is of, as text."""
        writer, code = self._writer(), frame.f_code
        module, (*classes, name) = frame.f_globals.get("__name__", ""), known.qualname.split(".")
        if not self._is_public(known.qualname):
            self.values.refuse("private")
        if "<" in known.qualname or code.co_flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
            self.values.refuse("no name")
        if not classes:
            found = getattr(sys.modules.get(module), name, None)
            if found is None or not _is_of(found, code):
                self.values.refuse("no name")
            head, receiver, form, first = writer.path(module, name, found), "", "call", 0
        else:
            cls = _reached(sys.modules.get(module), classes)
            if not isinstance(cls, type):
                self.values.refuse("no name")
            found = inspect.getattr_static(cls, name, None)
            if not _is_of(found, code):
                self.values.refuse("no name")
            head, receiver, form, first = self._of_class(writer, cls, name, found, frame)
        arguments = self._arguments(frame, found, first, writer)
        before = frame.f_back
        return {
            "head": head,
            "receiver": receiver,
            "form": form,
            "arguments": arguments,
            "modules": sorted(writer.modules),
            "direct": before is None or self._is_test(before.f_code.co_filename),
        }

    def _of_class(self, writer: Any, cls: Any, name: Any, found: Any, frame: Any) -> Any:
        if isinstance(found, staticmethod):
            return writer.named(cls) + "." + name, "", "call", 0
        instance = _first(frame)
        if isinstance(found, classmethod):
            return writer.named(instance) + "." + name, "", "call", 1
        if name == "__init__":
            return writer.named(type(instance)), "", "call", 1
        if name == "__new__":
            return writer.named(instance), "", "call", 1
        receiver = writer.write(instance)
        if name == "__call__":
            return receiver, "", "call", 1
        if isinstance(found, property) or type(found).__name__ == "cached_property":
            return name, receiver, "attribute", 1
        if name.startswith("__") and name not in _OPERATORS and name != "__setitem__" and name != "__delitem__":
            self.values.refuse("a special method")
        return name, receiver, _OPERATORS.get(name, "method"), 1

    def _arguments(self, frame: Any, function: Any, first: Any, writer: Any) -> Any:
        """Return name and text of each argument, the name empty where it is given by its place."""
        code, held = frame.f_code, frame.f_locals
        positional, total, keyword_only, flags = (getattr(code, part) for part in _PARTS)
        names = code.co_varnames
        plain = _function(function)
        defaults = plain.__defaults__ or () if plain is not None and plain.__code__ is code else ()
        of_keywords = (plain.__kwdefaults__ or {}) if plain is not None and plain.__code__ is code else {}
        default_of = {names[total - len(defaults) + n]: default for n, default in enumerate(defaults)}
        has_rest = bool(flags & inspect.CO_VARARGS)
        rest = held.get(names[total + keyword_only], ()) if has_rest else ()
        given = []
        is_named = False
        for number, name in enumerate(names[first:total], first):
            if name not in held:
                self.values.refuse("a local variable of another function")
            if not rest and name in default_of and self.values.is_default(held[name], default_of[name]):
                is_named = True
                continue
            is_optional = name in default_of and not rest
            by_name = number >= positional and (is_named or is_optional)
            given.append([name if by_name else "", writer.write(held[name])])
        given += [["", writer.write(value)] for value in rest]
        for name in names[total : total + keyword_only]:
            if name not in of_keywords or not self.values.is_default(held[name], of_keywords[name]):
                given.append([name, writer.write(held[name])])
        if flags & inspect.CO_VARKEYWORDS:
            others = held.get(names[total + keyword_only + has_rest], {})
            if not all(name.isidentifier() for name in others):
                self.values.refuse("not to be written")
            given += [[name, writer.write(value)] for name, value in others.items()]
        return given


def main() -> None:
    """Read what is to be done, and do it; does not return."""
    job = json.loads(sys.stdin.buffer.read())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    report = os.open(job["report"], os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    sys.path[0:0] = job["path"]
    sys.argv = ["pytest"]
    values = types.ModuleType("hybridgym_values")
    SourceFileLoader("hybridgym_values", _VALUES).exec_module(values)
    import pytest

    def tell(**said: Any) -> None:
        line = json.dumps(said, sort_keys=True).encode() + b"\n"
        os.write(report, line)

    monitoring = getattr(sys, "monitoring", None)
    recorder = Recorder(job, values, tell, monitoring.restart_events if monitoring is not None else lambda: None)
    watching, problem = _watch(recorder), ""
    try:
        plugins = [watching] if watching is not None else []
        pytest.main(job["arguments"], plugins=plugins)
        _run_doctests(job["modules"], job["documents"])
    except BaseException as error:  # The process ends before Python would say it.
        problem = type(error).__name__ + ": " + str(error)[:300]
    finally:
        for known in list(recorder.known.values()):
            if known.is_watched:
                tell(function=known.identity, tried=known.tried, refused=dict(known.refused))
        tell(end=problem)
        sys.stdout.flush()
        os._exit(0)


def _watch(recorder: Any) -> Any:
    """Have calls told of; return a plugin that has to be there while tests run."""
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None:

        def started(code: Any, offset: Any) -> Any:
            return None if recorder.entered(sys._getframe(1)) else monitoring.DISABLE

        monitoring.use_tool_id(monitoring.PROFILER_ID, "hybridgym")
        monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.PY_START, started)
        monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.PY_START)
        return None

    def called(frame: Any, event: Any, argument: Any) -> None:
        recorder.entered(frame)

    import pytest

    class Watcher:
        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_protocol(self, item: Any) -> Any:
            sys.settrace(called)
            yield

    threading.settrace(called)
    sys.settrace(called)
    return Watcher()


def _run_doctests(modules: Any, documents: Any) -> None:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for module in modules:
            with contextlib.suppress(Exception):
                doctest.testmod(importlib.import_module(module))
        for document in documents:
            with contextlib.suppress(Exception):
                doctest.testfile(document, module_relative=False)


def _first(frame: Any) -> Any:
    """Return the first argument of a frame's function, or None."""
    return frame.f_locals.get(frame.f_code.co_varnames[0]) if frame.f_code.co_argcount else None


def _function(found: Any) -> Any:
    """Return the plain function that is behind what a name means, or None."""
    for _ in range(10):
        if isinstance(found, types.FunctionType):
            inner = getattr(found, "__wrapped__", None)
            if inner is None:
                return found
            found = inner
        elif isinstance(found, (staticmethod, classmethod)):
            found = found.__func__
        elif isinstance(found, property):
            found = found.fget
        elif isinstance(found, functools.partial):
            found = found.func
        else:
            found = getattr(found, "__wrapped__", None) or getattr(found, "func", None)
    return None


def _is_of(found: Any, code: Any) -> Any:
    """Say whether calling what a name means leads to code."""
    plain = _function(found)
    if plain is None and isinstance(found, type):
        return any(getattr(vars(found).get(n), "__code__", None) is code for n in ("__init__", "__new__"))
    return plain is not None and (plain.__code__ is code or plain.__code__.co_filename == code.co_filename)


def _reached(found: Any, names: Any) -> Any:
    for name in names:
        found = getattr(found, name, None)
    return found


if __name__ == "__main__":
    main()
