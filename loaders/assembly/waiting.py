"""Rows that wait for their household: kept as JSON until the register has it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyarrow as pa

from loaders.assembly.carry_over import WAITING
from loaders.assembly.staging import Staging
from store import schema
from store.tables import ROW, sql_type

_LINE = ("file", "sheet", "row")
_COLUMNS = [c.name for c in schema.BY_NAME[WAITING].columns]


class Waiting:
    """The rows that wait after an import, and those that waited before it and come in now.

    ``waits_<table>`` has the rows of the snapshot before that wait, under the columns of their
    table and ``_file``, ``_sheet`` and ``_row``.
    """

    def __init__(self, staging: Staging):
        self.staging = staging
        self.counts: dict[str, int] = {}  # rows that wait now, by table
        self.returned: dict[str, int] = {}  # rows that have come in, by table
        typed = ", ".join(f"{c.name} {sql_type(c.type)}" for c in schema.BY_NAME[WAITING].columns)
        staging.sql.execute(f"CREATE TABLE waiting ({typed})")
        staging.sql.execute('CREATE TABLE wait_over (file VARCHAR, "sheet" VARCHAR, "row" INT)')

    def tables(self) -> list[str]:
        """Tables that rows of the snapshot before wait for."""
        query = f"SELECT DISTINCT table_name FROM base_{WAITING} ORDER BY 1"
        return [name for (name,) in self.staging.sql.execute(query).fetchall()]

    def stirred(self, told: pa.Table) -> set[str]:
        """Tables of which a row may come in, or is amended by the lines ``told``."""
        run = self.staging.sql
        run.register("told", told.select(_LINE))
        found = run.execute(
            f"""SELECT DISTINCT table_name FROM base_{WAITING} AS w
            LEFT JOIN renumbered_household AS r ON w.household_id = r.old_id
            WHERE r.old_id NOTNULL OR household_id IN (SELECT household_id FROM households)
                OR (w.file, w."sheet", w."row") IN (SELECT file, "sheet", "row" FROM told)"""
        ).fetchall()
        run.unregister("told")
        return {name for (name,) in found}

    def keep(self, name: str) -> None:
        """Let all rows of the snapshot before that wait for a table wait on."""
        columns = ", ".join(_COLUMNS)
        query = f"INSERT INTO waiting SELECT {columns} FROM base_{WAITING} WHERE table_name = $name"
        self.staging.sql.execute(query, {"name": name})

    def add(self, name: str, rows: pa.Table, sheets: Sequence[str]) -> None:
        """Let rows of the files wait; ``sheets`` are the names of their sheets."""
        columns = schema.BY_NAME[name].arrow.names
        given = rows.select(columns).append_column("_sheet_name", pa.array(sheets, pa.string()))
        self.staging.sql.register("given", given)
        self._insert(name, "given", "_sheet_name")
        self.staging.sql.unregister("given")

    def add_stored(self, name: str, rows: str) -> None:
        """Let rows of the snapshot before wait: those of the query ``rows`` (row numbers)."""
        self._insert(name, f"(FROM base_{name} WHERE {ROW} IN ({rows}))", "NULL")

    def _insert(self, name: str, source: str, sheet: str) -> None:
        columns = ", ".join(f"{c} := {c}" for c in schema.BY_NAME[name].arrow.names)
        self.staging.sql.execute(
            f"""INSERT INTO waiting SELECT '{name}', household_id, source_file, {sheet}, source_row,
            to_json(struct_pack({columns}))::VARCHAR FROM {source}"""
        )

    def open(self, name: str) -> None:
        """Make ``waits_<table>``."""
        table = schema.BY_NAME[name]
        shape = json.dumps({c.name: sql_type(c.type) for c in table.columns})
        household = "coalesce(r.new_id, _cells.household_id)"
        self.staging.sql.execute(
            f"""CREATE OR REPLACE TABLE waits_{name} AS
            SELECT _file, _sheet, _row, _json, _cells.* REPLACE ({household} AS household_id)
            FROM (
                SELECT file AS _file, "sheet" AS _sheet, "row" AS _row, cells AS _json,
                    from_json(cells, '{shape}') AS _cells
                FROM base_{WAITING} WHERE table_name = $name)
            LEFT JOIN renumbered_household AS r ON _cells.household_id = r.old_id""",
            {"name": name},
        )

    def settle(self, name: str, told: pa.Table) -> pa.Table | None:
        """Rows that come in now, as rows of the table; what still waits is kept waiting.

        A row that a file has given again by its key, that ``told`` (file, sheet, row) amends, or
        whose person stands in the household already, waits no longer.
        """
        table, run = schema.BY_NAME[name], self.staging.sql
        key = ", ".join(table.key)
        self.open(name)
        run.register("told", told.select(_LINE))
        again = [f"SELECT {key} FROM mention_{name}", f"SELECT {key} FROM base_{name}"]
        person = ""
        if "identity_number" in table.arrow.names:
            people = "SELECT household_id, identity_number"
            person = f"""OR (household_id, identity_number) IN
                ({people} FROM keys_{name} UNION ALL {people} FROM base_{name})"""
        run.execute(
            f"""CREATE OR REPLACE TABLE settled AS SELECT *,
                ({key}) IN ({" UNION ALL ".join(again)}) {person}
                OR (_file, _sheet, _row) IN (SELECT file, "sheet", "row" FROM told) AS _over,
                household_id IN (SELECT household_id FROM households) AS _comes
            FROM waits_{name}"""
        )
        run.unregister("told")
        run.execute(
            """INSERT INTO wait_over SELECT _file, _sheet, _row FROM settled
            WHERE coalesce(_over, FALSE) OR _comes"""
        )
        run.execute(
            f"""INSERT INTO waiting SELECT '{name}', household_id, _file, _sheet, _row, _json
            FROM settled WHERE NOT coalesce(_over, FALSE) AND NOT _comes"""
        )
        columns = ", ".join(table.arrow.names)
        rows = run.sql(
            f"""SELECT DISTINCT ON ({key}) {columns} FROM settled
            WHERE _comes AND NOT coalesce(_over, FALSE) ORDER BY {key}, _file, _row"""
        ).to_arrow_table()
        if not rows.num_rows:
            return None
        self.returned[name] = rows.num_rows
        # A row may be without its village, which the register says.
        return rows.cast(pa.schema([field.with_nullable(True) for field in table.arrow]))

    def over(self) -> pa.Table:
        """Lines (file, sheet, row) that wait no longer."""
        return self.staging.sql.sql("FROM wait_over").to_arrow_table()

    def sheets(self) -> set[tuple[str, str]]:
        """File and sheet of the rows that wait, where it is known."""
        query = 'SELECT DISTINCT file, "sheet" FROM waiting WHERE "sheet" NOTNULL'
        return set(self.staging.sql.execute(query).fetchall())

    def rows(self) -> pa.Table:
        """The table of the store; ``counts`` says how many rows of each table these are."""
        count = "SELECT table_name, count(*) FROM waiting GROUP BY 1 ORDER BY 1"
        self.counts = dict(self.staging.sql.execute(count).fetchall())
        found = self.staging.sql.sql("FROM waiting ORDER BY ALL").to_arrow_table()
        return found.select(_COLUMNS).cast(schema.BY_NAME[WAITING].arrow)
