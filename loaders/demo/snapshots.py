"""The simulated county as its systems held it on one of two data dates, a month apart."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from loaders.demo.incomes import as_known_in_november
from loaders.demo.simulation import DATA_DATE, DEFAULT_SEED, Simulation

DATA_DATES = (dt.date(2025, 11, 30), DATA_DATE)
_TABLES = (
    "household",
    "member",
    "employment",
    "household_year",
    "monitored_household",
    "measure",
    "ledger_entry",
    "relocation",
)


def as_of(done: Simulation, date: dt.date, seed: int = DEFAULT_SEED) -> Simulation:
    """What the county's systems held on one of the two data dates.

    A month earlier one household was still listed that then died out, two were not yet found,
    twelve not yet watched, fewer ledger entries were closed and some incomes were older figures.
    """
    if date == done.data_date:
        return _without(done, [died_out(done)])
    rng = np.random.default_rng([seed, int(done.county.code), date.month])
    day = np.datetime64(date)
    watched = _until(done.monitored_household, day, "identified_on", "cleared_on", "clear_method")
    watched["cleared"] = watched["cleared_on"].notna()
    facts = [name for name in watched if name.startswith("cleared_")]
    watched[facts] = watched[facts].where(watched["cleared"], None)
    earlier = replace(
        done,
        data_date=date,
        monitored_household=watched,
        employment=_work_until(done.employment, day),
        ledger_entry=_until(done.ledger_entry, day, "opened_on", "closed_on", "closed_how"),
        household_year=as_known_in_november(rng, done.household_year),
    )
    late = ~done.household["registered"] & (done.household["identified_on"].to_numpy() > day)
    earlier = _without(earlier, done.household["household_id"][late].to_list())
    is_watched = earlier.household["household_id"].isin(watched["household_id"])
    kind = earlier.household["monitor_kind"].where(is_watched, None)
    return replace(earlier, household=earlier.household.assign(monitor_kind=kind))


def died_out(done: Simulation) -> str:
    """The household that the later of the two dates no longer has: one old person, alone."""
    home = done.household
    alone = home["registered"] & home["member_count"].eq(1) & home["monitor_kind"].isna()
    alone &= ~home["relocated"] & home["exit_year"].eq(2018)
    old = done.member.loc[done.member["age"] >= 85, "household_id"]
    return home["household_id"][alone & home["household_id"].isin(old)].iloc[0]


def _until(frame: pd.DataFrame, day: np.datetime64, begun: str, ended: str, how: str):
    """The rows begun by that day, with what ended later still open."""
    frame = frame[frame[begun].to_numpy() <= day].reset_index(drop=True)
    later = frame[ended].to_numpy() > day
    return frame.assign(**{ended: frame[ended].mask(later), how: frame[how].mask(later, None)})


def _work_until(work: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """The spells begun by that day and all plans; who came home later is still away."""
    begun = work["planned"] | (work["started_on"].to_numpy() <= day)
    later = work["ended_on"].to_numpy() > day
    work = work.assign(
        ended_on=work["ended_on"].mask(later), returned=work["returned"].mask(later, False)
    )
    return work[begun].reset_index(drop=True)


def _without(done: Simulation, ids: list[str]) -> Simulation:
    """The simulation less these few households, in every table about households."""
    frames = {}
    for name in _TABLES:
        frame: pd.DataFrame = getattr(done, name)
        frames[name] = frame[~frame["household_id"].isin(ids)].reset_index(drop=True)
    return replace(done, **frames)
