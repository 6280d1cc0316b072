"""runtimes/: what a command cannot do, whatever it tries, and what is told of it. The same for every runtime."""

import gc
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docker_engine import BASE, EngineError, base_image, started_engine
from hybridgym.errors import MissingDependencyError, RunError, UsageError
from hybridgym.runtimes import RUNTIMES, Limit, Limits, Mount, Run, Runtime, reports_folder
from hybridgym.runtimes.base import HOME, REPORTS, WORKSPACE
from hybridgym.runtimes.docker import Docker
from hybridgym.runtimes.sandbox import Sandbox

PYTHON = Path(sys.executable).resolve()
LIMITS = Limits(
    memory_bytes=200_000_000,
    processes=64,
    cpu_seconds=20,
    wall_seconds=30,
    disk_bytes=50_000_000,
    output_bytes=100_000,
    report_bytes=100_000,
)
INTERPRETER = () if PYTHON.is_relative_to("/usr") else (Mount(Path(sys.base_prefix), sys.base_prefix),)


@pytest.fixture(scope="module")
def docker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    try:
        with started_engine(tmp_path_factory.mktemp("engine")) as engine:
            engine.output("import", "-", BASE, text=base_image())
            yield Docker(BASE, host=engine.host)
    except EngineError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module", params=["sandbox", "sandbox without control groups", "docker"])
def runtime(request: pytest.FixtureRequest) -> Runtime:
    if request.param == "docker":
        found: Runtime = request.getfixturevalue("docker")
        return found
    return Sandbox(use_cgroups=request.param == "sandbox")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    (folder / "package" / "inner").mkdir(parents=True)
    (folder / "package" / "module.py").write_text("ANSWER = 42\n")
    (folder / "link").symlink_to("package/module.py")
    (folder / "run").write_text("#!/bin/sh\necho it runs\n")
    (folder / "run").chmod(0o755)
    return folder


def python(
    runtime: Runtime, workspace: Path, code: str, *arguments: object, limits: Limits = LIMITS, **options: Any
) -> Run:
    command = [str(PYTHON), "-I", "-S", "-c", code, *map(str, arguments)]
    mounts = (*INTERPRETER, *options.pop("mounts", ()))
    return runtime.run(command, workspace, limits, mounts=mounts, **options)


def shell(runtime: Runtime, workspace: Path, command: str, **options: Any) -> Run:
    return runtime.run(["/bin/sh", "-c", command], workspace, options.pop("limits", LIMITS), **options)


def text_of(run: Run) -> str:
    assert run.limit is None
    return run.output.decode().rstrip("\n")


def running(marker: str) -> list[str]:
    """Return the processes of this machine that have a text on their command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if marker.encode() in line and int(process.name) != os.getpid():
            found.append(process.name)
    return found


# What a command finds


def test_a_command_starts_in_its_workspace(runtime: Runtime, workspace: Path) -> None:
    assert text_of(shell(runtime, workspace, "pwd; ./run; cat link")) == f"{WORKSPACE}\nit runs\nANSWER = 42"


def test_the_workspace_is_thrown_away(runtime: Runtime, workspace: Path) -> None:
    code = """
import os
open("package/module.py", "a").write("more")
os.remove("run")
os.rmdir("package/inner")
os.mkdir("package/inner")
assert os.listdir("package/inner") == []
os.symlink("package", "new")
print(open("new/module.py").read(), *sorted(os.listdir()))
"""
    assert text_of(python(runtime, workspace, code)).split() == "ANSWER = 42 more link new package".split()
    assert sorted(os.listdir(workspace)) == ["link", "package", "run"]
    assert (workspace / "package" / "module.py").read_text() == "ANSWER = 42\n"
    assert text_of(shell(runtime, workspace, "echo * /tmp/*")) == "link package run /tmp/*"


def test_the_environment_is_what_was_given(runtime: Runtime, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "of this machine")
    code = "import os; print(sorted(os.environ)); print(os.environ['HOME'], os.environ['GIVEN'])"
    run = python(runtime, workspace, code, variables={"GIVEN": "a b"})
    names, values = text_of(run).splitlines()
    assert {"GIVEN", "HOME", "LANG", "PATH"} <= set(eval(names)) <= {"GIVEN", "HOME", "HOSTNAME", "LANG", "PATH", "PWD"}
    assert values == f"{HOME} a b"


def test_standard_input_is_what_was_given(runtime: Runtime, workspace: Path) -> None:
    given = b"word " * 100_000
    code = "import sys; data = sys.stdin.buffer.read(); print(len(data), data[:5])"
    assert text_of(python(runtime, workspace, code, stdin=given)) == "500000 b'word '"


def test_input_that_nobody_reads_does_no_harm(runtime: Runtime, workspace: Path) -> None:
    assert text_of(shell(runtime, workspace, "echo done", stdin=b"x" * 1_000_000)) == "done"


def test_a_mount_can_be_read(runtime: Runtime, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text("in a folder")
    (tmp_path / "one.txt").write_text("a file")
    mounts = [Mount(tmp_path / "tests", "/checker/tests"), Mount(tmp_path / "one.txt", "/checker/one.txt")]
    run = shell(runtime, workspace, "cat /checker/tests/test_it.py; echo; cat /checker/one.txt", mounts=mounts)
    assert text_of(run) == "in a folder\na file"


@pytest.mark.parametrize("target", ["/etc", "/usr/lib/python", WORKSPACE, "/", "relative", "/a/../etc", f"{REPORTS}/x"])
def test_a_mount_covers_nothing_of_the_runtime(runtime: Runtime, workspace: Path, target: str) -> None:
    with pytest.raises(UsageError, match="expected an absolute path outside of"):
        shell(runtime, workspace, "true", mounts=[Mount(workspace, target)])


def test_a_mount_of_nothing_is_an_error(runtime: Runtime, workspace: Path) -> None:
    with pytest.raises(UsageError, match="there is no /nowhere"):
        shell(runtime, workspace, "true", mounts=[Mount(Path("/nowhere"), "/checker")])


# What is told of a run


@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param("true", 0, id="success"),
        pytest.param("exit 7", 7, id="failure"),
        pytest.param("exit 126", 126, id="a code that engines use themselves"),
        pytest.param("kill -9 $$", 137, id="killed"),
        pytest.param("kill -11 $$", 139, id="crashed"),
    ],
)
def test_the_exit_code_is_that_of_the_command(runtime: Runtime, workspace: Path, command: str, code: int) -> None:
    run = shell(runtime, workspace, command)
    assert (run.exit_code, run.limit) == (code, None)


def test_a_command_that_does_not_exist_is_an_error(runtime: Runtime, workspace: Path) -> None:
    with pytest.raises(RunError, match="cannot run the command.*no-such-program"):
        runtime.run(["/usr/bin/no-such-program"], workspace, LIMITS)


def test_output_and_errors_come_in_the_order_of_writing(runtime: Runtime, workspace: Path) -> None:
    assert text_of(shell(runtime, workspace, "echo 1; echo 2 >&2; echo 3")).split() == ["1", "2", "3"]


def test_a_run_says_what_was_used(runtime: Runtime, workspace: Path) -> None:
    code = "import time; data = bytearray(80_000_000); start = time.process_time()\n"
    code += "while time.process_time() < start + 1: pass"
    run = python(runtime, workspace, code)
    assert run.exit_code == 0
    assert run.wall_seconds >= run.cpu_seconds * 0.9 > 0.5
    assert 80_000_000 < run.peak_memory_bytes < LIMITS.memory_bytes


def test_reports_are_files_that_were_left_in_their_folder(runtime: Runtime, workspace: Path) -> None:
    reports = reports_folder()
    work = f"cd {reports} && printf one > a.xml && mkdir b && printf two > b/c.json && printf 1 > {WORKSPACE}/other"
    run = shell(runtime, workspace, work, reports=reports)
    assert (run.exit_code, run.reports) == (0, {"a.xml": b"one", "b/c.json": b"two"})


def test_a_failed_run_has_reports_too(runtime: Runtime, workspace: Path) -> None:
    reports = reports_folder()
    run = shell(runtime, workspace, f"echo partly > {reports}/r; exit 3", reports=reports)
    assert (run.exit_code, run.reports) == (3, {"r": b"partly\n"})


def test_what_is_no_regular_file_is_no_report(runtime: Runtime, workspace: Path) -> None:
    reports = reports_folder()
    code = (
        "import os, socket, sys; os.chdir(sys.argv[1]); os.symlink('/etc/passwd', 'link'); os.mkfifo('pipe');"
        "os.symlink('/etc', 'folder'); socket.socket(socket.AF_UNIX).bind('socket'); open('real', 'w').close();"
        "open('hidden', 'w').close(); os.symlink('real', 'also')"
    )
    run = python(runtime, workspace, code, reports, reports=reports)
    assert (run.exit_code, run.reports) == (0, {"hidden": b"", "real": b""})


def test_a_folder_for_reports_that_became_a_link_holds_none(runtime: Runtime, workspace: Path) -> None:
    reports = reports_folder()
    run = shell(runtime, workspace, f"rmdir {reports}; ln -s /etc {reports}; true", reports=reports)
    assert run.reports == {}


def test_every_limit_is_said_to_be_in_force_by_something(runtime: Runtime) -> None:
    in_force = runtime.limits_in_force()
    assert set(Limit) <= in_force.keys()
    assert in_force == runtime.prepare().limits


# Ways out. Each of these runs to its end if there is none.

ATTEMPTS = {
    "passwords": """
for path in ("/etc/shadow", "/root/.bashrc", "/root/.ssh", "/proc/1/root/etc/shadow", "/proc/1/environ"):
    try:
        found = os.listdir(path) if os.path.isdir(path) else open(path).read()
    except OSError:
        continue
    assert not found, (path, found)
""",
    "the checker's folder": """
refused(FileNotFoundError, open, secret)
refused(FileNotFoundError, os.listdir, os.path.dirname(secret))
refused((FileNotFoundError, PermissionError), open, "/proc/1/root" + secret)
for folder, _, names in os.walk("/"):
    assert os.path.basename(secret) not in names, folder
""",
    "files outside of the workspace": """
for path in ("/new", "/usr/new", "/etc/new", "/etc/passwd", "/dev/new", "/proc/sys/kernel/hostname", "/bin/sh",
             "/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/sys/kernel/uevent_helper", "/run/new", "/var/new"):
    refused(OSError, open, path, "w")
""",
    "a read-only mount": """
assert open("/checker/test_it.py").read() == "assert False"
for path in ("/checker/test_it.py", "/checker/new", sys.base_prefix + "/new"):
    refused(OSError, open, path, "w")
refused(OSError, os.unlink, "/checker/test_it.py")
refused(OSError, os.chmod, "/checker/test_it.py", 0o777)
refused(OSError, os.rename, "/checker/test_it.py", "/checker/other")
refused(OSError, os.link, "/checker/test_it.py", "/testbed/linked")
""",
    "a mount": """
for call in (lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), lambda: libc.umount2(b"/checker", 2),
             lambda: libc.mount(b"none", b"/checker", None, 32 | 4096, None), lambda: libc.pivot_root(b"/", b"/tmp")):
    assert call() == -1 and ctypes.get_errno() in (errno.EPERM, errno.ENOSYS), ctypes.get_errno()
""",
    "a new user namespace": """
for flags in (0x10000000, 0x20000, 0x20000000, 0x40000000):
    assert libc.unshare(flags) == -1 and ctypes.get_errno() == errno.EPERM
assert libc.syscall(clone, 0x10000000 | 17, 0, 0, 0, 0) == -1 and ctypes.get_errno() == errno.EPERM
""",
    "the network of the machine": """
for address in (("127.0.0.1", int(port)), ("10.0.0.1", 53), ("169.254.169.254", 80)):
    link = socket.socket()
    link.settimeout(2)
    refused(OSError, link.connect, address)
refused(OSError, socket.socket(socket.AF_UNIX).connect, chr(0) + unix)
assert [name for _, name in socket.if_nameindex()] == ["lo"]
""",
    "sockets to the host of a virtual machine": """
for family in (socket.AF_VSOCK, socket.AF_ALG, 30):
    refused(OSError, socket.socket, family, socket.SOCK_STREAM)
    refused(OSError, socket.socket, family, socket.SOCK_DGRAM)
assert socket.socketpair() and socket.socket(socket.AF_INET6) and socket.socket(16, socket.SOCK_RAW, 0)
""",
    "packets": """
refused(OSError, socket.socket, socket.AF_PACKET, socket.SOCK_RAW)
refused(OSError, socket.socket, socket.AF_INET, socket.SOCK_RAW)
""",
    "processes of the machine": """
processes = [int(name) for name in os.listdir("/proc") if name.isdigit()]
assert len(processes) < 10, processes
for process in processes:
    assert marker[::-1].encode() not in open(f"/proc/{process}/cmdline", "rb").read()
""",
    "killing everything": """
try:
    os.kill(-1, signal.SIGKILL)
except ProcessLookupError:
    pass
try:
    os.kill(1, signal.SIGKILL)
except PermissionError:
    pass
""",
    "the first process": """
refused(OSError, open, "/proc/1/mem", "r+b") if os.stat("/proc/1").st_uid != os.getuid() else None
assert libc.ptrace(16, 1, 0, 0) == -1 and ctypes.get_errno() == errno.EPERM
""",
    "keys": """
assert libc.syscall(keyctl, 0, -3, 1) == -1 and ctypes.get_errno() == errno.EPERM
""",
    "another user": """
refused(OSError, os.setuid, 0)
refused(OSError, os.setgroups, [0])
refused(OSError, os.chown, "/testbed/link", 0, 0)
""",
    "devices": """
refused(OSError, os.mknod, "/testbed/disk", 0o60666, os.makedev(254, 0))
allowed = set("core fd full null ptmx pts random shm stderr stdin stdout tty urandom zero console mqueue".split())
assert set(os.listdir("/dev")) <= allowed, os.listdir("/dev")
refused(OSError, open, "/dev/tty")
""",
    "privileges": """
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
    assert int(status[kind], 16) == 0, kind
assert (status["NoNewPrivs"].strip(), status["Seccomp"].strip()) == ("1", "2")
assert os.getuid() == os.geteuid() == 10001
""",
    "open descriptors": """
listing = os.open("/proc/self/fd", os.O_RDONLY)
assert {int(name) for name in os.listdir(listing)} <= {0, 1, 2, listing, listing + 1}
""",
    "the folder for reports, by looking": """
found = [line.split()[4] for line in open("/proc/self/mountinfo")]
assert not [place for place in found if len(os.path.basename(place)) == 32], found
if os.stat("/run/reports").st_uid != os.getuid():
    refused(PermissionError, os.listdir, "/run/reports")
    refused(PermissionError, open, "/run/reports/new", "w")
for process in filter(str.isdigit, os.listdir("/proc")):
    line = open(f"/proc/{process}/cmdline", "rb").read()
    assert b"/run/reports/" not in line or b"mountinfo" in line, line
""",
}
PRELUDE = """
import ctypes, errno, os, platform, signal, socket, sys
secret, port, unix, marker = sys.argv[1:]
libc = ctypes.CDLL(None, use_errno=True)
clone, keyctl = {"x86_64": (56, 250), "aarch64": (220, 219)}[platform.machine()]

def refused(errors, call, *arguments):
    try:
        call(*arguments)
    except errors:
        return
    raise AssertionError(f"{call.__name__}{arguments} was possible")
"""


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_there_is_no_way_out(runtime: Runtime, workspace: Path, tmp_path: Path, attempt: str) -> None:
    secret = tmp_path / "checker" / "hidden-answer.txt"
    secret.parent.mkdir()
    secret.write_text("42")
    shown = tmp_path / "tests"
    shown.mkdir()
    (shown / "test_it.py").write_text("assert False")
    marker = f"marker-of-{os.getpid()}"
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", marker[::-1]])
    try:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as unix:
            unix.bind(f"\0{marker}")
            unix.listen()
            facts = (secret, server.getsockname()[1], marker, marker)
            mounts = [Mount(shown, "/checker")]
            code = PRELUDE + ATTEMPTS[attempt]
            run = python(runtime, workspace, code, *facts, mounts=mounts, reports=reports_folder())
        assert (run.exit_code, run.limit) == (0, None), run.output.decode()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


# Limits

MEGABYTE = "b'x' * 1_000_000"
WITH_LIMITS = {
    "memory of one process": (Limit.MEMORY, "data = bytearray(600_000_000)", {}),
    "memory of many processes": (
        Limit.MEMORY,
        "import os, time\nfor _ in range(5):\n    if not os.fork():\n        data = bytearray(60_000_000); time.sleep(20)\n"
        "time.sleep(20)",
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
        "        threading.Thread(target=time.sleep, args=(20,)).start()\n    except RuntimeError:\n        time.sleep(20)",
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


# Names


def test_runtimes_go_by_their_names() -> None:
    assert {name: kind.name for name, kind in RUNTIMES.items()} == {name: name for name in RUNTIMES}


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # The SDK forgets the socket that it cannot connect.
def test_a_missing_engine_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingDependencyError, match="no Docker engine answers: start one, or name it in DOCKER_HOST"):
        Docker("image", host=f"unix://{tmp_path}/none.sock").prepare()
    gc.collect()


def test_a_missing_image_is_an_error(docker: Docker) -> None:
    with pytest.raises(RunError, match="image no-such-image:1"):
        Docker("no-such-image:1", host=docker.host).prepare()
