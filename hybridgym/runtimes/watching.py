"""A process that runs within limits: its output is read, and it is ended when it reaches one."""

import json
import os
import selectors
import socket
import subprocess
import time
from contextlib import suppress

from hybridgym.errors import RunError
from hybridgym.runtimes.base import Limit, Limits
from hybridgym.runtimes.cgroups import Group

TICK = 0.05
"""Seconds between two looks at what a run has used."""
SETUP_SECONDS = 600
"""For the scene, of which a copy of a large workspace may be part."""
_KILLING_SECONDS = 10
_BLOCK = 1 << 16


class Watched:
    """A launched sandbox: where what it says arrives."""

    def __init__(
        self, process: subprocess.Popen[bytes], control: socket.socket, status: int, meter: Group, limits: Limits
    ) -> None:
        self._process, self._control, self._status = process, control, status
        self._meter, self._limits = meter, limits
        self._told = b""
        self._root: int | None = None
        self._problem = ""
        self._next_look = 0.0
        self.output = bytearray()
        self.scene: int | None = None
        """The descriptor of the file system in which the run writes."""
        self.limit: Limit | None = None
        self.exit_code: int | None = None
        self.wall_seconds = 0.0

    def run(self, stdin: bytes) -> None:
        """Wait until the command has ended or reached a limit, and all its processes are gone."""
        try:
            self._serve(stdin)
        finally:
            self._end()
        self._judge()

    def close(self) -> None:
        """Let go of the file system of the run, which ends with it."""
        if self.scene is not None:
            os.close(self.scene)
            self.scene = None

    def _serve(self, stdin: bytes) -> None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        pending = memoryview(stdin)
        begin, deadline = time.monotonic(), time.monotonic() + SETUP_SECONDS
        ended = os.pidfd_open(process.pid)
        with selectors.DefaultSelector() as selector:
            for source in (process.stdout, self._control, self._status, ended):
                selector.register(source, selectors.EVENT_READ)
            os.set_blocking(process.stdin.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE)
            try:
                while self.limit is None:
                    for key, _ in selector.select(max(min(TICK, deadline - time.monotonic()), 0)):
                        if key.fileobj is process.stdin:
                            pending = _feed(process.stdin.fileno(), pending)
                            if not pending:
                                selector.unregister(process.stdin)
                                process.stdin.close()
                        elif key.fileobj is self._control:
                            self._learn_scene()
                            begin = time.monotonic()
                            deadline = begin + self._limits.wall_seconds
                            selector.unregister(self._control)
                        elif key.fileobj == self._status:
                            if not self._learn_status():
                                selector.unregister(self._status)
                        elif key.fileobj is process.stdout:
                            if not self._read_output():
                                selector.unregister(process.stdout)
                        else:
                            return
                    self._look(deadline)
            finally:
                os.close(ended)
                self.wall_seconds = time.monotonic() - begin

    def _look(self, deadline: float) -> None:
        """Find the limit that was reached."""
        if len(self.output) > self._limits.output_bytes:
            self.limit = Limit.OUTPUT
        elif time.monotonic() >= deadline:
            self.limit = Limit.WALL_TIME
        elif time.monotonic() < self._next_look:
            return
        elif exceeded := self._meter.exceeded():
            self.limit = exceeded
        elif self._meter.cpu_seconds() > self._limits.cpu_seconds:
            self.limit = Limit.CPU_TIME
        elif self._is_full():
            self.limit = Limit.DISK
        self._next_look = time.monotonic() + TICK

    def _is_full(self) -> bool:
        if self.scene is None:
            return False
        room = os.statvfs(self.scene)
        return room.f_bavail == 0 or room.f_ffree == 0

    def _end(self) -> None:
        """Kill what is left. All processes are gone with the first of their namespace, and that is waited for."""
        process = self._process
        process.kill()
        process.wait()
        while self._learn_status():
            pass
        if self._root is not None:
            with suppress(ProcessLookupError):
                gone = os.pidfd_open(self._root)
                with selectors.DefaultSelector() as selector:
                    selector.register(gone, selectors.EVENT_READ)
                    selector.select(_KILLING_SECONDS)
                os.close(gone)

    def _judge(self) -> None:
        """Tell what ended the run, now that nothing can change any more."""
        while len(self.output) <= self._limits.output_bytes and self._read_output():
            pass
        if self._problem or (self.limit is None and self.exit_code is None):
            text = self._problem or self.output.decode(errors="replace").strip() or "bubblewrap ended without a word"
            message = f"the sandbox cannot run the command: {text[-2000:]}"
            raise RunError(message)
        if self.limit is None:
            self.limit = self._meter.exceeded()
        if self.limit is None and self._meter.cpu_seconds() > self._limits.cpu_seconds:
            self.limit = Limit.CPU_TIME
        if self.limit is None and self.exit_code and self._is_full():
            self.limit = Limit.DISK
        if self.limit is None and len(self.output) > self._limits.output_bytes:
            self.limit = Limit.OUTPUT
        del self.output[self._limits.output_bytes :]
        if self.limit is not None:
            self.exit_code = None

    # What arrives

    def _read_output(self) -> bool:
        assert self._process.stdout is not None
        block = os.read(self._process.stdout.fileno(), _BLOCK)
        self.output += block
        return bool(block)

    def _learn_scene(self) -> None:
        said, descriptors, _, _ = socket.recv_fds(self._control, 4096, 1)
        if descriptors:
            self.scene = descriptors[0]
        else:
            self._problem = said.decode(errors="replace") or self._problem

    def _learn_status(self) -> bool:
        """Read what bubblewrap says: one object a line. The exit code is that of a command that was started."""
        block = os.read(self._status, _BLOCK)
        *lines, self._told = (self._told + block).split(b"\n")
        for line in lines:
            said = json.loads(line)
            if "child-pid" in said:
                self._root = said["child-pid"]
                self._meter.watch(said["child-pid"])
            self.exit_code = said.get("exit-code", self.exit_code)
        return bool(block)


def _feed(descriptor: int, pending: memoryview) -> memoryview:
    """Write what fits; nothing is left where nobody reads."""
    try:
        return pending[os.write(descriptor, pending[:_BLOCK]) :]
    except BlockingIOError:
        return pending
    except BrokenPipeError:
        return pending[:0]
