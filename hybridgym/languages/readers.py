"""The readers of captured syntax nodes, by language; a new one for each file."""

from collections.abc import Callable

from hybridgym.languages.c_facts import CReader
from hybridgym.languages.go_facts import GoReader
from hybridgym.languages.java_facts import JavaReader
from hybridgym.languages.javascript_facts import JavaScriptReader, TsxReader, TypeScriptReader
from hybridgym.languages.python_facts import PythonReader
from hybridgym.languages.reading import Reader
from hybridgym.languages.rust_facts import RustReader

READERS: dict[str, Callable[[], Reader]] = {
    "c": CReader,
    "go": GoReader,
    "java": JavaReader,
    "javascript": JavaScriptReader,
    "python": PythonReader,
    "rust": RustReader,
    "tsx": TsxReader,
    "typescript": TypeScriptReader,
}
