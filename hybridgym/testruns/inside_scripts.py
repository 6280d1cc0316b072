"""Run scripts and write down what they print and raise. Runs in a runtime, with the project's interpreter.

One JSON object arrives on standard input, see `observed`; the report is one line for each script that came to an end:
its number, and what became of it. Each script has a process of its own, so that none sees what another imported.
"""

import contextlib
import datetime
import io
import json
import os
import signal
import sys
import time
import traceback
from typing import Any

_PRINTED_CHARACTERS = 20000


def main() -> None:
    """Read what is to be done, and do it."""
    job = json.loads(sys.stdin.buffer.read())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    sys.path[0:0] = job["path"]
    sys.argv = [job["name"]]
    for number, script in enumerate(job["scripts"]):
        child = os.fork()
        if not child:
            try:
                signal.alarm(job["seconds"])
                said = _became(script, job["name"], job["ahead"])
                report = os.open(job["report"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                os.write(report, json.dumps([number, said]).encode() + b"\n")
            finally:
                os._exit(0)
        os.waitpid(child, 0)


def _became(script: str, name: str, ahead: int) -> Any:
    """Return what a script prints and raises."""
    if ahead:
        _move_clock(ahead)
    printed, frames, error = io.StringIO(), [], ""
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        try:
            exec(compile(script, name, "exec"), {"__name__": "__main__"})
        except BaseException as raised:
            found = traceback.extract_tb(raised.__traceback__)[1:]
            frames = [
                {"path": f.filename, "line": f.lineno or 0, "function": f.name} for f in found[:1] + found[1:][-20:]
            ]
            error = "".join(traceback.format_exception_only(type(raised), raised))
    text = printed.getvalue()[:_PRINTED_CHARACTERS]
    return {"printed": text, "error": error[-_PRINTED_CHARACTERS:], "frames": frames}


def _move_clock(ahead: int) -> None:
    """Let a process see a later time, before anything of it has looked."""
    real, real_ns, local, utc, formatted = time.time, time.time_ns, time.localtime, time.gmtime, time.strftime
    real_datetime, later = datetime.datetime, datetime.timedelta(seconds=ahead)
    time.time = lambda: real() + ahead
    time.time_ns = lambda: real_ns() + ahead * 10**9
    time.localtime = lambda seconds=None: local(time.time() if seconds is None else seconds)
    time.gmtime = lambda seconds=None: utc(time.time() if seconds is None else seconds)
    time.strftime = lambda form, moment=None: formatted(form, time.localtime() if moment is None else moment)
    moved = {
        "now": classmethod(lambda cls, tz=None: real_datetime.now(tz) + later),
        "utcnow": classmethod(lambda cls: real_datetime(1970, 1, 1) + datetime.timedelta(seconds=real()) + later),
        "today": classmethod(lambda cls: real_datetime.now() + later),
    }
    today = {"today": classmethod(lambda cls: (real_datetime.now() + later).date())}
    date = datetime.date
    # With these names, they are written as the real ones are.
    vars(datetime)["datetime"] = type("datetime.datetime", (real_datetime,), moved)
    vars(datetime)["date"] = type("datetime.date", (date,), today)


if __name__ == "__main__":
    main()
