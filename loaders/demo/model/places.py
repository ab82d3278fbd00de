"""Townships and villages: real names and codes, invented sizes, remoteness and finances."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.config import LAST_YEAR, YEARS, County, read_edition
from loaders.demo.model.sampling import Rng, apportion, smooth_field
from loaders.regions.divisions import Divisions
from loaders.regions.schematic import schematic

EDITION = 2023
OLDER_EDITIONS = (2018, 2020, 2021)
_SUFFIXES = {"社区居民委员会": "社区", "社区居委会": "社区", "村民委员会": "村", "村委会": "村"}
_NEAR = {"party_branch_ok": 2014.5, "school_near": 2015.0, "doctor_near": 2016.0}
_BASIC = {"water_ok": 2015.5, "road_hard": 2015.0, "power_ok": 2014.0, "service_desk": 2016.5}


def short_name(name: str) -> str:
    """安山村 for 安山村委会: a village's name without the word committee."""
    for suffix, kept in _SUFFIXES.items():
        if name.endswith(suffix):
            return name.removesuffix(suffix) + kept
    return name


def _stem(name: str) -> str:
    return short_name(name).removesuffix("社区").removesuffix("村")


def read_villages(county: County) -> pd.DataFrame:
    """One row a village: village_code, name, short, township_code, township, old_names, geometry.

    ``old_names`` is a tuple of the short names that older editions of the code list have for it.
    """
    towns = read_edition(county.code, "towns", EDITION).set_index("code")["name"]
    villages = read_edition(county.code, "villages", EDITION).rename(
        columns={"code": "village_code"}
    )
    villages["short"] = villages["name"].map(short_name)
    villages["township_code"] = villages["village_code"].str[:9]
    villages["township"] = villages["township_code"].map(towns)
    old = _old_names(county, villages)
    villages["old_names"] = [tuple(sorted(old[code])) for code in villages["village_code"]]
    cells = schematic(Divisions.load(county.code)).set_index("region_code").geometry
    villages["geometry"] = cells.loc[villages["village_code"]].to_numpy()
    return villages


def _old_names(county: County, villages: pd.DataFrame) -> dict[str, set[str]]:
    """Names by today's code: the same code named otherwise, or the same word in the township."""
    older = pd.concat(read_edition(county.code, "villages", year) for year in OLDER_EDITIONS)
    names = older.groupby("code")["name"].agg(lambda n: {short_name(x) for x in n}).to_dict()
    now = dict(zip(villages["village_code"], villages["short"], strict=True))
    of_word = {(code[:9], _stem(name)): code for code, name in now.items()}
    found: dict[str, set[str]] = {code: set() for code in now}
    for code, spellings in names.items():
        words = {of_word.get((code[:9], _stem(name))) for name in spellings} - {None}
        target = code if code in now else next(iter(words), None)
        if target is not None:
            found[target] |= spellings - {now[target]}
    return found


def settle(villages: pd.DataFrame, county: County, rng: Rng) -> pd.DataFrame:
    """Add remote (0 to 1), size (relative people), households and the aimed poverty rate.

    Remote places are poorer: the distance from the seat and a smooth random surface make
    neighbours alike, a village's own luck and a community's position come on top.
    """
    points = np.array([(p.x, p.y) for p in (g.representative_point() for g in villages.geometry)])
    seat = points[villages["township_code"].eq(county.seat).to_numpy()].mean(axis=0)
    distance = np.hypot(*(points - seat).T)
    community = villages["short"].str.endswith("社区").to_numpy()
    score = 1.1 * (distance - distance.mean()) / distance.std()
    score += 0.8 * smooth_field(rng, points) + 0.45 * rng.normal(size=len(points))
    score -= 1.6 * community
    remote = score.argsort().argsort() / (len(score) - 1)
    in_seat = villages["township_code"].eq(county.seat).to_numpy()
    size = np.exp(rng.normal(0, 0.38, len(points)) - 0.5 * remote + 0.45 * (in_seat & community))
    rate = 1 / (1 + np.exp(-(2.6 * (remote - 0.5) + 0.22 * rng.normal(size=len(points)))))
    rate = np.clip(rate * county.rate_2014 / 100 / np.average(rate, weights=size), 0.06, 0.72)
    households = apportion(size * rate, county.households)
    return villages.assign(remote=remote, size=size, rate=rate, households=households)


def village_population(
    villages: pd.DataFrame, registered: np.ndarray, totals: dict[int, int], rng: Rng
) -> np.ndarray:
    """(villages, years) people on the rural register, each year adding up to the total given.

    ``registered`` (villages,) is the number of registered people in 2014, which no village may
    fall under.
    """
    aimed = np.maximum(registered / villages["rate"].to_numpy(), registered * 1.25 + 40)
    drift = rng.normal(0, 0.004, len(villages)) - 0.004 * villages["remote"].to_numpy()
    years = np.arange(len(YEARS))
    paths = aimed[:, None] * (1 + drift[:, None] * years)
    columns = [apportion(paths[:, i], totals[year]) for i, year in enumerate(YEARS)]
    return np.stack(columns, axis=1)


def village_years(villages: pd.DataFrame, people: np.ndarray, county: County, rng: Rng):
    """The village_year table: one row a village and year."""
    count, years = people.shape
    remote = villages["remote"].to_numpy()
    persons_per_household = np.clip(rng.normal(3.35, 0.15, count), 2.8, 4.0)
    frame = pd.DataFrame(
        {
            "village_code": np.repeat(villages["village_code"].to_numpy(), years),
            "year": np.tile(np.array(YEARS), count),
            "population": people.ravel(),
            "households": np.round(people / persons_per_household[:, None]).astype(int).ravel(),
            "collective_income_yuan": _collective_income(remote, county, rng).ravel(),
        }
    )
    for field, middle in _BASIC.items():
        since = middle + 4.0 * (remote - 0.5) + rng.normal(0, 0.8, count)
        since = np.minimum(since, 2019.4)  # the county's exit required all of them
        frame[field] = (np.array(YEARS)[None, :] >= since[:, None]).ravel()
    return frame


def _collective_income(remote: np.ndarray, county: County, rng: Rng) -> np.ndarray:
    """(villages, years) yuan; in 2020 none is without, and the shares of the targets are met."""
    count = len(remote)
    luck = (1 - remote) + rng.normal(0, 0.35, count)
    rank = 1 - luck.argsort().argsort() / count  # 1 the poorest down to above 0 the richest
    marks = [1.0, county.collective_shares[50000], county.collective_shares[100000], 0.1, 0.0]
    levels = np.log([9_000, 51_000, 101_500, 320_000, 1_400_000])
    in_2020 = np.exp(np.interp(-rank, [-m for m in marks], levels))
    start = np.round(2015 + 3.2 * rank + rng.normal(0, 0.8, count)).clip(2013, 2019)
    years = np.array(YEARS)
    before = ((years - start[:, None] + 1) / (2020 - start[:, None] + 1)).clip(0.0, 1.0) ** 1.3
    growth = rng.normal(0.07, 0.05, (count, len(years))) * (years > 2020)
    noise = np.where(years < 2020, rng.uniform(0.85, 1.1, (count, len(years))), 1.0)
    paths = in_2020[:, None] * before * noise * np.exp(np.cumsum(growth, axis=1))
    return np.round(paths, 2)


def village_facts(rng: Rng, frame: pd.DataFrame, home: pd.DataFrame) -> pd.DataFrame:
    """The village_year table with people in need, land, clinics and buses.

    ``home`` is the household table: a village's land is more than its listed households', as its
    other households have land too.
    """
    people = frame[frame["year"].eq(LAST_YEAR)].set_index("village_code")["population"]
    codes, n = people.index, len(people)
    listed = home.groupby("village_code")[["farmland_mu", "woodland_mu", "member_count"]].sum()
    listed = listed.reindex(codes).fillna(0)
    share = (people / listed["member_count"].clip(lower=1)).clip(1.0, 20.0)
    facts = pd.DataFrame(
        {
            "farmland_mu": listed["farmland_mu"] * share * rng.uniform(1, 1.3, n),
            "woodland_mu": listed["woodland_mu"] * share * rng.uniform(1, 2, n),
            "clinics": 1 + (rng.random(n) < 0.15),
            "doctors": rng.choice([1, 2, 3], n, p=[0.55, 0.35, 0.1]),
            "libraries": 1,
            "bus": rng.random(n) < 0.9,
        },
        index=codes,
    ).round(1)
    for name, middle in _NEAR.items():
        facts[name] = np.minimum(middle + rng.normal(0, 1.2, n), 2019.4)
    need = {"allowance_people": (0.035, 0.09), "disabled_people": (0.04, 0.075)}
    homes = {"water_trouble_households": 0.012, "unsafe_house_households": 0.01}
    at = facts.loc[frame["village_code"]].reset_index(drop=True)
    for name in _NEAR:
        at[name] = frame["year"] >= at[name]
    for name, (low, high) in need.items():
        rate = pd.Series(rng.uniform(low, high, n), codes)
        at[name] = np.round(rate.loc[frame["village_code"]].to_numpy() * frame["population"])
    # Trouble with water and houses grew less year by year.
    ebb = 1 + 0.6 * (LAST_YEAR - frame["year"])
    for name, rate in homes.items():
        at[name] = np.round(rng.uniform(0, rate, len(frame)) * ebb * frame["households"])
    return pd.concat([frame, at.astype(dict.fromkeys((*need, *homes), int))], axis=1)
