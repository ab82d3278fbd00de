"""The Parquet files of a snapshot: their order, how they are written, what they must be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from store import schema

# Rows of a group: small enough that a filter by village skips most of a big county's file.
ROW_GROUP = 50_000


class PublishError(ValueError):
    """The tables given cannot become a snapshot; nothing was written."""


def order_of(table: schema.Table) -> list[str]:
    """Columns that a table's rows are sorted by: its place, then its key."""
    keys = list(table.key)
    return [table.region, *keys] if table.region and table.region not in keys else keys


def parquet_options(table: schema.Table) -> dict[str, Any]:
    """How a table's file is written: no dictionary for columns whose values hardly repeat."""
    apart = {"source_row", *(c.name for c in table.columns if c.mask or c.name.endswith("_id"))}
    repeating = [
        c.name
        for c in table.columns
        if c.name not in apart and not pa.types.is_floating(c.type) and not pa.types.is_list(c.type)
    ]
    return {
        "compression": "zstd",
        "use_dictionary": repeating,
        "write_statistics": order_of(table),
    }


def _table_of(name: str, columns: list[str]) -> schema.Table:
    """The schema's table, if these are its columns."""
    if name not in schema.BY_NAME:
        raise PublishError(f"no table {name!r} in the schema")
    wanted = schema.BY_NAME[name]
    missing = [c.name for c in wanted.columns if c.name not in columns]
    extra = [c for c in columns if c not in wanted.arrow.names]
    if missing or extra:
        raise PublishError(f"{name}: columns missing {missing}, not in the schema {extra}")
    return wanted


def conform(name: str, table: pa.Table) -> pa.Table:
    """Table with exactly the schema's columns and types, sorted for reading by village."""
    wanted = _table_of(name, table.column_names)
    try:
        table = table.select(wanted.arrow.names).cast(wanted.arrow)
    except (pa.ArrowInvalid, ValueError) as error:
        raise PublishError(f"{name}: {error}") from error
    keys = list(wanted.key)
    if keys and table.group_by(keys).aggregate([]).num_rows != table.num_rows:
        raise PublishError(f"{name}: key {keys} is not unique")
    order = order_of(wanted)
    return table.sort_by([(column, "ascending") for column in order]) if order else table


def check(name: str, path: Path) -> None:
    """Raise PublishError for a Parquet file that is not this table: other columns, a key twice."""
    held = pq.read_schema(path)
    wanted = _table_of(name, held.names)
    if not held.equals(wanted.arrow):
        raise PublishError(f"{name}: not the types of the schema")
    if not wanted.key or pq.read_metadata(path).num_rows < 2:
        return
    keys = ", ".join(wanted.key)
    exact = f"SELECT count(*) > 0 FROM (FROM given SELECT 1 GROUP BY {keys} HAVING count(*) > 1)"
    with duckdb.connect(config={"threads": 2, "memory_limit": "700MB"}) as connection:
        connection.execute("SET temp_directory = $folder", {"folder": str(path.parent / "spill")})
        connection.read_parquet(str(path)).create_view("given")
        # Hashes first: they say at once that no key stands twice, not for certain that one does.
        hashed = connection.sql(f"SELECT hash({keys}) AS h FROM given").to_arrow_table()["h"]
        hashes = np.sort(hashed.to_numpy())
        doubtful = bool((hashes[1:] == hashes[:-1]).any())
        if doubtful and connection.execute(exact).fetchall()[0][0]:
            raise PublishError(f"{name}: key {list(wanted.key)} is not unique")


def write(path: Path, name: str, table: pa.Table) -> None:
    """Write a table that ``conform`` gave."""
    options = parquet_options(schema.BY_NAME[name])
    pq.write_table(table, path, row_group_size=ROW_GROUP, **options)
