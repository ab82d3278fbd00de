"""A backup of a home: its snapshots and all that people wrote, in one file, taken while in use.

A plain tar of the home's files, the rows of the state as ``state.jsonl`` (the same of either
database), and last ``BACKUP.json`` with the SHA-256 of everything. What can be made again
(``derived``) and what only a running process needs is left out.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from state import audit, dump
from state.chain import Head
from state.database import FILE, State
from state.tables import AuditEntry
from store.county_folder import FOLDER as COUNTY
from store.holding import Hold
from store.leftovers import working_name
from store.snapshots import MANIFEST, Home, sync_folder
from store.version import version

ROWS, CONTENTS = "state.jsonl", "BACKUP.json"
FORMAT = 1
_TRIES = 3
# What is made again, and what lets somebody in: a copy must not take the server's own cookies.
_LEFT_OUT = {"derived", "LOCK", "STATE.LOCK", FILE, f"{FILE}-wal", f"{FILE}-shm"}
_LEFT_OUT |= {"cookie.secret", "login"}


class InsideHome(ValueError):
    """A backup inside the home that it is of would be lost with it."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written: its bytes and hash, snapshots in it, and the audit's head."""

    path: Path
    bytes: int
    sha256: str
    snapshots: tuple[int, ...]
    head: Head


def backup(state: State, path: Path, who: str) -> Backup:
    """Write a backup of the home; the file is there whole or not at all.

    Snapshots are held while they are copied, so that nothing removes them, and fit what the audit
    says: an import that runs meanwhile is in it as one that was killed. Raises InsideHome,
    StateError and OSError.
    """
    if path.resolve().is_relative_to(state.home.resolve()):
        raise InsideHome(path.name)
    with state.writing() as session:
        audit.append(session, "backup", who, {"file": path.name, "account": audit.account()})
    work = working_name(path)
    rows = work.with_name(f"{work.name}.rows")
    try:
        with ExitStack() as stack:
            head, numbers = _moment(state, rows, stack)
            with os.fdopen(_private(work), "w+b") as file:
                _write(file, state.home, rows, numbers, head)
                file.flush()
                os.fsync(file.fileno())
                file.seek(0)
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        work.replace(path)
        sync_folder(path.resolve().parent)
    finally:
        work.unlink(missing_ok=True)
        rows.unlink(missing_ok=True)
    return Backup(path, path.stat().st_size, digest, numbers, head)


def _private(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)


def _moment(state: State, rows: Path, stack: ExitStack) -> tuple[Head, tuple[int, ...]]:
    """Write the state's rows and hold the snapshots that were there at the same moment."""
    for _ in range(_TRIES):
        with ExitStack() as holding:
            before = _last_change(state)
            numbers = _held(state.home, holding)
            with state.reading() as session:
                head = _dump(state, session, rows)
            if before == _last_change(state) and numbers == tuple(Home(state.home).numbers()):
                stack.push(holding.pop_all())
                return head, numbers
    # Files change all the while: nobody begins or ends such an act until the rows are written.
    with state.writing() as session:
        audit.hold(session)
        numbers = _held(state.home, stack)
        return _dump(state, session, rows), numbers


def _held(home: Path, stack: ExitStack) -> tuple[int, ...]:
    """The snapshots that are there, held so that nothing removes them."""
    numbers = []
    for number in Home(home).numbers():
        with suppress(FileNotFoundError):
            hold = Hold(Home(home).snapshots / f"{number:06d}" / MANIFEST)
            stack.callback(hold.close)
            numbers.append(number)
    return tuple(numbers)


def _last_change(state: State) -> int | None:
    """The last entry about what lies beside the database."""
    query = select(func.max(AuditEntry.number)).where(AuditEntry.kind.in_(audit.OF_FILES))
    with state.reading() as session:
        return session.scalar(query)


def _dump(state: State, session: Session, rows: Path) -> Head:
    revision = state.revision() or ""
    with os.fdopen(_private(rows), "w", encoding="ascii") as file:
        for line in dump.lines(session, revision):
            file.write(line + "\n")
    return audit.head(session)


def _write(file: IO[bytes], home: Path, rows: Path, numbers: tuple[int, ...], head: Head) -> None:
    """Write the home's files, the rows, and in the end what the file holds."""
    hashes: dict[str, dict[str, Any]] = {}
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in _files(home, numbers):
            with suppress(FileNotFoundError):  # a working file of somebody, gone meanwhile
                name = str(path.relative_to(home))
                hashes[name] = _add(tar, path, name)
        hashes[ROWS] = _add(tar, rows, ROWS)
        contents = {
            "format": FORMAT,
            "taizhang": version(),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "snapshots": list(numbers),
            "head": str(head),
            "files": hashes,
        }
        text = json.dumps(contents, ensure_ascii=False, indent=1).encode()
        member = tarfile.TarInfo(CONTENTS)
        member.size, member.mode = len(text), 0o600
        tar.addfile(member, io.BytesIO(text))


def _files(home: Path, numbers: tuple[int, ...]) -> Iterator[Path]:
    """What a backup holds of a home, in the order of names."""
    kept = {f"{number:06d}" for number in numbers}
    for folder, folders, names in os.walk(home, followlinks=True):
        here = Path(folder)
        if here == home:
            folders[:] = [name for name in folders if name not in _LEFT_OUT]
            names = [name for name in names if name not in _LEFT_OUT]
        if here == home / "snapshots":
            folders[:] = [name for name in folders if name in kept]
        if here == home or (here.parent == home and here.name != COUNTY):  # working names
            folders[:] = [name for name in folders if not name.startswith(".")]
            names = [name for name in names if not name.startswith(".")]
        folders.sort()
        yield from (here / name for name in sorted(names))


def _add(tar: tarfile.TarFile, path: Path, name: str) -> dict[str, Any]:
    """Add a file as it is now, whatever replaces it or grows behind it; its bytes and hash."""
    with path.open("rb") as source:
        status = os.fstat(source.fileno())
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = status.st_size, int(status.st_mtime), 0o600
        hashing = _Hashing(source)
        tar.addfile(member, hashing)
    return {"bytes": status.st_size, "sha256": hashing.digest.hexdigest()}


class _Hashing(io.RawIOBase):
    """A file whose bytes are hashed as they are read."""

    def __init__(self, source: IO[bytes]):
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        found = self._source.read(size)
        self.digest.update(found)
        return found
