"""How far the cases of watched households have come: late ones, and those still on their way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model import characters, monitoring, monitoring_cases
from loaders.demo.model.config import LAST_YEAR, County
from loaders.demo.model.sampling import Rng, pick, take

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

# Shares of the decided cases that took too long, or whose notice came down too early.
_DECIDED_LATE, _NOTICE_SHORT, _HELPED_LATE = 0.06, 0.025, 0.03
_IN_TIME = pd.Timedelta(days=15)  # from the clue to the decision, in all other cases
_UNHELPED = 10  # decided long ago, and no measure yet
# Open cases by the last step taken at the later data date.
_OPEN = {"clue_on": 14, "home_checked_on": 10, "notice_on": 12, "township_checked_on": 8}
_OVERDUE = 16  # of the open cases
_END = np.datetime64("2025-12-30")


def delay(rng: Rng, watched: pd.DataFrame, spared: Iterable[str], county: County) -> pd.DataFrame:
    """The decided cases where some steps took longer than they may.

    Households in ``spared`` stay as they are. Of those decided in the last month half have no
    measure yet, and a few of those decided before.
    """
    n = len(watched)
    free = ~watched["household_id"].isin(list(spared)).to_numpy()
    often = characters.each(watched["village_code"], county, "slow")
    late, short, slow = (
        free & (rng.random(n) < share * often)
        for share in (_DECIDED_LATE, _NOTICE_SHORT, _HELPED_LATE)
    )
    earlier = pd.to_timedelta(np.where(late, rng.integers(8, 45, n), 0), unit="D")
    notice = watched["township_checked_on"] - pd.to_timedelta(rng.integers(1, 5, n), unit="D")
    since = watched["identified_on"]
    clue = watched["clue_on"].clip(lower=since - _IN_TIME)
    slow &= (since < np.datetime64(f"{LAST_YEAR}-09-01")).to_numpy()
    helped = since + pd.to_timedelta(rng.integers(33, 80, n), unit="D")
    this_month = since.ge(np.datetime64(f"{LAST_YEAR}-12-01")).to_numpy()
    unhelped = this_month & (rng.random(n) < 0.5)
    waiting = np.flatnonzero(free & ~watched["cleared"].to_numpy(dtype=bool) & ~slow)
    unhelped[rng.permutation(waiting)[:_UNHELPED]] = True
    told = watched["development_measure"]
    return watched.assign(
        clue_on=clue - earlier,
        home_checked_on=watched["home_checked_on"] - earlier,
        notice_on=watched["notice_on"].mask(short, notice),
        measures_on=watched["measures_on"].mask(slow, helped).mask(unhelped),
        development_measure=told.mask(unhelped & told.eq("done").to_numpy(), "planned"),
    )


def open_cases(
    rng: Rng, done: Simulation, facts: pd.DataFrame, spared: Iterable[str]
) -> pd.DataFrame:
    """Rows of households that are looked at and not decided upon, with the steps taken so far.

    They are registered ones with low incomes; ``facts`` (a row a household) is
    ``homes.summarise``'s.
    """
    home, income = done.household, done.household_year
    last = income[income["year"].eq(LAST_YEAR)].set_index("household_id")
    earned = home["household_id"].map(last["per_capita_net_income_yuan"])
    fits = home["registered"] & home["monitor_kind"].isna() & ~home["relocated"]
    fits &= ~home["household_id"].isin(list(spared)) & home["member_count"].gt(1)
    poorest = earned.where(fits).nsmallest(20 * sum(_OPEN.values())).index.to_numpy()
    where = np.sort(rng.permutation(poorest)[: sum(_OPEN.values())])
    frame = home.loc[where, ["household_id", "village_code"]].reset_index(drop=True)
    risks = monitoring.risks(rng, facts.iloc[where].reset_index(drop=True))
    frame = pd.concat([frame.assign(monitor_kind="unstable"), risks], axis=1)
    frame = _stepped(rng, frame, characters.each(frame["village_code"], done.county, "slow"))
    return monitoring_cases.with_contacts(rng, frame).assign(
        clue_source=pick(rng, monitoring_cases.CLUES, len(frame)),
        development_measure=None,
        no_labour_safety_net=False,
        cleared=False,
    )


def _stepped(rng: Rng, frame: pd.DataFrame, often: np.ndarray) -> pd.DataFrame:
    """The steps up to the last one taken, a case's time mostly not yet over at the data date;
    ``often`` weighs which cases are late."""
    n = len(frame)
    steps = list(_OPEN)
    taken = rng.permutation(np.repeat(range(1, len(steps) + 1), list(_OPEN.values())))
    # Days that the steps take at least: the check comes soon, a notice hangs five days.
    gaps = np.stack([np.zeros(n, dtype=int), *(rng.integers(1, 3, n) for _ in range(2))])
    gaps = np.vstack([gaps, rng.integers(5, 7, n)]).cumsum(axis=0)
    used = gaps[taken - 1, np.arange(n)]
    waited = rng.integers(0, 14 - used, n)
    late = np.isin(np.arange(n), take(rng, often, _OVERDUE))
    waited = np.where(late, waited + rng.integers(16, 45, n), waited)
    clue = _END - used - waited
    for number, step in enumerate(steps):
        on = clue + gaps[number]
        frame[step] = np.where(number < taken, on, np.datetime64("NaT"))
    return frame
