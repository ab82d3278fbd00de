"""The case of a watched household: its steps, what was done, what it had when it was released."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.dwellings import MEASURES
from loaders.demo.model.member_details import SURNAMES, full_names, phone_numbers
from loaders.demo.model.sampling import Rng, as_days, only, pick

_NOTES = ("家庭突发大额支出", "债务负担较重", "赡养纠纷,生活无着", "灾后房屋修缮支出较大")
CLUES = {"村级排查": 6, "部门比对": 3, "农户申报": 2, "媒体信访": 0.2}
# Risk -> kinds of measure of which one answers it.
ANSWERS = {
    "illness": ("health", "social"),
    "disability": ("safety_net", "social"),
    "schooling": ("other_education", "education"),
    "unsafe_housing": ("housing", "relocation"),
    "unsafe_water": ("water",),
}
_DONE = 0.93  # of the measures that a risk asks for and chance left out
# What the release form repeats of the year's income.
_INCOME = {
    "cleared_wage_yuan": "wage_yuan",
    "cleared_business_yuan": "business_yuan",
    "cleared_property_yuan": "property_yuan",
    "cleared_transfer_yuan": "transfer_yuan",
    "cleared_expense_yuan": "expense_yuan",
    "cleared_net_income_yuan": "net_income_yuan",
    "cleared_per_capita_yuan": "per_capita_net_income_yuan",
    "cleared_own_payment_yuan": "own_payment_yuan",
}
_UNSAFE = (
    "cleared_out_of_school",
    "cleared_uninsured_member",
    "cleared_housing_unsafe",
    "cleared_water_unsafe",
)


def cases(
    rng: Rng, watched: pd.DataFrame, facts: pd.DataFrame, income: pd.DataFrame
) -> pd.DataFrame:
    """The monitored_household table whole; ``facts`` (by household_id) is ``homes.summarise``'s."""
    own = facts.loc[watched["household_id"]]
    able = (own["able"] + own["weak"]).gt(0).to_numpy()
    n = len(watched)
    other = watched["risk_1"].eq("other") | watched["risk_2"].eq("other")
    done = np.where(rng.random(n) < 0.96, "done", "planned")
    identified = as_days(watched["identified_on"].to_numpy())
    watched = _with_steps(rng, watched, identified)
    watched = watched.assign(
        risk_note=only(other.to_numpy(), pick(rng, _NOTES, n)),
        measures_on=identified + rng.integers(3, 27, n),
        development_measure=np.where(able, done, "none").astype(object),
    )
    watched = _with_release(watched, income)
    return with_contacts(rng, watched)


def _with_steps(rng: Rng, watched: pd.DataFrame, identified: np.ndarray) -> pd.DataFrame:
    """From the clue to the county's decision in about a fortnight; notices hang five days."""
    n = len(watched)
    township = identified - rng.integers(1, 4, n)
    notice = township - rng.integers(5, 8, n)
    checked = notice - rng.integers(1, 4, n)
    return watched.assign(
        clue_on=checked - rng.integers(1, 6, n),
        clue_source=pick(rng, CLUES, n),
        home_checked_on=checked,
        notice_on=notice,
        township_checked_on=township,
    )


def _with_release(watched: pd.DataFrame, income: pd.DataFrame) -> pd.DataFrame:
    """What the household had in the year of its release, all guarantees safe.

    Where that year is still the low one that it was watched for, the next year's is taken.
    """
    keyed = income.set_index(["household_id", "year"])[list(_INCOME.values())]
    year = watched["cleared_on"].dt.year.fillna(0).astype(int)
    homes = watched["household_id"]
    held, after = (
        keyed.reindex(pd.MultiIndex.from_arrays([homes, each])).reset_index(drop=True)
        for each in (year, year + 1)
    )
    earned = _INCOME["cleared_per_capita_yuan"]
    held = held.where(~(held[earned] < 0.8 * after[earned]), after)
    facts = {name: held[column].to_numpy() for name, column in _INCOME.items()}
    cleared = watched["cleared"].to_numpy(dtype=bool)
    facts |= {name: only(cleared, np.zeros(len(watched), dtype=bool)) for name in _UNSAFE}
    return watched.assign(**facts)


def with_contacts(rng: Rng, watched: pd.DataFrame) -> pd.DataFrame:
    """Two invented village officials take the data down, each with one phone."""
    codes, at = np.unique(watched["village_code"].to_numpy(dtype=str), return_inverse=True)
    count = 2 * len(codes)
    surname = pick(rng, SURNAMES, count)
    names = full_names(rng, surname, rng.random(count) < 0.6, np.zeros(count, dtype=bool))
    phones = phone_numbers(rng, count)
    which = 2 * at + rng.integers(0, 2, len(watched))
    return watched.assign(contact_name=names[which], contact_phone=phones[which])


def helped(
    rng: Rng, measure: pd.DataFrame, watched: pd.DataFrame, facts: pd.DataFrame
) -> pd.DataFrame:
    """The measures where the watched get what their risks ask for, and no help to jobs for idle."""
    mine = measure[measure["household_id"].isin(watched["household_id"])]
    held = set(zip(mine["household_id"], mine["kind"], strict=True))
    missing = [
        (row.household_id, row.village_code, kinds[0])
        for row in watched.itertuples()
        for risk, kinds in ANSWERS.items()
        if risk in (row.risk_1, row.risk_2)
        and not any((row.household_id, kind) in held for kind in kinds)
    ]
    added = pd.DataFrame(missing, columns=["household_id", "village_code", "kind"])
    added = added[rng.random(len(added)) < _DONE]
    added["detail"] = [MEASURES[kind][0] for kind in added["kind"]]
    own = facts.loc[watched["household_id"]]
    idle = watched["household_id"][own["workers"].eq(0).to_numpy()]
    vain = measure["household_id"].isin(idle) & measure["kind"].isin(["employment", "public_post"])
    kept = ~vain | (rng.random(len(measure)) >= _DONE)
    return pd.concat([measure[kept], added], ignore_index=True)
