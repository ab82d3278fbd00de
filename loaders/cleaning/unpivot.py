"""Columns that become rows: one a filled cell, and none for a bare no."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa

from loaders.cells import arrow_columns, kernels, values
from loaders.layouts.matching import Unpivot

Judge = Callable[[int, str, np.ndarray, pa.Array], None]

_KNOWN = 200_000  # texts remembered before all are forgotten


class Spreader:
    """Makes rows of the unpivoted columns of a section; ``codes`` are theirs by position."""

    def __init__(self, unpivot: Unpivot, codes: Mapping[int, str]):
        self.unpivot, self.codes = unpivot, codes
        self._known: dict[str, tuple[bool, str | None, str | None]] = {}

    def rows(self, raw: list[pa.Array], judge: Judge) -> pa.Table:
        """Rows of the unpivoted columns: ``_row`` (index of the row), the field and the value.

        ``judge`` is given each column's position and what is noted of its cells: the reason, the
        rows and what was taken instead.
        """
        names = ["_row", self.unpivot.field, self.unpivot.value]
        coded = pa.dictionary(pa.int32(), pa.string())
        types = zip(names, [pa.int32(), coded, pa.string()], strict=True)
        parts = [pa.schema(list(types)).empty_table()]
        for position, code in self.codes.items():
            filled = np.flatnonzero(kernels.cells(raw[position]).lengths)
            if not len(filled):
                continue
            cells = raw[position].take(pa.array(filled)).dictionary_encode()
            found = [self._one(text) for text in cells.dictionary.to_pylist()]
            at = cells.indices.to_numpy()
            details = pa.array([detail for _, detail, _ in found], pa.string())
            for reason in sorted({note for *_, note in found if note}):
                hit = np.flatnonzero(np.array([note == reason for *_, note in found])[at])
                judge(position, reason, filled[hit], details.take(pa.array(at[hit])))
            where = np.flatnonzero(np.array([kept for kept, *_ in found])[at])
            index = pa.array(filled[where].astype(np.int32))
            kinds = arrow_columns.repeated(code, len(where))
            parts.append(pa.table([index, kinds, details.take(pa.array(at[where]))], names))
        return pa.concat_tables(parts).combine_chunks()

    def _one(self, text: str) -> tuple[bool, str | None, str | None]:
        """Whether a cell makes a row, its detail and its note: a bare yes has no detail."""
        found = self._known.get(text)
        if found is None:
            detail, note = values.guarded(text, values.text)
            said = values.flag(text)[0]
            if len(self._known) >= _KNOWN:
                self._known.clear()
            kept = bool(said) or (said is None and detail is not None)
            found = self._known[text] = (kept, None if said else detail, note)
        return found
