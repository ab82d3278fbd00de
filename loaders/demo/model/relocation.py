"""Relocation: who moved, to which settlement site, and how much they live there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from loaders.demo.model.config import County
from loaders.demo.model.sampling import (
    Rng,
    apportion,
    as_days,
    months_between,
    only,
    pick,
    take,
    take_sum,
)

_FOLLOW_UP = ("社区工厂就业", "产业园务工", "外出务工", "公益岗位", "原籍林地管护", "自主创业")


def settlement_sites(rng: Rng, villages: pd.DataFrame, county: County) -> pd.DataFrame:
    """Settlement sites in the easier villages, every township has one; how much each one pulls."""
    remote = villages["remote"].to_numpy()
    first = villages.assign(key=remote).sort_values("key").drop_duplicates("township_code").index
    rest = take(
        rng, np.where(villages.index.isin(first), 0, 1.2 - remote), county.sites - len(first)
    )
    where = np.sort(np.concatenate([first.to_numpy(), rest]))
    chosen = villages.iloc[where]
    points = [_inside(rng, cell) for cell in chosen["geometry"]]
    names = [f"{name}安置点" for name in chosen["short"]]
    return pd.DataFrame(
        {
            "site_id": [f"AZ{county.code}{i:03d}" for i in range(1, county.sites + 1)],
            "village_code": chosen["village_code"].to_numpy(),
            "name": names,
            "longitude": [round(p.x, 5) for p in points],
            "latitude": [round(p.y, 5) for p in points],
            "pull": np.exp(rng.normal(0, 0.8, county.sites) - chosen["remote"].to_numpy()),
        }
    )


def _inside(rng: Rng, cell) -> shapely.Point:
    """A point of the cell, near its representative one."""
    middle = cell.representative_point()
    reach = np.sqrt(cell.area) / 6
    for _ in range(20):
        point = shapely.Point(*(np.array([middle.x, middle.y]) + rng.uniform(-reach, reach, 2)))
        if cell.contains(point):
            return point
    return middle


def relocations(
    rng: Rng, homes: pd.DataFrame, people: np.ndarray, sites: pd.DataFrame, county: County
) -> pd.DataFrame:
    """The relocation table; ``people`` (households,) is how many each was when it was chosen."""
    known = homes["identified_on"].to_numpy() < np.datetime64("2016-01")
    weight = homes["registered"] * known * np.exp(2.2 * homes["remote"])
    chosen = take_sum(
        rng, weight.to_numpy(), people, county.relocated_households, county.relocated_people
    )
    n = len(chosen)
    moved = homes.iloc[chosen].reset_index(drop=True)
    frame = moved[["household_id", "village_code"]].copy()
    frame["approach"] = np.where(rng.random(n) < county.scattered_share, "scattered", "site")
    to_site = frame["approach"].eq("site").to_numpy()
    frame["site_id"] = only(to_site, _sites_for(rng, moved, sites))
    frame["people"] = people[chosen]
    year = rng.choice(range(2016, 2021), n, p=[0.1, 0.24, 0.33, 0.24, 0.09])
    first = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    frame["moved_in_on"] = as_days(months_between(rng, first, first + 11, n))
    frame["months_in_new_home"] = _months(rng, n).astype(float)
    stays = frame["months_in_new_home"].ge(10).to_numpy()
    frame["old_house_demolished"] = rng.random(n) < np.where(stays, 0.965, 0.55)
    frame["follow_up"] = pick(rng, _FOLLOW_UP, n)
    return frame


def _sites_for(rng: Rng, moved: pd.DataFrame, sites: pd.DataFrame) -> np.ndarray:
    """A site for each household, nearly always one of its own township."""
    site_town = sites["village_code"].str[:9].to_numpy()
    home_town = moved["village_code"].str[:9].to_numpy()
    chosen = np.empty(len(moved), dtype=object)
    for town in np.unique(home_town):
        where = np.flatnonzero(home_town == town)
        share = sites["pull"].to_numpy() * np.where(site_town == town, 1.0, 0.004)
        dealt = np.repeat(sites["site_id"].to_numpy(), apportion(share, len(where)))
        chosen[where] = rng.permutation(dealt)
    return chosen


def _months(rng: Rng, n: int) -> np.ndarray:
    """Months of the last year in the new home: nearly all twelve, some split, some unused."""
    months = rng.choice([12, 11, 10], n, p=[0.965, 0.025, 0.01])
    luck = rng.random(n)
    split = luck < 0.04
    months[split] = rng.integers(2, 10, int(split.sum()))
    months[luck > 0.991] = 0
    return months


def with_plans(sites: pd.DataFrame, moves: pd.DataFrame, county: County) -> pd.DataFrame:
    """The settlement_site table: planned for who came, up to the next ten; who is large."""
    came = moves["site_id"].value_counts().reindex(sites["site_id"], fill_value=0).to_numpy()
    rank = (-came).argsort(kind="stable").argsort()
    return sites.drop(columns="pull").assign(
        large=rank < county.large_sites, planned_households=np.maximum(10, -(-came // 10) * 10)
    )
