"""generation.py: many repositories to one suite, evenly, the same bytes every time, whatever is wrong with some."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridgym.errors import UnknownNameError, UsageError
from hybridgym.generation import Options, generate
from hybridgym.manifest import load_manifest
from hybridgym.pipeline import make_one
from hybridgym.progress import Ended, Reporter
from hybridgym.snapshots import TreeHasher, tree_id
from hybridgym.source import load_source
from hybridgym.specs import RepoSpec, spec_of
from hybridgym.suite import REJECTIONS, SuiteInfo, load_suite
from hybridgym.task import EXECUTABLE, File, Rejection, Tree, ValidatedTask
from tiny import TINIES, TINY, Files, git, rows, write

# Test runners have threads, and newer versions of Python warn when a process with threads forks.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

GOLDEN = Path(__file__).with_name("golden")
KINDS = ("dependency_search", "function_localization")
SEARCH = Options(kinds=("dependency_search",))


def callers(*counts: int) -> Files:
    """A repository with a function for each count, which calls so many others; each in a module of its own."""
    leaves = "".join(f"def leaf_{n}():\n    return {n}\n\n\n" for n in range(6))
    files = {"leaves.py": leaves}
    for number, count in enumerate(counts):
        calls = "".join(f"    leaves.leaf_{n}()\n" for n in range(count))
        files[f"m{number}.py"] = f"import leaves\n\n\ndef caller_{number}():\n{calls}"
    return files


def specs_of(tmp_path: Path, repositories: Mapping[str, Files]) -> list[RepoSpec]:
    return [spec_of(f"directory:{write(tmp_path / name, files)}", tmp_path) for name, files in repositories.items()]


def run(
    tmp_path: Path, specs: list[RepoSpec], options: Options = SEARCH, out: str = "suite", jobs: int = 1
) -> SuiteInfo:
    return generate(specs, tmp_path / out, options, cache=tmp_path / "cache", jobs=jobs)


def rejections(suite: Path) -> list[Rejection]:
    return [msgspec.json.decode(line, type=Rejection) for line in (suite / REJECTIONS).read_bytes().splitlines()]


def strata(suite: Path) -> Counter[tuple[str, int]]:
    return Counter((task.repo, int(task.difficulty["dependencies"])) for task in rows(suite))


def test_a_task_that_a_kind_and_its_variant_make_is_there_once(tmp_path: Path) -> None:
    """A variant is a folder of a checkout, so this runs in a copy of one."""
    root = Path(__file__).resolve().parents[1]
    for folder in ("hybridgym", "task_templates"):
        shutil.copytree(root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(tmp_path / "task_templates/dependency_search", tmp_path / "task_templates/small_search")
    write(tmp_path / "repository", callers(1, 2))
    (tmp_path / "repos.yaml").write_text("repositories:\n  - directory: repository\n")
    kinds = ("--kind", "dependency_search", "--kind", "small_search", "--kind", "dependency_search")
    done = subprocess.run(
        [sys.executable, "-m", "hybridgym", "generate", "repos.yaml", "--out", "suite", "--cache", "cache", *kinds],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(rows(tmp_path / "suite")) == 2
    again = [r for r in rejections(tmp_path / "suite") if r.reason == "another kind made it"]
    assert {(r.stage, r.subject) for r in again} == {
        ("small_search", row.instance_id) for row in rows(tmp_path / "suite")
    }


# The whole of a small repository


def suite_of(repository: Path, folder: Path) -> Path:
    source = spec_of(f"directory:{repository}", folder)
    generate([source], folder / "suite", Options(kinds=KINDS), cache=folder / "cache")
    return folder / "suite"


@pytest.fixture(scope="module")
def tiny_suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return suite_of(TINY, tmp_path_factory.mktemp("tiny"))


@pytest.mark.parametrize("repository", TINIES, ids=lambda path: path.name)
def test_a_repository_yields_the_rows_that_were_read_and_approved(
    repository: Path, tmp_path: Path, update_golden: bool
) -> None:
    suite = suite_of(repository, tmp_path)
    lines = (suite / "tasks.jsonl").read_bytes().splitlines(keepends=True)
    for kind in KINDS:
        found = b"".join(line for line in lines if f'"task_kind":"{kind}"'.encode() in line)
        golden = GOLDEN / repository.name / f"{kind}.jsonl"
        if update_golden:
            golden.parent.mkdir(exist_ok=True)
            golden.write_bytes(found)
        assert found
        assert found == golden.read_bytes()
    loaded = load_suite(suite)
    assert [i for i in loaded if not loaded[i].check(loaded[i].row.patch).resolved or loaded[i].check("").reward] == []


def test_every_dirty_file_of_it_gives_tasks_or_a_count(tiny_suite: Path) -> None:
    targets = {target.partition("::")[0] for task in rows(tiny_suite) for target in task.answer.get("targets", ())}
    assert {"src/orchard/storage.py", "src/orchard/report.py", "src/orchard/measures.py"} <= targets
    assert not {"src/orchard/draft.py", "src/orchard/cellar.py", "tests/test_harvest.py"} & targets
    counted = {(r.stage, r.reason): r.count for r in rejections(tiny_suite)}
    assert (counted["file", "not UTF-8"], counted["file", "syntax error"]) == (1, 1)


def test_every_row_is_resolved_by_its_gold_patch_and_not_by_none(tiny_suite: Path) -> None:
    suite = load_suite(tiny_suite)
    assert len(suite) > 20
    for task in suite.values():
        assert task.check(task.row.patch).resolved
        empty = task.check("")
        assert (empty.resolved, empty.reward) == (False, 0.0)


def test_ids_name_the_repository_its_state_and_the_kind(tiny_suite: Path) -> None:
    for task in rows(tiny_suite):
        head, _, rest = task.instance_id.partition(f".{task.base_commit[:8]}.")
        assert head == "local__tiny_python"
        assert rest.startswith(f"{task.task_kind}-")
        assert task.instance_id.count("__") == 1


def test_the_one_task_of_a_target_is_the_row_of_the_suite(tiny_suite: Path, tmp_path: Path) -> None:
    source = load_source(spec_of(f"directory:{TINY}", tmp_path), tmp_path)
    for task in rows(tiny_suite):
        targets = task.answer.get("targets") or [task.answer["target"]]
        assert msgspec.json.encode(make_one(source, task.task_kind, targets[0], {})) == msgspec.json.encode(task)


def test_a_row_depends_on_nothing_but_its_repository(tiny_suite: Path, tmp_path: Path) -> None:
    specs = [*specs_of(tmp_path, {"other": callers(1, 2)}), spec_of(f"directory:{TINY}", tmp_path)]
    run(tmp_path, specs, Options(kinds=KINDS, seed=5))
    assert [task for task in rows(tmp_path / "suite") if task.repo == "local/tiny_python"] == rows(tiny_suite)


# How many, and which


def test_tasks_are_spread_over_repositories_and_numbers_of_dependencies(tmp_path: Path) -> None:
    specs = specs_of(tmp_path, {"a": callers(1, 1, 1, 1, 2, 2), "b": callers(1, 1, 2, 3), "c": callers(1)})
    info = run(tmp_path, specs, Options(kinds=("dependency_search",), total=6))
    found = strata(tmp_path / "suite")
    assert info.tasks == 6
    assert {number: sum(c for (_, n), c in found.items() if n == number) for number in (1, 2, 3)} == {1: 3, 2: 2, 3: 1}
    assert {repo for repo, _ in found} == {"local/a", "local/b", "local/c"}


def test_per_repo_limits_what_one_repository_gives(tmp_path: Path) -> None:
    specs = specs_of(tmp_path, {"a": callers(1, 1, 1, 1), "b": callers(1)})
    info = run(tmp_path, specs, Options(kinds=("dependency_search",), per_repo=2))
    assert info.tasks_per_repository == {"local/a": 2, "local/b": 1}
    assert info.shortfalls == ()


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    info = run(
        tmp_path, specs_of(tmp_path, {"a": callers(1, 1, 1, 2)}), Options(kinds=("dependency_search",), total=10)
    )
    assert info.tasks == 4
    assert {(s.kind, s.subject): (s.wanted, s.found) for s in info.shortfalls} == {
        ("dependency_search", ""): (10, 4),
        ("dependency_search", "1"): (5, 3),
        ("dependency_search", "2"): (5, 1),
    }


def test_what_one_repository_turns_out_not_to_have_others_give(tmp_path: Path) -> None:
    # The callee lies in a file with a syntax error, so that every candidate is refused when it is tried.
    broken = {f"m{n}.py": f"from b import g\n\n\ndef f{n}():\n    g()\n" for n in range(5)}
    specs = specs_of(
        tmp_path, {"bad": {**broken, "b.py": "def g(): pass\n\n\ndef h(:\n    pass\n"}, "good": callers(1, 1, 1, 1, 1)}
    )
    info = run(tmp_path, specs, Options(kinds=("dependency_search",), total=4))
    assert info.tasks_per_repository == {"local/good": 4}


def test_a_seed_chooses_among_the_candidates_and_one_seed_always_the_same(tmp_path: Path) -> None:
    specs = specs_of(tmp_path, {"a": callers(*[1] * 12)})

    def chosen(seed: int, out: str) -> set[str]:
        run(tmp_path, specs, Options(kinds=("dependency_search",), total=4, seed=seed), out)
        return {task.instance_id for task in rows(tmp_path / out)}

    picks = [chosen(seed, f"suite{seed}") for seed in range(4)]
    assert all(len(pick) == 4 for pick in picks)
    assert len({frozenset(pick) for pick in picks}) > 1
    assert chosen(0, "again") == picks[0]


def test_modules_take_turns(tmp_path: Path) -> None:
    one_module = "import leaves\n\n\n" + "".join(f"def f{n}():\n    leaves.leaf_{n % 6}()\n\n\n" for n in range(20))
    specs = specs_of(tmp_path, {"a": {**callers(1, 1, 1), "big.py": one_module}})
    run(tmp_path, specs, Options(kinds=("dependency_search",), total=4))
    modules = {task.answer["target"].partition("::")[0] for task in rows(tmp_path / "suite")}
    assert modules == {"m0.py", "m1.py", "m2.py", "big.py"}


def test_settings_reach_the_kind_and_are_recorded(tmp_path: Path) -> None:
    options = Options(kinds=("dependency_search",), settings={"dependency_search": {"max_dependencies": 1}})
    info = run(tmp_path, specs_of(tmp_path, {"a": callers(1, 2, 3)}), options)
    assert strata(tmp_path / "suite") == {("local/a", 1): 1}
    assert info.kinds["dependency_search"].knobs["max_dependencies"] == 1
    assert info.rejections_per_reason["dependency_search: too many dependencies"] == 2


def test_several_targets_make_one_task(tmp_path: Path) -> None:
    options = Options(
        kinds=("function_localization",), settings={"function_localization": {"targets": 2, "min_undocumented": 5}}
    )
    run(tmp_path, [spec_of(f"directory:{TINY}", tmp_path)], options)
    found = rows(tmp_path / "suite")
    assert found
    for task in found:
        assert len(task.answer["targets"]) == 2
        assert "## Definition 2" in task.problem_statement


# What is wrong with some


def test_a_repository_that_cannot_be_read_costs_only_itself(tmp_path: Path) -> None:
    good = specs_of(tmp_path, {"a": callers(1)})
    bad = [spec_of(f"git:{tmp_path / 'a'}@main", tmp_path), spec_of("directory:nowhere", tmp_path)]
    info = run(tmp_path, [bad[0], *good, bad[1]], jobs=2)
    assert info.tasks == 1
    assert info.rejections_per_reason["source: source cannot be read"] == 2
    subjects = {r.subject for r in rejections(tmp_path / "suite") if r.stage == "source"}
    assert subjects == {f"{tmp_path / 'a'} main", str(tmp_path / "nowhere")}


def test_one_state_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", callers(1))
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "one")
    git(folder, "tag", "v1")
    (tmp_path / "repos.yaml").write_text("repositories:\n- {git: a, rev: v1}\n- {git: a, rev: main}\n")
    info = generate(
        load_manifest(tmp_path / "repos.yaml"), tmp_path / "suite", SEARCH, cache=tmp_path / "cache", jobs=2
    )
    assert info.tasks == 1
    (twice,) = [r for r in rejections(tmp_path / "suite") if r.reason == "named twice"]
    assert (twice.repo, twice.detail) == ("local/a", "line 3 and line 2 name the same state")


def test_two_states_of_one_repository_are_both_used(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", callers(1))
    git(folder, "init", "--quiet", "--initial-branch=main")
    for tag, files in (("v1", callers(1)), ("v2", callers(1, 2))):
        write(folder, files)
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "-m", tag)
        git(folder, "tag", tag)
    info = run(tmp_path, [spec_of(f"git:{folder}@{tag}", tmp_path) for tag in ("v1", "v2")])
    assert info.tasks == 3
    assert len({task.base_commit for task in rows(tmp_path / "suite")}) == 2


def test_no_repository_at_all_is_an_empty_suite(tmp_path: Path) -> None:
    assert run(tmp_path, []).tasks == 0
    assert rows(tmp_path / "suite") == []


@pytest.mark.parametrize(
    ("options", "error"),
    [
        pytest.param(Options(kinds=("nosuch",)), UnknownNameError, id="unknown kind"),
        pytest.param(
            Options(kinds=("dependency_search",), settings={"dependency_search": {"nosuch": 1}}),
            UsageError,
            id="unknown setting",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_said_before_anything_is_read(
    tmp_path: Path, options: Options, error: type[Exception]
) -> None:
    with pytest.raises(error):
        run(tmp_path, specs_of(tmp_path, {"a": callers(1)}), options)
    assert not (tmp_path / "suite").exists()
    assert not (tmp_path / "cache").exists()


def test_what_was_left_lying_beside_is_cleaned_up(tmp_path: Path) -> None:
    run(tmp_path, specs_of(tmp_path, {"a": callers(1)}))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "cache", "suite"]


class Diary(Reporter):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def begin(self, stage: str, total: int) -> None:
        self.told.append((stage, total))

    def advance(self, ended: Ended) -> None:
        self.told.append(ended)


def test_progress_is_told_by_repository(tmp_path: Path) -> None:
    diary = Diary()
    specs = specs_of(tmp_path, {"a": callers(1, 1), "b": {"README": "no code"}})
    generate(specs, tmp_path / "suite", SEARCH, cache=tmp_path / "cache", progress=diary)
    assert diary.told == [
        ("reading repositories", 2),
        Ended(repo="local/a"),
        Ended(repo="local/b"),
        ("making tasks", 1),
        Ended(repo="local/a", tasks=2),
    ]


# Start states


NAMES = st.text("ab.-", min_size=1, max_size=2).filter(lambda name: name.strip("."))
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    files: dict[str, File] = {}
    for path in draw(st.lists(PATHS, min_size=1, max_size=8, unique=True)):
        taken = any(path.startswith(f"{other}/") or other.startswith(f"{path}/") for other in files)
        if not taken:
            files[path] = File(draw(st.binary(max_size=3)))
    return files


@given(trees(), st.data())
def test_the_id_of_an_edited_tree_is_that_of_the_whole_tree(tree: Tree, data: st.DataObject) -> None:
    replaced = {
        path: File(data.draw(st.binary(max_size=3)), data.draw(st.sampled_from([tree[path].mode, EXECUTABLE])))
        for path in data.draw(st.lists(st.sampled_from(sorted(tree)), unique=True))
    }
    hasher = TreeHasher(tree)
    assert hasher.with_files(replaced) == tree_id({**tree, **replaced})
    assert hasher.with_files({}) == tree_id(tree)


def test_rows_survive_a_round_trip(tiny_suite: Path) -> None:
    for line in (tiny_suite / "tasks.jsonl").read_bytes().splitlines():
        assert msgspec.json.encode(msgspec.json.decode(line, type=ValidatedTask)) == line
