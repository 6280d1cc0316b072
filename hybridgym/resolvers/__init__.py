"""The resolvers, by language."""

from collections.abc import Callable, Mapping

from hybridgym.facts import FileFacts
from hybridgym.resolve import Resolver
from hybridgym.resolvers.python import PythonResolver

RESOLVERS: dict[str, Callable[[Mapping[str, FileFacts], set[str], Mapping[str, bytes]], Resolver]] = {
    "python": PythonResolver,
}
"""For each language, what makes its resolver from the facts of its files, all paths of the repository and its
build files."""
