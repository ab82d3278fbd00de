"""Who is paid what: as the facts of people and households entitle them, but for those planned."""

from __future__ import annotations

import pandas as pd
import pytest

from loaders.demo import Simulation
from tests.loaders.demo.test_demo import DECEMBER, NOVEMBER, at, simulated

OF_HOMES = {"minimum_allowance", "temporary_aid"}
RULES = {
    f"{benefit}_{fault}"
    for benefit in ("allowance", "extreme", "living", "care", "temporary", "pension")
    for fault in ("without", "beyond")
}


@pytest.fixture(params=("611025", "433125"))
def county(request: pytest.FixtureRequest) -> Simulation:
    return simulated(request.param)


def paid(county: Simulation, kind: str) -> pd.DataFrame:
    """The rows of one kind that are paid at the end of 2025."""
    rows = county.benefit[county.benefit["benefit_kind"].eq(kind)]
    return rows[~rows["ended_on"].le(pd.Timestamp("2025-12-31"))]


def members(county: Simulation, kind: str) -> pd.DataFrame:
    """The members who are paid one kind, with the columns of the person list."""
    ids = paid(county, kind)["member_id"]
    assert ids.is_unique
    return county.member.set_index("member_id").loc[ids]


def last_year(county: Simulation) -> pd.DataFrame:
    rows = county.household_year[county.household_year["year"] == 2025]
    return rows.set_index("household_id")


def test_households_and_people_are_paid_what_is_theirs(county: Simulation) -> None:
    rows = county.benefit
    assert rows["member_id"].isna().eq(rows["benefit_kind"].isin(OF_HOMES)).all()
    keys = ["benefit_kind", "household_id", "member_id", "started_on"]
    assert not rows.duplicated(keys).any()
    assert (rows["ended_on"] > rows["started_on"])[rows["ended_on"].notna()].all()
    assert rows["month_yuan"].isna().eq(rows["benefit_kind"].eq("temporary_aid")).all()
    assert rows["month_yuan"].min() > 0


def test_without_its_allowance_a_household_is_under_the_standard(county: Simulation) -> None:
    rows = paid(county, "minimum_allowance").set_index("household_id")
    income = last_year(county).loc[rows.index]
    before = (income["net_income_yuan"] - 12 * rows["month_yuan"]) / income["member_count"]
    beyond = before >= county.county.allowance_standard
    assert set(before.index[beyond]) == set(county.expected_leaks["allowance_beyond"])
    assert (12 * rows["month_yuan"] <= income["transfer_yuan"]).mean() > 0.99
    assert 0.06 < len(rows) / len(county.household) < 0.15


def test_the_poor_without_an_allowance_are_those_planned(county: Simulation) -> None:
    income = last_year(county)
    poor = income.index[income["per_capita_net_income_yuan"] < county.county.allowance_standard]
    member = county.member
    helped = member["minimum_allowance"] | member["extreme_poverty"]
    helped = set(member.loc[helped.astype(bool), "household_id"])
    left_out = set(poor) - helped - set(at(DECEMBER).expected_leaks["extreme_without"])
    alone = county.member.set_index("member_id")["household_id"]
    missed = set(alone.loc[county.expected_leaks["extreme_without"]])
    assert left_out - missed == set(county.expected_leaks["allowance_without"])


def test_the_person_list_says_who_has_the_allowance(county: Simulation) -> None:
    on = set(paid(county, "minimum_allowance")["household_id"])
    listed = county.member.loc[county.member["minimum_allowance"], "household_id"]
    assert set(listed) - on == set() and len(on - set(listed)) == 0


def test_support_is_for_people_whom_nobody_at_home_can_work_for(county: Simulation) -> None:
    people = members(county, "extreme_poverty")
    kept = people.index.isin(county.expected_leaks["extreme_beyond"])
    assert people.loc[~kept, "extreme_poverty"].all() and not people.loc[kept].empty
    income = last_year(county).loc[people["household_id"]]
    nobody = income["able_members"].add(income["weak_members"]).eq(0).to_numpy()
    assert nobody[~kept].all() and not nobody[kept].any()


def test_subsidies_are_for_the_disabled(county: Simulation) -> None:
    allowance = set(paid(county, "minimum_allowance")["household_id"])
    supported = set(paid(county, "extreme_poverty")["member_id"])
    living, care = (members(county, f"disability_{kind}") for kind in ("living", "care"))
    for people in (living, care):
        assert (people["health"].eq("disabled") | people["disability_kind"].notna()).all()
        assert not set(people.index) & supported
    wrong = set(living.index[~living["household_id"].isin(allowance)])
    assert wrong == set(county.expected_leaks["living_beyond"])
    light = set(care.index[care["disability_grade"].astype(float) > 2])
    assert light == set(county.expected_leaks["care_beyond"])


def test_pensions_are_for_those_of_sixty_and_over(county: Simulation) -> None:
    people = members(county, "pension")
    young = set(people.index[people["age"] < 60])
    assert young == set(county.expected_leaks["pension_beyond"])
    assert not people["employee_pension"].eq(True).any()
    rows = paid(county, "pension").set_index("member_id")
    sixty = people["birth_date"] + pd.DateOffset(years=60)
    assert (rows["started_on"] > sixty)[people["age"] >= 61].all()
    old = county.member["age"].ge(60) & ~county.member["employee_pension"].eq(True)
    assert len(people) > 0.97 * old.sum()


def test_aid_goes_to_most_of_the_stricken(county: Simulation) -> None:
    watched = county.monitored_household
    stricken = watched["monitor_kind"].eq("stricken") & ~watched["cleared"].astype(bool)
    ids = set(watched.loc[stricken, "household_id"])
    aided = set(paid(county, "temporary_aid")["household_id"])
    assert 0.6 < len(ids & aided) / len(ids) < 0.95
    assert set(county.expected_leaks["temporary_without"]) <= ids - aided
    assert set(county.expected_leaks["temporary_beyond"]) <= aided - ids


def test_every_rule_has_somebody_planned_and_nobody_beside_a_suspicion(county: Simulation) -> None:
    leaks = county.expected_leaks
    assert set(leaks) == RULES and all(leaks.values())
    home = county.member.set_index("member_id")["household_id"]
    broken = [i for found in county.expected_findings.values() for i in found]
    broken = {home.get(i, i) for i in broken}
    planned = {home.get(i, i) for ids in leaks.values() for i in ids}
    assert not planned & broken
    share = {rule: len(ids) / len(county.member) for rule, ids in leaks.items()}
    assert max(share.values()) < 0.006


def test_in_november_some_are_not_yet_paid_and_some_still_are() -> None:
    before, after = at(NOVEMBER).benefit, at(DECEMBER).benefit
    assert before["started_on"].max() <= pd.Timestamp(NOVEMBER)
    assert 8 <= len(after) - len(before) <= 16
    month = before["benefit_kind"].ne("temporary_aid")
    assert not (before.loc[month, "ended_on"] > pd.Timestamp(NOVEMBER)).any()
    assert after["ended_on"].notna().sum() > before["ended_on"].notna().sum() + 5
