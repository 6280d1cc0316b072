"""TypeScript's checker as a witness; `node` and `npm` are looked for in PATH."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.compilers.witness import Reach, WitnessedCall, WitnessError
from hybridgym.caches import default_cache
from hybridgym.errors import MissingDependencyError

HERE = Path(__file__).parent
PROGRAM = HERE / "calls.cjs"
PINS = ("package.json", "package-lock.json")


class _Line(msgspec.Struct):
    """What the program prints for a call."""

    path: str
    start: int
    end: int
    outcome: Reach
    target_path: str
    target_row: int
    name: str
    why: str


class TypeScriptWitness:
    """The checker on all TypeScript and JavaScript files of a folder, whatever of it can be built."""

    def __init__(self, *languages: str) -> None:
        self.languages = languages

    def facts(self, folder: Path) -> Iterator[WitnessedCall]:
        """Return what each call reaches; raises WitnessError and MissingDependencyError."""
        environment = {**os.environ, "NODE_PATH": str(_modules())}
        command = [_program("node"), "--max-old-space-size=4096", "--stack-size=3900", str(PROGRAM), str(folder)]
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        if done.returncode:
            message = f"{folder}: typescript: {done.stderr.decode(errors='replace')[-2000:]}"
            raise WitnessError(message)
        decoder = msgspec.json.Decoder(_Line)
        for line in decoder.decode_lines(done.stdout):
            yield WitnessedCall(
                line.path, line.start, line.end, line.outcome, line.target_path, line.target_row, line.name, line.why
            )


def _modules() -> Path:
    """Return the folder of the packages in package-lock.json, installed when it is first asked for."""
    pinned = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in PINS)).hexdigest()[:16]
    cache = default_cache() / "witnesses"
    folder = cache / f"typescript-{pinned}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as made:
            for name in PINS:
                shutil.copy(HERE / name, made)
            command = [_program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=made, capture_output=True, check=False)
            if done.returncode:
                message = f"benchmarks.compilers: npm ci: {done.stderr.decode(errors='replace')[-2000:]}"
                raise WitnessError(message)
            shutil.copytree(made, folder, dirs_exist_ok=True)
    return folder / "node_modules"


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        message = f"benchmarks.compilers: no `{name}` in PATH"
        raise MissingDependencyError(message)
    return found
