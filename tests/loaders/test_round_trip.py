"""Refused rows taken out, mended in a spreadsheet and loaded again: only they change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from loaders import importing
from loaders.accounts import refused_workbook
from loaders.layouts import matching
from loaders.layouts.headers import REASON
from metrics import intake
from store.reader import Engine, Reader
from store.scope import Scope
from store.snapshots import Home
from tests.loaders import sheets

DAY = date(2025, 12, 31)
WRONG = sheets.identity(order=2)[:-1] + ("0" if sheets.identity(order=2)[-1] != "0" else "1")


@contextmanager
def reading(home: Home) -> Iterator[Reader]:
    engine = Engine(home.current())
    yield engine.reader(Scope.of(["611025"]), reveal=True)
    engine.retire()


def held(home: Home, table: str) -> list[dict[str, Any]]:
    with reading(home) as reader:
        return reader.rows(f"SELECT * FROM {{{table}}} ORDER BY ALL")


def load(home: Home, *paths: Path) -> Any:
    return importing.run(paths, home, DAY, loaded_by="王某", county_code="611025")


def taken_out(home: Home) -> openpyxl.Workbook:
    with reading(home) as reader:
        refused = intake.refused_rows(reader, None, None)
    names = {layout.key: layout.zh for layout in matching.load()}
    return openpyxl.load_workbook(BytesIO(refused_workbook.workbook(refused, names)))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Two sheets, of which two rows were refused: an unknown village and a wrong identity."""
    register = [
        sheets.HOUSEHOLD,
        sheets.household(1),
        sheets.household(2, 行政村="没有的村"),
        sheets.household(3, 户主姓名="=孙某"),
    ]
    people = [["人口名单"], sheets.PERSON, sheets.person(1, of=1)]
    people += [sheets.person(2, of=1, 证件号码=WRONG, 与户主关系="配偶"), sheets.person(3, of=3)]
    book = sheets.workbook(tmp_path / "总表.xlsx", {"户": register, "人": people})
    load(Home(tmp_path / "home"), book)
    return Home(tmp_path / "home")


def mended(home: Home, path: Path, **cells: str) -> Path:
    """The workbook of refused rows with some cells, named by their headers, put right."""
    book = taken_out(home)
    for sheet in book.worksheets:
        head = [cell.value for cell in sheet[1]]
        for header, value in cells.items():
            if header in head:
                sheet.cell(2, head.index(header) + 1).value = value
    book.save(path)
    return path


def test_a_mended_row_is_in_the_new_snapshot_and_nothing_else_changes(
    home: Home, tmp_path: Path
) -> None:
    before = {table: held(home, table) for table in ("household", "member", "quarantine")}
    assert [row["row"] for row in before["quarantine"]] == [4, 3]
    load(home, mended(home, tmp_path / "改.xlsx", 证件号码=sheets.identity(order=2)))
    assert held(home, "household") == before["household"]
    new = [row for row in held(home, "member") if row not in before["member"]]
    (found,) = new
    assert found["identity_number"] == sheets.identity(order=2)
    assert (found["source_file"], found["source_row"]) == ("总表.xlsx", 4)
    assert len(held(home, "member")) == len(before["member"]) + 1
    left = [row for row in before["quarantine"] if row["header"] != "证件号码"]
    assert held(home, "quarantine") == left


def test_all_of_them_mended_leaves_no_refused_row(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "改.xlsx"
    load(home, mended(home, path, 证件号码=sheets.identity(order=2), 行政村="安山村"))
    assert not held(home, "quarantine") and not held(home, "quarantine_row")
    assert len(held(home, "household")) == 3
    assert "=孙某" in {row["head_name"] for row in held(home, "household")}


def test_rows_not_mended_stand_where_they_stood(home: Home, tmp_path: Path) -> None:
    tables = ("household", "member", "quarantine", "quarantine_row")
    before = {table: held(home, table) for table in tables}
    load(home, mended(home, tmp_path / "改.xlsx"))
    assert {table: held(home, table) for table in tables} == before


def test_an_amendment_mended_wrongly_keeps_its_first_origin(home: Home, tmp_path: Path) -> None:
    load(home, mended(home, tmp_path / "改.xlsx", 证件号码="123", 行政村="安山村"))
    (entry,) = held(home, "quarantine")
    assert (entry["file"], entry["sheet"], entry["row"]) == ("总表.xlsx", "人", 4)
    assert entry["reason"] == "identity_length"
    again = taken_out(home)["人口名单"]
    assert [cell.value for cell in again[2]][-3:] == ["总表.xlsx", "人", "4"]


def test_a_line_that_lost_its_shape_stays_out_until_its_reason_is_taken_out(
    home: Home, tmp_path: Path
) -> None:
    text = tmp_path / "收入.txt"
    line = "2025\t61102500000{}\t3\t{}\t3000\n"
    head = "年度\t户编号\t家庭人口\t家庭纯收入\t家庭人均纯收入\n"
    text.write_text(head + line.format(1, 9000) + line.format(3, "9000\t多出"), "utf-8")
    load(home, text)
    assert [row["reason"] for row in held(home, "quarantine")][-1] == "ragged_row"
    people = {"证件号码": sheets.identity(order=2)}  # so that something is loaded
    load(home, mended(home, tmp_path / "未改.xlsx", **people))
    assert [row["reason"] for row in held(home, "quarantine")][-1] == "ragged_row"
    shifted = {"家庭纯收入": "9000", "家庭人均纯收入": "3000", REASON: ""}
    load(home, mended(home, tmp_path / "改.xlsx", **shifted))
    assert len(held(home, "household_year")) == 2
    assert "ragged_row" not in {row["reason"] for row in held(home, "quarantine")}
