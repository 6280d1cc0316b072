"""ValidatedTask ↔ JSONL: a suite's folder, written as a whole and read row by row.

tasks.jsonl             one validated task per line, sorted by instance_id; in shards where there are many
suite.json              SuiteInfo: what made the suite, and what is in it
rejections.jsonl        what did not become a task, and why
sources/<tree>.tar.zst  the snapshots that tasks start from
environments/<id>/      Dockerfile and environment.json; start_state.py beside them is what they run
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

import msgspec

from hybridgym.edits import apply_edits
from hybridgym.environments import Environment, write_environments
from hybridgym.errors import HybridGymError, SuiteError, UsageError
from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.rows import ROWS as ROWS
from hybridgym.rows import SHARD_ROWS, SortedLines, row_files, sorted_rows, write_rows
from hybridgym.sources import Sources
from hybridgym.splits import TEST_SHARE, split_of
from hybridgym.task import SCHEMA_VERSION, Change, Rejection, Status, Task, Tree, ValidatedTask, Value, Verdict
from hybridgym.unfinished import ENVIRONMENTS as ENVIRONMENTS
from hybridgym.unfinished import INFO as INFO
from hybridgym.unfinished import REJECTIONS as REJECTIONS
from hybridgym.unfinished import SOURCES as SOURCES
from hybridgym.unfinished import Unfinished, claimed

if TYPE_CHECKING:
    from hybridgym.testbeds import Testbed

SANDBOX, DOCKER = RUNTIMES = "sandbox", "docker"
"""Where tests run."""

T = TypeVar("T")


class UnknownTaskError(SuiteError, KeyError):
    """No task of that id; also a KeyError, because a suite is a Mapping."""

    def __str__(self) -> str:
        return str(self.args[0])


class KindInfo(Value, frozen=True, kw_only=True):
    """With which version and knobs a kind's tasks were made."""

    version: int
    checker_version: int
    knobs: dict[str, Any] = msgspec.field(default_factory=dict)


class Shortfall(Value, frozen=True, kw_only=True):
    """Fewer tasks than were asked for."""

    kind: str
    subject: str = ""
    """Where it is not the kind as a whole: the stratum or repository."""
    wanted: int
    found: int


class Run(Value, frozen=True, kw_only=True):
    """What a suite is made by and cannot say of itself."""

    hybridgym: str
    """Version of this package."""
    seed: int
    kinds: dict[str, KindInfo]
    shortfalls: tuple[Shortfall, ...] = ()
    graph: dict[str, int] = msgspec.field(default_factory=dict)
    """Counts over all repositories read: definitions, references by outcome, closed functions, …"""
    funnel: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """Kind that is made of commits → step (`funnel.STEPS`) → how many came to it."""
    excluded_repositories: dict[str, int] = msgspec.field(default_factory=dict)
    """List of repositories that were to be left out → how many it has."""
    created_after: str = ""
    created_before: str = ""
    """Which states were asked for, ISO 8601 in UTC; empty for no limit."""
    near_duplicates: float | None = None
    """The similarity from which on the later of two tasks was left out; None where duplicates were kept."""
    selected: tuple[str, ...] = ()
    """Conditions by which its tasks were chosen from those of another suite."""
    test_share: float = TEST_SHARE
    """Of the projects, about: those of the split `test`."""
    model: dict[str, Any] | None = None
    """Name and parameters of the language model that wrote descriptions; None where none did."""


class SuiteInfo(Run, frozen=True, kw_only=True):
    """The content of suite.json."""

    schema_version: int = SCHEMA_VERSION
    tasks: int
    tasks_per_kind: dict[str, int]
    tasks_per_repository: dict[str, int]
    rejections_per_reason: dict[str, int]
    """`stage: reason` → how many."""
    licenses: dict[str, str]
    """SPDX expression of each repository."""
    splits: dict[str, str] = msgspec.field(default_factory=dict)
    """`train` or `test` of each repository."""
    tasks_per_split: dict[str, int] = msgspec.field(default_factory=dict)
    tasks_sha256: str


class Checker(Protocol):
    """What a suite asks of a task kind; one whose `needs_tests` is true is given a testbed by `on(testbed)`."""

    def check(self, task: Task, start: Tree, changes: Sequence[Change]) -> Verdict:
        """Decide whether the changes solve the task."""


# Writing


def write_suite(
    out: Path,
    tasks: Iterable[ValidatedTask],
    *,
    run: Run,
    environments: Iterable[Environment],
    sources: Callable[[str], bytes] | None,
    rejections: Iterable[Rejection] = (),
    overwrite: bool = False,
    shard_rows: int = SHARD_ROWS,
) -> SuiteInfo:
    """Write a suite's folder; neither tasks nor rejections are held in memory.

    `sources` gives the packed snapshot of a tree id and is asked once for each that a task starts from; None leaves
    the snapshots out. More than `shard_rows` rows go to several files. Raises UsageError where `out` holds something
    else, a suite that may not be overwritten or what another run is writing, and SuiteError where two tasks have one
    id or a task's environment is not given. What `out` held is untouched until all is written.
    """
    with claimed(out, overwrite) as unfinished:
        info = write_parts(
            unfinished,
            tasks,
            run=run,
            environments=environments,
            sources=sources,
            rejections=rejections,
            shard_rows=shard_rows,
        )
        unfinished.publish()
    return info


def write_parts(
    unfinished: Unfinished,
    tasks: Iterable[ValidatedTask],
    *,
    run: Run,
    environments: Iterable[Environment],
    sources: Callable[[str], bytes] | None,
    rejections: Iterable[Rejection] = (),
    shard_rows: int = SHARD_ROWS,
) -> SuiteInfo:
    """Write the parts of a suite, as `write_suite` does, before they have their places.

    `tasks` are read before `environments` and `rejections`.
    """
    staging = unfinished.staging()
    contents = _Contents(run.test_share)
    rows = sorted_rows(unfinished.folder)
    for task in tasks:
        rows.add(msgspec.json.encode(task) + b"\n")
        contents.add(task)
    digest = write_rows(staging, rows, shard_rows)
    rows.remove()
    write_environments(staging / ENVIRONMENTS, contents.environments, environments)
    reasons = _write_rejections(staging / REJECTIONS, rejections, unfinished.folder)
    if sources is not None:
        _write_sources(staging / SOURCES, contents.sources, sources)
    info = SuiteInfo(
        **msgspec.structs.asdict(run),
        tasks=contents.kinds.total(),
        tasks_per_kind=_sorted(contents.kinds),
        tasks_per_repository=_sorted(contents.repositories),
        rejections_per_reason=_sorted(reasons),
        licenses=_sorted(contents.licenses),
        splits=_sorted(contents.splits),
        tasks_per_split=_sorted(contents.of_split),
        tasks_sha256=digest,
    )
    write_info(staging, info)
    return info


def write_info(folder: Path, info: SuiteInfo) -> None:
    """Write suite.json, as a whole or not at all."""
    unfinished = folder / f".{INFO}"
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(info, order="deterministic"), indent=2) + b"\n")
    unfinished.replace(folder / INFO)


class _Contents:
    """What is counted while rows are written."""

    def __init__(self, test_share: float) -> None:
        self._test_share = test_share
        self.splits: dict[str, str] = {}
        self.of_split: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.repositories: Counter[str] = Counter()
        self.licenses: dict[str, str] = {}
        self.sources: set[str] = set()
        self.environments: set[str] = set()

    def add(self, task: ValidatedTask) -> None:
        self.kinds[task.task_kind] += 1
        self.repositories[task.repo] += 1
        self.licenses[task.repo] = task.license
        split = split_of(task, self._test_share)
        self.splits[task.repo] = split
        self.of_split[split] += 1
        self.sources.add(task.source)
        self.environments.add(task.environment)


def _write_rejections(path: Path, rejections: Iterable[Rejection], folder: Path) -> Counter[str]:
    """Write rejections sorted by their fields; return how many there are of each reason."""
    decoder = msgspec.json.Decoder(Rejection)
    lines = SortedLines(folder, lambda line: msgspec.structs.astuple(decoder.decode(line)))
    reasons: Counter[str] = Counter()
    for rejection in rejections:
        lines.add(msgspec.json.encode(rejection) + b"\n")
        reasons[f"{rejection.stage}: {rejection.reason}"] += rejection.count
    with path.open("wb") as file:
        file.writelines(lines)
    lines.remove()
    return reasons


def _write_sources(folder: Path, needed: set[str], sources: Callable[[str], bytes]) -> None:
    folder.mkdir()
    for name in sorted(needed):
        (folder / f"{name}.tar.zst").write_bytes(sources(name))


def _sorted(values: Mapping[str, T]) -> dict[str, T]:
    return dict(sorted(values.items()))


# Reading


class SuiteTask:
    """A row with what it starts from: what a submission is checked against."""

    def __init__(self, row: ValidatedTask, suite: "Suite") -> None:
        self.row = row
        self._suite = suite

    @property
    def source(self) -> Tree:
        """The repository as it was found; raises SuiteError where the suite does not have it undamaged."""
        return self._suite.sources.tree(self.row.source)

    @property
    def start(self) -> Tree:
        """What an agent is given: the source after the start edits."""
        return apply_edits(self.source, self.row.start_edits)

    def check(self, patch: str | bytes, sample: int = 0) -> Verdict:
        """Grade a patch against the start state."""
        data = patch.encode("utf-8", "surrogatepass") if isinstance(patch, str) else patch
        return self._grade(lambda start: apply_patch(start, data), sample)

    def check_changes(self, changes: Sequence[Change], sample: int = 0) -> Verdict:
        """Grade changes of the start state."""
        return self._grade(lambda start: changes, sample)

    def check_workspace(self, directory: str | os.PathLike[str], sample: int = 0) -> Verdict:
        """Grade the files of a folder that was laid out as the start state; its git history is not read."""
        from hybridgym.workspace import read_changes

        return self._grade(lambda start: read_changes(start, Path(directory)), sample)

    def check_archive(self, archive: bytes, sample: int = 0) -> Verdict:
        """Grade a tar archive, not compressed, of such a folder."""
        from hybridgym.workspace import read_archive

        return self._grade(lambda start: read_archive(start, archive), sample)

    def _grade(self, read: Callable[[Tree], Sequence[Change] | Refusal], sample: int) -> Verdict:
        start = self.start
        try:
            changes = read(start)
            if isinstance(changes, Refusal):
                return self._failed(Status.DOES_NOT_APPLY, changes.reason, sample)
            verdict = self._suite.kind(self.row).check(self.row, start, changes)
        except HybridGymError:
            raise
        except Exception as error:  # One submission must not end the grading of the others.
            return self._failed(Status.ERROR, f"{type(error).__name__}: {error}", sample)
        return msgspec.structs.replace(verdict, sample=sample)

    def _failed(self, status: Status, reason: str, sample: int) -> Verdict:
        return Verdict(instance_id=self.row.instance_id, status=status, reward=0.0, reason=reason, sample=sample)


class Suite(Mapping[str, SuiteTask]):
    """The tasks of a folder by instance_id, in the order of the file; a row is read when it is asked for."""

    def __init__(self, folder: Path, checker: "CheckerOf", runtime: str = SANDBOX) -> None:
        self.folder = folder
        self.runtime = runtime
        self.info = read_info(folder)
        self.checker = checker
        self._places = _places(row_files(folder))
        self._row_decoder = msgspec.json.Decoder(ValidatedTask)
        self.sources = Sources(folder / SOURCES)
        self._testbeds: dict[str, Testbed] = {}

    def kind(self, row: Task) -> Checker:
        """Return what grades a row; where tests have to run, its environment is made if it is not there."""
        kind = self.checker(row.task_kind)
        if not getattr(kind, "needs_tests", False):
            return kind
        bound: Checker = kind.on(self.testbed(row.environment))  # type: ignore[attr-defined]
        return bound

    def testbed(self, environment: str) -> "Testbed":
        """Return where tests of an environment run; raises as `testbed_of` does."""
        if environment not in self._testbeds:
            self._testbeds[environment] = _testbed(self.folder, environment, self.runtime)
        return self._testbeds[environment]

    def __reduce__(self) -> tuple[object, ...]:
        return Suite, (self.folder, self.checker, self.runtime)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __contains__(self, instance_id: object) -> bool:
        return instance_id in self._places

    def __getitem__(self, instance_id: str) -> SuiteTask:
        try:
            place = self._places[instance_id]
        except KeyError:
            message = f"{self.folder}: no task {instance_id!r}"
            raise UnknownTaskError(message) from None
        with place.file.open("rb") as rows:
            rows.seek(place.offset)
            line = rows.read(place.length)
        where = f"{place.file}, row {place.number} ({instance_id})"
        return SuiteTask(_decode(self._row_decoder, line, where), self)


def read_environment(folder: Path, environment: str) -> Environment:
    """Return what a suite says of an environment; raises SuiteError."""
    file = folder / ENVIRONMENTS / environment / "environment.json"
    if not file.is_file():
        message = f"{file}: expected the environment of a task, found no file"
        raise SuiteError(message)
    return _decode(msgspec.json.Decoder(Environment), file.read_bytes(), str(file))


def _testbed(folder: Path, environment: str, runtime: str) -> "Testbed":
    """Return where tests of an environment run, made of what the suite says of it."""
    # Only who grades by tests pays for loading this.
    from hybridgym.testbeds import testbed_of

    return testbed_of(read_environment(folder, environment), runtime)


CheckerOf = Callable[[str], Checker]
"""What finds the checker of a task kind by name; raises UnknownNameError."""


def load_suite(path: str | os.PathLike[str], *, checker: CheckerOf | None = None, runtime: str = SANDBOX) -> Suite:
    """Open a suite's folder.

    Raises SuiteError where it is none, two rows have one id, or a row is broken or of another schema; a row's other
    fields are checked when it is asked for. Columns that this version does not know are accepted.
    `checker` finds the checkers of kinds that are not part of this package. `runtime` is where tests run: `sandbox`, or
    `docker` in the images that `hybridgym env build` made; UsageError where it is neither.
    """
    if runtime not in RUNTIMES:
        message = f"runtime: expected {' or '.join(RUNTIMES)}, found {runtime!r}"
        raise UsageError(message)
    return Suite(Path(path), checker or _checker_named, runtime)


def read_info(folder: Path) -> SuiteInfo:
    """Read suite.json; raises SuiteError."""
    missing = INFO if not (folder / INFO).is_file() else "" if row_files(folder) else ROWS
    if missing:
        message = f"{folder}: expected a suite, found no {missing} in it"
        raise SuiteError(message)
    return _decode(msgspec.json.Decoder(SuiteInfo), (folder / INFO).read_bytes(), str(folder / INFO))


def row_schema() -> bytes:
    """Return the JSON Schema of a row."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(ValidatedTask)}
    return msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n"


def _checker_named(kind: str) -> Checker:
    from hybridgym.tasks import kind_named

    return kind_named(kind)


class _Place(NamedTuple):
    """Where a row stands in its file: bytes, and its number from 1."""

    file: Path
    offset: int
    length: int
    number: int


class _Key(Value, frozen=True):
    """What is read of every row when a suite is opened."""

    instance_id: str
    schema_version: int


def _places(files: Iterable[Path]) -> dict[str, _Place]:
    """Find where each row stands, in the order of the files."""
    decoder = msgspec.json.Decoder(_Key)
    places: dict[str, _Place] = {}
    for file in files:
        offset = 0
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                where = f"{file}, row {number}"
                key = _decode(decoder, line, where)
                if key.schema_version != SCHEMA_VERSION:
                    found = f"schema_version: expected {SCHEMA_VERSION}, found {key.schema_version}"
                    message = f"{where}: {found}: another version of hybridgym wrote this suite"
                    raise SuiteError(message)
                if key.instance_id in places:
                    first = places[key.instance_id]
                    place = f"row {first.number}" if first.file == file else f"{first.file.name}, row {first.number}"
                    message = f"{where}: instance_id: expected one row, found {key.instance_id!r} in {place} too"
                    raise SuiteError(message)
                places[key.instance_id] = _Place(file, offset, len(line), number)
                offset += len(line)
    return places


def _decode(decoder: msgspec.json.Decoder[T], data: bytes, where: str) -> T:
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"{where}: {error}"
        raise SuiteError(message) from None
