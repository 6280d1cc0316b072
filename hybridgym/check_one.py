"""Grade one workspace or patch against one task: for a container, or a reward function in another process.

    python -m hybridgym.check_one --task task.json --start SNAPSHOT.tar.zst --workspace /testbed

`task.json` is a row of tasks.jsonl. Needs only what checking imports: msgspec, zstandard, tree-sitter
and the grammar. Prints the verdict as JSON and exits with 0 whatever it is; any other status means
that nothing was graded.
"""

import argparse
import sys
from pathlib import Path

import msgspec

from hybridgym.edits import apply_edits
from hybridgym.errors import HybridGymError
from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.snapshots import unpack
from hybridgym.task import Status, ValidatedTask, Verdict
from hybridgym.tasks import kind_named
from hybridgym.workspace import read_changes


def check_one(task: Path, start: Path, workspace: Path | None, patch: Path | None) -> Verdict:
    """Return the verdict on a workspace, or on a patch where there is no workspace.

    Raises HybridGymError, OSError or msgspec.DecodeError where task or snapshot cannot be read.
    """
    row = msgspec.json.decode(task.read_bytes(), type=ValidatedTask)
    tree = apply_edits(unpack(start.read_bytes()), row.start_edits)
    if workspace is not None:
        changes = read_changes(tree, workspace)
    else:
        changes = apply_patch(tree, patch.read_bytes() if patch is not None else b"")
    if isinstance(changes, Refusal):
        reason = changes.reason
        return Verdict(instance_id=row.instance_id, status=Status.DOES_NOT_APPLY, reward=0.0, reason=reason)
    return kind_named(row.task_kind).check(row, tree, changes)


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
    parser.add_argument("--out", type=Path, help="file for the verdict instead of standard output")
    parser.add_argument("--reward", type=Path, help='file for the reward alone: {"reward": 1.0}')
    options = parser.parse_args(arguments)
    try:
        verdict = check_one(options.task, options.start, options.workspace, options.patch)
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
