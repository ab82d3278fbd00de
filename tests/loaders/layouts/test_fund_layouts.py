"""Books of funds: units wherever they stand, places of any level, amounts exact to the fen; and two
notices of forms that no layout of the program knows, which a layout file alone lets in."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from loaders.accounts.audit import Audit
from loaders.cells import amounts
from loaders.cleaning.section import clean
from loaders.layouts import declarations, matching
from loaders.layouts.declarations import read
from loaders.reading import sheets as readers
from loaders.regions.divisions import Divisions
from store.schema import BY_NAME, MONEY
from tests.loaders import sheets

D = Decimal
LINE = ["指标编号", "资金编号", "资金年度", "乡镇", "行政村", "账类", "下达日期"]
ROW = ["L1", "F1", "2025", "永乐街道", "安山村", "项目建设", "2025-03-01"]


def lines(header: str, cell: str, *above: list[str]) -> list[Decimal]:
    batch, _ = sheets.cleaned([["镇安县资金下达明细表"], *above, [*LINE, header], [*ROW, cell]])
    assert batch.table == "allotment"
    return batch.rows["amount_yuan"].to_pylist()


@pytest.mark.parametrize(
    ("header", "cell", "above", "yuan"),
    [
        ("下达金额(万元)", "12.345678", [], "123456.78"),
        ("下达金额(元)", "12.35", [], "12.35"),
        ("下达金额", "12", [], "120000.00"),  # the layout says 10,000 yuan
        ("下达金额", "12", [["单位:元"]], "12.00"),
        ("下达金额", "0.1", [["", "", "", "单位:万元"]], "1000.00"),
        ("下达金额(元)", "3.5万元", [], "35000.00"),
        ("下达金额(万元)", "0.29", [], "2900.00"),
        ("下达金额(万元)", "1,234.567891", [], "12345678.91"),
        ("下达金额(亿元)", "5.9", [], "590000000.00"),
    ],
)
def test_a_unit_in_a_header_a_line_above_or_a_cell(
    header: str, cell: str, above: list[list[str]], yuan: str
) -> None:
    assert lines(header, cell, *above) == [D(yuan)]


def test_a_unit_in_the_title_counts_too() -> None:
    title = ["镇安县资金下达明细表(单位:元)"]
    batch, _ = sheets.cleaned([title, [*LINE, "下达金额"], [*ROW, "7"]])
    assert batch.rows["amount_yuan"].to_pylist() == [D("7.00")]


def test_an_amount_that_no_binary_fraction_holds_stays_exact() -> None:
    """0.1 + 0.2, three times over: floats would be off."""
    rows = [[f"L{n}", *ROW[1:], cell] for n, cell in enumerate(["0.1", "0.2", "0.3"])]
    batch, audit = sheets.cleaned(
        [["镇安县资金下达明细表"], [*LINE, "下达金额(元)"], *rows, ["合计", *[""] * 6, "0.6"]]
    )
    assert batch.rows["amount_yuan"].type == MONEY
    assert sum(batch.rows["amount_yuan"].to_pylist(), D()) == D("0.60")
    assert [check["agrees"] for check in audit.sheets[0].checks] == [True]


def test_what_is_finer_than_a_fen_is_rounded_and_told() -> None:
    assert amounts.money("33.3333333", 10_000, "yuan") == (D("333333.33"), "rounded_to_fen")
    assert amounts.money("33.333333", 10_000, "yuan") == (D("333333.33"), None)
    assert amounts.money("-", 10_000, "yuan") == (None, None)
    assert amounts.money("待定", 10_000, "yuan") == (None, "unreadable")


@pytest.mark.parametrize(
    ("township", "village", "code"),
    [
        ("永乐街道", "安山村", "611025001003"),
        ("柴坪镇", "", "611025109"),
        ("县本级", "", "611025"),
        ("", "", "611025"),
        ("镇安县", "", "611025"),
    ],
)
def test_money_goes_to_a_place_of_any_level(township: str, village: str, code: str) -> None:
    row = [*ROW[:3], township, village, *ROW[5:], "1"]
    batch, _ = sheets.cleaned([["镇安县资金下达明细表"], [*LINE, "下达金额"], row])
    found = batch.rows["region_code"].to_pylist()
    assert found[0].startswith(code[:9]) and len(found[0]) == len(code)


def test_a_line_of_an_unknown_township_is_refused() -> None:
    row = [*ROW[:3], "无此镇", "", *ROW[5:], "1"]
    batch, audit = sheets.cleaned([["镇安县资金下达明细表"], [*LINE, "下达金额"], row])
    assert not batch.rows.num_rows and audit.sheets[0].quarantined == {"unknown_township": 1}


def test_every_amount_of_the_books_is_a_decimal() -> None:
    names = ("fund_source", "allotment", "payment", "fund_receipt", "fund_book", "fund_item")
    for name in names:
        money = [c for c in BY_NAME[name].columns if c.unit == "yuan"]
        assert money and all(c.type == MONEY for c in money), name
        assert BY_NAME[name].arrives is not None
    assert pa.types.is_decimal(MONEY)


# Two notices of the forms that counties publish, of which no layout of the program is known: the
# names and amounts are invented.

_PLAN = [
    ["2023年度县级财政衔接资金项目计划表", "", "", "", "", ""],
    ["", "", "", "", "", "金额单位:万元"],
    ["项目序号", "项目全称", "落地地点", "建设任务", "计划资金规模", "主管部门"],
    ["1", "茶园提升", "甲村", "改造200亩", "35.5", "农业农村局"],
    ["2", "产业路", "乙村", "硬化1.2公里", "64.25(含前期费1.5万元)", "交通运输局"],
    ["合计", "", "", "", "99.75", ""],
]
_SHARES = [
    ["某市2022年第三批衔接资金分解下达表"],
    ["(单位:元)"],
    ["县(市、区)", "本次下达合计", "说明事项"],
    ["东区", "1,200,000.50", ""],
    ["西区", "800,000.25", "含结转"],
    ["总计", "2,000,000.75", ""],
]
_LAYOUTS = {
    "plan": """
key: project_plan
zh: 项目计划表
table: fund_item
title_as: notice
number_rows: sequence
check_total: amount_yuan
units: {wan: [amount_yuan]}
columns:
  - {ignore: true, header: 项目序号}
  - {field: project, header: 项目全称, required: true}
  - {field: place, header: 落地地点, required: true}
  - {field: content, header: 建设任务}
  - {field: amount_yuan, header: 计划资金规模, required: true, note_to: note}
  - {ignore: true, header: 主管部门}
""",
    "shares": """
key: fund_shares
zh: 分解下达表
table: fund_item
title_as: notice
number_rows: sequence
check_total: amount_yuan
columns:
  - {field: place, header: "县(市、区)", required: true}
  - {field: amount_yuan, header: 本次下达合计, required: true}
  - {field: note, header: 说明事项}
""",
}


@pytest.mark.parametrize(
    ("form", "rows", "yuan", "count"),
    [("plan", _PLAN, "997500", 2), ("shares", _SHARES, "2000000.75", 2)],
)
def test_a_notice_of_another_form_loads_by_a_layout_file_alone(
    tmp_path: Path, form: str, rows: list[list[str]], yuan: str, count: int
) -> None:
    path = sheets.workbook(tmp_path / f"{form}.xlsx", {"Sheet1": rows})
    (sheet,) = readers.read(path).sheets
    assert not list(matching.matches(sheet))  # held out: the program alone does not know it
    folder = tmp_path / "layouts"
    folder.mkdir()
    (folder / f"{form}.yaml").write_text(_LAYOUTS[form], "utf-8")
    assert read(folder / f"{form}.yaml").table == "fund_item"
    audit = Audit()
    (match,) = matching.matches(sheet, declarations.load(folder))
    (batch,) = clean(sheet, match, Divisions.load("611025"), audit)
    found = batch.rows.to_pylist()
    assert len(found) == count
    assert sum((row["amount_yuan"] for row in found), D()) == D(yuan)
    assert all(check["agrees"] for check in audit.sheets[0].checks) and audit.sheets[0].checks
    assert {row["notice"] for row in found} == {rows[0][0]}
