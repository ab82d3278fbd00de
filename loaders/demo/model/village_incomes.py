"""村集体经济: what each village's collective income is made of, and what it has entrusted (双委).

The totals are those that the villages' forms have; what is wrong is planned by rule or check.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model import village_contracts
from loaders.demo.model.config import LAST_YEAR
from loaders.demo.model.sampling import Rng, some
from loaders.demo.model.village_receipts import lines

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

SOURCES = ("operating", "contracting", "investment", "grant", "other")
COLUMNS = ("operating_income_yuan", "contracting_income_yuan", "investment_income_yuan",
           "grant_income_yuan", "other_collective_yuan")  # fmt: skip
_FIRST_ACCOUNT = 2018
# What villages live on, in shares of the five kinds, and how many of them do.
_KINDS = (
    ((0.50, 0.14, 0.14, 0.18, 0.04), 4),
    ((0.20, 0.38, 0.16, 0.21, 0.05), 3),
    ((0.16, 0.16, 0.42, 0.21, 0.05), 4),
    ((0.18, 0.12, 0.12, 0.52, 0.06), 2),
)
# How many villages are planned, by rule or check, in the last year.
_SHELLS, _ONE_SOURCE, _FORM, _TOTAL, _LOST, _TWICE, _ONE_OFF = 5, 9, 5, 6, 5, 8, 7
_POOREST = 70_000  # yuan: shells are among villages with no more
_SINGLE = 0.93
_OF_FORM = 0.8  # what an account has of what the form says, where the two differ
Planned = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Incomes:
    """The four tables, and which villages and contracts are planned by rule or check."""

    village_account: pd.DataFrame
    village_receipt: pd.DataFrame
    entrust_contract: pd.DataFrame
    entrust_year: pd.DataFrame
    planned: Planned = field(default_factory=dict)


def earn(rng: Rng, done: Simulation) -> Incomes:
    """Where the collective income of each village and year came from, to hundreds of yuan."""
    planned: Planned = {}
    form = done.village_year[done.village_year["year"].ge(_FIRST_ACCOUNT)]
    paid = done.dividend[done.dividend["dividend_payee"].eq("collective")]
    shared = paid.groupby(["village_code", "year"])["amount_yuan"].sum()
    form = form.set_index(["village_code", "year"])["collective_income_yuan"]
    chosen = _planned(rng, form, {code for code, _ in shared.index})
    contract, year = village_contracts.entrust(rng, done, form, chosen["income_shell"], planned)
    due = year.groupby(["village_code", "year"])["entrust_paid_yuan"].sum()
    account = _accounts(rng, form, shared, due, chosen)
    receipt = lines(rng, account, contract, year, chosen, planned, done.county)
    account = _miscounted(account, chosen)
    # A total that leaves a kind out is not what the form says either.
    off = chosen["income_total_differs"]
    planned["income_total_differs"] = off
    planned["income_form_differs"] = sorted([*chosen["income_form_differs"], *off])
    planned |= _told(account, receipt, shared)
    return Incomes(account, receipt, contract, year, planned)


def _planned(rng: Rng, form: pd.Series, shares: set[str]) -> Planned:
    """Villages by what is wrong with them, each in one list at most."""
    last = form.xs(LAST_YEAR, level="year").sort_index()
    codes = last.index.to_numpy(dtype=str)
    free = ~np.isin(codes, list(shares))
    found: Planned = {}
    taken = some(rng, free & (last.to_numpy() < _POOREST), _SHELLS)
    found["income_shell"] = codes[taken].tolist()
    counts = {
        "income_source_spread": _ONE_SOURCE,
        "income_form_differs": _FORM,
        "income_total_differs": _TOTAL,
        "income_lines_differ": _LOST,
        "income_counted_twice": _TWICE,
        "income_one_off_as_own": _ONE_OFF,
    }
    for key, count in counts.items():
        chosen = some(rng, free & ~taken & (last.to_numpy() >= 20_000), count)
        found[key] = codes[chosen].tolist()
        taken |= chosen
    return found


def _accounts(
    rng: Rng, form: pd.Series, shared: pd.Series, due: pd.Series, chosen: Planned
) -> pd.DataFrame:
    """The village_account table as it should be: sources in whole hundreds that make the total."""
    weights = np.array([count for _, count in _KINDS], dtype=float)
    shares = np.array([shares for shares, _ in _KINDS])
    rows = []
    for code, years in form.groupby(level="village_code"):
        kind = shares[rng.choice(len(_KINDS), p=weights / weights.sum())]
        kind = rng.dirichlet(kind * 40)
        for (_, year), yuan in years.items():
            parts = kind
            if year == LAST_YEAR and code in chosen["income_source_spread"]:
                parts = np.array([_SINGLE, *np.full(4, (1 - _SINGLE) / 4)])
            if year == LAST_YEAR and code in chosen["income_shell"]:
                parts = np.array([0.0, 0.0, 0.0, 0.9, 0.1])
            least = float(due.get((code, year), 0.0)), float(shared.get((code, year), 0.0))
            if year == LAST_YEAR and code in chosen["income_form_differs"]:
                yuan *= _OF_FORM
            whole = round(yuan / 100)
            given = _split(rng.dirichlet(parts * 200 + 1e-9), whole, *least)
            spent = np.round(whole * rng.uniform(0.25, 0.6)) * 100
            rows.append((code, year, *(given * 100.0), whole * 100.0, spent))
    names = ["village_code", "year", *COLUMNS, "account_total_yuan", "account_expense_yuan"]
    return pd.DataFrame(rows, columns=names)


def _split(parts: np.ndarray, whole: int, due: float, shared: float) -> np.ndarray:
    """A total by the five kinds: investment holds what contracts paid, and what is earned what
    assets paid out, as far as the total goes."""
    given = np.floor(parts * whole).astype(int)
    given[int(np.argmax(parts))] += whole - int(given.sum())
    lacking = max(int(np.ceil(due / 100)) - given[2], int(np.ceil(shared / 100)) - given[:3].sum())
    for other in (3, 4, 0, 1):  # from grants first; from what is earned for the contracts alone
        if lacking <= 0:
            break
        moved = min(lacking, int(given[other]))
        given[other] -= moved
        given[2] += moved
        lacking -= moved
    return given


def _miscounted(account: pd.DataFrame, chosen: Planned) -> pd.DataFrame:
    """The account, whose total leaves the largest kind out in some villages."""
    last = account["year"].eq(LAST_YEAR)
    off = last & account["village_code"].isin(chosen["income_total_differs"])
    biggest = account[list(COLUMNS)].max(axis=1)
    total = account["account_total_yuan"].where(~off, account["account_total_yuan"] - biggest)
    return account.assign(account_total_yuan=total)


def _told(account: pd.DataFrame, receipt: pd.DataFrame, shared: pd.Series) -> Planned:
    """Villages that hang on one kind or one payer, or earn less than assets paid out, by what the
    tables come to in the last year."""
    last = account[account["year"].eq(LAST_YEAR)].set_index("village_code")
    kinds = last[list(COLUMNS)]
    part = kinds.max(axis=1) / kinds.sum(axis=1)
    mine = receipt[receipt["year"].eq(LAST_YEAR) & receipt["collective_source"].ne("grant")]
    mine = mine[mine["payer"].notna()]
    by = mine.groupby(["village_code", "payer"])["amount_yuan"].sum().groupby(level=0)
    hangs = by.max() / by.sum()
    own = kinds[list(COLUMNS[:3])].sum(axis=1)
    got = shared.xs(LAST_YEAR, level="year").reindex(own.index).fillna(0.0)
    return {
        "income_source_spread": part.index[part > 0.8].tolist(),
        "income_payer_spread": hangs.index[hangs > 0.6].tolist(),
        "income_shell": own.index[own <= 0].tolist(),
        "income_dividend_unbooked": own.index[got - own > 100].tolist(),
    }
