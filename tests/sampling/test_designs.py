"""How many of each stratum, and which villages: sums, bounds, and chances that are exact."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling import designs
from sampling.designs import MOST, OTHERS, REGISTERED, SHARES, Design

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 400), min_size=1)


@given(COUNTS, st.integers(1, MOST), st.sampled_from(SHARES))
def test_what_is_allocated_is_the_size_and_no_more_than_there_is(counts, size, share) -> None:
    found = designs.allocated(counts, size, share)
    assert sum(found.values()) == min(size, sum(counts.values()))
    assert all(0 <= found[key] <= counts[key] for key in found)
    assert set(found) == {key for key, count in counts.items() if count}


@given(COUNTS, st.integers(1, MOST))
def test_proportional_shares_are_off_by_less_than_one_beyond_the_least(counts, size) -> None:
    """Beside those lifted to two, each has its share of what these leave."""
    found = designs.allocated(counts, size, "proportional")
    held = {key: count for key, count in counts.items() if count}
    if sum(min(2, count) for count in held.values()) > size:
        return
    assert all(found[key] >= min(2, count) for key, count in held.items())
    free = {key for key in held if found[key] > min(2, held[key])}
    left = min(size, sum(held.values())) - sum(found[key] for key in held if key not in free)
    total = sum(held[key] for key in free)
    assert all(abs(found[key] - left * held[key] / total) < 1 + len(held) for key in free)


def test_shares_by_hand() -> None:
    counts = {"a": 2904, "b": 1038, "c": 58}
    assert designs.allocated(counts, 100, "proportional") == {"a": 72, "b": 26, "c": 2}
    assert sorted(designs.allocated(counts, 100, "even").values()) == [33, 33, 34]
    assert designs.allocated({"a": 5, "b": 100}, 60, "even") == {"a": 5, "b": 55}
    assert designs.allocated({"a": 1, "b": 1, "c": 1}, 2, "proportional") == {
        "a": 1, "b": 1, "c": 0,
    }  # fmt: skip


@given(COUNTS, st.integers(1, 30), st.integers(0, 10**12))
def test_villages_are_hit_as_often_as_their_size_says(counts, count, seed) -> None:
    sizes = {key: number for key, number in counts.items() if number}
    found = designs.hits(sizes, count, seed)
    total = sum(sizes.values())
    assert sum(found.values()) == (count if total else 0)
    for code, size in sizes.items():
        expected = count * size / total
        assert int(expected) <= found.get(code, 0) <= int(expected) + 1


def test_over_many_seeds_the_chance_of_a_village_is_proportional_to_its_size() -> None:
    sizes = {"a": 10, "b": 20, "c": 30, "d": 140}
    tries = 4000
    seen = Counter()
    for seed in range(tries):
        seen.update(designs.hits(sizes, 2, seed))
    for code, size in sizes.items():
        assert seen[code] / tries == pytest.approx(2 * size / 200, abs=0.03), code


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 50))
def test_a_village_gives_half_registered_and_half_not_or_who_there_is(held, others, size) -> None:
    found = designs.halves(held, others, size)
    assert sum(found.values()) == min(size, held + others)
    if min(held, others) >= (size + 1) // 2 and size:
        assert abs(found[REGISTERED] - found[OTHERS]) <= 1


@given(st.dictionaries(st.text("vw123", min_size=1), st.integers(1, 3), min_size=1),
       st.integers(1, 500))  # fmt: skip
def test_each_hit_gets_its_part_of_the_sample(hit, size) -> None:
    found = designs.per_hit(size, sorted(hit.items()))
    assert sum(found.values()) == size
    least = size // sum(hit.values())
    assert all(times * least <= found[code] <= times * (least + 1) for code, times in hit.items())


def test_a_clerk_with_a_hash_tool_finds_the_same_digest() -> None:
    told = hashlib.sha256(b"91636056579|61102500000859").hexdigest()
    assert designs.digest(91636056579, "61102500000859") == told
    assert told.startswith("00298634368fbaf290572b17cbf5fbc2")


@pytest.mark.parametrize(
    "bad", [{"kind": "luck"}, {"size": 0}, {"size": MOST + 1}, {"villages": 1}, {"share": "most"}]
)
def test_a_design_that_there_is_not_is_refused(bad) -> None:
    with pytest.raises(ValueError):
        Design(**bad)
