"""Opening a finding and taking its steps, each with its audit entry in the same transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from access.roles import Act
from access.viewer import Viewer
from findings import machine, texts
from findings.evidence import Evidence
from findings.machine import ENDED, STEPS, Step, StepKey, Taken, Why
from findings.texts import Unusable
from state import audit
from state.chain import Entry
from state.database import State
from state.tables import Finding, FindingEvidence, FindingMeasure, FindingStep, MeasureUnit


class NoFinding(LookupError):
    """There is no finding of this number for who asks, whether or not there is one."""


class NotTaken(ValueError):
    """A step that may not be taken now, by them, or as it was given."""

    def __init__(self, why: Why):
        super().__init__(why)
        self.why = why


class AlreadyOpen(ValueError):
    """The same problem is followed already, under this number and code."""

    def __init__(self, number: int, code: str):
        super().__init__(code)
        self.number, self.code = number, code


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure and the units in charge of it."""

    text: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What a finding is opened with. A ``code`` is the office's own; without one it gets ours."""

    source: str
    kind: str
    subject_kind: str
    subject_id: str
    region_code: str
    title: str
    household_id: str | None = None
    responsible: str = ""
    due: date | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gives with a step."""

    note: str = ""
    evidence: tuple[Evidence, ...] = ()
    measures: tuple[Measure, ...] = ()
    responsible: str | None = None
    due: date | None = None


def open_finding(state: State, viewer: Viewer, problem: Problem, given: Given | None = None) -> int:
    """Write a problem down; its number.

    Raises AlreadyOpen for one that is followed already, NotTaken, Unusable and StateError.
    """
    with state.writing() as session:
        audit.hold(session)  # of two who open the same, the second is told
        return opened(session, viewer, problem, given or Given()).number


def opened(session: Session, viewer: Viewer, problem: Problem, given: Given) -> Entry:
    """The same within a change that is under way and has the audit held: its entry."""
    wanted, came = checked(problem), checked_given(given)
    if not viewer.may("open_findings", wanted.region_code):
        raise NotTaken("right")
    refuse_twice(session, wanted)
    return written_down(session, viewer, wanted, came)


def written_down(session: Session, viewer: Viewer, problem: Problem, given: Given) -> Entry:
    """Write down a checked problem that is not followed yet, with its entry."""
    about = {**told(problem), "step": "open", "account": audit.account()}
    entry = audit.append(session, "finding", viewer.subject, about)
    finding = made(session, problem, entry)
    _written(finding, STEPS["open"], given, entry)
    return entry


def take(state: State, viewer: Viewer, number: int, step: StepKey, given: Given) -> None:
    """Take a step of a finding. Raises NoFinding, NotTaken, AlreadyOpen, Unusable and StateError.

    An ended one that is opened again may meanwhile be followed under another number.
    """
    with state.writing() as session:
        audit.hold(session)
        finding = session.get(Finding, number)
        if finding is None or not viewer.scope.contains(finding.region_code):
            raise NoFinding(number)
        taken(session, viewer, finding, step, given)


def taken(session: Session, viewer: Viewer, finding: Finding, step: StepKey, given: Given) -> None:
    """The same of a finding within a change that is under way and has the audit held."""
    came, declared = checked_given(given), STEPS[step]
    acts: list[Act] = [declared.act] if viewer.may(declared.act, finding.region_code) else []
    course = course_of(finding)
    if why := machine.why_not(course, declared, taken_now(viewer.subject, step, came), acts):
        raise NotTaken(why)
    if finding.state in ENDED and declared.after not in ENDED:
        refuse_twice(session, as_problem(finding))
    about = {
        "finding": finding.number,
        "step": step,
        "units": sorted({unit for measure in came.measures for unit in measure.units}),
        "evidence": [each.sha256 or "text" for each in came.evidence],
        "account": audit.account(),
    }
    entry = audit.append(session, "finding", viewer.subject, about)
    _written(finding, declared, came, entry)


def checked(problem: Problem) -> Problem:
    """A problem as it is kept. Raises Unusable."""
    kept = texts.kept
    region = problem.region_code
    if not (region.isascii() and region.isdigit() and len(region) in (6, 9, 12)):
        raise Unusable("region_code", "unknown", given=region[:40])
    return Problem(
        texts.one_of("source", problem.source, texts.SOURCES),
        texts.kind(problem.kind),
        texts.one_of("subject_kind", problem.subject_kind, texts.SUBJECT_KINDS),
        kept("subject_id", problem.subject_id, 80, needed=True, line=True),
        region,
        kept("title", problem.title, texts.TITLE, needed=True),
        kept("household_id", problem.household_id or "", 32, line=True) or None,
        kept("responsible", problem.responsible, texts.NAME, line=True),
        problem.due,
        kept("code", problem.code, 40, line=True),
    )


def checked_given(given: Given) -> Given:
    """What is given with a step, as it is kept. Raises Unusable."""
    if len(given.measures) > texts.MEASURES:
        raise Unusable("measure", "many")
    if len(given.evidence) > texts.PIECES:
        raise Unusable("evidence", "many")
    measures = tuple(map(_checked_measure, given.measures))
    named = given.responsible
    return Given(
        texts.kept("note", given.note, texts.NOTE),
        given.evidence,
        measures,
        None if named is None else texts.kept("responsible", named, texts.NAME, line=True),
        given.due,
    )


def _checked_measure(measure: Measure) -> Measure:
    if len(measure.units) > texts.UNITS:
        raise Unusable("unit", "many")
    units = {texts.kept("unit", unit, texts.NAME, needed=True, line=True) for unit in measure.units}
    if not units:
        raise Unusable("unit", "empty")
    return Measure(texts.kept("measure", measure.text, texts.NOTE, needed=True),
                   tuple(sorted(units)))  # fmt: skip


def taken_now(person: str, step: StepKey, given: Given) -> Taken:
    """A step that somebody is about to take, as the machine judges it."""
    return Taken(
        step, frozenset({person}), len(given.evidence), bool(given.measures), bool(given.note)
    )


def course_of(finding: Finding) -> list[Taken]:
    """The steps of a finding, as the machine judges them."""
    return [
        Taken(
            each.step,  # type: ignore[arg-type]
            frozenset(filter(None, (each.by, each.entered_by))),
            len(each.evidence),
            bool(each.measures),
            bool(each.note),
        )
        for each in finding.steps
    ]


def open_key(problem: Problem) -> str:
    """What may be followed once at a time: the subject and the kind of problem.

    Problems of no kind are told apart by their words.
    """
    what = [problem.kind, problem.subject_kind, problem.subject_id, problem.region_code]
    if problem.kind == texts.OTHER:
        what.append(problem.title)
    if problem.subject_kind in ("household", "member"):
        what.remove(problem.region_code)  # who moves is the same household
    return hashlib.sha256("\x1f".join(what).encode()).hexdigest()


def refuse_twice(session: Session, problem: Problem) -> None:
    """Raises AlreadyOpen where the same problem is followed already."""
    query = select(Finding.number, Finding.code).where(Finding.open_key == open_key(problem))
    if found := session.execute(query).first():
        raise AlreadyOpen(found.number, found.code)


def as_problem(finding: Finding) -> Problem:
    """What a finding was opened with."""
    return Problem(
        finding.source, finding.kind, finding.subject_kind, finding.subject_id,
        finding.region_code, finding.title, finding.household_id, finding.responsible,
        finding.due, finding.code,
    )  # fmt: skip


def told(problem: Problem) -> dict[str, Any]:
    """What the audit says of a problem: no words that somebody wrote of people."""
    return {
        "kind": problem.kind,
        "source": problem.source,
        problem.subject_kind: problem.subject_id,
        "region": problem.region_code,
    }


def made(session: Session, problem: Problem, entry: Entry) -> Finding:
    """A finding that the entry says was opened, before its first step."""
    finding = Finding(
        number=entry.number,
        code=problem.code or own_code(session, entry.number),
        source=problem.source,
        kind=problem.kind,
        subject_kind=problem.subject_kind,
        subject_id=problem.subject_id,
        household_id=problem.household_id,
        region_code=problem.region_code,
        title=problem.title,
        responsible=problem.responsible,
        due=problem.due,
        state="found",
        open_key=open_key(problem),
        opened_by=entry.actor,
        opened_at=entry.at,
        closed_at=None,
        round=1,
        assigned=0,
    )
    session.add(finding)
    return finding


def own_code(session: Session, number: int) -> str:
    """The code of a finding that the office gave none: its number, unless a workbook used that."""
    used = set(session.scalars(select(Finding.code).where(Finding.code.startswith(f"W{number}"))))
    codes = (f"W{number}{'-' if more else ''}{more or ''}" for more in range(len(used) + 1))
    return next(code for code in codes if code not in used)


def _written(finding: Finding, step: Step, given: Given, entry: Entry) -> None:
    """Put a step to a finding, and the finding into the state that it leads to."""
    row = FindingStep(
        finding=finding.number,
        place=len(finding.steps) + 1,
        entry=entry.number,
        step=step.key,
        by=entry.actor,
        entered_by=None,
        at=entry.at,
        note=given.note,
    )
    add_step(finding, row, given.measures, given.evidence)
    if given.responsible is not None and step.key == "assign":
        finding.responsible = given.responsible
    if given.due is not None and step.key == "assign":
        finding.due = given.due


def add_step(
    finding: Finding,
    row: FindingStep,
    measures: Sequence[Measure],
    evidence: Sequence[Evidence],
) -> None:
    """Put a step with what came with it behind the others, and follow it with the finding."""
    step = STEPS[row.step]  # type: ignore[index]
    row.measures = [
        FindingMeasure(
            measure=number,
            text=measure.text,
            units=[MeasureUnit(unit=unit) for unit in measure.units],
        )
        for number, measure in enumerate(measures, start=1)
    ]
    row.evidence = [
        FindingEvidence(
            piece=number,
            text=piece.text,
            file_name=piece.file_name,
            media_type=piece.media_type,
            size=piece.size,
            sha256=piece.sha256,
            content=piece.content,
        )
        for number, piece in enumerate(evidence, start=1)
    ]
    finding.steps.append(row)
    ended = step.after in ENDED
    finding.state = step.after
    finding.open_key = None if ended else open_key(as_problem(finding))
    finding.closed_at = row.at if step.after == "closed" else None
    finding.round = row.place if step.key in machine.BEGIN else finding.round
    finding.assigned = row.place if measures else finding.assigned
