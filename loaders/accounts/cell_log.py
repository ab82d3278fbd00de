"""Cells of one column that met one reason, kept as Arrow arrays until the tables are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Origin = tuple[pa.Array, pa.Array, pa.Array]  # file, sheet and row that an amendment came from


@dataclass(frozen=True, slots=True)
class Listed:
    """What stood in some cells of a section's column and, where mended, stands there now.

    ``lines`` (int32) are rows of the sheet itself; texts are masked. ``origin`` says for the rows
    of an amendment where they came from, ``places`` the code of the place that each row is of, as
    far as it is known.
    """

    sheet: int
    lines: np.ndarray
    reason: str
    header: str | None
    before: pa.Array | None = None
    after: pa.Array | None = None
    origin: Origin | None = None
    places: pa.Array | None = None

    def take(self, at: np.ndarray) -> Listed:
        """The cells at these indexes."""
        if len(at) == len(self.lines):
            return self
        texts = (self.before, self.after, self.places)
        before, after, places = (c and c.take(pa.array(at)) for c in texts)
        origin = None
        if self.origin:
            file, sheet, row = (column.take(pa.array(at)) for column in self.origin)
            origin = (file, sheet, row)
        lines = self.lines[at]
        return Listed(self.sheet, lines, self.reason, self.header, before, after, origin, places)

    def first(self, count: int) -> Listed:
        """The first cells, at most ``count``."""
        return self.take(np.arange(min(count, len(self.lines))))


def tables(parts: Iterable[Mapping[str, Any]], schema: pa.Schema) -> Iterator[pa.Table]:
    """Tables of a schema from columns: arrays, or the one value that every row has."""
    for part in parts:
        count = len(part["row"])
        columns = [
            part[field.name].cast(field.type)
            if isinstance(part[field.name], pa.Array)
            else pa.repeat(pa.scalar(part[field.name], field.type), count)
            for field in schema
        ]
        yield pa.table(columns, schema=schema)


@dataclass(frozen=True, slots=True)
class Told:
    """Rows of a piece that met one reason in one field; the texts are masked."""

    rows: np.ndarray
    reason: str
    name: str
    before: pa.Array | None
    after: pa.Array | None = None


def by_sheet(rows: pa.Table, **more: pa.Array | None) -> Iterator[tuple[int, pa.Table]]:
    """Rows by the section they are of, with arrays beside them as further columns."""
    for name, column in more.items():
        given = pa.nulls(rows.num_rows, pa.string()) if column is None else column
        rows = rows.append_column(f"_{name}", given)
    sheets = pc.unique(rows["_sheet"]).to_pylist()
    for sheet in sheets:
        yield sheet, rows if len(sheets) == 1 else rows.filter(pc.equal(rows["_sheet"], sheet))


def lines_of(rows: pa.Table) -> np.ndarray:
    """Rows of the sheet itself: of an amendment not those that its rows came from."""
    given = rows["source_row"]
    if "_line" in rows.column_names:
        given = pc.coalesce(rows["_line"], given)
    return given.to_numpy()


def codes_of(rows: pa.Table) -> pa.Array | None:
    """Codes of the places that rows of a cleaned table are of; None for a table without places."""
    name = next((n for n in ("village_code", "region_code") if n in rows.column_names), None)
    return rows[name].combine_chunks().cast(pa.string()) if name else None
