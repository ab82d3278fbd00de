"""What findings there are for somebody: listed, counted, one whole. Held to their places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from sqlalchemy import ColumnElement, and_, distinct, false, func, or_, select
from sqlalchemy.orm import Session, undefer

from access.viewer import Viewer
from findings.machine import ENDED, OPEN, STATES
from state.tables import (
    Finding,
    FindingEvidence,
    FindingStep,
    MeasureUnit,
    Person,
    UnitMember,
)
from store.scope import Scope

# Beside a state: any that is open, and what is open after the day that it was due.
ASKED = ("open", "overdue", *STATES)
Mine = Literal["opened", "unit", "verify"]
MINE: tuple[Mine, ...] = get_args(Mine)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which findings are asked for, on a day; what is None leaves all.

    ``mine`` is of the viewer: what they opened, what waits for a unit of theirs, what they may
    verify or close and did not mend.
    """

    region: str
    today: date
    state: str | None = None
    unit: str | None = None
    kind: str | None = None
    source: str | None = None
    mine: str | None = None
    among: tuple[str, ...] = ()  # kinds, any of them; none leaves all


@dataclass(frozen=True, slots=True)
class Row:
    """A finding in a list, with its units."""

    finding: Finding
    units: tuple[str, ...]
    overdue: bool


@dataclass(frozen=True, slots=True)
class Course:
    """How long a finding was or is open: opened, closed or still open, and what it is about."""

    number: int
    opened: date
    closed: date | None
    subject: str
    kind: str


def listed(
    session: Session, viewer: Viewer, wanted: Filter, offset: int = 0, limit: int | None = None
) -> list[Row]:
    """Findings: those that are open before the others, the earliest due first."""
    ended = Finding.state.in_(ENDED)
    query = (
        select(Finding)
        .where(*conditions(viewer, wanted))
        .order_by(ended, Finding.due.is_(None), Finding.due, Finding.number)
        .offset(offset)
        .limit(limit)
    )
    found = list(session.scalars(query))
    units = units_of(session, found)
    return [
        Row(each, units.get(each.number, ()), _is_overdue(each, wanted.today)) for each in found
    ]


def days_late(row: Row, today: date) -> int:
    """For how many days a finding is past the day that it was due; 0 where it is not."""
    due = row.finding.due
    return (today - due).days if row.overdue and due is not None else 0


def count(session: Session, viewer: Viewer, wanted: Filter) -> int:
    """How many findings are asked for."""
    query = select(func.count(Finding.number)).where(*conditions(viewer, wanted))
    return session.scalar(query) or 0


def by_state(session: Session, viewer: Viewer, wanted: Filter) -> dict[str, int]:
    """How many there are in each state, open and overdue, whatever state is asked for."""
    every = but(wanted, state=None)
    query = select(Finding.state, func.count()).where(*conditions(viewer, every))
    found = dict.fromkeys(ASKED, 0)
    for state, number in session.execute(query.group_by(Finding.state)):
        found[state] = number
    found["open"] = sum(found[state] for state in OPEN)
    found["overdue"] = count(session, viewer, but(wanted, state="overdue"))
    return found


def overdue_by_unit(session: Session, viewer: Viewer, wanted: Filter) -> dict[str, tuple[int, int]]:
    """Unit to how many findings are open with it and how many of them overdue, the most first.

    A finding with several units counts with each of them.
    """
    late = func.count(distinct(Finding.number)).filter(overdue(wanted.today))
    query = (
        select(MeasureUnit.unit, func.count(distinct(Finding.number)), late)
        .join(Finding, current())
        .where(*conditions(viewer, but(wanted, state="open")))
        .group_by(MeasureUnit.unit)
    )
    found = {unit: (opened, over) for unit, opened, over in session.execute(query)}
    return dict(sorted(found.items(), key=lambda one: (-one[1][1], -one[1][0], one[0])))


def first_day(today: date) -> date:
    """The first of the seven days up to today."""
    return today - WEEK + timedelta(days=1)


def opened_and_closed(session: Session, viewer: Viewer, wanted: Filter) -> tuple[int, int]:
    """How many were opened, and closed, in the seven days up to today."""
    since = datetime.combine(first_day(wanted.today), time()).astimezone()
    held = conditions(viewer, but(wanted, state=None))

    def after(moment: ColumnElement[datetime | None]) -> int:
        query = select(func.count(Finding.number)).where(*held, moment >= since)
        return session.scalar(query) or 0

    return after(Finding.opened_at), after(Finding.closed_at)  # type: ignore[arg-type]


def courses(session: Session, viewer: Viewer, wanted: Filter) -> list[Course]:
    """How long each took, whatever state is asked for; those rejected were no problems."""
    query = select(
        Finding.number,
        Finding.opened_at,
        Finding.closed_at,
        Finding.subject_kind,
        Finding.subject_id,
        Finding.kind,
    ).where(*conditions(viewer, but(wanted, state=None)), Finding.state != "rejected")
    return [
        Course(
            row.number,
            row.opened_at.astimezone().date(),
            row.closed_at.astimezone().date() if row.closed_at else None,
            f"{row.subject_kind}:{row.subject_id}",
            row.kind,
        )
        for row in session.execute(query.order_by(Finding.number))
    ]


def units_of(session: Session, findings: Iterable[Finding]) -> dict[int, tuple[str, ...]]:
    """The units in charge of each, by number."""
    numbers = [each.number for each in findings]
    query = (
        select(Finding.number, MeasureUnit.unit)
        .join(Finding, current())
        .where(Finding.number.in_(numbers))
        .distinct()
        .order_by(MeasureUnit.unit)
    )
    found: dict[int, list[str]] = {}
    for number, unit in session.execute(query):
        found.setdefault(number, []).append(unit)
    return {number: tuple(units) for number, units in found.items()}


def units(session: Session, viewer: Viewer) -> list[str]:
    """Every unit that has a measure now in what they see, and those that they work in."""
    query = select(MeasureUnit.unit).join(Finding, current()).where(within(viewer.scope)).union(
        select(UnitMember.unit).where(UnitMember.subject == viewer.subject)
    )  # fmt: skip
    return sorted(session.scalars(query))


def kinds(session: Session, viewer: Viewer) -> list[str]:
    """Every kind of finding in what they see."""
    query = select(Finding.kind).where(within(viewer.scope)).distinct().order_by(Finding.kind)
    return list(session.scalars(query))


def one(session: Session, viewer: Viewer, number: int) -> Finding | None:
    """A finding whole, with its steps; None for one that is not there or not theirs to see."""
    finding = session.get(Finding, number)
    if finding is None or not viewer.scope.contains(finding.region_code):
        return None
    _load([finding])
    return finding


def of_household(session: Session, viewer: Viewer, household_id: str) -> list[Finding]:
    """The findings of a household whole, the newest first."""
    return _about(session, viewer, Finding.household_id == household_id)


def of_project(session: Session, viewer: Viewer, project_id: str) -> list[Finding]:
    """The findings of a project whole, the newest first."""
    about = and_(Finding.subject_kind == "project", Finding.subject_id == project_id)
    return _about(session, viewer, about)


def _about(session: Session, viewer: Viewer, told: ColumnElement[bool]) -> list[Finding]:
    where = (told, within(viewer.scope))
    found = list(session.scalars(select(Finding).where(*where).order_by(Finding.number.desc())))
    _load(found)
    return found


def open_about(
    session: Session, viewer: Viewer, subject_kind: str
) -> dict[tuple[str, str], Finding]:
    """The problems of subjects of a kind that are not ended, by kind and subject."""
    query = select(Finding).where(
        Finding.subject_kind == subject_kind, Finding.state.not_in(ENDED), within(viewer.scope)
    )
    return {(each.kind, each.subject_id): each for each in session.scalars(query)}


def every(session: Session, viewer: Viewer, wanted: Filter) -> list[Finding]:
    """All that are asked for whole, by code."""
    query = select(Finding).where(*conditions(viewer, wanted)).order_by(Finding.number)
    found = list(session.scalars(query))
    _load(found)
    return found


def file(session: Session, viewer: Viewer, key: Sequence[int]) -> FindingEvidence | None:
    """A piece of evidence with its content, by finding, step and piece; None for any other."""
    if one(session, viewer, key[0]) is None:
        return None
    options = [undefer(FindingEvidence.content)]
    found = session.get(FindingEvidence, tuple(key), options=options, populate_existing=True)
    return found if found is not None and found.content is not None else None


def open_with(session: Session, viewer: Viewer, open_keys: Iterable[str]) -> dict[str, Finding]:
    """What of problems is followed already, by their keys (``writing.open_key``)."""
    where = (Finding.open_key.in_(list(open_keys)), within(viewer.scope))
    return {str(each.open_key): each for each in session.scalars(select(Finding).where(*where))}


def today() -> date:
    """The day by this machine's clock: problems go on while the data stand still."""
    return datetime.now().astimezone().date()


def names(session: Session, findings: Iterable[Finding]) -> dict[str, str]:
    """What the people of whole findings are called, by what the way in calls them."""
    steps = [step for finding in findings for step in finding.steps]
    subjects = {name for step in steps for name in (step.by, step.entered_by) if name}
    query = select(Person.subject, Person.name).where(Person.subject.in_(subjects))
    return {row.subject: row.name for row in session.execute(query)}


def _load(findings: Iterable[Finding]) -> None:
    """Read what is asked of whole findings while the look at them is under way."""
    for finding in findings:
        for step in finding.steps:
            _ = [measure.units for measure in step.measures], step.evidence[:]


def but(wanted: Filter, state: str | None) -> Filter:
    return replace(wanted, state=state)


def _is_overdue(finding: Finding, today: date) -> bool:
    return finding.state not in ENDED and finding.due is not None and finding.due < today


def overdue(today: date) -> ColumnElement[bool]:
    return and_(Finding.state.not_in(ENDED), Finding.due < today)


def current() -> ColumnElement[bool]:
    """Whether a unit is one of the measures that count."""
    return and_(
        MeasureUnit.finding == Finding.number, MeasureUnit.place == Finding.assigned
    )  # fmt: skip


def within(scope: Scope) -> ColumnElement[bool]:
    """Whether a finding is in places that somebody sees; nothing of an empty scope."""
    return or_(false(), *(Finding.region_code.startswith(code) for code in scope.codes))


def conditions(viewer: Viewer, wanted: Filter) -> list[ColumnElement[bool]]:
    found = [within(viewer.scope.narrowed(wanted.region))]
    if wanted.state == "open":
        found.append(Finding.state.not_in(ENDED))
    elif wanted.state == "overdue":
        found.append(overdue(wanted.today))
    elif wanted.state is not None:
        found.append(Finding.state == wanted.state)
    if wanted.unit is not None:
        held = select(MeasureUnit.unit).where(current(), MeasureUnit.unit == wanted.unit)
        found.append(held.correlate(Finding).exists())
    if wanted.among:
        found.append(Finding.kind.in_(wanted.among))
    if wanted.kind is not None:
        found.append(Finding.kind == wanted.kind)
    if wanted.source is not None:
        found.append(Finding.source == wanted.source)
    if wanted.mine is not None:
        found.append(_mine(viewer, wanted.mine))
    return found


def _mine(viewer: Viewer, mine: str) -> ColumnElement[bool]:
    if mine == "opened":
        return Finding.opened_by == viewer.subject
    if mine == "unit":
        own = select(UnitMember.unit).where(UnitMember.subject == viewer.subject)
        held = select(MeasureUnit.unit).where(current(), MeasureUnit.unit.in_(own))
        waiting = Finding.state.in_(("assigned", "reopened"))
        return and_(waiting, held.correlate(Finding).exists())
    mended = select(FindingStep.place).where(
        FindingStep.finding == Finding.number,
        FindingStep.place >= Finding.round,
        FindingStep.step == "mend",
        or_(FindingStep.by == viewer.subject, FindingStep.entered_by == viewer.subject),
    )
    verifies = and_(Finding.state == "mended", within(viewer.where("verify_findings")))
    closes = and_(Finding.state == "verified", within(viewer.where("close_findings")))
    return and_(or_(verifies, closes), ~mended.correlate(Finding).exists())
