"""Runs in a container, as root: tries the runtime `container`, and prints what became of each run as JSON."""

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from hybridgym.errors import RunError
from hybridgym.runtimes import Limits, Mount, reports_folder
from hybridgym.runtimes.container import MARK, Container

LIMITS = Limits(wall_seconds=20, cpu_seconds=10, memory_bytes=300_000_000, output_bytes=10_000, report_bytes=10_000)
STAYS = "import os, time\nif not os.fork():\n  os.setsid()\n  if not os.fork():\n    time.sleep(600)"


def trials() -> dict[str, Any]:
    """Return what was seen."""
    workspace = Path(tempfile.mkdtemp())
    (workspace / "module.py").write_text("ANSWER = 42\n")
    seen: dict[str, Any] = {}
    try:
        Container().prepare()
    except RunError as error:
        seen["without the mark"] = str(MARK) in str(error)
    MARK.parent.mkdir(exist_ok=True)
    MARK.touch()
    secret = Path("/secret")
    secret.mkdir(mode=0o700)
    (secret / "answer").write_text("42")

    def run(*command: str, limits: Limits = LIMITS, **options: Any) -> Any:
        return Container().run(command, workspace, limits, **options)

    def python(code: str, **options: Any) -> Any:
        return run("python3", "-I", "-c", code, **options)

    seen["who"] = run("sh", "-c", "id -u; id -g; pwd; cat module.py; echo $HOME; cat", stdin=b"told").output.decode()
    seen["exit"] = run("sh", "-c", "exit 3").exit_code
    seen["signal"] = run("sh", "-c", "kill -9 $$").exit_code
    seen["missing"] = run("no-such-program").exit_code
    seen["secret"] = run("cat", "/secret/answer").exit_code
    seen["workspace is a copy"] = run("sh", "-c", "echo 1 > new && rm module.py && ls").output.decode()
    seen["after it"] = run("ls").output.decode()
    python("open('/tmp/left', 'w').write('x'); open('/dev/shm/left', 'w').write('x')")
    seen["left behind"] = run("ls", "/tmp", "/dev/shm").output.decode()
    begin = time.monotonic()
    python(STAYS)
    seen["waits for none"] = time.monotonic() - begin < 15
    seen["stays"] = sum("sleep(600)" in _line(p) for p in Path("/proc").glob("[0-9]*"))
    reports = reports_folder()
    told = run(
        "sh", "-c", f"echo good > {reports}/one; ln -s /secret/answer {reports}/two; ls /run/reports", reports=reports
    )
    seen["reports"] = {name: text.decode() for name, text in told.reports.items()}
    seen["lists reports"] = told.exit_code
    seen["output"] = run("sh", "-c", "while :; do echo more; done").limit
    seen["wall"] = run("sleep", "60", limits=Limits(wall_seconds=1)).limit
    seen["cpu"] = python("while True: pass", limits=Limits(wall_seconds=60, cpu_seconds=1)).limit
    seen["memory"] = python("x = b'1' * 400_000_000; import time; time.sleep(20)").limit
    seen["too many reports"] = python(f"open('{reports}/x', 'w').write('x' * 20_000)", reports=reports).limit
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "inside").mkdir()
        Path(folder, "inside", "data").write_text("given")
        mount = Mount(Path(folder), "/hybridgym/given")
        shown = run(
            "sh", "-c", "cat /hybridgym/given/inside/data; echo x >> /hybridgym/given/inside/data", mounts=[mount]
        )
    seen["mount"] = shown.output.decode()[:5], shown.exit_code, Path("/hybridgym/given").exists()
    return seen


def _line(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


if __name__ == "__main__":
    os.umask(0o022)
    print(json.dumps(trials()))
