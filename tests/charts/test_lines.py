"""Lines: what they take in, and how they become gaps, ticks and tables."""

from itertools import pairwise

import pandas as pd
import pytest

from charts.lines import Line, table_of, year_ticks, years_of


def test_a_line_takes_columns_of_a_frame_in_any_order():
    frame = pd.DataFrame(
        {"year": [2016, 2014, 2015], "rate": [1.5, None, 2], "href": ["c", "a", "b"]}
    )
    line = Line("镇安县", frame.year, frame.rate, frame.href)
    assert line.years == (2014, 2015, 2016)
    assert line.values == (None, 2.0, 1.5)
    assert line.hrefs == ("a", "b", "c")
    assert line.known() == [(2015, 2.0), (2016, 1.5)]


def test_a_line_takes_nullable_integers():
    assert Line("x", [2014, 2015], pd.array([1, None], dtype="Int32")).values == (1.0, None)


def test_an_empty_line_is_a_line():
    line = Line("x", [], [])
    assert line.known() == [] and line.hrefs == ()


@pytest.mark.parametrize(
    ("years", "values", "hrefs", "fault"),
    [
        ([2014], [1, 2], (), "differ in length"),
        ([2014, 2015], [1, 2], ["a"], "differ in length"),
        ([2014, 2014], [1, 2], (), "twice"),
    ],
)
def test_a_line_refuses_what_does_not_match(years, values, hrefs, fault):
    with pytest.raises(ValueError, match=fault):
        Line("x", years, values, hrefs)


def test_between_keeps_both_ends():
    line = Line("x", [2014, 2015, 2016], [1, 2, 3], ["a", "b", "c"]).between(2015, 2016)
    assert (line.years, line.values, line.hrefs) == ((2015, 2016), (2.0, 3.0), ("b", "c"))
    assert Line("x", [2014], [1]).between(2020, 2021).years == ()


def test_a_missing_year_is_a_gap():
    values, hrefs = Line("x", [2014, 2016], [1, 3], ["a", "c"]).on([2014, 2015, 2016])
    assert values == [1.0, None, 3.0]
    assert hrefs == ["a", None, "c"]


def test_years_run_from_the_first_to_the_last_of_all():
    assert years_of([Line("a", [2016], [1]), Line("b", [2014], [1])]) == [2014, 2015, 2016]
    assert years_of([Line("a", [], [])]) == []


@pytest.mark.parametrize(
    ("pitch", "shown"),
    [
        (50, list(range(2014, 2026))),
        (13, [2014, 2019, 2022, 2025]),
        (18, [2014, 2017, 2019, 2021, 2023, 2025]),
        (4, [2014, 2025]),
    ],
)
def test_year_ticks_hold_both_ends_and_do_not_crowd(pitch, shown):
    found = year_ticks(range(2014, 2026), pitch, 36)
    assert all((b - a) * pitch >= 36 for a, b in pairwise(found))
    assert found == shown


def test_year_ticks_of_one_year_or_none():
    assert year_ticks([2018], 10, 30) == [2018]
    assert year_ticks([], 10, 30) == []


def test_a_table_has_a_row_a_year():
    lines = [Line("甲", [2014, 2015], [1, None]), Line("乙", [2015], [3])]
    assert table_of(lines, [2014, 2015], ["年份", "不用"]) == [
        ["年份", "甲", "乙"],
        [2014, 1.0, None],
        [2015, None, 3.0],
    ]
