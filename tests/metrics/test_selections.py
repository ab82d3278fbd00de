"""Households named by an address: what a selection finds, says, and refuses."""

from __future__ import annotations

import pytest

from metrics import lists
from metrics.county import County
from metrics.filters import HouseholdFilter
from metrics.selections import ANSWERS, SelectionError, selection
from rules.registry import rules, systems
from rules.tally import Tally, tally
from rules.whatif import rejudge
from store.scope import Scope
from tests.small_county import COUNTY

_YEAR = 2025


def _count(small: County, text: str) -> int:
    wanted = HouseholdFilter(COUNTY, _YEAR, select=selection(text))
    return lists.counted(small.reader(Scope.of([COUNTY])), wanted)[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rule",
        "rule.exit_income",
        "rule.exit_income.perhaps",
        "rule.nothing.met",
        "rule.county_rate.met",
        "rule.exit_met.exit_income",
        "rule.exit_income.met' OR 1=1",
        "class",
        "class.labour_class",
        "class.labour_class.sunk",
        "class.nothing.unknown",
        "households.all",
        "what.income_drop.in.income_drop_percent",
        "what.income_drop.over.income_drop_percent.5",
        "what.income_drop.in.poverty_line_yuan.5",
        "what.village_rate.in.village_poverty_rate_percent.3",
        "what.income_drop.in.income_drop_percent.5) OR (1",
    ],
)
def test_a_text_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(SelectionError):
        selection(text)


def test_every_answer_of_every_household_rule_opens_as_many_as_are_counted(small: County) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    for system in systems().values():
        keys = [rule.key for rule in system.rules.values() if rule.relation == "household_fact"]
        for key in keys:
            counted = tally(reader, [key], _YEAR, "county")[key].get(COUNTY, Tally())
            for answer in ANSWERS:
                assert _count(small, f"rule.{key}.{answer}") == getattr(counted, answer), key


def test_the_parts_of_lacking_one_add_up(small: County) -> None:
    parts = rules()["exit_lacks_one"].parts
    each = [_count(small, f"rule.exit_lacks_one.{part}") for part in parts]
    assert sum(each) == _count(small, "rule.exit_lacks_one.met")


def test_the_classes_add_up_to_the_registered(small: County) -> None:
    classes = (*systems()["labour_classes"].classes["labour_class"], "unknown")
    each = [_count(small, f"class.labour_class.{key}") for key in classes]
    assert sum(each) == sum(_count(small, f"rule.exit_income.{answer}") for answer in ANSWERS) > 0


@pytest.mark.parametrize("relation", ["member_fact", "monitored_fact", "village_fact"])
def test_rules_over_other_relations_open_their_households(small: County, relation: str) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    shared = "village_code" if relation == "village_fact" else "household_id"
    for rule in rules().values():
        if rule.relation == relation:
            [expected] = reader.rows(
                f"SELECT COUNT(DISTINCT f.household_id) AS n FROM {{household_fact}} AS f "
                f"JOIN {{{relation}}} AS s ON s.{shared} = f.{shared} AND s.year = f.year "
                f"WHERE f.year = $year AND s.{rule.column}",
                year=_YEAR,
            )
            assert _count(small, f"rule.{rule.key}.met") == expected["n"], rule.key


@pytest.mark.parametrize("size", ["1", "5", "12.5", "60"])
@pytest.mark.parametrize("way", ["in", "out"])
def test_a_what_if_opens_as_many_as_it_counts(small: County, way: str, size: str) -> None:
    reader = small.reader(Scope.of([COUNTY]))
    found = rejudge(reader, ["income_drop"], _YEAR, {"income_drop_percent": float(size)})
    moves = found.total("income_drop")
    text = f"what.income_drop.{way}.income_drop_percent.{size}"
    assert _count(small, text) == (moves.entering if way == "in" else moves.leaving)


def test_a_selection_writes_itself() -> None:
    assert str(selection("rule.exit_income.missed")) == "rule.exit_income.missed"
