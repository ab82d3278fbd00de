"""The nine verifications: done, pending and missing, by place and item, the oldest first."""

from __future__ import annotations

from datetime import date

import pytest

from glossary import codes
from metrics import lists, nine_checks
from metrics.county import County
from metrics.filters import HouseholdFilter
from metrics.selections import SelectionError, selection
from metrics.shares import total
from store.reader import Reader
from store.scope import Scope
from tests.small_county import BROOK, COUNTY, HILL, MILL, WEST


@pytest.fixture
def reader(small: County) -> Reader:
    return small.reader(Scope.of([COUNTY]))


def _count(small: County, text: str) -> int:
    wanted = HouseholdFilter(COUNTY, 2025, select=selection(text))
    return lists.counted(small.reader(Scope.of([COUNTY])), wanted)[0]


def test_done_pending_and_missing_by_village(reader: Reader) -> None:
    found = nine_checks.by_place(reader, COUNTY, 12)
    assert found.keys() == {HILL, BROOK, MILL}
    hill = found[HILL]
    assert (hill["asked"], hill["all_done"]) == (2, 1)
    assert (hill["wishes_done"], hill["wishes_pending"], hill["wishes_missing"]) == (1, 1, 0)
    assert hill["population_done"] == 2
    assert found[MILL]["population_missing"] == found[MILL]["asked"] == 2


def test_places_add_up(reader: Reader) -> None:
    whole = total(nine_checks.by_place(reader, COUNTY, 12).values())
    assert whole == nine_checks.by_place(reader, COUNTY, 6)[COUNTY]
    assert whole["asked"] == 5, "whoever is not registered is not asked"
    assert total([]) == {}


def test_every_number_opens_as_many_households(small: County, reader: Reader) -> None:
    counts = nine_checks.by_place(reader, COUNTY, 6)[COUNTY]
    for item in nine_checks.ITEMS:
        for state in nine_checks.STATES:
            assert _count(small, f"nine.{item}.{state}") == counts[f"{item}_{state}"]
        assert _count(small, f"nine.{item}.open") == counts[f"{item}_open"]
    assert _count(small, "nine.all.done") == counts["all_done"]
    assert _count(small, "nine.all.open") == counts["asked"] - counts["all_done"]


@pytest.mark.parametrize(
    "text", ["nine", "nine.income", "nine.all.pending", "nine.nothing.done", "nine.income.ready"]
)
def test_a_state_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(SelectionError):
        selection(text)


def test_those_never_verified_stand_first_then_the_oldest(reader: Reader) -> None:
    rows = nine_checks.oldest_first(reader, COUNTY, 0, None).to_pylist()
    assert [row["household_id"] for row in rows] == ["H03", "H05", "H06", "H01", "H02"]
    assert rows[0]["oldest_on"] is None and len(rows[0]["open_items"]) == 9
    assert rows[3]["oldest_on"] == date(2025, 3, 1) and rows[3]["open_items"] == []
    assert rows[4]["done_items"] == 8 and rows[4]["open_items"] == ["wishes"]
    page = nine_checks.oldest_first(reader, COUNTY, 3, 1).to_pylist()
    assert page == rows[3:4]


def test_a_township_sees_its_own(small: County) -> None:
    reader = small.reader(Scope.of([WEST]))
    assert nine_checks.by_place(reader, COUNTY, 12).keys() == {MILL}
    rows = nine_checks.oldest_first(reader, COUNTY, 0, None).to_pylist()
    assert {row["village_code"] for row in rows} == {MILL}


def test_whether_there_are_any(small: County) -> None:
    assert nine_checks.any_recorded(small.reader(Scope.of([COUNTY])))
    assert not nine_checks.any_recorded(small.reader(Scope.of([WEST])))


def test_the_items_are_those_of_the_code_list() -> None:
    assert list(nine_checks.ITEMS) == list(codes()["nine_item"])
