"""Illness, accidents, disasters and lost livelihoods: what struck whom, when, and what it cost.

Every household that is watched as suddenly stricken has its event and cost. A few households have
both and are watched by nobody; many have an event that cost them little. All keep their distance
from the lines, so that a rounded or mended cell changes no answer.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model import characters
from loaders.demo.model.config import LAST_YEAR, YEARS, County
from loaders.demo.model.sampling import Rng, as_days, pick, take

FIRST_YEAR = 2021  # of monitoring the stricken
# Risk of a watched household -> what happened to it.
EVENTS = {
    "illness": "fell_ill",
    "disability": "accident",
    "accident": "accident",
    "disaster": "disaster",
    "industry_failed": "livelihood_lost",
    "unstable_work": "livelihood_lost",
}
# Risks that come over years and not at a stroke, and what stands in their place for the stricken.
SUDDEN = {"labour_shortage": "accident", "schooling": "disaster", "other": "accident"}
_NOTES = {
    "fell_ill": ("突发脑出血住院", "确诊恶性肿瘤", "心脏手术治疗", "急性肾衰竭治疗"),
    "accident": ("交通事故受伤", "务工时坠落受伤", "建房时摔伤", "农机作业受伤"),
    "disaster": ("暴雨冲毁房屋和圈舍", "山体滑坡损毁房屋", "洪水淹没农田和库房", "火灾烧毁房屋"),
    "livelihood_lost": ("养殖疫病致产业失败", "务工企业停工失业", "食用菌种植失败", "被欠薪后失业"),
}
# Of the monitoring line: income a person in the year, and what the cost leaves of it.
_EARNED, _LEFT = (1.15, 1.7), (0.45, 0.85)
_FALL = (0.40, 0.52)  # income of those who lost their work, of the year before's
_MISSED = {"illness": 5, "accident": 4, "disaster": 4, "unstable_work": 3}  # watched by nobody
_SLIGHT = 90  # events that cost little, over three years
_SPARE = 1.2  # of the line, what these leave
_BEFORE = (62, 86)  # days from the event to the county's decision


def sudden(risk: pd.Series, kinds: np.ndarray) -> pd.Series:
    """The main risks, the slow ones of stricken households replaced by sudden ones."""
    slow = (kinds == "stricken") & risk.isin(list(SUDDEN)).to_numpy()
    return risk.mask(slow, risk.map(SUDDEN))


def strike(
    rng: Rng, homes: pd.DataFrame, watched: pd.DataFrame, counts: np.ndarray, county: County
) -> pd.DataFrame:
    """One row a struck household: home (its place in ``homes``), household_id, year, change_kind,
    changed_on, note, missed, income and previous (yuan a person), payment and cost_yuan (yuan).

    ``counts`` are (households, years) people. Blank: nothing is set of it.
    """
    place = pd.Series(np.arange(len(homes)), homes["household_id"])
    known = watched[watched["monitor_kind"].eq("stricken")]
    on = as_days(known["identified_on"].to_numpy()) - rng.integers(*_BEFORE, len(known))
    rows = pd.DataFrame(
        {
            "home": place.loc[known["household_id"]].to_numpy(),
            "risk": known["risk_1"].to_numpy(),
            "changed_on": on,
            "missed": False,
        }
    )
    rows["known_before"] = known["identified_on"].dt.year.to_numpy() > _year(on)
    rows = pd.concat([rows, _unwatched(rng, homes)], ignore_index=True)
    rows["year"] = _year(rows["changed_on"].to_numpy())
    rows = rows[rows["year"] >= FIRST_YEAR].reset_index(drop=True)
    rows["household_id"] = homes["household_id"].to_numpy()[rows["home"]]
    rows["change_kind"] = rows["risk"].map(EVENTS)
    people = counts[rows["home"], rows["year"] - YEARS[0]]
    return _costed(rng, rows, people, county)


def _unwatched(rng: Rng, homes: pd.DataFrame) -> pd.DataFrame:
    """Registered households struck in the last year that nobody watches."""
    fits = homes["registered"] & homes["monitor_kind"].isna() & homes["exit_year"].gt(0)
    fits &= homes["identified_on"].dt.year.eq(YEARS[0])
    count = sum(_MISSED.values())
    first = np.datetime64(f"{LAST_YEAR}-03-01")
    return pd.DataFrame(
        {
            "home": take(rng, fits.to_numpy() * 1.0, count),
            "risk": np.repeat(list(_MISSED), list(_MISSED.values())),
            "changed_on": first + rng.integers(0, 240, count),
            "missed": True,
            "known_before": False,
        }
    )


def _costed(rng: Rng, rows: pd.DataFrame, people: np.ndarray, county: County) -> pd.DataFrame:
    """The rows with what the event cost, by care paid for, by a loss, or by income."""
    n = len(rows)
    line = np.array([county.monitoring_line(year) for year in rows["year"]])
    income = np.round(line * rng.uniform(*_EARNED, n), 2)
    cost = np.round((income - line * rng.uniform(*_LEFT, n)) * people, -1)
    fell = rows["risk"].eq("unstable_work") & ~rows["known_before"].astype(bool)
    ill = rows["change_kind"].eq("fell_ill")
    note = [_NOTES[kind][i] for kind, i in zip(rows["change_kind"], rng.integers(0, 4, n))]  # noqa: B905
    return rows.assign(
        income=income,
        previous=np.where(fell, income / rng.uniform(*_FALL, n), np.nan),
        payment=np.where(ill, cost, np.nan),
        cost_yuan=np.where(ill | fell, np.nan, cost),
        note=note,
    )


def _year(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[Y]").astype(int) + 1970


def incomes(per_person: np.ndarray, struck: pd.DataFrame) -> np.ndarray:
    """Yuan a person, (households, years), with those of the struck in their year."""
    per_person = per_person.copy()
    at = struck["year"].to_numpy() - YEARS[0]
    per_person[struck["home"], at] = struck["income"]
    fell = struck["previous"].notna().to_numpy()
    per_person[struck["home"][fell], at[fell] - 1] = struck["previous"][fell]
    return per_person


def payments(
    paid: np.ndarray, net: np.ndarray, counts: np.ndarray, struck: pd.DataFrame, county: County
) -> np.ndarray:
    """Yuan paid for care, (households, years), with those of the ill in their year.

    ``net`` are yuan a household. Nobody else pays so much that too little is left.
    """
    paid = paid.copy()
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        at = year - YEARS[0]
        left = (net[:, at] - paid[:, at]) / counts[:, at]
        heavy = paid[:, at] > 0.9 * county.own_payment_limit
        heavy &= left < 1.1 * county.monitoring_line(year)
        paid[heavy, at] = np.round(0.85 * county.own_payment_limit - paid[heavy, at] % 4000, 2)
    ill = struck["payment"].notna().to_numpy()
    paid[struck["home"][ill], struck["year"][ill] - YEARS[0]] = struck["payment"][ill]
    return paid


def slight(
    rng: Rng,
    income: pd.DataFrame,
    struck: pd.DataFrame,
    watched: pd.DataFrame,
    county: County,
    wet: np.ndarray,
) -> pd.DataFrame:
    """Events that cost little, in the form of ``strike`` without what it sets of income.

    Some have nothing in common, others are of the flood, in its villages ``wet``.
    """
    rows = income.sort_values(["household_id", "year"], ignore_index=True)
    earned = rows["per_capita_net_income_yuan"]
    before = earned.groupby(rows["household_id"]).shift()
    rows = rows.assign(change=earned / before)
    line = rows["year"].map(lambda y: county.monitoring_line(y) if y >= FIRST_YEAR else np.nan)
    spare = rows["net_income_yuan"] - rows["own_payment_yuan"]
    rows["spare"] = spare - _SPARE * line * rows["member_count"]
    taken = [*struck["household_id"], *watched["household_id"]]
    fits = rows["year"].gt(LAST_YEAR - 3) & rows["change"].gt(0.75) & rows["spare"].gt(3000)
    fits &= ~rows["household_id"].isin(taken)
    some = rows.loc[take(rng, fits.to_numpy() * 1.0, _SLIGHT)]
    kind = pick(rng, {"accident": 2, "disaster": 3, "livelihood_lost": 1}, len(some))
    first = (some["year"].to_numpy() - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    struck = _little(rng, some, kind, first + rng.integers(5, 320, len(some)))
    fits &= ~rows["household_id"].isin(some["household_id"])
    fits &= rows["village_code"].isin(wet) & rows["year"].eq(county.flood["year"])
    count = min(characters.declared()["flood"]["slight"], int(fits.sum()))
    hit = rows.loc[take(rng, fits.to_numpy() * 1.0, count)]
    on = as_days(np.array(characters.flood_month(county))) + rng.integers(8, 12, count)
    return pd.concat([struck, _little(rng, hit, np.full(count, "disaster", dtype=object), on)])


def _little(rng: Rng, some: pd.DataFrame, kind: np.ndarray, on: np.ndarray) -> pd.DataFrame:
    """Events of these kinds and days that leave the households what they can spare."""
    cost = np.minimum(rng.uniform(300, 6000, len(some)), some["spare"])
    return pd.DataFrame(
        {
            "household_id": some["household_id"].to_numpy(),
            "year": some["year"].to_numpy(),
            "change_kind": kind,
            "changed_on": on,
            "note": [_NOTES[each][0] for each in kind],
            "cost_yuan": np.round(cost.to_numpy(), -1),
            "missed": False,
        }
    )
