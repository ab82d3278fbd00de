"""The simulated county as its systems held it on one of two data dates, a month apart."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from loaders.demo.model import (
    calendar_payments,
    department_lists,
    funds,
    project_paths,
    public_notices,
    upkeep,
)
from loaders.demo.model.incomes import as_known_in_november
from loaders.demo.model.simulate import DATA_DATE, DEFAULT_SEED, Simulation

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
    "benefit",
    "change_event",
    "nine_check",
    "inspection",
    "sieve_result",
    "pairing",
    "visit",
    "project_beneficiary",
    "dividend",
    "home_applicant",
    "home_resident",
    "package_holding",
    "post",
    "workplace_worker",
    "training",
    "led_household",
    "monthly_payment",
)


def as_of(done: Simulation, date: dt.date, seed: int = DEFAULT_SEED) -> Simulation:
    """What the county's systems held on one of the two data dates.

    A month earlier one household was still listed that then died out, two were not yet found,
    twelve not yet watched, fewer ledger entries were closed and some incomes were older figures.
    """
    if date == done.data_date:
        sheet, asked = public_notices.until(done, np.datetime64(date))
        done = replace(done, funds=funds.until(done.funds, np.datetime64(date)),
                       public_notice=sheet, notice_objection=asked)  # fmt: skip
        return _without(done, [died_out(done)])
    rng = np.random.default_rng([seed, int(done.county.code), date.month])
    day = np.datetime64(date)
    watched = _cases_until(done.monitored_household, day)
    earlier = replace(
        done,
        data_date=date,
        monitored_household=watched,
        employment=_work_until(done.employment, day),
        ledger_entry=_ledgers_until(done.ledger_entry, day),
        household_year=as_known_in_november(rng, done.household_year),
        benefit=_paid_until(done.benefit, day),
        change_event=_begun(done.change_event, day, "changed_on"),
        nine_check=_looked_at(done.nine_check, day, "checked_on"),
        inspection=_looked_at(done.inspection, day, "inspected_on"),
        sieve_result=_looked_at(done.sieve_result, day, "screened_on"),
        funds=funds.until(done.funds, day),
        **_systems_until(done, day),
    )
    late = ~done.household["registered"] & (done.household["identified_on"].to_numpy() > day)
    earlier = _without(earlier, done.household["household_id"][late].to_list())
    decided = watched["household_id"][watched["identified_on"].notna()]
    is_watched = earlier.household["household_id"].isin(decided)
    kind = earlier.household["monitor_kind"].where(is_watched, None)
    return replace(earlier, household=earlier.household.assign(monitor_kind=kind))


def _systems_until(done: Simulation, day: np.datetime64) -> dict[str, pd.DataFrame]:
    """Tables of the systems that accompany households, as of an earlier day."""
    sheet, asked = public_notices.until(done, day)
    year = day.astype("datetime64[Y]").astype(int) + 1970
    return {
        "visit": _begun(done.visit, day, "entered_on"),
        "stay": _begun(done.stay, day, "left_on"),
        "patrol": _begun(done.patrol, day, "patrolled_on"),
        "post": _posts_until(done.post, day),
        "workplace_worker": _begun(done.workplace_worker, day, "started_on"),
        "project": _library_until(done.project, day),
        "project_path": project_paths.as_of(done.project_path, day),
        "project_schedule": _begun(done.project_schedule, day, "sheet_on"),
        "dividend": _begun(done.dividend, day, "paid_on"),
        "points_month": upkeep.points_until(done.points_month, day),
        "list_entry": department_lists.until(done.list_entry, day),
        "public_notice": sheet,
        "notice_objection": asked,
        "monthly_payment": calendar_payments.until(done.monthly_payment, day),
        # A year's account and what contracts paid of it are made up when it is over.
        "village_account": _of_years_over(done.village_account, year),
        "entrust_year": _of_years_over(done.entrust_year, year),
        "village_receipt": _begun(done.village_receipt, day, "booked_on"),
    }


def died_out(done: Simulation) -> str:
    """The household that the later of the two dates no longer has: one old person, alone."""
    home = done.household
    alone = home["registered"] & home["member_count"].eq(1) & home["monitor_kind"].isna()
    alone &= ~home["relocated"] & home["exit_year"].eq(2018)
    old = done.member.loc[done.member["age"] >= 85, "household_id"]
    return home["household_id"][alone & home["household_id"].isin(old)].iloc[0]


def _ledgers_until(entries: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """The entries opened by that day, with what was closed later still open."""
    entries = _begun(entries, day, "opened_on")
    later = entries["closed_on"].to_numpy() > day
    closed_how = entries["closed_how"].mask(later, None)
    return entries.assign(closed_on=entries["closed_on"].mask(later), closed_how=closed_how)


def _cases_until(watched: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """The cases begun by that day, without the steps taken later and the facts of releases."""
    watched = _begun(watched, day, "clue_on")
    steps = ("home_checked_on", "notice_on", "township_checked_on", "identified_on", "measures_on")
    for step in (*steps, "cleared_on"):
        watched[step] = watched[step].mask(watched[step].to_numpy() > day)
    watched["cleared"] = watched["cleared_on"].notna()
    facts = [name for name in watched if name.startswith("cleared_")]
    watched[facts] = watched[facts].where(watched["cleared"], None)
    return watched.assign(clear_method=watched["clear_method"].where(watched["cleared"], None))


def _begun(frame: pd.DataFrame, day: np.datetime64, dated: str) -> pd.DataFrame:
    return frame[frame[dated].to_numpy() <= day].reset_index(drop=True)


def _of_years_over(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    return frame[frame["year"] < year].reset_index(drop=True)


def _library_until(project: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """The project library as of a day: what was accepted or begun later is not."""
    begun = ~(project["started_on"].to_numpy() > day)
    accepted = ~(project["accepted_on"].to_numpy() > day)
    state = project["state"].mask(~accepted, "done").mask(~begun, "reserve")
    dates = {"started_on": begun, "accepted_on": accepted}
    return project.assign(state=state, **{k: project[k].where(v) for k, v in dates.items()})


def _posts_until(post: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """The posts as of a day: who left later is still there, and paid no further than that month."""
    month = day.astype("datetime64[M]").astype("datetime64[D]")
    left = post["vacated_on"].to_numpy() > day
    paid = post["paid_through"].mask(post["paid_through"].to_numpy() > month, month)
    return post.assign(
        vacated_on=post["vacated_on"].mask(left), paid_through=paid.mask(left, month)
    )


def _paid_until(paid: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """What was paid by that day; what ended later was still paid."""
    paid = _begun(paid, day, "started_on")
    over = paid["ended_on"].mask(
        paid["benefit_kind"].ne("temporary_aid") & (paid["ended_on"] > day)
    )
    return paid.assign(ended_on=over)


def _work_until(work: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """The spells begun by that day and all plans; who came home later is still away."""
    begun = work["planned"] | (work["started_on"].to_numpy() <= day)
    later = work["ended_on"].to_numpy() > day
    work = work.assign(
        ended_on=work["ended_on"].mask(later), returned=work["returned"].mask(later, False)
    )
    return work[begun].reset_index(drop=True)


def _looked_at(frame: pd.DataFrame, day: np.datetime64, dated: str) -> pd.DataFrame:
    """The rows looked at by that day or not yet at all; what was mended later is not mended."""
    frame = frame[~(frame[dated].to_numpy() > day)].reset_index(drop=True)
    if "mended_on" in frame:
        frame = frame.assign(mended_on=frame["mended_on"].mask(frame["mended_on"].to_numpy() > day))
    return frame


def _without(done: Simulation, ids: list[str]) -> Simulation:
    """The simulation less these few households, in every table about households."""
    frames = {}
    for name in _TABLES:
        frame: pd.DataFrame = getattr(done, name)
        frames[name] = frame[~frame["household_id"].isin(ids)].reset_index(drop=True)
    return replace(done, **frames)
