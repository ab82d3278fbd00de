"""Immutable, numbered snapshots of a county's tables, published with one rename.

A home folder holds ``snapshots/000001/`` (one Parquet file a table and ``manifest.json`` with row
counts and SHA-256) and ``CURRENT``, a file that names the newest published number. Names are never
used twice, and hashes are checked when a snapshot is opened: a flipped bit in a Parquet file is
silently wrong about two times in five.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from store import schema

MANIFEST = "manifest.json"
CURRENT = "CURRENT"
# Rows of a group: small enough that a filter by village skips most of a big county's file.
ROW_GROUP = 50_000


class NoSnapshot(LookupError):
    """The home holds no published snapshot, or not the one asked for."""


class SnapshotDamaged(RuntimeError):
    """A file of the snapshot is not what the manifest says."""


class PublishError(ValueError):
    """The tables given cannot become a snapshot; nothing was written."""


class PublishBusy(RuntimeError):
    """Another import holds the home; says which."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published snapshot: its folder, number, data date and manifest."""

    folder: Path
    number: int
    data_date: date
    county_code: str
    manifest: dict[str, Any] = field(repr=False, compare=False)

    def path(self, table: str) -> Path:
        """Parquet file of a table; raises KeyError for one this snapshot does not hold."""
        if table not in self.manifest["tables"]:
            raise KeyError(table)
        return self.folder / f"{table}.parquet"

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(self.manifest["tables"])


class Home:
    """The folder that a county's snapshots live in (``TAIZHANG_HOME``)."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self.snapshots = self.path / "snapshots"

    def numbers(self) -> list[int]:
        """Published snapshot numbers, ascending. Order is the number, not the clock."""
        if not self.snapshots.is_dir():
            return []
        return sorted(
            int(p.name)
            for p in self.snapshots.iterdir()
            if p.name.isdigit() and (p / MANIFEST).is_file()
        )

    def current_number(self) -> int:
        """Number of the current snapshot; raises NoSnapshot where there is none.

        A home that was copied while an import ran may name one that the copy lacks: then it is
        the newest before that.
        """
        try:
            number = int((self.path / CURRENT).read_text(encoding="ascii").strip())
        except FileNotFoundError:
            raise NoSnapshot(f"no snapshot published in {self.path.name}") from None
        if (self.snapshots / f"{number:06d}" / MANIFEST).is_file():
            return number
        earlier = [held for held in self.numbers() if held < number]
        if not earlier:
            raise NoSnapshot(f"no snapshot published in {self.path.name}")
        return earlier[-1]

    def current(self, *, verify: bool = True) -> Snapshot:
        return self.open(self.current_number(), verify=verify)

    def open(self, number: int, *, verify: bool = True) -> Snapshot:
        """Open a published snapshot; raises NoSnapshot or, hashes checked, SnapshotDamaged."""
        folder = self.snapshots / f"{number:06d}"
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf8"))
        except FileNotFoundError:
            raise NoSnapshot(f"no snapshot {number}") from None
        except ValueError as error:
            raise SnapshotDamaged(f"snapshot {number}: manifest unreadable") from error
        snapshot = Snapshot(
            folder,
            number,
            date.fromisoformat(manifest["data_date"]),
            manifest["county_code"],
            manifest,
        )
        if verify:
            _verify(snapshot)
        return snapshot

    def publish(
        self,
        tables: dict[str, pa.Table],
        *,
        data_date: date,
        county_code: str,
        loaded_by: str,
        sources: list[dict[str, Any]],
        report: dict[str, Any],
    ) -> Snapshot:
        """Write a new snapshot and make it current.

        The folder is written under a hidden name, synced, renamed, and only then named in CURRENT,
        itself replaced with one rename: a process killed anywhere leaves the old snapshot whole.
        Raises PublishError for tables that do not fit the schema, PublishBusy if another import
        holds the home.
        """
        ready = {name: _conform(name, table) for name, table in tables.items()}
        with self._lock(loaded_by):
            number = self._next_number()
            work = self.snapshots / f".{number:06d}-{os.getpid()}"
            work.mkdir(parents=True)
            try:
                entries = {name: _write(work, name, table) for name, table in ready.items()}
                manifest = {
                    "number": number,
                    "data_date": data_date.isoformat(),
                    "county_code": county_code,
                    "loaded_by": loaded_by,
                    "loaded_at": datetime.now(UTC).isoformat(timespec="seconds"),
                    "sources": sources,
                    "report": report,
                    "tables": entries,
                }
                _write_text(work / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
                _sync_folder(work)
                work.rename(self.snapshots / f"{number:06d}")
            except BaseException:
                shutil.rmtree(work, ignore_errors=True)
                raise
            _sync_folder(self.snapshots)
            self.make_current(number)
        return self.open(number, verify=False)

    def make_current(self, number: int) -> None:
        """Point CURRENT at a published snapshot: also the way back to an earlier one."""
        self.open(number)
        temporary = self.path / f".{CURRENT}-{os.getpid()}"
        _write_text(temporary, f"{number}\n")
        temporary.replace(self.path / CURRENT)
        _sync_folder(self.path)

    def _next_number(self) -> int:
        """One more than any number ever used, kept also when its folder was removed since."""
        counter = self.path / "LAST"
        last = int(counter.read_text(encoding="ascii")) if counter.is_file() else 0
        number = max([last, *self.numbers()]) + 1
        temporary = self.path / f".LAST-{os.getpid()}"
        _write_text(temporary, f"{number}\n")
        temporary.replace(counter)
        return number

    @contextmanager
    def _lock(self, holder: str) -> Iterator[None]:
        self.snapshots.mkdir(parents=True, exist_ok=True)
        with (self.path / "LOCK").open("a+", encoding="utf8") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.seek(0)
                raise PublishBusy(handle.read().strip()) from None
            handle.truncate(0)
            handle.write(f"{holder} (process {os.getpid()})")
            handle.flush()
            for left in self.snapshots.glob(".[0-9]*"):  # of an import that was killed
                shutil.rmtree(left, ignore_errors=True)
            yield


def _conform(name: str, table: pa.Table) -> pa.Table:
    """Table with exactly the schema's columns and types, sorted for reading by village."""
    if name not in schema.BY_NAME:
        raise PublishError(f"no table {name!r} in the schema")
    wanted = schema.BY_NAME[name]
    missing = [c.name for c in wanted.columns if c.name not in table.column_names]
    extra = [c for c in table.column_names if c not in wanted.arrow.names]
    if missing or extra:
        raise PublishError(f"{name}: columns missing {missing}, not in the schema {extra}")
    try:
        table = table.select(wanted.arrow.names).cast(wanted.arrow)
    except (pa.ArrowInvalid, ValueError) as error:
        raise PublishError(f"{name}: {error}") from error
    keys = list(wanted.key)
    if keys and table.group_by(keys).aggregate([]).num_rows != table.num_rows:
        raise PublishError(f"{name}: key {keys} is not unique")
    order = [wanted.region, *keys] if wanted.region and wanted.region not in keys else keys
    return table.sort_by([(column, "ascending") for column in order]) if order else table


def _write(folder: Path, name: str, table: pa.Table) -> dict[str, Any]:
    path = folder / f"{name}.parquet"
    pq.write_table(table, path, row_group_size=ROW_GROUP, compression="zstd")
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
        os.fsync(handle.fileno())
    return {"rows": table.num_rows, "bytes": path.stat().st_size, "sha256": digest}


def _verify(snapshot: Snapshot) -> None:
    for name, entry in snapshot.manifest["tables"].items():
        try:
            with snapshot.path(name).open("rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
        except FileNotFoundError:
            raise SnapshotDamaged(f"snapshot {snapshot.number}: {name} is missing") from None
        if digest != entry["sha256"]:
            raise SnapshotDamaged(f"snapshot {snapshot.number}: {name} was altered")


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
