"""What comes back in a sample's workbook: answers, findings, and what was odd. Nothing is lost.

A line that cannot be taken as it stands is kept as it came, until somebody who may draw the sample
settles it. An answer that is there already the same changes nothing; another one waits as odd,
beside the first, which counts until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from access.viewer import Viewer
from findings import texts, writing
from findings.writing import AlreadyOpen, Given, NotTaken, Problem
from sampling import keeping
from sampling.keeping import Kept
from sampling.questions import allowed, sample_code
from state import audit
from state.chain import Entry
from state.database import State
from state.sample_tables import Sample, SampleAnswer, SampleHousehold, SampleItem, SampleOddity

# Another sample's line; a household that is none of it; a question that is none of the household's;
# no answer that there is; another answer than the one before.
Why = Literal["other", "stranger", "unasked", "word", "twice"]
# What a later visit may still tell: then the later answer is no other one.
_OPEN = ("unclear", "absent")
_LONG = 5_000  # characters of what came that are kept


class NoSample(LookupError):
    """There is no sample of this number for who asks, whether or not there is one."""


@dataclass(frozen=True, slots=True)
class Returned:
    """One answer of a workbook, as it came: the row that it stood in, the sample that it names."""

    row: int
    sample: str
    household_id: str
    question: str
    answer: str
    note: str = ""


@dataclass(slots=True)
class Outcome:
    """What came of a workbook: answers, those there the same, odd ones, findings opened by them,
    and problems that were open already."""

    answered: int = 0
    unchanged: int = 0
    odd: int = 0
    opened: int = 0
    already: int = 0


def load(state: State, viewer: Viewer, number: int, rows: Sequence[Returned]) -> Outcome:
    """Take the answers of a workbook: all that fit, all odd ones as such, in one change.

    Raises NoSample, NotTaken and StateError; then nothing was taken.
    """
    with state.writing() as session:
        audit.hold(session)
        kept = _kept(session, viewer, number)
        about = {"step": "results", "sample": number, "rows": len(rows), "account": audit.account()}
        entry = audit.append(session, "sample", viewer.subject, about)
        taking = _Taking(session, viewer, kept, entry)
        for row in rows:
            taking.take(row)
    return taking.outcome


def settle(
    state: State, viewer: Viewer, number: int, key: tuple[int, int], *, take: bool
) -> Outcome:
    """Settle an odd line: an answer that differs is taken instead of the first, or not.

    Only such a one can be taken. Raises NoSample, NotTaken and StateError.
    """
    with state.writing() as session:
        audit.hold(session)
        kept = _kept(session, viewer, number)
        odd = session.get(SampleOddity, (number, *key))
        if odd is None or odd.settled_at is not None or (take and odd.why != "twice"):
            raise NotTaken("state")
        about = {"step": "settle", "sample": number, "entry": key[0], "place": key[1],
                 "taken": take, "account": audit.account()}  # fmt: skip
        entry = audit.append(session, "sample", viewer.subject, about)
        odd.settled_by, odd.settled_at, odd.taken = entry.actor, entry.at, take
        taking = _Taking(session, viewer, kept, entry)
        if take:
            taking.answered(
                Returned(odd.row, "", odd.household_id, odd.question, odd.answer, odd.note)
            )
    return taking.outcome


def _kept(session: Session, viewer: Viewer, number: int) -> Kept:
    sample = session.get(Sample, number)
    if sample is None or not keeping.sees(viewer, sample):
        raise NoSample(number)
    if not keeping.draws(viewer, sample):
        raise NotTaken("right")
    return keeping.whole(session, sample)


class _Taking:
    """A change under way: what is known of the sample, and what has come of it."""

    def __init__(self, session: Session, viewer: Viewer, kept: Kept, entry: Entry):
        self._session, self._viewer, self._kept, self._entry = session, viewer, kept, entry
        self._households = {one.household_id: one for one in kept.households}
        self._answers = dict(kept.answers)
        self._waiting = {
            (odd.why, odd.given_sample, odd.household_id, odd.question, odd.answer)
            for odd in kept.oddities
        }
        self._place = 0
        self.outcome = Outcome()

    def take(self, row: Returned) -> None:
        """Take a line, or keep it as odd."""
        held = self._answers.get((row.household_id, row.question))
        why = self._why(row)
        if why is not None:
            self._odd(row, why)
        elif held is None or (held.answer in _OPEN and held.answer != row.answer):
            self.answered(row)
        elif held.answer == row.answer:
            self.outcome.unchanged += 1
        else:
            self._odd(row, "twice")

    def _why(self, row: Returned) -> Why | None:
        if row.sample != sample_code(self._kept.sample.number):
            return "other"
        household = self._households.get(row.household_id)
        if household is None:
            return "stranger"
        if not self._kept.asked(household, row.question):
            return "unasked"
        return None if row.answer in allowed(row.question) else "word"

    def _odd(self, row: Returned, why: Why) -> None:
        """Keep a line as it came; the same one of a workbook that comes again is kept once."""
        key = (why, row.sample[:40], row.household_id[:64], row.question[:100], row.answer[:_LONG])
        self.outcome.odd += 1
        if key in self._waiting:
            return
        self._waiting.add(key)
        self._place += 1
        self._session.add(
            SampleOddity(
                sample=self._kept.sample.number, entry=self._entry.number, place=self._place,
                why=why, row=row.row, given_sample=key[1], household_id=key[2], question=key[3],
                answer=key[4], note=row.note[:_LONG], by=self._entry.actor, at=self._entry.at,
                settled_by=None, settled_at=None, taken=None,
            )
        )  # fmt: skip

    def answered(self, row: Returned) -> None:
        """Write an answer down, and the finding that it is."""
        held = self._answers.get((row.household_id, row.question))
        note = texts.plain(row.note)[: texts.NOTE - len(self._code) - 1]
        answer = SampleAnswer(
            sample=self._kept.sample.number, household_id=row.household_id, question=row.question,
            version=1 if held is None else held.version + 1, answer=row.answer, note=note,
            by=self._entry.actor, at=self._entry.at,
        )  # fmt: skip
        self._session.add(answer)
        self._answers[row.household_id, row.question] = answer
        self.outcome.answered += 1
        items = self._kept.items.get(row.household_id, ())
        item = next((one for one in items if one.question == row.question), None)
        if item is not None and item.concern == row.answer:
            self._finding(self._households[row.household_id], item, note)

    @property
    def _code(self) -> str:
        return sample_code(self._kept.sample.number)

    def _finding(self, household: SampleHousehold, item: SampleItem, note: str) -> None:
        problem = Problem(
            "sample", item.kind, item.subject_kind, item.subject_id, household.village_code,
            item.title, household.household_id,
        )  # fmt: skip
        try:
            given = Given(f"{self._code} {note}".strip())
            writing.opened(self._session, self._viewer, problem, given)
            self.outcome.opened += 1
        except AlreadyOpen:
            self.outcome.already += 1
