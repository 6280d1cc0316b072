"""The readers of captured syntax nodes, by language; a new one for each file."""

from collections.abc import Callable

from hybridgym.languages.go_facts import GoReader
from hybridgym.languages.python_facts import PythonReader
from hybridgym.languages.reading import Reader

READERS: dict[str, Callable[[], Reader]] = {
    "go": GoReader,
    "python": PythonReader,
}
