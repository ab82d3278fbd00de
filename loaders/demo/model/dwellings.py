"""What the register says of a household: cause, land, house, road, water, fuel, measures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.config import County
from loaders.demo.model.member_details import phone_numbers
from loaders.demo.model.sampling import Rng, only, pick

# Measure -> what was done; the industries of the county stand for {industry}.
MEASURES: dict[str, tuple[str, ...]] = {
    "industry": ("{industry}种植养殖奖补", "{industry}产业入股分红", "{industry}技术服务"),
    "employment": ("外出务工交通补贴", "扶贫车间就业", "劳动技能培训"),
    "finance": ("小额信贷3万元", "小额信贷5万元", "互助资金借款1万元"),
    "public_post": ("生态护林员", "村级保洁员", "生态护林员"),
    "housing": ("危房改造", "住房安全鉴定"),
    "water": ("自来水入户", "水源净化"),
    "health": ("家庭医生签约", "大病救治", "慢病管理", "医疗救助"),
    "education": ("义务教育营养餐", "送教上门"),
    "other_education": ("雨露计划补助", "大学生资助"),
    "safety_net": ("农村低保", "特困供养", "残疾人两项补贴", "临时救助"),
    "social": ("爱心超市积分", "消费帮扶", "结对帮扶"),
    "relocation": ("易地搬迁集中安置", "易地搬迁分散安置"),
    "living_conditions": ("改厨改厕", "入户路硬化"),
    "infrastructure": ("通组路建设", "电网改造"),
}


def summarise(members: pd.DataFrame, count: int) -> pd.DataFrame:
    """Member facts a household position: size, ill, disabled, able, weak, old, pupils, workers."""
    facts = {
        "size": np.ones(len(members)),
        "major": members["health"].eq("major_illness"),
        "chronic": members["health"].eq("chronic"),
        "disabled": members["health"].eq("disabled"),
        "able": members["labour"].isin(["ordinary", "skilled"]),
        "weak": members["labour"].eq("weak"),
        "old": members["age"].ge(60),
        "pupils": members["school_status"].str.match("primary|grade"),
        "students": members["school_status"].isin(["senior", "vocational", "college"]),
        "workers": members["work_months"].gt(0),
        "work_months": members["work_months"],
    }
    household = members["household"].to_numpy()
    return pd.DataFrame(
        {
            k: np.bincount(household, weights=v, minlength=count).astype(int)
            for k, v in facts.items()
        }
    )


def vulnerable(facts: pd.DataFrame, rng: Rng) -> np.ndarray:
    """0 to 1: few who can work, illness, disability and age make it harder to leave poverty."""
    size = facts["size"]
    hard = 1.2 * (1 - (facts["able"] + 0.5 * facts["weak"]) / size)
    hard += (
        0.9 * ((facts["major"] + facts["disabled"]) > 0)
        + 0.3 * facts["chronic"].gt(0)
        + 0.3 * facts["old"] / size
    )
    hard += 0.2 * facts["students"].gt(0) + rng.normal(0, 0.25, len(facts))
    return (hard.rank(method="first") / len(facts)).to_numpy()


def furnish(rng: Rng, homes: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Add the household table's columns on land, house, road, safety and causes."""
    n = len(homes)
    remote = homes["remote"].to_numpy()
    size = facts["size"].to_numpy()
    registered = homes["registered"].to_numpy()
    homes["village_group"] = [f"{g}组" for g in rng.integers(1, 9, n)]
    homes["phone"] = phone_numbers(rng, n)
    homes["member_count"] = size
    homes["poverty_attribute"] = only(registered, _attribute(rng, facts))
    homes["cause_1"], homes["cause_2"] = _causes(rng, facts, remote, registered)
    homes["farmland_mu"] = np.round(rng.gamma(3.0, 0.5, n) * size, 1)
    homes["woodland_mu"] = np.round(rng.gamma(1.6, 3.0, n) * size * (0.6 + 0.8 * remote), 1)
    homes["floor_area_m2"] = np.round(size * rng.uniform(18, 32, n) + rng.uniform(0, 30, n), 0)
    homes["dangerous_house"] = pick(rng, {"none": 0.985, "grade_c": 0.012, "grade_d": 0.003}, n)
    unsafe = homes["dangerous_house"].ne("none").to_numpy()
    homes["housing_unsafe"] = (unsafe & (rng.random(n) < 0.5)) | (rng.random(n) < 0.001)
    homes["water_unsafe"] = rng.random(n) < 0.002 + 0.004 * remote
    homes["out_of_school"] = (facts["pupils"].to_numpy() > 0) & (rng.random(n) < 0.0007)
    homes["uninsured_member"] = rng.random(n) < 0.006
    homes["power"] = rng.random(n) < 0.9993
    roads = pick(rng, {"concrete": 0.83, "asphalt": 0.05, "gravel": 0.08, "dirt": 0.04}, n)
    homes["entry_road"] = roads
    homes["road_distance_km"] = np.round(rng.gamma(1.2, 0.35 + 0.5 * remote), 1)
    homes["sanitary_toilet"] = rng.random(n) < 0.93 - 0.12 * remote
    fuels = {"firewood": 0.34, "clean": 0.55, "coal": 0.07, "other": 0.04}
    homes["fuel"] = pick(rng, fuels, n)
    return homes


def _attribute(rng: Rng, facts: pd.DataFrame) -> np.ndarray:
    n = len(facts)
    helpless = (facts["able"] + facts["weak"] == 0).to_numpy()
    single_old = helpless & (facts["old"] == facts["size"]).to_numpy()
    frail = ((facts["major"] + facts["disabled"]) > 0).to_numpy()
    attribute = np.full(n, "general", dtype=object)
    allowance = rng.random(n) < np.select([helpless, frail], [0.75, 0.38], 0.09)
    attribute[allowance] = "low_allowance"
    attribute[single_old & (rng.random(n) < 0.42)] = "five_guarantee"
    return attribute


def _causes(rng: Rng, facts: pd.DataFrame, remote: np.ndarray, registered: np.ndarray):
    """The main cause of poverty and, for some, a second one; none for the never registered."""
    n = len(facts)
    ill = (facts["major"] + facts["chronic"] > 0).to_numpy()
    disabled = (facts["disabled"] > 0).to_numpy()
    studies = (facts["students"] > 0).to_numpy()
    few = (facts["able"] == 0).to_numpy()
    luck = rng.random(n)
    other = {"skill": 0.38, "money": 0.28, "labour": 0.1, "motivation": 0.1, "land": 0.07}
    other |= {"disaster": 0.05, "water": 0.02}
    main = pick(rng, other, n)
    main = np.where((remote > 0.6) & (luck < 0.3), "transport", main)
    main = np.where(studies & (luck < 0.45), "schooling", main)
    main = np.where(few & (luck < 0.6), "labour", main)
    main = np.where(ill & (luck > 0.35), "illness", main)
    main = np.where(disabled & (luck > 0.3), "disability", main).astype(object)
    second = pick(rng, other, n)
    kept = registered & (rng.random(n) < 0.4) & (second != main)
    return only(registered, main), only(kept, second)


def measures(rng: Rng, homes: pd.DataFrame, facts: pd.DataFrame, county: County) -> pd.DataFrame:
    """The measure table: one row a household and kind of help, with what was done."""
    n = len(homes)
    can_work = (facts["able"] + facts["weak"] > 0).to_numpy()
    frail = ((facts["major"] + facts["disabled"] + facts["chronic"]) > 0).to_numpy()
    pupils, students = facts["pupils"].to_numpy() > 0, facts["students"].to_numpy() > 0
    base = np.where(homes["registered"] | homes["monitor_kind"].notna(), 1.0, 0.4)
    chance = {
        "industry": np.where(can_work, 0.86, 0.16),
        "employment": np.where(facts["workers"] > 0, 0.7, 0.08),
        "finance": np.where(can_work, 0.22, 0.01),
        "public_post": np.where(can_work, 0.13, 0.01),
        "housing": np.where(homes["dangerous_house"] != "none", 0.9, 0.12),
        "water": np.where(homes["water_unsafe"], 0.9, 0.3),
        "health": np.where(frail, 0.93, 0.35),
        "education": np.where(pupils, 0.9, 0.0),
        "other_education": np.where(students, 0.75, 0.0),
        "safety_net": np.where(frail | ~can_work, 0.82, 0.16),
        "social": np.full(n, 0.35),
        "relocation": np.where(homes["relocated"], 1.0, 0.0),
        "living_conditions": np.full(n, 0.18),
        "infrastructure": np.full(n, 0.12),
    }
    parts = []
    for kind, share in chance.items():
        where = np.flatnonzero(rng.random(n) < share * base)
        detail = pick(rng, MEASURES[kind], len(where))
        crop = pick(rng, county.industries, len(where))
        text = [d.format(industry=c) for d, c in zip(detail, crop, strict=True)]
        ids = homes["household_id"].to_numpy()[where]
        villages = homes["village_code"].to_numpy()[where]
        parts.append(
            pd.DataFrame(
                {"household_id": ids, "village_code": villages, "kind": kind, "detail": text}
            )
        )
    return pd.concat(parts, ignore_index=True)
