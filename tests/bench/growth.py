"""A home with many times the households of another, for measuring at scale.

Every row of a household stands once for each copy, with household, member and identity numbers of
its own, beside the rows of the same village. What is of a place and not of a household stands once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from store import schema
from store.parquet import ROW_GROUP, order_of, parquet_options
from store.snapshots import Home, Snapshot
from tests.bench import crowd

MOST = 100  # copies: household numbers have no room for more
_HOUSEHOLD = "household_id"
_NUMBERED = (_HOUSEHOLD, "member_id")


def grow(source: Home, target: Path, copies: int) -> Home:
    """A home whose one snapshot is the source's newest with every household so many times.

    Raises ValueError for more copies than household numbers have room for.
    """
    if not 1 <= copies <= MOST:
        raise ValueError(f"{copies} copies: there is room for 1 to {MOST}")
    home, original = Home(target), source.current()
    spare = target / "spare"
    spare.mkdir(parents=True)
    home.publish(
        {name: _written(original, name, spare, copies) for name in original.tables},
        data_date=original.data_date,
        county_code=original.county_code,
        loaded_by="bench",
        sources=[],
        report={},
        simulated=original.manifest["simulated"],
    )
    spare.rmdir()
    return home


def _written(original: Snapshot, name: str, folder: Path, copies: int) -> Path:
    """A table's new file, sorted as an import sorts it."""
    table, path = schema.BY_NAME[name], folder / f"{name}.parquet"
    with pq.ParquetWriter(path, table.arrow, **parquet_options(table)) as writer:
        waiting = table.arrow.empty_table()
        for rows in _blocks(pq.read_table(original.path(name)).cast(table.arrow), table, copies):
            waiting = pa.concat_tables([waiting, rows])
            while waiting.num_rows >= ROW_GROUP:
                writer.write_table(waiting.slice(0, ROW_GROUP))
                waiting = waiting.slice(ROW_GROUP)
        writer.write_table(waiting.combine_chunks())
    return path


def _blocks(rows: pa.Table, table: schema.Table, copies: int) -> Iterator[pa.Table]:
    """All rows of one village after the other, or all at once where none is a household's."""
    if _HOUSEHOLD not in rows.column_names or table.region is None:
        yield rows
        return
    order = [(column, "ascending") for column in order_of(table)]
    for village in pc.unique(rows["village_code"]).to_pylist():
        block = rows.filter(pc.equal(rows["village_code"], village)).combine_chunks()
        copied = [_copied(block, table, copy) for copy in range(copies)]
        yield pa.concat_tables(copied).sort_by(order)


def _copied(rows: pa.Table, table: schema.Table, copy: int) -> pa.Table:
    """Rows with the numbers of one copy; those of the first are as they were."""
    if copy == 0:
        return rows
    for position, column in enumerate(table.columns):
        values = rows[column.name].combine_chunks()
        if column.name in _NUMBERED:
            new = crowd.moved(values, copy)
        elif column.mask == "identity":
            new = crowd.reborn(values, copy)
        elif column.name in table.key and column.name.endswith("_id"):
            new = pc.binary_join_element_wise(values, f"{copy:02d}", "-")
        else:
            continue
        rows = rows.set_column(position, rows.schema.field(position), new)
    return rows
