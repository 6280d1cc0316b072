"""What a person sees: tables and progress. Bars on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Iterable, Sequence
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from hybridgym.progress import Reporter

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


class ConsoleReporter(Reporter):
    """Progress on standard error."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        self._task = TaskID(0)
        self._stage = ""

    def __enter__(self) -> "ConsoleReporter":
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def begin(self, stage: str, total: int) -> None:
        """Start a bar, or print a line."""
        self._stage = stage
        self._task = self._progress.add_task(stage, total=total, note="")
        if self._progress.disable:
            print(f"{stage}: {total}", file=sys.stderr)

    def advance(self, note: str) -> None:
        """Move the bar on, or print a line."""
        self._progress.update(self._task, advance=1, note=note)
        if self._progress.disable:
            print(f"{self._stage}: {note}", file=sys.stderr)
