"""What the forms since 2023 ask for: insurance, work away, cases, standards, villages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loaders.demo import Simulation
from loaders.demo.model.config import poverty_lines
from loaders.demo.model.entitlements import one_of_each
from loaders.demo.model.exit_standards import STANDARDS
from loaders.demo.model.monitoring_cases import ANSWERS
from tests.loaders.demo.test_demo import NOVEMBER, at, simulated

CAN_WORK = ["ordinary", "skilled", "weak"]


@pytest.fixture(params=("611025", "433125"))
def county(request: pytest.FixtureRequest) -> Simulation:
    return simulated(request.param)


def of_home(county: Simulation, column: str) -> pd.Series:
    """A household's value in each member's row."""
    return county.member["household_id"].map(county.household.set_index("household_id")[column])


def test_one_of_each_takes_one_candidate_of_every_household_that_has_any() -> None:
    chosen = one_of_each(
        np.random.default_rng(1),
        np.array([True, True, False, False, True]),
        np.array([0, 0, 0, 1, 2]),
    )
    assert chosen[:2].sum() == 1 and list(chosen[2:]) == [False, False, True]


def test_everybody_is_insured_once_but_one_in_households_that_say_so(county: Simulation) -> None:
    member = county.member
    resident, employee = member["resident_medical_insured"], member["employee_medical_insured"]
    assert not (resident & employee).any()
    without = member[~resident & ~employee]
    assert without["household_id"].is_unique
    assert of_home(county, "uninsured_member")[without.index].all()
    assert len(without) > 0.9 * county.household["uninsured_member"].sum()


def test_pensions_are_for_those_grown_up_and_out_of_school(county: Simulation) -> None:
    member = county.member
    enrolled = member["resident_pension"] | member["employee_pension"]
    assert member.loc[enrolled, "age"].min() >= 16
    assert set(member.loc[enrolled, "school_status"]) == {"none"}
    assert (
        enrolled[member["age"].between(16, 59) & member["school_status"].eq("none")].mean() > 0.97
    )


def test_allowances_go_to_whole_households(county: Simulation) -> None:
    member = county.member
    assert not (member["minimum_allowance"] & member["extreme_poverty"]).any()
    for column in ("minimum_allowance", "extreme_poverty"):
        assert member.groupby("household_id")[column].nunique().eq(1).all()
    assert set(member.loc[member["extreme_poverty"], "labour"]) <= {"none", "lost"}
    able = member["labour"].isin(CAN_WORK).groupby(member["household_id"]).transform("any")
    helped = member["minimum_allowance"] | member["extreme_poverty"]
    assert helped[~able].mean() > 0.88
    assert 0.03 < helped[able].mean() < 0.25


def test_a_listed_certificate_says_kind_and_grade(county: Simulation) -> None:
    member = county.member
    listed = member[member["identity_number"].str.len() == 20]
    assert listed["disability_grade"].eq(listed["identity_number"].str[19].astype(int)).all()
    limbs = listed["identity_number"].str[18].eq("4")
    assert listed["disability_kind"].eq("limb").eq(limbs).all()
    disabled = member["health"].eq("disabled")
    assert member["disability_kind"].notna()[~disabled].sum() == 0
    assert 0.92 < member["disability_kind"].notna()[disabled].mean() < 0.98


def test_a_child_out_of_school_is_in_a_household_that_says_so(county: Simulation) -> None:
    member = county.member
    out = member["age"].between(6, 14) & member["school_status"].eq("none")
    assert 0 < out.sum() <= county.household["out_of_school"].sum()
    assert of_home(county, "out_of_school")[out].all()
    assert member.loc[out, "dropout_reason"].notna().all()
    ill = member["dropout_reason"].eq("illness")
    assert set(member.loc[ill, "health"]) <= {"chronic", "major_illness"}


def test_posts_are_held_in_households_that_are_helped_by_one(county: Simulation) -> None:
    holder = county.member[county.member["public_posts"].notna()]
    posts = county.measure[county.measure["kind"] == "public_post"]
    assert holder["household_id"].isin(posts["household_id"]).all()
    assert holder["household_id"].is_unique
    assert len(holder) > 0.9 * len(posts)
    assert holder["age"].between(18, 69).all() and set(holder["labour"]) <= set(CAN_WORK)
    facts = holder[["public_post_on", "public_post_months", "public_post_count"]]
    assert facts.notna().all(axis=None)
    assert county.member["public_post_on"].notna().sum() == len(holder)


def test_who_worked_has_a_spell_and_who_plans_has_a_plan(county: Simulation) -> None:
    member, work = county.member, county.employment
    works = set(member.loc[member["work_months"] > 0, "member_id"])
    assert set(work.loc[~work["planned"], "member_id"]) == works
    plans = set(member.loc[member["plans_work"], "member_id"])
    assert set(work.loc[work["planned"], "member_id"]) == plans
    assert not plans & works and len(plans) > 1_000
    assert member["work_place"].notna().eq(member["work_months"] > 0).all()


def test_spells_end_after_they_begin_and_before_the_next(county: Simulation) -> None:
    work = county.employment[~county.employment["planned"]].sort_values(["member_id", "started_on"])
    assert not work.duplicated(["member_id", "started_on"]).any()
    assert (work["ended_on"] > work["started_on"])[work["returned"]].all()
    assert work["ended_on"].notna().eq(work["returned"]).all()
    assert work["ended_on"].max() < pd.Timestamp("2025-12-31")
    following = work.groupby("member_id")["started_on"].shift(-1)
    assert (work["ended_on"] < following)[following.notna()].all()
    planned = county.employment[county.employment["planned"]]
    assert planned["started_on"].min() > pd.Timestamp("2025-12-31")


def test_pay_is_that_of_the_place_and_never_tiny(county: Simulation) -> None:
    work = county.employment[~county.employment["planned"]]
    assert work["month_pay_yuan"].min() >= 600
    assert 2_000 < work["month_pay_yuan"].median() < 5_000
    assert work["phone"].str.fullmatch(r"1000\d{7}").all()
    own = county.county.work_regions
    far = work[work["work_place"] == "outside"]
    assert set(far["work_region"]) <= set(own["outside"])


def test_a_month_earlier_fewer_had_come_home() -> None:
    before, after = at(NOVEMBER).employment, simulated().employment
    assert before["returned"].sum() < after["returned"].sum()
    assert before["ended_on"].max() <= pd.Timestamp(NOVEMBER)
    assert before["planned"].sum() == after["planned"].sum()


def test_a_case_goes_step_by_step(county: Simulation) -> None:
    watched = county.monitored_household.dropna(subset="identified_on")
    steps = watched[
        ["clue_on", "home_checked_on", "notice_on", "township_checked_on", "identified_on"]
    ]
    assert (steps.diff(axis=1).iloc[:, 1:] > pd.Timedelta(0)).all(axis=None)
    helped = watched.dropna(subset="measures_on")
    assert (helped["measures_on"] > helped["identified_on"]).all()
    assert watched["contact_phone"].str.fullmatch(r"1000\d{7}").all()


def test_what_a_household_had_is_known_of_the_released_only(county: Simulation) -> None:
    watched = county.monitored_household
    facts = watched.filter(regex="^cleared_(?!on)")
    assert facts.notna().all(axis=1).eq(watched["cleared"].astype(bool)).all()
    released = watched[watched["cleared"] & (watched["cleared_on"] >= "2021-01-01")]
    assert (released["cleared_per_capita_yuan"] > 6_000).mean() > 0.98
    gains = released["cleared_net_income_yuan"] + released["cleared_expense_yuan"]
    parts = released[[f"cleared_{p}_yuan" for p in ("wage", "business", "property", "transfer")]]
    assert (parts.sum(axis=1) - gains).abs().max() < 0.01


def test_in_november_nothing_is_known_of_later_releases() -> None:
    watched = at(NOVEMBER).monitored_household
    assert watched.loc[~watched["cleared"], "cleared_net_income_yuan"].isna().all()
    assert watched.loc[watched["cleared"], "cleared_net_income_yuan"].notna().all()


def test_most_risks_have_a_measure_that_answers_them(county: Simulation) -> None:
    kinds = county.measure.groupby("household_id")["kind"].agg(set)
    # Who is not decided upon yet has no measure of a case yet.
    watched = county.monitored_household.dropna(subset="identified_on")
    for risk, answers in ANSWERS.items():
        named = watched.loc[watched["risk_1"].eq(risk) | watched["risk_2"].eq(risk)]
        answered = [bool(kinds[i] & set(answers)) for i in named["household_id"] if i in kinds]
        assert np.mean(answered) > 0.9 or len(answered) < 20, risk


def test_who_leaves_poverty_meets_every_standard_but_for_those_planned(
    county: Simulation,
) -> None:
    income = county.household_year
    sound = income[list(STANDARDS)].all(axis=1)
    leaving = income["poverty_state"].eq("exited_now")
    wrong = sorted(income.loc[leaving & ~sound, "household_id"])
    assert wrong == county.expected_mess["unmet_exit"] and len(wrong) == 14
    assert income.loc[leaving, "exit_planned"].eq(True).all()
    assert income["exit_planned"].isna()[income["poverty_state"].eq("exited_before")].all()
    later = income["poverty_state"].eq("exited_before") & income["year"].lt(2025)
    assert 0 < (~sound[later]).mean() < 0.01


def test_the_poor_miss_a_standard_and_many_just_one(county: Simulation) -> None:
    income = county.household_year.merge(
        county.household[["household_id", "exit_year"]], on="household_id"
    )
    poor = income[income["poverty_state"].isin(["poor", "fell_back"])]
    poor = poor[poor["exit_year"].ne(2014)]  # these left in the year that calls them poor
    line = poverty_lines()[poor["year"] - 2014]
    missed = (~poor[list(STANDARDS)]).sum(axis=1)
    missed += (poor["per_capita_net_income_yuan"] <= line).astype(int)
    assert missed.min() == 1
    assert 0.4 < missed.eq(1).mean() < 0.7


def test_a_standard_missed_while_poor_was_missed_the_year_before(county: Simulation) -> None:
    income = county.household_year
    poor = income[income["poverty_state"].eq("poor")].sort_values(["household_id", "year"])
    for name in ("housing_ok", "water_ok"):
        was = poor.groupby("household_id")[name].shift(1)
        assert not (was.eq(True) & ~poor[name]).any(), name


def test_labour_and_standards_of_the_last_year_are_those_of_the_register(
    county: Simulation,
) -> None:
    last = county.household_year[county.household_year["year"] == 2025].set_index("household_id")
    able = county.member["labour"].isin(["ordinary", "skilled"])
    able = able.groupby(county.member["household_id"]).sum()
    assert last["able_members"].eq(able.loc[last.index]).all()
    home = county.household.set_index("household_id").loc[last.index]
    assert last["water_ok"].eq(~home["water_unsafe"]).all()
    assert 0 < (~last["food_ok"]).sum() < 40
    people = county.household_year
    parts = people[["able_members", "weak_members", "ill_members"]]
    assert (parts.ge(0)).all(axis=None)
    assert (parts.le(people["member_count"], axis=0)).all(axis=None)


def test_labour_changes_a_little_from_year_to_year(county: Simulation) -> None:
    table = county.household_year.pivot(
        index="household_id", columns="year", values="able_members"
    ).dropna()
    changed = (table.diff(axis=1).iloc[:, 1:] != 0).mean()
    assert changed.between(0.02, 0.12).all()


def test_recorded_classes_follow_the_facts_but_for_a_few(county: Simulation) -> None:
    income = county.household_year.dropna(subset="recorded_class")
    people = income["member_count"]
    nobody = income["able_members"].add(income["weak_members"]).eq(0)
    strong = (4 * income["able_members"] >= people) & (2 * income["ill_members"] <= people)
    said = income["recorded_class"]
    expected = pd.Series("weak", said.index).mask(strong, "able").mask(nobody, "no_labour")
    classes = {"reliable": "able", "lacking": "able", "can_exit": "weak", "sunk": "weak"}
    assert 0.98 < said.map(classes).fillna("no_labour").eq(expected).mean() < 1
    earned = income["per_capita_net_income_yuan"] > poverty_lines()[income["year"] - 2014]
    five = ["schooling_ok", "medical_ok", "housing_ok", "water_ok"]
    sound = earned & income[five].all(axis=1)
    able = strong & ~nobody
    assert 0.96 < said[able].eq("reliable").eq(sound[able]).mean() < 0.98


def test_classes_move_slowly_once_nobody_is_poor(county: Simulation) -> None:
    table = county.household_year.pivot(
        index="household_id", columns="year", values="recorded_class"
    )
    for year in range(2020, 2025):
        both = table[[year, year + 1]].dropna()
        assert 0.002 < (both[year] != both[year + 1]).mean() < 0.05, year


def test_villages_have_more_land_and_people_than_those_in_need(county: Simulation) -> None:
    last = county.village_year[county.village_year["year"] == 2025].set_index("village_code")
    land = county.household.groupby("village_code")[["farmland_mu", "woodland_mu"]].sum()
    assert (last[land.columns].loc[land.index] >= land - 0.1).all(axis=None)
    assert (last["allowance_people"] + last["disabled_people"] < 0.2 * last["population"]).all()
    assert (last["water_trouble_households"] < 0.05 * last["households"]).all()
    assert last[["clinics", "doctors", "libraries", "bus"]].notna().all(axis=None)
    for name in ("party_branch_ok", "school_near", "doctor_near"):
        grid = county.village_year.pivot(index="village_code", columns="year", values=name)
        assert grid[2020].all() and not grid[2014].all(), name
