"""Distance from the line, and who falls after one shock, over the small county."""

from __future__ import annotations

import pyarrow as pa
import pytest

from metrics.county import County
from rules.stress import Shock, Struck, stress, struck, struck_by_place, within_months
from store.scope import Scope
from tests.small_county import COUNTY, EAST, HILL

_NOTHING = Shock("person_yuan", 0)


def _ids(small: County, shock: Shock, line: float = 6500, region: str = "") -> list[str]:
    table = stress(small.reader(Scope.of([COUNTY])), 2025, line, shock, region=region)
    return table.filter(table["falls"])["household_id"].to_pylist()


def test_distance_in_yuan_and_in_months_of_income(small: County) -> None:
    rows = stress(small.reader(Scope.of([COUNTY])), 2025, 6500, _NOTHING).to_pylist()
    assert [row["household_id"] for row in rows] == ["H06", "H05", "H04", "H02", "H03", "H01"]
    first, last = rows[0], rows[-1]
    assert (first["distance_yuan"], first["under"], first["falls"]) == (-3800, True, False)
    assert (last["distance_yuan"], last["under"]) == (3500, False)
    assert last["distance_months"] == pytest.approx(3500 * 12 / 10000)


def test_a_household_at_the_line_is_not_under_it(small: County) -> None:
    rows = stress(small.reader(Scope.of([COUNTY])), 2025, 7000, _NOTHING).to_pylist()
    [at] = [row for row in rows if row["distance_yuan"] == 0]
    assert (at["household_id"], at["under"], at["falls"]) == ("H02", False, False)


def test_who_falls_by_so_much_a_person(small: County) -> None:
    assert _ids(small, _NOTHING) == []
    assert _ids(small, Shock("person_yuan", 500)) == []  # H02 then stands exactly at the line
    assert _ids(small, Shock("person_yuan", 501)) == ["H02"]


def test_a_household_shares_its_shock(small: County) -> None:
    # H02 is one person, H03 four.
    assert _ids(small, Shock("household_yuan", 1000)) == ["H02"]
    assert _ids(small, Shock("household_yuan", 3000)) == ["H02", "H03"]


def test_percent_takes_more_from_those_who_have_more(small: County) -> None:
    assert _ids(small, Shock("percent", 8)) == ["H02"]
    assert _ids(small, Shock("percent", 36)) == ["H02", "H03", "H01"]


def test_only_the_region_and_the_scope(small: County) -> None:
    assert _ids(small, Shock("percent", 36), region=EAST) == ["H02", "H03", "H01"]
    assert _ids(small, Shock("percent", 36), region=HILL) == ["H02", "H01"]
    rows = stress(small.reader(Scope.of([HILL])), 2025, 6500, _NOTHING).to_pylist()
    assert {row["village_code"] for row in rows} == {HILL}
    assert rows[0]["head_name"] == "李*"


def test_a_county_and_its_places_add_up(small: County) -> None:
    table = stress(small.reader(Scope.of([COUNTY])), 2025, 6500, Shock("percent", 8))
    assert struck(table) == Struck(6, 1, 3)
    places = struck_by_place(table, 9)
    assert sum(place.households for place in places.values()) == 6
    assert places[EAST] == Struck(4, 1, 1)
    assert struck(table.slice(0, 0)) == Struck()


def test_near_the_line_is_at_it_or_above_by_less_than_so_many_months() -> None:
    table = pa.table({"distance_months": [-1.0, 0.0, 2.9, 3.0, 3.5, None]})
    assert within_months(table, 3) == 2


def test_who_is_near_the_line(small: County) -> None:
    table = stress(small.reader(Scope.of([COUNTY])), 2025, 6500, _NOTHING)
    months = table["distance_months"].to_pylist()
    assert within_months(table, 3) == sum(0 <= month < 3 for month in months if month is not None)


@pytest.mark.parametrize(("line", "size"), [(0, 100), (6500, -1)])
def test_impossible_sizes_are_refused(small: County, line: float, size: float) -> None:
    with pytest.raises(ValueError, match="zero"):
        stress(small.reader(Scope.of([COUNTY])), 2025, line, Shock("percent", size))
