"""Lists of entries and of people: as many rows as the count says, under every filter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from metrics.county import County
from metrics.filters import LEDGER_STATES, HouseholdFilter
from metrics.registry import indicators
from metrics.remaining import TRAITS, portrait
from metrics.selections import selection
from metrics.subjects import ENTRY, MEMBER, Subjects
from rules.registry import groups, rules
from store.scope import Scope
from tests.small_county import BROOK, COUNTY, DATA_DATE, EAST, HILL, WEST

_YEAR = 2025


def _listed(small: County, kind: str, *, scope: str = COUNTY, **more: Any) -> list[dict[str, Any]]:
    wanted = HouseholdFilter(more.pop("region", COUNTY), _YEAR, **more)
    found, reader = Subjects(kind, wanted, DATA_DATE), small.reader(Scope.of([scope]))
    rows = found.rows(reader).to_pylist()
    assert found.count(reader) == (len(rows), len({row["household_id"] for row in rows}))
    return rows


@pytest.mark.parametrize("state", LEDGER_STATES)
@pytest.mark.parametrize("region", [COUNTY, EAST, HILL])
def test_every_count_of_entries_is_a_list_of_them(small: County, state: str, region: str) -> None:
    for group in groups().values():
        rows = _listed(small, ENTRY, region=region, state=state, ledger=group)
        counted = small.reader(Scope.of([COUNTY])).rows(
            "SELECT entry_id FROM {ledger_fact} WHERE ledger_state = $state AND group_key = $group "
            "AND village_code LIKE $region",
            state=state, group=group.key, region=f"{region}%",
        )  # fmt: skip
        assert {row["entry_id"] for row in rows} == {row["entry_id"] for row in counted}


def test_an_indicator_of_entries_lists_its_entries_and_a_group_narrows(small: County) -> None:
    every = _listed(small, ENTRY, indicator=indicators()["ledger_entries"])
    assert len(every) == 5
    closed = _listed(small, ENTRY, indicator=indicators()["ledger_closed_standing"])
    assert [row["household_id"] for row in closed] == ["H04"]
    ill = _listed(small, ENTRY, groups=(groups()["major_illness_disability"],))
    assert {row["group_key"] for row in ill} == {"major_illness_disability"}


def test_an_overdue_entry_says_for_how_long_and_who_answers_for_it(small: County) -> None:
    [row] = _listed(small, ENTRY, state="overdue")
    assert row["due_on"] == date(2025, 6, 30)
    assert row["days_late"] == (DATA_DATE - row["due_on"]).days
    assert row["responsible"] == "吴*十" and row["head_name"] == "李*"


def test_no_entry_is_missing(small: County) -> None:
    with pytest.raises(ValueError, match="no entry is missing"):
        _listed(small, ENTRY, state="missing")


@pytest.mark.parametrize("trait", TRAITS)
@pytest.mark.parametrize("who", ["poor", "monitored"])
def test_the_people_left_with_a_trait_are_listed_as_they_are_counted(
    small: County, who: str, trait: str
) -> None:
    counted = portrait(small.reader(Scope.of([COUNTY])), COUNTY, _YEAR, who).shares[trait].people
    rows = _listed(small, MEMBER, select=selection(f"left.{who}.{trait}"))
    if trait.startswith("cause_") or trait == "ill_cause":
        # A cause is the household's; of H04's two people one is on the roster.
        assert len(rows) <= counted and bool(rows) == bool(counted)
    else:
        assert len(rows) == counted


@pytest.mark.parametrize(
    "key", [key for key, rule in rules().items() if rule.relation == "member_fact"]
)
def test_people_whom_a_rule_names_are_listed(small: County, key: str) -> None:
    rows = _listed(small, MEMBER, select=selection(f"rule.{key}.met"))
    counted = small.reader(Scope.of([COUNTY])).rows(
        f"SELECT member_id FROM {{member_fact}} WHERE in_{key}"
    )
    assert {row["member_id"] for row in rows} == {row["member_id"] for row in counted}


def test_nobody_out_of_scope_is_listed(small: County) -> None:
    assert {row["village_code"] for row in _listed(small, MEMBER, scope=BROOK)} == {BROOK}
    assert not [r for r in _listed(small, ENTRY, scope=WEST) if r["village_code"][:9] != WEST]


_COUNTED = [
    key
    for key, indicator in indicators().items()
    if indicator.unit == "people" and indicator.numerator.relation == "household_fact"
]


@pytest.mark.parametrize("key", _COUNTED)
@pytest.mark.parametrize("kind", [MEMBER, ENTRY])
def test_every_count_of_people_opens_a_list(small: County, key: str, kind: str) -> None:
    """Whatever columns its condition names: the lists join relations that have them too."""
    rows = _listed(small, kind, indicator=small.indicators[key])
    homes = small.reader(Scope.of([COUNTY])).rows(
        f"SELECT household_id FROM {{household_fact}} WHERE year = $year "
        f"AND ({small.indicators[key].numerator.condition})",
        year=_YEAR,
    )
    assert {row["household_id"] for row in rows} <= {home["household_id"] for home in homes}
