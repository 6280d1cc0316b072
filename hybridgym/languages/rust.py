"""Rust, as tree-sitter-rust sees it."""

import re
from pathlib import PurePosixPath

import tree_sitter_rust

from hybridgym.languages.base import Language

TEST_FOLDERS = frozenset({"test", "tests", "testing", "benches", "fuzz"})
TEST_FILE = re.compile(r"(test_.*|.*_tests?|tests?|testutil|test_utils?)\.rs")


class Rust(Language):
    """Rust, of any edition."""

    name = "rust"
    suffixes = (".rs",)
    comment_prefix = "//"
    comment_nodes = frozenset({"line_comment", "block_comment"})
    definition_nodes = frozenset(
        {"function_item", "function_signature_item", "struct_item", "enum_item", "union_item", "trait_item"}
    )
    build_files = frozenset({"Cargo.toml"})

    @staticmethod
    def grammar() -> object:
        return tree_sitter_rust.language()

    @classmethod
    def is_test(cls, path: str) -> bool:
        parts = PurePosixPath(path)
        return not TEST_FOLDERS.isdisjoint(parts.parts[:-1]) or TEST_FILE.fullmatch(parts.name) is not None
