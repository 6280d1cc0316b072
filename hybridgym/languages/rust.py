"""Rust, as tree-sitter-rust sees it."""

import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import PurePosixPath

import tree_sitter_rust

from hybridgym.facts import Definition
from hybridgym.languages.base import Wording
from hybridgym.languages.comments import CommentDocumented, text_of
from hybridgym.languages.reading import SyntaxNode

TEST_FOLDERS = frozenset({"test", "tests", "testing", "benches"})


PLAIN_TYPES = frozenset(["bool", "char", "f32", "f64", "i32", "i64", "u8", "u32", "u64", "usize", "&str", "String"])


class Rust(CommentDocumented):
    """Rust: all outer documentation comments before an item, and among its attributes, are one."""

    name = "rust"
    suffixes = (".rs",)
    definition_nodes = frozenset(
        {"enum_item", "function_item", "function_signature_item", "struct_item", "trait_item", "union_item"}
    )
    build_files = frozenset({"Cargo.toml"})
    between_nodes = frozenset({"attribute_item"})
    place_nodes = frozenset({"impl_item", "mod_item"})
    verbatim_nodes = frozenset({"raw_string_literal", "string_literal", "token_tree", "token_tree_pattern"})
    documentation_comment = re.compile(rb"///(?!/)|/\*\*(?![*/])")
    module_comment = re.compile(rb"//!|/\*!")
    comments_nest = True
    obeyed_line = re.compile(rb"\b(?:LCOV|GRCOV)_EXCL_|@formatter:|</?editor-fold")

    interpreter_line = re.compile(rb"#!(?!\s*\[)")  # the other is an attribute
    statement = "const _: () = ();"
    documentation_line = "/// {}"
    markup = "rustdoc"
    wording = Wording(
        plain_types=PLAIN_TYPES,
        plain_results=PLAIN_TYPES,
        no_results=frozenset({"", "()"}),
        results_are_declared=True,
        inherits="builds on",
        methods_are_inside=False,
        errors=(),
    )

    @staticmethod
    def grammar() -> object:
        return tree_sitter_rust.language()

    @classmethod
    def is_test(cls, path: str) -> bool:
        parts = PurePosixPath(path)
        return parts.stem in ("test", "tests") or not TEST_FOLDERS.isdisjoint(parts.parts[:-1])

    @classmethod
    def name_of(cls, node: SyntaxNode) -> str:
        if node.type == "impl_item":
            return type_name(node.child_by_field_name("type"))
        if node.type == "function_signature_item" and (block := node.parent) is not None:
            around = block.parent
            if around is None or around.type == "foreign_mod_item":
                return ""  # what an extern block declares is defined elsewhere
        return super().name_of(node).removeprefix("r#")

    @classmethod
    def module_documentation(cls, root: SyntaxNode) -> tuple[SyntaxNode, ...]:
        head = takewhile(lambda c: c.is_extra or c.type == "inner_attribute_item", root.children)
        return tuple(node for node in head if cls.module_comment.match(node.text or b""))

    @classmethod
    def documentation_in(cls, run: Sequence[SyntaxNode], row: int, code_row: int) -> tuple[SyntaxNode, ...]:
        return tuple(node for node in run if node.type in cls.comment_nodes and cls.is_documentation(node))

    @classmethod
    def bound_parameter(cls, definition: Definition) -> str:
        return "instance" if definition.parameters[:1] and definition.parameters[0].name == "self" else ""


def type_name(node: SyntaxNode | None) -> str:
    """Return the name by which a type is implemented: `Foo` of `&mut a::Foo<T>`; else its source without blanks."""
    while node is not None:
        if node.type in ("generic_type", "reference_type", "pointer_type"):
            inner = node.child_by_field_name("type")
        elif node.type == "scoped_type_identifier":
            inner = node.child_by_field_name("name")
        elif node.type == "dynamic_type":
            inner = node.child_by_field_name("trait")
        else:
            return "".join(text_of(node).split())
        node = inner
    return ""
