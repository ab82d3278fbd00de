"""353管护 and 爱心超市: facilities, money for their upkeep, points by month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.config import LAST_YEAR, County
from loaders.demo.model.member_details import SURNAMES
from loaders.demo.model.sampling import Rng, apportion, pick

# Kind -> how many a village has, on average, and who looks after it on which route.
_KINDS: dict[str, tuple[float, dict[str, float]]] = {
    "road": (1.6, {"specialist": 0.6, "market": 0.1, "villagers": 0.3}),
    "water": (1.4, {"specialist": 0.3, "market": 0.45, "villagers": 0.25}),
    "bridge": (0.6, {"specialist": 0.7, "villagers": 0.3}),
    "light": (0.8, {"market": 0.6, "villagers": 0.4}),
    "waste": (1.0, {"market": 0.5, "villagers": 0.5}),
    "culture": (1.0, {"villagers": 1.0}),
    "clinic": (0.9, {"specialist": 1.0}),
}
_SAID = {
    "road": "通组路", "water": "集中供水点", "bridge": "便民桥", "light": "太阳能路灯",
    "waste": "垃圾收集点", "culture": "文化广场", "clinic": "卫生室",
}  # fmt: skip
_GIVEN = ("建国", "秀英", "小军", "桂芳", "志强", "玉兰", "永红", "海涛")
# S1 counts eight sources and does not name them; these are assumed.
_SOURCES = {
    "upkeep_budget_yuan": 34,
    "upkeep_department_yuan": 18,
    "upkeep_township_yuan": 9,
    "upkeep_collective_yuan": 14,
    "upkeep_asset_yuan": 8,
    "upkeep_users_yuan": 9,
    "upkeep_helpers_yuan": 5,
    "upkeep_donated_yuan": 3,
}
_PUBLISHED_YEAR = 2019
_MONTHS = pd.period_range("2024-01", f"{LAST_YEAR}-12", freq="M")


def facilities(rng: Rng, villages: pd.DataFrame, county: County) -> pd.DataFrame:
    """The facility table, by village."""
    rows = []
    for place in villages.itertuples():
        for kind, (mean, routes) in _KINDS.items():
            for number in range(1, rng.poisson(mean) + 1):
                route = str(pick(rng, routes, 1)[0])
                rows.append(
                    (
                        place.village_code,
                        f"{place.short}{number}号{_SAID[kind]}",
                        kind,
                        route,
                        place.short,
                    )
                )
    names = ["village_code", "name", "facility_kind", "upkeep_route", "short"]
    frame = pd.DataFrame(rows, columns=names)
    n = len(frame)
    frame.insert(0, "facility_id", [f"SS{county.code}{i:05d}" for i in range(1, n + 1)])
    surnames = list(SURNAMES)
    drawn = zip(rng.integers(0, 40, n), rng.integers(0, 8, n), strict=True)
    who = [surnames[a] + _GIVEN[b] for a, b in drawn]
    looked = np.datetime64(f"{LAST_YEAR}-12-28") - rng.integers(0, 50, n)
    return frame.drop(columns="short").assign(
        owner=frame["short"] + "村民委员会",
        caretaker=who,
        facility_state=pick(rng, {"good": 0.9, "worn": 0.1}, n),
        patrolled_on=looked,
        upkeep_yuan=rng.integers(6, 60, n) * 100.0,
    )


def funds(rng: Rng, villages: pd.DataFrame, county: County) -> pd.DataFrame:
    """The facility_fund table: whole hundreds of yuan by village and year; those of 2019 are the
    published sum, later years grow a little."""
    weight = villages["size"].to_numpy(dtype=float) ** 0.4 * rng.uniform(0.85, 1.15, len(villages))
    frames = []
    for year in range(_PUBLISHED_YEAR, LAST_YEAR + 1):
        grown = county.maintenance_yuan * 1.03 ** (year - _PUBLISHED_YEAR)
        shares = np.outer(weight, np.array(list(_SOURCES.values())) * rng.uniform(0.9, 1.1, 8))
        hundreds = apportion(shares.ravel(), round(grown / 100)).reshape(shares.shape)
        columns = dict(zip(_SOURCES, hundreds.T * 100.0, strict=True))
        frames.append(
            pd.DataFrame({"village_code": villages["village_code"], "year": year, **columns})
        )
    return pd.concat(frames, ignore_index=True)


def points(rng: Rng, villages: pd.DataFrame) -> pd.DataFrame:
    """The points_month table: what was earned, and nine tenths of it redeemed in time."""
    n = len(villages)
    size = np.clip(villages["size"].to_numpy() / villages["size"].mean(), 0.4, 2.5)
    left = np.zeros(n)
    frames = []
    for month in _MONTHS:
        homes = np.round(size * rng.uniform(25, 60, n)).astype(int)
        earned = homes * rng.integers(6, 15, n)
        redeemed = np.floor((left + earned) * rng.uniform(0.55, 0.9, n)).astype(int)
        left = left + earned - redeemed
        frames.append(
            pd.DataFrame(
                {
                    "village_code": villages["village_code"],
                    "month_on": np.datetime64(month.start_time, "D"),
                    "points_households": homes,
                    "points_earned": earned,
                    "points_redeemed": redeemed,
                    "goods_yuan": np.round(redeemed * rng.uniform(0.9, 1.2, n), -1),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def points_until(frame: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """The months that had ended by a day."""
    ends = frame["month_on"] + pd.offsets.MonthEnd(0)
    return frame[ends.to_numpy() <= day].reset_index(drop=True)
