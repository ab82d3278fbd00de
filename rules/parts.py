"""A fact relation of a large county, written a part of the households after the other.

What is computed of one household asks of all others only whether a table is loaded and a column
filled anywhere. So a few *witnesses*, households that answer this as all do, stand beside those of
each part, and memory does not grow with the county.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from rules.touched import used
from store import schema
from store.amended import literal

MOST = 50_000  # households of a part
HOUSEHOLD = "household_id"
_ROWS = 50_000  # of a row group


def write(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    order: str,
    path: Path,
    witnesses: Sequence[str],
) -> bool:
    """Write a query's rows as a Parquet file, by year, then by part, in an order within both.

    The connection shows the snapshot's tables, ``witnesses`` are some of its households. False, and
    nothing is written, where one part holds all households.
    """
    asked = [table for table in used([sql]) if HOUSEHOLD in table.arrow.names]
    ((households,),) = connection.execute("SELECT count(*) FROM household").fetchall()
    parts = -(-households // MOST)
    if parts < 2:
        return False
    work = path.with_suffix(".parts")
    work.mkdir()
    try:
        _deal(connection, asked, parts, witnesses, work)
        connection.execute("CREATE SCHEMA part")
        written = []
        for part in range(parts):
            _show(connection, asked, part, work)
            connection.execute("SET search_path = 'part,main'")
            written.append(work / f"{part:04d}.parquet")
            connection.execute(
                f"COPY (FROM ({sql}) SEMI JOIN (FROM dealt WHERE part = {part} AND own) "
                f"USING ({HOUSEHOLD}) ORDER BY {order}) TO {literal(written[-1])} "
                "(FORMAT parquet)"
            )
        connection.execute("SET search_path = 'main'")
        _join(connection, written, path)
        connection.execute("DROP SCHEMA part CASCADE; DROP TABLE dealt")
    finally:
        shutil.rmtree(work)
    return True


def _deal(
    connection: duckdb.DuckDBPyConnection,
    asked: Collection[schema.Table],
    parts: int,
    witnesses: Sequence[str],
    work: Path,
) -> None:
    """Lay every table out by part, so that each part is read once; witnesses stand in all."""
    homes = pa.array(witnesses, pa.string())
    connection.register("witness", pa.table({HOUSEHOLD: homes}))
    connection.execute(
        f"""CREATE TABLE dealt AS
        WITH own AS (SELECT {HOUSEHOLD}, (row_number() OVER (
            ORDER BY village_code, {HOUSEHOLD}) - 1) // {MOST} AS part FROM household)
        SELECT {HOUSEHOLD}, part::INTEGER AS part, TRUE AS own FROM own
        UNION ALL SELECT w.{HOUSEHOLD}, p.part::INTEGER, FALSE FROM range({parts}) AS p(part)
        CROSS JOIN witness AS w LEFT JOIN own USING ({HOUSEHOLD})
        WHERE own.part IS DISTINCT FROM p.part"""
    )
    for table in asked:
        connection.execute(
            f"COPY (SELECT t.*, d.part FROM {table.name} AS t JOIN dealt AS d USING ({HOUSEHOLD}))"
            f" TO {literal(work / table.name)} (FORMAT parquet, PARTITION_BY (part))"
        )


def _show(
    connection: duckdb.DuckDBPyConnection,
    asked: Collection[schema.Table],
    part: int,
    work: Path,
) -> None:
    """Let the schema ``part`` show the rows of one part under the tables' own names."""
    for table in asked:
        folder = work / table.name / f"part={part}"
        rows = f"FROM main.{table.name} LIMIT 0"
        if folder.is_dir():
            files = f"read_parquet({literal(folder / '*.parquet')}, hive_partitioning = false)"
            rows = f"FROM {files}"
        connection.execute(f"CREATE OR REPLACE VIEW part.{table.name} AS {rows}")


def _join(connection: duckdb.DuckDBPyConnection, written: list[Path], path: Path) -> None:
    """One file of all parts' rows, year by year: most queries ask one."""
    listed = ", ".join(map(literal, written))
    years = connection.execute(f"SELECT DISTINCT year FROM read_parquet([{listed}]) ORDER BY year")
    rows_of = pq.read_schema(written[0])
    with pq.ParquetWriter(path, rows_of, compression="zstd") as writer:
        for (year,) in years.fetchall():
            for part in written:
                for rows in _of_year(connection, part, year):
                    writer.write_table(rows.cast(rows_of), row_group_size=_ROWS)


def _of_year(connection: duckdb.DuckDBPyConnection, part: Path, year: int) -> Iterator[pa.Table]:
    rows = connection.sql(
        f"FROM read_parquet({literal(part)}) WHERE year = $year", params={"year": year}
    )
    for batch in rows.to_arrow_reader(_ROWS):
        yield pa.Table.from_batches([batch])
