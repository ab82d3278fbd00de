"""Collective income of the small county: rows of the four tables.

The forms say 60,000, 120,000 and nothing, and the accounts agree. HILL earns most of its own; BROOK
lives on grants and one firm; MILL earned nothing. E1 is paid and booked; E2 ran out in June, was
not signed and paid nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

Rows = list[dict[str, Any]]


def rows(hill: str, brook: str, mill: str) -> dict[str, Rows]:
    """The rows by table, for three villages."""
    return {
        "village_account": [
            _account(hill, 2024, 26000, 6000, 14000, 14000, 0, 60000, 18000),
            _account(hill, 2025, 30000, 6000, 14000, 10000, 0, 60000, 20000),
            _account(brook, 2025, 0, 0, 10000, 110000, None, 120000, 50000),
            _account(mill, 2025, 0, None, 0, 0, None, 0, 0),
        ],
        "village_receipt": [
            _line("R1", hill, "operating", "青禾商贸", 18000.0),
            _line("R2", hill, "operating", "青禾商贸", 12000.0),
            _line("R3", hill, "contracting", "家庭农场", 6000.0),
            _line("R4", hill, "investment", "试验农商行", 4000.0) | {"entrust_id": "E1"},
            _line("R5", hill, "investment", "光伏公司", 10000.0),
            _line("R6", hill, "grant", "县财政局", 10000.0),
            _line("R7", brook, "investment", "光伏公司", 10000.0),
            _line("R8", brook, "grant", "县财政局", 60000.0),
            _line("R9", brook, "grant", "县财政局", 50000.0) | {"one_off": True},
            _line("R10", mill, "grant", "县财政局", 0.0),
        ],
        "entrust_contract": [
            _contract("E1", hill, "高坡互助资金", "mutual_fund", 200000.0, 4000.0)
            | {"agreement_guarantee": True, "agreement_loan": True},
            _contract("E2", mill, "磨坊冷库", "project", 300000.0, 12000.0)
            | {"entrusted_until": date(2025, 6, 30), "agreement_management": False},
        ],
        "entrust_year": [
            _paid("E1", hill, 2024, 4000.0),
            _paid("E1", hill, 2025, 4000.0),
            _paid("E2", mill, 2025, 0.0),
        ],
    }


def _account(village: str, year: int, *amounts: float | None) -> dict[str, Any]:
    columns = ("operating_income_yuan", "contracting_income_yuan", "investment_income_yuan",
               "grant_income_yuan", "other_collective_yuan", "account_total_yuan",
               "account_expense_yuan")  # fmt: skip
    told = (None if yuan is None else float(yuan) for yuan in amounts)
    return {"village_code": village, "year": year, **dict(zip(columns, told, strict=True))}


def _line(number: str, village: str, source: str, payer: str, yuan: float) -> dict[str, Any]:
    return {
        "village_receipt_id": number,
        "village_code": village,
        "year": 2025,
        "booked_on": date(2025, 9, 1),
        "collective_source": source,
        "payer": payer,
        "one_off": False,
        "amount_yuan": yuan,
    }


def _contract(
    number: str, village: str, name: str, kind: str, yuan: float, agreed: float
) -> dict[str, Any]:
    return {
        "entrust_id": number,
        "village_code": village,
        "name": name,
        "entrust_kind": kind,
        "operator": "试验农商行" if kind == "mutual_fund" else "冷链公司",
        "operator_kind": "rural_bank" if kind == "mutual_fund" else "leading",
        "entrusted_yuan": yuan,
        "agreed_yield_yuan": agreed,
        "entrusted_on": date(2024, 1, 1),
        "entrusted_until": date(2027, 12, 31),
        "entrust_state": "running",
        "agreement_management": True,
    }


def _paid(number: str, village: str, year: int, yuan: float) -> dict[str, Any]:
    return {
        "entrust_id": number,
        "village_code": village,
        "year": year,
        "entrust_paid_yuan": yuan,
    }
