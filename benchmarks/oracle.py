"""An independent witness of what calls what: a package's own tests, run under `tracer`.

Installing a package and running its tests executes its code. A developer does that here with packages that he
names; nothing of hybridgym does. The tests run in bubblewrap without a network where it is installed, else as a plain
process of the throw-away environment.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import NamedTuple

import msgspec

from hybridgym.errors import HybridGymError, MissingDependencyError
from hybridgym.task import LINK, Tree

TRACER = tuple(Path(__file__).with_name(name) for name in ("__init__.py", "call_sites.py", "tracer.py"))
"""The files of the program that runs in the package's environment."""
PYTHON = "3.12"
"""The first version that has `sys.monitoring`."""
PYTEST = "pytest<8.4"
"""Older suites import what later versions removed."""
SECONDS_TO_STOP = 60


class OracleError(HybridGymError):
    """A package could not be installed, or its tests gave no record."""


class Setup(NamedTuple):
    """How the tests of a package are run."""

    requirements: tuple[str, ...] = ()
    """What they need besides the package and pytest."""
    arguments: tuple[str, ...] = ()
    """Of pytest."""


class Record(msgspec.Struct, frozen=True):
    """What the tracer wrote."""

    outcomes: dict[str, int]
    """Tests by outcome."""
    sites: dict[str, list[tuple[int, int, list[tuple[str, int, str]], bool]]]
    """Path → (end line from 1, end column in bytes, targets as (path, first line, name), anything else reached)."""


def record_of(
    files: Tree, sources: Sequence[str], setup: Setup, *, python: str, seconds: int, records: Path, name: str
) -> Record:
    """Run the tests of a package, or read the record of having done so with the same files, setup and tracer.

    `sources` are the files whose call sites count. Raises OracleError.
    """
    state = {path: hashlib.sha256(file.data).hexdigest() for path, file in files.items()}
    key = [state, list(sources), setup, python, [part.read_text(encoding="utf-8") for part in TRACER]]
    digest = hashlib.sha256(json.dumps(key).encode()).hexdigest()[:16]
    place = records / f"{name}-{digest}.json"
    if not place.exists():
        with TemporaryDirectory(prefix="fidelity-") as folder:
            data = _observed(files, sources, setup, Path(folder), python, seconds)
        records.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return msgspec.json.decode(place.read_bytes(), type=Record)


def lay_out(files: Tree, folder: Path) -> None:
    """Write the files of a source below a folder."""
    for path, file in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.mode == LINK:
            place.symlink_to(os.fsdecode(file.data))
        else:
            place.write_bytes(file.data)


def find_python(wanted: str) -> str:
    """Return the interpreter that a path or a version such as 3.12 names; raises MissingDependencyError."""
    for candidate in (wanted, f"python{wanted}"):
        found = shutil.which(candidate)
        if found:
            return found
    uv = shutil.which("uv")
    if uv:
        asked = subprocess.run([uv, "python", "find", wanted], capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            return asked.stdout.strip()
    message = f"Python {wanted} is needed: name its interpreter with --python, or install uv and run uv python install"
    raise MissingDependencyError(message)


def _observed(files: Tree, sources: Sequence[str], setup: Setup, folder: Path, python: str, seconds: int) -> bytes:
    root, home, out = folder / "source", folder / "home", folder / "record.json"
    home.mkdir()
    lay_out(files, root)
    interpreter = _installed(root, setup, folder / "environment", find_python(python))
    job = {
        "root": str(root),
        "sources": list(sources),
        "repository": [path for path in files if path.endswith(".py")],
        "out": str(out),
        "arguments": ["-q", "-p", "no:cacheprovider", "--continue-on-collection-errors", *setup.arguments],
    }
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    program = folder / "program"
    (program / "benchmarks").mkdir(parents=True)
    for part in TRACER:
        shutil.copy(part, program / "benchmarks" / part.name)
    command = [str(interpreter), "-m", "benchmarks.tracer", str(folder / "job.json")]
    log = _run_tests(
        [*_sandbox(folder), *command], program, {"HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}, seconds
    )
    data = out.read_bytes() if out.exists() else b""
    if not data or not msgspec.json.decode(data, type=Record).outcomes.get("passed"):
        message = f"no test passed; they ended with:\n{log[-3000:]}"
        raise OracleError(message)
    return data


def _installed(root: Path, setup: Setup, environment: Path, python: str) -> Path:
    """Install a package and what its tests need, as an editable so that its code objects name the files laid out."""
    uv = shutil.which("uv")
    interpreter = environment / "bin" / "python"
    make = [uv, "venv", "--quiet"] if uv else [python, "-m", "venv"]
    if uv:
        make += ["--python", python]
    install = [uv, "pip", "install", "--quiet", "--python"] if uv else []
    installer = [*install, str(interpreter)] if uv else [str(interpreter), "-m", "pip", "install", "--quiet"]
    for command in ([*make, str(environment)], [*installer, PYTEST, *setup.requirements, "--editable", str(root)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            message = f"{' '.join(command)}: {done.stderr[-3000:]}"
            raise OracleError(message)
    return interpreter


def _sandbox(folder: Path) -> list[str]:
    """Return what to put in front of a command that may write below a folder only; empty without bubblewrap."""
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        return []
    place = str(folder)
    mounts = [
        "--ro-bind",
        "/",
        "/",
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        "--tmpfs",
        gettempdir(),
        "--bind",
        place,
        place,
    ]
    return [bubblewrap, *mounts, "--unshare-all", "--die-with-parent"]


def _run_tests(command: list[str], place: Path, extra: Mapping[str, str], seconds: int) -> str:
    """Run the tests and return what they printed; after so many seconds they are interrupted, and leave a record."""
    process = subprocess.Popen(
        command,
        cwd=place,
        env={**os.environ, **extra},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    for patience, what in ((seconds, signal.SIGINT), (SECONDS_TO_STOP, signal.SIGKILL), (None, signal.SIGKILL)):
        try:
            return process.communicate(timeout=patience)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, what)
    raise AssertionError
