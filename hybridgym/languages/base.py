"""Language: what a language says about itself, with defaults."""

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import ClassVar, NamedTuple

from hybridgym.facts import Definition, Span
from hybridgym.languages.reading import SyntaxNode


class Wording(NamedTuple):
    """How sentences speak of the facts of a definition."""

    plain_types: frozenset[str] = frozenset()
    """Types that give nothing away, as written."""
    plain_results: frozenset[str] = frozenset()
    """The same of results."""
    no_results: frozenset[str] = frozenset()
    """What is written where a function declares that it gives nothing back."""
    results_are_declared: bool = False
    """Whether a function without one of them gives something back."""
    parameter: str = "parameter"
    """One that has to be given."""
    more_arguments: str = "any further arguments"
    of_type: str = "of type"
    """What stands before a type."""
    base: str = "type"
    bases: str = "types"
    inherits: str = "inherits from"
    types_have_methods: bool = True
    """Whether types inherit and have methods at all."""
    methods_are_inside: bool = True
    """Whether the methods of a type stand in its body."""
    errors: tuple[str, ...] = ("Error",)
    """How the names of errors end."""


class Documented(NamedTuple):
    """A definition (the root stands for the module) with its documentation set apart from its code."""

    definition: SyntaxNode
    documentation: tuple[SyntaxNode, ...] = ()
    """The nodes that document it, in file order; empty where nothing does."""
    filler: SyntaxNode | None = None
    """The only statement of the body, if it does nothing but keep the body from being empty."""
    rest: SyntaxNode | None = None
    """The first statement of the body that is not documentation."""
    outer: SyntaxNode | None = None
    """What is walked in place of the definition because it holds it, as an `export` does; None for itself."""


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
    optional_nodes: ClassVar[frozenset[str]] = frozenset()
    """Node types that formatters add and take away, or that only fill a body: the other nodes say the same."""
    strict_nodes: ClassVar[frozenset[str]] = frozenset()
    """Node types of which the `optional_nodes` directly in them are code all the same."""
    filler: ClassVar[bytes] = b""
    """Code that does nothing, one of the `optional_nodes`, for where a definition or documentation was cut out."""
    wrapping_nodes: ClassVar[frozenset[str]] = frozenset()
    """Node types that mean what is in them: parentheses around an expression."""
    verbatim_nodes: ClassVar[frozenset[str]] = frozenset()
    """Node types in which blanks count: they are equal where their bytes are."""
    columns_count: ClassVar[bool] = True
    """Whether the column in which a line begins is code."""
    line_breaks_count: ClassVar[bool] = False
    """Whether a line break between two tokens may be code, and yet no node."""
    closing_nodes: ClassVar[frozenset[str]] = frozenset()
    """Tokens before which one never is."""
    blank_lines_count: ClassVar[bool] = False
    """Whether a blank line parts a comment from what stands below it."""
    leading_comment: ClassVar[re.Pattern[bytes] | None] = None
    """Comments that tools only obey while no documentation stands before them."""
    next_line_comment: ClassVar[re.Pattern[bytes] | None] = None
    """Comments that tools obey for the line below, so that nothing may come between."""
    obeyed_line: ClassVar[re.Pattern[bytes] | None] = None
    """Lines that tools obey wherever they stand, even in documentation."""
    slow_line: ClassVar[re.Pattern[bytes] | None] = None
    """Lines for which the grammar's scanner looks ahead to the next line that is none."""
    max_added_bytes: ClassVar[int] = 1_000_000
    """What may be added to a file, if it is less than in every language."""
    build_files: ClassVar[frozenset[str]] = frozenset()
    """Names of the files that say where a project's sources lie; resolvers read them, and nothing runs them."""
    metadata_block: ClassVar[re.Pattern[bytes] | None] = None
    """Comments that are data to a tool, so that no other comment may stand between them."""
    comment_reader: ClassVar[re.Pattern[bytes] | None] = None
    """Lines that make code of the comments directly above them."""
    interpreter_line: ClassVar[re.Pattern[bytes]] = re.compile(rb"#!")
    """How a file begins that says what is to run it."""
    statement: ClassVar[str]
    """Code that may stand at the end of any file."""
    documentation_line: ClassVar[str]
    """Documentation on one line, with `{}` where it says something."""
    remark: ClassVar[str]
    """A comment on one line above a definition that does not document it, with `{}` where it says something."""
    markup: ClassVar[str] = ""
    """What documentation is written in, as a key of `markup.CLEANERS`; empty for plain text, reST or Markdown."""
    wording: ClassVar[Wording] = Wording()
    family: ClassVar[str] = ""
    """The language whose part of a statement is used, if it is not its own."""

    @staticmethod
    def grammar() -> object:
        """Return the capsule of the tree-sitter grammar."""
        raise NotImplementedError

    @classmethod
    def query(cls) -> str:
        """Return the query that finds the facts of a file: the `.scm` beside the language's module."""
        return Path(__file__).with_name(f"{cls.name}.scm").read_text(encoding="utf-8")

    @classmethod
    def name_of(cls, node: SyntaxNode) -> str:
        """Return what a node adds to the qualified names of what is in it, and of itself if it is a definition.

        Empty where it adds nothing. A node of `definition_nodes` without a name is no definition.
        """
        name = node.child_by_field_name("name") if node.type in cls.definition_nodes else None
        return (name.text or b"").decode() if name is not None else ""

    @classmethod
    def token_text(cls, node: SyntaxNode) -> bytes:
        """Return the text of a token, or of one of the `verbatim_nodes`, written in one way where there are several."""
        return node.text or b""

    @classmethod
    def is_source(cls, path: str) -> bool:
        """Say whether a path holds source of this language."""
        return path.endswith(cls.suffixes)

    @classmethod
    def is_test(cls, path: str) -> bool:
        """Say whether a path holds tests, or what only tests use."""
        raise NotImplementedError

    @classmethod
    def is_build_file(cls, path: str) -> bool:
        """Say whether a path is one of the `build_files`."""
        return path.rpartition("/")[2] in cls.build_files

    @classmethod
    def is_generated(cls, path: str) -> bool:
        """Say whether a path is where tools put what they make of other sources."""
        return False

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
    def removal(cls, data: bytes, definition: Definition) -> tuple[Span, bytes] | None:
        """Return the bytes that hold a definition's documentation and what takes their place, or None.

        Whole lines go, with the blank lines below them, so that nothing shows where the documentation was.
        None where it shares a line with something else.
        """
        raise NotImplementedError

    @classmethod
    def documentation_place(cls, definition: Definition) -> int:
        """Return the byte before whose line documentation can be put."""
        raise NotImplementedError

    @classmethod
    def with_documentation(cls, data: bytes, definition: Definition, text: str) -> bytes | None:
        """Return a file with one line of documentation on a definition that has none; None where there is no place."""
        place = cls.documentation_place(definition)
        line = data.rfind(b"\n", 0, place) + 1
        indentation = data[line:place]
        if indentation.strip(b" \t"):
            return None
        return data[:line] + indentation + cls.documentation_line.format(text).encode() + b"\n" + data[line:]

    @classmethod
    def bound_parameter(cls, definition: Definition) -> str:
        """Say what a method's first parameter is bound to when it is called; empty where it has none of that kind."""
        return ""

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


def whole_lines(data: bytes, start: int, end: int, last: int) -> Span | None:
    """Return the lines that a range fills, with the blank lines below it and before `last`; None if it shares one."""
    line, line_end = data.rfind(b"\n", 0, start) + 1, _line_end(data, end)
    if data[line:start].strip(b" \t") or data[end:line_end].strip(b" \t\r\n"):
        return None
    while line_end < last and not data[line_end : (below := _line_end(data, line_end))].strip(b" \t\r\n"):
        line_end = below
    return Span(line, line_end)


def _line_end(data: bytes, place: int) -> int:
    return data.find(b"\n", place) + 1 or len(data)


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
