"""Two syntax trees walked in step: the first difference in code or comments, and the documentation that changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from hybridgym.languages.base import Documented, Language
from hybridgym.languages.reading import SyntaxNode, last_row

BREAKABLE = (b"{", b"}", b";", b",", b":", b"(")
"""What code may end with before a line break that documentation brings; `throw` may not, for one."""
QUOTED = 60
"""Characters of source that a reason quotes."""


class Difference(NamedTuple):
    """The first thing found that is not the same."""

    reason: str
    row: int = -1


@dataclass
class Comment:
    """A comment, and what it goes with."""

    text: bytes
    row: int
    last_row: int
    indentation: bytes | None
    """What stands before it on its line; None where that is not only blanks."""
    behind_code: bool
    behind_documentation: bool
    behind_comment: bool
    below_documentation: bool
    """Whether documentation stands between it and the code before it."""
    above_documentation: bool = False
    """Whether documentation stands between it and the next comment or code."""
    above_blank_line: bool = False
    """Whether a blank line does."""
    before_same_line: bool = False
    """Whether that begins on the line on which the comment ends."""

    def goes_with_the_same(self, other: "Comment") -> bool:
        """Say whether both stand alone at one indentation, or behind things of one kind."""
        if self.indentation is not None:
            return self.indentation == other.indentation
        behind_code = self.behind_code and other.behind_code
        behind_documentation = self.behind_documentation and other.behind_documentation
        return behind_code or behind_documentation or (self.behind_comment and other.behind_comment)


class Side:
    """One state of the file, as far as it has been walked."""

    def __init__(self, language: type[Language], source: bytes, root: SyntaxNode) -> None:
        self.language, self.source, self.root = language, source, root
        self.documented: dict[int, Documented] = {}
        self.set_aside: set[int] = set()
        self.comments: list[Comment] = []
        """Those since the last token."""
        self.code_row = self.documentation_row = self.comment_row = -1
        """The row in which the last one of each ends."""
        self.code_end = 0
        """The byte behind the last token."""
        self.below_documentation = False
        """Whether documentation stands behind the last token."""

    def text_of(self, node: SyntaxNode) -> bytes:
        """Return a node's bytes."""
        return self.source[node.start_byte : node.end_byte]

    def indentation(self, node: SyntaxNode) -> bytes | None:
        """Return what stands before a node on its line; None where that is not only blanks."""
        before = self.source[self.line_start(node) : node.start_byte]
        return None if before.strip() else before

    def line_start(self, node: SyntaxNode) -> int:
        """Return the first byte of the line on which a node begins."""
        return self.source.rfind(b"\n", 0, node.start_byte) + 1

    def enter(self, node: SyntaxNode) -> Iterator[SyntaxNode]:
        """Set documentation aside, and return the children."""
        for documented in self.language.documented(node):
            self.documented[(documented.outer or documented.definition).id] = documented
            self.set_aside.update(part.id for part in documented.documentation)
        return iter(node.children)

    def next_code(self, children: Iterator[SyntaxNode]) -> SyntaxNode | None:
        """Return the next child that is code, taking note of the comments and the documentation before it."""
        for node in children:
            if node.id in self.set_aside:
                self.pass_over(node)
            elif node.type in self.language.comment_nodes:
                self.comments.append(self.comment(node))
            elif node.type not in self.language.layout_nodes:
                return node
        return None

    def pass_over(self, node: SyntaxNode) -> None:
        """Leave documentation out, but for comments inside it."""
        self.meet(node.start_point[0])
        if self.comments:
            self.comments[-1].above_documentation = True
        inside = list(reversed(node.children))
        while inside:
            part = inside.pop()
            if part.type in self.language.comment_nodes:
                self.documentation_row = part.start_point[0]
                self.comments.append(self.comment(part))
            inside.extend(reversed(part.children))
        self.documentation_row = last_row(node)
        self.below_documentation = True

    def meet(self, row: int) -> None:
        """Take note of what begins in a row, for the comment before it."""
        if self.comments and row - max(self.code_row, self.documentation_row, self.comment_row) > 1:
            self.comments[-1].above_blank_line = True

    def comment(self, node: SyntaxNode) -> Comment:
        """Return a comment with its surroundings; call it in file order."""
        row = node.start_point[0]
        self.meet_kept(row)
        comment = Comment(
            text=self.text_of(node).rstrip(),
            row=row,
            last_row=last_row(node),
            indentation=self.indentation(node),
            behind_code=row == self.code_row,
            behind_documentation=row == self.documentation_row,
            behind_comment=row == self.comment_row,
            below_documentation=self.below_documentation,
        )
        self.comment_row = comment.last_row
        return comment

    def meet_kept(self, row: int) -> None:
        """Take note of code or a comment that begins in a row, for the comment before it."""
        self.meet(row)
        if self.comments:
            self.comments[-1].before_same_line = row == self.comments[-1].last_row

    def pass_code(self, node: SyntaxNode) -> None:
        """Go on behind a token, or behind a node that is the same in both states."""
        self.comments.clear()
        self.code_row, self.code_end = last_row(node), node.end_byte
        self.below_documentation = False

    def uncovered(self, node: SyntaxNode) -> bytes:
        """Return the text of a node that none of its children holds, without blanks."""
        position, pieces = node.start_byte, []
        for child in node.children:
            pieces.append(self.source[position : child.start_byte])
            position = child.end_byte
        pieces.append(self.source[position : node.end_byte])
        return b"".join(b"".join(pieces).split())


class Pair(NamedTuple):
    """One definition in both states."""

    qualname: str
    old: Documented
    new: Documented


class Level(NamedTuple):
    """Two nodes whose children are being walked."""

    old: Iterator[SyntaxNode]
    new: Iterator[SyntaxNode]
    node: SyntaxNode
    """In the state after."""
    qualname: str


class Walk:
    """Both trees, walked in step, down to where they are the same; no recursion, trees may be deep."""

    def __init__(self, language: type[Language], old: Side, new: Side) -> None:
        self.language, self.old, self.new = language, old, new
        self.levels: list[Level] = []
        self.changed: list[Pair] = []
        """The definitions whose documentation, or whose filler in its place, is written differently."""
        self.governed_row = -1
        """The row in the state after that the last comment about its next line is about."""

    def difference(self) -> Difference | None:
        """Walk to the end or to the first difference in code or comments."""
        self.enter(self.old.root, self.new.root, "")
        self.pair_documentation(self.old.root, self.new.root, "")
        while self.levels:
            level = self.levels[-1]
            old, new = self.old.next_code(level.old), self.new.next_code(level.new)
            if old is None and new is None:
                self.levels.pop()
            elif difference := self.step(level, old, new):
                return difference
        return self.comments_difference(self.new.root.end_point[0])

    def step(self, level: Level, old: SyntaxNode | None, new: SyntaxNode | None) -> Difference | None:
        """Compare a pair of nodes; either is None where there is nothing left on its side."""
        if old is None or new is None or old.type != new.type:
            return self.code_difference(level, old, new)
        same = self.is_same(old, new)
        if not same:
            if not self.may_differ_inside(old, new):
                return self.code_difference(level, old, new)
            self.enter(old, new, qualname_of(self.language, new, level.qualname))
        self.pair_documentation(old, new, level.qualname)
        return self.pass_code(old, new) if same else None

    def enter(self, old: SyntaxNode, new: SyntaxNode, qualname: str) -> None:
        """Walk the children next."""
        self.levels.append(Level(self.old.enter(old), self.new.enter(new), new, qualname))

    def is_same(self, old: SyntaxNode, new: SyntaxNode) -> bool:
        """Say whether two nodes are the same bytes, and further lines mean the same from where they begin."""
        if self.old.text_of(old) != self.new.text_of(new):
            return False
        if not self.language.columns_count or old.type in self.language.verbatim_nodes:
            return True
        return old.start_point[0] == old.end_point[0] or old.start_point[1] == new.start_point[1]

    def may_differ_inside(self, old: SyntaxNode, new: SyntaxNode) -> bool:
        """Say whether the difference of two nodes could be one of layout, comments or documentation."""
        if old.type in self.language.verbatim_nodes or not old.children or not new.children:
            return False
        return self.old.uncovered(old) == self.new.uncovered(new)

    def pair_documentation(self, old: SyntaxNode, new: SyntaxNode, enclosing: str) -> None:
        """Take note of a definition whose documentation changed, and leave out a filler that it made needless.

        `enclosing` is the qualified name of the definition around it.
        """
        if old.id not in self.old.documented and new.id not in self.new.documented:
            return
        before = self.old.documented.get(old.id, Documented(old))
        after = self.new.documented.get(new.id, Documented(new))
        if after.documentation and after.rest is None and before.filler:
            self.old.set_aside.add(before.filler.id)
        elif before.documentation and before.rest is None and after.filler:
            self.new.set_aside.add(after.filler.id)
        elif [*map(self.old.text_of, before.documentation)] == [*map(self.new.text_of, after.documentation)]:
            return
        self.changed.append(Pair(qualname_of(self.language, after.definition, enclosing), before, after))

    def pass_code(self, old: SyntaxNode, new: SyntaxNode) -> Difference | None:
        """Go on behind two nodes that are the same, if the comments before them are."""
        rows = old.start_point[0], new.start_point[0]
        if self.old.comments or self.new.comments:
            self.old.meet_kept(rows[0])
            self.new.meet_kept(rows[1])
            if difference := self.comments_difference(rows[1]):
                return difference
            if any(self.is_about_next_line(comment) for comment in self.new.comments):
                self.governed_row = rows[1]
        if self.language.line_breaks_count and (difference := self.line_break_difference(new, *rows)):
            return difference
        self.old.pass_code(old)
        self.new.pass_code(new)
        return None

    def line_break_difference(self, new: SyntaxNode, old_row: int, new_row: int) -> Difference | None:
        """Compare the line breaks between two tokens.

        Documentation may bring one with it, but not where a comment is about the line that it breaks.
        """
        was_broken, is_broken = old_row > self.old.code_row, new_row > self.new.code_row
        is_own = (
            is_broken and self.new.below_documentation and self.new.source.endswith(BREAKABLE, 0, self.new.code_end)
        )
        is_free = is_own or new.type in self.language.closing_nodes
        if was_broken == is_broken or (is_free and self.new.code_row != self.governed_row):
            return None
        what = "added" if is_broken else "removed"
        return Difference(f"line break {what} before {_quoted(self.new.text_of(new))}", new_row)

    def comments_difference(self, row: int) -> Difference | None:
        """Compare the comments between two tokens; `row` is where a removed one is reported."""
        old, new = self.old.comments, self.new.comments
        equal = sum(1 for _ in takewhile(lambda pair: pair[0].text == pair[1].text, zip(old, new, strict=False)))
        if len(old) > len(new):
            return Difference(f"comment removed or moved: {_quoted(old[equal].text)}", row)
        if len(old) < len(new):
            return Difference(f"comment added or moved: {_quoted(new[equal].text)}", new[equal].row)
        for a, b in zip(old, new, strict=True):
            if a.text != b.text:
                return Difference(f"comment changed: {_quoted(a.text)} became {_quoted(b.text)}", b.row)
            if not a.goes_with_the_same(b) or (a.before_same_line != b.before_same_line and not b.above_documentation):
                return Difference(f"comment moved: {_quoted(b.text)} stands elsewhere on its line", b.row)
            if difference := self.next_line_difference(a, b):
                return difference
            leading = self.language.leading_comment
            if b.below_documentation and not a.below_documentation and leading and leading.match(b.text):
                return Difference(f"comment moved: no documentation may stand above {_quoted(b.text)}", b.row)
        return None

    def next_line_difference(self, a: Comment, b: Comment) -> Difference | None:
        """Compare what stands between a comment and what it is about, where that matters."""
        about_next_line = self.is_about_next_line(b)
        if about_next_line and b.above_documentation and not a.above_documentation:
            return Difference(f"comment moved: no documentation may stand below {_quoted(b.text)}", b.row)
        counts = about_next_line or (self.language.blank_lines_count and b.indentation is not None)
        if counts and a.above_blank_line != b.above_blank_line:
            return Difference(f"comment moved: a blank line below {_quoted(b.text)} was added or removed", b.row)
        return None

    def is_about_next_line(self, comment: Comment) -> bool:
        """Say whether tools obey a comment for the line below it."""
        pattern = self.language.next_line_comment
        return pattern is not None and pattern.match(comment.text) is not None

    def code_difference(self, level: Level, old: SyntaxNode | None, new: SyntaxNode | None) -> Difference:
        """Describe two nodes that are not the same."""
        if new is None:
            removed = self.old.text_of(old) if old else b""
            return Difference(f"code removed: {_quoted(removed)}", level.node.end_point[0])
        if old is None:
            return Difference(f"code added: {_quoted(self.new.text_of(new))}", new.start_point[0])
        was, became = _quoted(self.old.text_of(old)), _quoted(self.new.text_of(new))
        return Difference(f"code changed: {became} where the start state has {was}", new.start_point[0])


def qualname_of(language: type[Language], node: SyntaxNode, enclosing: str) -> str:
    """Return the qualified name that holds in a node; `enclosing` is the one that holds around it."""
    return ".".join(filter(None, [enclosing, language.name_of(node)]))


def _quoted(source: bytes) -> str:
    line = source.decode(errors="replace").strip().partition("\n")[0]
    return f"`{line[:QUOTED]}…`" if len(line) > QUOTED else f"`{line}`"
