"""Loading a workbook of findings: whole or not at all, each with its audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from access.viewer import Viewer
from findings import machine
from findings.machine import Taken
from findings.texts import Unusable
from findings.workbook import Fault, Loaded, Told, Unfit, as_loaded
from findings.writing import AlreadyOpen, NotTaken, add_step, made, refuse_twice, told
from state import audit
from state.chain import Entry
from state.database import State
from state.tables import Finding, FindingStep


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a workbook: problems that were opened, and those that were there the same."""

    opened: int
    unchanged: int


def load(state: State, viewer: Viewer, problems: Sequence[Loaded]) -> Outcome:
    """Open what is not there; what is there must be the same. Raises Unfit and StateError.

    Who loads a step answers for it beside who took it: neither is another person than the other.
    """
    opened = unchanged = 0
    faults: list[Fault] = []
    with state.writing() as session:
        audit.hold(session)
        for each in problems:
            try:
                new = _opened(session, viewer, each)
            except (Unusable, NotTaken, AlreadyOpen) as error:
                faults.append(Fault("problems", each.row, error))
            else:
                opened, unchanged = opened + new, unchanged + (not new)
        if faults:
            raise Unfit(faults)
    return Outcome(opened, unchanged)


def _opened(session: Session, viewer: Viewer, loaded: Loaded) -> bool:
    problem = loaded.problem
    if not viewer.may("load_findings", problem.region_code):
        raise NotTaken("right")
    found = session.scalar(select(Finding).where(Finding.code == problem.code))
    if found is not None:
        if not viewer.scope.contains(found.region_code) or not _is_same(loaded, found):
            raise Unusable("code", "differs", given=problem.code)
        return False
    steps = loaded.steps or _first_steps(viewer.subject, loaded)
    _check(loaded, steps)
    if machine.STEPS[steps[-1].step].after not in machine.ENDED:  # type: ignore[index]
        refuse_twice(session, problem)
    about = {**told(problem), "step": "load", "code": problem.code, "account": audit.account()}
    entry = audit.append(session, "finding", viewer.subject, about)
    finding = made(session, problem, entry)
    for place, step in enumerate(steps, start=1):
        add_step(finding, _row(finding, place, step, entry), step.measures, step.evidence)
    finding.opened_by, finding.opened_at = steps[0].by, steps[0].at
    session.flush()
    return True


def _is_same(loaded: Loaded, finding: Finding) -> bool:
    """Whether a workbook says of a problem what is known of it, as far as it says anything."""
    known = as_loaded(finding)
    steps = loaded.steps or known.steps
    return (loaded.problem, loaded.state or known.state, steps) == (
        known.problem,
        known.state,
        known.steps,
    )


def _first_steps(person: str, loaded: Loaded) -> tuple[Told, ...]:
    """What a workbook without steps comes to: opened now, and assigned where it has measures."""
    now = datetime.now(UTC)
    first = Told("open", person, now)
    given = loaded.measures
    return (first, Told("assign", person, now, measures=given)) if given else (first,)


def _check(loaded: Loaded, steps: Sequence[Told]) -> None:
    """Steps that the machine does not allow are none, whoever says that they were taken."""
    course = [
        Taken(
            step.step,  # type: ignore[arg-type]
            frozenset({step.by}),
            len(step.evidence),
            bool(step.measures),
            bool(step.note),
        )
        for step in steps
    ]
    if wrong := machine.broken(course):
        raise Unusable("step_number", f"step_{wrong[1]}", given=wrong[0])
    moments = [step.at for step in steps]
    if moments != sorted(moments) or moments[-1] > datetime.now(UTC):
        raise Unusable("at", "order")
    if loaded.state not in (None, machine.state_of(course)):
        raise Unusable("state", "other")


def _row(finding: Finding, place: int, step: Told, entry: Entry) -> FindingStep:
    return FindingStep(
        finding=finding.number,
        place=place,
        entry=entry.number,
        step=step.step,
        by=step.by,
        entered_by=entry.actor,
        at=step.at,
        note=step.note,
    )
