"""What rows say of their subjects, apart from where they stood: hashed, and compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from store import schema
from store.tables import sql_type

REGISTER = "household"


def content_hash(table: schema.Table, without: Sequence[str] = (), row: str = "") -> str:
    """SQL: a hash of what a row (an alias, with its point) says of its subject.

    Where it stood is left out, its key and its household's number, which may only be found later,
    the village, which the register says, and what the register takes from the cases. Columns
    ``without`` count as empty.
    """
    aside = {"source_file", "source_row", "monitor_kind", "household_id", *table.key}
    if table.name != REGISTER and "household_id" in table.arrow.names:
        aside.add("village_code")
    said = (
        f"NULL::{sql_type(c.type)}" if c.name in without else f"{row}{c.name}"
        for c in table.columns
        if c.name not in aside
    )
    return f"hash({', '.join(said)})"


def content_columns(names: Sequence[str]) -> list[str]:
    """Columns that say something of the subject, not where the row stood."""
    return [n for n in names if n not in ("source_file", "source_row") and not n.startswith("_")]


def equal_rows(rows: pa.Table, others: pa.Table) -> pa.Array:
    """Where two tables agree in every column but the ones that say where a row stood."""
    same = np.ones(rows.num_rows, bool)
    for name in content_columns(rows.column_names):
        same &= alike(rows[name], others[name]).to_numpy(zero_copy_only=False)
    return pa.array(same)


def alike(left: pa.ChunkedArray, right: pa.ChunkedArray) -> pa.Array:
    """Where two columns are equal or both null."""
    equal = pc.fill_null(pc.equal(left, right), False)
    both = pc.and_(pc.is_null(left), pc.is_null(right))
    return pc.or_(equal, both).combine_chunks()
