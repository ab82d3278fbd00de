"""An import from first to last: recognise, read, clean, stage, assemble, publish, report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from loaders import layouts, readers, shapes
from loaders.assemble import assemble, published
from loaders.audit import Audit
from loaders.base import ACCOUNTS, Base, current
from loaders.clean import Cleaner
from loaders.divisions import Divisions
from loaders.layouts import Layout, Match
from loaders.progress import Progress, silent
from loaders.readers import Reading, Sheet
from loaders.refused import write_refused
from loaders.report import Report
from loaders.sources import Sources
from loaders.staging import REGISTER, Staging
from store import schema
from store.snapshots import STAGING, Home, Snapshot

COUNTY = "611025"
THREADS = 2
_NAMED = ("region_code", "short_name")


def run(
    paths: Sequence[Path],
    home: Home,
    data_date: date,
    *,
    loaded_by: str,
    county_code: str = COUNTY,
    progress: Progress = silent,
    dry_run: bool = False,
    fresh: bool = False,
) -> Report:
    """Import files and folders as one snapshot of a county at a date.

    Tables that no file gives are kept from the county's current snapshot, unless ``fresh``. With
    ``dry_run``, and where no row is taken or no household is known, nothing is published and the
    report has no snapshot. Raises FileNotFoundError for a county without reference data,
    PublishBusy, SnapshotDamaged for the current snapshot, OSError and duckdb.Error of a full or
    closed disk, ValueError for a layout of the home that cannot be used.
    """
    divisions = Divisions.load(county_code)
    with home.lock(loaded_by), ExitStack() as stack:
        known = layouts.load(home.path / "layouts")
        base = None if fresh else current(home, county_code)
        staging = Staging(home.path / f"{STAGING}{os.getpid()}", known)
        stack.callback(staging.close)
        importing = _Import(staging, known, divisions, data_date, base, progress)
        stack.callback(importing.close)
        importing.read(readers.find(paths))
        tables = importing.assemble()
        report = importing.report()
        if dry_run or not importing.usable:
            return replace(report, checked=importing.usable)
        progress("publish", "", 0, 1)
        snapshot = home.publish(
            tables,
            data_date=data_date,
            county_code=county_code,
            loaded_by=loaded_by,
            sources=importing.sources,
            report=report.as_dict(),
        )
        progress("publish", "", 1, 1)
    names = dict(zip(*(divisions.regions()[c].to_pylist() for c in _NAMED), strict=True))
    shapes.ensure(home.path, county_code, names)
    return replace(report, snapshot=snapshot.number)


class _Import:
    """The state of one import between its stages."""

    def __init__(
        self,
        staging: Staging,
        known: Sequence[Layout],
        divisions: Divisions,
        data_date: date,
        base: Snapshot | None,
        progress: Progress,
    ):
        self.staging, self.known, self.divisions = staging, known, divisions
        self.data_date, self.progress = data_date, progress
        self.base = Base(base, staging) if base else None
        self.audit = Audit()
        self.sources: list[dict[str, Any]] = []
        self.usable = False
        self._readings: list[Reading] = []
        self._opened: list[tuple[Sheet, Match]] = []  # one an account of the audit
        self._carried: dict[str, dict[str, Any]] = {}

    def close(self) -> None:
        for reading in self._readings:
            reading.close()

    # Reading and cleaning

    def read(self, files: Sequence[Path]) -> None:
        """Clean and stage every file; what is refused or left out stands in the audit."""
        spool = self.staging.folder / "spool"
        spool.mkdir()
        before = self.base.sources if self.base else {}
        with ThreadPoolExecutor(1) as hashing, ThreadPoolExecutor(THREADS) as pool:
            sources = Sources(files, before, hashing)
            files = sources.once()
            for path in files:
                self.progress("read", readers.shown(path.name), 0, 1)
            for reading in readers.read_all(files, spool):
                self._readings.append(reading)  # kept: refused rows are read again in the end
                self.progress("read", reading.file, 1, 1)
                self._clean(reading, pool)
            self.sources = sources.listed()

    def _clean(self, reading: Reading, pool: ThreadPoolExecutor) -> None:
        if reading.refusal:
            self.audit.refuse(reading.file, reading.refusal)
        for member, reason in reading.refused:
            self.audit.refuse(member, reason)
        sections = [(sheet, match) for sheet in reading.sheets for match in self._matches(sheet)]
        of = sum(sheet.rows_count for sheet in reading.sheets)
        done = 0
        for sheet, match in sections:
            self._opened.append((sheet, match))
            cleaner = Cleaner(sheet, match, self.divisions, self.audit, data_date=self.data_date)
            for batch in cleaner.batches(pool):
                self.staging.add(batch.table, batch.rows, batch.spread)
                done += batch.rows.num_rows
                self.progress("clean", reading.file, min(done, of), of)
        self.progress("clean", reading.file, of, of)

    def _matches(self, sheet: Sheet) -> list[Match]:
        """The sections of a sheet that are loaded; a sheet without one is noted."""
        found = [] if sheet.hidden else layouts.matches(sheet, self.known)
        if found or not sheet.rows_count:
            return found
        reason = "hidden_sheet" if sheet.hidden else "unknown_layout"
        headers: Sequence[str] = ()
        if not sheet.hidden and (lacking := layouts.lacking(sheet, self.known)):
            reason, headers = "missing_columns", lacking[1]
        self.audit.skip(
            sheet.file, sheet.name, rows=sheet.rows_count, reason=reason, headers=headers
        )
        return []

    # Assembling

    def assemble(self) -> dict[str, pa.Table | Path]:
        """Every table of the schema."""
        amending = [i for i, (_, match) in enumerate(self._opened) if match.origin]
        if self.base:
            self._carried = self.base.carry(published(self.known), self.known, amending)
        of, done = sum(rows for _, rows in self.staging.parts), 0

        def tick(rows: int) -> None:
            nonlocal done
            done += rows
            self.progress("assemble", "", min(done, of), of)

        paths, left_out = assemble(self.staging, self.known, self.divisions, self.audit, tick)
        self.progress("assemble", "", of, of)
        for name, rows in left_out.items():
            self._carried[name]["left_out"] = rows
        taken = sum(sheet.accepted + sheet.mended for sheet in self.audit.sheets)
        self.usable = bool(taken and self.staging.count(REGISTER))
        return {"region": self.divisions.regions(), **paths, **self._accounts()}

    def _accounts(self) -> dict[str, pa.Table | Path]:
        """The tables that tell of files and rows: this import's and those of carried sheets."""
        own = {
            "declared_total": self.audit.declared_totals(),
            "quarantine": self.audit.entries(),
            "mend": self.audit.mends(),
        }
        told = self.staging.told(own["quarantine"])
        found: dict[str, pa.Table | Path] = {}
        for name in ACCOUNTS:
            before = self.base.account(name, told) if self.base else None
            if name in own:
                kept = [before.read_all().cast(schema.BY_NAME[name].arrow)] if before else []
                found[name] = pa.concat_tables([*kept, own[name]])
            else:
                found[name] = write_refused(self.staging.folder, self.audit, self._opened, before)
        return found

    def report(self) -> Report:
        return Report.of(
            self.audit,
            self.data_date,
            self.divisions.county_code,
            carried=self._carried,
            sources=self.sources,
        )
