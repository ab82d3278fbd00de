"""What the yearly collection says of a household: labour, the standards of exit, its class."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.config import LAST_YEAR
from loaders.demo.draw import Rng, only, pick

# Standard -> share of the poor that missed it in 2014, and the flag that says so of the last year.
STANDARDS: dict[str, tuple[float, str | None]] = {
    "food_ok": (0.08, None),
    "clothing_ok": (0.05, None),
    "schooling_ok": (0.02, "out_of_school"),
    "medical_ok": (0.06, "uninsured_member"),
    "housing_ok": (0.3, "housing_unsafe"),
    "water_ok": (0.22, "water_unsafe"),
}
_CLASSES = ("reliable", "lacking", "can_exit", "sunk", "extreme", "allowance")
_MISTAKEN = 0.03  # classes that the township writes down otherwise
_ENOUGH, _HEALTHY = 25, 50  # per cent of members: able at least, ill at most


def collect(
    rng: Rng, income: pd.DataFrame, home: pd.DataFrame, facts: pd.DataFrame
) -> pd.DataFrame:
    """The household_year table with these columns; ``facts`` are ``homes.summarise``'s.

    Labour of earlier years is that of today for as many as there were. Who leaves poverty meets
    every standard; who is out of it meets them but for what today's register complains of.
    """
    at = pd.Index(home["household_id"]).get_indexer(pd.Index(income["household_id"]))
    income = _labour(income, facts.reset_index(drop=True), at)
    income = _standards(rng, income, home, at)
    income["exit_planned"] = _planned(rng, income)
    income["recorded_class"] = _classes(rng, income, home, at)
    return income


def _labour(income: pd.DataFrame, facts: pd.DataFrame, at: np.ndarray) -> pd.DataFrame:
    size = facts["size"].to_numpy()[at]
    people = income["member_count"].to_numpy()
    ill = facts["major"] + facts["chronic"] + facts["disabled"]
    parts = {"able_members": facts["able"], "weak_members": facts["weak"], "ill_members": ill}
    return income.assign(
        **{name: (part.to_numpy()[at] * people + size // 2) // size for name, part in parts.items()}
    )


def _standards(rng: Rng, income: pd.DataFrame, home: pd.DataFrame, at: np.ndarray) -> pd.DataFrame:
    state, year = income["poverty_state"], income["year"].to_numpy()
    poor = state.isin(["poor", "fell_back"]).to_numpy()
    ebb = np.clip((2020 - year) / 6, 0.15, 1.0)
    last = year == LAST_YEAR
    found = {}
    for name, (share, complaint) in STANDARDS.items():
        missed = poor & (rng.random(len(income)) < share * ebb)
        if complaint:
            missed = np.where(last, home[complaint].to_numpy(dtype=bool)[at], missed)
        found[name] = ~missed
    return income.assign(**found)


def _planned(rng: Rng, income: pd.DataFrame) -> np.ndarray:
    """Whether the household was to leave poverty in the year; nothing for those who had."""
    leaves = income["poverty_state"].eq("exited_now").to_numpy()
    poor = income["poverty_state"].isin(["poor", "fell_back"]).to_numpy()
    hoped = poor & (rng.random(len(income)) < 0.06)
    return only(leaves | poor, leaves | hoped)


def _classes(rng: Rng, income: pd.DataFrame, home: pd.DataFrame, at: np.ndarray) -> np.ndarray:
    """The class that the township wrote down for registered households."""
    people = income["member_count"]
    able, weak = income["able_members"], income["weak_members"]
    nobody = able.add(weak).eq(0).to_numpy()
    strong = (100 * able >= _ENOUGH * people) & (100 * income["ill_members"] <= _HEALTHY * people)
    sound = income[list(STANDARDS)[2:]].all(axis=1).to_numpy()
    five = home["poverty_attribute"].eq("five_guarantee").to_numpy()[at]
    planned = income["exit_planned"].eq(True).to_numpy(dtype=bool)
    found = np.select(
        [nobody & five, nobody, strong & sound, strong.to_numpy(), planned],
        ["extreme", "allowance", "reliable", "lacking", "can_exit"],
        "sunk",
    )
    wrong = rng.random(len(income)) < _MISTAKEN
    found = np.where(wrong, pick(rng, _CLASSES, len(income)), found)
    known = nobody | strong.to_numpy() | income["exit_planned"].notna().to_numpy()
    return only(known & home["registered"].to_numpy()[at], found)
