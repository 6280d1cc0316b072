"""The task kinds, by name."""

from hybridgym.errors import UnknownNameError
from hybridgym.tasks.base import TaskKind
from hybridgym.tasks.dependency_search import DependencySearch
from hybridgym.tasks.function_localization import FunctionLocalization

TASK_KINDS: dict[str, TaskKind] = {
    "dependency_search": DependencySearch(),
    "function_localization": FunctionLocalization(),
}


def kind_named(name: str) -> TaskKind:
    """Return the task kind of that name; raises UnknownNameError."""
    try:
        return TASK_KINDS[name]
    except KeyError:
        raise UnknownNameError(what="task kind", name=name, known=list(TASK_KINDS)) from None
