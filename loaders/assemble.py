"""Cleaned sheets to the tables of one snapshot: repeats dropped, rows tied to their household."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.audit import MENDS, Audit
from loaders.clean import REGISTER, Batch
from loaders.divisions import Divisions
from loaders.layouts import Layout
from store import schema


def assemble(
    batches: Sequence[Batch], layouts: Sequence[Layout], divisions: Divisions, audit: Audit
) -> dict[str, pa.Table]:
    """Every table of the schema, empty where no file gave it.

    Repeated rows are dropped, rows with the key of another or without a household in the register
    go to quarantine, a household's place is that of the register. The audit then accounts for
    every row. Sheets are taken in the order given: of two rows with one key, the first stays.
    """
    once = {layout.table: (layout.once_per,) for layout in layouts if layout.once_per}
    tables = {}
    register = _single(_stacked(batches, REGISTER), REGISTER, (), audit)
    for name in _loaded(layouts):
        rows = register if name == REGISTER else _stacked(batches, name)
        if name != REGISTER and "household_id" in rows.column_names:
            rows = _placed(rows, register, audit)
        if name != REGISTER:
            rows = _single(rows, name, once.get(name, ()), audit)
        tables[name] = rows
    tables[REGISTER] = _with_monitoring(register, tables["monitored_household"])
    for rows in tables.values():
        audit.accept(rows)
    tables |= _unpivoted(batches, layouts, tables)
    finished = {
        name: rows.select(schema.BY_NAME[name].arrow.names) for name, rows in tables.items()
    }
    return {"region": divisions.regions(), **finished, "quarantine": audit.entries()}


def _loaded(layouts: Sequence[Layout]) -> list[str]:
    """Tables that layouts fill row by row, in the schema's order."""
    filled = {layout.table for layout in layouts}
    return [table.name for table in schema.TABLES if table.name in filled]


def _stacked(batches: Sequence[Batch], name: str) -> pa.Table:
    parts = [batch.rows for batch in batches if batch.table == name]
    internal = [pa.field("_sheet", pa.int32()), pa.field("_mends", pa.int32())]
    empty = pa.schema([*schema.BY_NAME[name].arrow, *internal]).empty_table()
    return pa.concat_tables([empty, *parts], promote_options="permissive").combine_chunks()


def _single(rows: pa.Table, name: str, once: tuple[str, ...], audit: Audit) -> pa.Table:
    """Rows with one row a key: equal ones dropped, others in quarantine.

    Rows of one ``once`` value are expected to repeat what they say of it: they are dropped too,
    and those that say something else are counted.
    """
    key = once or schema.BY_NAME[name].key
    first = _first_of(rows, key)
    again = np.flatnonzero(first != np.arange(len(first)))
    if len(again) == 0:
        return rows
    repeats = rows.take(again)
    same = _equal(repeats, rows.take(first[again]), schema.BY_NAME[name])
    if once:
        audit.merge(repeats.filter(same), "repeated_household")
        audit.merge(repeats.filter(pc.invert(same)), "repeats_differ")
        _note_differences(repeats.filter(pc.invert(same)), audit)
    else:
        audit.merge(repeats.filter(same), "duplicate_row")
        audit.quarantine_table(repeats.filter(pc.invert(same)), "duplicate_key", key[0])
    return rows.take(np.flatnonzero(first == np.arange(len(first))))


def _first_of(rows: pa.Table, key: Sequence[str]) -> np.ndarray:
    """(rows,) index of the first row with each row's key."""
    texts = [rows[name].cast(pa.string()).combine_chunks() for name in key]
    joined = pc.binary_join_element_wise(*texts, "\x1f")
    codes = joined.dictionary_encode().indices.to_numpy()
    _, first = np.unique(codes, return_index=True)
    return first[codes]


def _equal(rows: pa.Table, others: pa.Table, table: schema.Table) -> pa.Array:
    """Where two tables agree in every column but the ones that say where a row stood."""
    same = pa.repeat(pa.scalar(True), len(rows))
    for name in table.arrow.names:
        if name not in ("source_file", "source_row"):
            left, right = rows[name].combine_chunks(), others[name].combine_chunks()
            alike = pc.fill_null(pc.equal(left, right), False)
            same = pc.and_(same, pc.or_(alike, pc.and_(pc.is_null(left), pc.is_null(right))))
    return same


def _note_differences(rows: pa.Table, audit: Audit) -> None:
    for entry in pc.value_counts(rows["_sheet"]).to_pylist():
        audit.sheets[entry["values"]].checks.append(
            {"kind": "repeats_differ", "rows": entry["counts"], "agrees": False}
        )


def _placed(rows: pa.Table, register: pa.Table, audit: Audit) -> pa.Table:
    """Rows of households in the register, with its village; the others go to quarantine."""
    at = pc.index_in(rows["household_id"], register["household_id"].combine_chunks())
    audit.quarantine_table(rows.filter(pc.is_null(at)), "unknown_household", "household_id")
    rows, at = rows.filter(pc.is_valid(at)), pc.drop_null(at)
    village = register["village_code"].take(at)
    moved = pc.fill_null(pc.not_equal(rows["village_code"], village), False)
    bit = 1 << MENDS.index("other_village")
    mends = pc.bit_wise_or(rows["_mends"], pc.if_else(moved, bit, 0).cast(pa.int32()))
    _compare(rows, register.take(at), audit)
    rows = rows.set_column(rows.schema.get_field_index("_mends"), "_mends", mends)
    return rows.set_column(rows.schema.get_field_index("village_code"), "village_code", village)


def _compare(rows: pa.Table, register: pa.Table, audit: Audit) -> None:
    """Count where a field that is only compared differs from the register."""
    for column in rows.column_names:
        if not column.startswith("_check_"):
            continue
        name = column.removeprefix("_check_")
        compared = pc.is_valid(rows[column])
        differs = pc.fill_null(pc.not_equal(rows[column], register[name]), False)
        for sheet in pc.unique(rows["_sheet"]).to_pylist():
            here = pc.equal(rows["_sheet"], sheet)
            wrong = pc.sum(pc.and_(here, differs)).as_py()
            audit.sheets[sheet].checks.append(
                {
                    "kind": "register",
                    "column": audit.sheets[sheet].header_of(name),
                    "compared": pc.sum(pc.and_(here, compared)).as_py(),
                    "differs": wrong,
                    "agrees": wrong == 0,
                }
            )


def _with_monitoring(register: pa.Table, monitored: pa.Table) -> pa.Table:
    """The register with the kind of monitoring where only the monitoring list has it."""
    at = pc.index_in(register["household_id"], monitored["household_id"].combine_chunks())
    listed = monitored["monitor_kind"].combine_chunks().take(at.combine_chunks())
    index = register.schema.get_field_index("monitor_kind")
    kinds = pc.coalesce(register["monitor_kind"].combine_chunks(), listed)
    return register.set_column(index, "monitor_kind", kinds)


def _unpivoted(
    batches: Sequence[Batch], layouts: Sequence[Layout], tables: dict[str, pa.Table]
) -> dict[str, pa.Table]:
    """Tables made of columns: rows of those households that were taken, one a key."""
    found = {}
    for layout in layouts:
        if layout.unpivot is None:
            continue
        target = schema.BY_NAME[layout.unpivot.table]
        parts = [
            b.spread.append_column("_sheet", b.rows["_sheet"].take(b.spread["_row"])).append_column(
                "source_row", b.rows["source_row"].take(b.spread["_row"])
            )
            for b in batches
            if b.table == layout.table and b.spread is not None
        ]
        if not parts:
            found[target.name] = target.arrow.empty_table()
            continue
        spread, owners = pa.concat_tables(parts), tables[layout.table]
        at = pc.index_in(_position(spread), _position(owners))
        spread, at = spread.filter(pc.is_valid(at)), pc.drop_null(at)
        kept = owners.select([n for n in target.arrow.names if n not in spread.column_names])
        rows = kept.take(at)
        for name in (layout.unpivot.field, layout.unpivot.value, "source_row"):
            rows = rows.append_column(name, spread[name])
        first = _first_of(rows, target.key)
        found[target.name] = rows.take(np.flatnonzero(first == np.arange(len(first))))
    return found


def _position(rows: pa.Table) -> pa.Array:
    """One number a row for the sheet and the row that it stood at."""
    sheets = pc.shift_left(rows["_sheet"].cast(pa.int64()), 32)
    return pc.add(sheets, rows["source_row"].cast(pa.int64())).combine_chunks()
