"""One import taken back alone: what it added, changed and took away is undone, later ones stay.

A row that a later import has changed since is left as that import has it. Where rows of later
imports are of households that the import brought, taking it back would take those away too, and
where a later import has changed or renumbered again what it had renumbered, that would stand twice:
it is refused, and says which.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from loaders.accounts.audit import masked
from loaders.accounts.origins import REFUSED
from loaders.accounts.report import Report
from loaders.assembly.carry_over import sheets_of
from loaders.assembly.staging import CHUNK, REGISTER
from loaders.assembly.table_writing import Writer
from loaders.layouts.matching import table_names
from state.audit import recorded
from store import parquet, schema, simulated, tables
from store.lineage import lineage
from store.simulated import Origin
from store.snapshots import STAGING, Home, Snapshot, Unchanged

_MEMORY = "700MB"  # of DuckDB, before it spills


class CannotWithdraw(ValueError):
    """The import cannot be taken back alone; the message says why and what can be done."""


def withdraw(
    home: Home, number: int, who: str, prepare: Callable[[int], bool] | None = None
) -> Report:
    """Publish a snapshot that is the current one without the import that made ``number``.

    It becomes current once ``prepare`` has been (``Home.publish``); the audit has it.
    Raises CannotWithdraw, PublishBusy, NoSnapshot, SnapshotDamaged and NotRecorded.
    """
    with recorded(home.path, "withdrawal", masked(who) or "", {"withdraws": number}) as act:
        report = _withdraw(home, number, who, prepare)
        act.about = {"snapshot": report.snapshot, "current": report.current}
    return report


def _withdraw(home: Home, number: int, who: str, prepare: Callable[[int], bool] | None) -> Report:
    with home.lock(who):
        current = home.current()
        chain = lineage(home, current.number)
        if number not in chain:
            raise CannotWithdraw(f"第 {number} 号快照不在当前快照的来历之中, 不能撤回")
        made = home.open(number)
        before = made.manifest["report"].get("base")
        if before is None:
            raise CannotWithdraw(f"第 {number} 号是首次入库(或全新入库), 不能单独撤回")
        if before not in home.numbers():
            raise CannotWithdraw(f"第 {before} 号快照已被清理, 第 {number} 号不能再单独撤回")
        folder = home.path / f"{STAGING}{os.getpid()}"
        folder.mkdir()
        try:
            work = _Withdrawal(folder, home.open(before), made, current)
            found = work.tables()
            origins = work.origins()
            state = simulated.together(origin.state for origin in origins)
            report = replace(work.report(), simulated=state)
            snapshot = home.publish(
                found,
                data_date=current.data_date,
                county_code=current.county_code,
                loaded_by=who,
                sources=[],
                report=report.as_dict(),
                simulated=simulated.entry_of(origins),
                prepare=prepare,
            )
            is_current = home.current_number() == snapshot.number
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return replace(report, snapshot=snapshot.number, current=is_current)


class _Withdrawal:
    """The three snapshots beside each other: before the import, after it, and the current one."""

    def __init__(self, folder: Path, before: Snapshot, made: Snapshot, current: Snapshot):
        self.folder, self.before, self.made, self.current = folder, before, made, current
        spill = str(folder / "spill")
        self.sql = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": spill})
        self.changes: dict[str, dict[str, Any]] = {}
        for prefix, snapshot in (("before", before), ("made", made), ("current", current)):
            tables.show(self.sql, snapshot, f"{prefix}_{{}}")

    def tables(self) -> dict[str, pa.Table | Path | Unchanged]:
        """Every table of the snapshot to be; raises CannotWithdraw."""
        altered = [table for table in schema.TABLES if table.name != "region" and self._set(table)]
        self._refuse_dependent()
        found: dict[str, pa.Table | Path | Unchanged] = {
            table.name: Unchanged(self.current, table.name)
            for table in schema.TABLES
            if tables.is_current(self.current, table.name)
        }
        for table in schema.TABLES:
            if table in altered or table.name not in found:
                found[table.name] = self._write(table)
        return found

    def _set(self, table: schema.Table) -> bool:
        """Make ``kept_<table>``, the rows to be; whether they are others than the current ones."""
        name, columns = table.name, ", ".join(table.arrow.names)
        if _hash(self.before, name) == _hash(self.made, name):
            # The import left it alone: most often all but a few tables.
            current = f"SELECT {columns} FROM current_{name}"
            self.sql.execute(
                f"""CREATE VIEW kept_{name} AS {current};
                CREATE VIEW made_only_{name} AS {current} WHERE false"""
            )
            return False
        every = "ALL" if not table.key else ""
        for left, right in (("made", "before"), ("before", "made")):
            self.sql.execute(
                f"""CREATE TABLE {left}_only_{name} AS SELECT {columns} FROM {left}_{name}
                EXCEPT {every} SELECT {columns} FROM {right}_{name}"""
            )
        self.sql.execute(
            f"""CREATE TABLE left_{name} AS SELECT {columns} FROM current_{name}
            EXCEPT {every} FROM made_only_{name}"""
        )
        key = ", ".join(table.key)
        back = f"FROM before_only_{name}"
        if key:
            back += f" ANTI JOIN left_{name} USING ({key})"
        else:
            back += f" EXCEPT ALL FROM left_{name}"
        self.sql.execute(f"CREATE TABLE kept_{name} AS FROM left_{name} UNION ALL ({back})")
        self._count(table)
        counts = self.changes.get(name)
        if counts is None:
            return self._rows(f"before_only_{name}") + self._rows(f"made_only_{name}") > 0
        return bool(counts["added"] or counts["gone"] or counts["changed"])

    def _rows(self, name: str) -> int:
        ((count,),) = self.sql.execute(f"SELECT count(*) FROM {name}").fetchall()
        return int(count)

    def _count(self, table: schema.Table) -> None:
        """The account of a table with a key."""
        name, key = table.name, ", ".join(table.key)
        if not key:
            return
        before, after = self._rows(f"current_{name}"), self._rows(f"kept_{name}")
        again = self._rows(f"(FROM kept_{name} SEMI JOIN current_{name} USING ({key}))")
        same = self._rows(
            f"(FROM kept_{name} INTERSECT SELECT {', '.join(table.arrow.names)} "
            f"FROM current_{name})"
        )
        counts = {"before": before, "added": after - again, "gone": before - again, "after": after}
        if before != same or after != same:
            self.changes[name] = {**counts, "changed": again - same, "townships": {}}

    def _refuse_dependent(self) -> None:
        """Raise CannotWithdraw where rows would lose a household that the import brought."""
        lost: dict[str, int] = {}
        for table in schema.TABLES:
            if table.region and table.name != REGISTER and "household_id" in table.arrow.names:
                orphans = self._rows(
                    f"""(FROM kept_{table.name} WHERE household_id NOTNULL
                    AND household_id NOT IN (SELECT household_id FROM kept_household))"""
                )
                if orphans:
                    lost[table.name] = orphans
        self._refuse_renumbered()
        if lost:
            names = table_names()
            listed = "、".join(
                f"{names.get(name, name)} {count:,} 行" for name, count in lost.items()
            )
            raise CannotWithdraw(
                f"后来入库的数据依赖第 {self.made.number} 号带来的户 ({listed}), 请先撤回后来的入库"
            )

    def _refuse_renumbered(self) -> None:
        """Raise CannotWithdraw where a later import has changed what this one had renumbered.

        The row would stand under its new number beside itself under the old one.
        """
        found = []
        for name, unit in (("household", "户"), ("member", "人")):
            new = f"(SELECT new_id FROM made_only_renumbering WHERE subject = '{name}')"
            rows = self._rows(
                f"""(SELECT {name}_id FROM kept_{name} WHERE {name}_id IN {new} UNION ALL
                SELECT old_id FROM kept_renumbering WHERE subject = '{name}' AND old_id IN {new})"""
            )
            if rows:
                found.append(f"{name} {rows:,} {unit}")
        if found:
            raise CannotWithdraw(
                f"第 {self.made.number} 号确认的换号, 后来入库的数据已用新编号 "
                f"({'、'.join(found)}), 请先撤回后来的入库"
            )

    def _write(self, table: schema.Table) -> Path:
        order = ", ".join(parquet.order_of(table)) or "ALL"
        source = "current" if table.name == "region" else "kept"
        columns = ", ".join(table.arrow.names)
        rows = self.sql.cursor().sql(
            f"SELECT {columns} FROM {source}_{table.name} ORDER BY {order}"
        )
        with Writer(self.folder, table) as writer:
            for batch in rows.to_arrow_reader(CHUNK):
                writer.write(pa.Table.from_batches([batch]).cast(table.arrow))
        return writer.path

    def report(self) -> Report:
        """The report of the snapshot to be: every sheet of the current one but the import's own."""
        sheets = set(sheets_of(self.current.manifest["report"]))
        own = set(sheets_of(self.made.manifest["report"]))
        kept = sheets - {s for s in own if not self._stands(s[0], s[2])}
        carried: dict[str, dict[str, Any]] = {}
        for file, sheet, name in sorted(kept):
            entry = carried.setdefault(
                name, {"snapshot": self.current.number, "rows": 0, "sheets": []}
            )
            entry["sheets"].append([file, sheet])
        for name, entry in carried.items():
            entry["rows"] = self._rows(f"kept_{name}")
        return Report(
            data_date=self.current.data_date,
            county_code=self.current.county_code,
            sheets=(),
            unread=(),
            carried=carried,
            changes=self.changes,
            base=self.current.number,
            withdraws=self.made.number,
        )

    def origins(self) -> list[Origin]:
        """Files of the rows to be: what they say is what they said before the import or since."""
        brought = {source["file"] for source in self.made.manifest["sources"]}
        found = []
        for table in schema.TABLES:
            column = "file" if table.name == REFUSED else "source_file"
            if column not in table.arrow.names or (table.name != REFUSED and not table.arrives):
                continue
            query = f"SELECT DISTINCT coalesce({column}, '') FROM kept_{table.name} ORDER BY 1"
            for (file,) in self.sql.execute(query).fetchall():
                was = (table.name, file) in simulated.files(self.before)
                source = self.before if file in brought and was else self.current
                found += simulated.kept(source, [(table.name, file)])
        return found

    def _stands(self, file: str, name: str) -> bool:
        """Whether rows of a file are still in a table."""
        if "source_file" not in schema.BY_NAME[name].arrow.names:
            return True
        query = f"SELECT count(*) FROM kept_{name} WHERE source_file = $file"
        ((count,),) = self.sql.execute(query, {"file": file}).fetchall()
        return bool(count)


def _hash(snapshot: Snapshot, name: str) -> str | None:
    """The hash of a table's file; None of a table that the snapshot does not hold."""
    entry = snapshot.manifest["tables"].get(name)
    return entry["sha256"] if entry else None
