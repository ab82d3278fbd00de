"""A rule whose parameter is missing is unknown, never false: over every rule and parameter.

Answers have three values. A rule may still be false without a parameter where another of its
clauses is missed already, and true where another alternative is met. So what is asked is this: if
some value of the parameter would make the rule true for a subject and another one false, then
without the parameter the rule is unknown for it; and no answer ever turns round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from rules.explain import explain
from rules.fact_queries import FACT_PARAMETERS
from rules.facts import write_facts
from rules.judge import judge
from rules.parameters import defaults
from rules.registry import Rule, groups, needed, rules
from store.snapshots import Home
from tests.rules.cases import Case, cases_of

Answers = dict[str, list[bool | None]]

# Lower and higher than any value of a register.
_EXTREMES = (-1e9, 1e9)
# Cases that are put to the database for one rule and parameter.
_ENOUGH = 8


def _asked(rule: Rule) -> set[str]:
    """The parameters that the rule, or a rule it asks, names."""
    return {n for layer in needed([rule]) for other in layer for n in other.names} & {*defaults()}


_PAIRS = [(rule.key, key) for rule in rules().values() for key in sorted(_asked(rule))]


def _cases(rule: Rule) -> list[Case]:
    return [case for case in cases_of(rule) if rule.exists(case.year)]


def _mixed(rule: Rule) -> list[Case]:
    """The rule's cases, and each of those with what the cases of rules it asks say instead."""
    asked = [other for layer in needed([rule]) for other in layer if other is not rule]
    instead = [case.given for other in asked for case in cases_of(other)]
    own = _cases(rule)
    return own + [replace(case, given={**case.given, **given}) for case in own for given in instead]


def _by(case: Case, key: str, value: float | None) -> bool | None:
    """The case's answer with another value of one parameter, its own others kept."""
    named = {k: v for k, v in case.given.items() if k in defaults()}
    return explain(case.rule, case.row, defaults(), overrides={**named, key: value}).met


def _without(case: Case, key: str) -> bool | None:
    return judge(case.rule, {**case.given, key: None}, case.year, defaults())


def test_every_parameter_that_the_program_knows_is_tried_where_a_rule_names_it() -> None:
    named = {name for rule in rules().values() for name in rule.names} & {*defaults()}
    assert {key for _, key in _PAIRS} == named
    assert len(_PAIRS) > len(rules()) / 3


@pytest.mark.parametrize(("key", "parameter"), _PAIRS)
def test_without_a_parameter_that_decides_the_rule_is_unknown(key: str, parameter: str) -> None:
    turning = [
        case
        for case in _mixed(rules()[key])
        if {_by(case, parameter, value) for value in _EXTREMES} == {True, False}
    ]
    assert turning, f"no case of {key} turns on {parameter}"
    for case in turning[:_ENOUGH]:
        assert _without(case, parameter) is None, case.given


@pytest.mark.parametrize(("key", "parameter"), _PAIRS)
def test_without_a_parameter_no_answer_turns_round(key: str, parameter: str) -> None:
    for case in _cases(rules()[key]):
        assert _without(case, parameter) in (None, case.expect), case.name


_SUBJECTS = {
    "household_fact": "household_id, year",
    "member_fact": "member_id",
    "monitored_fact": "household_id, year",
    "village_fact": "village_code, year",
    "county_fact": "year",
    "relocation_fact": "household_id",
    "visit_fact": "household_id",
    "cadre_fact": "cadre_id",
    "station_fact": "village_code",
    "home_household_fact": "household_id",
    "home_fact": "home_id",
    "supervised_fact": "household_id",
    "zone_fact": "zone_code",
    "calendar_household_fact": "household_id",
    "worker_fact": "member_id",
    "work_fact": "household_id",
    "post_fact": "post_id",
    "workplace_fact": "workplace_id",
    "leader_fact": "leader_id",
    "leading_fact": "village_code",
    "income_fact": "village_code, year",
    "entrust_fact": "entrust_id, year",
}


def _county(home: Home, folder: Path, without: Iterable[str]) -> duckdb.DuckDBPyConnection:
    """The county's facts and answers, made without some parameters."""
    folder.mkdir()
    gone = {key: replace(defaults()[key], values=()) for key in without}
    return write_facts(home.current(), groups(), defaults() | gone, folder)


def _answers(county: duckdb.DuckDBPyConnection, rule: Rule) -> list[bool | None]:
    order = _SUBJECTS[rule.relation]
    rows = county.execute(f"SELECT {rule.column} FROM {rule.relation} ORDER BY {order}").fetchall()
    return [answer for (answer,) in rows]


@pytest.fixture(scope="module")
def complete(small_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    county = _county(small_home, tmp_path_factory.mktemp("all") / "facts", ())
    return {key: _answers(county, rule) for key, rule in rules().items()}


def test_a_county_without_any_parameter_has_no_answer_turned_round(
    small_home: Home, complete: Answers, tmp_path: Path
) -> None:
    county = _county(small_home, tmp_path / "facts", defaults())
    for key, rule in rules().items():
        pairs = zip(_answers(county, rule), complete[key], strict=True)
        assert all(bare in (None, full) for bare, full in pairs), key


def test_facts_made_with_a_parameter_are_unknown_without_it(
    small_home: Home, complete: Answers, tmp_path: Path
) -> None:
    assert set(complete["elderly_living_alone"]) == {True, False, None}
    county = _county(small_home, tmp_path / "facts", FACT_PARAMETERS)
    asked = "SELECT elderly_members, members_at_home, youngest_age_at_home FROM household_fact"
    assert {value for row in county.execute(asked).fetchall() for value in row} == {None}
    assert set(_answers(county, rules()["elderly_living_alone"])) == {None}
