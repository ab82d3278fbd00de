"""Refused rows as a workbook in their own layouts, to be mended and loaded again as it is.

Each (layout, header row) pair has a sheet: a title where rows are simulated, so that they stay so
when they are loaded again, the headers as they stood in the file, every cell as text, and four
columns more that say why the row was refused and where it came from. The last three make the sheet
an amendment when it is loaded (``headers.Match.origin``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from glossary import reason_words
from loaders.layouts.headers import ORIGIN, REASON
from loaders.reading.simulated_mark import marked
from store.simulated import State

HINT = "请在本表中改正标色的单元格,保存后在“数据”页重新上传。表头和最后四列请保留,未改的行可不删。"

_MOST_ROWS = 1_000_000  # of a sheet, below a workbook's own limit of 1,048,576
_MOST_TEXT = 32_767  # characters that a workbook's cell holds
_MOST_COMMENTS = 5_000  # of a workbook: each is drawn as a shape when it is opened
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")

Row = Mapping[str, Any]


def workbook(
    refused: pa.Table, names: Mapping[str, str], state: State = "none", header: str = ""
) -> bytes:
    """An xlsx file of refused rows.

    ``refused`` has one row a refused row: file, sheet, row, layout, headers and cells as in the
    store's ``quarantine_row``, and the lists ``reasons`` and ``refused`` with each reason and the
    header that it was found under (or null). Rows of one layout and header row follow each other.
    ``names`` are the layouts' names by key; ``state`` says what of the rows is simulated;
    ``header`` stands over every printed page, and in no cell, so that the file can be loaded again.
    """
    target = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    title = "" if state == "none" else marked("隔离的行", state)
    with xlsxwriter.Workbook(target, options) as book:
        writer = _Writer(book, title, header)
        rows = (row for batch in refused.to_batches(10_000) for row in batch.to_pylist())
        for (layout, headers), part in groupby(rows, lambda r: (r["layout"], r["headers"])):
            writer.sheets(names.get(layout, layout), headers, part)
        if not refused.num_rows:
            book.add_worksheet(REASON).write_string(0, 0, "没有隔离的行。")
    return target.getvalue()


class _Writer:
    """What the sheets of one workbook share: formats, names given, comments left to write."""

    def __init__(self, book: xlsxwriter.Workbook, title: str, header: str):
        self.book, self.title, self.header = book, title, header
        self.head_line = 1 if title else 0
        self.comments = _MOST_COMMENTS
        self.names: set[str] = set()
        # A number typed into it stays as it was typed. What begins as a formula does is text to a
        # spreadsheet, edited or not, and still stands as in the file: it is loaded again as it is.
        plain = {"num_format": "@", "quote_prefix": True}
        self.text: Format = book.add_format(plain)
        self.marked: Format = book.add_format({**plain, "bg_color": "#F6D9C6"})
        self.reason: Format = book.add_format({**plain, "font_color": "#A8440F"})
        self.head: Format = book.add_format({**plain, "bold": True, "bottom": 1, "text_wrap": True})
        self.added: Format = book.add_format(
            {**plain, "bold": True, "bottom": 1, "bg_color": "#F1EFEB"}
        )

    def sheets(self, name: str, headers: Sequence[str], rows: Iterator[Row]) -> None:
        """The rows of one layout and header row: one sheet, or more where they are too many."""
        sheet, width = None, 0
        for number, row in enumerate(rows):
            line = number % _MOST_ROWS
            if sheet is None or line == 0:
                width = len(headers)
                sheet = self._begin(name, headers)
            self._write(sheet, self.head_line + 1 + line, row, width)

    def _begin(self, name: str, headers: Sequence[str]) -> Worksheet:
        sheet = self.book.add_worksheet(self._named(name))
        top = self.head_line
        if self.header:
            sheet.set_header(self.header)
        if self.title:
            sheet.write_string(0, 0, self.title, self.text)
        for column, header in enumerate(headers):
            sheet.set_column(column, column, min(max(2 * len(header), 8), 24), self.text)
            sheet.write_string(top, column, _fitting(header), self.head)
        first = len(headers)
        sheet.set_column(first, first, 60, self.text)
        sheet.set_column(first + 1, first + len(ORIGIN), 18, self.text)
        for column, header in enumerate((REASON, *ORIGIN), start=first):
            sheet.write_string(top, column, header, self.added)
        sheet.write_comment(top, first, HINT, {"x_scale": 2})
        sheet.freeze_panes(top + 1, 0)
        return sheet

    def _named(self, name: str) -> str:
        """A sheet name that the workbook has not and that every program takes."""
        base = _FORBIDDEN.sub(" ", name).strip()[:24] or "隔离"
        found, order = base, 1
        while found.casefold() in self.names:
            order += 1
            found = f"{base} {order}"
        self.names.add(found.casefold())
        return found

    def _write(self, sheet: Worksheet, line: int, row: Row, width: int) -> None:
        said = list(zip(row["reasons"], row["refused"], strict=True))
        marked = {header: reason_words(reason, "zh") for reason, header in said if header}
        headers = [header.strip() for header in row["headers"]]
        places = {headers.index(header): header for header in marked if header in headers}
        for column, cell in enumerate(row["cells"][:width]):
            form = self.marked if column in places else self.text
            if cell:
                sheet.write_string(line, column, _fitting(cell), form)
            elif column in places:
                sheet.write_blank(line, column, None, form)
        for column, header in places.items():
            self._comment(sheet, line, column, "。".join(filter(None, marked[header])))
        why = "；".join(_sentence(reason, header) for reason, header in said)
        said_of_it = _fitting(why + _beyond(row["cells"][width:]))
        sheet.write_string(line, width, said_of_it, self.reason)
        origin = (row["file"], row["sheet"] or "", str(row["row"]))
        for column, cell in enumerate(origin, start=width + 1):
            sheet.write_string(line, column, _fitting(cell), self.text)

    def _comment(self, sheet: Worksheet, line: int, column: int, text: str) -> None:
        if self.comments:
            self.comments -= 1
            sheet.write_comment(line, column, text, {"x_scale": 1.6})


def _sentence(reason: str, header: str | None) -> str:
    """Why, where, and what to do about it."""
    what, todo = reason_words(reason, "zh")
    place = f"“{header.strip()}”" if header else ""
    return f"{place}{what}。{todo}" if todo else f"{place}{what}"


def _beyond(cells: Sequence[str]) -> str:
    """Cells that stand beyond the last header: no column is theirs."""
    found = " | ".join(filter(None, cells))
    return f"(表头之外还有: {found[:200]})" if found else ""


def _fitting(cell: str) -> str:
    """Text that a workbook's cell holds; what is cut says so."""
    return cell if len(cell) <= _MOST_TEXT else cell[: _MOST_TEXT - 8] + "…(已截断)"
