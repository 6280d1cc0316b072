"""Is a suite the same however often its making is killed? Counted.

    python -m benchmarks.resume --kills 50 [--seed 0] [--kind KIND]... [MANIFEST]

Makes a suite undisturbed, then again and again: each time the process is killed with SIGKILL, at a point that the
seed decides, and the same command is given until the suite is there. Half of the kills come when the process is about
to change something in the suite's folder for the n-th time, be it while entries are written or while the parts are
moved to their places; the other half at a moment. Without MANIFEST, the repositories are those of the tests.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]
TINIES: Final = ROOT / "tests" / "repos"
MOST_KILLS_OF_A_SUITE: Final = 8

_HARNESS: Final = """
import os, signal, sys
folder, left = os.path.abspath(sys.argv[1]), int(sys.argv[2])
own, changes = os.getpid(), 0


def watch(event, args):
    global changes
    if event not in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir") or os.getpid() != own:
        return
    if event == "open" and not (isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
        return
    if str(args[0]).startswith(folder) or event in ("os.remove", "os.rmdir"):
        changes += 1
        if changes == left:
            os.kill(own, signal.SIGKILL)


sys.addaudithook(watch)
sys.argv = ["hybridgym", *sys.argv[3:]]
from hybridgym.cli import commands
commands.main(standalone_mode=False)
print("changes", changes)
"""
"""Runs the command line and kills itself before the n-th change of a folder; 0 for never."""


class Counted(NamedTuple):
    """What came of many kills."""

    kills: int
    suites: int
    """That were made in spite of them."""
    different: int
    """Of these, that are not the same bytes as the undisturbed one."""
    while_moving: int
    """Kills after all parts were written."""
    finished_first: int
    """Runs that ended before they were to be killed."""


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder, but for the lock of a process that was killed when all was done."""
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name != ".unfinished/lock"}


def is_whole(suite: Path) -> bool:
    """Return whether nothing is left to be done."""
    return (suite / "suite.json").exists() and not (suite / ".unfinished" / "moving").exists()


def kill_again_and_again(folder: Path, options: Sequence[str], kills: int, seed: int) -> Counted:
    """Make suites in a folder; `options` are those of `hybridgym generate`, manifest included."""
    chance = random.Random(seed)
    begun = time.monotonic()
    undisturbed = given(folder, "undisturbed", 0, options)
    seconds = time.monotonic() - begun
    changes = int(undisturbed.split()[-1])
    expected = content(folder / "undisturbed")
    killed = suites = different = moving = finished = 0
    while killed < kills:
        out = f"suite-{suites}"
        for _ in range(MOST_KILLS_OF_A_SUITE):
            at_change = chance.random() < 0.5
            point = chance.randrange(1, changes) if at_change else 0
            moment = None if at_change else chance.uniform(0.1, seconds)
            if given(folder, out, point, options, moment):
                finished += 1
                break
            killed += 1
            moving += (folder / out / ".unfinished" / "moving").exists()
            if killed == kills or is_whole(folder / out):
                break
        if not is_whole(folder / out):
            given(folder, out, 0, options)
        suites += 1
        different += content(folder / out) != expected
    return Counted(killed, suites, different, moving, finished)


def given(folder: Path, out: str, point: int, options: Sequence[str], moment: float | None = None) -> str:
    """Give the command, kill it at a change or a moment, and return what it prints; nothing where it was killed."""
    place = folder / out
    own = [str(place), str(point), "generate", *options, "--out", str(place), "--cache", f"cache-of-{out}"]
    with subprocess.Popen(
        [sys.executable, "-c", _HARNESS, *own],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            output, errors = process.communicate(timeout=moment)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
    if process.returncode > 0:
        sys.exit(f"{out}: {errors}")
    return output if process.returncode == 0 else ""


def main() -> None:
    """Count, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("manifest", nargs="?", type=Path)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", action="append", default=[])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifest = arguments.manifest.resolve() if arguments.manifest else write_manifest(folder)
        options = [str(manifest), "--jobs", "2", *(part for kind in arguments.kind for part in ("--kind", kind))]
        print(kill_again_and_again(folder, options, arguments.kills, arguments.seed))


def write_manifest(folder: Path) -> Path:
    """List the repositories of the tests."""
    manifest = folder / "repos.yaml"
    lines = [f"- directory: {path}\n" for path in sorted(TINIES.iterdir())]
    manifest.write_text(f"repositories:\n{''.join(lines)}", encoding="utf-8")
    return manifest


if __name__ == "__main__":
    main()
