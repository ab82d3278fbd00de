"""Staged rows to the Parquet files of one snapshot, gathered once and in the order of the files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from loaders.audit import MENDS, Audit
from loaders.base import ACCOUNTS
from loaders.decide import Decisions
from loaders.divisions import Divisions
from loaders.layouts import Layout, Unpivot
from loaders.staging import CARRIED, FIRST, REGISTER, Staging, Writer, in_chunks
from store import schema

Tick = Callable[[int], None]  # rows written since the last call


def assemble(
    staging: Staging,
    layouts: Sequence[Layout],
    divisions: Divisions,
    audit: Audit,
    tick: Tick = lambda rows: None,
) -> tuple[dict[str, Path], dict[str, int]]:
    """Parquet files of the tables that layouts fill, each with the schema's columns, sorted.

    Repeated rows are merged, rows with the key of another or without a household in the register
    go to quarantine, a household's place is that of the register. The audit then accounts for
    every row. Also gives how many carried rows of each table lost their household.
    """
    names = published(layouts)
    decisions = Decisions(staging, names, layouts, divisions, audit)
    decisions.decide()
    assembly = _Assembly(staging, layouts, audit, tick)
    with ThreadPoolExecutor(2) as pool:
        paths = dict(pair for pairs in pool.map(assembly.write, names) for pair in pairs)
    return paths, decisions.left_out


def published(layouts: Sequence[Layout]) -> list[str]:
    """Tables of rows of the county, in the schema's order, without those made of columns."""
    made = {layout.unpivot.table for layout in layouts if layout.unpivot}
    aside = {"region", *ACCOUNTS, *made}
    return [table.name for table in schema.TABLES if table.name not in aside]


class _Assembly:
    def __init__(self, staging: Staging, layouts: Sequence[Layout], audit: Audit, tick: Tick):
        self.staging, self.audit, self.tick = staging, audit, tick
        self.unpivots: dict[str, Unpivot] = {la.table: la.unpivot for la in layouts if la.unpivot}

    def write(self, name: str) -> list[tuple[str, Path]]:
        """Write a table, and the one made of its columns; gives their files."""
        table, unpivot = schema.BY_NAME[name], self.unpivots.get(name)
        with ExitStack() as stack:
            rows_to = stack.enter_context(Writer(self.staging.folder, table))
            spread_to = None
            if unpivot:
                target = schema.BY_NAME[unpivot.table]
                spread_to = stack.enter_context(Writer(self.staging.folder, target))
            for keys in in_chunks(self.staging.sql.cursor().sql(self._ordered(table))):
                rows = self._finished(table, keys)
                self.audit.accept(rows.filter(pc.not_equal(rows["_sheet"], CARRIED)))
                rows_to.write(rows)
                if spread_to:
                    spread_to.write(self._spread(name, keys, rows))
                self.tick(rows.num_rows)
        return [(w.table.name, w.path) for w in (rows_to, spread_to) if w]

    def _ordered(self, table: schema.Table) -> str:
        """The query for a table's rows in their final order: part, pos, and what is filled in."""
        name, first = table.name, ", ".join(f"k.{c}" for c in FIRST.split(", "))
        if name == REGISTER:
            return f"""SELECT k.part, k.pos, m.monitor_kind
                FROM keys_household AS k LEFT JOIN keys_monitored_household AS m
                USING (household_id) ORDER BY k.village_code, {first}"""
        if "household_id" in table.arrow.names and self.staging.numbers(name):
            return f"""SELECT k.part, k.pos, k.village_code, w.household_id FROM placed_{name} AS k
                ANTI JOIN gone_{name} AS g ON (k.part = g.part AND k.pos = g.pos)
                LEFT JOIN whole_{name} AS w ON (k.part = w.part AND k.pos = w.pos)
                ORDER BY k.village_code, {first}"""
        return f"SELECT part, pos FROM keys_{name} AS k ORDER BY k.{table.region}, {first}"

    def _finished(self, table: schema.Table, keys: pa.Table) -> pa.Table:
        """Rows as they are published, still with ``_sheet`` and ``_mends``."""
        rows = self.staging.gather(table.name, keys["part"].to_numpy(), keys["pos"].to_numpy())
        if table.name == REGISTER:
            kinds = pc.coalesce(rows["monitor_kind"].cast(pa.string()), keys["monitor_kind"])
            return _with(rows, "monitor_kind", kinds)
        if "household_id" in keys.column_names:
            whole = pc.coalesce(keys["household_id"], rows["household_id"])
            rows = self._mended(rows, "household_id", whole, "leading_zero")
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


def _with(rows: pa.Table, name: str, values: pa.ChunkedArray) -> pa.Table:
    return rows.set_column(rows.schema.get_field_index(name), name, values)
