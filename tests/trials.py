"""Runtimes to try things in, and ways to try them: what tests of runtimes share."""

import os
import pickle
import shutil
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hybridgym.errors import RunError
from hybridgym.runtimes import Conditions, Limits, Mount, Run, Runtime
from hybridgym.runtimes.sandbox import Sandbox

PYTHON = Path(sys.executable).resolve()
SYSTEM_PYTHON = Path("/usr/bin/python3")
NOBODY = 65534
LIMITS = Limits(
    memory_bytes=200_000_000,
    processes=64,
    cpu_seconds=20,
    wall_seconds=30,
    disk_bytes=50_000_000,
    output_bytes=100_000,
    report_bytes=100_000,
)
T = TypeVar("T")


class UnprivilegedSandbox:
    """A sandbox of somebody who is not root: each run is started by a process of nobody's."""

    name: ClassVar[str] = "sandbox"

    def __init__(self) -> None:
        self.python = _as_nobody(_executable)
        self._sandbox = Sandbox(python=str(self.python))

    def prepare(self) -> Conditions:
        return _as_nobody(self._sandbox.prepare)

    def limits_in_force(self) -> Mapping[str, str]:
        return self.prepare().limits

    def run(
        self,
        command: Sequence[str],
        workspace: Path,
        limits: Limits,
        *,
        mounts: Sequence[Mount] = (),
        variables: Mapping[str, str] | None = None,
        stdin: bytes = b"",
        reports: str = "",
    ) -> Run:
        for path in (workspace, *workspace.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        options: dict[str, Any] = {"mounts": mounts, "variables": variables, "stdin": stdin, "reports": reports}
        return _as_nobody(lambda: self._sandbox.run(command, workspace, limits, **options))


def _executable() -> Path:
    for path in (PYTHON, SYSTEM_PYTHON):
        if os.access(path, os.X_OK):
            return path
    message = f"nobody may execute neither {PYTHON} nor {SYSTEM_PYTHON}"
    raise RunError(message)


def _as_nobody(call: Callable[[], T]) -> T:
    """Return what a call gives in a process of another user."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Python warns of threads; the child uses nothing of theirs.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            try:
                result: tuple[bool, object] = (True, call())
            except Exception as error:
                result = (False, error)
            with os.fdopen(writing, "wb") as file:
                pickle.dump(result, file)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        said = file.read()
    os.waitpid(child, 0)
    is_good, value = pickle.loads(said)
    if not is_good:
        raise value
    found: T = value
    return found


def python(
    runtime: Runtime, workspace: Path, code: str, *arguments: object, limits: Limits = LIMITS, **options: Any
) -> Run:
    """Run a Python program, with nothing but the standard library."""
    interpreter = runtime.python if isinstance(runtime, UnprivilegedSandbox) else PYTHON
    mounts = [*options.pop("mounts", ())]
    if not interpreter.is_relative_to("/usr"):
        mounts.append(Mount(Path(sys.base_prefix), sys.base_prefix))
    command = [str(interpreter), "-I", "-S", "-c", code, *map(str, arguments)]
    return runtime.run(command, workspace, limits, mounts=mounts, **options)


def shell(runtime: Runtime, workspace: Path, command: str, **options: Any) -> Run:
    """Run a command of the shell."""
    return runtime.run(["/bin/sh", "-c", command], workspace, options.pop("limits", LIMITS), **options)


def text_of(run: Run) -> str:
    """Return the output of a run that no limit ended."""
    assert run.limit is None
    return run.output.decode().rstrip("\n")


def running(marker: str) -> list[str]:
    """Return the processes of this machine that have a text on their command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            line = (process / "cmdline").read_bytes()
            if marker.encode() in line and int(process.name) != os.getpid():
                found.append(process.name)
    return found


def make_workspace(folder: Path) -> Path:
    """Make a folder with a file, a link, a program and an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "package" / "inner").mkdir(parents=True)
    (folder / "package" / "module.py").write_text("ANSWER = 42\n")
    (folder / "link").symlink_to("package/module.py")
    (folder / "run").write_text("#!/bin/sh\necho it runs\n")
    (folder / "run").chmod(0o755)
    return folder
