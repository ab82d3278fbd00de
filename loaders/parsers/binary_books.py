"""Sheets of binary workbooks, xls and xlsb, by the calamine parser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import python_calamine as calamine

from loaders.parsers.biff_errors import Marks
from loaders.parsers.spool import Refused, SheetSpool, Spool, listed
from loaders.parsers.stored_values import text_of

_ROWS = 4_096  # turned to columns at once


def extract(path: str, spool: Spool, marks: Sequence[Marks] = ()) -> None:
    """Write every worksheet of a workbook, with what is told of its sheets; raises Refused."""
    try:
        book = calamine.load_workbook(path)
        for index, about in enumerate(book.sheets_metadata):
            if about.typ is calamine.SheetTypeEnum.WorkSheet:
                hidden = about.visible is not calamine.SheetVisibleEnum.Visible
                with spool.sheet(about.name, hidden=hidden) as out:
                    told = marks[index] if index < len(marks) else Marks()
                    out.hidden_rows, out.struck_rows = told.hidden, told.struck
                    _write(book.get_sheet_by_index(index), out, told.errors)
    except calamine.PasswordError:
        raise Refused("password") from None
    except calamine.CalamineError:
        raise Refused("unreadable_file") from None


def _write(
    sheet: calamine.CalamineSheet, out: SheetSpool, errors: dict[int, dict[int, str]]
) -> None:
    if sheet.start is None:
        return
    left = [""] * sheet.start[1]  # empty columns at the left are not given, empty rows above are
    rows: Iterator[tuple[int, list[Any]]] = enumerate(sheet.iter_rows(), start=1)
    if errors:
        rows = ((n, _with(row, errors.get(n - 1, {}), len(left))) for n, row in rows)
    filled = ((n, row) for n, row in rows if any(cell != "" for cell in row))
    while batch := list(islice(filled, _ROWS)):
        out.write(listed([n for n, _ in batch], [left + _texts(row) for _, row in batch]))
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
        out.merges.append((top + 1, first, bottom + 1, last))


def _with(row: list[Any], errors: dict[int, str], left: int) -> list[Any]:
    """A row with its error cells, which are given as empty."""
    return [errors.get(column, cell) for column, cell in enumerate(row, start=left)]


def _texts(row: list[Any]) -> list[str]:
    return [cell if type(cell) is str else text_of(cell) for cell in row]
