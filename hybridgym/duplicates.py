"""Which tasks are copies of others: forks, vendored code, a function that was pasted from one project to the next.

What tasks are about is cut into tokens, so that blanks and line breaks do not matter. Equal tokens are an exact
duplicate; near ones have most runs of five tokens in common: Jaccard similarity, estimated by MinHash (Broder 1997)
of 128 permutations, found by locality-sensitive hashing.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Final

import rensa

from hybridgym.task import Value

MIN_TOKENS: Final = 30
"""Shorter texts are alike by chance, so only exact duplicates of them count."""
LOWEST: Final = 0.8
"""Of similarities that can be asked for: fewer of those below would be found."""
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_RUN: Final = 5
_PERMUTATIONS: Final = 128
_BANDS: Final = 16
_SEED: Final = 1


class Signature(Value, frozen=True, kw_only=True):
    """What is kept of a text to compare it with others."""

    exact: bytes
    near: bytes = b""
    """Empty where the text is too short."""


def signature(texts: Sequence[str]) -> Signature:
    """Return the signature of what a task is about."""
    tokens = [token for text in texts for token in _TOKEN.findall(text)]
    exact = hashlib.sha256(" ".join(tokens).encode("utf-8", "surrogatepass")).digest()[:16]
    if len(tokens) < MIN_TOKENS:
        return Signature(exact=exact)
    sketch = _sketch()
    runs = {" ".join(tokens[i : i + _RUN]) for i in range(len(tokens) - _RUN + 1)}
    sketch.update([run.encode("utf-8", "surrogatepass") for run in sorted(runs)])
    return Signature(exact=exact, near=sketch.__reduce__()[2])


class Seen:
    """The tasks of one kind so far, by signature."""

    def __init__(self, similarity: float) -> None:
        self._similarity = similarity
        self._exact: dict[bytes, int] = {}
        self._names: list[str] = []
        self._sketches: dict[int, rensa.RMinHash] = {}
        self._index = rensa.RMinHashLSH(threshold=similarity, num_perm=_PERMUTATIONS, num_bands=_BANDS)

    def original(self, name: str, of: Signature) -> str:
        """Return the name of the first task that a new one is a duplicate of; where there is none, keep it."""
        if of.exact in self._exact:
            return self._names[self._exact[of.exact]]
        sketch = None
        if of.near and self._similarity < 1:
            sketch = _sketch()
            sketch.__setstate__(of.near)
            for number in sorted(self._index.query(sketch)):
                if sketch.jaccard(self._sketches[number]) >= self._similarity:
                    return self._names[int(number)]
        number = len(self._names)
        self._names.append(name)
        self._exact[of.exact] = number
        if sketch is not None:
            self._index.insert(number, sketch)
            self._sketches[number] = sketch
        return ""


def _sketch() -> rensa.RMinHash:
    return rensa.RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
