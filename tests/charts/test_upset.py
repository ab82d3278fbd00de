"""Overlap of groups: the largest intersections, standing or lying, and which groups they hold."""

import pytest

from charts.theme import ACCENT, HAIR, PAGE, PHONE, QUIET
from charts.upset import Group, Intersection, _upright_pieces, overlap
from tests.charts.pixels import words
from tests.charts.samples import (
    GROUPS,
    HOUSEHOLDS,
    SETS,
    groups_english,
    groups_lying,
    groups_upright,
)
from tests.charts.samples import words as given_words


def draw(groups=GROUPS, sets=SETS, **more):
    return overlap(groups, sets, measure=HOUSEHOLDS, words=given_words("类别", "户"), **more)


def test_the_twelve_largest_are_drawn_and_all_are_in_the_table():
    chart = draw()
    assert len(chart.figure["data"][0]["y"]) == 12
    assert chart.figure["data"][0]["y"][:3] == [3900, 2900, 800]
    assert len(chart.table) == len(SETS) + 1
    assert chart.table[3] == ["大病残疾户 + 2014年和2015年脱贫户", 800]


def test_several_groups_at_once_have_the_accent():
    colors = draw().figure["data"][0]["marker"]["color"]
    assert colors[:4] == [QUIET, QUIET, ACCENT, QUIET]


def test_dots_tell_which_groups():
    _, empty, _, full = draw(sets=SETS[:3]).figure["data"]
    assert list(zip(full["x"], full["y"], strict=True)) == [(0, 5), (1, 0), (2, 0), (2, 5)]
    assert len(empty["x"]) == 3 * 6 - 4
    assert set(empty["marker"]["color"]) == {HAIR}


def test_stems_join_the_dots_of_one_intersection():
    stems = draw(sets=[SETS[11]]).figure["data"][2]
    assert stems["x"] == [0, 0, None] and stems["y"] == [0, 5, None]


def test_it_lies_on_a_phone_and_where_it_is_told_to():
    assert draw(frame=PHONE).figure["data"][0]["orientation"] == "h"
    assert draw(frame=PAGE).figure["data"][0]["orientation"] == "v"
    assert draw(frame=PAGE, horizontal=True).figure["data"][0]["orientation"] == "h"
    assert draw(frame=PHONE, horizontal=False).figure["data"][0]["orientation"] == "v"


def test_lying_swaps_the_axes_and_keeps_the_order_from_the_top():
    bars, _, _, full = groups_lying(PAGE).figure["data"]
    assert bars["x"][0] == 3900 and bars["y"][0] == 0
    assert (full["x"][0], full["y"][0]) == (5, 0)
    low, high = groups_lying(PAGE).figure["layout"]["yaxis"]["range"]
    assert low > high


def test_bars_begin_at_zero_both_ways():
    assert groups_upright(PAGE).figure["layout"]["yaxis"]["range"][0] == 0
    assert groups_lying(PAGE).figure["layout"]["xaxis"]["range"][0] == 0


def test_names_stand_beside_the_rows_with_their_totals():
    texts = [words(n["text"])[0] for n in groups_upright(PAGE).figure["layout"]["annotations"]]
    assert "大病残疾户 4,137" in texts and "独居老人户 764" in texts


def test_chinese_heads_read_downwards_and_latin_ones_turn():
    chinese = groups_lying(PAGE).figure["layout"]["annotations"][-6:]
    assert words(chinese[0]["text"]) == list("大病残疾户")
    assert {note["textangle"] for note in chinese} == {0}
    english = groups_english(PAGE).figure["layout"]["annotations"][-6:]
    assert {note["textangle"] for note in english} == {-90}


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("边缘户", ["边", "缘", "户"]),
        ("2014年脱贫", ["2014", "年", "脱", "贫"]),
        ("“两头跑”户", ["﹃", "两", "头", "跑", "﹄", "户"]),
    ],
)
def test_numbers_stay_together_and_quotes_turn_in_downward_text(name, pieces):
    assert _upright_pieces(name) == pieces


def test_a_click_opens_the_households_of_the_intersection():
    bars = draw().figure["data"][0]
    assert bars["customdata"][2] == "?groups=illness early"
    assert bars["hovertext"][2] == "大病残疾户 + 2014年和2015年脱贫户<br>800户"


def test_empty_intersections_are_left_out():
    sets = [*SETS[:2], Intersection(frozenset({"drop"}), 0)]
    assert len(draw(sets=sets).table) == 3


def test_names_are_never_markup():
    groups = [Group("a", "<b>甲</b>", 1)]
    chart = draw(groups, [Intersection(frozenset("a"), 1)])
    assert chart.figure["data"][0]["hovertext"][0].startswith("&lt;b&gt;")


@pytest.mark.parametrize(
    ("sets", "fault"),
    [
        ([Intersection(frozenset({"nobody"}), 1)], "not given"),
        ([Intersection(frozenset(), 1)], "no group"),
        ([], "anyone"),
        ([Intersection(frozenset({"drop"}), 0)], "anyone"),
    ],
)
def test_what_makes_no_sense_is_refused(sets, fault):
    with pytest.raises(ValueError, match=fault):
        draw(sets=sets)
