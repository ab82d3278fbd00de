"""A snapshot's tables in DuckDB, those of an older schema filled up with nulls."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from store import schema
from store.amended import literal
from store.snapshots import Snapshot

ROW = "file_row_number"  # DuckDB's name for the place of a row in its file, from 0
SMALL = 50_000  # rows: a table with more is read where it lies


def show(
    connection: duckdb.DuckDBPyConnection,
    snapshot: Snapshot | None,
    named: str = "{}",
    *,
    numbered: bool = False,
    names: Collection[str] | None = None,
    resident: bool = False,
) -> None:
    """Let a connection show every table of the schema, or those of ``names``, as ``named``.

    All are empty without a snapshot. A snapshot outlives the program that wrote it: a column it
    does not have is null in every row, a table it does not have is empty. ``numbered`` adds each
    row's place in its file (``ROW``). Of a ``resident`` one small tables are held in memory; all
    others are read where they lie.
    """
    statements = []
    for table in schema.TABLES if names is None else map(schema.BY_NAME.__getitem__, names):
        target = named.format(table.name)
        if snapshot is None or table.name not in snapshot.tables:
            typed = [f"{column.name} {sql_type(column.type)}" for column in table.columns]
            listed = ", ".join([*typed, *[f"{ROW} BIGINT"] * numbered])
            statements.append(f"CREATE TABLE {target} ({listed})")
            continue
        path = snapshot.path(table.name)
        held = pq.read_schema(path)
        columns = [_shown(column, held.field(column.name)) if column.name in held.names
                   else f"NULL::{sql_type(column.type)} AS {column.name}"
                   for column in table.columns]  # fmt: skip
        listed = ", ".join([*columns, *[ROW] * numbered])
        source = f"read_parquet({literal(path)}, file_row_number = {numbered})"
        kind = kind_of(path) if resident else "VIEW"
        statements.append(f"CREATE {kind} {target} AS SELECT {listed} FROM {source}")
    connection.execute(";\n".join(statements))


def _shown(column: schema.Column, held: pa.Field) -> str:
    """SQL of a column as the schema types it; an older snapshot's amounts may be fractions."""
    if pa.types.is_decimal(column.type) and held.type != column.type:
        return f"{column.name}::{sql_type(column.type)} AS {column.name}"
    return column.name


def kind_of(path: Path) -> Literal["TABLE", "VIEW"]:
    """Whether the rows of a Parquet file are to lie in memory or to be read where they are."""
    return "TABLE" if pq.read_metadata(path).num_rows <= SMALL else "VIEW"


def is_current(snapshot: Snapshot, name: str) -> bool:
    """Whether a snapshot has the table as today's schema has it."""
    if name not in snapshot.tables:
        return False
    wanted = schema.BY_NAME[name].arrow
    return bool(pq.read_schema(snapshot.path(name)).equals(wanted))


def batches(snapshot: Snapshot, name: str, size: int) -> Iterator[pa.Table]:
    """Rows of a table in the order of its file, with the schema's columns."""
    table = schema.BY_NAME[name]
    if name not in snapshot.tables:
        return
    with pq.ParquetFile(snapshot.path(name)) as file:
        held = [column for column in table.arrow.names if column in file.schema_arrow.names]
        for batch in file.iter_batches(size, columns=held):
            rows = pa.Table.from_batches([batch])
            for field in table.arrow:
                if field.name not in held:
                    rows = rows.append_column(field, pa.nulls(rows.num_rows, field.type))
            yield rows.select(table.arrow.names).cast(table.arrow)


def sql_type(kind: pa.DataType) -> str:
    """DuckDB's name of an Arrow type."""
    if pa.types.is_list(kind):
        return f"{sql_type(kind.value_type)}[]"
    return _SQL[kind]


_SQL = {
    pa.string(): "VARCHAR",
    pa.int32(): "INTEGER",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    schema.MONEY: "DECIMAL(18, 2)",
}
