"""Sandbox: bubblewrap, without a daemon.

A run goes through two programs. `launch` mounts what the command is to see, gives up being root, and becomes
bubblewrap, which makes the namespaces, drops what is left of privileges and starts the command. This module tells
both what to do, and `watching` waits. Nothing is ever run without them.
"""

import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import ClassVar, NamedTuple

from hybridgym.errors import MissingDependencyError, RunError
from hybridgym.runtimes.base import (
    HOME,
    OWN_PROCESSES,
    REPORTS,
    USER_ID,
    Conditions,
    Limit,
    Limits,
    Mount,
    Run,
    check_mounts,
    variables_of,
)
from hybridgym.runtimes.cgroups import Group, Groups, find_groups
from hybridgym.runtimes.launch import FILES, SCENE
from hybridgym.runtimes.processes import Processes
from hybridgym.runtimes.reports import TooLargeError, read_reports
from hybridgym.runtimes.seccomp import filter_program
from hybridgym.runtimes.watching import Watched
from hybridgym.task import WORKSPACE

_LAUNCH = "import sys; sys.path.append(sys.argv.pop(1)); import launch; launch.main(sys.argv[1:])"
"""Imported, not run as a script, so that it need not be compiled every time."""

_OWN_USER = 1_879_050_193
"""Who runs a sandbox that root starts: above what distributions and systemd give to anybody."""

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/alternatives", "/etc/ld.so.cache", "/etc/ssl/certs", "/etc/ssl/openssl.cnf")
"""What programs need of /etc besides FILES: which program has a name, where libraries lie, whom to trust."""
_PACKAGES = tuple(
    f"{place}/{packages}"
    for place in ("lib*", "local/lib*")
    for packages in ("python3*/dist-packages", "python3*/site-packages", "node_modules")
)
"""What is installed for languages, below /usr. It is hidden: a copy of a project would be the answer to its tasks."""

_PROBE = 'echo more >> file && rm -r folder && mkdir folder && test -z "$(ls folder)" && mv file folder'
"""What only a complete workspace can do."""


class Sandbox:
    """Runs commands in bubblewrap.

    `python` runs the launcher: any Python 3.9 that the user may execute. Without `use_cgroups`, limits are enforced
    as where no control groups may be made.
    """

    name: ClassVar[str] = "sandbox"

    def __init__(self, *, python: str = sys.executable, use_cgroups: bool = True) -> None:
        self._python = python
        self._use_cgroups = use_cgroups
        self._conditions: Conditions | None = None
        self._groups: Groups | None = None
        self._bubblewrap = ""
        self._user = ""
        self._preparing = threading.Lock()

    def prepare(self) -> Conditions:
        with self._preparing:
            if self._conditions is None:
                self._bubblewrap = _find_bubblewrap()
                self._user = _unprivileged_user()
                self._groups = find_groups() if self._use_cgroups else None
                self._conditions = Conditions(workspace=self._try_workspaces(), limits=self._say_limits())
            return self._conditions

    def limits_in_force(self) -> Mapping[str, str]:
        return self.prepare().limits

    def run(
        self,
        command: Sequence[str],
        workspace: Path,
        limits: Limits,
        *,
        mounts: Sequence[Mount] = (),
        variables: Mapping[str, str] | None = None,
        stdin: bytes = b"",
        reports: str = "",
    ) -> Run:
        method = self.prepare().workspace
        check_mounts(mounts)
        job = _Job(command, workspace, limits, mounts, variables_of(variables), stdin, reports)
        return self._run(job, method)

    def _run(self, job: "_Job", method: str) -> Run:
        with ExitStack() as stack:
            group = self._groups.make(job.limits) if self._groups is not None else Processes(job.limits)
            stack.callback(group.remove)
            watched = self._start(job, method, group, stack)
            watched.run(job.stdin)
            limit, found = watched.limit, dict[str, bytes]()
            if job.reports and watched.scene is not None:
                try:
                    found = _reports_in(watched.scene, job)
                except TooLargeError:
                    limit = limit or Limit.REPORTS
            return Run(
                exit_code=watched.exit_code if limit is None else None,
                limit=limit,
                output=bytes(watched.output),
                reports=found,
                wall_seconds=watched.wall_seconds,
                cpu_seconds=group.cpu_seconds(),
                peak_memory_bytes=group.peak_memory_bytes(),
            )

    def _start(self, job: "_Job", method: str, group: Group, stack: ExitStack) -> Watched:
        control, far_control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        stack.enter_context(control)
        status, far_status = os.pipe()
        stack.callback(os.close, status)
        # What the other side gets is open here for no longer than it takes to start it.
        with ExitStack() as far:
            far.enter_context(far_control)
            far.callback(os.close, far_status)
            groups = [_opened(far, os.open(file, os.O_WRONLY)) for file in group.files_to_join()]
            options = [*_options(job), "--json-status-fd", str(far_status)]
            passed = [far_control.fileno(), far_status, *groups]
            if program := filter_program():
                passed.append(_opened(far, _in_memory(program)))
                options += ["--seccomp", str(passed[-1])]
            passed.append(_opened(far, _in_memory(b"".join(os.fsencode(option) + b"\0" for option in options))))
            command = [
                *(self._python, "-I", "-S", "-B", "-c", _LAUNCH, str(Path(__file__).parent)),
                *(str(far_control.fileno()), self._user, method, str(job.limits.disk_bytes)),
                *(self._resource_limits(job.limits), ",".join(map(str, groups)), job.reports.rpartition("/")[2]),
                *(str(path.absolute()) for path in (job.workspace, *(mount.source for mount in job.mounts))),
                *("--", self._bubblewrap, "--args", str(passed[-1]), "--", *job.command),
            ]
            process = stack.enter_context(
                subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    env={},
                    cwd="/",
                    pass_fds=passed,
                    start_new_session=True,
                )
            )
        watched = Watched(process, control, status, group, job.limits)
        stack.callback(watched.close)
        return watched

    def _resource_limits(self, limits: Limits) -> str:
        values = {
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_FSIZE: limits.file_bytes,
            resource.RLIMIT_NOFILE: limits.open_files,
        }
        if self._groups is None:
            # The sum over all processes is looked at; this bounds what one can take before that.
            values[resource.RLIMIT_DATA] = 4 * limits.memory_bytes
            values[resource.RLIMIT_NPROC] = limits.processes + OWN_PROCESSES
        return ",".join(f"{number}={value}" for number, value in values.items())

    def _try_workspaces(self) -> str:
        """Return the first way that works: an overlay takes no time, a copy works everywhere."""
        problem = ""
        for method in ("overlay", "copy"):
            with tempfile.TemporaryDirectory() as folder:
                Path(folder, "file").touch()
                Path(folder, "folder").mkdir()
                Path(folder, "folder", "inner").touch()
                job = _Job(["/bin/sh", "-c", _PROBE], Path(folder), Limits(), (), variables_of(None), b"", "")
                try:
                    run = self._run(job, method)
                except RunError as error:
                    problem = str(error)
                else:
                    if run.exit_code == 0:
                        return method
                    problem = run.output.decode(errors="replace").strip() or f"limit: {run.limit}"
        message = f"nothing can run in a sandbox here (does this machine allow user namespaces?): {problem}"
        raise RunError(message)

    def _say_limits(self) -> dict[str, str]:
        is_group = self._groups is not None
        how = self._groups.how if self._groups is not None else Processes.how
        return {
            Limit.MEMORY: how if is_group else "prlimit for each process; the sum is looked at",
            Limit.PROCESSES: how,
            Limit.CPU_TIME: f"{how}, looked at" if is_group else "the sum is looked at",
            Limit.WALL_TIME: "clock",
            Limit.DISK: "tmpfs of that size",
            Limit.OUTPUT: "reading no more",
            Limit.REPORTS: "reading no more",
            "file size": "prlimit",
            "open files": "prlimit",
            "cpus": how if is_group else "not in force",
            "system calls": "seccomp" if filter_program() else "not in force",
        }


class _Job(NamedTuple):
    """What `run` was given."""

    command: Sequence[str]
    workspace: Path
    limits: Limits
    mounts: Sequence[Mount]
    variables: Mapping[str, str]
    stdin: bytes
    reports: str


def _find_bubblewrap() -> str:
    found = shutil.which("bwrap")
    if found is None:
        message = "bubblewrap is needed to run code in a sandbox: install it (Debian, Ubuntu: apt install bubblewrap)"
        raise MissingDependencyError(message)
    return found


def _unprivileged_user() -> str:
    """Return the id of the user to become: nobody's, if there is one to be had; empty for the user of now."""
    if os.geteuid() != 0:
        return ""
    ranges = [tuple(map(int, line.split())) for line in Path("/proc/self/uid_map").read_text().splitlines()]
    if any(first <= _OWN_USER < first + count for first, _, count in ranges):
        return str(_OWN_USER)
    last = max(first + count - 1 for first, _, count in ranges)
    return str(last) if last else ""


def _options(job: _Job) -> Iterator[str]:
    """Yield what bubblewrap is told: what there is to see, in this order, and what is taken away."""
    yield from ("--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts")
    yield from ("--unshare-cgroup-try", "--die-with-parent", "--new-session", "--cap-drop", "ALL")
    yield from ("--uid", str(USER_ID), "--gid", str(USER_ID), "--hostname", "sandbox")
    for folder in map(Path, _SYSTEM):
        if folder.is_symlink():
            yield from ("--symlink", str(folder.readlink()), str(folder))
        elif folder.is_dir():
            yield from ("--ro-bind", str(folder), str(folder))
    for packages in _packages():
        yield from ("--tmpfs", packages, "--remount-ro", packages)
    for setting in _SETTINGS:
        yield from ("--ro-bind-try", setting, setting)
    for name in FILES:
        yield from ("--ro-bind", f"{SCENE}/etc/{name}", f"/etc/{name}")
    yield from ("--proc", "/proc", "--dev", "/dev", "--bind", f"{SCENE}/shm", "/dev/shm", "--remount-ro", "/dev")
    yield from ("--bind", f"{SCENE}/tmp", "/tmp", "--bind", f"{SCENE}/home", HOME)
    yield from ("--bind", f"{SCENE}/testbed", WORKSPACE)
    if job.reports:
        yield from ("--bind", f"{SCENE}/reports", REPORTS)
    for number, mount in enumerate(job.mounts):
        yield from ("--ro-bind", f"{SCENE}/sources/{number}", mount.target)
    yield from ("--remount-ro", "/", "--chdir", WORKSPACE, "--clearenv")
    for name, value in job.variables.items():
        yield from ("--setenv", name, value)


@cache
def _packages() -> tuple[str, ...]:
    found = {folder.resolve() for pattern in _PACKAGES for folder in Path("/usr").glob(pattern) if folder.is_dir()}
    return tuple(sorted(map(str, found)))


def _in_memory(data: bytes) -> int:
    """Return a descriptor from which a program reads data."""
    descriptor = os.memfd_create("options")
    os.write(descriptor, data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _opened(stack: ExitStack, descriptor: int) -> int:
    stack.callback(os.close, descriptor)
    return descriptor


def _reports_in(scene: int, job: _Job) -> dict[str, bytes]:
    """Read the reports of a run; its file system is reached through the descriptor, and by nobody else any more."""
    with ExitStack() as stack:
        name = f"reports/{job.reports.rpartition('/')[2]}"
        try:
            # The folder above cannot be changed; where no other user is to be had, this one can be replaced.
            folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=scene)
        except OSError:
            return {}
        return read_reports(_opened(stack, folder), job.limits.report_bytes)
