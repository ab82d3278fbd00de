"""How alike two headers are: by their characters and pairs of them, the rare ones counting most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from loaders import layouts
from store.yamls import load_yaml

_INSIDE = 0.3  # how much it counts that the shorter header stands in the longer one
_WORDS = Path(__file__).parents[1] / "data" / "reference" / "header_words.yaml"


@cache
def _canonical() -> tuple[tuple[str, str], ...]:
    """Words and what stands for them, the longest first."""
    groups = load_yaml(_WORDS.read_text("utf-8"))
    pairs = {word: first for first, *others in groups for word in others}
    return tuple(sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0])))


@cache
def plain(header: str) -> str:
    """A header with every word in the form that stands for it."""
    text = layouts.fold(header)
    found, at = [], 0
    while at < len(text):
        word, first = next((p for p in _canonical() if text.startswith(p[0], at)), (text[at],) * 2)
        found.append(first)
        at += len(word)
    return "".join(found)


def grams(header: str) -> frozenset[str]:
    """Characters and pairs of neighbours."""
    text = plain(header)
    return frozenset(text) | {text[i : i + 2] for i in range(len(text) - 1)}


class Likeness:
    """Compares headers by weights drawn from all headers that are known."""

    def __init__(self, known: Iterable[str]):
        told = [grams(header) for header in set(known)]
        met = Counter(gram for each in told for gram in each)
        self._weights = {gram: math.log(1 + len(told) / count) for gram, count in met.items()}
        self._rare = math.log(1 + len(told))

        self._seen: dict[tuple[str, str], float] = {}

    def of(self, one: str, other: str) -> float:
        """0 for nothing in common, 1 for the same; a header inside a long one counts for more."""
        if (one, other) not in self._seen:
            first, second = grams(one), grams(other)
            weights = self._weight(first), self._weight(second)
            shared = self._weight(first & second)
            found = (1 - _INSIDE) * 2 * shared / sum(weights) + _INSIDE * shared / min(weights)
            self._seen[one, other] = found
        return self._seen[one, other]

    def _weight(self, found: Iterable[str]) -> float:
        return sum(self._weights.get(gram, self._rare) for gram in found)
