"""Opening many findings by one act: one each, all or none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from access.viewer import Viewer
from findings import texts, writing
from findings.texts import Unusable
from findings.writing import Given, NotTaken, Problem
from state import audit
from state.database import State
from state.tables import Finding

_PART = 500  # keys that are looked for at once


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of problems that were opened at once: how many were, and how many stood already
    (or stood twice among them)."""

    opened: int
    standing: int


def open_many(state: State, viewer: Viewer, problems: Sequence[Problem]) -> Opened:
    """Write problems down, one finding each with its own entry, all or none of them.

    Those that are followed already stand as they are. Raises NotTaken where one may not be opened
    by the viewer, Unusable for more than texts.AT_ONCE of them, and StateError.
    """
    if len(problems) > texts.AT_ONCE:
        raise Unusable("problems", "many", most=texts.AT_ONCE)
    wanted = {writing.open_key(one): one for one in map(writing.checked, problems)}
    if not all(viewer.may("open_findings", one.region_code) for one in wanted.values()):
        raise NotTaken("right")
    with state.writing() as session:
        audit.hold(session)
        standing = _standing(session, list(wanted))
        fresh = [one for key, one in wanted.items() if key not in standing]
        for one in fresh:
            writing.written_down(session, viewer, one, Given())
    return Opened(len(fresh), len(problems) - len(fresh))


def _standing(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these keys are followed already; asked in parts that a statement holds."""
    found: set[str] = set()
    for start in range(0, len(keys), _PART):
        part = keys[start : start + _PART]
        query = select(Finding.open_key).where(Finding.open_key.in_(part))
        found |= {key for key in session.scalars(query) if key}
    return found
