"""The workbook of refused rows: their own layout, nothing interpreted, why beside it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from glossary import reason_words
from loaders.accounts import refused_workbook
from loaders.layouts.headers import ORIGIN, REASON

HEADERS = ["户编号", "姓名", "证件号码\n(18位)", "备注"]
NAMES = {"person_list": "人口名单", "odd": "甲/乙[丙]:*?" + "长" * 40}
# Characters that XML can hold; a file's text never has others.
CELL = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=30)


def refused(*rows: dict[str, Any]) -> pa.Table:
    usual = {
        "file": "名单.xlsx",
        "sheet": "名单",
        "row": 7,
        "layout": "person_list",
        "headers": HEADERS,
        "cells": ["H1", "赵某", "6199251980010100", ""],
        "reasons": ["identity_length"],
        "refused": ["证件号码\n(18位)"],
    }
    return pa.Table.from_pylist([usual | row for row in rows])


def opened(*rows: dict[str, Any]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(refused_workbook.workbook(refused(*rows), NAMES)))


def read(*rows: dict[str, Any]) -> list[list[list[str]]]:
    """Every sheet's rows as the loaders' reader sees them."""
    book = CalamineWorkbook.from_filelike(BytesIO(refused_workbook.workbook(refused(*rows), NAMES)))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def test_a_refused_row_stands_under_its_own_headers_with_its_origin() -> None:
    sheet = opened({})["人口名单"]
    head, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert head == [*HEADERS, REASON, *ORIGIN]
    assert row[:3] == ["H1", "赵某", "6199251980010100"] and row[3] is None
    assert row[5:] == ["名单.xlsx", "名单", "7"]
    what, todo = reason_words("identity_length", "zh")
    assert what in row[4] and todo in row[4]
    assert sheet.freeze_panes == "A2"


def test_the_refused_cell_alone_is_marked_and_says_why() -> None:
    sheet = opened({})["人口名单"]
    colours = [cell.fill.fgColor.rgb for cell in sheet[2][:4]]
    assert colours[2] not in colours[:2] + colours[3:]
    assert reason_words("identity_length", "zh")[0] in sheet["C2"].comment.text
    assert sheet["A2"].comment is None


def test_an_empty_cell_that_is_missing_is_marked_too() -> None:
    sheet = opened({"cells": ["", "赵某", "1", ""], "reasons": ["missing"], "refused": ["户编号"]})[
        "人口名单"
    ]
    assert sheet["A2"].value is None and sheet["A2"].fill.fgColor.rgb == "FFF6D9C6"
    assert "“户编号”" in sheet["E2"].value


def test_text_stays_text_also_where_it_looks_like_a_formula_or_a_number() -> None:
    odd = ["=HYPERLINK(1)", "+cmd", "-1", "@x", "00123", "http://a.b", "<script>", " 两端 "]
    headers = [f"列{i}" for i in range(len(odd))]
    book = opened({"headers": headers, "cells": odd, "refused": [None]})
    row = book["人口名单"][2]
    assert [cell.value for cell in row[: len(odd)]] == odd
    assert {cell.data_type for cell in row} == {"s"}
    assert {cell.number_format for cell in row} == {"@"}
    assert all(cell.quotePrefix for cell in row), "text to a spreadsheet, once edited too"


@settings(max_examples=50)
@given(st.lists(st.lists(CELL, min_size=4, max_size=4), min_size=1, max_size=5))
def test_every_cell_comes_back_as_it_was(rows: list[list[str]]) -> None:
    (sheet,) = read(*({"cells": cells, "row": i} for i, cells in enumerate(rows, start=2)))
    assert [line[:4] for line in sheet[1:]] == rows
    assert [line[7] for line in sheet[1:]] == [str(i) for i in range(2, len(rows) + 2)]


def test_each_header_row_has_a_sheet_with_a_name_of_its_own() -> None:
    other = {"headers": ["户编号", "姓名"], "cells": ["H1", "赵某"], "refused": [None]}
    book = opened({}, other, other | {"layout": "odd"}, {"layout": "no longer there"})
    names = book.sheetnames
    assert names[:2] == ["人口名单", "人口名单 2"] and names[3] == "no longer there"
    assert len(names[2]) <= 31 and not set(names[2]) & set("[]:*?/\\")


def test_a_sheet_too_long_goes_on_in_another(monkeypatch) -> None:
    monkeypatch.setattr(refused_workbook, "_MOST_ROWS", 2)
    sheets = read(*({"row": i} for i in range(5)))
    assert [len(sheet) - 1 for sheet in sheets] == [2, 2, 1]
    assert all(sheet[0][:4] == HEADERS for sheet in sheets)


def test_cells_beyond_the_headers_and_too_long_ones_are_told() -> None:
    ((head, row),) = read({"cells": ["H1", "赵某", "1", "x" * 40_000, "多出", ""]})
    assert len(head) == 8
    assert "多出" in row[4]
    assert row[3].endswith("(已截断)")


def test_comments_stop_where_they_would_make_the_file_heavy(monkeypatch) -> None:
    monkeypatch.setattr(refused_workbook, "_MOST_COMMENTS", 1)
    sheet = opened({}, {"row": 8})["人口名单"]
    assert sheet["C2"].comment and sheet["C3"].comment is None
    assert sheet["C3"].fill.fgColor.rgb == sheet["C2"].fill.fgColor.rgb


def test_without_refused_rows_the_workbook_says_so() -> None:
    empty = refused({}).slice(1)
    book = openpyxl.load_workbook(BytesIO(refused_workbook.workbook(empty, NAMES)))
    assert book.active["A1"].value == "没有隔离的行。"
