"""Change between two years: who worsened, who improved, by how much."""

import pytest

from charts.dumbbell import Change, dumbbell, split
from charts.theme import ACCENT, ALERT, GREY, PAGE, PHONE
from tests.charts.pixels import Screen, words
from tests.charts.samples import CHANGES, HOUSEHOLDS, villages
from tests.charts.samples import words as given_words

UP, DOWN = Change("升村", 5, 9, "?u", "?u0"), Change("降村", 9, 5, "?d", "?d0")
SAME = Change("平村", 7, 7, "?s")


def draw(changes, frame=PAGE, **more):
    return dumbbell(
        changes,
        years=("2023", "2025"),
        measure=HOUSEHOLDS,
        words=given_words("村", "2023", "2025", "变化"),
        frame=frame,
        **more,
    )


def test_split_knows_which_way_is_better():
    assert split([UP, DOWN, SAME], "down") == ([UP], [DOWN], [SAME])
    assert split([UP, DOWN, SAME], "up") == ([DOWN], [UP], [SAME])


def test_split_puts_the_greatest_change_first():
    worse, improved, _ = split(CHANGES, "down")
    assert [c.name for c in worse] == ["青村", "双村", "石村", "胜村"]
    assert [c.after - c.before for c in improved] == sorted(c.after - c.before for c in improved)


def test_what_worsened_comes_first_under_its_heading_with_its_number():
    ticks = [words(t)[0] for t in villages(PAGE).figure["layout"]["yaxis"]["ticktext"]]
    assert ticks[:2] == ["变差 4", "青村"]
    assert "改善 8" in ticks and ticks[-2] == "持平 1"


def test_a_group_without_places_has_no_heading():
    chart = draw([DOWN], headings=("变差", "改善", "持平"))
    assert [words(t)[0] for t in chart.figure["layout"]["yaxis"]["ticktext"]] == ["改善 1", "降村"]


def test_before_is_hollow_and_after_full_in_the_tone_of_the_change():
    before, after = draw([UP, DOWN, SAME]).figure["data"][-2:]
    assert after["marker"]["color"] == [ALERT, ACCENT, GREY]
    assert before["marker"]["line"]["color"] == [ALERT, ACCENT, GREY]
    assert isinstance(before["marker"]["color"], str)
    assert (before["x"], after["x"]) == ([5, 9, 7], [9, 5, 7])


def test_better_up_turns_the_tones():
    assert draw([UP], better="up").figure["data"][-1]["marker"]["color"] == [ACCENT]


def test_each_change_is_written_with_its_sign():
    texts = [words(n["text"])[0] for n in draw([UP, DOWN, SAME]).figure["layout"]["annotations"]]
    assert texts == ["+4", "−4", "0", "2023", "2025"]


def test_the_years_stand_over_their_dots():
    notes = draw([DOWN]).figure["layout"]["annotations"][-2:]
    assert [(n["text"], n["x"]) for n in notes] == [("2023", 9), ("2025", 5)]


@pytest.mark.parametrize("after", [0, 58, 59, 60, 61, 62, 90])
@pytest.mark.parametrize("frame", [PHONE, PAGE])
def test_years_over_close_dots_are_drawn_apart(after, frame):
    chart = draw([Change("某村", 60, after)], frame)
    screen = Screen(chart.figure, frame.width)
    assert screen.collisions() == [] and screen.outside() == []


def test_both_dots_open_the_place():
    before, after = draw([UP, DOWN]).figure["data"][-2:]
    assert (before["customdata"], after["customdata"]) == (["?u0", "?d0"], ["?u", "?d"])
    assert after["hovertext"][0] == "升村 2025<br>9户"


def test_the_table_has_the_change():
    assert draw([UP, DOWN]).table == [
        ["村", "2023", "2025", "变化"],
        ["升村", 5, 9, 4],
        ["降村", 9, 5, -4],
    ]


def test_the_axis_begins_at_zero_and_counts_whole():
    layout = draw([Change("某村", 1, 2)]).figure["layout"]
    assert layout["xaxis"]["tickvals"] == [0, 1, 2]


def test_no_places_are_refused_and_all_zero_is_not():
    with pytest.raises(ValueError, match="no places"):
        draw([])
    draw([Change("某村", 0, 0)])
