"""幸福院: the homes of a county and what each of them has and lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model import home_residents
from loaders.demo.model.member_details import SURNAMES, full_names
from loaders.demo.model.sampling import Rng, only, pick, some, take

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

_LEAST = 8
_SMALL, _LARGE = 12, 31  # homes below the limits, households of the one above them
_FULL = 4  # homes with more households than planned
# Homes that are planned to lack something, by rule or check.
_HOMES = {
    "home_director": 3,
    "home_allowance_without_director": 2,
    "home_allowance": 5,
    "home_utilities": 4,
    "home_facilities": 6,
    "home_collective": 3,
    "home_moved_in_before_opening": 2,
}
Planned = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Homes:
    """The four tables, and who is planned by rule or check."""

    happiness_home: pd.DataFrame
    home_applicant: pd.DataFrame
    home_resident: pd.DataFrame
    package_holding: pd.DataFrame
    planned: Planned = field(default_factory=dict)


def settle(rng: Rng, done: Simulation, spared: Iterable[str]) -> Homes:
    """Survey, choose and house as many as the county's targets say; nobody of ``spared``."""
    planned: Planned = {}
    home = _buildings(rng, done, planned)
    chosen = home_residents.surveyed(rng, done, home, set(spared))
    chosen = home_residents.housed(rng, chosen, home, planned)
    home = _equipped(rng, home, planned)
    applicant, moved = home_residents.paths(rng, chosen, home, planned)
    resident = home_residents.residents(rng, chosen, moved, done.county, planned)
    home = _opened_late(home, resident, planned)
    holding = home_residents.package(rng, chosen, resident, planned)
    return Homes(home.drop(columns="size"), applicant, resident, holding, planned)


def _buildings(rng: Rng, done: Simulation, planned: Planned) -> pd.DataFrame:
    """The homes, at most one a village, and how many households each takes (``size``)."""
    county, village = done.county, done.village
    listed = done.household.groupby("village_code").size().reindex(village["village_code"])
    where = take(rng, listed.fillna(0).to_numpy() + 1.0, county.homes)
    sizes = np.full(county.homes, _LEAST)
    small = some(rng, sizes > 0, min(_SMALL, county.homes // 9))
    sizes[small] = rng.integers(5, _LEAST, int(small.sum()))
    large = some(rng, ~small, 1)
    rest = county.home_households - int(sizes.sum()) - (_LARGE - _LEAST)
    sizes[large] = _LARGE
    free = np.flatnonzero(~small & ~large)
    np.add.at(sizes, free[rng.integers(0, len(free), rest)], 1)
    at = village.iloc[where]
    opened = np.datetime64("2016-10") + rng.integers(0, 38, county.homes)
    frame = pd.DataFrame(
        {
            "home_id": [f"XF{county.code}{i:03d}" for i in range(1, county.homes + 1)],
            "village_code": at["village_code"].to_numpy(),
            "name": [f"{name}幸福院" for name in at["short"]],
            "home_built_on": opened.astype("datetime64[D]"),
            "size": sizes,
        }
    )
    planned["home_size"] = frame["home_id"][small | large].to_list()
    return frame


def _equipped(rng: Rng, home: pd.DataFrame, planned: Planned) -> pd.DataFrame:
    """The homes with director, places and facilities; those planned lack one of these."""
    n, size = len(home), home["size"].to_numpy()
    free = ~home["home_id"].isin(planned["home_size"]).to_numpy()
    full = some(rng, free, _FULL)
    lacks = {"home_within_plan": full}
    free = free & ~full
    for key, count in _HOMES.items():
        lacks[key] = some(rng, free, count)
        free = free & ~lacks[key]
    alone = lacks["home_director"] | lacks["home_allowance_without_director"]
    for key, which in lacks.items():
        planned[key] = home["home_id"][which].to_list()
    planned["home_director"] = home["home_id"][alone].to_list()
    surname = pick(rng, SURNAMES, n)
    names = full_names(rng, surname, rng.random(n) < 0.7, rng.random(n) < 0.3)
    paid = rng.choice([300.0, 350.0], n, p=[0.85, 0.15])
    paid = np.where(lacks["home_allowance"], rng.choice([200.0, 240.0], n), paid)
    paid = np.where(lacks["home_director"], np.nan, paid)
    spare = np.where(size < _LEAST, _LEAST - size, 0) + rng.choice([0, 1, 2, 4], n)
    frame = home.assign(
        planned_households=np.where(full, size - 1, size + spare),
        built_from=pick(rng, {"school": 6, "factory": 2, "office": 2, "new": 3}, n),
        collectively_owned=~lacks["home_collective"],
        director_name=only(~alone, names),
        director_month_yuan=paid,
    )
    for key, columns in (
        ("home_utilities", ("home_water", "home_power", "home_road")),
        ("home_facilities", ("home_clinic", "home_gym", "home_reading_room", "home_square")),
    ):
        one = rng.integers(0, len(columns), n)
        for i, column in enumerate(columns):
            frame[column] = ~(lacks[key] & (one == i))
    return frame


def _opened_late(home: pd.DataFrame, resident: pd.DataFrame, planned: Planned) -> pd.DataFrame:
    """The homes, of which those planned were first lived in before they were built."""
    late = home["home_id"].isin(planned["home_moved_in_before_opening"]).to_numpy()
    first = home["home_id"].map(resident.groupby("home_id")["moved_in_on"].min()).to_numpy()
    after = (first.astype("datetime64[M]") + 5).astype("datetime64[D]")
    before = np.minimum(home["home_built_on"].to_numpy().astype("datetime64[D]"), first)
    before = before.astype("datetime64[M]").astype("datetime64[D]")
    return home.assign(home_built_on=np.where(late, after, before))
