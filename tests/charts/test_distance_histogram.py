"""Distances from a line: the bars are the households, nothing under the line is lost from sight."""

import pytest

from charts.distance_histogram import TONES, Step, distances
from charts.number_format import Measure
from charts.theme import ALERT, PAGE, PHONE, WALL
from tests.charts.pixels import Screen
from tests.charts.pixels import words as lines
from tests.charts.samples import words

_STEPS = [
    Step(-2000, {"under": 40, "falls": 0, "stays": 0}),
    Step(-1000, {"under": 273, "falls": 0, "stays": 0}),
    Step(0, {"under": 0, "falls": 529, "stays": 0}),
    Step(1000, {"under": 0, "falls": 1200, "stays": 344}),
    Step(2000, {"under": 0, "falls": 0, "stays": 2600}),
]
_NAMES = {"under": "已在线下", "falls": "冲击后跌到线下", "stays": "仍在线上"}


def draw(steps=_STEPS, frame=PAGE):
    return distances(
        steps,
        1000,
        names=_NAMES,
        line="监测线 6,750元",
        distance=Measure("count", "元"),
        counted=Measure("count", "户"),
        words=words("离线", *_NAMES.values()),
        frame=frame,
    )


def test_each_household_is_in_one_bar():
    data = draw().figure["data"]
    assert [trace["y"] for trace in data] == [[s.counts[tone] for s in _STEPS] for tone in TONES]
    assert data[0]["x"] == [-1500, -500, 500, 1500, 2500]
    assert draw().figure["layout"]["yaxis"]["range"] == [0, 2600 * 1.04]


def test_the_line_stands_at_nought_and_says_what_it_is():
    layout = draw().figure["layout"]
    assert (layout["shapes"][0]["x0"], layout["shapes"][0]["x1"]) == (0, 0)
    assert lines(layout["annotations"][0]["text"]) == ["监测线 6,750元"]


def test_each_tone_is_named_with_its_sum_and_those_under_stand_out():
    chart = draw()
    told = [lines(n["text"])[0] for n in chart.figure["layout"]["annotations"][1:]]
    assert told == ["已在线下 313户", "冲击后跌到线下 1,729户", "仍在线上 2,944户"]
    assert chart.figure["data"][0]["marker"]["color"] == ALERT


@pytest.mark.parametrize("frame", [PHONE, PAGE, WALL])
@pytest.mark.parametrize("steps", [_STEPS, _STEPS[2:], _STEPS[:2]])
def test_the_words_keep_apart_and_on_the_page(frame, steps):
    screen = Screen(draw(steps, frame).figure, frame.width)
    assert screen.collisions() == [] and screen.outside() == []


def test_the_table_holds_every_step():
    table = draw().table
    assert table[0] == ["离线", *_NAMES.values()]
    assert table[1] == ["−2,000 – −1,000元", 40, 0, 0]
    assert len(table) == 1 + len(_STEPS)


def test_no_steps_are_refused():
    with pytest.raises(ValueError, match="no steps"):
        draw([])
