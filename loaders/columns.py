"""Small functions over whole columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders import values


def rows_of(where: Any) -> np.ndarray:
    """Row indexes of a mask (null as false), or the indexes themselves."""
    if isinstance(where, pa.Array):
        where = pc.fill_null(where, False).to_numpy(zero_copy_only=False)
    return np.flatnonzero(where) if where.dtype == bool else where


def whole(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array, as it lies where it is one already."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def over(function: Callable[[str], Any], kind: pa.DataType, cells: pa.Array) -> pa.Array:
    """A function of compact text over a column, called once for each different text."""
    encoded = cells.dictionary_encode()
    found = [function(values.compact(text)) for text in encoded.dictionary.to_pylist()]
    return pa.array(found, kind).take(encoded.indices)


def words(column: pa.Array) -> pa.Array:
    """Values as texts for a report."""
    if pa.types.is_boolean(column.type):
        return pc.if_else(column, "是", "否")
    return column.cast(pa.string())


def joined(first: pa.Array | None, second: pa.Array) -> pa.Array:
    """Two text columns as one, a semicolon between where both are filled."""
    if first is None:
        return second
    return pc.coalesce(pc.binary_join_element_wise(first, second, "；"), first, second)


def hashed(parts: list[pa.Array]) -> pa.Array:
    """A stable name for a row, from values that do not change between exports; null if one is."""
    texts = [part.cast(pa.string()) for part in parts]
    joined = pc.binary_join_element_wise(*texts, "\x1f").to_pylist()
    names = [t and hashlib.sha256(t.encode()).hexdigest()[:16] for t in joined]
    return pa.array(names, pa.string())
