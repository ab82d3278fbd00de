"""Moves between two dates: bands as thick as their counts, words that never collide."""

import pytest

from charts.alluvial import Edge, Kind, moves
from charts.number_format import Measure
from charts.theme import ACCENT, HALF, MISSING, PAGE, PHONE, QUIET, WALL
from tests.charts.pixels import Screen, words
from tests.charts.samples import words as given_words

KINDS = [
    Kind("able", "有劳动能力户"),
    Kind("weak", "弱劳动能力户"),
    Kind("none", "无劳动能力户"),
    Kind("unknown", "类别不明", known=False),
]
EDGES = [
    Edge("able", "able", 200, "/ledgers?a"),
    Edge("able", "weak", 20, "/ledgers?b"),
    Edge("weak", "able", 40),
    Edge("weak", "unknown", 40),
    Edge("none", "none", 100),
]
HOUSEHOLDS = Measure("count", "户")


def draw(edges=EDGES, frame=PAGE, kinds=KINDS):
    heads = ("2016年", "2017年")
    told = given_words("原类别", "现类别", "户数")
    return moves(kinds, edges, heads, measure=HOUSEHOLDS, words=told, frame=frame)


def bands(chart):
    return [s for s in chart.figure["layout"]["shapes"] if s["type"] == "path"]


def thick(band):
    numbers = band["path"].replace(",", " ").split()
    return float(numbers[12]) - float(numbers[9])


def test_bands_are_as_thick_as_their_counts():
    # The right side has three kinds and the left three: one scale at both ends.
    sizes = sorted(round(thick(band)) for band in bands(draw()))
    assert sizes[-1] == pytest.approx(2 * sizes[-2], abs=1)
    assert sizes[-1] == pytest.approx(10 * sizes[0], abs=6)


def test_staying_is_quiet_moving_is_in_accent_unknown_is_pale():
    colors = [band["fillcolor"] for band in bands(draw())]
    assert sorted(colors) == sorted([QUIET, QUIET, ACCENT, ACCENT, MISSING])
    assert colors[-1] == ACCENT, "those who moved lie above those who stayed"


def test_a_few_among_thousands_are_still_seen():
    few = draw([Edge("able", "able", 100_000), Edge("able", "weak", 1)])
    assert min(thick(band) for band in bands(few)) >= 1.4


def test_every_band_can_be_found_and_opens_its_list():
    [trace] = draw().figure["data"]
    assert trace["customdata"].count("/ledgers?b") == 5
    at = trace["customdata"].index("/ledgers?b")
    assert words(trace["hovertext"][at]) == ["有劳动能力户 → 弱劳动能力户", "20户"]
    assert len(trace["x"]) == len(trace["y"]) == 5 * len(EDGES)


def test_kinds_stand_with_their_sums_at_either_side():
    texts = [words(n["text"]) for n in draw().figure["layout"]["annotations"]]
    assert ["有劳动能力户", "220"] in texts and ["有劳动能力户", "240"] in texts
    assert ["弱劳动能力户", "80"] in texts and ["弱劳动能力户", "20"] in texts
    assert ["类别不明", "40"] in texts and texts[-2:] == [["2016年"], ["2017年"]]


@pytest.mark.parametrize("frame", [PHONE, HALF, PAGE, WALL])
@pytest.mark.parametrize("counts", [(1, 1, 1, 1, 1), (9999, 1, 1, 1, 1), (1, 0, 0, 9999, 0)])
def test_words_keep_apart_whatever_the_counts(counts, frame):
    edges = [Edge(e.then, e.now, n) for e, n in zip(EDGES, counts, strict=True)]
    screen = Screen(draw(edges, frame).figure, frame.width)
    assert screen.collisions() == [] and screen.outside() == []


def test_the_table_has_every_pair_once():
    assert draw().table[:2] == [
        ["原类别", "现类别", "户数"],
        ["有劳动能力户", "有劳动能力户", 200],
    ]
    assert len(draw([*EDGES, Edge("none", "able", 0)]).table) == 6


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="zero or more"):
        draw([])
    with pytest.raises(ValueError, match="zero or more"):
        draw([Edge("able", "weak", -1)])
    with pytest.raises(ValueError, match="kinds not given"):
        draw([Edge("able", "gone", 1)])


def test_a_name_is_never_markup():
    odd = [Kind("able", "<b>户</b>"), *KINDS[1:]]
    [trace] = draw(kinds=odd).figure["data"]
    assert any("&lt;b&gt;" in text for text in trace["hovertext"])
