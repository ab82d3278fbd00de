"""Leaders who bring others along, and the households that they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.member_details import SURNAMES, full_names, phone_numbers
from loaders.demo.model.sampling import Rng, months_between, pick, some

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

_KINDS = {"company": 1, "cooperative": 5, "family_farm": 3, "workshop": 1, "village_committee": 3,
          "grower": 4, "returned": 2}  # fmt: skip
_WAYS = {"work": 4, "production": 3, "shares": 2, "skills": 2}
_LEAST, _MOST = 3, 5  # leaders of a poor village
# How many villages and leaders are planned to miss a rule.
_FEW, _MANY, _ALONE, _UNTRAINED, _UNREVIEWED = 5, 4, 20, 15, 12


def leaders(
    rng: Rng, done: Simulation, spared: frozenset[str], planned: dict[str, list[str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The leaders of poor villages and the households that each brings along."""
    last = done.village_year[done.village_year["year"].eq(done.village_year["year"].max())]
    codes = last["village_code"][last["poor_village"].astype(bool)].to_numpy(dtype=object)
    few = some(rng, np.ones(len(codes), dtype=bool), _FEW)
    many = some(rng, ~few, _MANY)
    planned["leaders_enough"] = list(codes[few])
    planned["leaders_not_too_many"] = list(codes[many])
    usual = rng.integers(_LEAST, _MOST + 1, len(codes))
    counts = np.where(few, _LEAST - 1, np.where(many, _MOST + 1, usual))
    leader = _chosen(rng, np.repeat(codes, counts), done, planned)
    return leader, _led(rng, leader, done, spared, planned)


def _chosen(
    rng: Rng, villages: np.ndarray, done: Simulation, planned: dict[str, list[str]]
) -> pd.DataFrame:
    n = len(villages)
    ids = np.array([f"DT{done.county.code}{i:04d}" for i in range(1, n + 1)], dtype=object)
    short = done.village.set_index("village_code")["short"].reindex(villages)
    kind = pick(rng, _KINDS, n)
    recommended = np.datetime64("2018-03-01") + rng.integers(0, 1500, n)
    inspected = recommended + rng.integers(3, 20, n)
    reviewed = inspected + rng.integers(3, 20, n)
    approved = reviewed + rng.integers(5, 40, n)
    hasty = some(rng, np.ones(n, dtype=bool), _UNREVIEWED)
    planned["leader_chosen"] = list(ids[hasty])
    untrained = some(rng, ~hasty, _UNTRAINED)
    planned["leader_trained"] = list(ids[untrained])
    trained = np.datetime64("2024-03-01") + rng.integers(0, 500, n)
    firm = ("种养专业合作社", "家庭农场", "农业开发有限公司", "手工艺加工厂")
    return pd.DataFrame(
        {
            "leader_id": ids,
            "village_code": villages,
            "leader_name": full_names(
                rng, pick(rng, SURNAMES, n), rng.random(n) < 0.75, rng.random(n) < 0.4
            ),
            "leader_kind": kind,
            "enterprise": short.to_numpy(dtype=object) + pick(rng, firm, n),
            "leader_phone": phone_numbers(rng, n),
            "recommended_on": recommended,
            "leader_inspected_on": np.where(hasty, approved + 30, inspected),
            "leader_reviewed_on": reviewed,
            "leader_approved_on": approved,
            "leader_trained_on": np.where(untrained, np.datetime64("NaT"), trained),
        }
    )


def _led(
    rng: Rng,
    leader: pd.DataFrame,
    done: Simulation,
    spared: frozenset[str],
    planned: dict[str, list[str]],
) -> pd.DataFrame:
    """Two to eight registered households of the village for each leader; a few lead nobody."""
    alone = some(rng, np.ones(len(leader), dtype=bool), _ALONE)
    planned["leader_brings"] = leader["leader_id"][alone].to_list()
    home = done.household[done.household["registered"] & (done.household["member_count"] > 1)]
    home = home[~home["household_id"].isin(spared)]
    of_village = {
        code: ids.to_numpy() for code, ids in home.groupby("village_code")["household_id"]
    }
    rows = []
    for lead, village in leader.loc[~alone, ["leader_id", "village_code"]].itertuples(index=False):
        homes = of_village[village]
        picked = rng.choice(homes, min(int(rng.integers(2, 9)), len(homes)), replace=False)
        rows += [(lead, one, village) for one in picked]
    frame = pd.DataFrame(rows, columns=["leader_id", "household_id", "village_code"])
    n = len(frame)
    return frame.assign(
        lead_way=pick(rng, _WAYS, n),
        led_since_on=months_between(rng, "2022-01", "2025-06", n).astype("datetime64[D]"),
        led_income_yuan=np.round(rng.uniform(800, 6000, n), -2),
    )
