"""Moving older audit entries out of the database into files that stay with the home."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select

from state import archives, audit
from state.chain import Head, Misfit, canonical
from state.database import State
from state.tables import AuditArchive, AuditEntry
from store.snapshots import sync_folder

KEPT_DAYS = 183  # entries stay in the database at least so long: six months


class NotWhole(ValueError):
    """Entries do not fit (``misfit``): moving them would hide it."""

    def __init__(self, misfit: Misfit):
        super().__init__(f"entry {misfit.number}: {misfit.why}")
        self.misfit = misfit


@dataclass(frozen=True, slots=True)
class Rotated:
    """Entries ``first`` to ``last`` lie in the file now."""

    first: int
    last: int
    path: Path


def rotate(state: State, who: str, days: int = KEPT_DAYS) -> Rotated | None:
    """Move the entries that are older than so many days into a file; None where there are none.

    The file is written whole and synced before the entries go, and they go in one transaction with
    its name, its hash and the entry that says so: killed at any moment, every entry is in the one
    place or in both. Raises NotWhole, StateError and OSError, ValueError for fewer than
    ``KEPT_DAYS``.
    """
    if days < KEPT_DAYS:
        raise ValueError(f"entries stay at least {KEPT_DAYS} days")
    edge = datetime.now(UTC) - timedelta(days=days)
    with state.writing() as session:
        audit.hold(session)
        broken, _ = audit.check(session, state.home)
        if broken is not None:
            raise NotWhole(broken)
        first, newest = session.execute(
            select(func.min(AuditEntry.number), func.max(AuditEntry.number))
        ).one()
        query = select(func.min(AuditEntry.number)).where(AuditEntry.at >= edge)
        young = session.scalar(query)  # later ones stay, whatever the clock said
        last = newest if young is None else young - 1
        if first is None or last < first:
            return None
        session.expunge_all()
        path = archives.path_of(state.home, first, last)
        _clear(path.parent, {archive.file for archive in archives.registered(session)})
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.number <= last).order_by(AuditEntry.number)
        )
        head, digest = _write(path, list(map(audit.read, rows)))
        session.expunge_all()
        session.execute(delete(AuditEntry).where(AuditEntry.number <= last))
        session.add(
            AuditArchive(first=first, last=last, last_hash=head.hash, file=path.name, sha256=digest)
        )
        told = {"file": path.name, "first": first, "last": last, "sha256": digest}
        audit.append(session, "rotation", who, told)
    return Rotated(first, last, path)


def _write(path: Path, rows: list[audit.Entry | int]) -> tuple[Head, str]:
    """Write entries, a line each; the last one's head and the hash of the file."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    digest, head = hashlib.sha256(), None
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for row in rows:
            assert isinstance(row, audit.Entry)  # what cannot be read does not fit
            line = canonical(row.plain()).encode() + b"\n"
            digest.update(line)
            file.write(line)
            head = Head(row.number, row.hash)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
    assert head is not None
    return head, digest.hexdigest()


def _clear(folder: Path, names: set[str]) -> None:
    """Remove the file of a rotation that did not come to its end: its entries are still here."""
    for path in folder.glob("*.jsonl"):
        if path.name not in names:
            path.unlink()
