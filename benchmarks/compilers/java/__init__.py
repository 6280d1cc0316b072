"""javac as a witness; `java` of a JDK is looked for in PATH.

Libraries are looked for in CLASSPATH. Without them calls that need their types stay without attribution, and functions
with such a call are not counted as known.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.compilers.witness import Reach, WitnessedCall, WitnessError
from hybridgym.errors import MissingDependencyError

PROGRAM = Path(__file__).with_name("JavaWitness.java")
PACKAGES = ("api", "code", "tree", "util")
"""Of the compiler, that the program looks into."""


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


class JavacWitness:
    """javac's attribution of all Java files of a folder together."""

    languages = ("java",)

    def facts(self, folder: Path) -> Iterator[WitnessedCall]:
        """Return what each call reaches; raises WitnessError and MissingDependencyError."""
        java = shutil.which("java")
        if java is None:
            message = "benchmarks.compilers java: no `java` in PATH; a JDK from version 17 on has it"
            raise MissingDependencyError(message)
        exports = [f"--add-exports=jdk.compiler/com.sun.tools.javac.{name}=ALL-UNNAMED" for name in PACKAGES]
        done = subprocess.run([java, *exports, str(PROGRAM), str(folder)], capture_output=True, check=False)
        if done.returncode:
            message = f"{folder}: javac: {done.stderr.decode(errors='replace')[-2000:]}"
            raise WitnessError(message)
        for line in msgspec.json.Decoder(_Line).decode_lines(done.stdout):
            yield WitnessedCall(
                line.path, line.start, line.end, line.outcome, line.target_path, line.target_row, line.name, line.why
            )
