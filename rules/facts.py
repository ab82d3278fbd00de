"""The fact relations: what is known of a household, a member, a village, a case and the county.

They are computed once for a snapshot and a set of rules, in SQL that DuckDB and Spark both run,
and carry the region codes of every level and a year, so that indicators group them all alike. The
answers of all rules stand in them as columns beside the facts and thresholds that they come from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb

from rules import parts, touched
from rules.checks import OF_HOUSEHOLDS, level_sql
from rules.fact_queries import data_date, fact_query, parameter_year
from rules.parameters import Parameter, defaults
from rules.registry import Registry, Rule, answered, program, registry
from store import tables
from store.amended import literal
from store.snapshots import Snapshot
from store.spilling import limit

# In the order in which they build on one another, with the order of their rows: no two are equal
# in it, so that the same snapshot makes the same bytes.
RELATIONS = {
    "household_fact": "year, village_code, household_id",
    "village_fact": "year, village_code",
    "county_fact": "year",
    "member_fact": "village_code, member_id",
    "left_fact": "year, village_code, household_id",
    "verified_fact": "village_code, household_id",
    "monitored_fact": "village_code, household_id",
    "relocation_fact": "village_code, household_id",
    "visit_fact": "village_code, household_id",
    "list_match": "village_code, member_id, list_entry_id",
    "cadre_fact": "village_code, cadre_id",
    "station_fact": "village_code",
    "home_household_fact": "village_code, household_id",
    "home_fact": "village_code, home_id",
    "worker_fact": "village_code, member_id",
    "work_fact": "village_code, household_id",
    "post_fact": "village_code, post_id",
    "workplace_fact": "village_code, workplace_id",
    "leader_fact": "village_code, leader_id",
    "leading_fact": "village_code",
    "supervised_fact": "village_code, household_id",
    "zone_fact": "village_code, zone_code",
    "calendar_fact": "village_code, household_id, month_no, payment_kind",
    "calendar_household_fact": "village_code, household_id",
    "ledger_fact": "year, village_code, entry_id",
    "project_fact": "year, village_code, project_id",
    "fund_fact": "year, village_code, line_id",
    "notice_fact": "year, village_code, notice_duty_id",
    "asset_fact": "year, village_code, asset_id",
    "points_fact": "year, village_code",
    "income_fact": "year, village_code",
    "entrust_fact": "year, village_code, entrust_id",
    "group_check": "group_key, village_code, household_id",
}

BY_PARTS = "household_fact"  # each row is of one household, and there are many
MEGABYTES = 1000  # of the database that derives


def thresholds(
    relation: str, parameters: Mapping[str, Parameter], known: Registry | None = None
) -> tuple[str, ...]:
    """The parameters that the rules over a relation name, in the order they are declared.

    Those of the program's rules too where a county's stand in their place, and a county's own:
    indicators may name them.
    """
    every = (*program().rules.values(), *(known or registry()).rules.values())
    named = {name for rule in every if rule.relation == relation for name in rule.names}
    return tuple(key for key in parameters if key in named or key not in defaults())


def judged(
    relation: str, parameters: Mapping[str, Parameter], known: Registry | None = None
) -> str:
    """The query of a relation: facts, thresholds in force in the year, answers, classes."""
    known = known or registry()
    own = [rule for rule in known.rules.values() if rule.relation == relation]
    if not own:
        return fact_query(relation)
    held = "".join(f", t.{key}" for key in thresholds(relation, parameters, known))
    sql = (
        f"SELECT f.*{held}\nFROM ({fact_query(relation)}) AS f\n"
        "LEFT JOIN parameter_year AS t ON t.year = f.year"
    )
    sql = answered(sql, known.needed(own))
    told = [rule.which_sql for rule in own if rule.compose == "lacks_one_of"]
    told += [
        system.class_sql(column)
        for system in known.systems.values()
        if system.relation == relation
        for column in system.classes
    ]
    return f"SELECT known.*, {', '.join(told)}\nFROM ({sql}) AS known" if told else sql


def fact_sql(
    groups: Mapping[str, Rule],
    parameters: Mapping[str, Parameter],
    known: Registry | None = None,
) -> dict[str, str]:
    """The query of every fact relation, in the order they build on one another.

    ``groups`` are the rules whose households are checked against the ledgers (``group_check``),
    ``known`` all rules there are: by default those of the home in use.
    """
    queries = {name: judged(name, parameters, known) for name in RELATIONS if name != "group_check"}
    queries["ledger_fact"] = fact_query("ledger_fact").format(stands=_stands(groups))
    check = fact_query("group_check")
    queries["group_check"] = "\nUNION ALL\n".join(
        check.format(key=rule.key, column=rule.column) for rule in groups.values()
    )
    return queries


def _stands(groups: Mapping[str, Rule]) -> str:
    """SQL of whether an entry's household (``e``, its facts ``f``) meets its group's rule.

    Unknown for what no measure ends: to have met it once is no open case.
    """
    ending = [rule for rule in groups.values() if not rule.lasting]
    steps = "".join(f" WHEN '{rule.key}' THEN f.{rule.column}" for rule in ending)
    return f"CASE e.group_key{steps} END" if steps else "CAST(NULL AS BOOLEAN)"


def begin(day: date, parameters: Mapping[str, Parameter]) -> duckdb.DuckDBPyConnection:
    """A database with the data date and the thresholds by year, before there are any tables."""
    connection = duckdb.connect(":memory:")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET parquet_metadata_cache = true")  # files never change
    connection.register("data_date", data_date(day, parameters))
    connection.register("parameter_year", parameter_year(day.year, parameters))
    return connection


def write_facts(
    snapshot: Snapshot,
    groups: Mapping[str, Rule],
    parameters: Mapping[str, Parameter],
    folder: Path,
) -> duckdb.DuckDBPyConnection:
    """Write every fact relation as Parquet into the folder, sorted by village.

    Returns the open connection that shows the relations, for whoever groups them next. It takes
    ``MEGABYTES`` whatever the county's size and puts what does not fit into the home.
    """
    connection = begin(snapshot.data_date, parameters)
    limit(connection, snapshot.folder.parents[1], megabytes=MEGABYTES)
    tables.show(connection, snapshot)
    queries = fact_sql(groups, parameters)
    told = [*queries.values(), *(level_sql(level, parameters) for level in OF_HOUSEHOLDS)]
    asked = [table for table in touched.used(told) if parts.HOUSEHOLD in table.arrow.names]
    found = touched.witnesses(connection, asked)
    (folder / touched.WITNESSES).write_text(json.dumps(found), "utf-8")
    for name, sql in queries.items():
        path, order = folder / f"{name}.parquet", RELATIONS[name]
        if name != BY_PARTS or not parts.write(connection, sql, order, path, found):
            write(connection, sql, order, path)
        show(connection, name, sql, path)
    return connection


def show(connection: duckdb.DuckDBPyConnection, name: str, sql: str, path: Path) -> None:
    """Let a connection show a relation's file with the types that its query gives.

    Parquet has no whole number as large as a sum's may be: the file has a fraction there.
    """
    typed = ", ".join(
        f"{column}::{kind} AS {column}"
        for column, kind, *_ in connection.execute(f"DESCRIBE {sql}").fetchall()
    )
    connection.execute(f"CREATE VIEW {name} AS SELECT {typed} FROM read_parquet({literal(path)})")


def write(connection: duckdb.DuckDBPyConnection, rows: str, order: str, path: Path) -> None:
    """Write the rows of a query as a Parquet file, in an order."""
    connection.execute(
        f"COPY (FROM ({rows}) ORDER BY {order}) TO {literal(path)} "
        "(FORMAT parquet, COMPRESSION zstd)"
    )
