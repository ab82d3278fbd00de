"""Small multiples: one scale, one pair of axes, a panel for every place."""

import pytest

from charts.lines import Line
from charts.multiples import columns_for, multiples
from charts.theme import HALF, PAGE, PHONE, WALL
from tests.charts.pixels import Screen, words
from tests.charts.samples import COUNTY, RATE, TOWNS, YEARS, small_multiples, town_lines
from tests.charts.samples import words as given_words


def draw(places, parent=COUNTY, frame=PAGE):
    return multiples(places, parent, measure=RATE, words=given_words("年份"), frame=frame)


@pytest.mark.parametrize(
    ("count", "frame", "columns"),
    [(15, PHONE, 2), (15, HALF, 2), (15, PAGE, 4), (15, WALL, 5), (16, WALL, 4), (3, WALL, 3)],
)
def test_columns_fit_the_frame_and_fill_their_rows(count, frame, columns):
    assert columns_for(count, frame) == columns


def test_all_panels_share_one_pair_of_axes():
    layout = small_multiples(PAGE).figure["layout"]
    assert sorted(key for key in layout if "axis" in key) == ["xaxis", "yaxis"]
    assert len(small_multiples(PAGE).figure["data"]) == 3


def own(chart):
    return chart.figure["data"][-1]


def test_equal_values_lie_at_equal_heights_in_their_panels():
    places = [Line("甲", YEARS, [10.0] * 12), Line("乙", YEARS, [10.0] * 12)]
    trace = own(draw(places))
    assert trace["y"][0] == trace["y"][13]
    assert trace["x"][13] - trace["x"][0] == 1


def test_the_highest_value_is_at_the_top_of_its_panel_and_zero_at_its_foot():
    trace = own(draw([Line("甲", YEARS, range(0, 120, 10))], None))
    grid = draw([Line("甲", YEARS, range(0, 120, 10))], None).figure["data"][0]
    foot = max(y for y in grid["y"] if y is not None)
    assert trace["y"][0] == foot
    assert trace["y"][11] == min(y for y in trace["y"] if y is not None)


def test_lines_break_between_panels_and_at_missing_years():
    trace = own(draw([Line("甲", YEARS, [1, None, *[1] * 10]), Line("乙", YEARS, [2] * 12)]))
    assert trace["y"][1] is None and trace["x"][12] is None
    assert trace["connectgaps"] is False


def test_points_open_their_households():
    trace = own(draw(town_lines(2)))
    assert trace["customdata"][:12] == list(town_lines(1)[0].hrefs)
    assert trace["customdata"][12] is None


def test_the_county_lies_behind_every_panel_and_is_named_once():
    chart = draw(town_lines(4))
    behind = chart.figure["data"][1]
    assert behind["hoverinfo"] == "skip"
    assert sum(x is None for x in behind["x"]) == 4
    texts = [words(n["text"])[0] for n in chart.figure["layout"]["annotations"]]
    assert texts.count("镇安县") == 1


def test_every_panel_has_its_name_and_last_value_or_says_that_it_has_none():
    texts = [words(n["text"])[0] for n in small_multiples(PAGE).figure["layout"]["annotations"]]
    assert set(TOWNS) <= set(texts)
    assert texts.count("0") == 14 + 4  # values, and the foot of the scale of four rows
    assert texts.count("无数据") == 1


def test_without_a_parent_there_are_two_traces():
    chart = draw(town_lines(2), None)
    assert len(chart.figure["data"]) == 2
    assert chart.table[0] == ["年份", *TOWNS[:2]]


def test_the_table_has_the_county_last():
    assert draw(town_lines(2)).table[0][-1] == "镇安县"


@pytest.mark.parametrize("count", [1, 2, 5, 7, 16])
@pytest.mark.parametrize("frame", [PHONE, PAGE, WALL])
def test_any_number_of_panels_is_readable(count, frame):
    rises = [[i * 3.0 + year % 5 for year in YEARS] for i in range(count)]
    places = [Line(f"第{i}乡镇", YEARS, rise) for i, rise in enumerate(rises)]
    chart = draw(places, frame=frame)
    screen = Screen(chart.figure, frame.width)
    assert screen.collisions() == [] and screen.outside() == []


def test_all_zero_and_a_single_year_can_be_drawn():
    draw([Line("甲", YEARS, [0] * 12)], None)
    trace = own(draw([Line("甲", [2020], [3])], None))
    assert 0 < trace["x"][0] < 1


def test_none_and_seventeen_are_refused():
    with pytest.raises(ValueError, match="cannot be drawn"):
        draw([])
    with pytest.raises(ValueError, match="17 places"):
        draw([Line(str(i), YEARS, [1] * 12) for i in range(17)])
