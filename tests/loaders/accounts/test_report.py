"""The report of an import: its account, its lines, and that it comes back from a manifest."""

from __future__ import annotations

import datetime
import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from loaders.accounts import audit as auditing
from loaders.accounts import report as reporting
from loaders.accounts.audit import Audit
from loaders.accounts.report import Report
from tests.loaders.sheets import HOUSEHOLD, cleaned, household

DAY = datetime.date(2025, 12, 31)


def made(*rows: list[object], file: str = "户信息.xlsx", name: str = "户信息") -> Audit:
    batch, audit = cleaned([["户信息"], HOUSEHOLD, *rows], file=file, name=name)
    audit.accept(batch.rows)
    return audit


def mixed() -> Audit:
    return made(household(1), household(2, 家庭人口="３"), household(3, 行政村="无此村"), ["合计"])


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_the_account_of_a_sheet() -> None:
    report = Report.of(mixed(), DAY, "611025")
    (sheet,) = report.sheets
    assert (sheet["rows"], sheet["accepted"], sheet["mended"]) == (3, 1, 1)
    assert sheet["quarantined"] == {"unknown_village": 1}
    assert sheet["mends"] == {"stray_characters": 1}
    assert sheet["aside"] == {"title_row": 1, "header_row": 1, "total_row": 1}
    assert report.totals == {
        "rows": 3,
        "accepted": 1,
        "mended": 1,
        "quarantined": 1,
        "aside": 3,
    }


def test_a_row_that_is_not_accounted_for_is_an_error() -> None:
    audit = mixed()
    audit.sheets[0].rows += 1
    with pytest.raises(AssertionError, match=r"户信息\.xlsx"):
        Report.of(audit, DAY, "611025")


def test_a_report_comes_back_from_its_file(tmp_path: Path) -> None:
    audit = mixed()
    audit.refuse("坏.xlsx", "unreadable_file")
    audit.skip("户信息.xlsx", "说明", rows=3)
    carried = {"member": {"snapshot": 1, "rows": 5}}
    report = Report.of(audit, DAY, "611025", carried=carried, sources=[{"file": "a"}])
    report = replace(report, snapshot=2)
    report.write(tmp_path / "r.json")
    again = Report.from_dict(json.loads((tmp_path / "r.json").read_text("utf-8")))
    assert again == report and list(again.lines()) == list(report.lines())


@pytest.mark.parametrize(
    ("left", "code"),
    [(None, 0), ("refuse", 3), ("skip", 3), ("row", 3)],
)
def test_exit_codes(left: str | None, code: int) -> None:
    audit = mixed() if left == "row" else made(household(1))
    if left == "refuse":
        audit.refuse("坏.xlsx", "password")
    if left == "skip":
        audit.skip("户信息.xlsx", "旧", rows=9, reason="hidden_sheet")
    report = Report.of(audit, DAY, "611025")
    assert report.exit_code == 2
    assert replace(report, snapshot=1).exit_code == code


def test_the_lines_say_what_was_read_left_and_carried() -> None:
    audit = mixed()
    audit.refuse("坏.xlsx", "password")
    audit.skip("户信息.xlsx", "旧", rows=9, reason="hidden_sheet")
    audit.skip("b.xlsx", "缺", rows=4, reason="missing_columns", headers=["户编号"])
    report = Report.of(audit, DAY, "611025", carried={"member": {"snapshot": 1, "rows": 1500}})
    lines = list(report.lines())
    assert lines[1].split() == ["户信息.xlsx", "户信息", "3", "1", "1", "1", "3", "查无此村", "1"]
    assert "未读入 坏.xlsx: 文件有密码" in lines
    assert "未入库 户信息.xlsx 的工作表 旧, 9 行: 隐藏的工作表" in lines
    assert "未入库 b.xlsx 的工作表 缺, 4 行: 缺少必需的列 (户编号)" in lines
    assert "未给出、原样沿用: 人口名单" in lines
    assert "修正: 全角或不可见字符 1" in lines and "隔离: 查无此村 1" in lines


def test_a_very_long_name_leaves_room_for_the_numbers() -> None:
    name = "二〇二五年第四季度防止返贫监测户信息(含边缘易致贫户、突发严重困难户)汇总表最终稿.xlsx"
    lines = list(Report.of(made(household(1), file=name), DAY, "611025").lines())
    assert width(lines[1]) <= 110
    assert lines[1].startswith("二〇二五年") and "最终稿.xlsx" in lines[1]
    assert width(lines[0]) <= width(lines[1]) + 10


def test_unknown_and_doubled_headers_are_said() -> None:
    batch, audit = cleaned([[*HOUSEHOLD, "网格", "户主"], [*household(1), "x", "y"]])
    audit.accept(batch.rows)
    lines = list(Report.of(audit, DAY, "611025").lines())
    assert "file.xlsx Sheet1 未识别的列: 网格" in lines
    assert "file.xlsx Sheet1 重复的列(只用一列): 户主" in lines


def test_more_mends_than_are_listed_are_still_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "MOST_MENDS", 3)
    monkeypatch.setattr(reporting, "MOST_MENDS", 3)
    audit = made(*[household(n, 家庭人口="３") for n in range(5)])
    assert (audit.mends().num_rows, audit.mends_total) == (3, 5)
    lines = list(Report.of(audit, DAY, "611025").lines())
    assert "修正的单元格共 5 处, 只列出前 3 处" in lines
