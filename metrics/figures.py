"""The figures that a place is looked at by: each with what it was at the last data date, a year ago
and in the months before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from metrics.county import County
from metrics.cube import Cell
from metrics.months import Months
from metrics.registry import Indicator
from store.scope import Scope

# What a leader's page shows, in this order.
SHOWN = (
    "monitored_households",
    "step_overdue_households",
    "ledger_overdue",
    "ledger_closed_share",
    "ledger_closed_standing",
    "open_guarantee_households",
    "per_capita_income",
)
_YEARS = 12  # of a line of years


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's number with those before it.

    ``last`` is that of the last data date and ``year_ago`` that of a year before, None where it is
    not known. ``series`` ends with the number itself: by month where ``monthly``, else by year.
    """

    indicator: Indicator
    now: Cell
    last: float | None
    year_ago: float | None
    series: tuple[float | None, ...]
    monthly: bool

    @property
    def since_last(self) -> float | None:
        """The change since the last data date; None where either is not known."""
        return _change(self.now.value, self.last)

    @property
    def since_year(self) -> float | None:
        """The change since a year ago; None where either is not known."""
        return _change(self.now.value, self.year_ago)

    @property
    def worsened(self) -> float:
        """How much worse it is than at the last data date, beside what it was; 0 if it is not."""
        delta = self.since_last
        if delta is None or self.last is None or self.indicator.better == "none":
            return 0.0
        worse = delta if self.indicator.better == "lower" else -delta
        return max(worse, 0.0) / max(abs(self.last), 1.0)


def _change(now: float | None, then: float | None) -> float | None:
    if now is None or then is None:
        return None
    return now - then if round(now - then, 6) else 0.0


def figures(
    county: County,
    before: County | None,
    region: str,
    year: int,
    scope: Scope,
    months: Months | None,
) -> list[Figure]:
    """Every figure of a place in a year. ``before`` is the county at the last data date and
    ``months`` are those up to this one: neither is there for a year before the data date's."""
    return [_figure(county, before, key, region, year, scope, months) for key in SHOWN]


def _figure(
    county: County,
    before: County | None,
    key: str,
    region: str,
    year: int,
    scope: Scope,
    months: Months | None,
) -> Figure:
    cube = county.cube
    now = cube.cell(key, region, year, scope)
    last = None
    if before is not None:
        last = before.cube.cell(key, region, before.data_date.year, scope).value
    ago = cube.cell(key, region, year - 1, scope).value
    by_month = months.series(key, region) if months else []
    if by_month and now.value is not None:
        series, monthly = by_month, True
        ago = ago if ago is not None else by_month[0]
    else:
        by_year = cube.series(key, region, scope)
        series = [cell.value for at, cell in by_year.items() if year - _YEARS < at <= year]
        monthly = False
    return Figure(
        county.targets.aimed(key, region, year, scope), now, last, ago, tuple(series), monthly
    )


def worst(found: Iterable[Figure]) -> list[Figure]:
    """Those that are worse than at the last data date, the one that changed most first."""
    worse = [figure for figure in found if figure.worsened]
    return sorted(worse, key=lambda figure: -figure.worsened)
