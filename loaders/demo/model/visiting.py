"""Who helps whom and who came: cadres, pairings, visits, stays in villages, and patrols."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.member_details import SURNAMES, full_names, phone_numbers
from loaders.demo.model.sampling import Rng, apportion, only, pick, some, take

if TYPE_CHECKING:
    from loaders.demo.model.config import County
    from loaders.demo.model.simulate import Simulation

_MOST, _TEAM = 5, 3  # households of one helper, members of a team
_FIRST, _LAST = np.datetime64("2025-08-24"), np.datetime64("2025-12-31")
_QUARTER, _MONTH = (52, 84), (20, 28)  # days between two visits
_WEEKS = np.arange("2025-10-27", "2025-12-29", 7, dtype="datetime64[D]")  # Mondays
_NIGHTS = {"county_cadre": 1, "helper": 2, "team_member": 4, "first_secretary": 4}
_UNITS = ("县农业农村局", "县教育局", "县水利局", "县林业局", "县住建局", "县医保局", "县税务局",
          "县民政局", "县交通局", "镇政府", "镇中心小学", "镇卫生院")  # fmt: skip
_TASKS = ("talked", "measures_reviewed", "data_verified", "home_tidied")
# How many households, cadres or villages are planned to miss a rule, or to be found by a check.
_UNPAIRED, _UNVISITED, _LATE, _TASK, _STRANGER = 40, 80, 25, 150, 60
_OVERLOADED, _NIGHTS_SHORT, _DAYS_SHORT = 20, 60, 30
_TWO_PLACES, _MANY_VISITS, _AT_ONCE = 8, 3, 6
_VISITS_A_DAY, _DAYS_AT_ONCE = 42, 9
_SMALL_TEAMS, _UNPATROLLED, _UNINSPECTED = 4, 6, 5

Planned = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Visiting:
    """The five tables, and who is planned by rule or check."""

    cadre: pd.DataFrame
    pairing: pd.DataFrame
    visit: pd.DataFrame
    stay: pd.DataFrame
    patrol: pd.DataFrame
    planned: Planned


def send(rng: Rng, done: Simulation, spared: Iterable[str]) -> Visiting:
    """Who is sent, paired, and came, up to the last data date; nobody in ``spared`` is planned."""
    planned: Planned = {}
    home = done.household[["household_id", "village_code", "registered"]].reset_index(drop=True)
    home["free"] = ~home["household_id"].isin(set(spared))
    watched = done.monitored_household
    home["monthly"] = home["household_id"].isin(_watched(done))
    open_case = ~watched["cleared"].astype(bool) & watched["identified_on"].notna()
    home["watched"] = home["household_id"].isin(watched["household_id"][open_case])
    cadre = _cadres(rng, home, done.village, done.county, planned)
    pairing = _pairings(rng, home, cadre, planned)
    visit = _visits(rng, home, cadre, pairing, planned)
    visit = _implausible(rng, home, cadre, visit, planned)
    stay = _stays(rng, cadre, planned)
    roster = cadre.drop(columns="order")
    patrol = _patrols(rng, done.village, cadre, planned)
    return Visiting(roster, pairing, visit, stay, patrol, planned)


def _watched(done: Simulation) -> pd.Series:
    """Households that were monitored in the last two months."""
    watched = done.monitored_household
    lately = watched["cleared_on"].to_numpy() >= np.datetime64("2025-10-01")
    return watched["household_id"][~watched["cleared"].astype(bool) | lately]


def _cadres(
    rng: Rng, home: pd.DataFrame, village: pd.DataFrame, county: County, planned: Planned
) -> pd.DataFrame:
    """The roster: teams of every village, helpers by its households, cadres of the county."""
    codes = village["village_code"].to_numpy(dtype=object)
    listed = home[home["registered"]].groupby("village_code").size().reindex(codes, fill_value=0)
    small = some(rng, np.ones(len(codes), dtype=bool), _SMALL_TEAMS)
    planned["station_team"] = list(codes[small])
    team = np.where(small, _TEAM - 1, _TEAM)
    weight = np.where(small, 0.0, listed.to_numpy() + 1.0)
    team = team + apportion(weight, max(0, county.team_members - int(team.sum())))
    helpers = -(-listed.to_numpy() // _MOST)
    more = max(0, county.helpers - int(helpers.sum()))
    helpers = helpers + apportion(listed.to_numpy().astype(float), more)
    sent = take(rng, np.ones(len(codes)), min(county.county_cadres, len(codes)))
    parts = []
    for role, counts in (("team_member", team), ("helper", helpers)):
        of_village = np.repeat(codes, counts)
        order = np.concatenate([np.arange(count) for count in counts])
        parts.append(pd.DataFrame({"village_code": of_village, "cadre_role": role, "order": order}))
    parts.append(
        pd.DataFrame({"village_code": codes[sent], "cadre_role": "county_cadre", "order": 0})
    )
    frame = pd.concat(parts, ignore_index=True)
    first = frame["cadre_role"].eq("team_member") & frame["order"].eq(0)
    n = len(frame)
    surname = pick(rng, SURNAMES, n)
    since = np.datetime64("2021-06-01") + rng.integers(0, 1000, n)
    return frame.assign(
        cadre_role=frame["cadre_role"].mask(first, "first_secretary"),
        cadre_id=[f"GB{county.code}{i:05d}" for i in range(1, n + 1)],
        cadre_name=full_names(rng, surname, rng.random(n) < 0.66, rng.random(n) < 0.4),
        cadre_unit=pick(rng, _UNITS, n),
        cadre_phone=phone_numbers(rng, n),
        since_on=since.astype("datetime64[M]").astype("datetime64[D]"),
    )


def _pairings(rng: Rng, home: pd.DataFrame, cadre: pd.DataFrame, planned: Planned) -> pd.DataFrame:
    """Helpers share a village's registered households, its team those that only are monitored."""
    parts = []
    for registered, roles in ((True, ["helper"]), (False, ["team_member", "first_secretary"])):
        mine = home[home["registered"].eq(registered)].copy()
        mine["turn"] = mine.groupby("village_code").cumcount()
        who = cadre[cadre["cadre_role"].isin(roles)][["village_code", "cadre_id", "order"]]
        count = who.groupby("village_code").size()
        mine["order"] = mine["turn"] % mine["village_code"].map(count)
        parts.append(mine.merge(who, on=["village_code", "order"], how="left"))
    pairs = pd.concat(parts, ignore_index=True).sort_values("household_id", ignore_index=True)
    pairs["cadre_id"] = _overloaded(rng, pairs, cadre, planned)
    unpaired = some(rng, (pairs["free"] & ~pairs["monthly"]).to_numpy(), _UNPAIRED)
    planned["visit_paired"] = pairs["household_id"][unpaired].to_list()
    pairs = pairs[~unpaired].reset_index(drop=True)
    since = cadre.set_index("cadre_id")["since_on"]
    return pairs[["household_id", "village_code", "cadre_id"]].assign(
        paired_on=pairs["cadre_id"].map(since), unpaired_on=pd.NaT
    )


def _overloaded(rng: Rng, pairs: pd.DataFrame, cadre: pd.DataFrame, planned: Planned) -> pd.Series:
    """The helpers of the pairings, where some have taken over what their neighbours had."""
    helper = cadre[cadre["cadre_role"].eq("helper")]
    load = pairs["cadre_id"].value_counts().reindex(helper["cadre_id"]).to_numpy()
    full = (helper["order"].to_numpy() % 2 == 0) & (load >= 3)
    full = full & np.append((load[1:] >= 3) & (helper["order"].to_numpy()[1:] > 0), False)
    chosen = np.flatnonzero(some(rng, full, _OVERLOADED))
    ids = helper["cadre_id"].to_numpy(dtype=object)
    planned["cadre_load"] = list(ids[chosen])
    taken = dict(zip(ids[chosen + 1], ids[chosen], strict=True))
    return pairs["cadre_id"].replace(taken)


def _visits(
    rng: Rng, home: pd.DataFrame, cadre: pd.DataFrame, pairing: pd.DataFrame, planned: Planned
) -> pd.DataFrame:
    """Visits of each household's helper, monthly or quarterly; some came late, or another did."""
    first = cadre[cadre["cadre_role"].eq("first_secretary")].set_index("village_code")["cadre_id"]
    pairs = home.merge(pairing[["household_id", "cadre_id"]], on="household_id", how="left")
    secretary = pairs["village_code"].map(first)
    paired = pairs["cadre_id"].notna().to_numpy()
    free = (pairs["free"] & paired).to_numpy()
    free = free & ~pairs["household_id"].isin(planned["visit_paired"]).to_numpy()
    monthly, listed = pairs["monthly"].to_numpy(), pairs["registered"].to_numpy()
    marks = {}
    for rule, among, count in (
        ("visit_quarter", ~monthly & listed, _UNVISITED),
        ("visit_month_missed", pairs["watched"].to_numpy(), _LATE),
        ("visit_four_tasks", ~monthly & listed, _TASK),
        ("visit_by_helper", ~monthly & listed, _STRANGER),
    ):
        marks[rule] = some(rng, free & among, count)
        free = free & ~marks[rule]
        planned[rule] = pairs["household_id"][marks[rule]].to_list()
    low = np.where(monthly, _MONTH[0], _QUARTER[0])
    high = np.where(monthly, _MONTH[1], _QUARTER[1])
    step = rng.integers(low, high + 1)
    start = _FIRST + rng.integers(0, step)
    who = pairs["cadre_id"].where(paired & ~marks["visit_by_helper"], secretary)
    parts = []
    for turn in range(int((_LAST - _FIRST).astype(int) / _MONTH[0]) + 1):
        day = start + turn * step
        made = (day <= _LAST) & ~(marks["visit_quarter"] & (day > np.datetime64("2025-09-24")))
        made &= ~(marks["visit_month_missed"] & (day > np.datetime64("2025-11-26")))
        parts.append(
            pd.DataFrame(
                {
                    "household_id": pairs["household_id"][made],
                    "village_code": pairs["village_code"][made],
                    "cadre_id": who[made],
                    "visited_on": day[made],
                    **{task: np.ones(int(made.sum()), dtype=bool) for task in _TASKS},
                    "home_tidied": ~marks["visit_four_tasks"][made],
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    often = frame["household_id"].isin(pairs["household_id"][monthly])
    spoken = ~(often & (rng.random(len(frame)) < 0.12))
    entered = frame["visited_on"].to_numpy() + rng.integers(0, 4, len(frame))
    frame = frame.assign(talked=spoken, entered_on=np.minimum(entered, _LAST))
    return frame.sort_values(["visited_on", "household_id"], ignore_index=True)


def _implausible(
    rng: Rng, home: pd.DataFrame, cadre: pd.DataFrame, visit: pd.DataFrame, planned: Planned
) -> pd.DataFrame:
    """The visits with a first secretary's 42 of a day, and with weeks entered in one go."""
    day = np.datetime64("2025-12-11")
    unplanned = home["free"] & ~home["household_id"].isin(
        [one for key in ("visit_quarter", "visit_month_missed", "visit_four_tasks", "visit_paired")
         for one in planned[key]]
    )  # fmt: skip
    size = home[unplanned].groupby("village_code").size()
    villages = size.index[size >= 2 * _VISITS_A_DAY].to_numpy(dtype=object)
    chosen = villages[some(rng, np.ones(len(villages), dtype=bool), _MANY_VISITS)]
    first = cadre[cadre["cadre_role"].eq("first_secretary")].set_index("village_code")["cadre_id"]
    planned["cadre_many_visits"] = list(first[chosen])
    added = home[unplanned & home["village_code"].isin(chosen)]
    added = added.groupby("village_code").head(_VISITS_A_DAY)
    rows = added[["household_id", "village_code"]].assign(
        cadre_id=added["village_code"].map(first),
        visited_on=day,
        entered_on=day,
        **dict.fromkeys(_TASKS, True),
    )
    visit = pd.concat([visit, rows[visit.columns]], ignore_index=True)
    late = visit["visited_on"].to_numpy() > np.datetime64("2025-10-05")
    days = visit[late].groupby("cadre_id")["visited_on"].nunique()
    busy = days.index[days >= _DAYS_AT_ONCE].to_numpy(dtype=object)
    busy = busy[~np.isin(busy, planned["cadre_many_visits"])]
    at_once = busy[some(rng, np.ones(len(busy), dtype=bool), _AT_ONCE)]
    planned["cadre_entered_at_once"] = list(at_once)
    mine = visit["cadre_id"].isin(at_once).to_numpy() & late
    entered = np.where(mine, np.datetime64("2025-12-30"), visit["entered_on"].to_numpy())
    visit = visit.assign(entered_on=np.maximum(entered, visit["visited_on"].to_numpy()))
    return visit.drop_duplicates(["household_id", "cadre_id", "visited_on"], ignore_index=True)


def _stays(rng: Rng, cadre: pd.DataFrame, planned: Planned) -> pd.DataFrame:
    """A stay a week of the length that is owed; some leave weeks out, some are elsewhere too."""
    n, weeks = len(cadre), len(_WEEKS)
    nights = cadre["cadre_role"].map(_NIGHTS).to_numpy()
    short = some(rng, np.ones(n, dtype=bool), _NIGHTS_SHORT + _DAYS_SHORT)
    days = some(rng, short, _DAYS_SHORT)
    ids = cadre["cadre_id"].to_numpy(dtype=object)
    planned["cadre_nights"] = list(ids[short])
    team = nights >= _TEAM + 1
    # Whoever leaves out one week of four lacks a day too where five are owed, or half of them.
    planned["cadre_days"] = list(ids[days & (nights > 1) | (short & team)])
    at = np.repeat(np.arange(n), weeks)
    week = np.tile(np.arange(weeks), n)
    skipped = (short[at] & (week % 4 == 3)) | (days[at] & (week % 2 == 1))
    at, week = at[~skipped], week[~skipped]
    latest = np.where(nights[at] >= 4, 1, 7 - nights[at])
    arrived = _WEEKS[week] + rng.integers(0, latest)
    own = pd.DataFrame(
        {
            "cadre_id": ids[at],
            "village_code": cadre["village_code"].to_numpy(dtype=object)[at],
            "arrived_on": arrived,
            "left_on": arrived + nights[at],
        }
    )
    twice = some(rng, ~short, _TWO_PLACES)
    planned["cadre_two_places"] = list(ids[twice])
    again = own[own["cadre_id"].isin(ids[twice]) & own["arrived_on"].ge(pd.Timestamp("2025-12-15"))]
    again = again.drop_duplicates("cadre_id")
    other = cadre["village_code"].drop_duplicates().to_numpy(dtype=object)
    there = dict(zip(other, np.roll(other, 1), strict=True))
    again = again.assign(village_code=again["village_code"].map(there))
    return pd.concat([own, again], ignore_index=True).sort_values(
        ["arrived_on", "cadre_id"], ignore_index=True
    )


def _patrols(
    rng: Rng, village: pd.DataFrame, cadre: pd.DataFrame, planned: Planned
) -> pd.DataFrame:
    """A patrol a month and an inspection a quarter in every village; some were left out."""
    codes = village["village_code"].to_numpy(dtype=object)
    n = len(codes)
    missed = {
        "station_patrolled": some(rng, np.ones(n, dtype=bool), _UNPATROLLED),
        "station_inspected": some(rng, np.ones(n, dtype=bool), _UNINSPECTED),
    }
    for rule, which in missed.items():
        planned[rule] = list(codes[which])
    names = cadre["cadre_name"][cadre["cadre_role"].eq("county_cadre")].to_numpy(dtype=object)
    parts = []
    for kind, rule, months in (
        ("patrol", "station_patrolled", ("2025-09", "2025-10", "2025-11", "2025-12")),
        ("inspection", "station_inspected", ("2025-08", "2025-11")),
    ):
        for month in months:
            went = ~missed[rule] if month in ("2025-12", "2025-11") else np.ones(n, dtype=bool)
            first = np.datetime64(month, "M").astype("datetime64[D]")
            absent = rng.choice([0, 1, 2], n, p=[0.93, 0.05, 0.02])
            rows = pd.DataFrame(
                {
                    "village_code": codes,
                    "patrol_kind": kind,
                    "patrolled_on": first + rng.integers(0, 28, n),
                    "patroller": pick(rng, names, n),
                    "absent_people": absent.astype(float),
                    "finding": only(absent > 0, np.full(n, "工作队员不在岗", dtype=object)),
                }
            )
            parts.append(rows[went])
    return pd.concat(parts, ignore_index=True)
