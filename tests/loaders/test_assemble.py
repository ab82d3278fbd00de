"""Sheets put together: repeats, households that there are not, and an account of every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders import layouts
from loaders.assemble import assemble
from loaders.audit import Audit
from loaders.clean import clean
from loaders.divisions import Divisions
from loaders.report import Report
from store import schema
from tests.loaders.sheets import HOUSEHOLD, LEDGER, PERSON, Rows, household, person, sheet

COUNTY = Divisions.load("611025")
MONITORED = ["户编号", "行政村", "监测对象类别", "识别监测时间", "风险是否已消除", "姓名"]


def assembled(*files: Rows | tuple[str, Rows]) -> tuple[dict[str, pa.Table], Audit]:
    """Tables of sheets given as rows, or as a sheet's name and rows."""
    audit, batches = Audit(), []
    for number, each in enumerate(files):
        name, rows = each if isinstance(each, tuple) else ("Sheet1", each)
        made = sheet(rows, name=name, file=f"{number}.xlsx")
        for match in layouts.matches(made):
            batches += clean(made, match, COUNTY, audit)
    return assemble(batches, layouts.load(), COUNTY, audit), audit


def column(tables: dict[str, pa.Table], name: str) -> list[Any]:
    table, _, field = name.partition(".")
    return tables[table][field].to_pylist()


def reasons(tables: dict[str, pa.Table]) -> list[tuple[str, int]]:
    return [(row["reason"], row["row"]) for row in tables["quarantine"].to_pylist()]


def balanced(audit: Audit) -> bool:
    return all(
        s.rows == s.accepted + s.mended + sum(s.quarantined.values())
        for s in audit.sheets
    )


def test_every_table_of_the_schema_is_there() -> None:
    tables, _ = assembled([HOUSEHOLD, household(1)])
    assert set(tables) == {table.name for table in schema.TABLES}
    assert all(tables[name].column_names == schema.BY_NAME[name].arrow.names for name in tables)


def test_equal_rows_are_dropped_and_different_ones_of_one_key_refused() -> None:
    rows = [household(1), household(1), household(1, 户主姓名="钱某"), household(2)]
    tables, audit = assembled([HOUSEHOLD, *rows], [HOUSEHOLD, household(2)])
    assert column(tables, "household.household_id") == ["611025000001", "611025000002"]
    assert column(tables, "household.head_name") == ["赵某某", "赵某某"]
    assert reasons(tables) == [("duplicate_key", 4)]
    assert [dict(s.mends) for s in audit.sheets] == [{"duplicate_row": 1}] * 2
    assert balanced(audit)


def test_rows_of_a_household_that_is_not_registered_go_to_quarantine() -> None:
    opened = ["永乐街道", "安山村", "611025009999", "赵某某", "因病", "2021-03-01", ""]
    tables, audit = assembled(
        [HOUSEHOLD, household(1), household(2, 行政村="无此村")],
        [PERSON, person(1, 1), person(1, 2), person(1, 3)],
        ("边缘户", [LEDGER, opened]),
    )
    assert column(tables, "member.household_id") == ["611025000001"]
    assert tables["ledger_entry"].num_rows == 0
    found = reasons(tables)
    assert found.count(("unknown_household", 3)) == found.count(("unknown_household", 4)) == 1
    assert ("unknown_household", 2) in found and ("unknown_village", 3) in found
    assert balanced(audit)


def test_the_register_says_where_a_household_lives() -> None:
    moved = person(2, 1, 行政村="山海村")
    nowhere = person(3, 1, 行政村="")
    tables, audit = assembled([HOUSEHOLD, household(1)], [PERSON, person(1, 1), moved, nowhere])
    assert set(column(tables, "member.village_code")) == {"611025001200"}
    assert audit.sheets[1].mends == {"other_village": 1}
    assert (audit.sheets[1].accepted, audit.sheets[1].mended) == (2, 1)


def test_a_monitored_household_is_taken_once() -> None:
    rows = [
        ["611025000001", "安山村", "边缘易致贫户", "202101", "否", "赵某"],
        ["611025000001", "安山村", "边缘易致贫户", "202101", "否", "钱某"],
        ["611025000001", "安山村", "边缘易致贫户", "202102", "否", "孙某"],
        ["611025000002", "安山村", "不详", "202101", "否", "李某"],
    ]
    tables, audit = assembled(
        [HOUSEHOLD, household(1, 户类型="一般农户"), household(2)], [MONITORED, *rows]
    )
    assert column(tables, "monitored_household.monitor_kind") == ["borderline"]
    assert column(tables, "monitored_household.cleared") == [False]
    assert audit.sheets[1].dropped == {"repeated_household": 2}
    assert audit.sheets[1].checks == [{"kind": "repeats_differ", "rows": 1, "agrees": False}]
    assert reasons(tables) == [("unknown_code", 5)]
    assert column(tables, "household.monitor_kind") == ["borderline", None]
    assert balanced(audit)


def test_the_registers_own_monitoring_comes_before_the_lists() -> None:
    headers = [*HOUSEHOLD, "监测对象类别"]
    listed = ["611025000001", "安山村", "边缘易致贫户", "202101", "否", "赵某"]
    tables, _ = assembled([headers, [*household(1), "突发严重困难户"]], [MONITORED, listed])
    assert column(tables, "household.monitor_kind") == ["stricken"]


def test_names_in_a_ledger_are_compared_and_not_loaded() -> None:
    entry = ["永乐街道", "安山村", "611025000001", "赵某某", "因病", "2021-03-01", ""]
    renamed = [*entry[:3], "钱某某", "因残", "2021-04-01", ""]
    unnamed = [*entry[:3], "", "因残", "2021-05-01", ""]
    tables, audit = assembled(
        [HOUSEHOLD, household(1)], ("大病残疾户", [LEDGER, entry, renamed, unnamed])
    )
    assert tables["ledger_entry"].num_rows == 3
    assert audit.sheets[1].checks == [
        {"kind": "register", "column": "户主姓名", "compared": 2, "differs": 1, "agrees": False}
    ]


def test_measures_belong_to_the_households_that_were_taken() -> None:
    headers = [*HOUSEHOLD, "产业帮扶", "公益岗位帮扶", "公益性岗位帮扶"]
    rows = [
        [*household(1), "养蜂", "保洁", "护林"],
        [*household(1, 户主姓名="钱某"), "种茶", "", ""],
        [*household(2, 行政村="无此村"), "种茶", "", ""],
    ]
    tables, _ = assembled([headers, *rows])
    found = sorted((row["kind"], row["detail"]) for row in tables["measure"].to_pylist())
    assert found == [("industry", "养蜂"), ("public_post", "保洁")]
    assert column(tables, "measure.village_code") == ["611025001200"] * 2
    assert column(tables, "measure.source_row") == [2, 2]


def test_an_import_without_a_register_has_no_households_and_refuses_their_people() -> None:
    tables, audit = assembled([PERSON, person(1, 1)])
    assert tables["household"].num_rows == tables["member"].num_rows == 0
    assert reasons(tables) == [("unknown_household", 2)] and balanced(audit)


MESSY: Sequence[tuple[str, list[str]]] = [
    ("户编号", ["611025000001", "611025000002", "", "6.11E+11"]),
    ("县", ["镇安县", "", "保靖县"]),
    ("行政村", ["安山村", "太平村", "无此村", ""]),
    ("户主姓名", ["赵某某", "", "无"]),
    ("户类型", ["脱贫户", "一般农户", "?"]),
    ("家庭人口", ["3", "３", "三", ""]),
]


@given(
    st.lists(st.fixed_dictionaries({k: st.sampled_from(v) for k, v in MESSY}), max_size=8),
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), max_size=6),
)
@settings(max_examples=40, deadline=None)
def test_every_row_is_accounted_for(homes: list[dict[str, str]], people: list[Any]) -> None:
    rows = [household(1, **cells) for cells in homes] + [["合计"]]
    tables, audit = assembled(
        [HOUSEHOLD, *rows], [PERSON, *[person(n, of) for n, of in people], ["合计"]]
    )
    assert balanced(audit)
    totals = Report.of(audit, None, "611025").totals  # type: ignore[arg-type]
    assert totals["rows"] == len(homes) + len(people) + 2
    parts = ("accepted", "mended", "duplicates", "totals", "quarantined")
    assert totals["rows"] == sum(totals[part] for part in parts)
    assert totals["quarantined"] == tables["quarantine"].num_rows
    assert totals["accepted"] + totals["mended"] == sum(
        tables[name].num_rows for name in ("household", "member")
    )
    for name in ("household", "member"):
        key = tables[name][schema.BY_NAME[name].key[0]].to_pylist()
        assert len(key) == len(set(key))


@pytest.mark.parametrize("table", ["household", "member"])
def test_required_columns_are_never_null(table: str) -> None:
    tables, _ = assembled([HOUSEHOLD, household(1)], [PERSON, person(1, 1, 与户主关系="")])
    for field in schema.BY_NAME[table].columns:
        assert field.nullable or tables[table][field.name].null_count == 0
