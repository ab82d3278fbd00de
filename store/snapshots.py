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
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from store import leftovers, parquet
from store.parquet import PublishError as PublishError

MANIFEST = "manifest.json"
CURRENT = "CURRENT"
_LAST = "LAST"  # the highest number ever used
STAGING = ".staging-"  # of an import's own folder in the home, before its process number


class NoSnapshot(LookupError):
    """The home holds no published snapshot, or not the one asked for."""


class SnapshotDamaged(RuntimeError):
    """A file of the snapshot is not what the manifest says."""


class PublishBusy(RuntimeError):
    """Another import holds the home: who, in which process, and since when (empty if not known)."""

    def __init__(self, holder: str = "", process: int = 0, since: str = ""):
        super().__init__(f"{holder} (process {process}) since {since}")
        self.holder, self.process, self.since = holder, process, since


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

    def rows(self, table: str) -> int:
        """How many rows a table has; 0 where there is no such table."""
        return int(self.manifest["tables"].get(table, {}).get("rows", 0))

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(self.manifest["tables"])


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A table that a new snapshot has as an earlier one has it."""

    snapshot: Snapshot
    table: str


class Home:
    """The folder that a county's snapshots live in (``TAIZHANG_HOME``)."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self.snapshots = self.path / "snapshots"
        self._held_by = 0  # thread

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
        tables: Mapping[str, pa.Table | Path | Unchanged],
        *,
        data_date: date,
        county_code: str,
        loaded_by: str,
        sources: list[dict[str, Any]],
        report: dict[str, Any],
        simulated: Mapping[str, Any] | None = None,
        make_current: bool = False,
        prepare: Callable[[int], bool] | None = None,
    ) -> Snapshot:
        """Write a new snapshot and make it current, if the current one has no later data date.

        ``make_current`` makes it current whatever its date. ``prepare`` is called with its number
        before that and says whether what pages read of it is there: until then, and where it is
        not, everybody keeps the one before, if there is one.
        A table given as a path is a Parquet file on the home's own disk, sorted by place, which
        is taken over and no longer there afterwards. ``simulated`` is ``simulated.entry_of`` the
        files that the rows came from; without it nothing is said to be simulated.

        The folder is written under a hidden name, synced, renamed, and only then named in CURRENT,
        itself replaced with one rename: a process killed anywhere leaves the old snapshot whole.
        Raises PublishError for tables that do not fit the schema, PublishBusy if another import
        holds the home.
        """
        ready = {name: _ready(name, table) for name, table in tables.items()}
        manifest = {
            "data_date": data_date.isoformat(),
            "county_code": county_code,
            "loaded_by": loaded_by,
            "sources": sources,
            "simulated": simulated or {"state": "none", "files": []},
            "report": report,
        }
        with self.lock(loaded_by):
            number = self._next_number()
            self._write_folder(number, ready, manifest)
            ready_to_show = prepare is None or prepare(number)
            if self._may_show(data_date, make_current, ready_to_show):
                self._point(number)
        return self.open(number, verify=False)

    def _write_folder(
        self,
        number: int,
        tables: Mapping[str, pa.Table | Path | Unchanged],
        manifest: Mapping[str, Any],
    ) -> None:
        work = self.snapshots / f".{number:06d}-{os.getpid()}"
        work.mkdir(parents=True)
        try:
            entries = {name: _write(work, name, table) for name, table in tables.items()}
            loaded_at = datetime.now(UTC).isoformat(timespec="seconds")
            whole = {"number": number, "loaded_at": loaded_at, **manifest, "tables": entries}
            _write_text(work / MANIFEST, json.dumps(whole, ensure_ascii=False, indent=1))
            sync_folder(work)
            work.rename(self.snapshots / f"{number:06d}")
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
        sync_folder(self.snapshots)

    def _may_show(self, data_date: date, make_current: bool, prepared: bool) -> bool:
        """Whether a new snapshot takes the current one's place; always where there is none."""
        try:
            current = self.current(verify=False)
        except (NoSnapshot, SnapshotDamaged):
            return True
        return prepared and (make_current or current.data_date <= data_date)

    def make_current(self, number: int) -> None:
        """Point CURRENT at a published snapshot: also the way back to an earlier one."""
        self.open(number)
        self._point(number)

    def _point(self, number: int) -> None:
        temporary = leftovers.working_name(self.path / CURRENT)
        _write_text(temporary, f"{number}\n")
        temporary.replace(self.path / CURRENT)
        sync_folder(self.path)

    def _next_number(self) -> int:
        """One more than any number ever used, kept also when its folder was removed since."""
        counter = self.path / _LAST
        last = int(counter.read_text(encoding="ascii")) if counter.is_file() else 0
        number = max([last, *self.numbers()]) + 1
        temporary = leftovers.working_name(counter)
        _write_text(temporary, f"{number}\n")
        temporary.replace(counter)
        return number

    @contextmanager
    def lock(self, holder: str) -> Iterator[None]:
        """Hold the home for an import; publishing inside holds it no second time.

        What an import that was killed has left is removed. Raises PublishBusy.
        """
        if self._held_by == threading.get_ident():
            yield
            return
        self.snapshots.mkdir(parents=True, exist_ok=True)
        with (self.path / "LOCK").open("a+", encoding="utf8") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise _busy(handle) from None
            handle.truncate(0)
            since = datetime.now().astimezone().isoformat(" ", "seconds")
            handle.write(json.dumps([holder, os.getpid(), since], ensure_ascii=False))
            handle.flush()
            for left in (*self.snapshots.glob(".[0-9]*"), *self.path.glob(f"{STAGING}*")):
                shutil.rmtree(left, ignore_errors=True)
            for name in (CURRENT, _LAST):
                leftovers.clear(self.path, name)
            self._held_by = threading.get_ident()
            try:
                yield
            finally:
                self._held_by = 0


def _ready(name: str, table: pa.Table | Path | Unchanged) -> pa.Table | Path | Unchanged:
    """A table that fits the schema; raises PublishError."""
    if isinstance(table, pa.Table):
        return parquet.conform(name, table)
    if isinstance(table, Path):
        parquet.check(name, table)
    return table


def _busy(handle: IO[str]) -> PublishBusy:
    """Who holds the lock; nobody by name in the moment before that is written."""
    handle.seek(0)
    try:
        return PublishBusy(*json.loads(handle.read()))
    except (ValueError, TypeError):
        return PublishBusy()


def _write(folder: Path, name: str, table: pa.Table | Path | Unchanged) -> dict[str, Any]:
    path = folder / f"{name}.parquet"
    if isinstance(table, Unchanged):
        # A copy, not a link: a bit that flips then damages one snapshot and not all.
        shutil.copyfile(table.snapshot.path(table.table), path)
        _sync(path)
        return dict(table.snapshot.manifest["tables"][table.table])  # what it has to be
    if isinstance(table, Path):
        table.rename(path)
    else:
        parquet.write(path, name, table)
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    _sync(path)
    rows = pq.read_metadata(path).num_rows
    return {"rows": rows, "bytes": path.stat().st_size, "sha256": digest}


def _sync(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


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


def sync_folder(folder: Path) -> None:
    """Have the system write down what a folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
