"""The page of a report in a browser: found, sorted, opened and read, by mouse and by keyboard, whatever it holds."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

import handmade
from browsing import DESKTOP, PHONE, browser, opened
from hybridgym import load_suite
from hybridgym.generation import Options, generate
from hybridgym.predictions import result, write_results
from hybridgym.report import write_report
from hybridgym.report.verdicts import Results
from hybridgym.specs import spec_of
from hybridgym.suite import Suite
from hybridgym.task import Evidence, NearMissResult, Status, Submission, Verdict
from tiny import ROOT, TINIES, TINY

__all__ = ["browser"]

SEARCH, LOCALIZATION = "dependency_search", "function_localization"
MOST_ROWS = 60
"""That the document may hold, however many tasks there are."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """Make a suite of small repositories."""
    folder = tmp_path_factory.mktemp("suite")
    options = Options(kinds=(SEARCH, LOCALIZATION), per_repo=8)
    specs = [spec_of(str(path), ROOT) for path in TINIES]
    generate(specs, folder / "suite", options, cache=folder / "cache", jobs=2)
    return load_suite(folder / "suite")


@pytest.fixture(scope="module")
def page(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a report of it, with results of the right answers and of empty ones."""
    folder = tmp_path_factory.mktemp("report")
    submissions = [
        Submission(instance_id=instance_id, model_patch=patch, model_name_or_path=model)
        for instance_id, task in suite.items()
        for model, patch in (("able", task.row.patch), ("idle", ""))
        if SEARCH in instance_id
    ]
    write_results(folder / "results.jsonl", (result(s, suite[s.instance_id].check(s.model_patch)) for s in submissions))
    write_report(folder / "report", suite, Results([folder / "results.jsonl"]), cache=folder / "cache", jobs=2)
    return folder / "report" / "index.html"


@pytest.fixture
def tab(browser: Browser, page: Path) -> Iterator[Page]:
    with opened(browser, page, "#tasks") as made:
        yield made


def rows(tab: Page) -> list[str]:
    """Return the ids of the tasks that the table shows."""
    return [str(link.get_attribute("href"))[1:] for link in tab.locator("#table tbody a").all()]


def column(tab: Page, name: str) -> list[str]:
    """Return the texts of one column."""
    place = tab.locator("#table thead th").all_inner_texts().index(name)
    return [row.locator("th, td").nth(place).inner_text() for row in tab.locator("#table tbody tr").all()]


def searched(suite: Suite) -> dict[str, str]:
    """Return what is searched of each task."""
    found = {}
    for instance_id, task in suite.items():
        row = task.row
        targets = [row.answer["target"]] if "target" in row.answer else row.answer["targets"]
        found[instance_id] = " ".join([instance_id, row.repo, row.language, *row.tags, *targets]).lower()
    return found


def test_the_overview_counts_what_the_suite_has(browser: Browser, page: Path, suite: Suite) -> None:
    with opened(browser, page) as tab:
        expect(tab.locator("h1:visible")).to_have_text(f"{len(suite)} tasks from {len(TINIES)} repositories")
        kinds = tab.locator("table", has=tab.get_by_text("Kind", exact=True)).first
        for kind, count in suite.info.tasks_per_kind.items():
            row = kinds.get_by_role("row", name=kind)
            expect(row.locator("td").last).to_have_text(str(count))
            widths = float(str(row.locator("rect").get_attribute("width")))
            assert round(widths) == round(100 * count / max(suite.info.tasks_per_kind.values()))
        said = tab.get_by_role("img", name=re.compile(r"^dependencies\.")).get_attribute("aria-label")
        counts = {int(name): int(count) for name, count in re.findall(r"(\d+): (\d+)", str(said))}
        dependencies = [t.row.difficulty["dependencies"] for t in suite.values() if SEARCH in t.row.tags]
        assert counts == Counter(dependencies)


def test_search_finds_every_task_that_has_all_words(tab: Page, suite: Suite) -> None:
    said = searched(suite)
    word = next(row.row.answer["targets"][0] for row in suite.values() if "targets" in row.row.answer).rpartition("::")[
        2
    ]
    expected = [name for name, text in said.items() if word.lower() in text and LOCALIZATION in text]
    assert 0 < len(expected) < sum(LOCALIZATION in text for text in said.values())
    tab.get_by_role("searchbox").fill(f"  {word.upper()} localization")
    assert rows(tab) == expected
    expect(tab.get_by_role("status")).to_have_text(f"{len(expected)} of {len(suite)} tasks")
    tab.get_by_role("searchbox").fill("nosuchword")
    expect(tab.get_by_role("status")).to_have_text(f"0 of {len(suite)} tasks")
    tab.get_by_role("button", name="Clear").click()
    expect(tab.get_by_role("status")).to_have_text(f"{len(suite)} tasks")


def test_filters_narrow_and_show_the_numbers_of_a_kind(tab: Page, suite: Suite) -> None:
    tab.locator("#kind").select_option(SEARCH)
    tab.locator("#language").select_option("java")
    of_kind = {n: t.row for n, t in suite.items() if t.row.task_kind == SEARCH and t.row.language == "java"}
    assert rows(tab) == list(of_kind)
    assert column(tab, "dependencies") == [str(row.difficulty["dependencies"]) for row in of_kind.values()]
    tab.get_by_label("Which number").select_option("dependencies")
    tab.get_by_label("from", exact=True).fill("2")
    tab.get_by_label("to", exact=True).fill("3")
    assert rows(tab) == [name for name, row in of_kind.items() if 2 <= row.difficulty["dependencies"] <= 3]


def test_headers_sort_up_then_down_then_not(tab: Page, suite: Suite) -> None:
    tab.locator("#kind").select_option(SEARCH)
    tab.locator("#language").select_option("python")
    header = tab.get_by_role("columnheader", name="dependencies", exact=True)
    unsorted = column(tab, "dependencies")
    assert len(unsorted) < MOST_ROWS - 10
    for direction, expected in (
        ("ascending", sorted(unsorted, key=int)),
        ("descending", sorted(unsorted, key=int, reverse=True)),
        (None, unsorted),
    ):
        header.get_by_role("button").click()
        assert header.get_attribute("aria-sort") == direction
        assert column(tab, "dependencies") == expected
        expect(header.get_by_role("button")).to_be_focused()


def test_a_task_shows_what_it_is_made_of(tab: Page, suite: Suite) -> None:
    name = next(n for n, t in suite.items() if t.row.repo == f"local/{TINY.name}" and SEARCH in n)
    row = suite[name].row
    tab.get_by_role("searchbox").fill(name)
    tab.locator("#table tbody td").first.click()
    expect(tab).to_have_url(f"{tab.url.partition('#')[0]}#{name}")
    task = tab.locator("#view-task")
    expect(task.get_by_role("heading", level=1)).to_be_focused()
    expect(task.locator(".statement")).to_contain_text("Put this exact comment on a line of its own")
    assert row.answer["marker"] in task.locator(".statement .code").first.inner_text()
    path, _, qualname = row.answer["target"].partition("::")
    line = suite[name].start[path].data.decode().splitlines()
    shown = task.locator(".excerpt").first
    number = int(shown.locator(".gutter").inner_text().split()[0])
    assert shown.locator("pre").last.inner_text().splitlines()[0] == line[number - 1]
    added = [text for text in task.locator(".diff-added").all_inner_texts() if row.answer["marker"] in text]
    assert len(added) == len(row.answer["dependencies"])
    for near_miss in row.evidence.near_misses:
        expect(task.get_by_role("row", name=near_miss.name)).to_contain_text(near_miss.status)
    names = task.locator(".neighbourhood .name").all_text_contents()
    assert qualname in names
    for dependency in row.answer["dependencies"]:
        assert any(name.rstrip("…") in dependency for name in names)
    expect(task.get_by_role("row", name="able")).to_contain_text("resolved")


def test_an_address_leads_to_its_task(browser: Browser, page: Path, suite: Suite) -> None:
    name = list(suite)[-1]
    with opened(browser, page, f"#{name}") as tab:
        expect(tab.locator(".id")).to_have_text(name)
        expect(tab).to_have_title(f"{name} – hybridgym report")  # noqa: RUF001
    with opened(browser, page, "#no__such.task%20<b>") as tab:
        expect(tab.locator("#view-task h1")).to_have_text("No task no__such.task <b>")


def test_back_returns_to_the_table_as_it_was(tab: Page) -> None:
    tab.get_by_role("searchbox").fill("java")
    before = rows(tab)
    tab.locator("#table tbody a").nth(2).click()
    expect(tab.locator("#view-task")).to_be_visible()
    tab.get_by_role("link", name="Next").click()
    expect(tab.locator(".id")).to_have_text(before[3])
    tab.go_back()
    expect(tab.locator(".id")).to_have_text(before[2])
    tab.go_back()
    expect(tab.locator("#view-tasks")).to_be_visible()
    assert tab.get_by_role("searchbox").input_value() == "java"
    assert rows(tab) == before
    expect(tab.locator("#table tbody a").nth(2)).to_be_focused()


def test_keys_do_what_a_mouse_does(browser: Browser, page: Path) -> None:
    with opened(browser, page) as tab:
        tab.keyboard.press("/")
        expect(tab.get_by_role("searchbox")).to_be_focused()
        tab.keyboard.type("java")
        found = rows(tab)
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("ArrowUp")
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Enter")
        expect(tab.locator(".id")).to_have_text(found[1])
        tab.keyboard.press("Escape")
        expect(tab.locator("#table tbody a").nth(1)).to_be_focused()
        tab.keyboard.press("ArrowUp")
        tab.keyboard.press("ArrowUp")
        expect(tab.get_by_role("searchbox")).to_be_focused()
        tab.keyboard.press("Escape")
        expect(tab.get_by_role("searchbox")).to_have_value("")
        assert len(rows(tab)) > len(found)


def test_what_has_the_focus_can_be_seen_and_follows_the_page(tab: Page) -> None:
    tab.locator("body").click(position={"x": 5, "y": 5})
    reached = []
    for _ in range(14):
        tab.keyboard.press("Tab")
        focus = tab.locator(":focus")
        reached.append(focus.evaluate("e => e.id || e.textContent"))
        assert focus.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
    order = ["Overview", "Results", "Tasks", "search", "kind", "repository", "language", "verdict"]
    assert [name for name in reached if name in order] == order


def test_verdicts_can_be_filtered_and_are_counted(browser: Browser, page: Path, suite: Suite) -> None:
    of_kind = [name for name in suite if SEARCH in name]
    with opened(browser, page, "#tasks") as tab:
        tab.locator("#verdict").select_option("without a result")
        expect(tab.get_by_role("status")).to_have_text(f"{len(suite) - len(of_kind)} of {len(suite)} tasks")
        tab.locator("#verdict").select_option("sometimes resolved")
        expect(tab.get_by_role("status")).to_have_text(f"{len(of_kind)} of {len(suite)} tasks")
        assert set(column(tab, "Resolved")) == {"1 / 2"}
        tab.get_by_role("link", name="Results").click()
        able = tab.get_by_role("row", name="able")
        assert able.locator("td").nth(2).inner_text() == f"{len(of_kind)} / {len(of_kind)}"
        expect(tab.get_by_role("row", name="dependencies are marked")).to_contain_text(str(len(of_kind)))


# Hostile suites


HOSTILE = """\
<script>alert("statement")</script></script><img src=x onerror=alert(1)><style>body{display:none}</style>

[press](javascript:alert(2)) ![picture](https://example.invalid/x.png) <javascript:alert(3)>

```html
</code></pre><script>alert(4)</script>
```

<iframe srcdoc="<script>alert(5)</script>"></iframe> &lt;b&gt; {{7*7}} ${alert(6)}
"""
NAME = "<img src=x onerror=alert(7)>__proto__"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a report of tasks that want to be more than text, in every place that has text."""
    folder = tmp_path_factory.mktemp("hostile")
    statement = f"{HOSTILE}\n{'x' * 1_000_000}"
    near_miss = NearMissResult(name=NAME, status="unresolved", reward=0.5)
    task = replace(
        handmade.make_task(),
        repo=NAME,
        language=NAME,
        license=NAME,
        upstream=NAME,
        problem_statement=statement,
        patch=f"diff --git a/{NAME} b/{NAME}\n--- a/{NAME}\n+++ b/{NAME}\n@@ -1 +1 @@\n-{HOSTILE}+{'y' * 1_000_000}\n",
        answer={"target": f"{NAME}::{NAME}", "__proto__": HOSTILE},
        difficulty={"__proto__": 1, NAME: 2},
        tags=("__proto__", NAME),
        FAIL_TO_PASS=(NAME, "constructor"),
        evidence=Evidence(gold="resolved", empty="unresolved", near_misses=(near_miss,), measured={"mutants": 3}),
    )
    handmade.make_suite(folder / "suite", [task])
    submission = Submission(instance_id=task.instance_id, model_patch="", model_name_or_path=NAME)
    verdict = Verdict(
        instance_id=task.instance_id, status=Status.TAMPERED, reward=0.0, reason=HOSTILE, details={NAME: HOSTILE}
    )
    write_results(folder / "results.jsonl", [result(submission, verdict)])
    results = Results([folder / "results.jsonl"])
    write_report(folder / "report", load_suite(folder / "suite"), results, cache=folder / "cache")
    return folder / "report" / "index.html"


@pytest.mark.parametrize("view", ["overview", "results", "tasks", "acme__loom.12345678.restore-1"])
def test_hostile_text_is_text(browser: Browser, hostile: Path, view: str) -> None:
    with opened(browser, hostile, f"#{view}") as tab:
        tab.wait_for_timeout(300)  # for what would load
        for summary in tab.locator("summary:visible").all():
            summary.click()
        assert tab.locator("img, iframe, style:not(head style), main script, a[href^='javascript']").count() == 0
        assert tab.evaluate("getComputedStyle(document.body).display") == "block"
        assert tab.locator("a:not([href^='#'])").count() == 0
        assert NAME in tab.locator("main").inner_text()


def test_a_hostile_statement_can_be_read(browser: Browser, hostile: Path) -> None:
    with opened(browser, hostile, "#acme__loom.12345678.restore-1", size=PHONE) as tab:
        expect(tab.locator(".statement")).to_contain_text('<script>alert("statement")</script>')
        expect(tab.locator(".statement")).to_contain_text("more characters]")
        assert len(tab.locator("main").inner_text()) < 100_000
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_the_policy_refuses_what_gets_in_all_the_same(browser: Browser, page: Path) -> None:
    """As if an error in a script had let markup through."""
    with browser.new_page() as tab:
        tab.goto(page.as_uri())
        for attempt in ("e.innerHTML = '<b>x</b>'", "e.setAttribute('onclick', '1')", "e.src = 'x.js'"):
            program = f"const e = document.createElement('script'); try {{ {attempt} }} catch (e) {{ return e.name }}"
            assert tab.evaluate(f"() => {{ {program} }}") == "TypeError", attempt


# Large suites


def test_ten_thousand_tasks_stay_usable(browser: Browser, tmp_path: Path) -> None:
    count = 10_000
    tasks = (
        replace(
            handmade.make_task(f"{n:05}"),
            repo=f"acme/loom{n % 700}",
            answer={"target": f"src/part{n % 100}.py::Part{n}.weave"},
            difficulty={"files": n % 97, "rank": count - n},
        )
        for n in range(count)
    )
    suite = handmade.make_suite(tmp_path / "suite", tasks)
    write_report(tmp_path / "report", suite, None, cache=tmp_path / "cache")
    with opened(browser, tmp_path / "report" / "index.html", "#tasks") as tab:
        expect(tab.get_by_role("status")).to_have_text("10,000 tasks")
        assert tab.locator("#table tr").count() <= MOST_ROWS
        tab.get_by_role("searchbox").press_sequentially("part7321")
        assert rows(tab) == ["acme__loom.12345678.restore-07321"]
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Enter")
        expect(tab.locator("#view-task h1")).to_have_text("Part7321.weave")
        tab.keyboard.press("Escape")
        tab.get_by_role("button", name="Clear").click()
        tab.get_by_role("columnheader", name="rank").get_by_role("button").click()
        assert rows(tab)[0] == "acme__loom.12345678.restore-09999"
        tab.get_by_role("button", name="Next page").click()
        assert rows(tab)[0] == "acme__loom.12345678.restore-09949"
        expect(tab.locator("#table tbody a").first).to_be_focused()
        assert tab.locator("*").count() < 3_000


# Everybody can read it


VIEWS = ("#overview", "#results", "#tasks", "task")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_is_found_by_a_checker_of_accessibility(
    browser: Browser, page: Path, suite: Suite, size: tuple[int, int], dark: bool
) -> None:
    first = next(name for name in suite if SEARCH in name)
    for view in VIEWS:
        with opened(browser, page, f"#{quote(first)}" if view == "task" else view, size=size, dark=dark) as tab:
            for summary in tab.locator("summary:visible").all():
                summary.click()
            assert re.findall(r"null|undefined|NaN|object Object", tab.locator("main").inner_text()) == []
            found = Axe().run(tab)
            assert found.violations_count == 0, f"{view}: {found.generate_report()}"


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_shows_it_without_scrolling_sideways(browser: Browser, page: Path, suite: Suite, view: str) -> None:
    first = next(name for name in suite if SEARCH in name)
    with opened(browser, page, f"#{first}" if view == "task" else view, size=PHONE) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
