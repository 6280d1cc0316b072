"""The readers of captured syntax nodes, by language; a new one for each file."""

from collections.abc import Callable

from hybridgym.languages.javascript_facts import JavaScriptReader, TsxReader, TypeScriptReader
from hybridgym.languages.python_facts import PythonReader
from hybridgym.languages.reading import Reader

READERS: dict[str, Callable[[], Reader]] = {
    "javascript": JavaScriptReader,
    "python": PythonReader,
    "tsx": TsxReader,
    "typescript": TypeScriptReader,
}
