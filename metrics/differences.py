"""The households that make a number of two snapshots differ: those that count for more in one."""

from __future__ import annotations

from metrics.filters import HouseholdFilter
from store.reader import Reader


def more(
    reader: Reader, other: Reader, wanted: HouseholdFilter, there: HouseholdFilter
) -> tuple[str, ...]:
    """Household numbers, ascending, that count for more under a filter here than elsewhere.

    ``there`` is the same filter at the other snapshot. Of a number that both give, what all of
    these count for more is the difference, once those that count for more there are taken off.
    """
    before = _amounts(other, there)
    now = _amounts(reader, wanted)
    return tuple(sorted(key for key, amount in now.items() if amount > before.get(key, 0)))


def _amounts(reader: Reader, wanted: HouseholdFilter) -> dict[str, float]:
    """What each household that a filter finds counts for: its amount of the indicator, else 1."""
    condition, given = wanted.condition()
    households = f"SELECT f.household_id FROM {{household_fact}} AS f WHERE {condition}"
    if wanted.indicator is None:
        return {row["household_id"]: 1 for row in reader.rows(households, **given)}
    measure = wanted.indicator.numerator
    found = reader.rows(
        f"SELECT household_id, CAST({measure.amount} AS DOUBLE) AS amount "
        f"FROM {{{measure.relation}}} WHERE year = $year AND village_code LIKE $region "
        f"AND household_id IN ({households}) GROUP BY household_id ORDER BY ALL",
        **given,
    )
    return {row["household_id"]: row["amount"] for row in found}
