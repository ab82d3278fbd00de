"""过筛子: fourteen screenings of households and villages, each with its unit in charge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from loaders.demo.model.config import LAST_YEAR
from loaders.demo.model.sampling import Rng, only, pick

_LAST_DAY = np.datetime64("2025-12-28")
_NONE = np.datetime64("NaT", "D")
_MENDED = 0.78  # of the findings


@dataclass(frozen=True, slots=True)
class Sieve:
    """A screening: who is in charge, the share found by it, what it finds; of villages or not."""

    unit: str
    share: float
    findings: tuple[str, ...]
    of_villages: bool = False


SIEVES: dict[str, Sieve] = {
    "income": Sieve("扶贫工作站", 0.006, ("务工收入中断", "产业收入减少", "收入账与实际不符")),
    "schooling": Sieve("教管中心", 0.002, ("资助政策未落实", "送教上门次数不够")),
    "medical": Sieve("卫生院", 0.008, ("签约服务不到位", "慢病卡未办理", "医疗救助未享受")),
    "water": Sieve("农业农村中心", 0.006, ("冬季水管冻裂", "水量不够用", "水质未检测")),
    "housing": Sieve("社会事务中心", 0.007, ("屋面漏雨", "建新未拆旧", "鉴定标识牌缺失")),
    "relocation": Sieve("相关村", 0.006, ("旧房未拆除", "后续产业未覆盖", "分户合同未签")),
    "industry": Sieve("农业农村中心", 0.024, ("产业奖补未兑现", "未加入合作社", "两园未覆盖")),
    "village_road": Sieve("农村公路管理所", 0.022, ("路面塌方未清理", "边沟堵塞"), True),
    "minimum_allowance": Sieve("社会事务中心", 0.011, ("符合条件未纳入低保", "低保档次偏低")),
    "environment": Sieve("农业农村中心", 0.02, ("残垣断壁未拆除", "垃圾清运不及时"), True),
    "policy_knowledge": Sieve("党政办", 0.03, ("村干部户情不熟", "政策宣传不到位"), True),
    "fund_use": Sieve("农业农村中心", 0.018, ("产业资金一发了之", "分红协议到期未续"), True),
    "dynamics": Sieve("扶贫工作站", 0.02, ("监测户帮扶措施未更新", "人口自然增减未录入"), True),
    "responsibility": Sieve("驻村帮扶工作队", 0.02, ("一户一策未调整", "驻村在岗天数不足"), True),
}
# What the register complains of is what these find first.
_COMPLAINTS = {
    "schooling": ("out_of_school", "适龄儿童未在校就读"),
    "medical": ("uninsured_member", "有成员未参加基本医疗保险"),
    "water": ("water_unsafe", "饮水安全无保障"),
    "housing": ("housing_unsafe", "现住房存在安全隐患"),
    "relocation": ("two_homes", "搬迁户两头跑"),
}


def screen(
    rng: Rng,
    home: pd.DataFrame,
    facts: pd.DataFrame,
    income: pd.DataFrame,
    move: pd.DataFrame,
    villages: pd.Series,
) -> pd.DataFrame:
    """The sieve_result table: one row a household or village screened, with what was found.

    ``facts`` are ``homes.summarise``'s, in the order of ``home``; ``villages`` the village codes.
    """
    split = move.loc[move["months_in_new_home"].between(1, 9), "household_id"]
    home = home.assign(two_homes=home["household_id"].isin(split))
    concerned = _concerned(home, facts.reset_index(drop=True), income)
    parts = []
    for key, sieve in SIEVES.items():
        if sieve.of_villages:
            who = pd.DataFrame({"village_code": villages.to_numpy(), "household_id": None})
            known, words = np.zeros(len(who), dtype=bool), ""
        else:
            who = home[concerned[key]].reset_index(drop=True)
            flag, words = _COMPLAINTS.get(key, (None, ""))
            known = np.zeros(len(who), dtype=bool)
            if flag:
                known = who[flag].to_numpy(dtype=bool) & (rng.random(len(who)) < 0.5)
        parts.append(_screened(rng, key, sieve, who, known, words))
    table = pd.concat(parts, ignore_index=True)
    prefix = "SZ" + str(villages.iloc[0])[:6]
    table.insert(0, "sieve_id", [f"{prefix}{i:06d}" for i in range(1, len(table) + 1)])
    return table


def _concerned(
    home: pd.DataFrame, facts: pd.DataFrame, income: pd.DataFrame
) -> dict[str, np.ndarray]:
    """Masks of the households that a screening goes through."""
    last = income[income["year"].eq(LAST_YEAR)].set_index("household_id")
    earned = last["per_capita_net_income_yuan"].reindex(home["household_id"])
    remote, moved = home["remote"].to_numpy(), home["relocated"].to_numpy()
    idle = facts["able"].add(facts["weak"]).eq(0)
    masks = {
        "income": earned.rank(pct=True) < 0.25,
        "schooling": facts["pupils"] > 0,
        "medical": facts[["major", "chronic", "disabled"]].sum(axis=1) > 0,
        "water": (remote > 0.65) | home["water_unsafe"],
        "housing": home["dangerous_house"].ne("none") | ((remote > 0.7) & ~moved),
        "relocation": moved,
        "industry": ~idle & facts["workers"].eq(0),
        "minimum_allowance": idle,
    }
    return {key: np.asarray(mask, dtype=bool) for key, mask in masks.items()}


def _screened(
    rng: Rng, key: str, sieve: Sieve, who: pd.DataFrame, known: np.ndarray, words: str
) -> pd.DataFrame:
    n = len(who)
    found = known | (rng.random(n) < sieve.share)
    if not found.any():
        found[rng.integers(n)] = True
    codes, at = np.unique(who["village_code"].to_numpy(dtype=str), return_inverse=True)
    begun = np.datetime64("2025-04-10") + rng.integers(0, 190, len(codes))
    day = begun[at] + rng.integers(0, 20, n)
    due = day + rng.choice([15, 30, 60], n, p=[0.2, 0.5, 0.3])
    mended = np.minimum(day + rng.integers(3, 75, n), _LAST_DAY)
    told = np.where(known, words, pick(rng, sieve.findings, n)).astype(object)
    return pd.DataFrame(
        {
            "sieve": key,
            "village_code": who["village_code"].to_numpy(),
            "household_id": who["household_id"].to_numpy(),
            "unit_in_charge": sieve.unit,
            "screened_on": day,
            "finding": only(found, told),
            "due_on": np.where(found, due, _NONE),
            "mended_on": np.where(found & (rng.random(n) < _MENDED), mended, _NONE),
        }
    )
