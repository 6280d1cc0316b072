"""Changes → those that a run of tests may take over: source files, and nothing that decides how tests are run.

The rest is left out and told of, not refused: an agent that writes a test beside its work has done nothing wrong.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from hybridgym.languages.python import Python
from hybridgym.task import LINK, Change, Tree, Value
from hybridgym.testruns.base import Installation

CONFIGURATION: Final = frozenset({"conftest.py", "setup.py", "noxfile.py", "fabfile.py", "tasks.py", "dodo.py"})
"""Python files that tools run."""


class LeftOut(Value, frozen=True):
    """A change that is not taken over."""

    path: str
    reason: str


def sources_of(
    start: Tree, changes: Sequence[Change], installation: Installation
) -> tuple[tuple[Change, ...], tuple[LeftOut, ...]]:
    """Tell the changes of a submission that may run from those that are left out."""
    kept, left_out = [], []
    for change in changes:
        reason = _reason(start, change, installation)
        if reason:
            left_out.append(LeftOut(change.path, reason))
        else:
            kept.append(change)
    return tuple(kept), tuple(left_out)


def _reason(start: Tree, change: Change, installation: Installation) -> str:
    """Return why a change is left out; empty if it is not."""
    path = PurePosixPath(change.path)
    if path.suffix != ".py":
        return "not a Python source file"
    if LINK in {file.mode for file in (change.before, change.after) if file is not None}:
        return "a link"
    if path.name in CONFIGURATION and (len(path.parts) == 1 or path.name == "conftest.py"):
        return "configuration"
    if Python.is_test(change.path):
        return "a test"
    for root in installation.roots:
        name = _module(change.path, root)
        if name in installation.modules and not _has(start, root, name):
            return f"would take the place of the module {name}"
    return ""


def _module(path: str, root: str) -> str:
    """Return the name under which the topmost part of a path below a root is imported."""
    prefix = f"{root}/" if root else ""
    return path.removeprefix(prefix).partition("/")[0].partition(".")[0] if path.startswith(prefix) else ""


def _has(tree: Tree, root: str, name: str) -> bool:
    """Say whether a module of that name is the project's own."""
    return any(path.endswith(".py") and _module(path, root) == name for path in tree)
