"""Small functions over whole columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.cells import values


def rows_of(where: Any) -> np.ndarray:
    """Row indexes of a mask (null as false), or the indexes themselves."""
    if isinstance(where, pa.Array):
        where = pc.fill_null(where, False).to_numpy(zero_copy_only=False)
    return np.flatnonzero(where) if where.dtype == bool else where


def whole(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array, as it lies where it is one already."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def taken(
    values: Sequence[Any], kind: pa.DataType, indices: pa.Array, *, coded: bool = False
) -> pa.Array:
    """The value of each index; ``coded`` as a dictionary array in which no value stands twice."""
    if not coded:
        return pa.array(values, kind).take(indices)
    different = dict.fromkeys(value for value in values if value is not None)
    keys = {value: key for key, value in enumerate(different)}
    places = np.array([keys.get(value, -1) for value in values], np.int32)
    at = places[indices.to_numpy()] if len(places) else np.zeros(0, np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(at, mask=at < 0), pa.array(list(keys), kind))


def plain(column: pa.Array) -> pa.Array:
    """A column without a dictionary."""
    kind = column.type
    return column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column


def repeated(text: str, count: int) -> pa.Array:
    """One text in every row, as a dictionary array."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([text]))


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


def hashed(parts: list[pa.Array], needed: list[bool]) -> pa.Array:
    """A stable name for a row, from values that do not change between exports; null if one is that
    is needed."""
    texts = [part.cast(pa.string()) for part in parts]
    texts = [t if must else pc.fill_null(t, "") for t, must in zip(texts, needed, strict=True)]
    joined = pc.binary_join_element_wise(*texts, "\x1f").to_pylist()
    names = [t and hashlib.sha256(t.encode()).hexdigest()[:16] for t in joined]
    return pa.array(names, pa.string())
