"""The documentation says what there is. `pytest --update-docs` writes help texts and ids of examples anew."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest

import hybridgym
from hybridgym import refusals, sameness, workspace
from hybridgym.cli import commands
from hybridgym.exporters import EXPORTERS, exporter_named
from hybridgym.generation import Options, generate
from hybridgym.languages import LANGUAGES
from hybridgym.pipeline import instance_id
from hybridgym.predictions import Result
from hybridgym.render import template_named, template_names
from hybridgym.source import Source
from hybridgym.specs import ENVIRONMENT_ITEMS, ENVIRONMENT_VALUES, ITEMS, VALUES, SourceKind, spec_of
from hybridgym.suite import KindInfo, Shortfall, SuiteInfo
from hybridgym.task import Candidate, Evidence, NearMissResult, Rejection, Status, ValidatedTask
from hybridgym.tasks import TASK_KINDS, kind_named, marks
from hybridgym.tasks.executable import TestedAnswer
from hybridgym.tasks.facts_in_words import LEVELS
from hybridgym.tasks.issue_localization import Answer as Marks
from tiny import ROOT, TINY

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
HELP = re.compile(r"(```text\n\$ hybridgym ?([a-z -]*?) --help\n).*?(```\n)", re.DOTALL)
EDIT_ONLY = tuple(
    kind for kind in TASK_KINDS if not kind_named(kind).needs_tests and not kind_named(kind).needs_history
)
WIDTH = 78
"""Of help texts on a terminal of 80 columns."""


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """Return the text below a heading, up to the next one of its level or above."""
    level = heading.partition(" ")[0]
    text = f"\n{page(name)}".partition(f"\n{heading}\n")[2]
    assert text, f"{name} has no heading {heading!r}"
    return re.split(rf"^#{{1,{len(level)}}} ", text, maxsplit=1, flags=re.MULTILINE)[0]


def named(text: str) -> list[str]:
    """Return the code spans in the first column of the tables of a text."""
    cells = re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def fields(*structs: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for struct in structs for field in msgspec.structs.fields(struct)}


def blocks(path: Path, language: str) -> Iterator[str]:
    for found in re.finditer(
        rf"^```{language}\n(.*?)^```$", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    ):
        yield found[1]


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a suite of the small repository that the tests have."""
    folder = tmp_path_factory.mktemp("docs")
    options = Options(kinds=EDIT_ONLY, per_repo=3)
    generate([spec_of(str(TINY), ROOT)], folder / "suite", options, cache=folder / "cache")
    return folder / "suite"


# The command line


def test_the_help_texts_are_those_of_the_commands(request: pytest.FixtureRequest) -> None:
    written = page("cli.md")
    real = HELP.sub(lambda found: f"{found[1]}{help_of(found[2])}\n{found[3]}", written)
    if request.config.getoption("--update-docs"):
        (DOCS / "cli.md").write_text(real, encoding="utf-8")
    else:
        assert written == real, "pytest --update-docs writes them anew"


def help_of(name: str) -> str:
    root = click.Context(commands, info_name="hybridgym", terminal_width=WIDTH, **commands.context_settings)
    context = root
    for part in name.split():
        assert isinstance(context.command, click.Group)
        context = click.Context(context.command.commands[part], info_name=part, parent=context)
    return context.get_help().strip()


def names_of(group: click.Group, prefix: str = "") -> set[str]:
    """Return the names of all commands of a group, those of groups in it too."""
    found = {prefix}
    for name, command in group.commands.items():
        full = f"{prefix} {name}".strip()
        found |= names_of(command, full) if isinstance(command, click.Group) else {full}
    return found


def test_every_command_has_its_help_in_the_page() -> None:
    assert {found[2] for found in HELP.finditer(page("cli.md"))} == names_of(commands)


def test_every_option_of_the_standalone_checker_is_described() -> None:
    command = [sys.executable, "-m", "hybridgym.check_one", "--help"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"--[a-z]+", printed)) - {"--help"}
    assert options == set(named(section("cli.md", "## python -m hybridgym.check_one")))


# Names


@pytest.mark.parametrize("name", TASK_KINDS)
def test_every_task_kind_is_described(name: str) -> None:
    assert name in named(page("index.md"))
    assert name in named(page("checking.md"))


@pytest.mark.parametrize("name", TASK_KINDS)
def test_every_knob_and_selection_is_described(name: str) -> None:
    declaration = template_named(name).declaration
    described = set(named(section("how-to.md", "## Set knobs and selections")))
    assert {f"{name}.{knob}" for knob in declaration.knobs} | set(declaration.select) <= described


def test_no_setting_is_described_that_is_not_there() -> None:
    declarations = {name: template_named(name).declaration for name in template_names()}
    knobs = {f"{name}.{knob}" for name, d in declarations.items() for knob in d.knobs}
    selections = {key for d in declarations.values() for key in d.select}
    assert set(named(section("how-to.md", "## Set knobs and selections"))) == knobs | selections


def test_the_levels_of_detail_are_described() -> None:
    assert [level for level in LEVELS if f"`{level}`" not in page("how-to.md")] == []


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_exporter_and_its_options_are_described(name: str) -> None:
    described = section("exporters.md", f"## {name}")
    options = {field.name for field in msgspec.structs.fields(exporter_named(name).options)}
    assert options <= set(named(described))


def test_every_key_of_a_manifest_is_described() -> None:
    keys = {*SourceKind, *VALUES, *ITEMS, "releases", "environment"} - {"rev"}
    assert set(named(section("how-to.md", "## Write a manifest"))) == keys
    described = named(section("how-to.md", "## Make the environments of repositories"))
    assert set(described) == {*ENVIRONMENT_VALUES, *ENVIRONMENT_ITEMS}


def test_every_language_is_described() -> None:
    assert named(section("adding-a-language.md", "## Languages")) == sorted(LANGUAGES)


def test_every_public_name_is_described() -> None:
    text = page("how-to.md")
    assert [name for name in hybridgym.__all__ if not re.search(rf"\b{name}\b", text)] == []


def test_every_status_is_described() -> None:
    assert named(section("checking.md", "## Verdicts"))[: len(Status)] == list(Status)


def test_every_benchmark_is_described() -> None:
    programs = [
        path.stem for path in (ROOT / "benchmarks").glob("*.py") if '__name__ == "__main__"' in path.read_text("utf-8")
    ]
    text = page("benchmarks.md")
    # `tracer` is started by another program, in another environment.
    assert [p for p in programs if f"python -m benchmarks.{p} " not in text and p != "tracer"] == []


# The suite's format


def row_table() -> list[str]:
    return named(section("suite-format.md", "## A row").partition("### ")[0])


def test_every_field_of_a_row_is_described_in_the_order_of_the_row(suite: Path) -> None:
    row = json.loads((suite / "tasks.jsonl").read_text("utf-8").splitlines()[0])
    assert row_table() == list(row)
    assert set(row_table()) == fields(ValidatedTask)


@pytest.mark.parametrize(
    ("heading", "structs"),
    [
        pytest.param("### evidence", (Evidence,), id="evidence"),
        pytest.param("## suite.json", (SuiteInfo,), id="suite.json"),
        pytest.param("## Results", (Result,), id="results"),
    ],
)
def test_every_key_is_described(heading: str, structs: tuple[type[msgspec.Struct], ...]) -> None:
    assert set(named(section("suite-format.md", heading))) == fields(*structs)


@pytest.mark.parametrize(
    ("heading", "struct"),
    [
        pytest.param("## rejections.jsonl", Rejection, id="rejection"),
        pytest.param("### evidence", NearMissResult, id="near miss"),
        pytest.param("## suite.json", KindInfo, id="kind"),
        pytest.param("## suite.json", Shortfall, id="shortfall"),
    ],
)
def test_every_key_inside_is_mentioned(heading: str, struct: type[msgspec.Struct]) -> None:
    text = section("suite-format.md", heading)
    assert [field for field in sorted(fields(struct)) if f"`{field}`" not in text] == []


def rows(suite: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (suite / "tasks.jsonl").read_text("utf-8").splitlines()]


def test_the_keys_of_answers_and_difficulties_are_described(suite: Path) -> None:
    answers = set(named(section("suite-format.md", "### answer")))
    difficulties = set(named(section("suite-format.md", "### difficulty")))
    assert {row["task_kind"] for row in rows(suite)} == set(EDIT_ONLY)
    assert {key for row in rows(suite) for key in row["answer"]} | fields(TestedAnswer) | fields(Marks) == answers
    # Those of tasks that are graded by tests are looked at where such tasks are made.
    assert {key for row in rows(suite) for key in row["difficulty"]} <= difficulties


def test_the_rules_by_which_calls_are_resolved_are_described(suite: Path) -> None:
    described = set(named(section("dependencies.md", "## How a call was resolved")))
    assert {how for row in rows(suite) for how in row["answer"].get("how", {}).values()} <= described


def test_the_files_of_a_suite_are_described(suite: Path) -> None:
    table = section("suite-format.md", "# The suite format").partition("\n## ")[0]
    written = {path.relative_to(suite).as_posix() for path in suite.rglob("*") if path.is_file()}
    described = [re.sub(r"<[^>]*>", "[^/]+", name.replace(".", r"\.")) for name in named(table)]
    assert [path for path in sorted(written) if not any(re.fullmatch(name, path) for name in described)] == []


def test_the_reasons_of_rejections_are_described(suite: Path) -> None:
    info = json.loads((suite / "suite.json").read_text("utf-8"))
    reasons = {reason.partition(": ")[2] for reason in info["rejections_per_reason"]}
    text = section("suite-format.md", "## rejections.jsonl")
    assert reasons
    assert [r for r in sorted(reasons) if f"`{r}`" not in text and not r.startswith("file skipped: ")] == []


# Figures and examples


def test_the_limits_of_patches_and_folders_are_those_of_the_code() -> None:
    limits = (
        refusals.MAX_PATCH_BYTES,
        refusals.MAX_PATCH_LINES,
        refusals.MAX_PATCH_FILES,
        refusals.MAX_PATCH_HUNKS,
        refusals.MAX_RESULT_BYTES,
        workspace.MAX_FILE_BYTES,
        workspace.MAX_CHANGED_BYTES,
        workspace.MAX_NEW_PATHS,
        sameness.MAX_ADDED_BYTES,
        sameness.MAX_ADDED_SLOW_LINES,
        marks.MAX_MARKS,
    )
    text = page("checking.md")
    assert [limit for limit in limits if f"{limit:,}" not in text] == []


def test_the_caches_that_may_lie_about_are_described() -> None:
    text = section("checking.md", "### What agents may leave lying about")
    allowed: Iterable[str] = (*workspace.CACHE_FOLDERS, *workspace.CACHE_FILES, *filter(None, workspace.CACHE_SUFFIXES))
    assert [name for name in allowed if f"`{name}`" not in text] == []


FIRST_TRUE = (
    "function_localization",
    "pypi/more-itertools",
    "bf5b405b51a69af0592f96ee7a086c880cb98b8a",
    "more_itertools/recipes.py::first_true",
)
ABORT = (
    "dependency_search",
    "pypi/click",
    "032ddee7e6e267a1f2ec10f8765cff70a0879f44",
    "src/click/core.py::Context.abort",
)
"""Kind, repository, tree and target of tasks that the pages show."""


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param(ROOT / "README.md", FIRST_TRUE, id="README.md"),
        pytest.param(DOCS / "tutorial.md", FIRST_TRUE, id="tutorial.md"),
        pytest.param(DOCS / "suite-format.md", ABORT, id="suite-format.md"),
    ],
)
def test_the_ids_shown_are_those_that_this_version_gives(
    path: Path, shown: tuple[str, str, str, str], request: pytest.FixtureRequest
) -> None:
    written = path.read_text(encoding="utf-8")
    real = re.sub(rf"pypi__[\w.-]+\.{shown[0]}-[0-9a-f]{{12}}", id_of_task(*shown), written)
    if request.config.getoption("--update-docs"):
        path.write_text(real, encoding="utf-8")
    else:
        assert written == real, "pytest --update-docs writes the ids anew; look at what they stand beside"


def id_of_task(kind: str, repo: str, tree: str, target: str) -> str:
    """Return the id that a task with the default knobs gets."""
    template = template_named(kind)
    candidate = Candidate(
        kind=kind,
        targets=(target,),
        module="",
        stratum="",
        language="python",
        context={},
        answer={},
        knobs=dict(template.knobs),
    )
    source = Source(
        repo=repo,
        upstream="",
        base_commit=tree,
        tree_id=tree,
        license="",
        created_at="",
        files={},
        skipped={},
        rejections=(),
        tags=(),
    )
    return instance_id(candidate, source, template.declaration.version)


STATEMENTS = "statements.md"
"""Programs in it are of other projects."""


@pytest.mark.parametrize(
    "path", [p for p in PAGES if any(blocks(p, "python")) and p.name != STATEMENTS], ids=lambda p: p.name
)
def test_python_blocks_can_be_compiled_and_import_what_there_is(path: Path) -> None:
    for block in blocks(path, "python"):
        for statement in ast.parse(block).body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                exec(compile(ast.Module([statement], []), path.name, "exec"), {})


def test_the_reward_functions_shown_give_rewards(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(suite.parent)
    row = rows(suite)[0]
    readme: dict[str, Any] = {}
    how_to: dict[str, Any] = {}
    exec(next(b for b in blocks(ROOT / "README.md", "python") if "def reward" in b), readme)
    exec(next(b for b in blocks(DOCS / "how-to.md", "python") if "def rewards" in b), how_to)
    assert readme["reward"](row["instance_id"], row["patch"]) == 1.0
    assert how_to["rewards"]([row["instance_id"]] * 2, [row["patch"], ""]) == [1.0, 0.0]


# The site


def test_relative_links_lead_somewhere() -> None:
    broken = [
        f"{path.name}: {target}"
        for path in PAGES
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.skipif(find_spec("mkdocs") is None, reason="mkdocs is not installed")
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
