"""The calendar of the small county: rows of monthly_payment, for 2025, the data date its last day.

H02's solar yield came each month, late in March; of July to September nothing came, of October a
half. H06 has the income near its home, of which May is not recorded. H05 has rent of land without
an amount due. Wages of H01's, H02's and H05's posts and dividends stand in their own ledgers.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

Rows = list[dict[str, Any]]
_MISSED, _SHORT = (7, 8, 9), 10


def rows(hill: str, mill: str) -> dict[str, Rows]:
    """The rows by table, for two villages."""
    solar = [_paid("H02", hill, "pv_yield", month, 80) for month in range(1, 13)]
    for row in solar:
        month = row["month_on"].month
        if month in _MISSED or month == 12:
            row |= {"month_paid_yuan": Decimal(0), "paid_on": None}
        elif month == _SHORT:
            row["month_paid_yuan"] = Decimal(40)
        elif month == 3:
            row["paid_on"] = date(2025, 5, 9)
    near = [_paid("H06", mill, "home_income", month, 300) for month in range(3, 12)]
    near[2] |= {"month_paid_yuan": None, "paid_on": None}
    rent = _paid("H05", mill, "land_rent", 10, 500) | {"month_due_yuan": None}
    return {"monthly_payment": [*solar, *near, rent]}


def twice(brook: str) -> Rows:
    """An allowance of H03, which no roll has, paid twice in June; H04's, which its roll has, is not
    on the sheet."""
    rows = [_paid("H03", brook, "minimum_allowance", month, 200) for month in (5, 6)]
    rows[1]["month_paid_yuan"] = Decimal(400)
    return rows


def _paid(home: str, village: str, kind: str, month: int, yuan: int) -> dict[str, Any]:
    """A payment that came whole, five days after its month."""
    last = date(2025, month, calendar.monthrange(2025, month)[1])
    return {
        "household_id": home,
        "village_code": village,
        "month_on": date(2025, month, 1),
        "month_on_until": last,
        "payment_kind": kind,
        "month_due_yuan": Decimal(yuan),
        "month_paid_yuan": Decimal(yuan),
        "paid_on": last + timedelta(days=5),
        "payer": "县民政局",
    }
