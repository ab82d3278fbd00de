"""The tables of what people write. A change of them is a migration (``migrations/versions``)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A moment in world time: whichever database, it goes in and comes out with its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=_NAMES)


class Person(Base):
    """Somebody who came in or was given a right: ``subject`` is what the way in calls them."""

    __tablename__ = "person"

    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Moment())


class Grant(Base):
    """A role in some places from a day to a day (both included), and who gave it.

    Its number is that of the audit entry which says that it was given.
    """

    __tablename__ = "role_grant"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(ForeignKey("person.subject"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    begins: Mapped[date]
    ends: Mapped[date | None]
    given_by: Mapped[str] = mapped_column(String(200))
    given_at: Mapped[datetime] = mapped_column(Moment())
    revoked_by: Mapped[str | None] = mapped_column(String(200))
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())
    person: Mapped[Person] = relationship(lazy="joined")
    regions: Mapped[list[GrantRegion]] = relationship(lazy="selectin", order_by="GrantRegion.code")

    @property
    def codes(self) -> tuple[str, ...]:
        """Region codes of any level, ascending."""
        return tuple(region.code for region in self.regions)


class GrantRegion(Base):
    """A region that a grant is for."""

    __tablename__ = "grant_region"

    grant_number: Mapped[int] = mapped_column(ForeignKey("role_grant.number"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)


class Session(Base):
    """A login of a person, and what the way in said of them then.

    ``way`` is ``oidc`` or ``header``; ``groups`` is a JSON list. The key is a hash of what only
    their browser holds, or, for ``header``, made at random.
    """

    __tablename__ = "login_session"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject: Mapped[str] = mapped_column(ForeignKey("person.subject"), index=True)
    issued: Mapped[datetime] = mapped_column(Moment())
    last_use: Mapped[datetime] = mapped_column(Moment())
    ended: Mapped[datetime | None] = mapped_column(Moment())
    way: Mapped[str] = mapped_column(String(16), server_default="oidc")
    groups: Mapped[str] = mapped_column(Text, server_default="[]")


class AuditEntry(Base):
    """Something that somebody did, chained to the entry before (``state.chain``)."""

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment(), index=True)
    actor: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[str] = mapped_column(String(32), index=True)
    outcome: Mapped[str] = mapped_column(String(16))
    about: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The last entry's number and hash, in the one row: who appends locks it."""

    __tablename__ = "audit_head"

    one: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class AuditArchive(Base):
    """A file of the home's ``audit`` folder that entries ``first`` to ``last`` were moved into."""

    __tablename__ = "audit_archive"

    first: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)
    last_hash: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))


class Finding(Base):
    """A problem that somebody found, followed until it is closed (``findings``).

    Its number is that of the audit entry which says that it was opened, ``code`` what people call
    it. ``subject_kind`` and ``subject_id`` say what it is about, ``region_code`` the place that it
    is in and is seen by. While it is open, ``open_key`` (what it is about, and of what kind) is its
    own. ``state`` is where its steps led, ``round`` the step that last opened it, ``assigned`` the
    step whose measures count.
    """

    __tablename__ = "finding"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    source: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(80), index=True)
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[str] = mapped_column(String(80), index=True)
    household_id: Mapped[str | None] = mapped_column(String(32), index=True)
    region_code: Mapped[str] = mapped_column(String(12), index=True)
    title: Mapped[str] = mapped_column(Text)
    responsible: Mapped[str] = mapped_column(String(200))
    due: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(16), index=True)
    open_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    opened_by: Mapped[str] = mapped_column(String(200), index=True)
    opened_at: Mapped[datetime] = mapped_column(Moment())
    closed_at: Mapped[datetime | None] = mapped_column(Moment())
    round: Mapped[int] = mapped_column(Integer)
    assigned: Mapped[int] = mapped_column(Integer)
    steps: Mapped[list[FindingStep]] = relationship(lazy="select", order_by="FindingStep.place")


class FindingStep(Base):
    """A step of a finding, the first being its opening: who took it, when, and what they said.

    ``entry`` is the audit entry of it; ``entered_by`` who loaded it from a workbook.
    """

    __tablename__ = "finding_step"

    finding: Mapped[int] = mapped_column(ForeignKey("finding.number"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    entry: Mapped[int] = mapped_column(BigInteger)
    step: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(200))
    entered_by: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment())
    note: Mapped[str] = mapped_column(Text)
    measures: Mapped[list[FindingMeasure]] = relationship(
        lazy="select", order_by="FindingMeasure.measure"
    )
    evidence: Mapped[list[FindingEvidence]] = relationship(
        lazy="select", order_by="FindingEvidence.piece"
    )


class FindingMeasure(Base):
    """A measure against a problem, as a step assigned it."""

    __tablename__ = "finding_measure"
    __table_args__ = (
        ForeignKeyConstraint(
            ["finding", "place"],
            ["finding_step.finding", "finding_step.place"],
            name="fk_finding_measure_step",
        ),
    )

    finding: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    measure: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    units: Mapped[list[MeasureUnit]] = relationship(lazy="selectin", order_by="MeasureUnit.unit")


class MeasureUnit(Base):
    """A unit in charge of a measure."""

    __tablename__ = "measure_unit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["finding", "place", "measure"],
            ["finding_measure.finding", "finding_measure.place", "finding_measure.measure"],
            name="fk_measure_unit_measure",
        ),
    )

    finding: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    measure: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    unit: Mapped[str] = mapped_column(String(100), primary_key=True, index=True)


class FindingEvidence(Base):
    """A piece of evidence given with a step: a text, or a file with its hash.

    A file that was only named, in a workbook, has no content.
    """

    __tablename__ = "finding_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["finding", "place"],
            ["finding_step.finding", "finding_step.place"],
            name="fk_finding_evidence_step",
        ),
    )

    finding: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    piece: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class UnitMember(Base):
    """Somebody who works in a unit: what waits for it waits for them."""

    __tablename__ = "unit_member"

    unit: Mapped[str] = mapped_column(String(100), primary_key=True)
    subject: Mapped[str] = mapped_column(ForeignKey("person.subject"), primary_key=True, index=True)


class ShortLink(Base):
    """A view that was sent to others: its address, and what stood on it when it was sent.

    ``query`` is the address's, with year, snapshot, rules and place; ``shown`` is JSON: the page's
    headline numbers then, and of which places. A withdrawn one stays, and opens for nobody.
    """

    __tablename__ = "short_link"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    owner: Mapped[str] = mapped_column(String(200), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment())
    path: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(Text)
    snapshot: Mapped[int] = mapped_column(Integer)
    data_date: Mapped[date]
    rules: Mapped[str] = mapped_column(String(12))
    shown: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())


class SavedView(Base):
    """A view that somebody keeps: its address, opened at the newest data.

    Its number is that of the audit entry which says that it was saved. A ``shared`` one is listed
    to all who may see it; ``start`` is where its owner's visits begin.
    """

    __tablename__ = "saved_view"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    owner: Mapped[str] = mapped_column(String(200), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment())
    path: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500))
    shared: Mapped[bool]
    start: Mapped[bool]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment())
