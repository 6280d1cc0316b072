"""Environment: what a task's container is made of, and the Dockerfile that builds it.

One Dockerfile serves every task of an environment. It is built with a suite's root as context, in three stages:

    environment   the base with git and a user: shared by all tasks
    start         reads rows and sources, lays out one task's `/testbed`: thrown away
    (last)        environment + a copy of `/testbed`: what an agent gets

so that no layer of the image holds an answer, another task or the source as it was before the start edits. What is
thrown away stays in the builder's cache: an agent must not reach the builder, and `start` is never pushed.
Where tests run, a stage before these unpacks the locked wheels, `environment` has a copy of them, and the last stage
also has what an installer would have written of the project. Graders need `environment` alone: workspaces reach it
when they are graded.
The text keeps to what every builder since Docker 17.05 understands.
"""

import hashlib
import re
from collections.abc import Iterable, Set
from pathlib import Path
from typing import Final, Self

import msgspec

from hybridgym.errors import SuiteError, UsageError
from hybridgym.task import WORKSPACE, Value

DEFAULT_BASE = "python:3.11-slim"

_FORMAT = 1
"""Raised when the Dockerfile of the same environment would build something else."""

PROJECT: Final = "/hybridgym/project"
"""Where runtimes and images have what an installer would have written of a project."""
IMAGE: Final = "hybridgym"
"""What images are called by default, before the colon."""
BOOT: Final = f"import os, site; os.path.isdir({PROJECT!r}) and site.addsitedir({PROJECT!r})\n"
"""A line of a `.pth` file: Python runs it when it starts."""

_LONGEST_TAG: Final = 128

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]*(@sha256:[0-9a-f]{64})?")

_HEAD = """\
# The start state of one task: `{workspace}` is a git repository of one commit, owned by the user `agent`.
#
#   cd SUITE && docker build --build-arg TASK=INSTANCE_ID -f environments/{id}/Dockerfile .
#
# The suite must have its sources: one written without them builds no image.
"""

ACCOUNT: Final = """\
RUN command -v git >/dev/null || (apt-get update && apt-get install --yes --no-install-recommends git \\
    && rm -rf /var/lib/apt/lists/*)
# useradd and adduser differ between bases, the files do not.
RUN echo 'agent:x:{uid}:{uid}::/home/agent:/bin/sh' >> /etc/passwd && echo 'agent:x:{uid}:' >> /etc/group \\
    && mkdir -p /home/agent {workspace} && chown {uid}:{uid} /home/agent {workspace} \\
    && git config --system --add safe.directory {workspace}
"""

WHEELS: Final = """\
FROM $BASE AS wheels
RUN python3 -c 'import sys; "%d.%d" % sys.version_info[:2] == "{python}" or sys.exit("BASE is not Python {python}")'
COPY {lock} /hybridgym/lock
ARG PIP_INDEX_URL
ARG PIP_NO_INDEX{no_index}
# pip comes from an environment that is thrown away: it brings copies of other projects.
RUN mkdir -p /hybridgym/lock/wheels && python3 -m venv /hybridgym/pip \\
    && python3 -m venv --without-pip /hybridgym/environment \\
    && /hybridgym/pip/bin/python -m pip --python /hybridgym/environment/bin/python install --quiet --no-cache-dir \\
        --no-compile --no-deps --require-hashes --only-binary :all: --find-links /hybridgym/lock/wheels \\
        -r /hybridgym/lock/requirements.txt \\
    && (python3 -I -S -m compileall -qq --invalidation-mode unchecked-hash /hybridgym/environment/lib || true) \\
    && cp /hybridgym/lock/boot.pth /hybridgym/environment/lib/python{python}/site-packages/hybridgym.pth
"""
"""Unpacks the wheels of a lock. `lock` is where the files of an environment lie; `no_index` is empty or `=1`."""

INSTALLED: Final = """\
# What the base has of other projects, pip's wheel too, is nothing to look into.
RUN python3 -c 'import os, shutil, sysconfig; packages = sysconfig.get_path("purelib"); \\
    [shutil.rmtree(p, ignore_errors=True) for p in (packages, sysconfig.get_path("stdlib") + "/ensurepip")]; \\
    os.makedirs(packages)'
COPY --from=wheels /hybridgym/environment /hybridgym/environment
"""
"""Has a copy of what they hold, and of nothing else."""

_START = """\

FROM environment AS start
COPY environments/start_state.py tasks*.jsonl /suite/
COPY sources /suite/sources
ARG TASK
RUN rmdir {workspace} && python3 /suite/start_state.py /suite "$TASK" {folders}

FROM environment
LABEL hybridgym.environment="{id}" hybridgym.network="none"
COPY --from=start --chown={uid}:{uid} {workspace} {workspace}
"""

_DOCKERFILE = (
    _HEAD
    + """\
# BASE needs a shell, python3 (3.9 or newer) and libzstd, which Debian and Ubuntu always have. Where it has no git,
# apt installs it, which is the only step that uses the network.
# The container must run without a network: docker run --network=none
ARG BASE={base}

FROM $BASE AS environment
"""
    + ACCOUNT
    + _START
    + """\
USER agent
WORKDIR {workspace}
"""
)

_DOCKERFILE_WITH_TESTS = (
    _HEAD
    + """\
# What grades needs `--target environment` alone: no task is in that.
# BASE needs a shell, python3 of version {python} with venv and ensurepip, as the official images have it, and libzstd.
# The network is used for two things: where BASE has no git, apt installs it; wheels that do not lie in
# environments/{id}/wheels come from the package index, or from the one that PIP_INDEX_URL names.
# The container must run without a network: docker run --network=none
ARG BASE={base}

"""
    + WHEELS
    + """
FROM $BASE AS environment
"""
    + ACCOUNT
    + INSTALLED
    + """\
ENV PATH=/hybridgym/environment/bin:$PATH
"""
    + _START
    + """\
COPY --from=start /hybridgym/project /hybridgym/project
USER agent
WORKDIR {workspace}
"""
)

_SCRIPT = Path(__file__).with_name("start_state.py")

AGENT_UID: Final = 10001
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

    @classmethod
    def for_tests(cls, python: str, lock: str, base: str) -> Self:
        """Return what tests run in; the default base becomes that of their Python."""
        chosen = f"python:{python}-slim" if base == DEFAULT_BASE else base
        return cls(name="python", base=chosen, python=python, lock=lock)

    def __post_init__(self) -> None:
        if not _REFERENCE.fullmatch(self.base):
            message = f"base image: expected an image reference such as {DEFAULT_BASE}, found {self.base!r}"
            raise UsageError(message)

    @property
    def id(self) -> str:
        """Return the first 12 hex digits of the SHA-256 of what the environment is made of."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()[:12]

    def image(self, name: str = IMAGE) -> str:
        """Return the name of the image that all of its tasks share, in which their tests run."""
        return f"{name}:{self.id}"

    def image_of_task(self, instance_id: str, name: str = IMAGE) -> str:
        """Return the name of the image that an agent gets; raises SuiteError where no image can have it."""
        tag = f"{self.id}-{re.sub(r'[^A-Za-z0-9_.-]', '_', instance_id)}"
        if len(tag) > _LONGEST_TAG:
            message = f"{instance_id}: expected an id of which an image's tag can be made, found {len(tag)} characters"
            raise SuiteError(message)
        return f"{name}:{tag}"

    def dockerfile(self) -> str:
        """Return the Dockerfile: its context is a suite's root, its arguments are BASE and TASK."""
        template, folders = _DOCKERFILE, WORKSPACE
        if self.lock:
            template, folders = _DOCKERFILE_WITH_TESTS, f"{WORKSPACE} {PROJECT}"
        known = {"id": self.id, "base": self.base, "uid": AGENT_UID, "python": self.python, "workspace": WORKSPACE}
        return template.format(**known, folders=folders, lock=f"environments/{self.id}", no_index="")

    def files(self) -> dict[str, str]:
        """Return what a suite holds of it, by the names of files in its folder."""
        specification = msgspec.json.format(msgspec.json.encode(self), indent=2).decode()
        own = {"Dockerfile": self.dockerfile(), "environment.json": f"{specification}\n"}
        return {**own, "boot.pth": BOOT, "requirements.txt": self.lock} if self.lock else own


def write_environments(folder: Path, needed: Set[str], environments: Iterable[Environment]) -> None:
    """Write the Dockerfiles of the environments with the ids needed, and the program that they run, to a new folder.

    Raises SuiteError where one is needed that is not given.
    """
    folder.mkdir()
    (folder / _SCRIPT.name).write_bytes(_SCRIPT.read_bytes())
    missing = set(needed)
    for environment in environments:
        if environment.id in missing:
            missing.remove(environment.id)
            (folder / environment.id).mkdir()
            for file, text in environment.files().items():
                (folder / environment.id / file).write_text(text, encoding="utf-8")
    if missing:
        message = f"tasks name environments that are not given: {', '.join(sorted(missing))}"
        raise SuiteError(message)
