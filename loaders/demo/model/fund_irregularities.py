"""What is wrong in the books of funds, planned so that a test knows what the checks must find."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.config import LAST_YEAR
from loaders.demo.model.fund_lines import FEN
from loaders.demo.model.sampling import Rng

if TYPE_CHECKING:
    from loaders.demo.model.funds import Funds, Planned

PLANNED = 6  # lines of each kind of irregularity
RETAINED = 0.9  # paid to that share, what is left is held back until defects are mended
# Uses of money that somebody has to follow, and the check of what nobody followed.
FOLLOWED = {
    "handout": "allotment_handed_out_only",
    "shares": "allotment_shares_only",
    "loan": "allotment_loan_only",
    "renewal": "allotment_renewed_only",
}


def plant(rng: Rng, books: Funds) -> Funds:
    """The books with what is wrong in them, a line in one way at most."""
    lines, payment, expected = books.allotment.copy(), books.payment.copy(), books.expected
    free = lines["share"].ge(RETAINED) & lines["year"].ge(2019)
    free &= ~lines["line_id"].isin(_of_planned(books))

    def some(which: pd.Series, check: str, count: int = PLANNED) -> pd.Index:
        nonlocal free
        at = lines.index[which & free]
        chosen = pd.Index(np.sort(rng.choice(at, min(count, len(at)), replace=False)))
        expected[check] = lines.loc[chosen, "line_id"].to_list()
        free &= ~free.index.isin(chosen)
        return chosen

    old = lines["last_paid"] <= pd.Timestamp("2024-10-31")
    for form, check in FOLLOWED.items():
        at = some(lines["use_form"].eq(form) & old & lines["payee_kind"].notna(), check)
        lines.loc[at, ["follow_up_on", "returned"]] = [pd.NaT, 0]
    units = lines["payee_kind"].eq("unit") & lines["use_form"].eq("works")
    at = some(units & lines["fen"].gt(20_000 * FEN), "allotment_over_budget")
    lines.loc[at, "budget"] = lines.loc[at, "fen"] - 5_000 * FEN
    at = some(units, "allotment_paid_over", 4)
    payment = _paid_more(payment, lines.loc[at])
    at = some(units, "allotment_paid_before_allotted")
    first = payment.groupby("line_id")["paid_on"].min()
    lines.loc[at, "allotted_on"] = lines.loc[at, "line_id"].map(first) + pd.Timedelta(days=12)
    at = some(units & lines["year"].eq(LAST_YEAR) & lines["allotted_on"].lt("2025-06-30"),
              "allotment_repeated", 4)  # fmt: skip
    again = lines.loc[at].assign(share=0.0, last_paid=pd.NaT)
    again["line_id"] = [f"{one}B" for one in again["line_id"]]
    again["allotted_on"] = again["allotted_on"] + pd.Timedelta(days=9)
    expected["allotment_repeated"] += again["line_id"].to_list()
    lists = lines["payee_kind"].eq("households") & lines["year"].lt(LAST_YEAR)
    at = some(lists, "allotment_list_differs")
    gone = books.fund_receipt.drop_duplicates("line_id")
    gone = gone[gone["line_id"].isin(lines.loc[at, "line_id"])]["receipt_id"]
    receipt = books.fund_receipt[~books.fund_receipt["receipt_id"].isin(gone)]
    at = some(units & lines["year"].eq(2022), "allotment_unknown_source", 3)
    lines.loc[at, "fund_id"] = lines.loc[at, "fund_id"].str[:-2] + "99"
    source = _overdrawn(books.fund_source, expected)
    lines = pd.concat([lines, again], ignore_index=True)
    return replace(
        books, fund_source=source, allotment=lines, payment=payment,
        fund_receipt=receipt.reset_index(drop=True),
    )  # fmt: skip


def _of_planned(books: Funds) -> set[str]:
    """The lines of the rows of households that are planned to be found."""
    ids = [each for some in books.expected.values() for each in some]
    rows = books.fund_receipt
    return set(rows.loc[rows["receipt_id"].isin(ids), "line_id"])


def _paid_more(payment: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """The payments with one more of each line, beyond what was allotted."""
    again = payment[payment["line_id"].isin(lines["line_id"])].drop_duplicates(
        "line_id", keep="last"
    )
    whole = lines.set_index("line_id")["fen"] - payment.groupby("line_id")["fen"].sum()
    more = again["line_id"].map(whole).astype(np.int64) + 3_000 * FEN
    again = again.assign(fen=more, payment_id=again["payment_id"] + "B")
    return pd.concat([payment, again], ignore_index=True)


def _overdrawn(source: pd.DataFrame, expected: Planned) -> pd.DataFrame:
    """The documents, one of which says less than was allotted of it."""
    source = source.copy()
    at = source.index[source["year"].eq(2019) & source["fund_level"].eq("city")][0]
    source.loc[at, "fen"] -= 10_000 * FEN
    expected["fund_source_overdrawn"] = [source.loc[at, "fund_id"]]
    return source
