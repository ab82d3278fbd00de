"""The tables of meetings: what they show, what they decided."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from state.tables import Base, Finding, Moment

# What has become of a decision whose problem is in an end state.
_ENDED_AS = {"closed": "done", "rejected": "dropped"}


class Meeting(Base):
    """Views in an order, shown one after the other to those who meet on a day.

    Its number is that of the audit entry which says that it was made; ``previous`` is the meeting
    that it was copied from, whose decisions it begins with. A ``shared`` one is listed to all who
    may share.
    """

    __tablename__ = "meeting"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    owner: Mapped[str] = mapped_column(String(200), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment())
    title: Mapped[str] = mapped_column(String(200))
    held_on: Mapped[date]
    venue: Mapped[str] = mapped_column(String(200))
    shared: Mapped[bool]
    previous: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())
    items: Mapped[list[MeetingItem]] = relationship(lazy="selectin", order_by="MeetingItem.place")


class MeetingItem(Base):
    """A view that a meeting shows: ``item`` stays its own, ``place`` is where it stands.

    ``code`` is the short link that keeps the numbers it showed when it was put in, ``before`` that
    of the same view in the meeting before.
    """

    __tablename__ = "meeting_item"

    meeting: Mapped[int] = mapped_column(ForeignKey("meeting.number"), primary_key=True)
    item: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(Integer)
    path: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500))
    question: Mapped[str] = mapped_column(String(500))
    code: Mapped[str] = mapped_column(String(10))
    before: Mapped[str | None] = mapped_column(String(10))


class MeetingDecision(Base):
    """What a meeting decided: who does what until when, and whether it is done.

    ``item`` is the view it was decided over. ``state`` is ``open``, ``done`` or ``dropped``; one
    that is followed as a problem, its ``finding``, stands as that does (``stands``).
    """

    __tablename__ = "meeting_decision"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    meeting: Mapped[int] = mapped_column(ForeignKey("meeting.number"), index=True)
    item: Mapped[int | None] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(String(100))
    due: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(16))
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Moment())
    settled_by: Mapped[str | None] = mapped_column(String(200))
    settled_at: Mapped[datetime | None] = mapped_column(Moment())
    finding: Mapped[int | None] = mapped_column(BigInteger)
    followed: Mapped[Finding | None] = relationship(
        primaryjoin="foreign(MeetingDecision.finding) == Finding.number",
        lazy="joined",
        viewonly=True,
    )

    @property
    def stands(self) -> str:
        """How it stands: ``open``, ``done`` or ``dropped``."""
        if self.followed is None:
            return self.state
        return _ENDED_AS.get(self.followed.state, "open")
