"""An import from first to last: recognise, read, clean, stage, assemble, publish, report."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from loaders.accounts import origins
from loaders.accounts.audit import Audit
from loaders.accounts.changes import account
from loaders.accounts.report import Report
from loaders.assembly.arrivals import FEW, UNANSWERED, Answers, Arrival
from loaders.assembly.assemble import assemble, published
from loaders.assembly.carry_over import ACCOUNTS, WAITING, Base, chained, current
from loaders.assembly.merging import Merging
from loaders.assembly.refused_rows import write_refused
from loaders.assembly.renumbering import Renumbering, proposals, staged
from loaders.assembly.staging import Staging
from loaders.cleaning.section import Cleaner
from loaders.layouts import advice, matching
from loaders.layouts.matching import Layout, Match
from loaders.progress import Progress, silent
from loaders.reading import sheets as readers
from loaders.reading import simulated_mark
from loaders.reading.sheets import Reading, Sheet
from loaders.reading.sources import Sources, files_of
from loaders.regions.divisions import Divisions
from loaders.regions.drawing import ensure_drawn
from loaders.regions.place_names import plain
from store import schema, simulated
from store.county_folder import county_of, path_in
from store.simulated import Origin, State
from store.snapshots import STAGING, Home, Snapshot, Unchanged

THREADS = 2
REFUSED = 0.2  # share of the rows above which an import with many refused ones asks first


def run(
    paths: Sequence[Path],
    home: Home,
    data_date: date,
    *,
    loaded_by: str,
    county_code: str | None = None,
    progress: Progress = silent,
    dry_run: bool = False,
    fresh: bool = False,
    answers: Answers = UNANSWERED,
    renumbered: Sequence[Renumbering] = (),
    make_current: bool = False,
    prepare: Callable[[int], bool] | None = None,
) -> Report:
    """Import files and folders as one snapshot of a county, by default the home's, at a date.

    The files are added to the county's current snapshot, unless ``fresh``: rows are merged by key,
    and gone is only what a file that was taken for the whole of a place lacks. ``renumbered`` are
    households and members whose new number a person has confirmed. With ``dry_run``, where no row
    is taken or no household is known, and where a question is not in the ``answers``, nothing is
    published and the report has no snapshot. A snapshot of an earlier data date than the current
    one's becomes current only with ``make_current``, none before ``prepare`` (``Home.publish``).

    Raises FileNotFoundError for a county without reference data, OtherCounty, NoCounty,
    PublishBusy, SnapshotDamaged for the current snapshot, OSError and duckdb.Error of a full disk,
    ValueError for a layout of the home that cannot be used.
    """
    divisions = Divisions.load(county_of(home.path, county_code), home.path)
    with home.lock(loaded_by), ExitStack() as stack:
        known = matching.load(path_in(home.path, "layouts"))
        base = None if fresh else current(home, divisions.county_code)
        staging = Staging(home.path / f"{STAGING}{os.getpid()}", known, held=base is not None)
        stack.callback(staging.close)
        importing = _Import(staging, known, divisions, data_date, base, progress, answers)
        stack.callback(importing.close)
        importing.files_before = files_of(home, base)
        importing.read(readers.find(paths))
        importing.renumber(renumbered)
        tables = importing.assemble()
        report = importing.report()
        if dry_run or not importing.usable or report.questions:
            return replace(report, checked=importing.usable)
        ensure_drawn(home.path, divisions)  # before anything is published that a map shows
        progress("publish", "", 0, 1)
        about = {"loaded_by": loaded_by, "make_current": make_current, "prepare": prepare}
        snapshot = importing.publish(home, tables, report, about)
        is_current = home.current_number() == snapshot.number
        progress("publish", "", 1, 1)
    return replace(report, snapshot=snapshot.number, current=is_current)


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
        answers: Answers,
    ):
        self.staging, self.known, self.divisions = staging, known, divisions
        self.data_date, self.progress, self.answers = data_date, progress, answers
        self.base = Base(base, staging)
        self.audit = Audit()
        self.files_before: dict[str, set[str]] = {}  # hashes by name, of what the base is made of
        self.sources: list[dict[str, Any]] = []
        self.usable = False
        self._readings: list[Reading] = []
        self._opened: list[tuple[Sheet, Match]] = []  # one an account of the audit
        self._merging: Merging | None = None
        self._changes: dict[str, dict[str, Any]] = {}
        self._states: list[State] = []  # whether each of these is simulated
        self.origins: list[Origin] = []
        self._carried: dict[str, dict[str, Any]] = {}

    def close(self) -> None:
        for reading in self._readings:
            reading.close()

    # Reading and cleaning

    def read(self, files: Sequence[Path]) -> None:
        """Clean and stage every file; what is refused or left out stands in the audit."""
        spool = self.staging.folder / "spool"
        spool.mkdir()
        with ThreadPoolExecutor(1) as hashing, ThreadPoolExecutor(THREADS) as pool:
            sources = Sources(files, self.files_before, hashing)
            files = sources.once()
            for path in files:
                self.progress("read", readers.shown(path.name), 0, 1)
            for reading in readers.read_all(files, spool):
                self._readings.append(reading)  # kept: refused rows are read again in the end
                self.progress("read", reading.file, 1, 1)
                self._clean(reading, pool)
            self.sources = sources.listed(self._simulated_files())

    def _clean(self, reading: Reading, pool: ThreadPoolExecutor) -> None:
        for unread in reading.refused:
            self.audit.refuse(unread.file, unread.reason, sheet=unread.sheet, cell=unread.cell)
        sections = [(sheet, match) for sheet in reading.sheets for match in self._matches(sheet)]
        of = sum(sheet.rows_count for sheet in reading.sheets)
        done = 0
        for sheet in reading.sheets:
            matches = [match for each, match in sections if each is sheet]
            self._states += simulated_mark.states_of(sheet, matches)
        for sheet, match in sections:
            cleaner = Cleaner(sheet, match, self.divisions, self.audit, data_date=self.data_date)
            self._opened.append((cleaner.sheet, match))
            for batch in cleaner.batches(pool):
                self.staging.section(
                    batch.table, cleaner.index, batch.refused.column_names, bool(match.spread)
                )
                self.staging.add(batch.table, batch.rows, batch.spread)
                self.staging.mention(batch.table, cleaner.index, batch.refused)
                done += batch.rows.num_rows
                self.progress("clean", reading.file, min(done, of), of)
        self.progress("clean", reading.file, of, of)

    def _matches(self, sheet: Sheet) -> list[Match]:
        """The sections of a sheet that are loaded; a sheet without one is noted."""
        found = [] if sheet.hidden else matching.matches(sheet, self.known)
        if found or not sheet.rows_count:
            return found
        reason, headers = advice.unread(sheet, self.known, self.divisions)
        self.audit.skip(
            sheet.file, sheet.name, rows=sheet.rows_count, reason=reason, headers=headers
        )
        return []

    def _simulated_files(self) -> set[str]:
        """Files of which a sheet says that it is simulated, by the names that may be shown."""
        opened = zip(self._opened, self._states, strict=True)
        return {sheet.file.partition("/")[0] for (sheet, _), state in opened if state != "none"}

    # Assembling

    def renumber(self, confirmed: Sequence[Renumbering]) -> None:
        """Stage renumberings that were confirmed apart from any file."""
        if confirmed:
            self.staging.add("renumbering", staged(confirmed))

    def assemble(self) -> dict[str, pa.Table | Path | Unchanged]:
        """Every table of the schema."""
        self.staging.index("renumbering")
        pairs = {subject: chained(rows) for subject, rows in self._pairs("keys").items()}
        self.base.renumber(pairs)
        households = [
            *self._pairs("base").get("household", ()),
            *pairs.get("household", {}).items(),
        ]
        amending = [i for i, (_, match) in enumerate(self._opened) if match.origin]
        merging = Merging(self.staging, self.base, self.data_date, amending, self.answers)
        self._merging = merging
        of, done = sum(rows for _, rows in self.staging.parts), 0

        def tick(rows: int) -> None:
            nonlocal done
            done += rows
            self.progress("assemble", "", min(done, of), of)

        about = self.known, self.divisions, self.audit, merging, chained(households)
        tables = assemble(self.staging, *about, tick)
        self.progress("assemble", "", of, of)
        self._account(merging, tables)
        taken = sum(
            sheet.accepted + sheet.mended + sheet.quarantined["unknown_household"]
            for sheet in self.audit.sheets
        )
        households_now = self.staging.sql.execute("SELECT 1 FROM households LIMIT 1").fetchall()
        self.usable = bool((taken or pairs) and households_now)
        accounts = self._accounts(merging)
        own = origins.given(self.audit.sheets, self._states)
        kept = origins.kept(merging, published(self.known), accounts[origins.REFUSED])
        self.origins = [*own, *kept]
        return {"region": self.divisions.regions(), **tables, **accounts}

    def _pairs(self, source: str) -> dict[str, list[tuple[str, str]]]:
        """Old and new numbers by subject: of this import (``keys``) or of before (``base``)."""
        found: dict[str, list[tuple[str, str]]] = {}
        query = f"SELECT subject, old_id, new_id FROM {source}_renumbering ORDER BY ALL"
        for subject, old, new in self.staging.sql.execute(query).fetchall():
            found.setdefault(subject, []).append((old, new))
        return found

    def _account(self, merging: Merging, tables: Mapping[str, Path | Unchanged]) -> None:
        """What changes, and which tables, rows and sheets are kept of the snapshot before."""
        names = published(self.known)
        after = {n: _rows(table) for n, table in tables.items()}
        self._changes = account(self.staging, merging, names, after, self.divisions.towns)
        if self.base.snapshot is None:
            return
        kept = {name: rows for name in names if (rows := merging.kept_before(name))}
        sheets = self.base.sheets_kept({name: merging.fated(name) for name in kept})
        for name, rows in kept.items():
            self._carried[name] = {
                "snapshot": self.base.snapshot.number,
                "rows": rows,
                "sheets": [list(pair) for pair in sheets[name]],
            }

    def _accounts(self, merging: Merging) -> dict[str, pa.Table | Path | Unchanged]:
        """The tables that tell of files and rows: this import's and those of sheets kept."""
        own = {
            "declared_total": self.audit.declared_totals(),
            "quarantine": self.audit.entries(),
            "mend": self.audit.mends(),
        }
        waiting = merging.waiting.rows()
        told = pa.concat_tables(
            [self.staging.told(own["quarantine"]), merging.waiting.over()],
            promote_options="permissive",
        )
        sheets = {(f, s) for entry in self._carried.values() for f, s in entry["sheets"]}
        sheets |= merging.waiting.sheets()
        found: dict[str, pa.Table | Path | Unchanged] = {WAITING: waiting}
        for name in ACCOUNTS:
            before = self.base.account(name, sheets, told) if self.base.snapshot else None
            if name in own:
                kept = [before.read_all().cast(schema.BY_NAME[name].arrow)] if before else []
                found[name] = pa.concat_tables([*kept, own[name]])
            else:
                found[name] = write_refused(self.staging.folder, self.audit, self._opened, before)
        return found

    def report(self) -> Report:
        merging = self._merging
        assert merging is not None
        waiting = sum(merging.waiting.counts.values())
        return Report.of(
            self.audit,
            self.data_date,
            self.divisions.county_code,
            carried=self._carried,
            sources=self.sources,
            changes=self._changes,
            arrivals={n: _told(arrival) for n, arrival in merging.arrivals.items()},
            questions=[*map(self._placed, merging.questions), *self._many_refused()],
            renumbering=proposals(self.staging, self.base),
            waiting=waiting,
            base=self.base.snapshot.number if self.base.snapshot else None,
            missing=self._missing(),
            simulated=simulated.together(origin.state for origin in self.origins),
        )

    def publish(
        self,
        home: Home,
        tables: Mapping[str, pa.Table | Path | Unchanged],
        report: Report,
        about: Mapping[str, Any],
    ) -> Snapshot:
        """Publish what was assembled; ``about`` are further arguments of ``Home.publish``."""
        return home.publish(
            tables,
            data_date=self.data_date,
            county_code=self.divisions.county_code,
            sources=self.sources,
            simulated=simulated.entry_of(self.origins),
            report=report.as_dict(),
            **about,
        )

    def _placed(self, question: dict[str, Any]) -> dict[str, Any]:
        """A question with the name of its township."""
        return question | {"place": plain(self.divisions.towns.get(question["township"], ""))}

    def _many_refused(self) -> list[dict[str, Any]]:
        """The question whether an import of which much was refused is meant."""
        rows = sum(sheet.rows for sheet in self.audit.sheets)
        refused = sum(sum(sheet.quarantined.values()) for sheet in self.audit.sheets)
        if self.answers.refused or refused < FEW or refused <= REFUSED * rows:
            return []
        return [{"kind": "refused", "before": rows, "given": rows - refused}]

    def _missing(self) -> list[str]:
        """Tables that a county's first import has no row of."""
        if self.base.snapshot is not None:
            return []
        names = [name for name in published(self.known) if name != "renumbering"]
        return [name for name in names if not self._changes.get(name, {}).get("after")]


def _rows(table: Path | Unchanged) -> int:
    if isinstance(table, Unchanged):
        return int(table.snapshot.manifest["tables"][table.table]["rows"])
    return int(pq.read_metadata(table).num_rows)


def _told(arrival: Arrival) -> dict[str, Any]:
    return {
        "mode": arrival.mode,
        "townships": sorted(arrival.townships),
        "kept": sorted(arrival.kept),
    }
