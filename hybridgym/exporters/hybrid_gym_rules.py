"""What Hybrid-Gym's evaluators say of a patch: their rules, restated.

Of github.com/Hybrid-Gym/Hybrid-Gym at e12a03c, evaluation/benchmarks: hybrid_gym_dep_search/eval_dep.py and
hybrid_gym_func_localize/eval_localize.py. The rules are theirs, mistakes included: an export keeps a task only where
its gold passes by them. benchmarks/hybrid_gym.py compares them with a checkout.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

TOLERANCE: Final = 5
"""Lines by which a mark may miss its definition."""
_FILE: Final = re.compile(r"diff --git a/(.+) b/(.+)$")
_HUNK: Final = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class Hunk(NamedTuple):
    """Where a hunk lies; lines are 1-based."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int


class PatchedFile(NamedTuple):
    """What is read of a file's part of a patch."""

    path: str
    hunks: list[Hunk]
    added: list[tuple[int, str]]
    """Line of the new file, 1-based, and its text."""
    removed: list[str]


def read_patch(patch: str) -> list[PatchedFile]:
    """Read a patch as the evaluators do."""
    files: list[PatchedFile] = []
    line_number = 0
    for line in patch.split("\n"):
        if line.startswith("diff --git"):
            if match := _FILE.match(line):
                files.append(PatchedFile(match[2], [], [], []))
            line_number = 0
        elif not files:
            continue
        elif line.startswith("@@"):
            if match := _HUNK.match(line):
                old_start, old_count, new_start, new_count = match.groups()
                files[-1].hunks.append(Hunk(int(old_start), int(old_count or 1), int(new_start), int(new_count or 1)))
                line_number = int(new_start)
        elif line.startswith("+") and not line.startswith("+++"):
            files[-1].added.append((line_number, line[1:]))
            line_number += 1
        elif line.startswith("-") and not line.startswith("---"):
            files[-1].removed.append(line[1:])
        elif not line.startswith(("index", "---", "+++")):
            line_number += 1
    return files


# Dependency search


class Dependency(NamedTuple):
    """A definition that is to be marked."""

    name: str
    path: str
    row: int
    """Of its first decorator, or of itself; 0-based."""


def marks_problem(patch: str, dependencies: Sequence[Dependency]) -> str:
    """Say why a patch that adds nothing but marks is no full success; empty where it is one."""
    wanted = {(dependency.path, dependency.row + 1): dependency for dependency in dependencies}
    found: set[str] = set()
    for file in read_patch(patch):
        for line, _ in file.added:
            credited = next(
                (
                    dependency.name
                    for (path, original), dependency in wanted.items()
                    if path == file.path and abs(line - original - _offset(file.hunks, original)) <= TOLERANCE
                ),
                None,
            )
            if credited is None:
                return "a mark is not found where it belongs"
            if credited in found:
                return f"two marks count for {credited}: the definitions are close to each other, or share the name"
            found.add(credited)
    return "" if len(found) == len(dependencies) else "not every definition is found to be marked"


def _offset(hunks: Sequence[Hunk], line: int) -> int:
    """Return by how much a line of the old file is said to have moved."""
    moved = 0
    for hunk in sorted(hunks):
        if line < hunk.old_start:
            return moved
        if line < hunk.old_start + hunk.old_count:
            return moved + hunk.new_count - hunk.old_count
        moved = hunk.new_start + hunk.new_count - hunk.old_start - hunk.old_count
    return moved


# Function localization


class Target(NamedTuple):
    """A definition that is to be documented; rows are 0-based, both included, of the file with its documentation."""

    path: str
    first_row: int
    last_row: int


def documentation_problem(patch: str, targets: Sequence[Target]) -> str:
    """Say why a patch is no success; empty where it is one."""
    files = read_patch(patch)
    for file in files:
        if any(line.strip() for line in file.removed):
            return "it takes lines away"
        if not is_comments_only([line.strip() for _, line in file.added if line.strip()]):
            return "its documentation is not taken for documentation: it stands on one line, or has a prefix"
    rows: Mapping[str, set[int]] = {file.path: {line - 1 for line, _ in file.added} for file in files}
    is_edited = any(rows.get(t.path, set()) & set(range(t.first_row, t.last_row + 1)) for t in targets)
    return "" if is_edited else "no line is added where the target lies"


def is_comments_only(lines: Sequence[str]) -> bool:
    """Say whether added lines, stripped and not empty, are taken for comments and documentation."""
    quote = ""
    for line in lines:
        if quote:
            if quote in line and (line.endswith(quote) or line.count(quote) % 2 == 1):
                quote = ""
        elif not line.startswith("#"):
            # Documentation that ends on its first line is looked at as if it were code.
            quote = next((q for q in ('"""', "'''") if line.startswith(q) and q not in line[3:]), "")
            if not quote:
                return False
    return True


# Issue localization


def marked_files_problem(patch: str) -> str:
    """Say why a patch that adds nothing but comments, and names the files of the gold, is no success."""
    gold = {line.split()[2][2:] for line in patch.split("\n") if line.startswith("diff --git")}
    return "" if gold & {file.path for file in read_patch(patch)} else "a path is not read as it is"
