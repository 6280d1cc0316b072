"""A suite → the suite of those of its tasks that some conditions choose.

A condition is NAME, one of `=`, `!=`, `<`, `<=`, `>`, `>=`, and a value: `bm25_rank>1`, `kind=bug_fix,bug_injection`,
`repo=pallets/*`. Names are those of difficulties, and FIELDS.
"""

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import msgspec

from hybridgym.errors import UsageError
from hybridgym.splits import split_of
from hybridgym.suite import REJECTIONS, SOURCES, Run, Suite, SuiteInfo, read_environment, write_suite
from hybridgym.task import Rejection, ValidatedTask, Value

FIELDS: Final = ("kind", "split", "repo", "upstream", "language", "license", "created_at", "tags", "instance_id")
"""What is compared as text, in any case of its letters, `*` standing for anything."""
_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_CONDITION: Final = re.compile(r"\s*(\w+)\s*(!=|<=|>=|=|<|>)\s*(.*?)\s*", re.DOTALL)


class Condition(Value, frozen=True, kw_only=True):
    """One condition; of the values of `=`, any will do, and of `!=`, none."""

    text: str
    name: str
    sign: str
    values: tuple[str, ...]

    def meets(self, found: Sequence[str] | float | None) -> bool:
        """Say whether a task has what is asked for; `found` is None where it has no such number."""
        if found is None:
            return self.sign == "!="
        if isinstance(found, int | float):
            number, wanted = float(found), [float(value) for value in self.values]
            if self.sign in _ORDER:
                return _ORDER[self.sign](number, wanted[0])
            return (number in wanted) == (self.sign == "=")
        if self.sign in _ORDER:
            return any(_ORDER[self.sign](text, self.values[0]) for text in found)
        is_one = any(fnmatchcase(text.lower(), value.lower()) for text in found for value in self.values)
        return is_one == (self.sign == "=")


def condition_of(text: str) -> Condition:
    """Read a condition; raises UsageError."""
    match = _CONDITION.fullmatch(text)
    if match is None or not match[3]:
        message = f"--where {text!r}: expected NAME, one of = != < <= > >=, and a value"
        raise UsageError(message)
    name, sign, value = match.groups()
    values = tuple(part.strip() for part in value.split(",")) if sign in ("=", "!=") else (value,)
    if name not in FIELDS:
        for one in values:
            try:
                float(one)
            except ValueError:
                message = (
                    f"--where {text!r}: expected a number, or one of {', '.join(FIELDS)}, found {name} and {one!r}"
                )
                raise UsageError(message) from None
    return Condition(text=f"{name}{sign}{value}", name=name, sign=sign, values=values)


def select(suite: Suite, out: Path, conditions: Iterable[str], *, overwrite: bool = False) -> SuiteInfo:
    """Write the tasks that meet all conditions as a suite of its own, with the snapshots and environments they need.

    Rows stay as they are, and so does what is said of how they were made. Raises UsageError where a condition cannot be
    read or names what no task has, or `out` cannot be used, and SuiteError where the suite is damaged.
    """
    chosen = [condition_of(text) for text in conditions]
    wanted = frozenset(_ids(suite, chosen))
    info = suite.info
    fields = {field.name: getattr(info, field.name) for field in msgspec.structs.fields(Run)}
    run = Run(**{**fields, "selected": (*info.selected, *(condition.text for condition in chosen))})
    sources = suite.folder / SOURCES
    needed = sorted({suite[instance_id].row.environment for instance_id in wanted})
    return write_suite(
        out,
        (suite[instance_id].row for instance_id in suite if instance_id in wanted),
        run=run,
        environments=(read_environment(suite.folder, environment) for environment in needed),
        sources=(lambda tree: (sources / f"{tree}.tar.zst").read_bytes()) if sources.is_dir() else None,
        rejections=_rejections(suite.folder),
        overwrite=overwrite,
    )


def _ids(suite: Suite, conditions: Sequence[Condition]) -> Iterator[str]:
    """Yield the ids of the tasks that meet all conditions."""
    known = set(FIELDS)
    for task in suite.values():
        row = task.row
        known |= row.difficulty.keys()
        if all(condition.meets(_found(row, condition.name, suite.info)) for condition in conditions):
            yield row.instance_id
    if len(suite) and (unknown := [condition for condition in conditions if condition.name not in known]):
        message = f"--where {unknown[0].text}: expected one of {', '.join(sorted(known))}, found {unknown[0].name}"
        raise UsageError(message)


def _found(row: ValidatedTask, name: str, info: SuiteInfo) -> Sequence[str] | float | None:
    if name not in FIELDS:
        return row.difficulty.get(name)
    if name == "tags":
        return row.tags
    if name == "split":
        return (info.splits.get(row.repo) or split_of(row, info.test_share),)
    return (row.task_kind if name == "kind" else getattr(row, name),)


def _rejections(folder: Path) -> Iterator[Rejection]:
    """Yield what did not become a task when the suite was made."""
    path = folder / REJECTIONS
    if path.is_file():
        with path.open("rb") as lines:
            for line in lines:
                yield msgspec.json.decode(line, type=Rejection)
