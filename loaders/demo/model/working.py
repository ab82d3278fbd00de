"""Who works near home and how: posts and their holders, workshops, training, leaders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.leading import leaders
from loaders.demo.model.member_details import CAN_WORK, SURNAMES, full_names
from loaders.demo.model.sampling import Rng, pick, some

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

Planned = dict[str, list[str]]

_RANGER = "生态护林员"
_PAY = {"ranger": 800, "set_up": 500, "special": 600, "relief": 500}
_LAST = np.datetime64("2025-12-31")
_FAR = ("province", "outside")
_OLDEST = 65
# How many posts are planned to miss each rule of posts, or to be found by a check.
_VACANT, _VACANT_LATELY, _NO_NOTICE, _RUN_OUT = 24, 8, 20, 16
_ABSENT, _UNPAID, _AWAY, _RELATIVE, _PAID_VACANT = 30, 25, 30, 12, 6
_STOPPED, _SMALL, _IDLE = 5, 6, 8  # workshops
_IN_VAIN, _TRAINED = 150, 6000
_COURSES = {
    "家政服务": 3, "中式烹饪": 3, "种植技术": 4, "养殖技术": 4, "电子商务": 2, "缝纫": 3, "电工": 2,
    "建筑施工": 2, "养老护理": 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Working:
    """The six tables, members and their work away as they are with them, and who is planned."""

    member: pd.DataFrame
    employment: pd.DataFrame
    post: pd.DataFrame
    workplace: pd.DataFrame
    workplace_worker: pd.DataFrame
    training: pd.DataFrame
    leader: pd.DataFrame
    led_household: pd.DataFrame
    planned: Planned


def employ(rng: Rng, done: Simulation, spared: Iterable[str]) -> Working:
    """Who works near home at the last data date; nobody in ``spared`` is planned."""
    planned: Planned = {}
    out = frozenset(spared)
    member, employment = _near_home(rng, done, out)
    done = replace(done, member=member, employment=employment)
    post = _posts(rng, done, out, planned)
    places, rolls = _workplaces(rng, done, planned)
    trained = _trained(rng, done, rolls, out, planned)
    leader, led = leaders(rng, done, out, planned)
    return Working(member, employment, post, places, rolls, trained, leader, led, planned)


def _open(work: pd.DataFrame) -> pd.Series:
    return ~work["planned"].astype(bool) & work["ended_on"].isna()


def _near_home(
    rng: Rng, done: Simulation, spared: frozenset[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Members and their work away, where holders of posts work no further than their township,
    but for a few whose post is one in name."""
    member, work = done.member, done.employment
    holder = set(member["member_id"][member["public_posts"].notna()])
    far = _open(work) & work["work_place"].isin(_FAR) & work["member_id"].isin(holder)
    far = (far & ~work["household_id"].isin(spared)).to_numpy()
    away = some(rng, far, _AWAY)
    near = far & ~away
    town = done.county.work_regions["township"][0]
    moved = set(work["member_id"][near])
    place = member["work_place"].mask(member["member_id"].isin(moved), "township")
    return member.assign(work_place=place), work.assign(
        work_place=work["work_place"].mask(near, "township"),
        work_region=work["work_region"].mask(near, town),
    )


def _posts(rng: Rng, done: Simulation, spared: frozenset[str], planned: Planned) -> pd.DataFrame:
    """The ledger of posts: those that the lists of people have, and as many more as are published,
    held by people of no list or vacant."""
    held = _held(rng, done)
    more = _others(rng, done, held)
    frame = pd.concat([held, more], ignore_index=True).sort_values(
        ["village_code", "post_kind"], kind="stable", ignore_index=True
    )
    n = len(frame)
    frame.insert(0, "post_id", [f"GW{done.county.code}{i:05d}" for i in range(1, n + 1)])
    since = frame["appointed_on"].to_numpy().astype("datetime64[D]")
    frame = frame.assign(
        noticed_on=since - rng.integers(5, 15, n),
        agreement_until=pick(rng, [np.datetime64("2026-06-30"), np.datetime64("2026-12-31")], n),
        month_yuan=frame["post_kind"].map(_PAY).astype(float),
        paid_through=np.datetime64("2025-12-01"),
        attended_days=rng.integers(18, 27, n).astype(float),
        vacated_on=np.datetime64("NaT"),
    )
    frame["agreement_until"] = frame["agreement_until"].astype("datetime64[s]")
    return _against_the_rules(rng, done, frame, spared, planned)


def _held(rng: Rng, done: Simulation) -> pd.DataFrame:
    """A row a post of the lists of people; who has two stands twice."""
    member = done.member
    holder = member[member["public_posts"].notna()].copy()
    holder["duty"] = holder["public_posts"].str.split("、")
    rows = holder.explode("duty")
    others = pick(rng, {"set_up": 759, "special": 362, "relief": 115}, len(rows))
    return pd.DataFrame(
        {
            "village_code": rows["village_code"],
            "post_kind": np.where(rows["duty"].eq(_RANGER), "ranger", others),
            "duty": rows["duty"],
            "household_id": rows["household_id"],
            "member_id": rows["member_id"],
            "holder_name": rows["name"],
            "appointed_on": rows["public_post_on"],
        }
    )


def _others(rng: Rng, done: Simulation, held: pd.DataFrame) -> pd.DataFrame:
    """Posts of people of no list, so that each kind has as many as are published."""
    have = held["post_kind"].value_counts()
    lacking = {kind: max(0, n - int(have.get(kind, 0))) for kind, n in done.county.posts.items()}
    kinds = np.repeat(list(lacking), list(lacking.values())).astype(object)
    n = len(kinds)
    surname = pick(rng, SURNAMES, n)
    duty = np.where(kinds == "ranger", _RANGER, pick(rng, ("村级保洁员", "护路员", "护河员"), n))
    return pd.DataFrame(
        {
            "village_code": pick(rng, done.village["village_code"].to_list(), n),
            "post_kind": kinds,
            "duty": duty,
            "household_id": None,
            "member_id": None,
            "holder_name": full_names(rng, surname, rng.random(n) < 0.6, rng.random(n) < 0.4),
            "appointed_on": np.datetime64("2021-01-01") + rng.integers(0, 1400, n),
        }
    )


def _against_the_rules(
    rng: Rng, done: Simulation, frame: pd.DataFrame, spared: frozenset[str], planned: Planned
) -> pd.DataFrame:
    """The posts with some vacant or held against the rules; what is so by itself is planned too."""
    ids = frame["post_id"].to_numpy(dtype=object)
    listed = frame["member_id"].notna().to_numpy()
    free = ~frame["household_id"].isin(spared).to_numpy()

    def chosen(rule: str, among: np.ndarray, count: int) -> np.ndarray:
        nonlocal free
        found = some(rng, among & free, count)
        free = free & ~found
        planned.setdefault(rule, []).extend(ids[found])
        return found

    long = chosen("post_filled", ~listed, _VACANT)
    paid_on = chosen("post_paid_vacant", ~listed, _PAID_VACANT)
    lately = some(rng, ~listed & free, _VACANT_LATELY)
    free = free & ~lately
    planned["post_filled"].extend(ids[paid_on])
    left = np.where(long | paid_on, np.datetime64("2025-08-15"), np.datetime64("2025-12-10"))
    vacant = long | paid_on | lately
    frame["vacated_on"] = np.where(vacant, left, np.datetime64("NaT"))
    last = frame["paid_through"].mask(vacant & ~paid_on, np.datetime64("2025-08-01"))
    unpaid = chosen("post_paid", listed, _UNPAID)
    frame["paid_through"] = last.mask(unpaid, np.datetime64("2025-09-01"))
    early = chosen("post_noticed", listed, _NO_NOTICE)
    frame["noticed_on"] = frame["noticed_on"].mask(
        early, frame["appointed_on"] - pd.Timedelta(days=2)
    )
    over = chosen("post_agreement", listed, _RUN_OUT)
    frame["agreement_until"] = frame["agreement_until"].mask(over, np.datetime64("2025-06-30"))
    absent = chosen("post_attended", listed, _ABSENT)
    frame["attended_days"] = frame["attended_days"].mask(absent, 6.0)
    frame = _by_relatives(rng, done, frame, free, planned)
    _plan_what_is_so(done, frame, planned)
    return frame


def _by_relatives(
    rng: Rng, done: Simulation, frame: pd.DataFrame, free: np.ndarray, planned: Planned
) -> pd.DataFrame:
    """The posts where some are held, on paper, by one of the household who cannot work."""
    unable = done.member[~done.member["labour"].isin(CAN_WORK) & done.member["age"].between(20, 60)]
    unable = unable.drop_duplicates("household_id").set_index("household_id")
    single = ~frame["member_id"].duplicated(keep=False).to_numpy()
    among = frame["household_id"].isin(unable.index).to_numpy() & free & single
    found = some(rng, among, _RELATIVE)
    homes = frame["household_id"][found]
    member, name = frame["member_id"].copy(), frame["holder_name"].copy()
    member[found] = unable["member_id"].reindex(homes).to_numpy()
    name[found] = unable["name"].reindex(homes).to_numpy()
    planned["post_able"] = frame["post_id"][found].to_list()
    planned["post_not_in_register"] = frame["post_id"][found].to_list()
    return frame.assign(member_id=member, holder_name=name)


def _plan_what_is_so(done: Simulation, frame: pd.DataFrame, planned: Planned) -> None:
    """Holders of two posts, too old, or away at work, as the lists have them."""
    twice = frame["member_id"].notna() & frame["member_id"].duplicated(keep=False)
    planned["post_one_each"] = frame["post_id"][twice].to_list()
    born = done.member.set_index("member_id")["birth_date"]
    birth = pd.to_datetime(frame["member_id"].map(born))
    old = birth <= pd.Timestamp(_LAST) - pd.DateOffset(years=_OLDEST + 1)
    planned["post_age"] = frame["post_id"][old].to_list()
    work = done.employment
    far = set(work["member_id"][_open(work) & work["work_place"].isin(_FAR)])
    planned["post_present"] = frame["post_id"][frame["member_id"].isin(far)].to_list()


def _workplaces(rng: Rng, done: Simulation, planned: Planned) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Workshops, which are assets, and bases; and those who work in them."""
    shop = done.asset[done.asset["asset_kind"].eq("workshop")]
    base = done.asset[done.asset["asset_kind"].eq("base")].head(done.county.work_bases)
    frame = pd.concat([shop, base], ignore_index=True)[
        ["village_code", "name", "asset_id", "asset_kind"]
    ].rename(columns={"asset_kind": "workplace_kind"})
    n = len(frame)
    frame.insert(0, "workplace_id", [f"CJ{done.county.code}{i:04d}" for i in range(1, n + 1)])
    ids = frame["workplace_id"].to_numpy(dtype=object)
    stopped = some(rng, np.ones(n, dtype=bool), _STOPPED)
    small = some(rng, ~stopped, _SMALL)
    idle = some(rng, ~stopped & ~small, _IDLE)
    rolls = _rolls(rng, done, frame, np.where(stopped, 0, np.where(small, 3, 100)))
    count = rolls["workplace_id"].value_counts().reindex(ids, fill_value=0).to_numpy()
    jobs = np.ceil(count * rng.uniform(1.0, 1.3, n))
    jobs = np.where(stopped, 20, np.where(idle, count * 3, np.maximum(jobs, 5)))
    planned["workplace_running"] = list(ids[stopped])
    planned["workplace_workers"] = list(ids[count < 5])
    planned["workplace_used"] = list(ids[count < 0.5 * jobs])
    return frame.assign(jobs=jobs, running=~stopped), rolls


def _rolls(rng: Rng, done: Simulation, places: pd.DataFrame, most: np.ndarray) -> pd.DataFrame:
    """As many as are published of those who work in the county and hold no post, each at a
    workplace of their township that takes no more than ``most``."""
    work = done.employment
    holder = done.member["member_id"][done.member["public_posts"].notna()]
    near = _open(work) & work["work_place"].isin(["township", "county"])
    near &= ~work["member_id"].isin(holder) & work["started_on"].notna()
    mine = work[near].drop_duplicates("member_id")
    chosen = some(rng, np.ones(len(mine), dtype=bool), done.county.workplace_jobs)
    mine = mine[chosen].reset_index(drop=True)
    town, where = mine["village_code"].str[:9], places["village_code"].str[:9]
    at = np.empty(len(mine), dtype=int)
    for code in town.unique():
        here = np.flatnonzero((where == code).to_numpy() & (most > 0))
        here = here if len(here) else np.flatnonzero(most > 3)
        slots = np.concatenate([here[most[here] > lap] for lap in range(100)])
        workers = np.flatnonzero((town == code).to_numpy())
        at[workers] = np.resize(slots, len(workers))
    return pd.DataFrame(
        {
            "workplace_id": places["workplace_id"].to_numpy(dtype=object)[at],
            "member_id": mine["member_id"],
            "household_id": mine["household_id"],
            "village_code": mine["village_code"],
            "started_on": mine["started_on"],
            "ended_on": pd.NaT,
            "month_pay_yuan": mine["month_pay_yuan"],
        }
    )


def _trained(
    rng: Rng, done: Simulation, rolls: pd.DataFrame, spared: frozenset[str], planned: Planned
) -> pd.DataFrame:
    """A course of the year for some, most of whom work; of a few nothing came."""
    member, work = done.member, done.employment
    able = member["labour"].isin(CAN_WORK).to_numpy() & member["age"].between(18, 59).to_numpy()
    busy = set(work["member_id"][_open(work)]) | set(rolls["member_id"])
    at_work = member["member_id"].isin(busy).to_numpy() | member["public_posts"].notna().to_numpy()
    ever = member["member_id"].isin(work["member_id"][~work["planned"].astype(bool)]).to_numpy()
    free = ~member["household_id"].isin(spared).to_numpy()
    placed = some(rng, able & at_work, _TRAINED - _IN_VAIN)
    vain = some(rng, able & ~at_work & ~ever & free, _IN_VAIN)
    planned["worker_trained_vain"] = member["member_id"][vain].to_list()
    mine = member[placed | vain]
    n = len(mine)
    return pd.DataFrame(
        {
            "member_id": mine["member_id"],
            "household_id": mine["household_id"],
            "village_code": mine["village_code"],
            "course": pick(rng, _COURSES, n),
            "trained_on": np.datetime64("2025-03-01") + rng.integers(0, 180, n),
            "course_days": rng.integers(5, 16, n),
            "certified": rng.random(n) < 0.8,
        }
    ).reset_index(drop=True)
