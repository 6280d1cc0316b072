"""Docker: a container for each run, through the engine's API, so that the engine may be on another machine.

The container's own program does nothing: it is a shell, run by another user than the command, that waits for input.
The command is started beside it. When that has ended or reached a limit, the container is paused, what it used and
its reports are read, and it is removed with everything in it. Workspace and reports lie on file systems in memory,
of limited size, that go with the container.
"""

import io
import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

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
from hybridgym.runtimes.cgroups import Group, find_group_of
from hybridgym.runtimes.packing import empty_folder, packed
from hybridgym.runtimes.reports import TooLargeError, read_archive
from hybridgym.runtimes.seccomp import docker_profile
from hybridgym.task import WORKSPACE

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

_TICK = 0.1
"""Seconds between two looks at what a run has used."""
_BLOCK = 1 << 16
_USER = f"{USER_ID}:{USER_ID}"
_SHELL = (
    "/bin/sh",
    "-c",
    'command -v "$1" >/dev/null || { echo "there is no $1" >&2; exit 127; }; exec "$@" 2>&1',
    "sh",
)
"""Starts the command: both of its streams are one, and nothing but this can write to the other."""
_IS_FULL = f"for folder in {WORKSPACE} {HOME} /tmp /dev/shm; do printf x > $folder/.x || exit 9; done"


class Docker:
    """Runs commands in containers of an image.

    The engine is the one at `host`, or else the one that DOCKER_HOST names or that runs here. The image needs a
    shell. What is mounted must have the same path on the engine's machine. What a run uses is read from its control
    group; where that is on another machine, or without `read_groups`, the engine is asked, which is slow.
    """

    name: ClassVar[str] = "docker"

    def __init__(self, image: str, *, host: str = "", read_groups: bool = True) -> None:
        self._image, self.host, self._read_groups = image, host, read_groups
        self._conditions: Conditions | None = None
        self._clock = 0.0
        self._preparing = threading.Lock()

    def prepare(self) -> Conditions:
        with self._preparing:
            if self._conditions is None:
                with connected(self.host) as client, engine_errors(f"image {self._image}"):
                    client.images.get(self._image)
                    now = datetime.fromisoformat(client.info()["SystemTime"])
                self._clock = now.timestamp() - time.time()
                self._conditions = Conditions(workspace="copy", limits=_LIMITS)
            return self._conditions

    def limits_in_force(self) -> Mapping[str, str]:
        return self.prepare().limits

    def run(
        self,
        command: Sequence[str],
        workspace: Path | None,
        limits: Limits,
        *,
        mounts: Sequence[Mount] = (),
        variables: Mapping[str, str] | None = None,
        stdin: bytes = b"",
        reports: str = "",
    ) -> Run:
        """Run a command as every runtime does; without a workspace, over what the image itself has, read-only."""
        self.prepare()
        check_mounts(mounts)
        with connected(self.host) as client, engine_errors("the run"), ExitStack() as stack:
            if workspace is None:
                container = self._start(client, limits, mounts, None, stack)
            else:
                content = stack.enter_context(packed(workspace))
                container = self._start(client, limits, mounts, content.seek(0, io.SEEK_END), stack)
                content.seek(0)
                container.put_archive(WORKSPACE, content)
            if reports:
                container.put_archive(REPORTS, empty_folder(reports.rpartition("/")[2]))
            container.reload()
            group = find_group_of(container.attrs["State"]["Pid"], str(container.id)) if self._read_groups else None
            watched = _Watched(container, limits, self._clock, group, can_fill=workspace is not None)
            watched.run(list(command), variables_of(variables), stdin)
            limit, found = watched.limit, dict[str, bytes]()
            if reports:
                try:
                    parts, _ = container.get_archive(reports)
                    found = read_archive(parts, limits.report_bytes)
                except TooLargeError:
                    limit = limit or Limit.REPORTS
            return Run(
                exit_code=watched.exit_code if limit is None else None,
                limit=limit,
                output=bytes(watched.output),
                reports=found,
                wall_seconds=watched.wall_seconds,
                cpu_seconds=watched.cpu_seconds,
                peak_memory_bytes=watched.peak_memory_bytes,
            )

    def _start(
        self,
        client: "docker.DockerClient",
        limits: Limits,
        mounts: Sequence[Mount],
        content: int | None,
        stack: ExitStack,
    ) -> "Container":
        """Start a container for a workspace of so many bytes, or for none."""
        from docker.types import Mount as Bind
        from docker.types import Ulimit

        volumes = {}
        # An archive is larger than what it holds. What is reported is read to its end, so it has an end.
        places = [(REPORTS, 2 * limits.report_bytes, 0, 711)]
        if content is not None:
            places.append((WORKSPACE, limits.disk_bytes + content, USER_ID, 755))
        for place, size, owner, mode in places:
            options = {"type": "tmpfs", "device": "tmpfs", "o": f"{_room(size)},uid={owner},gid={owner},mode={mode}"}
            volume = client.volumes.create(driver="local", driver_opts=options, labels=_LABELS)
            stack.callback(volume.remove)
            volumes[volume.name] = {"bind": place, "mode": "rw"}
        # An image's own folder decides the mode of what covers it, whatever is asked for; not the owner.
        room = f"exec,{_room(limits.disk_bytes)},uid={USER_ID},gid={USER_ID},mode=755"
        container = client.containers.create(
            self._image,
            ["/bin/sh"],
            entrypoint=[],
            stdin_open=True,
            init=True,
            user="0:0",
            hostname="sandbox",
            labels=_LABELS,
            network_mode="none",
            read_only=True,
            cap_drop=["ALL"],
            security_opt=["no-new-privileges", f"seccomp={docker_profile()}"],
            mem_limit=limits.memory_bytes,
            memswap_limit=limits.memory_bytes,
            pids_limit=limits.processes + OWN_PROCESSES,
            nano_cpus=int(limits.cpus * 1e9),
            shm_size=limits.disk_bytes,
            ulimits=[
                Ulimit(name="core", soft=0, hard=0),
                Ulimit(name="fsize", soft=limits.file_bytes, hard=limits.file_bytes),
                Ulimit(name="nofile", soft=limits.open_files, hard=limits.open_files),
            ],
            tmpfs={"/tmp": room, HOME: room} if content is not None else {},
            volumes=volumes,
            mounts=[Bind(mount.target, str(mount.source.absolute()), type="bind", read_only=True) for mount in mounts],
        )
        stack.callback(container.remove, force=True, v=True)
        container.start()
        return container


_LABELS = {"hybridgym.run": ""}
"""By which containers and volumes can be found that a killed process has left."""

_LIMITS = {
    Limit.MEMORY: "the container's control group",
    Limit.PROCESSES: "the container's control group",
    Limit.CPU_TIME: "looked at",
    Limit.WALL_TIME: "clock",
    Limit.DISK: "tmpfs of that size, in each place",
    Limit.OUTPUT: "reading no more",
    Limit.REPORTS: "reading no more",
    "file size": "prlimit",
    "open files": "prlimit",
    "cpus": "the container's control group",
    "system calls": "seccomp",
}


class _Watched:
    """A command in a container."""

    def __init__(
        self, container: "Container", limits: Limits, clock: float, group: Group | None, *, can_fill: bool
    ) -> None:
        self._container, self._limits, self._clock, self._can_fill = container, limits, clock, can_fill
        self._api: Any = container.client.api  # type: ignore[union-attr]  # whatever comes of a client has it
        self._group = group
        self._frames = _Frames()
        self._problem = b""
        self.output = bytearray()
        self.limit: Limit | None = None
        self.exit_code: int | None = None
        self.wall_seconds = self.cpu_seconds = 0.0
        self.peak_memory_bytes = 0

    def run(self, command: list[str], variables: dict[str, str], stdin: bytes) -> None:
        """Wait until the command has ended or reached a limit; nothing in the container moves after that."""
        own_cpu = self._group.cpu_seconds() if self._group is not None else 0.0
        started = self._api.exec_create(
            self._container.id,
            [*_SHELL, *command],
            user=_USER,
            workdir=WORKSPACE,
            environment=variables,
            stdin=bool(stdin),
        )["Id"]
        stream = self._api.exec_start(started, socket=True)
        connection = stream._sock
        if stdin:  # Closing it while the command starts can cost what the command says.
            threading.Thread(target=_send, args=(connection, stdin), daemon=True).start()
        begin = time.monotonic()
        try:
            self._take(_read_already(stream))
            self._serve(connection, begin + self._limits.wall_seconds, own_cpu)
        finally:
            self.wall_seconds = time.monotonic() - begin
            stream._response.close()
            connection.close()
        ended = self._api.exec_inspect(started)
        if self._problem:
            message = f"the container cannot run the command: {self._problem.decode(errors='replace').strip()}"
            raise RunError(message)
        if self.limit is None:
            self.exit_code = ended["ExitCode"]
            if self.exit_code and self._can_fill and self._is_full():
                self.limit = Limit.DISK
        self._container.pause()
        cpu, memory, _ = self._used()
        self.cpu_seconds, self.peak_memory_bytes = max(cpu - own_cpu, 0.0), max(memory, self.peak_memory_bytes)
        if self.limit is None and self._group is not None:
            self.limit = self._group.exceeded()
        elif self._group is None and self._ran_out_of_memory():
            self.limit = Limit.MEMORY
        if self.limit is None and self.cpu_seconds > self._limits.cpu_seconds:
            self.limit = Limit.CPU_TIME
        if self.limit is None and len(self.output) > self._limits.output_bytes:
            self.limit = Limit.OUTPUT
        del self.output[self._limits.output_bytes :]
        if self.limit is not None:
            self.exit_code = None

    def _serve(self, connection: Any, deadline: float, own_cpu: float) -> None:
        look = time.monotonic() + _TICK
        while self.limit is None:
            now = time.monotonic()
            connection.settimeout(max(min(look, deadline) - now, 0.001))
            with suppress(TimeoutError):
                block = connection.recv(_BLOCK)
                if not block:
                    return
                self._take(block)
            now = time.monotonic()
            if len(self.output) > self._limits.output_bytes:
                self.limit = Limit.OUTPUT
            elif now >= deadline:
                self.limit = Limit.WALL_TIME
            elif now >= look:
                self._look(own_cpu)
                look = time.monotonic() + _TICK

    def _take(self, block: bytes) -> None:
        for stream, text in self._frames.read(block):
            if stream == 1:
                self.output += text
            else:
                self._problem += text

    def _look(self, own_cpu: float) -> None:
        cpu, memory, processes = self._used()
        self.peak_memory_bytes = max(memory, self.peak_memory_bytes)
        if self._group is not None:
            self.limit = self._group.exceeded()
        elif processes >= self._limits.processes + OWN_PROCESSES:
            self.limit = Limit.PROCESSES
        elif self._ran_out_of_memory():
            self.limit = Limit.MEMORY
        if self.limit is None and cpu - own_cpu > self._limits.cpu_seconds:
            self.limit = Limit.CPU_TIME

    def _used(self) -> tuple[float, int, int]:
        """Return CPU seconds, the most memory, and processes: the engine takes about a second to answer."""
        if self._group is not None:
            return self._group.cpu_seconds(), self._group.peak_memory_bytes(), 0
        stats = self._api.stats(self._container.id, stream=False, one_shot=True)
        memory = stats["memory_stats"]
        most = memory.get("max_usage", memory.get("usage", 0))
        return stats["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9, most, stats["pids_stats"].get("current", 0)

    def _ran_out_of_memory(self) -> bool:
        """Ask the engine, by its own clock, for what has happened."""
        until = f"{time.time() + self._clock:.6f}"
        filters = {"container": self._container.id, "event": "oom"}
        return bool(list(self._api.events(since=1, until=until, filters=filters)))

    def _is_full(self) -> bool:
        with suppress(Exception):  # A container in which nothing can be started any more is full of something else.
            return bool(self._container.exec_run(["/bin/sh", "-c", _IS_FULL], user=_USER).exit_code == 9)
        return False


class _Frames:
    """What the engine sends: text in frames, each of which says of which stream it is and how long."""

    def __init__(self) -> None:
        self._head = b""
        self._stream = self._left = 0

    def read(self, block: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield streams (1 for output, 2 for errors) and texts."""
        while block:
            if not self._left:
                missing = 8 - len(self._head)
                self._head, block = self._head + block[:missing], block[missing:]
                if len(self._head) == 8:
                    self._stream, self._left = struct.unpack(">BxxxI", self._head)
                    self._head = b""
                continue
            text, block = block[: self._left], block[self._left :]
            self._left -= len(text)
            yield self._stream, text


def _read_already(stream: Any) -> bytes:
    """Return what came in one piece with the engine's answer, and was read from the connection with it."""
    reader = stream._response.raw._fp.fp
    stream._sock.setblocking(False)
    return bytes(reader.read1(len(reader.peek())) or b"")


def _send(connection: Any, stdin: bytes) -> None:
    with suppress(OSError):  # The command need not read.
        connection.sendall(stdin)
        connection.shutdown(socket.SHUT_WR)


def _room(size: int) -> str:
    """Return the options that limit a file system; the smallest files take memory as well."""
    return f"size={size},nr_inodes={max(size // 1024, 1024)}"


# The engine


@contextmanager
def connected(host: str) -> "Iterator[docker.DockerClient]":
    """Give a client of an engine that answers, by default of the one that the environment names.

    Raises MissingDependencyError where the SDK or an engine is missing.
    """
    try:
        import docker
    except ImportError as error:
        message = "the Docker SDK is needed to run code in containers: pip install 'hybridgym[docker]'"
        raise MissingDependencyError(message) from error
    with ExitStack() as stack:
        try:
            client = docker.DockerClient(base_url=host) if host else docker.from_env()
            stack.callback(client.close)
            client.ping()
        except (docker.errors.DockerException, OSError) as error:
            message = f"no Docker engine answers: start one, or name it in DOCKER_HOST ({error})"
            raise MissingDependencyError(message) from error
        yield client


@contextmanager
def engine_errors(what: str) -> Iterator[None]:
    """Make what the engine refuses an error of ours."""
    import docker.errors

    try:
        yield
    except docker.errors.DockerException as error:
        message = f"docker: {what}: {error}"
        raise RunError(message) from error
