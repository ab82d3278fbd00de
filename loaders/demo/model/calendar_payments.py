"""台历发放: what was due to households month by month, and what of it came, when, and did not.

Amounts are those that other tables have: benefits, rolls of workshops, the ledger of the package.
A township sometimes pays a kind late or skips a month, a household waits now and then; faults are
planned by rule or check, so that a test can ask for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loaders.demo.model import characters
from loaders.demo.model.config import LAST_YEAR
from loaders.demo.model.sampling import Rng, some

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

Planned = dict[str, list[str]]

_MONTHS = np.arange(f"{LAST_YEAR}-01", f"{LAST_YEAR + 1}-01", dtype="datetime64[M]")
_LAST_DAY = np.datetime64(f"{LAST_YEAR}-12-31")
_ALLOWANCES = ("minimum_allowance", "extreme_poverty", "disability_living", "disability_care")
_WORKSHOPS_SINCE = 6  # workshops hand in their pay since July
# What a kilowatt brings a month, and how much of it in each.
_KW_YUAN = 88.0
_SUN = np.array([0.6, 0.7, 0.95, 1.1, 1.25, 1.25, 1.2, 1.2, 1.0, 0.95, 0.75, 0.65])
_PAYERS = {
    "pv_yield": "县光伏公司",
    "home_income": "村民委员会",
    "minimum_allowance": "县民政局",
    "extreme_poverty": "县民政局",
    "disability_living": "县残疾人联合会",
    "disability_care": "县残疾人联合会",
    "workshop_wage": "就业帮扶车间",
}
# Days from the end of a month within which each kind usually comes: allowances in the month itself.
_USUAL = {"pv_yield": (2, 10), "home_income": (1, 9), "workshop_wage": (3, 11)}
_IN_MONTH = (-22, -8)
_GRACE = 10
# Of townships and kinds: how many have a month paid late, or not at all.
_LATE_SHARE, _SKIPPED_SHARE = 0.35, 0.1
_MISSED_SHARE, _SHORT_SHARE = 0.012, 0.015  # of households and kinds, one month each
_RUNNING, _STILL, _TWICE, _DEAD, _ENDED, _UNLISTED = 46, 20, 24, 16, 30, 18
_OFF_SHEET, _DIFFERS, _UNDATED = 28, 22, 26
_OFF_ROLL_YUAN = 780.0  # what is paid a month to who is on no roll
_KEY = ["household_id", "payment_kind"]


def pay(rng: Rng, done: Simulation, spared: Iterable[str]) -> tuple[pd.DataFrame, Planned]:
    """The monthly_payment table as of the last data date, and which households are planned by rule
    or check; nobody in ``spared`` has a fault of their own planned."""
    planned: Planned = {}
    due = _due(done)
    due["free"] = ~due["household_id"].isin(list(spared))
    due = pd.concat([due, *_of_nobody(rng, done, due, planned)], ignore_index=True)
    due = due.sort_values([*_KEY, "at"], kind="stable", ignore_index=True)
    usual = due["payment_kind"].map(lambda kind: _USUAL.get(kind, _IN_MONTH))
    low, high = (usual.map(lambda days, i=i: days[i]).to_numpy() for i in (0, 1))
    due["paid_share"] = 1.0
    due["days"] = rng.integers(low, high)
    often = characters.each(due["village_code"], done.county, "unpaid")
    _by_township(rng, due, often)
    _by_household(rng, due, often)
    due["unlisted"] = False
    _plan(rng, due, planned)
    return _told(due[~due["unlisted"]], done, planned), planned


def _due(done: Simulation) -> pd.DataFrame:
    """A row a household, kind and month (``at``, from 0) of the year, with what is due."""
    rolls = done.benefit[done.benefit["benefit_kind"].isin(_ALLOWANCES)]
    rolls = rolls.rename(columns={"benefit_kind": "payment_kind", "month_yuan": "yuan"})
    shops = done.workplace_worker.rename(columns={"month_pay_yuan": "yuan"})
    shops = shops.assign(payment_kind="workshop_wage")
    columns = [*_KEY, "village_code", "started_on", "ended_on", "yuan"]
    rolls = pd.concat([rolls[columns], shops[columns]], ignore_index=True)
    parts = [_of_rolls(rolls)]
    has = done.package_holding.set_index("household_id")
    village = has["village_code"]
    for at in range(len(_MONTHS)):
        sun = np.round(has["pv_kw"] * _KW_YUAN * _SUN[at], 2)
        parts.append(_rows(has.index, "pv_yield", village, at, sun))
    housed = done.home_resident.set_index("household_id")
    moved = housed["moved_in_on"].to_numpy().astype("datetime64[M]")
    left = housed["left_home_on"].to_numpy().astype("datetime64[M]")
    for at, month in enumerate(_MONTHS):
        mine = housed.index[(moved < month) & (np.isnat(left) | (month < left))]
        mine = mine.intersection(has.index)
        income = has["month_income_yuan"].reindex(mine)
        parts.append(_rows(mine, "home_income", village, at, income))
    return pd.concat(parts, ignore_index=True)


def _of_rolls(rolls: pd.DataFrame) -> pd.DataFrame:
    """What rolls say is due, of whole months between beginning and end, a kind together."""
    begun = rolls["started_on"].to_numpy().astype("datetime64[M]")
    ended = rolls["ended_on"].to_numpy().astype("datetime64[M]")
    parts = []
    for at, month in enumerate(_MONTHS):
        mine = (begun < month) & (np.isnat(ended) | (month < ended))
        if at < _WORKSHOPS_SINCE:
            mine &= rolls["payment_kind"].ne("workshop_wage").to_numpy()
        parts.append(rolls[mine].assign(at=at))
    found = pd.concat(parts, ignore_index=True)
    return found.groupby([*_KEY, "village_code", "at"], as_index=False, sort=False)["yuan"].sum()


def _rows(
    ids: Iterable[str], kind: str, village: pd.Series, at: int, yuan: pd.Series | float
) -> pd.DataFrame:
    """Rows of one kind and month for households."""
    frame = pd.DataFrame({"household_id": list(ids), "payment_kind": kind, "at": at})
    frame["village_code"] = village.reindex(frame["household_id"]).to_numpy()
    return frame.assign(yuan=np.asarray(yuan, dtype=float))


def _of_nobody(
    rng: Rng, done: Simulation, due: pd.DataFrame, planned: Planned
) -> list[pd.DataFrame]:
    """Rows that are planned of who is on no roll: the dead, those whose allowance ended, others."""
    home = done.household.set_index("household_id")
    village, paid = home["village_code"], set(done.benefit["household_id"])
    events = done.change_event
    died = events[events["change_kind"].eq("died") & events["changed_on"].dt.year.eq(LAST_YEAR)]
    bereaved = set(died["household_id"])
    broken = {one for each in done.expected_mess.values() for one in each}
    parts = []

    def add(key: str, ids: np.ndarray, kind: str, first: np.ndarray, last: np.ndarray) -> None:
        planned[key] = list(ids)
        months = [np.arange(low, high) for low, high in zip(first, last, strict=True)]
        repeated = np.repeat(ids, [len(each) for each in months])
        rows = _rows(repeated, kind, village, 0, _OFF_ROLL_YUAN)
        parts.append(rows.assign(at=np.concatenate(months), free=False))

    once = died.drop_duplicates("household_id", keep=False)
    month = once["changed_on"].dt.month - 1
    fit = month.between(2, 8) & ~once["household_id"].isin(paid | broken)
    mine = some(rng, fit.to_numpy(), _DEAD)
    begun = month.to_numpy()[mine]
    last = np.minimum(begun + rng.integers(2, 5, mine.sum()), 11)
    ids = once["household_id"].to_numpy(dtype=object)[mine]
    add("calendar_paid_dead", ids, "extreme_poverty", np.zeros(mine.sum(), int), last)

    over = done.benefit[done.benefit["benefit_kind"].eq("minimum_allowance")]
    over = over[over["ended_on"].dt.year.eq(LAST_YEAR) & over["ended_on"].dt.month.le(8)]
    fit = ~over["household_id"].isin(bereaved | broken)
    mine = some(rng, fit.to_numpy(), _ENDED)
    begun = over["ended_on"].dt.month.to_numpy()[mine]
    ids = over["household_id"].to_numpy(dtype=object)[mine]
    last = begun + rng.integers(1, 4, mine.sum())
    add("calendar_paid_ended", ids, "minimum_allowance", begun, last)

    fit = ~home.index.isin(paid | bereaved | broken) & home["registered"].to_numpy()
    ids = home.index.to_numpy(dtype=object)[some(rng, fit, _UNLISTED)]
    first = rng.integers(0, 7, len(ids))
    last = first + rng.integers(2, 5, len(ids))
    add("calendar_paid_off_roll", ids, "disability_care", first, last)
    return parts


def _by_township(rng: Rng, due: pd.DataFrame, often: np.ndarray) -> None:
    """A month that a township pays a kind late, or leaves out, in ``days`` and ``paid_share``;
    ``often`` is how much likelier that is of each row's township."""
    town = due["village_code"].str[:9]
    for _, rows in due.groupby([town, due["payment_kind"]], sort=True).groups.items():
        at = due["at"].to_numpy()[rows]
        more = often[rows[0]]
        if rng.random() < _LATE_SHARE * more:
            late = rows[at == rng.integers(0, 11)]
            due.loc[late, "days"] = int(rng.integers(14, 60))
        if rng.random() < _SKIPPED_SHARE * more:
            due.loc[rows[at == rng.integers(0, 11)], "paid_share"] = 0.0


def _by_household(rng: Rng, due: pd.DataFrame, often: np.ndarray) -> None:
    """A month in which a household had nothing of a kind, or a part of it, now and then."""
    series = due.groupby(_KEY, sort=True).indices
    for positions in series.values():
        turn = rng.random() / often[positions[0]]
        which = positions[rng.integers(len(positions))]
        if turn < _MISSED_SHARE:
            due.loc[which, "paid_share"] = 0.0
        elif turn < _MISSED_SHARE + _SHORT_SHARE:
            due.loc[which, "paid_share"] = float(rng.choice([0.5, 0.6, 0.8]))


def _plan(rng: Rng, due: pd.DataFrame, planned: Planned) -> None:
    """Faults of single households: missed for months running, paid twice, off the sheet."""
    whole = due["free"] & due.groupby(_KEY)["at"].transform("size").ge(6)
    free = due[whole].drop_duplicates("household_id")
    taken: set[str] = set()

    def chosen(count: int, kinds: Iterable[str] | None = None) -> list[np.ndarray]:
        """Positions of the rows of so many series, one a household."""
        among = ~free["household_id"].isin(taken).to_numpy()
        if kinds is not None:
            among &= free["payment_kind"].isin(list(kinds)).to_numpy()
        mine = free[some(rng, among, count)]
        taken.update(mine["household_id"])
        series = due.groupby(_KEY, sort=False).indices
        return [series[key] for key in mine[_KEY].itertuples(index=False, name=None)]

    for place, rows in enumerate(chosen(_RUNNING)):
        months = int(rng.integers(3, 6))
        at = due["at"].to_numpy()[rows]
        last = 11 if place < _STILL else int(rng.integers(months, 10))
        due.loc[rows[(at >= last - months) & (at < last)], "paid_share"] = 0.0
        if place < _STILL:
            due.loc[rows[at == 11], "paid_share"] = 0.0

    def mark(key: str, kinds: Iterable[str] | None, count: int, months: int, **said: Any) -> None:
        planned[key] = []
        for rows in chosen(count, kinds):
            first = int(rng.integers(0, len(rows) - months))
            mine = rows[first : first + months]
            planned[key].append(due["household_id"].iloc[rows[0]])
            for column, value in said.items():
                due.loc[mine, column] = value
            usual = _USUAL.get(due["payment_kind"].iloc[rows[0]], _IN_MONTH)
            due.loc[mine, "days"] = rng.integers(*usual, months)

    due["off"], due["undated"] = 0.0, False
    mark("calendar_paid_twice", None, _TWICE, 1, paid_share=2.0)
    mark("calendar_off_sheet", _ALLOWANCES, _OFF_SHEET, 3, unlisted=True)
    mark("calendar_due_differs", ("disability_living", "disability_care"), _DIFFERS, 4, off=20.0)
    mark("calendar_paid_undated", None, _UNDATED, 2, undated=True, paid_share=1.0)


def _told(due: pd.DataFrame, done: Simulation, planned: Planned) -> pd.DataFrame:
    """The table as of the last data date; what is so by what was drawn is planned too."""
    yuan = np.round(due["yuan"] - due["off"], 2).to_numpy()
    month = _MONTHS[due["at"].to_numpy()]
    end = (month + 1).astype("datetime64[D]") - 1
    paid_on = end + due["days"].to_numpy()
    paid = np.round(yuan * due["paid_share"].to_numpy(), 2)
    frame = due[["household_id", "village_code", "payment_kind"]].assign(
        month_on=month.astype("datetime64[D]"),
        month_due_yuan=yuan,
        month_paid_yuan=paid,
        paid_on=np.where(due["undated"] | (paid == 0), np.datetime64("NaT"), paid_on),
        payer=due["payment_kind"].map(_PAYERS).astype(object),
    )
    undated_late = due["undated"].to_numpy() & (paid_on > _LAST_DAY)
    frame.loc[undated_late, "month_paid_yuan"] = 0.0
    frame = until(frame.reset_index(drop=True), _LAST_DAY)
    _plan_what_is_so(frame, done, planned)
    return frame


def _plan_what_is_so(frame: pd.DataFrame, done: Simulation, planned: Planned) -> None:
    """Households that were not paid, paid short or late by the sheets and the ledger of posts."""
    over = frame["month_on"].dt.month.lt(12)
    missed = over & frame["month_paid_yuan"].eq(0)
    short = over & frame["month_paid_yuan"].between(0.001, frame["month_due_yuan"] - 0.001)
    end = frame["month_on"] + pd.offsets.MonthEnd(0)
    late = ((frame["paid_on"] - end).dt.days > _GRACE) & ~short & ~missed
    posts = done.post[done.post["household_id"].notna() & done.post["vacated_on"].isna()]
    behind = posts["paid_through"].dt.month.lt(11)
    unpaid = behind.groupby(posts["household_id"]).agg(["all", "any"])
    ids = frame["household_id"]
    planned["calendar_month_missed"] = [*{*ids[missed], *unpaid.index[unpaid["all"]]}]
    planned["calendar_short"] = [*{*ids[short], *unpaid.index[unpaid["any"] & ~unpaid["all"]]}]
    planned["calendar_late"] = [*{*ids[late]}]
    lines = frame[missed].assign(no=lambda rows: rows["month_on"].dt.month)
    lines["run"] = lines["no"] - lines.groupby(_KEY)["no"].rank(method="first")
    runs = lines.groupby([*_KEY, "run"], as_index=False).agg(n=("no", "size"), last=("no", "max"))
    long = runs[runs["n"].ge(3)]
    planned["calendar_missed_running"] = [*{*long["household_id"]}]
    final = frame[over].groupby(_KEY)["month_on"].max().dt.month.rename("final")
    still = long.join(final, on=_KEY)
    planned["calendar_waiting"] = [*{*still.loc[still["last"].eq(still["final"]), "household_id"]}]
    mine = frame[over & frame["payment_kind"].eq("home_income")]
    came = mine.groupby("household_id")["month_paid_yuan"].mean()
    left = done.home_resident.set_index("household_id")["left_home_on"].notna()
    came = came[~left.reindex(came.index).fillna(False).astype(bool)]
    planned["home_month_came"] = came.index[came.lt(300)].to_list()


def until(frame: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """The table as of a day: months begun by then, and of them what had come."""
    frame = frame[frame["month_on"].to_numpy() <= day].reset_index(drop=True)
    later = frame["paid_on"].to_numpy() > day
    return frame.assign(
        month_paid_yuan=frame["month_paid_yuan"].mask(later, 0.0),
        paid_on=frame["paid_on"].mask(later),
    )
