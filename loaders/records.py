"""Which lines of a batch are records; the others are counted by what they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from loaders import kernels, lines, values
from loaders.columns import whole
from loaders.headers import fold
from loaders.plan import Plan
from loaders.totals import Line

_FEW = 3  # filled cells of a line that may be a signature wherever it stands


@dataclass(slots=True)
class Records:
    """Indexes of the records, and the total lines, each with how many records stand before it."""

    kept: np.ndarray
    aside: Counter[str] = field(default_factory=Counter)
    totals: list[tuple[int, Line]] = field(default_factory=list)


def records(plan: Plan, raw: pa.Table) -> Records:
    """The records of a batch; titles, headers, totals, signatures and blank lines set aside."""
    low, high = plan.match.window
    window = [whole(column) for column in raw.columns[2:][low:high]]
    aside = np.zeros(raw.num_rows, bool)
    found = Records(aside)
    totals = []
    for row, kind in lines.leading(window, lambda cell: _kind_of(plan, cell)):
        reason = _reason(plan, kind, _cells(window, row))
        if reason:
            aside[row] = True
            found.aside[reason] += 1
        if reason == "total_row":
            totals.append((row, Line(raw["row"][row].as_py(), kind, _declared(plan, raw, row))))
    _set_aside_unfilled(plan, window, raw, found)
    found.kept = np.flatnonzero(~aside)
    found.totals = [(int(np.searchsorted(found.kept, row)), line) for row, line in totals]
    return found


def _set_aside_unfilled(plan: Plan, window: list[pa.Array], raw: pa.Table, found: Records) -> None:
    """Set aside lines that have hardly a cell, and one that numbers the columns."""
    aside = found.kept
    filled = np.zeros(raw.num_rows, np.int32)
    for column in window:
        filled += kernels.cells(column).lengths > 0
    blank = (filled == 0) & ~aside
    if blank.any():
        aside |= blank
        found.aside["blank_row"] += int(blank.sum())
    for row in np.flatnonzero((filled <= _FEW) & ~aside).tolist():
        if lines.is_footer(_cells(window, row)):
            aside[row] = True
            found.aside["footer_row"] += 1
    begins = raw.num_rows and raw["row"][0].as_py() == plan.match.first_row
    if begins and not aside[0] and lines.is_numbering(_cells(window, 0)):
        aside[0] = True
        found.aside["numbering_row"] += 1


def _cells(window: list[pa.Array], row: int) -> list[str]:
    return [column[row].as_py() for column in window]


def _kind_of(plan: Plan, cell: str) -> str | None:
    if len(cell) < lines.LONGEST and fold(cell) in plan.header_words:
        return "header"
    if plan.match.title and values.tidy(cell) == plan.match.title:
        return "title"
    return lines.kind_of(cell)


def _reason(plan: Plan, kind: str, cells: list[str]) -> str | None:
    """Why a line that begins like none is no record; None where it is one after all."""
    low = plan.match.window[0]
    if kind in ("total", "subtotal"):
        return "total_row"
    if kind == "named_total":
        return "total_row" if lines.is_named_total(cells) else None
    if kind == "header":
        headers = (row[low:] for row in plan.match.lines)
        return "repeated_header" if any(lines.is_repeated(cells, h) for h in headers) else None
    if kind == "title":
        return "title_row" if sum(bool(cell.strip()) for cell in cells) == 1 else None
    required = [cells[p - low] for p, column in plan.match.at.items() if column.required]
    return None if all(cell.strip() for cell in required) else "footer_row"


def _declared(plan: Plan, raw: pa.Table, row: int) -> dict[str, float | None]:
    """Amounts of a total line by field; of the field that every total line has, also none."""
    found: dict[str, float | None] = {}
    for position, column in plan.fields.items():
        name = column.field or ""
        if name not in plan.summed or column.check:
            continue
        cell = raw[str(position)].slice(row, 1).combine_chunks()
        amount = plan.convert(position, cell)[0].values[0].as_py()
        if amount is not None or name == plan.layout.check_total:
            found[name] = amount
    return found
