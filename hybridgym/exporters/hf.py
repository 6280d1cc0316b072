"""Hugging Face: a folder that is a dataset as it is, with the suite beside the rows.

    README.md                   the dataset card: configurations, figures, licences, use
    data/<kind>/<split>-*.parquet   rows; one configuration for each kind, so that columns have one type
    repositories.jsonl          what the rows are made of, with licences
    suite/                      the suite, for `hybridgym check`

Repositories are the unit of a split: no repository, under any of its names, is in both.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hybridgym.errors import MissingDependencyError, UsageError
from hybridgym.exporters.base import Export, Exporter
from hybridgym.exporters.hf_card import Contents, card
from hybridgym.splits import split_of
from hybridgym.suite import ENVIRONMENTS, INFO, SOURCES
from hybridgym.task import Edit, ValidatedTask, Value

if TYPE_CHECKING:
    import pyarrow

DATA, SUITE = "data", "suite"
ROWS_OF_FILE: Final = 50_000
"""More go to another file."""
ROWS_OF_GROUP: Final = 500
"""What a reader that streams holds at once; the Hub's viewer refuses large ones."""
_MISSING: Final = "{module} is not installed; install it with: pip install 'hybridgym[hf]'"
_AS_TEXT: Final = ("answer", "evidence")
"""Columns whose keys differ from row to row: JSON."""


class Options(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the exporter."""

    title: str = "Skill tasks for coding agents"
    """Heading of the card."""
    test_percent: int | None = None
    """Of the projects, about, instead of what suite.json says of each; 0 for no test split."""
    with_suite: bool = True
    """Put the suite beside the rows."""


class HuggingFace(Exporter):
    """A dataset: every task is a row."""

    name = "hf"
    options = Options

    def write(self, export: Export) -> None:
        columns = _difficulties(export)
        contents = Contents()
        with _Files(export.folder / DATA, columns) as files:
            for task in export.tasks():
                row = task.row
                split = _split(row, export)
                files.add(split, row)
                contents.add(split, row)
                export.keep(row)
        if export.options.with_suite:
            _copy_suite(export.suite.folder, export.folder / SUITE)
        lines = [msgspec.json.encode(place) + b"\n" for place in contents.listed()]
        (export.folder / "repositories.jsonl").write_bytes(b"".join(lines))
        text = card(export.options.title, contents, export.suite.info, with_suite=export.options.with_suite)
        (export.folder / "README.md").write_text(text, encoding="utf-8")

    def push(self, folder: Path, repository: str) -> str:
        try:
            from huggingface_hub import HfApi
        except ImportError:
            message = _MISSING.format(module="huggingface_hub")
            raise MissingDependencyError(message) from None
        client = HfApi(library_name="hybridgym")
        try:
            made = client.create_repo(repository, repo_type="dataset", exist_ok=True)
            client.upload_folder(
                repo_id=made.repo_id,
                repo_type="dataset",
                folder_path=folder,
                commit_message="Upload of a suite",
                # What an older upload had and this has not.
                delete_patterns=[f"{DATA}/**", f"{SUITE}/**"],
            )
        except Exception as error:  # Whatever the client's transport raises: it has changed with its versions.
            message = f"{repository}: {error}"
            raise UsageError(message) from error
        return str(made)


def _split(row: ValidatedTask, export: Export) -> str:
    """Return the split of a row: the suite's, unless another share is asked for."""
    info, percent = export.suite.info, export.options.test_percent
    if percent is not None:
        return split_of(row, percent / 100)
    return info.splits.get(row.repo) or split_of(row, info.test_share)


def _difficulties(export: Export) -> dict[str, dict[str, bool]]:
    """Return of each kind the names of its difficulties, and whether one is no whole number."""
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    for task in export.suite.values():
        for name, value in task.row.difficulty.items():
            found[task.row.task_kind][name] = found[task.row.task_kind].get(name, False) or isinstance(value, float)
    return {kind: dict(sorted(names.items())) for kind, names in found.items()}


class _Files:
    """The Parquet files of an export, written as rows come."""

    def __init__(self, folder: Path, difficulties: dict[str, dict[str, bool]]) -> None:
        self._folder = folder
        self._difficulties = difficulties
        self._waiting: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._writers: dict[tuple[str, str], Any] = {}
        self._written: Counter[tuple[str, str]] = Counter()

    def __enter__(self) -> "_Files":
        return self

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            for place in sorted(self._waiting):
                self._flush(place)
        for writer in self._writers.values():
            writer.close()
        for (kind, split), rows in self._written.items():
            files = -(-rows // ROWS_OF_FILE)
            for number in range(files):
                unnamed = self._folder / kind / f"{split}-{number:05}.parquet"
                unnamed.rename(unnamed.with_name(f"{split}-{number:05}-of-{files:05}.parquet"))

    def add(self, split: str, row: ValidatedTask) -> None:
        place = row.task_kind, split
        self._waiting[place].append(_cells(row, self._difficulties.get(row.task_kind, {})))
        if len(self._waiting[place]) == ROWS_OF_GROUP:
            self._flush(place)

    def _flush(self, place: tuple[str, str]) -> None:
        kind, split = place
        rows, self._waiting[place] = self._waiting[place], []
        if not rows:
            return
        arrow, parquet = _pyarrow()
        schema = _schema(self._difficulties.get(kind, {}))
        if self._written[place] % ROWS_OF_FILE == 0:
            if place in self._writers:
                self._writers[place].close()
            path = self._folder / kind / f"{split}-{self._written[place] // ROWS_OF_FILE:05}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writers[place] = parquet.ParquetWriter(path, schema, compression="zstd")
        self._writers[place].write_table(arrow.Table.from_pylist(rows, schema=schema))
        self._written[place] += len(rows)


def _cells(row: ValidatedTask, difficulties: dict[str, bool]) -> dict[str, Any]:
    """Return a row as Parquet has it."""
    cells: dict[str, Any] = msgspec.to_builtins(row)
    cells["difficulty"] = {name: cells["difficulty"].get(name) for name in difficulties}
    for name in _AS_TEXT:
        cells[name] = msgspec.json.encode(cells[name]).decode()
    return cells


def _schema(difficulties: dict[str, bool]) -> "pyarrow.Schema":
    arrow, _ = _pyarrow()
    text = arrow.string()
    edit = arrow.struct([(n, arrow.int64() if n in ("start", "end") else text) for n in Edit.__struct_fields__])
    numbers = [(name, arrow.float64() if is_float else arrow.int64()) for name, is_float in difficulties.items()]
    types = {
        **dict.fromkeys(("schema_version", "kind_version", "checker_version"), arrow.int64()),
        **dict.fromkeys(("FAIL_TO_PASS", "PASS_TO_PASS", "tags"), arrow.list_(text)),
        "start_edits": arrow.list_(edit),
        "difficulty": arrow.struct(numbers),
    }
    # Parquet has no place for a struct without fields.
    names = [name for name in ValidatedTask.__struct_fields__ if name != "difficulty" or numbers]
    return arrow.schema([(name, types.get(name, text)) for name in names])


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        message = _MISSING.format(module="pyarrow")
        raise MissingDependencyError(message) from None
    return pyarrow, pyarrow.parquet


def _copy_suite(suite: Path, folder: Path) -> None:
    """Copy what `hybridgym check` needs."""
    for path in _parts(suite):
        target = folder / path.relative_to(suite)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _parts(suite: Path) -> Iterator[Path]:
    yield suite / INFO
    yield from sorted(suite.glob("tasks*.jsonl"))
    for name in (SOURCES, ENVIRONMENTS):
        yield from sorted(path for path in (suite / name).rglob("*") if path.is_file())
