"""Views that people keep: saved, listed, changed and given up by their owner, each audited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from state import audit
from state.database import State
from state.links import LONGEST_NOTE, LONGEST_TITLE
from state.owned import standing
from state.tables import SavedView


class NoView(LookupError):
    """There is no such saved view of this owner, or it was given up before."""


@dataclass(frozen=True, slots=True)
class Words:
    """What an owner says of a view: its title and note, who has it, and whether visits begin there.

    Who sets one as the start takes it from the one before.
    """

    title: str
    note: str = ""
    shared: bool = False
    start: bool = False

    def about(self) -> dict[str, Any]:
        """As the audit has it; what a note says is nobody's business there."""
        return {"title": self.title, "shared": self.shared, "start": self.start}

    def cut(self) -> Words:
        """The same, within what the table holds."""
        title, note = self.title[:LONGEST_TITLE], self.note[:LONGEST_NOTE]
        return Words(title, note, self.shared, self.start)


def save(state: State, path: str, query: str, words: Words, *, owner: str) -> SavedView:
    """Keep a view: its page's path and query. Raises StateError; then it is not kept."""
    told = words.cut()
    with state.writing() as session:
        about = {"path": path, "query": query, **told.about()}
        entry = audit.append(session, "view_saved", owner, about)
        if told.start:
            _no_start(session, owner)
        view = SavedView(
            number=entry.number,
            owner=owner,
            made_at=entry.at,
            path=path,
            query=query,
            title=told.title,
            note=told.note,
            shared=told.shared,
            start=told.start,
        )
        session.add(view)
    return view


def listed(state: State, who: str) -> list[SavedView]:
    """Somebody's own views and those that others share, own ones first, by age.

    Whether they may see what a shared one shows is for the caller to ask. Raises StateError.
    """
    query = select(SavedView).where(
        SavedView.withdrawn_at.is_(None), or_(SavedView.owner == who, SavedView.shared)
    )
    with state.reading() as session:
        found = list(session.scalars(query.order_by(SavedView.number)))
    return sorted(found, key=lambda view: view.owner != who)


def start_of(state: State, who: str) -> SavedView | None:
    """The view that somebody's visits begin with; None for the first page. Raises StateError."""
    query = select(SavedView).where(
        SavedView.withdrawn_at.is_(None), SavedView.owner == who, SavedView.start
    )
    with state.reading() as session:
        return session.scalars(query).first()


def change(state: State, number: int, words: Words, *, owner: str) -> None:
    """Change what is said of a view. Raises NoView and StateError."""
    told = words.cut()
    with state.writing() as session:
        view = _own(session, number, owner)
        about = {"view": number, "before": view.title, **told.about()}
        audit.append(session, "view_changed", owner, about)
        if told.start:
            _no_start(session, owner)
        view.title, view.note = told.title, told.note
        view.shared, view.start = told.shared, told.start


def withdraw(state: State, number: int, *, owner: str) -> None:
    """Give a view up: it is listed to nobody any more. Raises NoView and StateError."""
    with state.writing() as session:
        view = _own(session, number, owner)
        about = {"view": number, "title": view.title}
        view.withdrawn_at = audit.append(session, "view_withdrawn", owner, about).at


def _own(session: Session, number: int, owner: str) -> SavedView:
    view = standing(session, SavedView, number, owner)
    if view is None:
        raise NoView(number)
    return view


def _no_start(session: Session, owner: str) -> None:
    session.execute(update(SavedView).where(SavedView.owner == owner).values(start=False))
