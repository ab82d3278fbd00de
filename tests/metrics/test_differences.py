"""Households that make a number differ: what they count for more and less is the difference."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from metrics import lists
from metrics.county import County, open_county
from metrics.differences import more
from metrics.filters import HouseholdFilter
from store.scope import Scope
from store.snapshots import Home
from tests import small_county
from tests.small_county import COUNTY, DATA_DATE, EAST, HILL, WEST

YEAR = 2025


def _later() -> dict[str, pa.Table]:
    """H04 is monitored no more and H02 is; H03 has lost two of its people; H06 is poor no more."""

    def change(name: str, turn: Any) -> None:
        table = tables[name]
        tables[name] = pa.Table.from_pylist([turn(row) for row in table.to_pylist()], table.schema)

    tables = small_county.tables()
    change("monitored_household", lambda r: {**r, "household_id": "H02", "village_code": HILL})
    change(
        "household_year",
        lambda r: (
            r
            | ({"member_count": 2} if r["household_id"] == "H03" else {})
            | (
                {"poverty_state": "exited_now"}
                if (r["household_id"], r["year"]) == ("H06", YEAR)
                else {}
            )
        ),
    )
    return tables


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[County, County]:
    home = Home(tmp_path_factory.mktemp("differences"))
    for tables, day in ((small_county.tables(), DATA_DATE), (_later(), DATA_DATE.replace(day=30))):
        home.publish(tables, data_date=day, county_code=COUNTY, loaded_by="test", sources=[],
                     report={})  # fmt: skip
    return open_county(home, 1), open_county(home, 2)


def _told(county: County, other: County, wanted: HouseholdFilter, scope: Scope) -> tuple[str, ...]:
    return more(county.reader(scope), other.reader(scope), wanted, wanted)


def test_who_came_and_who_went_are_told_apart(both: tuple[County, County]) -> None:
    then, now = both
    whole = Scope.of([COUNTY])
    monitored = HouseholdFilter(COUNTY, YEAR, now.indicators["monitored_households"])
    assert _told(then, now, monitored, whole) == ("H04",)
    assert _told(now, then, monitored, whole) == ("H02",)
    assert _told(now, then, replace(monitored, region=WEST), whole) == ()
    assert _told(now, then, monitored, Scope.of([WEST])) == (), "nothing of elsewhere"


def test_a_household_that_counts_for_less_is_told_too(both: tuple[County, County]) -> None:
    then, now = both
    people = HouseholdFilter(COUNTY, YEAR, now.indicators["registered_people"])
    assert _told(then, now, people, Scope.of([COUNTY])) == ("H03",)
    assert _told(now, then, people, Scope.of([COUNTY])) == ()


@pytest.mark.parametrize("region", [COUNTY, EAST, WEST, HILL])
@pytest.mark.parametrize("key", ["monitored_households", "poor_households", "poor_people",
                                 "registered_people", "exited_people"])  # fmt: skip
def test_what_they_count_for_is_the_difference_of_the_numbers(
    both: tuple[County, County], key: str, region: str
) -> None:
    """Of each number: what those who came add, less what those who went took, is all of it."""
    then, now = both
    scope = Scope.of([COUNTY])
    wanted = HouseholdFilter(region, YEAR, now.indicators[key])
    changed = {*_told(then, now, wanted, scope), *_told(now, then, wanted, scope)}

    def counted(county: County) -> tuple[float, float]:
        """The number, and what of it the households that differ count for."""
        cell = county.cube.cell(key, region, YEAR, scope)
        held = replace(wanted, among=tuple(changed))
        households, people = lists.counted(county.reader(scope), held)
        return cell.numerator, people if now.indicators[key].unit == "people" else households

    (before, of_them_then), (after, of_them_now) = counted(then), counted(now)
    assert after - before == of_them_now - of_them_then


def test_a_list_without_an_indicator_counts_households(both: tuple[County, County]) -> None:
    then, now = both
    group = HouseholdFilter(COUNTY, YEAR, groups=(now.rules["borderline"],))
    here = now.reader(Scope.of([COUNTY]))
    found = more(here, then.reader(Scope(())), group, group)
    assert len(found) == lists.counted(here, group)[0]
