"""Which staged rows are published: repeats merged, rows tied to the households of the register.

Asked in SQL over the keys alone (``Staging.sql``); wide rows are gathered only where two are
compared or one is told of. What is not published stands in ``gone_<table>``, what the register
says of a row's village in ``placed_<table>``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.audit import Audit
from loaders.divisions import Divisions
from loaders.layouts import Layout
from loaders.masks import mask_column
from loaders.staging import CARRIED, FIRST, REGISTER, Staging, decoded, in_chunks
from store import schema


class Decisions:
    """Decides about the rows of every table, and accounts for those that are not published.

    ``left_out`` counts the carried rows of each table that lost their household.
    """

    def __init__(
        self,
        staging: Staging,
        tables: Sequence[str],
        layouts: Sequence[Layout],
        divisions: Divisions,
        audit: Audit,
    ):
        self.staging, self.tables, self.audit = staging, tables, audit
        self.once = {layout.table: layout.once_per for layout in layouts if layout.once_per}
        self.regions = divisions.regions().select(["region_code", "name"]).combine_chunks()
        self.left_out: dict[str, int] = {}

    def decide(self) -> None:
        """Note every row that is not published as gone, and account for it."""
        for name in self.tables:
            self.staging.index(name)
        self._merge(REGISTER)
        for name in self.tables:
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
        village are listed. A row about no household keeps the village that it names.
        """
        run = self.staging.sql
        run.execute(
            f"""CREATE TABLE placed_{name} AS
            SELECT k.part, k.pos, k.sheet, k.village_code <> r.village_code AS moved,
                if(k.household_id IS NULL, k.village_code, r.village_code) AS village_code
            FROM keys_{name} AS k LEFT JOIN keys_household AS r USING (household_id)"""
        )
        lost = f"FROM placed_{name} WHERE village_code IS NULL"
        run.execute(f"INSERT INTO gone_{name} SELECT part, pos {lost}")
        ((count,),) = run.execute(f"SELECT count(*) {lost} AND sheet = {CARRIED}").fetchall()
        if count:
            self.left_out[name] = count
        own = f"sheet <> {CARRIED} ORDER BY {FIRST}"
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
        run, listed = self.staging.sql, ", ".join(key)
        query = f"SELECT hash({listed}) AS h FROM keys_{name} WHERE {where}"
        hashes = run.sql(query).fetchnumpy()["h"]
        hashes.sort()
        doubtful = pa.table({"h": np.unique(hashes[1:][hashes[1:] == hashes[:-1]])})
        run.register("doubtful", doubtful)
        run.execute(
            f"""CREATE OR REPLACE TABLE again AS
            SELECT * FROM (
                SELECT *{also},
                    first_value(part) OVER w AS to_part, first_value(pos) OVER w AS to_pos
                FROM keys_{name}
                WHERE {where} AND hash({listed}) IN (SELECT h FROM doubtful)
                WINDOW w AS (PARTITION BY {listed} ORDER BY {FIRST})
            ) WHERE (part, pos) <> (to_part, to_pos)"""
        )
        run.unregister("doubtful")

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
        for rows in self._rows(f"SELECT * FROM again ORDER BY {FIRST}"):
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
        for rows in self._rows(f"SELECT * {elsewhere} ORDER BY {FIRST}"):
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

    def _names(self, codes: pa.ChunkedArray) -> pa.ChunkedArray:
        at = pc.index_in(codes.cast(pa.string()), self.regions["region_code"].combine_chunks())
        return self.regions["name"].combine_chunks().take(at.combine_chunks())


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
