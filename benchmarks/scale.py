"""How many repositories and tasks a minute, and how much memory: one and more workers, processes here and Ray.

    python -m benchmarks.scale [--repos 10 60] [--jobs 1 2] [--executor local ray] [--per-repo 50] [MANIFEST]

Each row is one `hybridgym generate` over the first so many repositories of the manifest. What is downloaded is there
before the clock starts; no facts are. *CPU* is that of all processes of this machine that the command started and
waited for, so it says nothing of Ray's. *Driver* and *worker* are the most memory that the process which waits, and the
largest of those that work, had at one time. *Suite* is what lies on the disk in the end, *most* what did at one time,
the journal included.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from hybridgym.errors import HybridGymError
from hybridgym.manifest import load_manifest
from hybridgym.source import load_source
from hybridgym.suite import read_info

ROOT: Final = Path(__file__).resolve().parents[1]
KEPT: Final = ("downloads", "git", "npm", "pypi", "sdists")
"""Folders of the cache that a run finds."""
COLUMNS: Final = (
    *("executor", "jobs", "repositories", "tasks", "seconds", "repositories/min", "tasks/min", "CPU s/repository"),
    *("driver MB", "worker MB", "suite MB", "most MB"),
)
_MEASURED: Final = """
import resource, sys
from hybridgym.cli import commands
from hybridgym.collector import collect_rarely
collect_rarely()
commands.main(sys.argv[1:], standalone_mode=False)
own, below = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
cpu = sum((own.ru_utime, own.ru_stime, below.ru_utime, below.ru_stime))
print("measured", own.ru_maxrss, below.ru_maxrss, cpu)
"""


class Measured(NamedTuple):
    """One run."""

    executor: str
    jobs: int
    repositories: int
    tasks: int
    seconds: float
    driver_kb: int
    worker_kb: int
    cpu_seconds: float
    suite_bytes: int
    most_bytes: int

    def row(self) -> str:
        """Return it as a row of a Markdown table."""
        minutes, is_local = self.seconds / 60, self.executor == "local"
        cells = (
            *(self.executor, self.jobs, self.repositories, self.tasks, f"{self.seconds:.0f}"),
            *(f"{self.repositories / minutes:.1f}", f"{self.tasks / minutes:.0f}"),
            f"{self.cpu_seconds / self.repositories:.2f}" if is_local else "",
            f"{self.driver_kb / 1e3:.0f}",
            f"{self.worker_kb / 1e3:.0f}" if is_local else "",
            *(f"{self.suite_bytes / 1e6:.1f}", f"{self.most_bytes / 1e6:.1f}"),
        )
        return "| " + " | ".join(map(str, cells)) + " |"


def measure(
    manifest: Path, executor: str, jobs: int, repositories: int, cache: Path, options: Sequence[str]
) -> Measured:
    """Make one suite."""
    for entry in cache.iterdir():
        if entry.name not in KEPT:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    with tempfile.TemporaryDirectory() as name:
        out, log = Path(name, "suite"), Path(name, "log")
        own = ["--out", str(out), "--cache", str(cache), "--executor", executor, "--jobs", str(jobs)]
        begun, most = time.monotonic(), 0
        with log.open("w") as stream:
            command = [sys.executable, "-c", _MEASURED, "generate", str(manifest), *own, *options]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            with subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, env=environment) as process:
                while process.poll() is None:
                    most = max(most, size_of(out))
                    time.sleep(0.5)
        seconds = time.monotonic() - begun
        if process.returncode:
            sys.exit(log.read_text())
        driver, worker, cpu = log.read_text().split()[-3:]
        tasks = read_info(out).tasks
        figures = int(driver), int(worker), float(cpu), size_of(out), max(most, size_of(out))
        return Measured(executor, jobs, repositories, tasks, seconds, *figures)


def size_of(folder: Path) -> int:
    """Return the bytes of all files of a folder that may be changing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(place, name).stat().st_size
            except FileNotFoundError:
                continue
    return total


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("manifest", nargs="?", type=Path, default=ROOT / "repos.yaml")
    parser.add_argument("--repos", type=int, nargs="+", default=[10, 60])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--executor", nargs="+", default=["local", "ray"])
    parser.add_argument("--per-repo", default="50")
    parser.add_argument("--kind", action="append", default=[])
    arguments = parser.parse_args()
    options = ["--per-repo", arguments.per_repo, *(part for kind in arguments.kind for part in ("--kind", kind))]
    text = arguments.manifest.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        cache = Path(name, "cache")
        cache.mkdir()
        print(f"load {os.getloadavg()[0]:.1f} before the first row\n\n| {' | '.join(COLUMNS)} |")
        print("|" + "---|" * len(COLUMNS), flush=True)
        for repositories in arguments.repos:
            manifest = Path(name, "repos.yaml")
            count = _first(text, repositories, manifest, cache)
            for executor in arguments.executor:
                for jobs in arguments.jobs:
                    print(measure(manifest, executor, jobs, count, cache, options).row(), flush=True)
    print(f"\nload {os.getloadavg()[0]:.1f} after the last row")


def _first(text: str, repositories: int, manifest: Path, cache: Path) -> int:
    """Write a manifest of the first repositories of another, fetch them, and return how many there are."""
    head, *entries = text.split("\n  - ")
    chosen = entries[:repositories]
    manifest.write_text("\n  - ".join([head, *chosen]) + "\n", encoding="utf-8")
    for spec in load_manifest(manifest):
        try:
            load_source(spec, cache)
        except HybridGymError as error:
            print(error, file=sys.stderr)
    return len(chosen)


if __name__ == "__main__":
    main()
