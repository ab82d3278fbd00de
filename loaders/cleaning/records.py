"""Which lines of a batch are records; the others are counted by what they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.cells import kernels, values
from loaders.cells.arrow_columns import whole
from loaders.cleaning import stated_totals
from loaders.cleaning.plan import Plan
from loaders.cleaning.totals import LEVELS, Line, agrees
from loaders.layouts import non_records
from loaders.layouts.units import fold

_HEADING = 2  # filled cells of a line that heads others: a number and a title
_HEADINGS = 500  # of a batch; more lines that begin so are records that are numbered so
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
    sorting = _Sorting(plan, raw, window)
    headers = {cell for row in plan.match.lines for cell in row}
    for row, kind in non_records.leading(window, sorting.kind_of, headers):
        sorting.judge(row, kind)
    sorting.set_aside_unfilled()
    sorting.settle_categories()
    if plan.match.year is not None:
        sorting.set_aside_without_year()
    kept = np.flatnonzero(~sorting.aside)
    totals = [(int(np.searchsorted(kept, row)), line) for row, line in sorted(sorting.totals)]
    return Records(kept, sorting.counts, totals)


class _Sorting:
    """Sorts the lines of a batch into records and others."""

    def __init__(self, plan: Plan, raw: pa.Table, window: list[pa.Array]):
        self.plan, self.raw, self.window = plan, raw, window
        self.aside = np.zeros(raw.num_rows, bool)
        self.counts: Counter[str] = Counter()
        self.totals: list[tuple[int, Line]] = []
        self.categories: dict[int, str] = {}  # rows that may head others

    def judge(self, row: int, kind: str) -> None:
        """Set a line aside if it is what its first cell says."""
        if kind in LEVELS:
            self.categories[row] = kind
            return
        reason = self._reason(kind, self._cells(row))
        if reason:
            self._set_aside(row, reason)
        if reason == "total_row":
            self._total(row, kind)

    def _total(self, row: int, kind: str) -> None:
        number = self.raw["row"][row].as_py()
        self.totals.append((row, Line(number, kind, self._declared(row))))

    def settle_categories(self) -> None:
        """Set aside lines that head others: a title of theirs, or what they add up to.

        A line with amounts is a record, like others numbered 一, 二, 三, unless records of another
        kind stand below it and it adds them up or they are numbered below it.
        """
        if not 0 < len(self.categories) <= _HEADINGS:
            return
        lacks = self._lacking()
        found = [(row, LEVELS[kind]) for row, kind in sorted(self.categories.items())]
        for row, level in sorted(found, key=lambda each: -each[1]):  # the lower ones first
            ends = (other for other, of in found if other > row and of <= level)
            below = np.arange(row + 1, next(ends, self.raw.num_rows))
            below = below[~self.aside[below]]
            declared = {name: amount for name, amount in self._declared(row).items() if amount}
            if not declared and sum(map(bool, self._cells(row))) <= _HEADING and lacks[row]:
                self._set_aside(row, "category_row")
            elif declared and len(below) and self._heads(declared, below):
                self._set_aside(row, "total_row")
                self._total(row, self.categories[row])

    def _heads(self, declared: Mapping[str, float], below: np.ndarray) -> bool:
        """Whether the rows below a line are what its amounts stand for."""
        first = (self._begins(row) for row in below.tolist())
        if any(cell.isdecimal() or non_records.category_of(cell) for cell in first):
            return True
        added = {}
        for position, column in self.plan.fields.items():
            if column.field in declared:
                cells = whole(self.raw[str(position)]).take(pa.array(below))
                done, _ = self.plan.convert(position, cells)
                added[column.field] = float(pc.sum(done.values).as_py() or 0)
        return all(agrees(amount, added[name]) for name, amount in declared.items())

    def _begins(self, row: int) -> str:
        """The first filled cell of a line."""
        return next((values.compact(cell) for cell in self._cells(row) if cell.strip()), "")

    def set_aside_unfilled(self) -> None:
        """Set aside lines that have hardly a cell, and one that numbers the columns."""
        filled = np.zeros(self.raw.num_rows, np.int32)
        for column in self.window:
            filled += kernels.cells(column).lengths > 0
        blank = (filled == 0) & ~self.aside
        if blank.any():
            self.aside |= blank
            self.counts["blank_row"] += int(blank.sum())
        few = (filled <= _FEW) & ~self.aside
        if few.any():
            few &= self._lacking()
        for row in np.flatnonzero(few).tolist():
            self._judge_hardly_filled(row)
        begins = self.raw.num_rows and self.raw["row"][0].as_py() == self.plan.match.first_row
        if begins and not self.aside[0] and non_records.is_numbering(self._cells(0)):
            self._set_aside(0, "numbering_row")

    def set_aside_without_year(self) -> None:
        """Set aside records that say nothing of the year that the section is of."""
        match = self.plan.match
        low = match.window[0]
        says = np.zeros(self.raw.num_rows, bool)
        for position, column in match.at.items():
            if column.yearly:
                says |= kernels.cells(self.window[position - low]).lengths > 0
        silent = ~says & ~self.aside
        if silent.any():
            self.aside |= silent
            self.counts["silent_row"] += int(silent.sum())

    def _judge_hardly_filled(self, row: int) -> None:
        cells = self._cells(row)
        first = next((cell for cell in cells if cell.strip()), "")
        kind = self.kind_of(first) if first else None
        if non_records.is_footer(cells):
            self._set_aside(row, "footer_row")
        elif kind:
            self.judge(row, kind)

    def _lacking(self) -> np.ndarray:
        """Rows without a cell that the layout requires."""
        lacks = np.zeros(self.raw.num_rows, bool)
        low = self.plan.match.window[0]
        for position, column in self.plan.match.at.items():
            if column.required:
                lacks |= kernels.cells(self.window[position - low]).lengths == 0
        return lacks

    def _set_aside(self, row: int, reason: str) -> None:
        self.aside[row] = True
        self.counts[reason] += 1

    def _cells(self, row: int) -> list[str]:
        return [column[row].as_py() for column in self.window]

    def kind_of(self, cell: str) -> str | None:
        """What a line is that begins with a cell: as ``lines.kind_of``, or header or title."""
        match = self.plan.match
        if len(cell) < non_records.LONGEST and fold(cell) in self.plan.header_words:
            return "header"
        if match.title and values.tidy(cell) == match.title:
            return "title"
        return non_records.kind_of(cell) or non_records.category_of(cell)

    def _reason(self, kind: str, cells: list[str]) -> str | None:
        """Why a line that begins like none is no record; None where it is one after all."""
        match = self.plan.match
        low = match.window[0]
        if kind in ("total", "subtotal"):
            return "total_row"
        if kind == "named_total":
            return "total_row" if non_records.is_named_total(cells) else None
        if kind == "header":
            again = any(non_records.is_repeated(cells, row[low:]) for row in match.lines)
            return "repeated_header" if again else None
        if kind == "title":
            return "title_row" if sum(bool(cell.strip()) for cell in cells) == 1 else None
        required = [cells[p - low] for p, column in match.at.items() if column.required]
        return None if all(cell.strip() for cell in required) else "footer_row"

    def _declared(self, row: int) -> dict[str, float | None]:
        """Amounts of a total line by field; of the field that every total line has, also none.

        A line of one cell says them in words.
        """
        found: dict[str, float | None] = {}
        cells = [cell for cell in self._cells(row) if cell.strip()]
        if len(cells) == 1 and (
            said := dict(stated_totals.totals(cells[0], self.plan.summable, {}))
        ):
            return dict(said)
        for position, column in self.plan.fields.items():
            name = column.field or ""
            if name not in self.plan.summed or column.check:
                continue
            cell = whole(self.raw[str(position)]).slice(row, 1)
            amount = self.plan.convert(position, cell)[0].values[0].as_py()
            if amount is not None or name == self.plan.layout.check_total:
                found[name] = None if amount is None else float(amount)
        return found
