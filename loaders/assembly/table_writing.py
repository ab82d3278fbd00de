"""The Parquet files of a snapshot's tables, written as their rows come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from loaders.assembly.staging import CHUNK, DICTIONARY, decoded, encoded, repeating
from store import schema
from store.parquet import parquet_options


class Writer:
    """The Parquet file of one table, its rows given in their final order."""

    def __init__(self, folder: Path, table: schema.Table):
        self.table, self.path = table, folder / f"{table.name}.parquet"
        coded = repeating(table)
        self._schema = pa.schema(
            [f.with_type(DICTIONARY) if f.name in coded else f for f in table.arrow]
        )

    def __enter__(self) -> Writer:
        # Without Arrow's own schema beside it: that would say which columns were dictionaries here.
        options = parquet_options(self.table)
        self._file = pq.ParquetWriter(self.path, self._schema, store_schema=False, **options)
        return self

    def write(self, rows: pa.Table) -> None:
        """Add rows that have at least the table's columns."""
        rows = encoded(self.table, rows.select(self.table.arrow.names)).cast(self._schema)
        self._file.write_table(rows, row_group_size=CHUNK)

    def __exit__(self, *raised: Any) -> None:
        self._file.close()


class Interleaved:
    """A table's file: rows added in the order of places, between those that stood there before."""

    def __init__(self, writer: Writer, before: Iterator[pa.Table]):
        self.writer, self._place = writer, writer.table.region
        self._before, self._waiting = before, writer.table.arrow.empty_table()
        self._columns = writer.table.arrow.names

    def add(self, rows: pa.Table) -> None:
        """Write rows, and before them those that stood at their places or earlier ones."""
        rows = rows.select(self._columns)
        while rows.num_rows and self._place:
            if not self._waiting.num_rows:
                following = next(self._before, None)
                if following is None:
                    break
                self._waiting = following
                continue
            count = self._up_to(rows, self._waiting)
            if count == rows.num_rows:  # what stood beyond them waits for the rows that follow
                stood = self._up_to(self._waiting, rows)
                self._write_together(self._waiting.slice(0, stood), rows)
                self._waiting = self._waiting.slice(stood)
                return
            self._write_together(self._waiting, rows.slice(0, count))
            self._waiting, rows = self._waiting.slice(0, 0), rows.slice(count)
        if rows.num_rows:
            self.writer.write(rows)

    def _up_to(self, rows: pa.Table, others: pa.Table) -> int:
        """How many of rows stand at places up to the last of others."""
        place = others[self._place][-1].as_py()
        return pc.sum(pc.less_equal(rows[self._place].cast(pa.string()), place)).as_py() or 0

    def _write_together(self, stood: pa.Table, rows: pa.Table) -> None:
        typed = self.writer.table.arrow
        both = pa.concat_tables([stood.cast(typed), decoded(rows).cast(typed)]).combine_chunks()
        if stood.num_rows and rows.num_rows:
            both = both.append_column("_order", pa.array(np.arange(both.num_rows)))
            keys = [(self._place, "ascending"), ("_order", "ascending")]
            both = both.sort_by(keys).drop_columns(["_order"])
        if both.num_rows:
            self.writer.write(both)

    def finish(self) -> None:
        """Write what stood at later places."""
        for rows in (self._waiting, *self._before):
            if rows.num_rows:
                self.writer.write(rows)


def in_chunks(relation: duckdb.DuckDBPyRelation, size: int = CHUNK) -> Iterator[pa.Table]:
    """A query's rows, ``size`` at once and the rest at last."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in relation.to_arrow_reader(size):
        waiting.append(batch)
        count += batch.num_rows
        while count >= size:
            table = pa.Table.from_batches(waiting)
            yield table.slice(0, size).combine_chunks()
            waiting = table.slice(size).to_batches()
            count -= size
    if count:
        yield pa.Table.from_batches(waiting).combine_chunks()
