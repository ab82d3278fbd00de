"""What a meeting decides is followed like any problem: opened and assigned in one change."""

from __future__ import annotations

from access.viewer import Viewer
from findings import texts, writing
from findings.machine import STEPS
from findings.writing import AlreadyOpen, Given, Measure, Problem
from state import audit, meetings
from state.database import State
from state.meeting_tables import MeetingDecision
from state.meetings import Decided
from state.tables import Finding


def decide(
    state: State, viewer: Viewer, number: int, decided: Decided, region: str
) -> MeetingDecision:
    """Write down what a meeting decided of a place, and follow it as a problem found there.

    Who may not open problems in the place leaves a decision that the meeting alone follows. One
    that is followed there already in the same words is followed once. Raises NoMeeting, Unusable
    and StateError.
    """
    problem = Problem(
        "meeting", texts.OTHER, "place", region, region, decided.text[: texts.TITLE],
        due=decided.due,
    )  # fmt: skip
    with state.writing() as session:
        audit.hold(session)  # of two who open the same, the second is told
        one = meetings.decided_within(session, number, decided, by=viewer.subject)
        if not viewer.may("open_findings", region):
            return one
        try:
            one.finding = writing.opened(session, viewer, problem, Given()).number
        except AlreadyOpen as standing:
            one.finding = standing.number
            return one
        if decided.unit and viewer.may(STEPS["assign"].act, region):
            session.flush()
            finding = session.get_one(Finding, one.finding)
            measure = Measure(decided.text[: texts.NOTE], (decided.unit[: texts.NAME],))
            given = Given(measures=(measure,), due=decided.due)
            writing.taken(session, viewer, finding, "assign", given)
    return one
