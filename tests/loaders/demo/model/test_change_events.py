"""Changes add up: from year to year states and members differ by just what happened."""

from __future__ import annotations

import pandas as pd
import pytest

from loaders.demo import Simulation
from tests.loaders.demo.test_demo import DECEMBER, NOVEMBER, at, simulated

POOR = ["poor", "fell_back"]
CAME, GONE = ["born", "married_in"], ["died", "married_out", "moved_out"]

# What strikes a household: of no number of people.
STRUCK = {"fell_ill", "accident", "disaster", "livelihood_lost"}


@pytest.fixture(params=("611025", "433125"))
def county(request: pytest.FixtureRequest) -> Simulation:
    return simulated(request.param)


def of_kind(county: Simulation, *kinds: str) -> pd.DataFrame:
    events = county.change_event
    events = events[events["change_kind"].isin(kinds)]
    return events.assign(year=events["changed_on"].dt.year)


def test_changes_are_numbered_by_date_and_say_how_many_people(county: Simulation) -> None:
    events = county.change_event
    assert events["event_id"].is_monotonic_increasing and events["event_id"].is_unique
    assert events["changed_on"].is_monotonic_increasing
    assert events["changed_on"].dt.year.between(2014, 2025).all()
    of_nobody = events["change_kind"].isin(["corrected", *STRUCK])
    assert events["people"].isna().eq(of_nobody).all()
    assert events["cost_yuan"].notna().sum() > 100
    assert events.loc[events["cost_yuan"].notna(), "change_kind"].isin(STRUCK).all()
    assert events["people"].min() >= 1


def test_every_registered_household_was_identified_once(county: Simulation) -> None:
    found = of_kind(county, "identified").set_index("household_id")["changed_on"]
    removed = of_kind(county, "removed").set_index("household_id")["changed_on"]
    home = county.household.set_index("household_id")
    listed = home.index[home["registered"]]
    assert set(found.index) == {*listed, *removed.index} and found.index.is_unique
    assert found[listed].eq(home.loc[listed, "identified_on"]).all()
    assert not home.loc[removed.index, "registered"].any()
    assert (removed > found[removed.index]).all()


def test_exits_and_fallings_back_turn_one_years_poor_into_the_nexts(county: Simulation) -> None:
    state = county.household_year.pivot(
        index="household_id", columns="year", values="poverty_state"
    )
    left, back, new = (of_kind(county, kind) for kind in ("exited", "fell_back", "identified"))
    for year in range(2015, 2026):
        before, after = state[year - 1].isin(POOR), state[year].isin(POOR)
        # The rows of 2014 say poor of those, too, who left in that year.
        gone = set(left.loc[left["year"].eq(year), "household_id"])
        if year == 2015:
            gone |= set(left.loc[left["year"].eq(2014), "household_id"])
        come = set(back.loc[back["year"].eq(year), "household_id"])
        come |= set(new.loc[new["year"].eq(year), "household_id"]) & set(state.index[after])
        assert (set(state.index[before]) - gone) | come == set(state.index[after]), year


def test_who_was_exited_last_is_what_the_register_says(county: Simulation) -> None:
    last = of_kind(county, "exited").groupby("household_id")["year"].max()
    exit_year = county.household.set_index("household_id")["exit_year"].dropna()
    assert last.reindex(exit_year.index).eq(exit_year).all()
    assert len(last) == len(exit_year)


def test_members_come_and_go_as_the_counts_say(county: Simulation) -> None:
    counts = county.household_year.pivot(
        index="household_id", columns="year", values="member_count"
    )
    moved = of_kind(county, *CAME, *GONE)
    people = moved["people"].where(moved["change_kind"].isin(CAME), -moved["people"])
    change = people.groupby([moved["household_id"], moved["year"]]).sum().unstack(fill_value=0)
    change = change.reindex(index=counts.index, columns=counts.columns, fill_value=0)
    wanted = counts.diff(axis=1)
    known = wanted.notna()
    assert wanted.where(known, 0).eq(change.where(known, 0)).all(axis=None)
    assert change.where(~known, 0).eq(0).all(axis=None)


def test_who_came_is_a_member_and_who_left_is_in_no_list(county: Simulation) -> None:
    member = county.member.set_index("member_id")
    born, married = of_kind(county, "born"), of_kind(county, "married_in")
    birth = member.loc[born["member_id"], "birth_date"].to_numpy()
    assert (born["changed_on"].to_numpy() == birth).all()
    relation = member.loc[married["member_id"], "relation"]
    assert relation.isin(["spouse", "daughter_in_law"]).mean() > 0.99
    assert (member.loc[married["member_id"], "age"] >= 21).all()
    # A few of the dead are named, for the money that went to them afterwards.
    named = of_kind(county, *GONE).dropna(subset="member_id")
    assert set(named["change_kind"]) == {"died"} and len(named) == 8
    assert not named["member_id"].isin(member.index).any()


def test_in_november_the_changes_of_december_are_not_there() -> None:
    before, after = at(NOVEMBER).change_event, at(DECEMBER).change_event
    assert before["changed_on"].max() <= pd.Timestamp(NOVEMBER)
    new = after[~after["event_id"].isin(before["event_id"])]
    corrected = new["change_kind"].eq("corrected")
    assert 10 < corrected.sum() <= 20 and new.loc[~corrected, "change_kind"].isin(STRUCK).all()
    gone = before[~before["event_id"].isin(after["event_id"])]
    assert gone["household_id"].nunique() == 1
