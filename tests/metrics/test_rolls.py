"""The register beside the list of people: what is lacking is counted, and the counts add up."""

from __future__ import annotations

import pytest

from metrics.county import County, open_county
from metrics.rolls import Rolls, refused, rolls
from store.scope import Scope
from store.snapshots import Home
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST


def _of(county: County, region: str) -> Rolls:
    return rolls(county.reader(Scope.of([county.code])), region, max(county.years))


def test_the_households_of_the_demo_with_a_refused_member(demo: Home) -> None:
    county = open_county(demo)
    found = _of(county, county.code)
    assert (found.people, found.named) == (79_251, 79_231)
    assert (found.short_households, found.short_people) == (20, 20)
    assert not found.over_households and not found.agree
    counted = refused(county.reader(Scope.of([county.code])))
    assert counted == {"households": 5, "people": 47, "others": 211}
    lists = [_of(county, place.code) for place in county.children(county.code, _scope(county))]
    assert sum(one.named for one in lists) == found.named
    assert sum(one.short_people for one in lists) == found.short_people


def _scope(county: County) -> Scope:
    return Scope.of([county.code])


@pytest.mark.parametrize("region", [COUNTY, EAST, WEST, HILL, BROOK, MILL])
def test_what_lacks_and_what_is_over_explain_the_difference(small: County, region: str) -> None:
    found = _of(small, region)
    assert found.people - found.short_people + found.over_people == found.named
    assert found.agree == (found.short_households == found.over_households == 0)
    assert found.short_households <= found.households


def test_refused_rows_are_those_of_the_place(small: County) -> None:
    assert refused(small.reader(Scope.of([COUNTY])))["people"] == 1
    assert refused(small.reader(Scope.of([EAST])))["people"] == 1
    assert not any(refused(small.reader(Scope.of([WEST]))).values())
