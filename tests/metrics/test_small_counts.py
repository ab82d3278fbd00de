"""Counts for the public: what is hidden cannot be solved for from what is shown."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.small_counts import LEAST, hidden, total


@pytest.mark.parametrize(
    ("counts", "shut", "in_all"),
    [
        ({"a": 9, "b": 12}, set(), 21),
        ({"a": 0, "b": 12}, set(), 12),
        ({"a": 3, "b": 12, "c": 30}, {"a", "b"}, 45),
        ({"a": 3, "b": 2, "c": 30}, {"a", "b"}, 35),
        ({"a": 1, "b": 1, "c": 30}, {"a", "b", "c"}, 32),
        ({"a": 4, "b": 4, "c": 30, "d": 40}, {"a", "b", "c"}, 78),
        ({"a": 3}, {"a"}, None),
        ({"a": 3, "b": 0}, {"a"}, None),
        ({"a": 1, "b": 1}, {"a", "b"}, None),
        ({"a": 5}, set(), 5),
        ({}, set(), 0),
    ],
)
def test_what_is_hidden(counts: dict[str, int], shut: set[str], in_all: int | None) -> None:
    assert hidden(counts) == shut
    assert total(counts) == in_all


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), max_size=6))
def test_nobody_can_solve_for_a_small_count(counts: dict[str, int]) -> None:
    """Of all counts that fit what is shown, no small one has but one value."""
    shut, in_all = sorted(hidden(counts)), total(counts)
    assert all(counts[key] == 0 or counts[key] >= LEAST for key in counts if key not in shut)
    if in_all is None or not shut:
        return
    left = in_all - sum(count for key, count in counts.items() if key not in shut)
    small = [key for key in shut if counts[key] < LEAST]
    if len(shut) > 3:  # many unknowns: two of them can always be traded
        return
    fits = [way for way in product(range(1, left + 1), repeat=len(shut)) if sum(way) == left]
    for key in small:
        assert len({way[shut.index(key)] for way in fits}) > 1, (counts, key)
