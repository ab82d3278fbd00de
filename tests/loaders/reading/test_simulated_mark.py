"""Whether data are simulated is what their files say, and every import keeps it."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from loaders import importing
from loaders.accounts import refused_workbook
from loaders.accounts.report import Report
from loaders.layouts import matching
from loaders.reading import simulated_mark
from loaders.withdrawing import withdraw
from store import simulated
from store.simulated import Origin, State
from store.snapshots import Home, Snapshot
from tests import small_county
from tests.loaders import sheets
from tests.loaders.sheets import HOUSEHOLD, LEDGER, PERSON, household, person

DAY = date(2025, 12, 31)
INCOME = ["年度", "户编号", "家庭人口", "家庭纯收入", "家庭人均纯收入"]


@pytest.mark.parametrize(
    ("above", "state"),
    [
        (["户信息(模拟数据)"], "all"),
        (["户信息\uff08模拟数据\uff09"], "all"),
        (["户信息", "", "", "模拟数据"], "all"),
        (["户信息(含模拟数据)"], "part"),
        (["户信息"], "none"),
        (["户信息(非模拟数据)"], "none"),
        (["模拟数据中心填报"], "none"),
    ],
)
def test_a_line_above_the_header_says_it(above: list[str], state: State) -> None:
    sheet = sheets.sheet([above, HOUSEHOLD, household(1)])
    assert simulated_mark.states_of(sheet, matching.matches(sheet)) == [state]


def test_a_cell_of_a_record_does_not() -> None:
    sheet = sheets.sheet([["户信息"], HOUSEHOLD, household(1, 户主姓名="模拟数据")])
    assert simulated_mark.states_of(sheet, matching.matches(sheet)) == ["none"]


def test_every_table_of_a_sheet_is_what_the_sheet_says() -> None:
    ledger = ["永乐街道", "安山村", "611025000001", "赵某某", "因病", "2021年3月1日", ""]
    blank = [""] * 7
    rows = [["台账(模拟数据)"], HOUSEHOLD, *[household(n) for n in range(1, 15)], blank]
    sheet = sheets.sheet([*rows, ["边缘户"], LEDGER, ledger])
    assert simulated_mark.states_of(sheet, matching.matches(sheet)) == ["all", "all"]


def _register(folder: Path, title: str, *numbers: int, name: str = "户信息.xlsx") -> Path:
    rows = [[title], HOUSEHOLD, *map(household, numbers)]
    return sheets.workbook(folder / name, {"户信息": rows})


def _people(folder: Path, title: str) -> Path:
    rows = [[title], PERSON, person(1, 1), person(2, 9)]
    return sheets.workbook(folder / "人口.xlsx", {"名单": rows})


def _income(folder: Path, title: str, *years: int) -> Path:
    path = folder / f"收入{min(years)}.txt"
    rows = [[title], INCOME, *([year, "611025000001", 3, 9000, 3000] for year in years)]
    path.write_text("\n".join("\t".join(map(str, row)) for row in rows), "utf-8")
    return path


def _run(home: Path, *paths: Path, **options: Any) -> tuple[Report, Snapshot]:
    options.setdefault("county_code", "611025")
    report = importing.run(paths, Home(home), DAY, loaded_by="test", **options)
    assert report.snapshot
    return report, Home(home).open(report.snapshot)


def test_files_loaded_by_hand_make_a_simulated_snapshot(tmp_path: Path) -> None:
    files = [_register(tmp_path, "某县(模拟数据)", 1), _income(tmp_path, "收入(模拟数据)", 2024)]
    report, snapshot = _run(tmp_path / "home", *files)
    assert simulated.state_of(snapshot) == report.simulated == "all"
    assert [s["simulated"] for s in snapshot.manifest["sources"]] == [True, True]
    assert "模拟数据" in list(report.lines())


def test_the_same_files_without_the_mark_are_real(tmp_path: Path) -> None:
    files = [_register(tmp_path, "某县", 1), _income(tmp_path, "收入", 2024)]
    report, snapshot = _run(tmp_path / "home", *files)
    assert simulated.state_of(snapshot) == report.simulated == "none"
    assert [s["simulated"] for s in snapshot.manifest["sources"]] == [False, False]
    assert not [line for line in report.lines() if "模拟" in line]


def test_a_mixture_says_so_and_names_the_files(tmp_path: Path) -> None:
    files = [_register(tmp_path, "某县", 1), _income(tmp_path, "收入(模拟数据)", 2024)]
    report, snapshot = _run(tmp_path / "home", *files)
    assert simulated.state_of(snapshot) == "part"
    assert "含模拟数据: 收入2024.txt" in list(report.lines())
    assert Report.from_dict(report.as_dict()).simulated == "part"


def test_carried_tables_count_with_the_state_that_they_had(tmp_path: Path) -> None:
    home = tmp_path / "home"
    _run(home, _register(tmp_path, "某县(模拟数据)", 1), _income(tmp_path, "收入(模拟数据)", 2024))
    _, snapshot = _run(home, _register(tmp_path, "某县", 1))
    assert simulated.state_of(snapshot) == "part", "the incomes are still the simulated ones"
    _, snapshot = _run(home, _income(tmp_path, "收入", 2025))
    assert simulated.state_of(snapshot) == "part", "those of another year are carried"
    _, snapshot = _run(home, _income(tmp_path, "收入", 2024, 2025))
    assert simulated.state_of(snapshot) == "none"


def test_an_import_that_begins_anew_forgets_the_simulated(tmp_path: Path) -> None:
    home = tmp_path / "home"
    _run(home, _register(tmp_path, "某县(模拟数据)", 1))
    _, snapshot = _run(home, _people(tmp_path, "名单"), _register(tmp_path, "某县", 1), fresh=True)
    assert simulated.state_of(snapshot) == "none"


def test_an_import_taken_back_takes_its_mark_along(tmp_path: Path) -> None:
    home = tmp_path / "home"
    _run(home, _register(tmp_path, "某县", 1), _income(tmp_path, "收入", 2024))
    _, snapshot = _run(home, _income(tmp_path, "收入(模拟数据)", 2025))
    assert simulated.state_of(snapshot) == "part"
    report = withdraw(Home(home), 2, "王某")
    assert report.simulated == simulated.state_of(Home(home).current()) == "none"
    _run(home, _income(tmp_path, "收入(模拟数据)", 2025))
    _run(home, _income(tmp_path, "收入", 2026))
    withdraw(Home(home), 5, "王某")
    assert simulated.state_of(Home(home).current()) == "part", "what stays keeps its own"


def test_rows_that_wait_keep_the_mark_until_they_come(tmp_path: Path) -> None:
    home = tmp_path / "home"
    _run(home, _register(tmp_path, "某县", 1), _people(tmp_path, "名单(模拟数据)"))
    _, snapshot = _run(home, _register(tmp_path, "某县", 1, 9, name="全县.xlsx"))
    people = pq.read_table(snapshot.path("member"))["household_id"].to_pylist()
    assert "611025000009" in people and simulated.state_of(snapshot) == "part"


def test_refused_rows_of_a_simulated_list_stay_simulated_when_they_come_back(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    files = [_register(tmp_path, "某县(模拟数据)", 1), _people(tmp_path, "名单(模拟数据)")]
    _, snapshot = _run(home, *files)
    told = pq.read_table(snapshot.path("quarantine_row")).to_pylist()
    assert [row["row"] for row in told] == [4]
    rows = [row | {"reasons": ["unknown_household"], "refused": ["户编号"]} for row in told]
    mended = tmp_path / "改好.xlsx"
    state = simulated.state_of(snapshot)
    mended.write_bytes(refused_workbook.workbook(pa.Table.from_pylist(rows), {}, state))
    title, head, row = CalamineWorkbook.from_path(mended).get_sheet_by_index(0).to_python()[:3]
    assert title[0] == "隔离的行(模拟数据)" and head[: len(PERSON)] == PERSON
    assert row[2] == "611025000009"
    report, snapshot = _run(home, mended, _register(tmp_path, "某县(模拟数据)", 1, 9))
    assert any(sheet["amends"] and sheet["accepted"] for sheet in report.sheets)
    assert simulated.state_of(snapshot) == "all"


@pytest.mark.parametrize(("state", "words"), [("all", "模拟数据"), ("part", "含模拟数据")])
def test_the_workbook_of_refused_rows_says_it(state: State, words: str) -> None:
    row = {"file": "a", "sheet": "a", "row": 3, "layout": "a", "headers": ["甲"], "cells": ["1"]}
    rows = pa.Table.from_pylist([row | {"reasons": ["missing"], "refused": [None]}])
    book = CalamineWorkbook.from_filelike(BytesIO(refused_workbook.workbook(rows, {}, state)))
    assert book.get_sheet_by_index(0).to_python()[0][0] == f"隔离的行({words})"
    book = CalamineWorkbook.from_filelike(BytesIO(refused_workbook.workbook(rows, {})))
    assert book.get_sheet_by_index(0).to_python()[0][0] == "甲"


@pytest.mark.parametrize(
    ("states", "state"),
    [([], "none"), (["all"], "all"), (["all", "none"], "part"), (["part", "part"], "part")],
)
def test_states_together(states: list[State], state: State) -> None:
    assert simulated.together(states) == state


@pytest.mark.parametrize(
    ("prefixes", "state"), [(["6199"], "all"), (["6199", "9999"], "all"), (["6110"], "none"),
                            (["6199", "6110"], "part"), ([], "none")]
)  # fmt: skip
def test_a_snapshot_of_before_is_judged_by_its_peoples_numbers(
    tmp_path: Path, prefixes: list[str], state: State
) -> None:
    tables = small_county.tables()
    member = tables["member"]
    numbers = [f"{p}25198001010010" for p in prefixes] + [None] * member.num_rows
    column = pa.array(numbers[: member.num_rows], pa.string())
    at = member.column_names.index("identity_number")
    tables["member"] = member.set_column(at, member.schema.field(at), column)
    snapshot = Home(tmp_path).publish(
        tables, data_date=DAY, county_code="619925", loaded_by="test", sources=[], report={}
    )
    assert simulated.state_of(snapshot) == "none", "it says so"
    del snapshot.manifest["simulated"]
    assert simulated.state_of(snapshot) == state
    assert simulated.kept(snapshot, [("member", "a.xlsx")]) == [Origin("member", "a.xlsx", state)]
