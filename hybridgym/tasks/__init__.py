"""The task kinds, by name."""

from functools import cache
from importlib import import_module

from hybridgym.errors import UnknownNameError
from hybridgym.tasks.base import TaskKind

TASK_KINDS = {
    "bug_fix": "BugFix",
    "bug_injection": "BugInjection",
    "dependency_search": "DependencySearch",
    "function_generation": "FunctionGeneration",
    "function_localization": "FunctionLocalization",
    "issue_localization": "IssueLocalization",
}
"""Module of this package → class. One is imported when it is asked for: who grades edits loads no runtime."""


@cache
def kind_named(name: str) -> TaskKind:
    """Return the task kind of that name; raises UnknownNameError."""
    if name not in TASK_KINDS:
        raise UnknownNameError(what="task kind", name=name, known=list(TASK_KINDS))
    made = getattr(import_module(f"{__name__}.{name}"), TASK_KINDS[name])()
    assert isinstance(made, TaskKind), name
    return made
