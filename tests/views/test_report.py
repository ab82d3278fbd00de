"""The report as tables: the sums, the reasons with what to do, files left out, tables carried."""

from __future__ import annotations

from typing import Any

from glossary import reason_words, term
from views import report


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
    assert report.totals(FOUND) == expected
    assert report.totals({}) == dict.fromkeys(expected, 0)


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


def test_tables_carried_over_are_named_and_those_without_a_layout_are_not() -> None:
    told = report.carried(FOUND, T, "zh", {"household": "户信息"})
    assert told == "户信息1,234行(第4号)"


def test_a_reason_that_is_no_longer_declared_shows_as_it_is() -> None:
    refused, _ = report.sheets({"sheets": [sheet("旧", 5, old_reason=1)]}, T, "zh")
    assert refused and "old_reason" in refused
