"""Which staged rows are published: repeats merged, rows tied to the households of the register.

Asked in SQL over the keys alone (``Staging.sql``); wide rows are gathered only where two are
compared or one is told of. What is not published stands in ``gone_<table>``, what the register
says of a row's village in ``placed_<table>``. What becomes of the rows of the snapshot before is
``merging``'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.accounts.audit import Audit
from loaders.assembly.find_households import identify
from loaders.assembly.kept_columns import note_kept
from loaders.assembly.merging import Merging
from loaders.assembly.row_contents import alike, content_columns, equal_rows
from loaders.assembly.staging import FIRST, REGISTER, Staging, decoded
from loaders.assembly.table_writing import in_chunks
from loaders.cells.masks import mask_column
from loaders.regions.divisions import Divisions
from store import schema
from store.tables import ROW


class Decisions:
    """Decides about the rows of every table, and accounts for those that are not published.

    ``renumbered`` has the new number of each household that a person has renumbered.
    """

    def __init__(
        self,
        staging: Staging,
        tables: Sequence[str],
        divisions: Divisions,
        audit: Audit,
        merging: Merging,
        renumbered: Mapping[str, str],
    ):
        self.staging, self.tables, self.audit = staging, tables, audit
        self.merging, self.renumbered = merging, renumbered
        self.once: dict[str, list[int]] = {}  # sheets by table that repeat what they say of a key
        for number, account in enumerate(audit.sheets):
            if account.match.layout.once_per:
                self.once.setdefault(account.match.layout.table, []).append(number)
        self.regions = divisions.regions().select(["region_code", "name"]).combine_chunks()

    def decide(self) -> None:
        """Note every row that is not published as gone, and account for it."""
        for name in self.tables:
            self.staging.index(name)
        told = self.staging.told(self.audit.entries())
        self._renumber(REGISTER)
        self._merge(REGISTER)
        self.merging.settle_register()
        for name in self.tables:
            if name != REGISTER:
                self._decide(name)
                self.merging.settle(name, told)
        self.merging.finish()
        for name in self.tables:
            note_kept(self.staging, self.merging.base, name)
        self._compare()

    def _decide(self, name: str) -> None:
        """Note the rows of the files that are not published."""
        deciding, has_rows = self.staging.deciding[name], bool(self.staging.numbers(name))
        if "household_id" in deciding:
            if has_rows:
                self._renumber(name)
                self._restore_zeros(name)
                identify(self.staging, self.audit, name)
            self._place(name)
        self.merging.arrive(name)
        if has_rows:
            self._merge(name)
            if {"household_id", "identity_number"} <= deciding.keys():
                self._refuse_elsewhere(name)

    def _renumber(self, name: str) -> None:
        """Put rows of households that were renumbered under the new number."""
        if not self.renumbered:
            return
        old, new = list(self.renumbered), list(self.renumbered.values())
        run = self.staging.sql
        run.register("pairs", pa.table({"old_id": old, "new_id": new}))
        run.execute(
            f"""INSERT INTO whole_{name} SELECT k.part, k.pos, p.new_id, 'renumbered'
            FROM keys_{name} AS k JOIN pairs AS p ON k.household_id = p.old_id"""
        )
        run.unregister("pairs")
        self._list_numbers(name, "renumbered")

    def _restore_zeros(self, name: str) -> None:
        """Household numbers that a spreadsheet took zeros from, where one household fits."""
        run = self.staging.sql
        zeros = "FROM households WHERE starts_with(household_id, '0')"
        if not run.execute(f"SELECT 1 {zeros} LIMIT 1").fetchall():
            return
        run.execute(
            f"""INSERT INTO whole_{name} SELECT k.part, k.pos, r.household_id, 'leading_zero'
            FROM keys_{name} AS k JOIN (
                SELECT any_value(household_id) AS household_id, ltrim(household_id, '0') AS digits
                FROM households GROUP BY digits HAVING count(*) = 1) AS r
            ON ltrim(k.household_id, '0') = r.digits
            WHERE starts_with(r.household_id, '0')
                AND k.household_id NOT IN (SELECT household_id {zeros})
                AND (k.part, k.pos) NOT IN (SELECT (part, pos) FROM whole_{name})"""
        )
        self._list_numbers(name, "leading_zero")

    def _list_numbers(self, name: str, reason: str) -> None:
        """List the household numbers that were replaced for a reason."""
        query = f"SELECT * FROM whole_{name} WHERE reason = '{reason}' ORDER BY part, pos"
        for rows in self._rows(query):
            wide = self._wide(name, rows["part"], rows["pos"])
            before, after = wide["household_id"], rows["household_id"]
            self.audit.mend_table(wide, reason, "household_id", before, after)

    def _place(self, name: str) -> None:
        """Note each row's village by the register in ``placed_<table>``.

        Rows of other households wait for them, rows that name another village are listed. A row
        about no household keeps the village that it names, and one of a year gone by the village
        that the household was in then.
        """
        run = self.staging.sql
        if not self.staging.numbers(name):
            run.execute(
                f"""CREATE TABLE placed_{name}
                (part INT, pos INT, sheet INT, moved BOOLEAN, village_code VARCHAR)"""
            )
            return
        village = self._village_then(name)
        run.execute(
            f"""CREATE TABLE placed_{name} AS
            SELECT k.part, k.pos, k.sheet, k.village_code <> {village} AS moved,
                if(k.household_id IS NULL, k.village_code, {village}) AS village_code
            FROM keys_{name} AS k LEFT JOIN households AS r USING (household_id)
            {self._then(name)}"""
        )
        lost = f"FROM placed_{name} WHERE village_code IS NULL"
        run.execute(f"INSERT INTO gone_{name} SELECT part, pos {lost}")
        for rows in self._rows(f"SELECT part, pos {lost} ORDER BY {FIRST}"):
            self._quarantine(name, rows, "unknown_household", "household_id")
            self._wait(name, rows)
        for rows in self._rows(f"SELECT * FROM placed_{name} WHERE moved ORDER BY {FIRST}"):
            wide = self._wide(name, rows["part"], rows["pos"])
            before, after = self._names(wide["village_code"]), self._names(rows["village_code"])
            self.audit.mend_table(wide, "other_village", "village", before, after)

    def _then(self, name: str) -> str:
        """SQL: joins to where a household was before, for tables by year."""
        if "year" not in schema.BY_NAME[name].key or self.merging.base.snapshot is None:
            return ""
        return f"""LEFT JOIN base_{name} AS b
            ON (k.household_id = b.household_id AND k.year = b.year)
            LEFT JOIN base_household AS e ON (k.household_id = e.household_id)"""

    def _village_then(self, name: str) -> str:
        """SQL: the village of a staged row's household, in the row's year."""
        if not self._then(name):
            return "r.village_code"
        past = f"r.village_code NOTNULL AND k.year < {self.merging.data_date.year}"
        then = "coalesce(b.village_code, e.village_code, r.village_code)"
        return f"if({past}, {then}, r.village_code)"

    def _wait(self, name: str, keys: pa.Table) -> None:
        """Let rows wait for their households."""
        rows = self._wide(name, keys["part"], keys["pos"])
        names = [self.audit.sheets[sheet].sheet for sheet in rows["_sheet"].to_pylist()]
        if "_origin_sheet" in rows.column_names:
            own = rows["_origin_sheet"].to_pylist()
            names = [origin or name for origin, name in zip(own, names, strict=True)]
        self.merging.waiting.add(name, rows, names)

    def _again(self, name: str, key: Sequence[str], where: str = "TRUE", also: str = "") -> None:
        """Note the rows whose key an earlier row has in ``again``, with that row's part and pos.

        Hashes find the few keys that may stand twice; only these are then compared as they are.
        """
        run, listed = self.staging.sql, ", ".join(key)
        # What is said only in passing comes behind rows that are about the subject.
        once = self.once.get(name)
        order = f"list_contains({once}::INT[], sheet), {FIRST}" if once else FIRST
        query = f"SELECT hash({listed}) AS h FROM keys_{name} WHERE {where}"
        hashes = np.sort(run.sql(query).to_arrow_table()["h"].to_numpy())
        doubtful = pa.table({"h": np.unique(hashes[1:][hashes[1:] == hashes[:-1]])})
        run.register("doubtful", doubtful)
        run.execute(
            f"""CREATE OR REPLACE TABLE again AS
            SELECT * FROM (
                SELECT *{also},
                    first_value(part) OVER w AS to_part, first_value(pos) OVER w AS to_pos
                FROM keys_{name}
                WHERE {where} AND hash({listed}) IN (SELECT h FROM doubtful)
                WINDOW w AS (PARTITION BY {listed} ORDER BY {order})
            ) WHERE (part, pos) <> (to_part, to_pos)"""
        )
        run.unregister("doubtful")

    def _merge(self, name: str) -> None:
        """Leave one row a key: equal ones are merged into the first, others go to quarantine.

        Rows of a ``once`` sheet are expected to repeat what they say of a key: they are merged too,
        and those that say something else are listed.
        """
        key = list(schema.BY_NAME[name].key)
        if not key:
            return
        self._again(name, key)
        once = pa.array(self.once.get(name, []), pa.int32())
        for rows in self._rows(f"SELECT * FROM again ORDER BY {FIRST}"):
            repeats = pc.is_in(rows["sheet"], once)
            self._merge_repeats(name, rows.filter(repeats))
            self._merge_twins(name, rows.filter(pc.invert(repeats)), key[0])
        self.staging.sql.execute(f"INSERT INTO gone_{name} SELECT part, pos FROM again")

    def _merge_repeats(self, name: str, rows: pa.Table) -> None:
        if rows.num_rows:
            twins, firsts, same = self._pairs(name, rows)
            self.audit.merge(twins.filter(same), "repeated_household")
            self._merge_other(twins.filter(pc.invert(same)), firsts.filter(pc.invert(same)))

    def _merge_twins(self, name: str, rows: pa.Table, key: str) -> None:
        if rows.num_rows:
            twins, firsts, same = self._pairs(name, rows)
            self._mergeequal_rows(twins.filter(same), firsts.filter(same), key)
            self._quarantine(name, rows.filter(pc.invert(same)), "duplicate_key", key)

    def _pairs(self, name: str, rows: pa.Table) -> tuple[pa.Table, pa.Table, pa.Array]:
        """Rows beside those whose key they have, and where the two say the same."""
        twins = self._wide(name, rows["part"], rows["pos"])
        firsts = self._wide(name, rows["to_part"], rows["to_pos"])
        return twins, firsts, equal_rows(twins, firsts)

    def _mergeequal_rows(self, twins: pa.Table, firsts: pa.Table, key: str) -> None:
        """List each repeat with where the row stands that it repeats."""
        self.audit.merge(twins, "duplicate_row")
        self.audit.mend_table(twins, "duplicate_row", key, twins[key], _place_of(firsts))

    def _merge_other(self, twins: pa.Table, firsts: pa.Table) -> None:
        """List each value of a household that its first row has otherwise."""
        self.audit.merge(twins, "repeats_differ")
        months = {schema.until(name): name for name in twins.column_names}
        for name in content_columns(twins.column_names):
            other = pc.invert(alike(twins[name], firsts[name]))
            if name in months:  # of one cell: told by its day, unless that is the same
                other = pc.and_(other, alike(twins[months[name]], firsts[months[name]]))
            before, after = (_text(t[name].filter(other)) for t in (twins, firsts))
            self.audit.mend_table(twins.filter(other), "repeats_differ", name, before, after)

    def _refuse_elsewhere(self, name: str) -> None:
        """Rows with an identity number that an earlier row has in another household.

        An earlier row is one of the files, or one of the snapshot before that no file has again.
        """
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
        if self.merging.base.snapshot is not None:
            self._refuse_listed_before(name)

    def _refuse_listed_before(self, name: str) -> None:
        """The same for a row of the snapshot before that stays where it is."""
        run, (key,) = self.staging.sql, schema.BY_NAME[name].key
        run.execute(
            f"""CREATE OR REPLACE TABLE again AS
            SELECT k.part, k.pos, k.sheet, k.identity_number,
                any_value(b.source_file) AS source_file, any_value(b.source_row) AS source_row
            FROM keys_{name} AS k JOIN base_{name} AS b USING (identity_number)
            WHERE k.household_id <> b.household_id
                AND NOT starts_with(k.identity_number, '999999')
                AND b.household_id IN (SELECT household_id FROM households)
                AND b.{key} NOT IN (SELECT {key} FROM mention_{name} WHERE {key} NOTNULL)
                AND b.{ROW} NOT IN (SELECT {ROW} FROM absent_{name})
            GROUP BY k.part, k.pos, k.sheet, k.identity_number"""
        )
        for rows in self._rows(f"SELECT * FROM again ORDER BY {FIRST}"):
            numbers = mask_column(rows["identity_number"].combine_chunks(), "identity")
            shown = pc.binary_join_element_wise(numbers, _place_of(rows), " ")
            self._quarantine(name, rows, "identity_elsewhere", "identity_number", shown)
        run.execute(f"INSERT INTO gone_{name} SELECT part, pos FROM again")

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
                FROM compared JOIN households AS r USING (household_id)
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


def _place_of(rows: pa.Table) -> pa.ChunkedArray:
    """Where each row stood, in words."""
    numbers = rows["source_row"].cast(pa.string())
    return pc.binary_join_element_wise("见", rows["source_file"], "第", numbers, "行", "")


def _text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return values.cast(pa.string())
