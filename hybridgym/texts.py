"""Which runs of words stand in which files: what makes a statement's words something to look up."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from hybridgym.task import LINK, Tree

RUN = 8
"""Words in a row that give a text away (design, §6)."""
ANCHOR = 4
"""Words of the aligned pieces that are looked for first: every run of eight holds a whole one."""
WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Return the words of a text, lower-case; an underscore separates."""
    return WORD.findall(text.lower())


def normalized(data: bytes) -> str:
    """Return the words of a file with one blank around each; empty for binary files."""
    if b"\0" in data[:8192]:
        return ""
    return f" {' '.join(words(data.decode('utf-8', 'replace')))} "


class Corpus:
    """The words of all files of a tree."""

    def __init__(self, tree: Tree) -> None:
        self._paths: list[str] = []
        self._starts: list[int] = []
        parts: list[str] = []
        position = 0
        for path, file in tree.items():
            if file.mode == LINK:
                continue
            text = normalized(file.data)
            self._paths.append(path)
            self._starts.append(position)
            parts.append(text)
            position += len(text) + 1
        self._text = "\n".join(parts)

    def repeated_run(self, text: str, without: dict[str, str]) -> tuple[str, str] | None:
        """Return the first run of eight words of a text that stands in a file, with that file's path, or None.

        The files of `without` are not looked at as they are, but as their normalized text given there.
        """
        written = words(text)
        for first in range(0, max(len(written) - ANCHOR + 1, 0), ANCHOR):
            anchor = _joined(written[first : first + ANCHOR])
            if not self._stands(anchor, without):
                continue
            for start in range(max(first + ANCHOR - RUN, 0), min(first, len(written) - RUN) + 1):
                run = _joined(written[start : start + RUN])
                place = self._stands(run, without)
                if place:
                    return run.strip(), place
        return None

    def _stands(self, run: str, without: dict[str, str]) -> str:
        for path, text in without.items():
            if run in text:
                return path
        return next((path for path in self._places(run) if path not in without), "")

    def _places(self, run: str) -> Iterator[str]:
        position = self._text.find(run)
        while position >= 0:
            index = bisect_right(self._starts, position) - 1
            yield self._paths[index]
            # go on behind this file: one hit in it says all
            behind = self._starts[index + 1] if index + 1 < len(self._starts) else len(self._text)
            position = self._text.find(run, behind)


def _joined(written: list[str]) -> str:
    return f" {' '.join(written)} "
