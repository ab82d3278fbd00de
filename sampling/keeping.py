"""Keeping a sample that was drawn, and finding it again: whole, with its audit entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from access.viewer import Viewer
from findings.writing import NotTaken
from sampling import estimates
from sampling.designs import Design
from sampling.drawing import Draw, Drawn, Stratum
from sampling.estimates import Answer, Estimate
from sampling.questions import Item
from sampling.seeds import Seed
from state import audit
from state.database import State
from state.sample_tables import (
    Sample,
    SampleAnswer,
    SampleHousehold,
    SampleItem,
    SampleOddity,
    SamplePlace,
    SampleStratum,
)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a sample was drawn from: place, year, snapshot, the filter's address and sentence."""

    region: str
    year: int
    snapshot: int
    data_date: date
    query: str
    words: str
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A sample whole: its households by number, what is checked and what was answered of each.

    ``answers`` are the last versions, by household and question.
    """

    sample: Sample
    strata: Mapping[str, Stratum]
    households: Sequence[SampleHousehold]
    items: Mapping[str, Sequence[SampleItem]]
    answers: Mapping[tuple[str, str], SampleAnswer]
    oddities: Sequence[SampleOddity]

    @property
    def design(self) -> Design:
        return design_of(self.sample)

    @property
    def asks(self) -> tuple[str, ...]:
        """The rules that every household is asked about, by key."""
        return tuple(filter(None, self.sample.asks.split(",")))

    @property
    def visited(self) -> int:
        """How many households anything was answered of."""
        return len({household for household, _ in self.answers})

    def asked(self, household: SampleHousehold, question: str) -> bool:
        """Whether a question is one of a household's."""
        return any(item.question == question for item in self.items.get(household.household_id, ()))

    def estimate(self, question: str, answer: str = "yes") -> Estimate:
        """What the answers say of all: the share of those asked of whom the answer is true.

        An answer that it is not clear counts as none.
        """
        rows = []
        for one in self.households:
            held = self.answers.get((one.household_id, question))
            clear = held is not None and held.answer != "unclear"
            found = held.answer == answer if held is not None and clear else None
            rows.append(Answer(one.stratum, self.asked(one, question), found))
        return estimates.estimate(self.strata, rows)

    def same(self, drawn: Draw) -> bool:
        """Whether another drawing gave the same households in the same places."""
        kept = {(h.household_id, h.stratum, h.place) for h in self.households}
        return kept == {(h.household_id, h.stratum, h.place) for h in drawn.households}


def design_of(sample: Sample) -> Design:
    """The design that a sample was drawn by."""
    one = sample
    return Design(one.kind, one.size, one.share, one.villages)  # type: ignore[arg-type]


def keep(
    state: State,
    viewer: Viewer,
    drawn: Draw,
    seed: Seed,
    basis: Basis,
    items: Mapping[str, Sequence[Item]],
) -> int:
    """Write a sample down; its number. Raises NotTaken for who may not draw there, StateError."""
    places = viewer.scope.narrowed(basis.region).codes
    if not places or not all(viewer.may("draw_samples", code) for code in places):
        raise NotTaken("right")
    design = drawn.design
    about = {
        "step": "draw",
        "regions": list(places),
        "snapshot": basis.snapshot,
        "filter": basis.query,
        "design": design.kind,
        "households": len(drawn.households),
        "population": drawn.population,
        "seed": drawn.seed,
        "seed_entry": seed.entry,
        "account": audit.account(),
    }
    with state.writing() as session:
        entry = audit.append(session, "sample", viewer.subject, about)
        number = entry.number
        sample = Sample(
            number=number, drawn_by=entry.actor, drawn_at=entry.at, region_code=basis.region,
            year=basis.year, snapshot=basis.snapshot, data_date=basis.data_date,
            query=basis.query, words=basis.words, kind=design.kind, share=design.share,
            size=design.size, villages=design.villages, seed=drawn.seed, manifest=seed.manifest,
            seed_entry=seed.entry, seed_hash=seed.entry_hash, population=drawn.population,
            asks=",".join(basis.asks), places=[SamplePlace(code=code) for code in places],
        )  # fmt: skip
        session.add(sample)
        session.flush()
        session.add_all(_strata(number, drawn.strata))
        session.add_all(_households(number, drawn.households))
        session.add_all(_items(number, items))
    return number


def _strata(number: int, strata: Sequence[Stratum]) -> list[SampleStratum]:
    return [
        SampleStratum(
            sample=number, key=one.key, population=one.population, drawn=one.drawn,
            represents=one.represents, village=one.village, hits=one.hits,
        )
        for one in strata
    ]  # fmt: skip


def _households(number: int, households: Sequence[Drawn]) -> list[SampleHousehold]:
    return [
        SampleHousehold(
            sample=number, household_id=one.household_id, number=place,
            village_code=one.village_code, stratum=one.stratum, place=one.place,
            registered=one.registered, exited=one.exited,
        )
        for place, one in enumerate(households, start=1)
    ]  # fmt: skip


def _items(number: int, items: Mapping[str, Sequence[Item]]) -> list[SampleItem]:
    return [
        SampleItem(
            sample=number, household_id=household, question=one.question, number=place,
            concern=one.concern, kind=one.kind, subject_kind=one.subject_kind,
            subject_id=one.subject_id, title=one.title,
        )
        for household, listed in items.items()
        for place, one in enumerate(listed, start=1)
    ]  # fmt: skip


def listed(session: Session, viewer: Viewer, region: str) -> list[tuple[Sample, int, int]]:
    """Samples of a place, the newest first, each with its households and those answered."""
    where = (_seen(viewer), Sample.region_code.startswith(region))
    found = session.scalars(select(Sample).where(*where).order_by(Sample.number.desc()))
    return [
        (
            sample,
            _count(session, SampleHousehold, sample.number),
            _count(session, SampleAnswer, sample.number),
        )
        for sample in found
    ]


def _count(session: Session, of: type[SampleHousehold | SampleAnswer], number: int) -> int:
    query = select(func.count(func.distinct(of.household_id))).where(of.sample == number)
    return session.scalar(query) or 0


def _seen(viewer: Viewer) -> ColumnElement[bool]:
    """Whether somebody sees every place that a sample was drawn from."""
    codes = viewer.where("see_samples").codes
    inside = or_(False, *(SamplePlace.code.startswith(code) for code in codes))
    outside = select(SamplePlace.code).where(SamplePlace.sample == Sample.number, ~inside)
    return ~outside.correlate(Sample).exists()


def sees(viewer: Viewer, sample: Sample) -> bool:
    """Whether a sample is somebody's to see."""
    return all(viewer.may("see_samples", place.code) for place in sample.places)


def draws(viewer: Viewer, sample: Sample) -> bool:
    """Whether somebody may draw where it was drawn: they bring its results, and settle them."""
    return all(viewer.may("draw_samples", place.code) for place in sample.places)


def one(session: Session, viewer: Viewer, number: int) -> Kept | None:
    """A sample whole; None for one that is not there or not theirs to see."""
    sample = session.get(Sample, number)
    return None if sample is None or not sees(viewer, sample) else whole(session, sample)


def whole(session: Session, sample: Sample) -> Kept:
    """Everything kept of a sample."""
    number = sample.number
    strata = {
        row.key: Stratum(row.key, row.population, row.drawn, row.represents, row.village, row.hits)
        for row in session.scalars(
            select(SampleStratum).where(SampleStratum.sample == number).order_by(SampleStratum.key)
        )
    }
    households = session.scalars(
        select(SampleHousehold)
        .where(SampleHousehold.sample == number)
        .order_by(SampleHousehold.number)
    )
    items: dict[str, list[SampleItem]] = {}
    for item in session.scalars(
        select(SampleItem).where(SampleItem.sample == number).order_by(SampleItem.number)
    ):
        items.setdefault(item.household_id, []).append(item)
    answers = {
        (row.household_id, row.question): row
        for row in session.scalars(
            select(SampleAnswer).where(SampleAnswer.sample == number).order_by(SampleAnswer.version)
        )
    }
    oddities = session.scalars(
        select(SampleOddity)
        .where(SampleOddity.sample == number)
        .order_by(SampleOddity.entry, SampleOddity.place)
    )
    return Kept(sample, strata, list(households), items, answers, list(oddities))
