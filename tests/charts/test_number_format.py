"""Numbers as people read them, and round ticks."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.number_format import Measure, clean, tick_texts, ticks

RATE, RATE_EN = Measure("rate", "%"), Measure("rate", "%", "en")
COUNT, COUNT_EN = Measure("count", "户"), Measure("count", "households", "en")
MU = Measure("decimal", "亩")


@pytest.mark.parametrize(
    ("given_value", "number"),
    [
        (None, None),
        (float("nan"), None),
        (pd.NA, None),
        (np.int64(3), 3.0),
        (float("inf"), None),
        (np.float64("nan"), None),
        (True, 1.0),
        ("2.5", 2.5),
    ],
)
def test_clean_takes_what_a_frame_holds(given_value, number):
    assert clean(given_value) == number


def test_clean_refuses_words():
    with pytest.raises(ValueError, match="could not convert"):
        clean("约三成")


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (32.2, "32.2%", "32.2 %"),
        (32.25, "32.2%", "32.2 %"),
        (0.89, "0.89%", "0.89 %"),
        (0.6, "0.6%", "0.6 %"),
        (0.996, "1.0%", "1.0 %"),
        (0.001, "<0.01%", "<0.01 %"),
        (0, "0%", "0 %"),
        (100, "100.0%", "100.0 %"),
        (-3.21, "−3.2%", "−3.2 %"),
        (None, "—", "—"),
    ],
)
def test_a_rate_has_one_decimal_and_two_below_one(value, zh, en):
    assert (RATE.text(value), RATE_EN.text(value)) == (zh, en)


@pytest.mark.parametrize(
    ("value", "full", "said", "english"),
    [
        (0, "0户", "0户", "0 households"),
        (7, "7户", "7户", "7 households"),
        (1234, "1,234户", "1,234户", "1,234 households"),
        (9999, "9,999户", "9,999户", "9,999 households"),
        (25800, "25,800户", "2.58万户", "25,800 households"),
        (76903, "76,903户", "7.69万户", "76,903 households"),
        (99999, "99,999户", "10万户", "99,999 households"),
        (24480000, "24,480,000户", "2450万户", "24.5 M households"),
        (99999999, "99,999,999户", "1亿户", "100 M households"),
        (590000000, "590,000,000户", "5.9亿户", "590 M households"),
        (2.5e9, "2,500,000,000户", "25亿户", "2.5 bn households"),
        (-12000, "−12,000户", "−1.2万户", "−12,000 households"),
        (None, "—", "—", "—"),
    ],
)
def test_counts_in_full_and_as_said(value, full, said, english):
    assert COUNT.text(value) == full
    assert COUNT.say(value) == said
    assert COUNT_EN.say(value) == english


@pytest.mark.parametrize(
    ("measure", "delta", "text"),
    [
        (RATE, -31.31, "31.3个百分点"),
        (RATE_EN, -31.31, "31.3 points"),
        (RATE, 0.52, "0.52个百分点"),
        (COUNT, -1200, "1,200户"),
        (COUNT_EN, 25000, "25,000 households"),
        (MU, 1.25, "1.2亩"),
    ],
)
def test_a_gap_has_no_sign_and_rates_differ_by_points(measure, delta, text):
    assert measure.gap(delta) == text


@pytest.mark.parametrize(
    ("delta", "text"), [(3, "+3"), (-3, "−3"), (0, "0"), (None, "—"), (25000, "+2.5万")]
)
def test_a_difference_carries_its_sign(delta, text):
    assert COUNT.signed(delta) == text


@pytest.mark.parametrize(
    ("measure", "value", "text"),
    [(RATE, 2, "2%"), (RATE, 2.5, "2.5%"), (COUNT, 4000.0, "4,000户"), (RATE_EN, 2, "2 %")],
)
def test_a_threshold_is_as_short_as_in_its_document(measure, value, text):
    assert measure.level(value) == text


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 32.2, [0, 10, 20, 30, 40]),
        (0, 44.6, [0, 10, 20, 30, 40, 50]),
        (0, 0.89, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (-1100, 13200, [-5000, 0, 5000, 10000, 15000]),
        (0, 0, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    ],
)
def test_ticks_are_round_and_enclose(low, high, expected):
    assert ticks(low, high) == expected


def test_whole_ticks_have_no_fractions():
    assert ticks(0, 2, whole=True) == [0, 1, 2]
    assert ticks(0, 0, whole=True) == [0, 1]


@given(st.floats(-1e9, 1e9), st.floats(0.001, 1e9), st.integers(2, 8))
def test_ticks_always_enclose_and_are_few(low, span, most):
    found = ticks(low, low + span, most)
    step = found[1] - found[0]
    # No finer than the numbers themselves lie apart.
    slack = 1e-6 * step + math.ulp(abs(low) + span)
    assert found[0] <= low + slack and found[-1] >= low + span - slack
    assert 2 <= len(found) <= most + 3
    assert all(b - a == pytest.approx(step, rel=1e-3) for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("values", "measure", "texts"),
    [
        ([0, 20, 40], RATE, ["0", "20", "40%"]),
        ([0, 20, 40], RATE_EN, ["0", "20", "40 %"]),
        ([0, 0.5, 1.0], RATE, ["0", "0.5", "1.0%"]),
        ([0, 0.25, 0.5], RATE, ["0", "0.25", "0.50%"]),
        ([0, 2.5, 5.0], RATE, ["0", "2.5", "5.0%"]),
        ([0, 5000, 10000], COUNT, ["0", "5,000", "10,000"]),
        ([0, 10000, 20000], COUNT, ["0", "1万", "2万"]),
        ([0, 25000, 50000], COUNT, ["0", "2.5万", "5.0万"]),
        ([0, 10000, 20000], COUNT_EN, ["0", "10,000", "20,000"]),
        ([-5000, 0, 5000], COUNT, ["−5,000", "0", "5,000"]),
    ],
)
def test_tick_texts_are_short_and_alike(values, measure, texts):
    assert tick_texts(values, measure) == texts
