"""What an exporter is: it writes the tasks of a suite as files that another tool reads.

Each task of the suite is either kept or dropped for a reason, and both are counted. Beside what the tool reads, a
folder has two files:

    dropped.jsonl   what the format cannot express, or its tool would misjudge: Dropped, sorted by instance_id
    export.json     Exported: what is in the folder; written last, so a folder that has it is whole
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec

import hybridgym
from hybridgym.errors import UsageError
from hybridgym.suite import Suite, SuiteTask
from hybridgym.task import ValidatedTask, Value

INFO: Final = "export.json"
DROPPED: Final = "dropped.jsonl"
_STAGING: Final = ".unfinished"


class Dropped(Value, frozen=True, kw_only=True):
    """A task that is not part of an export, and why."""

    instance_id: str
    task_kind: str
    reason: str
    """A short fixed phrase: what is counted."""
    detail: str = ""


class Exported(Value, frozen=True, kw_only=True):
    """What an export holds: the content of export.json."""

    hybridgym: str
    exporter: str
    options: dict[str, Any]
    tasks_sha256: str
    """Of the suite's tasks.jsonl."""
    tasks: int
    tasks_per_kind: dict[str, int]
    dropped_per_reason: dict[str, int]
    """`kind: reason` → how many."""


NOT_OURS: Final = "its kind is not part of hybridgym"
"""Why a format that takes hybridgym's checkers along has no place for a task."""


class NoOptions(Value, frozen=True, kw_only=True):
    """Of an exporter that has none."""


class Export:
    """One export under way: what is asked of the suite, and what becomes of its tasks."""

    def __init__(self, suite: Suite, folder: Path, options: Any, exporter: "Exporter") -> None:
        self.suite = suite
        self.folder = folder
        """Where to write; it is empty."""
        self.options = options
        self.kept: dict[str, str] = {}
        """Id → kind."""
        self.dropped: dict[str, Dropped] = {}
        self._exporter = exporter

    def tasks(self) -> Iterator[SuiteTask]:
        """Yield the tasks of the kinds that the exporter can express, by id; drop the others."""
        for instance_id in sorted(self.suite):
            task = self.suite[instance_id]
            if reason := self._exporter.refusal(task.row, self.is_graded_by_tests(task.row)):
                self.drop(task.row, reason)
            else:
                yield task

    def is_graded_by_tests(self, row: ValidatedTask) -> bool:
        """Whether a row's checker runs tests; if not, it reads edits."""
        return bool(getattr(self.suite.checker(row.task_kind), "needs_tests", False))

    def keep(self, row: ValidatedTask) -> None:
        """Count a task that was written."""
        assert row.instance_id not in self.dropped, row.instance_id
        self.kept[row.instance_id] = row.task_kind

    def drop(self, row: ValidatedTask, reason: str, detail: str = "") -> None:
        """Count a task that is not written."""
        assert row.instance_id not in self.kept, row.instance_id
        self.dropped[row.instance_id] = Dropped(
            instance_id=row.instance_id, task_kind=row.task_kind, reason=reason, detail=detail
        )


class Exporter(ABC):
    """Subclass it, name the subclass in `EXPORTERS`, and describe it in docs/exporters.md."""

    name: ClassVar[str]
    options: ClassVar[type[Value]] = NoOptions
    """Struct of its options: every field has a default."""

    def refusal(self, row: ValidatedTask, is_graded_by_tests: bool) -> str:
        """Say why the format has no place for tasks like this one, as a short fixed phrase; empty where it has."""
        return ""

    @abstractmethod
    def write(self, export: Export) -> None:
        """Write `export.tasks()` to `export.folder`, and keep or drop each."""

    def push(self, folder: Path, repository: str) -> str:
        """Upload an export; return where it is. Raises UsageError, and MissingDependencyError."""
        message = f"{self.name}: there is no place to push it to"
        raise UsageError(message)

    def export(
        self, suite: Suite, out: Path, *, overwrite: bool = False, options: Mapping[str, Any] | None = None
    ) -> Exported:
        """Write a suite to a new folder, or over an older export; nothing takes its place until all is written.

        Values of options may be text. Raises UsageError where an option is unknown or wrong, or `out` holds
        something else, SuiteError where the suite lacks sources or is damaged, and MissingDependencyError.
        """
        chosen = self.chosen(options or {})
        with _staged(out, overwrite) as staging:
            export = Export(suite, staging, chosen, self)
            self.write(export)
            lost = suite.keys() - export.kept.keys() - export.dropped.keys()
            assert not lost, f"{self.name}: neither kept nor dropped: {sorted(lost)}"
            rows = sorted(export.dropped.values(), key=lambda dropped: dropped.instance_id)
            (staging / DROPPED).write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
            exported = Exported(
                hybridgym=hybridgym.__version__,
                exporter=self.name,
                options=msgspec.to_builtins(chosen),
                tasks_sha256=suite.info.tasks_sha256,
                tasks=len(export.kept),
                tasks_per_kind=dict(sorted(Counter(export.kept.values()).items())),
                dropped_per_reason=dict(sorted(Counter(f"{row.task_kind}: {row.reason}" for row in rows).items())),
            )
            (staging / INFO).write_bytes(msgspec.json.format(msgspec.json.encode(exported), indent=2) + b"\n")
        return exported

    def chosen(self, options: Mapping[str, Any]) -> Value:
        """Return the options with their defaults; raises UsageError."""
        names = [field.name for field in msgspec.structs.fields(self.options)]
        if unknown := [name for name in options if name not in names]:
            message = f"{self.name}: expected an option ({', '.join(names) or 'it has none'}), found {unknown[0]!r}"
            raise UsageError(message)
        try:
            return msgspec.convert(options, self.options, strict=False)
        except msgspec.ValidationError as error:
            message = f"{self.name}: {error}"
            raise UsageError(message) from None


@contextmanager
def _staged(out: Path, overwrite: bool) -> Iterator[Path]:
    """Give an empty folder to write an export to; when it is written, move its parts to their places."""
    # Only who writes pays for loading this.
    from shutil import rmtree

    _refuse_foreign(out, overwrite)
    staging = out / _STAGING
    rmtree(staging, ignore_errors=True)
    new, old = staging / "new", staging / "old"
    new.mkdir(parents=True)
    old.mkdir()
    try:
        yield new
        # The old export stops being whole with its first move, the new one is whole with its last.
        _move([INFO, *_names(out)], out, old)
        _move([*_names(new), INFO], new, out)
    finally:
        rmtree(staging)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name not in (INFO, _STAGING))


def _move(names: list[str], source: Path, target: Path) -> None:
    for name in names:
        if (source / name).exists() or (source / name).is_symlink():
            (source / name).replace(target / name)


def _refuse_foreign(out: Path, overwrite: bool) -> None:
    """Raise UsageError unless an export may be written to `out`."""
    if not out.exists() or ((out / _STAGING).is_dir() and not (out / INFO).exists()):
        return
    if not out.is_dir():
        message = f"{out}: expected a folder, found a file"
        raise UsageError(message)
    if (out / INFO).is_file() and (out / DROPPED).is_file():
        if not overwrite:
            message = f"{out}: there is an export already; replace it with --overwrite, or name another folder"
            raise UsageError(message)
    elif any(out.iterdir()):
        message = f"{out}: expected an export or an empty folder, found other files"
        raise UsageError(message)
