"""runtimes/: what a command cannot do, whatever it tries. The same for every runtime."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hybridgym.errors import MissingDependencyError, RunError
from hybridgym.runtimes import Mount, Runtime, reports_folder
from hybridgym.runtimes.sandbox import Sandbox
from trials import LIMITS, python, shell, text_of

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
for path in ("/new", "/usr/new", "/etc/new", "/etc/passwd", "/dev/new", "/run/new", "/var/new", "/bin/sh",
             "/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern",
             "/sys/kernel/uevent_helper"):
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
    "killing who started it": """
for process in range(1, os.getpid()):
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP):
        try:
            os.kill(process, number)
        except (PermissionError, ProcessLookupError):
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
def test_there_is_no_way_out(runtime: Runtime, workspace: Path, attempt: str) -> None:
    secret = workspace.parent / "checker" / "hidden-answer.txt"
    secret.parent.mkdir()
    secret.write_text("42")
    shown = workspace.parent / "tests"
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


def test_links_of_a_workspace_lead_nowhere_on_this_machine(runtime: Runtime, workspace: Path) -> None:
    (workspace.parent / "secret").write_text("42")
    (workspace / "to a file").symlink_to(workspace.parent / "secret")
    (workspace / "to a folder").symlink_to(workspace.parent)
    (workspace / "upwards").symlink_to("../secret")
    run = shell(runtime, workspace, "cat 'to a file' 'to a folder/secret' upwards; echo $?")
    assert text_of(run).splitlines()[-1] == "1"
    assert b"42" not in run.output


def test_what_is_no_file_is_not_waited_for(runtime: Runtime, workspace: Path) -> None:
    os.mkfifo(workspace / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(workspace / "socket"))
        assert text_of(shell(runtime, workspace, "cat link")) == "ANSWER = 42"


def test_what_is_installed_on_this_machine_is_hidden(workspace: Path) -> None:
    sandbox = Sandbox()
    try:
        sandbox.prepare()
    except (MissingDependencyError, RunError) as error:
        pytest.skip(str(error))
    found = [*Path("/usr/lib").glob("python3*/dist-packages"), *Path("/usr/local/lib").glob("python3*/*-packages")]
    command = 'for folder in "$@"; do ls -A $folder; touch $folder/new 2>/dev/null && echo written; done; echo end'
    run = sandbox.run(["/bin/sh", "-c", command, "sh", *map(str, found)], workspace, LIMITS)
    assert text_of(run) == "end"
