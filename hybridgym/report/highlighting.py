"""Code → runs of characters of one look. The only importer of pygments."""

from functools import cache, lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType
from pygments.util import ClassNotFound

Runs = list[str]
"""Look, text, look, text, …; the empty look is that of plain text."""

PLAIN = ""
LOOKS: dict[_TokenType, str] = {
    Comment: "comment",
    Keyword: "keyword",
    Name.Builtin: "builtin",
    Name.Class: "definition",
    Name.Decorator: "decorator",
    Name.Function: "definition",
    Number: "number",
    String: "string",
    String.Doc: "comment",
}
"""Type of a token → the class by which a style sheet knows it; a type without one has that of the type around it."""


@lru_cache(maxsize=1024)
def highlighted(code: str, language: str) -> Runs:
    """Return the runs of a piece of code; in a language that nobody knows it is one plain run."""
    lexer = _lexer(language)
    if lexer is None:
        return [PLAIN, code]
    runs: Runs = []
    for token, text in lexer.get_tokens(code):
        look = _look(token)
        if runs and (runs[-2] == look or text.isspace()):
            runs[-1] += text
        else:
            runs += [look, text]
    return runs


@cache
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@cache
def _look(token: _TokenType) -> str:
    around: _TokenType | None = token
    while around is not None:
        if around in LOOKS:
            return LOOKS[around]
        around = around.parent
    return PLAIN
