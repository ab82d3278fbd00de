"""One rule, one subject, given facts: what the SQL answers. For cases, and for explanations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from rules.fact_queries import data_date, parameter_year
from rules.facts import fact_sql
from rules.parameters import Parameter, in_force
from rules.registry import Registry, Rule, answered, needed, program, registry
from store.county_folder import in_use, once_a_state
from store.schema import TABLES


def types_of(known: Registry, parameters: Mapping[str, Parameter]) -> dict[str, dict[str, str]]:
    """SQL type of every column of every fact relation, read off the queries over empty tables."""
    with empty_tables() as connection:
        connection.register("parameter_year", parameter_year(2025, parameters))
        connection.register("data_date", data_date(date(2025, 12, 31), parameters))
        found = {}
        for name, sql in fact_sql(known.groups, parameters, known).items():
            connection.execute(f"CREATE TABLE {name} AS {sql}")
            described = connection.execute(f"DESCRIBE {name}").fetchall()
            found[name] = {row[0]: row[1] for row in described}
    return found


@contextmanager
def empty_tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with every table of the schema, empty."""
    with duckdb.connect(":memory:") as connection:
        for table in TABLES:
            connection.from_arrow(table.arrow.empty_table()).create(table.name)
        yield connection


@once_a_state
def _all_types(home: Path | None) -> dict[str, dict[str, str]]:
    if registry() is program():
        return _program_types(frozenset(in_force()))
    return types_of(registry(), in_force())


@cache
def _program_types(thresholds: frozenset[str]) -> dict[str, dict[str, str]]:
    """Of every county without rules of its own: types hang on which thresholds there are, not on
    their values, and to read them off takes a second."""
    return types_of(program(), in_force())


def fact_types(relation: str = "household_fact") -> dict[str, str]:
    """SQL type of every column of a fact relation: facts, thresholds, answers of rules."""
    return _all_types(in_use())[relation]


def thresholds_in(year: int, parameters: Mapping[str, Parameter]) -> dict[str, float]:
    """The values in force in a year, those that are known."""
    held = {key: parameter.in_year(year) for key, parameter in parameters.items()}
    return {key: value.value for key, value in held.items() if value}


def judge(
    rule: Rule, facts: Mapping[str, Any], year: int, parameters: Mapping[str, Parameter]
) -> bool | None:
    """Whether a subject with these facts meets the rule in a year.

    Facts left out are unknown; thresholds are those in force in the year unless ``facts`` names
    them. Raises KeyError for a fact that does not exist.
    """
    types = fact_types(rule.relation)
    known = {k: v for k, v in thresholds_in(year, parameters).items() if k in types}
    known |= {"year": year, **facts}
    unknown = set(known) - set(types)
    if unknown:
        raise KeyError(f"{rule.key}: no such facts: {', '.join(sorted(unknown))}")
    layers = needed([rule])
    asked = {name for layer in layers for other in layer for name in other.names}
    asked -= {other.column for layer in layers for other in layer}
    columns = ", ".join(
        f"CAST(${name} AS {types[name]}) AS {name}"
        if name in known
        else f"CAST(NULL AS {types[name]}) AS {name}"
        for name in sorted(asked | {"year"})
    )
    used = {name: value for name, value in known.items() if name in asked | {"year"}}
    sql = f"SELECT {rule.column} FROM ({answered(f'SELECT {columns}', layers)})"
    [(answer,)] = duckdb.execute(sql, used).fetchall()
    return answer
