"""部门比对 over the small county: what is odd, what is offered and never taken, with its list."""

from __future__ import annotations

import pytest

from metrics import department_lists
from metrics.county import County, open_county
from metrics.department_lists import ALL, CHECKS, CHECKS_OF, LISTS, OFFERED, Summary
from metrics.files import household_file
from store.reader import Reader
from store.scope import Scope
from store.snapshots import Home
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST

_ODD = {
    ("listed_dead_in_register", "H02-3"),
    ("listed_car_supported", "H06-9"),
    ("listed_not_on_school_roll", "H05-16"),
    ("listed_left_school", "H05-15"),
}


@pytest.fixture(scope="module")
def county(listed_home: Home) -> County:
    return open_county(listed_home)


def _reader(county: County, *codes: str) -> Reader:
    return county.reader(Scope.of(codes or [COUNTY]))


def test_exactly_those_who_differ_are_found(county: County) -> None:
    """A motorcycle, a car without support, a death of last week, a stranger are nothing odd."""
    assert set(department_lists.subjects(_reader(county), COUNTY)) == _ODD


def test_the_numbers_are_those_of_the_lists(county: County) -> None:
    reader = _reader(county)
    assert department_lists.summary(reader, COUNTY) == Summary(4, 4, 3, 2)
    found = department_lists.found(reader, COUNTY)
    for part in LISTS:
        rows = department_lists.listed(reader, part, COUNTY).to_pylist()
        assert len(rows) == department_lists.count(reader, part, COUNTY), part
        if part in CHECKS:
            assert len(rows) == found[part], part
        if part in CHECKS_OF:
            assert len(rows) == sum(found[key] for key in CHECKS_OF[part]), part
    places = department_lists.by_place(reader, COUNTY)
    for key in CHECKS:
        assert sum(place.get(key, 0) for place in places.values()) == found[key], key


def test_a_name_and_a_birth_date_are_offered_and_never_taken(county: County) -> None:
    reader = _reader(county)
    rows = department_lists.listed(reader, OFFERED, COUNTY).to_pylist()
    offered = [(row["member_id"], row["found_by"], row["list_entry_id"]) for row in rows]
    assert offered == [("H03-11", "name", "E11"), ("H03-4", "name", "E6")]
    found = {member for _, member in department_lists.subjects(reader, COUNTY)}
    assert not found & {"H03-4", "H03-11"}


def test_who_is_only_offered_cannot_be_missed_on_a_list(county: County) -> None:
    """A child of H03 may be the one of the roll; of those of H05 it is known."""
    sql = "SELECT unknown FROM {check_count} WHERE check_key = $key AND village_code = $village"
    told = _reader(county).one(sql, key="listed_grade_differs", village=MILL)
    assert told and told["unknown"] == 7, "no list of certificates was loaded"
    told = _reader(county).one(sql, key="listed_not_on_school_roll", village=MILL)
    assert told and told["unknown"] == 0
    told = _reader(county).one(sql, key="listed_not_on_school_roll", village=BROOK)
    assert told and told["unknown"] == 1


def test_each_list_says_its_rows_and_those_of_the_register(county: County) -> None:
    lists = {one.key: one for one in department_lists.lists(_reader(county), COUNTY)}
    assert set(lists) == set(CHECKS_OF)
    assert (lists["death"].entries, lists["death"].matched, lists["death"].odd) == (3, 2, 1)
    assert (lists["vehicle"].entries, lists["vehicle"].matched) == (4, 3)
    assert (lists["vehicle"].offered, lists["vehicle"].odd) == (1, 1)
    assert lists["payroll"].entries == 0 and lists["payroll"].share is None
    assert lists["vehicle"].share == 75.0


def test_every_check_belongs_to_one_list() -> None:
    assert sorted(key for keys in CHECKS_OF.values() for key in keys) == sorted(CHECKS)


def test_both_facts_stand_in_the_evidence(county: County) -> None:
    for check in CHECKS:
        evidence = dict.fromkeys(county.checks[check].evidence)
        by_list, by_register = department_lists.told_by_list(evidence)
        assert by_list and by_register, check
        assert not set(by_list) & set(by_register)
        rest = set(evidence) - set(by_list) - set(by_register)
        assert rest <= set(county.parameters), check


def test_names_and_numbers_are_masked(county: County) -> None:
    reader = _reader(county)
    row = department_lists.listed(reader, OFFERED, COUNTY).to_pylist()[1]
    assert row["person_name"] == row["member_name"] == "王*五"
    assert "1965010100" not in str(row)
    rows = department_lists.listed(reader, ALL, COUNTY).to_pylist()
    assert all("*" in row["member_name"] for row in rows)


def test_a_township_has_its_own_rows_only(county: County) -> None:
    west, east = _reader(county, WEST), _reader(county, EAST)
    mine = {("listed_car_supported", "H06-9"), ("listed_not_on_school_roll", "H05-16"),
            ("listed_left_school", "H05-15")}  # fmt: skip
    assert set(department_lists.subjects(west, COUNTY)) == mine
    assert set(department_lists.subjects(east, COUNTY)) == _ODD - mine
    assert department_lists.count(west, OFFERED, COUNTY) == 0
    lists = {one.key: one for one in department_lists.lists(west, COUNTY)}
    assert (lists["death"].entries, lists["death"].matched) == (2, 1)


def test_a_household_has_what_the_lists_say_of_its_people(county: County) -> None:
    file = household_file(_reader(county), "H06")
    assert file is not None
    kinds = [(row["member_id"], row["entry_kind"], row["found_by"]) for row in file.listed]
    assert kinds == [("H06-8", "motorcycle", "number"), ("H06-9", "car", "number")]
    other = household_file(_reader(county, HILL), "H02")
    assert other is not None and [row["department_list"] for row in other.listed] == ["death"]


def test_the_place_of_a_person_is_the_one_of_addresses(county: County) -> None:
    """By number among the household's people, from 1: ``metrics.files.numbered``."""
    rows = department_lists.listed(_reader(county), "listed_car_supported", COUNTY).to_pylist()
    assert [(row["member_id"], row["member_place"]) for row in rows] == [("H06-9", 2)]


def test_a_list_that_there_is_not_is_an_error(county: County) -> None:
    with pytest.raises(KeyError):
        department_lists.count(_reader(county), "luck", COUNTY)
