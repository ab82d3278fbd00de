"""What makes townships and villages unlike: their character, a flood, luck and the seasons.

data/demo/characters.yaml says what each character means, a county's targets which townships are of
which one, and where the flood was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from loaders.demo.model.config import DATA, YEARS, County
from loaders.demo.model.sampling import Rng, bisect
from store.yamls import load_yaml

ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Character:
    """How a township works; data/demo/characters.yaml explains each."""

    closing: float
    standing: float
    counted: str
    days: list[int]
    since: date | None
    more_time: float
    unmeasured: float
    growth: dict[int, float]
    slow: float
    unpaid: float
    released: float


@cache
def declared() -> dict[str, Any]:
    """The whole declaration; its characters as ``Character``."""
    said = load_yaml((DATA / "demo" / "characters.yaml").read_text("utf-8"))
    said["characters"] = {name: Character(**one) for name, one in said["characters"].items()}
    return said


def of_township(county: County) -> dict[str, Character]:
    """The character of each township that is not ordinary, by its code."""
    known = declared()["characters"]
    return {town: known[name] for name, towns in county.characters.items() for town in towns}


def each(villages: pd.Series, county: County, what: str) -> np.ndarray:
    """One trait of the township of each of these village codes."""
    mine, ordinary = of_township(county), declared()["characters"][ORDINARY]
    traits = {town: getattr(mine.get(town, ordinary), what) for town in villages.str[:9].unique()}
    return villages.str[:9].map(traits).to_numpy()


def chances(weight: np.ndarray, total: float) -> np.ndarray:
    """Probabilities in proportion to the weights, none above 1, that add up to a total."""
    most = min(total, float((weight > 0).sum()))
    top = 1 / weight[weight > 0].min()
    factor = bisect(lambda f: float(np.minimum(1.0, f * weight).sum()), most, 0.0, top)
    return np.minimum(1.0, factor * weight)


def flooded(village: pd.DataFrame, county: County) -> np.ndarray:
    """The codes of the villages that the flood hit: those nearest to the middle of its township."""
    middles = [geometry.representative_point() for geometry in village["geometry"]]
    points = np.array([(point.x, point.y) for point in middles])
    there = village["township_code"].eq(county.flood["around"]).to_numpy()
    distance = np.hypot(*(points - points[there].mean(axis=0)).T)
    nearest = np.argsort(distance, kind="stable")[: county.flood["villages"]]
    return village["village_code"].to_numpy()[np.sort(nearest)]


def flood_month(county: County) -> np.datetime64:
    """The month in which the flood came."""
    return np.datetime64(f"{county.flood['year']}-{county.flood['month']:02d}")


def income_factors(
    rng: Rng, homes: pd.DataFrame, village: pd.DataFrame, county: County
) -> np.ndarray:
    """(households, years) what incomes are of what the county's medians make them.

    Growth beyond the county's and luck leave the county as it is in each year; the flood takes
    from the households of its villages what nobody else gains.
    """
    codes = village["village_code"]
    growth = np.zeros((len(village), len(YEARS)))
    for town, one in of_township(county).items():
        rates = [one.growth.get(max((y for y in one.growth if y <= year), default=0), 0.0)
                 for year in YEARS]  # fmt: skip
        growth[village["township_code"].eq(town).to_numpy()] = rates
    luck = declared()["luck"]
    town = pd.factorize(village["township_code"])[0]
    chance = rng.normal(0, luck["township"], (town.max() + 1, len(YEARS)))[town]
    chance += rng.normal(0, luck["village"], growth.shape)
    level = growth.cumsum(axis=1) + chance * (np.array(YEARS) >= luck["since"])
    level -= np.average(level, axis=0, weights=village["households"])
    factors = np.exp(level)[pd.Index(codes).get_indexer(homes["village_code"])]
    wet = homes["village_code"].isin(flooded(village, county)).to_numpy()
    low, high = declared()["flood"]["lost"]
    lost = rng.uniform(low, high, int(wet.sum()))
    at = county.flood["year"] - YEARS[0]
    factors[wet, at] *= 1 - lost
    if at + 1 < len(YEARS):
        factors[wet, at + 1] *= 1 - declared()["flood"]["lasting"] * lost
    return factors


def in_season(rng: Rng, months: np.ndarray, season: str) -> np.ndarray:
    """Other months of the same years, as the season has them; up to November of the last year."""
    weights = np.array(declared()["seasons"][season])
    year = months.astype("datetime64[Y]")
    drawn = rng.choice(12, len(months), p=weights / weights.sum())
    short = weights * (np.arange(12) < 11)
    shorter = rng.choice(12, len(months), p=short / short.sum())
    last = year == np.datetime64(str(YEARS[-1]))
    return year.astype("datetime64[M]") + np.where(last, shorter, drawn)


def opening_days(rng: Rng, first: str, last: str, count: int) -> np.ndarray:
    """Days from one to another on which entries of ledgers are opened, by season."""
    days = np.arange(first, last, dtype="datetime64[D]")
    month = (days.astype("datetime64[M]") - days.astype("datetime64[Y]")).astype(int)
    weights = np.array(declared()["seasons"]["opened"])[month]
    return days[rng.choice(len(days), count, p=weights / weights.sum())]
