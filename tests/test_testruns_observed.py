"""Scripts are run in a sandbox, and what they print and raise is told."""

import pytest

from hybridgym.errors import MissingDependencyError, RunError
from hybridgym.runtimes.sandbox import Sandbox
from hybridgym.testruns import Observed, observe
from testing_project import START, installation


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    found = Sandbox()
    try:
        found.prepare()
    except (MissingDependencyError, RunError) as error:
        pytest.skip(f"no sandbox: {error}")
    return found


def seen(sandbox: Sandbox, *scripts: str, days_later: int = 0) -> tuple[Observed | None, ...]:
    return observe(sandbox, installation(), START, scripts, days_later=days_later)


def test_each_script_is_told_of(sandbox: Sandbox) -> None:
    scripts = (
        "from loom.threads import COLOURS\nprint(COLOURS[0])\n",
        "from loom.weaving import flatten\nprint(1)\nflatten([])\n",
        "while True: pass\n",
        "import os\nos._exit(3)\n",
        "import loom.threads\nprint(loom.threads.COLOURS)\nraise SystemExit(2)\n",
    )
    plain, raising, endless, gone, leaving = seen(sandbox, *scripts)
    assert plain is not None
    assert plain.says == ("red\n", "")
    assert raising is not None
    assert raising.says == ("1\n", "NotImplementedError\n")
    places = [(frame.path, frame.line, frame.function) for frame in raising.frames]
    assert places == [("script.py", 3, "<module>"), ("/testbed/src/loom/weaving.py", 6, "flatten")]
    assert (endless, gone) == (None, None)
    assert leaving is not None
    assert leaving.error == "SystemExit: 2\n"


def test_no_script_sees_what_another_did(sandbox: Sandbox) -> None:
    changing = "import loom.threads\nloom.threads.COLOURS[0] = 'blue'\nopen('note', 'w').close()\n"
    _, after = seen(sandbox, changing, "import loom.threads\nprint(loom.threads.COLOURS[0])\n")
    assert after is not None
    assert after.printed == "red\n"


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("int(time.time() / 86400)", id="time"),
        pytest.param("time.strftime('%Y-%m-%d')", id="strftime"),
        pytest.param("time.gmtime().tm_year", id="gmtime"),
        pytest.param("datetime.date.today()", id="today"),
        pytest.param("datetime.datetime.now().year", id="now"),
        pytest.param("datetime.datetime.utcnow().year", id="utcnow"),
    ],
)
def test_what_depends_on_the_time_differs_later(sandbox: Sandbox, asked: str) -> None:
    script = f"import datetime, time\nprint({asked})\n"
    [now], [later] = seen(sandbox, script), seen(sandbox, script, days_later=400)
    assert now is not None
    assert later is not None
    assert now.printed != later.printed


def test_values_of_time_are_written_alike_later(sandbox: Sandbox) -> None:
    script = "import datetime\nprint(repr(datetime.datetime(2020, 1, 1)), datetime.date(2020, 1, 1).isoformat())\n"
    assert seen(sandbox, script) == seen(sandbox, script, days_later=400)
