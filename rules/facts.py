"""The fact relations: what is known of a household, a village, a ledger entry and a project.

They are computed once for a snapshot and a set of rules, in SQL that DuckDB and Spark both run,
and carry the region codes of every level and a year, so that indicators group them all alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from rules.parameters import Parameter, by_year
from rules.registry import Rule
from store import tables
from store.snapshots import Snapshot

_FACTS = Path(__file__).with_name("facts.sql").read_text(encoding="utf8")

_REGIONS = """SUBSTRING({t}.village_code, 1, 9) AS township_code,
  SUBSTRING({t}.village_code, 1, 6) AS county_code"""

_VILLAGE = f"""
SELECT v.village_code, {_REGIONS.format(t="v")}, v.year, v.population, v.households,
  v.collective_income_yuan, v.water_ok, v.road_hard, v.power_ok, v.service_desk
FROM village_year AS v
"""

_LEDGER = f"""
SELECT e.entry_id, e.household_id, e.village_code, {_REGIONS.format(t="e")},
  d.data_year AS year, e.group_key, e.opened_on, e.due_on, e.closed_on,
  CASE
    WHEN e.closed_on <= d.data_day THEN 'closed'
    WHEN e.due_on < d.data_day THEN 'overdue'
    WHEN e.due_on <= d.due_soon_day THEN 'due'
    ELSE 'open'
  END AS ledger_state
FROM ledger_entry AS e
CROSS JOIN data_date AS d
"""

_PROJECT = f"""
SELECT p.project_id, p.village_code, {_REGIONS.format(t="p")}, p.year, p.category, p.state,
  p.planned_yuan, p.paid_yuan, p.beneficiary_households
FROM project AS p
WHERE p.year IS NOT NULL
"""

# One group's households: found by the rule, held in the ledger, or both.
_CHECK = """
SELECT f.household_id, f.village_code, f.township_code, f.county_code, f.year,
  '{key}' AS group_key, f.{column} AS found, e.household_id IS NOT NULL AS held,
  e.ledger_state,
  CASE
    WHEN f.{column} AND e.household_id IS NULL THEN 'missing'
    WHEN NOT f.{column} AND e.household_id IS NOT NULL THEN 'without_cause'
    WHEN f.{column} IS NULL THEN 'unknown'
    ELSE 'agree'
  END AS finding
FROM household_fact AS f
LEFT JOIN (
  SELECT household_id, MAX_BY(ledger_state, opened_on) AS ledger_state
  FROM ledger_fact WHERE group_key = '{key}' GROUP BY household_id
) AS e ON e.household_id = f.household_id
WHERE f.is_latest AND (f.{column} OR e.household_id IS NOT NULL)
"""


def _data_date(snapshot: Snapshot, parameters: Mapping[str, Parameter]) -> pa.Table:
    """One row: the data date in the forms that the SQL needs, and thresholds in force on it."""
    day = snapshot.data_date

    def at(key: str) -> float | None:
        held = parameters[key].at(day)
        return float(held.value) if held else None

    return pa.table(
        {
            "data_day": pa.array([day], pa.date32()),
            "due_soon_day": pa.array([day + timedelta(days=at("due_soon_days") or 0)], pa.date32()),
            "data_year": pa.array([day.year], pa.int32()),
            "data_month_day": pa.array([day.month * 100 + day.day], pa.int32()),
            "away_months": pa.array([at("away_months")], pa.float64()),
            "elderly_age_years": pa.array([at("elderly_age_years")], pa.float64()),
        }
    )


def fact_sql(rules: Mapping[str, Rule], parameters: Mapping[str, Parameter]) -> dict[str, str]:
    """The query of every fact relation, in the order they build on one another."""
    thresholds = ", ".join(f"t.{key}" for key in parameters)
    answers = ",\n  ".join(rule.sql for rule in rules.values())
    household = f"""
SELECT known.*,
  {answers}
FROM (
  SELECT f.*, {thresholds}
  FROM ({_FACTS}) AS f
  JOIN parameter_year AS t ON t.year = f.year
) AS known
"""
    checks = [_CHECK.format(key=rule.key, column=rule.column) for rule in rules.values()]
    return {
        "household_fact": household,
        "village_fact": _VILLAGE,
        "ledger_fact": _LEDGER,
        "project_fact": _PROJECT,
        "group_check": "\nUNION ALL\n".join(checks),
    }


def write_facts(
    snapshot: Snapshot,
    rules: Mapping[str, Rule],
    parameters: Mapping[str, Parameter],
    folder: Path,
) -> duckdb.DuckDBPyConnection:
    """Write every fact relation as Parquet into the folder, sorted by village.

    Returns the open connection with the relations in it, for whoever groups them next.
    """
    connection = duckdb.connect(":memory:")
    for name, rows in tables.relations(connection, snapshot):
        rows.create_view(name)
    years = connection.sql("SELECT DISTINCT year FROM household_year").fetchall()
    data_date = _data_date(snapshot, parameters)
    parameter_year = pa.Table.from_pylist(
        by_year(parameters, sorted(year for (year,) in years)),
        pa.schema([("year", pa.int32()), *((key, pa.float64()) for key in parameters)]),
    )
    connection.register("data_date", data_date)
    connection.register("parameter_year", parameter_year)
    for name, sql in fact_sql(rules, parameters).items():
        connection.execute(f"CREATE TABLE {name} AS {sql}")
        order = "year, village_code" if name != "group_check" else "group_key, village_code"
        target = str(folder / f"{name}.parquet").replace("'", "''")
        connection.execute(
            f"COPY (SELECT * FROM {name} ORDER BY {order}) TO '{target}' "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
    return connection
