"""report/: the data of a page say what the suite, its repositories and the results say; hostile ones cost nothing."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import handmade
from hybridgym import load_suite
from hybridgym.errors import SuiteError, UsageError
from hybridgym.generation import Options, generate
from hybridgym.languages import LANGUAGES
from hybridgym.pipeline import context_of
from hybridgym.predictions import Result, result, write_results
from hybridgym.report import write_report
from hybridgym.report.assembling import ASSETS, PAGE, SCRIPTS, STYLE
from hybridgym.report.clipping import MAX_LINE, clipped, visible
from hybridgym.report.counting import TO, distribution
from hybridgym.report.highlighting import highlighted
from hybridgym.report.markdown import tree_of
from hybridgym.report.neighbours import MAX_SHOWN
from hybridgym.report.verdicts import Results, repository_and_kind
from hybridgym.specs import spec_of
from hybridgym.suite import Suite
from hybridgym.task import Status, Submission, Verdict
from tiny import ROOT, TINIES, hybridgym, source_of

KINDS = ("dependency_search", "function_localization")


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """Make a suite of a small repository in each language."""
    folder = tmp_path_factory.mktemp("suite")
    options = Options(kinds=KINDS, per_repo=4)
    generate([spec_of(str(path), ROOT) for path in TINIES], folder / "suite", options, cache=folder / "cache", jobs=2)
    return load_suite(folder / "suite")


@pytest.fixture(scope="module")
def graded(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Grade the right answer of every other task, and the empty one of all."""
    path = tmp_path_factory.mktemp("graded") / "results.jsonl"
    submissions = [
        Submission(instance_id=instance_id, model_patch=patch, model_name_or_path=model)
        for number, instance_id in enumerate(suite)
        for model, patch in (("able", suite[instance_id].row.patch if number % 2 else ""), ("idle", ""))
    ]
    write_results(path, (result(s, suite[s.instance_id].check(s.model_patch)) for s in submissions))
    return Results([path])


@pytest.fixture(scope="module")
def report(suite: Suite, graded: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    write_report(folder / "report", suite, graded, cache=folder / "cache")
    return folder / "report"


def data(report: Path, name: str) -> Any:
    """Read what a script in data/ hands to the page."""
    text = (report / "data" / f"{name}.js").read_text(encoding="ascii")
    found = re.fullmatch(r"receive\((.*)\)\n", text)
    assert found, text[:100]
    return json.loads(json.loads(f"[{found[1]}]")[1])


def details(report: Path) -> dict[str, dict[str, Any]]:
    """Read the details of all tasks by id."""
    places = {row[0]: row[7] for row in data(report, "tasks")["rows"]}
    return {name: data(report, f"{chunk:04}")[place] for name, (chunk, place) in places.items()}


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# What the page gets


def test_the_table_has_every_task_in_the_order_of_the_suite(suite: Suite, report: Path) -> None:
    table = data(report, "tasks")
    assert [row[0] for row in table["rows"]] == list(suite)
    for row in table["rows"]:
        task = suite[row[0]].row
        assert (table["kinds"][row[1]], table["repositories"][row[2]]) == (task.task_kind, task.repo)
        assert table["languages"][row[3]] == task.language
        numbers = {table["numbers"][n]: value for n, value in zip(row[6][::2], row[6][1::2], strict=True)}
        assert numbers == task.difficulty


def test_code_is_that_of_the_start_state(suite: Suite, report: Path) -> None:
    languages = set()
    for instance_id, found in details(report).items():
        task = suite[instance_id]
        targets = {task.row.answer.get("target"), *task.row.answer.get("targets", ())} - {None}
        assert {excerpt["title"] for excerpt in found["code"] if excerpt["target"]} == targets
        for excerpt in found["code"]:
            shown = "".join(excerpt["runs"][1::2]).split("\n")
            lines = task.start[excerpt["path"]].data.decode().splitlines()
            first = excerpt["line"] - 1
            assert shown == lines[first : first + len(shown)]
            name = excerpt["title"].rpartition("::")[2].rpartition(".")[2].partition("#")[0]
            assert any(name in line for line in shown)
            assert len(excerpt["runs"]) > 2, "nothing is highlighted"
        languages.add(task.row.language)
    assert len(languages) == len(TINIES)


def test_callers_and_callees_are_those_of_the_graph(suite: Suite, report: Path) -> None:
    drawn = 0
    for path in TINIES:
        tasks = {name: task for name, task in suite.items() if task.row.repo == f"local/{path.name}"}
        source = next(iter(tasks.values())).source
        graph = context_of(source_of({p: file.data for p, file in source.items()})).graph.networkx()
        found = details(report)
        for name in tasks:
            [neighbours] = found[name]["neighbourhoods"]
            drawn += 1
            target = suite[name].row.answer.get("target") or suite[name].row.answer["targets"][0]
            callees = {other for _, other, kind in graph.out_edges(target, keys=True) if kind == "calls"}
            callers = {other for other, _, kind in graph.in_edges(target, keys=True) if kind == "calls"}
            around = {
                other
                for caller in callers
                for other, _, kind in graph.in_edges(caller, keys=True)
                if kind == "contains"
            }
            for side, expected in (("callees", callees), ("callers", callers - around)):
                shown = [f"{one['path']}::{one['name']}" for one in neighbours[side]]
                assert len(shown) == min(len(expected), MAX_SHOWN)
                assert len(shown) + neighbours[f"more_{side}"] == len(expected)
                assert set(shown) <= {plain(definition) for definition in expected}
    assert drawn == len(suite)


def plain(definition: str) -> str:
    """Leave the number out that tells definitions of one name in one file apart."""
    return re.sub(r"#\d+$", "", definition)


def test_statement_gold_and_evidence_are_the_rows(suite: Suite, report: Path) -> None:
    for instance_id, found in details(report).items():
        row = suite[instance_id].row
        said = re.sub(r"```\w*|\W", "", row.problem_statement)
        assert re.sub(r"\W", "", texts(found["statement"])) == said
        assert found["patch"] == {"text": row.patch.rstrip("\n"), "left_out": 0}
        assert [miss["name"] for miss in found["evidence"]["near_misses"]] == [m.name for m in row.evidence.near_misses]


def texts(nodes: Sequence[Any]) -> str:
    """Return the texts of a tree of Markdown."""
    return "".join(
        node if isinstance(node, str) else "".join(node[2::2]) if node[0] == "code-block" else texts(node[1:])
        for node in nodes
    )


def test_verdicts_are_those_of_the_results(suite: Suite, report: Path) -> None:
    found = details(report)
    table = {row[0]: row[8] for row in data(report, "tasks")["rows"]}
    for number, instance_id in enumerate(suite):
        able, idle = found[instance_id]["outcomes"]
        assert (able["model"], idle["model"]) == ("able", "idle")
        assert (able["status"], idle["status"]) == ("resolved" if number % 2 else "unresolved", "unresolved")
        assert table[instance_id] == [[number % 2, 2 - number % 2, 0, 0, 0], 0.5 if number % 2 else 0]
    results = data(report, "suite")["results"]
    solved = {model: solved for model, kind, _, _, _, _, solved in results["models"] if kind == KINDS[0]}
    right = [name for number, name in enumerate(suite) if number % 2 and KINDS[0] in name]
    assert solved == {"able": len(right), "idle": 0}
    assert sum(count for _, _, count in results["reasons"]) == 2 * len(suite) - len(suite) // 2


def test_reasons_of_one_sort_are_counted_together(tmp_path: Path) -> None:
    reasons = ["0 of 3 dependencies are marked", "1 of 5 dependencies are marked", "src/a.py, line 7: `x` is new"]
    write_results(tmp_path / "results.jsonl", [verdict(str(n), reason) for n, reason in enumerate(reasons)])
    counted = Results([tmp_path / "results.jsonl"]).reasons
    assert sorted(counted.values()) == [1, 2]


def verdict(name: str, reason: str, model: str = "m", status: Status = Status.UNRESOLVED) -> Result:
    instance_id = f"acme__loom.12345678.restore-{name}"
    submission = Submission(instance_id=instance_id, model_patch="", model_name_or_path=model)
    return result(submission, Verdict(instance_id=instance_id, status=status, reward=0.0, reason=reason))


# The folder


def test_the_same_input_gives_the_same_bytes(suite: Suite, graded: Results, report: Path, tmp_path: Path) -> None:
    write_report(tmp_path / "again", suite, graded, cache=tmp_path / "cache", jobs=2)
    assert content(tmp_path / "again") == content(report)


def test_a_report_is_replaced_as_a_whole(suite: Suite, report: Path, tmp_path: Path) -> None:
    handmade.make_suite(tmp_path / "other")
    write_report(tmp_path / "report", suite, None, cache=tmp_path / "cache")
    write_report(tmp_path / "report", load_suite(tmp_path / "other"), None, cache=tmp_path / "cache")
    assert sorted(content(tmp_path / "report")) == ["data/0000.js", "data/suite.js", "data/tasks.js", "index.html"]
    assert data(tmp_path / "report", "suite")["tasks"] == 1


@pytest.mark.parametrize("name", ["index.html", "notes.txt", "data"])
def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, name: str) -> None:
    suite = handmade.make_suite(tmp_path / "suite")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="expected a report, an empty folder or none"):
        write_report(tmp_path / "mine", suite, None, cache=tmp_path / "cache")
    assert content(tmp_path / "mine") == {name: b"mine"}


def test_the_page_holds_all_of_its_code(report: Path) -> None:
    page = (report / "index.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in ASSETS.iterdir()) == sorted([PAGE, STYLE, *SCRIPTS])
    assert [name for name in (STYLE, *SCRIPTS) if (ASSETS / name).read_text(encoding="utf-8") not in page] == []
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"", page) == []


# What is missing, wrong or hostile


def test_without_sources_a_task_has_what_its_row_says(tmp_path: Path) -> None:
    made = handmade.make_suite(tmp_path / "suite")
    for path in (tmp_path / "suite" / "sources").iterdir():
        path.unlink()
    written = write_report(tmp_path / "report", made, None, cache=tmp_path / "cache")
    assert written.without_details == 1
    [found] = details(tmp_path / "report").values()
    assert "no such file" in found["missing"]
    assert (found["code"], found["neighbourhoods"]) == ([], [])
    assert found["patch"]["text"] == handmade.GOLD.rstrip("\n")


def test_a_damaged_source_costs_no_other(tmp_path: Path) -> None:
    other = replace(handmade.make_task("2"), source="0" * 40)
    made = handmade.make_suite(tmp_path / "one")
    rows = (tmp_path / "one" / "tasks.jsonl").read_bytes()
    handmade.make_suite(tmp_path / "two", [handmade.make_task("2")])
    second = (
        (tmp_path / "two" / "tasks.jsonl")
        .read_bytes()
        .replace(made["acme__loom.12345678.restore-1"].row.source.encode(), other.source.encode())
    )
    (tmp_path / "one" / "tasks.jsonl").write_bytes(rows + second)
    (tmp_path / "one" / "sources" / f"{other.source}.tar.zst").write_bytes(b"no archive")
    written = write_report(tmp_path / "report", load_suite(tmp_path / "one"), None, cache=tmp_path / "cache", jobs=2)
    found = details(tmp_path / "report")
    assert written.without_details == 1
    assert found["acme__loom.12345678.restore-1"]["code"]
    assert "damaged" in found["acme__loom.12345678.restore-2"]["missing"]


def test_a_task_that_names_no_definition_shows_what_its_edits_changed(tmp_path: Path) -> None:
    suite = handmade.make_suite(tmp_path / "suite")
    write_report(tmp_path / "report", suite, None, cache=tmp_path / "cache")
    [found] = details(tmp_path / "report").values()
    [excerpt] = found["code"]
    assert excerpt["path"] == "src/weaving.py"
    assert "".join(excerpt["runs"][1::2]) + "\n" == handmade.UNDOCUMENTED.decode()


def test_results_alone_make_a_report(tmp_path: Path) -> None:
    write_results(tmp_path / "results.jsonl", [verdict("1", "no"), verdict("2", "no", model="n")])
    run = hybridgym("report", "results.jsonl", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "report/index.html: 2 tasks, 2 results\n"
    table = data(tmp_path / "report", "tasks")
    assert (table["kinds"], table["repositories"]) == (["restore"], ["acme/loom"])
    assert [found["outcomes"][0]["model"] for found in details(tmp_path / "report").values()] == ["m", "n"]


def test_results_of_tasks_that_the_suite_does_not_have_are_counted(tmp_path: Path) -> None:
    nameless = replace(verdict("1", "row 3: bad JSON", status=Status.ERROR), instance_id="")
    write_results(tmp_path / "results.jsonl", [verdict("1", "no"), verdict("nosuch", "no"), nameless])
    suite = handmade.make_suite(tmp_path / "suite")
    write_report(tmp_path / "report", suite, Results([tmp_path / "results.jsonl"]), cache=tmp_path / "cache")
    found = data(tmp_path / "report", "suite")["results"]
    assert (found["count"], found["unknown"], found["withoutTask"]) == (3, 1, 1)


def test_a_file_that_holds_no_results_is_named_with_its_row(tmp_path: Path) -> None:
    write_results(tmp_path / "results.jsonl", [verdict("1", "no")])
    with (tmp_path / "results.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"instance_id": "a", "model_patch": ""}\n')
    with pytest.raises(SuiteError, match=r"results\.jsonl, row 2: expected a result.*missing required field"):
        Results([tmp_path / "results.jsonl"])


def test_two_suites_are_one_too_many(tmp_path: Path) -> None:
    for name in ("a", "b"):
        handmade.make_suite(tmp_path / name)
    run = hybridgym("report", "a", "b", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (2, "error: report: expected one suite, found a and b\n")


def test_no_text_of_a_suite_stands_in_a_script_as_it_is(tmp_path: Path) -> None:
    """A file in data/ is one call with one text, whatever that says."""
    statement = "</script><script>alert(1)</script>\u2028\u2029'\"\\`${alert(1)}<!--"
    handmade.make_suite(tmp_path / "suite", [replace(handmade.make_task(), problem_statement=statement)])
    write_report(tmp_path / "report", load_suite(tmp_path / "suite"), None, cache=tmp_path / "cache")
    for path in (tmp_path / "report" / "data").iterdir():
        text = path.read_bytes()
        assert text.isascii()
        assert b"<" not in text
        assert text.count(b"\n") == 1


# Pieces


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        pytest.param(
            "# A\n\n## B\n\n### C", [["h3", "A"], ["h3", "B"], ["h4", "C"]], id="headings stand below those of the page"
        ),
        pytest.param("<b onclick='x()'>a</b>", [["p", "<b onclick='x()'>a</b>"]], id="inline HTML is text"),
        pytest.param("<script>x()</script>", [["p", "<script>x()</script>"]], id="a block of HTML is text"),
        pytest.param("[a](javascript:x)", [["p", "[a](javascript:x)"]], id="a link that runs code is text"),
        pytest.param("[a](https://b.c)", [["p", "a", " (", ["code", "https://b.c"], ")"]], id="a link says where to"),
        pytest.param("<https://b.c>", [["p", "https://b.c"]], id="a link that says itself"),
        pytest.param("![a](b.png)", [["p", "a", " (", ["code", "b.png"], ")"]], id="an image is not fetched"),
        pytest.param("- a\n- `b`", [["ul", ["li", ["p", "a"]], ["li", ["p", ["code", "b"]]]]], id="list"),
        pytest.param("```\n<x>\n```", [["code-block", "", "<x>"]], id="code"),
        pytest.param("a\u202eb\x00", [["p", "a\\u202eb\\u0000"]], id="characters that turn text around"),
    ],
)
def test_markdown(text: str, nodes: list[Any]) -> None:
    assert tree_of(text) == nodes


@given(st.text(alphabet="ab*_`[]()<>#-! \n\\|~&:", max_size=200))
def test_markdown_gives_nothing_but_known_elements(text: str) -> None:
    def names(nodes: Sequence[Any]) -> set[str]:
        return {name for node in nodes if not isinstance(node, str) for name in {node[0]} | names(node[1:])}

    assert names(tree_of(text)) <= set(
        "p ul ol li blockquote em strong s code br hr h3 h4 h5 h6 table thead tbody tr th td code-block".split()
    )


def test_code_is_taken_apart_by_its_grammar() -> None:
    code = b'def f(self):\n    """No."""\n    return not self.g(1)  # so\n'
    runs, left_out = highlighted(code, "python", 0, len(code), 3)
    looks = [(look, text.strip()) for look, text in zip(runs[::2], runs[1::2], strict=True)]
    assert "".join(runs[1::2]) == code.decode().rstrip("\n")
    assert left_out == 1
    assert [pair for pair in looks if pair[0]] == [
        ("keyword", "def"),
        ("definition", "f"),
        ("builtin", "self"),
        ("string", '"""No."""'),
        ("keyword", "return not"),
        ("builtin", "self"),
        ("number", "1"),
        ("comment", "# so"),
    ]


@given(st.binary(max_size=300), st.sampled_from(sorted(LANGUAGES)), st.integers(0, 300), st.integers(0, 300))
def test_highlighting_loses_nothing(data: bytes, language: str, first: int, length: int) -> None:
    data = data.replace(b"\r", b"")
    last = min(first + length, len(data))
    runs, left_out = highlighted(data, language, min(first, last), last, 1_000)
    assert left_out == 0
    if data.isascii() and "\0" not in (text := visible(data[min(first, last) : last].decode())):
        assert "".join(runs[1::2]) == text


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("piece", ["a ", "{", '"', "r#"])
def test_code_of_any_shape_is_shown_and_cut(language: str, piece: str) -> None:
    code = (piece * 1_000 + "\n").encode() + f"{piece}\n".encode() * 299
    runs, left_out = highlighted(code, language, 0, len(code), 5)
    shown = "".join(runs[1::2]).split("\n")
    assert (len(shown), left_out) == (5, 296)
    assert max(map(len, shown)) < 3 * MAX_LINE


def test_nesting_and_size_have_limits() -> None:
    assert len(json.dumps(tree_of("> " * 5_000 + "deep"))) < 50_000
    assert "more characters" in texts(tree_of("word " * 100_000))
    shown, left_out = clipped("x" * 1_000_000 + "\n" + "y\n" * 50, 3)
    assert len(shown) < MAX_LINE + 100
    assert left_out == 48


@given(
    st.lists(st.integers(-50, 100_000), min_size=1, max_size=50)
    | st.lists(st.floats(0, 1), min_size=1, max_size=50)
    | st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50)
)
def test_a_distribution_counts_every_number_in_its_bin(values: list[float]) -> None:
    found = distribution("x", values)
    assert sum(count for _, count in found.bins) == found.count == len(values)
    assert found.least <= found.median <= found.most
    if all(value == int(value) for value in values):
        for name, count in found.bins:
            first, _, last = name.replace(",", "").partition(TO)
            assert count == sum(int(first) <= value <= int(last or first) for value in values)


@pytest.mark.parametrize(
    ("instance_id", "repository", "kind"),
    [
        ("pypi__click.032ddee7.dependency_search-f3743f24f300", "pypi/click", "dependency_search"),
        ("pypi__zope.interface.0123abcd.bug_injection-066b777747a1", "pypi/zope.interface", "bug_injection"),
        ("django__django-11099", "", ""),
        ("", "", ""),
    ],
)
def test_an_id_says_repository_and_kind(instance_id: str, repository: str, kind: str) -> None:
    assert repository_and_kind(instance_id) == (repository, kind)
