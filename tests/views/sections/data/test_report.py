"""The report as tables: the sums, the reasons with what to do, files left out, tables carried."""

from __future__ import annotations

from typing import Any

from glossary import reason_words, term
from metrics import intake
from views.sections.data import report


def T(key: str, /, **values: object) -> str:
    return term(key, "zh", **values)


def sheet(name: str, rows: int, mended: int = 0, **quarantined: int) -> dict[str, Any]:
    accepted = rows - mended - sum(quarantined.values())
    return {
        "file": f"{name}.xlsx",
        "sheet": "Sheet1",
        "rows": rows,
        "accepted": accepted,
        "mended": mended,
        "quarantined": quarantined,
        "mends": {"old_name": mended} if mended else {},
    }


FOUND = {
    "sheets": [
        sheet("好", 1_000, 3),
        sheet("坏", 50, missing=2),
        sheet("差", 70, identity_check=9),
    ],
    "unread": [{"file": "锁.xls", "reason": "password"}],
    "skipped": [{"file": "汇总.xlsx", "sheet": "<说明>", "rows": 12}],
    "carried": {"household": {"snapshot": 4, "rows": 1_234}, "region": {"snapshot": 4, "rows": 9}},
}


def test_the_sums_of_all_sheets() -> None:
    expected = {"rows": 1_120, "accepted": 1_106, "mended": 3, "quarantined": 11}
    assert intake.report_totals(FOUND) == expected
    assert intake.report_totals({}) == dict.fromkeys(expected, 0)


def test_sheets_with_refused_rows_come_first_and_say_what_to_do() -> None:
    refused, whole = report.sheets(FOUND, T, "zh")
    assert refused and whole
    assert refused.index("差.xlsx") < refused.index("坏.xlsx") and "好.xlsx" not in refused
    assert reason_words("identity_check", "zh")[0] in refused
    assert reason_words("identity_check", "zh")[1] in refused
    assert "好.xlsx" in whole and "1,000" in whole
    assert f"{reason_words('old_name', 'zh')[0]} 3" in whole


def test_a_report_without_sheets_has_no_tables() -> None:
    assert report.sheets({}, T, "zh") == (None, None)
    assert report.left_out({}, T, "zh") is None
    assert report.carried({}, T, "zh", {}) == ""


def test_files_and_sheets_left_out_are_listed_escaped() -> None:
    table = report.left_out(FOUND, T, "zh")
    assert table and reason_words("password", "zh")[0] in table
    assert "&lt;说明&gt;" in table and "<说明>" not in table and ">12<" in table


def test_what_else_is_to_be_said() -> None:
    odd = sheet("好", 9) | {"unknown_headers": ["口味", "爱好"], "checks": [{"agrees": False}]}
    sources = [{"file": "甲.xlsx", "state": "changed"}, {"file": "乙.xlsx", "state": "new"}]
    said = report.notes({"sheets": [odd], "sources": sources}, T, "zh")
    assert said == [
        T("columns_unknown", sheet="好.xlsx Sheet1", columns="口味、爱好"),
        T("checks_differ", sheet="好.xlsx Sheet1", count="1"),
        T("file_changed", file="甲.xlsx"),
    ]
    assert report.notes(FOUND, T, "zh") == []


def test_headers_that_a_sheet_lacks_are_named() -> None:
    entry = {"file": "甲.xlsx", "reason": "missing_columns", "headers": ["户编号", "村"], "rows": 3}
    assert "户编号、村" in (report.left_out({"skipped": [entry]}, T, "zh") or "")


def test_tables_carried_over_are_named_and_those_without_a_layout_are_not() -> None:
    told = report.carried(FOUND, T, "zh", {"household": "户信息"})
    assert told == "户信息1,234行(第4号)"


def test_a_reason_that_is_no_longer_declared_shows_as_it_is() -> None:
    refused, _ = report.sheets({"sheets": [sheet("旧", 5, old_reason=1)]}, T, "zh")
    assert refused and "old_reason" in refused


def test_rows_that_a_spreadsheet_does_not_show_are_said_by_sheet() -> None:
    marked = sheet("好", 9) | {"hidden_rows": 1_200, "struck_rows": 3}
    said = report.notes({"sheets": [marked, sheet("差", 4)]}, T, "zh")
    assert said == [
        "好.xlsx Sheet1 有 1,200 行被隐藏或筛选掉,已照常读入,请核对",
        "好.xlsx Sheet1 有 3 行带删除线,已照常读入,请核对",
    ]


def test_a_sheet_that_was_not_read_is_named_with_the_cell_where_reading_stopped() -> None:
    unread = {"file": "表.xlsx", "sheet": "二", "cell": "C7", "reason": "unreadable_file"}
    shown = report.left_out({"unread": [unread]}, T, "zh")
    assert shown and "二 C7" in shown


def test_a_sheet_that_fills_several_tables_says_of_which_each_count_is() -> None:
    people, homes = sheet("表", 66), sheet("表", 66)
    found = {"sheets": [people | {"part": "人口名单"}, homes | {"part": "户信息"}]}
    _, whole = report.sheets(found, T, "zh")
    assert whole and "Sheet1→人口名单" in whole and "Sheet1→户信息" in whole


def test_blank_cells_filled_and_what_a_key_would_read_are_told() -> None:
    entry = {"reason": "register_in_rows", "headers": ["户类型", "家庭人口"]}
    found = {"sheets": [sheet("表", 66) | {"filled": {"户编号": 1_042}, "unused": [entry]}]}
    notes = " | ".join(report.notes(found, T, "zh"))
    assert "户编号 1,042" in notes and "户类型" in notes and "also_fills 同时填户信息" in notes
