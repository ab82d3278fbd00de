"""What became of a move: old house, land, certificate, follow-up; what each settlement site has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.sampling import Rng, apportion, as_days, months_between, only, pick, take

if TYPE_CHECKING:
    from loaders.demo.model.config import County
    from loaders.demo.model.simulate import Simulation

_LIMIT_M2 = 25
_KEPT = {"shared_wall": 5, "protected": 2, "production": 3}
_STANDS = {"unwilling": 3, "not_yet": 2}
# Households that are planned to miss a rule of relocation.yaml, or to meet one of what is wrong.
_PLANNED = {
    "relocation_moved_in": 12,
    "relocation_certificate": 110,
    "relocation_land": 90,
    "relocation_follow_up": 45,
    "relocation_area": 30,
}
_LATE = 60
# Sites that are planned to lack something, by rule of resettlement_sites.yaml.
_SITES = {
    "site_school": 3,
    "site_clinic": 2,
    "site_workshop": 5,
    "site_fund": 4,
    "site_acceptance": 3,
}
# Kilometres to the nearest: where it is near, at most; where it is far, at least.
_NEAR = {"school_km": (0.2, 2.6), "clinic_km": (0.1, 1.6), "workshop_km": (0.6, 4.2)}
_FAR = {"school_km": (3.6, 8.0), "clinic_km": (2.4, 5.0), "workshop_km": (6.0, 14.0)}

Planned = dict[str, list[str]]


def equip(
    rng: Rng, done: Simulation, spared: Iterable[str]
) -> tuple[pd.DataFrame, pd.DataFrame, Planned]:
    """The tables relocation and settlement_site whole, and the households planned by rule.

    Nobody in ``spared`` is planned. Of what a site lacks all its households are planned.
    """
    sites, lacking = _sites(rng, done.settlement_site, done.relocation, done.county)
    moves, planned = _moves(rng, done.relocation, set(spared))
    for rule, chosen in lacking.items():
        planned[rule] = moves["household_id"][moves["site_id"].isin(chosen)].to_list()
    return moves, sites, planned


def _moves(rng: Rng, moves: pd.DataFrame, spared: set[str]) -> tuple[pd.DataFrame, Planned]:
    n = len(moves)
    demolished = moves["old_house_demolished"].to_numpy(dtype=bool)
    free = ~moves["household_id"].isin(spared).to_numpy() & moves["months_in_new_home"].eq(12)
    free = free.to_numpy()
    mask = {}

    def chosen(among: np.ndarray, count: int) -> np.ndarray:
        nonlocal free
        found = np.zeros(n, dtype=bool)
        found[take(rng, (among & free) * 1.0, min(count, int((among & free).sum())))] = True
        free = free & ~found
        return found

    for rule, count in _PLANNED.items():
        mask[rule] = chosen(demolished, count)
    late = mask["relocation_old_house_late"] = chosen(~demolished, _LATE)
    away = mask["relocation_moved_in"]
    kept = pick(rng, _KEPT, n)
    kept[late] = pick(rng, _STANDS, int(late.sum()))
    area = np.floor(moves["people"].to_numpy() * _LIMIT_M2 * rng.uniform(0.8, 1.0, n))
    area = np.where(mask["relocation_area"], moves["people"] * _LIMIT_M2 + 12.0, area)
    frame = moves.assign(
        moved_in_on=moves["moved_in_on"].mask(away),
        months_in_new_home=moves["months_in_new_home"].mask(away),
        house_m2=area,
        certificate=~(mask["relocation_certificate"] | away),
        kept_reason=only(~demolished, kept),
        land_restored=demolished & ~mask["relocation_land"],
        follow_up=moves["follow_up"].mask(mask["relocation_follow_up"], None),
    )
    ids = moves["household_id"]
    return frame, {rule: ids[which].to_list() for rule, which in mask.items()}


def _sites(
    rng: Rng, sites: pd.DataFrame, moves: pd.DataFrame, county: County
) -> tuple[pd.DataFrame, dict[str, set[str]]]:
    """The sites with what they have, and which are planned to lack it, by rule."""
    n = len(sites)
    came = moves["site_id"].value_counts().reindex(sites["site_id"], fill_value=0).to_numpy()
    lacks = {rule: np.zeros(n, dtype=bool) for rule in _SITES}
    for rule, count in _SITES.items():
        lacks[rule][take(rng, (came < np.median(came)) * 1.0, min(count, n // 3))] = True
    frame = sites.copy()
    for column, (low, high) in _NEAR.items():
        rule = f"site_{column.removesuffix('_km')}"
        far = rng.uniform(*_FAR[column], n)
        frame[column] = np.round(np.where(lacks[rule], far, rng.uniform(low, high, n)), 1)
    has = np.where(lacks["site_workshop"], 0.0, came + 1.0)
    frame["workshops"] = apportion(has, county.site_workshops)
    near = frame["workshops"].gt(0).to_numpy()
    frame.loc[near, "workshop_km"] = np.round(rng.uniform(0.1, 0.5, int(near.sum())), 1)
    frame["industry_parks"] = apportion(came + 1.0, county.site_parks)
    frame["jobs"] = apportion(np.where(near, came + 1.0, 0.0), county.site_jobs)
    fund = np.round(came * rng.uniform(2500, 4200, n), -3)
    frame["follow_up_yuan"] = np.where(lacks["site_fund"], 0.0, np.maximum(fund, 50_000.0))
    month = months_between(rng, np.full(n, "2018-06"), np.full(n, "2020-11"), n)
    frame["accepted_on"] = pd.Series(as_days(month)).mask(lacks["site_acceptance"])
    return frame, {rule: set(sites["site_id"][which]) for rule, which in lacks.items()}
