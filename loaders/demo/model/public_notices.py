"""公示台账: which sheet of each list hung where and how long, and what was objected to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.sampling import Rng, pick, some

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

_KEY = ["notice_list", "village_code", "year"]
_DAY = np.timedelta64(1, "D")
# The years that the townships kept their books of notices for, and in which month each list is due.
_SINCE = {"register": 2016, "exits": 2016, "monitoring": 2021, "benefits": 2024, "projects": 2019}
_LEAST = {"register": 7, "exits": 7, "monitoring": 5, "benefits": 7, "projects": 10}
_SHORT = {
    "notice_short_register": ("register", 4),
    "notice_short_exits": ("exits", 6),
    "notice_short_benefits": ("benefits", 9),
    "notice_short_projects": ("projects", 8),
}
# How many of each are planned, and of which lists; those of the last two years first.
_OF_FOUR = ("register", "exits", "benefits", "projects")
_PLANNED = {
    "notice_never": 14,
    "notice_elsewhere": 9,
    "notice_incomplete": 10,
    "notice_late": 8,
    "notice_taken_down_before": 3,
    "notice_without_photo": 12,
}
_COMPARED = {"notice_source_differs": 6, "notice_source_only": 5}
_ASKED = {
    "register": ("反映同组一户条件相近未列入", "反映名单内一户有城镇住房", "反映评议会人数不够"),
    "exits": ("反映退出户收入未达标", "反映住房改造未完工就列入退出", "反映退出户人口数登记有误"),
    "monitoring": ("反映一户收入稳定仍列为监测对象", "反映同组一户未纳入监测"),
    "benefits": ("反映享受户家中有小汽车", "反映保障人数与实际人口不符", "反映停发未说明原因"),
    "projects": ("反映项目受益户名单不全", "反映施工单位公示不清", "反映项目地点与计划不符"),
}  # fmt: skip
_ANSWERED = (
    "经入户核查,情况属实,已调整名单",
    "经核查不属实,已向本人说明",
    "经村民代表会议复议,维持原名单",
)
_OBJECTIONS = 42


@dataclass(frozen=True, slots=True)
class Notices:
    """Both tables, and what is planned by check. ``public_notice`` has ``shortfall`` in place of
    the entries: how many its sheet has fewer than the list (:func:`entries`)."""

    public_notice: pd.DataFrame
    notice_objection: pd.DataFrame
    planned: dict[str, list[str]] = field(default_factory=dict)


def put_up(rng: Rng, done: Simulation, spared: set[str]) -> Notices:
    """The sheets and objections of the whole county. Lists with a household of ``spared`` have
    nothing planned: what their rows say is changed elsewhere."""
    owed = entries(done)
    owed = owed[owed["year"].ge(owed["notice_list"].map(_SINCE))].reset_index(drop=True)
    odd = _odd(done, owed, spared)
    plan = _plan(rng, owed, ~owed["village_code"].isin(_broken_villages(done)).to_numpy(), odd)
    sheet = _sheets(rng, owed, plan, done)
    planned = {key: _subjects(owed[which]) for key, which in plan.items()}
    sheet, beside = _of_nothing(rng, sheet, owed, done)
    planned["notice_without_entries"] = beside
    objection, asked = _objections(rng, sheet)
    return Notices(sheet, objection, planned | asked)


def entries(done: Simulation) -> pd.DataFrame:
    """How many entries each list of a village has in a year, as the data will have them:
    ``notice_list``, ``village_code``, ``year``, ``entries`` and ``listed_on``, the first day."""
    grouped = _rows(done).groupby(_KEY, sort=True)["listed_on"].agg(["size", "min"]).reset_index()
    return grouped.rename(columns={"size": "entries", "min": "listed_on"})


def on_sheet(done: Simulation) -> pd.Series:
    """How many entries each of the sheets could have: of benefits those that had begun by then."""
    sheet = done.public_notice[[*_KEY, "posted_on"]].reset_index()
    rows = sheet.merge(_rows(done), on=_KEY, how="left")
    later = rows["notice_list"].eq("benefits") & rows["begun_on"].gt(rows["posted_on"])
    counted = (rows["listed_on"].notna() & ~later).groupby(rows["index"]).sum()
    return counted.reindex(done.public_notice.index).astype(int)


def _rows(done: Simulation) -> pd.DataFrame:
    """One row an entry of a list: list, village, year, ``listed_on`` and ``begun_on``."""
    home, paid = done.household, done.benefit
    village = home.set_index("household_id")["village_code"]
    new = home[home["registered"] & home["identified_on"].notna()]
    out = done.household_year[done.household_year["poverty_state"].eq("exited_now")]
    case = done.monitored_household.dropna(subset="notice_on")
    paid = paid[paid["benefit_kind"].isin(["minimum_allowance", "extreme_poverty"])]
    parts = [
        _listed("register", new["village_code"], _year(new["identified_on"]), new["identified_on"]),
        _listed("exits", out["household_id"].map(village), out["year"], _last_day(out["year"])),
        _listed("monitoring", case["household_id"].map(village), _year(case["notice_on"]),
                case["notice_on"]),
        *(_of_benefits(paid, village, year) for year in (2024, 2025)),
        _listed("projects", done.project["village_code"], done.project["year"],
                done.project["started_on"].fillna(_last_day(done.project["year"]))),
    ]  # fmt: skip
    found = pd.concat(parts, ignore_index=True).dropna(subset=["village_code", "year"])
    return found.astype({"year": int})


def _listed(notice_list: str, village: pd.Series, year: pd.Series, day: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "notice_list": notice_list,
            "village_code": village.to_numpy(),
            "year": pd.to_numeric(year).to_numpy(),
            "listed_on": pd.to_datetime(day).to_numpy(),
        }
    )


def _year(day: pd.Series) -> pd.Series:
    return pd.to_datetime(day).dt.year


def _last_day(year: pd.Series) -> pd.Series:
    return pd.to_datetime(year.astype(int).astype(str) + "-12-31")


def _of_benefits(paid: pd.DataFrame, village: pd.Series, year: int) -> pd.DataFrame:
    """Who was on the roll at the end of a year."""
    begun, ended = pd.to_datetime(paid["started_on"]), pd.to_datetime(paid["ended_on"])
    mine = paid[begun.dt.year.le(year) & ~ended.dt.year.le(year)]
    first = mine.groupby(["household_id", "benefit_kind"])["started_on"].min().reset_index()
    # The roll of the allowance tells the month: who came in it may have come on its last day.
    monthly = first["benefit_kind"].eq("minimum_allowance")
    begun = pd.to_datetime(first["started_on"])
    years = pd.Series(year, index=first.index)
    listed = begun.clip(lower=pd.Timestamp(year, 1, 1))
    rows = _listed("benefits", first["household_id"].map(village), years, listed)
    return rows.assign(begun_on=begun.mask(monthly, begun + pd.offsets.MonthEnd(0)).to_numpy())


def _broken_villages(done: Simulation) -> set[str]:
    """Villages of households that a broken row takes out of the register."""
    lost = {one for key in ("unknown_village",) for one in done.expected_mess.get(key, [])}
    return set(done.household.loc[done.household["household_id"].isin(lost), "village_code"])


def _odd(done: Simulation, owed: pd.DataFrame, spared: set[str]) -> np.ndarray:
    """Whether a village's list of monitored households has one of ``spared`` in that year."""
    case = done.monitored_household.dropna(subset="notice_on")
    case = case[case["household_id"].isin(spared)]
    village = done.household.set_index("household_id")["village_code"]
    at = set(zip(case["household_id"].map(village), _year(case["notice_on"]), strict=True))
    listed = zip(owed["village_code"], owed["year"], strict=True)
    return np.array([one in at for one in listed])


def _subjects(owed: pd.DataFrame) -> list[str]:
    return [
        f"N{row.year}{row.notice_list}{row.village_code}" for row in owed.itertuples(index=False)
    ]


def _plan(
    rng: Rng, owed: pd.DataFrame, whole: np.ndarray, odd: np.ndarray
) -> dict[str, np.ndarray]:
    """Check to which lists it is planned of; each list is of one plan at most."""
    names, year = owed["notice_list"], owed["year"]
    # What nobody changes elsewhere, so that counting tells its own planned gap; and no list of
    # projects that are only just known.
    free = whole & ~(names.eq("monitoring").to_numpy() & odd)
    free &= ~(names.eq("projects") & year.eq(2025) & owed["listed_on"].ge("2025-11-01")).to_numpy()
    recent = year.ge(2024).to_numpy() | names.isin(["register", "exits"]).to_numpy()
    plan: dict[str, np.ndarray] = {}

    def planned(key: str, among: np.ndarray, count: int) -> None:
        nonlocal free
        plan[key] = some(rng, among & free, count)
        free = free & ~plan[key]

    for key, (name, count) in _SHORT.items():
        planned(key, names.eq(name).to_numpy() & recent, count)
    late = names.isin(["benefits", "projects"]).to_numpy()
    for key, count in _PLANNED.items():
        among = names.isin(_OF_FOUR).to_numpy() & recent
        if key == "notice_incomplete":
            among &= owed["entries"].gt(1).to_numpy()
        planned(key, among & late if key in ("notice_late", "notice_never") else among, count)
    for key, count in _COMPARED.items():
        planned(key, names.eq("monitoring").to_numpy(), count)
    return plan


def _sheets(
    rng: Rng, owed: pd.DataFrame, plan: dict[str, np.ndarray], done: Simulation
) -> pd.DataFrame:
    n = len(owed)
    least = owed["notice_list"].map(_LEAST).to_numpy()
    listed = owed["listed_on"].to_numpy().astype("datetime64[D]")
    wait = rng.integers(1, 20, n)
    before = owed["notice_list"].isin(["register", "exits"]).to_numpy()
    # Who is listed was shown before the decision; exits in the two months before the year's end.
    begun = np.where(before, listed - rng.integers(12, 60, n) * _DAY, listed + wait * _DAY)
    monitored = owed["notice_list"].eq("monitoring").to_numpy()
    begun = np.where(monitored, listed, begun)
    begun = np.where(plan["notice_late"], listed + rng.integers(35, 70, n) * _DAY, begun)
    days = least + rng.integers(0, 6, n)
    for key in _SHORT:
        days = np.where(plan[key], rng.integers(2, 5, n), days)
    days = np.where(plan["notice_taken_down_before"], -rng.integers(1, 9, n), days)
    town = done.village.set_index("village_code")["township"]
    board = np.where(plan["notice_elsewhere"],
                     pick(rng, {"township_board": 5, "website": 3, "social_media": 2}, n),
                     "village_board")  # fmt: skip
    frame = owed.assign(
        region_code=owed["village_code"],
        notice_id=[f"GS{code[6:]}{year}{number:05d}" for number, (code, year) in
                   enumerate(zip(owed["village_code"], owed["year"], strict=True), start=1)],
        posted_at=board,
        posted_on=begun,
        withdrawn_on=begun + days * _DAY,
        shortfall=np.where(plan["notice_incomplete"], 1,
                           np.where(plan["notice_source_differs"], -1, 0)),
        photo_reference=[f"IMG{number:06d}" for number in range(1, n + 1)],
        unit_in_charge=[f"{name}人民政府" for name in owed["village_code"].map(town)],
    )  # fmt: skip
    frame["photo_reference"] = frame["photo_reference"].mask(plan["notice_without_photo"], None)
    gone = plan["notice_never"] | plan["notice_source_only"]
    return frame[~gone].drop(columns=["entries", "listed_on"]).reset_index(drop=True)


def _of_nothing(
    rng: Rng, sheet: pd.DataFrame, owed: pd.DataFrame, done: Simulation
) -> tuple[pd.DataFrame, list[str]]:
    """Two sheets of projects in villages that have none in the library that year."""
    year = 2024
    has = owed.loc[owed["notice_list"].eq("projects") & owed["year"].eq(year), "village_code"]
    free = done.village[~done.village["village_code"].isin(set(has))]
    at = free.iloc[np.sort(rng.choice(len(free), 2, replace=False))]
    begun = np.datetime64(f"{year}-05-10") + rng.integers(0, 60, 2) * _DAY
    more = pd.DataFrame(
        {
            "notice_list": "projects",
            "village_code": at["village_code"].to_numpy(),
            "year": year,
            "region_code": at["village_code"].to_numpy(),
            "notice_id": [f"GS{code[6:]}{year}9{n:04d}" for n, code in
                          enumerate(at["village_code"], start=1)],
            "posted_at": "village_board",
            "posted_on": begun,
            "withdrawn_on": begun + 12 * _DAY,
            "shortfall": -1,
            "photo_reference": ["IMG900001", "IMG900002"],
            "unit_in_charge": [f"{name}人民政府" for name in at["township"]],
        }
    )  # fmt: skip
    return pd.concat([sheet, more], ignore_index=True), _subjects(more)


def _objections(rng: Rng, sheet: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Objections to sheets that hung; most are answered within the days of a report."""
    hung = sheet[sheet["year"].ge(2019) & sheet["withdrawn_on"].gt(sheet["posted_on"])]
    weight = np.where(hung["year"].ge(2024), 6.0, 1.0)
    at = np.sort(rng.choice(len(hung), _OBJECTIONS, replace=False, p=weight / weight.sum()))
    rows = hung.iloc[at].sort_values("posted_on", ignore_index=True)
    on = rows["posted_on"] + pd.to_timedelta(rng.integers(0, 5, len(rows)), unit="D")
    answered = on + pd.to_timedelta(rng.integers(2, 40, len(rows)), unit="D")
    ids = np.array([f"YY{n:04d}" for n in range(1, len(rows) + 1)], dtype=object)
    old = np.flatnonzero(on.lt("2025-09-15").to_numpy())
    odd = rng.permutation(old)[:14]
    silent, late, lost, early, undated = odd[:4], odd[4:7], odd[7:10], odd[10:12], odd[12:]
    answered.iloc[silent] = pd.NaT
    answered.iloc[late] = (on + pd.to_timedelta(rng.integers(70, 90, len(rows)), "D")).iloc[late]
    on.iloc[early] = rows["posted_on"].iloc[early] - pd.to_timedelta(3, unit="D")
    named = rows["notice_id"].to_numpy(dtype=object).copy()
    named[lost] = [f"GS000000000{n}" for n in range(len(lost))]
    said = [rng.choice(_ASKED[name]) for name in rows["notice_list"]]
    words = pd.Series(pick(rng, _ANSWERED, len(rows)), dtype=object).where(answered.notna(), None)
    answered.iloc[undated] = pd.NaT
    frame = pd.DataFrame(
        {
            "objection_id": ids,
            "region_code": rows["village_code"].to_numpy(),
            "notice_list": rows["notice_list"].to_numpy(),
            "notice_id": named,
            "objected_on": on.to_numpy(),
            "content": said,
            "unit_in_charge": rows["unit_in_charge"].to_numpy(),
            "answered_on": answered.to_numpy(),
            "answer": words.to_numpy(),
            "upheld": words.eq(_ANSWERED[0]).where(words.notna(), None).to_numpy(),
        }
    )
    planned = {
        "objection_unanswered": ids[silent].tolist(),
        "objection_answered_late": ids[late].tolist(),
        "objection_answer_undated": ids[undated].tolist(),
        "objection_of_no_notice": ids[lost].tolist(),
        "objection_before_notice": ids[early].tolist(),
    }
    return frame, planned


def until(done: Simulation, day: np.datetime64) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables as of a day: what was put up, taken down and answered by then."""
    sheet, asked = done.public_notice, done.notice_objection
    sheet = sheet[sheet["posted_on"].to_numpy() <= day].reset_index(drop=True)
    down = sheet["withdrawn_on"].mask(sheet["withdrawn_on"].to_numpy() > day)
    asked = asked[asked["objected_on"].to_numpy() <= day].reset_index(drop=True)
    open_yet = asked["answered_on"].to_numpy() > day
    cleared = {name: asked[name].mask(open_yet, None) for name in ("answer", "upheld")}
    asked = asked.assign(answered_on=asked["answered_on"].mask(open_yet), **cleared)
    return sheet.assign(withdrawn_on=down), asked
