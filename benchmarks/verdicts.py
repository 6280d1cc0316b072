"""Tasks that are graded by tests → whether sandbox and docker say the same of the same submissions.

    python -m benchmarks.verdicts suite --gradings 100

Graded are the gold patch, the empty one and the near misses of each task, task by task, until there are enough; tasks
for another Python than most have are left out. The engine and its base image are made on the spot as for the tests,
which needs root and dockerd; wheels come from the index that pip knows. Printed is each difference.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the engine belongs to the tests

from docker_engine import BASE, base_image, started_engine  # noqa: E402
from hybridgym.environments.interpreters import interpreters  # noqa: E402
from hybridgym.images import build_images, wheels_folder  # noqa: E402
from hybridgym.patches import apply_patch  # noqa: E402
from hybridgym.refusals import Refusal  # noqa: E402
from hybridgym.suite import ENVIRONMENTS, Suite, SuiteTask, load_suite, read_environment  # noqa: E402
from hybridgym.task import Change  # noqa: E402
from hybridgym.tasks import kind_named  # noqa: E402


def main() -> None:
    """Print differences and a summary; exit with 1 where there is a difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    parser.add_argument("--gradings", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        suite = load_suite(shutil.copytree(options.suite, Path(folder, "suite")))
        pythons = {i: read_environment(suite.folder, task.row.environment).python for i, task in suite.items()}
        [(python, _)] = Counter(pythons.values()).most_common(1)
        for environment in {suite[i].row.environment for i, version in pythons.items() if version == python}:
            download(suite, environment, python)
        Path(folder, "engine").mkdir()
        with started_engine(Path(folder, "engine")) as engine:
            engine.output("import", "-", BASE, text=base_image(Path(interpreters()[python].path)))
            os.environ["DOCKER_HOST"] = engine.host
            begin = time.monotonic()
            arguments = {"BASE": BASE, "PIP_NO_INDEX": "1"}
            images = list(build_images(suite, arguments=arguments, with_tasks=False, python=python))
            megabytes = ", ".join(f"{image.bytes / 1e6:.0f}" for image in images)
            print(
                f"{len(images)} images in {time.monotonic() - begin:.0f} s, MB with the base: {megabytes}", flush=True
            )
            sys.exit(compare(suite, [i for i, version in pythons.items() if version == python], options.gradings))


def download(suite: Suite, environment: str, python: str) -> None:
    """Put the wheels of a lock beside its Dockerfile."""
    lock = suite.folder / ENVIRONMENTS / environment / "requirements.txt"
    options = ["--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:", f"--python-version={python}"]
    places = ["--dest", str(wheels_folder(suite.folder, environment)), "--requirement", str(lock)]
    subprocess.run([sys.executable, "-m", "pip", "download", *options, *places], check=True)


def compare(suite: Suite, instance_ids: Sequence[str], gradings: int) -> int:
    """Grade in both runtimes; return how many verdicts differ, at most 1."""
    suites = {"sandbox": suite, "docker": load_suite(suite.folder, runtime="docker")}
    seconds = dict.fromkeys(suites, 0.0)
    statuses: Counter[str] = Counter()
    differing = 0
    for instance_id in instance_ids:
        for name, changes in submissions(suite[instance_id]):
            if statuses.total() == gradings:
                break
            said = {}
            for runtime, opened in suites.items():
                begin = time.monotonic()
                verdict = opened[instance_id].check_changes(changes)
                seconds[runtime] += time.monotonic() - begin
                said[runtime] = verdict
            statuses[said["sandbox"].status] += 1
            if said["sandbox"] != said["docker"]:
                differing += 1
                print(f"{instance_id}, {name}:")
                for runtime, verdict in said.items():
                    print(f"    {runtime}: {verdict.status}, {verdict.reward}, {verdict.reason}", flush=True)
    each = ", ".join(f"{runtime} {taken / max(statuses.total(), 1):.1f}" for runtime, taken in seconds.items())
    found = ", ".join(f"{number} {status}" for status, number in sorted(statuses.items()))
    print(f"{statuses.total()} gradings ({found}), {differing} differ; seconds of a grading: {each}")
    return min(differing, 1)


def submissions(task: SuiteTask) -> Iterator[tuple[str, Sequence[Change]]]:
    """Yield what a task is graded with."""
    gold = apply_patch(task.start, task.row.patch.encode())
    assert not isinstance(gold, Refusal), gold
    yield "gold", gold
    yield "empty", ()
    for miss in kind_named(task.row.task_kind).near_misses(task.row, task.start, gold):
        yield miss.name, miss.changes


if __name__ == "__main__":
    main()
