"""A section of an export sheet to typed rows, batch by batch, and an account of each of them."""

from __future__ import annotations

import datetime
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from loaders.accounts.audit import Audit
from loaders.cleaning import stated_totals
from loaders.cleaning.batch import Piece, Plan
from loaders.cleaning.fill_down import filled_down
from loaders.cleaning.totals import Totals, agrees
from loaders.layouts.matching import Match
from loaders.reading.sheets import Sheet, Spans
from loaders.regions.divisions import Divisions

REGISTER = "household"
_AHEAD = 3  # batches that are being cleaned or wait for their turn
_AMENDED = 1_000_000  # numbered rows that come back mended are numbered behind all others


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one section: ``rows`` for the layout's table, ``spread`` for its unpivoted columns.

    ``rows`` has the table's columns (codes, places and files as dictionary arrays), ``_sheet``,
    ``_mends`` and, for fields that are only compared with the register, ``_check_<field>``; those
    of an amendment ``_origin_sheet`` and ``_line`` (the row of the sheet itself) too. ``refused``
    has the columns of the rows that were refused, as far as they could be read. ``spread`` has
    ``_row`` (index into ``rows``), the field and the value.
    """

    table: str
    rows: pa.Table
    refused: pa.Table
    spread: pa.Table | None = None


class Cleaner:
    """Cleans one section of a sheet; what is refused, mended or no record stands in the audit."""

    def __init__(
        self,
        sheet: Sheet,
        match: Match,
        divisions: Divisions,
        audit: Audit,
        *,
        data_date: datetime.date | None = None,
    ):
        self.match, self.audit = match, audit
        self.index = audit.open(sheet.file, sheet.name, match)
        self.account = audit.sheets[self.index]
        self.account.strays = sheet.strays
        self.plan = Plan.of(sheet, match, divisions, self.account, self.index, data_date)
        self.sheet, self._filled = filled_down(sheet, self.plan)
        self._totals = Totals()
        self._differing: dict[str, Counter[str]] = {}
        self._numbered = 0

    def batches(self, pool: Executor | None = None) -> Iterator[Batch]:
        """Cleaned batches in the order of the sheet; with a pool of threads, cleaned ahead.

        The audit is only touched by the caller's thread, and the section's account is closed with
        the last batch.
        """
        waiting: deque[Piece | Future[Piece]] = deque()
        for raw in self._raw():
            waiting.append(pool.submit(Piece, self.plan, raw) if pool else Piece(self.plan, raw))
            if not pool or len(waiting) > _AHEAD:
                yield self._settle(waiting.popleft())
        while waiting:
            yield self._settle(waiting.popleft())
        self._close()

    def _raw(self) -> Iterator[pa.Table]:
        """The section's part of each of the sheet's batches."""
        first, last = self.match.first_row, self.match.last_row
        for raw in self.sheet.batches():
            numbers = raw["row"].to_numpy()
            start, stop = np.searchsorted(numbers, [first, last + 1])
            if stop > start:
                yield raw.slice(start, stop - start)

    def _settle(self, waiting: Piece | Future[Piece]) -> Batch:
        piece = waiting if isinstance(waiting, Piece) else waiting.result()
        account = self.account
        account.rows += piece.count
        account.hidden_rows += _inside(piece.lines, self.sheet.hidden_rows)
        account.struck_rows += _inside(piece.lines, self.sheet.struck_rows)
        account.aside.update(piece.aside)
        account.editions.update(piece.editions)
        for refused in piece.refused:
            rows = refused.rows
            place = piece.lines[rows], refused.reason, refused.name, refused.before
            places = piece.places_of(refused)
            self.audit.quarantine(self.index, *place, piece.origin_of(rows), places)
        for mended in piece.mended:
            rows = mended.rows
            listed = piece.lines[rows], mended.reason, mended.name, mended.before, mended.after
            self.audit.mend(self.index, *listed, piece.origin_of(rows))
        for name, counts in piece.differing.items():
            self._differing.setdefault(name, Counter()).update(counts)
        for sums, line in piece.sums:
            self._totals.add(sums)
            if line:
                self._totals.line(line)
        return Batch(
            self.plan.layout.table, self._numbering(piece), piece.refused_rows, piece.spread
        )

    def _numbering(self, piece: Piece) -> pa.Table:
        """The piece's rows, numbered in the order of the section where the layout says so."""
        rows, name = piece.rows, self.plan.layout.number_rows
        if not name:
            return rows
        order = np.arange(1, rows.num_rows + 1, dtype=np.int32) + self._numbered
        self._numbered += rows.num_rows
        if self.match.origin:
            order = rows["source_row"].to_numpy() + np.int32(_AMENDED)
        return rows.set_column(rows.schema.get_field_index(name), name, pa.array(order))

    def _close(self) -> None:
        """Count the lines over the records, and compare what the section says of itself."""
        headings = Counter(title_row=self.match.above, header_row=len(self.match.lines))
        self.account.aside.update(+headings)
        if not self.match.is_further:
            self.account.filled.update(self._filled)
        for row, name, declared, added in (*self._totals.compared(), *self._stated()):
            self.audit.total(self.index, row, name, declared, added)
            self.account.checks.append(
                {
                    "kind": "total",
                    "row": row,
                    "column": self.account.header_of(name),
                    "declared": declared,
                    "added": added,
                    "agrees": agrees(declared, added),
                }
            )
        for name, counts in self._differing.items():
            self.account.checks.append(
                {
                    "kind": "identity_differs",
                    "column": self.account.header_of(name),
                    "compared": counts["compared"],
                    "differs": counts["differs"],
                    "agrees": not counts["differs"],
                }
            )

    def _stated(self) -> Iterator[tuple[int, str, float, float]]:
        """(row, field, declared, added) of every total that a title says in words."""
        sums = self._totals.sums
        for row, text in () if self.match.origin else self.match.titles:
            for name, declared in stated_totals.totals(text, self.plan.summable, sums):
                yield row, name, declared, sums.get(name, 0.0)


def _inside(lines: np.ndarray, spans: Spans) -> int:
    """How many of the row numbers stand in one of the runs."""
    if not spans:
        return 0
    first, last = np.array(spans).T
    at = np.searchsorted(first, lines, "right") - 1
    return int(np.count_nonzero((at >= 0) & (lines <= last[at])))


def clean(sheet: Sheet, match: Match, divisions: Divisions, audit: Audit) -> list[Batch]:
    """Every batch of a section, cleaned one after the other."""
    return list(Cleaner(sheet, match, divisions, audit).batches())
