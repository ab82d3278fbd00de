"""公开公示: each count beside its list, and what a sheet may hold."""

from __future__ import annotations

import pytest

from metrics import disclosure, lists
from metrics.county import County
from metrics.disclosure import FUNDS, LISTS, MONITORING
from metrics.filters import HouseholdFilter
from metrics.notices import OF_CASES, SETS
from metrics.selections import SelectionError, selection
from rules.parameters import defaults
from store.reader import Reader
from store.scope import Scope
from tests.small_county import COUNTY, EAST

_YEAR = 2025


def _reader(county: County, *codes: str) -> Reader:
    return county.reader(Scope.of(codes or [COUNTY]))


def _found(county: County, region: str = COUNTY) -> dict[str, disclosure.Notices]:
    told = disclosure.overview(_reader(county), county.parameters, region, _YEAR)
    return {one.key: one for one in told}


def test_every_list_has_its_days_and_rows(small: County) -> None:
    found = _found(small)
    assert tuple(found) == LISTS
    for key, one in found.items():
        assert one.days == disclosure.held_days(small.parameters, key, _YEAR)
        assert disclosure.rows(_reader(small), key, COUNTY, _YEAR).num_rows == one.rows, key
    assert found[MONITORING].days == 5 and found[FUNDS].days == 10


def test_lists_of_which_no_file_tells_have_no_state(small: County) -> None:
    told = {key for key, one in _found(small).items() if one.states}
    assert told == {MONITORING, FUNDS}


def test_each_state_of_monitoring_is_that_of_the_list_behind_it(small: County) -> None:
    counts = _found(small)[MONITORING].states
    for state in (*OF_CASES, *SETS):
        wanted = HouseholdFilter(COUNTY, _YEAR, select=selection(f"notice.{state}"))
        count = sum(counts[each] for each in SETS.get(state, (state,)))
        assert lists.counted(_reader(small), wanted)[0] == count, state
    assert sum(counts.values()) > 0


def test_states_of_funds_are_its_lines(funded: County) -> None:
    one = _found(funded)[FUNDS]
    assert sum(one.states.values()) == one.rows
    assert one.states["short"] == 1, "L2 hung three days"
    assert one.found == one.states["short"] + one.states["never"]


def test_totals_for_the_public_hide_what_is_small(small: County) -> None:
    for key in LISTS:
        found = disclosure.summary(_reader(small), key, COUNTY, _YEAR, 9)
        shown = [n for n in found.by_place.values() if n is not None]
        if key in disclosure.OF_PEOPLE:
            assert all(n == 0 or n >= 5 for n in shown), key
            assert found.in_all is None or found.in_all == 0 or found.in_all >= 5
        else:
            assert found.in_all == disclosure.count(_reader(small), key, COUNTY, _YEAR)


@pytest.mark.parametrize("key", LISTS)
def test_a_sheet_has_no_more_than_it_may(small: County, key: str) -> None:
    table = disclosure.rows(_reader(small), key, COUNTY, _YEAR)
    assert table.column_names == [
        "id",
        "village_code",
        "place",
        "name",
        "people",
        "told",
        "yuan",
        "day",
    ]
    if key in disclosure.OF_PEOPLE:
        assert all("*" in row["name"] for row in table.to_pylist())
        told = {row["told"] for row in table.to_pylist()}
        assert not told & {"disability_care", "disability_living", "temporary_aid", "illness"}


@pytest.mark.parametrize("key", LISTS)
def test_a_scope_is_kept(small: County, key: str) -> None:
    rows = disclosure.rows(_reader(small, EAST), key, COUNTY, _YEAR).to_pylist()
    assert all(row["village_code"].startswith(EAST) for row in rows)
    assert len(rows) == disclosure.count(_reader(small), key, EAST, _YEAR)


def test_days_are_unknown_before_a_document_says_them() -> None:
    parameters = defaults()
    assert disclosure.held_days(parameters, MONITORING, 2020) is None
    assert disclosure.held_days(parameters, "register", 2014) == 7


@pytest.mark.parametrize("text", ["notice", "notice.maybe", "notice.due.x", "notice.due'"])
def test_what_names_no_state_is_refused(text: str) -> None:
    with pytest.raises(SelectionError):
        selection(text)
