"""What projects left and paid out: assets, their yields, dividends, benefits of households."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.config import LAST_YEAR, County
from loaders.demo.model.sampling import Rng

# What a project's name says of the asset that it leaves: kind, class, and its name behind.
_KINDS = (
    ("标准化厂房", "workshop", "operating", "帮扶车间"),
    ("社区工厂", "workshop", "operating", "帮扶车间"),
    ("光伏", "solar", "operating", "光伏电站"),
    ("猪庄", "farm", "operating", "生态猪庄"),
    ("门面", "shopfront", "operating", "门面房"),
    ("产业基地", "base", "operating", "产业基地"),
    ("加工厂", "plant", "operating", "加工厂"),
    ("村集体经济", "share", "operating", "入股资金"),
    ("通组路", "road", "public", "通组路"),
    ("安全饮水", "water", "public", "供水设施"),
    ("便民桥", "bridge", "public", "便民桥"),
    ("人居环境", "environment", "public", "污水收集设施"),
    ("安置点配套", "site", "public", "安置点配套设施"),
)
_TAKERS = (
    "农业开发有限公司",
    "制衣有限公司",
    "电子厂",
    "种养专业合作社",
    "食品有限公司",
    "手工艺专业合作社",
)
_FIRST_PAID = 2021  # the first year of which dividends are listed


def assets(
    rng: Rng,
    project: pd.DataFrame,
    path: pd.DataFrame,
    villages: pd.DataFrame,
    sites: pd.DataFrame,
    county: County,
) -> pd.DataFrame:
    """The asset table, with ``since`` beside it: the year after which an asset yields."""
    found = _of_projects(project, path)
    found = _with_workshops(rng, found, villages, sites, county)
    n = len(found)
    found.insert(0, "asset_id", [f"ZC{county.code}{i:05d}" for i in range(1, n + 1)])
    short = (
        villages.set_index("village_code")["short"]
        .reindex(found["village_code"])
        .to_numpy(dtype=object)
    )
    found["name"] = short + found["said"].to_numpy(dtype=object)
    return _kept(rng, found, short)


def _kept(rng: Rng, found: pd.DataFrame, short: np.ndarray) -> pd.DataFrame:
    """The assets with who owns and keeps them, and what is agreed of those that work; ``short``
    are the names of their villages."""
    n = len(found)
    works = found["asset_class"].eq("operating").to_numpy()
    level = rng.choice(["village", "village", "village", "village", "township"], n).astype(object)
    owner = np.where(level == "village", short + "股份经济合作社", "镇人民政府")
    let = works & (rng.random(n) < 0.6)
    since = found["since"].to_numpy().astype(int)
    begins = (since + 1).tolist()
    begun = np.array([np.datetime64(f"{y}-03-01") for y in np.minimum(since + 1, LAST_YEAR)])
    years = rng.choice([3, 5, 5, 10, 10], n)
    # A contract that ran out was renewed for as long again.
    again = np.maximum(np.ceil((LAST_YEAR + 1 - (since + 1)) / years), 1).astype(int)
    until = np.array([np.datetime64(f"{y}-02-28") for y in since + 1 + again * years])
    rate = rng.choice([4.0, 5.0, 6.0], n)
    value = found["value_yuan"].to_numpy()
    return found.drop(columns="said").assign(
        owner_level=level,
        owner=owner.astype(object),
        custodian=pd.Series(
            np.where(works, short + "股份经济合作社", short + "村民委员会"), dtype=object
        ),
        asset_state=np.where(let, "let", "in_use").astype(object),
        operator=pd.Series(
            np.where(works, short + rng.choice(_TAKERS, n).astype(object), None), dtype=object
        ),
        contract_number=pd.Series(
            [
                f"HT{y}{i:04d}" if w else None
                for i, (y, w) in enumerate(zip(begins, works, strict=True))
            ]
        ),
        contract_on=np.where(works, begun, np.datetime64("NaT")),
        contract_until=np.where(works, until, np.datetime64("NaT")),
        agreed_yield_yuan=np.where(works, np.round(value * (rate + 1.5) / 100, -1), np.nan),
        dividend_rate_percent=np.where(works, rate, np.nan),
    )


def _of_projects(project: pd.DataFrame, path: pd.DataFrame) -> pd.DataFrame:
    """An asset a project that was handed over, by what its name says."""
    rows = []
    over = path["handed_over_on"].to_numpy()
    for row, day in zip(project.itertuples(), over, strict=True):
        said = next((kind for kind in _KINDS if kind[0] in row.name), None)
        if said is None or np.isnat(day):
            continue
        _, kind, asset_class, name = said
        year = pd.Timestamp(day).year
        rows.append(
            (row.village_code, row.project_id, row.planned_yuan, kind, asset_class, name, year)
        )
    names = [
        "village_code",
        "project_id",
        "value_yuan",
        "asset_kind",
        "asset_class",
        "said",
        "since",
    ]
    return pd.DataFrame(rows, columns=names)


def _with_workshops(
    rng: Rng, found: pd.DataFrame, villages: pd.DataFrame, sites: pd.DataFrame, county: County
) -> pd.DataFrame:
    """With as many more workshops, of means older than the library, as the county has in all."""
    here = int(found["asset_kind"].eq("workshop").sum())
    more = county.workshops - here
    if more < 0:  # as many as are published: the others are plants of a like kind
        extra = np.flatnonzero(found["asset_kind"].eq("workshop"))[county.workshops :]
        found.loc[extra, ["asset_kind", "said"]] = ["plant", "加工厂"]
        return found
    at_sites = np.resize(sites["village_code"].to_numpy(), county.site_workshops)[:more]
    elsewhere = rng.choice(villages["village_code"].to_numpy(), more - len(at_sites))
    count = more
    added = pd.DataFrame(
        {
            "village_code": [*at_sites, *elsewhere],
            "project_id": None,
            "value_yuan": np.round(rng.uniform(120_000, 600_000, count), -3),
            "asset_kind": "workshop",
            "asset_class": "operating",
            "said": [*["安置点扶贫车间"] * len(at_sites), *["扶贫车间"] * len(elsewhere)],
            "since": rng.choice([2017, 2018, 2019], count),
        }
    )
    return pd.concat([found, added], ignore_index=True)


def yields(rng: Rng, asset: pd.DataFrame) -> pd.DataFrame:
    """The asset_year table: what each operating asset brought a year, mostly what was agreed."""
    works = asset[asset["asset_class"].eq("operating")]
    frames = []
    for year in range(_FIRST_PAID, LAST_YEAR + 1):
        mine = works[works["since"] < year]
        got = np.round(mine["agreed_yield_yuan"] * rng.uniform(1.0, 1.12, len(mine)), -1)
        frame = mine[["asset_id", "village_code"]].assign(year=year, yield_yuan=got)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def dividends(
    rng: Rng, asset: pd.DataFrame, gained: pd.DataFrame, home: pd.DataFrame
) -> pd.DataFrame:
    """The dividend table: of each yield, the share that the rate asks for, and a little more, goes
    to registered households of the village and to the collective, three to two."""
    keyed = asset.set_index("asset_id")
    listed = home.loc[home["registered"]].groupby("village_code")["household_id"].agg(list)
    rows = []
    for row in gained.itertuples():
        one = keyed.loc[row.asset_id]
        least = one["value_yuan"] * one["dividend_rate_percent"] / 100
        whole = min(max(least * rng.uniform(1.0, 1.1), least + 40), max(row.yield_yuan, least + 40))
        month = rng.integers(11, 13)
        day = np.datetime64(f"{row.year}-{month:02d}-{rng.integers(3, 28):02d}")
        homes = listed.get(row.village_code, [])
        some = min(len(homes), int(rng.integers(3, 7)))
        each = np.floor(whole * 0.6 / max(some, 1) / 10) * 10
        chosen = rng.permutation(len(homes))[:some]
        for i in chosen:
            rows.append(
                (row.asset_id, row.village_code, row.year, "household", homes[i], each, day)
            )
        rest = np.ceil(whole - each * some)
        rows.append((row.asset_id, row.village_code, row.year, "collective", None, rest, day))
    names = [
        "asset_id",
        "village_code",
        "year",
        "dividend_payee",
        "household_id",
        "amount_yuan",
        "paid_on",
    ]
    frame = pd.DataFrame(rows, columns=names)
    number = frame.groupby("year").cumcount() + 1
    made = "FH" + frame["year"].astype(str) + number.astype(str).str.zfill(5)
    return frame.assign(dividend_id=made)


def beneficiaries(rng: Rng, project: pd.DataFrame, home: pd.DataFrame) -> pd.DataFrame:
    """The project_beneficiary table: registered households of the village that industry projects
    since 2021 are for, what each was promised and what it had; a few had much less."""
    listed = home.loc[home["registered"]].groupby("village_code")["household_id"].agg(list)
    mine = project[project["category"].isin(["industry", "relocation"]) & project["year"].ge(2021)]
    mine = mine[mine["state"].isin(["done", "accepted"])]
    rows = []
    for row in mine.itertuples():
        homes = listed.get(row.village_code, [])
        count = min(len(homes), row.beneficiary_households, int(rng.integers(8, 30)))
        promised = int(rng.integers(10, 40)) * 100
        shared = int(rng.choice([0, 200, 300, 500]))
        for i in np.sort(rng.choice(len(homes), count, replace=False)):
            jobs = int(rng.random() < 0.2)
            had = np.round(promised * rng.uniform(0.92, 1.25), -1)
            got = jobs if rng.random() < 0.9 else 0
            rows.append(
                (
                    row.project_id,
                    homes[i],
                    row.village_code,
                    jobs,
                    got,
                    promised,
                    had,
                    shared,
                    shared,
                )
            )
    names = ["project_id", "household_id", "village_code", "promised_jobs", "jobs"]
    names += ["promised_income_yuan", "income_yuan", "promised_dividend_yuan", "dividend_yuan"]
    return pd.DataFrame(rows, columns=names)
