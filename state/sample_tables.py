"""The tables of samples (``sampling``), beside those of ``state.tables``."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from state.tables import Base, Moment


class Sample(Base):
    """Households that were drawn to be visited (``sampling``), whole as they were drawn.

    Its number is that of the audit entry which says that it was drawn. ``query`` is the address of
    the filter with its snapshot and design, ``words`` the filter's sentence. The ``seed`` follows
    from ``manifest`` (SHA-256 of the snapshot's) and ``seed_hash``, of the audit entry
    ``seed_entry``. ``asks`` are the rules that all are asked, by key, between commas.
    """

    __tablename__ = "sample"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    drawn_by: Mapped[str] = mapped_column(String(200), index=True)
    drawn_at: Mapped[datetime] = mapped_column(Moment())
    region_code: Mapped[str] = mapped_column(String(12), index=True)
    year: Mapped[int] = mapped_column(Integer)
    snapshot: Mapped[int] = mapped_column(Integer)
    data_date: Mapped[date]
    query: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    share: Mapped[str] = mapped_column(String(16))
    size: Mapped[int] = mapped_column(Integer)
    villages: Mapped[int] = mapped_column(Integer)
    seed: Mapped[int] = mapped_column(BigInteger)
    manifest: Mapped[str] = mapped_column(String(64))
    seed_entry: Mapped[int] = mapped_column(BigInteger)
    seed_hash: Mapped[str] = mapped_column(String(64))
    population: Mapped[int] = mapped_column(Integer)
    asks: Mapped[str] = mapped_column(Text)
    places: Mapped[list[SamplePlace]] = relationship(lazy="selectin", order_by="SamplePlace.code")


class SamplePlace(Base):
    """A place that a sample was drawn from: who does not see all of them does not see it."""

    __tablename__ = "sample_place"

    sample: Mapped[int] = mapped_column(ForeignKey("sample.number"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)


class SampleStratum(Base):
    """A part of a sample's population, how many were drawn of it and stand for how many."""

    __tablename__ = "sample_stratum"

    sample: Mapped[int] = mapped_column(ForeignKey("sample.number"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    population: Mapped[int] = mapped_column(Integer)
    drawn: Mapped[int] = mapped_column(Integer)
    represents: Mapped[float] = mapped_column(Float)
    village: Mapped[str] = mapped_column(String(12))
    hits: Mapped[int] = mapped_column(Integer)


class SampleHousehold(Base):
    """A household of a sample: ``number`` is its sheet, ``place`` that in its stratum's order."""

    __tablename__ = "sample_household"

    sample: Mapped[int] = mapped_column(ForeignKey("sample.number"), primary_key=True)
    household_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    village_code: Mapped[str] = mapped_column(String(12))
    stratum: Mapped[str] = mapped_column(String(60))
    place: Mapped[int] = mapped_column(Integer)
    registered: Mapped[bool]
    exited: Mapped[bool]


class SampleItem(Base):
    """What is to be checked of a household of a sample.

    The answer ``concern`` makes a finding of ``kind`` about a subject, in the words of ``title``;
    empty where none does.
    """

    __tablename__ = "sample_item"

    sample: Mapped[int] = mapped_column(ForeignKey("sample.number"), primary_key=True)
    household_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    question: Mapped[str] = mapped_column(String(100), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    concern: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(80))
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(Text)


class SampleAnswer(Base):
    """An answer that came back; of several ``versions`` of one the last counts."""

    __tablename__ = "sample_answer"

    sample: Mapped[int] = mapped_column(ForeignKey("sample.number"), primary_key=True)
    household_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    question: Mapped[str] = mapped_column(String(100), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    answer: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment())


class SampleOddity(Base):
    """A line of a results workbook that could not be taken as it stood, as it came, and why.

    Its number is that of the audit entry of its workbook, with its place in it. ``taken`` says how
    it was settled.
    """

    __tablename__ = "sample_oddity"

    sample: Mapped[int] = mapped_column(ForeignKey("sample.number"), primary_key=True)
    entry: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    why: Mapped[str] = mapped_column(String(16))
    row: Mapped[int] = mapped_column(Integer)
    given_sample: Mapped[str] = mapped_column(String(40))
    household_id: Mapped[str] = mapped_column(String(64))
    question: Mapped[str] = mapped_column(String(100))
    answer: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment())
    settled_by: Mapped[str | None] = mapped_column(String(200))
    settled_at: Mapped[datetime | None] = mapped_column(Moment())
    taken: Mapped[bool | None]
