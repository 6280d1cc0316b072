"""A suite of hybridgym as a taskset of verifiers: https://docs.primeintellect.ai/verifiers

This file becomes a package, beside the suite. An agent works on the start state in verifiers' runtime; what it leaves
there is read back and graded by hybridgym where verifiers itself runs: no answer and no checker is ever in the
agent's reach, unless the two share a file system, as in verifiers' `subprocess` runtime.
"""

import asyncio
import io
import tarfile
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import verifiers.v1 as vf

from hybridgym import Suite, load_suite
from hybridgym.tasks import TASK_KINDS
from hybridgym.workspace import lay_out

__all__ = ["HybridGymTaskset"]

_SUITE = Path(__file__).with_name("suite")
_FOLDER = "testbed"
"""In the folder that the runtime starts commands in."""
_PROMPT = """\
{statement}

The repository is in the folder `{folder}`. Change its files there; their state when you are done is your answer.
"""


class HybridGymData(vf.TaskData):  # type: ignore[misc]
    """What of a row may be known: nothing that a trace shows is an answer."""

    task_kind: str
    repo: str


class HybridGymConfig(vf.TasksetConfig):  # type: ignore[misc]
    """What can be set of the taskset."""

    kinds: list[str] = []  # noqa: RUF012
    """Task kinds to load; all of them where there are none."""
    image: str | None = None
    """Image with git, tar and a shell, for runtimes that are containers."""
    runtime: str = "sandbox"
    """Where hybridgym runs tests: `sandbox` or `docker`."""


class HybridGymTask(vf.Task[HybridGymData]):  # type: ignore[misc]
    """One row."""

    runtime_name = "sandbox"

    @property
    def key(self) -> str:
        """The row's id."""
        return str(self.data.id)

    async def setup(self, runtime: Any) -> None:
        """Lay out the start state, as a repository of one commit."""
        row = _suite(self.runtime_name)[self.key]
        await runtime.write("start.tar", await asyncio.to_thread(_packed, row))
        await _run(runtime, f"mkdir {_FOLDER} && tar -xf start.tar -C {_FOLDER} && rm start.tar")

    @vf.reward(weight=1.0)  # type: ignore[untyped-decorator]
    async def solved(self, runtime: Any) -> float:
        """Grade what the agent has left."""
        await _run(runtime, f"tar -cf work.tar --exclude=./.git -C {_FOLDER} .")
        work = await runtime.read("work.tar")
        row = _suite(self.runtime_name)[self.key]
        verdict = await asyncio.to_thread(row.check_archive, work)
        return verdict.reward

    async def validate(self, runtime: Any) -> bool:
        """Grade the right answer."""
        row = _suite(self.runtime_name)[self.key]
        await runtime.write("gold.patch", row.row.patch.encode())
        await _run(runtime, f"cd {_FOLDER} && git apply --whitespace=nowarn ../gold.patch")
        return bool(await self.solved(runtime) == 1.0)


class HybridGymTaskset(vf.Taskset[HybridGymTask, HybridGymConfig]):  # type: ignore[misc]
    """All rows of the suite."""

    def load(self) -> Iterator[HybridGymTask]:
        """Yield the rows as tasks."""
        for instance_id, task in _suite(self.config.runtime).items():
            row = task.row
            if row.task_kind not in (self.config.kinds or TASK_KINDS):
                continue
            data = HybridGymData(
                id=instance_id,
                name=instance_id,
                prompt=_PROMPT.format(statement=row.problem_statement.rstrip(), folder=_FOLDER),
                image=self.config.image,
                task_kind=row.task_kind,
                repo=row.repo,
            )
            made = HybridGymTask(data, self.config.task)
            made.runtime_name = self.config.runtime
            yield made


@cache
def _suite(runtime: str) -> Suite:
    return load_suite(_SUITE, runtime=runtime)


def _packed(row: Any) -> bytes:
    """Return the archive of a start state with its repository."""
    content = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        lay_out(row.start, Path(folder, "start"))
        with tarfile.open(fileobj=content, mode="w") as archive:
            archive.add(Path(folder, "start"), arcname=".")
    return content.getvalue()


async def _run(runtime: Any, command: str) -> None:
    done = await runtime.run(["sh", "-c", command], {})
    if done.exit_code:
        message = f"{command}: {done.stderr or done.stdout}"
        raise RuntimeError(message)
