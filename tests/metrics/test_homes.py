"""幸福院 and “211130” in the small county: each count beside the rows of its list."""

from __future__ import annotations

import pytest

from metrics import homes, lists
from metrics.county import County
from metrics.filters import HouseholdFilter
from metrics.selections import SelectionError, selection
from rules.registry import rules, systems
from store.reader import Reader
from store.scope import Scope
from tests.small_county import COUNTY, EAST, WEST

_YEAR = 2025


def _reader(county: County, *codes: str) -> Reader:
    return county.reader(Scope.of(codes or [COUNTY]))


def _selected(reader: Reader, text: str, region: str = COUNTY) -> set[str]:
    wanted = HouseholdFilter(region, _YEAR, select=selection(text))
    rows = lists.all_households(reader, wanted, {}, "household_id").to_pylist()
    return {row["household_id"] for row in rows}


def _listed(reader: Reader, part: str, key: str = "household_id") -> list[str]:
    return [row[key] for row in homes.listed(reader, part, COUNTY, _YEAR).to_pylist()]


def test_who_lives_where(small: County) -> None:
    found = homes.summary(_reader(small), COUNTY, _YEAR)
    assert found == homes.Summary(2, 8, 2, 1, 0, 0, 4, 12, 2, 3)
    west = homes.summary(_reader(small, WEST), WEST, _YEAR)
    assert (west.homes, west.surveyed, west.households, west.people) == (1, 2, 1, 2)


def test_each_answer_is_that_of_the_list_behind_it(small: County) -> None:
    reader = _reader(small)
    found = homes.answers(reader, COUNTY, _YEAR, "county")
    keys = [key for key in found if rules()[key].relation == homes.HOUSEHOLDS]
    for key in keys:
        for answer in ("met", "missed", "unknown"):
            count = len(_selected(reader, f"rule.{key}.{answer}"))
            assert count == getattr(found[key], answer), (key, answer)
    assert found["home_in_order"].missed == 2 and found["home_facilities"].missed == 1


@pytest.mark.parametrize("part", homes.LISTS)
def test_a_list_has_as_many_rows_as_it_says(small: County, part: str) -> None:
    reader = _reader(small)
    count = homes.count(reader, part, COUNTY, _YEAR)
    assert homes.listed(reader, part, COUNTY, _YEAR).num_rows == count
    told = homes.answers(reader, COUNTY, _YEAR, "county")
    if part in told:
        met = part in (homes.UNHOUSED, homes.UNENTITLED, homes.LACKS_ONE)
        assert count == (told[part].met if met else told[part].missed)


def test_a_list_that_there_is_not(small: County) -> None:
    with pytest.raises(KeyError):
        homes.count(_reader(small), "home_steps", COUNTY, _YEAR)


def test_who_is_eligible_and_waits(small: County) -> None:
    reader = _reader(small)
    assert _listed(reader, "home_unhoused") == ["H03"]
    assert _listed(reader, "home_path_whole") == ["H06"]
    assert _listed(reader, "last_package_house") == ["H06"]
    assert _listed(reader, "package_whole") == ["H06", "H03"], "most lacking first"


def test_steps_are_asked_of_who_lives_in_a_home(small: County) -> None:
    rows = homes.listed(_reader(small), "package_whole", COUNTY, _YEAR).to_pylist()
    asked = (homes.AREA, *homes.STEPS)
    lacking = {row["household_id"]: homes.lacking(row, asked) for row in rows}
    assert lacking["H03"] == []
    assert set(lacking["H06"]) == {
        "home_area",
        "home_village_notice",
        "home_reviewed",
        "home_steps_in_order",
    }


def test_a_house_is_told_by_roster_survey_or_register(small: County) -> None:
    rows = _reader(small).rows("SELECT household_id, brick_m2_a_person FROM {home_household_fact}")
    told = {row["household_id"]: row["brick_m2_a_person"] for row in rows}
    assert told == {"H02": 42.0, "H06": 19.0, "H03": 0.0, "H05": None}


def test_how_much_is_lacking(small: County) -> None:
    reader = _reader(small)
    found = {one.key: one for one in homes.package(reader, COUNTY, _YEAR)}
    told = homes.answers(reader, COUNTY, _YEAR, "county")
    assert {key: one.answers for key, one in found.items()} == {k: told[k] for k in homes.ITEMS}
    assert tuple(found) == homes.ITEMS
    assert found["package_house"].short == 82.0 and found["package_house"].last == 1
    assert found["package_trees"].short == 1.0 and found["package_income"].short == 1.0
    assert found["package_pv"].short == 0.0 and found["package_pv"].last == 0


def test_a_home_has_what_its_households_answer(small: County) -> None:
    reader = _reader(small)
    first, second = homes.homes(reader, COUNTY, _YEAR)
    assert (first["name"], first["lacks"], second["lacks"]) == ("磨坊幸福院", 4, 1)
    assert (first["households"], first["people"], first["free_places"]) == (1, 2, -1)
    assert (first["came_in_year"], second["came_in_year"]) == (1, 0)
    for row in (first, second):
        home = row["home_id"]
        assert len(_selected(reader, f"home.{home}")) == row["households"]
        for key, column, answer in (
            ("home_area", "area_missed", "missed"),
            ("home_path_whole", "path_missed", "missed"),
            ("package_whole", "package_met", "met"),
        ):
            assert len(_selected(reader, f"home.{home}.{key}.{answer}")) == row[column]
    assert [row["home_id"] for row in homes.worst(reader, COUNTY, _YEAR)] == ["X2", "X1"]


def test_a_rule_of_homes_opens_who_lives_there(small: County) -> None:
    reader = _reader(small)
    assert _selected(reader, "rule.home_director.missed") == {"H06"}
    assert _selected(reader, "rule.home_director.met") == {"H02"}


def test_a_scope_is_kept(small: County) -> None:
    assert _selected(_reader(small, EAST), "home.X2", EAST) == set()
    assert [row["home_id"] for row in homes.homes(_reader(small, EAST), COUNTY, _YEAR)] == ["X1"]
    assert homes.count(_reader(small, WEST), "home_unhoused", COUNTY, _YEAR) == 0


@pytest.mark.parametrize(
    "text",
    ["home", "home.", "home.X1'--", "home.X1.home_area", "home.X1.home_area.maybe",
     "home.X1.exit_income.met", f"home.{'X' * 41}"],
)  # fmt: skip
def test_what_names_no_home_is_refused(text: str) -> None:
    with pytest.raises(SelectionError):
        selection(text)


def test_the_package_has_five_items() -> None:
    assert set(homes.ITEMS) < {*systems()["package_211130"].rules}
    assert rules()[homes.LACKS_ONE].parts == homes.ITEMS == tuple(homes.VALUES)
