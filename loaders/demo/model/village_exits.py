"""When villages meet the standards of exit, and the county's rural income beside the nation's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.config import DATA, YEARS, County
from loaders.demo.model.sampling import Rng

_FLAGS = (
    "water_ok",
    "road_hard",
    "power_ok",
    "service_desk",
    "party_branch_ok",
    "school_near",
    "doctor_near",
)
_RATE = 2.0  # per cent of people poor, under which a village left
_FIRST_EXIT, _LAST_EXIT = 2016, 2019
_POOR_SHARE = 0.62  # villages on the list of poor villages
_PREPARED = 0.6  # villages that have everything a year before few enough are poor
_DOCTOR_GONE = 2024
_SLOW_YEAR = 2020  # the county's income grew no faster than the nation's


def village_exits(rng: Rng, frame: pd.DataFrame, income: pd.DataFrame) -> pd.DataFrame:
    """The village_year table where each village has what a village needs by its year of exit.

    Three of them lag in one thing: the poorest in its collective income to this day, another was
    without a doctor near when the county left poverty, a third has been without one since 2024.
    """
    codes, at = np.unique(frame["village_code"].to_numpy(dtype=str), return_inverse=True)
    year = frame["year"].to_numpy()
    left = _years_of_exit(frame, income).reindex(codes).to_numpy()
    early = rng.random(len(codes)) < _PREPARED
    after = year >= (left - early)[at]
    found = {name: frame[name].to_numpy(dtype=bool) | after for name in _FLAGS}
    yuan = frame["collective_income_yuan"].to_numpy(copy=True)
    by_2020 = frame[frame["year"].eq(2020)].set_index("village_code")["collective_income_yuan"]
    ranked = np.searchsorted(codes, by_2020.sort_values().index)
    poorest, late, left_alone = ranked[[0, 30, 60]]
    floor = np.round(rng.uniform(41_000, 46_000, len(codes)), 2)[at]
    floor = floor * (1 + 0.01 * np.clip(year - 2020, 0, None))
    yuan = np.where(after & (at != poorest), np.maximum(yuan, np.round(floor, 2)), yuan)
    found["doctor_near"] &= (at != late) | (year > _LAST_EXIT)
    found["doctor_near"] &= (at != left_alone) | (year < _DOCTOR_GONE)
    poor = _poor_villages(frame, income).reindex(codes).to_numpy(dtype=bool, copy=True)
    poor[[poorest, late, left_alone]] = True
    return frame.assign(**found, collective_income_yuan=yuan, poor_village=poor[at])


def _poor_villages(frame: pd.DataFrame, income: pd.DataFrame) -> pd.Series:
    """By village: whether it was put on the list of poor villages, by its rate of 2014."""
    first = frame[frame["year"].eq(YEARS[0])].set_index("village_code")["population"]
    rows = income[income["year"].eq(YEARS[0]) & income["poverty_state"].eq("poor")]
    people = rows.groupby("village_code")["member_count"].sum()
    rate = people.reindex(first.index, fill_value=0) / first
    return rate.ge(rate.quantile(1 - _POOR_SHARE))


def _years_of_exit(frame: pd.DataFrame, income: pd.DataFrame) -> pd.Series:
    """By village: the first year with few enough poor people, from 2016 to 2019."""
    poor = income[income["poverty_state"].isin(["poor", "fell_back"])]
    people = poor.groupby(["village_code", "year"])["member_count"].sum()
    total = frame.set_index(["village_code", "year"])["population"]
    low = 100 * people.reindex(total.index, fill_value=0) < _RATE * total
    years = low[low].reset_index().groupby("village_code")["year"].min()
    return years.reindex(frame["village_code"].unique()).clip(_FIRST_EXIT, _LAST_EXIT)


def county_years(rng: Rng, county: County, village_year: pd.DataFrame) -> pd.DataFrame:
    """The county_year table: simulated income of the county, the nation's as it was published."""
    series = pd.read_csv(DATA / "reference" / "series" / "national_rural_income.csv")
    nation = series.set_index("year")["income_yuan"].reindex(list(YEARS))
    nation.iloc[-1] = np.nan  # a year's figure comes out in the next: no file of its end has it
    growth = nation.pct_change().fillna(0.055).to_numpy()
    ahead = rng.uniform(0.004, 0.018, len(YEARS))
    ahead = np.where(np.array(YEARS) == _SLOW_YEAR, -0.003, ahead)
    start = nation.iloc[0] * rng.uniform(0.64, 0.69)
    own = start * np.cumprod(np.r_[1.0, 1 + growth[1:] + ahead[1:]])
    people = village_year.groupby("year")["population"].sum().reindex(list(YEARS))
    return pd.DataFrame(
        {
            "region_code": county.code,
            "year": list(YEARS),
            "rural_income_yuan": np.round(own),
            "national_rural_income_yuan": nation.to_numpy(),
            "rural_population": people.to_numpy(),
        }
    )
