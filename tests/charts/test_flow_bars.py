"""Flows: up and down on one scale, upright or lying, no number lost."""

import pytest

from charts.flow_bars import flows
from charts.lines import Line
from charts.theme import ACCENT, ALERT, PAGE, PHONE
from tests.charts.pixels import Screen, words
from tests.charts.samples import FELL, NEW, OUT, PEOPLE, YEARS, both_ways
from tests.charts.samples import words as given_words


def draw(out=OUT, back=(FELL, NEW), frame=PAGE):
    return flows(out, back, measure=PEOPLE, words=given_words("年份"), frame=frame)


def texts(chart):
    return ["|".join(words(n["text"])) for n in chart.figure["layout"]["annotations"]]


def test_bars_stand_on_a_page_and_lie_on_a_phone():
    assert {t["orientation"] for t in both_ways(PAGE).figure["data"]} == {"v"}
    assert {t["orientation"] for t in both_ways(PHONE).figure["data"]} == {"h"}


def test_few_years_stand_even_on_a_phone():
    chart = draw(OUT.between(2014, 2017), [FELL.between(2014, 2017)], PHONE)
    assert chart.figure["data"][0]["orientation"] == "v"


def test_out_goes_up_and_back_goes_down():
    out, fell, new = draw().figure["data"]
    assert out["y"][4] == 29402 and fell["y"][4] == -12 and new["y"][4] == -44
    assert out["marker"]["color"] == ACCENT and fell["marker"]["color"] == ALERT
    assert draw(frame=PHONE).figure["data"][1]["x"][4] == -12


def test_nothing_and_no_data_have_no_bar_but_different_words():
    chart = draw()
    assert chart.figure["data"][0]["y"][7:9] == [None, None]
    notes = chart.figure["layout"]["annotations"]
    by_year = {n["x"]: n["text"] for n in notes if n["yanchor"] == "bottom" and "xref" not in n}
    assert by_year[2021] == "—" and by_year[2022] == "0"


def test_both_directions_share_one_scale():
    layout = draw().figure["layout"]
    assert "yaxis2" not in layout
    low, high = layout["yaxis"]["range"]
    assert low < -1224 and high > 29402


def test_each_way_down_has_its_number_in_its_own_color():
    found = texts(draw())
    assert "20|1,204" in found
    assert "返贫  新识别" in found
    note = next(n for n in draw().figure["layout"]["annotations"] if "1,204" in n["text"])
    assert note["text"].count("color:") == 2


def test_lying_numbers_stand_in_the_order_of_the_bars_from_the_middle():
    found = texts(draw(frame=PHONE))
    assert "1,204 20" in found
    assert "新识别  返贫" in found


def test_hover_and_table_have_the_exact_numbers():
    chart = draw()
    assert chart.figure["data"][0]["hovertext"][1] == "脱贫 2015<br>14,211人"
    assert chart.table[2] == [2015, 14211.0, 0.0, 60.0]
    assert chart.table[0] == ["年份", "脱贫", "返贫", "新识别"]


def test_a_click_opens_the_people_of_that_year():
    assert draw().figure["data"][1]["customdata"] == list(FELL.hrefs)


@pytest.mark.parametrize("frame", [PHONE, PAGE])
@pytest.mark.parametrize(
    ("up", "down"),
    [([5, 9], [0, 0]), ([0, 0], [0, 0]), ([1, 2], [500, 900]), ([None, None], [1, 2])],
)
def test_lopsided_years_are_readable(up, down, frame):
    chart = draw(Line("脱贫", [2019, 2020], up), [Line("返贫", [2019, 2020], down)], frame)
    screen = Screen(chart.figure, frame.width)
    assert screen.collisions() == [] and screen.outside() == []


def test_what_cannot_be_a_flow_is_refused():
    with pytest.raises(ValueError, match="negative"):
        draw(back=[Line("返贫", YEARS, [-1] * 12)])
    with pytest.raises(ValueError, match="0 ways"):
        draw(back=[])
    with pytest.raises(ValueError, match="0 years"):
        draw(Line("脱贫", [], []), [Line("返贫", [], [])])
