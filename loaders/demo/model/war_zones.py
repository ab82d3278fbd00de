"""四大战区 and 三级网格: who leads which villages, over the borders of townships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loaders.demo.model.member_details import SURNAMES, full_names, phone_numbers
from loaders.demo.model.sampling import Rng, pick

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

_ZONES = ("第一战区", "第二战区", "第三战区", "第四战区")
_POSTS = ("县委副书记", "县政府常务副县长", "县人大常委会副主任", "县政协副主席")
_UNITS = ("县扶贫开发局", "县发展和改革局", "县农业农村局", "县水利局")
_SET_ON = np.datetime64("2020-03-12")
_CUT = 0.35  # of a border township's villages, which go to the next zone
_WANTED = 60  # households of a grid of level 3, about
_LEADERLESS = 3


def divide(
    rng: Rng, done: Simulation, planned: dict[str, list[str]]
) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Rows of ``zone_member``, a village of a zone or grid each, and what of it is wrong, by rule
    or check: a village in no zone, one in two, grids without a leader, a grid far too large."""
    village = done.village[["village_code", "township_code", "township", "short"]]
    village = village.sort_values("village_code").reset_index(drop=True)
    zone = _zones(done, village)
    lost, twice = _odd(rng, village, zone)
    division = village.assign(zone=zone)[~village["village_code"].eq(lost)]
    again = village[village["village_code"].eq(twice)].assign(
        zone=(int(zone[village["village_code"].eq(twice)][0]) + 1) % len(_ZONES)
    )
    found = [_division(rng, pd.concat([division, again]))]
    groups = _groups(done)
    large = max(groups, key=lambda code: (sum(groups[code].values()), code))
    grids = _grids(rng, division, groups, large)
    small = grids["zone_code"][grids["zone_level"].eq("grid_3")].unique()
    big = grids["zone_code"][grids["zone_level"].eq("grid_3") & grids["village_code"].eq(large)]
    free = np.array([code for code in small if code not in set(big)], dtype=object)
    alone = rng.choice(free, _LEADERLESS, replace=False)
    bare = grids["zone_code"].isin(alone)
    for column in ("zone_leader", "zone_leader_post", "zone_leader_phone"):
        grids[column] = grids[column].where(~bare, None)
    wrong = {
        "zone_has_leader": sorted(alone),
        "zone_without_leader": sorted(alone),
        "grid_not_too_large": list(big),
        "zone_grid_too_large": list(big),
        "zone_village_without_zone": [lost],
        "zone_village_in_several": [twice],
    }
    rows = pd.concat([*found, grids], ignore_index=True)
    return rows, {**planned, **wrong}


def _zones(done: Simulation, village: pd.DataFrame) -> np.ndarray:
    """The zone of each village: townships in the order of their codes, as many households in each
    zone, and of the last township of each a part of the villages with the next."""
    homes = done.household.groupby("village_code").size()
    weight = village["village_code"].map(homes).fillna(0).to_numpy()
    town = village["township_code"].to_numpy(dtype=object)
    towns = np.unique(town)
    sums = np.array([weight[town == code].sum() for code in towns])
    middle = np.cumsum(sums) - sums / 2
    of_town = np.minimum((middle / sums.sum() * len(_ZONES)).astype(int), len(_ZONES) - 1)
    zone = of_town[np.searchsorted(towns, town)]
    for number in range(len(_ZONES)):
        mine = np.flatnonzero(zone == number)
        last = mine[town[mine] == town[mine][-1]]
        zone[last[len(last) - int(_CUT * len(last)) :]] = (number + 1) % len(_ZONES)
    return zone


def _odd(rng: Rng, village: pd.DataFrame, zone: np.ndarray) -> tuple[str, str]:
    """A village that the division forgets, and one that it names twice."""
    codes = village["village_code"].to_numpy(dtype=object)
    lost, twice = rng.choice(len(codes), 2, replace=False)
    return str(codes[lost]), str(codes[twice])


def _groups(done: Simulation) -> dict[str, dict[str, int]]:
    """Households of each village by village group."""
    counted = done.household.groupby(["village_code", "village_group"]).size()
    found: dict[str, dict[str, int]] = {}
    for (code, group), count in counted.items():
        found.setdefault(code, {})[group] = int(count)
    return found


def _people(rng: Rng, count: int) -> dict[str, np.ndarray]:
    surname = pick(rng, SURNAMES, count)
    names = full_names(rng, surname, rng.random(count) < 0.7, rng.random(count) < 0.3)
    return {"zone_leader": names, "zone_leader_phone": phone_numbers(rng, count)}


def _division(rng: Rng, division: pd.DataFrame) -> pd.DataFrame:
    """A row a village of each zone."""
    division = division.sort_values(["zone", "village_code"])
    at = division["zone"].to_numpy()
    people = _people(rng, len(_ZONES))
    return pd.DataFrame(
        {
            "zone_code": [f"Z{number + 1}" for number in at],
            "zone_level": "zone",
            "zone_name": np.array(_ZONES, dtype=object)[at],
            "parent_zone": None,
            "zone_leader_post": np.array(_POSTS, dtype=object)[at],
            "zone_unit": np.array(_UNITS, dtype=object)[at],
            "zone_set_on": _SET_ON,
            "village_code": division["village_code"].to_numpy(dtype=object),
            "village_groups": None,
            **{key: each[at] for key, each in people.items()},
        }
    )


def _grids(
    rng: Rng, division: pd.DataFrame, groups: dict[str, dict[str, int]], large: str
) -> pd.DataFrame:
    """Grids of three levels: what of a township lies in a zone, a village, and groups of it."""
    rows: list[dict[str, Any]] = []
    order = division.sort_values(["zone", "village_code"])
    for zone, mine in order.groupby("zone"):
        pieces = mine.groupby("township_code", sort=True)
        for first, (_, piece) in enumerate(pieces, start=1):
            code = f"Z{zone + 1}-{first:02d}"
            name = f"{piece['township'].iloc[0]}片"
            for second, (village, short) in enumerate(
                zip(piece["village_code"], piece["short"], strict=True), start=1
            ):
                rows.append(_row(code, "grid_1", name, f"Z{zone + 1}", "镇党委书记", village))
                inner = f"{code}-{second:02d}"
                rows.append(_row(inner, "grid_2", f"{short}村格", code, "村党支部书记", village))
                for third, named in enumerate(_split(groups.get(village, {}), village == large), 1):
                    rows.append(
                        _row(f"{inner}-{third}", "grid_3", f"{short}{third}格", inner, "网格员",
                             village, "、".join(named))
                    )  # fmt: skip
    frame = pd.DataFrame(rows).assign(zone_unit=None, zone_set_on=_SET_ON)
    level = frame["zone_level"].map({"grid_1": 0, "grid_2": 1, "grid_3": 2})
    frame = frame.assign(at=level).sort_values(["at", "zone_code", "village_code"])
    codes = frame["zone_code"].unique()
    people = pd.DataFrame({"zone_code": codes, **_people(rng, len(codes))})
    return frame.drop(columns="at").merge(people, on="zone_code", how="left")


def _row(
    code: str, level: str, name: str, parent: str, post: str, village: str, groups: str = ""
) -> dict[str, Any]:
    return {
        "zone_code": code, "zone_level": level, "zone_name": name, "parent_zone": parent,
        "zone_leader_post": post, "village_code": village, "village_groups": groups or None,
    }  # fmt: skip


def _split(groups: dict[str, int], whole: bool) -> list[list[str]]:
    """The groups of a village in grids of about as many households as wanted; one if ``whole``."""
    names = sorted(groups, key=lambda name: (len(name), name))
    if whole or not names:
        return [names] if names else []
    found: list[list[str]] = [[]]
    held = 0
    for name in names:
        if held and held + groups[name] > _WANTED:
            found.append([])
            held = 0
        found[-1].append(name)
        held += groups[name]
    return found
