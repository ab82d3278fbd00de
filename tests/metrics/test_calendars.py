"""台历 in the small county: each count beside the rows of its list."""

from __future__ import annotations

from datetime import date

import pytest

from glossary import codes
from metrics import calendar_gaps, calendar_homes, calendars, lists
from metrics.county import County
from metrics.filters import HouseholdFilter
from metrics.selections import SelectionError, selection
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


def _states(reader: Reader, home: str, kind: str) -> dict[int, str]:
    rows = reader.rows(
        "SELECT month_no, state FROM {calendar_fact} "
        "WHERE household_id = $home AND payment_kind = $kind",
        home=home,
        kind=kind,
    )
    return {row["month_no"] - _YEAR * 12 + 1: row["state"] for row in rows}


def test_the_kinds_are_those_of_the_code_list() -> None:
    assert tuple(codes()["payment_kind"]) == calendars.KINDS


def test_what_became_of_each_month(small: County) -> None:
    told = _states(_reader(small), "H02", "pv_yield")
    expected = dict.fromkeys((1, 2, 4, 5, 6, 11), "whole")
    expected |= {3: "late", 7: "missed", 8: "missed", 9: "missed", 10: "short", 12: "open"}
    assert told == expected


def test_what_is_not_recorded_is_unknown(small: County) -> None:
    assert _states(_reader(small), "H06", "home_income")[5] == "unknown"


def test_a_rent_without_an_amount_came(small: County) -> None:
    assert _states(_reader(small), "H05", "land_rent") == {10: "came"}


def test_wages_of_posts_are_taken_from_their_ledger(small: County) -> None:
    """G4 is paid through September, G3 through December, each 500 yuan: H02 has a half since."""
    reader = _reader(small)
    told = _states(reader, "H02", "post_wage")
    assert {told[month] for month in range(1, 10)} == {"whole"}
    assert (told[10], told[11], told[12]) == ("short", "short", "open")
    assert set(_states(reader, "H01", "post_wage").values()) == {"whole"}


def test_a_household_waits_as_long_as_its_longest_run(small: County) -> None:
    row = _reader(small).one("SELECT * FROM {calendar_household_fact} WHERE household_id = 'H02'")
    assert row is not None
    assert (row["payments_missed"], row["longest_missed"], row["waiting_months"]) == (3, 3, 0)
    assert row["in_calendar_missed_running"] and not row["in_calendar_waiting"]
    assert row["in_calendar_whole"] is False and row["in_calendar_late"] is True
    assert row["waiting_yuan"] == 3 * 80 + 40 + 2 * 500


def test_one_month_not_recorded_leaves_the_rest_unknown(small: County) -> None:
    row = _reader(small).one("SELECT * FROM {calendar_household_fact} WHERE household_id = 'H06'")
    assert row is not None
    assert row["in_calendar_whole"] is None and row["in_calendar_month_missed"] is None
    assert row["in_home_month_came"] is True and row["home_month_yuan"] == 300


@pytest.mark.parametrize("state", [*calendars.STATES, "lacking", "due"])
def test_a_cell_opens_as_many_households_as_it_says(small: County, state: str) -> None:
    reader = _reader(small)
    for (kind, month), one in calendars.by_month(reader, COUNTY, _YEAR).items():
        told = {**one.payments, "lacking": one.payments["short"] + one.payments["missed"]}
        told["due"] = sum(told[key] for key in ("whole", "late", "short", "missed", "unknown"))
        text = f"calendar.{kind}.{calendars.month_key(month)}.{state}"
        assert len(_selected(reader, text)) == told[state], text


@pytest.mark.parametrize("part", calendars.LISTS)
def test_a_list_has_as_many_rows_as_it_says(small: County, part: str) -> None:
    reader = _reader(small)
    count = calendars.count(reader, part, COUNTY, _YEAR)
    assert calendars.listed(reader, part, COUNTY, _YEAR).num_rows == count
    told = calendars.answers(reader, COUNTY, _YEAR, "county")[part]
    assert count == (told.missed if part == calendars.HOME_MONTH else told.met)


def test_a_list_that_there_is_not(small: County) -> None:
    with pytest.raises(KeyError):
        calendars.count(_reader(small), "calendar_whole", COUNTY, _YEAR)


def test_the_sum_is_that_of_kinds_and_of_places(small: County) -> None:
    reader = _reader(small)
    whole = calendars.summary(reader, COUNTY, _YEAR)
    for parts in (
        calendars.by_kind(reader, COUNTY, _YEAR),
        calendars.by_month(reader, COUNTY, _YEAR),
        calendars.by_place(reader, COUNTY, _YEAR, "township"),
    ):
        assert sum(one.due_yuan for one in parts.values()) == pytest.approx(whole.due_yuan)
        assert sum(one.came_yuan for one in parts.values()) == pytest.approx(whole.came_yuan)
        lacking = sum(one.waiting_yuan for one in parts.values())
        assert lacking == pytest.approx(whole.waiting_yuan)
    assert whole.share is not None and whole.waiting_yuan == whole.due_yuan - whole.came_yuan


def test_a_scope_is_kept(small: County) -> None:
    assert _selected(_reader(small, WEST), "calendar.pv_yield.any.missed", WEST) == set()
    assert _selected(_reader(small, EAST), "calendar.pv_yield.any.missed", EAST) == {"H02"}
    assert calendars.count(_reader(small, WEST), calendars.RUNNING, COUNTY, _YEAR) == 0


def test_twelve_months_up_to_the_data_date() -> None:
    found = calendars.months(date(2025, 3, 31))
    assert (found[0], found[-1], len(found)) == (date(2024, 4, 1), date(2025, 3, 1), 12)


def test_a_home_has_the_money_visits_and_moves_of_its_months(small: County) -> None:
    shown = calendars.months(small.data_date)
    found = calendar_homes.homes(_reader(small), COUNTY, _YEAR, small.data_date, shown)
    by_id = {one.home_id: one for one in found}
    assert by_id["X1"].lacking == 6 and by_id["X2"].lacking == 0
    assert by_id["X2"].months[date(2025, 2, 1)].moved_in == 1
    assert by_id["X2"].months[date(2025, 3, 1)].came_yuan == 300
    assert by_id["X1"].months[date(2025, 1, 1)].came_yuan == 80 + 1000
    begun = calendars.first_visit(_reader(small))
    assert begun is not None
    for month, one in by_id["X1"].months.items():
        assert (one.visits is None) == (month < begun)


def test_what_the_data_say_nothing_about(small: County) -> None:
    found = calendar_gaps.gaps(_reader(small), COUNTY, _YEAR)
    told = {(one.key, one.kind): one.count for one in found}
    assert told["solar_unlisted", "pv_yield"] == 3
    assert ("no_sheet", "workshop_wage") in told
    assert ("before_first", "home_income") in told


@pytest.mark.parametrize(
    "text",
    ["calendar", "calendar.pv_yield", "calendar.pv_yield.any", "calendar.gold.any.missed",
     "calendar.pv_yield.202513.missed", "calendar.pv_yield.any.maybe",
     "calendar.pv_yield'--.any.missed", "calendar.any.any.missed.x"],
)  # fmt: skip
def test_what_names_no_payment_is_refused(text: str) -> None:
    with pytest.raises(SelectionError):
        selection(text)


def test_homes_are_shown_a_page_at_a_time(small: County) -> None:
    shown = calendars.months(small.data_date)
    [one, _] = calendar_homes.homes(_reader(small), COUNTY, _YEAR, small.data_date, shown)
    many = [one] * (calendar_homes.PAGE_HOMES + 1)
    first, page, pages = calendar_homes.page_of(many, 1)
    assert (len(first), page, pages) == (calendar_homes.PAGE_HOMES, 1, 2)
    last, page, _ = calendar_homes.page_of(many, 9)
    assert (len(last), page) == (1, 2), "who asks for too much is shown the last"
    assert calendar_homes.page_of([], 1) == ([], 1, 1)
