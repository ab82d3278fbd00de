"""Blank cells that mean what stands above them, in the columns that a layout says it of.

A cell is never filled across a change of household: where another number stands, where a head of
a household stands, or where another filled cell of such a column differs from the one above it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from loaders.cells import arrow_columns, kernels, values
from loaders.cells.converters import code_list
from loaders.cleaning.plan import Plan
from loaders.cleaning.records import records
from loaders.layouts.matching import Column
from loaders.reading.sheets import Sheet

_RANKS = {"county": 0, "township": 1, "village": 2}
_BELOW = 3  # the rank of what is said of a household, not of its place


def filled_down(sheet: Sheet, plan: Plan) -> tuple[Sheet, Counter[str]]:
    """The sheet with its blank cells filled, and how many by header once all batches are read.

    An amendment's rows were filled when they were refused: what stands above them is another's.
    """
    known = plan.match.whole or plan.match.at
    count: Counter[str] = Counter()
    if plan.match.origin or not any(column.fill_down for column in known.values()):
        return sheet, count

    def batches() -> Iterator[pa.Table]:
        filler = _Filler(known)
        for raw in sheet.batches():
            yield filler.fill(raw, _records(plan, raw))
        count.clear()
        count.update({plan.match.headers[at].strip(): n for at, n in filler.counts.items()})

    return replace(sheet, _open=batches), count


def _records(plan: Plan, raw: pa.Table) -> np.ndarray:
    """Indexes of the section's records in a batch of the whole sheet."""
    numbers = raw["row"].to_numpy()
    bounds = [plan.match.first_row, plan.match.last_row + 1]
    start, stop = np.searchsorted(numbers, bounds).tolist()
    if stop <= start:
        return np.zeros(0, np.int64)
    return records(plan, raw.slice(start, stop - start)).kept + start


@dataclass
class _Filler:
    """Fills batch after batch; ``last`` are the cells of the last record, as they were filled."""

    known: Mapping[int, Column]
    counts: Counter[int] = field(default_factory=Counter)
    last: dict[int, str] = field(default_factory=dict)

    def fill(self, raw: pa.Table, kept: np.ndarray) -> pa.Table:
        """A batch with the blank cells of its records filled."""
        if not len(kept):
            return raw
        cells = {at: self._with_last(raw, at, kept) for at in self._watched()}
        filled = {at: kernels.cells(column).lengths > 0 for at, column in cells.items()}
        changes = {at: _changes(column, filled[at]) for at, column in cells.items()}
        for at, column in self.known.items():
            if not column.fill_down:
                continue
            begins = self._begins(at, cells, filled, changes)
            above = _last_filled(filled[at], begins)
            taken = np.flatnonzero(~filled[at] & (above >= 0))
            taken = taken[taken > 0]
            self.counts[at] += len(taken)
            source = np.arange(len(above))
            source[taken] = above[taken]
            done = cells[at].take(pa.array(source))
            self.last[at] = done[-1].as_py()
            raw = _replaced(raw, at, kept, done.slice(1))
        for at, column in self.known.items():
            if at in cells and not column.fill_down:
                self.last[at] = cells[at][-1].as_py()
        return raw

    def _watched(self) -> list[int]:
        """Positions that are filled, or that a change of household is told by."""
        telling = {"household_id", "relation"}
        return [at for at, c in self.known.items() if c.fill_down or c.field in telling]

    def _with_last(self, raw: pa.Table, at: int, kept: np.ndarray) -> pa.Array:
        own = arrow_columns.whole(raw[str(at)]).take(pa.array(kept))
        return pa.concat_arrays([pa.array([self.last.get(at, "")], pa.string()), own])

    def _begins(
        self,
        target: int,
        cells: Mapping[int, pa.Array],
        filled: Mapping[int, np.ndarray],
        changes: Mapping[int, np.ndarray],
    ) -> np.ndarray:
        """Rows from which on a column's cells are another household's, or another place's."""
        begins = np.zeros(len(cells[target]), bool)
        begins[0] = True
        number = next((at for at in cells if self.known[at].field == "household_id"), None)
        for at in cells:
            column = self.known[at]
            if column.field == "relation":
                if number is not None:
                    begins |= arrow_columns.over(_is_head, pa.bool_(), cells[at]).to_numpy(
                        zero_copy_only=False
                    ) & ~(filled[number] & ~changes[number])
            elif number is not None or _rank(column) < _rank(self.known[target]):
                begins |= changes[at]
        return begins


def _rank(column: Column) -> int:
    return _RANKS.get(column.place or "", _BELOW)


def _is_head(cell: str) -> bool:
    return code_list("relation").get(values.spelling(cell)) == "head"


def _last_filled(filled: np.ndarray, begins: np.ndarray) -> np.ndarray:
    """Of each row the last filled one up to it since the last beginning; -1 where there is none."""
    rows = np.arange(len(filled))
    last = np.maximum.accumulate(np.where(filled, rows, -1))
    start = np.maximum.accumulate(np.where(begins, rows, 0))
    return np.where(last >= start, last, -1)


def _changes(column: pa.Array, filled: np.ndarray) -> np.ndarray:
    """Filled rows that say something else than the filled one before them."""
    codes = column.dictionary_encode().indices.to_numpy()
    before = np.concatenate([[-1], _last_filled(filled, np.zeros(len(filled), bool))[:-1]])
    return filled & ((before < 0) | (codes != codes[before]))


def _replaced(raw: pa.Table, at: int, kept: np.ndarray, cells: pa.Array) -> pa.Table:
    """A batch with the cells of its records in one column replaced."""
    own = arrow_columns.whole(raw[str(at)])
    source = np.arange(len(own))
    source[kept] = len(own) + np.arange(len(kept))
    made = pa.concat_arrays([own, cells]).take(pa.array(source))
    return raw.set_column(raw.schema.get_field_index(str(at)), str(at), made)
