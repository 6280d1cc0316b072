"""A Docker engine of a test's own, and a base image made of this machine's programs: no network, no registry."""

import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tarfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

BASE = "hybridgym-test-base:1"
_PROGRAMS = ("sh", "bash", "cat", "chown", "cp", "git", "grep", "id", "ln", "mkdir", "rmdir", "tail", "touch")
_LOADED_LATE = ("libzstd.so.1", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1")
"""Libraries that Python or wheels ask for by name."""
_ACCOUNTS = {"etc/passwd": b"root:x:0:0:root:/root:/bin/sh\n", "etc/group": b"root:x:0:\n", "tmp/.keep": b""}
_UNNEEDED = {"__pycache__", "dist-packages", "idlelib", "lib-dynload", "lib2to3", "site-packages", "test", "tkinter"}
"""Of the standard library. Compiled modules are added with what they load."""
_DEBIAN_WHEELS = Path("/usr/share/python-wheels")
"""What Debian's ensurepip takes pip from."""
_START_SECONDS = 20


class EngineError(Exception):
    """No engine can be started here; the message says why."""


class Engine:
    """A running dockerd; its command line."""

    def __init__(self, client: str, socket: Path) -> None:
        self._client = client
        self.host = f"unix://{socket}"

    def run(
        self, *arguments: str | Path, text: bytes = b"", buildkit: bool = False
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a docker command, with the given standard input."""
        environment = {**os.environ, "DOCKER_HOST": self.host, "DOCKER_BUILDKIT": "1" if buildkit else "0"}
        command = [self._client, *arguments]
        return subprocess.run(command, input=text, capture_output=True, env=environment, check=False)

    def output(self, *arguments: str | Path, text: bytes = b"") -> str:
        """Run a docker command that succeeds; return what it prints."""
        done = self.run(*arguments, text=text)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode(errors="replace").rstrip("\n")


@contextmanager
def started_engine(folder: Path) -> Iterator[Engine]:
    """Start dockerd with everything it keeps in a folder; leave nothing of it behind.

    Raises EngineError where that cannot be done.
    """
    client, daemon = _client(), shutil.which("dockerd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if client is None or daemon is None:
        message = "docker and dockerd are not installed (Debian: apt-get install docker.io)"
        raise EngineError(message)
    if os.geteuid() != 0:
        message = "starting dockerd needs root"
        raise EngineError(message)
    control_group = f"hybridgym-test-{os.getpid()}"
    command = [
        daemon,
        f"--host=unix://{folder}/docker.sock",
        f"--pidfile={folder}/docker.pid",
        f"--exec-root={folder}/exec",
        f"--data-root={folder}/data",
        f"--cgroup-parent=/{control_group}",
        "--exec-opt=native.cgroupdriver=cgroupfs",
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    try:
        yield _answering(Engine(client, folder / "docker.sock"), process, folder / "log")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        _clean_up(folder, control_group)


def _client() -> str | None:
    """Find the client that was installed with the engine: another may be in front of it."""
    beside = Path("/usr/bin/docker")
    return str(beside) if beside.exists() else shutil.which("docker")


def _answering(engine: Engine, process: subprocess.Popen[bytes], log: Path) -> Engine:
    deadline = time.monotonic() + _START_SECONDS
    while engine.run("version").returncode != 0:
        if process.poll() is not None or time.monotonic() > deadline:
            last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-1:]
            message = f"dockerd does not start: {' '.join(last)}"
            raise EngineError(message)
        time.sleep(0.05)
    return engine


def _clean_up(folder: Path, control_group: str) -> None:
    mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    for mount in sorted((mount for mount in mounts if mount.startswith(f"{folder}/")), reverse=True):
        subprocess.run(["umount", mount], check=False)
    for group in Path("/sys/fs/cgroup").glob(f"**/{control_group}"):
        for below in sorted(group.rglob("*/"), reverse=True):
            below.rmdir()
        group.rmdir()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started_registry(folder: Path) -> Iterator[str]:
    """Start a registry of images that keeps them in a folder; give its `host:port`.

    Raises EngineError where that cannot be done.
    """
    program = shutil.which("docker-registry")
    if program is None:
        message = "docker-registry is not installed (Debian: apt-get install docker-registry)"
        raise EngineError(message)
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"localhost:{free.getsockname()[1]}"
    (folder / "config.yml").write_text(
        f"version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {folder}/images\nhttp:\n  addr: {address}\n",
        encoding="utf-8",
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "serve", folder / "config.yml"], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not _listens(address):
            if process.poll() is not None or time.monotonic() > deadline:
                last = (folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()[-1:]
                message = f"docker-registry does not start: {' '.join(last)}"
                raise EngineError(message)
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


def _listens(address: str) -> bool:
    host, _, port = address.partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


# The base image


def base_image(python: Path | None = None, programs: Sequence[str] = ()) -> bytes:
    """Make the archive of a root folder that holds a Python, by default this, git, a shell and what they load.

    `programs` are further ones of this machine.
    """
    python, library = (python or Path(sys.executable)).resolve(), Path(sysconfig.get_path("stdlib"))
    if python != Path(sys.executable).resolve():
        ask = "import sysconfig; print(sysconfig.get_path('stdlib'))"
        library = Path(subprocess.run([python, "-I", "-c", ask], capture_output=True, text=True).stdout.strip())
    found = [Path(there) for name in (*_PROGRAMS, *programs) if (there := shutil.which(name))]
    libraries = [path for name in _LOADED_LATE for path in Path("/usr/lib").glob(f"*/{name}")]
    binaries = [*found, python, *library.glob("lib-dynload/*.so"), *libraries]
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", dereference=True) as tar:
        for name in ("bin", "sbin", "lib", "lib64"):
            _add_link(tar, name, f"usr/{name}")
        for path in sorted({_without_links(path) for path in [*binaries, *_libraries(binaries)]}):
            tar.add(path)
        tar.add(library, filter=_needed)
        if _DEBIAN_WHEELS.is_dir():
            tar.add(_DEBIAN_WHEELS)
        _add_link(tar, "usr/bin/python3", str(python))
        for name, text in _ACCOUNTS.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
    return archive.getvalue()


def _libraries(binaries: Sequence[Path]) -> set[Path]:
    """Ask the loader of this machine what programs and libraries load."""
    printed = subprocess.run(["ldd", *binaries], capture_output=True, text=True, check=False).stdout
    return {Path(path) for path in re.findall(r"^\s.*?(/\S+) \(0x", printed, flags=re.MULTILINE)}


def _without_links(path: Path) -> Path:
    """Keep the name by which a file is loaded; folders such as /lib are links on some machines."""
    return path.parent.resolve() / path.name


def _add_link(tar: tarfile.TarFile, name: str, target: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    tar.addfile(entry)


def _needed(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if _UNNEEDED & set(entry.name.split("/")) else entry
