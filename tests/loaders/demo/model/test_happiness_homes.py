"""The simulated happiness homes: the published figures, who lives where, and what is planned."""

from __future__ import annotations

import pandas as pd
import pytest

from loaders.demo.model.simulate import Simulation
from tests.loaders.demo.test_demo import simulated


@pytest.fixture(scope="module")
def county() -> Simulation:
    return simulated()


@pytest.fixture(scope="module")
def lives(county: Simulation) -> pd.DataFrame:
    """Who lives in a home, with the home's village."""
    resident = county.home_resident[county.home_resident["left_home_on"].isna()]
    home = county.happiness_home.set_index("home_id")["village_code"].rename("home_village")
    return resident.join(home, on="home_id")


def test_the_published_figures_are_held(county: Simulation, lives: pd.DataFrame) -> None:
    """S0: 116 homes, 968 households, 1,704 people; 1,059 households and 2,882 people surveyed."""
    assert len(county.happiness_home) == 116
    assert (len(lives), lives["home_people"].sum()) == (968, 1704)
    surveyed = county.home_applicant
    assert (len(surveyed), surveyed["surveyed_people"].sum()) == (1059, 2882)
    assert set(lives["household_id"]) <= set(surveyed["household_id"])


def test_a_home_takes_households_of_its_township(lives: pd.DataFrame) -> None:
    assert lives["village_code"].str[:9].eq(lives["home_village"].str[:9]).all()
    assert lives["village_code"].eq(lives["home_village"]).mean() > 0.4, "its own village first"


def test_homes_beyond_the_limits_are_those_planned(county: Simulation, lives: pd.DataFrame) -> None:
    size = lives.groupby("home_id").size()
    odd = size.index[~size.between(8, 30)]
    assert set(odd) == set(county.expected_gaps["home_size"]) and size.max() == 31
    assert county.happiness_home["village_code"].is_unique


def test_more_people_than_the_household_has_are_those_planned(
    county: Simulation, lives: pd.DataFrame
) -> None:
    count = county.household.set_index("household_id")["member_count"]
    over = lives["home_people"] > lives["household_id"].map(count)
    planned = county.expected_gaps["household_home_people_over"]
    assert set(lives["household_id"][over]) == set(planned)


def test_steps_follow_one_another_but_for_those_planned(county: Simulation) -> None:
    dates = ["surveyed_on", "applied_on", "village_notice_on", "township_notice_on", "reviewed_on",
             "decided_on"]  # fmt: skip
    known = county.home_applicant.dropna(subset=dates)
    steps = known[dates].to_numpy()
    turned = (steps[:, 1:] < steps[:, :-1]).any(axis=1)
    odd = set(known["household_id"][turned])
    assert odd == set(county.expected_gaps["home_steps_in_order"])


def test_some_lack_one_item_and_some_two(county: Simulation) -> None:
    """The house beside them is told by the roster."""
    counted = pd.Series(
        [one for key in ("package_grain", "package_trees", "package_pv", "package_income")
         for one in county.expected_gaps[key]]
    ).value_counts()  # fmt: skip
    assert (counted == 2).sum() == 12 and counted.max() == 2
    assert len(county.package_holding) == len(county.home_applicant)
