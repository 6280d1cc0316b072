"""Run pytest and write down what became of each test. Runs in a runtime, with the project's interpreter.

What is to be done arrives on standard input, so that neither arguments nor environment say where the report goes:
one JSON object, see `running`. The report is one line for each thing that is told, each begins with the given key.
Code under test shares this process. What can be done here is to be done before it comes and to be gone when it would
come again: whatever is needed is imported first, and the process ends without running what was registered for then.
"""

import json
import os
import random
import sys
import traceback
from types import SimpleNamespace
from typing import Any

_RANK = {"passed": 0, "xpassed": 1, "xfailed": 2, "skipped": 3, "failed": 4, "error": 5}
"""What a test is that is more than one thing."""
_MESSAGE_CHARACTERS = 1000


def main() -> None:
    """Read what is to be done, and do it; does not return."""
    job = json.loads(sys.stdin.buffer.read())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    descriptor = os.open(job.pop("report"), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    tell = _teller(descriptor, job.pop("key"))
    sys.path[0:0] = job["path"]
    sys.argv = ["pytest"]
    leave = os._exit
    import unittest.case

    import pytest

    # A test that is meant to fail must not spend minutes on showing how two long lists differ.
    unittest.case.difflib = SimpleNamespace(ndiff=lambda *_: iter(()))  # type: ignore[attr-defined]
    if int(pytest.__version__.partition(".")[0]) >= 6:
        job["arguments"].insert(0, "--no-summary")  # Of many failures, it takes longer than the tests.
    status = -1
    try:
        plugins = [_reporter(tell, job["ids"], job["shuffle"])]
        if job["trace"] is not None:
            plugins.append(_tracer(tell, job["trace"]))
        status = int(pytest.main(job["arguments"], plugins=plugins))
    except BaseException:  # The process ends before Python would say it.
        traceback.print_exc()
    finally:
        tell(end=status)
        sys.stdout.flush()
        sys.stderr.flush()
        leave(0)


def _teller(descriptor: int, key: str) -> Any:
    """Return what writes a line, holding all that it needs."""
    encode, write = json.JSONEncoder().encode, os.write

    def tell(**said: Any) -> None:
        line = f"{key} {encode(said)}\n".encode()
        while line:
            line = line[write(descriptor, line) :]

    return tell


def _reporter(tell: Any, ids: Any, shuffle: Any) -> Any:
    """Return a plugin that tells of collection and tests."""
    import pytest

    wanted = None if ids is None else frozenset(ids)
    order = None if shuffle is None else random.Random(shuffle)
    found = {}  # type: dict[str, dict[str, Any]]

    class Reporter:
        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(self, items: Any) -> None:
            if wanted is not None:
                items[:] = [item for item in items if item.nodeid in wanted]
            if order is not None:
                _shuffle(order, items)

        @pytest.hookimpl(tryfirst=True)
        def pytest_collectreport(self, report: Any) -> None:
            if report.outcome != "passed":
                tell(file=report.nodeid, outcome=report.outcome, message=_text(report))

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_logstart(self, nodeid: Any) -> None:
            tell(start=nodeid)

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_makereport(self, item: Any, call: Any) -> Any:
            outcome = yield
            report = outcome.get_result()
            error = type(call.excinfo.value).__name__ if call.excinfo is not None else ""
            became = _outcome(report, call)
            known = found.setdefault(item.nodeid, {"outcome": "skipped", "seconds": 0, "error": "", "message": ""})
            known["seconds"] += report.duration
            if call.when == "call" and "called" not in known:
                known["called"], known["outcome"] = True, became
                known["error"], known["message"] = error, _text(report) if error else ""
            elif _RANK[became] > _RANK["xpassed"] and _RANK[became] >= _RANK[known["outcome"]]:
                known.update(outcome=became, error=error, message=_text(report))

        @pytest.hookimpl(trylast=True)
        def pytest_runtest_logfinish(self, nodeid: Any) -> None:
            known = found.pop(nodeid, None)
            if known is not None:
                known.pop("called", None)
                tell(id=nodeid, **known)

    return Reporter()


def _tracer(tell: Any, folder: Any) -> Any:
    """Return a plugin that tells which functions below a folder each test runs.

    A function is told of by a number: file and first line are said of it once.
    """
    import pytest

    prefix = folder + "/"
    numbers = {}  # type: dict[Any, int]
    ran = set()  # type: set[int]

    def note(code: Any) -> None:
        if code.co_filename.startswith(prefix) and code.co_name not in ("<module>", "<lambda>"):
            place = code.co_filename[len(prefix) :], code.co_firstlineno
            if place not in numbers:
                numbers[place] = len(numbers)
                tell(function=numbers[place], path=place[0], line=place[1])
            ran.add(numbers[place])

    restart = _note_calls(note)

    class Tracer:
        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_protocol(self, item: Any) -> Any:
            ran.clear()
            restart()
            yield
            if ran:
                tell(traced=item.nodeid, ran=sorted(ran))

    return Tracer()


def _note_calls(note: Any) -> Any:
    """Have the code of each function noted that is called; return what makes it be noted again."""
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is None:
        import threading

        def called(frame: Any, event: Any, argument: Any) -> None:
            if event == "call":
                note(frame.f_code)

        # A profiler's events go on when a test traces for itself.
        threading.setprofile(called)
        return lambda: sys.setprofile(called)

    def started(code: Any, offset: Any) -> Any:
        note(code)
        return monitoring.DISABLE

    monitoring.use_tool_id(monitoring.PROFILER_ID, "hybridgym")
    monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.PY_START, started)
    monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.PY_START)
    return monitoring.restart_events


def _outcome(report: Any, call: Any) -> str:
    """Say what one phase of a test became; whatever raised has not passed."""
    if report.outcome == "skipped":
        return "xfailed" if hasattr(report, "wasxfail") else "skipped"
    if report.outcome != "passed" or call.excinfo is not None:
        return "failed" if call.when == "call" else "error"
    return "xpassed" if hasattr(report, "wasxfail") else "passed"


def _text(report: Any) -> str:
    return str(report.longrepr or "")[-_MESSAGE_CHARACTERS:]


def _shuffle(order: Any, items: Any) -> None:
    """Change the order of modules, and of tests in them: fixtures of a module are still made once."""
    modules = {}  # type: dict[str, list[Any]]
    for item in items:
        modules.setdefault(item.nodeid.partition("::")[0], []).append(item)
    names = sorted(modules)
    order.shuffle(names)
    for name in names:
        order.shuffle(modules[name])
    items[:] = [item for name in names for item in modules[name]]


if __name__ == "__main__":
    main()
