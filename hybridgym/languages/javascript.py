"""JavaScript, as tree-sitter-javascript sees it."""

import re
from pathlib import PurePosixPath
from typing import ClassVar

import tree_sitter_javascript

from hybridgym.languages.base import Wording
from hybridgym.languages.comments import CommentDocumented, text_of
from hybridgym.languages.reading import SyntaxNode

TEST_FOLDERS = frozenset({"test", "tests", "__tests__", "__mocks__", "spec", "specs", "e2e", "cypress", "testing"})
TEST_FILE = re.compile(r".*[._-](test|spec)s?\.[cm]?[jt]sx?|(test|spec)s?\.[cm]?[jt]sx?")

FUNCTION_VALUES = frozenset({"arrow_function", "function_expression", "generator_function", "class"})
"""What makes a definition of the variable, field or property that it is assigned to."""
PLAIN_NAMES = frozenset({"identifier", "property_identifier", "private_property_identifier", "type_identifier"})

# What tools look for in comments, documentation comments too.
TOOLS = (
    rb"@ts-(?:ignore|expect-error|nocheck|check)\b|@jsx\w*\b|@(?:no)?flow\b|@(?:jest|vitest)-\w+|@internal\b"
    rb"|@(?:no)?(?:format|prettier)\b|@formatter:|@vite-ignore\b|[@#]__\w+__|[@#]\s*source(?:Mapping)?URL="
    rb"|\bwebpack[A-Z]\w*\s*:|\b(?:eslint|tslint|oxlint|jshint|jslint|jscs|stylelint)\b[-:]"
    rb"|\b(?:istanbul|c8|v8|node:coverage|biome|prettier|dprint|deno-(?:lint|fmt|coverage))[- ]ignore\b"
    rb"|\$Flow[A-Z]\w*|\bNOSONAR\b|\bLCOV_EXCL_|@noinspection\b|</?editor-fold"
)


class JavaScript(CommentDocumented):
    """JavaScript with JSX. Functions and classes are definitions where they have a name or are assigned to one."""

    name = "javascript"
    suffixes: ClassVar[tuple[str, ...]] = (".js", ".mjs", ".cjs", ".jsx")
    comment_nodes = frozenset({"comment", "html_comment"})
    definition_nodes = frozenset(
        {
            "assignment_expression",
            "class_declaration",
            "field_definition",
            "function_declaration",
            "generator_function_declaration",
            "method_definition",
            "variable_declarator",
        }
    )
    wrapper_nodes = frozenset(
        {"export_statement", "expression_statement", "lexical_declaration", "variable_declaration"}
    )
    between_nodes = frozenset({"decorator"})
    verbatim_nodes = frozenset({"string", "template_string", "regex", "jsx_element", "jsx_self_closing_element"})
    # About the file, or about a type that the comment itself declares.
    other_comment = re.compile(
        rb"(?s)/\*\*.*?@(?:file|fileoverview|overview|module|packageDocumentation|license|licence|copyright|preserve"
        rb"|typedef|callback|import|event|namespace|flow|noflow|jsx\w*|jest-\w+|vitest-\w+|ts-(?:no)?check)\b"
    )
    line_breaks_count = True
    closing_nodes = frozenset({"}"})
    next_line_comment = re.compile(
        rb"(?s)/[/*].*?(?:@ts-ignore|@ts-expect-error|\$Flow[A-Z]\w*|-disable-next-line|deno-lint-ignore"
        rb"|(?:[cv]8|node:coverage) ignore next)\b"
    )
    leading_comment = re.compile(
        rb"(?s)/[/*].*?@(?:(?:no)?flow|jsx\w*|jest-\w+|vitest-\w+|ts-(?:no)?check|(?:no)?(?:format|prettier))\b"
    )
    obeyed_line = re.compile(TOOLS)

    statement = "void 0;"
    wording = Wording(inherits="extends")

    @staticmethod
    def grammar() -> object:
        return tree_sitter_javascript.language()

    @classmethod
    def is_test(cls, path: str) -> bool:
        parts = PurePosixPath(path)
        return not TEST_FOLDERS.isdisjoint(parts.parts[:-1]) or TEST_FILE.fullmatch(parts.name) is not None

    @classmethod
    def name_of(cls, node: SyntaxNode) -> str:
        match node.type:
            case "variable_declarator":
                return plain_name(node.child_by_field_name("name")) if has_function(node, "value") else ""
            case "field_definition" | "public_field_definition":
                name = node.child_by_field_name("property") or node.child_by_field_name("name")
                return plain_name(name) if has_function(node, "value") else ""
            case "assignment_expression":
                return assigned_name(node) if has_function(node, "right") else ""
            case "method_definition":
                around = node.parent
                in_class = around is not None and around.type == "class_body"
                return plain_name(node.child_by_field_name("name")) if in_class else ""
            case _:
                return super().name_of(node)


def plain_name(node: SyntaxNode | None) -> str:
    """Return an identifier; empty for a pattern, a string or a computed name."""
    return text_of(node) if node is not None and node.type in PLAIN_NAMES else ""


def has_function(node: SyntaxNode, field: str) -> bool:
    """Say whether a field holds a function or a class."""
    value = node.child_by_field_name(field)
    return value is not None and value.type in FUNCTION_VALUES


def assigned_name(node: SyntaxNode) -> str:
    """Return owner and name of a function that is assigned to a property.

    `Foo.bar` of `Foo.bar = …` and `Foo.prototype.bar = …`; `bar` of `exports.bar = …`, `module.exports.bar = …`
    and `module.exports = function bar …`. Empty for what hangs on `this` or on a computed object.
    """
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    names: list[str] = []
    while left is not None and left.type == "member_expression":
        names.insert(0, plain_name(left.child_by_field_name("property")))
        left = left.child_by_field_name("object")
    if left is None or left.type != "identifier" or not names or not all(names):
        return ""
    names.insert(0, text_of(left))
    if names == ["module", "exports"]:
        return plain_name(right.child_by_field_name("name")) if right is not None else ""
    if names[:2] == ["module", "exports"]:
        names = names[2:]
    elif names[0] == "exports":
        names = names[1:]
    return ".".join(name for i, name in enumerate(names) if name != "prototype" or i == len(names) - 1)
