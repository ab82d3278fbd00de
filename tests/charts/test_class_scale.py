"""Classes of colours: zero apart, no number in two classes, the same scale for every year."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.class_scale import BELOW, CLASSES, Scale, lasting, of_year

NAN = float("nan")
values = st.lists(st.one_of(st.none(), st.just(NAN), st.integers(-40, 400), st.floats(-1e5, 1e5)))
made = pytest.mark.parametrize("make", [lasting, of_year])


@made
@given(values, st.sampled_from([1.0, 0.1]))
def test_every_value_is_in_the_one_class_that_holds_it(make, some, step):
    scale = make(some, step)
    assert len(scale.bounds) - scale.below <= CLASSES + 1 and scale.below <= BELOW
    assert all(high < 0 for _, high in scale.bounds[: scale.below])
    assert all(low >= 0 for low, _ in scale.bounds[scale.below :])
    assert all(low <= high for low, high in scale.bounds)
    assert all(before[1] < after[0] for before, after in pairwise(scale.bounds))
    for value in some:
        place = scale.place(value)
        if value is None or math.isnan(value):
            assert place is None
            continue
        low, high = scale.bounds[place]
        steps = round(value / step) or (value > 0) - (value < 0)
        assert low <= steps <= high
        assert (value == 0) == (scale.zero and place == scale.below)


def test_bounds_share_no_number():
    scale = lasting([0, 0, *range(1, 31)], 1.0)
    assert scale == Scale(1.0, ((0, 0), (1, 7), (8, 13), (14, 19), (20, 25), (26, 30)), True)
    assert scale.ends(1) == (1, 7)


def test_zero_stands_between_what_is_less_and_what_is_more():
    scale = of_year([-9, -2, -1, 0, 4], 1.0)
    assert scale == Scale(1.0, ((-9, -3), (-2, -1), (0, 0), (4, 4)), True, 2)
    assert [scale.place(x) for x in (-100, -1, 0, 9)] == [0, 1, 2, 3]


def test_few_values_have_a_class_each_and_none_has_no_class():
    assert of_year([0, 3, 3, 8], 1.0).bounds == ((0, 0), (3, 3), (8, 8))
    assert lasting([None, NAN], 1.0) == Scale(1.0, (), False)


def test_a_rate_below_a_step_is_not_zero():
    scale = lasting([0, 0.01, 12.3], 0.1)
    assert [scale.place(x) for x in (0, 0.01, 12.3, None)] == [0, 1, 2, None]


def test_values_beyond_a_scale_are_in_its_outer_classes():
    scale = Scale(1.0, ((2, 3), (4, 9)), False)
    assert [scale.place(x) for x in (0, 100)] == [0, 1]
