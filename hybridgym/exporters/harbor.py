"""Harbor: a folder for each task, with an image for the agent, a separate one that grades, and the solution.

https://www.harborframework.com/docs/tasks
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec

from hybridgym.environments.base import DEFAULT_BASE, Environment
from hybridgym.environments.start_state import project_folder
from hybridgym.exporters.base import NOT_OURS, Export, Exporter
from hybridgym.exporters.checker import CODE, REQUIREMENTS, checker_code, checker_requirements, checker_wheels
from hybridgym.exporters.harbor_images import agent_dockerfile, has_own_python, verifier_dockerfile
from hybridgym.snapshots import archive
from hybridgym.suite import ENVIRONMENTS, SOURCES, Suite, SuiteTask, read_environment
from hybridgym.task import ValidatedTask, Value
from hybridgym.tasks import TASK_KINDS

_GRADING_SECONDS: Final = 600
_BUILD_SECONDS: Final = 1200
_CHECKER_MB: Final = 2048

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
if [ -z "$(ls -A /testbed)" ]; then
    echo 'the files of the agent were not handed over: no reward' >&2
    exit 1
fi
chmod go-w /logs && chmod go-rwx /logs/verifier
export {variables}
exec {python} -B -P -m hybridgym.check_one --task /tests/task.json \\
    --start /tests/source.tar.zst --workspace /testbed{environment} \\
    --out /logs/verifier/verdict.json --reward /logs/verifier/reward.json
"""
_COMPRESSION: Final = 6
_LINKED: Final = (".gz", ".whl", ".zip", ".zst")
_ENVIRONMENT: Final = " --environment /tests/environment.json"
_OWN: Final = {
    "variables": "PYTHONPATH=/hybridgym/site LD_LIBRARY_PATH=/hybridgym/python/lib",
    "python": "/hybridgym/python/bin/python3",
}
_SHARED: Final = {"variables": "PYTHONPATH=/hybridgym/site", "python": "python3"}
_CHECKER_BASE: Final = "python:3.11-slim-bullseye"
"""Runs beside any newer C library."""


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
    checker_base: str = ""
    """Image with Python 3.11 or newer, to build on what grades edits, or tests of a project with an older Python."""
    wheels: str = ""
    """Folder of wheels of what checking needs, which go with each task so that no index is asked."""


class Harbor(Exporter):
    """Writes `<instance_id>/` with task.toml, instruction.md, environment/, tests/ and solution/."""

    name: ClassVar[str] = "harbor"
    options: ClassVar[type[Value]] = HarborOptions

    def refusal(self, row: ValidatedTask, is_graded_by_tests: bool) -> str:
        """Refuse kinds whose checkers are elsewhere."""
        return "" if row.task_kind in TASK_KINDS else NOT_OURS

    def write(self, export: Export) -> None:
        """Write a folder for each task."""
        shared = _Shared(export.options)
        for task in export.tasks():
            _write_task(export, task, shared)
            export.keep(task.row)


class _Shared:
    """Files that tasks have in common: written once, linked where the file system can."""

    def __init__(self, options: HarborOptions) -> None:
        requirements, folder = checker_requirements(), options.wheels
        wheels = checker_wheels(Path(folder), requirements) if folder else []
        self.checker = {
            CODE: checker_code(),
            REQUIREMENTS: requirements.encode(),
            **{f"wheels/{path.name}": path.read_bytes() for path in wheels},
        }
        self._written: dict[bytes, Path] = {}
        self._start = "", b""

    def start(self, task: SuiteTask) -> bytes:
        """Return the archive of a start state; tasks that follow one another often have the same."""
        if self._start[0] != task.row.start_commit:
            content = gzip.compress(archive(task.start), compresslevel=_COMPRESSION, mtime=0)
            self._start = task.row.start_commit, content
        return self._start[1]

    def put(self, path: Path, data: bytes) -> None:
        """Write a file; a link where it is one that nobody edits and that is written already."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in _LINKED:
            first = self._written.setdefault(hashlib.sha256(data).digest(), path)
            try:
                if first != path:
                    path.hardlink_to(first)
                    return
            except OSError:  # A file system without links, or with no more of them.
                pass
        path.write_bytes(data)


def _write_task(export: Export, task: SuiteTask, shared: _Shared) -> None:
    row, folder, chosen = task.row, export.folder / task.row.instance_id, export.options
    environment = read_environment(export.suite.folder, row.environment)
    base = chosen.base or environment.base
    lock = _lock(export.suite, environment)
    has_wheels = any(name.endswith(".whl") for name in lock)
    script = _OWN if has_own_python(environment) else _SHARED
    has_tests = export.is_graded_by_tests(row)
    checker_base = chosen.checker_base or (_CHECKER_BASE if has_tests else DEFAULT_BASE)
    files = {
        "task.toml": _toml(_configuration(row, chosen)).encode(),
        "instruction.md": _INSTRUCTION.format(statement=row.problem_statement.rstrip()).encode(),
        "environment/Dockerfile": agent_dockerfile(environment, base, row.start_commit, has_wheels=has_wheels).encode(),
        "environment/start.tar.gz": shared.start(task),
        "tests/Dockerfile": verifier_dockerfile(
            environment, base, checker_base, has_checker_wheels=bool(chosen.wheels), has_wheels=has_wheels
        ).encode(),
        "tests/test.sh": _TEST.format(**script, environment=_ENVIRONMENT if has_tests else "").encode(),
        "tests/task.json": msgspec.json.encode(row) + b"\n",
        "tests/source.tar.zst": (export.suite.folder / SOURCES / f"{row.source}.tar.zst").read_bytes(),
        "solution/solve.sh": _SOLVE.encode(),
        "solution/gold.patch": row.patch.encode("utf-8", "surrogatepass"),
        **{f"tests/checker/{name}": data for name, data in shared.checker.items()},
        **{f"{place}/lock/{name}": data for name, data in lock.items() for place in ("environment", "tests")},
    }
    if has_tests:
        files["tests/environment.json"] = msgspec.json.encode(environment)
    for name, data in files.items():
        shared.put(folder / name, data)
    for name in ("tests/test.sh", "solution/solve.sh"):
        (folder / name).chmod(0o755)
    if has_tests:
        setup = row.answer["setup"]
        parts = setup["name"], setup["version"], setup["entry_points"], setup["roots"]
        project_folder(*parts, folder / "environment" / "project")


def _lock(suite: Suite, environment: Environment) -> dict[str, bytes]:
    """Return what the wheels of an environment are unpacked from; those that lie beside its Dockerfile, too."""
    if not environment.lock:
        return {}
    folder = suite.folder / ENVIRONMENTS / environment.id
    files = {
        name: text.encode() for name, text in environment.files().items() if name in ("boot.pth", "requirements.txt")
    }
    return files | {f"wheels/{path.name}": path.read_bytes() for path in sorted(folder.glob("wheels/*.whl"))}


def _configuration(row: ValidatedTask, chosen: HarborOptions) -> dict[str, dict[str, Any]]:
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
            # What the tests may use, and the checker beside them.
            **machine | {"memory_mb": chosen.memory_mb + _CHECKER_MB},
            "network_mode": Network.NONE.value,
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
