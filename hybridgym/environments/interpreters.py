"""The interpreters of Python that there are: those that uv finds, and those that are named."""

import json
import os
import subprocess
from pathlib import Path
from typing import Final

from hybridgym.environments.uv import run_uv
from hybridgym.errors import UsageError
from hybridgym.task import Value

VARIABLE: Final = "HYBRIDGYM_PYTHONS"
"""Paths of further interpreters, separated as in PATH."""
_ASK: Final = "import platform, sys; print(platform.python_implementation(), *sys.version_info[:3])"


class Interpreter(Value, frozen=True, kw_only=True):
    """One CPython of this machine."""

    version: str
    """Such as `3.11`."""
    full_version: str
    path: str
    """Without links: a sandbox has to show the folder that it lies in."""


def interpreters(paths: tuple[str, ...] = ()) -> dict[str, Interpreter]:
    """Return one interpreter for each version of Python, sorted; `paths` and the variable come before uv's finds.

    Nothing is downloaded. Raises UsageError where a path is no CPython.
    """
    named = [*paths, *filter(None, os.environ.get(VARIABLE, "").split(os.pathsep))]
    found = [_asked(path) for path in named] + _found_by_uv()
    chosen: dict[tuple[int, int], Interpreter] = {}
    for interpreter in found:
        major, minor = map(int, interpreter.version.split("."))
        chosen.setdefault((major, minor), interpreter)
    return {chosen[key].version: chosen[key] for key in sorted(chosen)}


def _found_by_uv() -> list[Interpreter]:
    done = run_uv("python", "list", "--only-installed", "--no-python-downloads", "--output-format", "json")
    if done.returncode:
        return []
    found = []
    for item in json.loads(done.stdout):
        if item["implementation"] == "cpython" and item["variant"] == "default":
            parts = item["version_parts"]
            path = str(Path(item["path"]).resolve())
            version = f"{parts['major']}.{parts['minor']}"
            found.append(Interpreter(version=version, full_version=item["version"], path=path))
    # The newest patch of a version comes first from uv; shims resolve to programs that are none.
    return [i for i in found if Path(i.path).name.startswith("python")]


def _asked(path: str) -> Interpreter:
    try:
        done = subprocess.run([path, "-I", "-c", _ASK], capture_output=True, text=True, check=True, timeout=30)
        implementation, major, minor, patch = done.stdout.split()
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        message = f"{VARIABLE}: expected the path of a CPython, found {path!r}: {error}"
        raise UsageError(message) from error
    if implementation != "CPython":
        message = f"{VARIABLE}: expected the path of a CPython, found {path!r}, which is {implementation}"
        raise UsageError(message)
    return Interpreter(
        version=f"{major}.{minor}", full_version=f"{major}.{minor}.{patch}", path=str(Path(path).resolve())
    )
