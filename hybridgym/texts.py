"""Which runs of words stand in which files: what makes a statement's words something to look up."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from hybridgym.task import LINK, Tree

RUN = 8
"""Words in a row that give a text away (design, §6)."""
PIECE = 4
"""Every run of eight words in a file holds one whole of the pieces of four that the file is cut into."""
WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Return the words of a text, lower-case; an underscore separates."""
    return WORD.findall(text.lower())


def words_of(data: bytes) -> list[str]:
    """Return the words of a file; none of a binary one."""
    return [] if b"\0" in data[:8192] else words(data.decode("utf-8", "replace"))


class Corpus:
    """The words of all files of a tree, indexed by pieces."""

    def __init__(self, tree: Tree) -> None:
        self._paths: list[str] = []
        self._starts: list[int] = []
        self._words: list[str] = []
        self._places: dict[str, list[int]] = {}
        known: dict[str, str] = {}
        for path, file in tree.items():
            if file.mode != LINK:
                self._add(path, [known.setdefault(w, w) for w in words_of(file.data)])

    def repeated_run(self, text: str, replaced: Mapping[str, list[str]]) -> tuple[str, str] | None:
        """Return the first run of eight words of a text that stands in a file, with that file's path, or None.

        Of the paths in `replaced` the words given there count, not those of the tree.
        """
        written = words(text)
        for path, place, at in self._shared_pieces(written):
            if path not in replaced:
                start, end = self._extended(written, place, at)
                if end - start >= RUN:
                    return " ".join(written[start : start + RUN]), path
        for path, own in replaced.items():
            joined = f" {' '.join(own)} "
            for start in range(len(written) - RUN + 1):
                run = " ".join(written[start : start + RUN])
                if f" {run} " in joined:
                    return run, path
        return None

    def _add(self, path: str, found: list[str]) -> None:
        start = len(self._words)
        self._paths.append(path)
        self._starts.append(start)
        self._words += found
        self._words.append("\n")  # no run goes on into the next file
        for place in range(0, len(found) - PIECE + 1, PIECE):
            self._places.setdefault(" ".join(found[place : place + PIECE]), []).append(start + place)

    def _shared_pieces(self, written: list[str]) -> Iterator[tuple[str, int, int]]:
        """Yield path, place in the corpus and place in the text of every piece that they share."""
        for at in range(len(written) - PIECE + 1):
            for place in self._places.get(" ".join(written[at : at + PIECE]), ()):
                yield self._paths[bisect_right(self._starts, place) - 1], place, at

    def _extended(self, written: list[str], place: int, at: int) -> tuple[int, int]:
        """Return how far a shared piece goes on in both directions, as places in the text."""
        start, end = at, at + PIECE
        while start > 0 and place + start - at > 0 and written[start - 1] == self._words[place + start - at - 1]:
            start -= 1
        while end < len(written) and written[end] == self._words[place + end - at]:
            end += 1
        return start, end
