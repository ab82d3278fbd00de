"""Class breaks: few classes, no empty promise, unknown values apart."""

import itertools
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.breaks import (
    MAX_CLASSES,
    class_bounds,
    class_counts,
    classify,
    equal_breaks,
    jenks_breaks,
    make_breaks,
    pretty_breaks,
    quantile_breaks,
)

METHODS = ("quantile", "jenks", "equal", "pretty")
NAN = float("nan")
numbers = st.one_of(st.none(), st.just(NAN), st.integers(-5, 5), st.floats(-1e6, 1e6))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("values", "breaks"),
    [
        ([], []),
        ([None, NAN], []),
        ([7], []),
        ([0, 0, 0, 0], []),
        ([0, 1], [1]),
        ([3, 1, 2, 2, None], [2, 3]),
        ([1, 2, 3, 4, 5], [2, 3, 4, 5]),
    ],
)
def test_few_distinct_values_are_a_class_each(method, values, breaks):
    assert make_breaks(values, method) == breaks


@pytest.mark.parametrize("classes", [0, 6, -1])
def test_more_classes_than_can_be_told_apart_are_refused(classes):
    with pytest.raises(ValueError, match="can be told apart"):
        make_breaks([1, 2, 3], "equal", classes)


def test_one_class_needs_no_break():
    for method in METHODS:
        assert make_breaks(range(100), method, classes=1) == []


@given(st.lists(numbers, max_size=60), st.sampled_from(METHODS), st.integers(1, MAX_CLASSES))
def test_breaks_ascend_inside_the_values_and_make_few_classes(values, method, classes):
    breaks = make_breaks(values, method, classes)
    assert breaks == sorted(set(breaks))
    assert len(breaks) < classes
    known = [v for v in values if v is not None and not math.isnan(v)]
    assert all(min(known) < b <= max(known) for b in breaks)


@given(st.lists(numbers, max_size=60), st.sampled_from(METHODS))
def test_every_known_value_is_counted_once_and_stands_between_its_bounds(values, method):
    breaks = make_breaks(values, method)
    classes = classify(values, breaks)
    known = [v for v in values if v is not None and not math.isnan(v)]
    assert sum(class_counts(classes, breaks)) == len(known)
    bounds = class_bounds(values, breaks)
    for value, number in zip(values, classes, strict=True):
        if number is not None:
            low, high = bounds[number]
            assert low <= value <= high


@given(st.lists(st.integers(0, 40), min_size=1, max_size=80))
def test_quantiles_never_part_equal_values(values):
    classes = classify(values, make_breaks(values, "quantile"))
    assert len({*zip(values, classes, strict=True)}) == len(set(values))


def test_quantiles_share_out_evenly():
    values = list(range(156))
    breaks = make_breaks(values, "quantile")
    counts = class_counts(classify(values, breaks), breaks)
    assert len(counts) == 5
    assert max(counts) - min(counts) <= 1


def test_quantiles_with_many_zeros_keep_them_in_the_lowest_class():
    values = [0] * 90 + list(range(1, 67))
    breaks = make_breaks(values, "quantile")
    assert classify([0], breaks) == [0]
    assert class_counts(classify(values, breaks), breaks)[0] >= 90


def test_quantiles_of_a_short_list():
    assert quantile_breaks([1, 2, 3, 4, 5, 6], 3) == [3, 5]
    assert quantile_breaks([1, 1, 1, 1, 9], 2) == []


def test_equal_breaks_are_equally_far():
    assert equal_breaks(0, 10, 5) == [2, 4, 6, 8]
    assert make_breaks([0, 1, 2, 3, 5, 10], "equal", 2) == [5]


@pytest.mark.parametrize(
    ("low", "high", "breaks"),
    [
        (0, 100, [20, 40, 60, 80]),
        (0, 1, [0.2, 0.4, 0.6, 0.8]),
        (3.1, 31.9, [10, 20, 30]),
        (-40, 55, [-20, 0, 20, 40]),
        (0.0012, 0.0089, [0.002, 0.004, 0.006, 0.008]),
        (0, 12_345, [2500, 5000, 7500, 10000]),
        (5, 5, []),
    ],
)
def test_pretty_breaks_are_round(low, high, breaks):
    assert pretty_breaks(low, high, 5) == breaks


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.integers(2, 5))
def test_pretty_breaks_never_make_more_classes_than_asked(low, extent, classes):
    assert len(pretty_breaks(low, low + extent, classes)) < classes


def test_jenks_finds_the_gaps():
    values = [1, 2, 3, 50, 51, 52, 200, 201, 900]
    assert jenks_breaks(values, 4) == [50, 200, 900]


def deviation(groups):
    return sum(sum((v - sum(group) / len(group)) ** 2 for v in group) for group in groups if group)


@pytest.mark.parametrize("seed", range(8))
def test_jenks_is_the_best_of_all_divisions(seed):
    chance = random.Random(seed)
    values = sorted(
        chance.choice((chance.gauss(0, 9), float(chance.randint(-5, 5)))) for _ in range(14)
    )
    classes = chance.randint(2, 4)
    points = sorted(set(values))

    def cost(breaks):
        numbers = classify(values, breaks)
        return deviation(
            [v for v, n in zip(values, numbers, strict=True) if n == k] for k in range(classes)
        )

    best = min(cost(chosen) for chosen in itertools.combinations(points[1:], classes - 1))
    assert cost(jenks_breaks(values, classes)) == pytest.approx(best)


def test_jenks_of_a_county_of_villages_keeps_large_numbers_exact():
    values = [1e9 + x for x in (0, 1, 2, 10, 11, 12, 30, 31, 32, 33)]
    assert jenks_breaks(values, 3) == [1e9 + 10, 1e9 + 30]


def test_a_value_on_a_break_belongs_to_the_upper_class():
    assert classify([9.99, 10, 10.01], [10]) == [0, 1, 1]


def test_unknown_values_are_in_no_class():
    assert classify([None, NAN, 0, -1], [0]) == [None, None, 1, 0]
    assert class_counts([None, None, 1, 0], [0]) == [1, 1]


def test_without_breaks_everything_known_is_one_class():
    assert classify([5, None, 5], []) == [0, None, 0]
    assert class_counts([0, None, 0], []) == [2]
    assert class_bounds([5, None, 5], []) == [(5, 5)]


def test_breaks_that_do_not_ascend_are_refused():
    with pytest.raises(ValueError, match="ascend"):
        classify([1], [2, 1])
    with pytest.raises(ValueError, match="ascend"):
        classify([1], [2, 2])


def test_bounds_come_from_the_values_at_both_ends():
    assert class_bounds([3, 8, None, 1], [2, 5]) == [(1, 2), (2, 5), (5, 8)]
    assert class_bounds([None], []) == []
