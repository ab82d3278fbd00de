"""One rule, one household, given facts: what the SQL answers. For cases, and for explanations."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import duckdb

from rules.facts import fact_sql
from rules.parameters import Parameter, defaults
from rules.registry import Rule, groups
from store.schema import TABLES


@cache
def fact_types() -> dict[str, str]:
    """SQL type of every column of ``household_fact``, read off the query over empty tables."""
    connection = duckdb.connect(":memory:")
    for table in TABLES:
        connection.from_arrow(table.arrow.empty_table()).create(table.name)
    parameters = defaults()
    thresholds = ", ".join(f"0.0::DOUBLE AS {key}" for key in parameters)
    connection.execute(f"CREATE TABLE parameter_year AS SELECT 2025 AS year, {thresholds}")
    connection.execute(
        "CREATE TABLE data_date AS SELECT DATE '2025-12-31' AS data_day, "
        "DATE '2026-01-30' AS due_soon_day, 2025 AS data_year, 1231 AS data_month_day, "
        "6.0 AS away_months, 60.0 AS elderly_age_years"
    )
    sql = fact_sql(groups(), parameters)["household_fact"]
    described = connection.execute(f"DESCRIBE {sql}").fetchall()
    return {row[0]: row[1] for row in described}


def judge(
    rule: Rule, facts: Mapping[str, Any], year: int, parameters: Mapping[str, Parameter]
) -> bool | None:
    """Whether a household with these facts meets the rule in a year.

    Facts left out are unknown; thresholds are those in force in the year unless ``facts`` names
    them. Raises KeyError for a fact that does not exist.
    """
    types = fact_types()
    held = {key: p.in_year(year) for key, p in parameters.items()}
    known: dict[str, Any] = {key: value.value for key, value in held.items() if value}
    known |= {"year": year, **facts}
    unknown = set(known) - set(types)
    if unknown:
        raise KeyError(f"{rule.key}: no such facts: {', '.join(sorted(unknown))}")
    columns = ", ".join(
        f"CAST(${name} AS {kind}) AS {name}" if name in known else f"CAST(NULL AS {kind}) AS {name}"
        for name, kind in types.items()
        if not name.startswith("in_")
    )
    row = duckdb.execute(f"SELECT {rule.sql} FROM (SELECT {columns})", known).fetchone()
    return row[0] if row else None
