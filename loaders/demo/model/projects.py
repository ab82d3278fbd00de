"""The project library: what was built where, with whose money, how far it came."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.config import County
from loaders.demo.model.sampling import Rng, apportion, as_days, pick, take

# Category -> share of projects, and what they may be: name, content, office in charge.
_KINDS: dict[str, tuple[float, tuple[tuple[str, str, str], ...]]] = {
    "industry": (
        0.5,
        (
            (
                "{crop}产业基地建设项目",
                "新建{crop}基地{size}亩,配套产业路和灌溉设施",
                "农业农村局",
            ),
            ("{crop}加工厂建设项目", "新建{crop}加工厂房{size}平方米及设备", "农业农村局"),
            ("村集体经济{crop}项目", "村集体入股发展{crop}产业,收益分红", "农业农村局"),
            ("社区工厂建设项目", "新建标准化厂房{size}平方米", "工业和信息化局"),
        ),
    ),
    "employment": (
        0.08,
        (
            ("公益岗位补助项目", "安置公益岗位,按月发放补助", "人力资源和社会保障局"),
            ("外出务工交通补贴项目", "对跨省务工人员补贴交通费", "人力资源和社会保障局"),
        ),
    ),
    "rural_works": (
        0.3,
        (
            ("通组路硬化项目", "硬化通组路{size}米,宽3.5米", "交通运输局"),
            ("安全饮水巩固提升项目", "新建蓄水池,铺设管网{size}米", "水利局"),
            ("便民桥建设项目", "新建便民桥1座,引道{size}米", "交通运输局"),
            ("人居环境整治项目", "改厕,新建污水收集管网{size}米", "住房和城乡建设局"),
        ),
    ),
    "relocation": (
        0.08,
        (
            ("安置点配套项目", "安置点道路、排水和文化活动场地{size}平方米", "发展和改革局"),
            ("安置点社区工厂项目", "安置点内新建社区工厂{size}平方米", "发展和改革局"),
        ),
    ),
    "other": (0.04, (("项目管理费", "用于项目前期设计、评审、招标和监理", "乡村振兴局"),)),
}
_SOURCES = ["central_yuan", "province_yuan", "city_yuan", "county_yuan", "other_yuan"]


def project_library(
    rng: Rng, villages: pd.DataFrame, people: np.ndarray, county: County
) -> pd.DataFrame:
    """The project table; ``people`` (villages,) are the registered, who benefit."""
    n = county.projects
    weight = villages["remote"].to_numpy() + 0.6
    village = rng.choice(len(villages), n, p=weight / weight.sum())
    year = np.sort(rng.choice(range(2016, 2026), n, p=_year_shares()))
    kinds = pick(rng, {kind: share for kind, (share, _) in _KINDS.items()}, n)
    frame = pd.DataFrame(
        {
            "project_id": [f"{county.code}{y}{i:04d}" for i, y in enumerate(year, start=1)],
            "village_code": villages["village_code"].to_numpy()[village],
            "category": kinds,
            "year": year,
        }
    )
    short = villages["short"].to_numpy()[village]
    named = [_text(rng, kind, county) for kind in kinds]
    frame["name"] = [
        f"{place}{y}年{name}" for place, y, (name, _, _) in zip(short, year, named, strict=True)
    ]
    frame["content"] = [content for _, content, _ in named]
    frame["unit_in_charge"] = [f"县{office}" for _, _, office in named]
    frame = pd.concat([frame, _money(rng, frame)], axis=1)
    return _progress(rng, frame, people[village])


# What is published of whole kinds of projects: name, content and office by the kind of asset.
_PUBLISHED: dict[str, tuple[str, str, str]] = {
    "workshop": ("标准化厂房建设项目", "修建村级标准化厂房", "农业农村局"),
    "solar": ("光伏发电项目", "建设村级光伏电站", "发展和改革局"),
    "farm": ("生态猪庄建设项目", "修建生态猪庄", "农业农村局"),
    "shopfront": ("门面购置项目", "为村集体购置门面", "农业农村局"),
}


def published(
    rng: Rng, library: pd.DataFrame, villages: pd.DataFrame, people: np.ndarray, county: County
) -> pd.DataFrame:
    """The library with the projects that are published in sum: one a village, in whole hundreds of
    yuan that add up to the figure. All are accepted and paid long since."""
    frames = [library]
    number = len(library)
    for one in county.published_projects:
        n = one["villages"]
        at = np.sort(rng.choice(len(villages), n, replace=False))
        year = np.sort(rng.choice(one["years"], n))
        hundreds = apportion(rng.uniform(0.7, 1.3, n), one["total_yuan"] // 100)
        name, content, office = _PUBLISHED[one["kind"]]
        start = as_days((year - 1970).astype("datetime64[Y]")) + rng.integers(45, 200, n)
        homes = np.minimum(np.round(people[at] * rng.uniform(0.1, 0.5, n) / 3.1) + 3, 300)
        places = villages["short"].to_numpy()[at]
        frame = pd.DataFrame(
            {
                "project_id": [
                    f"{county.code}{y}{number + i:04d}" for i, y in enumerate(year, start=1)
                ],
                "village_code": villages["village_code"].to_numpy()[at],
                "category": "industry",
                "year": year,
                "name": [f"{p}{y}年{name}" for p, y in zip(places, year, strict=True)],
                "content": content,
                "unit_in_charge": f"县{office}",
                "planned_yuan": hundreds * 100.0,
                "central_yuan": hundreds * 100.0,
                **dict.fromkeys(_SOURCES[1:], 0.0),
                "paid_yuan": hundreds * 100.0,
                "state": "accepted",
                "started_on": start,
                "accepted_on": start + rng.integers(120, 320, n),
                "beneficiary_households": homes.astype(int),
                "beneficiary_people": np.round(homes * 3.1).astype(int),
            }
        )
        number += n
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else library


_LARGE, _GROUPS, _PARTS = 8, 3, 3
_SECTIONS = "一二三"


def with_contracts_to_look_at(rng: Rng, library: pd.DataFrame) -> pd.DataFrame:
    """The library with a few projects above the limit from which tenders are due, and a few that
    are parts of one work: the same village, year and office, each below the limit."""
    frame = library.copy()
    money = ["planned_yuan", *_SOURCES, "paid_yuan"]
    free = np.flatnonzero(frame["year"].between(2019, 2024) & frame["category"].eq("rural_works"))
    chosen = rng.choice(free, _LARGE + _GROUPS * _PARTS, replace=False)
    for row in chosen[:_LARGE]:
        _resize(frame, row, money, float(rng.integers(46, 90)) * 100_000)
    for group in range(_GROUPS):
        rows = np.sort(chosen[_LARGE + group * _PARTS :][:_PARTS])
        first = rows[0]
        same = ["village_code", "year", "unit_in_charge", "content", "state"]
        same += ["started_on", "accepted_on"]
        name = frame["name"].iloc[first]
        paid = frame["paid_yuan"].iloc[first] / frame["planned_yuan"].iloc[first]
        for place, row in enumerate(rows):
            frame.loc[row, same] = frame.loc[first, same].to_numpy()
            frame.loc[row, "name"] = f"{name}({_SECTIONS[place]}标段)"
            planned = float(rng.integers(16, 22)) * 100_000
            _resize(frame, row, money, planned)
            frame.loc[row, "paid_yuan"] = np.round(planned * paid, -2)
    return frame


def _resize(frame: pd.DataFrame, row: int, money: list[str], planned: float) -> None:
    """Another size of one project, its sources still whole hundreds that add up."""
    old = frame.loc[row, "planned_yuan"]
    scaled = (frame.loc[row, money].astype(float) * planned / old).round(-2)
    scaled["planned_yuan"] = planned
    gap = planned - float(scaled[_SOURCES].sum())
    largest = scaled[_SOURCES].astype(float).idxmax()
    scaled[largest] += gap
    frame.loc[row, money] = scaled.to_numpy()


def _year_shares() -> np.ndarray:
    shares = np.array([7, 9, 12, 13, 12, 11, 10, 9, 9, 8], dtype=float)
    return shares / shares.sum()


def _text(rng: Rng, kind: str, county: County) -> tuple[str, str, str]:
    options = _KINDS[kind][1]
    name, content, office = options[rng.integers(len(options))]
    crop, size = rng.choice(county.industries), int(rng.integers(4, 60)) * 20
    return name.format(crop=crop), content.format(crop=crop, size=size), office


def _money(rng: Rng, frame: pd.DataFrame) -> pd.DataFrame:
    """Planned yuan and its sources, whole hundreds of yuan that add up."""
    n = len(frame)
    small = frame["category"].isin(["other", "employment"]).to_numpy()
    planned = np.round(np.exp(rng.normal(np.where(small, 12.2, 13.2), 0.75, n)), -3)
    shares = rng.dirichlet([9.0, 4.0, 1.2, 2.0, 0.8], n)
    shares[rng.random((n, 5)) < [0.12, 0.25, 0.5, 0.3, 0.6]] = 0
    shares[shares.sum(axis=1) == 0, 0] = 1
    parts = np.round(planned[:, None] * shares / shares.sum(axis=1, keepdims=True), -2)
    largest = parts.argmax(axis=1)
    parts[np.arange(n), largest] += planned - parts.sum(axis=1)
    return pd.DataFrame({"planned_yuan": planned, **dict(zip(_SOURCES, parts.T, strict=True))})


def _progress(rng: Rng, frame: pd.DataFrame, people: np.ndarray) -> pd.DataFrame:
    n, year = len(frame), frame["year"].to_numpy()
    start = as_days((year - 1970).astype("datetime64[Y]")) + rng.integers(45, 240, n)
    accepted = start + rng.integers(100, 330, n)
    end = np.datetime64("2025-12-31")
    age = 2025 - year
    started = (start <= end - 20) & ~((age < 1) & (rng.random(n) < 0.3))
    done = started & (accepted <= end) & (rng.random(n) < np.where(age >= 2, 0.97, 0.72))
    checked = done & (rng.random(n) < np.where(age >= 2, 0.96, 0.55))
    state = np.select([checked, done, started], ["accepted", "done", "running"], "reserve")
    share = np.select(
        [checked, done, started],
        [rng.choice([1.0, 0.97, 0.95], n), rng.uniform(0.7, 0.95, n), rng.uniform(0.2, 0.7, n)],
        0.0,
    )
    late = take(rng, checked * 1.0, max(3, n // 60))  # accepted, and the bills still unpaid
    share[late] = rng.uniform(0.4, 0.75, len(late))
    homes = np.minimum(np.round(people * rng.uniform(0.05, 0.6, n) / 3.1) + 3, 400).astype(int)
    homes = np.where(frame["category"].eq("other"), 0, homes)
    return frame.assign(
        paid_yuan=np.round(frame["planned_yuan"] * share, -2),
        state=state.astype(object),
        started_on=np.where(started, start, np.datetime64("NaT")),
        accepted_on=np.where(checked, accepted, np.datetime64("NaT")),
        beneficiary_households=homes,
        beneficiary_people=np.round(homes * rng.uniform(2.7, 3.5, n)).astype(int),
    )
