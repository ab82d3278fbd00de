"""Benefits: who is without one, who is beyond it, who has it; every number opens as counted."""

from __future__ import annotations

import pytest

from metrics import lists
from metrics.county import County
from metrics.filters import HouseholdFilter
from metrics.safety_net import (
    BENEFITS,
    CASES,
    Standing,
    cases,
    count_cases,
    counts,
    matrix,
    standings,
)
from metrics.selections import SelectionError, selection
from rules.registry import systems
from store.reader import Reader
from store.scope import Scope
from tests.small_county import BROOK, COUNTY, EAST, MILL, WEST

_YEAR = 2025


@pytest.fixture
def reader(small: County) -> Reader:
    return small.reader(Scope.of([COUNTY]))


def test_every_case_of_the_system_belongs_to_a_benefit() -> None:
    declared = set(systems()["safety_net"].rules)
    assert declared == {*CASES, *(f"{benefit}_entitled" for benefit in BENEFITS)}


def test_a_standing_of_each_township(reader: Reader) -> None:
    # In the east one is old and paid, and whether another has an employee pension is not known.
    east = standings(reader, EAST, _YEAR, "township")["pension"]
    assert east == Standing(entitled=1, receives=1, without=0, beyond=0, unknown=1)
    west = standings(reader, WEST, _YEAR, "township")["pension"]
    assert west == Standing(entitled=1, receives=1, without=1, beyond=1, unknown=0)


def test_an_allowance_without_a_standard_is_unknown_not_denied(reader: Reader) -> None:
    found = standings(reader, COUNTY, _YEAR, "county")["allowance"]
    assert found == Standing(entitled=None, receives=1, without=None, beyond=None, unknown=6)


def test_a_benefit_that_has_ended_is_not_received(reader: Reader) -> None:
    assert standings(reader, COUNTY, _YEAR, "county")["care"].receives == 0


def test_before_the_data_date_nothing_is_said(reader: Reader) -> None:
    found = standings(reader, COUNTY, 2024, "county")
    assert found["allowance"].receives is None
    assert found["pension"] == Standing(None, None, None, None, 0)


def test_the_matrix_tells_none_from_nothing(reader: Reader) -> None:
    found = matrix(counts(reader, _YEAR, "township"), [EAST, WEST])
    assert found["pension_without"] == {EAST: 0, WEST: 1}
    assert found["allowance_without"] == {EAST: None, WEST: None}
    assert found["allowance_no_labour"] == {EAST: 1, WEST: 0}


def test_cases_carry_the_facts_that_explain_them(reader: Reader) -> None:
    [row] = cases(reader, "living_without", COUNTY, _YEAR, 0, 50).to_pylist()
    assert (row["household_id"], row["member_id"], row["name"]) == ("H04", "H04-6", "赵*六")
    assert (row["disabled"], row["receives_allowance"], row["receives_living"]) == (
        True, True, False,
    )  # fmt: skip


def test_cases_of_households_are_told_by_their_head(reader: Reader) -> None:
    rows = cases(reader, "allowance_no_labour", COUNTY, _YEAR).to_pylist()
    assert [(row["household_id"], row["name"]) for row in rows] == [("H02", "李*")]


def test_cases_are_counted_as_they_are_listed(reader: Reader) -> None:
    for key in CASES:
        for region in (COUNTY, EAST, MILL):
            rows = cases(reader, key, region, _YEAR).to_pylist()
            households = {row["household_id"] for row in rows}
            assert count_cases(reader, key, region, _YEAR) == (len(rows), len(households)), key


def test_a_page_is_a_part(reader: Reader) -> None:
    assert cases(reader, "pension_beyond", COUNTY, _YEAR, 0, 1).num_rows == 1
    assert cases(reader, "pension_beyond", COUNTY, _YEAR, 1, 1).num_rows == 0


def test_a_viewer_of_a_township_sees_its_own_only(small: County) -> None:
    reader = small.reader(Scope.of([WEST]))
    assert count_cases(reader, "living_without", COUNTY, _YEAR) == (0, 0)
    assert counts(reader, _YEAR, "township")["pension_without"].keys() == {WEST}


@pytest.mark.parametrize("key", ["pension_entitled", "exit_income", "nothing"])
def test_only_cases_are_listed(reader: Reader, key: str) -> None:
    with pytest.raises(ValueError, match="lists no cases"):
        cases(reader, key, COUNTY, _YEAR)


@pytest.mark.parametrize("benefit", BENEFITS)
def test_those_who_have_a_benefit_are_opened(small: County, benefit: str) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    wanted = HouseholdFilter(COUNTY, _YEAR, select=selection(f"paid.{benefit}"))
    found = lists.all_households(reader, wanted, small.rules, "household_id")
    # Each has one at most in a household here.
    assert found.num_rows == (standings(reader, COUNTY, _YEAR, "county")[benefit].receives or 0)


def test_the_households_of_the_allowance(small: County) -> None:
    wanted = HouseholdFilter(BROOK, _YEAR, select=selection("paid.allowance"))
    rows = lists.all_households(
        small.reader(Scope.of([COUNTY])), wanted, small.rules, "household_id"
    )
    assert rows["household_id"].to_pylist() == ["H04"]


@pytest.mark.parametrize("text", ["paid", "paid.gold", "paid.allowance.met"])
def test_what_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(SelectionError):
        selection(text)
