"""Shares and sums of counts: the one place where a page's parts and wholes are reckoned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def percent(part: float | None, whole: float | None) -> float | None:
    """Share in percent; None where either is not known or there is nothing to be a share of."""
    if part is None or not whole:
        return None
    return 100 * part / whole


def total(parts: Iterable[Mapping[Key, int]]) -> dict[Key, int]:
    """Counts of several places or groups together, key by key; a key that is missing counts 0."""
    sums: dict[Key, int] = {}
    for counts in parts:
        for key, count in counts.items():
            sums[key] = sums.get(key, 0) + count
    return sums


def counted(keys: Iterable[Key]) -> Counter[Key]:
    """How many there are of each key; 0 for a key that is not among them."""
    return Counter(keys)


def of_largest(values: Iterable[float]) -> list[float]:
    """Each value in percent of the largest: how long its bar is. Zeros where all are."""
    held = list(values)
    most = max(held, default=0)
    return [percent(value, most) or 0.0 for value in held]
