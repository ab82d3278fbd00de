"""Files of the home's ``audit`` folder that older entries were moved into: nothing deletes one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from state.chain import Entry, Head
from state.tables import AuditArchive

FOLDER = "audit"


def path_of(home: Path, first: int, last: int) -> Path:
    """Where the entries ``first`` to ``last`` of a home lie once they are moved."""
    return home / FOLDER / f"{first:09d}-{last:09d}.jsonl"


def registered(session: Session) -> list[AuditArchive]:
    """The files that there must be, those of the oldest entries first."""
    return list(session.scalars(select(AuditArchive).order_by(AuditArchive.first)))


def entries(session: Session, home: Path) -> Iterator[Entry | int]:
    """Their entries ascending; of a line that cannot be read the number that it should have."""
    for archive in registered(session):
        try:
            handle = (home / FOLDER / archive.file).open("rb")
        except OSError:
            continue
        with handle:
            for number, line in enumerate(handle, start=archive.first):
                try:
                    yield Entry.of(json.loads(line))
                except (ValueError, TypeError, KeyError):
                    yield number


def damaged(session: Session, home: Path) -> Iterator[tuple[int, str]]:
    """The first entry and the name of each file that is gone or was altered."""
    for archive in registered(session):
        try:
            with (home / FOLDER / archive.file).open("rb") as handle:
                whole = hashlib.file_digest(handle, "sha256").hexdigest() == archive.sha256
        except OSError:
            whole = False
        if not whole:
            yield archive.first, archive.file


def last_before(session: Session, first: int) -> Head | None:
    """The last entry of the files before the one that begins with ``first``."""
    query = select(AuditArchive).where(AuditArchive.last < first)
    found = session.scalars(query.order_by(AuditArchive.last.desc()).limit(1)).first()
    return None if found is None else Head(found.last, found.last_hash)
