"""The interpreters of Python that there are: those that uv finds, and those that are named."""

import json
import os
import subprocess
from typing import Final

from hybridgym.environments.uv import run_uv
from hybridgym.errors import UsageError
from hybridgym.task import Value

VARIABLE: Final = "HYBRIDGYM_PYTHONS"
"""Paths of further interpreters, separated as in PATH."""
_ASK: Final = (
    "import os, platform, sys\n"
    "print(platform.python_implementation(), *sys.version_info[:3], os.path.realpath(sys.executable))"
)


class Interpreter(Value, frozen=True, kw_only=True):
    """One CPython of this machine."""

    version: str
    """Such as `3.11`."""
    full_version: str
    path: str
    """Without links: a sandbox has to show the folder that it lies in."""


def interpreters(paths: tuple[str, ...] = ()) -> dict[str, Interpreter]:
    """Return one interpreter for each version of Python, sorted; `paths` and the variable come before uv's finds.

    Nothing is downloaded. Raises UsageError where a path that is named is no CPython.
    """
    named = [*paths, *filter(None, os.environ.get(VARIABLE, "").split(os.pathsep))]
    found = []
    for path in named:
        interpreter = _asked(path)
        if isinstance(interpreter, str):
            message = f"{VARIABLE}: expected the path of a CPython, found {path!r}: {interpreter}"
            raise UsageError(message)
        found.append(interpreter)
    # What uv finds may be a program that stands for another, which may not be there.
    found += [i for path in _found_by_uv() if isinstance(i := _asked(path), Interpreter)]
    chosen: dict[tuple[int, int], Interpreter] = {}
    for interpreter in found:
        major, minor = map(int, interpreter.version.split("."))
        chosen.setdefault((major, minor), interpreter)
    return {chosen[key].version: chosen[key] for key in sorted(chosen)}


def _found_by_uv() -> list[str]:
    """Return paths, the newest patch of a version first."""
    done = run_uv("python", "list", "--only-installed", "--no-python-downloads", "--output-format", "json")
    if done.returncode:
        return []
    found = json.loads(done.stdout)
    return [i["path"] for i in found if i["implementation"] == "cpython" and i["variant"] == "default"]


def _asked(path: str) -> Interpreter | str:
    """Ask a program what it is; return what is wrong where it is no CPython."""
    try:
        done = subprocess.run([path, "-I", "-c", _ASK], capture_output=True, text=True, check=True, timeout=30)
        implementation, major, minor, patch, place = done.stdout.split(maxsplit=4)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return str(error)
    if implementation != "CPython":
        return f"it is {implementation}"
    return Interpreter(version=f"{major}.{minor}", full_version=f"{major}.{minor}.{patch}", path=place.strip())
