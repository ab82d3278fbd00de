"""Simulated people could live, and cannot be anybody."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loaders.demo import Simulation
from loaders.demo.model.config import DATA
from loaders.demo.model.member_details import with_check_digit
from tests.loaders.demo.test_demo import simulated

FEMALE = {"daughter", "daughter_in_law", "granddaughter", "mother"}
MALE = {"son", "grandson", "father"}


@pytest.fixture(params=("611025", "433125"))
def county(request: pytest.FixtureRequest) -> Simulation:
    return simulated(request.param)


def orderly(done: Simulation) -> pd.DataFrame:
    """Members of the households whose heads were not confused on purpose."""
    odd = {*done.expected_mess["headless"], *done.expected_mess["two_heads"]}
    return done.member[~done.member["household_id"].isin(odd)]


def test_no_identity_number_can_be_anyones(county: Simulation) -> None:
    numbers = county.member["identity_number"]
    prefix = county.county.identity_prefix
    assert numbers.str.startswith(prefix).all()
    # The second pair of digits is a prefecture's; 99 is none, here or anywhere.
    assert prefix[2:4] == "99"
    real = {path.name[:6] for path in (DATA / "reference" / "divisions").glob("*.csv")}
    assert prefix not in real


def test_identity_numbers_are_valid_unique_and_say_sex_and_birth(county: Simulation) -> None:
    member = county.member
    number = member["identity_number"].str[:18]
    assert number.is_unique
    assert (with_check_digit(number.str[:17].to_list()) == number).all()
    assert (number.str[6:14] == member["birth_date"].dt.strftime("%Y%m%d")).all()
    odd = number.str[16].astype(int) % 2 == 1
    assert odd.eq(member["sex"].eq("male")).all()
    assert not number.str[14:17].eq("000").any()
    longer = member["identity_number"].str.len() > 18
    assert set(member.loc[longer, "health"]) == {"disabled"}
    assert set(member["identity_number"].str.len()) == {18, 20}


def test_the_check_digit_of_a_published_example() -> None:
    # The example number of GB 11643-1999.
    assert list(with_check_digit(["11010519491231002"])) == ["11010519491231002X"]


def test_phone_numbers_were_never_given_out(county: Simulation) -> None:
    for phones in (county.member["phone"].dropna(), county.household["phone"]):
        assert phones.str.fullmatch(r"1000\d{7}").all()
    assert 0.5 < county.member["phone"].notna().mean() < 0.9


def test_one_head_mostly_and_it_is_the_first_named(county: Simulation) -> None:
    heads = county.member["relation"].eq("head").groupby(county.member["household_id"]).sum()
    assert (heads == 1).mean() > 0.997
    assert set(heads.index[heads == 0]) == set(county.expected_mess["headless"])
    assert set(heads.index[heads == 2]) == set(county.expected_mess["two_heads"])
    first = county.member.drop_duplicates("household_id").set_index("household_id")["name"]
    home = county.household.set_index("household_id")["head_name"]
    assert home.eq(first.loc[home.index]).all()


def test_member_count_is_that_of_the_lists_and_of_the_last_year(county: Simulation) -> None:
    listed = county.member.groupby("household_id").size()
    home = county.household.set_index("household_id")["member_count"]
    assert home.eq(listed.loc[home.index]).all()
    last = county.household_year[county.household_year["year"] == 2025]
    assert last.set_index("household_id")["member_count"].eq(home).all()
    assert county.household_year["member_count"].min() >= 1


def test_households_change_in_size_over_the_years(county: Simulation) -> None:
    spread = county.household_year.groupby("household_id")["member_count"].agg(np.ptp)
    assert 0.3 < (spread > 0).mean() < 0.8


def test_relations_agree_with_sex_and_age(county: Simulation) -> None:
    member = orderly(county)
    assert set(member.loc[member["relation"].isin(FEMALE), "sex"]) == {"female"}
    assert set(member.loc[member["relation"].isin(MALE), "sex"]) == {"male"}
    head = member.loc[member["relation"] == "head", ["household_id", "age", "sex"]]
    member = member.merge(head, on="household_id", suffixes=("", "_head"))
    gap = member["age_head"] - member["age"]
    child, parent = (
        member["relation"].isin({"son", "daughter"}),
        member["relation"].isin({"father", "mother"}),
    )
    assert gap[child].between(16, 55).all()
    assert (-gap[parent]).between(18, 45).all()
    assert gap[member["relation"].isin({"grandson", "granddaughter"})].min() > 35
    spouse = member["relation"] == "spouse"
    assert (member["sex"] != member["sex_head"])[spouse].all()
    assert gap[spouse].abs().max() < 25


def test_ages_agree_with_birth_dates_at_the_data_date(county: Simulation) -> None:
    born = county.member["birth_date"]
    assert (2025 - born.dt.year).eq(county.member["age"]).all()
    assert county.member["age"].between(0, 99).all()


def test_old_people_live_alone_and_in_couples(county: Simulation) -> None:
    facts = county.member.groupby("household_id")["age"].agg(["min", "size"])
    old = facts[facts["min"] >= 60]
    assert old["size"].eq(1).sum() > 150
    assert old["size"].eq(2).sum() > 300


def test_health_has_the_shares_asked_for(county: Simulation) -> None:
    shares = county.member["health"].value_counts(normalize=True)
    wanted = {"chronic": 0.09, "disabled": 0.07, "major_illness": 0.03}
    assert {k: shares[k] for k in wanted} == pytest.approx(wanted, abs=0.002)
    older = county.member["age"] >= 60
    ill = county.member["health"].ne("healthy")
    assert ill[older].mean() > 2 * ill[~older].mean()


def test_school_labour_and_work_fit_the_age(county: Simulation) -> None:
    member = county.member
    pupil = member["school_status"].isin(["primary", "grade_7", "grade_8", "grade_9"])
    assert member.loc[pupil, "age"].between(6, 14).all()
    assert (pupil | member["dropout_reason"].notna())[member["age"].between(6, 14)].all()
    assert member.loc[member["school_status"] == "college", "age"].between(18, 21).all()
    assert set(member.loc[member["age"] < 16, "labour"]) == {"none"}
    works = member["work_months"] > 0
    assert set(member.loc[works, "labour"]) == {"ordinary", "skilled", "weak"}
    assert set(member.loc[works, "school_status"]) == {"none"}
    assert member["work_months"].between(0, 12).all()
    away = member["relation"].isin({"son", "daughter", "daughter_in_law"})
    assert (member["work_months"] >= 6)[away & member["age"].between(22, 50)].mean() > 0.4


def test_completed_schooling_is_told_of_those_no_longer_at_school(county: Simulation) -> None:
    member = county.member
    at_school = member["school_status"].ne("none") & member["age"].ge(6)
    assert member["education"].isna().eq(at_school).all()
    old, young = member["age"].ge(60), member["age"].between(25, 40)
    unlettered = member["education"].eq("illiterate")
    assert unlettered[old].mean() > 5 * unlettered[young].mean()


def test_peoples_of_the_hui_townships() -> None:
    member = simulated().member
    hui = member["ethnicity"].eq("回族")
    township = member["village_code"].str[:9]
    assert hui[township.isin(["611025105", "611025106"])].mean() > 0.3
    assert hui[~township.isin(["611025105", "611025106"])].mean() < 0.03


def test_risks_have_a_member_behind_them(county: Simulation) -> None:
    watched = county.monitored_household
    sick = county.member.loc[
        county.member["health"].isin(["major_illness", "chronic"]), "household_id"
    ]
    for field in ("risk_1", "risk_2"):
        named = watched.loc[watched[field] == "illness", "household_id"]
        assert named.isin(sick).all(), field
