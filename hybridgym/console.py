"""What a person sees: tables, and bars on a terminal."""

import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Task as ProgressTask
from rich.table import Table
from rich.text import Text

from hybridgym.progress import Ended, JsonReporter, Reporter

PLAIN_WIDTH = 200
"""Columns of a table that goes to a file or a pipe, where nothing wraps."""


def console() -> Console:
    """Return where tables go: standard output."""
    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PLAIN_WIDTH)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Return a table whose columns but the first are aligned to the right."""
    made = Table(title=title, title_justify="left", show_edge=False)
    for number, column in enumerate(columns):
        made.add_column(column, justify="left" if number == 0 else "right", no_wrap=True, overflow="ignore")
    for row in rows:
        made.add_row(*(str(cell) for cell in row))
    return made


def reporting(in_json: bool) -> AbstractContextManager[Reporter]:
    """Return what tells of progress on standard error: a person, or a program."""
    return nullcontext(JsonReporter(sys.stderr)) if in_json else ConsoleReporter()


class ConsoleReporter(Reporter):
    """Progress on standard error: a bar for each stage on a terminal, nothing elsewhere."""

    def __init__(self, screen: Console | None = None) -> None:
        shown = screen or Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[tasks]} tasks, {task.fields[rejections]} rejected"),
            _Rate(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=shown,
            disable=not shown.is_terminal,
        )
        self._task = TaskID(0)
        self._tasks = self._rejections = 0

    def __enter__(self) -> "ConsoleReporter":
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def begin(self, stage: str, total: int) -> None:
        """Start a bar."""
        self._task = self._progress.add_task(
            stage, total=total, note="", tasks=self._tasks, rejections=self._rejections
        )

    def advance(self, ended: Ended) -> None:
        """Move the bar on; what failed stays to be read above it."""
        self._tasks += ended.tasks
        self._rejections += ended.rejections
        self._progress.update(self._task, advance=1, note=ended.repo, tasks=self._tasks, rejections=self._rejections)
        if ended.failure and not self._progress.disable:
            self._progress.console.print(f"{ended.repo}: {ended.failure}", style="yellow", markup=False)


class _Rate(ProgressColumn):
    """Units in a minute."""

    def render(self, task: ProgressTask) -> Text:
        """Return the rate of the last while, once there is one."""
        return Text(f"{task.speed * 60:.1f}/min" if task.speed else "", style="progress.data.speed")
