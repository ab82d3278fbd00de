"""双委: every village's mutual fund with the county's rural bank, projects with other operators."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.config import LAST_YEAR
from loaders.demo.model.sampling import Rng

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

_BEGUN, _PROJECTS_BEGUN = 2019, 2021
_WITH_PROJECT = 0.5
_LEAST = 60_000  # yuan of income of a village that entrusts a project
_PROJECTS = ("食用菌大棚", "茶园", "冷库", "光伏电站", "养殖小区", "加工厂房")
_OPERATORS = (("农业产业化龙头企业", "leading"), ("农业发展有限公司", "leading"),
              ("乡村运营有限公司", "third_party"))  # fmt: skip
# How many contracts are planned, by rule or check, in the last year.
_SHORT, _UNPAID, _RUN_OUT, _PAID_AFTER, _AGREEMENTS = 10, 4, 3, 3, 6
Planned = dict[str, list[str]]


def entrust(
    rng: Rng, done: Simulation, form: pd.Series, without: Collection[str], planned: Planned
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables entrust_contract and entrust_year; yields stay within a village's income."""
    short = done.village.set_index("village_code")["short"]
    rows = []
    for code, years in form.groupby(level="village_code"):
        if code in without:
            continue
        least = float(years[years.index.get_level_values("year") >= _BEGUN].min())
        yuan = float(rng.integers(10, 51)) * 10_000
        agreed = min(yuan * rng.choice([0.015, 0.02, 0.03]), least * 0.2)
        bank = f"{done.county.name}农村商业银行", "rural_bank"
        term = f"{_BEGUN}-0{rng.integers(1, 7)}-01", "2027-12-31"
        rows.append((code, f"{short[code]}互助资金", "mutual_fund", *bank, yuan, agreed, *term))
        later = float(years[years.index.get_level_values("year") >= _PROJECTS_BEGUN].min())
        if later < _LEAST or rng.random() >= _WITH_PROJECT:
            continue
        yuan = float(rng.integers(20, 121)) * 10_000
        agreed = min(yuan * rng.choice([0.05, 0.06, 0.08]), later * 0.25)
        what, (who, kind) = _PROJECTS[rng.integers(len(_PROJECTS))], _OPERATORS[rng.integers(3)]
        until = rng.choice(["2026-02-28", "2027-02-28", "2031-02-28"])
        firm, term = (f"{short[code]}{who}", kind), (f"{_PROJECTS_BEGUN}-03-01", until)
        rows.append((code, f"{short[code]}{what}", "project", *firm, yuan, agreed, *term))
    names = ["village_code", "name", "entrust_kind", "operator", "operator_kind", "entrusted_yuan",
             "agreed_yield_yuan", "entrusted_on", "entrusted_until"]  # fmt: skip
    found = pd.DataFrame(rows, columns=names)
    found.insert(0, "entrust_id", [f"SW{done.county.code}{i:04d}" for i in range(1, len(rows) + 1)])
    found = found.assign(
        asset_id=None,
        agreed_yield_yuan=np.maximum(np.floor(found["agreed_yield_yuan"] / 120) * 120, 240.0),
        entrust_state="running",
        agreement_management=True,
        agreement_guarantee=found["entrust_kind"].eq("mutual_fund").astype(object),
        agreement_loan=found["entrust_kind"].eq("mutual_fund").astype(object),
        **{name: pd.to_datetime(found[name]) for name in ("entrusted_on", "entrusted_until")},
    )
    of_project = found["entrust_kind"].eq("project")
    for column in ("agreement_guarantee", "agreement_loan"):
        found[column] = found[column].mask(of_project, None)
    return _faulty(rng, found, planned)


def _faulty(rng: Rng, found: pd.DataFrame, planned: Planned) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The contracts, some of them run out or unsigned, and what was paid, in some too little."""
    ids = rng.permutation(found["entrust_id"].to_numpy())
    cuts = np.cumsum([_SHORT, _UNPAID, _RUN_OUT, _PAID_AFTER, _AGREEMENTS])
    short, unpaid, over, after, unsigned, _ = (set(part) for part in np.split(ids, cuts))
    until = found["entrusted_until"]
    until = until.mask(found["entrust_id"].isin(over), pd.Timestamp(f"{LAST_YEAR}-06-30"))
    until = until.mask(found["entrust_id"].isin(after), pd.Timestamp(f"{LAST_YEAR - 1}-12-31"))
    lacks = found["entrust_id"].isin(unsigned)
    found = found.assign(
        entrusted_until=until,
        agreement_management=found["agreement_management"].mask(
            lacks & found["entrust_kind"].eq("project"), False
        ),
        agreement_loan=found["agreement_loan"].mask(
            lacks & found["entrust_kind"].eq("mutual_fund"), False
        ),
    )
    planned["entrust_paid_whole"] = sorted(short | unpaid)
    planned["entrust_in_force"] = sorted(over | after)
    planned["entrusted_paid_after_end"] = sorted(after)
    planned["entrust_agreements"] = sorted(unsigned)
    rows = []
    for one in found.itertuples():
        for year in range(one.entrusted_on.year, LAST_YEAR + 1):
            first = one.entrusted_on.month if year == one.entrusted_on.year else 1
            last = one.entrusted_until.month if year == one.entrusted_until.year else 12
            paid = one.agreed_yield_yuan / 12 * (last - first + 1)
            if year == LAST_YEAR and one.entrust_id in short:
                paid = np.floor(paid * 0.6)
            if year == LAST_YEAR and one.entrust_id in unpaid:
                paid = 0.0
            rows.append((one.entrust_id, one.village_code, year, paid))
    names = ["entrust_id", "village_code", "year", "entrust_paid_yuan"]
    return found, pd.DataFrame(rows, columns=names)
