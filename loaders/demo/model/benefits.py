"""What households and people are paid: allowances, support, subsidies, aid, pensions.

Most get what the rules of the safety net give them. A few are entitled and go without, a few are
still paid who no longer are: they are planned by rule, so that a test can ask for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.config import LAST_YEAR
from loaders.demo.model.sampling import Rng, as_days, months_between, take

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

_MISSED = 0.012  # of those entitled, planned to go without
_KEPT = 0.008  # of those paid, planned to be paid for nothing
_UPLIFT = 1.5  # of the allowance where somebody is old, disabled or gravely ill
_FROM_TRANSFERS = 0.92  # of a household's transfer income, the most that can be allowance
_EXTREME = 1.3  # of the allowance's standard, what extreme-poverty support pays
_SUBSIDY_YUAN = {"disability_living": 100.0, "disability_care": 120.0}
_PENSION_YUAN = (158, 260)
_SEVERE, _PENSION_AGE = 2, 60
_HELPED = 0.8  # of the stricken, given temporary aid
_LATE_CHANGES = 12  # allowances that begin, and that end, between the two data dates

Planned = dict[str, list[str]]
_COLUMNS = [
    "benefit_kind",
    "household_id",
    "village_code",
    "member_id",
    "started_on",
    "ended_on",
    "month_yuan",
]


def pay(
    rng: Rng, done: Simulation, spared: Iterable[str]
) -> tuple[pd.DataFrame, pd.DataFrame, Planned]:
    """The benefit table, the members with today's allowances, and who is planned by rule.

    Nobody of the households in ``spared`` is planned. ``planned`` maps a rule of safety_net.yaml
    to household or member ids.
    """
    homes = _homes(done)
    homes["free"] = ~homes["household_id"].isin(list(spared))
    planned: Planned = {}
    allowance = _allowances(rng, homes, done.county.allowance_standard, planned)
    paid_home = homes["household_id"][homes["gets"]]
    member = done.member.assign(
        minimum_allowance=done.member["household_id"].isin(paid_home),
    )
    extreme = _extreme(rng, member, homes, done.county.allowance_standard, planned)
    lost = member["member_id"].isin(planned["extreme_without"])
    member["extreme_poverty"] = member["extreme_poverty"] & ~lost
    people = _people(member, homes, extreme["member_id"])
    parts = [
        allowance,
        extreme,
        _subsidies(rng, people, "disability_living", people["living"], planned),
        _subsidies(rng, people, "disability_care", people["care"], planned),
        _aid(rng, homes, done.county.own_payment_limit, planned),
        _pensions(rng, people, planned),
    ]
    return pd.concat(parts, ignore_index=True)[_COLUMNS], member, planned


def _homes(done: Simulation) -> pd.DataFrame:
    """A row a household: people, last year's income a person, who lives there, who is watched."""
    member = done.member
    ill = member["health"].isin(["disabled", "major_illness"]) | member["age"].ge(_PENSION_AGE)
    of_home = member.assign(frail=ill).groupby("household_id")
    facts = of_home[["minimum_allowance", "extreme_poverty", "frail"]].any()
    income = done.household_year[done.household_year["year"].eq(LAST_YEAR)]
    income = income.set_index("household_id")
    watched = done.monitored_household
    stricken = watched["monitor_kind"].eq("stricken") & ~watched["cleared"].astype(bool)
    lost = done.struck[done.struck["year"].eq(LAST_YEAR)]
    lost = lost.groupby("household_id")["cost_yuan"].sum()
    homes = done.household[["household_id", "village_code", "registered"]].reset_index(drop=True)
    ids = homes["household_id"]
    income = income.reindex(ids).reset_index(drop=True)
    return pd.concat([homes, facts.reindex(ids).reset_index(drop=True)], axis=1).assign(
        people=income["member_count"],
        net=income["per_capita_net_income_yuan"],
        transfer=income["transfer_yuan"] / income["member_count"],
        payment=income["own_payment_yuan"],
        loss=ids.map(lost).fillna(0),
        able=income["able_members"].add(income["weak_members"]).gt(0),
        stricken=ids.isin(watched["household_id"][stricken]),
    )


def _some(rng: Rng, candidate: pd.Series, share: float, of: int) -> np.ndarray:
    """A mask of so many random candidates, or of all where there are fewer."""
    mask = candidate.to_numpy(dtype=bool)
    chosen = np.zeros(len(mask), dtype=bool)
    chosen[take(rng, mask * 1.0, min(max(2, round(share * of)), int(mask.sum())))] = True
    return chosen


def _allowances(rng: Rng, homes: pd.DataFrame, standard: float, planned: Planned) -> pd.DataFrame:
    """Allowances of whole households, ended ones too; ``homes`` is told who ``gets`` one.

    What a household gets lifts it over the standard of the year, so that its income without the
    allowance lies under it. Those who were on it and earn more now lost it.
    """
    n = len(homes)
    meant = homes["minimum_allowance"]
    most = np.minimum(_FROM_TRANSFERS * homes["transfer"], _most(homes, standard))
    fits = homes["net"] - most < 0.97 * standard
    poor = (homes["net"] < standard) & ~homes["extreme_poverty"]
    rich = meant & (homes["net"] > 1.5 * standard) & ~fits
    missed = _some(rng, poor & homes["free"], 0.0035, n)
    kept = _some(rng, rich & homes["free"], 0.003, n)
    homes["gets"] = ((meant & fits) | poor | kept) & ~missed
    wanted = homes["net"] - standard * rng.uniform(0.4, 0.95, n)
    month = np.minimum(wanted.clip(lower=0.15 * standard), most)
    month = np.where(kept, standard * rng.uniform(0.1, 0.25, n), month) * homes["people"] / 12
    planned["allowance_without"] = homes["household_id"][missed].to_list()
    planned["allowance_beyond"] = homes["household_id"][kept].to_list()
    paid = _rows(homes[homes["gets"]], "minimum_allowance", np.floor(month[homes["gets"]]))
    paid["started_on"] = as_days(months_between(rng, "2015-01", "2025-10", len(paid)))
    of_rule = ~paid["household_id"].isin(planned["allowance_beyond"])
    one_month = _before(paid, homes, 1) < standard
    fresh = rng.permutation(np.flatnonzero(of_rule))
    fresh = fresh[one_month.to_numpy()[fresh]]
    # Who began in the year was paid for a part of it: without these months, still under the
    # standard, or else it began the year before.
    part = 13 - paid["started_on"].dt.month
    began = of_rule & (paid["started_on"].dt.year == LAST_YEAR)
    began &= _before(paid, homes, part) >= standard
    paid.loc[began, "started_on"] -= pd.DateOffset(years=1)
    paid.loc[fresh[:_LATE_CHANGES], "started_on"] = pd.Timestamp("2025-12-01")
    return pd.concat([paid, _lapsed(rng, homes[meant & ~homes["gets"]], standard)])


def _before(paid: pd.DataFrame, homes: pd.DataFrame, months: pd.Series | int) -> pd.Series:
    """Income a person without what an allowance paid in some months, a row of ``paid`` each."""
    home = homes.set_index("household_id").loc[paid["household_id"]]
    net = home["net"].to_numpy() - paid["month_yuan"] * months / home["people"].to_numpy()
    return pd.Series(net, index=paid.index)


def _most(homes: pd.DataFrame, standard: float) -> np.ndarray:
    return standard * np.where(homes["frail"], _UPLIFT, 1.0)


def _lapsed(rng: Rng, homes: pd.DataFrame, standard: float) -> pd.DataFrame:
    """Allowances that ended when a household's income had risen, the last ones in December."""
    month = np.floor(standard / 24 * homes["people"] * rng.uniform(0.4, 1.0, len(homes)))
    ended = as_days(months_between(rng, "2020-03", "2025-11", len(homes)))
    rows = _rows(homes, "minimum_allowance", month)
    above = (_before(rows, homes, 12) >= standard).to_numpy()
    late = rng.permutation(len(homes))
    ended[late[above[late]][:_LATE_CHANGES]] = np.datetime64("2025-12-11")
    rows["started_on"] = as_days(months_between(rng, "2014-06", "2019-12", len(homes)))
    rows["ended_on"] = ended
    # Who was paid in the year and has too little without it would be entitled still.
    part = rows["ended_on"].dt.month - (rows["ended_on"].dt.day == 1)
    again = (rows["ended_on"].dt.year == LAST_YEAR) & (homes["net"].to_numpy() >= standard)
    again &= _before(rows, homes, part) < standard
    rows.loc[again, "ended_on"] -= pd.DateOffset(years=1)
    return rows


def _rows(whose: pd.DataFrame, kind: str, month: np.ndarray | pd.Series | float) -> pd.DataFrame:
    """Open rows of one kind for households, or for people where there is a member_id."""
    rows = whose[["household_id", "village_code"]].reset_index(drop=True)
    rows["member_id"] = whose["member_id"].to_numpy() if "member_id" in whose else None
    rows = rows.assign(benefit_kind=kind, ended_on=pd.NaT)
    rows["month_yuan"] = np.broadcast_to(np.asarray(month, dtype=float), len(rows))
    return rows


def _extreme(
    rng: Rng, member: pd.DataFrame, homes: pd.DataFrame, standard: float, planned: Planned
) -> pd.DataFrame:
    """Support of old people; a few alone are missed, a few whose children came are paid on."""
    keyed = homes.set_index("household_id")
    free = member["household_id"].map(keyed["free"])
    able = member["household_id"].map(keyed["able"]).astype(bool)
    given = member["extreme_poverty"].astype(bool)
    old = member["age"].ge(70) & member["labour"].eq("none") & able
    alone = member["household_id"].map(keyed["people"]).eq(1) & member["age"].ge(_PENSION_AGE)
    missed = _some(rng, given & free & alone, _MISSED, int(given.sum()))
    kept = _some(rng, old & free & ~member["minimum_allowance"], _KEPT, int(given.sum()))
    planned["extreme_without"] = member["member_id"][missed].to_list()
    planned["extreme_beyond"] = member["member_id"][kept].to_list()
    whose = member[(given & ~missed) | kept]
    month = np.round(standard * _EXTREME / 12 + rng.choice([0, 75, 150], len(whose)))
    rows = _rows(whose, "extreme_poverty", month)
    return rows.assign(started_on=as_days(months_between(rng, "2014-01", "2024-12", len(rows))))


def _people(member: pd.DataFrame, homes: pd.DataFrame, supported: pd.Series) -> pd.DataFrame:
    """The members with who may be planned, and who qualifies for which subsidy and a pension."""
    disabled = member["disability_kind"].notna() | member["health"].eq("disabled")
    alone = ~member["member_id"].isin(supported)
    allowed = member["household_id"].isin(homes["household_id"][homes["gets"]])
    severe = pd.to_numeric(member["disability_grade"]).le(_SEVERE)
    covered = member["employee_pension"].eq(True)
    return member.assign(
        free=member["household_id"].map(homes.set_index("household_id")["free"]),
        disabled=disabled & alone,
        living=disabled & alone & allowed,
        care=disabled & alone & severe,
        pension=member["age"].ge(_PENSION_AGE) & ~covered,
    )


def _subsidies(
    rng: Rng, people: pd.DataFrame, kind: str, entitled: pd.Series, planned: Planned
) -> pd.DataFrame:
    """One of the two subsidies for disabled people."""
    certified = people["disabled"] & people["disability_grade"].notna()
    missed = _some(rng, entitled & people["free"], _MISSED, int(entitled.sum()))
    kept = _some(rng, certified & ~entitled & people["free"], _KEPT, int(entitled.sum()))
    rule = kind.removeprefix("disability_")
    planned[f"{rule}_without"] = people["member_id"][missed].to_list()
    planned[f"{rule}_beyond"] = people["member_id"][kept].to_list()
    rows = _rows(people[(entitled & ~missed) | kept], kind, _SUBSIDY_YUAN[kind])
    return rows.assign(started_on=as_days(months_between(rng, "2016-01", "2025-09", len(rows))))


def _aid(rng: Rng, homes: pd.DataFrame, limit: float, planned: Planned) -> pd.DataFrame:
    """Temporary aid of the last year: one payment, good for a year."""
    n = len(homes)
    entitled = homes["stricken"] | homes["payment"].ge(limit) | homes["loss"].ge(limit)
    missed = (entitled & (rng.random(n) >= _HELPED)).to_numpy()
    # A payment may be blank in the file: only of the stricken it is sure that they are entitled.
    sure = homes["stricken"] & homes["free"]
    other = ~entitled & homes["free"] & homes["frail"]
    kept = _some(rng, other, _KEPT, int(entitled.sum() * 5))
    planned["temporary_without"] = homes["household_id"][missed & sure].to_list()
    planned["temporary_beyond"] = homes["household_id"][kept].to_list()
    rows = _rows(homes[(entitled & ~missed) | kept], "temporary_aid", np.nan)
    started = np.datetime64("2025-01-20") + rng.integers(0, 300, len(rows))
    return rows.assign(started_on=started, ended_on=started + 365)


def _pensions(rng: Rng, people: pd.DataFrame, planned: Planned) -> pd.DataFrame:
    """Pensions of those who paid in, from the month after their birthday."""
    old = people["pension"]
    enrolled = old & people["resident_pension"].eq(True)
    missed = _some(rng, enrolled & people["free"], _MISSED / 4, int(enrolled.sum()))
    early = people["age"].between(57, 58) & people["free"]
    kept = _some(rng, early & people["resident_pension"].eq(True), _KEPT / 4, int(old.sum()))
    without = ((old & ~enrolled) | missed) & people["free"]
    planned["pension_without"] = people["member_id"][without].to_list()
    planned["pension_beyond"] = people["member_id"][kept].to_list()
    whose = people[(enrolled & ~missed) | kept]
    rows = _rows(whose, "pension", rng.integers(*_PENSION_YUAN, len(whose)))
    birthday = whose["birth_date"].to_numpy().astype("datetime64[M]")
    since = np.maximum(birthday + 12 * _PENSION_AGE + 1, np.datetime64("2010-01"))
    return rows.assign(started_on=as_days(np.minimum(since, np.datetime64("2025-11"))))
