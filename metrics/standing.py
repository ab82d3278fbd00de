"""Places ranked by an indicator with its noise and their case mix beside it.

Of a share of counted rows each place has Wilson's 95 % interval, as if each row had fallen by
itself. A place is ahead of another where its whole interval is on the better side of the other's;
those whose intervals overlap are tied, so that a rank is a span: from the places that are surely
ahead to those that are surely behind. Other rates and means have no interval and are tied where
they read the same. Amounts are not ranked: places differ in size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.board import FEW
from metrics.county import County
from metrics.cube import Cell
from metrics.registry import Indicator
from metrics.shares import percent
from sampling import chances
from store.reader import Reader

_MIX = """
SELECT SUBSTRING(village_code, 1, $digits) AS place,
  COUNT(*) FILTER (WHERE labour_class IS NOT NULL) AS classed,
  COUNT(*) FILTER (WHERE labour_class <> 'able') AS without,
  COUNT(*) FILTER (WHERE registered) AS registered,
  SUM(member_count) FILTER (WHERE registered)::BIGINT AS people
FROM {household_fact}
WHERE year = $year AND village_code LIKE $region
GROUP BY ALL
"""
_POPULATION = """
SELECT SUBSTRING(village_code, 1, $digits) AS place, SUM(population)::BIGINT AS population
FROM {village_fact}
WHERE year = $year AND village_code LIKE $region
GROUP BY ALL
"""


@dataclass(frozen=True, slots=True)
class Mix:
    """Of a place's registered households: how many have weak or no labour (``without``) of those
    ``classed``, how many people they have, and how many people live there at all (None: unknown).
    """

    classed: int = 0
    without: int = 0
    registered: int = 0
    people: int = 0
    population: int | None = None

    @property
    def without_share(self) -> float | None:
        return percent(self.without, self.classed)

    @property
    def size(self) -> float | None:
        """People a registered household."""
        return self.people / self.registered if self.registered else None

    @property
    def registered_share(self) -> float | None:
        """Registered people, of all who are registered as living there."""
        return percent(self.people, self.population)


@dataclass(frozen=True, slots=True)
class Standing:
    """A place: its number, the interval in which it would fall by chance, and the span of its rank.

    ``indicator`` has the target of the place. ``first`` and ``last`` are None without a rank.
    """

    place: str
    indicator: Indicator
    cell: Cell
    mix: Mix
    low: float | None = None
    high: float | None = None
    first: int | None = None
    last: int | None = None

    @property
    def tied(self) -> bool:
        return self.first != self.last

    @property
    def few(self) -> bool:
        """Whether it is a rate of few cases."""
        base = self.cell.denominator
        return base is not None and base < FEW


def is_share_of_rows(indicator: Indicator) -> bool:
    """Whether an indicator is a share of rows that are counted, each as one."""
    below = indicator.denominator
    counted = below is not None and below.value is None and indicator.numerator.value is None
    return counted and indicator.unit == "percent"


def standings(
    county: County, reader: Reader, key: str, region: str, places: Sequence[str], due: int
) -> list[Standing]:
    """The places below a region, the worst first, those without a number last.

    ``places`` are codes of one length within the reader's scope, ``due`` the year of their targets.
    """
    year = county.data_date.year
    cells = county.cube.across(key, places, year, reader.scope)
    mixes = _mixes(reader, region, year, len(places[0])) if places else {}
    ranked = is_ranked(county.indicators[key])
    spans = {
        place: _span(county.indicators[key], cell)
        for place, cell in cells.items()
        if cell.value is not None
    }
    found = []
    for place, cell in cells.items():
        aimed = county.targets.aimed(key, place, due)
        one = Standing(place, aimed, cell, mixes.get(place, Mix()))
        if place in spans and ranked:
            one = _ranked(one, spans)
        found.append(one)
    sign = 1 if county.indicators[key].better == "higher" else -1
    return sorted(found, key=lambda s: (s.cell.value is None, sign * (s.cell.value or 0), s.place))


def met(found: Sequence[Standing]) -> tuple[int, int]:
    """How many places meet their own target, of how many that have one and a number."""
    told = [
        one.indicator.meets_target(one.cell.value)
        for one in found
        if one.cell.value is not None and one.indicator.target is not None
    ]
    return sum(bool(each) for each in told), len(told)


def scaled(found: Sequence[Standing]) -> dict[str, tuple[float, float, float]]:
    """Where each place's interval begins, its number stands and the interval ends, in percent of
    the way from the lowest end of all to the highest."""
    ends = [end for one in found for end in (one.low, one.high) if end is not None]
    least, most = min(ends, default=0.0), max(ends, default=0.0)

    def at(value: float | None) -> float:
        return 0.0 if value is None else percent(value - least, most - least) or 0.0

    return {one.place: (at(one.low), at(one.cell.value), at(one.high)) for one in found}


def is_ranked(indicator: Indicator) -> bool:
    """Whether places can be ranked by an indicator: a rate or a mean of which one way is better."""
    return indicator.denominator is not None and indicator.better != "none"


def _span(indicator: Indicator, cell: Cell) -> tuple[float, float]:
    """The interval of a rate; of a number without one, itself as it reads."""
    assert cell.value is not None
    if not is_share_of_rows(indicator) or not cell.denominator:
        return round(cell.value, 1), round(cell.value, 1)
    low, high = chances.wilson(cell.numerator / cell.denominator, cell.denominator)
    return 100 * low, 100 * high


def _ranked(one: Standing, spans: dict[str, tuple[float, float]]) -> Standing:
    low, high = spans[one.place]
    under = sum(other[1] < low for other in spans.values())
    over = sum(other[0] > high for other in spans.values())
    ahead, behind = (over, under) if one.indicator.better == "higher" else (under, over)
    shown = is_share_of_rows(one.indicator)
    return Standing(
        one.place, one.indicator, one.cell, one.mix, low if shown else None,
        high if shown else None, ahead + 1, len(spans) - behind,
    )  # fmt: skip


def _mixes(reader: Reader, region: str, year: int, digits: int) -> dict[str, Mix]:
    asked = {"region": f"{region}%", "year": year, "digits": digits}
    people = {row["place"]: row["population"] for row in reader.rows(_POPULATION, **asked)}
    return {
        row["place"]: Mix(
            row["classed"], row["without"], row["registered"], row["people"] or 0,
            people.get(row["place"]),
        )
        for row in reader.rows(_MIX, **asked)
    }  # fmt: skip
