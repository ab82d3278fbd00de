"""Screenings: how many looked at, found, mended, overdue; lists and households as counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from glossary import codes
from metrics import lists
from metrics.county import County, open_county
from metrics.filters import HouseholdFilter
from metrics.selections import SelectionError, selection
from metrics.sieves import (
    ABOUT,
    SIEVES,
    STATES,
    Clock,
    Concerned,
    FindingFilter,
    Screening,
    concerned,
    count_findings,
    findings,
    screenings,
    unmended,
)
from store.reader import Reader
from store.scope import Scope
from store.snapshots import Home
from tests import small_county
from tests.small_county import COUNTY, EAST, HILL, MILL, WEST

_CLOCK = Clock(date(2025, 12, 31), date(2026, 1, 30))


@pytest.fixture
def reader(small: County) -> Reader:
    return small.reader(Scope.of([COUNTY]))


def test_the_fourteen_screenings_are_those_of_the_code_list() -> None:
    assert list(SIEVES) == list(codes()["sieve"])


def test_a_screening_of_households(reader: Reader) -> None:
    found = screenings(reader, _CLOCK, COUNTY)
    assert found["housing"][COUNTY] == Screening(
        "社会事务中心", listed=4, screened=3, households=4, found=2, overdue=1, closed=1
    )
    assert not found["housing"][COUNTY].of_villages


def test_what_is_left_is_what_is_not_mended(reader: Reader) -> None:
    assert Screening(found=9, closed=4, open=2, due=2, overdue=1).left == 5
    totals = unmended(screenings(reader, _CLOCK, COUNTY, digits=9))
    assert totals == {EAST: (0, 1), WEST: (2, 2)}


def test_a_screening_of_villages(reader: Reader) -> None:
    found = screenings(reader, _CLOCK, COUNTY)
    assert found["village_road"][COUNTY] == Screening(
        "公路管理所", listed=2, screened=2, households=0, found=1, open=1
    )
    assert found["village_road"][COUNTY].of_villages


def test_a_screening_without_a_row_is_missing(reader: Reader) -> None:
    assert screenings(reader, _CLOCK, COUNTY).keys() == {"housing", "village_road"}


def test_by_township_in_the_order_of_the_screenings(reader: Reader) -> None:
    found = screenings(reader, _CLOCK, COUNTY, digits=9)
    assert list(found) == ["housing", "village_road"]
    assert {place: s.found for place, s in found["housing"].items()} == {EAST: 1, WEST: 1}


@pytest.mark.parametrize(
    ("day", "soon", "state"),
    [
        (date(2026, 6, 2), date(2026, 7, 2), "overdue"),
        (date(2026, 6, 1), date(2026, 7, 1), "due"),
        (date(2026, 5, 2), date(2026, 6, 1), "due"),
        (date(2026, 5, 1), date(2026, 5, 31), "open"),
    ],
)
def test_the_clock_runs_to_the_day(reader: Reader, day: date, soon: date, state: str) -> None:
    found = screenings(reader, Clock(day, soon), COUNTY)["village_road"][COUNTY]
    assert {key: getattr(found, key) for key in STATES} == {
        key: int(key == state) for key in STATES
    }


def test_a_term_of_a_month_is_over_with_its_last_day(tmp_path: Path) -> None:
    tables = small_county.tables()
    rows = tables["sieve_result"].to_pylist()
    for row in rows:
        if row["sieve"] == "village_road" and row["finding"]:
            row |= {"due_on": date(2026, 6, 1), "due_on_until": date(2026, 6, 30)}
    tables["sieve_result"] = pa.Table.from_pylist(rows, tables["sieve_result"].schema)
    Home(tmp_path).publish(tables, data_date=small_county.DATA_DATE, county_code=COUNTY,
                           loaded_by="test", sources=[], report={})  # fmt: skip
    reader = open_county(Home(tmp_path)).reader(Scope.of([COUNTY]))
    wanted = FindingFilter(COUNTY, "village_road")
    for day, state, late in ((date(2026, 6, 30), "due", None), (date(2026, 7, 3), "overdue", 3)):
        [row] = findings(reader, Clock(day, date(2026, 7, 30)), wanted).to_pylist()
        assert (row["state"], row["days_late"]) == (state, late)


def test_what_was_mended_after_the_day_is_not_mended_yet(reader: Reader) -> None:
    earlier = Clock(date(2025, 5, 31), date(2025, 6, 30))
    found = screenings(reader, earlier, COUNTY)["housing"][COUNTY]
    assert (found.closed, found.open) == (0, 2)


_LIMITS = {"school_age_years": 6.0, "school_age_end_years": 15.0, "severe_disability_grade": 2.0}


@pytest.mark.parametrize(
    ("region", "about"),
    [
        # Registered: all but H04, which is borderline and monitored. Of school age at the end of
        # 2025: a member of H03, H04 and H05 each. Gravely ill: one of H03; in poverty: H06.
        (COUNTY, {"fund_use": 3, "income": 5, "schooling": 3, "medical": 5, "water": 6,
                  "housing": 6, "industry": 6, "minimum_allowance": 3}),
        (HILL, {"fund_use": 1, "income": 2, "schooling": 0, "medical": 2, "water": 2,
                "housing": 2, "industry": 2, "minimum_allowance": 0}),
        (WEST, {"fund_use": 1, "income": 2, "schooling": 1, "medical": 2, "water": 2,
                "housing": 2, "industry": 2, "minimum_allowance": 1}),
    ],
)  # fmt: skip
def test_a_screening_is_about_those_whom_the_plan_names(
    small: County, region: str, about: dict[str, int]
) -> None:
    within = small.reader(Scope.of([WEST if region == WEST else COUNTY]))
    homes = Screening(listed=1, screened=1, households=1)
    here = {key: homes if key in ABOUT else Screening(listed=1, screened=1) for key in about}
    found = concerned(within, region, 2025, here, _LIMITS)
    assert {key: one.count for key, one in found.items()} == about
    assert not any(one.beside for one in found.values())
    relocated = small.cube.cell("relocated_households", region, 2025, Scope.of([COUNTY])).value
    told = concerned(within, region, 2025, {"relocation": homes}, _LIMITS)
    assert told == {"relocation": Concerned(relocated)}


def test_who_is_on_a_list_is_counted_whatever_the_registers_know(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = {"housing": screenings(reader, _CLOCK, COUNTY)["housing"][COUNTY]}
    monkeypatch.setitem(ABOUT, "housing", "f.household_id = 'H06'")
    listed = {"H06"} | {
        row["household_id"]
        for row in reader.rows("SELECT household_id FROM {sieve_result} WHERE sieve = 'housing'")
    }
    found = concerned(reader, COUNTY, 2025, here, _LIMITS)["housing"]
    assert found == Concerned(len(listed), beside=len(listed) - 1)
    monkeypatch.delitem(ABOUT, "housing")
    assert concerned(reader, COUNTY, 2025, here, _LIMITS) == {"housing": Concerned(4, beside=4)}


def test_every_relocated_household_of_the_demo_is_screened(demo: Home) -> None:
    county = open_county(demo)
    reader = county.reader(Scope.of([county.code]))
    clock = Clock(county.data_date, county.data_date)
    here = {key: by[county.code] for key, by in screenings(reader, clock, county.code).items()}
    found = concerned(reader, county.code, 2025, here, _LIMITS)
    about = {key: one.count or 0 for key, one in found.items()}
    assert (here["relocation"].screened, about["relocation"]) == (8_059, 8_059)
    assert all(one.screened <= about[key] for key, one in here.items())
    everybody = reader.one("SELECT COUNT(*) AS n FROM {household_fact} AS f WHERE f.year = 2025")
    assert everybody is not None
    assert about["water"] == about["housing"] == everybody["n"]


def test_findings_are_listed_the_longest_overdue_first(reader: Reader) -> None:
    rows = findings(reader, _CLOCK, FindingFilter(COUNTY), 0, 50).to_pylist()
    assert [(row["sieve"], row["state"]) for row in rows] == [
        ("housing", "overdue"),
        ("village_road", "open"),
        ("housing", "closed"),
    ]
    assert rows[0]["head_name"] == "周*八"
    assert rows[1]["household_id"] is None


@pytest.mark.parametrize("sieve", [None, "housing", "village_road", "income"])
@pytest.mark.parametrize("state", [None, *STATES])
@pytest.mark.parametrize("region", [COUNTY, MILL])
def test_findings_are_counted_as_they_are_listed(
    reader: Reader, sieve: str | None, state: str | None, region: str
) -> None:
    wanted = FindingFilter(region, sieve, state)
    rows = findings(reader, _CLOCK, wanted)
    assert count_findings(reader, _CLOCK, wanted) == rows.num_rows
    counted = [by.get(region, Screening()) for key, by in screenings(reader, _CLOCK, region).items()
               if sieve in (None, key)]  # fmt: skip
    assert sum(getattr(s, state or "found") for s in counted) == rows.num_rows


def test_a_page_of_findings_is_a_part_of_them(reader: Reader) -> None:
    rows = findings(reader, _CLOCK, FindingFilter(COUNTY), 1, 1).to_pylist()
    assert [row["sieve"] for row in rows] == ["village_road"]


def test_a_viewer_of_a_township_sees_its_own_only(small: County) -> None:
    reader = small.reader(Scope.of([WEST]))
    assert count_findings(reader, _CLOCK, FindingFilter(COUNTY)) == 2


@pytest.mark.parametrize(
    ("text", "households"),
    [("sieve.housing.screened", 3), ("sieve.housing.found", 2), ("sieve.village_road.screened", 0)],
)
def test_screened_households_are_opened(small: County, text: str, households: int) -> None:
    wanted = HouseholdFilter(COUNTY, 2025, select=selection(text))
    found = lists.counted(small.reader(Scope.of([COUNTY])), wanted)
    assert found[0] == households


@pytest.mark.parametrize("text", ["sieve", "sieve.housing", "sieve.housing.lost", "sieve.x.found"])
def test_what_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(SelectionError):
        selection(text)
