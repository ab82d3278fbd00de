"""What the yearly collection says of a household: labour, the standards of exit, its class."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from loaders.demo.model.config import FIRST_YEAR, LAST_YEAR, YEARS, poverty_lines
from loaders.demo.model.sampling import Rng, only

# Standard -> share of the poor that missed it in 2014, and the flag that says so of the last year.
STANDARDS: dict[str, tuple[float, str | None]] = {
    "food_ok": (0.06, None),
    "clothing_ok": (0.04, None),
    "schooling_ok": (0.02, "out_of_school"),
    "medical_ok": (0.05, "uninsured_member"),
    "housing_ok": (0.18, "housing_unsafe"),
    "water_ok": (0.14, "water_unsafe"),
}
_FIVE = ("schooling_ok", "medical_ok", "housing_ok", "water_ok")  # and income
# What somebody lacks who is poor with an income above the line.
_LACKED = ("housing_ok", "water_ok", "medical_ok")
_LACKED_SHARES = (0.55, 0.3, 0.15)
_NEVER_MENDED = 0.4  # of what is missed, before the year of exit
_RELAPSE = 0.0015  # of insurance and water, a year out of poverty
_LATE = 0.0003  # of food and clothing, in the last year
_MISTAKEN = 0.03  # households that the township writes down in another class
_TAKEN_FOR = {
    "reliable": "lacking",
    "lacking": "reliable",
    "can_exit": "sunk",
    "sunk": "allowance",
    "extreme": "allowance",
    "allowance": "sunk",
}
_ENOUGH, _HEALTHY = 25, 50  # per cent of members: able at least, ill at most


class _Grid:
    """Rows of household and year as cells of (households, years) tables, and back."""

    def __init__(self, income: pd.DataFrame, home: pd.DataFrame):
        self.at = pd.Index(home["household_id"]).get_indexer(pd.Index(income["household_id"]))
        self.year = income["year"].to_numpy() - FIRST_YEAR
        self.shape = (len(home), len(YEARS))

    def table(self, values: np.ndarray) -> np.ndarray:
        """A table with the rows' values, and zero or false where there is no row."""
        found = np.zeros(self.shape, values.dtype)
        found[self.at, self.year] = values
        return found

    def rows(self, table: np.ndarray) -> np.ndarray:
        return table[self.at, self.year]


def collect(
    rng: Rng,
    income: pd.DataFrame,
    home: pd.DataFrame,
    facts: pd.DataFrame,
    unmet: Iterable[str] = (),
) -> pd.DataFrame:
    """The household_year table with these columns; ``facts`` are ``homes.summarise``'s.

    Labour is the members' in the last year and changes a little from year to year before it. Who
    is poor misses a standard, income or another; who leaves poverty meets them all, but for the
    households ``unmet``; later only what the register complains of is missed, or a relapse.
    """
    grid = _Grid(income, home)
    income = _labour(rng, income, facts, grid)
    income = _standards(rng, income, home, grid, set(unmet))
    income["exit_planned"] = _planned(rng, income, home, grid)
    income["recorded_class"] = _classes(rng, income, home, grid)
    return income


def _labour(rng: Rng, income: pd.DataFrame, facts: pd.DataFrame, grid: _Grid) -> pd.DataFrame:
    """Able, weak and ill members, from the last year back to the first."""
    size, able, weak = (facts[name].to_numpy(copy=True) for name in ("size", "able", "weak"))
    ill = (facts["major"] + facts["chronic"] + facts["disabled"]).to_numpy(copy=True)
    tables = {name: np.empty(grid.shape, int) for name in ("able", "weak", "ill")}
    for year in reversed(range(len(YEARS))):
        for name, now in zip(tables, (able, weak, ill), strict=True):
            tables[name][:, year] = now
        able, weak, ill = _year_before(rng, size, able, weak, ill)
    people = income["member_count"].to_numpy()
    able_now = np.minimum(grid.rows(tables["able"]), people)
    return income.assign(
        able_members=able_now,
        weak_members=np.minimum(grid.rows(tables["weak"]), people - able_now),
        ill_members=np.minimum(grid.rows(tables["ill"]), people),
    )


def _year_before(rng: Rng, size: np.ndarray, able: np.ndarray, weak: np.ndarray, ill: np.ndarray):
    """Labour and illness a year earlier: some recovered since, some failed, grew up, grew old."""
    luck, health = rng.random(len(size)), rng.random(len(size))
    recovered = (luck < 0.012) & (able > 0)
    failed = (luck >= 0.012) & (luck < 0.035) & (weak > 0)
    grew_up = (luck >= 0.035) & (luck < 0.05) & (able > 1)
    grew_old = (luck >= 0.05) & (luck < 0.07) & (able + weak < size)
    fell_ill = (health < 0.035) & (ill > 0)
    healed = (health > 0.99) & (ill < size)
    return (
        able - recovered + failed - grew_up + grew_old,
        weak + recovered - failed,
        ill - fell_ill + healed,
    )


def _standards(
    rng: Rng, income: pd.DataFrame, home: pd.DataFrame, grid: _Grid, unmet: set[str]
) -> pd.DataFrame:
    poor = grid.table(_is_poor(income, home, grid))
    missed = {name: _missed(rng, name, home, poor) for name in STANDARDS}
    low = grid.table(income["per_capita_net_income_yuan"].to_numpy()) <= poverty_lines()
    lacks = poor & ~low & ~np.any(list(missed.values()), axis=0)
    # What is lacked in one year was lacked in the years of poverty before it.
    lacks = poor & np.logical_or.accumulate(lacks[:, ::-1], axis=1)[:, ::-1]
    which = rng.choice(len(_LACKED), len(home), p=_LACKED_SHARES)
    left = home["exit_year"].to_numpy(dtype=float)[:, None] == np.array(YEARS)
    wrong = left & home["household_id"].isin(unmet).to_numpy()[:, None]
    for number, name in enumerate(_LACKED):
        missed[name] |= (lacks | wrong) & (which == number)[:, None]
    # Who fell back had left once before: that year, too, all standards were met.
    leaving = grid.table(income["poverty_state"].eq("exited_now").to_numpy())
    out = ~poor & ~left & ~leaving
    for name in ("medical_ok", "water_ok"):
        missed[name] |= out & (rng.random(grid.shape) < _RELAPSE)
    for name, (_, complaint) in STANDARDS.items():
        late = rng.random(len(home)) < _LATE
        missed[name][:, -1] = home[complaint].to_numpy(dtype=bool) if complaint else late
    return income.assign(**{name: ~grid.rows(table) for name, table in missed.items()})


def _is_poor(income: pd.DataFrame, home: pd.DataFrame, grid: _Grid) -> np.ndarray:
    """Rows of poverty at the year's end; the rows of 2014 say it of that year's exits too."""
    left = home["exit_year"].eq(FIRST_YEAR).to_numpy()[grid.at] & (grid.year == 0)
    return income["poverty_state"].isin(["poor", "fell_back"]).to_numpy() & ~left


def _missed(rng: Rng, name: str, home: pd.DataFrame, poor: np.ndarray) -> np.ndarray:
    """(households, years): a standard missed while poor, until it is mended before the exit."""
    share = STANDARDS[name][0]
    if name == "housing_ok":
        share = share + 0.3 * home["relocated"].to_numpy(dtype=float)
    if name == "water_ok":
        share = share * (0.5 + home["remote"].to_numpy())
    n = len(home)
    since = np.where(rng.random(n) < _NEVER_MENDED, LAST_YEAR, rng.integers(2015, 2020, n))
    had = rng.random(n) < share
    return poor & had[:, None] & (np.array(YEARS) < since[:, None])


def _planned(rng: Rng, income: pd.DataFrame, home: pd.DataFrame, grid: _Grid) -> np.ndarray:
    """Whether the household was to leave poverty in the year; nothing for those who had."""
    state = income["poverty_state"]
    still = _is_poor(income, home, grid)
    known = state.isin(["poor", "fell_back", "exited_now"]).to_numpy()
    return only(known, ~still | (rng.random(len(income)) < 0.06))


def _classes(rng: Rng, income: pd.DataFrame, home: pd.DataFrame, grid: _Grid) -> np.ndarray:
    """The class that the township wrote down for registered households."""
    people = income["member_count"]
    nobody = income["able_members"].add(income["weak_members"]).eq(0).to_numpy()
    strong = 100 * income["able_members"] >= _ENOUGH * people
    strong = (strong & (100 * income["ill_members"] <= _HEALTHY * people)).to_numpy()
    line = poverty_lines()[grid.year]
    sound = (income["per_capita_net_income_yuan"] > line) & income[[*_FIVE]].all(axis=1)
    five = home["poverty_attribute"].eq("five_guarantee").to_numpy()[grid.at]
    planned = income["exit_planned"].eq(True).to_numpy(dtype=bool)
    found = np.select(
        [nobody & five, nobody, strong & sound.to_numpy(), strong, planned],
        ["extreme", "allowance", "reliable", "lacking", "can_exit"],
        "sunk",
    ).astype(object)
    wrong = (rng.random(len(home)) < _MISTAKEN)[grid.at]
    found[wrong] = [_TAKEN_FOR[each] for each in found[wrong]]
    known = nobody | strong | income["exit_planned"].notna().to_numpy()
    return only(known & home["registered"].to_numpy()[grid.at], found)
