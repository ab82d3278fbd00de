"""What somebody keeps and may change or withdraw: short links, saved views and meetings."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.orm import Session

from state import audit
from state.meeting_tables import Meeting
from state.tables import SavedView, ShortLink

Owned = TypeVar("Owned", ShortLink, SavedView, Meeting)


def standing(session: Session, table: type[Owned], key: str | int, owner: str) -> Owned | None:
    """The row that somebody may change, held until the end; None for another's or a withdrawn one:
    who comes second finds what the first left."""
    audit.hold(session)
    row = session.get(table, key)
    return None if row is None or row.owner != owner or row.withdrawn_at is not None else row
