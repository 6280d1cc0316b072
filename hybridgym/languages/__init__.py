"""The languages, by name."""

from hybridgym.errors import UnknownNameError
from hybridgym.languages.base import Language
from hybridgym.languages.python import Python

LANGUAGES: dict[str, type[Language]] = {
    "python": Python,
}


def language_named(name: str) -> type[Language]:
    """Return the language of that name; raises UnknownNameError."""
    try:
        return LANGUAGES[name]
    except KeyError:
        raise UnknownNameError(what="language", name=name, known=list(LANGUAGES)) from None


def is_build_file(path: str) -> bool:
    """Say whether some language's resolver reads a file for where sources lie."""
    name = path.rpartition("/")[2]
    return any(name in language.build_files for language in LANGUAGES.values())


def language_of(path: str) -> type[Language] | None:
    """Return the language a path is written in, by its suffix, or None."""
    for language in LANGUAGES.values():
        if language.is_source(path):
            return language
    return None
