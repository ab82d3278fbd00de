"""The records of a batch as they stand in the sheet, and what is noted of them on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.accounts.audit import MENDS
from loaders.accounts.cell_log import Origin, Told
from loaders.cells import arrow_columns
from loaders.cells.converters import converter
from loaders.cells.masks import mask_column
from loaders.cleaning.plan import Plan
from store import schema


class BatchRows:
    """Raw cells of records, which of them are still alive, and the notes of those that are not.

    ``refused`` and ``mended`` list rows by their index; ``lines`` are their numbers in the sheet.
    """

    def __init__(self, plan: Plan, raw: pa.Table):
        self.plan = plan
        self.refused: list[Told] = []
        self.mended: list[Told] = []
        self.count = raw.num_rows
        self.lines = raw["row"].to_numpy()
        self._cells = raw["cells"].to_numpy()
        self._raw = [arrow_columns.whole(column) for column in raw.columns[2:]]
        self._alive = np.ones(self.count, bool)
        self._mends = np.zeros(self.count, np.int64)
        self._origin = self._came_from()

    # Refusing and mending

    def origin_of(self, rows: np.ndarray) -> Origin | None:
        """File, sheet and row that the rows of an amendment came from."""
        if self._origin is None:
            return None
        file, sheet, row = (column.take(pa.array(rows)) for column in self._origin)
        return file, sheet, row

    def _refuse(self, where: Any, reason: str, name: str = "", at: int | None = None) -> None:
        """Quarantine living rows; a row has one reason, the first found."""
        rows = arrow_columns.rows_of(where)
        rows = rows[self._alive[rows]]
        if len(rows):
            self._alive[rows] = False
            self.refused.append(Told(rows, reason, name, self._shown(rows, name, at)))

    def _mend(
        self,
        rows: np.ndarray,
        reason: str,
        name: str,
        after: pa.Array | None,
        before: pa.Array | None = None,
        at: int | None = None,
    ) -> None:
        """Note mended cells; ``after`` as it may be shown."""
        if len(rows):
            self._mends[rows] |= 1 << MENDS.index(reason)
            old = self._shown(rows, name, at) if before is None else before
            self.mended.append(Told(rows, reason, name, old, after))

    def _living(self, noted: Told) -> Told | None:
        """The part of mended cells whose rows were taken."""
        alive = np.flatnonzero(self._alive[noted.rows])
        if len(alive) in (0, len(noted.rows)):
            return noted if len(alive) else None
        texts = (c and c.take(pa.array(alive)) for c in (noted.before, noted.after))
        return Told(noted.rows[alive], noted.reason, noted.name, *texts)

    def _shown(self, rows: np.ndarray, name: str, at: int | None = None) -> pa.Array | None:
        """Raw cells of rows as they may be shown; None where the sheet lacks the column."""
        position = self.plan.position(name) if at is None else at
        if position is None:
            return None
        cells = self._raw[position].take(pa.array(rows))
        return mask_column(cells, self.plan.account.mask_of(name))

    # What stands over the records

    def _over(self, source: str) -> pa.Array:
        """The sheet's or file's name or the title that each row stood under."""
        if source == "title":
            return self._titles()
        if self._origin:
            return self._origin[source == "sheet"]
        account = self.plan.account
        return self._repeated(account.sheet if source == "sheet" else account.file)

    def _titles(self) -> pa.Array:
        match = self.plan.match
        if match.context is not None:
            return self._raw[match.context]
        return self._repeated(match.title or self.plan.account.file.rsplit(".", 1)[0])

    def _repeated(self, text: str) -> pa.Array:
        return pa.repeat(pa.scalar(text), self.count)

    def _came_from(self) -> Origin | None:
        """File, sheet and row of each row of an amendment; its own where the cells do not say."""
        if self.plan.match.origin is None:
            return None
        file, sheet, row = (self._raw[position] for position in self.plan.match.origin)
        number = converter(schema.Column("source_row", pa.int32()))(row).values
        own = self._repeated(self.plan.account.file), self._repeated(self.plan.account.sheet)
        said = pc.and_(pc.not_equal(file, ""), pc.is_valid(number))
        return (
            pc.if_else(said, mask_column(file), own[0]),
            pc.if_else(said, pc.coalesce(mask_column(sheet), pa.scalar("")), own[1]),
            pc.if_else(said, number, pa.array(self.lines)),
        )
