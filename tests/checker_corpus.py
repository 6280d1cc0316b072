"""Reads tests/checker_cases: small repositories, tasks on them, and patches with the verdict that each has to get.

A case is a block of text in a `.cases` file:

    === its-id
    task: a name in tasks.yaml
    status: resolved                    what the checker has to say
    reward: 0.6667                      left out where it is 1 for `resolved` and 0 for everything else
    why: one line

    diff --git …                        the patch, verbatim to the blank line before the next block

In a patch `<<0D>>` stands for bytes that an editor would not show, in hexadecimal digits, and `<<>>` at the end of
the last line says that no newline follows it.
"""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from hybridgym.languages import LANGUAGES, language_of
from hybridgym.patches import apply_patch
from hybridgym.refusals import Refusal
from hybridgym.task import EXECUTABLE, LINK, REGULAR, File, Status, Task, Tree, Verdict
from hybridgym.tasks import kind_named
from hybridgym.tasks.marks import definitions_of

CASES = Path(__file__).parent / "checker_cases"
BYTES = re.compile(rb"<<((?:[0-9A-F]{2})*)>>")


class Question(NamedTuple):
    """A task of tasks.yaml."""

    repo: str
    kind: str
    target: str
    """Whose calls are looked for; empty for localization."""
    wanted: tuple[str, ...]
    """Ids of the definitions to document or to mark."""

    @property
    def name(self) -> str:
        """The plain name of the target."""
        return re.sub(r"#\d+$", "", re.split(r"::|\.", self.target)[-1])

    @property
    def marker(self) -> str:
        """The line that marks a dependency."""
        prefix = LANGUAGES[self.language].comment_prefix
        return f"{prefix} this function/class is called by the {self.name} function"

    @property
    def language(self) -> str:
        """The language of the target, or of the first definition to document."""
        language = language_of((self.target or self.wanted[0]).partition("::")[0])
        assert language is not None
        return language.name

    @property
    def spoken_language(self) -> str:
        """The same, by the name that people call it."""
        return LANGUAGES[self.language].family or self.language


class Case(NamedTuple):
    """A patch, and what the checker has to say of it."""

    id: str
    family: str
    """Name of the file that holds it."""
    task: str
    status: Status
    reward: float
    why: str
    patch: bytes


@cache
def questions() -> Mapping[str, Question]:
    """Read the tasks by name."""
    rows: dict[str, dict[str, Any]] = YAML(typ="safe").load((CASES / "tasks.yaml").read_bytes())
    return {
        name: Question(
            repo=row["repo"],
            kind="dependency_search" if "mark" in row else "function_localization",
            target=row.get("target", ""),
            wanted=tuple(row.get("mark") or row["document"]),
        )
        for name, row in rows.items()
    }


@cache
def repository(name: str) -> Tree:
    """Read one of the small repositories: what every case starts from."""
    root = CASES / "repos" / name
    paths = sorted(path for path in root.rglob("*") if path.is_symlink() or path.is_file())
    return {path.relative_to(root).as_posix(): _file(path) for path in paths if "__pycache__" not in path.parts}


def _file(path: Path) -> File:
    if path.is_symlink():
        return File(os.fsencode(path.readlink()), LINK)
    return File(path.read_bytes(), EXECUTABLE if os.access(path, os.X_OK) else REGULAR)


@cache
def cases() -> tuple[Case, ...]:
    """Read all cases, sorted by file."""
    return tuple(case for file in sorted(CASES.glob("*.cases")) for case in _cases_of(file))


def _cases_of(file: Path) -> Iterator[Case]:
    for block in re.split(rb"(?m)^=== ", file.read_bytes())[1:]:
        head, _, body = block.partition(b"\n\n")
        id_line, *lines = head.decode().splitlines()
        fields = dict(line.split(": ", 1) for line in lines)
        status = Status(fields["status"])
        patch = BYTES.sub(lambda match: bytes.fromhex(match[1].decode()), body.removesuffix(b"\n"))
        yield Case(
            id=id_line,
            family=file.stem,
            task=fields["task"],
            status=status,
            reward=float(fields.get("reward", status is Status.RESOLVED)),
            why=fields["why"],
            patch=patch.removesuffix(b"\n") if body.endswith(b"<<>>\n\n") else patch,
        )


@cache
def task_named(name: str) -> Task:
    """Make the task that a case is about."""
    question = questions()[name]
    if question.kind == "dependency_search":
        how = dict.fromkeys(question.wanted, "import")
        answer: dict[str, Any] = {"target": question.target, "marker": question.marker, "how": how}
        answer["dependencies"] = question.wanted
        tree = repository(question.repo)
        paths = sorted({i.partition("::")[0] for i in question.wanted})
        definitions = {i: d for path in paths for i, d in definitions_of(path, tree[path].data).items()}
        answer["rows"] = {i: definitions[i].first_row for i in question.wanted}
    else:
        answer = {"targets": question.wanted}
    return Task(
        instance_id=f"cases__{question.repo}.00000000.{name}",
        task_kind=question.kind,
        kind_version=1,
        checker_version=1,
        repo=f"cases/{question.repo}",
        upstream="",
        base_commit="0" * 40,
        source="",
        language=question.language,
        license="MIT",
        created_at="",
        problem_statement="",
        start_edits=(),
        start_commit="",
        environment="",
        answer=answer,
        patch="",
        difficulty={},
        tags=(),
    )


def judge(name: str, patch: bytes) -> Verdict:
    """Check a patch against a task of tasks.yaml, as `hybridgym check` does."""
    task = task_named(name)
    start = repository(questions()[name].repo)
    changes = apply_patch(start, patch)
    if isinstance(changes, Refusal):
        return Verdict(instance_id=task.instance_id, status=Status.DOES_NOT_APPLY, reward=0.0, reason=changes.reason)
    return kind_named(task.task_kind).check(task, start, changes)
