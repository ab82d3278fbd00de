"""Benefits: who is without one, who is beyond it, who has it; every number opens as counted."""

from __future__ import annotations

import pytest

from metrics import lists
from metrics.county import County, open_county
from metrics.filters import HouseholdFilter
from metrics.safety_net import (
    BENEFITS,
    CASES,
    PARTS,
    UNSECURED,
    Standing,
    cases,
    count_cases,
    counts,
    matrix,
    relation_of,
    standings,
    unsecured,
)
from metrics.selections import SelectionError, selection
from metrics.subjects import MEMBER, Subjects
from rules.registry import systems
from store.reader import Reader
from store.scope import Scope
from store.snapshots import Home
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
    assert east == Standing(1, 1, 0, 0, 1, due=1, elsewhere=0, unclear=0, otherwise=0)
    west = standings(reader, WEST, _YEAR, "township")["pension"]
    assert west == Standing(1, 1, 1, 1, 0, due=0, elsewhere=0, unclear=0, otherwise=0)


def test_an_allowance_without_a_standard_is_unknown_not_denied(reader: Reader) -> None:
    found = standings(reader, COUNTY, _YEAR, "county")["allowance"]
    assert found == Standing(entitled=None, receives=1, without=None, beyond=None, unknown=6)


def test_a_benefit_that_has_ended_is_not_received(reader: Reader) -> None:
    assert standings(reader, COUNTY, _YEAR, "county")["care"].receives == 0


def test_before_the_data_date_nothing_is_said(reader: Reader) -> None:
    found = standings(reader, COUNTY, 2024, "county")
    assert found["allowance"].receives is None
    assert found["pension"] == Standing(None, None, None, None, 0)


@pytest.mark.parametrize("region", [COUNTY, EAST, WEST, BROOK, MILL])
def test_columns_add_up_for_every_benefit(reader: Reader, region: str) -> None:
    level = {6: "county", 9: "township", 12: "village"}[len(region)]
    for benefit, one in standings(reader, region, _YEAR, level).items():
        if one.entitled is None:
            continue
        parts = (one.due, one.elsewhere, one.without, one.unclear)
        assert one.entitled == sum(n or 0 for n in parts), benefit
        if one.receives is not None:
            assert one.receives == sum(n or 0 for n in (one.due, one.beyond, one.otherwise))


def test_the_columns_of_the_demo_add_up_and_open_as_counted(demo: Home) -> None:
    county = open_county(demo)
    reader = county.reader(Scope.of([county.code]))
    found = standings(reader, county.code, _YEAR, "county")
    for benefit, one in found.items():
        assert one.entitled == one.due + one.elsewhere + one.without + one.unclear, benefit
        assert one.receives == one.due + one.beyond + one.otherwise, benefit
        for part in PARTS:
            wanted = HouseholdFilter(county.code, _YEAR, select=selection(f"paid.{benefit}.{part}"))
            count = getattr(one, part)
            if relation_of(benefit) == "household_fact":
                assert lists.counted(reader, wanted)[0] == count
            else:
                assert Subjects(MEMBER, wanted, county.data_date).count(reader)[0] == count
    # Most of those entitled to extreme-poverty support live in households on the allowance.
    assert found["extreme"].elsewhere > found["extreme"].without > 0


def test_who_of_the_classes_without_labour_has_neither_benefit(demo: Home) -> None:
    county = open_county(demo)
    reader = county.reader(Scope.of([county.code]))
    found = unsecured(reader, county.code, _YEAR)
    for group, one in found.items():
        assert one.households == one.secured + one.neither + one.unclear
        assert one.neither == count_cases(reader, UNSECURED[group], county.code, _YEAR)[0] > 0
        opened = HouseholdFilter(county.code, _YEAR, select=selection(f"unsecured.{group}"))
        assert lists.counted(reader, opened)[0] == one.households
    assert found["allowance"].neither < found["no_labour"].neither


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
