"""Make calls and write down what becomes of them. Runs in a runtime, with the project's interpreter.

One JSON object arrives on standard input, see `calls`; the report is one line for each call that came to an end: its
number, and what became of it. Each call has a process of its own, forked from one that has imported the project.
"""

import ast
import collections.abc
import contextlib
import importlib
import io
import itertools
import json
import os
import random
import re
import signal
import sys
import time
import traceback
import types
import warnings
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

_VALUES = "/hybridgym/inside_values.py"
_SCRIPTS = "/hybridgym/inside_scripts.py"
_ITEMS = 60
_FIRST = 5
_PRINTED = 2000
_OF_A_RUN = re.compile(r"0x[0-9a-fA-F]{5,}|/tmp/|/hybridgym/|/testbed|/home/|python\d\.\d+/")
_OUTSIDE = ("subprocess.", "socket.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "shutil.")
_WRITING = frozenset({"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.symlink", "os.kill"})
_BINDING = re.compile(r"\(\) (got|missing|takes) ")


def main() -> None:
    """Read what is to be done, and do it."""
    job = json.loads(sys.stdin.buffer.read())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    sys.path[0:0] = job["path"]
    sys.argv = ["call"]
    values, scripts = _loaded("hybridgym_values", _VALUES), _loaded("hybridgym_scripts", _SCRIPTS)
    if job["ahead"]:
        scripts._move_clock(job["ahead"])
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for module in sorted({module for call in job["calls"] for module in call["modules"]}):
            with contextlib.suppress(BaseException):
                importlib.import_module(module)
    ends = time.monotonic() + job["all_seconds"]
    for number, call in enumerate(job["calls"]):
        if time.monotonic() > ends:
            break
        child = os.fork()
        if not child:
            try:
                signal.alarm(job["seconds"])
                random.seed()
                said = Replay(job, values, call).became()
                report = os.open(job["report"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                os.write(report, json.dumps([number, said]).encode() + b"\n")
            finally:
                os._exit(0)
        os.waitpid(child, 0)


def _loaded(name: Any, path: Any) -> Any:
    module = types.ModuleType(name)
    SourceFileLoader(name, path).exec_module(module)
    return module


class Replay:
    """One call."""

    def __init__(self, job: Any, values: Any, call: Any) -> None:
        self.values = values
        self.workspace = job["workspace"]
        self.files = frozenset(job["files"])
        self.call = call
        self.outside = ""

    def became(self) -> Any:
        """Return what the call gives, raises, prints and changes."""
        warnings.simplefilter("ignore")
        try:
            names = {name: self.values.evaluated(text, self.call["modules"]) for name, text in self.call["names"]}
        except BaseException as error:
            return {"problem": "its arguments cannot be made: " + type(error).__name__}
        before = {name: self._text(value) for name, value in names.items()}
        sys.addaudithook(self._note)
        said = {}  # type: dict[str, Any]
        printed, state = io.StringIO(), random.getstate()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            is_made = False
            try:
                value = self.values.evaluated(self.call["expression"], self.call["modules"], names)
                is_made = True
                said.update(self._value(value))
            except self.values.RefusedError as error:
                said["refused"] = str(error)
            except BaseException as error:
                said.update(self._raised(error))
                said["late"] = is_made
        said["printed"] = printed.getvalue()[: _PRINTED + 1]
        said["changed"] = self._changed(names, before)
        if random.getstate() != state:
            said["problem"] = "random"
        elif self.outside:
            said["problem"] = "reaches outside: " + self.outside
        elif len(said["printed"]) > _PRINTED:
            said["problem"] = "too large"
        elif _OF_A_RUN.search(json.dumps([said.get("text"), said["printed"], said["changed"]])):
            said["problem"] = "differs from run to run"
        return said

    def _note(self, event: Any, arguments: Any) -> None:
        if event == "open":
            _, mode, flags = arguments
            is_writing = isinstance(mode, str) and set(mode) & set("wax+")
            if is_writing or (mode is None and isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)):
                self.outside = self.outside or "open"
        elif event in _WRITING or event.startswith(_OUTSIDE):
            self.outside = self.outside or event

    def _writer(self) -> Any:
        return self.values.Writer(self.workspace, self.files, None, is_outcome=True)

    def _text(self, value: Any) -> Any:
        """Return the text and the modules of a value; nothing where it cannot be written."""
        writer = self._writer()
        try:
            return [writer.write(value), sorted(writer.modules)]
        except self.values.RefusedError:
            return None

    def _value(self, value: Any) -> Any:
        form = "value"
        if isinstance(value, types.CoroutineType):
            value.close()
            self.values.refuse("a coroutine")
        if _is_iterator(value):
            items = list(itertools.islice(value, _ITEMS + 1))
            form, value = ("items", items) if len(items) <= _ITEMS else ("first", items[:_FIRST])
        elif isinstance(value, (type({}.keys()), type({}.values()), type({}.items()))):
            form, value = "items", list(value)
        writer = self._writer()
        try:
            text = writer.write(value)
        except self.values.RefusedError:
            if form == "value" and self._is_public(value) and isinstance(value, collections.abc.Sequence):
                items = list(itertools.islice(value, _ITEMS + 1))
                written = self._text(items)
                if len(items) <= _ITEMS and written is not None:
                    return {"form": "items", "text": written[0], "modules": written[1]}
            if form == "value" and self._speaks(value):
                return {"form": "str", "text": self._writer().write(str(value)), "modules": []}
            if type(value) in (list, tuple) and value and all(self._speaks(item) for item in value):
                return {"form": "strs", "text": self._writer().write([str(item) for item in value]), "modules": []}
            raise
        again = self.values.evaluated(text, writer.modules)
        is_alike = type(again) is type(value) or self.values.is_time(value)
        if not is_alike or not bool(again == value):
            self.values.refuse("not equal to what is written")
        return {"form": form, "text": text, "modules": sorted(writer.modules)}

    def _is_public(self, value: Any) -> Any:
        try:
            return "." in self._writer().named(type(value))
        except self.values.RefusedError:
            return False

    def _speaks(self, value: Any) -> Any:
        """Say whether a public class of the project says itself what the text of an instance is."""
        kind = type(value)
        if not self._is_public(value):
            return False
        files = [
            getattr(sys.modules.get(c.__module__), "__file__", None) or "" for c in kind.__mro__ if "__str__" in vars(c)
        ]
        return self._is_own(files[0])

    def _raised(self, error: Any) -> Any:
        kind, writer = type(error), self._writer()
        # The frames of this program come first.
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename not in ("<call>", __file__)]
        own = [frame for frame in frames if self._is_own(frame.filename)]
        is_early = isinstance(error, (TypeError, AttributeError, NameError, ImportError)) and not own
        try:
            text = writer.named(kind)
        except self.values.RefusedError:
            text = ""
        is_binding = isinstance(error, TypeError) and bool(_BINDING.search(str(error)))
        return {
            "form": "raises",
            "text": text,
            "modules": sorted(writer.modules),
            "message": str(error)[:300],
            "deliberate": bool(own) and frames[-1] is own[-1] and self._is_raise(own[-1]),
            "binding": is_early or is_binding,
            "bases": [base.__name__ for base in kind.__mro__],
        }

    def _is_own(self, path: Any) -> Any:
        return path.startswith(self.workspace + "/") and path[len(self.workspace) + 1 :] in self.files

    def _is_raise(self, frame: Any) -> Any:
        """Say whether an exception was raised by a statement that says so."""
        try:
            tree = ast.parse(Path(frame.filename).read_bytes())
        except (OSError, SyntaxError, ValueError):
            return False
        return any(
            isinstance(node, ast.Raise)
            and node.exc is not None
            and node.lineno <= frame.lineno <= (node.end_lineno or 0)
            for node in ast.walk(tree)
        )

    def _changed(self, names: Any, before: Any) -> Any:
        """Return what became of the arguments that are not what they were, and can be compared."""
        changed = {}
        for name, text in before.items():
            if text is None:
                continue
            after = self._text(names[name])
            if after is None:
                changed[name] = ["", []]
            elif after != text and not self._equals(text, names[name]):
                changed[name] = after
        return changed

    def _equals(self, text: Any, value: Any) -> Any:
        try:
            return bool(self.values.evaluated(*text) == value)
        except Exception:
            return False


def _is_iterator(value: Any) -> Any:
    return hasattr(type(value), "__next__") and hasattr(type(value), "__iter__") and not isinstance(value, io.IOBase)


if __name__ == "__main__":
    main()
