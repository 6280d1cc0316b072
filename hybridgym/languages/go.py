"""Go, as tree-sitter-go sees it."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import tree_sitter_go

from hybridgym.facts import Definition
from hybridgym.languages.base import Wording
from hybridgym.languages.comments import CommentDocumented, text_of
from hybridgym.languages.reading import SyntaxNode, last_row

TEST_FOLDERS = frozenset({"test", "tests", "testing", "testutil", "testdata"})


PLAIN_TYPES = frozenset(["any", "bool", "byte", "error", "float64", "int", "int64", "rune", "string", "uint", "[]byte"])


class Go(CommentDocumented):
    """Go: what stands directly above a declaration documents it, whatever it looks like, but for directives."""

    name = "go"
    suffixes = (".go",)
    comment_nodes = frozenset({"comment"})
    definition_nodes = frozenset({"function_declaration", "method_declaration", "type_alias", "type_spec"})
    build_files = frozenset({"go.mod", "go.work"})
    wrapper_nodes = frozenset({"type_declaration"})
    list_nodes = frozenset({"statement_list"})
    verbatim_nodes = frozenset({"raw_string_literal", "interpreted_string_literal"})
    documentation_comment = re.compile(rb"/[/*]")
    # go/ast's own rule for directives, what other tools write with a blank, and `+build` or the markers of generators.
    other_comment = re.compile(
        rb"//(line |extern |export |[a-z0-9]+:[a-z0-9])|/\*line |//\s*(\+[A-Za-z]|(nolint|#nosec|nosemgrep|revive:)\b)"
    )
    line_breaks_count = True
    blank_lines_count = True
    next_line_comment = re.compile(rb"//\s*(nolint|lint:ignore|revive:disable-next-line)\b")
    leading_comment = re.compile(rb"//(go:build|\s*\+build)\b")
    comment_reader = re.compile(rb'(?m)^[ \t]*(import[ \t]*)?(\([ \t]*)?"C"[ \t]*(\)|//.*)?\r?$')
    obeyed_line = re.compile(rb"(?m)^//go:generate[ \t]|^// Code generated .* DO NOT EDIT\.$|#nosec\b|\bLCOV_EXCL_")

    statement = "var _ = 0"
    documentation_line = "// {}"
    remark = "// {}\n"  # the blank line parts it from the definition
    markup = "godoc"
    wording = Wording(
        plain_types=PLAIN_TYPES,
        plain_results=PLAIN_TYPES,
        no_results=frozenset({""}),
        results_are_declared=True,
        inherits="embeds",
        methods_are_inside=False,
        errors=(),
    )

    @staticmethod
    def grammar() -> object:
        return tree_sitter_go.language()

    @classmethod
    def is_test(cls, path: str) -> bool:
        parts = PurePosixPath(path)
        folders = parts.parts[:-1]
        is_ignored = any(folder.startswith("_") for folder in folders)  # by the go tool, in all that it builds
        return parts.name.endswith("_test.go") or is_ignored or not TEST_FOLDERS.isdisjoint(folders)

    @classmethod
    def name_of(cls, node: SyntaxNode) -> str:
        name = super().name_of(node)
        if node.type != "method_declaration" or not name:
            return name
        return f"{receiver_of(node)}.{name}"

    @classmethod
    def wrapped(cls, node: SyntaxNode) -> SyntaxNode | None:
        is_group = any(child.type == "(" for child in node.children[:2])
        return None if is_group else super().wrapped(node)

    @classmethod
    def bound_parameter(cls, definition: Definition) -> str:
        return "receiver" if any(p.form == "receiver" for p in definition.parameters[:1]) else ""

    @classmethod
    def module_documentation(cls, root: SyntaxNode) -> tuple[SyntaxNode, ...]:
        run: list[SyntaxNode] = []
        for child in root.children:
            if child.type == "package_clause":
                return cls.documentation_in(run, child.start_point[0], -1)
            run.append(child)
        return ()

    @classmethod
    def documentation_in(cls, run: Sequence[SyntaxNode], row: int, code_row: int) -> tuple[SyntaxNode, ...]:
        """Return the group of comments that ends in the line above, without directives."""
        first = len(run)
        while first and last_row(run[first - 1]) == row - 1 and run[first - 1].start_point[0] != code_row:
            first -= 1
            row = run[first].start_point[0]
        return tuple(node for node in run[first:] if cls.is_documentation(node))


def receiver_of(method: SyntaxNode) -> str:
    """Return the name of the type that a method belongs to; empty where it cannot be read."""
    receiver = method.child_by_field_name("receiver")
    parameters = [c for c in receiver.named_children if not c.is_extra] if receiver is not None else []
    node = parameters[0].child_by_field_name("type") if parameters else None
    while node is not None and node.type in ("pointer_type", "parenthesized_type", "generic_type"):
        inner = [child for child in node.named_children if not child.is_extra]
        node = inner[0] if inner else None
    return text_of(node) if node is not None else ""
