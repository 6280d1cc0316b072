"""A task → what an agent would find of its answer: looked for inside of the workspace or image that one gets.

In the sandbox, that is the start state as it is laid out, with the environment in which its tests run; where no tests
run, the start state alone. In docker, it is the task's image, all of its layers too: whoever can pull it can read
what a later layer takes away.
"""

import hashlib
import re
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from hybridgym import seals
from hybridgym.environments.base import Environment
from hybridgym.errors import RunError
from hybridgym.patches import apply_patch
from hybridgym.patchtext import FileDiff, parse_patch
from hybridgym.refusals import Refusal, RefusalError
from hybridgym.runtimes import Limits, Run
from hybridgym.runtimes.base import HOME
from hybridgym.runtimes.docker import Docker, connected
from hybridgym.runtimes.images import description_of, names_in_layers
from hybridgym.suite import Suite, SuiteTask, read_environment
from hybridgym.task import LINK, WORKSPACE, Task, Tree
from hybridgym.testbeds import ENVIRONMENT, Setup
from hybridgym.workspace import lay_out

LEAST_LINES: Final = 4
"""Of code, one after the other, by which a copy is known; imports and comments are everywhere."""
LEAST_CHARACTERS: Final = 80
"""Of these lines."""
LEAST_OF_A_PATCH: Final = 2, 40
"""Lines and characters of a hunk that is no longer than that."""

_LIMITS: Final = Limits(cpu_seconds=900, wall_seconds=900)
_SEARCH: Final = ("-I", "-S", "-c", Path(seals.__file__).read_text(encoding="utf-8"))
_NOT_OF_THE_IMAGE: Final = ("/dev", "/proc", "/sys", WORKSPACE)
_ELSEWHERE: Final = re.compile(rb"\s*(?:import\s|from\s+\S+\s+import\b|#|//|/?\*|--)")
"""What begins lines that many files have."""
_DEFINED: Final = re.compile(rb"\s*(?:async\s+)?def\s+(\w+)\s*\(")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")


def unsealed(suite: Suite, task: SuiteTask, known: dict[str, str] | None = None) -> str:
    """Say what an agent would find that the task keeps from it, and where; empty where it is nothing.

    `known` has what was said of start states over which nothing runs, by their commits, and gets more of it: many tasks
    share one. Raises RunError where it cannot be looked for, such as where the task has no image.
    """
    environment = read_environment(suite.folder, task.row.environment)
    if suite.runtime == Docker.name:
        return "; ".join(_in_image(environment, task))
    if environment.lock:
        return "; ".join(_in_sandbox(suite, task))
    known = known if known is not None else {}
    commit = task.row.start_commit
    if commit not in known:
        with _laid_out(task) as workspace:
            known[commit] = "; ".join(seals.of_repository(workspace, commit))
    return known[commit]


@contextmanager
def _laid_out(task: SuiteTask) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hybridgym-") as folder:
        workspace = Path(folder, "testbed")
        lay_out(task.start, workspace)
        yield workspace


def _in_sandbox(suite: Suite, task: SuiteTask) -> list[str]:
    testbed = suite.testbed(task.row.environment)
    installed = testbed.installation(msgspec.convert(task.row.answer["setup"], Setup))
    folders = [*(mount.target for mount in installed.mounts), HOME, "/tmp"]
    with _laid_out(task) as workspace, _listening() as addresses:
        told = msgspec.json.encode(_told(task.row, task.start, folders, (), addresses))
        command = [installed.python, *_SEARCH]
        return _searched(testbed.runtime.run(command, workspace, _LIMITS, mounts=installed.mounts, stdin=told))


def _in_image(environment: Environment, task: SuiteTask) -> list[str]:
    row, start = task.row, task.start
    image = row.image or environment.image_of_task(row.instance_id)
    python = f"{ENVIRONMENT}/bin/python" if environment.lock else "python3"
    docker = Docker(image)
    with _listening() as addresses:
        told = _told(row, start, ["/"], _NOT_OF_THE_IMAGE, addresses)
        problems = _searched(docker.run([python, *_SEARCH], None, _LIMITS, stdin=msgspec.json.encode(told)))
    with connected(docker.host) as client:
        names = sorted({name for name in names_in_layers(client, image) if _is_of_the_suite(name)})
        problems += [f"a layer of the image has /{name}: a file of the suite" for name in names]
        description = description_of(client, image)
    problems += [f"the image's description says {mark}" for mark in told["wanted"]["marks"] if mark in description]
    return problems


def _is_of_the_suite(path: str) -> bool:
    """Say whether a file of a layer is one of a suite's; `/suite` is where the build has it."""
    return path.partition("/")[0] == "suite" or seals.NAMED.fullmatch(path.rpartition("/")[2]) is not None


def _searched(run: Run) -> list[str]:
    """Return what a search has found."""
    if run.exit_code != 0:
        said = run.output.decode(errors="replace").strip()[-300:]
        message = f"what an agent gets could not be searched: {run.limit or said}"
        raise RunError(message)
    return msgspec.json.decode(run.output, type=list[str])


def _told(
    row: Task, start: Tree, folders: Sequence[str], without: Sequence[str], addresses: Sequence[tuple[str, int]]
) -> dict[str, Any]:
    """Return what the search reads."""
    patches = [diffs_of(row.patch), diffs_of(row.test_patch)]
    commits = {str(commit) for commit in (row.base_commit, row.answer.get("commit", ""))}
    wanted = {
        "project": row.answer.get("setup", {}).get("name") or row.repo.rpartition("/")[2],
        "blocks": [block.decode("latin-1") for diffs in patches for block in blocks_of(diffs)],
        "files": sorted({digest for patch in (row.patch, row.test_patch) for digest in _files(patch, start)}),
        "tests": tests_of(row.FAIL_TO_PASS, patches[1]),
        "marks": sorted({row.instance_id, *filter(_COMMIT.fullmatch, commits)}),
    }
    return {
        "workspace": WORKSPACE,
        "commit": row.start_commit,
        "folders": sorted(folders),
        "without": sorted(without),
        "wanted": wanted,
        "addresses": list(addresses),
    }


def diffs_of(patch: str) -> list[FileDiff]:
    """Return the diffs of a patch; none where it cannot be read, which whoever applies it says."""
    try:
        return parse_patch(patch.encode())
    except RefusalError:
        return []


def blocks_of(diffs: Sequence[FileDiff]) -> Iterator[bytes]:
    """Yield lines, one after the other, that only who has the patched files can have: each has one that is added."""
    for diff in diffs:
        for hunk in diff.hunks:
            new = [(mark == b"+", line.strip()) for mark, line in hunk.body if mark != b"-" and line.strip()]
            found = False
            for first in range(len(new)):
                block = _block(new[first:], LEAST_LINES, LEAST_CHARACTERS)
                found = found or bool(block)
                if any(is_added and _is_telling(line) for is_added, line in block):
                    yield b"\n".join(line for _, line in block)
            if not found and any(is_added for is_added, _ in new) and _block(new, *LEAST_OF_A_PATCH):
                yield b"\n".join(line for _, line in new)


def _block(
    lines: Sequence[tuple[bool, bytes]], least_lines: int, least_characters: int
) -> Sequence[tuple[bool, bytes]]:
    """Return as many of the lines as tell enough; none where all of them do not."""
    count = characters = 0
    for number, (_, line) in enumerate(lines, 1):
        if _is_telling(line):
            count, characters = count + 1, characters + len(line)
        if count >= least_lines and characters >= least_characters:
            return lines[:number]
    return ()


def _is_telling(line: bytes) -> bool:
    return re.search(rb"\w", line) is not None and _ELSEWHERE.match(line) is None


def tests_of(fail_to_pass: Sequence[str], diffs: Sequence[FileDiff]) -> dict[str, list[str]]:
    """Return the tests that a patch brings in by the names of their files, without suffix."""
    lines = [line for diff in diffs for hunk in diff.hunks for mark, line in hunk.body if mark == b"+"]
    added = {match[1].decode() for line in lines if (match := _DEFINED.match(line))}
    found: dict[str, set[str]] = {}
    for test in fail_to_pass:
        path, _, name = test.partition("[")[0].partition("::")
        if (function := name.rpartition("::")[2]) in added:
            found.setdefault(path.rpartition("/")[2].partition(".")[0], set()).add(function)
    return {file: sorted(names) for file, names in sorted(found.items())}


def _files(patch: str, start: Tree) -> Iterator[str]:
    """Yield the SHA-256 of the files that a patch makes, but for those that say little."""
    changes = apply_patch(start, patch.encode())
    for change in () if isinstance(changes, Refusal) else changes:
        after = change.after
        lines = seals.lines_of(after.data) if after is not None and after.mode != LINK else []
        if after is not None and sum(map(_is_telling, lines)) >= LEAST_LINES:
            yield hashlib.sha256(after.data).hexdigest()


@contextmanager
def _listening() -> Iterator[list[tuple[str, int]]]:
    """Listen on this machine, for whoever can reach it; give the addresses."""
    with socket.create_server(("", 0)) as server:
        port = server.getsockname()[1]
        addresses = ["127.0.0.1"]
        for family, somebody in seals.NOWHERE[:1]:
            with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((somebody, 9))
                addresses.append(probe.getsockname()[0])
        yield [(address, port) for address in addresses]
