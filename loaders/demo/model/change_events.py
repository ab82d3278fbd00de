"""动态管理: what changed of households and their members, 2014 to 2025, as the flows need it.

What struck a household (an illness, an accident, a disaster, a lost livelihood) stands there too.
The other events add up to the register: from one year's rows to the next's every household that
came, left poverty or fell back has its event, and the people born, married and gone make the
difference between two years' member counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.config import FIRST_YEAR, LAST_YEAR, YEARS
from loaders.demo.model.sampling import Rng, as_days, pick

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

_LEFT = {"died": 0.56, "married_out": 0.28, "moved_out": 0.16}
_CORRECTED = 0.004  # of households a year
_CORRECTIONS = ("更正家庭人口", "更正致贫原因", "更正证件号码", "更正健康状况", "更正劳动技能")
_LATE_CORRECTIONS = 20  # between the two data dates
_REMOVED = 0.08  # of the never registered: listed in 2014 and found wrongly so
_REMOVALS = ("家庭有财政供养人员", "家庭有商品房", "家庭有经营性车辆", "人均收入超标准")
_LAST_DAY = 330  # of the last year: what came later only the second data date has
_COLUMNS = [
    "event_id",
    "change_kind",
    "household_id",
    "village_code",
    "member_id",
    "changed_on",
    "people",
    "cost_yuan",
    "note",
]


def happened(rng: Rng, done: Simulation) -> pd.DataFrame:
    """The change_event table, numbered by date."""
    home, income = done.household, done.household_year
    parts = [
        _identified(home, income),
        _moves_of_state(rng, income),
        _joined(rng, done.member, income),
        _left(rng, done.member, income),
        _removed(rng, home),
        _corrected(rng, home),
        done.struck[["household_id", "change_kind", "changed_on", "cost_yuan", "note"]],
    ]
    village = home.set_index("household_id")["village_code"]
    events = pd.concat(parts, ignore_index=True)
    events["village_code"] = village.loc[events["household_id"]].to_numpy()
    for name in ("member_id", "note"):
        events[name] = events[name].astype(object).where(events[name].notna(), None)
    order = ["changed_on", "household_id", "change_kind"]
    events = events.sort_values(order, ignore_index=True)
    events["event_id"] = [f"{done.county.code}BG{n:06d}" for n in range(1, len(events) + 1)]
    return events[_COLUMNS]


def _identified(home: pd.DataFrame, income: pd.DataFrame) -> pd.DataFrame:
    """Registered households, with the people of the year they were listed in."""
    listed = home.loc[home["registered"], ["household_id", "identified_on"]]
    year = listed["identified_on"].to_numpy().astype("datetime64[Y]").astype(int) + 1970
    wanted = pd.MultiIndex.from_arrays([listed["household_id"], year])
    people = income.set_index(["household_id", "year"])["member_count"].loc[wanted]
    return pd.DataFrame(
        {
            "change_kind": "identified",
            "household_id": listed["household_id"].to_numpy(),
            "changed_on": as_days(listed["identified_on"].to_numpy()),
            "people": people.to_numpy(),
        }
    )


def _moves_of_state(rng: Rng, income: pd.DataFrame) -> pd.DataFrame:
    """Exits and fallings back, from the states of the years.

    The rows of 2014 say poor of everybody: who is out of poverty a year later without having left
    in that year left in 2014.
    """
    rows = income[income["poverty_state"].notna()].sort_values(["household_id", "year"])
    same = rows["household_id"].eq(rows["household_id"].shift(-1)).to_numpy()
    after = rows["poverty_state"].shift(-1).where(same).to_numpy()
    state, year = rows["poverty_state"].to_numpy(), rows["year"].to_numpy()
    before = rows["poverty_state"].shift(1).where(np.r_[False, same[:-1]]).to_numpy()
    at_once = (year == FIRST_YEAR) & (state == "poor") & (after == "exited_before")
    exited = (state == "exited_now") | at_once
    back = (state == "fell_back") & (before != "fell_back")
    found = rows[exited | back]
    kind = np.where(back, "fell_back", "exited")[exited | back]
    # Exits are agreed in the last weeks of a year, fallings back found in its autumn.
    month = rng.integers(10, 12, len(found)) - np.where(kind == "fell_back", 2, 0)
    return pd.DataFrame(
        {
            "change_kind": kind,
            "household_id": found["household_id"].to_numpy(),
            "changed_on": _day(found["year"].to_numpy(), month, rng.integers(0, 28, len(found))),
            "people": found["member_count"].to_numpy(),
        }
    )


def _day(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Dates of years, months from 0 and days from 0."""
    first = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + month
    return as_days(first) + day


def _day_of(rng: Rng, year: np.ndarray) -> np.ndarray:
    """A random day of each year, of the last one before the earlier data date."""
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return start + (rng.random(len(year)) * np.where(year == LAST_YEAR, _LAST_DAY, 365)).astype(int)


def _known_since(income: pd.DataFrame) -> pd.Series:
    return income.groupby("household_id")["year"].min()


def _joined(rng: Rng, member: pd.DataFrame, income: pd.DataFrame) -> pd.DataFrame:
    """Births and marriages into households since they are known."""
    known = member["household_id"].map(_known_since(income))
    came = member[member["join_year"].gt(known)]
    married = came["birth_date"].dt.year.ne(came["join_year"]).to_numpy()
    on = np.where(
        married, _day_of(rng, came["join_year"].to_numpy()), as_days(came["birth_date"].to_numpy())
    )
    return pd.DataFrame(
        {
            "change_kind": np.where(married, "married_in", "born"),
            "household_id": came["household_id"].to_numpy(),
            "member_id": came["member_id"].to_numpy(),
            "changed_on": on,
            "people": 1,
        }
    )


def _left(rng: Rng, member: pd.DataFrame, income: pd.DataFrame) -> pd.DataFrame:
    """Those gone, whom no list names any more: what is missing between two years' counts."""
    counts = income.pivot(index="household_id", columns="year", values="member_count")
    joins = member[member["join_year"].gt(0)].groupby(["household_id", "join_year"]).size()
    joins = joins.unstack(fill_value=0).reindex(counts.index, columns=list(YEARS), fill_value=0)
    gone = counts.shift(1, axis=1) + joins - counts
    gone = gone.stack().dropna().astype(int)
    gone = gone[gone > 0]
    homes = gone.index.get_level_values(0).repeat(gone.to_numpy())
    years = gone.index.get_level_values(1).repeat(gone.to_numpy())
    kinds = pick(rng, _LEFT, len(homes))
    # Two gone in the same way are one event of two people.
    events = pd.DataFrame({"household_id": homes, "year": years, "change_kind": kinds})
    keys = ["household_id", "year", "change_kind"]
    events = events.groupby(keys, as_index=False).size().rename(columns={"size": "people"})
    events["changed_on"] = _day_of(rng, events["year"].to_numpy())
    return events.drop(columns="year")


def _removed(rng: Rng, home: pd.DataFrame) -> pd.DataFrame:
    """Some of the never registered were once listed, found wrongly so and taken off again."""
    others = home[~home["registered"]]
    some = others[rng.random(len(others)) < _REMOVED]
    ids, people = some["household_id"].to_numpy(), some["member_count"].to_numpy()
    listed = np.datetime64("2014-03-01") + rng.integers(0, 120, len(some))
    off = np.datetime64("2015-06-01") + rng.integers(0, 900, len(some))
    on = pd.DataFrame({"change_kind": "identified", "household_id": ids, "changed_on": listed})
    gone = pd.DataFrame({"change_kind": "removed", "household_id": ids, "changed_on": off})
    gone["note"] = pick(rng, _REMOVALS, len(some))
    return pd.concat([on.assign(people=people), gone.assign(people=people)])


def _corrected(rng: Rng, home: pd.DataFrame) -> pd.DataFrame:
    """Entries put right, every year a few, the last ones between the two data dates."""
    ids = home["household_id"][home["registered"]].to_numpy()
    count = round(_CORRECTED * len(ids))
    years = np.repeat(np.array(YEARS)[1:], count)
    on = _day_of(rng, years)
    late = np.datetime64("2025-12-02") + rng.integers(0, 28, _LATE_CORRECTIONS)
    on = np.r_[on, late]
    events = pd.DataFrame(
        {
            "change_kind": "corrected",
            "household_id": rng.choice(ids, len(on)),
            "changed_on": on,
            "note": pick(rng, _CORRECTIONS, len(on)),
        }
    )
    return events.drop_duplicates(["household_id", "changed_on"])
