"""Staged rows to the Parquet files of one snapshot, gathered once and in the order of the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.accounts.audit import MENDS, Audit
from loaders.assembly.kept_columns import filled_up, join_kept
from loaders.assembly.merging import Merging
from loaders.assembly.row_decisions import Decisions
from loaders.assembly.staging import CARRIED, CHUNK, FIRST, REGISTER, Staging
from loaders.assembly.table_writing import Interleaved, Writer, in_chunks
from loaders.layouts.matching import Layout, Unpivot
from loaders.regions.divisions import Divisions
from store import schema, tables
from store.snapshots import Unchanged

Tick = Callable[[int], None]  # rows written since the last call


def assemble(
    staging: Staging,
    layouts: Sequence[Layout],
    divisions: Divisions,
    audit: Audit,
    merging: Merging,
    renumbered: Mapping[str, str] = MappingProxyType({}),
    tick: Tick = lambda rows: None,
) -> dict[str, Path | Unchanged]:
    """Parquet files of the tables that layouts fill, each with the schema's columns, sorted.

    Repeated rows are merged, rows with the key of another go to quarantine, those without a
    household in the register wait for it, a household's place is that of the register. Rows of
    the snapshot before stand between them in the order of places; a table in which nothing is new
    is its file. The audit then accounts for every row.
    """
    names = published(layouts)
    Decisions(staging, names, divisions, audit, merging, renumbered).decide()
    assembly = _Assembly(staging, layouts, audit, merging, tick)
    with ThreadPoolExecutor(2) as pool:
        return dict(pair for pairs in pool.map(assembly.write, names) for pair in pairs)


def published(layouts: Sequence[Layout]) -> list[str]:
    """Tables of rows of the county, in the schema's order, without those made of columns."""
    made = {layout.unpivot.table for layout in layouts if layout.unpivot}
    return [table.name for table in schema.TABLES if table.arrives and table.name not in made]


class _Assembly:
    def __init__(
        self,
        staging: Staging,
        layouts: Sequence[Layout],
        audit: Audit,
        merging: Merging,
        tick: Tick,
    ):
        self.staging, self.audit, self.merging, self.tick = staging, audit, merging, tick
        self.unpivots: dict[str, Unpivot] = {la.table: la.unpivot for la in layouts if la.unpivot}

    def write(self, name: str) -> list[tuple[str, Path | Unchanged]]:
        """Write a table, and the one made of its columns; gives their files."""
        unpivot = self.unpivots.get(name)
        snapshot = self.merging.base.snapshot
        names = [name, *([unpivot.table] if unpivot else [])]
        fresh = name in self.merging.rewritten or self.staging.numbers(name)
        if snapshot and not fresh and all(tables.is_current(snapshot, each) for each in names):
            return [(each, Unchanged(snapshot, each)) for each in names]
        with ExitStack() as stack:
            outs = [self._out(stack, each) for each in names]
            for keys in in_chunks(self.staging.sql.cursor().sql(self._ordered(name))):
                rows = self._finished(schema.BY_NAME[name], keys)
                self.audit.accept(rows.filter(pc.not_equal(rows["_sheet"], CARRIED)))
                outs[0].add(rows)
                if unpivot:
                    outs[1].add(self._spread(name, keys, rows))
                self.tick(rows.num_rows)
            for out in outs:
                out.finish()
        return [(out.writer.table.name, out.writer.path) for out in outs]

    def _out(self, stack: ExitStack, name: str) -> Interleaved:
        writer = stack.enter_context(Writer(self.staging.folder, schema.BY_NAME[name]))
        return Interleaved(writer, self._before(name))

    def _before(self, name: str) -> Iterator[pa.Table]:
        """Rows of the snapshot before that stand as they are, in the order of its file."""
        snapshot = self.merging.base.snapshot
        if snapshot is None:
            return
        fates, start = self.merging.fates(name), 0
        for rows in tables.batches(snapshot, name, CHUNK):
            low, high = np.searchsorted(fates, [start, start + rows.num_rows])
            kept = np.ones(rows.num_rows, bool)
            kept[fates[low:high] - start] = False
            start += rows.num_rows
            yield rows if high == low else rows.filter(pa.array(kept))

    def _ordered(self, name: str) -> str:
        """The query for a table's rows in their final order: part, pos, and what is filled in."""
        table, first = schema.BY_NAME[name], ", ".join(f"k.{c}" for c in FIRST.split(", "))
        kept, join = join_kept(self.staging, name)
        if name == REGISTER:
            return f"""SELECT k.part, k.pos, m.monitor_kind, w.household_id, w.reason{kept}
                FROM keys_household AS k {join}
                LEFT JOIN keys_monitored_household AS m USING (household_id)
                LEFT JOIN whole_household AS w ON (k.part = w.part AND k.pos = w.pos)
                ORDER BY k.village_code, {first}"""
        if "household_id" in table.arrow.names and self.staging.numbers(name):
            member = name == "member"
            named = "LEFT JOIN named_member AS n ON (k.part = n.part AND k.pos = n.pos)"
            return f"""SELECT k.part, k.pos, k.village_code, w.household_id, w.reason
                {", n.member_id" if member else ""}{kept} FROM placed_{name} AS k {join}
                ANTI JOIN gone_{name} AS g ON (k.part = g.part AND k.pos = g.pos)
                LEFT JOIN whole_{name} AS w ON (k.part = w.part AND k.pos = w.pos)
                {named if member else ""} ORDER BY k.village_code, {first}"""
        place = f"k.{table.region}, " if table.region else ""
        return f"SELECT k.part, k.pos{kept} FROM keys_{name} AS k {join} ORDER BY {place}{first}"

    def _finished(self, table: schema.Table, keys: pa.Table) -> pa.Table:
        """Rows as they are published, still with ``_sheet`` and ``_mends``."""
        rows = self.staging.gather(table.name, keys["part"].to_numpy(), keys["pos"].to_numpy())
        own_kinds = rows["monitor_kind"] if table.name == REGISTER else None
        rows = filled_up(self.staging, table.name, rows, keys)
        if "household_id" in keys.column_names:
            whole = _preferring(keys["household_id"], rows["household_id"])
            for reason in pc.unique(keys["reason"]).drop_null().to_pylist():
                here = pc.fill_null(pc.equal(keys["reason"], reason), False)
                number = pc.if_else(here, whole, rows["household_id"].cast(pa.string()))
                rows = self._mended(rows, "household_id", number, reason)
            rows = _with(rows, "household_id", whole)  # also where an identity number found it
        if "member_id" in keys.column_names:
            number = _preferring(keys["member_id"], rows["member_id"])
            rows = _with(rows, "member_id", number)
        if own_kinds is not None:
            text, before = own_kinds.cast(pa.string()), rows["monitor_kind"].cast(pa.string())
            kinds = pc.coalesce(text, keys["monitor_kind"], before)
            return _with(rows, "monitor_kind", kinds)
        if "village_code" in keys.column_names:
            rows = self._mended(rows, "village_code", keys["village_code"], "other_village")
        return rows

    def _mended(self, rows: pa.Table, name: str, values: pa.ChunkedArray, reason: str) -> pa.Table:
        """Rows with a column's values from the register, a mend marked where they had others."""
        other = pc.fill_null(pc.not_equal(rows[name].cast(pa.string()), values), False)
        if pc.any(other).as_py():
            bit = pa.scalar(1 << MENDS.index(reason), rows["_mends"].type)
            mends = pc.if_else(other, pc.bit_wise_or(rows["_mends"], bit), rows["_mends"])
            rows = _with(rows, "_mends", mends)
        return _with(rows, name, values)

    def _spread(self, name: str, keys: pa.Table, rows: pa.Table) -> pa.Table:
        """Rows of the table that is made of columns, in the order of the rows they stood in."""
        unpivot = self.unpivots[name]
        target = schema.BY_NAME[unpivot.table]
        spread, owners = self.staging.gather_spread(
            name, keys["part"].to_numpy(), keys["pos"].to_numpy()
        )
        if not spread.num_columns:
            return target.arrow.empty_table()
        own = [n for n in target.arrow.names if n not in (unpivot.field, unpivot.value)]
        made = rows.select(own).take(pa.array(owners))
        for column in (unpivot.field, unpivot.value):
            made = made.append_column(column, spread[column])
        return made


def _preferring(given: pa.ChunkedArray, own: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values given, and their own where there is none: most often for all rows."""
    return own if given.null_count == len(given) else pc.coalesce(given, own)


def _with(rows: pa.Table, name: str, values: pa.ChunkedArray) -> pa.Table:
    return rows.set_column(rows.schema.get_field_index(name), name, values)
