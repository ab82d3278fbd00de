"""Rows that were refused and come back mended: they stand where they came from."""

from __future__ import annotations

from typing import Any

from loaders.accounts.audit import Audit
from loaders.cleaning.section import Batch
from loaders.layouts import matching
from loaders.layouts.headers import CONTEXT, ORIGIN, REASON
from tests.loaders import sheets
from tests.loaders.sheets import HOUSEHOLD, LEDGER, Rows, cleaned, household, identity

HEADERS = [*HOUSEHOLD, REASON, *ORIGIN]
CAME_FROM = ["已改", "户信息.xlsx", "表一", "17"]
RAGGED = "列数与表头不符。逐列核对"


def amended(*rows: list[object], headers: list[str] = HEADERS) -> tuple[Batch, Audit]:
    return cleaned([headers, *rows], file="隔离.xlsx", name="户信息")


def refused(audit: Audit) -> list[tuple[Any, ...]]:
    keys = ("file", "sheet", "row", "header", "reason")
    return [tuple(entry[key] for key in keys) for entry in audit.entries().to_pylist()]


def test_rows_say_where_they_came_from() -> None:
    batch, audit = amended([*household(1), *CAME_FROM])
    (row,) = batch.rows.to_pylist()
    assert (row["source_file"], row["_origin_sheet"], row["source_row"]) == (
        "户信息.xlsx",
        "表一",
        17,
    )
    assert row["_line"] == 2
    assert audit.sheets[0].amends and audit.sheets[0].as_dict()["unknown_headers"] == []


def test_refusals_and_mends_stand_where_the_rows_came_from() -> None:
    rows = [
        [*household(1, 行政村="无此村"), *CAME_FROM],
        [*household(2, 家庭人口="３"), *CAME_FROM],
    ]
    _, audit = amended(*rows)
    assert refused(audit) == [("户信息.xlsx", "表一", 17, "行政村", "unknown_village")]
    assert audit.refused_rows(0) == {2: "611025001"}, "its township is known"
    (mend,) = audit.mends().to_pylist()
    assert (mend["file"], mend["sheet"], mend["row"]) == ("户信息.xlsx", "表一", 17)


def test_rows_refused_later_stand_there_too() -> None:
    batch, audit = amended([*household(1), *CAME_FROM])
    audit.quarantine_table(batch.rows, "duplicate_key", "household_id")
    assert refused(audit) == [("户信息.xlsx", "表一", 17, "户编号", "duplicate_key")]
    assert audit.refused_rows(0) == {2: "611025001200"}


def test_a_row_that_does_not_say_where_it_came_from_is_this_sheets_own() -> None:
    for came_from in (["", "", "", ""], ["", "户信息.xlsx", "表一", "?"]):
        (row,) = amended([*household(1), *came_from])[0].rows.to_pylist()
        assert (row["source_file"], row["_origin_sheet"], row["source_row"]) == (
            "隔离.xlsx",
            "户信息",
            2,
        )


def test_a_file_name_with_a_number_in_it_is_masked() -> None:
    batch, audit = amended([*household(1), "", f"{identity()}.xlsx", "表一", "17"])
    assert identity() not in str(batch.rows.to_pylist()) + str(audit.sheets[0].as_dict())


def test_a_line_of_the_wrong_length_is_right_when_its_reason_is_taken_out() -> None:
    unmended, mended = ([*household(n), why, *CAME_FROM[1:]] for n, why in ((1, RAGGED), (2, "")))
    batch, audit = amended(unmended, mended)
    assert batch.rows["household_id"].to_pylist() == ["611025000002"]
    assert refused(audit) == [("户信息.xlsx", "表一", 17, None, "ragged_row")]


def test_a_ledgers_group_is_the_name_of_the_sheet_that_the_row_came_from() -> None:
    row = ["永乐街道", "安山村", "611025000001", "赵某", "因病", "2021-03-01", ""]
    rows = [[*row, "", "台账.xlsx", name, "5"] for name in ("独居老人户", "边缘户")]
    batch, _ = amended(*rows, headers=[*LEDGER, REASON, *ORIGIN])
    assert batch.rows["group_key"].to_pylist() == ["elderly_living_alone", "borderline"]


def test_an_amount_keeps_the_unit_that_stood_above_its_column() -> None:
    notice: Rows = [
        ["镇安县资金安排表"],
        ["单位:元"],
        ["村名", "资金金额"],
        ["安山村", "#FORMULA!"],
    ]
    (match,) = matching.matches(sheets.sheet(notice))
    assert match.headers == ("村名", "资金金额(元)")
    headers = [*match.headers, CONTEXT, REASON, *ORIGIN]
    rows = [["安山村", "300", match.title, "", "通知.xlsx", "Sheet1", str(4 + n)] for n in (0, 1)]
    batch, _ = amended(*rows, headers=headers)
    first, second = batch.rows.to_pylist()
    assert (first["amount_yuan"], first["notice"]) == (300.0, "镇安县资金安排表")
    assert first["region_code"] == "611025001200"
    assert (first["sequence"], second["sequence"]) == (1_000_004, 1_000_005)


def test_the_headers_of_two_rows_come_back_as_one() -> None:
    top = ["年度", "户编号", "家庭人口", "家庭收入(万元)", "", "家庭纯收入", "人均纯收入"]
    low = ["", "", "", "工资性收入", "生产经营性收入", "", ""]
    row: list[object] = ["2024", "611025000001", "3", "0.6", "0.3", "9000", "3000"]
    (match,) = matching.matches(sheets.sheet([top, low, row], merges=((1, 3, 1, 4),)))
    batch, _ = amended([*row, *CAME_FROM], headers=[*match.headers, REASON, *ORIGIN])
    (found,) = batch.rows.to_pylist()
    assert (found["wage_yuan"], found["business_yuan"], found["net_income_yuan"]) == (
        6000,
        3000,
        9000,
    )
