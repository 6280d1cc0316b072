"""Scripts → what they print and raise, over a state of a repository: run in a runtime, each in a process of its own."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from hybridgym.runtimes import Limits, Mount, Runtime, reports_folder
from hybridgym.task import Tree, Value
from hybridgym.testruns.base import Installation
from hybridgym.workspace import write_files

SCRIPT: Final = "script.py"
"""What a traceback calls a script."""
SECONDS: Final = 5
"""That one script may take."""
_PROGRAM: Final = Path(__file__).with_name("inside_scripts.py")
_INSIDE: Final = "/hybridgym/inside_scripts.py"


class Frame(Value, frozen=True, kw_only=True):
    """One level of a traceback."""

    path: str
    """As the interpreter names it; `SCRIPT` for the script itself."""
    line: int
    function: str


class Observed(Value, frozen=True, kw_only=True):
    """What became of a script."""

    printed: str
    error: str
    """The exception as the last lines of a traceback say it; empty where nothing was raised."""
    frames: tuple[Frame, ...]
    """Of the exception, the script's own first."""

    @property
    def says(self) -> tuple[str, str]:
        """What a user sees of it, wherever the code stands."""
        return self.printed, self.error


def observe(
    runtime: Runtime, installation: Installation, tree: Tree, scripts: Sequence[str], *, days_later: int = 0
) -> tuple[Observed | None, ...]:
    """Run scripts over a tree; None stands for those that did not come to an end.

    With `days_later`, the clock is as far ahead: what a script says then tells whether it depends on the time.
    Raises as `Runtime.run` does.
    """
    allowed = 20.0 + SECONDS * len(scripts)
    with tempfile.TemporaryDirectory(prefix="hybridgym-") as folder:
        workspace = Path(folder, "workspace")
        write_files(tree, workspace)
        reports = reports_folder()
        job = {
            "path": [*installation.path],
            "scripts": [*scripts],
            "name": SCRIPT,
            "seconds": SECONDS,
            "ahead": 86400 * days_later,
            "report": f"{reports}/observed",
        }
        run = runtime.run(
            [installation.python, "-I", "-B", _INSIDE],
            workspace,
            Limits(cpu_seconds=allowed, wall_seconds=2 * allowed),
            mounts=[*installation.mounts, Mount(_PROGRAM, _INSIDE)],
            variables={"TZ": "UTC"},
            stdin=msgspec.json.encode(job),
            reports=reports,
        )
    found: list[Observed | None] = [None] * len(scripts)
    for line in run.reports.get("observed", b"").splitlines():
        try:
            number, said = msgspec.json.decode(line, type=tuple[int, Observed])
        except msgspec.DecodeError:
            continue
        if 0 <= number < len(found):
            found[number] = said
    return tuple(found)
