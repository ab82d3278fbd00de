"""A sheet of targets as an office hands it out: a row an indicator and place, a column a year."""

from __future__ import annotations

from loaders.layouts.declarations import FOLDER
from tests.loaders.layout_cases import tables_of, values_of
from tests.loaders.sheets import sheet

_LAYOUT = (FOLDER / "target.yaml").read_text("utf-8")
_HEAD = [
    ["序号", "指标名称", "乡镇", "计量单位", "责任单位", "年度目标", ""],
    ["", "", "", "", "", "2025年目标值", "2026年目标值"],
]
_COLUMNS = ("indicator", "region_code", "year", "target_value", "target_unit")


def _read(*rows: list[object]) -> tuple[list[tuple[object, ...]], list[str]]:
    made = sheet([["镇安县2026年目标任务分解表"], *_HEAD, *rows])
    tables, _ = tables_of([made], _LAYOUT)
    refused = tables.get("quarantine")
    reasons = values_of(refused, "reason") if refused is not None else []
    return sorted(values_of(tables["target"], *_COLUMNS)), reasons


def test_each_year_with_a_value_is_a_row_of_its_place() -> None:
    found, refused = _read(
        [1, "风险消除率", "全县", "%", "县乡村振兴局", "70", "80"],
        [2, "风险消除率", "永乐街道", "%", "县乡村振兴局", "", "82.5"],
        [3, "collective_income", "大坪镇", "万元", "县农业农村局", "", "300"],
    )
    assert found == [
        ("collective_income", "611025103", 2026, 300.0, "万元"),
        ("风险消除率", "611025", 2025, 70.0, "%"),
        ("风险消除率", "611025", 2026, 80.0, "%"),
        ("风险消除率", "611025001", 2026, 82.5, "%"),
    ]
    assert not refused


def test_a_place_that_there_is_not_is_refused() -> None:
    found, refused = _read([1, "监测户", "无此镇", "户", "", "", "3"])
    assert not found and refused == ["unknown_township"]


def test_a_value_that_is_no_number_is_refused() -> None:
    found, refused = _read([1, "监测户", "全县", "户", "", "", "尽快"])
    assert not found and refused
