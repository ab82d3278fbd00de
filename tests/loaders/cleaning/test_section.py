"""One sheet cleaned: what is taken, what is mended, what is refused and with which words."""

from __future__ import annotations

import datetime
from typing import Any

import pyarrow as pa
import pytest

from loaders.accounts.audit import MENDS
from store import schema
from tests.loaders.sheets import HOUSEHOLD, LEDGER, PERSON, cleaned, household, identity, person


def register(*rows: list[object], headers: list[str] = HOUSEHOLD) -> list[list[object]]:
    return [["户信息"], [], list(headers), *rows]


def refusals(*rows: list[object]) -> list[tuple[Any, ...]]:
    _, audit = cleaned(register(*rows))
    keys = ("row", "header", "reason", "value")
    return [tuple(entry[k] for k in keys) for entry in audit.entries().to_pylist()]


def mends(row: dict[str, Any]) -> set[str]:
    return {reason for bit, reason in enumerate(MENDS) if row["_mends"] & 1 << bit}


def test_a_plain_row_is_typed_and_says_where_it_stood() -> None:
    batch, audit = cleaned(register(household(1)), file="户信息.xlsx")
    (row,) = batch.rows.to_pylist()
    given = {k: v for k, v in row.items() if v is not None and not k.startswith("_")}
    assert given == {
        "household_id": "611025000001",
        "village_code": "611025001200",
        "head_name": "赵某某",
        "registered": True,
        "member_count": 3,
        "source_file": "户信息.xlsx",
        "source_row": 4,
    }
    assert row["_mends"] == 0 and audit.entries().num_rows == 0


def test_the_columns_are_those_of_the_schema() -> None:
    batch, _ = cleaned(register(household(1)))
    wanted = schema.BY_NAME["household"].arrow
    types = batch.rows.select(wanted.names).schema.types
    assert [t.value_type if pa.types.is_dictionary(t) else t for t in types] == wanted.types


@pytest.mark.parametrize(
    ("said", "registered"),
    [("脱贫户", True), ("建档立卡户", True), ("一般农户", False), ("突发严重困难户", False)],
)
def test_the_kind_of_household_says_whether_it_is_registered(said: str, registered: bool) -> None:
    batch, _ = cleaned(register(household(1, 户类型=said)))
    assert batch.rows["registered"].to_pylist() == [registered]


@pytest.mark.parametrize(
    ("cells", "column", "reason", "value"),
    [
        ({"户编号": ""}, "户编号", "missing", None),
        ({"户编号": "6.11025E+13"}, "户编号", "digits_lost", "6.11025E+13"),
        ({"行政村": "龙王庙新村"}, "行政村", "unknown_village", "龙王庙新村"),
        ({"乡镇": "无名镇"}, "乡镇", "unknown_township", "无名镇"),
        ({"行政村": ""}, "行政村", "missing", None),
        ({"县": "保靖县"}, "县", "other_county", "保靖县"),
        ({"户类型": "外来户"}, "户类型", "unknown_code", "外来户"),
        ({"家庭人口": "三"}, "家庭人口", "unreadable", "三"),
        ({"家庭人口": ""}, "家庭人口", "missing", None),
        ({"户主姓名": "赵\ufffd某"}, "户主姓名", "broken_text", "赵*某"),
    ],
)
def test_rows_are_refused_with_the_column_and_the_masked_value(
    cells: dict[str, str], column: str, reason: str, value: str | None
) -> None:
    assert refusals(household(1), household(2, **cells)) == [(5, column, reason, value)]


def test_a_row_is_refused_once_for_the_first_reason() -> None:
    assert len(refusals(household(1, 户编号="", 行政村="无此村", 家庭人口="x"))) == 1


def test_an_old_village_name_is_mended_and_its_edition_counted() -> None:
    batch, audit = cleaned(register(household(1, 行政村="太平村"), household(2, 行政村="太坪村")))
    assert set(batch.rows["village_code"].to_pylist()) == {"611025001007"}
    assert [mends(row) for row in batch.rows.to_pylist()] == [{"old_name"}, {"old_name"}]
    assert audit.sheets[0].editions == {2018: 1, 2021: 1}


@pytest.mark.parametrize(
    ("cells", "mend"),
    [
        ({"家庭人口": "３"}, {"stray_characters"}),
        ({"户主姓名": "赵\u200b某某"}, {"stray_characters"}),
        ({"户主姓名": " 赵 某某 ", "行政村": "安山村 "}, set()),
    ],
)
def test_strange_characters_are_mended(cells: dict[str, str], mend: set[str]) -> None:
    (row,) = cleaned(register(household(1, **cells)))[0].rows.to_pylist()
    assert (row["member_count"], row["head_name"], mends(row)) == (3, "赵某某", mend)


def test_unknown_codes_and_unreadable_values_are_null_where_null_is_allowed() -> None:
    headers = [*HOUSEHOLD, "入户路类型", "识别时间", "耕地面积（亩）"]
    rows = [[*household(1), "石板路", "很早", "三亩"], [*household(2), "03", "201403", "3.5亩"]]
    first, second = cleaned(register(*rows, headers=headers))[0].rows.to_pylist()
    assert (first["entry_road"], first["identified_on"], first["farmland_mu"]) == (None,) * 3
    assert mends(first) == {"unknown_code", "unreadable"}
    assert (second["entry_road"], second["farmland_mu"]) == ("concrete", 3.5)
    assert second["identified_on"] == datetime.date(2014, 3, 1) and mends(second) == set()


def test_totals_footers_and_repeated_headers_are_dropped_not_refused() -> None:
    rows = [
        household(1),
        HOUSEHOLD,
        household(2),
        ["合 计", "", "", "", "", "", "6"],
        ["填表人: 某"],
    ]
    batch, audit = cleaned(register(*rows))
    assert batch.rows.num_rows == 2 and audit.entries().num_rows == 0
    account = audit.sheets[0]
    assert account.aside == {
        "title_row": 1,
        "header_row": 1,
        "repeated_header": 1,
        "total_row": 1,
        "footer_row": 1,
    }
    assert account.rows == 2


def test_lines_of_a_text_file_are_as_long_as_the_header() -> None:
    short = household(2)[:-1]
    rows = [household(1), short, [*household(3), "x"], [*household(4), ""]]
    batch, audit = cleaned([HOUSEHOLD, *rows], name="")
    assert batch.rows["household_id"].to_pylist() == ["611025000001", "611025000004"]
    assert audit.sheets[0].quarantined == {"ragged_row": 2}


def test_rows_of_a_workbook_may_end_early() -> None:
    batch, _ = cleaned([[*HOUSEHOLD, "主要燃料类型"], household(1)])
    assert batch.rows.num_rows == 1


def test_people_by_their_identity_numbers() -> None:
    number = next(n for i in range(1, 99) if (n := identity("19631105", i)).endswith("X"))
    rows = [
        person(1, 1, 证件号码=number.lower(), 健康状况="03大病", 与户主关系="之女"),
        person(2, 1, 证件号码=identity("20010203", 7) + "43"),
        person(3, 1, 证件号码=""),
        person(4, 1, 证件号码="6.19925E+17"),
        person(5, 1, 证件号码=identity()[:-1] + "%"),
        person(6, 1, 证件号码=identity()[:10]),
    ]
    batch, audit = cleaned([PERSON, *rows])
    first, second, third = batch.rows.to_pylist()
    assert (first["identity_number"], mends(first)) == (number, {"identity_case"})
    assert (first["health"], first["relation"]) == ("major_illness", "daughter")
    assert first["birth_date"] == datetime.date(1963, 11, 5)
    assert (second["identity_number"], second["sex"]) == (identity("20010203", 7), "male")
    assert (third["identity_number"], third["sex"], third["birth_date"]) == (None, None, None)
    reasons = audit.entries()["reason"].to_pylist()
    assert sorted(reasons) == ["digits_lost", "identity_length", "identity_length"]
    assert all("*" in value for value in audit.entries()["value"].to_pylist())


def test_a_birth_date_in_the_file_is_kept_and_only_gaps_are_filled() -> None:
    headers = [*PERSON, "性别", "出生日期"]
    rows = [[*person(1, 1), "女", "19790101"], [*person(2, 1), "", ""]]
    first, second = cleaned([headers, *rows])[0].rows.to_pylist()
    assert (first["sex"], first["birth_date"]) == ("female", datetime.date(1979, 1, 1))
    assert (second["sex"], second["birth_date"]) == ("female", datetime.date(1980, 1, 1))


def ledger(*rows: list[object], name: str = "大病残疾户") -> list[dict[str, Any]]:
    return cleaned([["台账"], LEDGER, *rows], name=name)[0].rows.to_pylist()


def test_a_ledgers_group_is_its_sheets_name_and_its_id_is_stable() -> None:
    row = ["永乐街道", "安山村", "611025000001", "赵某某", "因病", "2021.03.01", "202112"]
    (first,) = ledger(row)
    assert first["group_key"] == "major_illness_disability"
    assert (first["opened_on"], first["due_on"]) == (
        datetime.date(2021, 3, 1),
        datetime.date(2021, 12, 1),
    )
    assert "head_name" not in first and first["_check_head_name"] == "赵某某"
    (again,) = ledger([*row[:4], "病了", "2021年3月1日", ""])
    (other,) = ledger(row, name="独居老人户")
    assert first["entry_id"] == again["entry_id"] != other["entry_id"]
    assert len(first["entry_id"]) == 16


def test_a_ledger_row_needs_its_day_and_its_sheet_a_group() -> None:
    row = ["永乐街道", "安山村", "611025000001", "赵某某", "因病", "", ""]
    _, audit = cleaned([LEDGER, row], name="大病残疾户")
    assert audit.entries()["reason"].to_pylist() == ["missing"]
    _, audit = cleaned([LEDGER, [*row[:5], "2021-03-01", ""]], name="其他户")
    assert audit.entries()["reason"].to_pylist() == ["missing"]


def test_measures_are_one_row_a_filled_column() -> None:
    headers = [*HOUSEHOLD, "产业帮扶", "就业帮扶", "公益性岗位帮扶", "搬迁"]
    rows = [[*household(1), "养蜂", "是", "否", ""], [*household(2), "", "无", "—", "有"]]
    batch, _ = cleaned(register(*rows, headers=headers))
    assert batch.spread is not None
    found = {(r["_row"], r["kind"]): r["detail"] for r in batch.spread.to_pylist()}
    assert found == {(0, "industry"): "养蜂", (0, "employment"): None, (1, "relocation"): None}


def test_amounts_in_wan_are_exact_yuan() -> None:
    headers = ["项目编号", "项目名称", "乡镇", "实施地点", "计划总投资（万元）", "已支付(元)"]
    rows = [["P0001", "水厂", "永乐街道", "安山村", "16.11", "1,200"]]
    (row,) = cleaned([headers, *rows])[0].rows.to_pylist()
    assert (row["planned_yuan"], row["paid_yuan"]) == (161_100.0, 1_200.0)


@pytest.mark.parametrize("place", ["安山村", "永乐街道安山村", "镇安县永乐街道安山村委会"])
def test_a_projects_place_may_be_written_in_full(place: str) -> None:
    headers = ["项目编号", "项目名称", "乡镇", "实施地点"]
    (row,) = cleaned([headers, ["P0001", "水厂", "永乐街道", place]])[0].rows.to_pylist()
    assert row["village_code"] == "611025001200"


def test_a_project_without_a_place_is_refused() -> None:
    headers = ["项目编号", "项目名称", "乡镇", "实施地点"]
    _, audit = cleaned([headers, ["P0001", "水厂", "永乐街道", ""]])
    (entry,) = audit.entries().to_pylist()
    assert (entry["reason"], entry["header"]) == ("missing", "实施地点")


def test_a_sheet_without_rows_is_no_trouble() -> None:
    batch, audit = cleaned([HOUSEHOLD])
    assert batch.rows.num_rows == 0 and audit.sheets[0].rows == 0
