"""Who was surveyed and chosen for a home, who lives there, and what each has of “211130”."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.member_details import CAN_WORK
from loaders.demo.model.sampling import Rng, apportion, only, pick, some, take_sum

if TYPE_CHECKING:
    from loaders.demo.model.config import County
    from loaders.demo.model.simulate import Simulation

_FLOOR_M2, _PERSON_M2 = 40, 20
# Households of homes that are planned to miss a step, in the order of the steps.
_STEPS = {
    "home_applied": ("applied_on", 5),
    "home_village_notice": ("village_notice_on", 8),
    "home_township_notice": ("township_notice_on", 6),
    "home_reviewed": ("reviewed_on", 10),
    "home_decided": ("decided_on", 4),
}
_DATES = ("applied_on", "village_notice_on", "township_notice_on", "reviewed_on", "decided_on")
_REVERSED, _EARLY, _OVER, _CRAMPED, _UNENTITLED, _CROWDED = 5, 7, 5, 14, 6, 10
_RELOCATED = 6  # households that were relocated and live in a home too
# What a household has of the package beside its house, and how many lack that alone.
_ITEMS = {"package_grain": 22, "package_trees": 26, "package_pv": 34, "package_income": 28}
_LACK_TWO = 12
_UNFIT_SHARE, _LEFT_SHARE = 0.33, 0.2  # of the surveyed who live in no home
_LAST_MOVE = np.datetime64("2025-11-20")
_UNSAFE = {"dangerous": 6, "cave": 3, "none": 1}
_LEFT = {"relatives": 5, "old_age_home": 4, "own_house": 2, "other": 1}

Planned = dict[str, list[str]]


def _candidates(done: Simulation, spared: set[str]) -> pd.DataFrame:
    """Households with how likely each is to be surveyed (``weight``): the weakest first."""
    member = done.member[["household_id", "age"]].assign(
        able=done.member["labour"].isin(CAN_WORK[:2])
    )
    people = member.groupby("household_id").agg(
        size=("able", "size"), able=("able", "sum"), oldest=("age", "max")
    )
    home = done.household[["household_id", "village_code", "registered", "relocated", "exit_year",
                           "member_count", "floor_area_m2", "monitor_kind"]]  # fmt: skip
    home = home.join(people, on="household_id").reset_index(drop=True)
    weight = np.select([home["able"].eq(0), home["able"].eq(1)], [6.0, 0.3], 0.0)
    known = home["registered"] & home["size"].between(1, 6) & home["size"].eq(home["member_count"])
    # One old person alone dies out between the two data dates.
    gone = home["size"].eq(1) & home["oldest"].ge(85) & home["exit_year"].eq(2018)
    fit = known & ~gone & home["monitor_kind"].isna() & ~home["household_id"].isin(spared)
    return home.assign(weight=np.where(fit, weight, 0.0))


def surveyed(rng: Rng, done: Simulation, homes: pd.DataFrame, spared: set[str]) -> pd.DataFrame:
    """The surveyed households, so many a township that its homes fill; ``village_code``, ``size``,
    ``relocated``, ``floor_area_m2``."""
    county = done.county
    found = _candidates(done, spared)
    town = homes["village_code"].str[:9].to_numpy()
    towns, at = np.unique(town, return_inverse=True)
    wanted = np.bincount(at, homes["size"]).astype(int)
    wanted += apportion(wanted * 1.0, county.surveyed_households - county.home_households)
    people = apportion(wanted * 1.0, county.surveyed_people)
    twice = found["relocated"].to_numpy(dtype=bool)
    where = []
    for i, code in enumerate(towns):
        mine = np.flatnonzero(found["village_code"].str[:9].eq(code) & found["weight"].gt(0))
        few = some(rng, twice[mine], 1 if i < _RELOCATED else 0)
        mine = mine[~twice[mine] | few]
        weight = found["weight"].to_numpy()[mine] * np.where(twice[mine], 1e9, 1.0)
        size = found["size"].to_numpy()[mine]
        where.append(mine[take_sum(rng, weight, size, int(wanted[i]), int(people[i]))])
    return found.iloc[np.concatenate(where)].reset_index(drop=True)


def housed(rng: Rng, chosen: pd.DataFrame, homes: pd.DataFrame, planned: Planned) -> pd.DataFrame:
    """Who lives in which home (``home_id``), and who may (``old_dwelling``, ``three_without``)."""
    n = len(chosen)
    place = np.full(n, None, dtype=object)
    turn = rng.random(n)
    villages = chosen["village_code"].to_numpy(dtype=object)
    towns = chosen["village_code"].str[:9].to_numpy(dtype=object)
    twice = chosen["relocated"].to_numpy(dtype=bool)
    rooms = homes.sort_values("size", kind="stable")
    for home_id, village, size in rooms[["home_id", "village_code", "size"]].itertuples(
        index=False
    ):
        free = np.flatnonzero((place == None) & (towns == village[:9]))  # noqa: E711
        key = turn[free] - (villages[free] == village) - 2.0 * twice[free]
        place[free[np.argsort(key, kind="stable")[:size]]] = home_id
    lives = np.array([one is not None for one in place])
    planned["household_home_and_relocated"] = chosen["household_id"][lives & twice].to_list()
    unentitled = some(rng, lives & ~twice, _UNENTITLED)
    unfit = unentitled | some(rng, ~lives, int(_UNFIT_SHARE * (~lives).sum()))
    safe = unfit & (rng.random(n) < 0.6)
    left = some(rng, ~lives & ~unfit, int(_LEFT_SHARE * (~lives).sum()))
    ids = chosen["household_id"]
    planned["home_unentitled"] = ids[unentitled].to_list()
    planned["home_unhoused"] = ids[~lives & ~unfit & ~left].to_list()
    return chosen.assign(
        home_id=place,
        lives=lives,
        left=left,
        odd=unentitled | (lives & twice),
        old_dwelling=np.where(safe, "safe", pick(rng, _UNSAFE, n)),
        three_without=~unfit | safe,
    )


def paths(
    rng: Rng, chosen: pd.DataFrame, home: pd.DataFrame, planned: Planned
) -> tuple[pd.DataFrame, np.ndarray]:
    """The survey with the dates of each step, and when each household moved in (NaT: never)."""
    n = len(chosen)
    lives = chosen["lives"].to_numpy()
    there = lives | chosen["left"].to_numpy()
    opened = chosen["home_id"].map(home.set_index("home_id")["home_built_on"]).to_numpy()
    opened = np.where(np.isnat(opened), np.datetime64("2019-06-01"), opened).astype("datetime64[D]")
    later = there & (rng.random(n) < 0.12)
    begun = opened - rng.integers(150, 300, n)
    begun = np.where(later, np.datetime64("2021-01-01") + rng.integers(0, 1500, n), begun)
    surveyed = begun - rng.integers(20, 60, n)
    steps = np.cumsum(np.vstack([np.zeros(n, dtype=int), rng.integers(8, 22, (4, n))]), axis=0)
    dates = dict(zip(_DATES, begun + steps, strict=True))
    moved = np.maximum(opened, dates["decided_on"]) + rng.integers(5, 60, n)
    moved = np.minimum(moved, _LAST_MOVE)
    reached = np.where(
        there, len(_DATES), rng.choice([0, 1, 2, 3, 4], n, p=[0.3, 0.3, 0.2, 0.1, 0.1])
    )
    departments = _skipped(rng, chosen, dates, moved, reached, planned)
    reviewed = ~np.isnat(dates["reviewed_on"])
    frame = chosen[["household_id", "village_code"]].assign(
        surveyed_people=chosen["size"],
        old_dwelling=chosen["old_dwelling"],
        three_without=chosen["three_without"],
        surveyed_on=surveyed,
        review_departments=np.where(reviewed, departments, np.nan),
        **dates,
    )
    return frame, np.where(there, moved, np.datetime64("NaT")).astype("datetime64[D]")


def _skipped(
    rng: Rng,
    chosen: pd.DataFrame,
    dates: dict[str, np.ndarray],
    moved: np.ndarray,
    reached: np.ndarray,
    planned: Planned,
) -> np.ndarray:
    """Leave out of ``dates`` the steps that are planned to be missed and those not ``reached``;
    how many departments reviewed each."""
    n = len(chosen)
    free = (chosen["lives"] & ~chosen["odd"]).to_numpy(dtype=bool)
    ids = chosen["household_id"]

    def planned_for(key: str, count: int) -> np.ndarray:
        nonlocal free
        found = some(rng, free, count)
        free = free & ~found
        planned[key] = ids[found].to_list()
        return found

    departments = np.full(n, 8)
    early = planned_for("household_home_before_decision", _EARLY)
    dates["decided_on"] = np.where(early, moved + rng.integers(20, 90, n), dates["decided_on"])
    swapped = planned_for("home_steps_in_order", _REVERSED)
    village, town = dates["village_notice_on"], dates["township_notice_on"]
    dates["village_notice_on"] = np.where(swapped, town, village)
    dates["township_notice_on"] = np.where(swapped, village, town)
    for i, (key, (column, count)) in enumerate(_STEPS.items()):
        skipped = planned_for(key, count)
        if key == "home_reviewed":
            few = skipped & (np.arange(n) % 2 == 0)
            departments = np.where(few, rng.integers(4, 8, n), departments)
            skipped = skipped & ~few
        lost = skipped | (reached <= i)
        dates[column] = np.where(lost, np.datetime64("NaT"), dates[column])
    return departments


def residents(
    rng: Rng, chosen: pd.DataFrame, moved: np.ndarray, county: County, planned: Planned
) -> pd.DataFrame:
    """The roster: so many people in homes as the county's target says, and those who left."""
    n = len(chosen)
    lives, left = chosen["lives"].to_numpy(), chosen["left"].to_numpy()
    size, ids = chosen["size"].to_numpy(), chosen["household_id"]
    taken = {one for key in (*_STEPS, "home_steps_in_order", "household_home_before_decision")
             for one in planned[key]}  # fmt: skip
    free = lives & ~chosen["odd"].to_numpy() & ~ids.isin(taken).to_numpy()
    over = some(rng, free & (size <= 2), _OVER)
    people = np.where(over, size + 1, 1)
    slots = np.repeat(np.arange(n), np.where(lives & ~over, size - 1, 0))
    more = county.home_people - int(people[lives].sum())
    np.add.at(people, rng.permutation(slots)[:more], 1)
    free = free & ~over
    cramped = some(rng, free & (people == 1), _CRAMPED)
    crowded = some(rng, free & ~cramped & (people >= 3), _CROWDED)
    area = np.maximum(_FLOOR_M2, _PERSON_M2 * people) + rng.integers(0, 8, n)
    area = np.where(cramped, rng.integers(30, _FLOOR_M2, n), area)
    area = np.where(crowded, _PERSON_M2 * people - rng.integers(4, 12, n), area)
    planned["household_home_people_over"] = ids[over].to_list()
    planned["home_area"] = ids[cramped].to_list()
    planned["package_house"] = ids[crowded].to_list()
    until = np.maximum(moved + 60, np.datetime64("2023-02-01") + rng.integers(0, 1000, n))
    until = np.minimum(until, _LAST_MOVE)
    any_home = pick(rng, list(chosen["home_id"][lives]), n)
    frame = chosen[["household_id", "village_code"]].assign(
        home_id=np.where(lives, chosen["home_id"], any_home),
        home_people=people,
        home_m2=area.astype(float),
        moved_in_on=moved,
        left_home_on=np.where(left, until, np.datetime64("NaT")).astype("datetime64[D]"),
        home_left_reason=only(left, pick(rng, _LEFT, n)),
    )
    return frame[lives | left].reset_index(drop=True)


def package(
    rng: Rng, chosen: pd.DataFrame, resident: pd.DataFrame, planned: Planned
) -> pd.DataFrame:
    """What each surveyed household has of the package; those planned lack one item, or two."""
    n, ids = len(chosen), chosen["household_id"]
    stays = resident[resident["left_home_on"].isna()].set_index("household_id")["home_people"]
    people = ids.map(stays).fillna(chosen["size"]).to_numpy()
    house = set(planned["package_house"])
    away = ~chosen["lives"].to_numpy()
    room = chosen["floor_area_m2"].to_numpy() / chosen["size"].to_numpy()
    unsafe = chosen["old_dwelling"].ne("safe").to_numpy()
    planned["package_house"] = [*house, *ids[away & (unsafe | (room < _PERSON_M2))]]
    free = chosen["lives"].to_numpy() & ~ids.isin(house).to_numpy()
    # Cramped households of one person have less than 40, but not less than 20 square metres.
    lacks = {}
    for key, count in _ITEMS.items():
        lacks[key] = some(rng, free, count)
        free = free & ~lacks[key]
    two = some(rng, free, _LACK_TWO)
    for i, which in enumerate(lacks.values()):
        which |= two & np.isin((i - np.arange(n)) % 4, (0, 1))
        planned[list(lacks)[i]] = ids[which].to_list()

    def amount(key: str, low: float, high: float) -> np.ndarray:
        share = np.where(lacks[key], rng.uniform(0.3, 0.9, n), rng.uniform(low, high, n))
        tenths = share * people * 10
        return np.where(lacks[key], np.floor(tenths), np.ceil(tenths)) / 10

    income = np.round(rng.uniform(300, 400, n), -1)
    short = np.round(rng.uniform(120, 290, n), -1)
    return chosen[["household_id", "village_code"]].assign(
        grain_mu=amount("package_grain", 1.0, 1.6),
        trees_mu=amount("package_trees", 1.0, 1.5),
        pv_kw=amount("package_pv", 1.0, 1.3),
        month_income_yuan=np.where(lacks["package_income"], short, income),
    )
