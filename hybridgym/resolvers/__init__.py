"""The resolvers, by language."""

from collections.abc import Callable, Mapping

from hybridgym.facts import FileFacts
from hybridgym.resolve import Resolver
from hybridgym.resolvers.c import CResolver
from hybridgym.resolvers.go import GoResolver
from hybridgym.resolvers.java import JavaResolver
from hybridgym.resolvers.javascript import JavaScriptResolver
from hybridgym.resolvers.python import PythonResolver
from hybridgym.resolvers.rust import RustResolver

RESOLVERS: dict[str, Callable[[Mapping[str, FileFacts], set[str], Mapping[str, bytes]], Resolver]] = {
    "c": CResolver,
    "go": GoResolver,
    "java": JavaResolver,
    "javascript": JavaScriptResolver,
    "python": PythonResolver,
    "rust": RustResolver,
    "tsx": JavaScriptResolver,
    "typescript": JavaScriptResolver,
}
"""For each language, what makes its resolver from the facts of its files, all paths of the repository and its
build files. Languages whose files import each other name the same, and share one resolver."""
