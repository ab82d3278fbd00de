"""What every rule answers for one household: as the county's facts say, and what to look into."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from metrics import judgements as room
from metrics.county import County
from metrics.files import HouseholdFile, household_file
from metrics.judgements import Judgement, judgements, looked_into
from rules.parameters import DatedValue, Parameter
from rules.registry import rules
from store.scope import Scope
from tests.small_county import COUNTY, HOUSEHOLDS, WEST

_YEAR = 2025


def _file(small: County, household: str) -> HouseholdFile:
    found = household_file(small.reader(Scope.of([COUNTY])), household)
    assert found is not None
    return found


def _judged(small: County, household: str, year: int = _YEAR, **kept: object) -> list[Judgement]:
    return judgements(_file(small, household), year, small.parameters, **kept)  # type: ignore[arg-type]


def _concerns(small: County, household: str, year: int = _YEAR) -> set[str]:
    return {one.rule.key for one in _judged(small, household, year) if one.concerns}


@pytest.mark.parametrize("household", [row[0] for row in HOUSEHOLDS])
def test_each_answer_is_the_one_in_the_facts(small: County, household: str) -> None:
    file = _file(small, household)
    rows = {None: file.facts(_YEAR) or {}} | {p["member_id"]: p for p in file.persons}
    judged = judgements(file, _YEAR, small.parameters)
    of_relation = {
        "monitored_fact": file.case,
        "relocation_fact": file.resettled,
        "visit_fact": file.visited,
        "home_household_fact": file.homed,
        "calendar_household_fact": file.calendar,
        "work_fact": file.working,
    }
    workers = {row["member_id"]: row for row in file.workers}
    for one in judged:
        of_member = workers if one.rule.relation == "worker_fact" else rows
        row = of_relation.get(one.rule.relation, of_member.get(one.member_id))
        assert row is not None
        assert one.met is row[one.rule.column], one.rule.key
    persons = [rule for rule in rules().values() if rule.relation == "member_fact"]
    of_work = [rule for rule in rules().values() if rule.relation == "worker_fact"]
    of_persons = [one for one in judged if one.member_id]
    asked = len(persons) * len(file.persons) + len(of_work) * len(file.workers)
    assert len(of_persons) == asked


def test_standards_of_exit_are_not_asked_of_the_unregistered(small: County) -> None:
    asked = {one.rule.system for one in _judged(small, "H04")}
    assert "household_exit" not in asked and "labour_classes" not in asked
    assert {"groups", "safety_net", "monitored"} <= asked
    assert "household_exit" in {one.rule.system for one in _judged(small, "H01")}


def test_only_a_monitored_household_has_a_case(small: County) -> None:
    relations = {one.rule.relation for one in _judged(small, "H04")}
    assert "monitored_fact" in relations
    assert "monitored_fact" not in {one.rule.relation for one in _judged(small, "H01")}


def test_a_year_without_facts_is_not_judged(small: County) -> None:
    assert _judged(small, "H01", 2019) == []


def test_members_are_judged_in_the_data_dates_year_only(small: County) -> None:
    assert not [one for one in _judged(small, "H01", 2023) if one.member_id]


def test_groups_met_standards_missed_and_benefits_amiss_are_to_be_looked_into(
    small: County,
) -> None:
    assert "income_drop" in _concerns(small, "H02")
    assert "exit_housing" in _concerns(small, "H06") and "exit_water" not in _concerns(small, "H06")
    assert "pension_beyond" in _concerns(small, "H05")
    assert "exit_housing" not in _concerns(small, "H01")


def test_what_was_not_in_force_concerns_nobody(small: County) -> None:
    missed = next(one for one in _judged(small, "H06") if one.rule.key == "exit_housing")
    assert missed.concerns
    before = replace(missed.explanation, in_force=False)
    assert not Judgement(before).concerns


def test_every_rule_named_here_exists() -> None:
    assert set(room._PREPARING) | set(room._IN_TIME) <= set(rules())


def test_a_standard_is_wanted_met_and_a_doubt_is_not() -> None:
    wanted = {key: looked_into(rule) for key, rule in rules().items()}
    assert wanted["exit_income"] is False and wanted["inspection_water"] is False
    assert wanted["decided_in_time"] is False
    assert wanted["allowance_without"] is True and wanted["released_early"] is True
    assert wanted["exit_lacks_one"] is True
    assert {wanted[key] for key in ("exit_met", "able", "sunk", "pension_entitled")} == {None}


def test_a_past_year_is_judged_by_its_own_thresholds_and_anew_by_another_days(
    small: County,
) -> None:
    line = small.parameters["income_drop_percent"]
    then = DatedValue(date(2025, 1, 1), date(2025, 12, 31), 50.0, "甲文")
    now = DatedValue(date(2026, 1, 1), date.max, 5.0, "乙文")
    moved: dict[str, Parameter] = {**small.parameters, line.key: replace(line, values=(then, now))}
    file = _file(small, "H02")

    def dropped(as_of: date | None) -> bool | None:
        found = judgements(file, _YEAR, moved, as_of)
        return next(one.met for one in found if one.rule.key == "income_drop")

    assert dropped(None) is False
    assert dropped(date(2026, 6, 1)) is True


def test_another_townships_household_has_no_file(small: County) -> None:
    west = small.reader(Scope.of([WEST]))
    assert household_file(west, "H01") is None
    assert household_file(west, "H06") is not None
