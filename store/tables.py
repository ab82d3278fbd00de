"""A snapshot's tables as DuckDB relations, those of an older schema filled up with nulls."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from store import schema
from store.snapshots import Snapshot


def relations(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot
) -> Iterator[tuple[str, duckdb.DuckDBPyRelation]]:
    """Every table of the schema by name, with the schema's columns.

    A snapshot outlives the program that wrote it: a column it does not have is null in every row,
    a table it does not have is empty.
    """
    for table in schema.TABLES:
        if table.name not in snapshot.tables:
            yield table.name, connection.from_arrow(table.arrow.empty_table())
            continue
        path = snapshot.path(table.name)
        held = set(pq.read_schema(path).names)
        columns = (
            column.name if column.name in held else f"NULL::{_sql(column.type)} AS {column.name}"
            for column in table.columns
        )
        yield table.name, connection.read_parquet(str(path)).project(", ".join(columns))


def _sql(kind: pa.DataType) -> str:
    """DuckDB's name of an Arrow type."""
    if pa.types.is_list(kind):
        return f"{_sql(kind.value_type)}[]"
    return _SQL[kind]


_SQL = {
    pa.string(): "VARCHAR",
    pa.int32(): "INTEGER",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
}
