"""A tiny repository, tasks on it and a suite of them, made by hand: no kind, no parser and no graph is involved."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from hybridgym.edits import apply_edits
from hybridgym.environments import Environment
from hybridgym.snapshots import commit_id, pack, tree_id
from hybridgym.suite import KindInfo, Run, Suite, load_suite, write_suite
from hybridgym.task import (
    EXECUTABLE,
    LINK,
    Change,
    Edit,
    Evidence,
    File,
    Rejection,
    Status,
    Task,
    Tree,
    ValidatedTask,
    Verdict,
)

ANSWER = "Weave the forty-two threads into one cloth."
DOCUMENTED = f'def weave(threads):\n    """{ANSWER}"""\n    return "".join(threads)\n'.encode()
UNDOCUMENTED = b'def weave(threads):\n    return "".join(threads)\n'

TREE: Tree = {
    # Told by these, git alone would store other bytes than the files have.
    ".gitattributes": File(b"* text=auto eol=lf ident\n*.bin filter=lfs -diff\n"),
    ".gitignore": File(b"*.log\n"),
    "kept.log": File(b"$Id$ tracked though ignored\n"),
    "link": File(b"src/weaving.py", LINK),
    "run": File(b"#!/bin/sh\nexit 0\n", EXECUTABLE),
    "src/data.bin": File(bytes(range(256))),
    "src/näme with space.txt": File(b"one\r\ntwo\r\n"),
    "src/weaving.py": File(DOCUMENTED),
}


def make_edit(start: int, end: int, new: str) -> Edit:
    """Replace bytes of the documented file."""
    return Edit(
        path="src/weaving.py",
        start=start,
        end=end,
        old_sha256=hashlib.sha256(DOCUMENTED[start:end]).hexdigest(),
        new=new,
    )


EDIT = make_edit(DOCUMENTED.index(b'    """'), DOCUMENTED.index(b"    return"), "")

GOLD = f"""\
diff --git a/src/weaving.py b/src/weaving.py
--- a/src/weaving.py
+++ b/src/weaving.py
@@ -1,2 +1,3 @@
 def weave(threads):
+    \"\"\"{ANSWER}\"\"\"
     return "".join(threads)
"""

ENVIRONMENT = Environment()
RUN = Run(hybridgym="0.0.0", seed=7, kinds={"restore": KindInfo(version=1, checker_version=1)})


def make_task(
    name: str = "1", *, edits: tuple[Edit, ...] = (EDIT,), environment: Environment = ENVIRONMENT
) -> ValidatedTask:
    """Make a task that wants `src/weaving.py` as it was before the edits."""
    return ValidatedTask(
        instance_id=f"acme__loom.12345678.restore-{name}",
        task_kind="restore",
        kind_version=1,
        checker_version=1,
        repo="acme/loom",
        upstream="acme/loom",
        base_commit="0" * 40,
        source=tree_id(TREE),
        language="python",
        license="MIT",
        created_at="2024-01-01T00:00:00Z",
        problem_statement="Document the function that makes one of many.",
        start_edits=edits,
        start_commit=commit_id(tree_id(apply_edits(TREE, edits))),
        environment=environment.id,
        answer={"documentation": ANSWER},
        patch=GOLD,
        difficulty={"files": 8},
        tags=("tiny",),
        evidence=Evidence(gold="resolved", empty="unresolved", near_misses=()),
    )


def make_suite(
    out: Path,
    tasks: Iterable[ValidatedTask] | None = None,
    *,
    rejections: Sequence[Rejection] = (),
    shard_rows: int = 9,
    overwrite: bool = False,
) -> Suite:
    """Write a suite of tasks on TREE, by default of one, and open it."""
    write_suite(
        out,
        [make_task()] if tasks is None else tasks,
        run=RUN,
        environments=[ENVIRONMENT],
        sources={tree_id(TREE): pack(TREE)}.__getitem__,
        rejections=rejections,
        overwrite=overwrite,
        shard_rows=shard_rows,
    )
    return load_suite(out, checker=checker_named)


class Restore:
    """The kind of the tasks here: solved by the one change that brings the documentation back."""

    def check(self, task: Task, start: Tree, changes: Sequence[Change]) -> Verdict:
        """Compare the one file; fails, as a broken kind would, where the file is gone."""
        verdict = Verdict(instance_id=task.instance_id, status=Status.UNRESOLVED, reward=0.0, reason="not restored")
        for change in changes:
            if change.after is None:
                message = f"cannot read {change.path}"
                raise RuntimeError(message)
            if change.path == "src/weaving.py" and change.after.data == DOCUMENTED:
                return replace(verdict, status=Status.RESOLVED, reward=1.0, reason="restored")
        return verdict


def checker_named(name: str) -> Restore:
    """Know the one kind."""
    return {"restore": Restore()}[name]
