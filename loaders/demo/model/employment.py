"""Work away from home: where, since when, for how much, and who means to go."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.config import LAST_YEAR, County
from loaders.demo.model.member_details import CAN_WORK, phone_numbers
from loaders.demo.model.sampling import Rng, as_days, only, pick

_NEAR = {"township": 0.3, "county": 0.4, "province": 0.2, "outside": 0.1}
_FAR = {"township": 0.04, "county": 0.14, "province": 0.44, "outside": 0.38}
_CHANNELS = {"自主外出": 5, "亲友介绍": 4, "政府组织": 1.5, "劳务公司": 1, "招聘会": 0.6}
_SENT_HOME = 0.5
_END = np.datetime64("2025-12-21")  # nobody comes back in the last days of the year


def spells(
    rng: Rng, member: pd.DataFrame, income: pd.DataFrame, county: County
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The members with work_place and plans_work, and the employment table.

    Who worked in the last year has a spell of as many months, some an earlier one before it. Some
    of those without work plan to go.
    """
    works = member["work_months"].gt(0).to_numpy()
    able = member["labour"].isin(CAN_WORK[:2]) & member["age"].lt(55)
    plans = (able & ~works & (rng.random(len(member)) < 0.25)).to_numpy()
    far = member["work_months"].ge(6).to_numpy()
    place = np.where(far, pick(rng, _FAR, len(member)), pick(rng, _NEAR, len(member)))
    member = member.assign(work_place=only(works, place), plans_work=plans)
    now = _current(rng, member[works], income, county)
    before = _earlier(rng, now, county)
    planned = _planned(rng, member[plans], county)
    table = pd.concat([before, now, planned]).sort_values(["member_id", "started_on"])
    return member, table.reset_index(drop=True)


def _frame(rng: Rng, member: pd.DataFrame, place: np.ndarray, county: County) -> pd.DataFrame:
    """Rows of the employment table, less dates and pay."""
    n = len(member)
    region = np.empty(n, dtype=object)
    for key, towns in county.work_regions.items():
        where = place == key
        region[where] = pick(rng, towns, int(where.sum()))
    phone = member["phone"].to_numpy(dtype=object)
    frame = member[["member_id", "household_id", "village_code"]].reset_index(drop=True)
    return frame.assign(
        work_place=place,
        work_region=region,
        channel=pick(rng, _CHANNELS, n),
        phone=np.where(pd.isna(phone), phone_numbers(rng, n), phone),
    )


def _current(rng: Rng, member: pd.DataFrame, income: pd.DataFrame, county: County) -> pd.DataFrame:
    """The last spell of everyone who worked in the last year; the longer, the likelier it lasts."""
    n, months = len(member), member["work_months"].to_numpy().astype(int)
    returned = rng.random(n) < np.where(months >= 9, 0.08, 0.6)
    ended = np.where(
        returned, np.minimum(_END - rng.integers(0, 170, n), _END), np.datetime64("NaT")
    )
    since = np.where(returned, ended, np.datetime64("2025-12-20")) - (months * 30.4).astype(int)
    # Who is away all the year may have left long before it.
    since = since - np.where(~returned & (months >= 11), rng.integers(0, 1400, n), 0)
    frame = _frame(rng, member, member["work_place"].to_numpy(dtype=object), county)
    return frame.assign(
        started_on=since,
        ended_on=ended,
        planned=False,
        returned=returned,
        month_pay_yuan=_pay(rng, member, income),
    )


def _pay(rng: Rng, member: pd.DataFrame, income: pd.DataFrame) -> np.ndarray:
    """Yuan a month, in tens: the household's wages shared by its months of work, and luck.

    What a household counts as wages is what reaches home, about half of the pay.
    """
    last = income[income["year"].eq(LAST_YEAR)].set_index("household_id")["wage_yuan"]
    months = member.groupby("household_id")["work_months"].transform("sum")
    wage = last.reindex(member["household_id"]).to_numpy() / months.to_numpy()
    pay = wage / _SENT_HOME * np.exp(rng.normal(0.0, 0.12, len(member)))
    return np.maximum(np.round(pay, -1), 600.0)


def _earlier(rng: Rng, now: pd.DataFrame, county: County) -> pd.DataFrame:
    """A spell before the last one, for one in twelve."""
    chosen = now[rng.random(len(now)) < 0.08]
    ended = as_days(chosen["started_on"].to_numpy()) - rng.integers(20, 120, len(chosen))
    started = ended - rng.integers(60, 330, len(chosen))
    place = pick(rng, _FAR, len(chosen))
    frame = _frame(rng, chosen, place, county).assign(
        started_on=started,
        ended_on=ended,
        planned=False,
        returned=True,
    )
    pay = chosen["month_pay_yuan"].to_numpy() * rng.uniform(0.8, 1.0, len(chosen))
    return frame.assign(month_pay_yuan=np.maximum(np.round(pay, -1), 600.0))


def _planned(rng: Rng, member: pd.DataFrame, county: County) -> pd.DataFrame:
    """Those who mean to leave after the next spring festival, and what they hope to earn."""
    n = len(member)
    start = as_days(np.datetime64("2026-02-22") + rng.integers(0, 40, n))
    return _frame(rng, member, pick(rng, _FAR, n), county).assign(
        started_on=start,
        ended_on=np.datetime64("NaT"),
        planned=True,
        returned=False,
        month_pay_yuan=np.round(rng.normal(4200, 600, n).clip(2200), -2),
    )
