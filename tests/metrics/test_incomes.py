"""Beside a mean: how many households lost income, and the medians."""

from __future__ import annotations

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.county import County, open_county
from metrics.incomes import Changed, changed, hardest
from store.scope import Scope
from store.snapshots import Home
from tests.small_county import COUNTY, EAST, HILL, WEST


@pytest.mark.parametrize("region", [COUNTY, EAST, WEST, HILL])
@pytest.mark.parametrize("year", [2024, 2025])
def test_medians_and_falls_are_those_of_the_households(
    small: County, region: str, year: int
) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    rows = reader.rows(
        "SELECT per_capita_net_income_yuan AS now, previous_per_capita_yuan AS before "
        "FROM {household_fact} WHERE year = $year AND registered AND village_code LIKE $region",
        year=year,
        region=f"{region}%",
    )
    known = [row for row in rows if None not in row.values()]
    found = changed(reader, region, year).get(region)
    if not known:
        assert found is None
        return
    assert found is not None
    assert found.households == len(known)
    assert found.fell == sum(row["now"] < row["before"] for row in known)
    assert found.median_now == median(row["now"] for row in known)
    assert found.median_then == median(row["before"] for row in known)


def test_of_a_first_year_nothing_is_known(small: County) -> None:
    assert changed(small.reader(Scope.of([COUNTY])), COUNTY, 2023) == {}


def test_more_than_a_fifth_of_the_households_lost(demo: Home) -> None:
    county = open_county(demo)
    scope = Scope.of([county.code])
    whole = changed(county.reader(scope), county.code, 2025)[county.code]
    assert (whole.fell, whole.households) == (5_942, 25_794)
    assert round(whole.fell_percent, 1) == 23.0
    cell = county.cube.cell("income_fell_share", county.code, 2025, scope)
    assert (cell.numerator, cell.denominator) == (whole.fell, whole.households)
    villages = changed(county.reader(scope), county.code, 2025, digits=12)
    assert sum(one.fell for one in villages.values()) == whole.fell
    [first, *_] = hardest(villages, 5)
    assert villages[first].fell_percent == max(one.fell_percent for one in villages.values())


@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=3),
        st.integers(1, 30).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    ),
    st.integers(0, 6),
)
def test_the_hardest_hit_lost_something_and_nobody_left_out_lost_more(found, count) -> None:
    places = {code: Changed(n, fell, 0.0, 0.0) for code, (n, fell) in found.items()}
    listed = hardest(places, count)
    assert len(listed) <= count and all(places[code].fell for code in listed)
    rest = [one.fell_percent for code, one in places.items() if code not in listed]
    if listed and len(listed) == count:
        assert min(places[code].fell_percent for code in listed) >= max(rest, default=0)
