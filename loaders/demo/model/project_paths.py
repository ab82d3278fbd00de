"""The way of each project from the library to the asset, and what its half-monthly sheets said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from loaders.demo.model.sampling import Rng, as_days

END = np.datetime64("2025-12-31")
TENDER_LIMIT = 4_000_000  # yuan of a contract from which a tender is due (NDRC order 16 of 2018)
_STATED = ("listed_on", "approved_on", "tendered_on", "built_on", "paid_off_on", "handed_over_on")
_WORKS = ("industry", "rural_works", "relocation")  # what is contracted out and leaves an asset
_COMPANIES = ("恒远", "鑫达", "众诚", "宏盛", "兴农", "汇丰", "永固", "天成", "秦岭", "云盖")
_PAUSES = ("雨季停工", "征地协调未完成", "材料未到位", "设计变更待批", "施工队人手不足")


def paths(rng: Rng, project: pd.DataFrame) -> pd.DataFrame:
    """The project_path table: one row a project, its days in their order as far as it has come."""
    n = len(project)
    works = project["category"].isin(_WORKS).to_numpy()
    frame = pd.DataFrame(
        {name: project[name] for name in ("project_id", "village_code", "started_on")}
    )
    year = as_days((project["year"].to_numpy() - 1970).astype("datetime64[Y]"))
    started = project["started_on"].to_numpy(dtype="datetime64[D]")
    begun = ~np.isnat(started)
    begin = np.where(begun, started, year + rng.integers(100, 330, n))
    tendered = begin - rng.integers(8, 28, n)
    approved = tendered - rng.integers(18, 50, n)
    frame["listed_on"] = approved - rng.integers(20, 75, n)
    frame["approved_on"] = approved
    frame["tendered_on"] = np.where(works, tendered, np.datetime64("NaT"))
    late_start = rng.integers(6, 60, n) * (rng.random(n) < 0.22)
    frame["planned_start_on"] = begin - late_start
    frame = _built(rng, frame, project, begin)
    frame = _closed(rng, frame, project, works)
    return _tenders(rng, _as_far(rng, frame, begun), project, works)


def _built(rng: Rng, frame: pd.DataFrame, project: pd.DataFrame, begin: np.ndarray) -> pd.DataFrame:
    """Add when it was built and when that was planned: a third are late, a few by months."""
    n = len(frame)
    accepted = project["accepted_on"].to_numpy(dtype="datetime64[D]")
    state = project["state"]
    ready = accepted - rng.integers(8, 55, n)
    room = np.maximum((END - begin).astype(int) - 20, 21)
    ready = np.where(np.isnat(accepted), begin + np.minimum(rng.integers(80, 300, n), room), ready)
    done = state.isin(["done", "accepted"]).to_numpy()
    delay = rng.integers(5, 110, n) * (rng.random(n) < 0.3)
    lasting = rng.integers(120, 360, n)
    due = np.where(done, ready - delay, begin + lasting)
    # What is under way is mostly within its time: the rest is late at the data date.
    behind = rng.random(n) < 0.25
    due = np.where(~done & (due <= END) & ~behind, END + rng.integers(10, 150, n), due)
    frame["planned_built_on"] = np.maximum(due, begin + 15)
    frame["built_on"] = np.where(done, np.maximum(ready, begin + 20), np.datetime64("NaT"))
    frame["accepted_on"] = accepted
    return frame


def _closed(
    rng: Rng, frame: pd.DataFrame, project: pd.DataFrame, works: np.ndarray
) -> pd.DataFrame:
    """Add when all was paid and when the asset was handed over."""
    n = len(frame)
    accepted = frame["accepted_on"].to_numpy(dtype="datetime64[D]")
    paid = (project["paid_yuan"] / project["planned_yuan"]).to_numpy() >= 0.94
    off = accepted + rng.integers(6, 70, n)
    frame["paid_off_on"] = np.where(paid & (off <= END), off, np.datetime64("NaT"))
    over = accepted + rng.integers(15, 85, n)
    given = works & (over <= END) & (rng.random(n) < 0.95)
    frame["handed_over_on"] = np.where(given, over, np.datetime64("NaT"))
    return frame


def _as_far(rng: Rng, frame: pd.DataFrame, begun: np.ndarray) -> pd.DataFrame:
    """Without the steps that those in reserve have not taken."""
    n = len(frame)
    approved = begun | (rng.random(n) < 0.6)
    tendered = begun | (approved & (rng.random(n) < 0.4))
    nothing = np.datetime64("NaT")
    listed = np.minimum(frame["listed_on"].to_numpy(dtype="datetime64[D]"), END - 30)
    frame["listed_on"] = listed
    dates = frame["approved_on"].to_numpy(dtype="datetime64[D]")
    frame["approved_on"] = np.where(approved, np.clip(dates, listed + 5, END - 12), nothing)
    dates = frame["tendered_on"].to_numpy(dtype="datetime64[D]")
    frame["tendered_on"] = np.where(tendered, np.minimum(dates, END - 3), nothing)
    return frame


def _tenders(
    rng: Rng, frame: pd.DataFrame, project: pd.DataFrame, works: np.ndarray
) -> pd.DataFrame:
    """Add how it was approved and tendered, by whom it is built and for how much."""
    n = len(frame)
    contract = np.round(project["planned_yuan"].to_numpy() * rng.uniform(0.9, 0.985, n), -2)
    way = np.select(
        [contract >= 1_200_000, contract >= 400_000, rng.random(n) < 0.5],
        [
            np.where(rng.random(n) < 0.8, "open", "invited"),
            rng.choice(["consultation", "open", "consultation"], n),
            "direct",
        ],
        "villagers",
    ).astype(object)
    way[contract >= TENDER_LIMIT] = "open"
    bidders = np.select(
        [way == "open", way == "invited", way == "consultation"],
        [rng.integers(3, 9, n), rng.integers(3, 6, n), rng.integers(3, 5, n)],
        1,
    ).astype(float)
    chosen = frame["tendered_on"].notna().to_numpy()
    town = frame["village_code"].str[6:9].astype(int).to_numpy()
    company = [
        _COMPANIES[(t + k) % len(_COMPANIES)]
        for t, k in zip(town, rng.integers(0, 4, n), strict=True)
    ]
    builder = np.where(way == "villagers", "村民理事会", [f"{c}建筑工程有限公司" for c in company])
    # The parts of one work go to one builder.
    parts = project["name"].str.extract(r"^(.*)\([一二三]标段\)$")[0]
    first = (
        pd.Series(builder)
        .groupby(parts.fillna(project["project_id"]).to_numpy())
        .transform("first")
    )
    year = project["year"].astype(str)
    approved = frame["approved_on"].notna()
    return frame.assign(
        approval_document=(
            "县乡振发〔" + year + "〕" + (np.arange(n) % 90 + 1).astype(str).astype(object) + "号"
        ).where(approved, None),
        tender_way=pd.Series(way).where(works & chosen, None),
        bidders=np.where(works & chosen & (way != "villagers"), bidders, np.nan),
        contractor=first.where(works & chosen, None),
        contract_yuan=np.where(works & chosen, contract, np.nan),
    )


def sheet_days(months: int = 6) -> list[np.datetime64]:
    """The days of the last half-monthly sheets: the 15th and the last of each month, ascending."""
    found = []
    for month in pd.period_range(end="2025-12", periods=months, freq="M"):
        first = month.start_time.normalize()
        days = (first + pd.Timedelta(days=14), month.end_time.normalize())
        found += [np.datetime64(day, "D") for day in days]
    return found


def schedules(rng: Rng, project: pd.DataFrame, path: pd.DataFrame) -> pd.DataFrame:
    """The project_schedule table: each sheet's projects, begun and not long accepted.

    Work goes on from sheet to sheet; what is paid goes up to what the library says at the end.
    """
    n = len(project)
    work = _Work(
        path["started_on"].to_numpy(dtype="datetime64[D]"),
        path["planned_built_on"].to_numpy(dtype="datetime64[D]"),
        path["built_on"].to_numpy(dtype="datetime64[D]"),
        path["accepted_on"].to_numpy(dtype="datetime64[D]"),
        rng.uniform(0.8, 1.0, n),
    )
    lag, stuck = rng.uniform(0.75, 1.0, n), rng.random(n) < 0.1
    paused = np.array(_PAUSES, dtype=object)[rng.choice(len(_PAUSES), n)]
    frames = []
    for day in sheet_days():
        at = np.flatnonzero(work.listed(day))
        done = work.done(day)[at]
        paid = project["paid_yuan"].to_numpy() * work.paid(day, lag)
        hard = (work.behind(day) | stuck)[at] & (done < 1)
        frames.append(
            pd.DataFrame(
                {
                    "project_id": project["project_id"].to_numpy()[at],
                    "village_code": project["village_code"].to_numpy()[at],
                    "sheet_on": day,
                    "progress_percent": np.round(done * 100, 0),
                    "progress_note": np.select(
                        [done >= 1, done >= 0.6, done >= 0.25],
                        ["已完工", "主体施工", "基础施工"],
                        "进场准备",
                    ).astype(object),
                    "invested_yuan": np.round(project["planned_yuan"].to_numpy()[at] * done, -2),
                    "paid_yuan": np.round(paid[at], -2),
                    "difficulty": pd.Series(paused[at]).where(hard, None),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


@dataclass(frozen=True, slots=True)
class _Work:
    """How far each project has come on a day: days (projects,), shares of the whole."""

    started: np.ndarray
    due: np.ndarray
    built: np.ndarray
    accepted: np.ndarray
    pace: np.ndarray

    def listed(self, day: np.datetime64) -> np.ndarray:
        """Whether it stands on a sheet: begun, and accepted no more than a month before."""
        return (self.started <= day) & ~(self.accepted < day - 30)

    def gone(self, day: np.datetime64) -> np.ndarray:
        """The share of its time that is over."""
        end = np.where(np.isnat(self.built), self.due, self.built)
        length = np.maximum((end - self.started).astype(int), 1)
        return np.clip((day - self.started).astype(int) / length, 0, 1)

    def done(self, day: np.datetime64) -> np.ndarray:
        """The share of the work that is done."""
        return np.where(self.built <= day, 1.0, np.minimum(self.gone(day) * self.pace, 0.97))

    def behind(self, day: np.datetime64) -> np.ndarray:
        """Whether it should be built and is not."""
        return (self.due < day) & np.isnat(self.built)

    def paid(self, day: np.datetime64, lag: np.ndarray) -> np.ndarray:
        """The share of what is paid in the end that is paid on the day."""
        last = np.where(np.isnat(self.built), self.gone(END), 1.0)
        share = np.clip(self.gone(day) / np.maximum(last, 0.05), 0, 1) * lag
        return np.where(day == END, 1.0, share)


def as_of(path: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """The paths as they were known on a day, without the steps taken later."""
    steps = [*_STATED, "started_on", "accepted_on"]
    return path.assign(**{name: path[name].mask(path[name].to_numpy() > day) for name in steps})
