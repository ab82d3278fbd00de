"""Meetings in either database: made, arranged, copied, decided; each act by whom it may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from state import audit, meetings
from state.audit import Filter
from state.database import State, opened
from state.meeting_tables import Meeting
from state.meetings import Called, Decided, NoMeeting, Showing

DAY = date(2025, 12, 8)
VIEWS = [Showing("map", f"year={year}&v=1", f"{year}年", "abcdefgh23") for year in (2023, 2024)]


@pytest.fixture
def state(kept_in: str, tmp_path: Path) -> Iterator[State]:
    with opened(tmp_path / "home") as found:
        yield found


def made(state: State, *, shared: bool = False, previous: int | None = None) -> int:
    called = Called("调度会", DAY, "三楼", shared)
    return meetings.make(state, called, VIEWS, owner="wang", previous=previous).number


def seen(state: State, number: int, who: str = "wang") -> Meeting:
    found = meetings.find(state, number, who)
    assert found is not None
    return found


def written(state: State) -> list[tuple[str, str]]:
    with state.reading() as session:
        found = audit.entries(session, state.home, Filter())
        kinds = ("meeting", "decision")
        return [(one.kind, one.actor) for one in found if one.kind.startswith(kinds)]


def titles(state: State, number: int) -> list[str]:
    return [one.title for one in seen(state, number).items]


def test_a_meeting_is_found_as_it_was_made(state: State) -> None:
    found = seen(state, made(state))
    assert (found.title, found.held_on, found.venue, found.owner) == ("调度会", DAY, "三楼", "wang")
    assert [(one.item, one.place, one.title) for one in found.items] == [
        (1, 1, "2023年"), (2, 2, "2024年"),
    ]  # fmt: skip
    assert written(state) == [("meeting_made", "wang")]


def test_only_a_shared_one_is_seen_by_others_who_change_nothing_of_it(state: State) -> None:
    own, shared = made(state), made(state, shared=True)
    assert meetings.find(state, own, "li") is None
    assert [one.number for one in meetings.listed(state, "li")] == [shared]
    seen(state, shared, "li")
    for act in (
        lambda: meetings.change(state, shared, Called("别的", DAY), owner="li"),
        lambda: meetings.withdraw(state, shared, owner="li"),
        lambda: meetings.add(state, shared, VIEWS[0], owner="li"),
        lambda: meetings.arrange(state, shared, [2, 1], owner="li"),
        lambda: meetings.reword(state, shared, 1, title="x", note="", question="", owner="li"),
        lambda: meetings.decide(state, own, Decided("x"), by="li"),
    ):
        with pytest.raises(NoMeeting):
            act()
    assert titles(state, shared) == ["2023年", "2024年"]
    assert len(written(state)) == 2, "what was not done is not in the audit"


def test_items_are_added_turned_round_and_taken_out(state: State) -> None:
    number = made(state)
    third = meetings.add(
        state, number, Showing("trends", "v=1", "走势", "abcdefgh24"), owner="wang"
    )
    meetings.arrange(state, number, [third, 1], owner="wang")
    assert titles(state, number) == ["走势", "2023年"]
    for order in ([third, third], [third, 2], [9]):
        with pytest.raises(NoMeeting):
            meetings.arrange(state, number, order, owner="wang")
    # The number of what was taken out last is not given to another: its decisions keep theirs.
    assert meetings.add(state, number, VIEWS[0], owner="wang") == third + 1
    meetings.reword(state, number, third, title="收入", note="注", question="怎么办", owner="wang")
    first = seen(state, number).items[0]
    assert (first.title, first.note, first.question) == ("收入", "注", "怎么办")


def test_a_withdrawn_one_is_there_for_nobody(state: State) -> None:
    number = made(state, shared=True)
    meetings.withdraw(state, number, owner="wang")
    assert meetings.find(state, number, "wang") is None and not meetings.listed(state, "wang")
    with pytest.raises(NoMeeting):
        meetings.decide(state, number, Decided("x"), by="wang")
    with pytest.raises(NoMeeting):
        meetings.withdraw(state, number, owner="wang")


def test_the_next_meeting_begins_with_what_is_open_and_with_all_of_the_last(state: State) -> None:
    first = made(state)
    oldest = meetings.decide(state, first, Decided("修路", "交通局", DAY, 1), by="wang").number
    settled = meetings.decide(state, first, Decided("培训"), by="wang").number
    meetings.settle(state, settled, "done", by="wang")
    second = made(state, previous=first)
    third = made(state, previous=second)
    last = meetings.decide(state, second, Decided("饮水"), by="wang").number
    meetings.settle(state, last, "dropped", by="wang")
    found = meetings.carried(state, seen(state, third))
    assert [(one.number, one.state) for one in found] == [(oldest, "open"), (last, "dropped")]
    assert [one.number for one in meetings.carried(state, seen(state, second))] == [oldest, settled]
    assert not meetings.carried(state, seen(state, first))
    assert (found[0].unit, found[0].due, found[0].item) == ("交通局", DAY, 1)
    meetings.settle(state, last, "open", by="wang")
    again = next(one for one in meetings.decisions(state, [second]) if one.number == last)
    assert (again.state, again.settled_by, again.settled_at) == ("open", None, None)


def test_a_decision_is_of_an_item_that_there_is(state: State) -> None:
    number = made(state, shared=True)
    meetings.decide(state, number, Decided("x", item=2), by="li")
    with pytest.raises(NoMeeting):
        meetings.decide(state, number, Decided("x", item=3), by="li")
    assert written(state)[-1] == ("decision_made", "li")
