"""The readers of captured syntax nodes, by language; a new one for each file."""

from collections.abc import Callable

from hybridgym.languages.java_facts import JavaReader
from hybridgym.languages.python_facts import PythonReader
from hybridgym.languages.reading import Reader
from hybridgym.languages.rust_facts import RustReader

READERS: dict[str, Callable[[], Reader]] = {
    "java": JavaReader,
    "python": PythonReader,
    "rust": RustReader,
}
