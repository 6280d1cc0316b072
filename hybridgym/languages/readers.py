"""The readers of captured syntax nodes, by language; a new one for each file."""

from collections.abc import Callable

from hybridgym.languages.c_facts import CReader
from hybridgym.languages.python_facts import PythonReader
from hybridgym.languages.reading import Reader

READERS: dict[str, Callable[[], Reader]] = {
    "c": CReader,
    "python": PythonReader,
}
