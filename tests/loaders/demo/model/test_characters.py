"""The simulated county is as uneven as a real one: townships, villages, a flood, the seasons."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loaders.demo import Simulation
from loaders.demo.model import characters, ledgers
from tests.loaders.demo.test_demo import simulated


@pytest.fixture(params=("611025", "433125"))
def county(request: pytest.FixtureRequest) -> Simulation:
    return simulated(request.param)


def townships(done: Simulation, name: str) -> list[str]:
    return done.county.characters[name]


def ordinary(done: Simulation) -> list[str]:
    named = [town for mine in done.county.characters.values() for town in mine]
    return sorted({*done.village["township_code"]} - {*named})


def entries(done: Simulation) -> pd.DataFrame:
    """The entries with their township, whether each is closed, overdue and stands."""
    found = ledgers.causes(
        done.household,
        done.member,
        done.household_year,
        done.relocation,
        done.monitored_household,
    )
    entry = done.ledger_entry
    of_group = {group: entry["household_id"].isin(ids.index) for group, ids in found.items()}
    stands = sum(entry["group_key"].eq(group) & of_group[group] for group in ledgers.GROUPS)
    closed = entry["closed_on"].notna()
    return entry.assign(
        town=entry["village_code"].str[:9],
        closed=closed,
        overdue=~closed & entry["due_on"].lt("2025-12-31"),
        standing=closed & stands.astype(bool) & entry["group_key"].ne(ledgers.NEVER_OVER),
    )


def income(done: Simulation, digits: int) -> pd.DataFrame:
    """Yuan a person by place (its code's digits) and year."""
    rows = done.household_year
    keys = [rows["village_code"].str[:digits], "year"]
    total = rows.groupby(keys)[["net_income_yuan", "member_count"]].sum()
    return (total["net_income_yuan"] / total["member_count"]).unstack()


def test_townships_close_and_are_late_as_differently_as_they_work(county: Simulation) -> None:
    rate = entries(county).groupby("town")[["closed", "overdue"]].mean()
    closed, overdue = rate["closed"], rate["overdue"]
    assert closed.max() - closed.min() > 0.4
    weak, strong = townships(county, "weak"), townships(county, "strong")
    assert closed[weak].max() < closed[ordinary(county)].median()
    assert overdue[weak].min() > 2 * overdue[ordinary(county)].max()
    assert overdue[strong].max() < 0.03


def test_townships_that_close_on_paper_have_the_most_that_still_stands(county: Simulation) -> None:
    entry = entries(county)
    share = entry.groupby("town")["standing"].mean().sort_values()
    paper = townships(county, "on_paper")
    assert set(share.index[-2:]) == set(paper) and share.iloc[-2] > 1.25 * share.iloc[-3]
    mine = entry[entry["closed"]]
    bare = mine["measure"].isna().groupby(mine["town"]).mean()
    assert bare[paper].min() > 0.4 and bare.drop(paper).max() < 0.15


def test_improving_townships_have_closed_since_last_summer(county: Simulation) -> None:
    done = entries(county).query("closed")
    late = (done["closed_on"] >= "2025-06-15").groupby(done["town"]).mean()
    assert late[townships(county, "improving")].eq(1).all()
    assert late[ordinary(county)].max() < 0.85


def test_incomes_of_some_villages_fall_and_more_in_the_year_of_the_flood(
    county: Simulation,
) -> None:
    change = income(county, 12).pct_change(axis=1)
    fell = (change < 0).mean()
    flood = county.county.flood["year"]
    assert 0.12 < fell[flood] < 0.25
    assert fell[2025] > 0.03 and fell.loc[2015:2019].max() < 0.02


def test_incomes_of_townships_grow_apart(county: Simulation) -> None:
    level = income(county, 9)
    growth = level.pct_change(axis=1) * 100
    assert np.ptp(growth[2023]) > 5
    since = level[2023] / level[2019]
    strong, weak = townships(county, "strong"), townships(county, "weak")
    assert since[strong].mean() > since[ordinary(county)].mean() > since[weak].mean()


def test_the_flood_is_seen_in_incomes_cases_and_events(county: Simulation) -> None:
    wet = characters.flooded(county.village, county.county)
    year, month = county.county.flood["year"], characters.flood_month(county.county)
    assert len(wet) == county.county.flood["villages"] == 20
    change = income(county, 12).pct_change(axis=1)
    assert (change.loc[wet, year] < 0).all() and (change.loc[wet, year + 1] > 0.05).all()
    assert (change.drop(wet)[year] < 0).mean() < 0.15

    events = county.change_event
    there = events["change_kind"].eq("disaster") & events["village_code"].isin(wet)
    assert (there & events["changed_on"].dt.to_period("M").eq(str(month))).sum() >= 100
    watched = county.monitored_household
    since = watched["identified_on"].to_numpy().astype("datetime64[M]")
    after = watched["village_code"].isin(wet) & (since >= month) & (since < month + 3)
    assert after.sum() >= 12 and watched.loc[after, "risk_1"].eq("disaster").all()
    assert watched.loc[after, "risk_2"].eq("unsafe_housing").any()
    entry = county.ledger_entry
    drop = entry[entry["group_key"].eq("income_drop") & entry["village_code"].isin(wet)]
    opened = drop["opened_on"].to_numpy().astype("datetime64[M]")
    assert ((opened >= month) & (opened < month + 3)).mean() > 0.5


def test_entries_are_opened_by_season(county: Simulation) -> None:
    opened = county.ledger_entry["opened_on"].dt.month.value_counts()
    assert opened[[3, 4, 8]].min() > 2 * opened[[1, 2, 12]].max()


def test_payments_come_as_regularly_as_townships_work() -> None:
    """By the sheets, up to November: what did not come at all, or more than ten days late."""
    done = simulated()
    rows = done.monthly_payment[done.monthly_payment["month_on"].lt("2025-12-01")]
    days = (rows["paid_on"] - rows["month_on"] - pd.Timedelta(days=30)).dt.days
    behind = (rows["month_paid_yuan"].eq(0) | days.gt(11)).groupby(rows["village_code"].str[:9])
    share = behind.mean()
    assert share[townships(done, "weak")].mean() > 2 * share[ordinary(done)].mean()
    assert share[townships(done, "strong")].max() < share[ordinary(done)].median()


def test_chances_add_up_and_none_is_above_one() -> None:
    found = characters.chances(np.array([0.0, 1.0, 2.0, 50.0]), 2.0)
    assert found == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert characters.chances(np.array([0.0, 1.0, 3.0]), 5.0) == pytest.approx([0, 1, 1])
