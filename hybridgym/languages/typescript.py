"""TypeScript, and TypeScript with JSX, as tree-sitter-typescript sees them."""

from typing import ClassVar

import tree_sitter_typescript

from hybridgym.languages.base import Wording
from hybridgym.languages.javascript import FUNCTION_VALUES, JavaScript, own_query

PLAIN_TYPES = frozenset(["any", "bigint", "boolean", "number", "object", "string", "string[]", "number[]", "unknown"])


class TypeScript(JavaScript):
    """TypeScript; declaration files are not sources, since nothing runs them."""

    name = "typescript"
    suffixes: ClassVar[tuple[str, ...]] = (".ts", ".mts", ".cts")
    definition_nodes = frozenset(
        {
            "abstract_class_declaration",
            "assignment_expression",
            "class_declaration",
            "enum_declaration",
            "function_declaration",
            "generator_function_declaration",
            "interface_declaration",
            "method_definition",
            "pair",
            "public_field_definition",
            "variable_declarator",
        }
        | FUNCTION_VALUES
    )
    wrapper_nodes = JavaScript.wrapper_nodes | {"ambient_declaration"}
    place_nodes = JavaScript.place_nodes | {"internal_module", "module"}
    verbatim_nodes = frozenset({"string", "template_string", "regex"})

    wording = Wording(
        plain_types=PLAIN_TYPES,
        plain_results=PLAIN_TYPES - {"any", "unknown"},
        no_results=frozenset({"void", "Promise<void>"}),
        inherits="extends or implements",
    )

    @staticmethod
    def grammar() -> object:
        return tree_sitter_typescript.language_typescript()

    @classmethod
    def query(cls) -> str:
        return own_query("ecmascript") + own_query("typescript")

    @classmethod
    def is_source(cls, path: str) -> bool:
        return path.endswith(cls.suffixes) and not path.endswith((".d.ts", ".d.mts", ".d.cts"))


class Tsx(TypeScript):
    """TypeScript with JSX: another grammar, since `<T>x` is no cast in it."""

    name = "tsx"
    family = "typescript"
    suffixes = (".tsx",)
    verbatim_nodes = JavaScript.verbatim_nodes

    @staticmethod
    def grammar() -> object:
        return tree_sitter_typescript.language_tsx()
