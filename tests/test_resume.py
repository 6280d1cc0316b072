"""Whatever ends a run, the same command goes on from there, and the suite is that of an undisturbed run."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from benchmarks.resume import content, given, kill_again_and_again
from hybridgym.executors import Executor, Failure, UnitLimits
from hybridgym.executors.local import Local, run
from hybridgym.generation import Options, generate
from hybridgym.progress import Ended, Reporter
from hybridgym.specs import RepoSpec, spec_of
from hybridgym.suite import SuiteInfo
from test_generation import callers, rejections, specs_of
from tiny import ROOT, Files, git, write

# Test runners have threads, and newer versions of Python warn when a process with threads forks.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

U = TypeVar("U")
R = TypeVar("R")
OPTIONS = Options(kinds=("dependency_search", "function_localization"), total=15)
WORDS = "amber birch cedar delta ember fjord grove heath islet jetty knoll larch marsh north ochre plain".split()


def documented(number: int, alike: bool) -> Files:
    """A repository whose functions have documentation; where they are alike, no task can be made of any."""
    modules = {"plain.py": "".join(f"def plain_{n}():\n    return {n}\n\n\n" for n in range(12))}
    for n in range(number):
        words = WORDS if alike else [WORDS[(n + 3 * i * i) % len(WORDS)] + WORDS[(n * i) % 16] for i in range(9)]
        modules[f"m{n}.py"] = f'def f{n}(x):\n    """Find {" ".join(words)}."""\n    y = x + {n}\n    return y\n'
    return modules


class Stopped(BaseException):
    """The run ends here, as at an interrupt."""


class Disturbed(Executor):
    """Runs units in an order of its own, and stops after some of them."""

    limits = UnitLimits()

    def __init__(self, seed: int, units: int = 1000) -> None:
        self._chance = random.Random(seed)
        self.left = units

    def run(self, work: Callable[[U], R], units: Sequence[U]) -> Generator[tuple[int, R | Failure], None, None]:
        order = list(range(len(units)))
        self._chance.shuffle(order)
        for i, result in run(work, [units[number] for number in order], 2):
            if not self.left:
                raise Stopped
            self.left -= 1
            yield order[i], result


class Hopeless(Executor):
    """Has a minute for each unit, which is not enough, and stops after some of them."""

    limits = UnitLimits(seconds=60)

    def __init__(self, units: int) -> None:
        self.left = units

    def run(self, work: Callable[[U], R], units: Sequence[U]) -> Generator[tuple[int, R | Failure], None, None]:
        for number in range(len(units)):
            if not self.left:
                raise Stopped
            self.left -= 1
            yield number, Failure(self.limits.time_reason, is_known=False, was_ended=True)


class Memories(Reporter):
    """Keeps the stages, and what was known already."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.remembered: list[str] = []

    def begin(self, stage: str, total: int) -> None:
        self.stages.append(stage)

    def advance(self, ended: Ended) -> None:
        if ended.is_remembered:
            self.remembered.append(ended.repo)


def several(tmp_path: Path) -> list[RepoSpec]:
    """List git repositories of which not all have what their surveys promise."""
    repositories = {
        "a": {**callers(1, 1, 2), **documented(12, alike=False)},
        "bad": documented(12, alike=True),
        "c": documented(12, alike=False),
        "d": callers(1, 2, 2, 3),
    }
    for name, files in repositories.items():
        folder = write(tmp_path / name, files)
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "-m", "one")
    return [spec_of(f"git:{tmp_path / name}@main", tmp_path) for name in repositories]


def make(
    tmp_path: Path,
    specs: list[RepoSpec],
    executor: Executor,
    out: str = "suite",
    options: Options = OPTIONS,
    progress: Reporter | None = None,
) -> SuiteInfo:
    return generate(specs, tmp_path / out, options, cache=tmp_path / "cache", executor=executor, progress=progress)


def stopped(tmp_path: Path, specs: list[RepoSpec], units: int, options: Options = OPTIONS) -> None:
    with pytest.raises(Stopped):
        make(tmp_path, specs, Disturbed(0, units), options=options)
    assert not (tmp_path / "suite" / "suite.json").exists()


def test_neither_the_order_in_which_units_end_nor_what_was_known_leaves_a_trace(tmp_path: Path) -> None:
    specs = several(tmp_path)
    memories = Memories()
    info = make(tmp_path, specs, Local(1), "undisturbed", progress=memories)
    assert info.tasks_per_kind["function_localization"] == 15
    assert memories.stages.count("making tasks") > 1
    for seed in range(6):
        shutil.rmtree(tmp_path / "suite", ignore_errors=True)
        ends = 0
        executor = Disturbed(seed, seed % 3 + 1)
        while True:
            try:
                make(tmp_path, specs, executor)
                break
            except Stopped:
                ends += 1
                executor.left = 2
        assert ends
        assert content(tmp_path / "suite") == content(tmp_path / "undisturbed")


def test_what_was_done_is_not_done_again(tmp_path: Path) -> None:
    specs = several(tmp_path)
    stopped(tmp_path, specs, 5)
    memories = Memories()
    make(tmp_path, specs, Local(1), progress=memories)
    assert len(memories.remembered) == 5
    assert not (tmp_path / "suite" / ".unfinished").exists()


def test_other_options_give_what_they_give_in_a_new_folder(tmp_path: Path) -> None:
    specs = several(tmp_path)
    stopped(tmp_path, specs, 6)
    for out in ("suite", "new"):
        make(tmp_path, specs, Local(1), out, Options(kinds=("dependency_search",), per_repo=2, seed=3))
    assert content(tmp_path / "suite") == content(tmp_path / "new")


def test_entries_that_are_damaged_are_made_again(tmp_path: Path) -> None:
    specs = several(tmp_path)
    make(tmp_path, specs, Local(1), "undisturbed")
    stopped(tmp_path, specs, 6)
    entries = sorted((tmp_path / "suite" / ".unfinished" / "journal").iterdir())
    assert len(entries) > 6
    for number, entry in enumerate(entries):
        entry.write_bytes(entry.read_bytes()[: -1 - number])
    make(tmp_path, specs, Local(1))
    assert content(tmp_path / "suite") == content(tmp_path / "undisturbed")


def test_a_folder_that_changed_is_read_again(tmp_path: Path) -> None:
    specs = specs_of(tmp_path, {"a": callers(1, 2), "b": callers(1)})
    stopped(tmp_path, specs, 3)
    write(tmp_path / "b", callers(1, 1, 1))
    for out in ("suite", "new"):
        make(tmp_path, specs, Local(1), out)
    assert content(tmp_path / "suite") == content(tmp_path / "new")


def test_a_branch_that_moved_is_delivered_as_it_was_surveyed(tmp_path: Path) -> None:
    specs = several(tmp_path)
    make(tmp_path, specs, Local(1), "undisturbed")
    stopped(tmp_path, specs, 4)
    write(tmp_path / "a", {"m1.py": "import leaves\n"})
    git(tmp_path / "a", "commit", "--quiet", "--all", "-m", "two")
    make(tmp_path, specs, Local(1))
    assert content(tmp_path / "suite") == content(tmp_path / "undisturbed")


def test_what_exceeded_a_limit_is_given_up_until_the_limit_is_another(tmp_path: Path) -> None:
    specs = several(tmp_path)
    make(tmp_path, specs, Local(1), "undisturbed")
    with pytest.raises(Stopped):
        make(tmp_path, specs, Hopeless(3))
    shutil.copytree(tmp_path / "suite", tmp_path / "same")
    # Only one is left to be tried.
    info = make(tmp_path, specs, Hopeless(1), "same")
    assert info.rejections_per_reason == {"source: worker failed": 4}
    assert {r.detail for r in rejections(tmp_path / "same")} == {"it took more than 1 minutes"}
    make(tmp_path, specs, Local(1))
    assert content(tmp_path / "suite") == content(tmp_path / "undisturbed")


@pytest.mark.parametrize("places", ["--out small/suite --cache cache", "--out suite --cache small/cache"])
def test_a_full_disk_is_said_and_more_room_is_all_that_it_takes(tmp_path: Path, places: str) -> None:
    """In a namespace of its own, where a small disk can be had."""
    specs = several(tmp_path)
    make(tmp_path, specs, Local(1), "undisturbed", Options(kinds=OPTIONS.kinds, per_repo=20, similarity=0.85))
    (tmp_path / "small").mkdir()
    listed = "".join(f"- {{git: {spec.location}, rev: main}}\n" for spec in specs)
    (tmp_path / "repos.yaml").write_text(f"repositories:\n{listed}", encoding="utf-8")
    command = f"{sys.executable} -m hybridgym generate repos.yaml {places} --jobs 1"
    script = f"""
        mount -t tmpfs -o size=64k tmpfs small || exit 99
        {command}; test $? = 1 || exit 98
        test ! -e small/suite/suite.json -a ! -e suite/suite.json || exit 97
        mount -o remount,size=64m small && {command} || exit 96
        test -e suite || cp -r small/suite suite
    """
    unshare = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]
    done = subprocess.run(
        unshare, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    if done.returncode in (1, 99) and "98" not in done.stderr:
        pytest.skip(f"no small disk can be had here: {done.stderr}")
    assert done.returncode == 0, done.stderr
    assert "No space left on device" in done.stderr
    assert content(tmp_path / "suite") == content(tmp_path / "undisturbed")


def test_killed_again_and_again_it_makes_the_same_suite(tmp_path: Path) -> None:
    specs = several(tmp_path)
    listed = "".join(f"- {{git: {spec.location}, rev: main}}\n" for spec in specs[:2])
    (tmp_path / "repos.yaml").write_text(f"repositories:\n{listed}", encoding="utf-8")
    counted = kill_again_and_again(tmp_path, ["repos.yaml", "--jobs", "2"], kills=5, seed=1)
    assert (counted.kills, counted.different) == (5, 0)


def test_a_suite_that_is_replaced_is_whole_or_not_there(tmp_path: Path) -> None:
    specs = several(tmp_path)
    listed = "".join(f"- {{git: {spec.location}, rev: main}}\n" for spec in specs[:2])
    (tmp_path / "repos.yaml").write_text(f"repositories:\n{listed}", encoding="utf-8")
    options = ["repos.yaml", "--jobs", "1", "--per-repo", "1", "--overwrite"]
    make(tmp_path, specs[2:], Local(1), "old")
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    changes = int(given(tmp_path, "new", 0, options).split()[-1])
    for before_the_end in (20, 11, 3):
        shutil.rmtree(tmp_path / "suite", ignore_errors=True)
        shutil.copytree(tmp_path / "old", tmp_path / "suite")
        assert not given(tmp_path, "suite", changes - before_the_end, options)
        if (tmp_path / "suite" / "suite.json").exists():
            parts = {path.name for path in (tmp_path / "suite").iterdir()} - {".unfinished"}
            whole = [content(tmp_path / name) for name in ("old", "new")]
            found = content(tmp_path / "suite")
            assert {name: data for name, data in found.items() if not name.startswith(".unfinished")} in whole, parts
        given(tmp_path, "suite", 0, options)
        assert content(tmp_path / "suite") == content(tmp_path / "new")
