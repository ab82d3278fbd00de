"""每周通报: what of findings was opened, mended and closed within a week, by unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, distinct, func, select
from sqlalchemy.orm import Session

from access.viewer import Viewer
from findings import asking
from findings.machine import ENDED
from state.tables import Finding, FindingStep, MeasureUnit


@dataclass(frozen=True, slots=True)
class Week:
    """Findings of a unit, or of all: ``opened``, ``mended`` and ``closed`` in the seven days up to
    today, ``standing`` open now and ``overdue`` of these."""

    opened: int
    mended: int
    closed: int
    standing: int
    overdue: int


def week_by_unit(
    session: Session, viewer: Viewer, wanted: asking.Filter
) -> tuple[Week, dict[str, Week]]:
    """The week of all findings together, and of each unit that has any to tell of.

    A finding with several units counts with each of them and once in all; one that is assigned to
    none counts under the unit without a name. Those with most overdue stand first.
    """
    columns = _week_columns(wanted.today)
    conditions = asking.conditions(viewer, asking.but(wanted, state=None))
    every = _week(session.execute(select(*columns).where(*conditions)).one())
    without = select(*columns).where(*conditions, Finding.assigned == 0)
    unassigned = _week(session.execute(without).one())
    query = select(MeasureUnit.unit, *columns).join(Finding, asking.current()).where(*conditions)
    rows = session.execute(query.group_by(MeasureUnit.unit))
    found = {row[0]: _week(row[1:]) for row in rows} | {"": unassigned}
    told = {unit: week for unit, week in found.items() if week != _QUIET}
    ordered = sorted(told.items(), key=lambda o: (-o[1].overdue, -o[1].standing, o[0]))
    return every, dict(ordered)


def _week(numbers: Iterable[int]) -> Week:
    return Week(*numbers)


_QUIET = Week(0, 0, 0, 0, 0)


def _week_columns(today: date) -> list[ColumnElement[int]]:
    since = _week_begins(today)
    mended = select(FindingStep.place).where(
        FindingStep.finding == Finding.number, FindingStep.step == "mend", FindingStep.at >= since
    )
    meant: list[ColumnElement[bool]] = [
        Finding.opened_at >= since,
        mended.correlate(Finding).exists(),
        and_(Finding.state == "closed", Finding.closed_at >= since),
        Finding.state.not_in(ENDED),
        asking.overdue(today),
    ]
    return [func.count(distinct(Finding.number)).filter(each) for each in meant]


def _week_begins(today: date) -> datetime:
    return datetime.combine(asking.first_day(today), time()).astimezone()
