"""The trend: strong place, quiet context, gaps left open, labels that say which line is which."""

import pytest

from charts.events import lay_events
from charts.lines import Line
from charts.theme import ACCENT, GREY, PAGE, PHONE
from charts.trend import trend
from tests.charts.pixels import Screen, words
from tests.charts.samples import COUNTY, HOUSEHOLDS, NATION, RATE, RATES, YEARS, full_trend
from tests.charts.samples import words as given_words


def draw(place=COUNTY, **more):
    return trend(place, measure=RATE, words=given_words("年份"), **more)


def traces(chart):
    return {trace["name"]: trace for trace in chart.figure["data"]}


def labels(chart):
    return [" ".join(words(n["text"])) for n in chart.figure["layout"]["annotations"]]


def test_the_place_is_strong_and_its_context_thin():
    found = traces(full_trend(PAGE))
    place, parent, nation = (found[name]["line"] for name in ("镇安县", "陕西省", "全国农村"))
    assert place["color"] == ACCENT and place["dash"] == "solid"
    assert parent["color"] == nation["color"] == GREY
    assert parent["width"] <= place["width"] / 2
    assert (parent["dash"], nation["dash"]) == ("solid", "dash")


def test_the_place_is_drawn_over_its_context():
    assert full_trend(PAGE).figure["data"][-1]["name"] == "镇安县"


def test_first_and_last_values_are_written_and_every_line_is_named():
    found = labels(full_trend(PAGE))
    assert "32.2%" in found
    assert "镇安县 0%" in found
    assert "陕西省 0%" in found
    assert "全国农村 0.6%" in found
    assert "退出标准 2%" in found


def test_a_line_that_ends_early_is_named_where_it_ends():
    notes = draw(national=NATION).figure["layout"]["annotations"]
    assert next(n for n in notes if "全国" in n["text"])["x"] == 2019


def test_context_is_cut_to_the_years_of_the_place():
    chart = draw(Line("月河镇", YEARS[:3], [3, 2, 1]), parent=COUNTY, national=NATION)
    assert traces(chart)["镇安县"]["y"] == RATES[:3]
    assert chart.table[0] == ["年份", "月河镇", "镇安县", "全国农村"]
    assert chart.table[1] == [2014, 3.0, 32.2, 7.2]


def test_missing_years_are_gaps_and_a_lone_point_still_shows():
    line = Line("镇", [2014, 2015, 2017, 2019], [4, 3, 2, 1])
    trace = traces(draw(COUNTY, parent=line))["镇"]
    assert trace["y"][:6] == [4, 3, None, 2, None, 1]
    assert trace["connectgaps"] is False
    sizes = trace["marker"]["size"]
    assert sizes[0] == sizes[1] == 0
    assert sizes[3] > 0 and sizes[5] > 0


def test_every_point_of_the_place_has_a_mark_to_click_and_its_address():
    trace = traces(draw())["镇安县"]
    assert min(trace["marker"]["size"]) > 6
    assert trace["customdata"] == list(COUNTY.hrefs)
    assert trace["hovertext"][4] == "镇安县 2018<br>0.89%"


@pytest.mark.parametrize("count", range(1, 13))
@pytest.mark.parametrize("frame", [PHONE, PAGE])
def test_works_with_few_years_and_with_twelve(count, frame):
    place = Line("茅坪回族镇", YEARS[:count], RATES[:count])
    chart = draw(place, parent=COUNTY, target=(2, "退出标准"), frame=frame)
    screen = Screen(chart.figure, frame.width)
    assert screen.collisions() == [] and screen.outside() == []
    assert len(chart.table) == count + 1


@pytest.mark.parametrize("level", [0, 0.2, 5, 11.9, 32])
@pytest.mark.parametrize("apart", [0, 0.05, 1, 4])
def test_labels_never_meet_however_close_the_lines(level, apart):
    place = Line("云盖寺镇", YEARS, [level + rate / 4 for rate in RATES])
    parent = Line("镇安县", YEARS, [level + apart + rate / 4 for rate in RATES])
    for frame in (PHONE, PAGE):
        chart = draw(place, parent=parent, target=(level, "目标"), frame=frame)
        assert Screen(chart.figure, frame.width).collisions() == []


def test_a_label_that_moved_has_a_leader_to_its_line():
    place = Line("甲镇", YEARS[:2], [10, 5])
    notes = draw(place, parent=Line("县", YEARS[:2], [10, 5])).figure["layout"]["annotations"]
    moved = [note for note in notes if note["showarrow"]]
    assert len(moved) == 2
    assert all(note["arrowcolor"] != "rgba(0,0,0,0)" for note in moved)
    assert moved[0]["ay"] != moved[1]["ay"]


def test_the_axis_begins_at_zero_and_reaches_the_target():
    low, high = draw(Line("x", [2014, 2015], [3, 4]), target=(9, "目标")).figure["layout"]["yaxis"][
        "range"
    ]
    assert low == 0 and high >= 9


def test_counts_have_their_unit_over_the_axis():
    chart = trend(
        Line("镇安县", YEARS[:2], [120, 90]), measure=HOUSEHOLDS, words=given_words("年份")
    )
    assert "户" in labels(chart)
    assert chart.figure["layout"]["yaxis"]["ticktext"][-1] == "125"


def test_events_outside_the_years_are_left_out():
    chart = draw(events=[(2013, "建档立卡"), (2019, "退出贫困县")])
    assert "2019 退出贫困县" in labels(chart)
    assert not any("建档立卡" in label for label in labels(chart))


def test_events_make_the_chart_taller_not_flatter():
    plain, dated = draw(), draw(events=[(2019, "退出贫困县")])
    rows = dated.height - plain.height
    assert rows > PAGE.small
    margins = [chart.figure["layout"]["margin"]["t"] for chart in (plain, dated)]
    assert margins[1] - margins[0] == pytest.approx(rows, abs=1)


def test_a_place_without_years_is_an_error_and_one_without_values_is_not():
    with pytest.raises(ValueError, match="no years"):
        draw(Line("空", [], []))
    assert draw(Line("空", YEARS, [None] * 12), parent=COUNTY).table[1] == [2014, None, 32.2]


def test_a_name_with_markup_stays_text():
    chart = draw(Line("<a href='x'>村</a>", YEARS[:2], [2, 1]))
    texts = [n["text"] for n in chart.figure["layout"]["annotations"]]
    texts += chart.figure["data"][0]["hovertext"]
    assert not any("<a" in text for text in texts)


def x_of(year):
    return (year - 2014) * 25 + 30


def test_events_close_together_take_rows_of_their_own():
    placed, height = lay_events([(2015, "甲会议"), (2016, "乙会议"), (2020, "丙")], x_of, PHONE)
    assert [event.row for event in placed] == [0, 1, 0]
    assert height > 2 * PHONE.small


def test_an_event_near_the_edge_reads_leftwards():
    placed, _ = lay_events([(2025, "全面推进乡村振兴")], x_of, PHONE)
    assert placed[0].leftwards
    assert not lay_events([(2015, "全面推进")], x_of, PHONE)[0][0].leftwards


def test_no_events_need_no_room():
    assert lay_events([], x_of, PAGE) == ([], 0)
