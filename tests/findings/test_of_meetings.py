"""What a meeting decides is a problem that the next meeting finds as far as it has come."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from access.viewer import Viewer
from findings import of_meetings, writing
from findings.writing import Given, Measure
from state import meetings
from state.database import State
from state.meeting_tables import MeetingDecision
from state.meetings import Called, Decided, NoMeeting
from state.tables import Finding
from tests import viewers
from tests.findings.conftest import DUE, PROOF, inspector, leader
from tests.small_county import EAST, WEST

ROAD = Decided("西川镇修通组路", "县交通局", DUE)
MEND = Given("已修", (PROOF,))


def meeting(state: State, previous: int | None = None) -> int:
    called = Called("调度会", date(2026, 1, 5), shared=True)
    return meetings.make(state, called, owner="xian.zhang", previous=previous).number


def decided(state: State, number: int, viewer: Viewer, what: Decided = ROAD) -> MeetingDecision:
    of_meetings.decide(state, viewer, number, what, WEST)
    return meetings.decisions(state, [number])[-1]


def test_it_is_opened_and_given_to_its_unit_until_its_day(state: State) -> None:
    one = decided(state, meeting(state), leader())
    found = one.followed
    assert found is not None and one.stands == "open"
    assert (found.source, found.subject_kind, found.region_code, found.title, found.due) == (
        "meeting", "place", WEST, ROAD.text, DUE,
    )  # fmt: skip
    with state.reading() as session:
        kept = session.get_one(Finding, found.number)
        assert [step.step for step in kept.steps] == ["open", "assign"]
        [unit] = kept.steps[1].measures[0].units
        assert (kept.state, unit.unit) == ("assigned", "县交通局")


@pytest.mark.parametrize(("last", "stands"), [("close", "done"), ("reject", "dropped")])
def test_the_next_meeting_begins_with_how_its_problem_stands(
    state: State, last: str, stands: str
) -> None:
    first = meeting(state)
    number = decided(state, first, leader()).finding
    assert number is not None
    following = meetings.find(state, meeting(state, first), "xian.zhang")
    assert following is not None
    if last == "close":
        mender = viewers.role("township_leader", WEST, subject="zhen.zhang")
        writing.take(state, mender, number, "mend", MEND)
        [carried] = meetings.carried(state, following)
        assert (carried.stands, carried.followed and carried.followed.state) == ("open", "mended")
        writing.take(state, inspector(), number, "verify", Given())
        writing.take(state, leader(), number, "close", Given())
    else:
        writing.take(state, inspector(), number, "reject", Given("不属实"))
    [carried] = meetings.carried(state, following)
    assert carried.stands == stands
    third = meetings.find(state, meeting(state, following.number), "xian.zhang")
    assert third is not None and not meetings.carried(state, third), "it is done with"


def test_its_own_steps_say_how_it_stands(state: State) -> None:
    one = decided(state, meeting(state), leader())
    with pytest.raises(NoMeeting):
        meetings.settle(state, one.number, "done", by="xian.zhang")


def test_the_same_again_is_followed_once(state: State) -> None:
    first = decided(state, meeting(state), leader())
    again = decided(state, meeting(state), leader())
    assert again.finding == first.finding and again.number != first.number
    with state.reading() as session:
        assert session.scalar(select(func.count()).select_from(Finding)) == 1


def test_without_a_unit_it_waits_to_be_assigned(state: State) -> None:
    one = decided(state, meeting(state), leader(), Decided("饮水"))
    assert one.followed is not None and one.followed.state == "found"


def test_who_may_open_none_there_leaves_a_decision_of_the_meeting_alone(state: State) -> None:
    elsewhere = viewers.role("township_leader", EAST, subject="zhen.zhang")
    one = decided(state, meeting(state), elsewhere)
    assert (one.finding, one.followed, one.stands) == (None, None, "open")
    meetings.settle(state, one.number, "done", by="zhen.zhang")


def test_where_there_is_no_meeting_nothing_is_opened(state: State) -> None:
    with pytest.raises(NoMeeting):
        of_meetings.decide(state, leader(), 99, ROAD, WEST)
    with state.reading() as session:
        assert not session.scalar(select(func.count()).select_from(Finding))


def test_a_measure_names_what_was_decided(state: State) -> None:
    one = decided(state, meeting(state), leader())
    with state.reading() as session:
        kept = session.get_one(Finding, one.finding)
        measure = kept.steps[1].measures[0]
        assert Measure(measure.text, tuple(unit.unit for unit in measure.units)) == Measure(
            ROAD.text, ("县交通局",)
        )
