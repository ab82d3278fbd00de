"""Findings by the households that they are about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from access.viewer import Viewer
from findings.asking import overdue, within
from findings.machine import ENDED
from state.tables import Finding


def open_of(
    session: Session, viewer: Viewer, households: Iterable[str]
) -> dict[str, list[Finding]]:
    """The findings that are open of some households, by household, by number."""
    where = (Finding.household_id.in_(list(households)), within(viewer.scope))
    query = select(Finding).where(*where, Finding.state.not_in(ENDED)).order_by(Finding.number)
    found: dict[str, list[Finding]] = {}
    for finding in session.scalars(query):
        found.setdefault(str(finding.household_id), []).append(finding)
    return found


def households(session: Session, viewer: Viewer, day: date) -> dict[str, list[str]]:
    """The households with a problem that is ``open``, ``overdue`` on a day, or ``closed``."""
    asked = {
        "open": Finding.state.not_in(ENDED),
        "overdue": overdue(day),
        "closed": Finding.state == "closed",
    }
    return {
        key: list(
            session.scalars(
                select(Finding.household_id)
                .where(Finding.household_id.is_not(None), within(viewer.scope), condition)
                .distinct()
                .order_by(Finding.household_id)
            )
        )
        for key, condition in asked.items()
    }
