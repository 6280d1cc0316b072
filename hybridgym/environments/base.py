"""Environment: what a task's container is made of, and the Dockerfile that builds it.

One Dockerfile serves every task of an environment. It is built with a suite's root as context, in three stages:

    environment   the base with git and a user: shared by all tasks
    start         reads rows and sources, lays out one task's `/testbed`: thrown away
    (last)        environment + a copy of `/testbed`: what an agent gets

so that no layer of the image holds an answer, another task or the source as it was before the start edits. What is
thrown away stays in the builder's cache: an agent must not reach the builder, and `start` is never pushed.
The text keeps to what every builder since Docker 17.05 understands.
"""

import hashlib
import re
from collections.abc import Iterable, Set
from pathlib import Path

import msgspec

from hybridgym.errors import SuiteError, UsageError
from hybridgym.task import Value

DEFAULT_BASE = "python:3.11-slim"

_FORMAT = 1
"""Raised when the Dockerfile of the same environment would build something else."""

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]*(@sha256:[0-9a-f]{64})?")

_DOCKERFILE = """\
# The start state of one task: `/testbed` is a git repository of one commit, owned by the user `agent`.
#
#   cd SUITE && docker build --build-arg TASK=INSTANCE_ID -f environments/{id}/Dockerfile .
#
# The suite must have its sources: one written without them builds no image.
# BASE needs a shell, python3 (3.9 or newer) and libzstd, which Debian and Ubuntu always have. Where it has no git,
# apt installs it, which is the only step that uses the network.
# The container must run without a network: docker run --network=none
ARG BASE={base}

FROM $BASE AS environment
RUN command -v git >/dev/null || (apt-get update && apt-get install --yes --no-install-recommends git \\
    && rm -rf /var/lib/apt/lists/*)
# useradd and adduser differ between bases, the files do not.
RUN echo 'agent:x:{uid}:{uid}::/home/agent:/bin/sh' >> /etc/passwd && echo 'agent:x:{uid}:' >> /etc/group \\
    && mkdir -p /home/agent /testbed && chown {uid}:{uid} /home/agent /testbed \\
    && git config --system --add safe.directory /testbed

FROM environment AS start
COPY environments/start_state.py tasks.jsonl /suite/
COPY sources /suite/sources
ARG TASK
RUN rmdir /testbed && python3 /suite/start_state.py /suite "$TASK" /testbed

FROM environment
LABEL hybridgym.environment="{id}" hybridgym.network="none"
COPY --from=start --chown={uid}:{uid} /testbed /testbed
USER agent
WORKDIR /testbed
"""

_SCRIPT = Path(__file__).with_name("start_state.py")

_AGENT_UID = 10001
"""Above what distributions hand out, so that no base has it already."""


class Environment(Value, frozen=True, kw_only=True):
    """What the containers of some tasks have in common; this one is enough where no code of a repository runs."""

    name: str = "edit-only"
    base: str = DEFAULT_BASE
    """An image reference, best pinned by digest."""
    python: str = ""
    """Version of Python, such as `3.11`, where tests run."""
    lock: str = ""
    """What they need: a requirements file with hashes."""
    format: int = _FORMAT

    def __post_init__(self) -> None:
        if not _REFERENCE.fullmatch(self.base):
            message = f"base image: expected an image reference such as {DEFAULT_BASE}, found {self.base!r}"
            raise UsageError(message)

    @property
    def id(self) -> str:
        """Return the first 12 hex digits of the SHA-256 of what the environment is made of."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()[:12]

    def dockerfile(self) -> str:
        """Return the Dockerfile: its context is a suite's root, its arguments are BASE and TASK."""
        return _DOCKERFILE.format(id=self.id, base=self.base, uid=_AGENT_UID)


def write_environments(folder: Path, needed: Set[str], environments: Iterable[Environment]) -> None:
    """Write the Dockerfiles of the environments with the ids needed, and the program that they run, to a new folder.

    Raises SuiteError where one is needed that is not given.
    """
    by_id = {environment.id: environment for environment in environments}
    if missing := needed - by_id.keys():
        message = f"tasks name environments that are not given: {', '.join(sorted(missing))}"
        raise SuiteError(message)
    folder.mkdir()
    (folder / _SCRIPT.name).write_bytes(_SCRIPT.read_bytes())
    for name in sorted(needed):
        specification = msgspec.json.format(msgspec.json.encode(by_id[name]), indent=2) + b"\n"
        (folder / name).mkdir()
        (folder / name / "Dockerfile").write_text(by_id[name].dockerfile(), encoding="utf-8")
        (folder / name / "environment.json").write_bytes(specification)
