"""Languages that document a definition by the comments before it, not by a statement of its body.

A *run* is what stands before a definition with nothing but blanks between: comments, and what the language
lets stand among them, such as attributes. Of a run each language picks the comments that document.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from textwrap import dedent
from typing import ClassVar

from hybridgym.facts import Definition, Span
from hybridgym.languages.base import Documented, Language, whole_lines
from hybridgym.languages.reading import SyntaxNode, last_row

BLANKS = re.compile(rb"\s*")
LINE_COMMENT = re.compile(r"//[/!]? ?")
STARS = re.compile(r"(?m)^[ \t]*\* ?")
BLOCK_EDGE = re.compile(r"/\*|\*/")


class CommentDocumented(Language):
    """A language with `//` and `/* */`. The patterns here are those of Javadoc and JSDoc."""

    comment_prefix = "//"
    comment_nodes = frozenset({"line_comment", "block_comment"})
    columns_count = False
    max_added_bytes = 20_000  # grammars need a minute for some texts of ten times that
    documentation_line = "/** {} */"
    remark = "// {}"

    documentation_comment: ClassVar[re.Pattern[bytes]] = re.compile(rb"/\*\*(?![*/])")
    """How a comment begins that documents what follows it."""
    module_comment: ClassVar[re.Pattern[bytes] | None] = None
    """How one begins that documents what it stands in."""
    other_comment: ClassVar[re.Pattern[bytes] | None] = None
    """Comments that are none, however they begin: what they say is for tools, or about something else."""
    between_nodes: ClassVar[frozenset[str]] = frozenset()
    """What belongs to a definition and stands before its node: attributes, decorators."""
    wrapper_nodes: ClassVar[frozenset[str]] = frozenset()
    """Nodes that hold one definition and share its documentation, as `export` does."""
    list_nodes: ClassVar[frozenset[str]] = frozenset()
    """Nodes that begin with what they hold, so that the comments of their first child stand before them."""
    place_nodes: ClassVar[frozenset[str]] = frozenset()
    """Nodes that are no definitions and yet part of the names of what is in them: namespaces, `impl` blocks."""
    comments_nest: ClassVar[bool] = False
    """Whether a block comment may hold block comments."""

    @classmethod
    def name_of(cls, node: SyntaxNode) -> str:
        if node.type not in cls.definition_nodes and node.type not in cls.place_nodes:
            return ""
        name = node.child_by_field_name("name")
        return text_of(name) if name is not None else ""

    @classmethod
    def definition_name(cls, node: SyntaxNode) -> tuple[str, str]:
        """Return owner and name of a definition, for a reader: the owner is all that its `name_of` says before
        the name, below the names of the namespaces around it."""
        own = cls.name_of(node)
        places: list[str] = []
        around = node.parent
        while around is not None and not (around.type in cls.definition_nodes and cls.name_of(around)):
            if around.type in cls.place_nodes:
                places.insert(0, cls.name_of(around))
            around = around.parent
        owner, _, name = own.rpartition(".")
        return ".".join(filter(None, [*places, owner])), name

    @classmethod
    def outermost(cls, definition: SyntaxNode) -> SyntaxNode:
        """Return the node around a definition that its documentation stands before: itself, or its `export`."""
        node = definition
        while (around := node.parent) is not None and around.type in cls.wrapper_nodes and cls.wrapped(around):
            node = around
        return node

    @classmethod
    def wrapped(cls, node: SyntaxNode) -> SyntaxNode | None:
        """Return what a wrapper holds, or None where that is not one thing."""
        parts = [c for c in node.named_children if not c.is_extra and c.type not in cls.between_nodes]
        return parts[0] if len(parts) == 1 else None

    @classmethod
    def definition_in(cls, node: SyntaxNode) -> SyntaxNode | None:
        """Return the definition that comments before a node document, or None."""
        found: SyntaxNode | None = node
        while found is not None and found.type in cls.list_nodes:
            found = next((child for child in found.children if not child.is_extra), None)
        while found is not None and found.type in cls.wrapper_nodes:
            found = cls.wrapped(found)
        return found if found is not None and found.type in cls.definition_nodes and cls.name_of(found) else None

    @classmethod
    def documented(cls, node: SyntaxNode) -> Sequence[Documented]:
        found = [] if node.parent is not None else [Documented(node, cls.module_documentation(node))]
        if node.type in cls.wrapper_nodes and cls.wrapped(node):
            return found  # comments in it stand behind its first word
        run: list[SyntaxNode] = []
        code_row = -1
        for child in node.children[node.type in cls.list_nodes :]:  # of the first one the node around it tells
            if child.type in cls.comment_nodes or child.type in cls.between_nodes:
                run.append(child)
                continue
            if (definition := cls.definition_in(child)) is not None:
                documentation = cls.documentation_in(run, child.start_point[0], code_row)
                found.append(Documented(definition, documentation, outer=child))
            run = []
            code_row = last_row(child)
        return found

    @classmethod
    def module_documentation(cls, root: SyntaxNode) -> tuple[SyntaxNode, ...]:
        """Return the comments that document a whole file."""
        return ()

    @classmethod
    def is_documentation(cls, comment: SyntaxNode) -> bool:
        """Say whether a comment is one that documents, wherever it stands."""
        return cls._documents(comment.text or b"")

    @classmethod
    def documentation_in(cls, run: Sequence[SyntaxNode], row: int, code_row: int) -> tuple[SyntaxNode, ...]:
        """Return the comments of a run that document the definition below it.

        The definition begins in `row`; the code before the run ends in `code_row`, or in an earlier one. Of
        several documentation comments the last counts, and none if that is about something else; one at the end
        of a line of code belongs to that line.
        """
        first = next((i for i, node in enumerate(run) if node.type in cls.between_nodes), len(run))
        below = run[first].start_point[0] if first < len(run) else row
        node = next((n for n in reversed(run[:first]) if cls.documentation_comment.match(n.text or b"")), None)
        if node is None or not cls.is_documentation(node):
            return ()
        return () if node.start_point[0] == code_row != below else (node,)

    @classmethod
    def docstring_text(cls, token: bytes) -> str | None:
        try:
            pieces = cls._pieces(token.decode().replace("\r\n", "\n"))
        except UnicodeDecodeError:
            return None
        return "\n".join(_text(piece) for piece in pieces if cls._says(piece.encode())).strip("\n")

    @classmethod
    def documentation_text(cls, nodes: Sequence[SyntaxNode]) -> str | None:
        text = super().documentation_text(nodes)
        return None if text is None else text.strip("\n")

    @classmethod
    def _says(cls, text: bytes) -> bool:
        """Say whether a comment is documentation of anything."""
        return cls._documents(text) or (cls.module_comment is not None and cls.module_comment.match(text) is not None)

    @classmethod
    def removal(cls, data: bytes, definition: Definition) -> tuple[Span, bytes] | None:
        """Also None where something stands between two comments that document: an attribute, a directive."""
        documentation = definition.documentation
        if documentation is None:
            return None
        source = data[documentation.start : documentation.end].decode("utf-8", "replace")
        if not all(cls._documents(piece.encode()) for piece in cls._pieces(source)):
            return None
        lines = whole_lines(data, documentation.start, documentation.end, definition.start)
        return None if lines is None else (lines, b"")

    @classmethod
    def documentation_place(cls, definition: Definition) -> int:
        return definition.start

    @classmethod
    def _documents(cls, text: bytes) -> bool:
        is_other = cls.other_comment is not None and cls.other_comment.match(text)
        return cls.documentation_comment.match(text) is not None and not is_other

    @classmethod
    def _pieces(cls, source: str) -> Iterator[str]:
        """Yield the block comments of a piece of source, and its other lines."""
        position, length = 0, len(source)
        while position < length:
            line_end = source.find("\n", position)
            end = line_end if line_end >= 0 else length
            end = cls._block_end(source, position) if source.startswith("/*", position) else end
            yield source[position:end].rstrip()
            position = end
            while position < length and source[position] in " \t\r\n":
                position += 1

    @classmethod
    def _block_end(cls, source: str, start: int) -> int:
        depth = 0
        for edge in BLOCK_EDGE.finditer(source, start):
            depth += 1 if edge[0] == "/*" and (cls.comments_nest or not depth) else -1 if edge[0] == "*/" else 0
            if not depth:
                return edge.end()
        return len(source)


class Comments:
    """The comments of a file, for a reader: what stands before a definition."""

    def __init__(self, language: type[CommentDocumented], data: bytes, nodes: Sequence[SyntaxNode]) -> None:
        """Take the file's `comment_nodes` and `between_nodes`, in file order."""
        self._language, self._data = language, data
        self._nodes: list[SyntaxNode] = []
        for node in nodes:
            if not self._nodes or node.start_byte >= self._nodes[-1].end_byte:  # not a comment in an attribute
                self._nodes.append(node)
        self._starts = [node.start_byte for node in self._nodes]

    def documentation(self, outer: SyntaxNode) -> Span | None:
        """Return from where to where a definition is documented; `outer` is its node or the outermost wrapper."""
        run = self._run(outer)
        code_row = run[0].start_point[0] if run and self._is_behind_code(run[0]) else -1
        found = self._language.documentation_in(run, outer.start_point[0], code_row)
        return Span(found[0].start_byte, end_of(found[-1])) if found else None

    def first(self, outer: SyntaxNode) -> SyntaxNode:
        """Return the first node of a definition: the first attribute or decorator before it, or itself."""
        return next((node for node in self._run(outer) if node.type in self._language.between_nodes), outer)

    def _run(self, outer: SyntaxNode) -> list[SyntaxNode]:
        end, position = bisect_left(self._starts, outer.start_byte), outer.start_byte
        first = end
        while first and BLANKS.fullmatch(self._data, self._nodes[first - 1].end_byte, position):
            first -= 1
            position = self._starts[first]
        return self._nodes[first:end]

    def _is_behind_code(self, node: SyntaxNode) -> bool:
        line = self._data.rfind(b"\n", 0, node.start_byte) + 1
        return bool(self._data[line : node.start_byte].strip())


def text_of(node: SyntaxNode) -> str:
    """Return a node's source."""
    return (node.text or b"").decode("utf-8", "replace")


def end_of(node: SyntaxNode) -> int:
    """Return the byte behind a comment; some grammars count the line end to it."""
    return node.start_byte + len((node.text or b"").rstrip(b"\r\n"))


def _text(comment: str) -> str:
    """Return what a comment says, without its decoration."""
    if not comment.startswith("/*"):
        return LINE_COMMENT.sub("", comment, count=1).rstrip()
    inside = comment[3 if comment[2:3] in ("*", "!") else 2 :].removesuffix("*/")
    first, _, rest = inside.rstrip("* \t\n").partition("\n")
    decorated = all(line.lstrip().startswith("*") for line in rest.split("\n") if line.strip())
    return f"{first.strip()}\n{STARS.sub('', rest) if decorated else dedent(rest)}".strip("\n")
