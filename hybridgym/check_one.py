"""Grade one workspace or patch against one task: for a container, or a reward function in another process.

    python -m hybridgym.check_one --task task.json --start SNAPSHOT.tar.zst --workspace /testbed

`task.json` is a row of tasks.jsonl. Needs only what checking imports: msgspec, zstandard, tree-sitter
and the grammars. Prints the verdict as JSON and exits with 0 whatever it is; any other status means
that nothing was graded. With --environment, tests run right here, as another user: only in a container that is
thrown away, of an image that an exporter describes.
"""

import argparse
import sys
from pathlib import Path

import msgspec

from hybridgym.edits import apply_edits
from hybridgym.errors import HybridGymError, UsageError
from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.snapshots import unpack
from hybridgym.task import Status, ValidatedTask, Verdict
from hybridgym.tasks import kind_named
from hybridgym.tasks.base import TaskKind
from hybridgym.workspace import read_changes


def check_one(
    task: Path, start: Path, workspace: Path | None, patch: Path | None, environment: Path | None = None
) -> Verdict:
    """Return the verdict on a workspace, or on a patch where there is no workspace.

    `environment` is the environment.json of a task that is graded by tests. Raises HybridGymError, OSError or
    msgspec.DecodeError where a file cannot be read, or nothing can run.
    """
    row = msgspec.json.decode(task.read_bytes(), type=ValidatedTask)
    tree = apply_edits(unpack(start.read_bytes()), row.start_edits)
    kind = kind_named(row.task_kind)
    if kind.needs_tests:
        kind = _with_tests(kind, environment)
    data = patch.read_bytes() if patch is not None else b""
    try:
        changes = read_changes(tree, workspace) if workspace is not None else apply_patch(tree, data)
        if isinstance(changes, Refusal):
            return _failed(row, Status.DOES_NOT_APPLY, changes.reason)
        return kind.check(row, tree, changes)
    except HybridGymError:
        raise
    except Exception as error:  # As `load_suite` grades: it is the submission that is at fault.
        return _failed(row, Status.ERROR, f"{type(error).__name__}: {error}")


def _failed(row: ValidatedTask, status: Status, reason: str) -> Verdict:
    return Verdict(instance_id=row.instance_id, status=status, reward=0.0, reason=reason)


def _with_tests(kind: TaskKind, environment: Path | None) -> TaskKind:
    """Return a kind with what runs its tests."""
    # Only who grades by tests pays for loading this.
    from hybridgym.environments.base import Environment
    from hybridgym.testbeds import testbed_of

    if environment is None:
        message = f"--environment: expected the environment.json of the task, because {kind.name} is graded by tests"
        raise UsageError(message)
    return kind.on(testbed_of(msgspec.json.decode(environment.read_bytes(), type=Environment), "container"))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m hybridgym.check_one", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--task", type=Path, required=True, help="file with the row of the task")
    parser.add_argument("--start", type=Path, required=True, help="the row's snapshot: sources/<source>.tar.zst")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--workspace", type=Path, help="folder in which an agent worked")
    what.add_argument("--patch", type=Path, help="file with a patch")
    parser.add_argument("--environment", type=Path, help="environment.json of the task, where tests grade it")
    parser.add_argument("--out", type=Path, help="file for the verdict instead of standard output")
    parser.add_argument("--reward", type=Path, help='file for the reward alone: {"reward": 1.0}')
    options = parser.parse_args(arguments)
    try:
        verdict = check_one(options.task, options.start, options.workspace, options.patch, options.environment)
    except (HybridGymError, OSError, msgspec.DecodeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    text = msgspec.json.encode({**msgspec.to_builtins(verdict), "resolved": verdict.resolved}) + b"\n"
    if options.out is not None:
        options.out.write_bytes(text)
    else:
        sys.stdout.buffer.write(text)
    if options.reward is not None:
        options.reward.write_bytes(msgspec.json.encode({"reward": verdict.reward}) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
