"""Text of unknown size and content, made fit to be shown."""

import re

MAX_LINE = 400
"""Characters of a line that are shown."""

_UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Control characters but tab and line feed, what turns the direction of text around, and what has no width."""


def visible(text: str) -> str:
    """Write characters that cannot be seen, or that rearrange others, as escapes; line endings become `\\n`."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text.replace("\r\n", "\n"))


def clipped(text: str, max_lines: int) -> tuple[str, int]:
    """Return the first lines of a text without what cannot be shown, and how many lines are left out."""
    lines = visible(text).split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return "\n".join(_clipped_line(line) for line in lines[:max_lines]), max(len(lines) - max_lines, 0)


def _clipped_line(line: str) -> str:
    return line if len(line) <= MAX_LINE else f"{line[:MAX_LINE]} […{len(line) - MAX_LINE:,} more characters]"
