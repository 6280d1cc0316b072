"""What is read from the text of a C file, where macros keep the grammar from reading it."""

import re
from collections.abc import Iterator, Set

from hybridgym.facts import Binding, BindingKind

MACRO = re.compile(
    r"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)(\([^)\n]*\))?"
    r"((?:[^\\\n/]|/(?!\*)|/\*(?:[^*]|\*(?!/))*\*/|\\(?:.|\n)|\\\Z)*)"
)
NAME = re.compile(
    r"(?s)/\*.*?(?:\*/|\Z)|//(?:\\\n|[^\n])*|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?"
    r"|(?:^|(?<=\n))[ \t]*#(?:\\\n|[^\n])*|\b([^\W\d]\w*)"
)
"""A name of code in its first group; else a comment, a literal, a directive."""
COMMENT = re.compile(r"(?s)/\*.*?(?:\*/|\Z)|//(?:\\\n|[^\n])*")
WORD = re.compile(r"[^\W\d]\w*")
HEAD = re.compile(r"(?m)^(?=[^\W\d])[^\n;{}#=()]*?\b([^\W\d]\w*)[ \t]*\(")
"""What begins a function in the first column."""
ALONE = re.compile(r"(?m)^([^\W\d]\w*)[ \t\r]*$")
"""What may be a function's name, with its parameters on the next line."""
REST = re.compile(r"[^\n;{}#=()]*?\b([^\W\d]\w*)[ \t]*\(")
"""What goes on behind parentheses in it."""
BEHIND = re.compile(r"\s*(?:[\w{#]|/[/*])")
"""What may stand behind the parameters of a function that is defined."""
USE = re.compile(r"(?m)^[^\W\d]\w*[ \t]*\(([^;{}]{0,2000})")
"""What may be the use of a macro in the first column."""
MAX_PARAMETERS = 4_000
"""Characters that the parameters of a function may have."""
MAX_INSIDE = 400
"""Characters of them in which a name is looked for."""
MAX_MACROS = 8
"""Parentheses of a head that are looked at."""
PARENTHESIS = re.compile(r"[()]")


def macros(text: str) -> Iterator[Binding]:
    """Yield the macros of a file, bound in its module."""
    for found in MACRO.finditer(text):
        parameters = f"({','.join(found[2][1:-1].replace(' ', '').split(','))})" if found[2] else ""
        replacement = " ".join(COMMENT.sub(" ", found[3].replace("\\\n", " ")).split())
        yield Binding(found[1], 0, BindingKind.OTHER, found.start(), f"#{parameters}", replacement)


def heads(text: str) -> Iterator[tuple[str, str]]:
    """Yield what begins a function's definition in the first column by what it looks like, and its parentheses.

    What stands in parentheses before the parameters belongs to a macro, and so may the name in them.
    """
    closings = _closings(text)
    for line in HEAD.finditer(text):
        found: re.Match[str] | None = line
        for _ in range(MAX_MACROS):
            if found is None:
                break
            start, end = found.end(), closings.get(found.end() - 1, 0)
            if not start <= end <= start + MAX_PARAMETERS:
                yield found[1], ""
                break
            inside = text[start : min(end, start + MAX_INSIDE)]
            behind = closings.get(text.find("(", end + 1, end + 3), len(text))
            if BEHIND.match(text, end + 1):
                yield found[1], inside
            elif BEHIND.match(text, behind + 1):  # the name alone in parentheses
                yield inside.strip(), ""
            found = REST.match(text, end + 1)


def _closings(text: str) -> dict[int, int]:
    """Return where each parenthesis is closed."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for match in PARENTHESIS.finditer(text):
        if match[0] == "(":
            opened.append(match.start())
        elif opened:
            found[opened.pop()] = match.start()
    return found


def misread(text: str, own: Set[str], has_error: bool) -> Iterator[str]:
    """Yield the names that functions of a file seem to have which are none of its `own`."""
    for name, inside in heads(text):
        if name not in own:
            yield name
            yield from (word for word in WORD.findall(inside) if word not in own)
    if has_error:
        yield from (word for word in ALONE.findall(text) if word not in own)


def words_given(text: str) -> tuple[str, ...]:
    """Return the words that are given to what may be macros outside of functions."""
    return tuple(sorted({word for use in USE.finditer(text) for word in WORD.findall(use[1])}))


def words_in(text: str) -> list[str]:
    """Return the words of a piece of code, without what comments, literals and directives hold."""
    return [match[1] for match in NAME.finditer(text) if match[1]]
