"""Go, as tree-sitter-go sees it."""

from pathlib import PurePosixPath

import tree_sitter_go

from hybridgym.languages.base import Language

TEST_FOLDERS = frozenset({"test", "tests", "testing", "testdata", "testutil", "testutils", "internal_test"})


class Go(Language):
    """Go 1."""

    name = "go"
    suffixes = (".go",)
    comment_prefix = "//"
    definition_nodes = frozenset({"function_declaration", "method_declaration", "type_spec", "type_alias"})
    verbatim_nodes = frozenset({"raw_string_literal", "comment"})
    build_files = frozenset({"go.mod", "go.work"})

    @staticmethod
    def grammar() -> object:
        return tree_sitter_go.language()

    @classmethod
    def is_test(cls, path: str) -> bool:
        place = PurePosixPath(path)
        return place.name.endswith("_test.go") or not TEST_FOLDERS.isdisjoint(place.parts[:-1])
