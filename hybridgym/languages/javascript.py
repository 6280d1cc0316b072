"""JavaScript, as tree-sitter-javascript sees it."""

import re
from pathlib import Path, PurePosixPath
from typing import ClassVar

import tree_sitter_javascript

from hybridgym.languages.base import Wording
from hybridgym.languages.comments import CommentDocumented, text_of
from hybridgym.languages.reading import SyntaxNode

TEST_FOLDERS = frozenset({"test", "tests", "__tests__", "__mocks__", "spec", "specs", "e2e", "cypress", "testing"})
TEST_FILE = re.compile(r".*[._-](test|spec)s?(-d)?\.[cm]?[jt]sx?|(test|spec)s?\.[cm]?[jt]sx?")

FUNCTION_VALUES = frozenset({"arrow_function", "function_expression", "generator_function", "class"})
"""What makes a definition of the variable, field or property that it is assigned to."""
SAME_VALUE = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression"})
"""Nodes whose value is that of what they hold."""
FREEZING = (b"Object.freeze", b"Object.seal")
"""Functions that give back what they are given."""
MAX_OBJECT_DEPTH = 6
"""Objects in objects have names up to here."""
COMPILER_FILE = re.compile(r"(?:.*/)?tsconfig[\w.-]*\.json")
"""What a tsconfig.json may extend."""
MADE_FOLDERS = frozenset({"dist", "build", "bundle", "bundles", "umd", "coverage"})
MADE_FILE = re.compile(r".*[.-](min|bundle)\.[cm]?js")
PLAIN_NAMES = frozenset({"identifier", "property_identifier", "private_property_identifier", "type_identifier"})

# What tools look for in comments, documentation comments too.
TOOLS = (
    rb"@ts-(?:ignore|expect-error|nocheck|check)\b|@jsx\w*\b|@(?:no)?flow\b|@(?:jest|vitest)-\w+|@internal\b"
    rb"|@(?:no)?(?:format|prettier)\b|@formatter:|@vite-ignore\b|[@#]__\w+__|[@#]\s*source(?:Mapping)?URL="
    rb"|\bwebpack[A-Z]\w*\s*:|\b(?:eslint|tslint|oxlint|jshint|jslint|jscs|stylelint)\b[-:]"
    rb"|\b(?:istanbul|c8|v8|node:coverage|biome|prettier|dprint|deno-(?:lint|fmt|coverage))[- ]ignore\b"
    rb"|\bjscpd:|@generated\b|@(?:nolint|lint-ignore|refresh|nosideeffects|pureOrBreakMyCode|externs|suppress)\b"
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
            "pair",
            "variable_declarator",
        }
        | FUNCTION_VALUES
    )
    place_nodes = frozenset({"object"})
    build_files = frozenset({"jsconfig.json", "package.json", "tsconfig.json"})
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
    slow_line = re.compile(rb"<!--")

    statement = "void 0;"
    markup = "jsdoc"
    wording = Wording(inherits="extends")

    @staticmethod
    def grammar() -> object:
        return tree_sitter_javascript.language()

    @classmethod
    def query(cls) -> str:
        return own_query("ecmascript") + own_query("javascript")

    @classmethod
    def is_test(cls, path: str) -> bool:
        parts = PurePosixPath(path)
        return not TEST_FOLDERS.isdisjoint(parts.parts[:-1]) or TEST_FILE.fullmatch(parts.name) is not None

    @classmethod
    def is_build_file(cls, path: str) -> bool:
        return super().is_build_file(path) or COMPILER_FILE.fullmatch(path) is not None

    @classmethod
    def is_generated(cls, path: str) -> bool:
        parts = PurePosixPath(path)
        return not MADE_FOLDERS.isdisjoint(parts.parts[:-1]) or MADE_FILE.fullmatch(parts.name) is not None

    @classmethod
    def name_of(cls, node: SyntaxNode) -> str:
        match node.type:
            case "arrow_function" | "function_expression" | "generator_function" | "class":
                return "default" if is_default_export(node) else ""
            case "object":
                return object_name(node) or ""
            case "pair":
                return pair_name(node) if has_function(node, "value") else ""
            case "variable_declarator":
                return plain_name(node.child_by_field_name("name")) if has_function(node, "value") else ""
            case "field_definition" | "public_field_definition":
                name = node.child_by_field_name("property") or node.child_by_field_name("name")
                return plain_name(name) if has_function(node, "value") else ""
            case "assignment_expression":
                return assigned_name(node) if has_function(node, "right") else ""
            case "method_definition":
                around = node.parent
                placed = around is not None and (around.type == "class_body" or object_name(around) is not None)
                return plain_name(node.child_by_field_name("name")) if placed else ""
            case _:
                return super().name_of(node)


def own_query(name: str) -> str:
    """Return one of the queries that make up that of a language."""
    return Path(__file__).with_name(f"{name}.scm").read_text(encoding="utf-8")


def plain_name(node: SyntaxNode | None) -> str:
    """Return an identifier; empty for a pattern, a string or a computed name."""
    return text_of(node) if node is not None and node.type in PLAIN_NAMES else ""


def has_function(node: SyntaxNode, field: str) -> bool:
    """Say whether a field holds a function or a class."""
    value = node.child_by_field_name(field)
    return value is not None and value.type in FUNCTION_VALUES


def is_default_export(node: SyntaxNode) -> bool:
    """Say whether a function or class without a name is what a module exports by default."""
    around = node.parent
    if around is None or around.type != "export_statement":
        return False
    return any(child.type == "default" for child in around.children)


def pair_name(node: SyntaxNode) -> str:
    """Return the name that a property has in an object that has a name itself."""
    around = node.parent
    placed = around is not None and object_name(around) is not None
    return plain_name(node.child_by_field_name("key")) if placed else ""


def object_name(node: SyntaxNode, depth: int = 0) -> str | None:
    """Return the name of what an object literal is the value of; empty for a module's exports.

    None for an object without a name: one that is passed, returned or held by a variable of a pattern.
    """
    around = node.parent
    while around is not None and (around.type in SAME_VALUE or is_freezing(around)):
        around = around.parent
    if node.type != "object" or around is None:
        return None
    match around.type:
        case "variable_declarator":
            return plain_name(around.child_by_field_name("name")) or None
        case "export_statement":
            return ""
        case "field_definition" | "public_field_definition":
            name = around.child_by_field_name("property") or around.child_by_field_name("name")
            return plain_name(name) or None
        case "assignment_expression":
            names = assigned_names(around)
            return None if names is None or not around_right(around, node) else ".".join(names)
        case "pair":
            outer = around.parent
            placed = outer is not None and depth < MAX_OBJECT_DEPTH and object_name(outer, depth + 1) is not None
            return (plain_name(around.child_by_field_name("key")) or None) if placed else None
    return None


def around_right(assignment: SyntaxNode, node: SyntaxNode) -> bool:
    """Say whether a node lies right of the sign of an assignment."""
    right = assignment.child_by_field_name("right")
    return right is not None and right.start_byte <= node.start_byte


def is_freezing(node: SyntaxNode) -> bool:
    """Say whether a node is a call of `Object.freeze`, or the list of its arguments."""
    call = node.parent if node.type == "arguments" else node
    function = call.child_by_field_name("function") if call is not None and call.type == "call_expression" else None
    return function is not None and function.text in FREEZING


def assigned_name(node: SyntaxNode) -> str:
    """Return owner and name of a function that is assigned to a property.

    `Foo.bar` of `Foo.bar = …` and `Foo.prototype.bar = …`; `bar` of `exports.bar = …`, `module.exports.bar = …`
    and `module.exports = function bar …`; `module.exports` where that function has no name. Empty for what hangs
    on `this` or on a computed object.
    """
    names, right = assigned_names(node), node.child_by_field_name("right")
    if names is None or right is None:
        return ""
    return ".".join(names) if names else plain_name(right.child_by_field_name("name")) or "module.exports"


def assigned_names(node: SyntaxNode) -> list[str] | None:
    """Return the names of the property that is assigned to, without `exports` and `prototype`.

    Empty for `module.exports`; None for a variable, and for what hangs on `this` or on a computed object.
    """
    left = node.child_by_field_name("left")
    names: list[str] = []
    while left is not None and left.type == "member_expression" and len(names) <= MAX_OBJECT_DEPTH:
        names.insert(0, plain_name(left.child_by_field_name("property")))
        left = left.child_by_field_name("object")
    if left is None or left.type != "identifier" or not names or not all(names):
        return None
    names.insert(0, text_of(left))
    if names[:2] == ["module", "exports"]:
        names = names[2:]
    elif names[0] == "exports":
        names = names[1:]
    return [name for i, name in enumerate(names) if name != "prototype" or not i]
