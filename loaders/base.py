"""What an import keeps of the snapshot before it: tables and years that no file gave again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.layouts import Layout
from loaders.staging import CARRIED, Staging
from store import schema, tables
from store.snapshots import Home, NoSnapshot, Snapshot

# Tables that tell of files and rows, not of the county: kept with the sheets that they tell of.
ACCOUNTS = ("declared_total", "quarantine", "quarantine_row", "mend")
_BATCH = 65_536
_LINE = ("file", "sheet", "row")


def current(home: Home, county_code: str) -> Snapshot | None:
    """The county's current snapshot; None without one. Raises SnapshotDamaged."""
    try:
        snapshot = home.current()
    except NoSnapshot:
        return None
    return snapshot if snapshot.county_code == county_code else None


class Base:
    """The snapshot before, from which a staging is filled up."""

    def __init__(self, snapshot: Snapshot, staging: Staging):
        self.snapshot, self.staging = snapshot, staging
        self._sheets = _sheets_of(snapshot.manifest["report"])
        self.sources: dict[str, set[str]] = {}  # hashes by file name
        for source in snapshot.manifest["sources"]:
            self.sources.setdefault(source["file"], set()).add(source["sha256"])
        self._kept: dict[str, set[tuple[str, str]]] = {}
        for name, relation in tables.relations(staging.sql, snapshot):
            make = relation.create_view if name in snapshot.tables else relation.create
            make(f"base_{name}")

    def carry(
        self, names: Sequence[str], layouts: Sequence[Layout], amending: Collection[int]
    ) -> dict[str, dict[str, Any]]:
        """Stage the rows of tables that no file gave, and the years that no file gave.

        ``amending`` are the sheets that add to their table and do not replace it. Gives, by table,
        the snapshot, the number of rows, and the sheets whose rows these are.
        """
        found = {}
        for name in names:
            rows = self._carry(name, list(amending))
            if rows:
                found[name] = {
                    "snapshot": self.snapshot.number,
                    "rows": rows,
                    "sheets": sorted(map(list, self._kept[name])),
                }
        for layout in layouts:
            if layout.unpivot and self._kept.get(layout.table):
                self._carry_spread(layout)
        return found

    def _carry(self, name: str, amending: list[int]) -> int:
        self.staging.index(name)
        run = self.staging.sql.cursor()
        given = f"FROM keys_{name} WHERE sheet NOT IN (SELECT unnest($amending::INT[]))"
        values = {"amending": amending}
        replaced = run.execute(f"SELECT 1 {given} LIMIT 1", values).fetchone() is not None
        by_year = "year" in schema.BY_NAME[name].key
        if replaced and not by_year:
            return 0
        query = f"SELECT * FROM base_{name}"
        if replaced:
            years = run.execute(f"SELECT DISTINCT year {given}", values).fetchall()
            values = {"years": [year for (year,) in years]}
            query += " WHERE year NOT IN (SELECT unnest($years::INT[]))"
        relation = run.sql(query, params=values if replaced else None)
        files: set[str] = set()
        count = 0
        for batch in relation.to_arrow_reader(_BATCH):
            rows = pa.Table.from_batches([batch])
            self.staging.add(name, _carried(rows))
            count += rows.num_rows
            if "source_file" in rows.column_names:
                files |= set(pc.unique(rows["source_file"]).to_pylist())
        of_table = {(file, sheet) for file, sheet, table in self._sheets if table == name}
        self._kept[name] = {s for s in of_table if s[0] in files} if replaced else of_table
        return count

    def _carry_spread(self, layout: Layout) -> None:
        """Stage the unpivoted rows of carried rows, part by part."""
        unpivot = layout.unpivot
        assert unpivot is not None
        key = ", ".join(schema.BY_NAME[layout.table].key)
        self.staging.index(layout.table)
        relation = self.staging.sql.cursor().sql(
            f"""SELECT k.part, k.pos AS _row, b.{unpivot.field}, b.{unpivot.value}
            FROM base_{unpivot.table} AS b JOIN keys_{layout.table} AS k USING ({key})
            WHERE k.sheet = {CARRIED} ORDER BY ALL"""
        )
        waiting: list[pa.Table] = []
        for batch in relation.to_arrow_reader(_BATCH):
            rows = pa.Table.from_batches([batch])
            for part in pc.unique(rows["part"]).to_pylist():
                if waiting and waiting[0]["part"][0].as_py() != part:
                    self._add_spread(waiting)
                    waiting = []
                waiting.append(rows.filter(pc.equal(rows["part"], part)))
        if waiting:
            self._add_spread(waiting)

    def _add_spread(self, tables: list[pa.Table]) -> None:
        whole = pa.concat_tables(tables)
        self.staging.add_spread(whole["part"][0].as_py(), whole.drop_columns(["part"]))

    def account(self, name: str, told: pa.Table) -> pa.RecordBatchReader:
        """Rows of an account that tell of carried sheets, without those of lines ``told`` anew.

        ``told`` has the columns file, sheet and row.
        """
        kept = sorted({sheet for sheets in self._kept.values() for sheet in sheets})
        run = self.staging.sql.cursor()
        names = [pa.array([pair[i] for pair in kept], pa.string()) for i in (0, 1)]
        run.register("kept", pa.table(names, ["file", "sheet"]))
        run.register("told", told.select(_LINE))
        return run.sql(
            f"""SELECT a.* FROM base_{name} AS a SEMI JOIN kept USING (file, sheet)
            ANTI JOIN told AS t ON (a.file = t.file AND a.sheet = t.sheet AND a.row = t.row)
            ORDER BY ALL"""
        ).to_arrow_reader(_BATCH)


def _sheets_of(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    """File, sheet and table of every sheet whose rows a snapshot holds."""
    found = [(s["file"], s["sheet"], s["table"]) for s in report.get("sheets", ())]
    for name, carried in report.get("carried", {}).items():
        found += [(file, sheet, name) for file, sheet in carried["sheets"]]
    return found


def _carried(rows: pa.Table) -> pa.Table:
    """Rows of a snapshot as staged rows."""
    marks = (("_sheet", CARRIED), ("_mends", 0))
    for name, value in marks:
        rows = rows.append_column(name, pa.array(np.full(rows.num_rows, value, np.int32)))
    return rows
