"""Samples drawn, answered and settled for as long as a process is left; and what is half of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sampling import keeping, results
from state.chain import Entry
from state.database import State, opened
from state.sample_tables import Sample, SampleAnswer
from state.tables import Finding
from tests import viewers
from tests.sampling.conftest import PLACES, RULE, drawn, items, kept, line

_DRAWN = tuple(PLACES)
_ITEMS = sum(map(len, items(drawn(*_DRAWN)).values()))
# Of each sample: what its first workbook answers, one a finding; what its second has, all odd.
_ANSWERS = {"visit": "visited", "satisfied": "yes", f"rule.{RULE}": "no"}
_ODD = [("H01", "satisfied", "no"), ("H99", "visit", "visited")]
_STEPS = ["draw", "results", "results", "settle"]


def once(home: Path) -> None:
    """Draw a sample, take its workbook, take one that differs, settle that."""
    with opened(home) as state:
        _round(state)


def write(home: Path) -> None:
    """The same again and again."""
    with opened(home) as state:
        while True:
            _round(state)


def _round(state: State) -> None:
    inspector = viewers.role("inspector")
    number = kept(state, inspector, *_DRAWN)
    rows = [line(number, "H01", question, answer) for question, answer in _ANSWERS.items()]
    results.load(state, inspector, number, rows)
    results.load(state, inspector, number, [line(number, *odd) for odd in _ODD])
    with state.reading() as session:
        found = keeping.one(session, inspector, number)
    assert found is not None
    twice = next(odd for odd in found.oddities if odd.why == "twice")
    results.settle(state, inspector, number, (twice.entry, twice.place), take=True)


def count(home: Path) -> int:
    """How many samples a home has."""
    with opened(home) as state, state.reading() as session:
        return session.scalar(select(func.count()).select_from(Sample)) or 0


def half(state: State, entries: Sequence[Entry]) -> list[str]:
    """Of samples: what is not as the steps that the audit tells of left it."""
    told: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.kind == "sample":
            told.setdefault(entry.about.get("sample", entry.number), []).append(entry)
    with state.reading() as session:
        samples = {one.number: one for one in session.scalars(select(Sample))}
        if set(samples) != set(told):
            return ["a sample without its entry, or an entry without its sample"]
        found = [
            f"{said} of sample {number} after {len(steps)} steps"
            for number, steps in told.items()
            for said in _half_of(session, samples[number], steps)
        ]
        concern = select(SampleAnswer).where(SampleAnswer.answer == "no").limit(1)
        if (session.scalar(concern) is None) != (session.scalar(select(Finding).limit(1)) is None):
            found.append("an answer without its finding, or a finding without its answer")
    return found


def _half_of(session: Session, sample: Sample, steps: Sequence[Entry]) -> list[str]:
    kept_now = keeping.whole(session, sample)
    came = [step.about["step"] for step in steps]
    at = Counter(
        session.scalars(select(SampleAnswer.at).where(SampleAnswer.sample == sample.number))
    )
    answers = [len(_ANSWERS), 0, 1]  # of each step after the draw
    odd = Counter(one.entry for one in kept_now.oddities)
    settled = [one.taken for one in kept_now.oddities if one.settled_at is not None]
    listed = sum(map(len, kept_now.items.values()))
    wrong = {
        "steps": came != _STEPS[: len(came)],
        "households": len(kept_now.households) != len(_DRAWN) or listed != _ITEMS,
        "strata": len(kept_now.strata) != 1 or not sample.places,
        "answers": [at[step.at] for step in steps[1:]] != answers[: len(steps) - 1],
        "oddities": [odd[step.number] for step in steps[2:3]] != [len(_ODD)] * len(steps[2:3]),
        "settling": settled != [True] * (len(steps) - 3),
    }
    return [name for name, is_so in wrong.items() if is_so]
