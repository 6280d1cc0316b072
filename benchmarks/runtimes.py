"""How long runtimes take to start and to end a command, side by side.

    python -m benchmarks.runtimes

What is timed is the whole of `run`: a throw-away workspace, the namespaces or the container, the command, the reading
of one report, and the removal. Every figure is over the given number of runs, one after the other. The engine and its
image are made on the spot as for the tests, which needs root and dockerd; where that is missing, the reason is
printed instead.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the engine belongs to the tests

from docker_engine import BASE, EngineError, base_image, started_engine  # noqa: E402
from hybridgym.errors import HybridGymError  # noqa: E402
from hybridgym.runtimes import Limits, Mount, Runtime, reports_folder  # noqa: E402
from hybridgym.runtimes.docker import Docker  # noqa: E402
from hybridgym.runtimes.sandbox import Sandbox  # noqa: E402

PYTHON = str(Path(sys.executable).resolve())
COMMANDS = {"true": ["/bin/sh", "-c", ":"], "python": [PYTHON, "-I", "-S", "-c", "pass"]}
WORKSPACES = {"10 files": (10, 1_000), "2,000 files, 20 MB": (2_000, 10_000)}


class Figures(NamedTuple):
    """Milliseconds of many runs."""

    fastest: float
    """What it takes where nothing else runs."""
    median: float
    slow: float
    """The 95th percentile."""


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50)
    runs = parser.parse_args().runs
    with ExitStack() as stack:
        folders = {}
        for name, (files, size) in WORKSPACES.items():
            folders[name] = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            fill(folders[name], files, size)
        print("| runtime | workspace | command | fastest ms | median ms | 95 % below, ms |\n|---|---|---|---|---|---|")
        for name, runtime in runtimes(stack):
            for workspace, folder in folders.items():
                for command, arguments in COMMANDS.items():
                    found = timed(runtime, arguments, folder, runs)
                    figures = " | ".join(f"{value:.0f}" for value in found)
                    print(f"| {name} | {workspace} | {command} | {figures} |", flush=True)


def runtimes(stack: ExitStack) -> Iterator[tuple[str, Runtime]]:
    """Yield what works here, by a name that says how."""
    for sandbox in (Sandbox(), Sandbox(use_cgroups=False)):
        try:
            conditions = sandbox.prepare()
        except HybridGymError as error:
            print(f"no sandbox: {error}", file=sys.stderr)
            return
        yield f"sandbox ({conditions.workspace}, {conditions.limits['processes']})", sandbox
    try:
        engine = stack.enter_context(started_engine(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
    except EngineError as error:
        print(f"no docker: {error}", file=sys.stderr)
        return
    engine.output("import", "-", BASE, text=base_image())
    docker = Docker(BASE, host=engine.host)
    yield f"docker ({docker.prepare().workspace})", docker


def timed(runtime: Runtime, command: Sequence[str], workspace: Path, runs: int) -> Figures:
    """Run a command again and again; the first run, which finds everything cold, does not count."""
    mounts = () if PYTHON.startswith("/usr/") else (Mount(Path(sys.base_prefix), sys.base_prefix),)
    taken = []
    for _ in range(runs + 1):
        begin = time.perf_counter()
        done = runtime.run(command, workspace, Limits(), mounts=mounts, reports=reports_folder())
        taken.append((time.perf_counter() - begin) * 1000)
        if done.exit_code != 0:
            sys.exit(f"{runtime.name}: {done.limit or done.exit_code}: {done.output.decode(errors='replace')}")
    taken = sorted(taken[1:])
    return Figures(taken[0], statistics.median(taken), taken[min(int(len(taken) * 0.95), len(taken) - 1)])


def fill(folder: Path, files: int, size: int) -> None:
    """Make files, fifty in a folder."""
    for number in range(files):
        path = folder / f"package_{number // 50}" / f"module_{number}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"# a line of it\n" * (size // 15))


if __name__ == "__main__":
    main()
