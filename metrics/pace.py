"""Pace towards a target: what is lacking, the pace needed and kept, and a forecast with its band.

The forecast is the straight line by least squares through the last values known, its band the
prediction interval of one further value (Student's t). Four values are the least; of two data dates
alone there is a pace, which is held against the one needed, but no forecast. Fluctuations are taken
as they were so far: a change of course is not foreseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, inf, sqrt
from statistics import fmean, linear_regression
from typing import Literal

from metrics.county import County
from metrics.cube import Cell
from metrics.months import Months
from metrics.registry import Indicator
from metrics.shares import percent
from sampling import chances
from store.scope import Scope

CONFIDENCE = 0.8  # that the next value lies in the band, if things go on as they did
FEWEST = 4  # values through which a line has a band
MOST_YEARS = 6  # that a line is drawn through: what was before has little to do with what comes
_DAYS = 365.25

Verdict = Literal["reached", "on_pace", "behind", "unknown"]
VERDICTS: tuple[Verdict, ...] = ("behind", "on_pace", "reached", "unknown")
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Forecast:
    """A value ahead; ``low`` to ``high`` is its band."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pace:
    """An indicator of a place on its way to its target, which ``indicator.target`` has.

    ``points`` are the values known, at years (the end of 2025 is 2025.0), ``now`` the last of them
    and ``at`` its time; ``due`` is when the target is to be reached, by the end of that year.
    ``kept`` and ``needed`` are a year's change; ``dated`` points are of months or of two data
    dates, others of years.
    """

    indicator: Indicator
    place: str
    now: Cell
    year: int
    at: float
    due: int
    points: tuple[Point, ...]
    dated: bool
    kept: float | None
    forecast: Forecast | None

    @property
    def aim(self) -> float:
        """The target's value."""
        assert self.indicator.target is not None
        return self.indicator.target.value

    @property
    def left(self) -> float:
        """Years until it is due; 0 where that is over."""
        return max(round(self.due - self.at, 6), 0.0)

    @property
    def lacking(self) -> float | None:
        """What is lacking, without a sign; 0 where the target is reached, None where unknown."""
        if self.now.value is None:
            return None
        return (
            0.0 if self.indicator.meets_target(self.now.value) else abs(self.aim - self.now.value)
        )

    @property
    def needed(self) -> float | None:
        """The change a year that reaches the target in time; None where unknown or no time is
        left."""
        if self.now.value is None or not self.left:
            return None
        return (self.aim - self.now.value) / self.left if self.lacking else 0.0

    @property
    def verdict(self) -> Verdict:
        """Reached where the number of today meets the target, else by where the forecast ends;
        without one, by whether the pace kept is the one needed."""
        if self.now.value is None:
            return "unknown"
        if self.indicator.meets_target(self.now.value):
            return "reached"
        if not self.left:
            return "behind"
        if self.forecast is not None:
            return "on_pace" if self.indicator.meets_target(self.forecast.value) else "behind"
        if self.kept is None or self.needed is None:
            return "unknown"
        return "on_pace" if self.kept / self.needed >= 1 else "behind"

    @property
    def open(self) -> bool:
        """Whether the band holds values that meet the target and values that miss it."""
        if self.forecast is None:
            return False
        low, high = map(self.indicator.meets_target, (self.forecast.low, self.forecast.high))
        return low != high

    @property
    def parts(self) -> tuple[float, float]:
        """Where value and target stand on one scale from zero, in percent of its length."""
        most = max(self.now.value or 0.0, self.aim)
        return percent(self.now.value or 0.0, most) or 0.0, percent(self.aim, most) or 0.0


def onward(then: float, now: float, days: float, ahead: float) -> float:
    """Where a number comes to in so many days if it goes on as between two dates."""
    return now + (now - then) / days * ahead


def straight(points: Sequence[Point], at: float) -> tuple[float, Forecast] | None:
    """The slope of the line through points, and where it comes to at a time; None of fewer than
    ``FEWEST``, or of points at one time."""
    times = [time for time, _ in points]
    if len(points) < FEWEST or len(set(times)) < 2:
        return None
    slope, start = linear_regression(times, [value for _, value in points])
    middle, free = fmean(times), len(points) - 2
    spread = sum((time - middle) ** 2 for time in times)
    off = sqrt(sum((value - start - slope * time) ** 2 for time, value in points) / free)
    wide = sqrt(1 + 1 / len(points) + (at - middle) ** 2 / spread)
    half = chances.t_quantile((1 + CONFIDENCE) / 2, free) * off * wide
    value = start + slope * at
    return slope, Forecast(value, value - half, value + half)


def within(indicator: Indicator, found: Forecast) -> Forecast:
    """A forecast kept to what the number can be: nothing is under zero, a share at most all."""
    most = 100.0 if indicator.unit == "percent" else inf

    ends = (found.value, found.low, found.high)
    return Forecast(*(min(max(value, 0.0), most) for value in ends))


def when(day: date) -> float:
    """A day as a time in years, of which the last day of 2025 is 2025.0."""
    end = date(day.year, 12, 31)
    return day.year - (end - day).days / _DAYS


def day_of(at: float) -> date:
    """The day that ``when`` gave as a time."""
    year = ceil(at)
    return date(year, 12, 31) - timedelta(days=round((year - at) * _DAYS))


def due_year(county: County, key: str, place: str) -> int:
    """The year that a place's number is held to: that which is running, if it has a target loaded
    or time left, else the next if that has one."""
    day = county.data_date
    coming = day.year + (day == date(day.year, 12, 31))
    for year in (coming, day.year):
        if county.targets.loaded(key, place, year) is not None:
            return year
    return coming


def pace(
    county: County,
    before: County | None,
    key: str,
    place: str,
    scope: Scope,
    months: Months | None = None,
) -> Pace | None:
    """The pace of an indicator in a place; None where it has no target there."""
    due = due_year(county, key, place)
    indicator = county.targets.aimed(key, place, due, scope)
    if indicator.target is None:
        return None
    year = county.data_date.year
    now, at = county.cube.cell(key, place, year, scope), when(county.data_date)
    points = _by_month(months, key, place) if months else ()
    dated = len(points) >= FEWEST
    points = points if dated else _by_year(county, key, place, scope)
    if now.value is None:
        return Pace(indicator, place, now, year, at, due, points, dated, None, None)
    slope, forecast = None, None
    if (found := straight(points, due)) is not None:
        slope, forecast = found[0], within(indicator, found[1])
    elif (then := _then(before, key, place, scope)) is not None:
        points, dated = (then, (at, now.value)), True
        slope = (now.value - then[1]) / (at - then[0])
    return Pace(indicator, place, now, year, at, due, points, dated, slope, forecast)


def _then(before: County | None, key: str, place: str, scope: Scope) -> Point | None:
    """The value at the last data date."""
    if before is None:
        return None
    value = before.cube.cell(key, place, before.data_date.year, scope).value
    return None if value is None else (when(before.data_date), value)


def _by_year(county: County, key: str, place: str, scope: Scope) -> tuple[Point, ...]:
    """The last years' values, that of the data date's year at the data date."""
    day = county.data_date
    known = [
        (when(day) if year == day.year else float(year), cell.value)
        for year, cell in county.cube.series(key, place, scope).items()
        if cell.value is not None and year <= day.year
    ]
    return tuple(known[-MOST_YEARS:])


def _by_month(months: Months, key: str, place: str) -> tuple[Point, ...]:
    series = months.series(key, place)
    told = zip(months.days, series, strict=True) if series else ()
    return tuple((when(day), value) for day, value in told if value is not None)


def paces(county: County, before: County | None, place: str, scope: Scope) -> Mapping[str, Pace]:
    """Every indicator that has a target in a place, by key: what is behind first, of it what the
    county itself set, the farthest off at the head; then what is on pace, reached and not known."""
    key = ("paces", before and before.snapshot.number, place, scope)
    return county.kept(key, lambda: _paces(county, before, place, scope))


def _paces(county: County, before: County | None, place: str, scope: Scope) -> dict[str, Pace]:
    loaded = {table: county.snapshot.rows(table) for table in county.snapshot.tables}
    months = Months(county.reader(scope), place, county.data_date, loaded, len(place))
    found = [pace(county, before, key, place, scope, months) for key in county.indicators]
    ordered = sorted((one for one in found if one is not None), key=_urgency)
    return {one.indicator.key: one for one in ordered}


def _urgency(one: Pace) -> tuple[int, bool, float]:
    assert one.indicator.target is not None
    general = one.indicator.target.year is None
    far = (one.lacking or 0.0) / max(abs(one.aim), abs(one.now.value or 0.0), 1.0)
    return VERDICTS.index(one.verdict), general, -far


def counted(found: Mapping[str, Pace]) -> dict[Verdict, int]:
    """How many indicators have each verdict."""
    return {each: sum(one.verdict == each for one in found.values()) for each in VERDICTS}
