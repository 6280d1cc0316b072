"""Language: what a language says about itself, with defaults."""

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import ClassVar, NamedTuple

from hybridgym.languages.reading import SyntaxNode


class Documented(NamedTuple):
    """A definition (the root stands for the module) with its documentation set apart from its code."""

    definition: SyntaxNode
    documentation: tuple[SyntaxNode, ...] = ()
    """The nodes that document it, in file order; empty where nothing does."""
    filler: SyntaxNode | None = None
    """The only statement of the body, if it does nothing but keep the body from being empty."""
    rest: SyntaxNode | None = None
    """The first statement of the body that is not documentation."""


class Language:
    """Subclass it, set the attributes, and name the subclass in `LANGUAGES`."""

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    """File suffixes, dot included."""
    comment_prefix: ClassVar[str]
    """What starts a line comment."""
    comment_nodes: ClassVar[frozenset[str]] = frozenset({"comment"})
    """The grammar's node types that are comments."""
    definition_nodes: ClassVar[frozenset[str]]
    """Node types of what can be documented: functions, methods and classes."""
    layout_nodes: ClassVar[frozenset[str]] = frozenset()
    """Node types that only lay code out: a line break says the same."""
    verbatim_nodes: ClassVar[frozenset[str]] = frozenset()
    """Node types in which blanks count: they are equal where their bytes are."""
    leading_comment: ClassVar[re.Pattern[bytes] | None] = None
    """Comments that tools only obey while no documentation stands before them."""
    obeyed_line: ClassVar[re.Pattern[bytes] | None] = None
    """Lines that tools obey wherever they stand, even in documentation."""
    slow_line: ClassVar[re.Pattern[bytes] | None] = None
    """Lines for which the grammar's scanner looks ahead to the next line that is none."""
    build_files: ClassVar[frozenset[str]] = frozenset()
    """Names of the files that say where a project's sources lie; resolvers read them, and nothing runs them."""
    metadata_block: ClassVar[re.Pattern[bytes] | None] = None
    """Comments that are data to a tool, so that no other comment may stand between them."""

    @staticmethod
    def grammar() -> object:
        """Return the capsule of the tree-sitter grammar."""
        raise NotImplementedError

    @classmethod
    def query(cls) -> str:
        """Return the query that finds the facts of a file: the `.scm` beside the language's module."""
        return Path(__file__).with_name(f"{cls.name}.scm").read_text(encoding="utf-8")

    @classmethod
    def is_source(cls, path: str) -> bool:
        """Say whether a path holds source of this language."""
        return path.endswith(cls.suffixes)

    @classmethod
    def is_test(cls, path: str) -> bool:
        """Say whether a path holds tests, or what only tests use."""
        raise NotImplementedError

    @classmethod
    def can_judge(cls, version: tuple[int, int]) -> bool:
        """Say whether the compiler at hand reads files that need a version."""
        return True

    @classmethod
    def docstring_text(cls, token: bytes) -> str | None:
        """Return the text of a documentation token, or None where it is none."""
        raise NotImplementedError

    @classmethod
    def documentation_text(cls, nodes: Sequence[SyntaxNode]) -> str | None:
        """Return the text of the documentation that nodes make, or None where a compiler would not take it."""
        texts = [cls.docstring_text(node.text or b"") for node in nodes]
        return None if None in texts else "\n".join(text for text in texts if text is not None)

    @classmethod
    def documented(cls, node: SyntaxNode) -> Sequence[Documented]:
        """Return what is documented by nodes that entering `node` brings into view.

        It is asked once of every node that is walked, the root first. Where documentation is a statement
        of the body, the answer is about `node` itself; where it is a comment before the definition, about
        each definition among the children of `node`.
        """
        raise NotImplementedError

    @classmethod
    def encoding(cls, data: bytes) -> str | None:
        """Return the encoding a file is read in: `utf-8`, `latin-1` or `ascii`; None for every other."""
        return "utf-8"

    @classmethod
    def encoding_declaration(cls, data: bytes) -> tuple[bytes, ...]:
        """Return whatever in a file could be taken to declare its encoding, as written."""
        return ()

    @classmethod
    def program(cls, lines: bytes, indentation: bytes, cut: bytes | None) -> bytes:
        """Make a program of the lines of one definition, for `compiler_difference`.

        `indentation` is that of the lines; `cut` that of the rest of the body where it was cut away.
        """
        return lines

    @classmethod
    def compiler_difference(cls, before: bytes, after: bytes) -> str | None:
        """Say how two programs differ but for documentation by the language's own parser.

        Empty where they do not differ or there is no such parser; None where it cannot parse `before`.
        """
        return ""


VENDORED = frozenset(
    {"_vendor", "vendor", "vendored", "_vendored", "third_party", "thirdparty", "extern", "externals", "node_modules"}
)
"""Folder names that hold other people's code."""
VENDORED_FILES = frozenset({"versioneer.py", "ez_setup.py", "distribute_setup.py", "get-pip.py"})
"""Files that projects copy in as they are."""


EXAMPLES = frozenset({"examples", "example", "docs", "doc", "demo", "demos", "samples", "benchmarks", "tutorials"})
"""Folder names that hold what goes with a project and is not part of it."""


def is_example(path: str) -> bool:
    """Say whether a path lies in a folder of examples, documentation or benchmarks."""
    return not EXAMPLES.isdisjoint(PurePosixPath(path).parts[:-1])


def is_vendored(path: str) -> bool:
    """Say whether a path lies in a folder of copied third-party code."""
    place = PurePosixPath(path)
    return place.name in VENDORED_FILES or not VENDORED.isdisjoint(place.parts[:-1])
