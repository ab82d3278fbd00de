"""Which snapshots a home keeps and why, and how one is removed for good.

A removal is written down before it happens (``removed.jsonl``: who, when, why, hashes), then the
folder gets a hidden name with one rename, then its files go, the manifest first. Killed at any
moment it leaves the snapshot whole or gone; the next import or removal clears what is left.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from store import holding, leftovers
from store.journal import append, entries, now
from store.lineage import bases
from store.snapshots import MANIFEST, Home, NoSnapshot, SnapshotDamaged, sync_folder

NEWEST = 5  # snapshots that a prune keeps whatever else speaks for them
RULEBOOKS = 50  # records of thresholds and rules that a prune keeps, those in use last
MARKS, REMOVED = "marks.jsonl", "removed.jsonl"

Reason = Literal["current", "newest", "month_end", "named", "base", "damaged", "in_use"]


class NotRemoved(RuntimeError):
    """A snapshot must stay: ``reason``, and the processes that read it where that is the reason."""

    def __init__(self, number: int, reason: Reason, processes: Collection[int] = ()):
        super().__init__(f"snapshot {number}: {reason}")
        self.number, self.reason, self.processes = number, reason, tuple(processes)


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot of the home: its manifest (empty if unreadable), bytes, and what keeps it.

    ``derived_bytes`` are those of everything derived from it, by whatever rules. ``names`` are the
    words of the marks that name it, ``imports`` those of the newest that cannot be taken back
    without it, ``processes`` those that read it now.
    """

    number: int
    manifest: Mapping[str, Any]
    bytes: int
    derived_bytes: int
    reasons: tuple[Reason, ...]
    names: tuple[str, ...] = ()
    imports: tuple[int, ...] = ()
    processes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a prune would remove: snapshots, folders of derived relations and records of rules that
    are long out of use, with their bytes.

    ``bases`` are left, though nothing but an import that can still be taken back speaks for them.
    """

    snapshots: list[Kept] = field(default_factory=list)
    derived: dict[str, int] = field(default_factory=dict)
    rulebooks: dict[str, int] = field(default_factory=dict)
    bases: list[Kept] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        others = (*self.derived.values(), *self.rulebooks.values())
        return sum(kept.bytes for kept in self.snapshots) + sum(others)


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes free on the home's disk, and what the home takes of it."""

    free: int
    snapshots: int
    derived: int
    other: int

    @property
    def home(self) -> int:
        return self.snapshots + self.derived + self.other


def room(home: Home) -> Room:
    """How much room there is and how much the home takes."""
    snapshots, derived = _size(home.snapshots), _size(home.path / "derived")
    other = _size(home.path) - snapshots - derived
    return Room(shutil.disk_usage(home.path).free, snapshots, derived, other)


# What names a snapshot


def mark(home: Home, number: int, who: str, why: str) -> None:
    """Name a snapshot, so that it is kept. Raises NoSnapshot."""
    home.open(number, verify=False)
    append(home.path / MARKS, {"number": number, "who": who, "at": now(), "why": why})


def unmark(home: Home, number: int, who: str) -> None:
    """Take back every mark of a snapshot."""
    append(home.path / MARKS, {"number": number, "who": who, "at": now(), "why": None})


def named(home: Home) -> dict[int, tuple[str, ...]]:
    """Snapshots that something names, with what it says: whatever names one must be asked here."""
    found: dict[int, tuple[str, ...]] = {}
    for entry in entries(home.path / MARKS):
        why = entry["why"]
        number = entry["number"]
        found[number] = (*found.get(number, ()), why) if why else ()
    return {number: words for number, words in found.items() if words}


# What is kept


def survey(home: Home, newest: int = NEWEST) -> list[Kept]:
    """Every snapshot, ascending, with what keeps it; without a reason a prune removes it."""
    numbers = home.numbers()
    manifests = {number: _manifest(home, number) for number in numbers}
    reasons: dict[int, list[Reason]] = {number: [] for number in numbers}
    with suppress(NoSnapshot):
        reasons[home.current_number()].append("current")
    for number in numbers[-newest:] if newest else ():
        reasons[number].append("newest")
    imports = bases(home, [number for number in numbers if reasons[number]])
    for number in _month_ends(manifests):
        reasons[number].append("month_end")
    names = named(home)
    found = []
    for number in numbers:
        manifest = home.snapshots / f"{number:06d}" / MANIFEST
        processes = tuple(holding.holders(manifest))
        more: tuple[tuple[Reason, bool], ...] = (
            ("named", number in names),
            ("base", number in imports),
            ("damaged", not manifests[number]),
            ("in_use", bool(processes)),
        )
        whole = (*reasons[number], *(reason for reason, holds in more if holds))
        derived = sum(map(_size, _derived_of(home, number)))
        found.append(
            Kept(
                number,
                manifests[number],
                _size(manifest.parent),
                derived,
                whole,
                names.get(number, ()),
                imports.get(number, ()),
                processes,
            )
        )
    return found


def plan(home: Home, newest: int, in_use: Collection[str] | None) -> Plan:
    """What a prune would remove.

    ``in_use`` are the names of the derived folders that today's rules read; of None, nothing is
    known, and derived folders go only with their snapshot.
    """
    snapshots = survey(home, newest)
    bases_only = [kept for kept in snapshots if kept.reasons == ("base",)]
    gone = [kept for kept in snapshots if not kept.reasons]
    staying = {kept.number for kept in snapshots if kept.reasons}
    derived = {}
    for folder in _derived(home):
        number = folder.name.partition("-")[0]
        of_kept = number.isdigit() and int(number) in staying
        if not of_kept or (in_use is not None and folder.name not in in_use):
            derived[folder.name] = _size(folder)
    return Plan(gone, derived, _rulebooks(home), bases_only)


def _rulebooks(home: Home) -> dict[str, int]:
    """Records of thresholds and rules but those that were in use last, with their bytes.

    An address that was shared under one of them is still told to be of other rules, no more of
    which.
    """
    found = [path for path in (home.path / "rulebooks").glob("*.json") if path.is_file()]
    found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    return {path.name: path.stat().st_size for path in found[RULEBOOKS:]}


def _month_ends(manifests: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Of each county and month the snapshot with the latest data date, of equal ones the last."""
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for number, manifest in manifests.items():
        if manifest:
            day = manifest["data_date"]
            key = manifest["county_code"], day[:7]
            found[key] = max(found.get(key, ("", 0)), (day, number))
    return sorted(number for _, number in found.values())


def _manifest(home: Home, number: int) -> Mapping[str, Any]:
    try:
        return home.open(number, verify=False).manifest
    except (NoSnapshot, SnapshotDamaged, KeyError):
        return {}


# How it is removed


def prune(home: Home, planned: Plan, who: str) -> Iterator[NotRemoved]:
    """Remove what was planned; gives what was left because it is read. Raises PublishBusy."""
    with home.lock(who):
        leftovers.clear(home.path / "derived")
        for kept in planned.snapshots:
            try:
                _remove(home, kept.number, who, "prune")
            except NotRemoved as left:
                yield left
        for name in planned.derived:
            _remove_derived(home, home.path / "derived" / name, who, "prune")
        for name in planned.rulebooks:
            _record(home, {"rulebook": name}, who, "prune")
            (home.path / "rulebooks" / name).unlink(missing_ok=True)


def forget(home: Home, number: int, who: str, why: str) -> None:
    """Remove one snapshot and what was derived from it.

    Raises NoSnapshot, NotRemoved for the current one, one that a mark names or that somebody
    reads, and PublishBusy.
    """
    with home.lock(who):
        if number not in home.numbers():
            raise NoSnapshot(f"no snapshot {number}")
        if number == home.current_number():
            raise NotRemoved(number, "current")
        if number in named(home):
            raise NotRemoved(number, "named")
        _remove(home, number, who, why)


def removed(home: Home, number: int) -> dict[str, Any] | None:
    """The record of a snapshot's removal: ``who``, ``at``, ``why``, ``data_date``; None if none."""
    records = (e for e in entries(home.path / REMOVED) if e.get("snapshot") == number)
    return next(iter(reversed(list(records))), None)


def _remove(home: Home, number: int, who: str, why: str) -> None:
    folder = home.snapshots / f"{number:06d}"
    with holding.alone(folder / MANIFEST) as free:
        if not free:
            raise NotRemoved(number, "in_use", holding.holders(folder / MANIFEST))
        manifest = _manifest(home, number)
        about = {key: manifest.get(key) for key in ("data_date", "loaded_at", "loaded_by")}
        hashes = {name: held["sha256"] for name, held in manifest.get("tables", {}).items()}
        record = {"snapshot": number, **about, "bytes": _size(folder), "sha256": hashes}
        _record(home, record, who, why)
        _delete(folder)
    for each in _derived_of(home, number):
        _remove_derived(home, each, who, why)


def _remove_derived(home: Home, folder: Path, who: str, why: str) -> None:
    """Remove a folder that can be made again; one that is read is left for the next time."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        return
    with holding.alone(manifest) as free:
        if free:
            hashes = json.loads(manifest.read_text("utf-8"))
            _record(home, {"derived": folder.name, "sha256": hashes}, who, why)
            _delete(folder)


def _delete(folder: Path) -> None:
    """From one moment to the next there is no such folder; then its files go."""
    hidden = folder.with_name(f".{folder.name}-{os.getpid()}")
    folder.rename(hidden)
    sync_folder(folder.parent)
    (hidden / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(hidden, ignore_errors=True)


def _derived(home: Home) -> list[Path]:
    folders = (home.path / "derived").glob("[0-9]*")
    return sorted(folder for folder in folders if folder.is_dir())


def _derived_of(home: Home, number: int) -> list[Path]:
    return [folder for folder in _derived(home) if folder.name.startswith(f"{number:06d}-")]


def _size(path: Path) -> int:
    """Bytes of a folder's files, one under two names once; what vanishes meanwhile is nothing."""
    total, linked = 0, set()
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                about = (Path(folder) / name).lstat()
            except FileNotFoundError:
                continue
            if about.st_nlink > 1:
                if about.st_ino in linked:
                    continue
                linked.add(about.st_ino)
            total += about.st_size
    return total


def _record(home: Home, record: Mapping[str, Any], who: str, why: str) -> None:
    append(home.path / REMOVED, {"who": who, "at": now(), "why": why, **record})
