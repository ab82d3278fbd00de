"""Steps with what is late, and shares beside each other: lengths, addresses and marks."""

from __future__ import annotations

import pytest

from charts.beside import Pair, beside
from charts.number_format import Measure
from charts.pipeline import Stop, pipeline
from charts.theme import ACCENT, PHONE, QUIET, Chart, Frame, Words

_COUNT, _RATE = Measure("count", "个项目", "zh"), Measure("rate", "%", "zh")
_WORDS = Words("题", "注", ("项目", "工程", "支付"))
_STOPS = [
    Stop("入库", 6, 6, "/a", "/a?late"),
    Stop("开工", 27, 9, "/b", "/b?late"),
    Stop("付清", 0, 0),
]


def stops(frame: Frame) -> Chart:
    return pipeline(_STOPS, "逾期", measure=_COUNT, words=_WORDS, frame=frame)


def pairs(frame: Frame) -> Chart:
    found = [Pair("甲", 40, 95, True, "/p1"), Pair("乙", 60, 55, False, "/p2")]
    return beside(found, ("上", "下"), measure=_RATE, words=_WORDS, frame=frame)


def test_each_row_is_those_late_and_the_rest_and_opens_both() -> None:
    made = pipeline(_STOPS, "逾期", measure=_COUNT, words=_WORDS)
    late, rest = made.figure["data"]
    assert (late["x"], rest["x"]) == ([6, 9, 0], [0, 18, 0])
    assert (late["marker"]["color"], rest["marker"]["color"]) == (ACCENT, QUIET)
    assert late["customdata"] == ["/a?late", "/b?late", None]
    assert rest["customdata"] == [None, "/b", None], "an empty part opens nothing"
    assert made.figure["layout"]["barmode"] == "stack"
    assert made.table == [["项目", "工程", "支付"], ["入库", 6, 6], ["开工", 27, 9], ["付清", 0, 0]]


def test_a_row_says_how_many_and_how_many_late() -> None:
    made = pipeline(_STOPS, "逾期", measure=_COUNT, words=_WORDS, frame=PHONE)
    said = [note["text"] for note in made.figure["layout"]["annotations"]]
    assert said[:3] == ["6 · 逾期 6", "27 · 逾期 9", "0"]
    low, high = made.figure["layout"]["xaxis"]["range"]
    assert low <= 0 and high > 27


@pytest.mark.parametrize("stops", [[], [Stop("a", 1, 2)], [Stop("a", 1, -1)]])
def test_steps_that_cannot_be_are_refused(stops: list[Stop]) -> None:
    with pytest.raises(ValueError, match="no more late"):
        pipeline(stops, "逾期", measure=_COUNT, words=_WORDS)


def test_what_is_apart_is_marked_by_shape_too_and_drawn_last() -> None:
    pairs = [Pair("甲", 40, 95, True, "/p1"), Pair("乙", 60, 55, False, "/p2")]
    made = beside(pairs, ("上", "下"), measure=_RATE, words=_WORDS)
    [points] = made.figure["data"]
    assert (points["x"], points["y"]) == ([60, 40], [55, 95])
    assert points["customdata"] == ["/p2", "/p1"]
    assert points["marker"]["symbol"] == ["circle", "diamond"]
    assert points["marker"]["color"] == [QUIET, ACCENT]
    assert made.table[1:] == [["甲", 40, 95], ["乙", 60, 55]]


def test_a_share_over_a_hundred_stays_in_the_field() -> None:
    made = beside([Pair("甲", 100, 160, True)], ("上", "下"), measure=_RATE, words=_WORDS)
    [points] = made.figure["data"]
    top = made.figure["layout"]["yaxis"]["range"][1]
    assert points["y"][0] < top and "160.0%" in points["hovertext"][0]


@pytest.mark.parametrize("pairs", [[], [Pair("a", -1, 2, False)]])
def test_pairs_that_cannot_be_are_refused(pairs: list[Pair]) -> None:
    with pytest.raises(ValueError, match="pairs of shares"):
        beside(pairs, ("上", "下"), measure=_RATE, words=_WORDS)
