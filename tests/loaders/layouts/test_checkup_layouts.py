"""Verifications, inspections, screenings and the county's own figures, from rows to tables."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.loaders.assembly.test_assemble import assembled, balanced, column, reasons
from tests.loaders.sheets import HOUSEHOLD, Rows, cleaned, household

HOME = "611025000001"
NINE = ["行政村", "户编号", "核查内容", "核查日期", "核查人员", "核查结果", "情况说明"]
SIX = ["村", "户编码", "排查事项", "排查时间", "排查人", "排查结果", "存在问题", "整改完成时间"]
SIEVE = [
    "筛查编号",
    "乡镇",
    "行政村",
    "户编号",
    "责任单位",
    "筛查时间",
    "发现问题",
    "整改时限",
    "整改完成时间",
]
COUNTY = ["年度", "县", "农村居民人均可支配收入(元)", "全国农村居民人均可支配收入(元)"]


def test_one_line_a_household_and_item_of_the_nine() -> None:
    lines = [
        ["安山村", HOME, "家庭人口", "2025/3/9", "钱某", "属实", ""],
        ["安山村", HOME, "核健康状况", "", "", "未核", ""],
        ["安山村", HOME, "核健康状况", "", "", "一致", ""],
    ]
    tables, audit = assembled([HOUSEHOLD, household(1)], [NINE, *lines])
    assert column(tables, "nine_check.check_item") == ["population", "health"]
    assert column(tables, "nine_check.checked_on") == [dt.date(2025, 3, 9), None]
    assert column(tables, "nine_check.check_result") == ["agrees", "pending"]
    assert reasons(tables) == [("duplicate_key", 4)]
    assert balanced(audit)


def test_one_line_a_household_and_item_of_the_six() -> None:
    lines = [
        ["安山村", HOME, "饮水安全保障", "2025年6月1日", "钱某", "不达标", "缺水", "20250701"],
        ["安山村", HOME, "家庭收入", "", "", "", "", ""],
    ]
    tables, _ = assembled([HOUSEHOLD, household(1)], [SIX, *lines])
    assert column(tables, "inspection.inspection_item") == ["water", "income"]
    assert column(tables, "inspection.inspection_result") == ["unmet", None]
    assert column(tables, "inspection.mended_on") == [dt.date(2025, 7, 1), None]


def sieve(number: int, village: str = "安山村", home: str = "", finding: str = "") -> list[str]:
    start = [f"SZ{number}", "永乐街道", village, home]
    return [*start, "扶贫工作站", "2025-05-01", finding, ""]


def test_a_screening_of_a_village_keeps_the_village_it_names() -> None:
    rows: Rows = [SIEVE, sieve(1), sieve(2, "太平村", finding="边沟堵塞")]
    tables, audit = assembled([HOUSEHOLD, household(1)], ("通村道路", rows))
    assert column(tables, "sieve_result.sieve") == ["village_road"] * 2
    assert column(tables, "sieve_result.household_id") == [None, None]
    assert set(column(tables, "sieve_result.finding")) == {None, "边沟堵塞"}
    assert len(set(column(tables, "sieve_result.village_code"))) == 2
    assert balanced(audit)


def test_a_screening_of_a_household_is_about_a_registered_one_where_it_lives() -> None:
    rows: Rows = [SIEVE, sieve(1, "太平村", HOME), sieve(2, home="611025009999"), sieve(3, "")]
    tables, audit = assembled([HOUSEHOLD, household(1)], ("政策“一口清”", rows))
    assert column(tables, "sieve_result.sieve") == ["policy_knowledge"]
    assert column(tables, "sieve_result.village_code") == column(tables, "household.village_code")
    assert sorted(reasons(tables)) == [("missing", 4), ("unknown_household", 3)]
    assert balanced(audit)


@pytest.mark.parametrize("title", ["镇安县农村居民收入", "收入"])
def test_a_row_a_year_is_the_countys_whatever_the_title_says(title: str) -> None:
    batch, _ = cleaned([[title], COUNTY, ["2018", "镇安", "10085", "14617"]])
    assert batch.rows["region_code"].to_pylist() == ["611025"]
    assert batch.rows["national_rural_income_yuan"].to_pylist() == [14617]


def test_another_countys_income_is_refused() -> None:
    batch, audit = cleaned([COUNTY, ["2018", "旬阳县", "9000", "14617"]])
    assert batch.rows.num_rows == 0
    assert audit.sheets[0].quarantined == {"other_county": 1}
