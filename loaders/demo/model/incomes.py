"""Income of every household and year, 2014 to 2025, in whole cents so that the parts add up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model import shocks
from loaders.demo.model.config import (
    LAST_YEAR,
    MONITORING_LINE_2021,
    YEARS,
    County,
    poverty_lines,
)
from loaders.demo.model.sampling import Rng

PARTS = ["wage_yuan", "business_yuan", "property_yuan", "transfer_yuan", "expense_yuan"]
_SHOCKED = 0.08  # households a year whose income falls much


def household_years(
    rng: Rng,
    homes: pd.DataFrame,
    facts: pd.DataFrame,
    states: np.ndarray,
    counts: np.ndarray,
    county: County,
    struck: pd.DataFrame,
    factors: np.ndarray,
) -> pd.DataFrame:
    """The household_year table of all households, from the year each one is known.

    ``states`` and ``counts`` are (households, years); a registered household has rows from the
    year it was listed, a never registered one from the year before it was watched. ``struck`` is
    ``shocks.strike``'s, ``factors`` (households, years) are ``characters.income_factors``'.
    """
    earned = _per_person(rng, homes, states, county, factors)
    per_person = shocks.incomes(earned, struck)
    net = np.round(per_person * counts * 100).astype(np.int64)
    parts = _split(rng, net, facts)
    watched = homes["watched_since"].to_numpy()[:, None] - 1
    known = np.where(homes["registered"].to_numpy()[:, None], states != None, watched <= YEARS)  # noqa: E711
    home, year = np.nonzero(known)
    frame = pd.DataFrame(
        {
            "household_id": homes["household_id"].to_numpy()[home],
            "village_code": homes["village_code"].to_numpy()[home],
            "year": np.array(YEARS)[year],
            "member_count": counts[home, year],
            "poverty_state": states[home, year],
        }
    )
    for name, cents in parts.items():
        frame[name] = cents[home, year] / 100
    frame = add_net_income(frame)
    paid = _own_payment(rng, facts, len(YEARS))
    paid = shocks.payments(paid, per_person * counts, counts, struck, county)
    frame["own_payment_yuan"] = paid[home, year]
    return frame


def add_net_income(frame: pd.DataFrame) -> pd.DataFrame:
    """Net income from the parts and its share a person, rounded to cents."""
    gains = frame[PARTS[:4]].sum(axis=1)
    frame["net_income_yuan"] = (gains - frame["expense_yuan"]).round(2)
    per_person = frame["net_income_yuan"] / frame["member_count"]
    frame["per_capita_net_income_yuan"] = per_person.round(2)
    return frame


def _per_person(
    rng: Rng, homes: pd.DataFrame, states: np.ndarray, county: County, factors: np.ndarray
) -> np.ndarray:
    """(households, years) yuan a person: under the line when poor, above it once out of poverty."""
    shape = states.shape
    line = poverty_lines()[None, :]
    medians = np.array([county.medians[year] for year in YEARS])
    lasting = rng.normal(0, 0.26, shape[0]) - 0.28 * (homes["remote"].to_numpy() - 0.5)
    better = factors * medians * np.exp(lasting[:, None] + rng.normal(0, 0.03, shape))
    better = np.maximum(better * _shocks(rng, shape), line * rng.uniform(1.02, 1.25, shape))
    spread = rng.normal(0, 0.07, (shape[0], 1)) + rng.normal(0, 0.09, shape)
    worse = line * np.minimum(0.8 * np.exp(spread), 0.985)
    worse = np.where(rng.random(shape) < 0.07, line * rng.uniform(1.0, 1.12, shape), worse)
    poor = np.isin(states, ["poor", "fell_back"])
    # The rows of 2014 say poor of everybody; who left that year already earned enough.
    poor[:, 0] &= ~homes["exit_year"].eq(2014).to_numpy()
    income = np.where(poor, worse, better)
    return _after_2020(rng, homes, income)


def _shocks(rng: Rng, shape: tuple[int, int]) -> np.ndarray:
    """Factors: an illness or a lost job takes an eighth to a half away for one year."""
    struck = rng.random(shape) < _SHOCKED
    return np.where(struck, rng.uniform(0.5, 0.87, shape), 1.0)


def _after_2020(rng: Rng, homes: pd.DataFrame, income: np.ndarray) -> np.ndarray:
    """Hold households above the monitoring line, except the watched until they were cleared."""
    since = homes["watched_since"].to_numpy()[:, None]
    until = homes["cleared_year"].to_numpy()[:, None]
    kind = homes["monitor_kind"].to_numpy()
    years = np.array(YEARS)
    line = MONITORING_LINE_2021 * 1.03 ** (years - 2021)
    missed = (rng.random(len(homes)) < 0.0015)[:, None]
    floor = np.maximum(income, line * rng.uniform(1.01, 1.3, income.shape))
    income = np.where((years >= 2021) & ~missed, floor, income)
    watched = (years >= np.maximum(since - 1, 2019)) & (years < until) & (since > 0)
    low = np.isin(kind, ["unstable", "borderline"])[:, None] & watched & (years >= 2021)
    low |= (kind == "borderline")[:, None] & (years == 2021)
    under = np.minimum(line, 6500.0) * rng.uniform(0.66, 0.985, income.shape)
    return np.where(low, under, income)


def _split(rng: Rng, net: np.ndarray, facts: pd.DataFrame) -> dict[str, np.ndarray]:
    """Cents by part, (households, years) each; gains less expense are the net income exactly."""
    size = facts["size"].to_numpy()
    months = facts["work_months"].to_numpy() / (12 * size)
    hands = ((facts["able"] + 0.5 * facts["weak"]) / size).to_numpy()
    frail = ((facts["old"] + facts["disabled"]) / size).to_numpy()
    weights = np.stack(
        [1.6 * months, 0.5 * hands, 0.03 + 0 * size, 0.12 + 0.4 * frail + 0.3 * (hands == 0)]
    )
    noise = rng.gamma(9.0, 1 / 9.0, (4, len(size), 1)) * rng.gamma(60.0, 1 / 60.0, (4, *net.shape))
    shares = weights[:, :, None] * noise
    shares /= shares.sum(axis=0)
    wage, profit, rent = (np.round(net * share).astype(np.int64) for share in shares[:3])
    cost = rng.uniform(0.18, 0.4, (len(size), 1))
    expense = np.round(profit * cost / (1 - cost)).astype(np.int64)
    parts = [wage, profit + expense, rent, net - wage - profit - rent, expense]
    return dict(zip(PARTS, parts, strict=True))


def _own_payment(rng: Rng, facts: pd.DataFrame, years: int) -> np.ndarray:
    """(households, years) yuan paid for care beyond insurance, more where somebody is ill."""
    n = len(facts)
    middle = 240.0 * facts["size"].to_numpy() ** 0.7
    middle = middle + 900.0 * facts["chronic"] + 700.0 * facts["disabled"]
    middle = middle + 5200.0 * facts["major"]
    growth = np.linspace(0.75, 1.0, years)
    paid = middle.to_numpy()[:, None] * growth * np.exp(rng.normal(0, 0.6, (n, years)))
    return np.round(np.where(rng.random((n, years)) < 0.07, 0.0, paid), 2)


def as_known_in_november(rng: Rng, frame: pd.DataFrame) -> pd.DataFrame:
    """A copy where some of the last year's parts still have the figures of a month before."""
    frame = frame.copy()
    rows = np.flatnonzero(frame["year"].eq(LAST_YEAR).to_numpy())
    rows = rows[rng.random(len(rows)) < 0.045]
    factor = rng.uniform(0.93, 1.05, len(rows))
    for part in ["wage_yuan", "transfer_yuan"]:
        column = frame.columns.get_loc(part)
        frame.iloc[rows, column] = np.round(frame.iloc[rows, column].to_numpy() * factor, 2)
    return add_net_income(frame)
