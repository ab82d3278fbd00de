"""Sheets put together: repeats, households that there are not, and an account of every row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.accounts.audit import Audit
from loaders.accounts.report import Report
from loaders.assembly.arrivals import Answers
from loaders.assembly.assemble import assemble
from loaders.assembly.carry_over import Base
from loaders.assembly.merging import Merging
from loaders.assembly.staging import Staging
from loaders.cleaning.section import Cleaner
from loaders.layouts import matching
from loaders.regions.divisions import Divisions
from store import schema
from tests.loaders.sheets import (
    HOUSEHOLD,
    LEDGER,
    PERSON,
    Rows,
    household,
    identity,
    person,
    sheet,
)

COUNTY = Divisions.load("611025")
MONITORED = ["户编号", "行政村", "监测对象类别", "识别监测时间", "风险是否已消除", "姓名"]


def assembled(*files: Rows | tuple[str, Rows]) -> tuple[dict[str, pa.Table], Audit]:
    """Tables of sheets given as rows, or as a sheet's name and rows."""
    audit, known = Audit(), matching.load()
    with TemporaryDirectory() as folder:
        staging = Staging(Path(folder) / "staging", known)
        for number, each in enumerate(files):
            name, rows = each if isinstance(each, tuple) else ("Sheet1", each)
            made = sheet(rows, name=name, file=f"{number}.xlsx")
            for match in matching.matches(made):
                for batch in Cleaner(made, match, COUNTY, audit).batches():
                    staging.add(batch.table, batch.rows, batch.spread)
        base = Base(None, staging)
        base.renumber({})
        merging = Merging(staging, base, date(2025, 12, 31), (), Answers())
        paths = assemble(staging, known, COUNTY, audit, merging)
        tables = {name: pq.read_table(path) for name, path in paths.items()}
        staging.close()
    return tables | {"quarantine": audit.entries(), "mend": audit.mends()}, audit


def column(tables: dict[str, pa.Table], name: str) -> list[Any]:
    table, _, field = name.partition(".")
    return tables[table][field].to_pylist()


def reasons(tables: dict[str, pa.Table]) -> list[tuple[str, int]]:
    return [(row["reason"], row["row"]) for row in tables["quarantine"].to_pylist()]


def balanced(audit: Audit) -> bool:
    return all(s.rows == s.accepted + s.mended + sum(s.quarantined.values()) for s in audit.sheets)


def mends(tables: dict[str, pa.Table], reason: str) -> list[tuple[Any, ...]]:
    """Row, header, before and after of the mends with a reason."""
    names = ("row", "header", "before", "after")
    listed = [row for row in tables["mend"].to_pylist() if row["reason"] == reason]
    return [tuple(row[name] for name in names) for row in listed]


def test_every_table_of_the_county_has_the_schemas_columns_and_types() -> None:
    tables, _ = assembled([HOUSEHOLD, household(1)])
    told = {"region", "declared_total", "quarantine", "quarantine_row", "mend", "waiting_row"}
    assert set(tables) - told == {table.name for table in schema.TABLES} - told
    for name in set(tables) - told:
        assert tables[name].schema.equals(schema.BY_NAME[name].arrow)


def test_equal_rows_are_merged_and_different_ones_of_one_key_refused() -> None:
    rows = [household(1), household(1), household(1, 户主姓名="钱某"), household(2)]
    tables, audit = assembled([HOUSEHOLD, *rows], [HOUSEHOLD, household(2)])
    assert column(tables, "household.household_id") == ["611025000001", "611025000002"]
    assert column(tables, "household.head_name") == ["赵某某", "赵某某"]
    assert reasons(tables) == [("duplicate_key", 4)]
    assert [dict(s.mends) for s in audit.sheets] == [{"duplicate_row": 1}] * 2
    assert mends(tables, "duplicate_row") == [
        (3, "户编号", "611025000001", "见0.xlsx第2行"),
        (2, "户编号", "611025000002", "见0.xlsx第5行"),
    ]
    assert balanced(audit)


def test_rows_stand_in_the_order_of_their_villages_and_then_of_their_files() -> None:
    homes = [household(n, 行政村=v) for n, v in ((5, "太平村"), (2, "安山村"), (4, "太平村"))]
    tables, _ = assembled([HOUSEHOLD, *homes], [HOUSEHOLD, household(1)])
    assert [code[-4:] for code in column(tables, "household.household_id")] == [
        "0005",
        "0004",
        "0002",
        "0001",
    ]
    assert column(tables, "household.village_code") == sorted(
        column(tables, "household.village_code")
    )


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
    assert mends(tables, "other_village") == [(3, "行政村", "山海村", "安山村")]
    assert (audit.sheets[1].accepted, audit.sheets[1].mended) == (2, 1)


def test_a_lost_leading_zero_is_found_again_where_one_household_fits() -> None:
    homes = [household(1, 户编号="00711"), household(2, 户编号="00812"), household(3, 户编号="812")]
    people = [person(1, 1, 户编号="711"), person(2, 2, 户编号="0812"), person(3, 3, 户编号="812")]
    tables, audit = assembled([HOUSEHOLD, *homes], [PERSON, *people])
    assert sorted(column(tables, "member.household_id")) == ["00711", "812"]
    assert mends(tables, "leading_zero") == [(2, "户编号", "711", "00711")]
    assert reasons(tables) == [("unknown_household", 3)]
    assert audit.sheets[1].mends == {"leading_zero": 1} and balanced(audit)


def test_one_identity_in_two_households_stays_in_the_first() -> None:
    number = identity(order=7)
    people = [
        person(1, 1, 证件号码=number),
        person(2, 2, 证件号码=number),
        person(3, 1, 证件号码=number),  # twice in one household is a question, not an error
        person(4, 2, 证件号码="999999199001010011"),
        person(5, 1, 证件号码="999999199001010011"),
    ]
    tables, audit = assembled([HOUSEHOLD, household(1), household(2)], [PERSON, *people])
    assert reasons(tables) == [("identity_elsewhere", 3)]
    (entry,) = tables["quarantine"].to_pylist()
    assert entry["value"].endswith(" 见1.xlsx第2行") and number not in entry["value"]
    assert tables["member"].num_rows == 4 and balanced(audit)


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
    assert (audit.sheets[1].accepted, audit.sheets[1].mended) == (2, 1)
    assert mends(tables, "repeats_differ") == [(4, "识别监测时间", "2021-02-01", "2021-01-01")]
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


def test_measures_follow_their_household_whatever_its_place_in_the_files() -> None:
    headers = [*HOUSEHOLD, "产业帮扶", "社会帮扶"]
    homes = [
        [*household(n, 行政村=village), f"产业{n}", "" if n % 2 else f"社会{n}"]
        for n, village in ((1, "太平村"), (2, "安山村"), (3, "太平村"), (4, "安山村"))
    ]
    tables, _ = assembled([headers, *homes[:2]], [headers, *homes[2:]])
    found = [(row["household_id"][-1], row["detail"]) for row in tables["measure"].to_pylist()]
    assert found == [
        ("1", "产业1"),
        ("3", "产业3"),
        ("2", "产业2"),
        ("2", "社会2"),
        ("4", "产业4"),
        ("4", "社会4"),
    ]
    lived = dict(
        zip(
            *(column(tables, f"household.{c}") for c in ("household_id", "village_code")),
            strict=True,
        )
    )
    for row in tables["measure"].to_pylist():
        assert row["village_code"] == lived[row["household_id"]]


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
@settings(max_examples=25)
def test_every_row_is_accounted_for(homes: list[dict[str, str]], people: list[Any]) -> None:
    rows = [household(1, **cells) for cells in homes] + [["合计"]]
    tables, audit = assembled(
        [HOUSEHOLD, *rows], [PERSON, *[person(n, of) for n, of in people], ["合计"]]
    )
    assert balanced(audit)
    totals = Report.of(audit, None, "611025").totals  # type: ignore[arg-type]
    assert totals["rows"] == len(homes) + len(people)
    assert totals["rows"] == sum(totals[part] for part in ("accepted", "mended", "quarantined"))
    assert totals["quarantined"] == tables["quarantine"].num_rows
    merged = sum(sheet.mends["duplicate_row"] for sheet in audit.sheets)
    assert totals["accepted"] + totals["mended"] - merged == sum(
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
