"""Findings: the sentence that the numbers call for, in both languages, and no more."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts import headlines
from charts.dumbbell import Change
from charts.lines import Line
from charts.number_format import Measure
from charts.state_bar import Segment
from charts.upset import Intersection
from tests.charts.samples import COUNTY, FELL, LEDGER, NEW, OUT, RATES

ZH, EN = Measure("rate", "%"), Measure("rate", "%", "en")
HOMES, HOMES_EN = Measure("count", "户"), Measure("count", "households", "en")
YUAN, YUAN_EN = Measure("count", "元"), Measure("count", "yuan", "en")


def line(values: dict[int, float | None]) -> Line:
    return Line("镇安县", list(values), list(values.values()))


@pytest.mark.parametrize(
    ("values", "zh", "en"),
    [
        (
            dict(zip(range(2014, 2019), RATES, strict=False)),
            "2018年贫困发生率降至0.89%,比2014年下降31.3个百分点",
            "The poverty rate fell to 0.89 % in 2018, 31.3 points below 2014",
        ),
        (
            {2014: 1.2, 2020: 4.56},
            "2020年贫困发生率升至4.6%,比2014年上升3.4个百分点",
            "The poverty rate rose to 4.6 % in 2020, 3.4 points above 2014",
        ),
        (
            {2014: 2.0, 2016: 2.04},
            "2016年贫困发生率为2.0%,与2014年持平",
            "The poverty rate stood at 2.0 % in 2016, the same as in 2014",
        ),
        (
            {2014: 32.2, 2019: 0.37, 2020: 0, 2021: 0, 2022: 0},
            "2020年贫困发生率降至0,并保持至2022年;2014年为32.2%",
            "The poverty rate reached zero in 2020 and stayed there to 2022; in 2014 it was 32.2 %",
        ),
        (
            {2014: 32.2, 2019: 0.37, 2020: 0},
            "2020年贫困发生率降至0,2014年为32.2%",
            "The poverty rate fell to zero in 2020, from 32.2 % in 2014",
        ),
        (
            {2014: 32.2, 2020: 0, 2022: 0},
            "2022年贫困发生率降至0,2014年为32.2%",
            "The poverty rate fell to zero in 2022, from 32.2 % in 2014",
        ),
        (
            {2014: 32.2, 2019: 0, 2020: 0.4, 2021: 0, 2022: 0},
            "2021年贫困发生率降至0,并保持至2022年;2014年为32.2%",
            "The poverty rate reached zero in 2021 and stayed there to 2022; in 2014 it was 32.2 %",
        ),
        (
            {2020: 0, 2021: 0, 2022: 0},
            "2020年至2022年贫困发生率一直为0",
            "The poverty rate stayed at zero from 2020 to 2022",
        ),
        (
            {2020: 0, 2022: 0},
            "2020年和2022年贫困发生率均为0",
            "The poverty rate stood at zero in 2020 and in 2022",
        ),
        (
            {2020: 0, 2021: 0.5, 2022: 0},
            "2020年和2022年贫困发生率均为0",
            "The poverty rate stood at zero in 2020 and in 2022",
        ),
        (
            {2020: 0, 2021: 0, 2022: 0.4},
            "2022年贫困发生率升至0.4%,2020年为0",
            "The poverty rate rose to 0.4 % in 2022, from zero in 2020",
        ),
        (
            {2018: 0.89},
            "2018年贫困发生率为0.89%",
            "The poverty rate stood at 0.89 % in 2018",
        ),
        ({2018: 0}, "2018年贫困发生率为0", "The poverty rate stood at zero in 2018"),
        ({2018: None}, "贫困发生率暂无数据", "The poverty rate: no data yet"),
        ({}, "贫困发生率暂无数据", "The poverty rate: no data yet"),
        (
            {2014: None, 2015: 25.1, 2016: 19.6, 2017: None},
            "2016年贫困发生率降至19.6%,比2015年下降5.5个百分点",
            "The poverty rate fell to 19.6 % in 2016, 5.5 points below 2015",
        ),
    ],
)
def test_a_rate_over_the_years(values, zh, en):
    assert headlines.over_years("贫困发生率", line(values), ZH) == zh
    assert headlines.over_years("the poverty rate", line(values), EN) == en


@pytest.mark.parametrize(
    ("values", "zh", "en"),
    [
        (
            {2014: 79000, 2018: 2100},
            "2018年贫困人口减至2,100人,比2014年减少7.69万人",
            "People in poverty fell to 2,100 people in 2018, down 76,900 people from 2014",
        ),
        (
            {2021: 310, 2022: 355},
            "2022年贫困人口增至355人,比2021年增加45人",
            "People in poverty rose to 355 people in 2022, up 45 people from 2021",
        ),
        (
            {2021: 310, 2022: 310},
            "2022年贫困人口为310人,与2021年持平",
            "People in poverty stood at 310 people in 2022, the same as in 2021",
        ),
    ],
)
def test_counts_increase_and_decrease(values, zh, en):
    people, people_en = Measure("count", "人"), Measure("count", "people", "en")
    assert headlines.over_years("贫困人口", line(values), people) == zh
    assert headlines.over_years("people in poverty", line(values), people_en) == en


@pytest.mark.parametrize(
    ("values", "zh", "en"),
    [
        (
            {2019: 90, 2020: 120, 2021: 95, 2022: 120, 2023: 80},
            "监测户2020、2022年最高(120户),2023年为80户,比2022年下降40户",
            "Monitored was highest in 2020, 2022 (120 households); in 2023 it was 80 households,"
            " 40 households below 2022",
        ),
        (
            {2021: 366, 2022: 418, 2023: 413, 2024: 377, 2025: 349},
            "监测户2022年见顶(418户),连降3年至2025年的349户",
            "Monitored peaked in 2022 (418 households) and fell 3 years running to 349 households"
            " in 2025",
        ),
        (
            {2018: None, 2019: 46, 2020: 88, 2021: 329, 2022: 239, 2023: 194, 2024: 199},
            "监测户2021年最高(329户),2024年为199户,比2023年上升5户",
            "Monitored was highest in 2021 (329 households); in 2024 it was 199 households,"
            " 5 households above 2023",
        ),
        (
            {2019: 90, 2020: 30, 2021: 40, 2022: 50},
            "监测户2020年见底(30户),连升2年至2022年的50户",
            "Monitored was lowest in 2020 (30 households) and rose 2 years running to"
            " 50 households in 2022",
        ),
        (
            {2019: 40, 2020: 90, 2021: 30, 2022: 30},
            "监测户2020年最高(90户),2022年为30户,与2021年持平",
            "Monitored was highest in 2020 (90 households); in 2022 it was 30 households,"
            " the same as in 2021",
        ),
        (
            {2019: 40, 2020: 90, 2022: 30},
            "监测户2020年最高(90户),2022年为30户,比2020年下降60户",
            "Monitored was highest in 2020 (90 households); in 2022 it was 30 households,"
            " 60 households below 2020",
        ),
    ],
)
def test_a_peak_between_the_ends_is_spoken_of_with_what_came_since(values, zh, en):
    assert headlines.over_years("监测户", line(values), HOMES) == zh
    assert headlines.over_years("monitored", line(values), HOMES_EN) == en


@given(
    st.dictionaries(st.integers(2014, 2025), st.none() | st.integers(0, 999).map(float), min_size=1)
)
def test_no_sentence_speaks_of_a_year_without_a_value(values):
    text = headlines.over_years("监测户", line(values), HOMES)
    known = {year: value for year, value in values.items() if value is not None}
    named = {int(year) for year in re.findall(r"\d{4}(?=年)", text)}
    assert named <= known.keys()
    if not known:
        assert text == "监测户暂无数据"
        return
    first, last = min(known), max(known)
    assert last in named
    # A greatest value between the ends is never passed over, unless all ended at zero.
    most = max(known.values())
    if known[last] and most > max(known[first], known[last]):
        assert f"({most:.0f}户)" in text and "升至" not in text
    if any(known.values()):
        assert "一直为0" not in text


def test_a_year_asked_for_and_not_known_is_said():
    values = line({2014: 32.2, 2018: 0.89, 2019: None})
    assert headlines.over_years("贫困发生率", values, ZH, end=2019) == (
        "2018年贫困发生率降至0.89%,比2014年下降31.3个百分点;2019年暂无数据"
    )
    assert headlines.over_years("the poverty rate", values, EN, end=2019).endswith(
        "31.3 points below 2014; no data for 2019"
    )
    assert "暂无" not in headlines.over_years("贫困发生率", values, ZH, end=2018)


def test_the_county_as_it_is():
    assert headlines.over_years("贫困发生率", COUNTY, ZH) == (
        "2020年贫困发生率降至0,并保持至2025年;2014年为32.2%"
    )


@pytest.mark.parametrize(
    ("place", "parent", "zh", "en"),
    [
        (
            1.2,
            3.4,
            "月河镇贫困发生率为1.2%,比镇安县低2.2个百分点",
            "月河镇: poverty rate 1.2 %, 2.2 points below 镇安县",
        ),
        (
            3.4,
            1.2,
            "月河镇贫困发生率为3.4%,比镇安县高2.2个百分点",
            "月河镇: poverty rate 3.4 %, 2.2 points above 镇安县",
        ),
        (
            1.21,
            1.19,
            "月河镇贫困发生率为1.2%,与镇安县持平",
            "月河镇: poverty rate 1.2 %, as in 镇安县",
        ),
        (1.2, None, "月河镇贫困发生率为1.2%", "月河镇: poverty rate 1.2 %"),
        (None, 1.2, "月河镇贫困发生率暂无数据", "月河镇, poverty rate: no data yet"),
        (float("nan"), 1.2, "月河镇贫困发生率暂无数据", "月河镇, poverty rate: no data yet"),
    ],
)
def test_a_place_beside_its_county(place, parent, zh, en):
    here, whole = ("月河镇", place), ("镇安县", parent)
    assert headlines.against_parent("贫困发生率", here, whole, ZH) == zh
    assert headlines.against_parent("poverty rate", here, whole, EN) == en


def test_movements_add_up_each_way():
    people = Measure("count", "人")
    assert headlines.movements(OUT, [FELL, NEW], people) == (
        "2014年至2025年累计脱贫7.67万人,返贫67人,新识别1,630人"
    )
    assert headlines.movements(OUT, [Line("返贫", [2014], [0])], people).endswith("万人,无返贫")
    english = Measure("count", "people", "en")
    out, back = Line("left poverty", [2014, 2015], [5, 7]), Line("fell back", [2014, 2015], [0, 0])
    assert headlines.movements(out, [back], english) == (
        "2014 to 2015: left poverty 12 people, fell back none"
    )


def test_movements_of_nothing_known():
    assert headlines.movements(Line("脱贫", [2014], [None]), [], HOMES) == "脱贫暂无数据"
    back = Line("返贫", [2014], [None])
    assert headlines.movements(Line("脱贫", [2014], [3]), [back], HOMES) == ("2014年脱贫3户")


def changes(*steps):
    return [Change(f"村{i}", 10, 10 + step) for i, step in enumerate(steps)]


@pytest.mark.parametrize(
    ("steps", "zh", "en"),
    [
        (
            (-1, -2, 3, 0),
            "4个村中2个改善,1个变差,1个持平",
            "Of 4 villages, 2 improved, 1 worsened, 1 stayed the same",
        ),
        ((-1, 2), "2个村中1个改善,1个变差", "Of 2 villages, 1 improved, 1 worsened"),
        ((-1, -2), "2个村全部改善", "All 2 villages improved"),
        ((1, 2), "2个村全部变差", "All 2 villages worsened"),
        ((0, 0), "2个村全部持平", "All 2 villages stayed the same"),
        ((), "暂无村", "No villages yet"),
    ],
)
def test_how_many_improved(steps, zh, en):
    assert headlines.improvement(changes(*steps), "村", "zh") == zh
    assert headlines.improvement(changes(*steps), "villages", "en") == en


def test_improvement_knows_which_way_is_better():
    assert headlines.improvement(changes(1, 2), "村", "zh", better="up") == "2个村全部改善"


def states(closed=0, open=0, overdue=0):
    names = {
        "closed": ("已销号", "Closed"),
        "open": ("办理中", "Open"),
        "overdue": ("逾期", "Overdue"),
    }
    counts = {"closed": closed, "open": open, "overdue": overdue}
    return [[Segment(names[t][i], n, t) for t, n in counts.items()] for i in (0, 1)]


@pytest.mark.parametrize(
    ("counts", "zh", "en"),
    [
        (
            {"closed": 976, "overdue": 9},
            "985件中9件逾期,占0.91%",
            "9 of 985 items overdue (0.91 %)",
        ),
        ({"closed": 5, "open": 3}, "8件中无逾期", "8 items, none overdue"),
        ({"closed": 5}, "5件全部已销号", "5 items, all closed"),
        ({}, "暂无台账", "No ledger yet"),
        ({"overdue": 4}, "4件中4件逾期,占100.0%", "4 of 4 items overdue (100.0 %)"),
    ],
)
def test_a_ledger_says_what_is_overdue(counts, zh, en):
    chinese, english = states(**counts)
    assert headlines.ledger(chinese, "台账", Measure("count", "件")) == zh
    assert headlines.ledger(english, "ledger", Measure("count", "items", "en")) == en


def test_a_ledger_without_the_state_overdue_only_counts():
    text = headlines.ledger([LEDGER[1]], "台账", Measure("count", "件"))
    assert text == "台账143件"


@pytest.mark.parametrize(
    ("sets", "zh", "en"),
    [
        (
            {"a": 900, "ab": 90, "abc": 10},
            "1,000户中100户同属两类或更多,占10.0%",
            "100 of 1,000 households belong to more than one group (10.0 %)",
        ),
        ({"a": 9, "b": 1}, "10户都只属一类", "10 households, each in one group only"),
        ({}, "暂无重点人群", "No households at risk yet"),
    ],
)
def test_how_many_belong_to_several_groups(sets, zh, en):
    found = [Intersection(frozenset(keys), count) for keys, count in sets.items()]
    assert headlines.overlapping(found, "重点人群", HOMES) == zh
    assert headlines.overlapping(found, "households at risk", HOMES_EN) == en


@pytest.mark.parametrize(
    ("net", "level", "zh", "en"),
    [
        (
            10800,
            4000,
            "2020年人均纯收入10,800元,比贫困线4,000元高6,800元",
            "Net income in 2020: 10,800 yuan, 6,800 yuan above the line of 4,000 yuan",
        ),
        (
            3900,
            4000,
            "2020年人均纯收入3,900元,比贫困线4,000元低100元",
            "Net income in 2020: 3,900 yuan, 100 yuan below the line of 4,000 yuan",
        ),
        (
            4000,
            4000,
            "2020年人均纯收入4,000元,与贫困线相同",
            "Net income in 2020: 4,000 yuan, the same as the line",
        ),
        (
            4000,
            None,
            "2020年人均纯收入4,000元,贫困线暂缺",
            "Net income in 2020: 4,000 yuan; the line is not known",
        ),
        (None, 4000, "2020年人均纯收入暂无数据", "Net income: no data for 2020"),
    ],
)
def test_a_household_beside_the_line_of_the_year(net, level, zh, en):
    assert headlines.against_line("人均纯收入", 2020, net, ("贫困线", level), YUAN) == zh
    assert headlines.against_line("net income", 2020, net, ("the line", level), YUAN_EN) == en


def test_every_sentence_exists_in_both_languages_with_the_same_facts():
    for key, texts in headlines._WORDS.items():
        assert set(_fields(texts["zh"])) == set(_fields(texts["en"])), key


def _fields(text):
    return [part.split("}")[0] for part in text.split("{")[1:]]
