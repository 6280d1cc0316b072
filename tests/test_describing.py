"""`generate --describe llm`: statements that a language model has written, proven like all others."""

from pathlib import Path

import msgspec
import pytest

from chat_server import Reply, Request, answer, error, serving
from hybridgym.errors import UsageError
from hybridgym.generation import ANSWERS, Options, generate
from hybridgym.llm import Endpoint, ModelSettings, spent_in
from hybridgym.specs import spec_of
from hybridgym.suite import REJECTIONS, SuiteInfo, load_suite
from hybridgym.task import Rejection
from hybridgym.verification import verify
from tiny import TINIES, TINY, hybridgym, rows

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

KIND = "function_localization"
MODEL = ModelSettings(name="small", parameters={"temperature": 0.5})


def original(request: Request) -> str:
    """Return the description that a model is asked to write anew."""
    prompt: str = request.body["messages"][0]["content"]
    return prompt.partition("\n> ")[2].partition("\n")[0]


def in_other_words(request: Request) -> Reply:
    return answer(f"[DESCRIPTION]In other words: {original(request)}[/DESCRIPTION]")


def naming(request: Request) -> Reply:
    name = request.body["messages"][0]["content"].partition("Do not write `")[2].partition("`")[0]
    return answer(f"[DESCRIPTION]{original(request)} It is called {name}.[/DESCRIPTION]")


def suite_of(
    out: Path, url: str, *, repository: Path = TINY, overwrite: bool = False, calls: int = 1000, targets: int = 1
) -> SuiteInfo:
    options = Options(kinds=(KIND,), per_repo=3, model=MODEL, settings={KIND: {"targets": targets}})
    spec = spec_of(f"directory:{repository}", out.parent)
    endpoint = Endpoint(url=url, calls=calls)
    return generate([spec], out, options, cache=out.parent / "cache", endpoint=endpoint, overwrite=overwrite)


def rejected(out: Path) -> list[Rejection]:
    found = [msgspec.json.decode(line, type=Rejection) for line in (out / REJECTIONS).read_bytes().splitlines()]
    return [r for r in found if r.reason == "the language model gave no description"]


def test_statements_say_what_the_model_wrote_and_a_second_run_asks_nothing(tmp_path: Path) -> None:
    out = tmp_path / "suite"
    with serving(in_other_words) as server:
        info = suite_of(out, server.url)
        first = (out / "tasks.jsonl").read_bytes()
        asked = len(server.requests)
        suite_of(out, server.url, overwrite=True)
        assert len(server.requests) == asked
    assert (out / "tasks.jsonl").read_bytes() == first
    assert info.tasks == 3
    assert info.model == {"name": "small", "parameters": {"temperature": 0.5}}
    for row in rows(out):
        assert "In other words: " in row.problem_statement
        assert "described_by_llm" in row.tags
    assert asked <= 2 * info.tasks  # each is in a stratum of its own, with one in reserve; nothing else is asked for
    assert spent_in(out / ANSWERS) == (asked, 15 * asked)
    assert [problem for _, problem in verify(out, 1)] == [""] * 3
    assert load_suite(out).info == info


@pytest.mark.parametrize("repository", TINIES, ids=lambda path: path.name)
def test_several_targets_of_any_language_are_described_each(repository: Path, tmp_path: Path) -> None:
    with serving(in_other_words) as server:
        suite_of(tmp_path / "suite", server.url, repository=repository, targets=2)
    made = rows(tmp_path / "suite")
    assert made
    assert {row.problem_statement.count("In other words: ") for row in made} == {2}


def test_wording_does_not_rename_a_task(tmp_path: Path) -> None:
    with serving(in_other_words) as server:
        suite_of(tmp_path / "told", server.url)
    plain = Options(kinds=(KIND,), per_repo=3)
    generate([spec_of(f"directory:{TINY}", tmp_path)], tmp_path / "plain", plain, cache=tmp_path / "cache")
    told, made = rows(tmp_path / "told"), rows(tmp_path / "plain")
    assert {row.instance_id for row in told} == {row.instance_id for row in made}
    assert {row.patch for row in told} == {row.patch for row in made}
    assert not [row for row in made if "In other words" in row.problem_statement]


def test_where_a_model_names_the_target_there_is_no_task_and_not_the_old_words(tmp_path: Path) -> None:
    with serving(naming) as server:
        info = suite_of(tmp_path / "suite", server.url)
    assert info.tasks == 0
    found = rejected(tmp_path / "suite")
    assert found
    assert all("it says the name" in rejection.detail for rejection in found)


def test_where_the_limit_is_reached_the_suite_has_what_was_made_until_then(tmp_path: Path) -> None:
    with serving(in_other_words) as server:
        info = suite_of(tmp_path / "suite", server.url, calls=2)
        assert len(server.requests) == 2
    assert 1 <= info.tasks <= 2
    assert {r.detail for r in rejected(tmp_path / "suite")} == {"language model: its limit of 2 calls is reached"}


@pytest.mark.parametrize(
    ("model", "endpoint", "kind", "said"),
    [
        pytest.param(MODEL, None, KIND, "endpoint", id="no endpoint"),
        pytest.param(MODEL, Endpoint(url="nowhere"), KIND, "URL", id="no address"),
        pytest.param(MODEL, Endpoint(url="http://x/v1"), "dependency_search", "describes", id="nothing to describe"),
    ],
)
def test_what_cannot_work_is_said_before_a_repository_is_read(
    model: ModelSettings, endpoint: Endpoint | None, kind: str, said: str, tmp_path: Path
) -> None:
    options = Options(kinds=(kind,), model=model)
    missing = spec_of("directory:nowhere", tmp_path)
    with pytest.raises(UsageError, match=said):
        generate([missing], tmp_path / "suite", options, cache=tmp_path, endpoint=endpoint)
    assert not (tmp_path / "suite").exists()


# The command


def command(tmp_path: Path, *arguments: str) -> tuple[int, str]:
    (tmp_path / "repos.yaml").write_text(f"repositories:\n  - directory: {TINY}\n")
    fixed = ("repos.yaml", "--out", "suite", "--cache", "cache", "--jobs", "1", "--kind", KIND)
    done = hybridgym("generate", *fixed, *arguments, cwd=tmp_path)
    return done.returncode, done.stdout + done.stderr


def test_the_command_says_what_was_asked(tmp_path: Path) -> None:
    with serving(in_other_words) as server:
        model = ("--describe", "llm", "--llm-url", server.url, "--llm-model", "small", "--llm-set", "top_p=0.9")
        code, said = command(tmp_path, "--per-repo", "2", "--llm-calls", "50", "--llm-tokens", "9000", *model)
    assert code == 0, said
    assert f"small was asked {len(server.requests)} times" in said
    assert {request.body["top_p"] for request in server.requests} == {0.9}
    assert {request.body["model"] for request in server.requests} == {"small"}


def test_a_server_that_refuses_everything_leaves_a_suite_without_tasks_and_reasons(tmp_path: Path) -> None:
    with serving([error(401, "who are you?")]) as server:
        code, said = command(tmp_path, "--describe", "llm", "--llm-url", server.url, "--llm-model", "small")
    assert (code, len(server.requests)) == (1, 1)
    assert "no task could be made" in said
    assert {r.detail for r in rejected(tmp_path / "suite")} == {"language model: HTTP 401: who are you?"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--describe", "llm"], "--llm-url and --llm-model", id="no endpoint"),
        pytest.param(["--describe", "llm", "--llm-url", "http://x"], "--llm-model", id="no model"),
        pytest.param(["--llm-model", "small"], "--describe llm", id="a model for nothing"),
        pytest.param(
            ["--describe", "llm", "--llm-url", "http://x", "--llm-model", "m", "--llm-set", "hot"],
            "NAME=VALUE",
            id="no value",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments: list[str], said: str, tmp_path: Path) -> None:
    code, output = command(tmp_path, *arguments)
    assert code == 2
    assert said in output
