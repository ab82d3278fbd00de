"""What a row keeps of the row that it replaces: the columns that its sheet does not have.

A roster of names and telephone numbers says nothing of health; a register without a column of
measures takes none away. So a column that stands nowhere in a sheet is taken from the snapshot
before, and only a cell that the sheet has and leaves blank is blank.
"""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from loaders.assembly.carry_over import Base
from loaders.assembly.row_contents import REGISTER, content_hash
from loaders.assembly.staging import CARRIED, Staging
from store import schema

_WAS = "_was_"  # before the name of a column as the snapshot before has it


def columns_lacked(staging: Staging, name: str) -> dict[int, tuple[str, ...]]:
    """By sheet, the columns of a table that it does not have and that a row may do without."""
    table = schema.BY_NAME[name]
    aside = {*table.key, table.region, "household_id", "source_file", "source_row"}
    return {
        sheet: tuple(
            c.name
            for c in table.columns
            if c.nullable and c.name not in aside and c.name not in own
        )
        for sheet, own in staging.columns_of.get(name, {}).items()
    }


def note_kept(staging: Staging, base: Base, name: str) -> None:
    """Make ``was_<table>``: part and pos of staged rows, and what the row before had there."""
    table = schema.BY_NAME[name]
    lacked = sorted({c for columns in columns_lacked(staging, name).values() for c in columns})
    if base.snapshot is None or not lacked or not table.key:
        return
    listed = "".join(f", b.{column} AS {_WAS}{column}" for column in lacked)
    staging.sql.execute(
        f"""CREATE TABLE was_{name} AS SELECT k.part, k.pos{listed}
        FROM keys_{name} AS k JOIN base_{name} AS b USING ({", ".join(table.key)})
        WHERE k.sheet <> {CARRIED}"""
    )
    staging.kept_columns[name] = tuple(lacked)


def join_kept(staging: Staging, name: str) -> tuple[str, str]:
    """SQL: the columns kept and the join that brings them to rows called ``k``; empty for none."""
    columns = staging.kept_columns.get(name, ())
    if not columns:
        return "", ""
    listed = "".join(f", was.{_WAS}{column}" for column in columns)
    return listed, f"LEFT JOIN was_{name} AS was ON (k.part = was.part AND k.pos = was.pos)"


def filled_up(staging: Staging, name: str, rows: pa.Table, keys: pa.Table) -> pa.Table:
    """Rows with the columns that their sheets lack taken from the rows before."""
    if name not in staging.kept_columns:
        return rows
    by_column: dict[str, list[int]] = defaultdict(list)
    for sheet, columns in columns_lacked(staging, name).items():
        for column in columns:
            by_column[column].append(sheet)
    for column, sheets in by_column.items():
        kind = schema.BY_NAME[name].column(column).type
        lacks = pc.is_in(rows["_sheet"], pa.array(sheets, rows["_sheet"].type))
        values = pc.if_else(lacks, keys[_WAS + column].cast(kind), rows[column].cast(kind))
        rows = rows.set_column(rows.schema.get_field_index(column), column, values)
    return rows


def changed(staging: Staging, table: schema.Table, placed: str) -> str:
    """SQL: the townships of rows that say something else than the row of their key did.

    A column that a sheet does not have says nothing.
    """
    by_lack: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for sheet, columns in columns_lacked(staging, table.name).items():
        by_lack[columns].append(sheet)
    key, moved = ", ".join(table.key), ""
    if table.name == REGISTER:
        moved = "OR k.village_code <> b.village_code"
    elif "household_id" in staging.deciding[table.name]:
        moved = "OR k.household_id IS DISTINCT FROM b.household_id"
    was = content_hash(table, row="b.")
    if by_lack:
        cases = " ".join(
            f"WHEN k.sheet IN ({', '.join(map(str, sheets))}) "
            f"THEN {content_hash(table, columns, 'b.')}"
            for columns, sheets in by_lack.items()
        )
        was = f"CASE {cases} ELSE {was} END"
    return f"""SELECT k.place FROM {placed} AS k JOIN base_{table.name} AS b USING ({key})
        WHERE k.sheet = {CARRIED} OR k.content <> {was} {moved}"""
