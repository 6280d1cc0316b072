"""runtimes/: every limit, reached by a program that means to. The same for every runtime."""

import os
import time
from pathlib import Path

import pytest

from hybridgym.runtimes import Limit, Limits, Runtime, reports_folder
from trials import LIMITS, python, running

# Limits

MEGABYTE = "b'x' * 1_000_000"
WITH_LIMITS = {
    "memory of one process": (Limit.MEMORY, "data = bytearray(600_000_000)", {}),
    "memory of many processes": (
        Limit.MEMORY,
        "import os, time\nfor _ in range(5):\n    if not os.fork():\n"
        "        data = bytearray(60_000_000); time.sleep(20)\ntime.sleep(20)",
        {},
    ),
    "processes": (
        Limit.PROCESSES,
        "import os, time\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        time.sleep(0.1)",
        {},
    ),
    "threads": (
        Limit.PROCESSES,
        "import threading, time\nfor _ in range(100):\n    try:\n"
        "        threading.Thread(target=time.sleep, args=(20,)).start()\n"
        "    except RuntimeError:\n        time.sleep(20)",
        {},
    ),
    "processors' time": (Limit.CPU_TIME, "while True: pass", {"cpu_seconds": 1}),
    "processors' time of a child": (
        Limit.CPU_TIME,
        "import os\nif not os.fork():\n    while True: pass\nos.wait()",
        {"cpu_seconds": 1},
    ),
    "time": (Limit.WALL_TIME, "import time; time.sleep(60)", {"wall_seconds": 1}),
    "time, signals ignored": (
        Limit.WALL_TIME,
        "import signal, time\nfor n in range(1, 65):\n    try: signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\ntime.sleep(60)",
        {"wall_seconds": 1},
    ),
    "output": (Limit.OUTPUT, "while True: print('flood' * 100)", {}),
    "errors": (Limit.OUTPUT, "import sys\nwhile True: print('flood' * 100, file=sys.stderr)", {}),
    "output, then an end": (Limit.OUTPUT, "print('x' * 100_001)", {}),
    "disk, in the workspace": (Limit.DISK, f"file = open('/testbed/f', 'wb')\nwhile True: file.write({MEGABYTE})", {}),
    "disk, in /tmp": (Limit.DISK, f"file = open('/tmp/f', 'wb')\nwhile True: file.write({MEGABYTE})", {}),
    "disk, in shared memory": (Limit.DISK, f"file = open('/dev/shm/f', 'wb')\nwhile True: file.write({MEGABYTE})", {}),
    "disk, at home": (Limit.DISK, f"file = open('/home/agent/f', 'wb')\nwhile True: file.write({MEGABYTE})", {}),
    "files": (
        Limit.DISK,
        "n = 0\nwhile True:\n    open(f'/testbed/{n}', 'w').close(); n += 1",
        {"memory_bytes": 10**9},
    ),
    "one report": (Limit.REPORTS, "import sys; open(sys.argv[1] + '/r', 'w').write('x' * 100_001)", {}),
    "one report, of holes": (Limit.REPORTS, "import sys; open(sys.argv[1] + '/r', 'w').truncate(400_000_000)", {}),
    "many reports": (
        Limit.REPORTS,
        "import sys\nfor n in range(11): open(f'{sys.argv[1]}/{n}', 'w').write('x' * 10_000)",
        {},
    ),
}


@pytest.mark.parametrize("case", WITH_LIMITS)
def test_a_limit_ends_the_run(runtime: Runtime, workspace: Path, case: str) -> None:
    limit, code, changed = WITH_LIMITS[case]
    limits = Limits(**{name: changed.get(name, getattr(LIMITS, name)) for name in LIMITS.__struct_fields__})
    reports = reports_folder()
    run = python(runtime, workspace, code, reports, limits=limits, reports=reports)
    assert (run.limit, run.exit_code) == (limit, None), run.output.decode()[-2000:]
    assert len(run.output) <= limits.output_bytes
    assert running(reports) == []


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("open('/testbed/f', 'wb').truncate(2_000_000)", id="size of a file"),
        pytest.param("import os\nwhile True: os.dup(0)", id="open files"),
    ],
)
def test_a_call_beyond_a_limit_fails(runtime: Runtime, workspace: Path, code: str) -> None:
    limits = Limits(file_bytes=1_000_000, open_files=100, wall_seconds=20)
    run = python(runtime, workspace, code, limits=limits)
    assert (run.exit_code, run.limit) == (1, None)
    assert b"OSError" in run.output


@pytest.mark.parametrize(
    "ending",
    [pytest.param("", id="the command ends"), pytest.param("time.sleep(60)", id="a limit ends it")],
)
def test_nothing_stays_behind(runtime: Runtime, workspace: Path, ending: str) -> None:
    code = f"""
import os, signal, sys, time
if not os.fork():
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if not os.fork():
        os.closerange(0, 100)
        while True:
            open('/testbed/alive', 'w').close()
    os._exit(0)
os.wait()
while not os.path.exists('/testbed/alive'):
    time.sleep(0.01)
{ending}
"""
    marker = f"daemon-of-{os.getpid()}-{time.monotonic_ns()}"
    limits = Limits(wall_seconds=2, processes=64)
    run = python(runtime, workspace, code, marker, limits=limits)
    assert run.limit is (Limit.WALL_TIME if ending else None)
    assert running(marker) == []


def test_output_is_cut_at_the_limit_and_kept_up_to_there(runtime: Runtime, workspace: Path) -> None:
    run = python(runtime, workspace, "print('first'); print('x' * 1_000_000)")
    assert run.limit is Limit.OUTPUT
    assert run.output.startswith(b"first\nxxx")
    assert len(run.output) == LIMITS.output_bytes
