"""When each household was registered, left poverty and fell back, and how many it was a year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.config import FIRST_YEAR, LAST_YEAR, YEARS, County
from loaders.demo.model.sampling import Rng, take, take_sum

YEAR_LIST = np.array(YEARS)


def member_counts(rng: Rng, members: pd.DataFrame, registered: np.ndarray, county: County):
    """(households, years) people in each household at the end of each year, at least one.

    Those who died or married out before 2025 are in no list any more: they are drawn so that the
    registered people number ``county.people_2018`` up to 2020 and then shrink to the lists' 2025.
    """
    homes = len(registered)
    household, joined = members["household"].to_numpy(), members["join_year"].to_numpy()
    final = np.bincount(household, minlength=homes)
    counts = np.repeat(final[:, None], len(YEARS), axis=1)
    for i, year in enumerate(YEARS):
        counts[:, i] -= np.bincount(household[joined > year], minlength=homes)
    weight = registered * (final + 0.5)
    totals = _totals(int(final[registered].sum()), county)
    in_register = registered[household]
    for i, year in enumerate(YEARS[1:], start=1):
        came = int(((joined == year) & in_register).sum())
        left = came + totals[i - 1] - totals[i]
        if left < 0:
            raise ValueError(f"{year}: more people joined than the totals leave room for")
        counts[take(rng, weight, left), :i] += 1
    return counts


def _totals(final: int, county: County) -> np.ndarray:
    """Registered people by year: level up to 2020, then a straight way to the last year's."""
    return np.round(np.interp(YEAR_LIST, [2020, LAST_YEAR], [county.people_2018, final])).astype(
        int
    )


def exits(rng: Rng, homes: pd.DataFrame, county: County) -> pd.DataFrame:
    """Add identified_on, exit_year, fell_back_year and first_exit_year (0 where none).

    ``homes`` has one row a registered household: people_2018, remote and vulnerable (0 to 1 each).
    A household that fell back keeps the year of its last exit as its exit year.
    """
    people = homes["people_2018"].to_numpy()
    score = 0.9 * homes["remote"] + 1.3 * homes["vulnerable"] + rng.normal(0, 0.3, len(homes))
    left = len(homes) - county.exited_households
    last = take_sum(rng, np.exp(6 * score.to_numpy()), people, left, county.poor_people_2018)
    exit_year = np.zeros(len(homes), dtype=int)
    in_2019 = rng.random(left) < county.exit_share_2019
    exit_year[last] = np.where(in_2019, 2019, 2020)

    others = np.flatnonzero(exit_year == 0)
    order = others[np.argsort(score.to_numpy()[others], kind="stable")]
    shares = np.cumsum(list(county.exit_shares.values()))
    reached = np.cumsum(people[order]) / people[order].sum()
    which = np.searchsorted(shares[:-1], reached, side="left")
    exit_year[order] = np.array(list(county.exit_shares))[which]
    homes = homes.assign(exit_year=exit_year, fell_back_year=0, first_exit_year=0)
    homes["identified_on"] = _identified_on(rng, homes, county)
    return _fall_back(rng, homes, county)


def _identified_on(rng: Rng, homes: pd.DataFrame, county: County) -> np.ndarray:
    """Most were listed in the spring of 2014, a few newly found in 2016 and 2017."""
    month = np.datetime64("2014-03") + rng.choice([0, 1, 2, 3], len(homes), p=[0.2, 0.5, 0.2, 0.1])
    late = take(rng, homes["exit_year"].ge(2018).to_numpy(float), county.newly_identified)
    month[late] = np.datetime64("2016-01") + rng.integers(0, 24, len(late))
    return month


def _fall_back(rng: Rng, homes: pd.DataFrame, county: County) -> pd.DataFrame:
    """A few hundred had left early, fell back in 2016 to 2018 and left again by 2020."""
    old = homes["identified_on"].to_numpy() < np.datetime64("2015-01")
    candidate = homes["exit_year"].between(2017, 2020).to_numpy() & old
    chosen = take(rng, candidate * 1.0, county.fell_back)
    again = homes["exit_year"].to_numpy()[chosen]
    fell = np.minimum(again - 1, 2018) - rng.integers(0, 2, len(chosen))
    fell = np.maximum(fell, 2016)
    first = rng.integers(FIRST_YEAR, np.minimum(fell, 2016))
    fell_back, first_exit = np.zeros(len(homes), dtype=int), np.zeros(len(homes), dtype=int)
    fell_back[chosen], first_exit[chosen] = fell, first
    return homes.assign(fell_back_year=fell_back, first_exit_year=first_exit)


def states(homes: pd.DataFrame) -> np.ndarray:
    """(households, years) poverty states, None before a household was registered.

    The rows of 2014 show the register as it was set up, before that year's exits; later ones the
    state at the end of the year.
    """
    exit_year = homes["exit_year"].to_numpy()[:, None]
    fell, first = homes["fell_back_year"].to_numpy(), homes["first_exit_year"].to_numpy()
    table = np.full((len(homes), len(YEARS)), "poor", dtype=object)
    table[exit_year == YEAR_LIST] = "exited_now"
    table[exit_year < YEAR_LIST] = "exited_before"
    back = fell > 0
    between = (first[:, None] < YEAR_LIST) & (fell[:, None] > YEAR_LIST) & back[:, None]
    table[between] = "exited_before"
    table[(first[:, None] == YEAR_LIST) & back[:, None]] = "exited_now"
    again = (fell[:, None] <= YEAR_LIST) & (exit_year > YEAR_LIST) & back[:, None]
    table[again] = "fell_back"
    table[:, 0] = "poor"
    table[homes["identified_on"].to_numpy()[:, None] > _december(YEAR_LIST)] = None
    return table


def _december(years: np.ndarray) -> np.ndarray:
    return ((years - 1970).astype("datetime64[Y]") + 1).astype("datetime64[M]") - 1
