"""How a table of states of one file is held against sameness.py, for languages that document by comments."""

from hybridgym.languages import LANGUAGES
from hybridgym.sameness import compare

Documentation = list[tuple[str, str | None, str | None]]
"""Qualified name, text before and text after."""
Same = dict[str, tuple[str | bytes, str | bytes, Documentation]]
Different = dict[str, tuple[str | bytes, str | bytes, str]]
"""The last is how the reason begins."""


def as_bytes(state: str | bytes) -> bytes:
    return state.encode() if isinstance(state, str) else state


def assert_same(language: str, before: str | bytes, after: str | bytes, documentation: Documentation) -> None:
    """Assert that two states are the same code, and which documentation changed."""
    result = compare(LANGUAGES[language], as_bytes(before), as_bytes(after))
    assert (result.same, result.reason, result.row) == (True, "", -1)
    assert [(change.qualname, change.before, change.after) for change in result.documentation] == documentation


def assert_different(language: str, before: str | bytes, after: str | bytes, rule: str) -> None:
    """Assert that two states are other code by a rule."""
    result = compare(LANGUAGES[language], as_bytes(before), as_bytes(after))
    assert not result.same
    assert result.reason.startswith(rule), result.reason
    assert result.documentation == ()
