"""The released packages that read exports, each in an environment of its own."""

import atexit
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from hybridgym.environments.interpreters import VARIABLE, interpreters
from hybridgym.environments.uv import SYSTEM_CERTIFICATES

_SETTINGS = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "UV_OFFLINE")}
"""As they were before a test said where packages are to come from."""


@cache
def consumer(*requirements: str, python: str = sys.executable, overrides: str = "") -> Path:
    """Return the folder with the programs of an environment that has some packages; skip where none can be had.

    `python` is a path or a version, `overrides` are requirements in place of those that packages state. The
    environment is made once for all tests of a process; uv's cache keeps what it is made of.
    """
    folder = Path(mkdtemp(prefix=f"hybridgym-{requirements[0].partition('=')[0]}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _uv("venv", "--python", python, str(folder))
    (folder / "overrides.txt").write_text(overrides, encoding="utf-8")
    options = ("--python", str(folder / "bin" / "python"), "--override", str(folder / "overrides.txt"))
    _uv("pip", "install", *options, *requirements)
    return folder / "bin"


def python_of(*versions: str) -> str:
    """Return the path of the first of some versions of Python that this machine has; skip where it has none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, _SETTINGS.get(VARIABLE, ""))
        known = interpreters()
    found = [known[version].path for version in versions if version in known]
    if not found:
        pytest.skip(f"expected Python {' or '.join(versions)}, found {', '.join(known)}; {VARIABLE} names others")
    return found[0]


def _uv(*arguments: str) -> None:
    command = [sys.executable, "-m", "uv", "--quiet", *arguments]
    done = subprocess.run(command, env=SYSTEM_CERTIFICATES | _SETTINGS, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"uv {arguments[0]} {arguments[-1]}: {done.stderr.strip()[-300:]}")
