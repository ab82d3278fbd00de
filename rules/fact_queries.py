"""What the queries of facts stand on: their texts, the data date and thresholds of the years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pyarrow as pa

from rules.parameters import Parameter, by_year

_SQL = Path(__file__).with_name("sql")

# Parameters that facts themselves are made with, by the values of the data date.
FACT_PARAMETERS = (
    "away_months",
    "elderly_age_years",
    "fund_idle_months",
    "project_approval_days",
    "project_tender_days",
    "project_acceptance_days",
    "project_payment_days",
    "project_handover_days",
    "payment_grace_days",
)
_FIRST_YEAR = 2010


@cache
def fact_query(relation: str) -> str:
    """The query of a relation's facts, without thresholds and answers."""
    return (_SQL / f"{relation}.sql").read_text(encoding="utf8")


def data_date(day: date, parameters: Mapping[str, Parameter]) -> pa.Table:
    """One row: the data date in the forms that the SQL needs, and thresholds in force on it."""

    def at(key: str) -> float | None:
        held = parameters[key].at(day)
        return float(held.value) if held else None

    return pa.table(
        {
            "data_day": pa.array([day], pa.date32()),
            "due_soon_day": pa.array([day + timedelta(days=at("due_soon_days") or 0)], pa.date32()),
            "data_year": pa.array([day.year], pa.int32()),
            "data_month_day": pa.array([day.month * 100 + day.day], pa.int32()),
            **{key: pa.array([at(key)], pa.float64()) for key in FACT_PARAMETERS},
        }
    )


def parameter_year(last: int, parameters: Mapping[str, Parameter]) -> pa.Table:
    """One row a year, up to the last, with the value of every parameter in force."""
    return pa.Table.from_pylist(
        by_year(parameters, range(_FIRST_YEAR, last + 1)),
        pa.schema([("year", pa.int32()), *((key, pa.float64()) for key in parameters)]),
    )
