"""Sheets of workbooks that are not xlsx: xls, xlsb and ods, by the calamine parser."""

from __future__ import annotations

from itertools import islice
from typing import Any

import python_calamine as calamine

from loaders.extract_spool import Refused, SheetSpool, Spool, listed
from loaders.extract_values import text_of

_ROWS = 4_096  # turned to columns at once


def extract(path: str, spool: Spool) -> None:
    """Write every worksheet of a workbook; raises Refused."""
    try:
        book = calamine.load_workbook(path)
        for index, about in enumerate(book.sheets_metadata):
            if about.typ is calamine.SheetTypeEnum.WorkSheet:
                hidden = about.visible is not calamine.SheetVisibleEnum.Visible
                with spool.sheet(about.name, hidden=hidden) as out:
                    _write(book.get_sheet_by_index(index), out)
    except calamine.PasswordError:
        raise Refused("password") from None
    except calamine.CalamineError:
        raise Refused("unreadable_file") from None


def _write(sheet: calamine.CalamineSheet, out: SheetSpool) -> None:
    if sheet.start is None:
        return
    left = [""] * sheet.start[1]  # empty columns at the left are not given, empty rows above are
    rows = enumerate(sheet.iter_rows(), start=1)
    filled = ((n, row) for n, row in rows if any(cell != "" for cell in row))
    while batch := list(islice(filled, _ROWS)):
        out.write(listed([n for n, _ in batch], [left + _texts(row) for _, row in batch]))
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
        out.merges.append((top + 1, first, bottom + 1, last))


def _texts(row: list[Any]) -> list[str]:
    return [cell if type(cell) is str else text_of(cell) for cell in row]
