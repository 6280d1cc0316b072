"""progress.py, console.py: what people and programs are told of a run while it goes on."""

import io
import json
import re
from pathlib import Path

from rich.console import Console

from hybridgym.console import ConsoleReporter
from hybridgym.progress import Ended, JsonReporter
from test_generation import callers
from tiny import hybridgym, write


def shown(is_terminal: bool) -> str:
    """Return what a screen shows of a run of two stages."""
    stream = io.StringIO()
    screen = Console(file=stream, force_terminal=is_terminal, width=200, color_system=None)
    with ConsoleReporter(screen) as reporter:
        reporter.begin("reading repositories", 2)
        reporter.advance(Ended(repo="acme/loom"))
        reporter.advance(Ended(repo="acme/dye", rejections=1, failure="no such [bold]revision"))
        reporter.begin("making tasks", 1)
        reporter.advance(Ended(repo="acme/loom", tasks=20, rejections=4))
    return stream.getvalue()


def test_a_terminal_shows_how_far_each_stage_is_and_what_failed() -> None:
    screen = shown(is_terminal=True)
    assert "acme/dye: no such [bold]revision" in screen
    last = [re.sub(r"\s+", " ", line) for line in screen.splitlines() if "/" in line]
    reading = next(line for line in reversed(last) if "reading repositories" in line)
    making = next(line for line in reversed(last) if "making tasks" in line)
    assert "2/2" in reading
    assert "1/1" in making
    assert "20 tasks, 5 rejected" in making


def test_whoever_is_no_terminal_is_not_disturbed() -> None:
    assert shown(is_terminal=False) == ""


def test_a_program_is_told_each_event_on_a_line() -> None:
    stream = io.StringIO()
    times = iter([5.0, 5.0, 6.5, 65.25])
    reporter = JsonReporter(stream, lambda: next(times))
    reporter.begin("making tasks", 2)
    reporter.advance(Ended(repo="acme/loom", tasks=20, rejections=4))
    reporter.advance(Ended(repo="acme/dye", tasks=1, is_remembered=True))
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [event["event"] for event in events] == ["stage", "unit", "unit"]
    assert [event["seconds"] for event in events] == [0.0, 1.5, 60.25]
    assert (events[0]["stage"], events[0]["total"]) == ("making tasks", 2)
    assert (events[1]["repo"], events[1]["tasks"], events[1]["rejections"]) == ("acme/loom", 20, 4)
    assert (events[2]["done"], events[2]["total"], events[2]["all_tasks"]) == (2, 2, 21)
    assert events[2]["is_remembered"]


def test_the_command_line_tells_in_json_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path / "project", callers(1, 2))
    (tmp_path / "repos.yaml").write_text("repositories:\n- directory: project\n- directory: nowhere\n")
    done = hybridgym("generate", "repos.yaml", "--out", "suite", "--log-json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stderr.splitlines()]
    units = [event for event in events if event["event"] == "unit" and event["stage"] == "reading repositories"]
    assert {event["repo"].rpartition("/")[2]: bool(event["failure"]) for event in units} == {
        "project": False,
        "nowhere": True,
    }
    assert events[-1]["all_tasks"] == 2
