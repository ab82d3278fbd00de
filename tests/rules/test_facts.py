"""The fact relations over the small county: what is derived of a household, entry and group."""

from __future__ import annotations

from typing import Any

import pytest

from metrics.county import County
from rules.facts import RELATIONS, _stands
from rules.registry import groups
from store.scope import Scope
from tests.small_county import COUNTY


def _latest(small: County) -> dict[str, dict[str, Any]]:
    rows = small.reader(Scope.of([COUNTY])).rows("SELECT * FROM {household_fact} WHERE is_latest")
    return {row["household_id"]: row for row in rows}


def test_members_are_counted_by_health_work_and_age(small: County) -> None:
    facts = _latest(small)
    assert (facts["H03"]["major_illness_members"], facts["H03"]["members_at_home"]) == (1, 4)
    assert (facts["H06"]["members_at_home"], facts["H06"]["youngest_age_at_home"]) == (1, 77)
    assert facts["H01"]["able_members"] == 1


def test_income_is_compared_with_the_year_before(small: County) -> None:
    fact = _latest(small)["H02"]
    assert fact["previous_per_capita_yuan"] == 9000
    assert fact["income_change_percent"] == pytest.approx(-22.222, abs=0.001)
    first = small.reader(Scope.of([COUNTY])).one(
        "SELECT previous_per_capita_yuan AS p FROM {household_fact} "
        "WHERE household_id = 'H02' AND year = 2023"
    )
    assert first == {"p": None}


def test_facts_of_the_data_date_are_unknown_before_it(small: County) -> None:
    rows = small.reader(Scope.of([COUNTY])).rows(
        "SELECT disabled_members, relocated, housing_unsafe FROM {household_fact} WHERE year = 2024"
    )
    assert all(value is None for row in rows for value in row.values())


def test_monitoring_follows_the_years(small: County) -> None:
    rows = small.reader(Scope.of([COUNTY])).rows(
        "SELECT year, monitored FROM {household_fact} WHERE household_id = 'H04' ORDER BY year"
    )
    assert [row["monitored"] for row in rows] == [False, True, True]


def test_the_rules_find_their_households(small: County) -> None:
    facts = _latest(small)
    found = {
        key: {hid for hid, row in facts.items() if row[rule.column]}
        for key, rule in groups().items()
    }
    assert found == {
        "major_illness_disability": {"H03", "H04"},
        "elderly_living_alone": {"H02", "H06"},
        "split_residence_relocated": {"H05"},
        "income_drop": {"H02"},
        "borderline": {"H04"},
        "exited_2014_2015": {"H01", "H03"},
    }


def test_the_ledger_is_checked_against_the_rule(small: County) -> None:
    rows = small.reader(Scope.of([COUNTY])).rows(
        "SELECT household_id, group_key, finding, ledger_state FROM {group_check}"
    )
    by = {(r["household_id"], r["group_key"]): (r["finding"], r["ledger_state"]) for r in rows}
    assert by["H02", "elderly_living_alone"] == ("agree", "overdue")
    assert by["H06", "elderly_living_alone"] == ("missing", None)
    assert by["H03", "income_drop"] == ("without_cause", "due")
    assert by["H03", "major_illness_disability"] == ("agree", "open")
    assert by["H01", "borderline"] == ("agree", "closed"), "closed, and its cause has passed"
    assert by["H04", "borderline"] == ("agree", "closed_standing")
    assert sum(finding == "missing" for finding, _ in by.values()) == 6


@pytest.mark.parametrize("relation", RELATIONS)
def test_no_two_rows_are_equal_in_the_order_of_a_relation(funded: County, relation: str) -> None:
    """Else the same snapshot could be derived to other bytes by threads that ended otherwise."""
    row = funded.reader(Scope.of([COUNTY])).one(
        f"SELECT COUNT(*) AS n, COUNT(DISTINCT ({RELATIONS[relation]},)) AS places "
        f"FROM {{{relation}}}"
    )
    assert row is not None and row["n"] == row["places"] > 0


def test_an_entry_closed_while_its_condition_stands_has_a_state_of_its_own(small: County) -> None:
    rows = small.reader(Scope.of([COUNTY])).rows(
        "SELECT household_id, group_key, stands, ledger_state FROM {ledger_fact}"
    )
    by = {(r["household_id"], r["group_key"]): (r["stands"], r["ledger_state"]) for r in rows}
    assert by["H04", "borderline"] == (True, "closed_standing")
    assert by["H01", "borderline"] == (False, "closed")
    assert by["H02", "elderly_living_alone"] == (True, "overdue")


def test_what_nothing_ends_is_closed_for_good(small: County) -> None:
    lasting = {key for key, rule in groups().items() if rule.lasting}
    assert lasting == {"exited_2014_2015"}
    assert all(key not in _stands(groups()) for key in lasting)
