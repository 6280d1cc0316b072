"""Java, as tree-sitter-java sees it."""

import re
from pathlib import PurePosixPath

import tree_sitter_java

from hybridgym.languages.base import Wording
from hybridgym.languages.comments import CommentDocumented, text_of
from hybridgym.languages.reading import SyntaxNode

TEST_FOLDERS = frozenset({"test", "tests", "testFixtures", "androidTest", "integrationTest", "jmh"})
TEST_FILE = re.compile(r"(Test[A-Z0-9_].*|.*(Tests?|TestCase|IT))\.java")
PLAIN_TYPES = frozenset(["boolean", "byte", "char", "double", "float", "int", "long", "short", "Object", "String"])
SIMPLE_NAME = re.compile(r"(?s)<.*|.*?\.(?=\s*\w+\s*(<|$))")
"""What stands around the simple name of a written type."""


class Java(CommentDocumented):
    """Java; annotations and modifiers are inside the node of what they belong to."""

    name = "java"
    suffixes = (".java",)
    definition_nodes = frozenset(
        {
            "annotation_type_declaration",
            "class_declaration",
            "compact_constructor_declaration",
            "constructor_declaration",
            "enum_declaration",
            "interface_declaration",
            "method_declaration",
            "record_declaration",
        }
    )
    place_nodes = frozenset({"enum_constant", "object_creation_expression"})
    verbatim_nodes = frozenset({"string_literal"})
    # The compiler reads `@deprecated`, and `\u` before it knows what is a comment; the others are tools'.
    obeyed_line = re.compile(
        rb"\\u|@deprecated\b|@hide\b|@noinspection\b|@formatter:|\bspotless:|(?i:CHECKSTYLE)[:.]|\bCSO(?:FF|N)\b"
        rb"|\bCPD-O(?:FF|N)\b|\bNOSONAR\b|\bNOPMD\b|\bLCOV_EXCL_|\$NON-NLS|</?editor-fold"
    )

    statement = "class Extra {}"
    markup = "javadoc"
    wording = Wording(
        plain_types=PLAIN_TYPES,
        plain_results=PLAIN_TYPES,
        no_results=frozenset({"void"}),
        results_are_declared=True,
        inherits="extends or implements",
        errors=("Error", "Exception"),
    )

    @staticmethod
    def grammar() -> object:
        return tree_sitter_java.language()

    @classmethod
    def is_test(cls, path: str) -> bool:
        parts = PurePosixPath(path)
        return not TEST_FOLDERS.isdisjoint(parts.parts[:-1]) or TEST_FILE.fullmatch(parts.name) is not None

    @classmethod
    def name_of(cls, node: SyntaxNode) -> str:
        """Return the name of a definition, or what the members of an anonymous class are named after.

        That is the constant of an enum that has a body, or the class that is extended.
        """
        if node.type not in cls.place_nodes:
            return super().name_of(node)
        if not any(child.type == "class_body" for child in node.children):
            return ""
        named = node.child_by_field_name("name") or node.child_by_field_name("type")
        return SIMPLE_NAME.sub("", text_of(named)).strip() if named is not None else ""
