"""A second reader of the languages that document by comments, which knows no more of them than how comments and
strings are told from code: what the checkers accept is held against it, and edits of tokens are made by it."""

import re
from functools import cache
from typing import NamedTuple

QUOTED = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
"""Strings that end on their line; characters too."""
STRINGS = {
    "go": rf"{QUOTED}|`[^`]*`",
    "java": rf'"""(?:\\.|[^\\])*?"""|{QUOTED}',
    "javascript": rf"{QUOTED}|`(?:\\.|\$\{{[^}}]*\}}|[^`\\])*`|(?<=[=(,:]) /(?![*/])(?:\\.|[^/\\\n])+/",
    "rust": r'\bb?r(?P<hashes>#*)".*?"(?P=hashes)|\bb?"(?:\\.|[^"\\])*"|"(?:\\.|[^"\\])*"|\'(?:\\[^\']+|[^\'\\\n])\'',
}
BLOCK = r"/\*.*?\*/"
NESTED = BLOCK
for _ in range(3):  # nothing here is deeper
    NESTED = rf"/\*(?:(?!/\*|\*/).|{NESTED})*\*/"


class Token(NamedTuple):
    """A piece of code."""

    text: str
    start: int
    end: int


@cache
def pattern(language: str) -> re.Pattern[str]:
    """Return what a file consists of but for blanks."""
    comment = NESTED if language == "rust" else BLOCK
    hashbang = r"\A\ufeff?#![^\[\n][^\n]*"
    return re.compile(rf"(?s)(?P<comment>{hashbang}|//[^\n]*|{comment})|{STRINGS[language]}|\w+|[^\w\s]")


def code_tokens(language: str, source: str) -> list[Token]:
    """Return the tokens of a file that are no comments, in file order."""
    language = "javascript" if language in ("typescript", "tsx") else language
    found = pattern(language).finditer(source)
    return [Token(match[0], *match.span()) for match in found if match["comment"] is None]
