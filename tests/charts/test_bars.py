"""Ranked bars: order, the chosen place, the mean, and what has no value."""

import pytest

from charts.bars import Bar, name_column, ranked, span_for
from charts.theme import ACCENT, PAGE, PHONE, QUIET
from tests.charts.pixels import Screen, words
from tests.charts.samples import HOUSEHOLDS, RATE, TOWNS, losses, ranking
from tests.charts.samples import words as given_words


def draw(bars, frame=PAGE, **more):
    return ranked(bars, measure=RATE, words=given_words("乡镇", "发生率"), frame=frame, **more)


BARS = [Bar("甲", 1.0, "?a"), Bar("乙", None, "?b"), Bar("丙", 3.0, "?c"), Bar("丁", 0, "?d")]


def test_the_greatest_comes_first_and_the_unknown_last():
    assert draw(BARS).table == [
        ["乡镇", "发生率"],
        ["丙", 3.0],
        ["甲", 1.0],
        ["丁", 0.0],
        ["乙", None],
    ]


def test_a_click_opens_the_place_of_the_bar():
    assert draw(BARS).figure["data"][0]["customdata"] == ["?c", "?a", "?d", "?b"]


def test_only_the_chosen_place_has_the_accent():
    chart = draw(BARS, chosen="甲")
    assert chart.figure["data"][0]["marker"]["color"] == [QUIET, ACCENT, QUIET, QUIET]
    ticks = chart.figure["layout"]["yaxis"]["ticktext"]
    assert [("<b>" in tick) for tick in ticks] == [False, True, False, False]


def test_zero_and_unknown_read_differently():
    texts = [words(n["text"])[0] for n in draw(BARS).figure["layout"]["annotations"]]
    assert texts == ["3.0%", "1.0%", "0%", "无数据"]


def test_bars_begin_at_zero_whatever_their_values():
    low, high = draw([Bar("甲", 98), Bar("乙", 99)]).figure["layout"]["xaxis"]["range"]
    assert low == 0 and high > 99


def test_losses_reach_left_with_their_words_on_the_left():
    chart = losses(PAGE)
    assert chart.figure["layout"]["xaxis"]["range"][0] < -3000
    note = chart.figure["layout"]["annotations"][-1]
    assert note["xanchor"] == "right" and note["text"] == "−3,000 yuan"


def test_the_mean_is_a_line_with_its_words_over_it():
    layout = ranking(PAGE).figure["layout"]
    line = layout["shapes"][-1]
    assert line["x0"] == line["x1"] == 3.4
    assert layout["annotations"][-1]["text"] == "全县 3.4%"
    assert draw(BARS).figure["layout"]["shapes"][-1]["x0"] == 0


def test_a_mean_at_the_right_edge_is_written_leftwards():
    chart = draw([Bar("甲", 5.0)], mean=(5.2, "全县平均水平"), frame=PHONE)
    assert chart.figure["layout"]["annotations"][-1]["xanchor"] == "right"
    assert Screen(chart.figure, PHONE.width).outside() == []


def test_the_height_grows_with_the_rows_and_not_with_the_width():
    tall = draw([Bar(str(i), i) for i in range(30)])
    short = draw([Bar(str(i), i) for i in range(15)])
    assert tall.height - short.height == pytest.approx(15 * PAGE.size * 1.85, abs=1)


def test_long_names_take_two_lines_and_the_rows_grow():
    column = name_column(["Maoping Hui Township", "Daren"], PHONE)
    assert column.texts == [["Maoping Hui", "Township"], ["Daren"]]
    assert column.pitch > name_column(["Daren"], PHONE).pitch
    assert column.width <= PHONE.width * 0.45


def test_span_leaves_the_pixels_asked_for():
    low, high = span_for([80], 0, 20, 100)
    assert (low, high) == (0, 100)
    low, high = span_for([-40, 40], 10, 10, 100)
    assert (low, high) == (-50, 50)
    assert span_for([], 0, 0, 100)[1] > 0


def test_no_bars_are_refused_and_all_unknown_are_not():
    with pytest.raises(ValueError, match="no bars"):
        draw([])
    assert len(draw([Bar(name, None) for name in TOWNS]).table) == 16


def test_values_are_written_with_their_unit():
    chart = ranked([Bar("甲", 25800)], measure=HOUSEHOLDS, words=given_words("乡镇", "户"))
    assert chart.figure["layout"]["annotations"][0]["text"] == "25,800户"
