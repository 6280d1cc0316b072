"""The values that a task is made of: files, edits, candidates, tasks, submissions and verdicts."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import force_setattr

WORKSPACE = "/testbed"
"""Where a task's files lie, in images and wherever its tests run."""
SCHEMA_VERSION = 1

REGULAR, EXECUTABLE, LINK = "100644", "100755", "120000"
"""The file modes a source may hold, as git writes them."""


class Value(msgspec.Struct, frozen=True):
    """Base of the values of this module."""


class File(Value, frozen=True):
    """A file of a repository: its bytes (a link's target) and its git mode."""

    data: bytes
    mode: str = REGULAR


Tree = Mapping[str, File]
"""All files of a state of a repository by POSIX path, in sorted order."""


class Change(Value, frozen=True, kw_only=True):
    """One path that differs between two trees; `before` is None for a new file, `after` for a deleted one."""

    path: str
    before: File | None
    after: File | None


class Edit(Value, frozen=True, kw_only=True):
    """Replace bytes [start, end) of `path`, whose sha256 is `old_sha256`, by `new` (UTF-8)."""

    path: str
    start: int
    end: int
    old_sha256: str
    new: str


class Candidate(Value, frozen=True, kw_only=True):
    """A task that the facts of a repository suggest: the answer is known, nothing is rendered or proven."""

    kind: str
    targets: tuple[str, ...]
    """Definition ids."""
    module: str
    """What sampling is spread over: the path of the (first) target."""
    stratum: str
    """What sampling is balanced over, such as the number of dependencies; may be empty."""
    language: str
    context: dict[str, Any]
    """What the statement's template sees."""
    answer: dict[str, Any]
    """What the kind's checker reads back."""
    start_edits: tuple[Edit, ...] = ()
    base: str = ""
    """The commit that it starts from; empty where that is the repository's own."""
    fix: str = ""
    """The commit that it is made of, if it is made of one."""
    patch: str = ""
    """The gold against the start state, where the source is not the answer."""
    test_patch: str = ""
    """Tests against the start state, which an agent does not see."""
    fail_to_pass: tuple[str, ...] = ()
    """Tests that fail in the start state and pass when the task is solved."""
    pass_to_pass: tuple[str, ...] = ()
    """Tests that pass in both."""
    descriptions: tuple[str, ...] = ()
    """Of each target, where the statement describes it instead of naming it: each has to single it out."""
    facts: tuple[str, ...] = ()
    """What the statement says besides, word for word."""
    removed: tuple[str, ...] = ()
    """Documentation of each target that the start edits take out."""
    hidden: tuple[str, ...] = ()
    """Names and paths that descriptions and facts must not say."""
    knobs: dict[str, Any] = msgspec.field(default_factory=dict)
    difficulty: dict[str, float | int] = msgspec.field(default_factory=dict)
    tags: tuple[str, ...] = ()


class Task(Value, frozen=True, kw_only=True):
    """A task as an agent gets it, with its answer; not yet proven. The fields are the row's."""

    instance_id: str
    task_kind: str
    schema_version: int = SCHEMA_VERSION
    kind_version: int
    checker_version: int
    repo: str
    upstream: str
    base_commit: str
    source: str
    language: str
    license: str
    created_at: str
    problem_statement: str
    start_edits: tuple[Edit, ...]
    start_commit: str
    environment: str
    image: str | None = None
    image_name: str | None = None
    docker_image: str | None = None
    answer: dict[str, Any]
    patch: str
    test_patch: str = ""
    FAIL_TO_PASS: tuple[str, ...] = ()
    PASS_TO_PASS: tuple[str, ...] = ()
    difficulty: dict[str, float | int]
    tags: tuple[str, ...]


class NearMissResult(Value, frozen=True, kw_only=True):
    """A wrong answer that the checker was shown, and what it said."""

    name: str
    status: str
    reward: float


class Evidence(Value, frozen=True, kw_only=True):
    """What was proven of a task before it was written."""

    gold: str
    """Status of the gold patch: always `resolved` in a suite."""
    empty: str
    """Status of the empty patch: never `resolved` in a suite."""
    near_misses: tuple[NearMissResult, ...]
    measured: dict[str, float | int] = msgspec.field(default_factory=dict)
    """Of tasks that are graded by tests: how well these tell right from wrong."""


class ValidatedTask(Task, frozen=True, kw_only=True):
    """A proven task: a row of a suite. Only `validation.validate` makes one of a Task."""

    evidence: Evidence


class Rejection(Value, frozen=True, kw_only=True):
    """Something that did not become a task, and why."""

    repo: str
    stage: str
    """`source`, `file` or the task kind."""
    reason: str
    """A short fixed phrase: what is counted."""
    subject: str = ""
    """The path, definition id or entry that was rejected; empty where `count` of them are counted together."""
    detail: str = ""
    count: int = 1


class Status(StrEnum):
    """What a checker says of a submission."""

    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    TAMPERED = "tampered"
    DOES_NOT_APPLY = "does_not_apply"
    ERROR = "error"


class Submission(Value, frozen=True, kw_only=True):
    """One line of a predictions file (SWE-bench's columns)."""

    instance_id: str
    model_patch: str
    model_name_or_path: str = ""
    sample: int = 0


class Verdict(Value, frozen=True, kw_only=True):
    """What the checker decided, and the rule by which."""

    instance_id: str
    status: Status
    reward: float
    """0.0 to 1.0; the F1 of the marked set where the answer is a set."""
    reason: str
    sample: int = 0
    details: dict[str, Any] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make what is said of paths that are not UTF-8 something that can be written as JSON."""
        force_setattr(self, "reason", _sayable(self.reason))
        force_setattr(self, "details", _sayable(self.details))

    @property
    def resolved(self) -> bool:
        """Whether the task is solved."""
        return self.status is Status.RESOLVED


def _sayable(value: Any) -> Any:
    """Write the lone surrogates in the strings of a value as escapes."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, list | tuple):
        return [_sayable(item) for item in value]
    return {_sayable(k): _sayable(v) for k, v in value.items()} if isinstance(value, dict) else value
