"""The three published notices, to the yuan, and a notice of the county's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loaders import layouts, readers
from loaders.audit import Audit
from loaders.clean import clean
from loaders.divisions import REFERENCE, Divisions
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
    (match,) = layouts.matches(sheet)
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
