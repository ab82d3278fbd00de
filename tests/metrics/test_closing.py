"""Time to close with what is still open, held to written cases; problems that come again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import closing

FIRST = date(2025, 1, 1)


@dataclass(frozen=True)
class Case:
    number: int
    opened: date
    closed: date | None
    subject: str = "household:H01"
    kind: str = "rule.exit_income"


def cases(*days: tuple[int, bool], today: int) -> list[Case]:
    """Problems by how many days they took, or are open on the day ``today`` after the first."""
    found = []
    for number, (took, closed) in enumerate(days):
        begun = FIRST if closed else FIRST + timedelta(days=today - took)
        found.append(Case(number, begun, begun + timedelta(days=took) if closed else None))
    return found


def curve(*days: tuple[int, bool]) -> closing.Curve:
    today = max(took for took, _ in days)
    found = closing.curve(cases(*days, today=today), FIRST + timedelta(days=today))
    assert found is not None
    return found


def test_all_closed_is_the_share_that_took_longer() -> None:
    found = curve(*((day, True) for day in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)))
    assert found.days == tuple(range(1, 11))
    assert found.open_percent == pytest.approx([90 - 10 * n for n in range(10)])
    assert (found.until(50), found.until(90), found.closed, found.open) == (5, 9, 10, 0)


def test_the_leukaemia_data_of_freireich_as_textbooks_have_them() -> None:
    """6-MP arm, 21 patients: S = 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448; median 23."""
    events = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    found = curve(*((d, True) for d in events), *((d, False) for d in censored))
    assert found.days == (6, 7, 10, 13, 16, 22, 23)
    shares = [85.7, 80.7, 75.3, 69.0, 62.7, 53.8, 44.8]
    assert found.open_percent == pytest.approx(shares, abs=0.06)
    assert (found.until(50), found.until(90)) == (23, None)
    assert (found.last, found.closed, found.open) == (35, 9, 12)


def test_what_is_still_open_makes_the_time_longer_not_shorter() -> None:
    closed = [(day, True) for day in (2, 4, 6)]
    assert curve(*closed).until(50) == 4
    assert curve(*closed, (9, False), (9, False)).until(50) == 6
    assert curve(*closed, (9, False), (9, False)).until(90) is None


def test_none_closed_is_a_curve_that_does_not_fall() -> None:
    found = curve((3, False), (9, False))
    assert (found.days, found.until(50), found.open, found.last) == ((), None, 2, 9)
    assert closing.curve([], FIRST) is None


def test_a_problem_opened_after_the_day_asked_took_no_time() -> None:
    found = closing.curve([Case(1, FIRST, None)], FIRST - timedelta(days=1))
    assert found is not None and found.last == 0


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), min_size=1, max_size=40))
def test_the_curve_falls_from_a_hundred_and_never_rises(days: list[tuple[int, bool]]) -> None:
    found = curve(*days)
    shares = [100.0, *found.open_percent]
    assert shares == sorted(shares, reverse=True) and shares[-1] >= -1e-9
    assert list(found.days) == sorted({took for took, closed in days if closed})
    longest_open = max((took for took, closed in days if not closed), default=-1)
    if found.days and longest_open <= found.days[-1] and all(closed for _, closed in days):
        assert shares[-1] == pytest.approx(0)


def test_the_same_problem_within_a_year_is_repeated() -> None:
    def case(number: int, days: int, **more: str) -> Case:
        return Case(number, FIRST + timedelta(days=days), None, **more)

    found = closing.repeated(
        [
            case(1, 0),
            case(2, 365),
            case(3, 731),
            case(4, 10, kind="rule.exit_water"),
            case(5, 10, subject="household:H02"),
            case(6, 12, subject="household:H02"),
        ]
    )
    assert found == {2, 6}, "1 is the first, 3 comes 366 days after 2"
