"""台历发放登记表 as it comes: two header rows, a unit in the title, months one by one."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from store.snapshots import Home
from tests.loaders.imports import load, register, stored

_TITLE = ["永乐街道2025年台历发放登记表(单位:元)"]
_ABOVE = ["序号", "所属月份", "乡镇", "行政村", "户编号", "户主姓名", "收入项目", "金额", "",
          "到账", ""]  # fmt: skip
_BELOW = ["", "", "", "", "", "", "", "应发", "实发", "发放日期", "发放单位"]


def _row(home: str, month: str, kind: str, due: object, paid: object, on: str = "") -> list[object]:
    return [1, month, "永乐街道", "安山村", home, "", kind, due, paid, on, "县民政局"]


def _loaded(tmp_path: Path) -> tuple[Home, str]:
    home = Home(tmp_path / "home")
    load(home, register({1: "安山村"}))
    [one] = pq.read_table(home.current().path("household")).to_pylist()
    number = str(one["household_id"])
    return home, number


def _payments(home: Home) -> list[dict[str, object]]:
    rows = pq.read_table(home.current().path("monthly_payment")).to_pylist()
    return sorted(rows, key=lambda row: (str(row["month_on"]), str(row["payment_kind"])))


def test_months_kinds_and_amounts_are_read_below_two_header_rows(tmp_path: Path) -> None:
    home, number = _loaded(tmp_path)
    report = load(
        home,
        [
            _TITLE,
            _ABOVE,
            _BELOW,
            _row(number, "202511", "光伏发电收益", "88.50", "88.50", "2025-12-05"),
            _row(number, "2025年12月", "低保", "350", "0"),
        ],
    )
    assert report.snapshot is not None and not stored(home, "quarantine")
    first, second = _payments(home)
    assert (str(first["month_on"]), first["payment_kind"]) == ("2025-11-01", "pv_yield")
    assert (str(first["month_due_yuan"]), str(first["paid_on"])) == ("88.50", "2025-12-05")
    assert first["payer"] == "县民政局" and first["village_code"] == "611025001200"
    assert (str(second["month_on"]), second["payment_kind"]) == ("2025-12-01", "minimum_allowance")
    assert second["month_paid_yuan"] == 0 and second["paid_on"] is None


def test_a_later_sheet_corrects_its_month_and_leaves_others(tmp_path: Path) -> None:
    home, number = _loaded(tmp_path)
    head = [_TITLE, _ABOVE, _BELOW]
    load(home, [*head, _row(number, "202510", "低保金", 350, 350, "2025-10-12"),
                _row(number, "202511", "低保金", 350, 0)])  # fmt: skip
    load(home, [*head, _row(number, "202511", "低保金", 350, 350, "2025-12-20")])
    assert [int(str(row["month_paid_yuan"]).split(".")[0]) for row in _payments(home)] == [350, 350]


def test_a_negative_amount_and_a_month_that_is_none_are_refused(tmp_path: Path) -> None:
    home, number = _loaded(tmp_path)
    rows = [
        _row(number, "202511", "低保金", -5, 0),
        _row(number, "去年", "低保金", 350, 350),
        _row(number, "202512", "低保金", 350, 350),
    ]
    load(home, [_TITLE, _ABOVE, _BELOW, *rows])
    assert len(_payments(home)) == 1 and stored(home, "quarantine")
