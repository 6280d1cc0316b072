"""The languages, by name."""

from hybridgym.errors import UnknownNameError
from hybridgym.languages.base import Language
from hybridgym.languages.c import C
from hybridgym.languages.go import Go
from hybridgym.languages.java import Java
from hybridgym.languages.javascript import JavaScript
from hybridgym.languages.python import Python
from hybridgym.languages.rust import Rust
from hybridgym.languages.typescript import Tsx, TypeScript

LANGUAGES: dict[str, type[Language]] = {
    "c": C,
    "go": Go,
    "java": Java,
    "javascript": JavaScript,
    "python": Python,
    "rust": Rust,
    "tsx": Tsx,
    "typescript": TypeScript,
}


def language_named(name: str) -> type[Language]:
    """Return the language of that name; raises UnknownNameError."""
    try:
        return LANGUAGES[name]
    except KeyError:
        raise UnknownNameError(what="language", name=name, known=list(LANGUAGES)) from None


def is_build_file(path: str) -> bool:
    """Say whether some language's resolver reads a file for where sources lie."""
    return any(language.is_build_file(path) for language in LANGUAGES.values())


def language_of(path: str) -> type[Language] | None:
    """Return the language a path is written in, by its suffix, or None."""
    for language in LANGUAGES.values():
        if language.is_source(path):
            return language
    return None
