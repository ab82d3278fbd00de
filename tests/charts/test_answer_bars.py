"""What came of standards: equal rows, nothing unknown taken for missed, words apart."""

import pytest

from charts.answer_bars import ANSWERS, Row, answers
from charts.number_format import Measure
from charts.theme import ACCENT, HALF, MISSING, MUTED, PAGE, PHONE, QUIET, WALL
from tests.charts.pixels import Screen, words
from tests.charts.samples import words as given_words

NAMES = {"missed": "不达标", "unknown": "未知", "met": "达标"}
HOUSEHOLDS = Measure("count", "户")


def row(name, missed, unknown, met):
    counts = {"missed": missed, "unknown": unknown, "met": met}
    return Row(name, counts, {a: f"/ledgers?{a}" for a in ANSWERS if counts[a]})


ROWS = [row("收入超过标准", 13002, 0, 12727), row("义务教育有保障", 0, 0, 5), row("饮水", 1, 3, 0)]


def draw(rows=ROWS, frame=PAGE):
    return answers(rows, NAMES, measure=HOUSEHOLDS, words=given_words("标准"), frame=frame)


def test_parts_are_shares_of_their_row():
    data = {trace["name"]: trace for trace in draw().figure["data"]}
    assert data["不达标"]["x"] == pytest.approx([13002 / 25729, 0, 0.25])
    assert data["未知"]["x"] == [0, 0, 0.75]
    assert [t["marker"]["color"] for t in data.values()] == [ACCENT, MISSING, QUIET]
    assert "pattern" in data["未知"]["marker"] and "pattern" not in data["达标"]["marker"]


def test_each_part_opens_its_subjects_and_an_empty_one_nothing():
    missed, unknown, met = (trace["customdata"] for trace in draw().figure["data"])
    assert missed == ["/ledgers?missed", None, "/ledgers?missed"]
    assert unknown == [None, None, "/ledgers?unknown"]
    assert met[2] is None


def test_what_is_missed_stands_behind_each_row_and_the_unknown_with_it():
    notes = draw().figure["layout"]["annotations"]
    assert [words(n["text"]) for n in notes[:3]] == [["13,002"], ["0"], ["1 · 未知 3"]]
    assert notes[1]["font"]["color"] == MUTED
    assert words(notes[3]["text"]) == ["不达标 | 未知 | 达标"]


@pytest.mark.parametrize("frame", [PHONE, HALF, PAGE, WALL])
def test_words_keep_apart(frame):
    screen = Screen(draw(frame=frame).figure, frame.width)
    assert screen.collisions() == [] and screen.outside() == []


def test_the_table_says_it_all():
    assert draw().table[:2] == [
        ["标准", "不达标", "未知", "达标"],
        ["收入超过标准", 13002, 0, 12727],
    ]


def test_a_row_of_nobody_is_drawn_and_no_rows_are_refused():
    assert draw([row("甲", 0, 0, 0)]).figure["data"][0]["x"] == [0]
    with pytest.raises(ValueError, match="zero or more"):
        draw([])
    with pytest.raises(ValueError, match="zero or more"):
        draw([row("甲", -1, 0, 0)])
