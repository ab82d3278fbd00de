"""Pieces of pages over the small county: numbers, lights, changes, values in words, the export."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from metrics import lists
from metrics.county import County
from metrics.cube import Cell
from metrics.national import national_series
from tests import viewers
from tests.small_county import EAST, HILL
from views.context import address, possible, sitemap
from views.context.stage import Stage
from views.parts import pieces
from views.parts.column_words import say, unit_of
from views.parts.workbook import households_workbook


def _stage(small: County, /, on: str = "ledgers", **query: str) -> Stage:
    viewer = viewers.role("county_leader")
    spec = sitemap.BY_KEY[on]
    bounds = possible.bounds(small, viewer, spec)
    view, fallen = address.parse(query, bounds)
    return Stage(spec, bounds, view, tuple(fallen), county=small, viewer=viewer)


@pytest.mark.parametrize(
    ("column", "value", "zh", "en"),
    [
        ("village_code", HILL, "高坡", "高坡"),
        ("health", "major_illness", "大病", "Major illness"),
        ("ledger_state", "overdue", "逾期", "Overdue"),
        ("housing_unsafe", True, "有问题", "Problem"),
        ("housing_unsafe", False, "有保障", "Safe"),
        ("registered", True, "是", "Yes"),
        ("birth_date", date(1950, 1, 2), "1950-**-**", "1950-**-**"),
        ("birth_date", "1950-**-**", "1950-**-**", "1950-**-**"),
        ("opened_on", date(1950, 1, 2), "1950-01-02", "1950-01-02"),
        ("per_capita_net_income_yuan", 12345.6, "12,346元", "12,346 yuan"),
        ("income_change_percent", -22.22, "−22.2%", "−22.2 %"),
        ("member_count", 4, "4人", "4 people"),
        ("cause_1", None, "—", "—"),
        ("village_group", "三组", "三组", "三组"),
    ],
)
def test_values_in_words(small: County, column: str, value: Any, zh: str, en: str) -> None:
    assert say(_stage(small), column, value) == zh
    assert say(_stage(small, lang="en"), column, value) == en


def test_units_come_from_the_schema_or_the_facts() -> None:
    assert unit_of("floor_area_m2") == "m2"
    assert unit_of("income_change_percent") == "percent"
    assert unit_of("head_name") is None


def test_unknown_zero_and_a_number_look_different(small: County) -> None:
    stage = _stage(small)
    unknown = pieces.number(stage, None, "households", "/ledgers")
    zero = pieces.number(stage, 0, "households", "/ledgers")
    some = pieces.number(stage, 1234, "households", "/ledgers")
    assert 'class="missing"' in unknown and "—" in unknown
    assert 'class="muted"' in zero and "href" not in zero
    assert 'href="/ledgers"' in some and "1,234" in some


@pytest.mark.parametrize(
    ("key", "before", "now", "tone", "says"),
    [
        ("poverty_rate", 3.0, 1.0, "better", "▼ 2.0个百分点"),
        ("poverty_rate", 1.0, 3.0, "worse", "▲ 2.0个百分点"),
        ("per_capita_income", 100.0, 90.0, "worse", "▼ 10元"),
        ("registered_households", 10.0, 12.0, "same", "▲ 2户"),
        ("poverty_rate", 1.0, 1.0, "same", "持平"),
    ],
)
def test_a_change_says_its_direction_and_whether_it_is_good(
    small: County, key: str, before: float, now: float, tone: str, says: str
) -> None:
    html = pieces.change(
        _stage(small),
        small.indicators[key],
        Cell(now, now, None, 0),
        Cell(before, before, None, 0),
        2024,
    )
    assert f'class="change {tone}"' in html and says in html


def test_no_earlier_year_is_said(small: County) -> None:
    cell = Cell(1.0, 1.0, None, 0)
    html = pieces.change(_stage(small), small.indicators["poor_people"], cell, None, 2022)
    assert "无上年数" in html


def test_a_light_is_a_word_and_a_shape(small: County) -> None:
    stage, rate = _stage(small), small.indicators["poverty_rate"]
    assert "light good" in (met := pieces.light(stage, rate, 2.9) or "") and "达标" in met
    assert "目标&lt;3%" in met
    assert "light bad" in (missed := pieces.light(stage, rate, 3.0) or "") and "未达标" in missed
    assert pieces.light(stage, rate, None) is None
    assert pieces.light(stage, small.indicators["poor_people"], 3.0) is None


def test_a_table_has_heads_for_rows_and_columns() -> None:
    html = pieces.table(["a", "b"], [["<x>", pieces.Td("1", "heat-2")]], numeric=[1])
    assert '<th scope="col">a</th>' in html
    assert '<th scope="row">&lt;x&gt;</th>' in html
    assert '<td class="num heat-2">1</td>' in html


def test_links_keep_place_year_and_language_and_drop_the_rest(small: County) -> None:
    stage = _stage(small, region=EAST, year="2024", lang="en", q="H0", page="2")
    assert stage.href("map") == f"/map?region={EAST}&year=2024&lang=en"
    assert stage.href("ledgers", group="borderline") == (
        f"/ledgers?region={EAST}&year=2024&group=borderline&q=H0&lang=en"
    )
    assert stage.behind("population") == ""
    assert stage.behind("poor_people", HILL, 2023) == (
        f"/ledgers?region={HILL}&year=2023&indicator=poor_people&lang=en"
    )


def test_the_export_holds_the_filtered_rows_masked_with_amounts_as_numbers(small: County) -> None:
    stage = _stage(small, region=EAST, group="major_illness_disability")
    rows = lists.all_households(
        stage.reader, stage.households(), small.rules, "-per_capita_net_income_yuan"
    )
    book = households_workbook(stage, rows, "筛选", "李四 · 12:ab")
    sheet = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    head, body = sheet[3], sheet[4:]
    assert "模拟数据" in sheet[0][0] and "筛选" in sheet[1][0] and "2025-12-31" in sheet[2][0]
    assert [row[0] for row in body] == ["H03", "H04"]
    income = head.index("人均纯收入(元)")
    assert [row[income] for row in body] == [7200.0, 5600.0]
    assert body[0][head.index("户主")] == "王*五"
    assert body[0][head.index("村")] == "溪口村委会", "a document has the official name"
    assert "大病残疾户" in body[0][-1] and "2014年和2015年脱贫户" in body[0][-1]


def test_a_list_refuses_a_column_it_does_not_show(small: County) -> None:
    stage = SimpleNamespace(reader=small.reader(viewers.role("county_leader").scope))
    wanted = _stage(small).households()
    with pytest.raises(ValueError, match="no column"):
        lists.page_of_households(stage.reader, wanted, small.rules, "phone; DROP", 1)


def test_the_national_series_has_the_published_years() -> None:
    rates = national_series("rate_pct")
    assert rates[2018] == 1.7 and 2020 not in rates
    with pytest.raises(KeyError):
        national_series("luck")
