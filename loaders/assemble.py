"""Staged rows to the Parquet files of one snapshot: repeats taken out, rows tied to households.

What decides about a row is asked in SQL over the keys alone (``Staging.sql``); the wide rows are
gathered once, in the order that the files have, or in pieces where two rows are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.audit import MENDS, Audit
from loaders.base import ACCOUNTS
from loaders.divisions import Divisions
from loaders.layouts import Layout, Unpivot
from loaders.masks import mask_column
from loaders.staging import CARRIED, REGISTER, Staging, Writer, decoded, in_chunks
from store import schema

Tick = Callable[[int], None]  # rows written since the last call

_FIRST = "sheet, part, pos"  # of two rows with one key, the one that comes first by these stays


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
    assembly = _Assembly(staging, layouts, divisions, audit, tick)
    assembly.decide()
    with ThreadPoolExecutor(2) as pool:
        paths = dict(pair for pairs in pool.map(assembly.write, assembly.loaded) for pair in pairs)
    return paths, assembly.left_out


def published(layouts: Sequence[Layout]) -> list[str]:
    """Tables of rows of the county, in the schema's order, without those made of columns."""
    made = {layout.unpivot.table for layout in layouts if layout.unpivot}
    aside = {"region", *ACCOUNTS, *made}
    return [table.name for table in schema.TABLES if table.name not in aside]


class _Assembly:
    def __init__(
        self,
        staging: Staging,
        layouts: Sequence[Layout],
        divisions: Divisions,
        audit: Audit,
        tick: Tick,
    ):
        self.staging, self.audit, self.tick = staging, audit, tick
        self.regions = divisions.regions().select(["region_code", "name"]).combine_chunks()
        self.once = {layout.table: layout.once_per for layout in layouts if layout.once_per}
        self.unpivots: dict[str, Unpivot] = {la.table: la.unpivot for la in layouts if la.unpivot}
        self.loaded = published(layouts)
        self.left_out: dict[str, int] = {}

    def decide(self) -> None:
        """Note every row that is not published as gone, and account for it."""
        for name in self.loaded:
            self.staging.index(name)
        self._merge(REGISTER)
        for name in self.loaded:
            deciding = self.staging.deciding[name]
            if name == REGISTER or not self.staging.numbers(name):
                continue
            if "household_id" in deciding:
                self._restore_zeros(name)
                self._place(name)
            self._merge(name)
            if {"household_id", "identity_number"} <= deciding.keys():
                self._refuse_elsewhere(name)
        self._compare()

    # Rows that are led to a household, and rows that are taken out

    def _restore_zeros(self, name: str) -> None:
        """Household numbers that a spreadsheet took zeros from, where one household fits."""
        run = self.staging.sql
        zeros = "FROM keys_household WHERE starts_with(household_id, '0')"
        if not run.execute(f"SELECT 1 {zeros} LIMIT 1").fetchone():
            return
        run.execute(
            f"""INSERT INTO whole_{name} SELECT k.part, k.pos, r.household_id
            FROM keys_{name} AS k JOIN (
                SELECT any_value(household_id) AS household_id, ltrim(household_id, '0') AS digits
                FROM keys_household GROUP BY digits HAVING count(*) = 1) AS r
            ON ltrim(k.household_id, '0') = r.digits
            WHERE k.sheet <> {CARRIED} AND starts_with(r.household_id, '0')
                AND k.household_id NOT IN (SELECT household_id {zeros})"""
        )
        for rows in self._rows(f"SELECT * FROM whole_{name} ORDER BY part, pos"):
            wide = self._wide(name, rows["part"], rows["pos"])
            before, after = wide["household_id"], rows["household_id"]
            self.audit.mend_table(wide, "leading_zero", "household_id", before, after)

    def _place(self, name: str) -> None:
        """Note each row's village by the register in ``placed_<table>``.

        Rows of other households are refused (carried ones only counted), rows that name another
        village are listed.
        """
        run = self.staging.sql
        run.execute(
            f"""CREATE TABLE placed_{name} AS
            SELECT k.part, k.pos, k.sheet, r.village_code, k.village_code <> r.village_code AS moved
            FROM keys_{name} AS k LEFT JOIN keys_household AS r USING (household_id)"""
        )
        lost = f"FROM placed_{name} WHERE village_code IS NULL"
        run.execute(f"INSERT INTO gone_{name} SELECT part, pos {lost}")
        ((count,),) = run.execute(f"SELECT count(*) {lost} AND sheet = {CARRIED}").fetchall()
        if count:
            self.left_out[name] = count
        own = f"sheet <> {CARRIED} ORDER BY {_FIRST}"
        for rows in self._rows(f"SELECT part, pos {lost} AND {own}"):
            self._quarantine(name, rows, "unknown_household", "household_id")
        for rows in self._rows(f"SELECT * FROM placed_{name} WHERE moved AND {own}"):
            wide = self._wide(name, rows["part"], rows["pos"])
            before, after = self._names(wide["village_code"]), self._names(rows["village_code"])
            self.audit.mend_table(wide, "other_village", "village", before, after)

    def _again(self, name: str, key: Sequence[str], where: str = "TRUE", also: str = "") -> None:
        """Note the rows whose key an earlier row has in ``again``, with that row's part and pos.

        Hashes find the few keys that may stand twice; only these are then compared as they are.
        """
        listed = ", ".join(key)
        self.staging.sql.execute(
            f"""CREATE OR REPLACE TABLE again AS
            SELECT * FROM (
                SELECT *{also},
                    first_value(part) OVER w AS to_part, first_value(pos) OVER w AS to_pos
                FROM keys_{name}
                WHERE {where} AND hash({listed}) IN (
                    SELECT hash({listed}) AS h FROM keys_{name} WHERE {where}
                    GROUP BY h HAVING count(*) > 1)
                WINDOW w AS (PARTITION BY {listed} ORDER BY {_FIRST})
            ) WHERE (part, pos) <> (to_part, to_pos)"""
        )

    def _merge(self, name: str) -> None:
        """Leave one row a key: equal ones are merged into the first, others go to quarantine.

        Rows of one ``once`` value are expected to repeat what they say of it: they are merged too,
        and those that say something else are listed.
        """
        once = self.once.get(name)
        key = [once] if once else list(schema.BY_NAME[name].key)
        if not key:
            return
        self._again(name, key)
        for rows in self._rows(f"SELECT * FROM again ORDER BY {_FIRST}"):
            twins = self._wide(name, rows["part"], rows["pos"])
            firsts = self._wide(name, rows["to_part"], rows["to_pos"])
            same = _equal(twins, firsts)
            if once:
                self.audit.merge(twins.filter(same), "repeated_household")
                self._merge_other(twins.filter(pc.invert(same)), firsts.filter(pc.invert(same)))
            else:
                self._merge_equal(twins.filter(same), firsts.filter(same), key[0])
                self._quarantine(name, rows.filter(pc.invert(same)), "duplicate_key", key[0])
        self.staging.sql.execute(f"INSERT INTO gone_{name} SELECT part, pos FROM again")

    def _merge_equal(self, twins: pa.Table, firsts: pa.Table, key: str) -> None:
        """List each repeat with where the row stands that it repeats."""
        self.audit.merge(twins, "duplicate_row")
        self.audit.mend_table(twins, "duplicate_row", key, twins[key], _place_of(firsts))

    def _merge_other(self, twins: pa.Table, firsts: pa.Table) -> None:
        """List each value of a household that its first row has otherwise."""
        self.audit.merge(twins, "repeats_differ")
        for name in _content(twins.column_names):
            other = pc.invert(_alike(twins[name], firsts[name]))
            before, after = (_text(t[name].filter(other)) for t in (twins, firsts))
            self.audit.mend_table(twins.filter(other), "repeats_differ", name, before, after)

    def _refuse_elsewhere(self, name: str) -> None:
        """Rows with an identity number that an earlier row has in another household."""
        known = "NOT starts_with(identity_number, '999999')"
        home = ", first_value(household_id) OVER w AS to_household_id"
        self._again(name, ["identity_number"], known, home)
        elsewhere = "FROM again WHERE household_id <> to_household_id"
        for rows in self._rows(f"SELECT * {elsewhere} ORDER BY {_FIRST}"):
            firsts = self._wide(name, rows["to_part"], rows["to_pos"])
            numbers = mask_column(rows["identity_number"].combine_chunks(), "identity")
            shown = pc.binary_join_element_wise(numbers, _place_of(firsts), " ")
            self._quarantine(name, rows, "identity_elsewhere", "identity_number", shown)
        self.staging.sql.execute(f"INSERT INTO gone_{name} SELECT part, pos {elsewhere}")

    def _quarantine(
        self, name: str, keys: pa.Table, reason: str, column: str, beside: pa.Array | None = None
    ) -> None:
        if keys.num_rows:
            rows = self._wide(name, keys["part"], keys["pos"])
            self.audit.quarantine_table(rows, reason, column, beside)

    def _rows(self, query: str) -> Iterator[pa.Table]:
        return in_chunks(self.staging.sql.cursor().sql(query))

    def _wide(self, name: str, parts: pa.ChunkedArray, places: pa.ChunkedArray) -> pa.Table:
        return decoded(self.staging.gather(name, parts.to_numpy(), places.to_numpy()))

    # What is only compared

    def _compare(self) -> None:
        """Count where a field that is only compared differs from the register."""
        fields = "SELECT DISTINCT sheet, field FROM compared ORDER BY sheet, field"
        for sheet, field in self.staging.sql.execute(fields).fetchall():
            compared, differs = self.staging.sql.execute(
                f"""SELECT count(value), count(*) FILTER (value <> CAST(r.{field} AS VARCHAR))
                FROM compared JOIN keys_household AS r USING (household_id)
                WHERE compared.sheet = $sheet AND field = $field""",
                {"sheet": sheet, "field": field},
            ).fetchall()[0]
            account = self.audit.sheets[sheet]
            account.checks.append(
                {
                    "kind": "register",
                    "column": account.header_of(field),
                    "compared": compared,
                    "differs": differs,
                    "agrees": differs == 0,
                }
            )

    # What is written

    def write(self, name: str) -> list[tuple[str, Path]]:
        """Write a table, and the one made of its columns; gives their files."""
        table, unpivot = schema.BY_NAME[name], self.unpivots.get(name)
        with ExitStack() as stack:
            rows_to = stack.enter_context(Writer(self.staging.folder, table))
            spread_to = None
            if unpivot:
                target = schema.BY_NAME[unpivot.table]
                spread_to = stack.enter_context(Writer(self.staging.folder, target))
            for keys in self._rows(self._ordered(table)):
                rows = self._finished(table, keys)
                self.audit.accept(rows.filter(pc.not_equal(rows["_sheet"], CARRIED)))
                rows_to.write(rows)
                if spread_to:
                    spread_to.write(self._spread(name, keys, rows))
                self.tick(rows.num_rows)
        return [(w.table.name, w.path) for w in (rows_to, spread_to) if w]

    def _ordered(self, table: schema.Table) -> str:
        """The query for a table's rows in their final order: part, pos, and what is filled in."""
        name, first = table.name, ", ".join(f"k.{c}" for c in _FIRST.split(", "))
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

    def _names(self, codes: pa.ChunkedArray) -> pa.ChunkedArray:
        at = pc.index_in(codes.cast(pa.string()), self.regions["region_code"].combine_chunks())
        return self.regions["name"].combine_chunks().take(at.combine_chunks())

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


def _content(names: Sequence[str]) -> list[str]:
    """Columns that say something of the subject, not where the row stood."""
    return [n for n in names if n not in ("source_file", "source_row") and not n.startswith("_")]


def _equal(rows: pa.Table, others: pa.Table) -> pa.Array:
    """Where two tables agree in every column but the ones that say where a row stood."""
    same = np.ones(rows.num_rows, bool)
    for name in _content(rows.column_names):
        same &= _alike(rows[name], others[name]).to_numpy(zero_copy_only=False)
    return pa.array(same)


def _alike(left: pa.ChunkedArray, right: pa.ChunkedArray) -> pa.Array:
    """Where two columns are equal or both null."""
    equal = pc.fill_null(pc.equal(left, right), False)
    both = pc.and_(pc.is_null(left), pc.is_null(right))
    return pc.or_(equal, both).combine_chunks()


def _place_of(rows: pa.Table) -> pa.ChunkedArray:
    """Where each row stood, in words."""
    numbers = rows["source_row"].cast(pa.string())
    return pc.binary_join_element_wise("见", rows["source_file"], "第", numbers, "行", "")


def _text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return values.cast(pa.string())
