"""C, as tree-sitter-c sees it."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import tree_sitter_c

from hybridgym.languages.base import Wording
from hybridgym.languages.comments import CommentDocumented, text_of
from hybridgym.languages.reading import SyntaxNode, last_row

TEST_FOLDERS = frozenset({"test", "tests", "testing", "testsuite", "unittest", "unittests", "fuzz", "t"})
TEST_FILE = re.compile(r"(test|fuzz)[-_].*\.[ch]|.*[-_](tests?|fuzzer)\.[ch]|tests?\.[ch]")
KEYWORDS = frozenset(
    """
    _Alignas _Alignof _Atomic _Bool _Generic _Static_assert asm auto break case char const continue default defined do
    double else enum extern float for goto if inline int long register restrict return short signed sizeof static
    static_assert struct switch typedef typeof union unsigned void volatile while
    __alignof __alignof__ __asm __asm__ __attribute __attribute__ __declspec __extension__ __inline __inline__
    __restrict __restrict__ __typeof __typeof__ __volatile__ alignof
    """.split()
)
"""Words that are no names, with those that compilers add."""
DECLARATORS = frozenset(
    {
        "array_declarator",
        "attributed_declarator",
        "function_declarator",
        "init_declarator",
        "parenthesized_declarator",
        "pointer_declarator",
    }
)
NAMES = frozenset({"field_identifier", "identifier", "type_identifier"})
RECORDS = frozenset({"enum_specifier", "struct_specifier", "union_specifier"})
PLACES = ("translation_unit", "compound_statement", "declaration_list", "preproc_")
"""How the nodes are called that a type may be declared in, with nothing else on its statement."""

PLAIN_TYPES = frozenset(
    ["bool", "char", "char *", "const char *", "double", "float", "int", "long", "size_t", "unsigned int", "void *"]
)


class C(CommentDocumented):
    """C, headers included: functions with a body and types with members. Doxygen's comments document."""

    name = "c"
    suffixes = (".c", ".h")
    comment_nodes = frozenset({"comment"})
    definition_nodes = frozenset({"function_definition", *RECORDS})
    wrapper_nodes = frozenset({"type_definition"})
    verbatim_nodes = frozenset({"char_literal", "preproc_arg", "string_literal", "system_lib_string"})
    # Not `/**<`, which is about what stands before it.
    documentation_comment = re.compile(rb"///(?![/<])|//!(?!<)|/\*\*(?![*/<])|/\*!(?!<)")
    # About the file, a group or a page, or about something that the comment itself names.
    other_comment = re.compile(
        rb"(?s)/[/*].*?[@\\](?:(?:file|dir|mainpage|page|subpage|defgroup|addtogroup|weakgroup|name|def|typedef|var|fn"
        rb"|property|example|copyright|license)\b|[{}])"
    )
    line_breaks_count = True
    # Lines that go on, also by a trigraph: what the grammar takes for a comment may have ended, or not.
    obeyed_line = re.compile(
        rb"(?m)(?:\\|\?\?/)[ \t\v\f]*$|\bNOLINT|\bclang-format (?:on|off)\b|\bcppcheck-suppress\b|\bLCOV_EXCL_"
        rb"|\bGCOV_?R?_EXCL_|\bcoverity\[|\bPRQA\b|\bNOSONAR\b|\*INDENT-O(?:N|FF)\*|/\*@"
    )
    next_line_comment = re.compile(rb"(?s)/[/*].*?(?:\bNOLINTNEXTLINE\b|\bcppcheck-suppress\b|\bcoverity\[)")

    statement = "extern int hybridgym_extra;"
    documentation_line = "/** {} */"
    remark = "/* {} */"
    wording = Wording(
        plain_types=PLAIN_TYPES,
        plain_results=PLAIN_TYPES,
        no_results=frozenset({"void"}),
        results_are_declared=True,
        types_have_methods=False,
        errors=(),
    )

    @staticmethod
    def grammar() -> object:
        return tree_sitter_c.language()

    @classmethod
    def is_test(cls, path: str) -> bool:
        parts = PurePosixPath(path)
        return not TEST_FOLDERS.isdisjoint(parts.parts[:-1]) or TEST_FILE.fullmatch(parts.name) is not None

    @classmethod
    def name_of(cls, node: SyntaxNode) -> str:
        if node.type == "function_definition":
            name = function_name(node.child_by_field_name("declarator"))
            written = text_of(name) if name is not None else ""
            return "" if written in KEYWORDS or node.child_by_field_name("type") is None else written
        if node.type not in RECORDS or node.child_by_field_name("body") is None or not stands_alone(node):
            return ""
        name = node.child_by_field_name("name") or typedef_name(node)
        return text_of(name) if name is not None else ""

    @classmethod
    def wrapped(cls, node: SyntaxNode) -> SyntaxNode | None:
        return node.child_by_field_name("type")

    @classmethod
    def documentation_in(cls, run: Sequence[SyntaxNode], row: int, code_row: int) -> tuple[SyntaxNode, ...]:
        """Return the last documentation comment of a run: a block, or all lines of one group."""
        last = next((i for i in range(len(run) - 1, -1, -1) if is_doxygen(cls, run[i])), None)
        if last is None:
            return ()
        first = last
        if (run[last].text or b"").startswith(b"//"):
            while first and is_line_above(cls, run[first - 1], run[first]):
                first -= 1
        group = run[first : last + 1]
        is_behind = group[0].start_point[0] == code_row != row
        return () if is_behind or not all(map(cls.is_documentation, group)) else tuple(group)


def is_doxygen(language: type[C], comment: SyntaxNode) -> bool:
    """Say whether a comment is written as documentation is, whatever it is about."""
    return language.documentation_comment.match(comment.text or b"") is not None


def is_line_above(language: type[C], above: SyntaxNode, comment: SyntaxNode) -> bool:
    """Say whether two comments are lines of one group of documentation."""
    is_line = (above.text or b"").startswith(b"//") and is_doxygen(language, above)
    return is_line and last_row(above) == comment.start_point[0] - 1


def function_name(declarator: SyntaxNode | None) -> SyntaxNode | None:
    """Return the name that a declarator declares as a function; None where it declares something else."""
    is_function = False
    while declarator is not None and declarator.type in DECLARATORS:
        if declarator.type == "function_declarator":
            if is_function:
                return None  # a function that gives a function: a macro makes the name
            is_function = True
        elif declarator.type not in ("attributed_declarator", "parenthesized_declarator"):
            is_function = False
        declarator = inner_declarator(declarator)
    return declarator if is_function and declarator is not None and declarator.type in NAMES else None


def declared_name(declarator: SyntaxNode | None) -> SyntaxNode | None:
    """Return the name that a declarator declares, whatever as."""
    while declarator is not None and declarator.type in DECLARATORS:
        declarator = inner_declarator(declarator)
    return declarator if declarator is not None and declarator.type in NAMES else None


def inner_declarator(declarator: SyntaxNode) -> SyntaxNode | None:
    """Return the declarator in a declarator."""
    inner = declarator.child_by_field_name("declarator")
    if inner is not None:
        return inner
    return next((c for c in declarator.named_children if c.type in DECLARATORS or c.type in NAMES), None)


def stands_alone(record: SyntaxNode) -> bool:
    """Say whether a type is declared for itself or for its `typedef`, and not along with a variable."""
    around = record.parent
    return around is not None and (around.type == "type_definition" or around.type.startswith(PLACES))


def typedef_name(record: SyntaxNode) -> SyntaxNode | None:
    """Return the first name that a `typedef` gives to a type itself."""
    around = record.parent
    if around is None or around.type != "type_definition":
        return None
    return next((c for c in around.named_children if c.type == "type_identifier"), None)
