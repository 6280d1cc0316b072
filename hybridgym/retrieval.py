"""BM25 over the definitions of a repository: does a description single one out?

Robertson & Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009, with the usual
k1 = 1.2 and b = 0.75. A document is what a definition's own lines say (its name, signature,
documentation and code, without the definitions in it), split at case changes and underscores.
"""

import math
import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from hybridgym.resolve import DefinitionKey

K1, B = 1.2, 0.75
PIECE = re.compile(rb"[A-Z]?[a-z]+|[A-Z]{2,}(?![a-z])")
MIN_LENGTH = 3


def pieces(text: bytes) -> list[bytes]:
    """Return the words of code or prose: identifiers are split, plurals are cut."""
    return [_stem(p.lower()) for p in PIECE.findall(text) if len(p) >= MIN_LENGTH]


def _stem(word: bytes) -> bytes:
    return word[:-1] if word.endswith(b"s") and not word.endswith(b"ss") and len(word) > MIN_LENGTH else word


class Ranking(NamedTuple):
    """Where a definition stands among all for a query."""

    rank: int
    """1 for the best; ties count against it."""
    score: float
    runner_up: float
    """The best score of any other definition."""
    runner_up_key: DefinitionKey | None


class Index:
    """An inverted index of definitions."""

    def __init__(self, documents: Iterable[tuple[DefinitionKey, bytes]]) -> None:
        self._keys: list[DefinitionKey] = []
        self._lengths = array("I")
        self._words = array("I")
        """How many different ones each definition has."""
        self._postings: dict[bytes, tuple[array[int], array[int]]] = {}
        for number, (key, text) in enumerate(documents):
            counts = Counter(pieces(text))
            self._keys.append(key)
            self._lengths.append(counts.total())
            self._words.append(len(counts))
            for word, count in counts.items():
                numbers, frequencies = self._postings.setdefault(word, (array("I"), array("I")))
                numbers.append(number)
                frequencies.append(count)
        self._numbers = {key: number for number, key in enumerate(self._keys)}
        self._average = sum(self._lengths) / len(self._lengths) if self._lengths else 1.0

    def __contains__(self, key: object) -> bool:
        return key in self._numbers

    def __len__(self) -> int:
        return len(self._keys)

    def rank(self, query: str, key: DefinitionKey, without: bytes = b"") -> Ranking:
        """Rank a definition for a query, as if `without` were not part of its text."""
        own = self._numbers[key]
        scores = self._scores(query, own, Counter(pieces(without)))
        score = scores.pop(own, 0.0)
        best = max(scores, key=lambda n: (scores[n], -n), default=None)
        return Ranking(
            # Those that have no word of the query are equal to each other.
            rank=1 + sum(s >= score for s in scores.values()) if score else len(self),
            score=round(score, 6),
            runner_up=round(scores[best], 6) if best is not None else 0.0,
            runner_up_key=self._keys[best] if best is not None else None,
        )

    def worst_rank(self, query: str, keys: Iterable[DefinitionKey]) -> int:
        """Rank several definitions for one query: 1 where no other comes before any of them; ties count against."""
        scores = self._scores(query)
        worst = min(scores.pop(self._numbers[key], 0.0) for key in keys)
        if not worst:
            return len(self) - len(set(keys)) + 1
        return 1 + sum(score >= worst for score in scores.values())

    def overlap(self, query: bytes, key: DefinitionKey, without: bytes = b"") -> float:
        """Return the share of a definition's different words that a query has, as if `without` were no part of it."""
        own, missing = self._numbers[key], Counter(pieces(without))
        gone = sum(0 < self._frequency(word, own) <= count for word, count in missing.items())
        shared = sum(self._frequency(word, own) > missing[word] for word in set(pieces(query)))
        words = self._words[own] - gone
        return shared / words if words else 0.0

    def _frequency(self, word: bytes, number: int) -> int:
        numbers, frequencies = self._postings.get(word, (array("I"), array("I")))
        place = bisect_left(numbers, number)
        return frequencies[place] if place < len(numbers) and numbers[place] == number else 0

    def _scores(
        self, query: str, own: int = -1, missing: Mapping[bytes, int] = MappingProxyType({})
    ) -> dict[int, float]:
        """Return the score of each definition that has a word of the query; `own` lacks some words."""
        scores: dict[int, float] = {}
        for word in sorted(set(pieces(query.encode()))):
            numbers, frequencies = self._postings.get(word, (array("I"), array("I")))
            weight = math.log(1 + (len(self._keys) - len(numbers) + 0.5) / (len(numbers) + 0.5))
            for number, frequency in zip(numbers, frequencies, strict=True):
                if number == own:
                    frequency -= missing.get(word, 0)
                norm = K1 * (1 - B + B * self._lengths[number] / self._average)
                scores[number] = scores.get(number, 0.0) + weight * frequency * (K1 + 1) / (frequency + norm)
        return scores


def own_text(data: bytes, span: tuple[int, int], inner: Mapping[int, int]) -> bytes:
    """Return the bytes of a span without the spans (start → end) that lie in it."""
    parts, position = [], span[0]
    for start, end in sorted(inner.items()):
        parts.append(data[position:start])
        position = max(end, position)
    parts.append(data[position : span[1]])
    return b" ".join(parts)
