"""Multidimensional poverty in the demo county: it tells apart what the poverty rate makes alike."""

from __future__ import annotations

import pytest

from metrics import deprivation
from metrics.county import County, open_county
from metrics.deprivation import DIMENSIONS, Profile
from store.scope import Scope
from store.snapshots import Home

_YEARS = range(2020, 2026)


@pytest.fixture(scope="module")
def county(demo: Home) -> County:
    return open_county(demo)


def _places(county: County, year: int, digits: int) -> dict[str, Profile]:
    reader = county.reader(Scope.of([county.code]))
    return deprivation.by_place(reader, county.parameters, county.code, year, digits)


@pytest.mark.parametrize("year", _YEARS)
def test_places_alike_by_the_rate_are_told_apart(county: County, year: int) -> None:
    whole = Scope.of([county.code])
    townships = _places(county, year, 9)
    rates = county.cube.across("poverty_rate", townships, year, whole)
    assert {cell.value for cell in rates.values()} == {0}
    assert len({round(one.m0 or 0, 4) for one in townships.values()}) > 5
    assert sum(bool(one.weighed) for one in _places(county, year, 12).values()) > 20


@pytest.mark.parametrize("year", [2014, 2018, 2025])
def test_villages_add_up_to_townships_and_the_county(county: County, year: int) -> None:
    villages, townships = _places(county, year, 12), _places(county, year, 9)
    [whole] = _places(county, year, 6).values()
    assert deprivation.together(villages.values()) == whole
    assert deprivation.together(townships.values()) == whole
    for code, township in townships.items():
        inside = [one for village, one in villages.items() if village.startswith(code)]
        assert deprivation.together(inside) == township
    assert sum(whole.share(one) or 0 for one in DIMENSIONS) == pytest.approx(100)
    m0 = county.cube.cell(deprivation.M0, county.code, year, Scope.of([county.code])).value
    assert m0 == pytest.approx(whole.m0)
    assert (whole.headcount or 0) * (whole.intensity or 0) / 100 == pytest.approx(m0)


def test_it_falls_as_people_leave_poverty(county: County) -> None:
    reader = county.reader(Scope.of([county.code]))
    found = deprivation.by_year(reader, county.parameters, county.code, range(2014, 2021))
    m0 = [one.m0 or 0 for one in found.values()]
    assert m0 == sorted(m0, reverse=True) and m0[0] > 10 > 0.1 > m0[-1] > 0
