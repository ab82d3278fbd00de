"""Columns that become rows: one a filled cell, and none for a bare no."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders import kernels
from loaders.converters import Converted, converter
from loaders.layouts import Unpivot
from store import schema

Judge = Callable[[int, Converted], None]

_FLAG = schema.Column("flag", pa.bool_())


class Spreader:
    """Converts the unpivoted columns of a section."""

    def __init__(self, unpivot: Unpivot, codes: Mapping[int, str]):
        self.unpivot, self.codes = unpivot, codes
        self.convert = converter(schema.BY_NAME[unpivot.table].column(unpivot.value))
        self.flags = converter(_FLAG)

    def rows(self, raw: list[pa.Array], judge: Judge) -> pa.Table:
        """Rows of the unpivoted columns: ``_row`` (index of the row), the field and the value.

        ``judge`` is given each column's position and its conversion, of as many rows as ``raw``.
        """
        names = ["_row", self.unpivot.field, self.unpivot.value]
        types = [pa.int32(), pa.string(), pa.string()]
        parts = [pa.schema(list(zip(names, types, strict=True))).empty_table()]
        for position, code in self.codes.items():
            filled = np.flatnonzero(kernels.cells(raw[position]).lengths)
            if not len(filled):
                continue
            cells = raw[position].take(pa.array(filled))
            done, said = self.convert(cells), self.flags(cells).values
            notes = tuple((reason, filled[rows]) for reason, rows in done.notes)
            judge(position, _widened(done, notes, filled, len(raw[position])))
            # A bare yes has no detail, a bare no is no row.
            detail = pc.if_else(pc.is_null(said), done.values, pa.scalar(None, pa.string()))
            kept = pc.or_(pc.fill_null(said, False), pc.is_valid(detail))
            where = np.flatnonzero(kept.to_numpy(zero_copy_only=False))
            index = pa.array(filled[where].astype(np.int32))
            codes = pa.repeat(pa.scalar(code), len(where))
            parts.append(pa.table([index, codes, detail.take(pa.array(where))], names))
        return pa.concat_tables(parts).combine_chunks()


def _widened(
    done: Converted, notes: tuple[tuple[str, np.ndarray], ...], rows: np.ndarray, count: int
) -> Converted:
    """A conversion of some rows as one of all."""
    if not notes:
        return Converted(pa.nulls(0, pa.string()))
    index = np.full(count, -1, np.int64)
    index[rows] = np.arange(len(rows))
    at = pa.array(index, mask=index < 0)
    return Converted(done.values.take(at), notes)
