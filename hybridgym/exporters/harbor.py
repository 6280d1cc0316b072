"""Harbor: a folder for each task, with an image for the agent, a separate one that grades, and the solution.

https://www.harborframework.com/docs/tasks
"""

import gzip
import json
import os
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec

from hybridgym.environments.base import DEFAULT_BASE, Environment
from hybridgym.exporters.base import Export, Exporter
from hybridgym.exporters.checker import CODE, REQUIREMENTS, checker_code, checker_requirements, checker_wheels
from hybridgym.exporters.harbor_images import agent_dockerfile, verifier_dockerfile
from hybridgym.snapshots import archive
from hybridgym.suite import SOURCES, SuiteTask, read_environment
from hybridgym.task import ValidatedTask, Value

_GRADING_SECONDS: Final = 600
_BUILD_SECONDS: Final = 1200

_INSTRUCTION: Final = """\
{statement}

The repository is in `/testbed`. Change its files there; their state when you are done is your answer.
"""
_SOLVE: Final = """\
#!/bin/bash
set -euo pipefail
cd /testbed
git apply --whitespace=nowarn /solution/gold.patch
"""
_TEST: Final = """\
#!/bin/bash
# Grades the files in /testbed, as the agent left them. Nothing of them runs as root.
chmod go-rwx /logs/verifier
PYTHONPATH=/hybridgym/site exec python3 -B -m hybridgym.check_one --task /tests/task.json \\
    --start /tests/source.tar.zst --workspace /testbed{environment} \\
    --out /logs/verifier/verdict.json --reward /logs/verifier/reward.json
"""


class Network(StrEnum):
    """Harbor's network modes that make sense here."""

    NONE = "no-network"
    PUBLIC = "public"


class HarborOptions(Value, frozen=True, kw_only=True):
    """What can be set."""

    organization: str = "hybridgym"
    """Of the tasks' names."""
    network: Network = Network.NONE
    """Of the agent: one that runs inside of the container and asks a model needs a public one."""
    agent_seconds: float = 1800
    memory_mb: int = 2048
    storage_mb: int = 10240
    base: str = ""
    """Image to build on; empty for what the suite says."""
    checker_base: str = DEFAULT_BASE
    """Image to build what grades edits on: one with Python 3.11 or newer."""
    wheels: str = ""
    """Folder of wheels of what checking needs, which go with each task so that no index is asked."""


class Harbor(Exporter):
    """Writes `<instance_id>/` with task.toml, instruction.md, environment/, tests/ and solution/."""

    name: ClassVar[str] = "harbor"
    options: ClassVar[type[Value]] = HarborOptions

    def write(self, export: Export) -> None:
        shared = _Shared(export)
        for task in export.tasks():
            _write_task(export, task, shared)
            export.keep(task.row)


class _Shared:
    """Files that tasks have in common: written once, linked where the file system can."""

    def __init__(self, export: Export) -> None:
        requirements = checker_requirements()
        self.code, self.requirements = checker_code(), requirements.encode()
        folder = export.options.wheels
        self.wheels = {p.name: p.read_bytes() for p in checker_wheels(Path(folder), requirements)} if folder else {}
        self._written: dict[bytes, Path] = {}

    def put(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        first = self._written.setdefault(data, path)
        try:
            if first != path:
                os.link(first, path)
                return
        except OSError:  # A file system without links, or with no more of them.
            pass
        path.write_bytes(data)


def _write_task(export: Export, task: SuiteTask, shared: _Shared) -> None:
    row, suite = task.row, export.suite
    folder, chosen = export.folder / row.instance_id, export.options
    environment = read_environment(suite.folder, row.environment)
    start = task.start
    files = {
        "task.toml": _toml(_configuration(row, chosen, environment)),
        "instruction.md": _INSTRUCTION.format(statement=row.problem_statement.rstrip()),
        "environment/Dockerfile": agent_dockerfile(
            environment, chosen.base or environment.base, row.start_commit, "=1" if shared.wheels else ""
        ),
        "tests/Dockerfile": verifier_dockerfile(environment, chosen.checker_base, "=1" if shared.wheels else ""),
        "tests/test.sh": _TEST.format(environment=""),
        "solution/solve.sh": _SOLVE,
    }
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        if place.suffix == ".sh":
            place.chmod(0o755)
    (folder / "solution" / "gold.patch").write_bytes(row.patch.encode("utf-8", "surrogatepass"))
    (folder / "environment" / "start.tar.gz").write_bytes(gzip.compress(archive(start), mtime=0))
    (folder / "tests" / "task.json").write_bytes(msgspec.json.encode(row) + b"\n")
    shared.put(folder / "tests" / "source.tar.zst", (suite.folder / SOURCES / f"{row.source}.tar.zst").read_bytes())
    shared.put(folder / "tests" / CODE, shared.code)
    shared.put(folder / "tests" / REQUIREMENTS, shared.requirements)
    for name, data in shared.wheels.items():
        shared.put(folder / "tests" / "wheels" / name, data)


def _configuration(row: ValidatedTask, chosen: HarborOptions, environment: Environment) -> dict[str, dict[str, Any]]:
    """Return task.toml; it is nothing that an agent sees, and yet says no answer."""
    machine = {"cpus": 1, "memory_mb": chosen.memory_mb, "storage_mb": chosen.storage_mb}
    image = {"docker_image": row.docker_image} if row.docker_image else {}
    return {
        "": {"schema_version": "1.4", "artifacts": [{"source": "/testbed", "exclude": [".git"]}]},
        "task": {
            "name": f"{chosen.organization}/{row.instance_id}",
            "version": f"{row.kind_version}.{row.checker_version}.0",
            "description": f"{row.task_kind} in {row.repo}",
            "keywords": [row.language, row.task_kind],
        },
        "metadata": {
            "instance_id": row.instance_id,
            "task_kind": row.task_kind,
            "repo": row.repo,
            "upstream": row.upstream,
            "base_commit": row.base_commit,
            "start_commit": row.start_commit,
            "created_at": row.created_at,
            "language": row.language,
            "license": row.license,
            "tags": list(row.tags),
        },
        "metadata.difficulty": dict(row.difficulty),
        "agent": {"timeout_sec": chosen.agent_seconds, "user": "agent"},
        "environment": {
            **image,
            "build_timeout_sec": _BUILD_SECONDS,
            **machine,
            "network_mode": chosen.network.value,
            "workdir": "/testbed",
        },
        "verifier": {"timeout_sec": _GRADING_SECONDS, "environment_mode": "separate", "user": "root"},
        "verifier.environment": {
            "build_timeout_sec": _BUILD_SECONDS,
            **machine,
            "network_mode": chosen.network.value,
            "workdir": "/",
        },
    }


def _toml(tables: Mapping[str, Mapping[str, Any]]) -> str:
    lines: list[str] = []
    for name, table in tables.items():
        if name:
            lines += ["", f"[{name}]"]
        lines += [f"{key} = {_value(value)}" for key, value in table.items()]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    """Write a value; JSON's texts and numbers are TOML's too, but for one character."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value).replace("\x7f", "\\u007f")
