"""The six ledgers as townships keep them: mostly whom the rules find, not quite all, and others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model import characters
from loaders.demo.model.config import LAST_YEAR, County
from loaders.demo.model.member_details import helpers
from loaders.demo.model.sampling import Rng, as_days, only, pick

# Group -> share of the cases handed in, share handed in without a cause, measures.
GROUPS: dict[str, tuple[float, float, tuple[str, ...]]] = {
    "major_illness_disability": (
        0.94,
        0.02,
        ("落实大病救治和医疗救助", "办理残疾人两项补贴", "家庭医生每月随访", "纳入低保兜底"),
    ),
    "elderly_living_alone": (
        0.95,
        0.02,
        ("安排邻里结对照料", "入住幸福院", "每周上门探视", "督促子女落实赡养"),
    ),
    "split_residence_relocated": (
        0.96,
        0.03,
        ("社区工厂安排就业", "落实后续产业", "拆除旧房引导长住", "开发公益岗位"),
    ),
    "income_drop": (
        0.93,
        0.05,
        ("推荐省内务工岗位", "产业奖补", "安排公益岗位", "小额信贷支持"),
    ),
    "borderline": (0.98, 0.03, ("产业帮扶", "就业帮扶", "临时救助", "防返贫保险")),
    "exited_2014_2015": (
        0.97,
        0.005,
        ("回访核实收入", "巩固主导产业", "技能培训", "落实三保障政策"),
    ),
}
_CLOSED_HOW = ("措施落实见效", "收入稳定达标", "风险消除", "入户核实销号")
_CLOSED_SHARE = 0.55
NEVER_OVER = "exited_2014_2015"  # nothing that a household does ends it


def causes(
    homes: pd.DataFrame,
    members: pd.DataFrame,
    income: pd.DataFrame,
    moves: pd.DataFrame,
    watched: pd.DataFrame,
) -> dict[str, pd.Series]:
    """For each group the reason by household id, for the households that belong in it."""
    return {
        "major_illness_disability": _illness(members),
        "elderly_living_alone": _alone(members),
        "split_residence_relocated": _two_places(moves),
        "income_drop": _drop(income),
        "borderline": _borderline(watched),
        "exited_2014_2015": _early(homes),
    }


def _illness(members: pd.DataFrame) -> pd.Series:
    frail = members[members["health"].isin(["major_illness", "disabled"])]
    counts = frail.groupby(["household_id", "health"]).size().unstack(fill_value=0)
    ill, disabled = counts["major_illness"], counts["disabled"]
    text = "家中" + np.where(ill > 0, ill.astype(str) + "人患大病", "").astype(object)
    both = np.where((ill > 0) & (disabled > 0), "、", "")
    return pd.Series(
        text + both + np.where(disabled > 0, disabled.astype(str) + "人残疾", ""), counts.index
    )


def _alone(members: pd.DataFrame) -> pd.Series:
    """At most one is at home, nobody at home is under 60; those working away do not count."""
    home = members[members["work_months"] < 6].groupby("household_id")["age"].agg(["size", "min"])
    alone = home[(home["size"] == 1) & (home["min"] >= 60)]
    return pd.Series("在家仅1名老人," + alone["min"].astype(str) + "岁", alone.index)


def _two_places(moves: pd.DataFrame) -> pd.Series:
    split = moves[moves["months_in_new_home"].between(1, 9)].set_index("household_id")
    months = split["months_in_new_home"].astype(int).astype(str)
    return "近一年在新房居住" + months + "个月,往返旧居"


def _drop(income: pd.DataFrame) -> pd.Series:
    table = income[income["year"] >= LAST_YEAR - 1].pivot(
        index="household_id", columns="year", values="per_capita_net_income_yuan"
    )
    change = table[LAST_YEAR] / table[LAST_YEAR - 1] - 1
    fell = change[change < -0.1]
    return "人均纯收入比上年下降" + (fell * -100).round(1).astype(str) + "%"


def _borderline(watched: pd.DataFrame) -> pd.Series:
    kept = watched[watched["monitor_kind"].eq("borderline") & ~watched["cleared"]]
    kept = kept.set_index("household_id")
    month = pd.to_datetime(kept["identified_on"]).dt.strftime("%Y年%m月")
    return month + "识别为边缘易致贫户,风险未消除"


def _early(homes: pd.DataFrame) -> pd.Series:
    """Who left poverty in the first two years, also those who fell back and left again."""
    again = homes["first_exit_year"].gt(0)
    first = homes["first_exit_year"].where(again, homes["exit_year"])
    early = homes[first.isin([2014, 2015])].set_index("household_id")
    once = early["exit_year"].astype(int).astype(str) + "年脱贫,需巩固提升"
    return once.mask(
        early["first_exit_year"].gt(0),
        early["first_exit_year"].fillna(0).astype(int).astype(str)
        + "年脱贫,返贫后"
        + early["exit_year"].astype(int).astype(str)
        + "年再脱贫,需巩固提升",
    )


def eased(income: pd.DataFrame) -> pd.Series:
    """The reason of those whose income fell the year before and has come back, by household id."""
    table = income[income["year"] >= LAST_YEAR - 2].pivot(
        index="household_id", columns="year", values="per_capita_net_income_yuan"
    )
    change = table[LAST_YEAR - 1] / table[LAST_YEAR - 2] - 1
    again = table[LAST_YEAR] / table[LAST_YEAR - 1] >= 1
    fell = change[(change < -0.1) & again]
    return f"{LAST_YEAR - 1}年人均纯收入比上年下降" + (fell * -100).round(1).astype(str) + "%"


def hand_in(
    rng: Rng,
    homes: pd.DataFrame,
    found: dict[str, pd.Series],
    over: pd.Series,
    village: pd.DataFrame,
    county: County,
) -> pd.DataFrame:
    """The ledger_entry table of the reasons that ``causes`` found, with dates up to 2025-12-30.

    ``over`` are ``eased``'s, some of which were closed in time; ``village`` the village table.
    """
    parts = []
    codes = homes.set_index("household_id")["village_code"]
    lately = county.flood["year"] == LAST_YEAR - 1
    wet = characters.flooded(village, county) if lately else ()
    for group, (share, extra, measures) in GROUPS.items():
        reasons = found[group]
        given = reasons[rng.random(len(reasons)) < share]
        others = homes["household_id"][~homes["household_id"].isin(reasons.index)]
        others = rng.choice(others.to_numpy(), round(extra * len(given)), replace=False)
        wrong = pd.Series(rng.choice(given.to_numpy(), len(others)), others)
        both = pd.concat([given, wrong]).sort_index()
        part = pd.DataFrame({"household_id": both.index, "group_key": group, "reason": both.array})
        parts.append(part.assign(measure=pick(rng, measures, len(part)), over=False))
    parts.append(_eased_entries(rng, over, codes.isin(wet), parts))
    entries = pd.concat(parts, ignore_index=True)
    entries.insert(1, "village_code", entries["household_id"].map(codes))
    entries["responsible"] = helpers(rng, entries["village_code"].to_numpy(), 6)
    held = [entries["household_id"].isin(found[group].index) & entries["group_key"].eq(group)
            for group in GROUPS if group != NEVER_OVER]  # fmt: skip
    entries["stands"] = np.any(held, axis=0)
    entries["flooded"] = entries["village_code"].isin(wet) & entries["over"]
    return _dated(rng, entries, county).drop(columns=["over", "stands", "flooded"])


def _eased_entries(
    rng: Rng, over: pd.Series, wet: pd.Series, parts: list[pd.DataFrame]
) -> pd.DataFrame:
    """Entries of fallen incomes that have come back, of households without another such entry;
    ``wet`` is by household whether the flood was there."""
    group = "income_drop"
    held = pd.concat(parts).query("group_key == @group")["household_id"]
    over = over[~over.index.isin(held)]
    said = characters.declared()
    share = np.where(wet.loc[over.index], said["flood"]["entries"], said["eased"]["entries"])
    over = over[rng.random(len(over)) < share]
    part = pd.DataFrame({"household_id": over.index, "group_key": group, "reason": over.array})
    return part.assign(measure=pick(rng, GROUPS[group][2], len(part)), over=True)


def _dated(rng: Rng, entries: pd.DataFrame, county: County) -> pd.DataFrame:
    """Opened from 2024 on, due half a year to a year later; closed as their townships close."""
    n = len(entries)
    end = np.datetime64("2025-12-30")
    opened = characters.opening_days(rng, "2024-02-01", "2025-12-22", n)
    fell = entries["over"].to_numpy()  # in the year before the last
    opened[fell] = characters.opening_days(rng, "2024-02-01", "2025-01-20", fell.sum())
    wet = entries["flooded"].to_numpy()
    flood = as_days(np.array(characters.flood_month(county)))
    opened[wet] = flood + 8 + rng.integers(0, 75, wet.sum())
    # The townships' ledgers of 2025 hold nothing that was due before its first months.
    due = np.maximum(
        opened + rng.integers(150, 400, n), np.datetime64("2025-01-06") + rng.integers(0, 75, n)
    )

    def trait(what: str) -> np.ndarray:
        return characters.each(entries["village_code"], county, what)

    days = trait("days")
    low, high = (np.array([pair[i] for pair in days]) for i in (0, 1))
    since = np.array([one or "NaT" for one in trait("since")], dtype="datetime64[D]")
    base = np.where(trait("counted") == "opened", opened, due)
    done = base + rng.integers(low, high) + np.where(rng.random(n) < 0.05, 30, 0)
    later = since + rng.integers(0, 190, n)
    done = np.where(done < since, later, done)
    possible = (done <= end) & (done > opened)
    codes, at = np.unique(entries["village_code"].to_numpy(dtype=str), return_inverse=True)
    luck = np.exp(rng.normal(0, characters.declared()["luck"]["closing"], len(codes)))[at]
    weight = trait("closing") * luck * np.where(entries["stands"], trait("standing"), 1.0)
    weight = weight * np.where(fell, characters.declared()["eased"]["closing"], 1.0)
    closed = rng.random(n) < characters.chances(possible * weight, _CLOSED_SHARE * n)
    # Most of what is still open was given more time, the rest is overdue.
    longer = ~closed & (due <= end) & (rng.random(n) < trait("more_time"))
    due = np.where(longer, end + rng.integers(3, 200, n), due)
    due = np.minimum(due, np.datetime64("2026-12-31"))
    bare = closed & (rng.random(n) < trait("unmeasured"))
    return entries.assign(
        measure=entries["measure"].mask(bare, None),
        opened_on=opened,
        due_on=due,
        closed_on=np.where(closed, done, np.datetime64("NaT")),
        closed_how=only(closed, pick(rng, _CLOSED_HOW, n)),
    )
