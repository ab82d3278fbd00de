"""How alike two headers are: by their characters and pairs of them, the rare ones counting most."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from loaders.layouts import matching
from store.yamls import load_yaml

_INSIDE = 0.3  # how much it counts that the shorter header stands in the longer one
_LATIN = re.compile("[A-Za-z]+")
_GAP = re.compile(r"(?<=[A-Za-z])\s+(?=[A-Za-z])")
_GRAM = re.compile(r"[a-z]+|[^\s_]")
_WORDS = Path(__file__).parents[2] / "data" / "reference" / "header_words.yaml"


@cache
def _canonical() -> tuple[tuple[str, str], ...]:
    """Words and what stands for them, the longest first."""
    groups = load_yaml(_WORDS.read_text("utf-8"))
    pairs = {word: first for first, *others in groups for word in others}
    return tuple(sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0])))


@cache
def plain(header: str) -> str:
    """A header with every word in the form that stands for it."""
    text = _LATIN.sub(lambda word: f" {word[0].lower()} ", matching.fold(_GAP.sub("_", header)))
    found, at = [], 0
    while at < len(text):
        word, first = next((p for p in _canonical() if text.startswith(p[0], at)), (text[at],) * 2)
        found.append(first)
        at += len(word)
    return "".join(found)


@cache
def grams(header: str) -> frozenset[str]:
    """Characters, words in Latin letters for one, and pairs of neighbours."""
    units = _GRAM.findall(plain(header))
    return frozenset(units) | {first + second for first, second in pairwise(units)}


class Likeness:
    """Compares headers with all those that are known, by weights drawn from these."""

    def __init__(self, known: Iterable[str]):
        self.known = {header: place for place, header in enumerate(dict.fromkeys(known))}
        told = [grams(header) for header in self.known]
        met = Counter(gram for each in told for gram in each)
        self._rare = math.log(1 + len(told))
        self._weights = {gram: math.log(1 + len(told) / count) for gram, count in met.items()}
        self._places = {gram: place for place, gram in enumerate(met)}
        self._matrix = self._weighed(told)

    def of(self, one: str, other: str) -> float:
        """0 for nothing in common, 1 for the same; a header inside a long one counts for more."""
        pair = self._weighed([grams(one), grams(other)])
        return float(_likeness(pair[:1], pair[1:], *map(self._total, (one, other)))[0, 0])

    def of_all(self, headers: Sequence[str]) -> np.ndarray:
        """(headers, known) likenesses of headers with every known one, in their order."""
        if not headers or not self.known:
            return np.zeros((len(headers), len(self.known)))
        rows = self._weighed([grams(header) for header in headers])
        totals = np.array([self._total(header) for header in headers])
        known = np.array([self._total(header) for header in self.known])
        return _likeness(rows, self._matrix, totals, known)

    def _weighed(self, told: Sequence[frozenset[str]]) -> np.ndarray:
        """A row a header with the root of the weight of each gram that it has, if it is known."""
        found = np.zeros((len(told), len(self._places)))
        for row, each in enumerate(told):
            for gram in each & self._places.keys():
                found[row, self._places[gram]] = math.sqrt(self._weights[gram])
        return found

    def _total(self, header: str) -> float:
        return sum(self._weights.get(gram, self._rare) for gram in grams(header))


def _likeness(
    rows: np.ndarray, others: np.ndarray, totals: np.ndarray | float, known: np.ndarray | float
) -> np.ndarray:
    shared = rows @ others.T
    first, second = np.atleast_1d(totals)[:, None], np.atleast_1d(known)[None, :]
    first, second = np.maximum(first, 1e-9), np.maximum(second, 1e-9)
    whole = (1 - _INSIDE) * 2 * shared / (first + second)
    return whole + _INSIDE * shared / np.minimum(first, second)
