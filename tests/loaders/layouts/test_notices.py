"""The three published notices, to the yuan, and a notice of the county's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loaders.accounts.audit import Audit
from loaders.cleaning.section import clean
from loaders.layouts import matching
from loaders.reading import sheets as readers
from loaders.reference import REFERENCE
from loaders.regions.divisions import Divisions
from tests.loaders import sheets

NOTICES = REFERENCE / "fund_tables"
TITLES = {
    "beita_2020": "北塔区2020年第一批中央财政扶贫专项资金安排表",
    "haidong_2018": "海东市市级财政扶贫专项资金分配表",
    "liling_2019": "2019年醴陵市本级财政专项扶贫资金分配表 (县级财政专项扶贫资金1200万元)",
}


def cells(name: str) -> list[list[str]]:
    lines = (NOTICES / f"{name}.txt").read_text("utf-8").splitlines()
    return [line.split("|") for line in lines if not line.startswith("#")]


def loaded(path: Path, audit: Audit) -> list[dict[str, Any]]:
    reading = readers.read(path)
    (sheet,) = reading.sheets
    (match,) = matching.matches(sheet)
    (batch,) = clean(sheet, match, Divisions.load("611025"), audit)
    return batch.rows.to_pylist()


@pytest.mark.parametrize("form", ["workbook", "text"])
@pytest.mark.parametrize(
    ("name", "wan", "rows", "totals"),
    [("beita_2020", 408, 16, 3), ("haidong_2018", 4_000, 6, 1), ("liling_2019", 1_200, 5, 0)],
)
def test_notices_load_to_the_yuan(
    tmp_path: Path, name: str, form: str, wan: int, rows: int, totals: int
) -> None:
    path = NOTICES / f"{name}.txt"
    if form == "workbook":
        path = sheets.workbook(tmp_path / f"{name}.xlsx", {"Sheet1": cells(name)})
    audit = Audit()
    found = loaded(path, audit)
    assert sum(row["amount_yuan"] for row in found) == wan * 10_000
    assert [row["sequence"] for row in found] == list(range(1, rows + 1))
    assert {row["notice"] for row in found} == {TITLES[name]}
    assert {row["region_code"] for row in found} == {""}
    account = audit.sheets[0]
    assert account.aside.get("total_row", 0) == len(account.checks) == totals
    assert all(check["agrees"] for check in account.checks)
    assert not account.quarantined


def test_what_stands_in_brackets_is_a_note(tmp_path: Path) -> None:
    found = loaded(NOTICES / "beita_2020.txt", Audit())
    noted = [(row["project"], row["amount_yuan"], row["note"]) for row in found if row["note"]]
    assert noted == [
        ("葡萄基地", 100_000.0, "其中,灾情因素6万元"),
        ("水果基地", 250_000.0, "其中,灾情因素6万元"),
    ]


def test_the_row_without_a_village_counts(tmp_path: Path) -> None:
    row = loaded(NOTICES / "beita_2020.txt", Audit())[-1]
    assert (row["place"], row["project"], row["amount_yuan"]) == (None, "小额信贷贴息", 120_000.0)


def test_a_total_that_does_not_add_up_is_reported_with_both_amounts(tmp_path: Path) -> None:
    rows = cells("beita_2020")
    rows[3][4] = "21"
    audit = Audit()
    loaded(sheets.workbook(tmp_path / "a.xlsx", {"Sheet1": rows}), audit)
    checks = audit.sheets[0].checks
    assert [check["agrees"] for check in checks] == [False, True, False]
    assert (checks[0]["declared"], checks[0]["added"]) == (1_600_000.0, 1_610_000.0)


def test_a_bracketed_note_joins_the_note_column() -> None:
    rows = [
        ["资金安排表"],
        ["村名", "资金金额", "备注"],
        ["安山村", "10(含配套)", "第一批"],
        ["b", "1", ""],
    ]
    batch, _ = sheets.cleaned(rows)
    assert batch.rows["note"].to_pylist() == ["第一批；含配套", None]


def test_a_notice_of_the_county_itself_is_placed() -> None:
    rows = [["镇安县财政衔接资金安排表"], ["建设地点", "资金金额"]]
    rows += [["太平村", "1"], ["柴坪镇", "2"], ["全县", "3"]]
    batch, _ = sheets.cleaned(rows)
    assert batch.rows["region_code"].to_pylist() == ["611025001007", "611025109", "611025"]


def test_a_notice_without_a_title_is_called_after_its_file() -> None:
    batch, _ = sheets.cleaned([["村名", "资金金额"], ["安山村", "1"]], file="第一批资金.xlsx")
    assert batch.rows["notice"].to_pylist() == ["第一批资金"]


def test_a_row_without_an_amount_is_kept_for_its_words() -> None:
    batch, _ = sheets.cleaned([["资金安排表"], ["村名", "资金金额"], ["安山村", "待定"]])
    (row,) = batch.rows.to_pylist()
    assert (row["place"], row["amount_yuan"]) == ("安山村", None)


NOTICE = ["序号", "建设地点", "项目名称", "资金金额(万元)"]


def amounts_of(rows: list[list[str]], **more: Any) -> tuple[list[float | None], Audit]:
    """Amounts in yuan of a notice under NOTICE, and the audit."""
    batch, audit = sheets.cleaned([["镇安县资金安排表"], NOTICE, *rows], **more)
    return batch.rows["amount_yuan"].to_pylist(), audit


def checked(audit: Audit) -> list[tuple[float | None, float, bool]]:
    return [(c["declared"], c["added"], c["agrees"]) for c in audit.sheets[0].checks]


def test_amounts_with_marks_and_units_are_read_to_the_yuan() -> None:
    written = [
        "¥52.345",
        "￥52.345",
        "52.345万",
        "523,450元",
        "52万3450元",
        "52.345",
        "¥52.345万元",
    ]
    found, audit = amounts_of([[str(i), "安山村", "路", cell] for i, cell in enumerate(written)])
    assert found == [523_450.0] * len(written)
    assert audit.mends()["before"].to_pylist() == ["523,450元", "52万3450元"]


def test_categories_without_amounts_are_no_records() -> None:
    rows = [
        ["一、产业发展", "", "", ""],
        ["1", "安山村", "养蜂", "10"],
        ["二", "", "基础设施", ""],
        ["(一)", "道路", "", ""],
        ["2", "太平村", "路", "20"],
    ]
    found, audit = amounts_of(rows)
    assert found == [100_000.0, 200_000.0]
    assert audit.sheets[0].aside["category_row"] == 3
    assert not audit.sheets[0].quarantined


def test_categories_with_amounts_are_compared_with_what_they_head() -> None:
    """Of each level; the total over all is not doubled by them."""
    rows = [
        ["合计", "", "", "70"],
        ["一", "", "产业", "30"],
        ["(一)", "", "养蜂", "10"],
        ["1", "安山村", "甲", "10"],
        ["(二)", "", "种茶", "20"],
        ["2", "太平村", "乙", "20"],
        ["二", "", "道路", "41"],
        ["3", "安山村", "丙", "40"],
    ]
    found, audit = amounts_of(rows)
    assert found == [100_000.0, 200_000.0, 400_000.0]
    assert checked(audit) == [
        (700_000.0, 700_000.0, True),
        (300_000.0, 300_000.0, True),
        (100_000.0, 100_000.0, True),
        (200_000.0, 200_000.0, True),
        (410_000.0, 400_000.0, False),
    ]


def test_a_category_over_records_numbered_below_it() -> None:
    rows = [
        ["一、产业", "", "", "30"],
        ["(一)", "安山村", "甲", "10"],
        ["(二)", "太平村", "乙", "20"],
    ]
    found, audit = amounts_of(rows)
    assert (found, checked(audit)) == ([100_000.0, 200_000.0], [(300_000.0, 300_000.0, True)])


def test_a_category_over_records_without_numbers_is_known_by_its_sum() -> None:
    rows = [["一", "", "产业", "30"], ["", "安山村", "甲", "10"], ["", "太平村", "乙", "20"]]
    found, audit = amounts_of(rows)
    assert (found, checked(audit)) == ([100_000.0, 200_000.0], [(300_000.0, 300_000.0, True)])


@pytest.mark.parametrize("second", ["", "二"])
def test_records_that_are_numbered_like_categories_stay_records(second: str) -> None:
    """Also one whose number stands for the rows below it too."""
    rows = [["一", "安山村", "甲", "30"], [second, "太平村", "乙", "20"]]
    found, audit = amounts_of(rows)
    assert (found, checked(audit)) == ([300_000.0, 200_000.0], [])


def test_a_subtotal_below_a_category_adds_up_its_rows() -> None:
    rows = [
        ["一", "产业", "", ""],
        ["1", "安山村", "甲", "10"],
        ["小计", "", "", "10"],
        ["二", "", "道路", "20"],
        ["2", "太平村", "乙", "20"],
        ["小计", "", "", "20"],
    ]
    found, audit = amounts_of(rows)
    assert found == [100_000.0, 200_000.0]
    assert all(agrees for *_, agrees in checked(audit)) and len(checked(audit)) == 3


# Totals in words


@pytest.mark.parametrize(
    ("title", "declared"),
    [
        ("镇安县资金安排表(合计金额30万元)", 300_000.0),
        ("镇安县2025年第二批资金安排表 合计:30万元", 300_000.0),
        ("镇安县资金安排表,共安排资金300,000元", 300_000.0),
        ("镇安县资金安排表(总投资30万元,其中中央10万元)", 300_000.0),
        ("镇安县资金安排表 合计金额 30", 300_000.0),
        ("镇安县资金安排表 合计金额 1,234.5万元", 12_345_000.0),
    ],
)
def test_a_total_in_the_title_is_compared_like_one_in_a_row(title: str, declared: float) -> None:
    rows = [[title], NOTICE, ["1", "安山村", "甲", "10"], ["2", "太平村", "乙", "20"]]
    _, audit = sheets.cleaned(rows)
    (check,) = audit.sheets[0].checks
    assert (check["row"], check["declared"], check["added"]) == (1, declared, 300_000.0)
    assert check["agrees"] is (declared == 300_000.0)
    (listed,) = audit.declared_totals().to_pylist()
    assert (listed["declared"], listed["added"]) == (declared, 300_000.0)


@pytest.mark.parametrize(
    "title",
    [
        "镇安县2025年第2批资金安排表",
        "中共镇安县委关于100万元以下项目的资金安排表",
        "镇安县资金安排表(中央资金20万元)",
        "镇安县公共服务3项资金安排表",
        "镇安县资金安排表 共2页",
    ],
)
def test_a_title_without_a_total_has_none(title: str) -> None:
    rows = [[title], NOTICE, ["1", "安山村", "甲", "10"]]
    _, audit = sheets.cleaned(rows)
    assert not audit.sheets[0].checks


def test_a_total_in_a_line_of_one_cell_is_compared_too() -> None:
    found, audit = amounts_of([["1", "安山村", "甲", "10"], ["合计:11万元", "", "", ""]])
    assert (found, checked(audit)) == ([100_000.0], [(110_000.0, 100_000.0, False)])


def test_a_title_says_people_and_not_the_amount_of_another_column() -> None:
    """Of the units that it names, only those that the sheet adds up; each by its own."""
    rows = [["户信息 共120户5人,耕地合计9亩"], [*sheets.HOUSEHOLD, "耕地面积(亩)", "林地面积(亩)"]]
    rows += [[*map(str, sheets.household(n)), "4", "7"] for n in (1, 2)]
    _, audit = sheets.cleaned(rows)
    found = [(c["column"], c["declared"], c["added"]) for c in audit.sheets[0].checks]
    assert found == [("家庭人口", 5.0, 6.0), ("耕地面积(亩)", 9.0, 8.0)]
