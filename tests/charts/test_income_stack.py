"""One household's income: parts above zero, expense below, the line of each year."""

import pytest

from charts.income_stack import EXPENSE as FILL
from charts.income_stack import PARTS as FILLS
from charts.income_stack import income
from charts.lines import Line
from charts.number_format import Measure
from charts.theme import ALERT, INK, PAGE, PHONE
from tests.charts.pixels import Screen, words
from tests.charts.samples import EXPENSE, NET, PARTS, SOME, THRESHOLD, household
from tests.charts.samples import words as given_words


def draw(parts=PARTS, expense=EXPENSE, net=NET, threshold=THRESHOLD, frame=PAGE):
    yuan = Measure("count", "元")
    return income(
        parts, expense, net, threshold, measure=yuan, words=given_words("年份"), frame=frame
    )


def traces():
    return {trace.get("name", "steps"): trace for trace in draw().figure["data"]}


def test_income_stacks_up_and_expense_goes_down():
    found = traces()
    assert found["工资性"]["y"][1] == 800 and found["工资性"]["y"][0] is None
    assert found["生产经营支出"]["y"] == [-value for value in EXPENSE.values]
    assert draw().figure["layout"]["barmode"] == "relative"
    assert found["工资性"]["marker"]["color"] == FILLS[0]
    assert found["生产经营支出"]["marker"]["color"] == FILL


def test_net_income_is_a_dash_at_its_height():
    net = traces()["人均纯收入"]
    assert net["y"] == list(NET.values)
    assert net["marker"]["symbol"] == "line-ew"


def test_the_line_is_a_step_a_year_and_stops_where_it_is_unknown():
    steps = traces()["steps"]
    assert steps["x"][:4] == [2013.5, 2014.5, 2014.5, 2015.5]
    assert steps["y"][:7] == [2800, 2800, 2855, 2855, 2952, 2952, None]
    assert steps["y"][-2:] == [None, None]


def test_net_income_under_the_line_of_its_year_is_marked():
    ticks = draw().figure["layout"]["xaxis"]["ticktext"]
    assert [words(tick)[1] for tick in ticks][:2] == ["1,800", "2,900"]
    assert [ALERT in tick for tick in ticks] == [True] + [False] * 8
    assert INK in ticks[1]


def test_a_year_without_a_line_is_never_called_poor():
    ticks = draw(threshold=Line("贫困线", [], [])).figure["layout"]["xaxis"]["ticktext"]
    assert not any(ALERT in tick for tick in ticks)


def labels(chart):
    return ["".join(words(n["text"])) for n in chart.figure["layout"]["annotations"]]


def test_every_part_is_named_at_the_right_and_an_old_line_with_its_year():
    found = labels(draw())
    assert found[:7] == [
        "■工资性",
        "■生产经营性",
        "■财产性",
        "■转移性",
        "■生产经营支出",
        "━人均纯收入",
        "┅贫困线 4,000元 (2020)",
    ]
    assert "元" in found


def test_a_line_that_holds_now_has_no_year():
    found = labels(draw(threshold=Line("监测线", SOME, [6000] * 9)))
    assert "┅监测线 6,000元" in found


@pytest.mark.parametrize("frame", [PHONE, PAGE])
@pytest.mark.parametrize("years", [1, 2, 5, 9])
def test_few_and_many_years_are_readable(years, frame):
    cut = [line.between(2014, 2013 + years) for line in (*PARTS, EXPENSE, NET, THRESHOLD)]
    chart = draw(cut[:4], *cut[4:], frame)
    screen = Screen(chart.figure, frame.width)
    assert screen.collisions() == [] and screen.outside() == []


def test_a_loss_reaches_below_zero():
    net = Line("人均纯收入", [2020], [-5000])
    parts, expense = [Line("经营性", [2020], [1000])], Line("支出", [2020], [6000])
    low, high = draw(parts, expense, net).figure["layout"]["yaxis"]["range"]
    assert low <= -6000 and high >= 1000


def test_years_with_nothing_known_are_gaps():
    parts = [Line("工资性", [2014, 2016], [100, 200])]
    none = Line("支出", [], [])
    chart = draw(parts, none, Line("纯收入", [2014, 2016], [100, 200]), none)
    assert chart.figure["data"][0]["y"] == [100, None, 200]
    assert words(chart.figure["layout"]["xaxis"]["ticktext"][1]) == ["2015", "—"]


def test_the_table_has_every_line():
    chart = household(PAGE)
    assert chart.table[0] == [
        "年份",
        "工资性",
        "生产经营性",
        "财产性",
        "转移性",
        "生产经营支出",
        "人均纯收入",
        "贫困线",
    ]
    assert chart.table[1] == [2014, 0, 1200, 0, 900, 300, 1800, 2800]


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="negative"):
        draw(expense=Line("支出", SOME, [-1] * 9))
    with pytest.raises(ValueError, match="5 parts"):
        draw([*PARTS, PARTS[0]])
    with pytest.raises(ValueError, match="0 years"):
        empty = Line("无", [], [])
        draw([empty], empty, empty)
