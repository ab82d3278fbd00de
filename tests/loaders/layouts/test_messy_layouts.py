"""Sheets as counties draw them: where the header stands, what stands beside it, what is doubled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from loaders.accounts.audit import Audit
from loaders.cleaning import section
from loaders.layouts import matching
from loaders.layouts.matching import Match
from loaders.reading import sheets as readers
from loaders.regions.divisions import Divisions
from tests.loaders import sheets
from tests.loaders.sheets import HOUSEHOLD, LEDGER, PERSON, Rows, household, person

COUNTY = Divisions.load("611025")
INCOME = ["年度", "户编号", "家庭人口", "工资性收入", "生产经营性收入", "家庭纯收入", "人均纯收入"]


def income(number: int, **cells: object) -> list[object]:
    usual = ["2024", f"61102500{number:04d}", "3", "6000", "3000", "9000", "3000"]
    return list((dict(zip(INCOME, usual, strict=True)) | cells).values())


def cleaned(sheet: readers.Sheet) -> tuple[list[list[dict[str, Any]]], Audit, list[Match]]:
    """Rows of each section, the audit and the sections; every row is accounted for."""
    audit = Audit()
    found = matching.matches(sheet)
    rows = []
    for match in found:
        batches = section.clean(sheet, match, COUNTY, audit)
        rows.append([row for batch in batches for row in batch.rows.to_pylist()])
    for account, taken in zip(audit.sheets, rows, strict=True):
        assert account.rows == len(taken) + sum(account.quarantined.values())
    return rows, audit, found


def one(rows: Rows, **more: Any) -> tuple[list[dict[str, Any]], Audit, Match]:
    """The same for a sheet with one section."""
    (found,), audit, (match,) = cleaned(sheets.sheet(rows, **more))
    return found, audit, match


# Header rows

PARENTS = ["年度", "户编号", "家庭人口", "家庭收入", "", "家庭纯收入", "人均纯收入"]
CHILDREN = ["", "", "", "工资性收入", "生产经营性收入", "", ""]
MERGES = ((2, 3, 2, 4), *((2, c, 3, c) for c in (0, 1, 2, 5, 6)))


@pytest.mark.parametrize("merges", [MERGES, ()], ids=["merged", "not merged"])
def test_a_header_of_two_rows(merges: Any) -> None:
    rows, audit, match = one([["家庭收入表"], PARENTS, CHILDREN, income(1)], merges=merges)
    assert (rows[0]["wage_yuan"], rows[0]["business_yuan"]) == (6000, 3000)
    assert match.headers == tuple(INCOME)
    assert audit.sheets[0].aside == {"title_row": 1, "header_row": 2}


def test_the_reader_fills_vertical_merges_and_the_header_is_the_same() -> None:
    children = [child or parent for parent, child in zip(PARENTS, CHILDREN, strict=True)]
    children[4] = CHILDREN[4]
    rows, _, match = one([["表"], PARENTS, children, income(1)], merges=MERGES)
    assert rows[0]["business_yuan"] == 3000 and match.headers == tuple(INCOME)


def test_the_unit_over_two_columns_is_that_of_both_and_of_no_other() -> None:
    parents = [*PARENTS[:3], "家庭收入(万元)", *PARENTS[4:]]
    rows, _, match = one(
        [["表"], parents, CHILDREN, income(1, 工资性收入="0.6", 生产经营性收入="0.3")],
        merges=MERGES,
    )
    assert (rows[0]["wage_yuan"], rows[0]["business_yuan"]) == (6000, 3000)
    assert rows[0]["net_income_yuan"] == 9000
    assert match.headers[3:5] == ("工资性收入(万元)", "生产经营性收入(万元)")


def test_parent_and_child_are_read_together_before_the_child_alone() -> None:
    top = [*HOUSEHOLD, "致贫原因", "", "风险"]
    low = [*[""] * len(HOUSEHOLD), "1", "2", "1"]
    low[7:] = ["原因1", "原因2", "其他"]
    merges = ((1, 7, 1, 8),)
    _, _, match = one([top, low, [*household(1), "因病", "因残", "x"]], merges=merges)
    fields = {column.field: position for position, column in match.at.items()}
    assert "cause_2" not in fields  # 致贫原因原因2 is nobody's header
    top[7], low[7:9] = "致贫", ["原因1", "原因2"]
    rows, _, match = one([top, low, [*household(1), "因病", "因残", "x"]], merges=merges)
    assert (rows[0]["cause_1"], rows[0]["cause_2"]) == ("illness", "disability")


def test_a_unit_row_below_the_header_is_part_of_it() -> None:
    units = ["", "", "(人)", "(元)", "(元)", "(万元)", "(元)"]
    rows, _, _ = one([INCOME, units, income(1, 家庭纯收入="0.9")])
    assert (rows[0]["net_income_yuan"], rows[0]["wage_yuan"]) == (9000, 6000)


def test_a_header_of_three_rows() -> None:
    top = [*PARENTS[:3], "收支", "", "", ""]
    middle = ["", "", "", "收入", "", "家庭纯收入", "人均纯收入"]
    merges = ((1, 3, 1, 6), (2, 3, 2, 4))
    rows, audit, _ = one([top, middle, CHILDREN, income(1)], merges=merges)
    assert (rows[0]["wage_yuan"], rows[0]["net_income_yuan"]) == (6000, 9000)
    assert audit.sheets[0].aside == {"header_row": 3}


def test_the_first_record_is_never_taken_for_a_header() -> None:
    words = ["户编号甲", "镇安县", "永乐街道", "安山村", "赵某", "脱贫户", "三"]
    _, audit, match = one([HOUSEHOLD, words, household(1)])
    assert match.first_row == 2 and audit.sheets[0].rows == 2


def test_a_merged_header_cell_names_the_column_that_has_the_values() -> None:
    headers = [*HOUSEHOLD[:4], "户主姓名", "", *HOUSEHOLD[5:]]
    row = household(1)
    rows, _, _ = one([headers, [*row[:4], "", *row[4:]]], merges=((1, 4, 1, 5),))
    assert rows[0]["head_name"] == "赵某某"


# Lines around and between the records


def test_the_header_again_in_mid_sheet_is_no_row() -> None:
    titled = [["户信息"], HOUSEHOLD, household(1), ["户信息"], HOUSEHOLD, household(2)]
    rows, audit, _ = one(titled)
    assert [row["source_row"] for row in rows] == [3, 6]
    assert audit.sheets[0].aside == {"title_row": 2, "header_row": 1, "repeated_header": 1}


def test_a_two_row_header_again_is_no_row() -> None:
    page = [PARENTS, CHILDREN, income(1)]
    rows, audit, _ = one([*page, PARENTS, CHILDREN, income(2)], merges=((1, 3, 1, 4),))
    assert len(rows) == 2
    assert audit.sheets[0].aside == {"header_row": 2, "repeated_header": 2}


@pytest.mark.parametrize(
    "line",
    [
        ["合计", "", "", "", "", "", "6"],
        ["", "", "", "总　计", "", "", "6"],
        ["永乐街道小计", "", "", "", "", "", "6"],
        ["填表人:某", "", "", "审核人:某"],
        ["填报单位（盖章）"],
        ["", "", "", "", "", "2025年12月31日"],
        ["1", "2", "3", "4", "5", "6", "7"],
        ["甲", "乙", "1", "2", "3", "4", "5"],
    ],
)
def test_lines_that_are_no_records(line: list[object]) -> None:
    """Directly below the header, where any of them may stand."""
    rows, audit, _ = one([HOUSEHOLD, line, household(1)])
    assert len(rows) == 1 and audit.sheets[0].rows == 1
    assert sum(audit.sheets[0].aside.values()) == 2


@pytest.mark.parametrize(
    "cells", [{"户主姓名": "合计村"}, {"户编号": "说明"}, {"户编号": "王小计", "户主姓名": "王某"}]
)
def test_records_that_look_like_other_lines_are_records(cells: dict[str, object]) -> None:
    _, audit, _ = one([HOUSEHOLD, household(1), household(2, **cells)])
    assert audit.sheets[0].rows == 2


@pytest.mark.parametrize("at", [0, 2], ids=["head", "foot"])
def test_totals_at_head_or_foot_are_compared(at: int) -> None:
    body = [household(1), household(2)]
    body.insert(at, ["合计", "", "", "", "", "", "6"])
    _, audit, _ = one([HOUSEHOLD, *body])
    (total,) = audit.declared_totals().to_pylist()
    assert (total["row"], total["header"], total["declared"], total["added"]) == (
        2 + at,
        "家庭人口",
        6,
        6,
    )
    assert audit.sheets[0].checks[0]["agrees"]


def test_subtotals_of_townships_and_a_total_that_differs() -> None:
    def total(word: str, people: str) -> list[object]:
        return [word, "", "", "", "", "", people]

    rows = [
        household(1),
        household(2),
        total("永乐街道小计", "6"),
        household(3),
        total("小计", "4"),
        total("合计", "9"),
    ]
    _, audit, _ = one([HOUSEHOLD, *rows])
    found = [(t["row"], t["declared"], t["added"]) for t in audit.declared_totals().to_pylist()]
    assert found == [(4, 6, 6), (6, 4, 3), (7, 9, 9)]
    assert [check["agrees"] for check in audit.sheets[0].checks] == [True, False, True]


def test_blank_rows_and_columns_do_not_matter() -> None:
    rows, audit, _ = one([["表"], [], ["", *HOUSEHOLD], [], ["", *household(1)], [], []])
    assert [row["source_row"] for row in rows] == [5]
    assert audit.sheets[0].rows == 1


# More than one table


def test_two_tables_below_each_other() -> None:
    rows = [
        ["户信息"],
        HOUSEHOLD,
        household(1),
        household(2),
        [],
        ["人口名单"],
        PERSON,
        person(1, 1),
        ["填表人:某"],
    ]
    (homes, people), audit, found = cleaned(sheets.sheet(rows))
    assert [m.layout.key for m in found] == ["household_register", "person_list"]
    assert (len(homes), len(people)) == (2, 1)
    assert people[0]["source_row"] == 8
    assert found[1].title == "人口名单" and not audit.entries().num_rows


def test_two_tables_of_one_layout_with_columns_in_another_order() -> None:
    turned = HOUSEHOLD[::-1]
    rows = [HOUSEHOLD, household(1), [], turned, household(2)[::-1]]
    (first, second), _, _ = cleaned(sheets.sheet(rows))
    assert (first[0]["household_id"], second[0]["household_id"]) == (
        "611025000001",
        "611025000002",
    )


def test_two_tables_side_by_side() -> None:
    rows = [
        [*HOUSEHOLD, "", *PERSON],
        [*household(1), "", *person(1, 1)],
        [*household(2), "", *[""] * len(PERSON)],
        [*[""] * len(HOUSEHOLD), "", *person(1, 2)],
    ]
    (homes, people), audit, found = cleaned(sheets.sheet(rows))
    assert [m.layout.key for m in found] == ["household_register", "person_list"]
    assert (len(homes), len(people)) == (2, 2)
    assert [row["household_id"] for row in people] == ["611025000001", "611025000002"]
    assert not audit.entries().num_rows


def test_one_list_in_two_halves_side_by_side() -> None:
    rows = [[*HOUSEHOLD, "", *HOUSEHOLD], [*household(1), "", *household(2)]]
    (left, right), _, _ = cleaned(sheets.sheet(rows))
    assert [left[0]["household_id"], right[0]["household_id"]] == ["611025000001", "611025000002"]


def test_a_blank_column_within_a_table_parts_nothing() -> None:
    headers = [*HOUSEHOLD[:4], "", *HOUSEHOLD[4:]]
    row = household(1)
    rows, _, _ = one([headers, [*row[:4], "", *row[4:]]])
    assert rows[0]["head_name"] == "赵某某"


# Columns


def test_headers_reordered_spaced_broken_and_in_full_width() -> None:
    headers = ["户 编\n号", "县（市、区、旗）", "乡（镇）", "行政村　", "*户主", "户类型：", "人数"]
    order = [6, 3, 0, 5, 1, 4, 2]
    row = household(1)
    rows, _, match = one([[headers[i] for i in order], [row[i] for i in order]])
    assert rows[0]["household_id"] == "611025000001" and rows[0]["member_count"] == 3
    assert match.unknown == []


def test_extra_columns_and_missing_ones_are_named() -> None:
    _, audit, _ = one([[*HOUSEHOLD, "网格员"], [*household(1), "某"]])
    account = audit.sheets[0].as_dict()
    assert account["unknown_headers"] == ["网格员"]
    assert "识别时间" in account["missing_headers"] and "户编号" not in account["missing_headers"]


def test_of_two_equal_headers_the_first_that_converts_wins() -> None:
    headers = [*HOUSEHOLD, "识别时间", "识别时间", "识别时间"]
    row = [*household(1), "不详", "2014-03-01", "2015-03-01"]
    rows, audit, _ = one([headers, row])
    assert str(rows[0]["identified_on"]) == "2014-03-01"
    assert audit.sheets[0].as_dict()["doubled_headers"] == ["识别时间", "识别时间"]


def test_of_two_equal_headers_the_first_wins_where_neither_has_values() -> None:
    rows, audit, match = one([[*HOUSEHOLD, "识别时间", "识别时间"], [*household(1), "", ""]])
    assert rows[0]["identified_on"] is None
    assert match.at[7].field == "identified_on" and audit.sheets[0].match.doubled == ("识别时间",)


@pytest.mark.parametrize(
    ("header", "cell", "mu"),
    [("耕地面积", "3", 3), ("耕地面积(亩)", "3", 3), ("耕地面积(公顷)", "2", 30)],
)
def test_units_of_quantities(header: str, cell: str, mu: float) -> None:
    rows, _, _ = one([[*HOUSEHOLD, header], [*household(1), cell]])
    assert rows[0]["farmland_mu"] == mu


def test_a_header_with_the_unit_of_something_else_is_not_taken() -> None:
    _, _, match = one([[*HOUSEHOLD, "耕地面积(万元)"], [*household(1), "3"]])
    assert match.unknown == ["耕地面积(万元)"]


@pytest.mark.parametrize(
    "line", ["单位:万元", "（单位：万元）", "金额单位：万元", "单位：户、万元"]
)
def test_a_unit_line_is_that_of_the_amounts_without_their_own(line: str) -> None:
    rows, _, match = one([["收入表"], ["", "", line], INCOME, income(1, 家庭纯收入="0.9")])
    assert rows[0]["net_income_yuan"] == 9000
    assert match.headers[5] == "家庭纯收入(万元)"
    headers = [*INCOME[:5], "家庭纯收入(元)", INCOME[6]]
    rows, _, _ = one([["收入表"], [line], headers, income(1)])
    assert rows[0]["net_income_yuan"] == 9000


def test_what_an_unknown_sheet_lacks_is_said() -> None:
    made = sheets.sheet([["户信息"], HOUSEHOLD[1:], household(1)[1:]])
    assert matching.matches(made) == []
    found = matching.lacking(made)
    assert found is not None
    assert (found[0].key, found[1]) == ("household_register", ("户编号",))
    assert matching.lacking(sheets.sheet([["甲", "乙"], ["1", "2"]])) is None


# Through the reader


def test_a_real_workbook_with_merged_headers(tmp_path: Path) -> None:
    path = tmp_path / "收入.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("收入")
        page.merge_range(0, 0, 0, 6, "家庭收入表")
        page.merge_range(1, 3, 1, 4, "家庭收入(元)")
        for column in (0, 1, 2, 5, 6):
            page.merge_range(1, column, 2, column, PARENTS[column])
        page.write_row(2, 3, ["工资性收入", "生产经营性收入"])
        page.write_row(3, 0, income(1))
        page.write_row(4, 0, income(2))
    with readers.read(path, tmp_path) as reading:
        (rows,), audit, _ = cleaned(reading.sheets[0])
    assert [row["wage_yuan"] for row in rows] == [6000, 6000]
    assert audit.sheets[0].aside == {"title_row": 1, "header_row": 2}


def test_a_ledger_with_a_village_merged_over_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "永乐街道.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("大病残疾户")
        page.write_row(0, 0, LEDGER)
        page.merge_range(1, 0, 2, 0, "永乐街道")
        page.merge_range(1, 1, 2, 1, "安山村")
        for line in (1, 2):
            page.write_row(line, 2, [f"61102500000{line}", "赵某", "因病", "2021-03-01", ""])
    with readers.read(path, tmp_path) as reading:
        (rows,), _, _ = cleaned(reading.sheets[0])
    assert [row["village_code"] for row in rows] == ["611025001200"] * 2


# A county's own layouts


def test_a_county_adds_a_layout_in_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "key: own_register\nzh: 本县户表\ntable: household\ncolumns:\n"
        "  - {field: household_id, header: 家庭号, required: true}\n"
        "  - {place: village, header: 所属村, required: true}\n"
        "  - {field: member_count, header: 几口人, required: true}\n"
        "  - {field: registered, header: 类, required: true, values: {甲: true, 乙: false}}\n",
        "utf-8",
    )
    made = sheets.sheet(
        [["家庭号", "所属村", "几口人", "类"], ["611025000001", "安山村", "3", "甲"]]
    )
    assert matching.matches(made) == []
    (match,) = matching.matches(made, matching.load(tmp_path))
    (batch,) = section.clean(made, match, COUNTY, Audit())
    assert batch.rows["registered"].to_pylist() == [True]


def test_a_countys_own_layout_takes_the_place_of_that_of_its_key(tmp_path: Path) -> None:
    source = matching.load()[0]
    text = f"key: {source.key}\nzh: 自定\ntable: fund_item\ncolumns:\n"
    (tmp_path / "a.yaml").write_text(f"{text}  - {{field: place, header: 处, required: true}}\n")
    found = [layout for layout in matching.load(tmp_path) if layout.key == source.key]
    assert [layout.zh for layout in found] == ["自定"]
    assert len(matching.load(tmp_path)) == len(matching.load())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key: a\nzh: [", "a.yaml 第 2 行: 不是YAML格式"),
        ("key: a\nzh: 甲\ntable: 户\ncolumns: []", "a.yaml 第 3 行: 没有 户 这张表"),
        ("key: a\nzh: 甲\ntable: project\n", "a.yaml 第 1 行: 缺少 columns"),
        (
            "key: a\nzh: 甲\ntable: project\ncolumns:\n  - {field: name, header: 名}\n"
            "  - {feild: name, header: 名}",
            "a.yaml 第 6 行: 没有 feild 这个键",
        ),
        (
            "key: a\nzh: 甲\ntable: project\ncolumns:\n"
            "  - {field: nom, header: 名, required: true}",
            "a.yaml 第 5 行: project 表没有 nom 这一列",
        ),
        (
            "key: a\nzh: 甲\ntable: project\ncolumns:\n  - {field: name, header: 名}",
            "a.yaml 第 4 行: 至少一列要有 required",
        ),
    ],
)
def test_an_error_in_a_layout_names_file_line_and_what_to_do(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    with pytest.raises(matching.LayoutError) as raised:
        matching.load(tmp_path)
    assert str(raised.value).startswith(said)
