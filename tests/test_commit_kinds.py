"""Bug fix and issue localization: made of the commits of a small project, whose tests run in the sandbox."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from chat_server import Reply, Request, answer, serving
from consumers import consumer
from hybridgym.diffs import changes, make_patch
from hybridgym.errors import UsageError
from hybridgym.exporters import exporter_named
from hybridgym.funnel import STEPS
from hybridgym.generation import Options, generate
from hybridgym.llm import Endpoint, Model, ModelSettings
from hybridgym.pipeline import (
    candidates,
    context_of,
    environment_of,
    make_one,
    past_of,
    state_of,
    template_for,
    validated,
)
from hybridgym.sealing import unsealed
from hybridgym.source import load_source
from hybridgym.specs import RepoSpec, spec_of
from hybridgym.suite import Suite, SuiteTask, load_suite
from hybridgym.task import Candidate, File, Rejection, Status, ValidatedTask
from hybridgym.tasks import kind_named
from hybridgym.tasks.marks import marked
from hybridgym.validation import Validator
from hybridgym.verification import verify
from tiny import ROOT
from wheels import offline

CONFIGURATION = (
    '[project]\nname = "scales"\nversion = "1.0"\n'
    f'classifiers = ["Programming Language :: Python :: {sys.version_info[0]}.{sys.version_info[1]}"]\n'
)
FIRST = '''"""Scales."""


def clamp(value, low, high):
    """Return the value, or the nearer bound where it lies outside of them."""
    if value < low:
        return low
    if value > high:
        return low
    return value


def share(value, low, high):
    """Return how far a value is on its way from one bound to the other."""
    inside = clamp(value, low, high)
    return (inside - low) / (high - low)


def label(value, width=3):
    """Return a short text."""
    return str(value)[:width]
'''
TESTS = """
from scales import clamp, label, share


def test_between():
    assert clamp(3, 0, 5) == 3
    assert clamp(-1, 0, 5) == 0


def test_label():
    assert label(12345) == "123"
    assert label(7).strip() == "7"


def test_half():
    assert share(1, 0, 2) == 0.5
"""
UPPER = FIRST.replace("    if value > high:\n        return low", "    if value > high:\n        return high")
UPPER_DOCUMENTED = UPPER.replace('"""Return a short text."""', '"""Return a short text of a value."""')
UPPER_TESTS = TESTS + "\n\ndef test_above():\n    assert clamp(9, 0, 5) == 5\n    assert clamp(7, 7, 7) == 7\n"
LEVEL = UPPER_DOCUMENTED.replace(
    "    inside = clamp(value, low, high)\n",
    "    if low == high:\n        return 1.0\n    inside = clamp(value, low, high)\n",
)
LEVEL_TESTS = UPPER_TESTS + "\n\ndef test_no_way():\n    assert share(4, 2, 2) == 1.0\n"
MIDDLE = LEVEL + '\n\ndef middle(low, high):\n    """Return what lies between."""\n    return (low + high) / 2\n'
MIDDLE_TESTS = LEVEL_TESTS.replace("label, share", "label, middle, share") + (
    "\n\ndef test_middle():\n    assert middle(1, 2) == 1.5\n"
)
WIDE = MIDDLE.replace("    return str(value)[:width]", '    return str(value)[:width].rjust(width, " ")')
SPACED = WIDE.replace("(low + high) / 2", "(low+high) / 2")
COMMITS = (
    ("Begin", {"pyproject.toml": CONFIGURATION, "src/scales.py": FIRST, "tests/test_scales.py": TESTS}),
    ("Clamp above", {"src/scales.py": UPPER_DOCUMENTED, "tests/test_scales.py": UPPER_TESTS, "NEWS": "Fixed.\n"}),
    ("Level scales", {"src/scales.py": LEVEL, "tests/test_scales.py": LEVEL_TESTS}),
    ("Add middle", {"src/scales.py": MIDDLE, "tests/test_scales.py": MIDDLE_TESTS}),
    ("Fill labels", {"src/scales.py": WIDE}),
    ("Format", {"src/scales.py": SPACED}),
)
SETTINGS = {"captured": False, "min_edited": 0}


def commit(folder: Path, message: str, files: dict[str, str], day: int) -> str:
    """Write files and commit them; return the commit's id."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    when = f"2024-03-{day:02}T12:00:00Z"
    who = {"NAME": "A", "EMAIL": "a@localhost", "DATE": when}
    variables = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
    for arguments in (["add", "-A"], ["commit", "-q", "-m", message]):
        subprocess.run(["git", *arguments], cwd=folder, env={"PATH": "/usr/bin:/bin", **variables}, check=True)
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode().strip()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with offline(tmp_path_factory.mktemp("commits"), {}) as folder:
        yield folder


@pytest.fixture(scope="module")
def commits(place: Path) -> dict[str, str]:
    """Message → id."""
    folder = place / "project"
    folder.mkdir(exist_ok=True)
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
    return {message: commit(folder, message, files, day) for day, (message, files) in enumerate(COMMITS, 1)}


@pytest.fixture(scope="module")
def spec(place: Path, commits: dict[str, str]) -> RepoSpec:
    return spec_of(f"git:{place / 'project'}@main", place)


@pytest.fixture(scope="module")
def suite(place: Path, spec: RepoSpec) -> Suite:
    options = Options(
        kinds=("bug_fix", "issue_localization"),
        per_repo=10,
        settings={"bug_fix": SETTINGS, "issue_localization": SETTINGS},
        similarity=1,
    )
    generate([spec], place / "suite", options, cache=place / "cache" / "hybridgym")
    return load_suite(place / "suite")


def about(suite: Suite, kind: str, fix: str) -> SuiteTask:
    [found] = [t for t in suite.values() if t.row.task_kind == kind and t.row.answer["commit"] == fix]
    return found


def submitted(task: SuiteTask, files: dict[str, str]) -> str:
    after = {**task.start, **{path: File(text.encode()) for path, text in files.items()}}
    return make_patch(changes(task.start, dict(sorted(after.items()))))


def test_commits_with_tests_that_tell_become_tasks(suite: Suite, commits: dict[str, str]) -> None:
    made = {(task.row.task_kind, task.row.answer["commit"]) for task in suite.values()}
    fixes = {commits[message] for message in ("Clamp above", "Level scales")}
    assert {fix for kind, fix in made if kind == "issue_localization"} == fixes
    assert {fix for kind, fix in made if kind == "bug_fix"} >= fixes
    assert not {commits[message] for message in ("Begin", "Fill labels", "Format")} & {fix for _, fix in made}


def test_a_task_starts_from_the_commit_before(suite: Suite, commits: dict[str, str]) -> None:
    row = about(suite, "bug_fix", commits["Level scales"]).row
    assert row.base_commit == commits["Clamp above"]
    assert row.created_at == "2024-03-02T12:00:00Z"
    assert about(suite, "bug_fix", commits["Level scales"]).start["src/scales.py"].data.decode() == UPPER_DOCUMENTED


def test_the_gold_is_what_the_tests_need_and_no_more(suite: Suite, commits: dict[str, str]) -> None:
    task = about(suite, "bug_fix", commits["Clamp above"])
    assert task.row.patch == submitted(task, {"src/scales.py": UPPER})
    assert task.check(task.row.patch).resolved
    assert not task.check("").resolved


def test_tests_come_with_the_grading_and_are_not_in_the_start(suite: Suite, commits: dict[str, str]) -> None:
    row = about(suite, "bug_fix", commits["Clamp above"]).row
    assert "test_above" in row.test_patch
    assert row.FAIL_TO_PASS == ("tests/test_scales.py::test_above",)
    assert {"tests/test_scales.py::test_between", "tests/test_scales.py::test_half"} <= set(row.PASS_TO_PASS)
    start = about(suite, "bug_fix", commits["Clamp above"]).start
    assert not any(b"test_above" in file.data for file in start.values())


def test_a_report_shows_the_failing_call_and_neither_test_nor_place(suite: Suite, commits: dict[str, str]) -> None:
    for task in suite.values():
        if task.row.answer["commit"] == commits["Clamp above"]:
            said = task.row.problem_statement
            assert "clamp(9, 0, 5)" in said
            assert "test_above" not in said
            assert "src/scales.py" not in said
            assert commits["Clamp above"][:7] not in said


def test_what_a_new_name_is_for_is_said_where_tests_ask_for_it(suite: Suite, commits: dict[str, str]) -> None:
    row = about(suite, "bug_fix", commits["Add middle"]).row
    assert "middle(1, 2)" in row.problem_statement
    assert row.FAIL_TO_PASS == ("tests/test_scales.py::test_middle",)


@pytest.mark.parametrize(
    ("answer", "status", "reward"),
    [
        (FIRST.replace("return low\n    return value", "return max(low, high)\n    return value"), "resolved", 1.0),
        (FIRST.replace("return low\n    return value", "return value\n    return value"), "unresolved", 0.0),
        (FIRST.replace("    return str(value)[:width]", "    return 1"), "unresolved", 0.0),
    ],
)
def test_tests_decide_and_not_the_text(
    suite: Suite, commits: dict[str, str], answer: str, status: str, reward: float
) -> None:
    task = about(suite, "bug_fix", commits["Clamp above"])
    verdict = task.check(submitted(task, {"src/scales.py": answer}))
    assert (verdict.status, verdict.reward) == (Status(status), reward)


def test_tests_of_a_submission_are_left_out(suite: Suite, commits: dict[str, str]) -> None:
    task = about(suite, "bug_fix", commits["Clamp above"])
    harmless = submitted(task, {"src/scales.py": UPPER, "tests/test_scales.py": "def test_above(): pass\n"})
    cheating = submitted(task, {"tests/test_scales.py": "def test_above(): pass\n", "conftest.py": "import os\n"})
    assert task.check(harmless).resolved
    assert not task.check(cheating).resolved


def test_marks_are_compared_with_what_the_fix_edits(suite: Suite, commits: dict[str, str]) -> None:
    task = about(suite, "issue_localization", commits["Clamp above"])
    [clamp], share = task.row.answer["definitions"], "src/scales.py::share"
    assert clamp == "src/scales.py::clamp"

    def graded(*ids: str) -> tuple[Status, float]:
        verdict = task.check_changes(changes(task.start, marked(task.start, ids, task.row.answer["marker"])))
        return verdict.status, verdict.reward

    assert graded(clamp) == (Status.RESOLVED, 1.0)
    assert graded(clamp, share) == (Status.UNRESOLVED, 0.6667)
    assert graded(share) == (Status.UNRESOLVED, 0.5)
    assert graded() == (Status.UNRESOLVED, 0.0)


def test_what_is_not_there_yet_is_nothing_to_localize(suite: Suite, commits: dict[str, str]) -> None:
    # Its report calls `middle`, which the commit adds; the commit edits nothing besides.
    made = {task.row.answer["commit"] for task in suite.values() if task.row.task_kind == "issue_localization"}
    assert commits["Add middle"] not in made


def test_a_correction_is_no_localization(suite: Suite, commits: dict[str, str]) -> None:
    task = about(suite, "issue_localization", commits["Clamp above"])
    assert task.check(submitted(task, {"src/scales.py": UPPER})).status is Status.TAMPERED


def test_a_commit_without_tests_gets_some_from_the_calls_of_others(
    place: Path, spec: RepoSpec, commits: dict[str, str]
) -> None:
    cache = place / "cache" / "hybridgym"
    source = load_source(spec, cache)
    made = make_one(source, "bug_fix", commits["Fill labels"], {}, past=past_of(spec, source, cache), cache=cache)
    assert isinstance(made, ValidatedTask), made
    assert "tests by calls" in made.tags
    assert "label(" in made.problem_statement
    [path] = {test.partition("::")[0] for test in made.FAIL_TO_PASS}
    assert f"+++ b/{path}" in made.test_patch
    assert made.evidence.measured["mutants_killed"] == made.evidence.measured["mutants"]


def test_a_language_model_writes_issue_and_tests(place: Path, spec: RepoSpec, commits: dict[str, str]) -> None:
    module = "from scales import label\n\n\ndef test_wide():\n    assert label(7, 4) == '   7'\n"
    issue = (
        "Labels are not aligned\n\nI print values below each other with `label(7, 4)`, and get them flush left. "
        "What is narrower than the width should be filled with blanks on its left, so that columns are straight."
    )

    def reply(request: Request) -> Reply:
        asked = request.body["messages"][0]["content"]
        return answer(f"[TESTS]\n{module}\n[/TESTS]" if "[TESTS]" in asked else f"[ISSUE]\n{issue}\n[/ISSUE]")

    cache = place / "cache" / "hybridgym"
    source = load_source(spec, cache)
    repo = context_of(source, cache)
    repo.past = past_of(spec, source, cache)
    template = template_for("bug_fix", SETTINGS)
    [candidate] = [
        c for c in candidates(repo, template) if isinstance(c, Candidate) and c.fix == commits["Fill labels"]
    ]
    with serving(reply) as server:
        repo.describer = Model(ModelSettings(name="small"), Endpoint(url=server.url), place / "answers")
        state = state_of(candidate, repo, source)
        assert not isinstance(state, Rejection)
        kind = kind_named("bug_fix")
        made = validated(*state, Validator(state[0], kind), candidate, template, environment_of(state[0], kind).id)
    assert isinstance(made, ValidatedTask), made
    assert "tests by model" in made.tags
    assert "Labels are not aligned" in made.problem_statement
    assert [test.rpartition("::")[2] for test in made.FAIL_TO_PASS] == ["test_wide"]
    assert "test_wide" in made.test_patch


def test_the_reason_of_a_commit_that_is_no_candidate_is_told(
    place: Path, spec: RepoSpec, commits: dict[str, str]
) -> None:
    cache = place / "cache" / "hybridgym"
    source = load_source(spec, cache)
    made = make_one(source, "bug_fix", commits["Format"][:10], {}, past=past_of(spec, source, cache), cache=cache)
    assert isinstance(made, Rejection)
    assert made.reason == "formatting only"


def test_the_command_line_makes_the_task_of_a_commit_or_says_why_not(place: Path, commits: dict[str, str]) -> None:
    def run(kind: str, target: str) -> "subprocess.CompletedProcess[str]":
        source = f"git:{place / 'project'}@main"
        command = [sys.executable, "-m", "hybridgym", "make", kind, source, "--target", target]
        command += ["--cache", str(place / "cache" / "hybridgym"), "--set", f"{kind}.captured=false"]
        return subprocess.run([*command, "--set", f"{kind}.min_edited=0"], capture_output=True, text=True, check=False)

    made = run("issue_localization", commits["Clamp above"])
    assert json.loads(made.stdout)["answer"]["commit"] == commits["Clamp above"]
    refused = run("bug_fix", commits["Format"])
    assert (refused.returncode, "formatting only" in refused.stderr) == (1, True)


def test_the_funnel_says_where_commits_were_left(suite: Suite) -> None:
    funnel = suite.info.funnel["bug_fix"]
    assert funnel["commits"] == len(COMMITS)
    counts = [funnel[step] for step in STEPS]
    assert counts == sorted(counts, reverse=True)
    assert funnel["validated"] == suite.info.tasks_per_kind["bug_fix"]
    assert funnel["tried"] > funnel["discriminating"]


def test_a_second_run_gives_the_same_bytes(place: Path, spec: RepoSpec, suite: Suite) -> None:
    options = Options(
        kinds=("bug_fix", "issue_localization"),
        per_repo=10,
        settings={"bug_fix": SETTINGS, "issue_localization": SETTINGS},
        similarity=1,
    )
    generate([spec], place / "again", options, cache=place / "cache" / "hybridgym", jobs=2)
    assert (place / "again" / "tasks.jsonl").read_bytes() == (suite.folder / "tasks.jsonl").read_bytes()


def test_what_two_states_of_a_repository_have_behind_them_counts_once(
    place: Path, spec: RepoSpec, commits: dict[str, str], suite: Suite
) -> None:
    kinds = ("bug_fix", "issue_localization")
    options = Options(kinds=kinds, per_repo=10, settings=dict.fromkeys(kinds, SETTINGS))
    earlier = spec_of(f"git:{place / 'project'}@{commits['Fill labels']}", place)
    generate([spec, earlier], place / "both", options, cache=place / "cache" / "hybridgym", jobs=2)
    both = load_suite(place / "both")
    assert set(both) == set(suite)
    assert both.info.rejections_per_reason["bug_fix: another entry made it"] > 0


def test_all_is_proven_again(suite: Suite) -> None:
    assert [problem for _, problem in verify(suite.folder, 1) if problem] == []


def test_an_agent_finds_nothing_of_the_fix(suite: Suite) -> None:
    assert {instance_id: unsealed(suite, task) for instance_id, task in suite.items()} == dict.fromkeys(suite, "")


@pytest.mark.parametrize(
    ("path", "files", "told"),
    [
        ("test_scales.py", ("tests/test_scales.py",), "lines of the answer or of its tests"),
        ("old/rulers.py", ("src/scales.py",), "lines of the answer or of its tests"),
        ("scales-1.1.dist-info/METADATA", (), "a release of the project"),
    ],
)
def test_what_lies_in_the_environment_is_told(
    suite: Suite, commits: dict[str, str], path: str, files: Sequence[str], told: str
) -> None:
    task = about(suite, "bug_fix", commits["Level scales"])
    later = {"src/scales.py": WIDE, "tests/test_scales.py": MIDDLE_TESTS}
    testbed = suite.testbed(task.row.environment)
    environment = testbed.store.path(testbed.environment)
    [packages] = environment.glob("lib/python*/site-packages")
    place = packages / path
    place.parent.mkdir(exist_ok=True)
    place.write_text("".join(later[file] for file in files))
    try:
        problems = unsealed(suite, task)
    finally:
        place.unlink()
        if place.parent != packages:
            place.parent.rmdir()
    assert problems.endswith(f": {told}")
    assert f"/site-packages/{path.partition('/')[0]}" in problems


@pytest.mark.parametrize(("name", "value"), [("filters", "strict"), ("min_mutation_score", 2.0)])
def test_knobs_that_nothing_can_be_made_with_are_refused(name: str, value: object) -> None:
    with pytest.raises(UsageError, match=name):
        template_for("bug_fix", {name: value})


# Exports


def test_swebench_grades_a_fix_by_tests_that_come_with_it(suite: Suite) -> None:
    python = consumer("swebench==5.0.2") / "python"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.swebench_rows", suite.folder, "--python", python],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    fixes = str(sum(task.row.task_kind == "bug_fix" for task in suite.values()))
    [_, _, line, _] = done.stdout.splitlines()
    assert [cell.strip() for cell in line.split("|")[1:-1]] == ["bug_fix", fixes, fixes, "0", "0"]


def test_hybrid_gym_and_r2e_gym_have_rows_of_commits(suite: Suite, tmp_path: Path) -> None:
    kinds = {
        kind: [t.row for t in suite.values() if t.row.task_kind == kind] for kind in ("bug_fix", "issue_localization")
    }
    exported = exporter_named("hybrid-gym").export(suite, tmp_path / "hybrid-gym")
    assert exported.tasks_per_kind == {"issue_localization": len(kinds["issue_localization"])}
    for line in (tmp_path / "hybrid-gym" / "gold" / "issue_localize.jsonl").read_text().splitlines():
        answer = json.loads(line)
        assert answer["instance"]["patch"] == answer["test_result"]["git_patch"]
        assert suite[answer["instance_id"]].check(answer["test_result"]["git_patch"]).resolved
    exported = exporter_named("r2e-gym").export(suite, tmp_path / "r2e-gym")
    assert exported.tasks_per_kind == {"bug_fix": len(kinds["bug_fix"])}
    rows = [json.loads(line) for line in (tmp_path / "r2e-gym" / "rows.jsonl").read_text().splitlines()]
    for row, task in zip(rows, kinds["bug_fix"], strict=True):
        assert json.loads(row["expected_output_json"]).keys() == {
            test.partition("::")[2] for test in (*task.FAIL_TO_PASS, *task.PASS_TO_PASS)
        }
        added = {line[1:] for line in task.test_patch.splitlines() if line.startswith("+def test_")}
        [tests] = json.loads(row["execution_result_content"])["test_file_codes"]
        assert added <= set(tests.splitlines())
        assert json.loads(row["parsed_commit_content"])["metadata"] == {}
        script = (tmp_path / "r2e-gym" / "images" / row["instance_id"] / "run_tests.sh").read_text()
        assert all(line in script for line in added)
