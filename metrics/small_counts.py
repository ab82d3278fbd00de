"""Counts for the public: none under five, and none that those beside it would tell."""

from __future__ import annotations

from collections.abc import Mapping

LEAST = 5


def hidden(counts: Mapping[str, int], least: int = LEAST) -> frozenset[str]:
    """Which of the counts that a total stands beside are not to be shown.

    Those from 1 to ``least`` - 1. Where what they come to would tell them (one alone, or all of
    them the smallest or largest that they can be), the smallest of the others goes with them, until
    it no longer does. Zero is shown: it tells of nobody. Where there is no other to go with them,
    the total is not to be shown (:func:`total`).
    """
    found = {key for key, count in counts.items() if 0 < count < least}
    others = sorted((count, key) for key, count in counts.items() if count >= least)
    while others and _solved([counts[key] for key in found], least):
        found.add(others.pop(0)[1])
    return frozenset(found)


def total(counts: Mapping[str, int], least: int = LEAST) -> int | None:
    """What the counts come to; None where that would tell a hidden one, or is itself too small."""
    in_all = sum(counts.values())
    shut = hidden(counts, least)
    if 0 < in_all < least or _solved([counts[key] for key in shut], least):
        return None
    return in_all


def _solved(counts: list[int], least: int) -> bool:
    """Whether the sum of hidden counts tells one of them to who knows that they are hidden."""
    if not counts:
        return False
    small = all(count < least for count in counts)
    at_end = sum(counts) in (len(counts), len(counts) * (least - 1))
    return len(counts) == 1 or (small and at_end)
