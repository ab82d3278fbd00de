"""Households gone through item by item: the nine verifications (九核) and the six inspections."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.config import LAST_YEAR
from loaders.demo.model.member_details import helpers
from loaders.demo.model.sampling import Rng, only

_LAST_DAY = np.datetime64("2025-12-28")
NONE = np.datetime64("NaT", "D")

# Item of the nine -> what was put right where it did not agree.
NINE: dict[str, str] = {
    "population": "家庭人口变动已更正",
    "health": "健康状况已按病历更正",
    "labour": "劳动力状况已更正",
    "employment": "务工地点和月数已更正",
    "cause": "主要致贫原因已更正",
    "income": "收入漏项已补录",
    "policies": "补登已享受政策",
    "standards": "达标情况已更正",
    "wishes": "已按本人意愿调整帮扶措施",
}
_SECOND_VISIT = 5  # items of the first visit; the others are looked at later
_LOWEST, _OLD, _CORRECTED, _UNDECIDED = 0.6, 0.04, 0.04, 0.006

# Item of the six -> the flag of the register that it must find, and what is written of it.
SIX: dict[str, tuple[str | None, str]] = {
    "income": (None, "收入不稳定,可能低于监测线"),
    "basic_living": (None, "冬季衣被不足"),
    "schooling": ("out_of_school", "适龄儿童未在校就读"),
    "medical": ("uninsured_member", "有家庭成员未参加基本医疗保险"),
    "housing": ("housing_unsafe", "住房存在安全隐患"),
    "water": ("water_unsafe", "季节性缺水,取水不便"),
}
_COVERED, _FOUND, _BESIDES, _UNCLEAR, _MENDED = 0.85, 0.9, 0.012, 0.003, 0.87


def nine_checks(rng: Rng, home: pd.DataFrame) -> pd.DataFrame:
    """The nine_check table: registered households, 60 to 100 % of the items by village.

    Items are looked at in their order, in two visits; the next one of a household that is not done
    may be listed without a date.
    """
    home = home[home["registered"]].reset_index(drop=True)
    n, items = len(home), len(NINE)
    codes, at = np.unique(home["village_code"].to_numpy(dtype=str), return_inverse=True)
    share = _LOWEST + (1 - _LOWEST) * np.sqrt(rng.random(len(codes)))
    # Who is not done stands at any item: on average at half of those before the last.
    whole = 1 - (1 - share) * items / ((items + 1) / 2)
    done = np.where(rng.random(n) < whole[at], items, rng.integers(0, items, n))
    listed = (done < items) & (rng.random(n) < 0.5)
    first, second = _visits(rng, at, len(codes))
    rows = done + listed
    row = np.repeat(np.arange(n), rows)
    number = np.arange(len(row)) - np.repeat(np.cumsum(rows) - rows, rows)
    waits = number == done[row]
    luck = rng.random(len(row))
    undecided = waits | (luck > 1 - _UNDECIDED)
    state = np.select([undecided, luck < _CORRECTED], ["pending", "corrected"], "agrees")
    item = np.array(list(NINE), dtype=object)[number]
    day = np.where(number < _SECOND_VISIT, first[row], second[row])
    notes = np.array(list(NINE.values()), dtype=object)[number]
    verifier = helpers(rng, home["village_code"].to_numpy(dtype=str), 3)[row]
    return pd.DataFrame(
        {
            "household_id": home["household_id"].to_numpy()[row],
            "village_code": home["village_code"].to_numpy()[row],
            "check_item": item,
            "checked_on": np.where(waits, NONE, day),
            "verifier": only(~waits, verifier),
            "check_result": state.astype(object),
            "note": only(state == "corrected", notes),
        }
    )


def _visits(rng: Rng, at: np.ndarray, villages: int) -> tuple[np.ndarray, np.ndarray]:
    """Days of both visits: village by village from March on, a few from the years before."""
    n = len(at)
    begun = rng.integers(0, 240, villages)
    first = np.datetime64("2025-03-05") + begun[at] + rng.integers(0, 28, n)
    first = first - np.where(rng.random(n) < _OLD, rng.integers(280, 700, n), 0)
    second = first + rng.integers(3, 45, n)
    return np.minimum(first, _LAST_DAY), np.minimum(second, _LAST_DAY)


def inspections(
    rng: Rng, home: pd.DataFrame, income: pd.DataFrame, watched: pd.DataFrame
) -> pd.DataFrame:
    """The inspection table: 85 to 100 % of all households by village, what was found and mended.

    What the register still complains of is unmet and mostly found; most else is mended.
    """
    n, items = len(home), len(SIX)
    codes, at = np.unique(home["village_code"].to_numpy(dtype=str), return_inverse=True)
    covered = _COVERED + (1 - _COVERED) * np.sqrt(rng.random(len(codes)))
    seen = rng.random(n) < covered[at]
    partly = ~seen & (rng.random(n) < 0.5)
    dated = seen[:, None] | (partly[:, None] & (rng.random((n, items)) < 0.6))
    begun = np.datetime64("2025-05-08") + rng.integers(0, 150, len(codes))
    day = (begun[at] + rng.integers(0, 45, n))[:, None] + np.zeros(items, dtype=int)
    wrong = _complaints(home, income, watched) & (rng.random((n, items)) < _FOUND)
    besides = ~wrong & (rng.random((n, items)) < _BESIDES)
    unclear = ~wrong & ~besides & (rng.random((n, items)) < _UNCLEAR)
    state = np.select([~dated, wrong | besides, unclear], ["", "unmet", "unclear"], "met")
    mended = day + rng.integers(4, 80, (n, items))
    mended[~(dated & besides & (rng.random((n, items)) < _MENDED))] = NONE
    mended[mended > _LAST_DAY] = NONE
    where, item = np.nonzero(seen[:, None] | partly[:, None] & np.ones(items, dtype=bool))
    state = state[where, item].astype(object)
    texts = np.array([told for _, told in SIX.values()], dtype=object)[item]
    inspector = helpers(rng, home["village_code"].to_numpy(dtype=str), 3)[where]
    has_day = dated[where, item]
    return pd.DataFrame(
        {
            "household_id": home["household_id"].to_numpy()[where],
            "village_code": home["village_code"].to_numpy()[where],
            "inspection_item": np.array(list(SIX), dtype=object)[item],
            "inspected_on": np.where(has_day, day[where, item], NONE),
            "inspector": only(has_day, inspector),
            "inspection_result": only(has_day, state),
            "note": only(state == "unmet", texts),
            "mended_on": mended[where, item],
        }
    )


def _complaints(home: pd.DataFrame, income: pd.DataFrame, watched: pd.DataFrame) -> np.ndarray:
    """(households, items) what is known not to be in order at the data date."""
    last = income[income["year"].eq(LAST_YEAR)].set_index("household_id")
    earned = last["per_capita_net_income_yuan"].reindex(home["household_id"]).to_numpy()
    kept = watched.loc[~watched["cleared"].astype(bool), "household_id"]
    low = home["household_id"].isin(kept).to_numpy() & (earned < 6600)
    flags = [low, np.zeros(len(home), dtype=bool)]
    flags += [home[flag].to_numpy(dtype=bool) for flag, _ in SIX.values() if flag]
    return np.stack(flags, axis=1)
