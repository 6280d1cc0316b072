"""TypeScript's checker as a witness; `node` is looked for in PATH, its package `typescript` in NODE_PATH."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.compilers.witness import Reach, WitnessedCall, WitnessError
from hybridgym.errors import MissingDependencyError

PROGRAM = Path(__file__).with_name("calls.cjs")


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
        node = shutil.which("node")
        if node is None:
            message = "benchmarks.compilers: no `node` in PATH"
            raise MissingDependencyError(message)
        command = [node, "--max-old-space-size=4096", str(PROGRAM), str(folder)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            said = done.stderr.decode(errors="replace")
            if "Cannot find module 'typescript'" in said:
                message = "benchmarks.compilers: node finds no `typescript`; name the node_modules folder in NODE_PATH"
                raise MissingDependencyError(message)
            message = f"{folder}: typescript: {said[-2000:]}"
            raise WitnessError(message)
        decoder = msgspec.json.Decoder(_Line)
        for line in decoder.decode_lines(done.stdout):
            yield WitnessedCall(
                line.path, line.start, line.end, line.outcome, line.target_path, line.target_row, line.name, line.why
            )
