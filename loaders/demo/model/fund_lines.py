"""Where money came from and where it was allotted: funds by document, and their lines.

Amounts are whole fen until they are written. What a county's data/demo file names under ``funds``
are margins: such a fund comes to exactly what is published of it, in so many places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loaders.demo.model.config import LAST_YEAR, County
from loaders.demo.model.sampling import Rng, apportion, as_days

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

FEN = 100
COLUMNS = ("name", "fund_level", "year", "region_code", "purpose", "use_form", "unit_in_charge",
           "project_code", "content", "fen", "share", "payee_kind", "allotted_on")  # fmt: skip
_LEVELS = ("central", "province", "city", "county", "other")
_NAMES = {
    "central": "中央财政衔接推进乡村振兴补助资金",
    "province": "省级财政衔接推进乡村振兴补助资金",
    "city": "市级财政衔接资金",
    "county": "县级财政衔接资金",
    "other": "社会帮扶和协作资金",
}
_BEFORE_2021 = {level: name.replace("衔接推进乡村振兴补助", "专项扶贫").replace("衔接", "专项扶贫")
                for level, name in _NAMES.items()}  # fmt: skip

# What is paid to households each year: content -> level, purpose, form, office, whether a line is a
# village's (or a township's), households a line, yuan a household.
SUBSIDY_YEARS = range(2021, LAST_YEAR + 1)
SUBSIDIES: dict[str, tuple[str, str, str, str, bool, int, tuple[int, int]]] = {
    "产业发展奖补": ("central", "subsidy", "grant", "县农业农村局", True, 20, (500, 3000)),
    "跨省务工交通补贴": ("county", "subsidy", "grant", "县人社局", False, 60, (150, 500)),
    "雨露计划职业教育补助": ("province", "livelihood", "grant", "县教体局", False, 25, (1500,) * 2),
    "脱贫人口小额信贷贴息": ("county", "subsidy", "loan", "县乡村振兴局", False, 30, (400, 2100)),
    "小额信贷续贷贴息": ("county", "subsidy", "renewal", "县乡村振兴局", False, 8, (300, 1500)),
}  # fmt: skip
# And what is bought for them: an office pays, no list says who got it.
_HANDOUT = ("种苗鸡苗发放", "integrated", "livelihood", "handout", "县农业农村局")


def lines(rng: Rng, done: Simulation) -> pd.DataFrame:
    """Every line of every fund but the lists of households, with COLUMNS.

    ``share`` is how much of it is paid at the end of the last year.
    """
    parts = [
        _of_projects(rng, done.project),
        *(_named(rng, fund, done.village) for fund in done.county.funds),
        _handed_out(rng, done.village),
    ]
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def fund_name(level: str, year: int) -> str:
    """What a year's money of a level is called."""
    return (_NAMES if year > 2020 else _BEFORE_2021).get(level, "统筹整合财政涉农资金")


def _of_projects(rng: Rng, project: pd.DataFrame) -> pd.DataFrame:
    """One line a project and source of its money; what is only planned has none yet."""
    known = project[~(project["state"].eq("reserve") & project["year"].eq(LAST_YEAR))]
    parts = []
    for level in _LEVELS:
        mine = known[known[f"{level}_yuan"] > 0]
        posts = mine["category"].eq("employment").to_numpy()
        shares = mine["content"].str.contains("入股").to_numpy()
        parts.append(
            pd.DataFrame(
                {
                    "fund_level": level,
                    "year": mine["year"].to_numpy(),
                    "region_code": np.where(
                        mine["category"].eq("other"),  # the fees are the county's own
                        mine["village_code"].str[:6],
                        mine["village_code"],
                    ),
                    "purpose": np.where(posts, "livelihood", "construction"),
                    "use_form": np.select([posts, shares], ["grant", "shares"], "works"),
                    "unit_in_charge": mine["unit_in_charge"].to_numpy(),
                    "project_code": mine["project_id"].to_numpy(),
                    "content": mine["name"].to_numpy(),
                    "fen": np.rint(mine[f"{level}_yuan"].to_numpy() * FEN).astype(np.int64),
                    "share": (mine["paid_yuan"] / mine["planned_yuan"]).to_numpy(),
                    "payee_kind": "unit",
                    "allotted_on": days_of(rng, mine["year"].to_numpy(), 10, 44),
                }
            )
        )
    found = pd.concat(parts, ignore_index=True)
    names = zip(found["fund_level"], found["year"], strict=True)
    return found.assign(name=[fund_name(level, year) for level, year in names])


def days_of(rng: Rng, years: np.ndarray, first: int, last: int) -> np.ndarray:
    """A day of each year, from its ``first`` to its ``last``."""
    start = as_days((np.asarray(years) - 1970).astype("datetime64[Y]"))
    return start + rng.integers(first, last + 1, len(start))


def _named(rng: Rng, fund: dict[str, Any], villages: pd.DataFrame) -> pd.DataFrame:
    """The lines of a fund that the county's targets name: each part to so many villages."""
    return pd.concat(
        [_part(rng, fund, part, villages) for part in fund["parts"]], ignore_index=True
    )


def _part(
    rng: Rng, fund: dict[str, Any], part: dict[str, Any], villages: pd.DataFrame
) -> pd.DataFrame:
    count = part.get("places", len(villages))
    at = np.sort(rng.choice(len(villages), count, replace=False))
    yuan = apportion(rng.uniform(0.6, 1.4, count), part["yuan"])
    year = np.full(count, fund["year"])
    return pd.DataFrame(
        {
            "name": fund["name"],
            "fund_level": fund["level"],
            "year": year,
            "region_code": villages["village_code"].to_numpy()[at],
            "purpose": part["purpose"],
            "use_form": part["form"],
            "unit_in_charge": part["unit"],
            "project_code": None,
            "content": part["content"],
            "fen": yuan.astype(np.int64) * FEN,
            "share": 1.0,
            "payee_kind": "unit",
            "allotted_on": days_of(rng, year, 60, 150),
        }
    )


def _handed_out(rng: Rng, villages: pd.DataFrame) -> pd.DataFrame:
    content, level, purpose, form, unit = _HANDOUT
    parts = []
    for year in SUBSIDY_YEARS:
        at = np.sort(rng.choice(len(villages), len(villages) // 5, replace=False))
        share = np.ones(len(at)) if year < LAST_YEAR else rng.choice([0.5, 1.0], len(at))
        parts.append(
            pd.DataFrame(
                {
                    "year": year,
                    "region_code": villages["village_code"].to_numpy()[at],
                    "fen": rng.integers(80, 400, len(at)) * 100 * FEN,
                    "share": share,
                    "allotted_on": days_of(rng, np.full(len(at), year), 50, 120),
                }
            )
        )
    return pd.concat(parts, ignore_index=True).assign(
        name=fund_name(level, LAST_YEAR), fund_level=level, purpose=purpose, use_form=form,
        unit_in_charge=unit, project_code=None, content=content, payee_kind="unit",
    )  # fmt: skip


def to_households(rng: Rng, done: Simulation, spared: set[str]) -> pd.DataFrame:
    """What households got, a row each: the columns of their line beside ``household_id``,
    ``member_id`` and ``fen``; the line's place is ``region_code``."""
    found = []
    for content, (level, purpose, form, unit, of_village, count, yuan) in SUBSIDIES.items():
        who = _who(done, content, spared)
        groups = who.groupby(who["village_code"].str[: 12 if of_village else 9]).indices
        lists = [
            (year, place, *_chosen(rng, candidates, count, yuan))
            for year in SUBSIDY_YEARS
            for place, candidates in groups.items()
        ]
        sizes = [len(at) for *_, at, _ in lists]
        rows = who.iloc[np.concatenate([at for *_, at, _ in lists])].assign(
            fen=np.concatenate([fen for *_, fen in lists]),
            year=np.repeat([year for year, *_ in lists], sizes),
            region_code=np.repeat(np.array([place for _, place, *_ in lists], object), sizes),
        )
        found.append(
            rows.assign(
                fund_level=level,
                purpose=purpose,
                use_form=form,
                unit_in_charge=unit,
                content=content,
            )
        )
    return pd.concat(found, ignore_index=True)


def _chosen(
    rng: Rng, candidates: np.ndarray, count: int, yuan: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """At most so many of the candidates, and what each gets in fen, tens of yuan."""
    chosen = rng.permutation(candidates)[:count]
    amount = rng.integers(yuan[0] // 10, yuan[1] // 10 + 1, len(chosen)) * 10 * FEN
    return np.sort(chosen), amount


def _who(done: Simulation, content: str, spared: set[str]) -> pd.DataFrame:
    """Who may be paid: registered households of more than one, or their people of an age."""
    home = done.household
    home = home[home["registered"] & home["member_count"].gt(1)]
    home = home[~home["household_id"].isin(spared)][["household_id", "village_code"]]
    ages = {"跨省务工交通补贴": (20, 58), "雨露计划职业教育补助": (16, 22)}.get(content)
    if ages is None:
        return home.assign(member_id=None).reset_index(drop=True)
    member = done.member[done.member["age"].between(*ages)]
    member = member[member["household_id"].isin(home["household_id"])]
    return member[["household_id", "village_code", "member_id"]].reset_index(drop=True)


def sources(county: County, every: pd.DataFrame) -> pd.DataFrame:
    """The fund_source table of all lines: a document a year and name, with what is not yet
    allotted of the last year's."""
    keys = ["year", "fund_level", "name"]
    found = every.groupby(keys, as_index=False)["fen"].sum()
    last = found["year"].eq(LAST_YEAR)
    found["fen"] += (found["fen"] * last * 0.03 // (1000 * FEN)).astype(np.int64) * 1000 * FEN
    order = found.groupby("year").cumcount() + 1
    found["fund_id"] = [
        f"{county.code}F{year}{n:02d}" for year, n in zip(found["year"], order, strict=True)
    ]
    found["document_number"] = [
        f"模财农〔{year}〕{n * 3 + 2}号" for year, n in zip(found["year"], order, strict=True)
    ]
    start = as_days((found["year"].to_numpy() - 1970).astype("datetime64[Y]"))
    return found.assign(document_on=start + 2, region_code=county.code)
