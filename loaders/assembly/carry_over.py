"""The snapshot before an import: its tables as views beside the staged rows, and its accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyarrow as pa

from loaders.assembly.staging import Staging
from store import schema, tables
from store.snapshots import Home, NoSnapshot, Snapshot
from store.tables import ROW

# Tables that tell of files and rows, not of the county: kept with the sheets that they tell of.
ACCOUNTS = ("declared_total", "quarantine", "quarantine_row", "mend")
WAITING = "waiting_row"
_BATCH = 65_536
_LINE = ("file", "sheet", "row")
_NUMBERS = {"household": "household_id", "member": "member_id"}  # what is renumbered, and where


def current(home: Home, county_code: str) -> Snapshot | None:
    """The county's current snapshot; None without one. Raises SnapshotDamaged."""
    try:
        snapshot = home.current()
    except NoSnapshot:
        return None
    return snapshot if snapshot.county_code == county_code else None


class Base:
    """The snapshot before, or nothing where there is none (``snapshot`` None).

    ``stored_<table>`` has the rows of each table and their place in the file (``ROW``). When all is
    read, ``renumber`` makes ``base_<table>`` of them, with ``_renamed``: whether a confirmed
    renumbering has put a row under another household or member.
    """

    def __init__(self, snapshot: Snapshot | None, staging: Staging):
        self.snapshot, self.staging = snapshot, staging
        manifest = snapshot.manifest if snapshot else {"report": {}, "tables": {}}
        self._sheets = sheets_of(manifest["report"])
        self.rows: dict[str, int] = {n: e["rows"] for n, e in manifest["tables"].items()}
        self._files: dict[str, tuple[str, set[str]]] = {}  # by table: without which rows, files
        tables.show(staging.sql, snapshot, "stored_{}", numbered=True)

    def renumber(self, pairs: Mapping[str, Mapping[str, str]]) -> None:
        """Make ``base_<table>``: households and members under their new numbers.

        ``pairs`` has the new number of each old one, by subject.
        """
        run = self.staging.sql
        for subject in _NUMBERS:
            of = pairs.get(subject, {})
            names = [pa.array(list(column), pa.string()) for column in (of.keys(), of.values())]
            run.register("renumbered", pa.table(names, ["old_id", "new_id"]))
            run.execute(f"CREATE TABLE renumbered_{subject} AS FROM renumbered")
            run.unregister("renumbered")
        views = []
        for table in schema.TABLES:
            renamed = [s for s, c in _NUMBERS.items() if pairs.get(s) and c in table.arrow.names]
            joins, replaced, changed = "", [], []
            for subject in renamed:
                column, by = _NUMBERS[subject], f"r_{subject}"
                joins += f" LEFT JOIN renumbered_{subject} AS {by} ON s.{column} = {by}.old_id"
                replaced.append(f"coalesce({by}.new_id, s.{column}) AS {column}")
                changed.append(f"{by}.new_id IS NOT NULL")
            replace = f"REPLACE ({', '.join(replaced)})" if replaced else ""
            views.append(
                f"""CREATE VIEW base_{table.name} AS
                SELECT s.* {replace}, {" OR ".join(changed) or "FALSE"} AS _renamed
                FROM stored_{table.name} AS s{joins}"""
            )
        run.execute(";\n".join(views))

    def files_kept(self, fates: Mapping[str, str]) -> set[tuple[str, str]]:
        """Tables with the files of their rows ("" for none) but those in the query ``fates``.

        An empty one stands for no row. What was asked once is not asked again.
        """
        asked = []
        for name, gone in fates.items():
            if self._files.setdefault(name, (gone, set()))[0] != gone or not self._files[name][1]:
                where = f"WHERE {ROW} NOT IN ({gone})" if gone else ""
                asked.append(
                    f"""SELECT DISTINCT '{name}', coalesce(source_file, '')
                    FROM stored_{name} {where}"""
                )
                self._files[name] = gone, set()
        found = self.staging.sql.execute(" UNION ALL ".join(asked)).fetchall() if asked else []
        for name, file in found:
            self._files[name][1].add(file)
        return {(name, file) for name, gone in fates.items() for file in self._files[name][1]}

    def sheets_kept(self, fates: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
        """By table, file and sheet of its rows that are kept: those not in its query ``fates``.

        An empty one stands for no row.
        """
        with_file = {
            name: gone
            for name, gone in fates.items()
            if "source_file" in schema.BY_NAME[name].arrow.names
        }
        files = self.files_kept(with_file)
        return {
            name: sorted(
                {
                    (file, sheet)
                    for file, sheet, table in self._sheets
                    if table == name and (name not in with_file or (name, file) in files)
                }
            )
            for name in fates
        }

    def account(
        self, name: str, sheets: Collection[tuple[str, str]], told: pa.Table
    ) -> pa.RecordBatchReader:
        """Rows of an account that tell of ``sheets``, without those of lines ``told`` anew.

        ``told`` has the columns file, sheet and row.
        """
        run = self.staging.sql.cursor()
        names = [pa.array([pair[i] for pair in sorted(sheets)], pa.string()) for i in (0, 1)]
        run.register("kept", pa.table(names, ["file", "sheet"]))
        run.register("told", told.select(_LINE))
        return run.sql(
            f"""SELECT a.* EXCLUDE ({ROW}) FROM stored_{name} AS a
            SEMI JOIN kept USING (file, sheet)
            ANTI JOIN told AS t ON (a.file = t.file AND a.sheet = t.sheet AND a.row = t.row)
            ORDER BY ALL"""
        ).to_arrow_reader(_BATCH)


def chained(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The last number of each old one, where a new number has become an old one since."""
    found = dict(pairs)
    for old in found:
        seen = {old}
        while (new := found[old]) in found and new not in seen:
            seen.add(new)
            found[old] = found[new]
    return {old: new for old, new in found.items() if old != new}


def sheets_of(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    """File, sheet and table of every sheet whose rows a snapshot holds."""
    found = [(s["file"], s["sheet"], s["table"]) for s in report.get("sheets", ())]
    for name, carried in report.get("carried", {}).items():
        found += [(file, sheet, name) for file, sheet in carried["sheets"]]
    return found
