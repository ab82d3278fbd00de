"""What a county's own layout can say of a sheet: tables, years, places, blanks, households."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from loaders.accounts.audit import Audit
from loaders.cleaning import fill_down
from loaders.cleaning.section import Cleaner
from loaders.layouts import matching
from loaders.regions.place_in_text import named_place, split_group
from store.snapshots import Home
from tests.loaders.imports import load
from tests.loaders.layout_cases import (
    COUNTY,
    HOME,
    PERSON_LEVEL,
    PERSON_LEVEL_LAYOUT,
    ROSTER,
    ROSTER_LAYOUT,
    YEARS,
    YEARS_LAYOUT,
    parsed,
    person_level,
    register,
    roster,
    tables_of,
    values_of,
)
from tests.loaders.sheets import HOUSEHOLD, PERSON, household, identity, person, sheet

# Several tables from one sheet


def test_a_sheet_fills_the_people_and_once_a_household_the_register() -> None:
    rows = [person_level(1, 1), person_level(1, 2), person_level(2, 1)]
    made = sheet([["脱贫户信息"], PERSON_LEVEL, *rows])
    tables, audit = tables_of([made], PERSON_LEVEL_LAYOUT)
    assert values_of(tables["household"], "household_id", "head_name", "member_count") == [
        (HOME, "赵某某", 2),
        ("611025000002", "赵某某", 2),
    ]
    assert values_of(tables["household"], "registered", "farmland_mu") == [(True, 3.5)] * 2
    assert values_of(tables["member"], "name") == ["赵某一", "赵某二", "赵某一"]
    accounts = [(a.part, a.rows, a.accepted, a.mended) for a in audit.sheets]
    assert accounts == [("人口名单", 3, 3, 0), ("户信息", 3, 3, 0)]
    assert audit.sheets[0].match.unknown == [] == audit.sheets[1].match.unknown


def test_repeats_of_a_household_that_differ_are_listed() -> None:
    rows = [person_level(1, 1), person_level(1, 2, 家庭人口=3)]
    tables, audit = tables_of([sheet([PERSON_LEVEL, *rows])], PERSON_LEVEL_LAYOUT)
    assert values_of(tables["household"], "member_count") == [2]
    assert values_of(tables["mend"], "row", "header", "reason", "before", "after") == [
        (3, "家庭人口", "repeats_differ", "3", "2")
    ]
    assert [(a.accepted, a.mended) for a in audit.sheets] == [(2, 0), (1, 1)]


def test_a_person_who_is_refused_does_not_take_the_household_along() -> None:
    rows = [person_level(1, 1, 证件号码="12345"), person_level(2, 1, 户类型="不知道")]
    tables, audit = tables_of([sheet([PERSON_LEVEL, *rows])], PERSON_LEVEL_LAYOUT)
    assert values_of(tables["household"], "household_id") == [HOME]
    assert tables["member"].num_rows == 0
    refused = values_of(tables["quarantine"], "row", "reason")
    assert refused == [(2, "identity_length"), (3, "unknown_code"), (3, "unknown_household")]
    assert [dict(a.quarantined) for a in audit.sheets] == [
        {"identity_length": 1, "unknown_household": 1},
        {"unknown_code": 1},
    ]
    whole = values_of(tables["quarantine_row"], "row", "layout")
    assert whole == [(2, "person_level"), (3, "person_level")]  # a row once, for both tables


def test_the_register_itself_comes_before_what_is_said_in_passing() -> None:
    passing = sheet([PERSON_LEVEL, person_level(1, 1, 户主姓名="钱某")], file="0.xlsx")
    tables, audit = tables_of([passing, sheet(register(1), file="1.xlsx")], PERSON_LEVEL_LAYOUT)
    assert values_of(tables["household"], "head_name", "member_count") == [("赵某某", 3)]
    assert [a.mends["repeats_differ"] for a in audit.sheets] == [0, 1, 0]
    listed = values_of(tables["mend"], "header", "before", "after")
    assert ("户主姓名", "钱*", "赵*某") in listed and ("家庭人口", "2", "3") in listed


def test_a_further_table_that_the_sheet_has_no_column_of_is_left_out() -> None:
    rows = [list(row[:3] + row[7:]) for row in (PERSON_LEVEL, person_level(1, 1))]
    tables, audit = tables_of([sheet(rows), sheet(register(1))], PERSON_LEVEL_LAYOUT)
    assert values_of(tables["member"], "household_id") == [HOME]
    assert len(audit.sheets) == 2


# A column a year


def test_columns_by_year_become_rows_by_year_with_their_own_units() -> None:
    rows = [[HOME, 3, 5000, 6000, 0.7], ["611025000002", 4, "", 6100, ""]]
    tables, audit = tables_of([sheet(register(1, 2)), sheet([YEARS, *rows])], YEARS_LAYOUT)
    assert values_of(
        tables["household_year"], "household_id", "year", "per_capita_net_income_yuan"
    ) == [
        (HOME, 2019, 5000),
        (HOME, 2020, 6000),
        ("611025000002", 2020, 6100),
        (HOME, 2021, 7000),
    ]
    assert [(a.part, a.rows) for a in audit.sheets[1:]] == [
        ("家庭收入 2019年", 1),
        ("家庭收入 2020年", 2),
        ("家庭收入 2021年", 1),
    ]
    assert [a.aside["silent_row"] for a in audit.sheets[1:]] == [1, 0, 1]


def test_years_below_a_group_and_in_brackets() -> None:
    text = YEARS_LAYOUT.replace(
        '"{year}年人均纯收入"', '"人均纯收入({year}年)", also: ["{year}年"]'
    )
    head = ["户编号", "家庭人口", "人均纯收入(2019年)", "人均纯收入(2020年)"]
    for rows in (
        [head],
        [["户编号", "家庭人口", "人均纯收入", ""], ["", "", "2019年", "2020年"]],
    ):
        made = sheet([*rows, [HOME, 3, 5000, 6000]])
        tables, _ = tables_of([sheet(register(1)), made], text)
        found = values_of(tables["household_year"], "year", "per_capita_net_income_yuan")
        assert found == [(2019, 5000), (2020, 6000)]


def test_a_layout_by_year_does_not_know_a_sheet_without_years() -> None:
    head = ["户编号", "家庭人口", "人均纯收入", "2019年和2020年人均纯收入"]
    assert matching.match([head], [parsed(YEARS_LAYOUT)]) is None


# The place in a name

PLACED = """
key: placed
zh: 户信息
table: household
place_from: {township: sheet}
columns:
  - {field: household_id, header: 户编号, required: true}
  - {place: village, header: 行政村}
  - {field: member_count, header: 家庭人口, required: true}
fixed: {registered: true}
"""


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ("sheet", {"name": "永乐街道"}),
        ("sheet", {"name": "永乐街道2025年"}),
        ("file", {"file": "2025年镇安县永乐街道户信息.xlsx"}),
        ("title", {}),
    ],
)
def test_the_township_stands_in_a_name(source: str, more: dict[str, Any]) -> None:
    title = [["永乐街道户信息"]] if source == "title" else [["户信息"]]
    made = sheet([*title, ["户编号", "行政村", "家庭人口"], [HOME, "安山村", 3]], **more)
    tables, _ = tables_of([made], PLACED.replace("sheet}", source + "}"))
    assert values_of(tables["household"], "village_code") == ["611025001200"]


def test_the_village_stands_in_the_title() -> None:
    text = PLACED.replace("{township: sheet}", "{township: sheet, village: title}")
    text = text.replace("  - {place: village, header: 行政村}\n", "")
    made = sheet([["安山村户信息"], ["户编号", "家庭人口"], [HOME, 3]], name="永乐街道")
    tables, _ = tables_of([made], text)
    assert values_of(tables["household"], "village_code") == ["611025001200"]


@pytest.mark.parametrize("name", ["无此镇", "永乐街道和回龙镇", "Sheet1"])
def test_a_name_without_one_place_refuses_the_rows(name: str) -> None:
    made = sheet([["户编号", "行政村", "家庭人口"], [HOME, "安山村", 3]], name=name)
    tables, _ = tables_of([made], PLACED)
    assert values_of(tables["quarantine"], "reason") == ["unknown_township"]


def test_rows_that_come_back_mended_keep_the_sheet_that_they_stood_in() -> None:
    head = ["户编号", "行政村", "家庭人口", "隔离原因", "来源文件", "来源工作表", "来源行号"]
    rows = [[HOME, "安山村", 3, "", "甲.xlsx", "永乐街道", "2"]]
    tables, _ = tables_of([sheet([head, *rows], name="户信息")], PLACED)
    assert values_of(tables["household"], "village_code") == ["611025001200"]


def test_the_longest_name_in_a_text_is_the_place() -> None:
    assert named_place("镇安县永乐街道户信息", "township", COUNTY) == "永乐街道"
    assert named_place("户信息", "township", COUNTY) is None
    assert named_place("永乐街道、回龙镇", "township", COUNTY) is None


# A group behind the village


@pytest.mark.parametrize(
    ("cell", "group"),
    [("安山村2组", "2组"), ("安山村二组", "二组"), ("安山村 第3村民小组", "第3村民小组"),
     ("安山2组", "2组"), ("安山村上湾组", "上湾组")],
)  # fmt: skip
def test_a_village_cell_may_end_in_a_group(cell: str, group: str) -> None:
    tables, audit = tables_of([sheet([HOUSEHOLD, household(1, 行政村=cell)])])
    assert values_of(tables["household"], "village_code", "village_group") == [
        ("611025001200", group)
    ]
    assert not audit.sheets[0].mends


def test_a_group_that_the_table_has_no_place_for_is_listed() -> None:
    made = [sheet(register(1)), sheet([PERSON, person(1, 1, 行政村="安山村2组")])]
    tables, audit = tables_of(made)
    assert tables["member"].num_rows == 1 and audit.sheets[1].mended == 1
    reason, before, after = values_of(tables["mend"], "reason", "before", "after")[0]
    assert (reason, before) == ("group_in_village", "永乐街道 安山村2组") and "安山村" in after


def test_a_group_in_its_own_column_stays_and_the_other_is_listed() -> None:
    rows = [[*HOUSEHOLD, "村民小组"], [*household(1, 行政村="安山村2组"), "3组"]]
    tables, audit = tables_of([sheet(rows)])
    assert values_of(tables["household"], "village_group") == ["3组"]
    assert audit.sheets[0].mends == {"group_in_village": 1}


def test_what_is_no_village_without_its_group_stays_unknown() -> None:
    tables, _ = tables_of([sheet([HOUSEHOLD, household(1, 行政村="无此村2组")])])
    assert values_of(tables["quarantine"], "reason") == ["unknown_village"]
    assert split_group("2组") is None and split_group("组织村") is None


# Blank cells below a household

FILLED = """
key: filled
zh: 人口
table: member
columns:
  - {field: household_id, header: 户编号, required: true, fill_down: true}
  - {place: village, header: 行政村, fill_down: true}
  - {field: member_id, header: 人编号, required: true}
  - {field: name, header: 姓名}
  - {field: relation, header: 与户主关系}
  - {field: phone, header: 联系电话, fill_down: true}
"""
FILL_HEAD = ["户编号", "行政村", "人编号", "姓名", "与户主关系", "联系电话"]


def filled(*rows: list[object]) -> tuple[dict[str, pa.Table], Audit]:
    return tables_of([sheet(register(1, 2, 3)), sheet([FILL_HEAD, *rows])], FILLED)


def test_blank_cells_mean_what_stands_above_and_are_counted() -> None:
    tables, audit = filled(
        [HOME, "安山村", "01", "甲", "户主", "10000000001"],
        ["", "", "02", "乙", "配偶", ""],
        ["", "", "03", "丙", "之子", ""],
        ["611025000002", "安山村", "04", "丁", "户主", ""],
        ["", "", "05", "戊", "配偶", ""],
    )
    assert values_of(tables["member"], "household_id", "phone") == [
        (HOME, "10000000001"),
        (HOME, "10000000001"),
        (HOME, "10000000001"),
        ("611025000002", None),
        ("611025000002", None),
    ]
    account = audit.sheets[1].as_dict()
    assert account["filled"] == {"户编号": 3, "行政村": 3, "联系电话": 2}
    assert (account["accepted"], account["mended"]) == (5, 0)


@pytest.mark.parametrize(
    "row",
    [
        ["", "", "03", "丙", "户主", ""],
        ["", "太平村", "03", "丙", "之子", ""],
        ["", "", "03", "丙", "之子", "10000000002"],
    ],
    ids=["a head", "another village", "another phone"],
)
def test_nothing_is_filled_across_a_change_of_household(row: list[object]) -> None:
    tables, audit = filled(
        [HOME, "安山村", "01", "甲", "户主", "10000000001"], row, ["", "", "04", "丁", "之女", ""]
    )
    assert values_of(tables["member"], "member_id") == ["01"]
    assert values_of(tables["quarantine"], "row", "reason") == [(3, "missing"), (4, "missing")]
    assert audit.sheets[1].rows == 3


def test_total_lines_are_not_filled_and_a_first_blank_has_nothing_above() -> None:
    tables, audit = filled(
        ["", "", "00", "无", "之子", ""],
        [HOME, "安山村", "01", "甲", "户主", ""],
        ["合计", "", "", "", "", ""],
        ["", "", "02", "乙", "配偶", ""],
    )
    assert values_of(tables["member"], "household_id", "member_id") == [(HOME, "01"), (HOME, "02")]
    assert values_of(tables["quarantine"], "row") == [2]
    assert audit.sheets[1].aside["total_row"] == 1


def test_batches_go_on_where_the_one_before_ended() -> None:
    rows: list[list[object]] = [FILL_HEAD, [HOME, "安山村", "1", "甲", "户主", "10000000001"]]
    rows += [["", "", str(n), "乙", "配偶", ""] for n in range(2, 7)]
    made = sheet(rows)
    (match,) = matching.matches(made, [parsed(FILLED)])
    cleaner = Cleaner(made, match, COUNTY, Audit())
    whole = next(made.batches())
    filler = fill_down._Filler(match.at)
    parts = []
    for start in range(0, whole.num_rows, 2):
        part = whole.slice(start, 2)
        parts.append(filler.fill(part, fill_down._records(cleaner.plan, part)))
    assert pa.concat_tables(parts).equals(next(cleaner.sheet.batches()))
    assert pa.concat_tables(parts)["0"].to_pylist() == ["户编号", *[HOME] * 6]


def test_places_alone_are_filled_below_their_own_township_only() -> None:
    text = """
key: villages
zh: 村
table: village_year
columns:
  - {place: township, header: 乡镇, fill_down: true}
  - {place: village, header: 行政村, fill_down: true}
  - {field: year, header: 年度, required: true}
  - {field: population, header: 人口}
"""
    rows = [["乡镇", "行政村", "年度", "人口"], ["永乐街道", "安山村", 2023, 5], ["", "", 2024, 6]]
    rows += [["", "太平村", 2024, 7], ["回龙镇", "", 2024, 8]]
    tables, _ = tables_of([sheet(rows)], text)
    found = values_of(tables["village_year"], "village_code", "year", "population")
    assert (
        sorted(found)
        == [
            ("611025001200", 2023, 5),
            ("611025001200", 2024, 6),
            ("611025001202", 2024, 7),
        ]
        or len(found) == 3
    )
    assert values_of(tables["quarantine"], "row", "reason") == [(5, "missing")]


def test_blank_household_cells_say_which_key_would_read_them() -> None:
    rows = [person(n, 1, 户编号=HOME if n == 1 else "") for n in range(1, 5)]
    tables, _ = tables_of([sheet(register(1)), sheet([PERSON, *rows])])
    assert values_of(tables["quarantine"], "reason") == ["blank_below"] * 3
    rows = [person(n, n, 户编号="" if n == 3 else f"61102500000{n}") for n in range(1, 5)]
    tables, _ = tables_of([sheet(register(1, 2, 4)), sheet([PERSON, *rows])])
    assert values_of(tables["quarantine"], "reason") == ["missing"]


def test_what_was_refused_comes_back_with_its_filled_cells() -> None:
    tables, _ = filled([HOME, "安山村", "01", "甲", "户主", ""], ["", "", "", "乙", "配偶", ""])
    assert values_of(tables["quarantine_row"], "cells") == [[HOME, "安山村", "", "乙", "配偶", ""]]


# Households by identity number


def test_a_household_is_found_by_its_heads_identity_number() -> None:
    people = [person_level(1, 1), person_level(2, 1)]
    known = sheet([PERSON_LEVEL, *people], file="人口.xlsx")
    rows = [roster(1, 2), roster(2, 3), roster(3, 1)]
    made = sheet([["花名册"], ROSTER, *rows], file="花名册.xlsx")
    tables, audit = tables_of([known, made], PERSON_LEVEL_LAYOUT, ROSTER_LAYOUT)
    taken = values_of(tables["member"], "source_file", "household_id", "village_code")
    assert [row for row in taken if row[0] == "花名册.xlsx"] == [
        ("花名册.xlsx", HOME, "611025001200"),
        ("花名册.xlsx", "611025000002", "611025001200"),
    ]
    told = values_of(tables["quarantine"], "row", "reason", "header", "value")
    assert told == [(5, "household_not_found", "户主身份证号", f"6{'*' * 17}")]
    (check,) = audit.sheets[-1].checks
    assert (check["column"], check["compared"], check["differs"]) == ("户主姓名", 2, 0)


def test_somebody_in_two_households_finds_neither() -> None:
    again = person_level(2, 1, 证件号码=identity(order=11))
    known = sheet([PERSON_LEVEL, person_level(1, 1), again, person_level(2, 2)])
    made = sheet([ROSTER, roster(1, 3)], file="花名册.xlsx")
    tables, _ = tables_of([known, made], PERSON_LEVEL_LAYOUT, ROSTER_LAYOUT)
    reasons = dict(values_of(tables["quarantine"], "reason", "file"))
    assert reasons["household_ambiguous"] == "花名册.xlsx"


def test_numbers_not_known_yet_and_blank_ones_find_nobody() -> None:
    nobody = "999999198001010011"
    known = sheet([PERSON_LEVEL, person_level(1, 1, 证件号码=nobody)])
    rows = [roster(1, 2, 户主身份证号=nobody), roster(1, 3, 户主身份证号="")]
    tables, _ = tables_of([known, sheet([ROSTER, *rows])], PERSON_LEVEL_LAYOUT, ROSTER_LAYOUT)
    assert sorted(values_of(tables["quarantine"], "row", "reason")) == [
        (2, "household_not_found"),
        (3, "missing"),
    ]


ROLL = """
key: roll
zh: 低保花名册
table: benefit
fixed: {benefit_kind: minimum_allowance}
hash: {benefit_id: [benefit_kind, household_id, started_on]}
household_by: [identity_number]
columns:
  - {field: identity_number, header: 身份证号}
  - {field: month_yuan, header: 月保障金额, required: true}
  - {field: started_on, header: 起始时间, required: true}
"""


def test_a_roll_is_led_to_households_by_the_persons_own_number() -> None:
    known = sheet([PERSON_LEVEL, person_level(1, 1), person_level(2, 1)])
    rows = [[identity(order=n), 300 + n, "2024-01-01"] for n in (11, 21, 91)]
    made = sheet([["身份证号", "月保障金额", "起始时间"], *rows])
    tables, _ = tables_of([known, made], PERSON_LEVEL_LAYOUT, ROLL)
    assert values_of(tables["benefit"], "household_id", "month_yuan") == [
        (HOME, 311),
        ("611025000002", 321),
    ]
    assert len(set(values_of(tables["benefit"], "benefit_id"))) == 2
    assert values_of(tables["quarantine"], "reason") == ["household_not_found"]


def test_every_number_of_a_row_is_tried_in_its_order() -> None:
    text = ROLL.replace("[identity_number]", "[head_identity_number, identity_number]")
    text = text.replace(
        "columns:", "columns:\n  - {field: head_identity_number, header: 户主身份证号}"
    )
    known = sheet([PERSON_LEVEL, person_level(1, 1), person_level(2, 1)])
    own, other, stranger = (identity(order=n) for n in (11, 21, 91))
    pairs = [(stranger, own), (own, other), ("", own), (own, stranger), (stranger, stranger)]
    rows = [[*pair, 300 + at, f"2024-01-0{at + 1}"] for at, pair in enumerate([*pairs, ("", "")])]
    header = ["户主身份证号", "身份证号", "月保障金额", "起始时间"]
    made = sheet([header, *rows], file="花名册.xlsx")
    tables, _ = tables_of([known, made], PERSON_LEVEL_LAYOUT, text)
    found = values_of(tables["benefit"], "household_id", "month_yuan")
    assert found == [(HOME, 300 + at) for at in range(4)]
    assert sorted(values_of(tables["quarantine"], "row", "reason")) == [
        (6, "household_not_found"),
        (7, "missing"),
    ]


def test_a_roll_that_comes_again_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    folder = tmp_path / "county" / "layouts"
    folder.mkdir(parents=True)
    (folder / "roll.yaml").write_text(ROLL, "utf-8")
    load(home, [HOUSEHOLD, household(1)], [PERSON, person(11, 1)])
    roll: list[list[object]] = [
        ["身份证号", "月保障金额", "起始时间"],
        [identity(order=11), 300, "2024-01-01"],
    ]
    load(home, roll)
    counts = load(home, roll).changes["benefit"]
    assert (counts["before"], counts["changed"], counts["after"]) == (1, 0, 1)
    roll[1][1] = 310
    assert load(home, roll).changes["benefit"]["changed"] == 1


def test_a_layout_that_names_households_by_their_village_works() -> None:
    text = ROSTER_LAYOUT.replace("household_by: [head_identity_number]\n", "")
    text = text.replace("{member_id: [identity_number]}",
                        "{member_id: [identity_number], household_id: [village_code]}")  # fmt: skip
    text = text.replace(
        "  - {field: head_identity_number, header: 户主身份证号, required: true}\n", ""
    )
    tables, audit = tables_of([sheet([ROSTER, roster(1, 1), roster(1, 2)])], text)
    assert audit.sheets[0].quarantined == {"unknown_household": 2}
    assert tables["member"].num_rows == 0


# Three header rows


@pytest.mark.parametrize("unit", ["(亩)", "亩", "（单位：亩）"])
def test_group_name_and_unit_are_a_header(unit: str) -> None:
    top = [*HOUSEHOLD, "土地", "", "收支"]
    middle = [*[""] * len(HOUSEHOLD), "耕地面积", "林地面积", "其他"]
    low = [*[""] * len(HOUSEHOLD), unit, "公顷", ""]
    rows = [top, middle, low, [*household(1), 3.5, 2, "x"]]
    tables, audit = tables_of([sheet(rows, merges=((1, 7, 1, 8),))])
    assert values_of(tables["household"], "farmland_mu", "woodland_mu") == [(3.5, 30)]
    assert audit.sheets[0].aside == {"header_row": 3}
    assert audit.sheets[0].match.unknown == ["收支其他"]


def test_the_account_of_a_further_table_can_stand_in_a_manifest() -> None:
    _, audit = tables_of([sheet([PERSON_LEVEL, person_level(1, 1)])], PERSON_LEVEL_LAYOUT)
    accounts = json.loads(json.dumps([account.as_dict() for account in audit.sheets]))
    assert [account["part"] for account in accounts] == ["人口名单", "户信息"]
