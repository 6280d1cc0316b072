"""Refusal: why a patch or a workspace cannot be taken. And the limits that a patch must keep."""

from typing import NoReturn

from hybridgym.task import Value

MAX_PATCH_BYTES = 10_000_000
MAX_PATCH_LINES = 1_000_000
MAX_PATCH_FILES = 1_000
"""Sections of a patch, where one file may have several."""
MAX_PATCH_HUNKS = 20_000
MAX_RESULT_BYTES = 200_000_000
"""Of all files that a patch produces, taken together."""
MAX_SEARCHED_LINES = 5_000_000
"""Lines compared to find hunks that are not where their headers say."""


class Refusal(Value, frozen=True):
    """Why a patch or a workspace cannot be taken, in words a person can act on."""

    reason: str


class RefusalError(Exception):
    """Ends the work on a patch; `apply_patch` makes a Refusal of it, and nothing else sees it."""


def refuse(reason: str) -> NoReturn:
    """End the work on a patch."""
    raise RefusalError(reason)


def show(line: bytes) -> str:
    """Quote the beginning of a line for a reason."""
    text = line[:60].decode(errors="replace")
    return repr(text + "…" if len(line) > 60 else text)
