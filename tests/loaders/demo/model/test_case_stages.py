"""How far cases have come: most in time, some late, some open at every step."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from loaders.demo import Simulation
from tests.loaders.demo.test_demo import DECEMBER, NOVEMBER, at, simulated

STEPS = ["clue_on", "home_checked_on", "notice_on", "township_checked_on", "identified_on"]
COUNTS = {"clue_on": 14, "home_checked_on": 10, "notice_on": 12, "township_checked_on": 8}


@pytest.fixture(params=("611025", "433125"))
def county(request: pytest.FixtureRequest) -> Simulation:
    return simulated(request.param)


def decided(county: Simulation) -> pd.DataFrame:
    return county.monitored_household.dropna(subset="identified_on")


def open_ones(county: Simulation) -> pd.DataFrame:
    watched = county.monitored_household
    return watched[watched["identified_on"].isna()]


def days(frame: pd.DataFrame, first: str, last: str) -> pd.Series:
    return (frame[last] - frame[first]).dt.days


def test_most_cases_are_decided_and_helped_in_time_and_some_late(county: Simulation) -> None:
    done = decided(county)
    assert 0.02 < (days(done, "clue_on", "identified_on") > 15).mean() < 0.1
    assert 0.01 < (days(done, "notice_on", "township_checked_on") < 5).mean() < 0.05
    assert 0.01 < (days(done, "identified_on", "measures_on") > 30).mean() < 0.05
    # Half of those decided in the last month, and ten that have waited longer.
    waiting = done["measures_on"].isna()
    last = done["identified_on"] >= "2025-12-01"
    assert 0 < (waiting & last).sum() < last.sum()
    assert 8 <= (waiting & ~last).sum() <= 10
    assert not done.loc[waiting, "cleared"].any()
    assert set(done.loc[waiting, "development_measure"]) <= {"planned", "none"}


def test_open_cases_stand_at_every_step_and_some_wait_too_long(county: Simulation) -> None:
    begun = open_ones(county)
    taken = begun[STEPS].notna().sum(axis=1)
    assert taken.value_counts().to_dict() == dict(enumerate(COUNTS.values(), start=1))
    for first, second in pairwise(STEPS):
        assert begun[first].notna()[begun[second].notna()].all()
        assert (days(begun, first, second).dropna() >= 1).all()
    waited = (pd.Timestamp("2025-12-31") - begun["clue_on"]).dt.days
    assert 0.2 < (waited > 15).mean() < 0.6
    assert begun[STEPS].max().max() <= pd.Timestamp("2025-12-30")


def test_open_cases_are_registered_households_not_yet_in_the_register_of_the_watched(
    county: Simulation,
) -> None:
    begun = open_ones(county)
    home = county.household.set_index("household_id").loc[begun["household_id"]]
    assert home["registered"].all() and home["monitor_kind"].isna().all()
    assert not begun["cleared"].any()
    assert begun[["clue_source", "risk_1", "contact_name", "contact_phone"]].notna().all(axis=None)
    planned = {i for ids in county.expected_findings.values() for i in ids}
    assert not planned & set(begun["household_id"])


def test_what_was_decided_in_december_was_open_in_november() -> None:
    before, after = at(NOVEMBER), at(DECEMBER)
    late = decided(after)[decided(after)["identified_on"] > pd.Timestamp(NOVEMBER)]
    known = late[late["household_id"].isin(before.household["household_id"])]
    assert len(known) == 10
    assert set(known["household_id"]) <= set(open_ones(before)["household_id"])
    steps = before.monitored_household[[*STEPS, "measures_on", "cleared_on"]]
    assert steps.max().max() <= pd.Timestamp(NOVEMBER)


def test_households_with_a_suspicion_keep_their_steps() -> None:
    late = simulated().expected_findings["monitored_measure_late"]
    rows = decided(simulated()).set_index("household_id").loc[late]
    assert days(rows, "identified_on", "measures_on").between(1, 30).all()
