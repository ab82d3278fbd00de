"""Comparing places: up to six, told apart three ways, named at the end."""

import pytest

from charts.compare import compare
from charts.lines import Line
from charts.theme import ACCENT, PAGE, PHONE, SERIES
from tests.charts.pixels import Screen, words
from tests.charts.samples import RATE, YEARS, town_lines
from tests.charts.samples import words as given_words


def draw(places, frame=PAGE):
    return compare(places, measure=RATE, words=given_words("年份"), frame=frame)


def test_each_place_has_its_color_shape_and_name():
    chart = draw(town_lines(6))
    traces = chart.figure["data"]
    assert {trace["line"]["color"] for trace in traces} == set(SERIES)
    assert len({trace["marker"]["symbol"] for trace in traces}) == 6
    named = [words(n["text"])[0] for n in chart.figure["layout"]["annotations"]]
    assert all(any(line.name in text for text in named) for line in town_lines(6))


def test_the_first_place_has_the_accent_and_lies_on_top():
    last = draw(town_lines(3)).figure["data"][-1]
    assert last["name"] == town_lines(1)[0].name
    assert last["line"]["color"] == ACCENT


def test_a_label_has_the_color_of_its_line():
    chart = draw(town_lines(4))
    colors = {trace["name"]: trace["line"]["color"] for trace in chart.figure["data"]}
    for note in chart.figure["layout"]["annotations"]:
        name = next(name for name in colors if name in note["text"])
        assert note["font"]["color"] == colors[name]


@pytest.mark.parametrize("frame", [PHONE, PAGE])
@pytest.mark.parametrize("count", range(1, 7))
def test_six_lines_that_all_end_at_zero_keep_their_labels_apart(count, frame):
    chart = draw(town_lines(count), frame)
    screen = Screen(chart.figure, frame.width)
    assert screen.collisions() == [] and screen.outside() == []


def test_places_that_end_in_different_years_are_all_named():
    places = [Line("甲", YEARS[:3], [5, 4, 3]), Line("乙", YEARS, range(12))]
    notes = draw(places).figure["layout"]["annotations"]
    assert {note["x"] for note in notes} == {2016, 2025}


def test_the_table_keeps_the_order_given():
    assert draw(town_lines(3)).table[0] == ["年份", *(line.name for line in town_lines(3))]


def test_more_than_six_places_or_none_are_refused():
    with pytest.raises(ValueError, match="at most 6"):
        draw(town_lines(7))
    with pytest.raises(ValueError, match="no years"):
        draw([])
