"""What staged rows say besides the columns of their table, kept in DuckDB for the decisions."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa


def note_compared(sql: duckdb.DuckDBPyConnection, part: int, rows: pa.Table) -> None:
    """Note in ``compared`` the fields of a part that are only compared with the register."""
    for name in rows.column_names:
        if name.startswith("_check_"):
            given = rows.select(["_sheet", "household_id", name])
            given = given.append_column("pos", pa.array(np.arange(rows.num_rows)))
            sql.register("given", given)
            sql.execute(
                f"""INSERT INTO compared
                SELECT $part, pos, _sheet, household_id, $field, {name} FROM given""",
                {"part": part, "field": name.removeprefix("_check_")},
            )
            sql.unregister("given")


def note_sought(sql: duckdb.DuckDBPyConnection, part: int, rows: pa.Table) -> None:
    """Note in ``sought`` the identity numbers of rows that name no household, in their order."""
    positions = pa.array(np.arange(rows.num_rows))
    for name in rows.column_names:
        if name.startswith("_by_"):
            sql.register("given", pa.table({"pos": positions, "number": rows[name]}))
            sql.execute(
                """INSERT INTO sought
                SELECT $part, pos, $turn, number FROM given WHERE number IS NOT NULL""",
                {"part": part, "turn": int(name.removeprefix("_by_"))},
            )
            sql.unregister("given")
