"""Charts of every kind over data as the county has it, in both languages and in awkward shapes."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

from charts.bars import Bar, ranked
from charts.beside import Pair, beside
from charts.compare import compare
from charts.dumbbell import Change, dumbbell
from charts.flow_bars import flows
from charts.forecast import Ahead, Known, Names, forecast
from charts.income_levels import Bin, Mark, levels
from charts.income_stack import income
from charts.lines import Line
from charts.multiples import multiples
from charts.number_format import Measure
from charts.pipeline import Stop, pipeline
from charts.state_bar import Segment, states
from charts.still_open import still_open
from charts.theme import Chart, Frame, Words
from charts.trend import trend
from charts.upset import Group, Intersection, overlap

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
YEARS = list(range(2014, 2026))
RATES = [32.2, 25.1, 19.6, 11.9, 0.89, 0.37, 0, 0, 0, 0, 0, 0]
RATE, RATE_EN = Measure("rate", "%"), Measure("rate", "%", "en")
HOUSEHOLDS, PEOPLE = Measure("count", "户"), Measure("count", "人")
PEOPLE_EN = Measure("count", "people", "en")


def _towns() -> list[str]:
    with (REFERENCE / "divisions" / "611025_towns_2023.csv").open(encoding="utf-8") as file:
        return [row["name"] for row in csv.DictReader(file)][:15]


def _nation() -> Line:
    path = REFERENCE / "series" / "national_rural_poverty.csv"
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["rate_pct"]]
    return Line("全国农村", [int(r["year"]) for r in rows], [float(r["rate_pct"]) for r in rows])


def links(place: str, years: list[int] = YEARS) -> list[str]:
    return [f"?place={place}&year={year}" for year in years]


TOWNS = _towns()
COUNTY = Line("镇安县", YEARS, RATES, links("611025"))
NATION = _nation()


def words(*columns: str, title: str = "标题", subtitle: str = "单位:%,截至2025年") -> Words:
    return Words(title, subtitle, columns, missing="无数据")


def town_lines(count: int = 15) -> list[Line]:
    dice = random.Random(611025)
    return [
        Line(name, YEARS, [round(rate * dice.uniform(0.5, 1.7), 2) for rate in RATES], links(name))
        for name in TOWNS[:count]
    ]


def full_trend(frame: Frame) -> Chart:
    return trend(
        COUNTY,
        measure=RATE,
        words=words("年份"),
        parent=Line("陕西省", YEARS, [rate * 0.6 for rate in RATES]),
        national=NATION,
        target=(2, "退出标准"),
        events=[(2019, "退出贫困县"), (2020, "全国消除绝对贫困"), (2015, "精准识别“回头看”")],
        frame=frame,
    )


def gappy_trend(frame: Frame) -> Chart:
    values = [*RATES[:3], None, 0.9, 0.4, None, None, 0, None, 0, None]
    place = Line("茅坪回族镇", YEARS, values, links("茅坪回族镇"))
    return trend(place, measure=RATE, words=words("年份"), parent=COUNTY, frame=frame)


def close_trend(frame: Frame) -> Chart:
    place = Line("云盖寺镇", YEARS, [rate + 8 for rate in RATES])
    county = Line("镇安县", YEARS, [rate + 7.6 for rate in RATES])
    target = (8.0, "目标")
    return trend(
        place, measure=RATE, words=words("年份"), parent=county, target=target, frame=frame
    )


def english_trend(frame: Frame) -> Chart:
    place = Line("Maoping Hui Township", [2024, 2025], [25300, 1800])
    county = Line("Zhen'an County", [2024, 2025], [21000, 1700])
    return trend(place, measure=PEOPLE_EN, words=words("Year"), parent=county, frame=frame)


def six_places(frame: Frame) -> Chart:
    return compare(town_lines(6), measure=RATE, words=words("年份"), frame=frame)


def small_multiples(frame: Frame) -> Chart:
    lines = town_lines()
    lines[3] = Line(lines[3].name, YEARS, [None] * 12)
    lines[7] = Line(lines[7].name, YEARS, [*lines[7].values[:4], None, *lines[7].values[5:]])
    return multiples(lines, COUNTY, measure=RATE, words=words("年份"), frame=frame)


OUT = Line("脱贫", YEARS, [0, 14211, 12500, 17320, 29402, 1260, 2051, None, 0, 0, 0, 0], links("o"))
FELL = Line("返贫", YEARS, [0, 0, 20, 31, 12, 4, 0, 0, 0, 0, 0, 0], links("f"))
NEW = Line("新识别", YEARS, [0, 60, 1204, 310, 44, 12, 0, 0, 0, 0, 0, 0], links("n"))


def both_ways(frame: Frame) -> Chart:
    return flows(OUT, [FELL, NEW], measure=PEOPLE, words=words("年份"), frame=frame)


def ranking(frame: Frame) -> Chart:
    dice = random.Random(7)
    bars = [Bar(name, round(dice.uniform(0.2, 9), 2), f"?place={name}") for name in TOWNS]
    bars[4], bars[6] = Bar(TOWNS[4], None), Bar(TOWNS[6], 0)
    return ranked(
        bars,
        measure=RATE,
        words=words("乡镇", "贫困发生率"),
        chosen=TOWNS[5],
        mean=(3.4, "全县"),
        frame=frame,
    )


def losses(frame: Frame) -> Chart:
    bars = [Bar("Maoping Hui Township", 12000), Bar("Yongle", -3000), Bar("Daren", 400)]
    yuan = Measure("count", "yuan", "en")
    return ranked(bars, measure=yuan, words=words("Place", "Yuan"), frame=frame)


CHANGES = [
    Change(f"{name}村", before, after, f"?village={name}")
    for name, before, after in zip(
        "青梅坪胜花园石瓮双河八一安",
        (32, 32, 50, 28, 34, 32, 44, 60, 59, 57, 53, 8, 7),
        (40, 14, 18, 30, 34, 17, 47, 42, 64, 39, 51, 4, 2),
        strict=True,
    )
]


def villages(frame: Frame) -> Chart:
    return dumbbell(
        CHANGES,
        years=("2023", "2025"),
        measure=HOUSEHOLDS,
        words=words("村", "2023", "2025", "变化"),
        headings=("变差", "改善", "持平"),
        frame=frame,
    )


LEDGER = [
    Segment("已销号", 812, "closed", "?state=closed"),
    Segment("办理中", 143, "open", "?state=open"),
    Segment("临期", 21, "due", "?state=due"),
    Segment("逾期", 9, "overdue", "?state=overdue"),
]


def ledger(frame: Frame) -> Chart:
    items = Measure("count", "件")
    return states(LEDGER, measure=items, words=words("状态", "件数", "占比"), frame=frame)


def quiet_ledger(frame: Frame) -> Chart:
    segments = [Segment(s.name, 4 if s.tone == "closed" else 0, s.tone) for s in LEDGER]
    items = Measure("count", "件")
    return states(segments, measure=items, words=words("状态", "件数", "占比"), frame=frame)


SOME = YEARS[:9]
PARTS = [
    Line("工资性", SOME, [0, 800, 2400, 3100, 4800, 6000, 7200, 7900, 8800], links("w", SOME)),
    Line("生产经营性", SOME, [1200, 1500, 1800, 1500, 2500, 3100, 2600, 3000, 2800]),
    Line("财产性", SOME, [0, 0, 0, 120, 200, 300, 300, 300, 300]),
    Line("转移性", SOME, [900, 1000, 1300, 1700, 1500, 1400, 1600, 1500, 1300]),
]
EXPENSE = Line("生产经营支出", SOME, [300, 400, 700, 600, 900, 1100, 900, 1000, 950])
NET = Line(
    "人均纯收入",
    SOME,
    [sum(part.values[i] or 0 for part in PARTS) - (EXPENSE.values[i] or 0) for i in range(9)],
)
THRESHOLD = Line(
    "贫困线", YEARS[:7], [2800, 2855, 2952, None, None, 3218, 4000], links("line", YEARS[:7])
)


def household(frame: Frame) -> Chart:
    yuan = Measure("count", "元")
    return income(PARTS, EXPENSE, NET, THRESHOLD, measure=yuan, words=words("年份"), frame=frame)


GROUPS = [
    Group("illness", "大病残疾户", 4137),
    Group("alone", "独居老人户", 764),
    Group("split", "“两头跑”搬迁户", 570),
    Group("drop", "收入下降户", 464),
    Group("border", "边缘户", 814),
    Group("early", "2014年和2015年脱贫户", 4747),
]
NAMES_EN = (
    "Major illness or disability",
    "Elderly living alone",
    "Relocated living in two places",
    "Income fell",
    "Borderline",
    "Exited in 2014 or 2015",
)
SETS = [
    Intersection(frozenset(keys.split()), count, f"?groups={keys}")
    for keys, count in {
        "early": 3900,
        "illness": 2900,
        "illness early": 800,
        "border": 610,
        "alone": 500,
        "split": 480,
        "drop": 310,
        "illness alone": 220,
        "illness border": 140,
        "split drop": 90,
        "drop border": 61,
        "illness alone early": 44,
        "illness drop": 33,
        "illness drop border early": 3,
    }.items()
]


def groups_upright(frame: Frame) -> Chart:
    return overlap(
        GROUPS, SETS, measure=HOUSEHOLDS, words=words("类别", "户"), horizontal=False, frame=frame
    )


def groups_lying(frame: Frame) -> Chart:
    return overlap(
        GROUPS, SETS, measure=HOUSEHOLDS, words=words("类别", "户"), horizontal=True, frame=frame
    )


def groups_english(frame: Frame) -> Chart:
    groups = [Group(g.key, name, g.total) for g, name in zip(GROUPS, NAMES_EN, strict=True)]
    homes = Measure("count", "households", "en")
    return overlap(
        groups, SETS, measure=homes, words=words("Groups", "Count"), horizontal=True, frame=frame
    )


def closing(frame: Frame) -> Chart:
    days, shares = [6, 7, 10, 13, 16, 22, 23], [85.7, 80.7, 75.3, 69.0, 62.7, 53.8, 44.8]
    return still_open(
        days, shares, 35, measure=Measure("count", "天"), share=RATE, words=words("天", "占比"),
        half=23, frame=frame,
    )  # fmt: skip


def none_closed(frame: Frame) -> Chart:
    return still_open([], [], 0, measure=Measure("count", "days", "en"), share=RATE_EN,
                      words=words("Days", "Share"), frame=frame)  # fmt: skip


STEPS = ("入库", "立项批复", "招标", "开工", "完工", "验收", "付清")


def project_steps(frame: Frame) -> Chart:
    counts = [(6, 6), (3, 3), (2, 0), (27, 9), (31, 28), (7, 6), (0, 0)]
    stops = [Stop(name, n, late) for name, (n, late) in zip(STEPS, counts, strict=True)]
    measure = Measure("count", "个项目")
    return pipeline(
        stops, "逾期", measure=measure, words=words("环节", "项目", "逾期"), frame=frame
    )


def work_and_payment(frame: Frame) -> Chart:
    pairs = [Pair("甲", 100, 95, False), Pair("乙", 40, 93, True), Pair("丙", 97, 12, True)]
    return beside(
        pairs, ("付得多干得少", "干得多付得少"), measure=RATE,
        words=words("项目名称", "工程进度", "支付比例"), frame=frame,
    )  # fmt: skip


def _on_the_way(
    values: list[float], target: float, ahead: Ahead | None, measure: Measure, frame: Frame
) -> Chart:
    first = 2026 - len(values)
    known = [
        Known(float(first + i), f"{first + i}年末", value, f"/ledgers?year={first + i}")
        for i, value in enumerate(values)
    ]
    return forecast(
        known,
        target,
        2026.0,
        ahead,
        Names("现在", "目标", "所需进度", "预测", "80%预测区间", "2026年末"),
        axis_words=[(float(year), str(year)) for year in range(first, 2027)],
        needed=True,
        measure=measure,
        words=words("时间", "数值", "下限", "上限"),
        frame=frame,
    )


def incomes_of_villages(frame: Frame) -> Chart:
    counts = [0, 3, 2, 3, 1, 1, 3, 2, 7, 5, 1, 3, 8, 0, 4, 6, 2, 2, 3, 2, 61]
    marks = [Mark(0, "有收入:156个村"), Mark(4e4, "超过4万元(村退出):139个村"),
             Mark(5e4, "5万元以上:137个村", True), Mark(1e5, "10万元以上:109个村")]  # fmt: skip
    return levels(
        2, [Bin(i * 1e4, count) for i, count in enumerate(counts)], marks, nothing="无",
        amount=Measure("count", "元"), counted=Measure("count", "个村"),
        words=words("集体收入", "村"), frame=frame,
    )  # fmt: skip


def one_village(frame: Frame) -> Chart:
    return levels(
        0, [Bin(0, 0), Bin(1e4, 1)], [], nothing="None", amount=Measure("count", "yuan", "en"),
        counted=Measure("count", "villages", "en"), words=words("Income", "Villages"), frame=frame,
    )  # fmt: skip


def on_pace(frame: Frame) -> Chart:
    return _on_the_way([55.1, 58.3, 60.3, 62.8, 66, 69.9], 75, Ahead(72.6, 71.2, 74), RATE, frame)


def falling_to_none(frame: Frame) -> Chart:
    return _on_the_way([420, 413, 358, 349], 0, Ahead(320, 250, 390), HOUSEHOLDS, frame)


def far_from_zero(frame: Frame) -> Chart:
    return _on_the_way(
        [9500, 13438], 14000, Ahead(14113, 13900, 14320), Measure("count", "元"), frame
    )


def one_value_on_its_way(frame: Frame) -> Chart:
    return _on_the_way([7.1], 3, None, RATE, frame)


SAMPLES: tuple[Callable[[Frame], Chart], ...] = (
    full_trend,
    gappy_trend,
    close_trend,
    english_trend,
    six_places,
    small_multiples,
    both_ways,
    ranking,
    losses,
    villages,
    ledger,
    quiet_ledger,
    household,
    groups_upright,
    groups_lying,
    groups_english,
    closing,
    none_closed,
    project_steps,
    work_and_payment,
    on_pace,
    falling_to_none,
    far_from_zero,
    one_value_on_its_way,
)
