"""Pace and forecast: the line and its band as scipy has them, and the verdict of each case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import pace as pacing
from metrics.cube import Cell
from metrics.pace import Forecast, Pace, Point, day_of, onward, pace, straight, when, within
from metrics.registry import indicators
from metrics.targets import Targets
from store.scope import Scope

_COUNTY = "619925"
_ALL = Scope.of([_COUNTY])
_SHARE = "collective_100k_share"
_VALUES = st.lists(st.floats(0, 100, allow_nan=False), min_size=4, max_size=13)


def _county(
    values: Mapping[int, float | None],
    target: float | None = None,
    day: date = date(2025, 12, 31),
    key: str = _SHARE,
) -> Any:
    """A county of whose one number these are the years' values, to reach a target in 2026."""

    def cell(asked: str, place: str, year: int, scope: Scope) -> Cell:
        value = values.get(year) if asked == key else None
        return Cell(value, value or 0.0, 100.0, 0)

    def series(asked: str, place: str, scope: Scope) -> dict[int, Cell]:
        return {year: cell(asked, place, year, scope) for year in values}

    row = {
        "indicator": key,
        "region_code": _COUNTY,
        "year": 2026,
        "target_value": target,
        "target_unit": None,
        "unit_in_charge": None,
    }
    return SimpleNamespace(
        indicators=indicators(),
        cube=SimpleNamespace(cell=cell, series=series),
        data_date=day,
        targets=Targets([row] if target is not None else [], indicators()),
    )


def _pace(county: Any, before: Any = None, key: str = _SHARE) -> Pace:
    found = pace(county, before, key, _COUNTY, _ALL)
    assert found is not None
    return found


@settings(deadline=None, max_examples=60)
@given(_VALUES, st.integers(1, 5))
def test_line_and_band_are_those_of_scipy(values: list[float], ahead: int) -> None:
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")
    times = [2000.0 + i for i in range(len(values))]
    at = times[-1] + ahead
    found = straight(list(zip(times, values, strict=True)), at)
    assert found is not None
    theirs = stats.linregress(times, values)
    assert found[0] == pytest.approx(theirs.slope, abs=1e-6)
    assert found[1].value == pytest.approx(theirs.intercept + theirs.slope * at, abs=1e-4)
    # The spread of one further value about its prediction, from the standard errors of the line.
    count, middle = len(values), sum(times) / len(times)
    fitted = [theirs.intercept + theirs.slope * time for time in times]
    left = sum((v - f) ** 2 for v, f in zip(values, fitted, strict=True)) / (count - 2)
    spread = sum((time - middle) ** 2 for time in times)
    half = (
        stats.t.ppf(0.9, count - 2) * (left * (1 + 1 / count + (at - middle) ** 2 / spread)) ** 0.5
    )
    assert (found[1].high - found[1].low) / 2 == pytest.approx(half, abs=1e-3)


def test_the_band_holds_four_of_five_values_that_come() -> None:
    """Of lines with noise of one size, the next value falls into the 80 % band in about 80 %."""
    import random

    draw, held = random.Random(7), 0
    for _ in range(1500):
        values = [(float(i), 3.0 * i + draw.gauss(0, 2)) for i in range(7)]
        found = straight(values[:6], 6.0)
        assert found is not None
        held += found[1].low <= values[6][1] <= found[1].high
    assert held / 1500 == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("points", [[], [(2024.0, 1.0), (2025.0, 2.0), (2026.0, 3.0)]])
def test_three_values_have_no_line(points: list[Point]) -> None:
    assert straight(points, 2027.0) is None


def test_a_share_stays_a_share_and_a_count_is_not_negative() -> None:
    share, count = indicators()[_SHARE], indicators()["monitored_households"]
    assert within(share, Forecast(110, 95, 130)) == Forecast(100, 95, 100)
    assert within(count, Forecast(-3, -9, 2)) == Forecast(0, 0, 2)
    assert within(count, Forecast(130, 120, 140)) == Forecast(130, 120, 140)


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_a_day_is_a_time_and_a_time_a_day(day: date) -> None:
    assert day_of(when(day)) == day
    assert when(date(day.year, 12, 31)) == day.year
    assert when(day) < when(day + timedelta(days=1))


def test_onward_goes_on_as_between_two_dates() -> None:
    assert onward(20, 14, 30, 90) == -4


_STEADY = {2020: 50.0, 2021: 54.0, 2022: 58.0, 2023: 62.0, 2024: 66.0, 2025: 70.0}


@pytest.mark.parametrize(
    ("target", "verdict", "lacking", "needed"),
    [
        (70.0, "reached", 0.0, 0.0),
        (65.0, "reached", 0.0, 0.0),
        (74.0, "on_pace", 4.0, 4.0),
        (74.1, "behind", 4.1, 4.1),
        (90.0, "behind", 20.0, 20.0),
    ],
)
def test_a_verdict_follows_from_where_the_line_ends(
    target: float, verdict: str, lacking: float, needed: float
) -> None:
    found = _pace(_county(_STEADY, target))
    assert found.verdict == verdict
    assert found.lacking == pytest.approx(lacking) and found.needed == pytest.approx(needed)
    assert found.kept == pytest.approx(4.0)
    assert (found.due, found.left, found.aim) == (2026, 1.0, target)


def test_less_is_better_where_the_indicator_says_so() -> None:
    falling = {2021: 500.0, 2022: 450.0, 2023: 400.0, 2024: 350.0, 2025: 300.0}
    key = "monitored_households"
    assert _pace(_county(falling, 250, key=key), key=key).verdict == "on_pace"
    found = _pace(_county(falling, 240, key=key), key=key)
    assert (found.verdict, found.needed) == ("behind", -60.0)


def test_what_is_not_known_now_is_unknown_whatever_was_before() -> None:
    found = _pace(_county({**_STEADY, 2025: None}, 74))
    assert (found.verdict, found.lacking, found.needed, found.forecast) == ("unknown", *[None] * 3)


def test_one_value_alone_tells_no_pace() -> None:
    found = _pace(_county({2025: 70.0}, 74))
    assert (found.verdict, found.kept, found.lacking) == ("unknown", None, 4.0)


@pytest.mark.parametrize(
    ("then", "verdict"), [(69.7, "behind"), (69.6, "on_pace"), (70.0, "behind"), (71.0, "behind")]
)
def test_two_data_dates_tell_a_pace_and_no_forecast(then: float, verdict: str) -> None:
    """4 points are lacking and a year is left: 0.34 a month are needed."""
    before = _county({2025: then}, day=date(2025, 11, 30))
    found = _pace(_county({2025: 70.0}, 74), before)
    assert (found.verdict, found.forecast, found.dated, found.open) == (verdict, None, True, False)
    assert found.kept == pytest.approx((70 - then) * 365.25 / 31)
    assert [value for _, value in found.points] == [then, 70.0]


def test_a_target_of_the_year_that_is_over_is_missed_or_reached() -> None:
    county = _county(_STEADY)
    row = {"indicator": _SHARE, "region_code": _COUNTY, "year": 2025, "target_value": 74.0,
           "target_unit": "%", "unit_in_charge": None}  # fmt: skip
    county.targets = Targets([row], indicators())
    found = _pace(county)
    assert (found.due, found.left, found.verdict, found.needed) == (2025, 0.0, "behind", None)


def test_within_the_year_the_running_years_target_is_due() -> None:
    found = _pace(_county(_STEADY, day=date(2025, 6, 30)))
    assert found.due == 2025 and found.left == pytest.approx(184 / 365.25, abs=1e-4)


def test_the_band_holding_the_target_leaves_it_open() -> None:
    rough = {2020: 50.0, 2021: 58.0, 2022: 55.0, 2023: 66.0, 2024: 61.0, 2025: 70.0}
    assert _pace(_county(rough, 75)).open
    assert not _pace(_county(rough, 99)).open
    assert not _pace(_county(_STEADY, 90)).open


def test_only_the_last_years_are_gone_by() -> None:
    long = {2010 + i: 0.0 for i in range(10)} | _STEADY
    assert [at for at, _ in _pace(_county(long, 90)).points] == [2020 + i for i in range(6)]


def test_an_indicator_without_a_target_has_no_pace() -> None:
    assert pace(_county(_STEADY), None, "monitored_households", _COUNTY, _ALL) is None


def test_what_is_behind_comes_first_and_what_is_unknown_last() -> None:
    found = [_pace(_county(_STEADY, target)) for target in (65.0, 74.0, 90.0, 99.0)] + [
        _pace(_county({**_STEADY, 2025: None}, 74))
    ]
    ordered = sorted(found, key=pacing._urgency)
    assert [one.verdict for one in ordered] == ["behind", "behind", "on_pace", "reached", "unknown"]
    assert [one.aim for one in ordered[:2]] == [99.0, 90.0]
    assert pacing.counted({str(i): one for i, one in enumerate(found)}) == {
        "behind": 2, "on_pace": 1, "reached": 1, "unknown": 1,
    }  # fmt: skip
