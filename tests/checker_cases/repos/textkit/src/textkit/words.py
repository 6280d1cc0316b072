"""Words and lines."""

from functools import lru_cache  # noqa: I001
import re

LIMIT = 72
HEADING = """
# not a comment
## nor this
"""


def wrap(text, width=LIMIT):
    lines = []
    line = ""
    for word in text.split():
        # A word that does not fit starts a line of its own.
        if len(line) + len(word) + 1 > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    return lines


def initials(name): return "".join(part[0] for part in name.split())


def shout(text): return text.upper() + "!"  # noqa: E704


def todo(text):
    """TODO"""
    return text + "?"


def documented(text):
    """Return the text in lower case."""
    return text.lower()


@lru_cache(maxsize=None)
@lru_cache(
    maxsize=10,
)
def slug(text):
    text = re.sub(r"[^a-z0-9#]+", "-", text.lower())
    return text.strip("-")


def counted(words, *, seen=None):
    # type: (list, dict) -> dict
    seen = {} if seen is None else seen

    def count(word):
        seen[word] = seen.get(word, 0) + 1
        return seen[word]

    for word in words:
        count(word)
    return seen


def guard(text):
    if not text:
        raise ValueError("empty")
    assert isinstance(text, str)
    return text


def later(): ...


def nothing():
    pass


async def stream(lines):
    async for line in lines:
        if line.startswith("#"):
            continue
        yield line


if LIMIT > 80:
    def fit(text):
        return text[:80]
else:
    def fit(text):
        return text[:LIMIT]


def last(words):
    return words[-1]
