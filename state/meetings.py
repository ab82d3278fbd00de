"""Meetings: made of views in an order, changed by their owner; what they decide. All audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from state import audit
from state.database import State
from state.links import LONGEST_NOTE, LONGEST_TITLE
from state.meeting_tables import Meeting, MeetingDecision, MeetingItem
from state.owned import standing

LONGEST_DECISION, LONGEST_UNIT = 500, 100  # characters
MOST_ITEMS = 40
Settled = Literal["open", "done", "dropped"]


class NoMeeting(LookupError):
    """There is no such meeting for them, no such item of it, or it was given up before."""


@dataclass(frozen=True, slots=True)
class Called:
    """What is said of a meeting: its title, day and venue, and whether others see it."""

    title: str
    held_on: date
    venue: str = ""
    shared: bool = False

    def about(self) -> dict[str, Any]:
        """As the audit has it."""
        return {"title": self.title, "held_on": f"{self.held_on}", "shared": self.shared}

    def cut(self) -> Called:
        """The same, within what the table holds."""
        title, venue = self.title[:LONGEST_TITLE], self.venue[:LONGEST_TITLE]
        return Called(title, self.held_on, venue, self.shared)


@dataclass(frozen=True, slots=True)
class Showing:
    """A view to be shown: its page's path and query, its words, the short link that keeps its
    numbers, and that of the meeting before."""

    path: str
    query: str
    title: str
    code: str
    note: str = ""
    question: str = ""
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in words: what, by which unit, until when, over which item."""

    text: str
    unit: str = ""
    due: date | None = None
    item: int | None = None


def make(
    state: State,
    called: Called,
    items: Sequence[Showing] = (),
    *,
    owner: str,
    previous: int | None = None,
) -> Meeting:
    """Begin a meeting. Raises StateError; then there is none."""
    told = called.cut()
    with state.writing() as session:
        about = {**told.about(), "items": len(items), "previous": previous}
        entry = audit.append(session, "meeting_made", owner, about)
        meeting = Meeting(
            number=entry.number,
            owner=owner,
            made_at=entry.at,
            title=told.title,
            held_on=told.held_on,
            venue=told.venue,
            shared=told.shared,
            previous=previous,
        )
        meeting.items = [_item(entry.number, place, one) for place, one in enumerate(items, 1)]
        session.add(meeting)
    return meeting


def listed(state: State, who: str) -> list[Meeting]:
    """Somebody's own meetings and those that others share, the latest first. Raises StateError."""
    query = select(Meeting).where(
        Meeting.withdrawn_at.is_(None), or_(Meeting.owner == who, Meeting.shared)
    )
    with state.reading() as session:
        return list(session.scalars(query.order_by(Meeting.held_on.desc(), Meeting.number.desc())))


def find(state: State, number: int, who: str) -> Meeting | None:
    """A meeting that somebody may see; None for any other. Raises StateError."""
    with state.reading() as session:
        return _seen(session, number, who)


def change(state: State, number: int, called: Called, *, owner: str) -> None:
    """Change what is said of a meeting. Raises NoMeeting and StateError."""
    told = called.cut()
    with state.writing() as session:
        meeting = _own(session, number, owner)
        _changed(session, meeting, owner, before=meeting.title, **told.about())
        meeting.title, meeting.held_on = told.title, told.held_on
        meeting.venue, meeting.shared = told.venue, told.shared


def withdraw(state: State, number: int, *, owner: str) -> None:
    """Give a meeting up; what it decided stays. Raises NoMeeting and StateError."""
    with state.writing() as session:
        meeting = _own(session, number, owner)
        about = {"meeting": number, "title": meeting.title}
        meeting.withdrawn_at = audit.append(session, "meeting_withdrawn", owner, about).at


def add(state: State, number: int, showing: Showing, *, owner: str) -> int:
    """Put a view at a meeting's end; gives its item. Raises NoMeeting, also for one that has as
    many as it may, and StateError."""
    with state.writing() as session:
        meeting = _own(session, number, owner)
        if len(meeting.items) >= MOST_ITEMS:
            raise NoMeeting(number)
        item = _item(number, max((one.item for one in meeting.items), default=0) + 1, showing)
        item.place = len(meeting.items) + 1
        _changed(session, meeting, owner, added=item.title, path=item.path, query=item.query)
        session.add(item)
        return item.item


def reword(
    state: State, number: int, item: int, *, title: str, note: str, question: str, owner: str
) -> None:
    """Change what is said of an item. Raises NoMeeting and StateError."""
    with state.writing() as session:
        meeting = _own(session, number, owner)
        one = _of(meeting, item)
        _changed(session, meeting, owner, item=item, before=one.title, title=title)
        one.title = title[:LONGEST_TITLE]
        one.note, one.question = note[:LONGEST_NOTE], question[:LONGEST_NOTE]


def arrange(state: State, number: int, order: Sequence[int], *, owner: str) -> None:
    """Show just these items in this order; others are taken out. Raises NoMeeting, also for an
    item that there is not or that is named twice, and StateError."""
    with state.writing() as session:
        meeting = _own(session, number, owner)
        kept = [_of(meeting, item) for item in order]
        if len(set(order)) != len(order):
            raise NoMeeting(number)
        _changed(session, meeting, owner, order=list(order))
        for one in meeting.items:
            if one not in kept:
                session.delete(one)
        for place, one in enumerate(kept, 1):
            one.place = place


def decide(state: State, number: int, decided: Decided, *, by: str) -> MeetingDecision:
    """Write down what a meeting decided, for whoever sees it. Raises NoMeeting and StateError."""
    with state.writing() as session:
        return decided_within(session, number, decided, by=by)


def decided_within(session: Session, number: int, decided: Decided, *, by: str) -> MeetingDecision:
    """The same within a change that is under way."""
    meeting = _seen(session, number, by)
    if meeting is None or (decided.item is not None and not _has(meeting, decided.item)):
        raise NoMeeting(number)
    about = {"meeting": number, "text": decided.text, "unit": decided.unit}
    about |= {"due": f"{decided.due}"} if decided.due else {}
    entry = audit.append(session, "decision_made", by, about)
    decision = MeetingDecision(
        number=entry.number,
        meeting=number,
        item=decided.item,
        text=decided.text[:LONGEST_DECISION],
        unit=decided.unit[:LONGEST_UNIT],
        due=decided.due,
        state="open",
        made_by=by,
        made_at=entry.at,
    )
    session.add(decision)
    return decision


def settle(state: State, number: int, to: Settled, *, by: str) -> None:
    """Say of a decision that it is done, dropped or open again. Raises NoMeeting, also for one that
    is followed as a problem, whose steps say so, and StateError."""
    with state.writing() as session:
        audit.hold(session)
        decision = session.get(MeetingDecision, number)
        seen = decision is not None and _seen(session, decision.meeting, by) is not None
        if decision is None or not seen or decision.finding is not None:
            raise NoMeeting(number)
        about = {"decision": number, "before": decision.state, "state": to}
        entry = audit.append(session, "decision_changed", by, about)
        decision.state = to
        decision.settled_by = None if to == "open" else by
        decision.settled_at = None if to == "open" else entry.at


def decisions(state: State, numbers: Sequence[int]) -> list[MeetingDecision]:
    """What some meetings decided, in the order in which they did. Raises StateError."""
    query = select(MeetingDecision).where(MeetingDecision.meeting.in_(numbers))
    with state.reading() as session:
        return list(session.scalars(query.order_by(MeetingDecision.number)))


def carried(state: State, meeting: Meeting) -> list[MeetingDecision]:
    """What a meeting begins with: all that the one before decided, and what of those before it is
    still open. Raises StateError."""
    chain: list[int] = []
    with state.reading() as session:
        number = meeting.previous
        while number is not None and number not in chain:
            chain.append(number)
            earlier = session.get(Meeting, number)
            number = earlier.previous if earlier else None
    return [
        one
        for one in decisions(state, chain)
        if one.stands == "open" or one.meeting == meeting.previous
    ]


def _item(number: int, item: int, one: Showing) -> MeetingItem:
    return MeetingItem(
        meeting=number,
        item=item,
        place=item,
        path=one.path,
        query=one.query,
        title=one.title[:LONGEST_TITLE],
        note=one.note[:LONGEST_NOTE],
        question=one.question[:LONGEST_NOTE],
        code=one.code,
        before=one.before,
    )


def _own(session: Session, number: int, owner: str) -> Meeting:
    meeting = standing(session, Meeting, number, owner)
    if meeting is None:
        raise NoMeeting(number)
    return meeting


def _seen(session: Session, number: int, who: str) -> Meeting | None:
    meeting = session.get(Meeting, number)
    if meeting is None or meeting.withdrawn_at is not None:
        return None
    return meeting if meeting.shared or meeting.owner == who else None


def _has(meeting: Meeting, item: int) -> bool:
    return any(one.item == item for one in meeting.items)


def _of(meeting: Meeting, item: int) -> MeetingItem:
    found = next((one for one in meeting.items if one.item == item), None)
    if found is None:
        raise NoMeeting(item)
    return found


def _changed(session: Session, meeting: Meeting, owner: str, **about: Any) -> None:
    told = {"meeting": meeting.number, **about}
    audit.append(session, "meeting_changed", owner, told)
