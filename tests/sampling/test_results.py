"""What comes back: answers and findings, each once; what is odd is kept, told and settled."""

from __future__ import annotations

from datetime import date

import pytest

from findings import asking, writing
from findings.asking import Filter
from findings.writing import NotTaken, Problem
from sampling import keeping, results
from sampling.results import NoSample, Outcome
from state import audit
from state.database import State
from tests import viewers
from tests.findings.conftest import inspector, leader, township
from tests.sampling.conftest import RULE, kept, line, whole
from tests.small_county import COUNTY, EAST, HILL, MILL, WEST


def findings(state: State) -> dict[str, tuple[str, str, str]]:
    """Kind and subject of every finding to source, place and first note."""
    with state.reading() as session:
        every = asking.every(session, inspector(), Filter(COUNTY, date(2026, 1, 1)))
        return {
            f"{one.kind} {one.subject_id}": (one.source, one.region_code, one.steps[0].note)
            for one in every
        }


def test_answers_are_kept_and_those_that_concern_become_findings(state: State) -> None:
    number = kept(state)
    rows = [
        line(number, "H01", "visit", "visited"),
        line(number, "H01", "wrongly_exited", "yes", note="收入不够\n见照片"),
        line(number, "H01", "satisfied", "no"),
        line(number, "H01", f"rule.{RULE}", "yes"),
        line(number, "H04", "missed", "no"),
        line(number, "H05", f"rule.{RULE}", "no", note="屋面漏雨"),
    ]
    assert results.load(state, inspector(), number, rows) == Outcome(answered=6, opened=2)
    assert findings(state) == {
        "sample.wrongly_exited H01": ("sample", HILL, f"S{number} 收入不够\n见照片"),
        f"rule.{RULE} H05": ("sample", MILL, f"S{number} 屋面漏雨"),
    }
    found = whole(state, number)
    assert found.visited == 3
    assert found.estimate("wrongly_exited").share == 1.0
    assert found.estimate("wrongly_exited").asked == 2, "H04 never left poverty"
    assert found.estimate("missed").share == 0.0
    rule = found.estimate(f"rule.{RULE}", "no")
    assert (rule.found, rule.answered, rule.asked) == (1, 2, 3)
    with state.reading() as session:
        listed = keeping.listed(session, inspector(), COUNTY)
        assert audit.check(session, state.home)[0] is None
    assert [one[1:] for one in listed] == [(3, 3)]


def test_the_same_workbook_again_changes_nothing(state: State) -> None:
    number = kept(state)
    rows = [line(number, "H05", f"rule.{RULE}", "no"), line(number, "H05", "visit", "visited")]
    results.load(state, inspector(), number, rows)
    again = results.load(state, inspector(), number, rows)
    assert again == Outcome(unchanged=2) and len(findings(state)) == 1


def test_a_problem_that_is_open_already_is_not_opened_twice(state: State) -> None:
    before = Problem("inspection", f"rule.{RULE}", "household", "H05", MILL, "住房", "H05")
    writing.open_finding(state, inspector(), before)
    number = kept(state)
    outcome = results.load(state, inspector(), number, [line(number, "H05", f"rule.{RULE}", "no")])
    assert outcome == Outcome(answered=1, already=1) and len(findings(state)) == 1


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (("H01", "visit", "visited", {"sample": "S999"}), "other"),
        (("H01", "visit", "visited", {"sample": ""}), "other"),
        (("H02", "visit", "visited", {}), "stranger"),
        (("H04", "wrongly_exited", "yes", {}), "unasked"),
        (("H01", "rule.exit_luck", "yes", {}), "unasked"),
        (("H01", "visit", "去过了", {}), "word"),
        (("H01", "satisfied", "visited", {}), "word"),
    ],
)
def test_what_is_odd_is_kept_as_it_came_and_the_rest_is_taken(state: State, odd, why) -> None:
    number = kept(state)
    household, question, answer, more = odd
    rows = [
        line(number, household, question, answer, note="原样", row=8, **more),
        line(number, "H05", "visit", "visited"),
    ]
    assert results.load(state, inspector(), number, rows) == Outcome(answered=1, odd=1)
    found = whole(state, number)
    (kept_odd,) = found.oddities
    assert (kept_odd.why, kept_odd.row, kept_odd.answer, kept_odd.note) == (why, 8, answer, "原样")
    assert set(found.answers) == {("H05", "visit")}
    assert not findings(state)
    results.load(state, inspector(), number, rows)
    assert len(whole(state, number).oddities) == 1, "the same line waits once"


def test_of_two_answers_the_first_counts_until_somebody_settles_it(state: State) -> None:
    number = kept(state)
    rows = [line(number, "H05", f"rule.{RULE}", "yes"), line(number, "H05", f"rule.{RULE}", "no")]
    assert results.load(state, inspector(), number, rows) == Outcome(answered=1, odd=1)
    found = whole(state, number)
    assert found.answers["H05", f"rule.{RULE}"].answer == "yes" and not findings(state)
    (odd,) = found.oddities
    key = (odd.entry, odd.place)
    for who in (township(WEST), leader()):
        with pytest.raises((NotTaken, NoSample)):
            results.settle(state, who, number, key, take=True)
    assert results.settle(state, inspector(), number, key, take=True) == Outcome(
        answered=1, opened=1
    )
    found = whole(state, number)
    held = found.answers["H05", f"rule.{RULE}"]
    assert (held.answer, held.version) == ("no", 2) and len(findings(state)) == 1
    assert found.oddities[0].taken and found.oddities[0].settled_by == "du.cha"
    with pytest.raises(NotTaken):
        results.settle(state, inspector(), number, key, take=False)


def test_only_another_answer_can_be_taken(state: State) -> None:
    number = kept(state)
    results.load(state, inspector(), number, [line(number, "H02", "visit", "visited")])
    (odd,) = whole(state, number).oddities
    with pytest.raises(NotTaken):
        results.settle(state, inspector(), number, (odd.entry, odd.place), take=True)
    results.settle(state, inspector(), number, (odd.entry, odd.place), take=False)
    assert whole(state, number).oddities[0].taken is False
    assert not whole(state, number).answers


@pytest.mark.parametrize(
    ("question", "first", "later"),
    [("visit", "absent", "visited"), ("satisfied", "unclear", "yes")],
)
def test_a_later_visit_may_tell_what_the_first_could_not(
    state: State, question: str, first: str, later: str
) -> None:
    number = kept(state)
    results.load(state, inspector(), number, [line(number, "H01", question, first)])
    outcome = results.load(state, inspector(), number, [line(number, "H01", question, later)])
    assert outcome == Outcome(answered=1)
    assert whole(state, number).answers["H01", question].answer == later


def test_who_may_not_draw_there_brings_nothing(state: State) -> None:
    number = kept(state)
    row = line(number, "H01", "visit", "visited")
    for who, error in (
        (leader(), NotTaken),  # sees it
        (township(WEST), NoSample),
        (inspector(EAST), NoSample),
        (viewers.role("data_clerk"), NoSample),
    ):
        with pytest.raises(error):
            results.load(state, who, number, [row])
    with pytest.raises(NoSample):
        results.load(state, inspector(), number + 99, [row])
    assert not whole(state, number).answers


def test_a_change_that_fails_leaves_nothing_behind(state: State, monkeypatch) -> None:
    """Answers, findings and the audit are one change: broken off in the middle, none is there."""
    number = kept(state)
    calls = []

    def broken(*_args: object) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the power is gone")
        return opened(*_args)  # type: ignore[arg-type]

    opened = writing.opened
    monkeypatch.setattr(writing, "opened", broken)
    rows = [line(number, one, f"rule.{RULE}", "no") for one in ("H01", "H04", "H05")]
    with pytest.raises(RuntimeError):
        results.load(state, inspector(), number, rows)
    assert not whole(state, number).answers and not findings(state)
    with state.reading() as session:
        assert audit.check(session, state.home)[0] is None
        assert audit.head(session).number == number
