"""Facts that contradict each other, planned so that a test knows which checks must find whom.

data/demo/suspicions.yaml declares them. They are cast over a county that is sound in itself, as
of a data date: some are there in November only, some in December only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from loaders.demo.model.config import DATA, LAST_YEAR
from loaders.demo.model.dwellings import MEASURES
from loaders.demo.model.member_details import CAN_WORK
from loaders.demo.model.sampling import Rng
from store.yamls import load_yaml

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

KEYS = {
    "member": "member_id",
    "employment": "member_id",
    "household": "household_id",
    "household_year": "household_id",
    "monitored_household": "household_id",
    "village_year": "village_code",
    "project": "project_id",
    "relocation": "household_id",
    "project_path": "project_id",
    "project_schedule": "project_id",
    "project_beneficiary": "project_id",
    "asset": "asset_id",
    "asset_year": "asset_id",
    "dividend": "asset_id",
    "facility": "facility_id",
    "points_month": "village_code",
}
# Of these each household gets one suspicion at most, of the others each subject.
_OF_HOUSEHOLDS = ("member", "employment", "household", "household_year", "monitored_household")
_YEARLY = ("household_year", "village_year", "asset_year", "dividend")
_RECENT = {"project_schedule": ("sheet_on", 5), "points_month": ("month_on", 5)}

# The relations, of the last year where they have years, with what conditions ask about beside the
# columns of the schema.
_CANDIDATES = f"""
CREATE SCHEMA to_suspect;
CREATE TABLE fact AS
SELECT household_id, COUNT(*) AS size,
  COUNT_IF(labour IN {CAN_WORK}) AS able,
  COUNT_IF(labour IN {CAN_WORK[:2]}) AS hands,
  COUNT_IF(health IN ('major_illness', 'chronic')) AS ill,
  COUNT_IF(health = 'disabled') AS disabled,
  COUNT_IF(work_months > 0) AS workers,
  BOOL_OR(relation = 'spouse') AS has_spouse,
  MIN(sex) FILTER (WHERE relation = 'head') AS head_sex
FROM member GROUP BY household_id;
CREATE TABLE help AS
SELECT household_id, BOOL_OR(kind = 'industry') AS industry,
  BOOL_OR(kind = 'safety_net') AS safety_net, BOOL_OR(kind = 'social') AS social
FROM measure GROUP BY household_id;
CREATE TABLE trip AS
SELECT household_id, COUNT(DISTINCT member_id) AS away
FROM employment WHERE NOT planned AND NOT returned GROUP BY household_id;
CREATE VIEW to_suspect.member AS
SELECT m.*, f.able, f.has_spouse, f.head_sex, age >= 6 AND school_status <> 'none' AS pupil,
  work_months = 0 AND NOT plans_work AND public_posts IS NULL AND health = 'healthy'
    AND labour IN {CAN_WORK} AS idle
FROM member AS m JOIN fact AS f USING (household_id);
CREATE VIEW to_suspect.employment AS
SELECT *, COUNT(*) OVER (PARTITION BY member_id) AS spells FROM employment;
CREATE VIEW to_suspect.household AS
SELECT * FROM household LEFT JOIN trip USING (household_id);
CREATE VIEW to_suspect.household_year AS
SELECT y.*, h.monitor_kind FROM household_year AS y JOIN household AS h USING (household_id);
CREATE VIEW to_suspect.monitored_household AS
SELECT w.*, f.* EXCLUDE household_id, p.* EXCLUDE household_id,
  cleared AND clear_method = 'development'
    AND cleared_on >= identified_on + INTERVAL 180 DAY AS released
FROM monitored_household AS w JOIN fact AS f USING (household_id)
LEFT JOIN help AS p USING (household_id);
CREATE VIEW to_suspect.village_year AS SELECT * FROM village_year;
CREATE VIEW to_suspect.relocation AS SELECT * FROM relocation;
CREATE VIEW to_suspect.project AS
SELECT p.*, w.* EXCLUDE (project_id, village_code, started_on, accepted_on), s.progress, s.sheets,
  b.homes, g.assets
FROM project AS p JOIN project_path AS w USING (project_id)
LEFT JOIN (SELECT project_id, MAX(progress_percent) AS progress, COUNT(*) AS sheets
  FROM project_schedule GROUP BY project_id) AS s USING (project_id)
LEFT JOIN (SELECT project_id, COUNT(*) AS homes
  FROM project_beneficiary GROUP BY project_id) AS b USING (project_id)
LEFT JOIN (SELECT project_id, COUNT(*) AS assets
  FROM asset WHERE asset_class <> 'operating' GROUP BY project_id) AS g USING (project_id);
CREATE VIEW to_suspect.asset AS
SELECT a.*, y.yield_yuan FROM asset AS a LEFT JOIN asset_year AS y USING (asset_id);
CREATE VIEW to_suspect.facility AS SELECT * FROM facility;
CREATE VIEW to_suspect.points_month AS SELECT * FROM points_month;
"""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """How ``count`` rows of one relation are made suspicious; see data/demo/suspicions.yaml."""

    of: str
    count: int
    where: str
    set: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    spell: bool = False
    loses: tuple[str, ...] = ()
    gets: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()


@cache
def suspicions() -> dict[str, Suspicion]:
    """The declarations by check."""
    declared = load_yaml((DATA / "demo" / "suspicions.yaml").read_text("utf-8"))
    return {check: Suspicion(**each) for check, each in declared.items()}


def plan(rng: Rng, done: Simulation, spared: Iterable[str]) -> dict[str, list[str]]:
    """Who is to be suspicious, by check: keys of members, households, villages or projects.

    A household gets one suspicion at most; those in ``spared`` get none. ValueError where nobody
    fits a declaration.
    """
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET enable_progress_bar = false")  # the output is of stages alone
    for name in (*KEYS, "measure"):
        frame = getattr(done, name)
        connection.register(name, _table(frame[_this_year(frame, name)]))
    connection.execute(_CANDIDATES)
    taken, found = set(spared), {}
    for check, each in suspicions().items():
        key = KEYS[each.of]
        home = "household_id" if each.of in _OF_HOUSEHOLDS else key
        rows = connection.execute(
            f"SELECT MIN({key}), {home} FROM to_suspect.{each.of} WHERE {each.where} "
            f"GROUP BY {home} ORDER BY {home}"
        ).fetchall()
        free = [row for row in rows if row[1] not in taken]
        if not free:
            raise ValueError(f"{check}: nobody to choose from")
        chosen = rng.permutation(len(free))[: each.count]
        found[check] = [free[i][0] for i in chosen]
        taken |= {free[i][1] for i in chosen}
    return found


def _table(frame: pd.DataFrame) -> pa.Table:
    plain = frame.drop(columns=["remote", "vulnerable"], errors="ignore")
    return pa.Table.from_pandas(plain, preserve_index=False)


def _this_year(frame: pd.DataFrame, name: str) -> np.ndarray:
    """A mask of the rows that are looked at: of tables by year those of the last one, of sheets and
    months the last few."""
    if name in _YEARLY:
        return frame["year"].eq(LAST_YEAR).to_numpy()
    if name in _RECENT:
        column, count = _RECENT[name]
        return frame[column].isin(np.sort(frame[column].unique())[-count:]).to_numpy()
    return np.ones(len(frame), dtype=bool)


def cast(done: Simulation) -> Simulation:
    """The county as of its data date with what is planned; ``expected_findings`` is then whom."""
    december = done.data_date.month == 12
    frames: dict[str, Any] = {name: getattr(done, name) for name in (*KEYS, "measure")}
    places: dict[tuple[str, str], _Places] = {}
    found, dropped = {}, list[tuple[str, str, list[str]]]()

    def at(name: str, key: str) -> _Places:
        if (name, key) not in places:
            places[name, key] = _Places(frames[name], name, key)
        return places[name, key]

    with duckdb.connect(config={"threads": 1}) as connection:
        for check, each in suspicions().items():
            planned, key = done.expected_findings[check], KEYS[each.of]
            cut = slice(len(planned) // 8, None) if december else slice(len(planned) * 4 // 5 + 1)
            ids = [one for one in planned[cut] if one in at(each.of, key).index]
            found[check] = ids
            for name, values in each.set.items():
                rows = at(name, key).of(ids)
                frames[name] = _edited(connection, frames[name], rows, values)
            if each.spell:
                frames["employment"] = _with_spells(frames, ids)
            if each.loses or each.gets:
                frames["measure"] = _with_measures(frames, each, ids)
            dropped += [(name, key, ids) for name in each.drops]
    for name, key, ids in dropped:  # last, since places are by row
        frame = frames[name]
        frames[name] = frame[~(frame[key].isin(ids) & _this_year(frame, name))]
    return replace(done, **frames, expected_findings=found)


class _Places:
    """Where in a frame the rows of a key stand that may be edited: real work, the last year."""

    def __init__(self, frame: pd.DataFrame, name: str, key: str):
        kept = _this_year(frame, name)
        if name == "employment":
            kept = ~frame["planned"].to_numpy(dtype=bool)
        self.at = np.flatnonzero(kept)
        self.index = pd.Index(frame[key].to_numpy()[self.at])

    def of(self, ids: list[str]) -> np.ndarray:
        """Positions of these keys' rows, in the frame's order."""
        found = self.index.get_indexer_for(ids)
        return np.sort(self.at[found[found >= 0]])


def _edited(
    connection: duckdb.DuckDBPyConnection,
    frame: pd.DataFrame,
    at: np.ndarray,
    values: Mapping[str, str],
) -> pd.DataFrame:
    """The frame with new values in the rows at these positions."""
    if len(at) == 0:
        return frame
    rows = frame.iloc[at]
    keys = ("asset_id", "facility_id", "household_id", "project_id", "village_code")
    number = rows[next(key for key in keys if key in rows)]
    rows = rows.assign(turn=number.str[-4:].astype(int), place=np.arange(len(rows)))
    connection.register("asked", _table(rows))
    wanted = ", ".join(f"{sql} AS {column}" for column, sql in values.items())
    new = connection.execute(f"SELECT {wanted} FROM asked ORDER BY place").df()
    return frame.assign(**{c: _replaced(frame[c], at, new[c]) for c in values})


def _replaced(old: pd.Series, at: np.ndarray, new: pd.Series) -> pd.Series:
    """The column with new values at positions; of Python objects where it can now be empty."""
    if old.dtype.kind == "M":
        new = new.astype(old.dtype)
    elif new.isna().any() or old.dtype.kind not in "fO":
        old, new = old.astype(object), new.astype(object).where(new.notna(), None)
    old = old.copy()
    old.iloc[at] = new.to_numpy()
    return old


def _with_spells(frames: Mapping[str, pd.DataFrame], ids: list[str]) -> pd.DataFrame:
    """The employment table with three months of work for people who are not said to work."""
    member = frames["member"]
    rows = member[member["member_id"].isin(ids)][["member_id", "household_id", "village_code"]]
    home = frames["household"].set_index("household_id")["phone"]
    work = frames["employment"]
    added = rows.assign(
        started_on=pd.Timestamp("2025-07-05"),
        ended_on=pd.Timestamp("2025-10-08"),
        planned=False,
        returned=True,
        work_place="outside",
        work_region="江苏省苏州市",
        month_pay_yuan=3600.0,
        channel="亲友介绍",
        phone=home.reindex(rows["household_id"]).to_numpy(),
    )
    return pd.concat([work, added[list(work.columns)]], ignore_index=True)


def _with_measures(
    frames: Mapping[str, pd.DataFrame], each: Suspicion, ids: list[str]
) -> pd.DataFrame:
    """The measures where these households lose and get those of some kinds."""
    measure = frames["measure"]
    changed = measure["kind"].isin([*each.loses, *each.gets]) & measure["household_id"].isin(ids)
    home = frames["household"].set_index("household_id")["village_code"]
    added = [
        {
            "household_id": i,
            "village_code": home[i],
            "kind": kind,
            "detail": MEASURES[kind][-1],
        }
        for i in ids
        for kind in each.gets
    ]
    return pd.concat([measure[~changed], pd.DataFrame(added)], ignore_index=True)
