"""帮扶走访 and 驻村 in the small county: each count beside its list."""

from __future__ import annotations

import pytest

from metrics import lists, visits
from metrics.county import County
from metrics.files import household_file
from metrics.filters import HouseholdFilter
from metrics.selections import SelectionError, selection
from rules.registry import rules
from store.reader import Reader
from store.scope import Scope
from tests.small_county import COUNTY, EAST, WEST

_YEAR = 2025


def _reader(county: County, *codes: str) -> Reader:
    return county.reader(Scope.of(codes or [COUNTY]))


def _selected(reader: Reader, text: str) -> set[str]:
    wanted = HouseholdFilter(COUNTY, _YEAR, select=selection(text))
    rows = lists.all_households(reader, wanted, {}, "household_id").to_pylist()
    return {row["household_id"] for row in rows}


def _listed(reader: Reader, part: str, key: str) -> list[str]:
    return [row[key] for row in visits.listed(reader, part, COUNTY, _YEAR).to_pylist()]


def test_who_helps_whom(small: County) -> None:
    assert visits.summary(_reader(small), COUNTY, _YEAR) == visits.Summary(4, 3, 4 / 3)
    assert visits.summary(_reader(small, WEST), WEST, _YEAR) == visits.Summary(1, 1, 1.0)


def test_households_that_miss_a_standard(small: County) -> None:
    reader = _reader(small)
    assert _listed(reader, "visit_paired", "household_id") == ["H03", "H06"]
    assert set(_listed(reader, "visit_quarter", "household_id")) == {"H03", "H05", "H06"}
    assert set(_listed(reader, "visit_month_missed", "household_id")) == {"H04", "H06"}
    assert "H02" in _listed(reader, "visit_by_helper", "household_id")
    assert "H01" not in _listed(reader, "visits_kept", "household_id")


def test_each_answer_is_that_of_the_list_behind_it(small: County) -> None:
    reader = _reader(small)
    found = visits.answers(reader, COUNTY, _YEAR, "county")
    for key in (*visits.STANDARDS, visits.KEPT, visits.MONTH_MISSED):
        for answer in ("met", "missed", "unknown"):
            count = len(_selected(reader, f"rule.{key}.{answer}"))
            assert count == getattr(found[key], answer), (key, answer)


@pytest.mark.parametrize("part", visits.LISTS)
def test_a_list_has_as_many_rows_as_it_says(small: County, part: str) -> None:
    reader = _reader(small)
    count = visits.count(reader, part, COUNTY, _YEAR)
    assert visits.listed(reader, part, COUNTY, _YEAR).num_rows == count
    if part in rules():
        told = visits.answers(reader, COUNTY, _YEAR, "county")[part]
        assert count == (told.met if part == visits.MONTH_MISSED else told.missed)
    elif part in visits.CHECKS:
        assert count == visits.found(reader, COUNTY)[part]


def test_nights_are_those_of_the_four_whole_weeks(small: County) -> None:
    """Stays of 1 to 22 December: the week of the data date itself, a Wednesday, does not count."""
    reader = _reader(small)
    rows = reader.rows("SELECT cadre_id, nights_a_week, days_a_week FROM {cadre_fact} ORDER BY 1")
    assert [tuple(row.values()) for row in rows] == [
        ("C1", 4.0, 5.0),
        ("C2", 1.0, 1.5),
        ("C3", 0.0, 0.0),
        ("C4", 0.0, 0.0),
    ]
    assert set(_listed(reader, "cadre_nights", "cadre_id")) == {"C2", "C3", "C4"}


def test_roles_add_up(small: County) -> None:
    reader = _reader(small)
    found = visits.stays(reader, COUNTY, _YEAR)
    told = visits.answers(reader, COUNTY, _YEAR, "county")
    assert sum(one.nights.missed for one in found.values()) == told["cadre_nights"].missed
    for role, one in found.items():
        assert visits.count(reader, f"nights_{role}", COUNTY, _YEAR) == one.nights.missed
        assert visits.count(reader, f"days_{role}", COUNTY, _YEAR) == one.days.missed


def test_a_cadre_opens_the_households_that_they_help(small: County) -> None:
    assert _selected(_reader(small), "cadre.C2") == {"H01", "H02"}
    assert _selected(_reader(small, WEST), "cadre.C2") == set()
    assert _selected(_reader(small), "rule.cadre_nights.met") == {"H04"}


def test_villages_that_nobody_looked_at(small: County) -> None:
    reader = _reader(small)
    assert len(_listed(reader, "station_patrolled", "village_code")) == 2
    assert len(_listed(reader, "station_inspected", "village_code")) == 2


def test_what_is_not_done_is_named(small: County) -> None:
    rows = visits.listed(_reader(small), "visit_four_tasks", COUNTY, _YEAR).to_pylist()
    (row,) = (row for row in rows if row["household_id"] == "H04")
    assert visits.undone(row) == ["home_tidied"]
    assert row["helper_names"] == "郑*一"


def test_names_and_phones_are_masked(small: County) -> None:
    found = household_file(_reader(small), "H01")
    assert found is not None
    (helper,) = found.helpers
    assert helper["cadre_name"] == "郑*二" and "*" in helper["cadre_phone"]
    assert household_file(_reader(small, WEST), "H01") is None
    assert EAST


@pytest.mark.parametrize("text", ["cadre", "cadre.", "cadre.C2'", "cadre.C2.met", "cadre.C2 x"])
def test_what_names_no_cadre_is_refused(text: str) -> None:
    with pytest.raises(SelectionError):
        selection(text)
