"""Meetings: what each item shows whom, with its numbers beside those of the meeting before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from state import links, meetings
from state.database import State, kept_open
from state.meeting_tables import Meeting, MeetingItem
from state.meetings import Called, Showing
from state.tables import SavedView
from views.context import address, headlines, sharing
from views.context.refusal import refusal_of
from views.context.stage import Stage

_MOST_NUMBERS = 3  # that stand over a view


@dataclass(frozen=True, slots=True)
class Beside:
    """A number of a view today and at the meeting before; None where it is not known then."""

    name: str
    unit: str
    now: float | None
    then: float | None


@dataclass(frozen=True, slots=True)
class Shown:
    """An item for a viewer: its view at the newest data, None where they may not see it, with its
    address and its numbers."""

    item: MeetingItem
    stage: Stage | None
    href: str = ""
    numbers: tuple[Beside, ...] = ()


def view_of(stage: Stage, kept: SavedView | MeetingItem) -> Stage | None:
    """What is kept as a view at the newest data; None for who may not see it."""
    found = sharing.written(kept)
    if found is None:
        return None
    spec, query = found
    opened = sharing.at(stage, spec, query, stage.county.home.current_number())
    return None if refusal_of(opened) else opened


def shown(stage: Stage, meeting: Meeting) -> list[Shown]:
    """Every item of a meeting, for whoever looks. Raises StateError."""
    state = kept_open(stage.county.home.path)
    return [_shown(stage, state, item) for item in meeting.items]


def _shown(stage: Stage, state: State, item: MeetingItem) -> Shown:
    opened = view_of(stage, item)
    if opened is None:
        return Shown(item, None)
    before = links.find(state, item.before) if item.before else None
    then = sharing.shown_by(opened, before) if before else {}
    numbers = tuple(
        Beside(headlines.name(opened, key), headlines.unit(opened, key), value, then.get(key))
        for key, value in list(headlines.numbers(opened).items())[:_MOST_NUMBERS]
    )
    _, query = sharing.written(item) or (None, {})
    return Shown(item, opened, address.href(opened.spec.path, query), numbers)


def showing(
    view: Stage, title: str, *, note: str = "", question: str = "", before: str | None = None
) -> Showing:
    """A view as an item: a short link keeps its numbers. Raises StateError."""
    state = kept_open(view.county.home.path)
    link = links.make(state, sharing.sent(view), owner=view.viewer.subject, title=title)
    query = urlencode(sharing.lasting(view))
    return Showing(view.spec.path, query, title, link.code, note, question, before)


def copied(stage: Stage, meeting: Meeting, called: Called) -> Meeting:
    """The same meeting again at the newest data: each item remembers the numbers of the last one;
    those that the viewer may not see are left out. Raises StateError."""
    items: list[Showing] = []
    for item in meeting.items:
        view = view_of(stage, item)
        if view is not None:
            items.append(showing(view, item.title, note=item.note, question=item.question,
                                 before=item.code))  # fmt: skip
    state = kept_open(stage.county.home.path)
    owner, previous = stage.viewer.subject, meeting.number
    return meetings.make(state, called, items, owner=owner, previous=previous)


def gathered(stage: Stage, views: Sequence[SavedView], called: Called) -> Meeting:
    """A meeting of saved views in their order. Raises StateError."""
    items = [
        showing(view, kept.title, note=kept.note)
        for kept in views
        if (view := view_of(stage, kept)) is not None
    ]
    state = kept_open(stage.county.home.path)
    return meetings.make(state, called, items, owner=stage.viewer.subject)


def own(stage: Stage) -> list[Meeting]:
    """The viewer's own meetings, the latest first. Raises StateError."""
    found = meetings.listed(kept_open(stage.county.home.path), stage.viewer.subject)
    return [one for one in found if one.owner == stage.viewer.subject]
