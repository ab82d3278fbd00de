"""Exact bounds: those of scipy, of the definition by trying all, and the sizes that they need."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampling import chances

stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")
COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(deadline=None)
@given(COUNTS)
def test_bounds_are_those_of_scipy(counts) -> None:
    found, tried = counts
    sided = stats.binomtest(found, tried, alternative="less").proportion_ci(0.95, "exact")
    assert chances.at_most(found, tried) == pytest.approx(sided.high, abs=1e-9)
    other = stats.binomtest(found, tried, alternative="greater").proportion_ci(0.95, "exact")
    assert chances.at_least(found, tried) == pytest.approx(other.low, abs=1e-9)
    wilson = stats.binomtest(found, tried).proportion_ci(0.95, "wilson")
    assert chances.wilson(found / tried, tried) == pytest.approx(tuple(wilson), abs=1e-9)


@pytest.mark.parametrize("degrees", [1, 2, 7, 99, inf])
@pytest.mark.parametrize("p", [0.6, 0.9, 0.975, 0.999])
def test_t_is_that_of_scipy(p: float, degrees: float) -> None:
    theirs = stats.norm.ppf(p) if degrees == inf else stats.t.ppf(p, degrees)
    assert chances.t_quantile(p, degrees) == pytest.approx(theirs, rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 120).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n))), st.data())
def test_the_bound_of_a_finite_number_is_the_largest_that_is_not_ruled_out(sizes, data) -> None:
    all_, tried = sizes
    found = data.draw(st.integers(0, tried))
    possible = range(found, all_ - (tried - found) + 1)
    so = max(k for k in possible if stats.hypergeom.cdf(found, all_, k, tried) >= 0.05 - 1e-12)
    assert chances.at_most_of(found, tried, all_) == so / all_
    least = chances.at_least_of(found, tried, all_)
    assert least == pytest.approx(1 - chances.at_most_of(tried - found, tried, all_))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([0.01, 0.02, 0.05, 0.1]), st.integers(1, 30_000), st.integers(0, 3))
def test_the_needed_size_shows_the_bound_and_one_fewer_does_not(bound, all_, found) -> None:
    size = chances.needed(bound, all_, found)
    if size is None:
        assert found >= all_ or chances.at_most_of(found, all_, all_) >= bound
        return
    assert chances.at_most_of(found, size, all_) < bound
    if size > max(found, 1):
        assert chances.at_most_of(found, size - 1, all_) >= bound


def test_sizes_by_the_tables() -> None:
    """Of very many, 149 without one show less than 2 % (0.98 ** 149 < 0.05 <= 0.98 ** 148)."""
    assert 0.98**149 < 0.05 <= 0.98**148
    assert chances.needed(0.02, 10_000_000) == 149
    assert chances.needed(0.02, 26_482) == 148
    assert chances.needed(0.02, 50) == 48  # two left out: that the one is among them is 4 %


def test_percents_are_rounded_to_the_safe_side() -> None:
    assert chances.percent(0.02945) == 2.9
    assert chances.percent(0.02945, True) == 3.0 and chances.percent(0.0299, False) == 2.9
    assert chances.percent(0.029, True) == 2.9 and chances.percent(0.029, False) == 2.9


def test_nothing_tried_bounds_nothing() -> None:
    assert chances.at_most(0, 0) == 1 and chances.at_least(0, 0) == 0
    assert chances.wilson(0, 0) == (0, 1)
